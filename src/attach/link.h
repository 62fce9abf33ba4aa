// link: the thin layer over bpf(2) and perf_event_open(2) for what attaches. Own copies of
// the few UAPI constants that the build machine's headers may be too old to have.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// enum bpf_attach_type
enum {
	ATTACH_TRACE_RAW_TP = 23,
	ATTACH_FENTRY = 24,
	ATTACH_FEXIT = 25,
	ATTACH_TRACE_ITER = 28,
	ATTACH_PERF_EVENT = 41,
	ATTACH_KPROBE_MULTI = 42,
	ATTACH_UPROBE_MULTI = 48,
	ATTACH_KPROBE_SESSION = 56,
	ATTACH_UPROBE_SESSION = 57,
	ATTACH_FSESSION = 58,
	ATTACH_FENTRY_MULTI = 59,
	ATTACH_FEXIT_MULTI = 60,
	ATTACH_FSESSION_MULTI = 61,
};
// enum bpf_prog_type
enum {
	PROG_TYPE_KPROBE = 2,
	PROG_TYPE_TRACEPOINT = 5,
	PROG_TYPE_XDP = 6,
	PROG_TYPE_PERF_EVENT = 7,
	PROG_TYPE_RAW_TRACEPOINT = 17,
	PROG_TYPE_TRACING = 26,
};
// The kernel's own number for "cannot be done"; it leaks to user space.
#define KERNEL_ENOTSUPP 524

struct uprobe_multi {
	const char *path;
	const uint64_t *offsets;
	const uint64_t *cookies;  // parallel to offsets
	const uint64_t *ref_ctrs; // likewise: semaphores, offsets in the file; NULL: none
	uint32_t count;
	int pid;      // thread group, 0: every process
	bool session; // ATTACH_UPROBE_SESSION instead of ATTACH_UPROBE_MULTI
	bool ret;     // the return only
};

// Exactly one of names and addresses; cookies are parallel to it.
struct kprobe_multi {
	const char *const *names;
	const uint64_t *addresses; // of symbols, not of ftrace sites (KERNEL.md H7)
	const uint64_t *cookies;
	uint32_t count;
	bool session; // ATTACH_KPROBE_SESSION instead of ATTACH_KPROBE_MULTI
	bool ret;     // the return only
};

struct tracing_multi {
	uint32_t attach_type; // ATTACH_F*_MULTI
	const uint32_t *ids;  // BTF ids of one BTF object
	const uint64_t *cookies;
	uint32_t count;
};

// All return a file descriptor or -errno.
int link_uprobe_multi(int prog_fd, const struct uprobe_multi *m);
int link_kprobe_multi(int prog_fd, const struct kprobe_multi *m);
int link_tracing_multi(int prog_fd, const struct tracing_multi *m);
// What the program was loaded for: fentry, fexit or fsession of one function.
int link_tracing(int prog_fd, uint32_t attach_type, uint64_t cookie);
// PROG_TYPE_RAW_TRACEPOINT. A cookie other than 0 needs 6.10 (EINVAL before).
int link_raw_tracepoint(int prog_fd, const char *name, uint64_t cookie);
// An iterator's link (pid not 0: of one process's tasks), a file that reads it, the link's name
// in a BPF file system (0 or -errno).
int link_iter(int prog_fd, int pid);
int link_iter_open(int link_fd);
int link_pin(int link_fd, const char *path);
int link_perf_event(int prog_fd, int perf_fd, uint64_t cookie);
// Runs that the kernel says it left out; 0 where it does not say.
uint64_t link_missed(int link_fd);

// A PMU of probes ("uprobe", "kprobe") as the kernel describes it under <root>/sys; 0 or -errno.
struct probe_pmu {
	uint32_t type;
	unsigned retprobe_bit;
};
int probe_pmu_read(const char *root, const char *name, struct probe_pmu *out);
int perf_open_uprobe(const struct probe_pmu *pmu, const char *path, uint64_t offset, bool ret,
		     int pid);
// ref_ctr: of a USDT site's semaphore in the file, or 0.
int perf_open_usdt(const struct probe_pmu *pmu, const char *path, uint64_t offset, uint64_t ref_ctr,
		   int pid);
// name NULL: `offset` is an address.
int perf_open_kprobe(const struct probe_pmu *pmu, const char *name, uint64_t offset, bool ret);
// One of period_ns and frequency_hz is not 0. CPU clock, counting from now on.
int perf_open_timer(int cpu, uint64_t period_ns, uint64_t frequency_hz);

// A trace event of this number, on every CPU.
int perf_open_tracepoint(uint32_t id);
// One of pid (a thread, and those that it starts) and cpu is not -1.
struct perf_counter {
	uint32_t type;
	uint64_t event, period;
	uint64_t address, length; // PERF_TYPE_BREAKPOINT: what is watched,
	uint32_t mode;		  // and for what: bits of HW_BREAKPOINT_*
	int pid, cpu;
};
int perf_open_counter(const struct perf_counter *c);

// Run a raw tracepoint program once, now, on this CPU; *result (may be NULL): what it returned.
// 0 or -errno.
int prog_test_run(int prog_fd, uint32_t *result);
// Run an XDP program so many times. *result: what it returned last; *average: ns per run. 0 or
// -errno.
int prog_test_repeat(int prog_fd, uint32_t times, uint32_t *result, uint32_t *average);

// An errno of these calls in words, ENOTSUPP included.
const char *link_strerror(int err);
