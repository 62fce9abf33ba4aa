// unwind: dw_ustack. The walk up the user's stack by tables that user space has made out of
// .eh_frame (bpf/abi.h: struct unwind_row and its kin). Nothing of the kernel's is used but the
// registers with which the task came in from user space.
//
// unwind_frame() is a callback of bpf_loop(): one frame, verified once. Whatever is not known
// ends the walk; the frames until then are the stack.
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>

#include "bpf/abi.h"
#include "codegen/calls.h"
#include "codegen/unwind.h"

// Offsets in struct pt_regs of x86-64: bp; ip, cs, flags, sp.
#define REGS_BP 32
#define REGS_IP 128
// In the frame that a signal handler returns to: bp, and sp followed by ip.
#define SIGNAL_BP 120
#define SIGNAL_SP 160

#define ASK_EVERY_NS 1000000000ull // at most so often for code that is in no mapping

LLVMValueRef walk_field(struct cg *cg, LLVMValueRef walk, size_t offset)
{
	LLVMValueRef from = at(cg, walk, (uint32_t)offset, "field");

	return load(cg, cg->i64, from, "field");
}

void walk_set(struct cg *cg, LLVMValueRef walk, size_t offset, LLVMValueRef v)
{
	LLVMValueRef to = at(cg, walk, (uint32_t)offset, "field");

	store(cg, v, to);
}

void go_if(struct cg *cg, LLVMValueRef cond, LLVMBasicBlockRef yes, const char *otherwise)
{
	LLVMBasicBlockRef no = block_new(cg, otherwise);

	block_branch(cg, cond, yes, no);
	block_enter(cg, no);
}

// A word of the user's memory, to `dst`; or on to `stop`.
static void read_word(struct cg *cg, LLVMValueRef dst, uint32_t bytes, LLVMValueRef address,
		      LLVMBasicBlockRef stop)
{
	LLVMValueRef args[3], err, v;

	args[0] = dst;
	args[1] = k32(cg, bytes);
	args[2] = address;
	err = helper_call(cg, BPF_FUNC_probe_read_user, args, 3, "err");
	v = LLVMBuildICmp(cg->b, LLVMIntNE, err, k64(cg, 0), "failed");
	go_if(cg, v, stop, "read");
}

// ---- looking up ------------------------------------------------------------------------------

static LLVMValueRef low(struct cg *cg, LLVMValueRef v)
{
	return LLVMBuildAnd(cg->b, v, k64(cg, UINT32_MAX), "low");
}

static LLVMValueRef high(struct cg *cg, LLVMValueRef v)
{
	return LLVMBuildLShr(cg->b, v, k64(cg, 32), "high");
}

// The mapping that the address is in, or on to `stop`.
static LLVMValueRef find_mapping(struct cg *cg, LLVMValueRef walk, LLVMValueRef address,
				 LLVMBasicBlockRef stop)
{
	LLVMValueRef all = walk_field(cg, walk, offsetof(struct walk, mappings)), end, v;
	LLVMValueRef first = low(cg, all), count = high(cg, all), found;

	found = unwind_search(cg, UNWIND_MAPPINGS, first, count, address, stop);
	end = walk_field(cg, found, offsetof(struct unwind_mapping, end));
	v = LLVMBuildICmp(cg->b, LLVMIntUGE, address, end, "behind");
	go_if(cg, v, stop, "in_mapping");
	return found;
}

// The row that is good for the address, or on to `stop`.
static LLVMValueRef find_row(struct cg *cg, LLVMValueRef mapping, LLVMValueRef address,
			     LLVMBasicBlockRef stop)
{
	LLVMValueRef bias = walk_field(cg, mapping, offsetof(struct unwind_mapping, bias)), v;
	LLVMValueRef rows = walk_field(cg, mapping, offsetof(struct unwind_mapping, first_row));
	LLVMValueRef pc = LLVMBuildSub(cg->b, address, bias, "pc");
	LLVMValueRef first = low(cg, rows), count = high(cg, rows);

	v = unwind_search(cg, UNWIND_ROWS, first, count, pc, stop);
	return load(cg, cg->i64, v, "row");
}

