// stmt: statements. Temporaries of a statement are free again at its end; variables live to
// the end of their block.
#include "codegen/cg.h"

#include <string.h>

void block_stmts(struct cg *cg, struct block *b)
{
	for (size_t i = 0; i < b->stmts.len; i++)
		stmt(cg, b->stmts.data[i]);
}

void block_scope(struct cg *cg, struct block *b)
{
	struct mark m = frame_mark(cg);

	if (b)
		block_stmts(cg, b);
	frame_release(cg, m);
}

// ---- variables ---------------------------------------------------------------------------------

static void zero_variable(struct cg *cg, struct variable *v)
{
	LLVMValueRef home = var_home(cg, v);

	if (type_is_scalar(v->type))
		store(cg, zero_of(cg, v->type), home);
	else
		mem_zero(cg, home, v->type->size);
}

static bool mentions_visit(void *ctx, struct expr *e)
{
	struct variable **v = ctx;

	if (e->kind == EXPR_VAR && e->u.var.var == *v)
		*v = NULL;
	return *v != NULL;
}

static bool mentions(struct expr *e, struct variable *v)
{
	struct ast_visitor visitor = {.expr = mentions_visit, .ctx = &v};

	expr_walk(e, &visitor);
	return v == NULL;
}

static void set_variable(struct cg *cg, struct variable *v, struct expr *value)
{
	LLVMValueRef home, tmp;

	if (type_is_scalar(v->type)) {
		tmp = v->keeps_type && value->type->kind == TYPE_POINTER
			  ? trusted_value(cg, value)
			  : expr_scalar(cg, value);
		home = var_home(cg, v);
		store(cg, tmp, home);
		return;
	}
	home = var_home(cg, v);
	if (!mentions(value, v)) {
		expr_into(cg, value, home, false);
		return;
	}
	tmp = frame_temp(cg, v->type->size, "value"); // $t = ($t.1, $t.0)
	expr_into(cg, value, tmp, false);
	type_copy(cg, home, v->type, tmp, false);
}

static void let(struct cg *cg, struct stmt *s)
{
	struct variable *v = s->u.let.var;

	if (!v) // declared, never used
		return;
	if (s->u.let.value)
		set_variable(cg, v, s->u.let.value);
	else
		zero_variable(cg, v);
}

// ---- assignment
// ----------------------------------------------------------------------------------

// p += n counts elements.
static LLVMValueRef operand_of(struct cg *cg, const struct type *target, struct expr *value)
{
	LLVMValueRef v = expr_scalar(cg, value);

	v = arith_resize(cg, v, target->size, value->type->is_signed);
	if (target->kind == TYPE_POINTER)
		v = LLVMBuildMul(cg->b, v, k64(cg, step_of(target)), "offset");
	return v;
}

static void compound(struct cg *cg, struct stmt *s)
{
	struct expr *target = s->u.assign.target;
	LLVMValueRef v = operand_of(cg, target->type, s->u.assign.value), home, old;

	if (target->kind == EXPR_MAP) {
		map_modify(cg, target, s->u.assign.op, v, s->u.assign.operation);
		return;
	}
	home = var_home(cg, target->u.var.var);
	old = load(cg, scalar_type(cg, target->type), home, "old");
	cg->site = s->u.assign.operation;
	v = arith_binary(cg, s->u.assign.op, target->type->is_signed, old, v);
	store(cg, v, home);
}

static void assign(struct cg *cg, struct stmt *s)
{
	struct expr *target = s->u.assign.target;

	if (target->kind != EXPR_VAR && target->kind != EXPR_MAP)
		bug("assignment to expression kind %d", target->kind);
	if (s->u.assign.compound)
		compound(cg, s);
	else if (target->kind == EXPR_VAR)
		set_variable(cg, target->u.var.var, s->u.assign.value);
	else
		map_assign(cg, target, s->u.assign.value);
}

// A variable's memory must outlast the statement that it is first seen in.
static void homes_first(struct cg *cg, struct stmt *s)
{
	if (s->kind == STMT_LET && s->u.let.var)
		var_home(cg, s->u.let.var);
	else if (s->kind == STMT_ASSIGN && s->u.assign.target->kind == EXPR_VAR)
		var_home(cg, s->u.assign.target->u.var.var);
}

// ---- control ---------------------------------------------------------------------------------

static void branch(struct cg *cg, struct stmt *s)
{
	LLVMBasicBlockRef then = block_new(cg, "then"), done = block_new(cg, "endif");
	LLVMBasicBlockRef otherwise = s->u.branch.no ? block_new(cg, "else") : done;
	LLVMValueRef cond = expr_cond(cg, s->u.branch.cond);

	block_branch(cg, cond, then, otherwise);
	block_enter(cg, then);
	block_scope(cg, s->u.branch.yes);
	block_goto(cg, done);
	if (s->u.branch.no) {
		block_enter(cg, otherwise);
		stmt(cg, s->u.branch.no);
		block_goto(cg, done);
	}
	block_enter(cg, done);
}

static void leave_loop(struct cg *cg, bool next)
{
	struct loop *l = cg->fn->loop;

	if (!l)
		bug("break or continue outside a loop");
	block_leave(cg, next ? l->next : l->done);
}

// In the return half of a body that both halves run there is nothing left to skip but its rest.
static void skip(struct cg *cg)
{
	block_leave(cg, cg->fn->on_skip ?: cg->fn->on_return);
}

// What a test returns is its result: 0 for a pass.
static void leave(struct cg *cg, struct stmt *s)
{
	bool tells = cg->unit->type == PROBE_TEST && s->u.expr && type_is_scalar(s->u.expr->type);
	LLVMValueRef v;

	if (tells && !cg->fn->parent) {
		v = expr_scalar(cg, s->u.expr);
		v = arith_resize(cg, v, 8, s->u.expr->type->is_signed);
		store(cg, v, cg->fn->result);
	} else if (s->u.expr) {
		expr(cg, s->u.expr);
	}
	block_leave(cg, cg->fn->on_return);
}

static void stmt_kind(struct cg *cg, struct stmt *s)
{
	switch (s->kind) {
	case STMT_EXPR:
	case STMT_DISCARD:
		expr(cg, s->u.expr);
		break;
	case STMT_LET:
		let(cg, s);
		break;
	case STMT_ASSIGN:
		assign(cg, s);
		break;
	case STMT_IF:
		branch(cg, s);
		break;
	case STMT_WHILE:
		loop_while(cg, s);
		break;
	case STMT_UNROLL:
		loop_unroll(cg, s);
		break;
	case STMT_FOR_RANGE:
		loop_range(cg, s);
		break;
	case STMT_FOR_MAP:
		loop_map(cg, s);
		break;
	case STMT_BREAK:
		leave_loop(cg, false);
		break;
	case STMT_CONTINUE:
		leave_loop(cg, true);
		break;
	case STMT_RETURN:
		leave(cg, s);
		break;
	case STMT_SKIP:
		skip(cg);
		break;
	case STMT_BLOCK:
		block_scope(cg, s->u.block);
		break;
	default:
		bug("statement kind %d", s->kind);
	}
}

void stmt(struct cg *cg, struct stmt *s)
{
	struct span outer = cg->site;
	struct mark m;

	homes_first(cg, s);
	m = frame_mark(cg);
	debug_at(cg, s->span);
	cg->site = s->span;
	stmt_kind(cg, s);
	cg->site = outer;
	frame_release(cg, m);
}
