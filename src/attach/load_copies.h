// load_copies: programs that the kernel binds to what they attach to when they are loaded: to
// one function, or to one BTF object. One compiled program is loaded as often as it takes.
#pragma once

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach/provider.h"

struct copies {
	struct bpf_program *prog;
	struct bpf_prog_load_opts *opts; // what libbpf is about to load it with
	const struct bpf_insn *insns;
	size_t count;
	const char *license;
	volatile const bool *interrupted; // may be NULL
	struct progress *progress;
};

// Binds the program that libbpf is about to load to the unit's first target (its BTF object),
// and loads a copy for each further one into to->more_progs. 0 or -errno; -EINTR when
// interrupted.
int load_copies(const struct program *p, const struct unit *u, struct copies *c,
		struct attached *to);
