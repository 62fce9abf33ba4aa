// check_cast: written casts, and what is asked about types at compile time (sizeof, offsetof,
// the truth of a comptime condition).
#include <string.h>

#include "sema/check.h"

// `(int8)` of `(int8)x`
static struct span cast_span(const struct expr *e)
{
	return (struct span){e->span.begin, e->u.cast.to->span.end + 1};
}

struct span check_place(const struct expr *e)
{
	return e->kind == EXPR_CAST && e->u.cast.to ? cast_span(e) : e->span;
}

static void bad_cast(struct checker *k, struct expr *e, const struct type *from,
		     const struct type *to)
{
	check_error(k, cast_span(e), "bad-cast", "Cannot cast from \"%s\" to \"%s\"",
		    check_type_name(k, from),
		    to->kind == TYPE_STRING && !to->size ? "string" : check_type_name(k, to));
}

static bool is_int_array(const struct type *t)
{
	return t->kind == TYPE_ARRAY && type_is_int(t->elem);
}

// An integer's bytes, with zeros after them: within 8 bytes, or exactly.
static bool int_fits_array(const struct type *from, const struct type *to)
{
	if (to->size <= 8)
		return from->size <= to->size || from->is_literal;
	return from->size == to->size;
}

static bool cast_allowed(const struct type *from, const struct type *to)
{
	bool number = type_is_int(from) || from->kind == TYPE_POINTER;

	switch (to->kind) {
	case TYPE_BOOL:
		return number || from->kind == TYPE_STRING;
	case TYPE_INT:
		return number || (is_int_array(from) && from->size == to->size);
	case TYPE_ARRAY:
		return type_equal(from, to) ||
		       (from->kind == TYPE_STRING && is_int_array(to) && from->size == to->size) ||
		       (from->kind == TYPE_INT && is_int_array(to) && int_fits_array(from, to));
	case TYPE_ENUM:
		return number;
	case TYPE_POINTER:
		return from->kind == TYPE_INT || from->kind == TYPE_POINTER ||
		       from->kind == TYPE_STRING; // the place where the text is
	case TYPE_STRING:
		return from->kind == TYPE_STRING && to->size >= from->size; // `string` has none
	case TYPE_BUFFER:
		return from->kind == TYPE_BUFFER && to->count >= from->count;
	default:
		return type_equal(from, to);
	}
}

// (bool)text: is it not empty?
static void string_to_bool(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot, *operand = e->u.cast.operand;
	struct expr *empty = expr_new(k->arena, EXPR_STRING, e->span);

	expr_set_string(k, empty, "", 0);
	e->kind = EXPR_BINARY;
	e->u.binary.op = BIN_NE;
	e->u.binary.op_span = e->span;
	e->u.binary.left = operand;
	e->u.binary.right = empty;
}

// A constant under a cast is a constant of that type.
static bool cast_constant(struct checker *k, struct expr **slot, struct type *to)
{
	struct expr *operand = (*slot)->u.cast.operand;

	if (operand->kind != EXPR_INT && operand->kind != EXPR_BOOL)
		return false;
	if (!type_is_int(to))
		return false;
	if (operand->kind == EXPR_BOOL)
		expr_set_int(operand, operand->u.boolean);
	operand->span = (*slot)->span;
	convert_quietly(k, &operand, to);
	*slot = operand;
	return true;
}

// A constant that is cast to an enum must be one of its values.
static bool is_enumerator(const struct type *t, const struct expr *value)
{
	if (value->kind != EXPR_INT || !t->enumerator_count)
		return true;
	for (size_t i = 0; i < t->enumerator_count; i++)
		if (t->enumerators[i].value == (int64_t)value->u.integer.value)
			return true;
	return false;
}

static const char *integer_text(struct checker *k, const struct expr *e)
{
	return e->u.integer.is_negative
		   ? arena_printf(k->arena, "%lld", (long long)e->u.integer.value)
		   : arena_printf(k->arena, "%llu", (unsigned long long)e->u.integer.value);
}

// A cast of an aggregation asks for its number: that one is not.
static void warn_unnecessary(struct checker *k, const struct expr *e, const struct type *from,
			     const struct type *to)
{
	const struct expr *operand = e->u.cast.operand;

	if (!k->final || k->type_only || to->kind == TYPE_BOOL || !type_equal(from, to) ||
	    (operand->kind == EXPR_CAST && operand->u.cast.implicit))
		return;
	check_warn(k, cast_span(e), "unnecessary-cast",
		   "Unnecessary cast: expression is already of type %s", check_type_name(k, to));
}

// `(int8[])x` has as many elements as x has room for.
static struct type *cast_target(struct checker *k, struct expr *e, const struct type *from)
{
	struct type_expr *te = e->u.cast.to;
	struct type *elem;

	if (te->kind != TYPE_EXPR_ARRAY || te->expr)
		return resolve_type(k, te);
	elem = resolve_type(k, te->elem);
	if (!elem || !elem->size || !type_known(from))
		return NULL;
	if (from->size % elem->size) {
		check_error(k, cast_span(e), "bad-cast",
			    "Cannot determine array size: the element size is incompatible with "
			    "the cast integer size");
		return NULL;
	}
	return type_array(k->arena, elem, from->size / elem->size);
}

