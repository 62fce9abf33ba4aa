// flow: where control ends. Statements after one that always leaves the block are never run:
// they are told of, once per block. Names are resolved, types not known.
#include "sema/check.h"

static bool block_leaves(const struct block *b);
static bool expr_leaves(const struct expr *e);

// exit() ends the probe, as return does.
static bool is_exit(const struct expr *e)
{
	return e->kind == EXPR_CALL && e->u.call.func == FUNC_EXIT;
}

static bool both_leave(const struct expr *yes, const struct expr *no)
{
	return yes && no && expr_leaves(yes) && expr_leaves(no);
}

static bool expr_leaves(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_CALL:
		return is_exit(e);
	case EXPR_TERNARY:
		return both_leave(e->u.ternary.yes, e->u.ternary.no);
	case EXPR_IF:
		return both_leave(e->u.branch.yes, e->u.branch.no);
	default:
		return false;
	}
}

// A loop may run not at all; unroll's body runs.
bool stmt_leaves(const struct stmt *s)
{
	switch (s->kind) {
	case STMT_BREAK:
	case STMT_CONTINUE:
	case STMT_RETURN:
	case STMT_SKIP:
		return true;
	case STMT_EXPR:
	case STMT_DISCARD:
		return expr_leaves(s->u.expr);
	case STMT_BLOCK:
		return block_leaves(s->u.block);
	case STMT_UNROLL:
		return block_leaves(s->u.unroll.body);
	case STMT_IF:
		return s->u.branch.no && block_leaves(s->u.branch.yes) &&
		       stmt_leaves(s->u.branch.no);
	default:
		return false;
	}
}

static bool block_leaves(const struct block *b)
{
	for (size_t i = 0; i < b->stmts.len; i++)
		if (stmt_leaves(b->stmts.data[i]))
			return true;
	return false;
}
