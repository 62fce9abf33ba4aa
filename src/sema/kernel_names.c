// kernel_names: /proc/kallsyms, read when a script first asks for an address and kept for the
// rest of its compilation.
#include "sema/kernel_names.h"

#include "sys/kernel_funcs.h"

static struct kallsyms *names(struct compiler *c)
{
	if (!c->kallsyms)
		c->kallsyms = kallsyms_new(c->options->root ? c->options->root : "/");
	return c->kallsyms;
}

bool kernel_address(struct compiler *c, const char *name, uint64_t *address)
{
	return names(c) && kallsyms_address(c->kallsyms, name, address);
}

const char *kernel_symbol(struct compiler *c, uint64_t address)
{
	uint64_t offset;
	const char *module, *name = NULL;

	if (names(c))
		name = kallsyms_lookup(c->kallsyms, address, &offset, &module);
	return name ? arena_strdup(&c->arena, name) : NULL;
}

void kernel_names_release(struct compiler *c)
{
	if (c->kallsyms)
		kallsyms_free(c->kallsyms);
	c->kallsyms = NULL;
}
