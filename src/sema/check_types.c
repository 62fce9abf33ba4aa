// check_types: what types mean to each other. Integer literals take the smallest signed type and
// whatever sign they meet; joins widen; mixed signs make a wider signed type; uint64 with a
// signed type makes int64, with a warning where the conversion happens.
#include <string.h>

#include "sema/check.h"

#define LITERAL(n)                                                                                 \
	{                                                                                          \
		.kind = TYPE_INT, .size = n, .align = n, .is_signed = true, .is_literal = true     \
	}
static struct type literal_int8 = LITERAL(1), literal_int16 = LITERAL(2),
		   literal_int32 = LITERAL(4), literal_int64 = LITERAL(8);
static struct type literal_uint64 = {
    .kind = TYPE_INT, .size = 8, .align = 8, .is_signed = false, .is_literal = true};

static struct type *literal_type(uint32_t size)
{
	switch (size) {
	case 1:
		return &literal_int8;
	case 2:
		return &literal_int16;
	case 4:
		return &literal_int32;
	default:
		return &literal_int64;
	}
}

static uint32_t signed_size(__int128 v)
{
	if (v >= INT8_MIN && v <= INT8_MAX)
		return 1;
	if (v >= INT16_MIN && v <= INT16_MAX)
		return 2;
	return v >= INT32_MIN && v <= INT32_MAX ? 4 : 8;
}

struct type *type_of_literal(const struct expr *e)
{
	__int128 v = expr_int_value(e);

	if (v < 0)
		return type_int(signed_size(v), true);
	return v > INT64_MAX ? &literal_uint64 : literal_type(signed_size(v));
}

bool type_known(const struct type *t)
{
	return t && t->kind != TYPE_NONE;
}

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

// The signed type for an unsigned one of `size` beside a signed one of `other`.
static uint32_t mixed_size(uint32_t size, uint32_t other)
{
	if (size < other)
		return other;
	return size < 8 ? size * 2 : 8;
}

static struct type *join_literal(struct type *lit, struct type *t)
{
	uint32_t size = larger(lit->size, t->size);

	if (t->is_literal) {
		if (lit == &literal_uint64 || t == &literal_uint64)
			return &literal_uint64;
		return literal_type(size);
	}
	if (lit == &literal_uint64 && t->is_signed)
		return NULL;
	return type_int(size, t->is_signed);
}

static struct type *join_ints(struct type *a, struct type *b)
{
	if (a->is_literal)
		return join_literal(a, b);
	if (b->is_literal)
		return join_literal(b, a);
	if (a->is_signed == b->is_signed)
		return type_int(larger(a->size, b->size), a->is_signed);
	return a->is_signed ? type_int(mixed_size(b->size, a->size), true)
			    : type_int(mixed_size(a->size, b->size), true);
}

static struct type *join_fields(struct checker *k, struct type *a, struct type *b)
{
	struct type **members = arena_array(k->arena, struct type *, a->field_count + 1);
	const char **names = NULL;

	if (a->field_count != b->field_count)
		return NULL;
	if (a->kind == TYPE_RECORD)
		names = arena_array(k->arena, const char *, a->field_count + 1);
	for (size_t i = 0; i < a->field_count; i++) {
		const struct type_field *f = type_find_member(b, a->fields[i].name, i);

		members[i] = f ? type_join(k, a->fields[i].type, f->type) : NULL;
		if (!members[i])
			return NULL;
		if (names)
			names[i] = a->fields[i].name;
	}
	return type_tuple(k->arena, members, names, a->field_count);
}

// Pointers to the same join, whatever memory they are known to point to; so do pointers to
// integers, to the one with the larger element: the result must not depend on the order of
// assignments.
static struct type *join_pointers(struct type *a, struct type *b)
{
	if (type_same_pointee(a, b))
		return a->space == SPACE_NONE ? b : a;
	if (a->elem->kind != TYPE_INT || b->elem->kind != TYPE_INT)
		return NULL;
	return b->elem->size > a->elem->size ? b : a;
}

// The same aggregation of other integers.
static struct type *aggregation_of(struct checker *k, const struct type *t, struct type *elem)
{
	struct type *copy;

	if (t->kind != TYPE_TSERIES)
		return aggregation_type(k, t->kind, elem);
	copy = type_make(k->arena, t->kind, t->size, t->align);
	*copy = *t;
	copy->elem = elem;
	copy->is_signed = elem->is_signed;
	return copy;
}