struct type *check_cast(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *to, *from;

	if (e->u.cast.implicit)
		return e->type; // made by an earlier visit of a shared node
	from = check_value(k, &e->u.cast.operand);
	to = cast_target(k, e, from);
	if (!to || !type_known(from))
		return to && to->size ? to : &type_none;
	if (to->kind == TYPE_VOID || to->kind == TYPE_TUPLE || !cast_allowed(from, to)) {
		bad_cast(k, e, from, to);
		return &type_none;
	}
	if (to->kind == TYPE_ENUM && !is_enumerator(to, e->u.cast.operand)) {
		check_error(k, cast_span(e), "bad-cast",
			    "Enum: %s doesn't contain a variant value of %s",
			    strchr(to->name, ' ') ? strchr(to->name, ' ') + 1 : to->name,
			    integer_text(k, e->u.cast.operand));
		return &type_none;
	}
	if (to->kind == TYPE_ARRAY && from->is_literal && to->size <= 8)
		convert_quietly(k, &e->u.cast.operand, type_int(8, true));
	if (to->kind == TYPE_POINTER && from->kind == TYPE_POINTER && to->space == SPACE_NONE &&
	    from->space != SPACE_NONE)
		to = type_pointer(k->arena, to->elem, from->space);
	if (to->kind == TYPE_POINTER && from->kind == TYPE_STRING)
		to = type_pointer(k->arena, to->elem, SPACE_KERNEL);
	warn_unnecessary(k, e, from, to);
	if (k->final && to->kind == TYPE_BOOL && from->kind == TYPE_STRING)
		string_to_bool(k, slot);
	else if (k->final)
		cast_constant(k, slot, to);
	return to;
}

// An operand that is never computed: what would be said of its value is not.
struct type *check_type_only(struct checker *k, struct expr **slot)
{
	const char *outer = k->type_only;
	struct type *t;

	k->type_only = "sizeof";
	t = check_value(k, slot);
	k->type_only = outer;
	return t;
}

static struct type *query_type(struct checker *k, struct expr *e)
{
	if (e->u.type_query.of_type)
		return resolve_type(k, e->u.type_query.of_type);
	return check_type_only(k, &e->u.type_query.of_expr);
}

// -1 after an error.
static int64_t told_number(struct checker *k, struct expr *e, struct type *t)
{
	return e->kind == EXPR_OFFSETOF ? check_offset_of(k, e, t) : type_told_size(k, t);
}

// The type that a literal of this value has.
static struct type *size_literal(uint32_t size)
{
	struct expr number = {.kind = EXPR_INT, .u.integer.value = size};

	return type_of_literal(&number);
}

struct type *check_type_query(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t;
	int64_t number;

	if (e->kind == EXPR_TYPEINFO)
		return check_typeinfo(k, slot);
	t = query_type(k, e);
	if (!t || !type_known(t))
		return &type_none;
	number = told_number(k, e, t);
	if (number < 0)
		return &type_none;
	if (k->final)
		expr_set_int(e, number);
	return size_literal((uint32_t)number);
}

// ---- comptime conditions -------------------------------------------------------------------

static int const_equality(struct checker *k, struct expr *e)
{
	const char *left = const_text(k, e->u.binary.left);
	const char *right = left ? const_text(k, e->u.binary.right) : NULL;
	int same = right ? !strcmp(left, right)
			 : typeinfo_equal(k, e->u.binary.left, e->u.binary.right);

	return same < 0 ? -1 : same == (e->u.binary.op == BIN_EQ);
}

// A literal, sizeof() or offsetof(). False: not known.
static bool const_number(struct checker *k, struct expr *e, __int128 *out)
{
	struct type *t;

	switch (e->kind) {
	case EXPR_INT:
		*out = expr_int_value(e);
		return true;
	case EXPR_COMPTIME:
		return const_number(k, e->u.comptime.operand, out);
	case EXPR_CAST:
		return e->u.cast.implicit && const_number(k, e->u.cast.operand, out);
	case EXPR_SIZEOF:
	case EXPR_OFFSETOF:
		t = query_type(k, e);
		*out = t && type_known(t) ? told_number(k, e, t) : -1;
		return *out >= 0;
	default:
		return false;
	}
}

static int const_comparison(struct checker *k, struct expr *e)
{
	__int128 left, right;

	if (!const_number(k, e->u.binary.left, &left) ||
	    !const_number(k, e->u.binary.right, &right))
		return -1;
	switch (e->u.binary.op) {
	case BIN_EQ:
		return left == right;
	case BIN_NE:
		return left != right;
	case BIN_LT:
		return left < right;
	case BIN_LE:
		return left <= right;
	case BIN_GT:
		return left > right;
	case BIN_GE:
		return left >= right;
	default:
		return -1;
	}
}

int const_truth(struct checker *k, struct expr *e)
{
	int left, right;

	switch (e->kind) {
	case EXPR_BOOL:
		return e->u.boolean;
	case EXPR_INT:
		return e->u.integer.value != 0;
	case EXPR_STRING:
		return e->u.string.len != 0;
	case EXPR_COMPTIME:
		return const_truth(k, e->u.comptime.operand);
	case EXPR_UNARY:
		left = const_truth(k, e->u.unary.operand);
		return e->u.unary.op != UNARY_NOT || left < 0 ? -1 : !left;
	case EXPR_BINARY:
		left = const_comparison(k, e);
		if (left >= 0)
			return left;
		if (e->u.binary.op == BIN_EQ || e->u.binary.op == BIN_NE)
			return const_equality(k, e);
		left = const_truth(k, e->u.binary.left);
		right = const_truth(k, e->u.binary.right);
		if (left < 0 || right < 0)
			return -1;
		if (e->u.binary.op == BIN_LAND)
			return left && right;
		return e->u.binary.op == BIN_LOR ? left || right : -1;
	case EXPR_CALL:
		return type_predicate(k, e);
	default:
		return -1;
	}
}
