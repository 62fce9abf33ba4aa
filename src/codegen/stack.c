// stack: kstack, ustack and dw_ustack. The kernel (or unwind.c) walks the stack into scratch; its
// addresses are hashed to an id once, and MAP_STACKS keeps the addresses of each id. What the
// script handles, stores and uses as a key is struct stack_val: 16 bytes whatever the depth.
//
// A second hash of the same addresses tells two stacks of one id apart (counted; the first is
// what is printed for both).
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>

#include "bpf/abi.h"
#include "codegen/calls.h"

#define HASH_FACTOR 0x9e3779b97f4a7c15ull
#define CHECK_FACTOR 0xc2b2ae3d27d4eb4full

struct hashes {
	LLVMValueRef id, check; // allocas
};

// id = (id ^ address) * F; id ^= id >> 29;  check = check * C + address;
static void hash_address(struct cg *cg, struct hashes *h, LLVMValueRef address)
{
	LLVMValueRef id = load(cg, cg->i64, h->id, "id"), check, high;

	id = LLVMBuildXor(cg->b, id, address, "id");
	id = LLVMBuildMul(cg->b, id, k64(cg, HASH_FACTOR), "id");
	high = LLVMBuildLShr(cg->b, id, k64(cg, 29), "high");
	id = LLVMBuildXor(cg->b, id, high, "id");
	store(cg, id, h->id);
	check = load(cg, cg->i64, h->check, "check");
	check = LLVMBuildMul(cg->b, check, k64(cg, CHECK_FACTOR), "check");
	check = LLVMBuildAdd(cg->b, check, address, "check");
	store(cg, check, h->check);
}

// for (i = 0; i < limit && i < frames; i++) hash(addresses[i]): limit is a constant for the
// verifier's sake, and tested at the end (string.c).
static void hash_addresses(struct cg *cg, struct hashes *h, LLVMValueRef addresses,
			   LLVMValueRef frames, uint32_t limit)
{
	LLVMBasicBlockRef body = block_new(cg, "frame"), inside = block_new(cg, "address");
	LLVMBasicBlockRef done = block_new(cg, "hashed");
	LLVMValueRef counter = frame_alloca(cg, cg->i64, "i"), i, v;

	store(cg, k64(cg, 0), counter);
	block_goto(cg, body);
	block_enter(cg, body);
	i = load(cg, cg->i64, counter, "i");
	v = LLVMBuildICmp(cg->b, LLVMIntULT, i, frames, "inside");
	block_branch(cg, v, inside, done);
	block_enter(cg, inside);
	v = LLVMBuildInBoundsGEP2(cg->b, cg->i64, addresses, &i, 1, "address");
	v = load(cg, cg->i64, v, "address");
	hash_address(cg, h, v);
	v = LLVMBuildAdd(cg->b, i, k64(cg, 1), "i");
	store(cg, v, counter);
	v = LLVMBuildICmp(cg->b, LLVMIntULT, v, k64(cg, limit), "more");
	block_branch(cg, v, body, done);
	block_enter(cg, done);
}

void tell_process(struct cg *cg, uint32_t what, LLVMValueRef pid)
{
	const struct event_def process = {.id = what, .size = sizeof(struct rec_process)};
	LLVMValueRef to;
	struct record r;

	record_begin(cg, &r, &process);
	to = at(cg, r.at, offsetof(struct rec_process, pid), "pid");
	pid = LLVMBuildZExt(cg->b, pid, cg->i64, "pid");
	store(cg, pid, to);
	record_end(cg, &r);
}

// found = lookup(stacks, &id);
// if (found) { if (found->check != check) count; }
// else { trace->check = check; if (update(stacks, &id, trace)) count; else tell(pid); }
// Has found no room, or another's: on at `lost`.
static void keep_addresses(struct cg *cg, struct hashes *h, LLVMValueRef trace, LLVMValueRef pid,
			   LLVMBasicBlockRef lost)
{
	LLVMBasicBlockRef known = block_new(cg, "known"), is_new = block_new(cg, "new_stack");
	LLVMBasicBlockRef other = block_new(cg, "collision"), refused = block_new(cg, "refused");
	LLVMBasicBlockRef kept = block_new(cg, "kept"), done = block_new(cg, "have_stack");
	struct map_def *stacks = map_internal(cg, MAP_STACKS);
	LLVMValueRef found = map_lookup(cg, stacks, h->id), check, v;

	check = load(cg, cg->i64, h->check, "check");
	v = is_null(cg, found);
	block_branch(cg, v, is_new, known);
	block_enter(cg, known);
	v = load(cg, cg->i64, found, "check");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, check, "same");
	block_branch(cg, v, done, other);
	block_enter(cg, other);
	count_loss(cg, offsetof(struct unit_stats, stack_collisions));
	block_goto(cg, lost);
	block_enter(cg, is_new);
	store(cg, check, trace);
	v = map_update(cg, stacks, h->id, trace, BPF_ANY, "err");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, k64(cg, 0), "kept");
	block_branch(cg, v, kept, refused);
	block_enter(cg, refused);
	count_loss(cg, offsetof(struct unit_stats, stacks_lost));
	block_goto(cg, lost);
	block_enter(cg, kept);
	if (pid)
		tell_process(cg, REC_PROCESS, pid);
	block_goto(cg, done);
	block_enter(cg, done);
}

