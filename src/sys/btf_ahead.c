// btf_ahead.c: see btf_ahead.h. Enters: a root. Leaves: an open file. Refuses what btf_file_open
// refuses.
#include "sys/btf_ahead.h"

static void *open_file(void *arg)
{
	struct btf_ahead *a = arg;

	a->file = btf_file_open(a->root, NULL, NULL, &a->err);
	if (a->file)
		btf_index(a->file, BTF_TAG_FUNC);
	return NULL;
}

void btf_ahead_start(struct btf_ahead *a, const char *root)
{
	*a = (struct btf_ahead){.root = root};
	a->started = thread_start(&a->thread, open_file, a);
}

struct btf_file *btf_ahead_finish(struct btf_ahead *a)
{
	if (a->started)
		pthread_join(a->thread, NULL);
	else
		open_file(a);
	return a->file;
}
