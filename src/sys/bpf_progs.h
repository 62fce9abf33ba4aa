// bpf_progs: functions of the BPF programs that are loaded now, by name: the main function of
// each and its subprograms.
#pragma once

#include <stdint.h>

#include "base/arena.h"

struct bpf_prog_func {
	uint32_t prog;	 // id of the program
	uint32_t btf_id; // of the function in the program's own BTF
	const char *name;
};
typedef ARENA_VEC(struct bpf_prog_func) bpf_prog_funcs;

// In the order of the programs' ids. Programs without BTF have nothing to name their functions
// by and are left out; so are those that go away meanwhile. 0, or -errno with *reason in words
// (listing programs takes CAP_SYS_ADMIN).
int bpf_progs_read(struct arena *a, bpf_prog_funcs *out, const char **reason);
