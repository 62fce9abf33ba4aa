// fold: arithmetic on literals at compile time, before types: integers as wide as they need
// (int64 or uint64 must hold the result), strings compared, joined and cut, one side of a ternary
// chosen.
// Refuses what overflows or divides by zero.
#include <string.h>

#include "sema/check.h"

bool expr_is_literal(const struct expr *e)
{
	return e->kind == EXPR_INT || e->kind == EXPR_STRING || e->kind == EXPR_BOOL;
}

__int128 expr_int_value(const struct expr *e)
{
	if (e->kind == EXPR_BOOL)
		return e->u.boolean;
	if (e->u.integer.is_negative)
		return (int64_t)e->u.integer.value;
	return e->u.integer.value;
}

void expr_set_int(struct expr *e, __int128 value)
{
	e->kind = EXPR_INT;
	e->u.integer.value = (uint64_t)value;
	e->u.integer.is_negative = value < 0;
	e->u.integer.is_unsigned = false;
	e->u.integer.text = NULL;
	e->type = type_of_literal(e);
}

void expr_set_bool(struct expr *e, bool value)
{
	e->kind = EXPR_BOOL;
	e->u.boolean = value;
	e->type = &type_bool;
}

void expr_set_string(struct checker *k, struct expr *e, const char *text, size_t len)
{
	char *copy = arena_strndup(k->arena, text, len);

	e->kind = EXPR_STRING;
	e->u.string.data = copy;
	e->u.string.len = len;
	e->type = type_string(k->arena, (uint32_t)len + 1);
}

static bool is_number(const struct expr *e)
{
	return e->kind == EXPR_INT || e->kind == EXPR_BOOL;
}

static bool literal_truth(const struct expr *e)
{
	if (e->kind == EXPR_STRING)
		return e->u.string.len != 0;
	return expr_int_value(e) != 0;
}

static void fold_unary(struct checker *k, struct expr *e)
{
	const struct expr *x = e->u.unary.operand;
	__int128 v;

	if (x->kind == EXPR_BOOL && e->u.unary.op == UNARY_NOT)
		expr_set_bool(e, !x->u.boolean);
	if (x->kind != EXPR_INT)
		return;
	v = expr_int_value(x);
	switch (e->u.unary.op) {
	case UNARY_NEG:
		if (-v < INT64_MIN)
			check_error(k, e->span, "overflow", "negative value will underflow");
		expr_set_int(e, -v);
		break;
	case UNARY_NOT:
		expr_set_bool(e, v == 0);
		break;
	case UNARY_BITNOT:
		expr_set_int(e, (uint64_t)~v);
		break;
	default:
		break;
	}
}

// False when there is no result: overflow, division by zero.
static bool fold_arithmetic(enum binary_op op, __int128 l, __int128 r, __int128 *out)
{
	switch (op) {
	case BIN_ADD:
		*out = l + r;
		break;
	case BIN_SUB:
		*out = l - r;
		break;
	case BIN_MUL: // at most 2^64 * 2^64: may overflow 127 bits
		if (__builtin_mul_overflow(l, r, out))
			return false;
		break;
	case BIN_DIV:
	case BIN_MOD:
		if (r == 0)
			return false;
		*out = op == BIN_DIV ? l / r : l % r;
		break;
	case BIN_AND:
		*out = l & r;
		break;
	case BIN_OR:
		*out = l | r;
		break;
	case BIN_XOR:
		*out = l ^ r;
		break;
	case BIN_SHL:
		if (r < 0 || r > 63)
			return false;
		*out = l < 0 ? (__int128)(int64_t)((uint64_t)l << r) : (__int128)((uint64_t)l << r);
		break;
	case BIN_SHR:
		if (r < 0 || r > 63)
			return false;
		*out = l >> r;
		break;
	default:
		return false;
	}
	return *out >= INT64_MIN && *out <= (__int128)UINT64_MAX;
}

// True for comparisons and logic, with *out.
static bool fold_relation(enum binary_op op, __int128 l, __int128 r, bool *out)
{
	switch (op) {
	case BIN_EQ:
		*out = l == r;
		return true;
	case BIN_NE:
		*out = l != r;
		return true;
	case BIN_LT:
		*out = l < r;
		return true;
	case BIN_LE:
		*out = l <= r;
		return true;
	case BIN_GT:
		*out = l > r;
		return true;
	case BIN_GE:
		*out = l >= r;
		return true;
	case BIN_LAND:
		*out = l && r;
		return true;
	case BIN_LOR:
		*out = l || r;
		return true;
	default:
		return false;
	}
}