// ---- one frame -------------------------------------------------------------------------------

struct frame_blocks {
	LLVMBasicBlockRef stop, up, next; // up: the CFA is known; next: the caller is
	LLVMBasicBlockRef unmapped;
	LLVMValueRef cfa;		  // alloca
};

static LLVMValueRef part(struct cg *cg, LLVMValueRef row, unsigned from, unsigned bits)
{
	LLVMValueRef v = LLVMBuildShl(cg->b, row, k64(cg, 64 - from - bits), "part");

	return LLVMBuildAShr(cg->b, v, k64(cg, 64 - bits), "part");
}

static void cfa_is(struct cg *cg, struct frame_blocks *f, LLVMValueRef v)
{
	store(cg, v, f->cfa);
	block_goto(cg, f->up);
}

// cfa = sp + 8 + ((ip & 15) >= 11) * 8
static void plt_cfa(struct cg *cg, struct frame_blocks *f, LLVMValueRef walk)
{
	LLVMValueRef ip = walk_field(cg, walk, offsetof(struct walk, ip));
	LLVMValueRef sp = walk_field(cg, walk, offsetof(struct walk, sp)), v;

	v = LLVMBuildAnd(cg->b, ip, k64(cg, 15), "in_slot");
	v = LLVMBuildICmp(cg->b, LLVMIntUGE, v, k64(cg, 11), "pushed");
	v = LLVMBuildSelect(cg->b, v, k64(cg, 16), k64(cg, 8), "pushed");
	v = LLVMBuildAdd(cg->b, sp, v, "cfa");
	cfa_is(cg, f, v);
}

// The interrupted code's registers, as the kernel has saved them.
static void signal_frame(struct cg *cg, struct frame_blocks *f, LLVMValueRef walk)
{
	LLVMValueRef sp = walk_field(cg, walk, offsetof(struct walk, sp)), from, v;
	LLVMValueRef pair = frame_alloca(cg, LLVMArrayType2(cg->i64, 2), "sp_ip");

	from = LLVMBuildAdd(cg->b, sp, k64(cg, SIGNAL_BP), "from");
	v = at(cg, walk, offsetof(struct walk, bp), "bp");
	read_word(cg, v, 8, from, f->stop);
	from = LLVMBuildAdd(cg->b, sp, k64(cg, SIGNAL_SP), "from");
	read_word(cg, pair, 16, from, f->stop);
	v = load(cg, cg->i64, pair, "sp");
	walk_set(cg, walk, offsetof(struct walk, sp), v);
	v = walk_field(cg, pair, 8);
	walk_set(cg, walk, offsetof(struct walk, ip), v);
	walk_set(cg, walk, offsetof(struct walk, exact), k64(cg, 1));
	block_goto(cg, f->next);
}

