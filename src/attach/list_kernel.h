// list_kernel: -l and -lv for probes of kernel functions.
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "program.h"

struct kernel_lister {
	struct arena *arena; // borrowed
	const char *root;    // "/" but for tests
	const char *traceable; // --traceable-functions, or NULL
	bool verbose;	     // with prototypes
	FILE *out;
	struct kernel_list *list; // made by the first pattern, read once
};

// module NULL: any. A line per function that a probe of this type can be put on, in the order of
// their texts.
void kernel_lister_print(struct kernel_lister *k, enum probe_type type, const char *module,
			 const char *name);
// Functions of loaded BPF programs: `fentry:bpf:ID:FUNCTION`. id NULL: of any program.
void kernel_lister_print_bpf(struct kernel_lister *k, enum probe_type type, const char *id,
			     const char *name);
void kernel_lister_release(struct kernel_lister *k);
// Does a session's first part of two name kernel modules?
bool kernel_lister_is_module(const struct kernel_lister *k, const char *part);
