// kernel_call: the kernel's own objects, given back to it: path(), socket_cookie(), skboutput(),
// comm(pid); the raw context; per-CPU variables by their address.
#include "codegen/cg.h"

#include <errno.h>
#include <stddef.h>

#include <linux/bpf.h>

#include "bpf/abi.h"
#include "codegen/calls.h"
#include "sema/builtins.h"

static LLVMValueRef u64_of(struct cg *cg, struct expr *e)
{
	LLVMValueRef v = expr_scalar(cg, e);

	return arith_resize(cg, v, 8, e->type->is_signed);
}

// ---- with types that the verifier knows --------------------------------------------------------

// err = bpf_d_path(path, text, size);
// if (err < 0 && err != -ENAMETOOLONG) { count; text[0] = 0; }
//
// Of a path that is longer than the text the kernel leaves the end in it.
LLVMValueRef cg_PATH(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMBasicBlockRef failed = block_new(cg, "failed"), none = block_new(cg, "no_path");
	LLVMBasicBlockRef absent = block_new(cg, "absent"), done = block_new(cg, "path");
	uint32_t size = e->type->size;
	LLVMValueRef text = clean ? frame_temp(cg, size, "path") : dst, args[3], err, v;

	args[0] = trusted_pointer(cg, e->u.call.args.data[0], absent);
	args[1] = text;
	args[2] = k32(cg, size);
	err = helper_call(cg, BPF_FUNC_d_path, args, 3, "length");
	v = LLVMBuildICmp(cg->b, LLVMIntSLT, err, k64(cg, 0), "error");
	block_branch(cg, v, failed, done);
	block_enter(cg, failed);
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, err, k64(cg, (uint64_t)-ENAMETOOLONG), "too_long");
	block_branch(cg, v, done, none);
	block_enter(cg, none);
	failure_read(cg, BPF_FUNC_d_path, err);
	block_goto(cg, absent);
	block_enter(cg, absent);
	store(cg, LLVMConstInt(cg->i8, 0, false), text);
	block_goto(cg, done);
	block_enter(cg, done);
	if (clean)
		string_copy(cg, dst, size, text, size, true);
	return NULL;
}

LLVMValueRef cg_SOCKET_COOKIE(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMBasicBlockRef absent = block_new(cg, "absent");
	LLVMValueRef args[1], cookie;

	args[0] = trusted_pointer(cg, e->u.call.args.data[0], absent);
	cookie = helper_call(cg, BPF_FUNC_get_socket_cookie, args, 1, "cookie");
	return trusted_or_zero(cg, cookie, absent);
}

// rec = {hdr, now, length};
// err = bpf_skb_output(skb, packets, length << 32 | BPF_F_CURRENT_CPU, &rec, sizeof(rec));
// if (err == -ENOSPC) count;
LLVMValueRef cg_SKBOUTPUT(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMBasicBlockRef full = block_new(cg, "packets_full"), done = block_new(cg, "packet");
	LLVMBasicBlockRef absent = block_new(cg, "absent");
	LLVMValueRef rec = frame_temp(cg, sizeof(struct rec_packet), "packet"), args[5], v, to;

	args[0] = trusted_pointer(cg, e->u.call.args.data[1], absent);
	v = u64_of(cg, e->u.call.args.data[2]);
	v = bounded(cg, v, PACKET_BYTES_MAX);
	record_head(cg, rec, e->u.call.event);
	to = at(cg, rec, offsetof(struct rec_packet, size), "size");
	store(cg, v, to);
	args[2] = LLVMBuildShl(cg->b, v, k64(cg, 32), "size");
	args[2] = LLVMBuildOr(cg->b, args[2], k64(cg, BPF_F_CURRENT_CPU), "flags");
	v = clock_ns(cg, CLOCK_MODE_BOOT);
	to = at(cg, rec, offsetof(struct rec_packet, boot_ns), "now");
	store(cg, v, to);
	args[1] = map_address(cg, map_internal(cg, MAP_PACKETS));
	args[3] = rec;
	args[4] = k64(cg, sizeof(struct rec_packet));
	v = helper_call(cg, BPF_FUNC_skb_output, args, 5, "err");
	v = LLVMBuildTrunc(cg->b, v, cg->i32, "err");
	to = LLVMBuildICmp(cg->b, LLVMIntEQ, v, k32(cg, (uint32_t)-ENOSPC), "no_room");
	block_branch(cg, to, full, done);
	block_enter(cg, full);
	count_loss(cg, offsetof(struct unit_stats, lost_records));
	block_goto(cg, done);
	block_enter(cg, done);
	return trusted_or_zero(cg, v, absent);
}