// On to `up` with the CFA, to `next`, or to `stop`.
static void apply_rule(struct cg *cg, struct frame_blocks *f, LLVMValueRef walk, LLVMValueRef row)
{
	LLVMValueRef offset = part(cg, row, 32, 16), rule = part(cg, row, 48, 8), v, sw, p;
	LLVMBasicBlockRef by_sp = block_new(cg, "by_sp"), by_bp = block_new(cg, "by_bp");
	LLVMBasicBlockRef at_bp = block_new(cg, "at_bp"), plt = block_new(cg, "plt");
	LLVMBasicBlockRef signal = block_new(cg, "signal");

	offset = LLVMBuildShl(cg->b, offset, k64(cg, 3), "offset");
	sw = LLVMBuildSwitch(cg->b, rule, f->stop, 5);
	LLVMAddCase(sw, k64(cg, UNWIND_SP), by_sp);
	LLVMAddCase(sw, k64(cg, UNWIND_BP), by_bp);
	LLVMAddCase(sw, k64(cg, UNWIND_BP_DEREF), at_bp);
	LLVMAddCase(sw, k64(cg, UNWIND_PLT), plt);
	LLVMAddCase(sw, k64(cg, UNWIND_SIGNAL), signal);
	block_enter(cg, by_sp);
	v = walk_field(cg, walk, offsetof(struct walk, sp));
	v = LLVMBuildAdd(cg->b, v, offset, "cfa");
	cfa_is(cg, f, v);
	block_enter(cg, by_bp);
	v = walk_field(cg, walk, offsetof(struct walk, bp));
	v = LLVMBuildAdd(cg->b, v, offset, "cfa");
	cfa_is(cg, f, v);
	block_enter(cg, at_bp);
	v = walk_field(cg, walk, offsetof(struct walk, bp));
	v = LLVMBuildAdd(cg->b, v, offset, "where");
	p = frame_alloca(cg, cg->i64, "cfa_read");
	read_word(cg, p, 8, v, f->stop);
	v = load(cg, cg->i64, p, "cfa");
	cfa_is(cg, f, v);
	block_enter(cg, plt);
	plt_cfa(cg, f, walk);
	block_enter(cg, signal);
	signal_frame(cg, f, walk);
}

// The caller's bp: unchanged, at the CFA and so far from it, or where bp points.
static void restore_bp(struct cg *cg, struct frame_blocks *f, LLVMValueRef walk, LLVMValueRef row,
		       LLVMValueRef cfa)
{
	LLVMBasicBlockRef saved = block_new(cg, "bp_saved"), done = block_new(cg, "have_bp");
	LLVMValueRef where = part(cg, row, 56, 8), bp, v;

	v = LLVMBuildICmp(cg->b, LLVMIntEQ, where, k64(cg, UNWIND_BP_SAME), "same");
	block_branch(cg, v, done, saved);
	block_enter(cg, saved);
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, where, k64(cg, UNWIND_BP_AT_BP), "at_bp");
	where = LLVMBuildShl(cg->b, where, k64(cg, 3), "offset");
	where = LLVMBuildAdd(cg->b, cfa, where, "where");
	bp = walk_field(cg, walk, offsetof(struct walk, bp));
	where = LLVMBuildSelect(cg->b, v, bp, where, "where");
	v = at(cg, walk, offsetof(struct walk, bp), "bp");
	read_word(cg, v, 8, where, f->stop);
	block_goto(cg, done);
	block_enter(cg, done);
}

// Stacks grow down: a CFA that is not above sp is nonsense, and could go in circles.
static void to_caller(struct cg *cg, struct frame_blocks *f, LLVMValueRef walk, LLVMValueRef row)
{
	LLVMValueRef cfa = load(cg, cg->i64, f->cfa, "cfa"), sp, v;
	LLVMValueRef ra = frame_alloca(cg, cg->i64, "ra");

	sp = walk_field(cg, walk, offsetof(struct walk, sp));
	v = LLVMBuildICmp(cg->b, LLVMIntULE, cfa, sp, "down");
	go_if(cg, v, f->stop, "upwards");
	v = LLVMBuildSub(cg->b, cfa, k64(cg, 8), "where");
	read_word(cg, ra, 8, v, f->stop);
	returns_replace(cg, walk, cfa, ra);
	restore_bp(cg, f, walk, row, cfa);
	v = load(cg, cg->i64, ra, "ra");
	walk_set(cg, walk, offsetof(struct walk, ip), v);
	walk_set(cg, walk, offsetof(struct walk, sp), cfa);
	walk_set(cg, walk, offsetof(struct walk, exact), k64(cg, 0));
	block_goto(cg, f->next);
}

