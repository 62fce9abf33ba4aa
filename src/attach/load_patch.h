// load_patch: the last touch before the kernel sees a program: map ids become descriptors, numbers
// of kernel functions their BTF ids.
#pragma once

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "program.h"

struct patches {
	const int *map_fds; // borrowed
	size_t map_count;
	uint32_t kfuncs[KFUNC_COUNT]; // BTF ids; 0: not looked up, or not there
	bool looked_up;
};

// All of one program, subprograms included. 0, or -errno: BTF cannot be read, or the kernel has no
// such function (-ENOENT).
int patch_insns(struct patches *p, struct bpf_insn *insns, size_t count);
