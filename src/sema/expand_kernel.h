// expand_kernel: private to the two files that expand probes of kernel functions.
#pragma once

#include "sema/expand.h"

// What one attach point asks for.
struct kernel_request {
	struct point *point;
	const char *module;   // NULL: vmlinux and every module; "vmlinux"; a name or a glob
	const char *name;     // name or glob, without +offset; NULL for an address
	uint64_t address;     // when name is NULL
	uint64_t func_offset; // +offset
	bool is_glob;
	const char *left_alone; // the first function that it does not match on purpose, and why
};

struct kernel_match {
	const struct kernel_func *func; // without a name: request->address
	const struct kernel_request *request;
	uint32_t seq;
	bool alias; // of another match: attached by that
	uint32_t btf_id;
	const char *btf_refused; // as struct target
};

struct kernel_expansion {
	struct expansion *x;
	struct unit *unit;
	ARENA_VEC(struct kernel_request *) requests; // positive ones
	ARENA_VEC(struct kernel_request *) negated;
	ARENA_VEC(struct kernel_match) found;
};

// "kprobe:vfs_read", "fentry:nf_conntrack:nf_ct_get"
const char *kernel_probe_text(struct kernel_expansion *kx, const struct kernel_request *r,
			      const char *module, const char *name);
void kernel_set_aside(struct kernel_expansion *kx, const struct kernel_request *r,
		      const struct kernel_func *f, const char *reason, bool duplicate);
// Bound to a function by its BTF id where possible; sessions always may be.
static inline bool kernel_wants_btf(enum probe_type t)
{
	return t == PROBE_FENTRY || t == PROBE_FEXIT || t == PROBE_KSESSION;
}
static inline bool kernel_needs_return(enum probe_type t)
{
	return t == PROBE_KRETPROBE || t == PROBE_FEXIT || t == PROBE_KSESSION;
}
// kernel_targets.c: from matches to targets.
void kernel_settle(struct kernel_expansion *kx);