// walk->addresses[i] = address; walk->frames = i + 1;
static void keep_frame(struct cg *cg, LLVMValueRef walk, LLVMValueRef i, LLVMValueRef address)
{
	LLVMValueRef to = at(cg, walk, offsetof(struct walk, addresses), "addresses"), v;

	to = load(cg, cg->ptr, to, "addresses");
	to = LLVMBuildInBoundsGEP2(cg->b, cg->i64, to, &i, 1, "address");
	store(cg, address, to);
	v = LLVMBuildAdd(cg->b, i, k64(cg, 1), "frames");
	walk_set(cg, walk, offsetof(struct walk, frames), v);
}

// static long unwind_frame(u64 i, struct walk *walk): 1 ends the walk.
static void frame_body(struct cg *cg)
{
	LLVMValueRef i = LLVMGetParam(cg->fn->llvm, 0), walk = LLVMGetParam(cg->fn->llvm, 1);
	struct frame_blocks f = {.stop = block_new(cg, "stop"), .up = block_new(cg, "up"),
				 .next = block_new(cg, "next"),
				 .unmapped = block_new(cg, "unmapped")};
	LLVMValueRef ip, address, exact, mapping, row, v;

	f.cfa = frame_alloca(cg, cg->i64, "cfa");
	v = LLVMBuildICmp(cg->b, LLVMIntUGE, i, k64(cg, cg->p->stack_frames), "full");
	go_if(cg, v, f.stop, "room");
	ip = walk_field(cg, walk, offsetof(struct walk, ip));
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, ip, k64(cg, 0), "nowhere");
	go_if(cg, v, f.stop, "somewhere");
	exact = walk_field(cg, walk, offsetof(struct walk, exact));
	address = LLVMBuildSub(cg->b, ip, k64(cg, 1), "in_call");
	address = LLVMBuildAdd(cg->b, address, exact, "address");
	keep_frame(cg, walk, i, address);
	mapping = find_mapping(cg, walk, address, f.unmapped);
	row = find_row(cg, mapping, address, f.stop);
	apply_rule(cg, &f, walk, row);
	block_enter(cg, f.up);
	to_caller(cg, &f, walk, row);
	block_enter(cg, f.next);
	LLVMBuildRet(cg->b, k64(cg, 0));
	block_enter(cg, f.unmapped);
	walk_set(cg, walk, offsetof(struct walk, unmapped), k64(cg, 1));
	block_goto(cg, f.stop);
	block_enter(cg, f.stop);
	LLVMBuildRet(cg->b, k64(cg, 1));
}

static LLVMValueRef frame_function(struct cg *cg)
{
	return fn_once(cg, &cg->unwind_fn, "unwind_frame", frame_body);
}

// ---- the walk --------------------------------------------------------------------------------

static LLVMValueRef read_registers(struct cg *cg, LLVMValueRef walk)
{
	LLVMValueRef args[3], task, regs, err, v;

	task = helper_call(cg, BPF_FUNC_get_current_task_btf, NULL, 0, "task");
	returns_begin(cg, walk, task);
	regs = helper_call(cg, BPF_FUNC_task_pt_regs, &task, 1, "regs");
	args[0] = walk;
	args[1] = k32(cg, 32);
	args[2] = LLVMBuildAdd(cg->b, regs, k64(cg, REGS_IP), "from");
	err = helper_call(cg, BPF_FUNC_probe_read_kernel, args, 3, "err");
	args[0] = at(cg, walk, offsetof(struct walk, bp), "bp");
	args[1] = k32(cg, 8);
	args[2] = LLVMBuildAdd(cg->b, regs, k64(cg, REGS_BP), "from");
	v = helper_call(cg, BPF_FUNC_probe_read_kernel, args, 3, "err");
	return LLVMBuildOr(cg->b, err, v, "err");
}