// The same number by way of memory, where the verifier loses sight of it. What it learns from
// each turn of the loop that goes so far is then not known of the number that is kept: it would
// follow every length on its own.
static LLVMValueRef apart(struct cg *cg, LLVMValueRef number, LLVMValueRef memory)
{
	LLVMSetVolatile(LLVMBuildStore(cg->b, number, memory), true);
	number = load(cg, cg->i64, memory, "apart");
	LLVMSetVolatile(number, true);
	return number;
}

enum walker { KERNEL_STACK, USER_STACK, USER_STACK_BY_TABLES };

// Bytes of addresses, or an error.
static LLVMValueRef walk_stack(struct cg *cg, LLVMValueRef trace, uint32_t limit, enum walker how)
{
	uint64_t flags = how == USER_STACK ? BPF_F_USER_STACK : 0;
	LLVMValueRef args[4];

	args[1] = at(cg, trace, sizeof(abi_u64), "addresses");
	if (how == USER_STACK_BY_TABLES)
		return unwind_stack(cg, args[1], limit);
	args[0] = cg->fn->ctx;
	args[2] = k32(cg, 8 * limit);
	args[3] = k64(cg, flags);
	return helper_call(cg, BPF_FUNC_get_stack, args, 4, "bytes");
}

// pid NULL: the same stack is the same key, whoever runs it.
static void stack_into(struct cg *cg, struct expr *e, LLVMValueRef dst, LLVMValueRef pid,
		       enum walker how)
{
	LLVMValueRef head = pid ? pid : k32(cg, 0), trace, frames, frames_to, to, v;
	LLVMBasicBlockRef ok = block_new(cg, "stack"), done = block_new(cg, "stack_done");
	bool remembers = how == KERNEL_STACK && memo_serves(cg, e->type->count);
	struct hashes h;
	struct memo memo;

	store(cg, head, dst);
	frames_to = at(cg, dst, offsetof(struct stack_val, frames), "frames");
	store(cg, k32(cg, 0), frames_to);
	h.id = frame_alloca(cg, cg->i64, "id");
	h.check = frame_alloca(cg, cg->i64, "check");
	v = LLVMBuildZExt(cg->b, head, cg->i64, "seed");
	store(cg, v, h.id);
	store(cg, v, h.check);
	if (e->type->count) {
		trace = frame_temp(cg, 8 + 8 * cg->p->stack_frames, "trace");
		if (remembers)
			memo_recall(cg, &memo, trace, h.id, frames_to, done);
		v = walk_stack(cg, trace, e->type->count, how);
		head = LLVMBuildICmp(cg->b, LLVMIntSGT, v, k64(cg, 0), "ok");
		block_branch(cg, head, ok, done);
		block_enter(cg, ok);
		frames = LLVMBuildLShr(cg->b, v, k64(cg, 3), "frames");
		v = LLVMBuildTrunc(cg->b, frames, cg->i32, "frames");
		store(cg, v, frames_to);
		frames = apart(cg, frames, trace);
		to = at(cg, trace, sizeof(abi_u64), "addresses");
		hash_addresses(cg, &h, to, frames, e->type->count);
		keep_addresses(cg, &h, trace, pid, done);
		if (remembers)
			memo_ask(cg, &memo, load(cg, cg->i64, h.id, "id"),
				 load(cg, cg->i32, frames_to, "frames"), e->type->count);
	} else {
		block_goto(cg, ok);
		block_enter(cg, ok);
	}
	block_goto(cg, done);
	block_enter(cg, done);
	v = load(cg, cg->i64, h.id, "id");
	to = at(cg, dst, offsetof(struct stack_val, id), "id");
	store(cg, v, to);
}

static LLVMValueRef user_stack(struct cg *cg, struct expr *e, LLVMValueRef dst, enum walker how)
{
	LLVMValueRef v = pid_tgid(cg);

	v = LLVMBuildLShr(cg->b, v, k64(cg, 32), "pid");
	v = LLVMBuildTrunc(cg->b, v, cg->i32, "pid");
	stack_into(cg, e, dst, v, how);
	return NULL;
}

LLVMValueRef cg_USTACK(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	return user_stack(cg, e, dst, USER_STACK);
}

LLVMValueRef cg_DW_USTACK(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	return user_stack(cg, e, dst, USER_STACK_BY_TABLES);
}

LLVMValueRef cg_KSTACK(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	stack_into(cg, e, dst, NULL, KERNEL_STACK);
	return NULL;
}
