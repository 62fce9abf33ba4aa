// arith: operators on integers. x / 0 and x % 0 are 1, as in bpftrace (to BPF 0 and x); shifts
// use the low six bits of their count. BPF v3 divides only unsigned numbers; signed division is
// built on top and truncates as C's does.
#include "codegen/cg.h"

LLVMValueRef arith_resize(struct cg *cg, LLVMValueRef v, uint32_t bytes, bool is_signed)
{
	LLVMTypeRef to = int_type(cg, bytes);
	unsigned from = LLVMGetIntTypeWidth(LLVMTypeOf(v));

	if (from == bytes * 8)
		return v;
	if (from > bytes * 8)
		return LLVMBuildTrunc(cg->b, v, to, "narrow");
	return is_signed ? LLVMBuildSExt(cg->b, v, to, "wide")
			 : LLVMBuildZExt(cg->b, v, to, "wide");
}

// ---- division ---------------------------------------------------------------------------------

static LLVMValueRef one_like(LLVMValueRef v)
{
	return LLVMConstInt(LLVMTypeOf(v), 1, false);
}

static bool never_zero(LLVMValueRef r)
{
	return LLVMIsAConstantInt(r) && LLVMConstIntGetZExtValue(r) != 0;
}

// To LLVM a division by 0 is undefined; to BPF it is not. An opaque divisor keeps LLVM from
// concluding anything.
static LLVMValueRef divisor(struct cg *cg, LLVMValueRef r)
{
	return never_zero(r) ? r : opaque(cg, r);
}

static LLVMValueRef sign_of(struct cg *cg, LLVMValueRef v) // 0 or -1
{
	LLVMValueRef n = LLVMConstInt(LLVMTypeOf(v), LLVMGetIntTypeWidth(LLVMTypeOf(v)) - 1, false);

	return LLVMBuildAShr(cg->b, v, n, "sign");
}

// v when sign is 0, -v when it is -1.
static LLVMValueRef apply_sign(struct cg *cg, LLVMValueRef v, LLVMValueRef sign)
{
	v = LLVMBuildXor(cg->b, v, sign, "flip");
	return LLVMBuildSub(cg->b, v, sign, "signed");
}

static LLVMValueRef signed_divide(struct cg *cg, LLVMValueRef l, LLVMValueRef r, bool modulo)
{
	LLVMValueRef sl = sign_of(cg, l), sr = sign_of(cg, r), v, d;

	l = apply_sign(cg, l, sl);
	r = apply_sign(cg, r, sr);
	d = divisor(cg, r);
	if (modulo) {
		v = LLVMBuildURem(cg->b, l, d, "mod");
		return apply_sign(cg, v, sl);
	}
	v = LLVMBuildUDiv(cg->b, l, d, "div");
	sl = LLVMBuildXor(cg->b, sl, sr, "sign");
	return apply_sign(cg, v, sl);
}

static LLVMValueRef unsigned_divide(struct cg *cg, LLVMValueRef l, LLVMValueRef r, bool modulo)
{
	r = divisor(cg, r);
	return modulo ? LLVMBuildURem(cg->b, l, r, "mod") : LLVMBuildUDiv(cg->b, l, r, "div");
}

static LLVMValueRef quotient(struct cg *cg, LLVMValueRef l, LLVMValueRef r, bool is_signed,
			     bool modulo)
{
	return is_signed ? signed_divide(cg, l, r, modulo) : unsigned_divide(cg, l, r, modulo);
}

// As in bpftrace the result is 1 where the divisor is 0, which is told.
static LLVMValueRef divide(struct cg *cg, LLVMValueRef l, LLVMValueRef r, bool is_signed,
			   bool modulo)
{
	LLVMBasicBlockRef by_zero, sound, done;
	LLVMValueRef slot, v;

	if (never_zero(r))
		return quotient(cg, l, r, is_signed, modulo);
	by_zero = block_new(cg, "by_zero");
	sound = block_new(cg, "divide");
	done = block_new(cg, "divided");
	slot = frame_alloca(cg, LLVMTypeOf(l), "quotient");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, r, LLVMConstNull(LLVMTypeOf(r)), "by_zero");
	block_branch(cg, v, by_zero, sound);
	block_enter(cg, by_zero);
	failure_division(cg);
	store(cg, one_like(l), slot);
	block_goto(cg, done);
	block_enter(cg, sound);
	v = quotient(cg, l, r, is_signed, modulo);
	store(cg, v, slot);
	block_goto(cg, done);
	block_enter(cg, done);
	return load(cg, LLVMTypeOf(l), slot, "quotient");
}

LLVMValueRef arith_average(struct cg *cg, bool is_signed, LLVMValueRef sum, LLVMValueRef count)
{
	return quotient(cg, sum, count, is_signed, false);
}