static struct type *join_aggregations(struct checker *k, struct type *a, struct type *b)
{
	struct type *elem;

	if (!a->elem)
		return a; // count; hist and lhist: their bounds are compared by check_agg.c
	elem = type_join(k, a->elem, b->elem);
	return elem ? aggregation_of(k, a, elem) : NULL;
}

// Equal in everything a join looks at, also what is not final yet.
static bool same_stage(const struct type *a, const struct type *b)
{
	if (!type_equal(a, b) || a->is_literal != b->is_literal)
		return false;
	if (type_is_aggregation(a) && a->elem)
		return same_stage(a->elem, b->elem);
	for (size_t i = 0; i < a->field_count; i++)
		if (!same_stage(a->fields[i].type, b->fields[i].type))
			return false;
	return true;
}

// A map that holds both func and ksym() or usym() holds symbols.
static struct type *join_symbols(struct type *a, struct type *b)
{
	if (a->kind == TYPE_FUNC && (b->kind == TYPE_KSYM || b->kind == TYPE_USYM))
		return b;
	if (b->kind == TYPE_FUNC && (a->kind == TYPE_KSYM || a->kind == TYPE_USYM))
		return a;
	return NULL;
}

// Names beside strings, or beside names of another sort, are strings.
static struct type *join_kinds(struct checker *k, struct type *a, struct type *b)
{
	struct type *x = a->kind == TYPE_STRING ? a : name_string_type(k, a);
	struct type *y = b->kind == TYPE_STRING ? b : name_string_type(k, b);

	if (!x || !y)
		return join_symbols(a, b);
	return x->size >= y->size ? x : y;
}

static struct type *join_distinct(struct checker *k, struct type *a, struct type *b)
{
	if ((a->kind == TYPE_INT || a->kind == TYPE_ENUM) &&
	    (b->kind == TYPE_INT || b->kind == TYPE_ENUM))
		return join_ints(a, b);
	if (a->kind != b->kind)
		return join_kinds(k, a, b);
	switch (a->kind) {
	case TYPE_STRING:
		return a->size >= b->size ? a : b;
	case TYPE_BUFFER:
		return a->count >= b->count ? a : b;
	case TYPE_TUPLE:
	case TYPE_RECORD:
		return join_fields(k, a, b);
	case TYPE_POINTER:
		return join_pointers(a, b);
	default:
		if (type_is_aggregation(a))
			return join_aggregations(k, a, b);
		return type_equal(a, b) ? a : NULL;
	}
}

struct type *type_join(struct checker *k, struct type *a, struct type *b)
{
	struct type *joined;

	if (!type_known(a))
		return b ? b : &type_none;
	if (!type_known(b) || a == b || same_stage(a, b))
		return a;
	joined = join_distinct(k, a, b);
	if (joined && same_stage(joined, a))
		return a; // callers see by the pointer that nothing grew
	return joined;
}

struct type *aggregation_type(struct checker *k, enum type_kind kind, struct type *elem)
{
	uint32_t size = kind == TYPE_SUM ? 8 : kind == TYPE_STATS ? 32 : 16;
	struct type *t = type_make(k->arena, kind, size, 8);

	t->elem = elem;
	t->is_signed = elem->is_signed;
	return t;
}

bool type_is_castable_aggregation(const struct type *t)
{
	return t->kind >= TYPE_COUNT && t->kind <= TYPE_AVG;
}

struct type *aggregation_value_type(const struct type *t)
{
	return t->kind == TYPE_COUNT || !t->is_signed ? &type_uint64 : &type_int64;
}

static struct type *settle_fields(struct checker *k, struct type *t)
{
	struct type **members = arena_array(k->arena, struct type *, t->field_count + 1);
	const char **names = NULL;

	if (t->kind == TYPE_RECORD)
		names = arena_array(k->arena, const char *, t->field_count + 1);
	for (size_t i = 0; i < t->field_count; i++) {
		members[i] = type_settle(k, t->fields[i].type);
		if (names)
			names[i] = t->fields[i].name;
	}
	return type_tuple(k->arena, members, names, t->field_count);
}

struct type *type_settle(struct checker *k, struct type *t)
{
	if (t->kind == TYPE_INT && t->is_literal)
		return type_int(t->size, t->is_signed);
	if (t->kind == TYPE_TUPLE || t->kind == TYPE_RECORD)
		return settle_fields(k, t);
	if (type_is_aggregation(t) && t->elem)
		return aggregation_of(k, t, type_int(8, t->elem->is_signed));
	return t;
}

