// test_load_patch: what a program's instructions become before the kernel sees them.
#include "attach/load_patch.h"

#include "test.h"

enum { CALL = 0x85, LD_IMM64 = 0x18, JUMP = 0x05, STORE64 = 0x7a, MOV_REG = 0xbf, ADD_IMM = 0x07 };

static struct bpf_insn call(enum kfunc_id id)
{
	return (struct bpf_insn){.code = CALL, .imm = KFUNC_CALL_BASE + (int)id};
}

static void test_maps(void)
{
	const int fds[] = {7, 9};
	struct patches p = {.map_fds = fds, .map_count = 2};
	struct bpf_insn insns[] = {
	    {.code = LD_IMM64, .src_reg = 1, .imm = 1}, {0}, // the map
	    {.code = LD_IMM64, .src_reg = 2, .imm = 0}, {0}, // its first value
	    {.code = LD_IMM64, .src_reg = 0, .imm = 1}, {0}, // a number
	};

	CHECK_INT(patch_insns(&p, insns, 6), 0);
	CHECK_INT(insns[0].imm, 9);
	CHECK_INT(insns[2].imm, 7);
	CHECK_INT(insns[4].imm, 1);
	CHECK(!p.looked_up);
}

// A small frame is the task's own: nothing to ask for, and BTF is not read.
static void small_frame(struct bpf_insn use, struct bpf_insn more)
{
	struct patches p = {0};
	struct bpf_insn insns[] = {call(KFUNC_PREEMPT_DISABLE), use, more,
				   call(KFUNC_PREEMPT_ENABLE)};

	CHECK_INT(patch_insns(&p, insns, 4), 0);
	CHECK_INT(insns[0].code, JUMP);
	CHECK_INT(insns[0].off, 0);
	CHECK_INT(insns[3].code, JUMP);
	CHECK(!p.looked_up);
}

// The kernel's function, or nothing on a kernel without it: never an error.
static void large_frame(struct bpf_insn use, struct bpf_insn more)
{
	struct patches p = {.looked_up = true, .kfuncs = {[KFUNC_PREEMPT_DISABLE] = 1234}};
	struct bpf_insn insns[] = {call(KFUNC_PREEMPT_DISABLE), use, more,
				   call(KFUNC_PREEMPT_ENABLE)};

	CHECK_INT(patch_insns(&p, insns, 4), 0);
	CHECK_INT(insns[0].code, CALL);
	CHECK_INT(insns[0].src_reg, 2);
	CHECK_INT(insns[0].imm, 1234);
	CHECK_INT(insns[3].code, JUMP);
}

static void test_frames(void)
{
	struct bpf_insn none = {.code = JUMP}, copy = {.code = MOV_REG, .dst_reg = 2, .src_reg = 10};

	small_frame((struct bpf_insn){.code = STORE64, .dst_reg = 10, .off = -48}, none);
	small_frame((struct bpf_insn){.code = STORE64, .dst_reg = 3, .off = -200}, none);
	small_frame(copy, (struct bpf_insn){.code = ADD_IMM, .dst_reg = 2, .imm = -48});
	small_frame(none, (struct bpf_insn){.code = ADD_IMM, .dst_reg = 2, .imm = -200});
	large_frame((struct bpf_insn){.code = STORE64, .dst_reg = 10, .off = -56}, none);
	large_frame(copy, (struct bpf_insn){.code = ADD_IMM, .dst_reg = 2, .imm = -56});
}

static void test_missing(void)
{
	struct patches p = {.looked_up = true};
	struct bpf_insn insns[] = {call(KFUNC_SESSION_COOKIE)};

	CHECK_INT(patch_insns(&p, insns, 1), -2); // ENOENT
}

TEST_MAIN(test_maps, test_frames, test_missing)
