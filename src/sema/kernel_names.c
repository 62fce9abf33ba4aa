// kernel_names: /proc/kallsyms, read when a script first asks for an address and kept for the
// rest of its compilation.
#include "sema/kernel_names.h"

#include "sys/kernel_funcs.h"

bool kernel_address(struct compiler *c, const char *name, uint64_t *address)
{
	if (!c->kallsyms)
		c->kallsyms = kallsyms_new(c->options->root ? c->options->root : "/");
	return c->kallsyms && kallsyms_address(c->kallsyms, name, address);
}

void kernel_names_release(struct compiler *c)
{
	if (c->kallsyms)
		kallsyms_free(c->kallsyms);
	c->kallsyms = NULL;
}
