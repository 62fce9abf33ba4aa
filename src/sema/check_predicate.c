// check_predicate: questions about types, is_ptr() and the like: answered while compiling.
#include "sema/check.h"

static bool holds(int func, const struct type *t, const struct expr *e)
{
	switch (func) {
	case FUNC_IS_PTR:
		return t->kind == TYPE_POINTER;
	case FUNC_IS_STR:
		return t->kind == TYPE_STRING;
	case FUNC_IS_ARRAY:
		return t->kind == TYPE_ARRAY;
	case FUNC_IS_INTEGER:
		return t->kind == TYPE_INT;
	case FUNC_IS_UNSIGNED_INTEGER:
		return t->kind == TYPE_INT && !t->is_signed;
	default:
		return expr_is_literal(e);
	}
}

int type_predicate(struct checker *k, struct expr *call)
{
	const struct expr *arg;

	if (call->u.call.func < FUNC_IS_PTR || call->u.call.func > FUNC_IS_LITERAL ||
	    call->u.call.args.len != 1)
		return -1;
	arg = call->u.call.args.data[0];
	if (call->u.call.func == FUNC_IS_SCALAR)
		return arg->kind == EXPR_MAP ? map_find(k, arg->u.map.name)->is_scalar : -1;
	return type_known(arg->type) ? holds(call->u.call.func, arg->type, arg) : -1;
}

static struct type *check_predicate(struct checker *k, struct expr *e)
{
	int truth;

	if (e->u.call.func == FUNC_IS_SCALAR)
		whole_map_arg(k, e, 0);
	else
		call_arg(k, e, 0);
	truth = type_predicate(k, e);
	if (k->final && truth >= 0)
		expr_set_bool(e, truth);
	return &type_bool;
}

struct type *check_IS_PTR(struct checker *k, struct expr **slot)
{
	return check_predicate(k, *slot);
}

struct type *check_IS_STR(struct checker *k, struct expr **slot)
{
	return check_predicate(k, *slot);
}

struct type *check_IS_ARRAY(struct checker *k, struct expr **slot)
{
	return check_predicate(k, *slot);
}

struct type *check_IS_INTEGER(struct checker *k, struct expr **slot)
{
	return check_predicate(k, *slot);
}

struct type *check_IS_UNSIGNED_INTEGER(struct checker *k, struct expr **slot)
{
	return check_predicate(k, *slot);
}

struct type *check_IS_SCALAR(struct checker *k, struct expr **slot)
{
	return check_predicate(k, *slot);
}

struct type *check_IS_LITERAL(struct checker *k, struct expr **slot)
{
	return check_predicate(k, *slot);
}
