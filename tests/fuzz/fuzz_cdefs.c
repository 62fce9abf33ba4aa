// fuzz_cdefs: any bytes are a script with C in it; the reader must end, with or without errors,
// its types must hang together and every macro must expand or be refused. There is no kernel,
// no system header and no libclang here: what is fuzzed is our own reader. Run by tests/fuzz/run.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "parser/parser.h"
#include "sema/btf_type.h"
#include "sema/cdefs_private.h"
#include "sema/check.h"
#include "sema/kernel_btf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return setenv("MTRACE_LIBCLANG", "", 1);
}

struct btf_file *kernel_btf_get(struct compiler *c, const char *module, int *err)
{
	return NULL;
}

struct btf_source *btf_source_get(struct compiler *c, const char *module, int *err)
{
	return NULL;
}

struct type *check_named_type(const char *name)
{
	return strcmp(name, "u32") ? NULL : &type_uint32;
}

static void check_type(const struct type *t)
{
	if (t->size > C_MAX_TYPE_SIZE)
		abort();
	for (size_t i = 0; i < t->field_count; i++) {
		const struct type_field *f = &t->fields[i];

		if (!f->name || !f->type || f->offset > t->size)
			abort();
		if (!f->bit_size && f->offset + (uint64_t)f->type->size > t->size)
			abort();
	}
}

static void use_macro(struct compiler *c, const char *name)
{
	struct cdefs_use use = {.name = name};

	if (!cdefs_macro(c, &use))
		return;
	if (!use.value && !use.problem)
		abort();
	if (use.value)
		cdefs_macro_done(c, &use);
}

static void look(struct compiler *c)
{
	struct cdefs *d = c->cdefs;

	for (size_t i = 0; i < d->tags.count; i++)
		if (d->tags.slots[i].name)
			check_type(((struct c_tag *)d->tags.slots[i].value)->type);
	for (size_t i = 0; i < d->macros.count && i < 4096; i++)
		if (d->macros.slots[i].name)
			use_macro(c, d->macros.slots[i].name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct compile_options options = {.root = "/nonexistent"};
	struct compiler c = {.options = &options};
	const struct source *src;
	FILE *sink;

	c.sources.arena = c.diag.arena = &c.arena;
	c.diag.sources = &c.sources;
	src = sources_add(&c.sources, "/nonexistent/stdin", (const char *)data, size);
	parse_source(&c.arena, src, &c.diag, &c.ast);
	if (sema_cdefs(&c) && c.cdefs && diag_failed(&c.diag) && !c.diag.error_count)
		abort();
	if (c.cdefs)
		look(&c);
	sink = fmemopen(NULL, 1 << 20, "w");
	if (sink) {
		diag_flush(&c.diag, sink, false);
		fclose(sink);
	}
	cdefs_release(&c);
	arena_release(&c.arena);
	return 0;
}