// The tables of the process that the program runs in, to walk->mappings; or on to `none`.
static LLVMValueRef find_process(struct cg *cg, LLVMValueRef walk, LLVMValueRef pid,
				 LLVMBasicBlockRef none)
{
	LLVMBasicBlockRef unknown = block_new(cg, "no_tables"), known = block_new(cg, "tables");
	LLVMValueRef key = at(cg, walk, offsetof(struct walk, word), "pid"), found, v;

	store(cg, pid, key);
	found = map_lookup(cg, map_internal(cg, MAP_UNWIND_PROCESSES), key);
	v = is_null(cg, found);
	block_branch(cg, v, unknown, known);
	block_enter(cg, unknown);
	failure_unwind(cg);
	block_goto(cg, none);
	block_enter(cg, known);
	v = load(cg, cg->i64, found, "mappings");
	walk_set(cg, walk, offsetof(struct walk, mappings), v);
	return found;
}

// if (walk->unmapped && now - process->asked_ns > ASK_EVERY_NS) { asked_ns = now; ask; }
static void ask_for_more(struct cg *cg, LLVMValueRef walk, LLVMValueRef process, LLVMValueRef pid)
{
	LLVMBasicBlockRef unmapped = block_new(cg, "ended_unmapped"), ask = block_new(cg, "ask");
	LLVMBasicBlockRef done = block_new(cg, "asked");
	LLVMValueRef now, last, v;

	v = walk_field(cg, walk, offsetof(struct walk, unmapped));
	v = LLVMBuildICmp(cg->b, LLVMIntNE, v, k64(cg, 0), "unmapped");
	block_branch(cg, v, unmapped, done);
	block_enter(cg, unmapped);
	now = clock_ns(cg, CLOCK_MODE_BOOT);
	last = walk_field(cg, process, offsetof(struct unwind_process, asked_ns));
	v = LLVMBuildSub(cg->b, now, last, "since");
	v = LLVMBuildICmp(cg->b, LLVMIntUGT, v, k64(cg, ASK_EVERY_NS), "long_ago");
	block_branch(cg, v, ask, done);
	block_enter(cg, ask);
	walk_set(cg, process, offsetof(struct unwind_process, asked_ns), now);
	tell_process(cg, REC_UNMAPPED, pid);
	block_goto(cg, done);
	block_enter(cg, done);
}

// One per function: a walk is over before the next one begins.
static LLVMValueRef walk_of_function(struct cg *cg)
{
	LLVMTypeRef type = LLVMArrayType2(cg->i64, sizeof(struct walk) / 8);

	if (!cg->fn->walk)
		cg->fn->walk = frame_alloca(cg, type, "walk");
	return cg->fn->walk;
}

LLVMValueRef unwind_stack(struct cg *cg, LLVMValueRef addresses, uint32_t limit)
{
	LLVMBasicBlockRef done = block_new(cg, "unwound");
	LLVMValueRef walk = walk_of_function(cg), pid, process, args[4], v;

	walk_set(cg, walk, offsetof(struct walk, frames), k64(cg, 0));
	walk_set(cg, walk, offsetof(struct walk, exact), k64(cg, 1));
	walk_set(cg, walk, offsetof(struct walk, unmapped), k64(cg, 0));
	v = at(cg, walk, offsetof(struct walk, addresses), "addresses");
	store(cg, addresses, v);
	pid = pid_tgid_here(cg);
	pid = high(cg, pid);
	pid = LLVMBuildTrunc(cg->b, pid, cg->i32, "pid");
	process = find_process(cg, walk, pid, done);
	v = read_registers(cg, walk);
	v = LLVMBuildICmp(cg->b, LLVMIntNE, v, k64(cg, 0), "failed");
	go_if(cg, v, done, "registers");
	args[0] = k32(cg, limit);
	args[1] = frame_function(cg);
	args[2] = walk;
	args[3] = k64(cg, 0);
	helper_call(cg, BPF_FUNC_loop, args, 4, "");
	ask_for_more(cg, walk, process, pid);
	block_goto(cg, done);
	block_enter(cg, done);
	v = walk_field(cg, walk, offsetof(struct walk, frames));
	v = bounded(cg, v, limit);
	return LLVMBuildShl(cg->b, v, k64(cg, 3), "bytes");
}
