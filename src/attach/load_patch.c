// load_patch.c: map ids and kernel functions of a program.
//
// Enters: instructions as emit left them. Leaves: instructions for the kernel. Refuses kernel
// functions that the kernel does not have.
//
// Programs of user space ask not to be preempted (KFUNC_PREEMPT_*). Since 6.13 the kernel gives a
// program with a frame of 64 bytes and more its stack per CPU, and for those of uprobes nothing
// keeps another task from running the same program there meanwhile: it wrote over the frame, and
// what the first one looked up in a map was not found (seen on 6.18 and 7.3). Where the frame is
// smaller, or the kernel too old for the functions and for such stacks, the calls become no-ops.
#include "attach/load_patch.h"

#include <errno.h>

#include "base/log.h"
#include "sys/btf.h"

enum {
	INSN_LD_IMM64 = 0x18,
	INSN_CALL = 0x85,
	INSN_JUMP = 0x05,
	INSN_MOV64_REG = 0xbf,
	INSN_ADD64_IMM = 0x07,
	SRC_MAP_FD = 1,
	SRC_MAP_VALUE = 2,
	SRC_KFUNC = 2,
	CLASS_MASK = 0x07, // BPF_LDX, BPF_ST, BPF_STX are 1 to 3
	OWN_STACK_MAX = 48, // bytes; frames are rounded up to 16, and from 64 on stacks are per CPU
};

// ---- frames ------------------------------------------------------------------------------------

// "*(r10 - 8)", or "r2 = r10; r2 += -8": how far below its end the frame is used. 0: it is not.
static int frame_use(const struct bpf_insn *insn, const struct bpf_insn *before)
{
	int class = insn->code & CLASS_MASK;

	if (class == BPF_LDX && insn->src_reg == BPF_REG_10)
		return -insn->off;
	if ((class == BPF_ST || class == BPF_STX) && insn->dst_reg == BPF_REG_10)
		return -insn->off;
	if (insn->code == INSN_ADD64_IMM && before && before->code == INSN_MOV64_REG &&
	    before->src_reg == BPF_REG_10 && before->dst_reg == insn->dst_reg)
		return -insn->imm;
	return 0;
}

// Of the largest frame, subprograms included.
static int frame_size(const struct bpf_insn *insns, size_t count)
{
	int size = 0;

	for (size_t i = 0; i < count; i++) {
		int use = frame_use(&insns[i], i ? &insns[i - 1] : NULL);
		if (use > size)
			size = use;
		i += insns[i].code == INSN_LD_IMM64;
	}
	return size;
}

// ---- calls and maps ----------------------------------------------------------------------------

static int find_kfuncs(struct patches *p)
{
	const char *names[KFUNC_COUNT];
	struct btf_func found[KFUNC_COUNT];

	for (int i = 0; i < KFUNC_COUNT; i++)
		names[i] = kfunc_name((enum kfunc_id)i);
	int err = btf_find_funcs(BTF_VMLINUX, names, KFUNC_COUNT, found);
	for (int i = 0; !err && i < KFUNC_COUNT; i++)
		p->kfuncs[i] = found[i].id;
	p->looked_up = !err;
	return err;
}

static bool is_optional(uint32_t id)
{
	return id == KFUNC_PREEMPT_DISABLE || id == KFUNC_PREEMPT_ENABLE;
}

static void make_no_op(struct bpf_insn *insn)
{
	*insn = (struct bpf_insn){.code = INSN_JUMP};
}

static int patch_call(struct patches *p, struct bpf_insn *insn, bool small)
{
	uint32_t id = (uint32_t)insn->imm - KFUNC_CALL_BASE;

	if (insn->src_reg || id >= KFUNC_COUNT)
		return 0;
	int err = p->looked_up || (small && is_optional(id)) ? 0 : find_kfuncs(p);
	if (is_optional(id) && (small || err || !p->kfuncs[id])) {
		make_no_op(insn);
		return 0;
	}
	if (err || !p->kfuncs[id])
		return err ? err : -ENOENT;
	insn->src_reg = SRC_KFUNC;
	insn->off = 0;
	insn->imm = (int32_t)p->kfuncs[id];
	return 0;
}

static int patch_map(const struct patches *p, struct bpf_insn *insn)
{
	if (insn->src_reg != SRC_MAP_FD && insn->src_reg != SRC_MAP_VALUE)
		return 0;
	if (insn->imm < 0 || (size_t)insn->imm >= p->map_count)
		bug("the object names map %d of %zu", insn->imm, p->map_count);
	insn->imm = p->map_fds[insn->imm];
	return 0;
}

int patch_insns(struct patches *p, struct bpf_insn *insns, size_t count)
{
	bool small = frame_size(insns, count) <= OWN_STACK_MAX;

	for (size_t i = 0; i < count; i++) {
		int err = 0;
		if (insns[i].code == INSN_CALL)
			err = patch_call(p, &insns[i], small);
		else if (insns[i].code == INSN_LD_IMM64)
			err = patch_map(p, &insns[i]);
		if (err)
			return err;
		i += insns[i].code == INSN_LD_IMM64;
	}
	return 0;
}