// task = bpf_task_from_pid(pid);
// if (!task) { name = "N/A"; warnf(...); } else { read task->comm; bpf_task_release(task); }
LLVMValueRef cg_CALL_COMM(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMBasicBlockRef none = block_new(cg, "no_task"), have = block_new(cg, "task");
	LLVMBasicBlockRef done = block_new(cg, "named");
	LLVMValueRef args[3], task, v;

	mem_zero(cg, dst, e->type->size);
	args[0] = u64_of(cg, e->u.call.args.data[0]);
	task = kfunc_call(cg, KFUNC_TASK_FROM_PID, args, 1, "task");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, task, k64(cg, 0), "none");
	block_branch(cg, v, none, have);
	block_enter(cg, none);
	string_literal(cg, "N/A", 3, dst, e->type->size, false);
	if (e->u.call.args.len > 2)
		event_send(cg, e->u.call.args.data[2]);
	block_goto(cg, done);
	block_enter(cg, have);
	args[0] = dst;
	args[1] = k32(cg, 16);
	args[2] = LLVMBuildAdd(cg->b, task, u64_of(cg, e->u.call.args.data[1]), "comm");
	helper_call(cg, BPF_FUNC_probe_read_kernel_str, args, 3, "");
	args[0] = task;
	kfunc_call(cg, KFUNC_TASK_RELEASE, args, 1, "");
	block_goto(cg, done);
	block_enter(cg, done);
	return NULL;
}

// ---- by address ----------------------------------------------------------------------------------

// if (cpu < ncpus) { read offset at table[cpu]; p = variable + offset; } else p = NULL;
LLVMValueRef cg_PERCPU_KADDR(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMBasicBlockRef there = block_new(cg, "cpu"), done = block_new(cg, "percpu");
	LLVMValueRef variable = u64_of(cg, e->u.call.args.data[0]);
	LLVMValueRef table = u64_of(cg, e->u.call.args.data[1]);
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "percpu");
	LLVMValueRef offset = frame_alloca(cg, cg->i64, "offset"), cpu, v;

	store(cg, k64(cg, 0), slot);
	if (e->u.call.args.len > 2)
		cpu = u64_of(cg, e->u.call.args.data[2]);
	else
		cpu = helper_call(cg, BPF_FUNC_get_smp_processor_id, NULL, 0, "cpu");
	v = LLVMBuildICmp(cg->b, LLVMIntULT, cpu, k64(cg, cg->ncpus), "there");
	block_branch(cg, v, there, done);
	block_enter(cg, there);
	v = LLVMBuildShl(cg->b, cpu, k64(cg, 3), "index");
	v = LLVMBuildAdd(cg->b, table, v, "entry");
	mem_read(cg, offset, 8, v, false);
	v = load(cg, cg->i64, offset, "offset");
	v = LLVMBuildAdd(cg->b, variable, v, "address");
	store(cg, v, slot);
	block_goto(cg, done);
	block_enter(cg, done);
	return load(cg, cg->i64, slot, "percpu");
}

// Of a perf event the context is the kernel's own; what bpf_perf_event_data begins with, the
// registers, is where its first member points.
LLVMValueRef cg_context(struct cg *cg)
{
	LLVMValueRef ctx = LLVMBuildPtrToInt(cg->b, cg->fn->ctx, cg->i64, "ctx"), slot;

	if (cg->unit->mech != MECH_PERF_TIMER && cg->unit->mech != MECH_PERF_COUNTER)
		return ctx;
	slot = frame_alloca(cg, cg->i64, "regs");
	mem_read(cg, slot, 8, ctx, false);
	return load(cg, cg->i64, slot, "regs");
}
