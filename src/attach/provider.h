// provider: what attach needs to know of one kind of probe. Private to this room.
//
// Every provider is one file that ends in a const vtable; plan.c, load.c and tracer.c find it
// by the unit's probe type and call through it. A provider keeps no state of its own: what it
// attaches is recorded in struct attached, which belongs to the tracer.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "attach/link.h"
#include "attach/progress.h"
#include "attach/tracer.h"
#include "program.h"
#include "sys/features.h"

// How the kernel is told to check and run a program.
struct prog_kind {
	uint32_t type;		  // PROG_TYPE_*
	uint32_t expected_attach; // ATTACH_* or 0
	enum feature needs; // what a refusal of the program's kind disproves, or FEATURE_COUNT
};

// One unit in the kernel.
struct attached {
	int prog_fd, ret_prog_fd; // -1: none. Borrowed from the tracer's object
	// tracing_multi: of the second, third ... BTF object; trampoline per function: of the
	// second, third ... target. Owned descriptors, or -errno where loading failed.
	int *more_progs;
	size_t more_count;
	int btf_fd; // of the first target's module or BPF program while loading; -1: none. Owned
	int *links; // owned descriptors
	size_t link_count, link_cap;
	unsigned target_count; // attached
	int cpu;	       // INTERVAL: where its timer is
	uint64_t missed;       // by links that are closed
};

// Which programs of a unit are attached: a pair's may go one after the other (order.h).
enum attach_half { HALF_NONE, HALF_BOTH, HALF_RETURN, HALF_ENTRY };

// What tracer.c lends to a provider while it attaches.
struct attach_job {
	struct program *program;
	struct unit *unit;
	struct attached *to;
	enum attach_half half; // HALF_RETURN, HALF_ENTRY: of pairs only
	struct features *features;
	int pid;			  // -p
	const char *root;		  // "/" but for tests
	bool *struck;			  // set: a feature was struck, plan again
	volatile const bool *interrupted; // may be NULL
	struct progress *progress;
	unsigned done_before; // targets of the units before this one
	struct diag *diag;    // borrowed: what cannot be attached is shown in the script
	const struct target *culprit; // whose attach point that is; NULL: the unit's first
};

struct provider {
	const char *name;
	// The best mechanism that the features allow, and why not a better one (NULL, static
	// or arena text); MECH_NONE with a reason: not on this kernel.
	enum mechanism (*choose)(struct program *p, const struct unit *u, struct features *f,
				 const char **why);
	struct prog_kind (*kind)(const struct unit *u, bool ret);
	unsigned (*link_count)(const struct program *p, const struct unit *u);
	// NULL: one, and one more for a pair.
	unsigned (*program_count)(const struct program *p, const struct unit *u);
	// Why the chosen mechanism cannot take a target, or NULL. Hook NULL: it takes all.
	const char *(*unfit)(const struct unit *u, const struct target *t);
	// 0, or -1 after log_error. Links made before a failure stay in job->to for the
	// tracer to close. NULL: nothing to attach (BEGIN, END, self).
	int (*attach)(struct attach_job *job);
	// A CPU that has come while tracing. NULL: the probe is not attached per CPU.
	int (*attach_cpu)(struct attach_job *job, int cpu);
};

extern const struct provider provider_special;	     // special.c
extern const struct provider provider_uprobe;	     // uprobe.c
extern const struct provider provider_timer;	     // timer.c
extern const struct provider provider_kprobe;	     // kprobe.c
extern const struct provider provider_tracing;	     // tracing.c
extern const struct provider provider_tracepoint;    // tracepoint.c
extern const struct provider provider_rawtracepoint; // rawtracepoint.c
extern const struct provider provider_iter;	     // iter.c
extern const struct provider provider_counter;	     // counter.c

const struct provider *provider_of(enum probe_type t);

void attached_add_link(struct attached *to, int fd);
bool job_interrupted(const struct attach_job *job);
void job_progress(const struct attach_job *job, unsigned done); // of this unit's targets
// The unit cannot be attached: said with its place in the script.
void job_error(const struct attach_job *job, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void job_hint(const struct attach_job *job, const char *text);
// Record that a target stays unattached.
void job_set_aside(struct attach_job *job, const struct target *t, const char *reason);
// The kernel refused all targets: -1 after log_error, or 0 where the script goes on without them
// (config missing_probes).
int job_none_left(struct attach_job *job);

// timer.c: calls fn for each CPU of <root>, until it returns something else than 0.
int each_online_cpu(const char *root, int (*fn)(void *ctx, int cpu), void *ctx);
unsigned online_cpu_count(const char *root);

// counter.c: why a perf counter or a watchpoint could not be had, in words.
const char *counter_refusal(const struct unit *u, int err, bool has_pmu);

// tracepoint.c: MECH_RAW_TP, or `other` and why.
enum mechanism choose_raw_tp(struct program *p, const struct unit *u, struct features *f,
			     enum mechanism other, const char **why);
// tracepoint.c: a link per target; those that cannot be attached are set aside.
int attach_events(struct attach_job *job);

// detach.c: close links. `slow`: of a kind that the kernel removes one after the other.
void links_close(int *fds, size_t count, bool slow);
