// arch: where a function's arguments, its result and the registers are: in struct pt_regs, or in
// the context of a BPF trampoline, which has argument slots only and is read through helpers.
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>

#include "base/cleanup.h"

#if defined(__x86_64__)

static const unsigned short arg_offsets[] = {112, 104, 96, 88, 72, 64}; // di si dx cx r8 r9
enum { RETURN_OFFSET = 80, SP_OFFSET = 152, RETURN_ADDRESS_SIZE = 8 };

#elif defined(__aarch64__)

static const unsigned short arg_offsets[] = {0, 8, 16, 24, 32, 40, 48, 56}; // x0..x7
enum { RETURN_OFFSET = 0, SP_OFFSET = 248, RETURN_ADDRESS_SIZE = 0 };

#else
#error "mtrace runs on x86-64 and arm64"
#endif

LLVMValueRef arch_register(struct cg *cg, uint64_t offset)
{
	LLVMValueRef p = at(cg, cg->fn->ctx, offset, "register");

	return load(cg, cg->i64, p, "register");
}

// Beyond the registers arguments are on the stack, above the return address.
LLVMValueRef arch_stack_slot(struct cg *cg, unsigned n)
{
	LLVMValueRef sp = arch_register(cg, SP_OFFSET);
	uint64_t above = RETURN_ADDRESS_SIZE + 8ull * (n - (unsigned)ARRAY_SIZE(arg_offsets));

	return LLVMBuildAdd(cg->b, sp, k64(cg, above), "stack_arg");
}

static LLVMValueRef stack_argument(struct cg *cg, unsigned n)
{
	LLVMValueRef at = arch_stack_slot(cg, n);
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "stack_arg");
	struct type pointer = {.kind = TYPE_POINTER};

	mem_read(cg, slot, 8, at, space_is_user(cg, &pointer));
	return load(cg, cg->i64, slot, "stack_arg");
}

// Nothing there (fewer arguments than that): 0.
static LLVMValueRef trampoline_value(struct cg *cg, int helper, LLVMValueRef n)
{
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "slot"), args[3];
	unsigned count = 0;

	store(cg, k64(cg, 0), slot);
	args[count++] = cg->fn->ctx;
	if (n)
		args[count++] = n;
	args[count++] = slot;
	helper_call(cg, helper, args, count, "");
	return load(cg, cg->i64, slot, "slot");
}

LLVMValueRef arch_argument_at(struct cg *cg, LLVMValueRef slot)
{
	LLVMValueRef n = LLVMBuildTrunc(cg->b, slot, cg->i32, "slot");

	return trampoline_value(cg, BPF_FUNC_get_func_arg, n);
}

// As a number: the verifier would know it as a pointer that cannot be reckoned with.
static LLVMValueRef raw_tracepoint_argument(struct cg *cg, unsigned n)
{
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "raw_arg"), from;

	from = LLVMBuildPtrToInt(cg->b, cg->fn->ctx, cg->i64, "raw_arg");
	from = LLVMBuildAdd(cg->b, from, k64(cg, 8ull * n), "raw_arg");
	mem_read(cg, slot, 8, from, false);
	return load(cg, cg->i64, slot, "raw_arg");
}

LLVMValueRef arch_argument(struct cg *cg, unsigned n)
{
	if (mechanism_is_trampoline(cg->unit->mech) && cg->trusted)
		return arch_register(cg, 8ull * n); // a helper's copy would have lost its type
	if (cg->unit->mech == MECH_RAW_TP_BTF)
		return raw_tracepoint_argument(cg, n);
	if (mechanism_is_trampoline(cg->unit->mech))
		return trampoline_value(cg, BPF_FUNC_get_func_arg, k32(cg, n));
	if (n < ARRAY_SIZE(arg_offsets))
		return arch_register(cg, arg_offsets[n]);
	return stack_argument(cg, n);
}

LLVMValueRef arch_return_value(struct cg *cg)
{
	if (mechanism_is_trampoline(cg->unit->mech))
		return trampoline_value(cg, BPF_FUNC_get_func_ret, NULL);
	return arch_register(cg, RETURN_OFFSET);
}

// The stack pointer at entry names a call among those of its thread. At the return the return
// address has been popped.
LLVMValueRef arch_entry_sp(struct cg *cg, bool at_return)
{
	LLVMValueRef sp;

	// A trampoline's context lies in its own frame, the same at the entry and at the return.
	if (mechanism_is_trampoline(cg->unit->mech))
		return LLVMBuildPtrToInt(cg->b, cg->fn->ctx, cg->i64, "frame");
	sp = arch_register(cg, SP_OFFSET);
	if (!at_return || !RETURN_ADDRESS_SIZE)
		return sp;
	return LLVMBuildSub(cg->b, sp, k64(cg, RETURN_ADDRESS_SIZE), "entry_sp");
}
