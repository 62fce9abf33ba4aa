// link: the thin layer over bpf(2) and perf_event_open(2) for what attaches. Own copies of
// the few UAPI constants that the build machine's headers may be too old to have.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// enum bpf_attach_type
enum {
	ATTACH_PERF_EVENT = 41,
	ATTACH_UPROBE_MULTI = 48,
	ATTACH_UPROBE_SESSION = 57,
};
// enum bpf_prog_type
enum {
	PROG_TYPE_KPROBE = 2,
	PROG_TYPE_PERF_EVENT = 7,
	PROG_TYPE_RAW_TRACEPOINT = 17,
};
// The kernel's own number for "cannot be done"; it leaks to user space.
#define KERNEL_ENOTSUPP 524

struct uprobe_multi {
	const char *path;
	const uint64_t *offsets;
	const uint64_t *cookies; // parallel to offsets
	uint32_t count;
	int pid;      // thread group, 0: every process
	bool session; // ATTACH_UPROBE_SESSION instead of ATTACH_UPROBE_MULTI
	bool ret;     // the return only
};

// All return a file descriptor or -errno.
int link_uprobe_multi(int prog_fd, const struct uprobe_multi *m);
int link_perf_event(int prog_fd, int perf_fd, uint64_t cookie);

// The uprobe PMU as the kernel describes it under <root>/sys; 0 or -errno.
struct uprobe_pmu {
	uint32_t type;
	unsigned retprobe_bit;
};
int uprobe_pmu_read(const char *root, struct uprobe_pmu *out);
int perf_open_uprobe(const struct uprobe_pmu *pmu, const char *path, uint64_t offset, bool ret,
		     int pid);
// One of period_ns and frequency_hz is not 0. CPU clock, counting from now on.
int perf_open_timer(int cpu, uint64_t period_ns, uint64_t frequency_hz);

// Run a raw tracepoint program once, now, on this CPU. 0 or -errno.
int prog_test_run(int prog_fd);

// An errno of these calls in words, ENOTSUPP included.
const char *link_strerror(int err);
