// kernel_btf.c: BTF of vmlinux and of modules, each opened at most once per compilation.
//
// Enters: a module's name, or none. Leaves: an open file, or the errno of the one attempt to
// open it. Refuses nothing by itself: who asks knows what it means.
#include "sema/kernel_btf.h"

#include <string.h>

struct kernel_btf {
	struct kernel_btf *next;
	const char *module; // NULL: vmlinux
	struct btf_file *file;
	int err;
};

static bool same_module(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static const char *root_of(const struct compiler *c)
{
	return c->options->root ? c->options->root : "/";
}

static struct kernel_btf *find_btf(struct compiler *c, const char *module)
{
	struct kernel_btf *k = c->kernel_btf;

	while (k && !same_module(k->module, module))
		k = k->next;
	return k;
}

static struct kernel_btf *open_btf(struct compiler *c, const char *module)
{
	struct kernel_btf *k = arena_new(&c->arena, struct kernel_btf);
	struct btf_file *base = NULL;

	k->module = module ? arena_strdup(&c->arena, module) : NULL;
	if (module)
		base = kernel_btf_get(c, NULL, &k->err);
	if (!module || base)
		k->file = btf_file_open(root_of(c), module, base, &k->err);
	k->next = c->kernel_btf;
	c->kernel_btf = k;
	return k;
}

struct btf_file *kernel_btf_get(struct compiler *c, const char *module, int *err)
{
	struct kernel_btf *k = find_btf(c, module);

	if (!k)
		k = open_btf(c, module);
	if (err)
		*err = k->err;
	return k->file;
}

void kernel_btf_start(struct compiler *c, struct kernel_btf_ahead *a)
{
	a->started = !find_btf(c, NULL);
	if (a->started)
		btf_ahead_start(&a->file, root_of(c));
}

void kernel_btf_finish(struct compiler *c, struct kernel_btf_ahead *a)
{
	if (!a->started)
		return;
	struct kernel_btf *k = arena_new(&c->arena, struct kernel_btf);
	k->file = btf_ahead_finish(&a->file);
	k->err = a->file.err;
	k->next = c->kernel_btf;
	c->kernel_btf = k;
}

// Modules were opened after vmlinux, which they refer to: they come first.
void kernel_btf_release(struct compiler *c)
{
	for (struct kernel_btf *k = c->kernel_btf; k; k = k->next)
		btf_file_close(k->file);
	c->kernel_btf = NULL;
}
