// tracer: everything with a kernel lifetime: maps, programs, links. Created from a program
// and its object, released in reverse order. Attach and output meet here through fds only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/diag.h"
#include "program.h"
#include "sys/features.h"

struct tracer;

struct tracer_options {
	int pid;	      // -p: attach filter
	bool verbose;	      // raw verifier logs too
	bool libbpf_log;      // tell all that libbpf says
	bool verifier_log;    // tell the kernel's log of every program
	struct diag *diag;    // borrowed: verifier refusals quote the script
	volatile const bool *interrupted; // polled while there are many programs to load; or NULL
};

struct link_stats { // what the kernel counted, per unit
	uint64_t missed;	   // link_info missed
	uint64_t recursion_misses; // bpf_prog_info
};

// Create maps, load programs. NULL after reporting; *struck is set when the kernel refused
// something that the plan counted on (then plan again without that feature).
struct tracer *tracer_load(struct program *p, const struct object *o,
			   const struct tracer_options *opts, struct features *f, bool *struck);
// Run BEGIN programs (in order), attach everything else. 0 or -1 after reporting; on failure
// nothing stays attached. `interrupted` (may be NULL) is polled between links.
int tracer_run_begin(struct tracer *t);
int tracer_attach(struct tracer *t, struct features *f, bool *struck,
		  volatile const bool *interrupted);
// A descriptor to wait on when something is attached per CPU, or -1; readable: CPUs have come or
// gone, which tracer_cpus_changed looks after.
int tracer_cpu_fd(const struct tracer *t);
void tracer_cpus_changed(struct tracer *t);
// Something is attached on every CPU: it needs the right to do so for those that come. (An
// interval does not: that it moves from a CPU that goes is tried all the same.)
bool tracer_may_attach_more(const struct tracer *t);
void tracer_detach(struct tracer *t); // closes links, waits for running programs; idempotent
int tracer_run_end(struct tracer *t);
int tracer_run_self(struct tracer *t, int signal);
// A test probe, once: what it returned. A bench probe, so many times: ns per run. 0 or -errno.
int tracer_run_test(struct tracer *t, const struct unit *u, uint32_t *result);
int tracer_run_bench(struct tracer *t, const struct unit *u, uint32_t times, uint32_t *average);
// What an attached iterator prints, to be read; the caller's to close. Or -errno.
int tracer_iter_fd(const struct tracer *t, const struct unit *u);
void tracer_free(struct tracer *t); // NULL is fine

int tracer_map_fd(const struct tracer *t, const struct map_def *m);
// Valid before and after detach (detach keeps the last numbers).
struct link_stats tracer_link_stats(const struct tracer *t, const struct unit *u);
// "attached 4777 functions in 2 links (vmlinux 4702, nf_conntrack 75), 31 set aside": of kernel
// functions, and only where there are many or some were set aside.
void tracer_summary(const struct tracer *t, struct buf *out);
unsigned tracer_link_count(const struct tracer *t);
unsigned tracer_target_count(const struct tracer *t);
