// expr: expressions. A scalar comes back as an integer. Anything else comes back as the
// address of memory that lasts at least until the end of the statement, or is built right
// where its consumer wants it (expr_into): in a map's key, a ring buffer record, a tuple.
#include "codegen/cg.h"

#include <string.h>

struct value value_scalar(struct type *t, LLVMValueRef v)
{
	struct value out = {t, v};

	return out;
}

// Where p points. Without a mark, a probe on user space means user memory.
bool space_is_user(const struct cg *cg, const struct type *t)
{
	if (t->space != SPACE_NONE)
		return t->space == SPACE_USER;
	switch (cg->unit->type) {
	case PROBE_UPROBE:
	case PROBE_URETPROBE:
	case PROBE_USESSION:
	case PROBE_USDT:
		return true;
	default:
		return false;
	}
}

LLVMValueRef expr_scalar(struct cg *cg, struct expr *e)
{
	struct value v = expr(cg, e);

	if (!type_is_scalar(v.type))
		bug("expression kind %d is not a scalar (type kind %d)", e->kind, v.type->kind);
	return v.v;
}

LLVMValueRef expr_cond(struct cg *cg, struct expr *e)
{
	LLVMValueRef v = expr_scalar(cg, e);

	return non_zero(cg, v);
}

// ---- choices ---------------------------------------------------------------------------------

// Where a choice leaves its value; scalars in an alloca, others in memory.
struct choice {
	LLVMValueRef slot;
	bool clean;
};

static void choose(struct cg *cg, struct choice *c, struct expr *e)
{
	LLVMValueRef v;

	if (!e)
		return;
	if (e->type->kind == TYPE_VOID || e->type->kind == TYPE_NONE) {
		expr(cg, e);
	} else if (type_is_scalar(e->type)) {
		v = expr_scalar(cg, e);
		store(cg, v, c->slot);
	} else {
		expr_into(cg, e, c->slot, c->clean);
	}
}

static void choice_build(struct cg *cg, struct choice *c, LLVMValueRef cond, struct expr *yes,
			 struct expr *no)
{
	LLVMBasicBlockRef then = block_new(cg, "then"), otherwise = block_new(cg, "else");
	LLVMBasicBlockRef done = block_new(cg, "chosen");

	block_branch(cg, cond, then, otherwise);
	block_enter(cg, then);
	choose(cg, c, yes);
	block_goto(cg, done);
	block_enter(cg, otherwise);
	choose(cg, c, no);
	block_goto(cg, done);
	block_enter(cg, done);
}

// cond ?: no
static void elvis(struct cg *cg, struct choice *c, struct expr *e)
{
	LLVMBasicBlockRef zero = block_new(cg, "zero"), done = block_new(cg, "chosen");
	LLVMValueRef v = expr_scalar(cg, e->u.ternary.cond);

	store(cg, v, c->slot);
	v = non_zero(cg, v);
	block_branch(cg, v, done, zero);
	block_enter(cg, zero);
	choose(cg, c, e->u.ternary.no);
	block_goto(cg, done);
	block_enter(cg, done);
}

static void choice_expr(struct cg *cg, struct expr *e, struct choice *c)
{
	LLVMValueRef cond;

	if (e->kind == EXPR_IF) {
		cond = expr_cond(cg, e->u.branch.cond);
		choice_build(cg, c, cond, e->u.branch.yes, e->u.branch.no);
	} else if (e->u.ternary.yes) {
		cond = expr_cond(cg, e->u.ternary.cond);
		choice_build(cg, c, cond, e->u.ternary.yes, e->u.ternary.no);
	} else {
		elvis(cg, c, e);
	}
}

static struct value choice_scalar(struct cg *cg, struct expr *e)
{
	struct choice c = {NULL, false};
	struct value out = {e->type, NULL};

	if (e->type->kind != TYPE_VOID) {
		c.slot = frame_alloca(cg, scalar_type(cg, e->type), "choice");
		store(cg, zero_of(cg, e->type), c.slot);
	}
	choice_expr(cg, e, &c);
	if (c.slot)
		out.v = load(cg, scalar_type(cg, e->type), c.slot, "choice");
	return out;
}

static struct value block_expr(struct cg *cg, struct expr *e)
{
	struct value none = {e->type, NULL};

	block_stmts(cg, e->u.block.block);
	return e->u.block.value ? expr(cg, e->u.block.value) : none;
}

// ---- the switch ---------------------------------------------------------------------------------

static struct value variable(struct cg *cg, struct expr *e)
{
	struct variable *var = e->u.var.var;
	struct value v = {var->type, var_home(cg, var)};

	if (type_is_scalar(var->type))
		v.v = load(cg, scalar_type(cg, var->type), v.v, var->name);
	return v;
}