static LLVMValueRef shift(struct cg *cg, enum binary_op op, LLVMValueRef l, LLVMValueRef r,
			  bool is_signed)
{
	unsigned bits = LLVMGetIntTypeWidth(LLVMTypeOf(l));
	LLVMValueRef mask = LLVMConstInt(LLVMTypeOf(r), bits - 1, false);

	r = LLVMBuildAnd(cg->b, r, mask, "count");
	if (op == BIN_SHL)
		return LLVMBuildShl(cg->b, l, r, "shl");
	return is_signed ? LLVMBuildAShr(cg->b, l, r, "shr") : LLVMBuildLShr(cg->b, l, r, "shr");
}

static LLVMIntPredicate predicate(enum binary_op op, bool is_signed)
{
	switch (op) {
	case BIN_EQ:
		return LLVMIntEQ;
	case BIN_NE:
		return LLVMIntNE;
	case BIN_LT:
		return is_signed ? LLVMIntSLT : LLVMIntULT;
	case BIN_LE:
		return is_signed ? LLVMIntSLE : LLVMIntULE;
	case BIN_GT:
		return is_signed ? LLVMIntSGT : LLVMIntUGT;
	case BIN_GE:
		return is_signed ? LLVMIntSGE : LLVMIntUGE;
	default:
		bug("binary operator %d compares nothing", op);
	}
}

// Operands of one width; a comparison gives TYPE_BOOL's i8.
LLVMValueRef arith_binary(struct cg *cg, enum binary_op op, bool is_signed, LLVMValueRef l,
			  LLVMValueRef r)
{
	LLVMValueRef v;

	switch (op) {
	case BIN_ADD:
		return LLVMBuildAdd(cg->b, l, r, "add");
	case BIN_SUB:
		return LLVMBuildSub(cg->b, l, r, "sub");
	case BIN_MUL:
		return LLVMBuildMul(cg->b, l, r, "mul");
	case BIN_DIV:
		return divide(cg, l, r, is_signed, false);
	case BIN_MOD:
		return divide(cg, l, r, is_signed, true);
	case BIN_AND:
		return LLVMBuildAnd(cg->b, l, r, "and");
	case BIN_OR:
		return LLVMBuildOr(cg->b, l, r, "or");
	case BIN_XOR:
		return LLVMBuildXor(cg->b, l, r, "xor");
	case BIN_SHL:
	case BIN_SHR:
		return shift(cg, op, l, r, is_signed);
	default:
		v = LLVMBuildICmp(cg->b, predicate(op, is_signed), l, r, "cmp");
		return bool_of(cg, v);
	}
}

// ---- operators of the language -------------------------------------------------------------

uint64_t step_of(const struct type *t)
{
	if (t->kind != TYPE_POINTER)
		return 1;
	return t->elem && t->elem->size ? t->elem->size : 1;
}

static bool compares(enum binary_op op)
{
	return op >= BIN_EQ && op <= BIN_GE;
}

static struct value string_compare(struct cg *cg, struct expr *e)
{
	struct expr *l = e->u.binary.left, *r = e->u.binary.right;
	struct value a, b;
	LLVMValueRef v;

	if (l->kind == EXPR_STRING) {
		l = e->u.binary.right;
		r = e->u.binary.left;
	}
	a = expr(cg, l);
	if (r->kind == EXPR_STRING) {
		v = string_equal_literal(cg, a, r->u.string.data, r->u.string.len);
	} else {
		b = expr(cg, r);
		v = string_equal(cg, a, b);
	}
	if (e->u.binary.op == BIN_NE)
		v = LLVMBuildNot(cg->b, v, "unequal");
	return value_scalar(e->type, bool_of(cg, v));
}

// Tuples, handles and the like: made with every byte defined, then compared as bytes.
static struct value bytes_compare(struct cg *cg, struct expr *e)
{
	struct expr *l = e->u.binary.left, *r = e->u.binary.right;
	LLVMValueRef a = frame_temp(cg, l->type->size, "left");
	LLVMValueRef b = frame_temp(cg, r->type->size, "right"), v;

	expr_into(cg, l, a, true);
	expr_into(cg, r, b, true);
	v = mem_equal(cg, a, b, l->type->size);
	if (e->u.binary.op == BIN_NE)
		v = LLVMBuildNot(cg->b, v, "unequal");
	return value_scalar(e->type, bool_of(cg, v));
}

static LLVMValueRef scaled(struct cg *cg, struct expr *index, const struct type *pointer)
{
	LLVMValueRef v = expr_scalar(cg, index);

	v = arith_resize(cg, v, 8, index->type->is_signed);
	return LLVMBuildMul(cg->b, v, k64(cg, step_of(pointer)), "offset");
}

static struct value pointer_arith(struct cg *cg, struct expr *e)
{
	struct expr *l = e->u.binary.left, *r = e->u.binary.right;
	LLVMValueRef a, b;

