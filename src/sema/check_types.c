// check_types: what types mean to each other. Integer literals take the smallest signed type and
// whatever sign they meet; joins widen; mixed signs make a wider signed type; uint64 with a
// signed type makes int64, with a warning where the conversion happens.
#include <string.h>

#include "base/cleanup.h"
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

static struct type *join_distinct(struct checker *k, struct type *a, struct type *b)
{
	if ((a->kind == TYPE_INT || a->kind == TYPE_ENUM) &&
	    (b->kind == TYPE_INT || b->kind == TYPE_ENUM))
		return join_ints(a, b);
	if (a->kind == TYPE_PROBE && b->kind == TYPE_STRING)
		return join_distinct(k, probe_string_type(k), b);
	if (b->kind == TYPE_PROBE && a->kind == TYPE_STRING)
		return join_distinct(k, a, probe_string_type(k));
	if (a->kind != b->kind)
		return join_symbols(a, b);
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

void convert(struct checker *k, struct expr **slot, struct type *to)
{
	struct expr *e = *slot;

	if (k->final && type_known(e->type) && !is_sum(e) && loses_value(e->type, to))
		check_warn(k, e->span, "implicit-cast",
			   "Expression of type: %s being cast to type: %s. This may cause "
			   "unexpected results. Use an explicit cast to suppress this warning.",
			   check_type_name(k, e->type), check_type_name(k, to));
	convert_quietly(k, slot, to);
}

void convert_to_bool(struct checker *k, struct expr **slot)
{
	if (type_known((*slot)->type) && (*slot)->type->kind != TYPE_BOOL)
		convert_quietly(k, slot, &type_bool);
}

// ---- types as written ------------------------------------------------------------------

static const struct {
	const char *name;
	struct type *type;
} named_types[] = {
    {"void", &type_void},
    {"bool", &type_bool},
    {"int8", &type_int8},
    {"int16", &type_int16},
    {"int32", &type_int32},
    {"int64", &type_int64},
    {"uint8", &type_uint8},
    {"uint16", &type_uint16},
    {"uint32", &type_uint32},
    {"uint64", &type_uint64},
    {"char", &type_int8},
    {"signed char", &type_int8},
    {"unsigned char", &type_uint8},
    {"short", &type_int16},
    {"unsigned short", &type_uint16},
    {"int", &type_int32},
    {"signed", &type_int32},
    {"unsigned", &type_uint32},
    {"unsigned int", &type_uint32},
    {"long", &type_int64},
    {"unsigned long", &type_uint64},
    {"long long", &type_int64},
    {"unsigned long long", &type_uint64},
    {"size_t", &type_uint64},
    {"ssize_t", &type_int64},
    {"uintptr_t", &type_uint64},
    {"intptr_t", &type_int64},
    {"off_t", &type_int64},
    {"pid_t", &type_int32},
    {"int8_t", &type_int8},
    {"int16_t", &type_int16},
    {"int32_t", &type_int32},
    {"int64_t", &type_int64},
    {"uint8_t", &type_uint8},
    {"uint16_t", &type_uint16},
    {"uint32_t", &type_uint32},
    {"uint64_t", &type_uint64},
    {"s8", &type_int8},
    {"s16", &type_int16},
    {"s32", &type_int32},
    {"s64", &type_int64},
    {"u8", &type_uint8},
    {"u16", &type_uint16},
    {"u32", &type_uint32},
    {"u64", &type_uint64},
    {"__s8", &type_int8},
    {"__s16", &type_int16},
    {"__s32", &type_int32},
    {"__s64", &type_int64},
    {"__u8", &type_uint8},
    {"__u16", &type_uint16},
    {"__u32", &type_uint32},
    {"__u64", &type_uint64},
};

// The integers of the language and of C, by every name; NULL: it is none.
struct type *check_named_type(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(named_types); i++)
		if (strcmp(named_types[i].name, name) == 0)
			return named_types[i].type;
	return NULL;
}

bool type_expr_is_type(struct checker *k, const struct type_expr *te)
{
	unsigned arg;

	if (te->kind != TYPE_EXPR_NAME)
		return true;
	if (check_named_type(te->name) || strcmp(te->name, "string") == 0)
		return true;
	return builtin_find(te->name, &arg) < 0 && check_bare_type(k, te->name);
}

static struct type *resolve_name(struct checker *k, struct type_expr *te)
{
	struct type *t = check_named_type(te->name);

	if (t)
		return t;
	if (strcmp(te->name, "string") == 0) // without a size: as large as what it is given
		return type_string(k->arena, 0);
	return check_kernel_type(k, te);
}

// -1 after an error.
static int64_t resolve_length(struct checker *k, struct type_expr *te)
{
	if (!te->expr) {
		check_error(k, te->span, "bad-type", "An array type needs a length here");
		return -1;
	}
	check_expr(k, &te->expr);
	if (te->expr->kind != EXPR_INT || te->expr->u.integer.is_negative ||
	    te->expr->u.integer.value > 1u << 20) {
		check_error(k, te->span, "bad-type",
			    "The length of an array type must be a constant from 0 to 1048576");
		return -1;
	}
	return (int64_t)te->expr->u.integer.value;
}

static struct type *resolve_array(struct checker *k, struct type_expr *te)
{
	int64_t n = resolve_length(k, te);
	struct type *elem;

	if (n < 0)
		return NULL;
	if (te->elem->kind == TYPE_EXPR_NAME && strcmp(te->elem->name, "string") == 0)
		return type_string(k->arena, (uint32_t)n);
	if (te->elem->kind == TYPE_EXPR_NAME && strcmp(te->elem->name, "buffer") == 0)
		return type_buffer(k->arena, (uint32_t)n);
	elem = resolve_type(k, te->elem);
	if (!elem)
		return NULL;
	if (!elem->size) {
		check_error(k, te->span, "bad-type", "Elements of type '%s' have no size",
			    check_type_name(k, elem));
		return NULL;
	}
	return type_array(k->arena, elem, (uint32_t)n);
}

static struct type *resolve_tuple(struct checker *k, struct type_expr *te)
{
	struct type **members = arena_array(k->arena, struct type *, te->members.len + 1);

	for (size_t i = 0; i < te->members.len; i++) {
		members[i] = resolve_type(k, te->members.data[i]);
		if (!members[i])
			return NULL;
	}
	return type_tuple(k->arena, members, NULL, te->members.len);
}

struct type *resolve_type(struct checker *k, struct type_expr *te)
{
	struct type *t;

	switch (te->kind) {
	case TYPE_EXPR_NAME:
		return resolve_name(k, te);
	case TYPE_EXPR_ARRAY:
		return resolve_array(k, te);
	case TYPE_EXPR_TUPLE:
		return resolve_tuple(k, te);
	case TYPE_EXPR_POINTER:
		t = resolve_type(k, te->elem);
		return t ? type_pointer(k->arena, t, SPACE_NONE) : NULL;
	case TYPE_EXPR_TYPEOF:
		if (te->elem)
			return resolve_type(k, te->elem);
		t = check_value(k, &te->expr);
		return type_known(t) ? type_settle(k, t) : NULL;
	default:
		return check_kernel_type(k, te);
	}
}
