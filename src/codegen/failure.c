// failure: telling what goes wrong while a script runs; all of it is counted (loss.c). A division
// by zero and a refused update of a map are told as bpftrace does, with where in the script that
// was: a small record for user space, as an event of its own (EVENT_DIVIDED_BY_ZERO,
// EVENT_HELPER_FAILED) per place. With -k failed reads of memory and lookups of missing keys are
// told as well; without it no program has code for that.
//
// A failure may repeat a million times a second. So one CPU tells a unit's first ones only, -k
// all of them; and none is told while the ring buffer is half full, which is left to the
// script's own records. The counters know how many there were.
#include "codegen/cg.h"

#include <errno.h>
#include <stddef.h>

#include <linux/bpf.h>

#include "bpf/abi.h"

// Without -k: of one kind of failure, by one unit on one CPU.
#define TOLD_AT_MOST 100
#define NOT_UNWOUND_AT_MOST 1 // every process but the few that were asked for has none

static LLVMValueRef ring_query(struct cg *cg, uint64_t what, const char *name)
{
	LLVMValueRef args[2];

	args[0] = map_address(cg, map_internal(cg, MAP_RINGBUF));
	args[1] = k64(cg, what);
	return helper_call(cg, BPF_FUNC_ringbuf_query, args, 2, name);
}

// static long tell_failure(u64 hdr, void *err)
// {
//	struct rec_failure rec = {hdr, (u64)err};
//
//	if (bpf_ringbuf_query(&mt_ring, BPF_RB_AVAIL_DATA) <
//	    bpf_ringbuf_query(&mt_ring, BPF_RB_RING_SIZE) / 2)
//		bpf_ringbuf_output(&mt_ring, &rec, sizeof(rec), 0);
//	return 0;
// }
static void tell_body(struct cg *cg)
{
	LLVMBasicBlockRef room = block_new(cg, "room"), out = block_new(cg, "out");
	LLVMTypeRef type = LLVMArrayType2(cg->i64, sizeof(struct rec_failure) / 8);
	LLVMValueRef rec = frame_alloca(cg, type, "record"), used, size, to, v, args[4];

	store(cg, LLVMGetParam(cg->fn->llvm, 0), rec);
	v = LLVMBuildPtrToInt(cg->b, LLVMGetParam(cg->fn->llvm, 1), cg->i64, "err");
	to = at(cg, rec, offsetof(struct rec_failure, err), "err");
	store(cg, v, to);
	used = ring_query(cg, BPF_RB_AVAIL_DATA, "used");
	size = ring_query(cg, BPF_RB_RING_SIZE, "size");
	size = LLVMBuildLShr(cg->b, size, k64(cg, 1), "half");
	v = LLVMBuildICmp(cg->b, LLVMIntULT, used, size, "room");
	block_branch(cg, v, room, out);
	block_enter(cg, room);
	args[0] = map_address(cg, map_internal(cg, MAP_RINGBUF));
	args[1] = rec;
	args[2] = k64(cg, sizeof(struct rec_failure));
	args[3] = k64(cg, 0);
	helper_call(cg, BPF_FUNC_ringbuf_output, args, 4, "");
	block_goto(cg, out);
	block_enter(cg, out);
	LLVMBuildRet(cg->b, k64(cg, 0));
}

static LLVMValueRef tell_function(struct cg *cg)
{
	return fn_once(cg, &cg->tell_fn, "tell_failure", tell_body);
}

static const char *helper_name(int helper)
{
	switch (helper) {
	case BPF_FUNC_map_lookup_elem:
		return "map_lookup_elem";
	case BPF_FUNC_map_lookup_percpu_elem:
		return "map_lookup_percpu_elem";
	case BPF_FUNC_map_update_elem:
		return "map_update_elem";
	case BPF_FUNC_probe_read:
		return "probe_read";
	case BPF_FUNC_probe_read_str:
		return "probe_read_str";
	case BPF_FUNC_probe_read_kernel:
		return "probe_read_kernel";
	case BPF_FUNC_probe_read_kernel_str:
		return "probe_read_kernel_str";
	case BPF_FUNC_probe_read_user:
		return "probe_read_user";
	case BPF_FUNC_probe_read_user_str:
		return "probe_read_user_str";
	case BPF_FUNC_probe_write_user:
		return "probe_write_user";
	case BPF_FUNC_d_path:
		return "d_path";
	default:
		bug("helper %d is not known to fail", helper);
	}
}

