// check_typeinfo: typeinfo(x) is a record of literals that says what type x has; conditions at
// compile time may compare its texts.
#include <string.h>

#include "sema/check.h"

#define MEMBERS 3 // of a typeinfo(): btf_id, base_type, full_type

static const char *base_name(const struct type *t)
{
	switch (t->kind) {
	case TYPE_ENUM:
		return "enum";
	case TYPE_KSYM:
		return "ksym_t";
	case TYPE_USYM:
		return "usym_t";
	case TYPE_INET:
		return "inet";
	case TYPE_MAC:
		return "mac_address";
	case TYPE_TIMESTAMP:
		return "timestamp";
	case TYPE_USERNAME:
		return "username";
	case TYPE_CGROUP_PATH:
		return "cgroup_path_t";
	default:
		return type_kind_name(t);
	}
}

static struct type *queried(struct checker *k, struct expr *e)
{
	if (e->u.type_query.of_type)
		return resolve_type(k, e->u.type_query.of_type);
	return check_type_only(k, &e->u.type_query.of_expr);
}

static void add_member(struct checker *k, struct expr *record, const char *name, const char *text,
		       uint64_t number)
{
	struct field_init f = {.name = name, .span = record->span};

	if (text) {
		f.value = expr_new(k->arena, EXPR_STRING, record->span);
		expr_set_string(k, f.value, text, strlen(text));
	} else {
		f.value = expr_int(k->arena, record->span, number);
	}
	arena_push(k->arena, &record->u.record.items, f);
}

// The record that stands for the question; NULL while the type is not known.
static struct expr *answer(struct checker *k, struct expr *e)
{
	const struct type *t = queried(k, e);
	struct expr *record;

	if (!t || !type_known(t))
		return NULL;
	record = expr_new(k->arena, EXPR_RECORD, e->span);
	add_member(k, record, "btf_id", NULL, t->btf_id);
	add_member(k, record, "base_type", base_name(t), 0);
	add_member(k, record, "full_type", check_type_name(k, t), 0);
	return record;
}

struct type *check_typeinfo(struct checker *k, struct expr **slot)
{
	enum unstable_setting set = k->program->config.unstable_typeinfo;
	bool enabled = check_unstable(k, (*slot)->span, set, "typeinfo", "typeinfo");
	struct expr *record = enabled ? answer(k, *slot) : NULL;
	struct type *t;

	if (!record)
		return &type_none;
	t = check_expr(k, &record);
	if (k->final)
		*slot = record;
	return t;
}

// NULL: e is no typeinfo(), or is of a type that is not known yet.
static const struct expr *typeinfo_record(struct checker *k, struct expr *e)
{
	while (e->kind == EXPR_COMPTIME || (e->kind == EXPR_CAST && e->u.cast.implicit))
		e = e->kind == EXPR_COMPTIME ? e->u.comptime.operand : e->u.cast.operand;
	if (e->kind == EXPR_TYPEINFO)
		return answer(k, e);
	return e->kind == EXPR_RECORD && e->u.record.items.len == MEMBERS ? e : NULL;
}

// One of each kind, in the order in which answer() made them.
static bool same_member(const struct expr *a, const struct expr *b)
{
	if (a->kind != b->kind)
		return false;
	return a->kind == EXPR_STRING ? strcmp(a->u.string.data, b->u.string.data) == 0
				      : a->kind == EXPR_INT && expr_int_value(a) == expr_int_value(b);
}

int typeinfo_equal(struct checker *k, struct expr *l, struct expr *r)
{
	const struct expr *a = typeinfo_record(k, l), *b = a ? typeinfo_record(k, r) : NULL;

	if (!b)
		return -1;
	for (size_t i = 0; i < MEMBERS; i++)
		if (!same_member(a->u.record.items.data[i].value, b->u.record.items.data[i].value))
			return 0;
	return 1;
}

// The text of a literal, or of a member of typeinfo(); NULL: not known at compile time.
const char *const_text(struct checker *k, struct expr *e)
{
	const struct expr *record = NULL;

	if (e->kind == EXPR_COMPTIME)
		return const_text(k, e->u.comptime.operand);
	if (e->kind == EXPR_CAST && e->u.cast.implicit)
		return const_text(k, e->u.cast.operand);
	if (e->kind == EXPR_STRING)
		return e->u.string.data;
	if (e->kind == EXPR_FIELD && e->u.field.object->kind == EXPR_TYPEINFO)
		record = answer(k, e->u.field.object);
	else if (e->kind == EXPR_FIELD && e->u.field.object->kind == EXPR_RECORD)
		record = e->u.field.object;
	for (size_t i = 0; record && i < record->u.record.items.len; i++) {
		const struct field_init *f = &record->u.record.items.data[i];

		if (!strcmp(f->name, e->u.field.name) && f->value->kind == EXPR_STRING)
			return f->value->u.string.data;
	}
	return NULL;
}