static struct value built(struct cg *cg, struct expr *e)
{
	LLVMValueRef tmp = frame_temp(cg, e->type->size, "value");
	struct value v = {e->type, tmp};

	expr_into(cg, e, tmp, false);
	return v;
}

static struct value scalar(struct cg *cg, struct expr *e)
{
	switch (e->kind) {
	case EXPR_INT:
		return value_scalar(
		    e->type, LLVMConstInt(scalar_type(cg, e->type), e->u.integer.value, false));
	case EXPR_BOOL:
		return value_scalar(e->type, LLVMConstInt(cg->i8, e->u.boolean, false));
	case EXPR_IDENT:
		return builtin_expr(cg, e);
	case EXPR_CALL:
		return call_expr(cg, e);
	case EXPR_UNARY:
		return unary_expr(cg, e);
	case EXPR_INCDEC:
		return incdec_expr(cg, e);
	case EXPR_BINARY:
		return binary_expr(cg, e);
	case EXPR_TERNARY:
	case EXPR_IF:
		return choice_scalar(cg, e);
	case EXPR_CAST:
		return cast_scalar(cg, e);
	default:
		bug("expression kind %d of type kind %d", e->kind, e->type->kind);
	}
}

static struct value any_kind(struct cg *cg, struct expr *e)
{
	switch (e->kind) { // values of any type, where they lie
	case EXPR_VAR:
		return variable(cg, e);
	case EXPR_MAP:
		return map_read(cg, e);
	case EXPR_FIELD:
	case EXPR_TUPLE_GET:
	case EXPR_INDEX:
		return place_expr(cg, e);
	case EXPR_BLOCK:
		return block_expr(cg, e);
	default:
		break;
	}
	if (type_is_scalar(e->type) || e->type->kind == TYPE_VOID || e->type->kind == TYPE_NONE)
		return scalar(cg, e);
	if (e->kind == EXPR_UNARY)
		return place_expr(cg, e);
	return built(cg, e);
}

struct value expr(struct cg *cg, struct expr *e)
{
	struct span outer = cg->site;
	struct value v;

	if (!e->type)
		bug("expression kind %d has no type", e->kind);
	debug_at(cg, e->span);
	cg->site = e->span;
	v = any_kind(cg, e);
	cg->site = outer;
	return v;
}

// ---- building in place -------------------------------------------------------------------------

static void tuple_into(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	const struct type *t = e->type;
	size_t n = e->kind == EXPR_TUPLE ? e->u.tuple.items.len : e->u.record.items.len;

	if (n != t->field_count)
		bug("tuple of %zu items, type has %zu", n, t->field_count);
	if (type_has_holes(t))
		mem_zero(cg, dst, t->size);
	for (size_t i = 0; i < n; i++) {
		const struct field_init *f =
		    e->kind == EXPR_RECORD ? &e->u.record.items.data[i] : NULL;
		const struct type_field *member = type_find_member(t, f ? f->name : NULL, i);
		struct expr *item = f ? f->value : e->u.tuple.items.data[i];
		LLVMValueRef to = at(cg, dst, member->offset, "member");

		expr_into(cg, item, to, true);
	}
}

static void copy_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	struct value v = expr(cg, e);

	if (type_is_scalar(v.type))
		store(cg, v.v, dst);
	else
		type_copy(cg, dst, v.type, v.v, clean);
}

static void choice_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	struct choice c = {dst, clean};

	choice_expr(cg, e, &c);
}

static void block_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	block_stmts(cg, e->u.block.block);
	if (e->u.block.value)
		expr_into(cg, e->u.block.value, dst, clean);
}

static void kind_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	switch (e->kind) {
	case EXPR_STRING:
		string_literal(cg, e->u.string.data, e->u.string.len, dst, e->type->size, clean);
		break;
	case EXPR_TUPLE:
	case EXPR_RECORD:
		tuple_into(cg, e, dst);
		break;
	case EXPR_CAST:
		cast_into(cg, e, dst, clean);
		break;
	case EXPR_CALL:
		call_into(cg, e, dst, clean);
		break;
	case EXPR_IDENT:
		builtin_into(cg, e, dst, clean);
		break;
	case EXPR_TERNARY:
	case EXPR_IF:
		choice_into(cg, e, dst, clean);
		break;
	case EXPR_BLOCK:
		block_into(cg, e, dst, clean);
		break;
	case EXPR_FIELD:
	case EXPR_TUPLE_GET:
	case EXPR_INDEX:
	case EXPR_UNARY:
		place_into(cg, e, dst, clean);
		break;
	default:
		copy_into(cg, e, dst, clean);
	}
}

void expr_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	struct span outer = cg->site;

	debug_at(cg, e->span);
	cg->site = e->span;
	if (type_is_scalar(e->type))
		copy_into(cg, e, dst, clean);
	else
		kind_into(cg, e, dst, clean);
	cg->site = outer;
}
