// check_drop: expressions as statements. A value that is made only to be dropped is told of.
#include "sema/check.h"

static void tell_waste(struct checker *k, const struct expr *e, struct span at)
{
	switch (e->kind) {
	case EXPR_INCDEC:
		return;
	case EXPR_BLOCK: // a macro's: told where it is called
		if (e->u.block.value && e->u.block.value->kind == EXPR_INCDEC)
			check_warn(k, at, "discarded", "Return value discarded.");
		else if (e->u.block.value)
			tell_waste(k, e->u.block.value, at);
		return;
	case EXPR_IF:
		tell_waste(k, e->u.branch.yes, e->u.branch.yes->span);
		if (e->u.branch.no)
			tell_waste(k, e->u.branch.no, e->u.branch.no->span);
		return;
	default:
		if (type_known(e->type) && e->type->kind != TYPE_VOID)
			check_warn(k, at, "discarded", "Return value discarded.");
	}
}

// A call that the check does away with, and which had no value (static_assert).
static bool has_no_value(const struct expr *e)
{
	return e->kind == EXPR_CALL && e->u.call.func >= 0 &&
	       func_infos[e->u.call.func].flags & F_VOID;
}

void check_expr_stmt(struct checker *k, struct stmt *s)
{
	bool is_waste = s->kind == STMT_EXPR && !has_no_value(s->u.expr);

	check_value(k, &s->u.expr);
	if (is_waste)
		tell_waste(k, s->u.expr, s->span);
}
