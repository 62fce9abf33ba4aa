// trusted: pointers of the kernel's whose types the verifier knows: what path(), socket_cookie()
// and skboutput() give back to it.
//
// Enters: an expression that starts at `args`, `ctx` or curtask and follows pointers; variables
// that keep one on the way. Leaves: the same, read by loads instead of a helper's copies, which
// would have lost the type. A NULL on the way is no fault: it leads to where the caller says.
// Refuses nothing: what cannot be known the verifier refuses.
#include "codegen/cg.h"

#include "sema/builtins.h"

// ---- variables on the way --------------------------------------------------------------------

static void mark(struct expr *e, bool *changed)
{
	if (e->kind == EXPR_TERNARY) {
		if (e->u.ternary.yes)
			mark(e->u.ternary.yes, changed);
		mark(e->u.ternary.no, changed);
		return;
	}
	e = expr_root(e);
	if (e->kind != EXPR_VAR || e->u.var.var->keeps_type)
		return;
	e->u.var.var->keeps_type = true;
	*changed = true;
}

static bool mark_given(void *ctx, struct expr *e)
{
	if (e->kind != EXPR_CALL)
		return true;
	if (e->u.call.func == FUNC_PATH || e->u.call.func == FUNC_SOCKET_COOKIE)
		mark(e->u.call.args.data[0], ctx);
	else if (e->u.call.func == FUNC_SKBOUTPUT)
		mark(e->u.call.args.data[1], ctx);
	return true;
}

static bool mark_source(void *ctx, struct stmt *s)
{
	if (s->kind == STMT_LET && s->u.let.value && s->u.let.var && s->u.let.var->keeps_type)
		mark(s->u.let.value, ctx);
	if (s->kind == STMT_ASSIGN && s->u.assign.target->kind == EXPR_VAR &&
	    s->u.assign.target->u.var.var->keeps_type)
		mark(s->u.assign.value, ctx);
	return true;
}

// Which variables of the unit end up in one of those calls, themselves or by what they point to.
void trusted_variables(struct unit *u)
{
	bool changed = false;
	struct ast_visitor given = {.expr = mark_given, .ctx = &changed};
	struct ast_visitor sources = {.stmt = mark_source, .ctx = &changed};

	if (!u->needs_types)
		return;
	block_walk(u->body, &given);
	while (changed) {
		changed = false;
		block_walk(u->body, &sources);
	}
}

// ---- values ----------------------------------------------------------------------------------

// The address of a struct, or a pointer to one, read by plain loads from the context on; absent:
// where a NULL on the way leads.
LLVMValueRef trusted_pointer(struct cg *cg, struct expr *e, LLVMBasicBlockRef absent)
{
	LLVMBasicBlockRef outer = cg->trusted;
	LLVMValueRef v;
	bool user;

	cg->trusted = absent;
	if (e->type->kind == TYPE_POINTER)
		v = expr_scalar(cg, e);
	else
		v = place_address(cg, e, &user);
	cg->trusted = outer;
	return v;
}

LLVMValueRef trusted_or_zero(struct cg *cg, LLVMValueRef v, LLVMBasicBlockRef absent)
{
	LLVMBasicBlockRef done = block_new(cg, "done"), from[] = {LLVMGetInsertBlock(cg->b), absent};
	LLVMValueRef both[] = {v, LLVMConstNull(LLVMTypeOf(v))}, phi;

	block_goto(cg, done);
	block_enter(cg, absent);
	block_goto(cg, done);
	block_enter(cg, done);
	phi = LLVMBuildPhi(cg->b, LLVMTypeOf(v), "value");
	LLVMAddIncoming(phi, both, from, 2);
	return phi;
}

LLVMValueRef trusted_value(struct cg *cg, struct expr *e)
{
	LLVMBasicBlockRef absent = block_new(cg, "absent");
	LLVMValueRef v = trusted_pointer(cg, e, absent);

	return trusted_or_zero(cg, v, absent);
}
