// stack_memo: kernel stacks that the program of a raw tracepoint or a system call recognises
// instead of walking them. The kernel's walk begins in its own helpers and costs ten times the rest
// of `@[kstack] = count()`.
//
// The program's context lies on the kernel stack, in the frame of the function that called it. A
// stack_memo says at which distances above it the return addresses of one stack were; if they are
// there again, it is that stack: the frame of each function has the size that its code gives it, so
// by induction each slot is the next frame's. One function of a system call's entry has a frame of
// varying size (RANDOMIZE_KSTACK_OFFSET); as memos are kept by the distance from the context to the
// stack's top, that size is given, too. User space finds the slots (output/stack_memo.c): a program
// asks it at the 1st, 2nd, 4th, 8th ... time that it has to walk at some depth, if the ring buffer
// has room to spare.
//
// Interrupts on stacks of their own and programs run without an event have no such depth: they
// walk.
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>

#include "bpf/abi.h"
#include "codegen/calls.h"

enum { MEMO_FRAMES_MIN = 64 }; // the scratch of shorter ones may be on the program's stack

bool memo_serves(const struct cg *cg, uint32_t limit)
{
	return cg->p->stack_memo && limit >= MEMO_FRAMES_MIN && unit_context_is_on_stack(cg->unit);
}

// By way of a map's value the verifier takes it for a number. (On the program's stack it would
// remember what it is.)
static LLVMValueRef as_number(struct cg *cg, LLVMValueRef pointer, LLVMValueRef scratch)
{
	LLVMValueRef v;

	LLVMSetVolatile(LLVMBuildStore(cg->b, pointer, scratch), true);
	v = load(cg, cg->i64, scratch, "number");
	LLVMSetVolatile(v, true);
	return v;
}

static LLVMValueRef depth_of(struct cg *cg, struct memo *m, LLVMValueRef scratch)
{
	LLVMValueRef task, regs, ctx;

	task = helper_call(cg, BPF_FUNC_get_current_task_btf, NULL, 0, "task");
	regs = helper_call(cg, BPF_FUNC_task_pt_regs, &task, 1, "regs");
	regs = as_number(cg, regs, scratch);
	ctx = as_number(cg, cg->fn->ctx, scratch);
	store(cg, ctx, m->ctx);
	return LLVMBuildSub(cg->b, regs, ctx, "depth");
}

// MEMO_INDEX
static void store_index(struct cg *cg, struct memo *m, LLVMValueRef depth)
{
	LLVMValueRef v = LLVMBuildLShr(cg->b, depth, k64(cg, 4), "steps");

	v = LLVMBuildAdd(cg->b, v, k64(cg, m->site * 61u), "at");
	v = LLVMBuildAnd(cg->b, v, k64(cg, MEMO_ENTRIES - 1), "at");
	v = LLVMBuildTrunc(cg->b, v, cg->i32, "index");
	store(cg, v, m->index);
}

static LLVMValueRef entry_u32(struct cg *cg, LLVMValueRef entry, size_t offset, const char *name)
{
	LLVMValueRef p = at(cg, entry, offset, name), v;

	v = load(cg, cg->i32, p, name);
	LLVMSetVolatile(v, true); // user space may be writing
	return v;
}

// On only if the entry's number is the one wanted.
static void expect_u32(struct cg *cg, LLVMValueRef entry, size_t offset, LLVMValueRef wanted,
		       LLVMBasicBlockRef otherwise)
{
	LLVMBasicBlockRef same = block_new(cg, "same");
	LLVMValueRef v = entry_u32(cg, entry, offset, "field");

	v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, wanted, "same");
	block_branch(cg, v, same, otherwise);
	block_enter(cg, same);
}