static void fold_numbers(struct checker *k, struct expr *e)
{
	__int128 l = expr_int_value(e->u.binary.left), r = expr_int_value(e->u.binary.right);
	__int128 result;
	bool truth;

	if (fold_relation(e->u.binary.op, l, r, &truth)) {
		expr_set_bool(e, truth);
		return;
	}
	if (fold_arithmetic(e->u.binary.op, l, r, &result)) {
		expr_set_int(e, result);
		return;
	}
	check_error(k, e->span, "overflow", "unable to fold literals due to overflow or underflow");
	expr_set_int(e, 0);
}

// As C strings, up to the first NUL.
static void compare_texts(struct expr *e)
{
	int order = strcmp(e->u.binary.left->u.string.data, e->u.binary.right->u.string.data);
	bool truth;

	if (fold_relation(e->u.binary.op, order, 0, &truth))
		expr_set_bool(e, truth);
}

static void join_texts(struct checker *k, struct expr *e)
{
	const struct expr *l = e->u.binary.left, *r = e->u.binary.right;
	size_t ln = l->u.string.len, rn = r->u.string.len;
	char *both = arena_alloc(k->arena, ln + rn + 1);

	memcpy(both, l->u.string.data, ln);
	memcpy(both + ln, r->u.string.data, rn);
	both[ln + rn] = '\0';
	expr_set_string(k, e, both, ln + rn);
}

// As in C: what follows the first n characters.
static void skip_text(struct checker *k, struct expr *e, const struct expr *text,
		      const struct expr *n)
{
	size_t len = text->u.string.len;
	uint64_t skip = n->u.integer.value;

	if (n->u.integer.is_negative)
		return;
	if (skip >= len)
		check_warn(k, e->span, "empty-text", "literal string will always be empty");
	if (skip > len)
		skip = len;
	expr_set_string(k, e, text->u.string.data + skip, len - (size_t)skip);
}

// "a" + "b" is "ab"; "hello" + 1 and 1 + "hello" are "ello".
static bool fold_text_sum(struct checker *k, struct expr *e)
{
	const struct expr *l = e->u.binary.left, *r = e->u.binary.right;

	if (e->u.binary.op != BIN_ADD)
		return false;
	if (l->kind == EXPR_STRING && r->kind == EXPR_STRING)
		join_texts(k, e);
	else if (l->kind == EXPR_STRING && r->kind == EXPR_INT)
		skip_text(k, e, l, r);
	else if (l->kind == EXPR_INT && r->kind == EXPR_STRING)
		skip_text(k, e, r, l);
	else
		return false;
	return true;
}

static void fold_binary(struct checker *k, struct expr *e)
{
	const struct expr *l = e->u.binary.left, *r = e->u.binary.right;
	enum binary_op op = e->u.binary.op;

	if (is_number(l) && is_number(r))
		fold_numbers(k, e);
	else if (fold_text_sum(k, e))
		return;
	else if (l->kind == EXPR_STRING && r->kind == EXPR_STRING && op >= BIN_EQ && op <= BIN_GE)
		compare_texts(e);
}

static void fold_ternary(struct expr **slot)
{
	struct expr *e = *slot, *cond = e->u.ternary.cond;

	if (!expr_is_literal(cond))
		return;
	if (literal_truth(cond))
		*slot = e->u.ternary.yes ? e->u.ternary.yes : cond;
	else
		*slot = e->u.ternary.no;
}

static void fold_index(struct expr *e)
{
	const struct expr *s = e->u.index.object, *i = e->u.index.index;

	if (s->kind != EXPR_STRING || i->kind != EXPR_INT || i->u.integer.is_negative)
		return;
	if (i->u.integer.value <= s->u.string.len) {
		expr_set_int(e, s->u.string.data[i->u.integer.value]);
		e->type = &type_int8;
	}
}

// `{ 1 }` is 1.
static void fold_block(struct expr **slot)
{
	const struct expr *e = *slot;

	if (e->u.block.value && expr_is_literal(e->u.block.value) &&
	    (!e->u.block.block || !e->u.block.block->stmts.len))
		*slot = e->u.block.value;
}

void fold_expr(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;

	switch (e->kind) {
	case EXPR_UNARY:
		fold_unary(k, e);
		break;
	case EXPR_BINARY:
		fold_binary(k, e);
		break;
	case EXPR_TERNARY:
		fold_ternary(slot);
		break;
	case EXPR_INDEX:
		fold_index(e);
		break;
	case EXPR_COMPTIME:
		if (expr_is_literal(e->u.comptime.operand))
			*slot = e->u.comptime.operand;
		break;
	case EXPR_BLOCK:
		fold_block(slot);
		break;
	default:
		break;
	}
}
