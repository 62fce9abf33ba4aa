// unwind: the tables of dw_ustack. In go processes; out come rows, mappings and processes in the
// three maps that codegen/unwind.c searches (bpf/abi.h). A file that several processes map is
// read once.
//
//	u = unwinder_new(p);	    NULL: the script does not unwind
//	unwinder_add(u, pid);	    for each; then
//	unwinder_size(u, more);	    before the maps are made
//	unwinder_store(u, fd, ctx); once they are; and again after unwinder_add(), at any time
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "program.h"

struct unwinder;

typedef int (*unwind_fd_fn)(void *ctx, const struct map_def *m); // of a map; -1: none

struct unwinder *unwinder_new(struct program *p);
void unwinder_free(struct unwinder *u); // NULL is fine
// Looks at what the process has mapped. A file that cannot be used is told with -v, and ends stacks
// there. 0 or -errno: there is no such process, or it may not be looked at.
int unwinder_add(struct unwinder *u, int pid);
// How large the maps become: for what is known, and for `spare` rows of what is not yet.
void unwinder_size(struct unwinder *u, uint32_t spare);
// 0 or -1 after log_error.
int unwinder_store(struct unwinder *u, unwind_fd_fn fd, void *ctx);