// On if *(ctx + slot->above) == slot->address; memory that is not there reads as 0.
static void expect_slot(struct cg *cg, struct memo *m, LLVMValueRef slot, LLVMBasicBlockRef next,
			LLVMBasicBlockRef otherwise)
{
	LLVMValueRef word = frame_alloca(cg, cg->i64, "word"), args[3], above, v;

	above = load(cg, cg->i64, slot, "above");
	v = load(cg, cg->i64, m->ctx, "ctx");
	args[0] = word;
	args[1] = k32(cg, 8);
	args[2] = LLVMBuildAdd(cg->b, v, above, "from");
	helper_call(cg, BPF_FUNC_probe_read_kernel, args, 3, "err");
	word = load(cg, cg->i64, word, "word");
	v = at(cg, slot, offsetof(struct memo_slot, address), "address");
	v = load(cg, cg->i64, v, "address");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, word, v, "same");
	block_branch(cg, v, next, otherwise);
}

// for (i = 0; i < MEMO_SLOTS && i < entry->slots; i++) expect(&entry->slot[i]);
static void expect_slots(struct cg *cg, struct memo *m, LLVMValueRef entry,
			 LLVMBasicBlockRef otherwise)
{
	LLVMBasicBlockRef body = block_new(cg, "slot"), inside = block_new(cg, "compare");
	LLVMBasicBlockRef next = block_new(cg, "next_slot"), done = block_new(cg, "all_same");
	LLVMValueRef counter = frame_alloca(cg, cg->i64, "i"), count, i, v;

	count = entry_u32(cg, entry, offsetof(struct stack_memo, slots), "slots");
	count = LLVMBuildZExt(cg->b, count, cg->i64, "slots");
	entry = at(cg, entry, offsetof(struct stack_memo, slot), "slot");
	store(cg, k64(cg, 0), counter);
	block_goto(cg, body);
	block_enter(cg, body);
	i = load(cg, cg->i64, counter, "i");
	v = LLVMBuildICmp(cg->b, LLVMIntULT, i, count, "inside");
	block_branch(cg, v, inside, done);
	block_enter(cg, inside);
	i = LLVMBuildMul(cg->b, i, k64(cg, sizeof(struct memo_slot)), "offset");
	v = LLVMBuildInBoundsGEP2(cg->b, cg->i8, entry, &i, 1, "slot");
	expect_slot(cg, m, v, next, otherwise);
	block_enter(cg, next);
	i = load(cg, cg->i64, counter, "i");
	i = LLVMBuildAdd(cg->b, i, k64(cg, 1), "i");
	store(cg, i, counter);
	v = LLVMBuildICmp(cg->b, LLVMIntULT, i, k64(cg, MEMO_SLOTS), "more");
	block_branch(cg, v, body, done);
	block_enter(cg, done);
}

// ask = !(++entry->misses & (entry->misses - 1))
static void count_miss(struct cg *cg, struct memo *m, LLVMValueRef entry)
{
	LLVMValueRef p = at(cg, entry, offsetof(struct stack_memo, misses), "misses"), n, v;

	n = load(cg, cg->i32, p, "misses");
	v = LLVMBuildAdd(cg->b, n, k32(cg, 1), "misses");
	store(cg, v, p);
	v = LLVMBuildAnd(cg->b, v, n, "bits");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, k32(cg, 0), "ask");
	v = LLVMBuildZExt(cg->b, v, cg->i64, "ask");
	store(cg, v, m->ask);
}