	if (l->type->kind == TYPE_POINTER && r->type->kind == TYPE_POINTER) {
		a = expr_scalar(cg, l);
		b = expr_scalar(cg, r);
		a = LLVMBuildSub(cg->b, a, b, "distance");
		a = arith_binary(cg, BIN_DIV, true, a, k64(cg, step_of(l->type)));
		return value_scalar(e->type, a);
	}
	if (l->type->kind == TYPE_POINTER) {
		a = expr_scalar(cg, l);
		b = scaled(cg, r, l->type);
	} else {
		b = scaled(cg, l, r->type);
		a = expr_scalar(cg, r);
	}
	return value_scalar(e->type, arith_binary(cg, e->u.binary.op, false, a, b));
}

struct value binary_expr(struct cg *cg, struct expr *e)
{
	enum binary_op op = e->u.binary.op;
	struct expr *l = e->u.binary.left, *r = e->u.binary.right;
	LLVMValueRef a, b;

	if (op == BIN_LAND || op == BIN_LOR)
		return logic_expr(cg, e);
	if (l->type->kind == TYPE_STRING)
		return string_compare(cg, e);
	if (!type_is_scalar(l->type))
		return bytes_compare(cg, e);
	if (!compares(op) && (l->type->kind == TYPE_POINTER || r->type->kind == TYPE_POINTER))
		return pointer_arith(cg, e);
	a = expr_scalar(cg, l);
	b = expr_scalar(cg, r);
	b = arith_resize(cg, b, l->type->size, r->type->is_signed);
	a = arith_binary(cg, op, l->type->is_signed, a, b);
	return value_scalar(e->type, a);
}

// a && b, a || b: b is evaluated only when a does not decide.
struct value logic_expr(struct cg *cg, struct expr *e)
{
	bool is_and = e->u.binary.op == BIN_LAND;
	LLVMBasicBlockRef more = block_new(cg, is_and ? "and" : "or"),
			  done = block_new(cg, "logic");
	LLVMValueRef slot = frame_alloca(cg, cg->i1, "logic"), v;

	v = expr_cond(cg, e->u.binary.left);
	LLVMBuildStore(cg->b, v, slot);
	block_branch(cg, v, is_and ? more : done, is_and ? done : more);
	block_enter(cg, more);
	v = expr_cond(cg, e->u.binary.right);
	LLVMBuildStore(cg->b, v, slot);
	block_goto(cg, done);
	block_enter(cg, done);
	v = LLVMBuildLoad2(cg->b, cg->i1, slot, "logic");
	return value_scalar(e->type, bool_of(cg, v));
}

static struct value address_of(struct cg *cg, struct expr *of, struct type *t)
{
	LLVMValueRef p;

	if (of->kind == EXPR_MAP)
		p = map_in_use(cg, of->u.map.map);
	else
		p = var_home(cg, of->u.var.var);
	if (LLVMGetTypeKind(LLVMTypeOf(p)) == LLVMPointerTypeKind)
		p = LLVMBuildPtrToInt(cg->b, p, cg->i64, "address");
	return value_scalar(t, p);
}

struct value unary_expr(struct cg *cg, struct expr *e)
{
	LLVMValueRef v;

	if (e->u.unary.op == UNARY_DEREF)
		return place_expr(cg, e);
	if (e->u.unary.op == UNARY_ADDROF)
		return address_of(cg, e->u.unary.operand, e->type);
	v = expr_scalar(cg, e->u.unary.operand);
	switch (e->u.unary.op) {
	case UNARY_NEG:
		v = LLVMBuildNeg(cg->b, v, "neg");
		break;
	case UNARY_BITNOT:
		v = LLVMBuildNot(cg->b, v, "not");
		break;
	case UNARY_NOT:
		v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, LLVMConstNull(LLVMTypeOf(v)), "not");
		v = bool_of(cg, v);
		break;
	default:
		bug("unary operator %d", e->u.unary.op);
	}
	v = arith_resize(cg, v, e->type->size, e->u.unary.operand->type->is_signed);
	return value_scalar(e->type, v);
}

static struct value incdec_variable(struct cg *cg, struct expr *e, LLVMValueRef step)
{
	struct variable *var = e->u.incdec.target->u.var.var;
	LLVMValueRef home = var_home(cg, var), before, after;

	before = load(cg, scalar_type(cg, var->type), home, var->name);
	step = arith_resize(cg, step, var->type->size, false);
	after = LLVMBuildAdd(cg->b, before, step, var->name);
	store(cg, after, home);
	return value_scalar(e->type, e->u.incdec.is_prefix ? after : before);
}

struct value incdec_expr(struct cg *cg, struct expr *e)
{
	struct expr *target = e->u.incdec.target;
	uint64_t by = step_of(target->type);
	LLVMValueRef step = k64(cg, e->u.incdec.is_decrement ? -by : by), before, after;

	if (target->kind == EXPR_VAR)
		return incdec_variable(cg, e, step);
	if (target->kind != EXPR_MAP)
		bug("++ on expression kind %d", target->kind);
	before = map_modify(cg, target, BIN_ADD, step, e->span);
	if (!e->u.incdec.is_prefix)
		return value_scalar(e->type, before);
	step = arith_resize(cg, step, target->type->size, false);
	after = LLVMBuildAdd(cg->b, before, step, "after");
	return value_scalar(e->type, after);
}
