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

// ---- members ----------------------------------------------------------------------------------

static struct value member(struct cg *cg, struct value object, const struct type_field *f)
{
	struct value v = {f->type, at(cg, object.v, f->offset, f->name ? f->name : "member")};

	if (f->bit_size)
		bug("bit fields are not supported yet");
	if (type_is_scalar(f->type))
		v.v = load(cg, scalar_type(cg, f->type), v.v, f->name ? f->name : "member");
	return v;
}

static struct value tuple_get(struct cg *cg, struct expr *e)
{
	struct value object = expr(cg, e->u.tuple_get.object);

	if (e->u.tuple_get.index >= object.type->field_count)
		bug("tuple member %u of %zu", e->u.tuple_get.index, object.type->field_count);
	return member(cg, object, &object.type->fields[e->u.tuple_get.index]);
}

static struct value field(struct cg *cg, struct expr *e)
{
	struct value object = expr(cg, e->u.field.object);
	const struct type_field *f = type_find_field(object.type, e->u.field.name);

	if (!f || object.type->kind != TYPE_RECORD)
		bug("field '%s' of type kind %d", e->u.field.name, object.type->kind);
	return member(cg, object, f);
}

// ---- x[i] -------------------------------------------------------------------------------------

static struct value pointer_index(struct cg *cg, struct expr *e, LLVMValueRef index)
{
	struct type *p = e->u.index.object->type;
	LLVMValueRef address = expr_scalar(cg, e->u.index.object);
	LLVMValueRef tmp = frame_temp(cg, e->type->size, "item");
	struct value v = {e->type, tmp};

	index = LLVMBuildMul(cg->b, index, k64(cg, step_of(p)), "offset");
	address = LLVMBuildAdd(cg->b, address, index, "address");
	mem_read(cg, tmp, e->type->size, address, space_is_user(cg, p));
	if (type_is_scalar(e->type))
		v.v = load(cg, scalar_type(cg, e->type), tmp, "item");
	return v;
}

// Memory of ours: an index beyond the end reads 0.
static struct value memory_index(struct cg *cg, struct expr *e, LLVMValueRef index)
{
	struct value object = expr(cg, e->u.index.object);
	uint32_t size = e->type->size, count = object.type->size / (size ? size : 1);
	LLVMBasicBlockRef inside = block_new(cg, "inside"), done = block_new(cg, "indexed");
	LLVMValueRef tmp, v, p;
	struct value out = {e->type, NULL};

	if (!type_is_scalar(e->type))
		bug("arrays of type kind %d are not supported yet", e->type->kind);
	tmp = frame_alloca(cg, scalar_type(cg, e->type), "item");
	store(cg, zero_of(cg, e->type), tmp);
	index = opaque(cg, index);
	v = LLVMBuildICmp(cg->b, LLVMIntULT, index, k64(cg, count), "inside");
	block_branch(cg, v, inside, done);
	block_enter(cg, inside);
	v = LLVMBuildMul(cg->b, index, k64(cg, size), "offset");
	p = LLVMBuildInBoundsGEP2(cg->b, cg->i8, object.v, &v, 1, "item");
	v = load(cg, scalar_type(cg, e->type), p, "item");
	store(cg, v, tmp);
	block_goto(cg, done);
	block_enter(cg, done);
	out.v = load(cg, scalar_type(cg, e->type), tmp, "item");
	return out;
}

static struct value index_expr(struct cg *cg, struct expr *e)
{
	LLVMValueRef index = expr_scalar(cg, e->u.index.index);

	index = arith_resize(cg, index, 8, e->u.index.index->type->is_signed);
	if (e->u.index.object->type->kind == TYPE_POINTER)
		return pointer_index(cg, e, index);
	return memory_index(cg, e, index);
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

struct value expr(struct cg *cg, struct expr *e)
{
	if (!e->type)
		bug("expression kind %d has no type", e->kind);
	debug_at(cg, e->span);
	switch (e->kind) { // values of any type, where they lie
	case EXPR_VAR:
		return variable(cg, e);
	case EXPR_MAP:
		return map_read(cg, e);
	case EXPR_FIELD:
		return field(cg, e);
	case EXPR_TUPLE_GET:
		return tuple_get(cg, e);
	case EXPR_INDEX:
		return index_expr(cg, e);
	case EXPR_BLOCK:
		return block_expr(cg, e);
	default:
		break;
	}
	if (type_is_scalar(e->type) || e->type->kind == TYPE_VOID || e->type->kind == TYPE_NONE)
		return scalar(cg, e);
	if (e->kind == EXPR_UNARY)
		return unary_expr(cg, e);
	return built(cg, e);
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
		struct expr *item = e->kind == EXPR_TUPLE ? e->u.tuple.items.data[i]
							  : e->u.record.items.data[i].value;
		LLVMValueRef to = at(cg, dst, t->fields[i].offset, "member");

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

void expr_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	debug_at(cg, e->span);
	if (type_is_scalar(e->type)) {
		copy_into(cg, e, dst, clean);
		return;
	}
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
	default:
		copy_into(cg, e, dst, clean);
	}
}