// ---- conversions ---------------------------------------------------------------------

// An integer literal takes the type itself: its bits, cut to size, extended to 64.
static void retype_literal(struct expr *e, struct type *to)
{
	uint64_t v = e->u.integer.value;

	if (to->kind == TYPE_BOOL) {
		expr_set_bool(e, v != 0);
		return;
	}
	if (to->size < 8) {
		unsigned shift = 64 - 8 * to->size;

		v = to->is_signed ? (uint64_t)((int64_t)(v << shift) >> shift)
				  : v << shift >> shift;
	}
	e->u.integer.value = v;
	e->u.integer.is_negative = to->is_signed && (int64_t)v < 0;
	e->type = to;
}

static void wrap_cast(struct checker *k, struct expr **slot, struct type *to)
{
	struct expr *cast = expr_new(k->arena, EXPR_CAST, (*slot)->span);

	cast->type = to;
	cast->u.cast.operand = *slot;
	cast->u.cast.implicit = true;
	*slot = cast;
}

static bool loses_value(const struct type *from, const struct type *to)
{
	if (from->kind != TYPE_INT || to->kind != TYPE_INT || from->is_literal)
		return false;
	if (to->size < from->size)
		return true;
	return to->size == 8 && from->size == 8 && from->is_signed != to->is_signed;
}

static bool changes_sign(const struct type *from, const struct type *to)
{
	if (from->kind != TYPE_INT || to->kind != TYPE_INT || from->is_literal)
		return false;
	return from->is_signed != to->is_signed && (from->is_signed || to->size <= from->size);
}

// A tuple literal converts member by member, so that its constants stay constants.
static bool convert_members(struct checker *k, struct expr *e, struct type *to)
{
	if (e->kind == EXPR_TUPLE) {
		for (size_t i = 0; i < e->u.tuple.items.len; i++)
			convert(k, &e->u.tuple.items.data[i], to->fields[i].type);
	} else if (e->kind == EXPR_RECORD) {
		for (size_t i = 0; i < e->u.record.items.len; i++) {
			struct field_init *f = &e->u.record.items.data[i];

			convert(k, &f->value, type_find_field(to, f->name)->type);
		}
	} else {
		return false;
	}
	e->type = to;
	return true;
}

void convert_quietly(struct checker *k, struct expr **slot, struct type *to)
{
	struct expr *e = *slot;

	if (!k->final || !type_known(e->type) || !type_known(to) || e->type == to)
		return;
	if (e->kind == EXPR_INT && type_is_int(to)) {
		retype_literal(e, to);
		return;
	}
	if ((to->kind == TYPE_TUPLE || to->kind == TYPE_RECORD) && convert_members(k, e, to))
		return;
	if (type_equal(e->type, to)) {
		e->type = to;
		return;
	}
	wrap_cast(k, slot, to);
}

// The number of an aggregation, which takes the type that it meets.
static bool is_sum(const struct expr *e)
{
	return e->kind == EXPR_CAST && e->u.cast.implicit &&
	       type_is_aggregation(e->u.cast.operand->type);
}

static void warn_cast(struct checker *k, const struct expr *e, const struct type *to)
{
	check_warn(k, check_place(e), "implicit-cast",
		   "Expression of type: %s being cast to type: %s. This may cause unexpected "
		   "results. Use an explicit cast to suppress this warning.",
		   check_type_name(k, e->type), check_type_name(k, to));
}

void convert(struct checker *k, struct expr **slot, struct type *to)
{
	const struct expr *e = *slot;

	if (k->final && type_known(e->type) && !is_sum(e) && loses_value(e->type, to))
		warn_cast(k, e, to);
	convert_quietly(k, slot, to);
}

void convert_declared(struct checker *k, struct expr **slot, struct type *to)
{
	const struct expr *e = *slot;

	if (k->final && type_known(e->type) && !is_sum(e) &&
	    (loses_value(e->type, to) || changes_sign(e->type, to)))
		warn_cast(k, e, to);
	convert_quietly(k, slot, to);
}

void convert_to_bool(struct checker *k, struct expr **slot)
{
	if (type_known((*slot)->type) && (*slot)->type->kind != TYPE_BOOL)
		convert_quietly(k, slot, &type_bool);
}
