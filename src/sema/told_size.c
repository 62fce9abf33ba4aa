// told_size: sizeof() and the sizes within messages. Scripts know bpftrace's layouts; ours hold
// less (a stack is an id, a histogram one entry). In: a type; out: the bytes that bpftrace
// counts for it. Nothing is laid out by these numbers.
#include "sema/check.h"

static uint32_t told_align(const struct type *t)
{
	switch (t->kind) {
	case TYPE_STRUCT:
		return 8;
	case TYPE_ARRAY:
		return told_align(t->elem);
	case TYPE_BUFFER:
	case TYPE_USYM:
	case TYPE_TIMESTAMP:
	case TYPE_INET:
		return 1;
	case TYPE_KSTACK:
	case TYPE_USTACK:
		return 8;
	default:
		return t->align ? t->align : 1;
	}
}

static uint32_t round_up(uint32_t n, uint32_t align)
{
	return (n + align - 1) / align * align;
}

static uint32_t told_fields(const struct checker *k, const struct type *t, uint32_t *align)
{
	uint32_t end = 0;

	*align = 1;
	for (size_t i = 0; i < t->field_count; i++) {
		const struct type *member = t->fields[i].type;
		bool is_nested = member->kind == TYPE_TUPLE || member->kind == TYPE_RECORD;
		uint32_t own = told_align(member), size;

		size = is_nested ? told_fields(k, member, &own) : type_told_size(k, member);
		end = round_up(end, own) + size;
		if (own > *align)
			*align = own;
	}
	return round_up(end, *align);
}

// str(p) has no byte for its NUL, an array of char has one more; a user stack has a longer head.
uint32_t type_told_size(const struct checker *k, const struct type *t)
{
	uint32_t align;

	switch (t->kind) {
	case TYPE_STRING:
		if (t->may_fill)
			return t->size + 1;
		return t->size == k->program->config.max_strlen + 1 ? t->size - 1 : t->size;
	case TYPE_KSTACK:
		return 8 + 8 * t->count;
	case TYPE_USTACK:
		return 16 + 8 * t->count;
	case TYPE_TUPLE:
	case TYPE_RECORD:
		return told_fields(k, t, &align);
	default:
		return type_is_aggregation(t) ? 8 : t->size;
	}
}
