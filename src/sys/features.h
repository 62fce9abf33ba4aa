// features: what this kernel can do. Each is probed at most once, only when asked for, by
// the cheapest test that KERNEL.md section 5 lists; never guessed from a version number.
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum feature {
	FEATURE_UPROBE_MULTI,	// 6.6+, with the pid filter fixed (KERNEL.md 3.2)
	FEATURE_UPROBE_SESSION, // 6.13+
	FEATURE_KPROBE_MULTI,
	FEATURE_KPROBE_SESSION,
	FEATURE_FPROBE_FGRAPH, // a missed entry of a kprobe session has no return (6.14+)
	FEATURE_TRACING_MULTI,
	FEATURE_FSESSION,
	FEATURE_RAW_TP_SYSCALLS, // one raw tracepoint for syscall globs
	FEATURE_RAW_TP,		 // events by raw tracepoints, of which nothing is read
	FEATURE_RAW_TP_COOKIE,	 // that know which of several it was (6.10+)
	FEATURE_BATCH_OPS,	 // BPF_MAP_LOOKUP_BATCH
	FEATURE_UPROBE_NOP10,	 // a uprobe on a 10-byte nop becomes a call, safely (7.2+, x86-64)
	FEATURE_STACK_MEMO,	 // bpf_task_pt_regs() (5.15+), and that stacks are those of x86-64
	FEATURE_COUNT,
};

struct features {
	uint32_t disabled; // bit per feature: --no-feature, or struck after a refusal
	uint32_t known, present;
	uint32_t assumed; // tests and --check: present without probing when `fake` is set
	bool fake;
	uint32_t struck;	   // bit per feature: the kernel refused it at load or attach
	int errors[FEATURE_COUNT]; // what the probe of a missing feature returned (errno)
};

const char *feature_name(enum feature f);		   // "uprobe_multi"
bool feature_by_name(const char *name, enum feature *out); // --no-feature
bool features_have(struct features *f, enum feature which);
// The kernel refused what the probe promised: plan again without it.
void features_strike(struct features *f, enum feature which);
// Why it is missing, for --explain: "turned off by --no-feature", "kernel says EINVAL".
const char *features_why_not(const struct features *f, enum feature which);
// What the kernel takes a program for: enum bpf_prog_type, enum bpf_attach_type or 0, and for
// TRACING the BTF id in vmlinux of what it is attached to (0 for tracing_multi).
struct prog_role {
	uint32_t type, attach_type, attach_btf_id;
};
// May such a program call the kernel function? Asks the verifier; without privileges: true.
bool kernel_func_allowed(const struct prog_role *role, uint32_t func_id);
// Id of a kernel function in vmlinux BTF (for kfunc calls), and its parameter count.
int kernel_btf_func(const char *name, uint32_t *id, uint32_t *param_count); // 0 or -errno
