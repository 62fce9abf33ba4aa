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

static struct kernel_btf *open_btf(struct compiler *c, const char *module)
{
	const char *root = c->options->root ? c->options->root : "/";
	struct kernel_btf *k = arena_new(&c->arena, struct kernel_btf);
	struct btf_file *base = NULL;

	k->module = module ? arena_strdup(&c->arena, module) : NULL;
	if (module)
		base = kernel_btf_get(c, NULL, &k->err);
	if (!module || base)
		k->file = btf_file_open(root, module, base, &k->err);
	k->next = c->kernel_btf;
	c->kernel_btf = k;
	return k;
}

struct btf_file *kernel_btf_get(struct compiler *c, const char *module, int *err)
{
	struct kernel_btf *k = c->kernel_btf;

	while (k && !same_module(k->module, module))
		k = k->next;
	if (!k)
		k = open_btf(c, module);
	if (err)
		*err = k->err;
	return k->file;
}

// Modules were opened after vmlinux, which they refer to: they come first.
void kernel_btf_release(struct compiler *c)
{
	for (struct kernel_btf *k = c->kernel_btf; k; k = k->next)
		btf_file_close(k->file);
	c->kernel_btf = NULL;
}
