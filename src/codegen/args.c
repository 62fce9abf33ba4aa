// args: the arguments and the result of a kernel function by name (check_args.c bound them to
// register slots). Where all targets of a unit have one in the same slot, that slot is a constant;
// otherwise each target's code is in a table that is loaded with the program, and the target's
// index comes from the cookie:
//
//	code = table[binding][cookie.target - first];	// u16: slot, size, sign
//	v = slot(code.slot), cut and extended as code.size and code.sign say
//
// Registers and slots of the context hold small integers with anything above them.
#include "codegen/cg.h"

#include <string.h>

#include "bpf/abi.h"

// ---- the table -------------------------------------------------------------------------------

// Codes per binding: a power of two, so that a mask keeps an index inside. (A branch would have
// to leave the program, and what it holds.)
static size_t row_length(const struct unit *u)
{
	size_t n = 1;

	while (n < u->target_count)
		n *= 2;
	return n;
}

// u16 per binding and target, in that order.
static struct map_def *code_table(struct cg *cg)
{
	struct unit *u = cg->unit;
	size_t row = row_length(u), n = u->arg_bindings.len * row;
	uint16_t *codes;

	if (u->arg_codes)
		return u->arg_codes;
	codes = arena_array(&cg->c->arena, uint16_t, n + 4);
	for (size_t i = 0; i < u->arg_bindings.len; i++)
		memcpy(codes + i * row, u->arg_bindings.data[i].codes,
		       u->target_count * sizeof(*codes));
	u->arg_codes = program_add_map(cg->p, MAP_ARG_CODES, "mt_args");
	u->arg_codes->bpf_kind = BPF_MAP_KIND_ARRAY;
	u->arg_codes->key_size = 4;
	u->arg_codes->value_size = (uint32_t)(n * sizeof(*codes) + 7) & ~7u;
	u->arg_codes->max_entries = 1;
	u->arg_codes->initial = codes;
	return u->arg_codes;
}

static LLVMValueRef code_of(struct cg *cg, unsigned binding)
{
	const struct unit *u = cg->unit;
	size_t row = row_length(u);
	LLVMValueRef table = map_first_value(cg, code_table(cg)), index, v;

	index = attach_cookie(cg);
	index = LLVMBuildAnd(cg->b, index, k64(cg, UINT32_MAX), "target");
	index = LLVMBuildSub(cg->b, index, k64(cg, u->first_target), "target");
	index = opaque(cg, index);
	index = LLVMBuildAnd(cg->b, index, k64(cg, row - 1), "inside");
	table = at(cg, table, 2ull * binding * row, "codes");
	v = LLVMBuildMul(cg->b, index, k64(cg, 2), "offset");
	table = LLVMBuildInBoundsGEP2(cg->b, cg->i8, table, &v, 1, "code");
	v = LLVMBuildLoad2(cg->b, cg->i16, table, "code");
	LLVMSetAlignment(v, 2);
	return LLVMBuildZExt(cg->b, v, cg->i64, "code");
}

// ---- slots that vary -------------------------------------------------------------------------

static bool binding_uses(const struct unit *u, const struct arg_binding *b, unsigned slot)
{
	for (uint32_t i = 0; i < u->target_count; i++)
		if (ARG_CODE_SLOT(b->codes[i]) == slot)
			return true;
	return false;
}

static bool same_slot(const struct unit *u, const struct arg_binding *b)
{
	for (uint32_t i = 1; i < u->target_count; i++)
		if (ARG_CODE_SLOT(b->codes[i]) != ARG_CODE_SLOT(b->codes[0]))
			return false;
	return true;
}

static LLVMValueRef fixed_slot(struct cg *cg, unsigned slot)
{
	return slot == ARG_SLOT_RETURN ? arch_return_value(cg) : arch_argument(cg, slot);
}

// A struct by value is in one or two slots; a larger one is on the stack of the program.
static void struct_at_slot(struct cg *cg, const struct arg_binding *b, unsigned slot,
			   LLVMValueRef dst)
{
	LLVMValueRef words, v, p;

	if (b->type->size > 16) {
		v = arch_stack_slot(cg, slot);
		mem_read(cg, dst, b->type->size, v, true);
		return;
	}
	words = frame_alloca(cg, LLVMArrayType2(cg->i64, 2), "words");
	LLVMSetAlignment(words, 8);
	for (unsigned i = 0; i * 8 < b->type->size; i++) {
		v = fixed_slot(cg, slot + i);
		p = at(cg, words, 8ull * i, "word");
		store(cg, v, p);
	}
	mem_copy(cg, dst, words, b->type->size);
}

static void value_at_slot(struct cg *cg, const struct arg_binding *b, unsigned slot,
			  LLVMValueRef dst)
{
	LLVMValueRef v;

	if (!type_is_scalar(b->type)) {
		struct_at_slot(cg, b, slot, dst);
		return;
	}
	v = fixed_slot(cg, slot);
	store(cg, v, dst);
}

// The context is read at constant offsets only: a branch per slot that occurs.
static void value_at_one_of(struct cg *cg, const struct arg_binding *b, LLVMValueRef slot,
			    LLVMValueRef dst)
{
	LLVMBasicBlockRef done = block_new(cg, "argument");
	LLVMValueRef v;

	for (unsigned n = 0; n < ARG_SLOT_RETURN; n++) {
		LLVMBasicBlockRef here, next;

		if (!binding_uses(cg->unit, b, n))
			continue;
		here = block_new(cg, "slot");
		next = block_new(cg, "other");
		v = LLVMBuildICmp(cg->b, LLVMIntEQ, slot, k64(cg, n), "is_slot");
		block_branch(cg, v, here, next);
		block_enter(cg, here);
		value_at_slot(cg, b, n, dst);
		block_goto(cg, done);
		block_enter(cg, next);
	}
	block_goto(cg, done);
	block_enter(cg, done);
}