static void tell(struct cg *cg, enum event_kind kind, int helper, LLVMValueRef err)
{
	struct event_def *ev = program_add_event(cg->p, kind, cg->site);
	LLVMTypeRef params[2] = {cg->i64, cg->ptr};
	LLVMTypeRef type = LLVMFunctionType(cg->i64, params, 2, false);
	LLVMValueRef fn = tell_function(cg), args[2];

	ev->size = sizeof(struct rec_failure);
	ev->text = kind == EVENT_HELPER_FAILED ? helper_name(helper) : NULL;
	args[0] = k64(cg, (uint64_t)cg->unit->id << 32 | ev->id); // struct rec_hdr
	args[1] = LLVMBuildIntToPtr(cg->b, err, cg->ptr, "err");
	LLVMBuildCall2(cg->b, type, fn, args, 2, "");
}

// if (before < most) tell
static void tell_first(struct cg *cg, LLVMValueRef before, uint64_t most, enum event_kind kind,
		       int helper, LLVMValueRef err)
{
	LLVMBasicBlockRef first = block_new(cg, "tell"), done = block_new(cg, "told");
	LLVMValueRef v;

	if (cg->p->tell_failures) {
		block_goto(cg, first);
	} else {
		v = LLVMBuildICmp(cg->b, LLVMIntULT, before, k64(cg, most), "few");
		block_branch(cg, v, first, done);
	}
	block_enter(cg, first);
	tell(cg, kind, helper, err);
	block_goto(cg, done);
	block_enter(cg, done);
}

// ---- the failures ---------------------------------------------------------------------------

void failure_division(struct cg *cg)
{
	LLVMValueRef before = count_loss(cg, offsetof(struct unit_stats, divided_by_zero));

	tell_first(cg, before, TOLD_AT_MOST, EVENT_DIVIDED_BY_ZERO, 0, k64(cg, 0));
}

void failure_unwind(struct cg *cg)
{
	LLVMValueRef before = count_loss(cg, offsetof(struct unit_stats, not_unwound));

	tell_first(cg, before, NOT_UNWOUND_AT_MOST, EVENT_NOT_UNWOUND, 0, k64(cg, 0));
}

static void update_failed(struct cg *cg, LLVMValueRef err, size_t field)
{
	LLVMValueRef before = count_loss(cg, field);

	tell_first(cg, before, TOLD_AT_MOST, EVENT_HELPER_FAILED, BPF_FUNC_map_update_elem, err);
}

// E2BIG means that the map is full; everything else is another reason.
void failure_update(struct cg *cg, LLVMValueRef err)
{
	LLVMBasicBlockRef full = block_new(cg, "full"), other = block_new(cg, "failed");
	LLVMBasicBlockRef done = block_new(cg, "counted");
	LLVMValueRef v;

	v = LLVMBuildICmp(cg->b, LLVMIntEQ, err, k64(cg, (uint64_t)-E2BIG), "is_full");
	block_branch(cg, v, full, other);
	block_enter(cg, full);
	update_failed(cg, err, offsetof(struct unit_stats, map_full));
	block_goto(cg, done);
	block_enter(cg, other);
	update_failed(cg, err, offsetof(struct unit_stats, map_failed));
	block_goto(cg, done);
	block_enter(cg, done);
}

void failure_lookup(struct cg *cg, int helper)
{
	if (cg->p->tell_failures)
		tell(cg, EVENT_HELPER_FAILED, helper, k64(cg, 0));
}

void failure_read(struct cg *cg, int helper, LLVMValueRef err)
{
	count_loss(cg, offsetof(struct unit_stats, read_failed));
	if (cg->p->tell_failures)
		tell(cg, EVENT_HELPER_FAILED, helper, err);
}

void failure_read_check(struct cg *cg, int helper, LLVMValueRef err)
{
	LLVMBasicBlockRef ok = block_if_negative(cg, err);

	failure_read(cg, helper, err);
	block_goto(cg, ok);
	block_enter(cg, ok);
}