void memo_recall(struct cg *cg, struct memo *m, LLVMValueRef scratch, LLVMValueRef id,
		 LLVMValueRef frames_to, LLVMBasicBlockRef hit)
{
	LLVMBasicBlockRef near = block_new(cg, "on_stack"), have = block_new(cg, "memo");
	LLVMBasicBlockRef miss = block_new(cg, "memo_miss"), walk = block_new(cg, "walk");
	LLVMBasicBlockRef filled = block_new(cg, "memo_filled");
	LLVMValueRef entry, depth, ready, found, frames, v;

	m->site = ++cg->p->stack_sites;
	m->ctx = frame_alloca(cg, cg->i64, "ctx");
	m->depth = frame_alloca(cg, cg->i64, "depth");
	m->index = frame_alloca(cg, cg->i32, "index");
	m->ask = frame_alloca(cg, cg->i64, "ask");
	store(cg, k64(cg, 0), m->ask);
	depth = depth_of(cg, m, scratch);
	store(cg, depth, m->depth);
	v = LLVMBuildICmp(cg->b, LLVMIntULE, depth, k64(cg, MEMO_BYTES), "near");
	block_branch(cg, v, near, walk);
	block_enter(cg, near);
	store_index(cg, m, depth);
	entry = map_lookup(cg, map_internal(cg, MAP_STACK_MEMO), m->index);
	v = is_null(cg, entry);
	block_branch(cg, v, walk, have);
	block_enter(cg, have);
	ready = entry_u32(cg, entry, offsetof(struct stack_memo, ready), "ready");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, ready, k32(cg, 0), "empty");
	block_branch(cg, v, miss, filled);
	block_enter(cg, filled);
	expect_u32(cg, entry, offsetof(struct stack_memo, site), k32(cg, m->site), miss);
	v = LLVMBuildTrunc(cg->b, depth, cg->i32, "depth");
	expect_u32(cg, entry, offsetof(struct stack_memo, depth), v, miss);
	expect_slots(cg, m, entry, miss);
	found = at(cg, entry, offsetof(struct stack_memo, id), "id");
	found = load(cg, cg->i64, found, "id");
	LLVMSetVolatile(found, true);
	frames = entry_u32(cg, entry, offsetof(struct stack_memo, frames), "frames");
	expect_u32(cg, entry, offsetof(struct stack_memo, ready), ready, miss);
	store(cg, found, id);
	store(cg, frames, frames_to);
	block_goto(cg, hit);
	block_enter(cg, miss);
	count_miss(cg, m, entry);
	block_goto(cg, walk);
	block_enter(cg, walk);
}

static void send_stack(struct cg *cg, struct memo *m, LLVMValueRef id, LLVMValueRef frames)
{
	const struct event_def stack = {.id = REC_STACK, .size = sizeof(struct rec_stack)};
	LLVMValueRef depth = load(cg, cg->i64, m->depth, "depth"), args[3], to, v;
	struct record r;

	record_begin_spare(cg, &r, &stack);
	to = at(cg, r.at, offsetof(struct rec_stack, site), "site");
	store(cg, k32(cg, m->site), to);
	to = at(cg, r.at, offsetof(struct rec_stack, depth), "depth");
	v = LLVMBuildTrunc(cg->b, depth, cg->i32, "depth");
	store(cg, v, to);
	to = at(cg, r.at, offsetof(struct rec_stack, id), "id");
	store(cg, id, to);
	to = at(cg, r.at, offsetof(struct rec_stack, frames), "frames");
	store(cg, frames, to);
	args[0] = at(cg, r.at, offsetof(struct rec_stack, words), "words");
	args[1] = bounded(cg, depth, MEMO_BYTES);
	args[2] = load(cg, cg->i64, m->ctx, "ctx");
	helper_call(cg, BPF_FUNC_probe_read_kernel, args, 3, "err");
	record_end(cg, &r);
}

void memo_ask(struct cg *cg, struct memo *m, LLVMValueRef id, LLVMValueRef frames, uint32_t limit)
{
	LLVMBasicBlockRef whole = block_new(cg, "ask"), ask = block_new(cg, "whole");
	LLVMBasicBlockRef done = block_new(cg, "asked");
	LLVMValueRef v = load(cg, cg->i64, m->ask, "ask");

	v = LLVMBuildICmp(cg->b, LLVMIntNE, v, k64(cg, 0), "ask");
	block_branch(cg, v, whole, done);
	block_enter(cg, whole);
	v = LLVMBuildICmp(cg->b, LLVMIntULT, frames, k32(cg, limit), "whole");
	block_branch(cg, v, ask, done);
	block_enter(cg, ask);
	send_stack(cg, m, id, frames);
	block_goto(cg, done);
	block_enter(cg, done);
}