static LLVMValueRef register_slot(struct cg *cg, const struct arg_binding *b, LLVMValueRef slot)
{
	LLVMValueRef home = frame_alloca(cg, cg->i64, "argument");

	store(cg, k64(cg, 0), home);
	value_at_one_of(cg, b, slot, home);
	return load(cg, cg->i64, home, "argument");
}

static LLVMValueRef varying_slot(struct cg *cg, const struct arg_binding *b, LLVMValueRef code)
{
	LLVMValueRef slot;

	if (same_slot(cg->unit, b))
		return b->slot == ARG_SLOT_RETURN ? arch_return_value(cg)
						  : arch_argument(cg, b->slot);
	slot = LLVMBuildAnd(cg->b, code, k64(cg, ARG_SLOT_RETURN), "slot");
	if (mechanism_is_trampoline(cg->unit->mech))
		return arch_argument_at(cg, slot);
	return register_slot(cg, b, slot);
}

// Bytes above the value's own are cut off; then they are what its sign says.
static LLVMValueRef normalised(struct cg *cg, LLVMValueRef v, LLVMValueRef code)
{
	LLVMValueRef shift, sign, up, down;

	shift = LLVMBuildLShr(cg->b, code, k64(cg, 5), "bits"); // 8 * size, above the sign's bit
	shift = LLVMBuildAnd(cg->b, shift, k64(cg, 0x78), "bits");
	shift = LLVMBuildSub(cg->b, k64(cg, 64), shift, "shift");
	shift = LLVMBuildAnd(cg->b, shift, k64(cg, 63), "shift");
	v = LLVMBuildShl(cg->b, v, shift, "cut");
	up = LLVMBuildAShr(cg->b, v, shift, "signed");
	down = LLVMBuildLShr(cg->b, v, shift, "unsigned");
	sign = LLVMBuildAnd(cg->b, code, k64(cg, ARG_CODE_SIGNED), "sign");
	sign = non_zero(cg, sign);
	return LLVMBuildSelect(cg->b, sign, up, down, "value");
}

// ---- values ------------------------------------------------------------------------------------

LLVMValueRef arg_scalar(struct cg *cg, unsigned binding)
{
	const struct arg_binding *b = &cg->unit->arg_bindings.data[binding];
	LLVMValueRef v, code;

	if (b->uniform && ARG_CODE_SIZE(b->codes[0]) == b->type->size) {
		v = fixed_slot(cg, b->slot);
		return arith_resize(cg, v, b->type->size, false);
	}
	code = b->uniform ? k64(cg, b->codes[0]) : code_of(cg, binding);
	v = varying_slot(cg, b, code);
	if (b->type->kind == TYPE_INT && b->type->size == 8)
		v = normalised(cg, v, code);
	return arith_resize(cg, v, b->type->size, false);
}

// Slots of a trampoline are numbers for a helper.
static void trampoline_struct(struct cg *cg, const struct arg_binding *b, LLVMValueRef slot,
			      LLVMValueRef dst)
{
	LLVMValueRef words = frame_alloca(cg, LLVMArrayType2(cg->i64, 2), "words"), n, v, p;

	LLVMSetAlignment(words, 8);
	for (unsigned i = 0; i * 8 < b->type->size; i++) {
		n = LLVMBuildAdd(cg->b, slot, k64(cg, i), "slot");
		v = arch_argument_at(cg, n);
		p = at(cg, words, 8ull * i, "word");
		store(cg, v, p);
	}
	mem_copy(cg, dst, words, b->type->size);
}

static void struct_into(struct cg *cg, const struct arg_binding *b, unsigned binding,
			LLVMValueRef dst)
{
	LLVMValueRef slot;

	if (b->uniform) {
		struct_at_slot(cg, b, b->slot, dst);
		return;
	}
	slot = code_of(cg, binding);
	slot = LLVMBuildAnd(cg->b, slot, k64(cg, ARG_SLOT_RETURN), "slot");
	if (mechanism_is_trampoline(cg->unit->mech)) {
		trampoline_struct(cg, b, slot, dst);
		return;
	}
	mem_zero(cg, dst, b->type->size);
	value_at_one_of(cg, b, slot, dst);
}

void arg_into(struct cg *cg, unsigned binding, LLVMValueRef dst)
{
	const struct arg_binding *b = &cg->unit->arg_bindings.data[binding];
	LLVMValueRef v;

	if (type_is_scalar(b->type)) {
		v = arg_scalar(cg, binding);
		store(cg, v, dst);
	} else {
		struct_into(cg, b, binding, dst);
	}
}

// In a return half arguments are what the entry kept, unless the mechanism keeps them itself.
static bool is_captured(const struct cg *cg)
{
	return cg->half == HALF_RETURN && !mechanism_is_trampoline(cg->unit->mech);
}

LLVMValueRef arg_value(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	unsigned binding = e->u.ident.arg;
	int capture;
	LLVMValueRef from;

	if (!is_captured(cg)) {
		if (!dst)
			return arg_scalar(cg, binding);
		arg_into(cg, binding, dst);
		return NULL;
	}
	capture = capture_find(cg->unit, CAPTURE_ARG, NULL, CAPTURED_BINDING + binding);
	if (!dst)
		return capture_load(cg, capture, scalar_type(cg, e->type));
	from = capture_place(cg, capture);
	mem_copy(cg, dst, from, e->type->size);
	return NULL;
}
