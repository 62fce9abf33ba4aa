// name_text: the text of a name that travels as a number (of a probe, an error, a signal, a
// system call), copied from a table that the program carries. In: the number; out: a string.
#include <string.h>

#include "codegen/cg.h"

// Of the script's targets, which are known to the last only here.
static struct name_table probe_names(struct cg *cg)
{
	const struct program *p = cg->p;
	struct name_table t = {.count = (uint32_t)p->targets.len, .width = 1};
	char *rows;

	for (size_t i = 0; i < p->targets.len; i++) {
		uint32_t n = (uint32_t)strlen(p->targets.data[i]->probe) + 1;

		t.width = n > t.width ? n : t.width;
	}
	t.rows = rows = arena_alloc(p->arena, (size_t)(t.count + 1) * t.width);
	memset(rows, 0, (size_t)(t.count + 1) * t.width);
	for (size_t i = 0; i < p->targets.len; i++)
		strcpy(rows + i * t.width, p->targets.data[i]->probe);
	return t;
}

static struct name_table names_of(struct cg *cg, const struct type *name, const char **map)
{
	switch (name->kind) {
	case TYPE_PROBE:
		*map = "mt_probes";
		return probe_names(cg);
	case TYPE_STRERROR:
		*map = "mt_errnos";
		return cg->p->errnos;
	case TYPE_SIGNAL:
		*map = "mt_signals";
		return cg->p->signals;
	case TYPE_SYSCALL:
		*map = "mt_syscalls";
		return cg->p->syscalls;
	default:
		bug("no names of type kind %d", name->kind);
	}
}

static const struct map_def *table_map(struct cg *cg, const struct name_table *t, const char *name)
{
	const struct program *p = cg->p;
	uint32_t size = (t->count + 1) * t->width;
	struct map_def *m;
	char *bytes;

	for (size_t i = 0; i < p->maps.len; i++)
		if (p->maps.data[i]->role == MAP_TABLE && !strcmp(p->maps.data[i]->name, name))
			return p->maps.data[i];
	m = program_add_map(cg->p, MAP_TABLE, name);
	m->bpf_kind = BPF_MAP_KIND_ARRAY;
	m->key_size = 4;
	m->value_size = (size + 7) & ~7u;
	m->max_entries = 1;
	m->initial = bytes = arena_alloc(p->arena, m->value_size);
	memset(bytes, 0, m->value_size);
	memcpy(bytes, t->rows, size);
	return m;
}

// Errors come as helpers give them, too: negative.
static LLVMValueRef row_of(struct cg *cg, const struct type *name, LLVMValueRef id, uint32_t count)
{
	LLVMValueRef v, negated;

	id = arith_resize(cg, id, 8, name->kind == TYPE_STRERROR);
	if (name->kind == TYPE_STRERROR) {
		negated = LLVMBuildNeg(cg->b, id, "negated");
		v = LLVMBuildICmp(cg->b, LLVMIntSLT, id, k64(cg, 0), "negative");
		id = LLVMBuildSelect(cg->b, v, negated, id, "errno");
	}
	id = opaque(cg, id);
	v = LLVMBuildICmp(cg->b, LLVMIntULT, id, k64(cg, count), "known");
	id = LLVMBuildSelect(cg->b, v, id, k64(cg, count), "row");
	return opaque(cg, id); // or the product is made before its factor is known to be small
}

void name_text_into(struct cg *cg, struct value name, LLVMValueRef dst, uint32_t size, bool clean)
{
	const char *map;
	struct name_table t = names_of(cg, name.type, &map);
	LLVMValueRef table = map_first_value(cg, table_map(cg, &t, map)), v;

	v = row_of(cg, name.type, name.v, t.count);
	v = LLVMBuildMul(cg->b, v, k64(cg, t.width), "row");
	table = LLVMBuildGEP2(cg->b, cg->i8, table, &v, 1, "row");
	string_copy(cg, dst, size, table, t.width, clean);
}
