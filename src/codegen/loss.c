// loss: counting what goes wrong while a script runs, in its unit's struct unit_stats. The function
// that does it is emitted once, when the first place calls for it.
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>

#include "bpf/abi.h"

// static long count_loss(u64 unit, char *field)
// {
//	u32 key = unit;
//	char *stats = bpf_map_lookup_elem(&mt_stats, &key);
//	u64 before = ~0;
//
//	if (stats) {
//		before = *(u64 *)(stats + (u64)field);
//		__sync_fetch_and_add((u64 *)(stats + (u64)field), 1);
//	}
//	return before;
// }
static void loss_body(struct cg *cg)
{
	LLVMBasicBlockRef found = block_new(cg, "found"), out = block_new(cg, "out");
	LLVMValueRef unit = LLVMGetParam(cg->fn->llvm, 0), field = LLVMGetParam(cg->fn->llvm, 1);
	LLVMValueRef key = frame_alloca(cg, cg->i32, "key"), args[2], stats, v;
	LLVMValueRef before = frame_alloca(cg, cg->i64, "before"), count;

	unit = LLVMBuildTrunc(cg->b, unit, cg->i32, "unit");
	store(cg, unit, key);
	store(cg, k64(cg, UINT64_MAX), before);
	args[0] = map_address(cg, map_internal(cg, MAP_STATS));
	args[1] = key;
	stats = helper_call(cg, BPF_FUNC_map_lookup_elem, args, 2, "stats");
	v = is_null(cg, stats);
	block_branch(cg, v, out, found);
	block_enter(cg, found);
	stats = LLVMBuildIntToPtr(cg->b, stats, cg->ptr, "stats");
	field = LLVMBuildPtrToInt(cg->b, field, cg->i64, "field");
	v = LLVMBuildInBoundsGEP2(cg->b, cg->i8, stats, &field, 1, "field");
	count = load(cg, cg->i64, v, "before");
	store(cg, count, before);
	atomic_add(cg, v, k64(cg, 1));
	block_goto(cg, out);
	block_enter(cg, out);
	v = load(cg, cg->i64, before, "before");
	LLVMBuildRet(cg->b, v);
}

static LLVMValueRef loss_function(struct cg *cg)
{
	return fn_once(cg, &cg->loss_fn, "count_loss", loss_body);
}

LLVMValueRef count_loss(struct cg *cg, size_t field)
{
	LLVMTypeRef params[2] = {cg->i64, cg->ptr};
	LLVMTypeRef type = LLVMFunctionType(cg->i64, params, 2, false);
	LLVMValueRef fn = loss_function(cg), args[2];

	args[0] = k64(cg, cg->unit->id);
	args[1] = LLVMConstIntToPtr(k64(cg, field), cg->ptr);
	return LLVMBuildCall2(cg->b, type, fn, args, 2, "before");
}

LLVMBasicBlockRef block_if_negative(struct cg *cg, LLVMValueRef err)
{
	LLVMBasicBlockRef bad = block_new(cg, "failed"), ok = block_new(cg, "ok");
	LLVMValueRef v = LLVMBuildICmp(cg->b, LLVMIntSLT, err, k64(cg, 0), "error");

	block_branch(cg, v, bad, ok);
	block_enter(cg, bad);
	return ok;
}

void count_if_negative(struct cg *cg, LLVMValueRef err, size_t field)
{
	LLVMBasicBlockRef ok = block_if_negative(cg, err);

	count_loss(cg, field);
	block_goto(cg, ok);
	block_enter(cg, ok);
}
