// link.c: bpf(2) and perf_event_open(2), nothing else.
//
// Enters: program descriptors and places. Leaves: descriptors that keep the attachment alive.
// Refuses nothing by itself; the kernel's errno is handed on.
#include "attach/link.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

enum {
	CMD_PROG_TEST_RUN = 10,
	CMD_OBJ_GET_INFO_BY_FD = 15,
	CMD_RAW_TRACEPOINT_OPEN = 17,
	CMD_LINK_CREATE = 28,
	CMD_ITER_CREATE = 33,
	CMD_OBJ_PIN = 6,
};
enum { FLAG_UPROBE_MULTI_RETURN = 1, FLAG_KPROBE_MULTI_RETURN = 1 };
enum { LINK_TYPE_PERF_EVENT = 7, LINK_TYPE_KPROBE_MULTI = 8 };
enum { PERF_EVENT_KPROBE = 3, PERF_EVENT_KRETPROBE = 4 };

// union bpf_attr, the members used here, with the kernel's layout.
struct attr_link_create {
	uint32_t prog_fd, target_fd, attach_type, flags;
	union {
		struct {
			uint64_t cookie;
		} perf_event;
		struct {
			uint64_t path, offsets, ref_ctr_offsets, cookies;
			uint32_t cnt, flags, pid, path_fd;
		} uprobe_multi;
		struct {
			uint32_t flags, cnt;
			uint64_t syms, addrs, cookies;
		} kprobe_multi;
		struct {
			uint64_t ids, cookies;
			uint32_t cnt, pad;
		} tracing_multi;
		struct {
			uint32_t target_btf_id, pad;
			uint64_t cookie;
		} tracing;
		struct {
			uint64_t info;
			uint32_t info_size, pad;
		} iter;
	};
};

// struct bpf_link_info, what is read of it.
struct link_info {
	uint32_t type, id, prog_id, pad;
	union {
		struct {
			uint64_t addrs;
			uint32_t count, flags;
			uint64_t missed, cookies;
		} kprobe_multi;
		struct {
			uint32_t type, pad;
			uint64_t func_name;
			uint32_t name_len, offset;
			uint64_t addr, missed, cookie;
		} perf_event;
		uint8_t room[64];
	};
};

struct attr_test_run {
	uint32_t prog_fd, retval, data_size_in, data_size_out;
	uint64_t data_in, data_out;
	uint32_t repeat, duration, ctx_size_in, ctx_size_out;
	uint64_t ctx_in, ctx_out;
	uint32_t flags, cpu, batch_size, pad;
};

static int bpf_call(int cmd, void *attr, unsigned size)
{
	long r = syscall(__NR_bpf, cmd, attr, size);

	return r < 0 ? -errno : (int)r;
}

static uint64_t as_u64(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

int link_uprobe_multi(int prog_fd, const struct uprobe_multi *m)
{
	struct attr_link_create a = {0};

	a.prog_fd = (uint32_t)prog_fd;
	a.attach_type = m->session ? ATTACH_UPROBE_SESSION : ATTACH_UPROBE_MULTI;
	a.uprobe_multi.path = as_u64(m->path);
	a.uprobe_multi.offsets = as_u64(m->offsets);
	a.uprobe_multi.ref_ctr_offsets = as_u64(m->ref_ctrs);
	a.uprobe_multi.cookies = as_u64(m->cookies);
	a.uprobe_multi.cnt = m->count;
	a.uprobe_multi.flags = m->ret ? FLAG_UPROBE_MULTI_RETURN : 0;
	a.uprobe_multi.pid = (uint32_t)m->pid;
	return bpf_call(CMD_LINK_CREATE, &a, sizeof(a));
}

int link_kprobe_multi(int prog_fd, const struct kprobe_multi *m)
{
	struct attr_link_create a = {0};

	a.prog_fd = (uint32_t)prog_fd;
	a.attach_type = m->session ? ATTACH_KPROBE_SESSION : ATTACH_KPROBE_MULTI;
	a.kprobe_multi.flags = m->ret ? FLAG_KPROBE_MULTI_RETURN : 0;
	a.kprobe_multi.cnt = m->count;
	a.kprobe_multi.syms = as_u64(m->names);
	a.kprobe_multi.addrs = as_u64(m->addresses);
	a.kprobe_multi.cookies = as_u64(m->cookies);
	return bpf_call(CMD_LINK_CREATE, &a, sizeof(a));
}

int link_tracing_multi(int prog_fd, const struct tracing_multi *m)
{
	struct attr_link_create a = {0};

	a.prog_fd = (uint32_t)prog_fd;
	a.attach_type = m->attach_type;
	a.tracing_multi.ids = as_u64(m->ids);
	a.tracing_multi.cookies = as_u64(m->cookies);
	a.tracing_multi.cnt = m->count;
	return bpf_call(CMD_LINK_CREATE, &a, sizeof(a));
}

int link_tracing(int prog_fd, uint32_t attach_type, uint64_t cookie)
{
	struct attr_link_create a = {0};

	a.prog_fd = (uint32_t)prog_fd;
	a.attach_type = attach_type;
	a.tracing.cookie = cookie;
	return bpf_call(CMD_LINK_CREATE, &a, sizeof(a));
}

uint64_t link_missed(int link_fd)
{
	struct link_info info = {0};
	struct {
		uint32_t fd, len;
		uint64_t info;
	} a = {(uint32_t)link_fd, sizeof(info), as_u64(&info)};

	if (bpf_call(CMD_OBJ_GET_INFO_BY_FD, &a, sizeof(a)) < 0)
		return 0;
	if (info.type == LINK_TYPE_KPROBE_MULTI)
		return info.kprobe_multi.missed;
	if (info.type == LINK_TYPE_PERF_EVENT && (info.perf_event.type == PERF_EVENT_KPROBE ||
						  info.perf_event.type == PERF_EVENT_KRETPROBE))
		return info.perf_event.missed;
	return 0;
}

int link_raw_tracepoint(int prog_fd, const char *name, uint64_t cookie)
{
	struct {
		uint64_t name;
		uint32_t prog_fd, pad;
		uint64_t cookie;
	} a = {as_u64(name), (uint32_t)prog_fd, 0, cookie};

	return bpf_call(CMD_RAW_TRACEPOINT_OPEN, &a, cookie ? sizeof(a) : 16);
}

int link_iter(int prog_fd, int pid)
{
	struct { // union bpf_iter_link_info
		uint32_t tid, pid, pid_fd;
	} task = {.pid = (uint32_t)pid};
	struct attr_link_create a = {0};

	a.prog_fd = (uint32_t)prog_fd;
	a.attach_type = ATTACH_TRACE_ITER;
	a.iter.info = pid > 0 ? as_u64(&task) : 0;
	a.iter.info_size = pid > 0 ? sizeof(task) : 0;
	return bpf_call(CMD_LINK_CREATE, &a, sizeof(a));
}

int link_iter_open(int link_fd)
{
	uint32_t a[2] = {(uint32_t)link_fd};

	return bpf_call(CMD_ITER_CREATE, a, sizeof(a));
}

int link_pin(int link_fd, const char *path)
{
	struct {
		uint64_t path;
		uint32_t fd, flags;
	} a = {.path = as_u64(path), .fd = (uint32_t)link_fd};

	return bpf_call(CMD_OBJ_PIN, &a, sizeof(a));
}

int link_perf_event(int prog_fd, int perf_fd, uint64_t cookie)
{
	struct attr_link_create a = {0};

	a.prog_fd = (uint32_t)prog_fd;
	a.target_fd = (uint32_t)perf_fd;
	a.attach_type = ATTACH_PERF_EVENT;
	a.perf_event.cookie = cookie;
	return bpf_call(CMD_LINK_CREATE, &a, sizeof(a));
}

int prog_test_run(int prog_fd, uint32_t *result)
{
	struct attr_test_run a = {.prog_fd = (uint32_t)prog_fd};
	int err = bpf_call(CMD_PROG_TEST_RUN, &a, sizeof(a));

	if (result)
		*result = a.retval;
	return err;
}

int prog_test_repeat(int prog_fd, uint32_t times, uint32_t *result, uint32_t *average)
{
	static const uint8_t packet[64]; // an XDP program is run for one
	struct attr_test_run a = {.prog_fd = (uint32_t)prog_fd,
				  .data_in = as_u64(packet),
				  .data_size_in = sizeof(packet),
				  .repeat = times};
	int err = bpf_call(CMD_PROG_TEST_RUN, &a, sizeof(a));

	*result = a.retval;
	*average = a.duration;
	return err;
}

static int read_number(const char *root, const char *pmu, const char *name, const char *format,
		       unsigned *out)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/sys/bus/event_source/devices/%s/%s",
		 strcmp(root, "/") ? root : "", pmu, name);
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	if (!f)
		return -errno;
	return fscanf(f, format, out) == 1 ? 0 : -EINVAL;
}

int probe_pmu_read(const char *root, const char *name, struct probe_pmu *out)
{
	unsigned type, bit;
	int err = read_number(root, name, "type", "%u", &type);

	if (!err)
		err = read_number(root, name, "format/retprobe", "config:%u", &bit);
	if (!err && bit > 63)
		err = -EINVAL;
	if (!err)
		*out = (struct probe_pmu){.type = type, .retprobe_bit = bit};
	return err;
}

static int perf_open(struct perf_event_attr *a, int pid, int cpu)
{
	a->size = sizeof(*a);
	long r = syscall(__NR_perf_event_open, a, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);

	return r < 0 ? -errno : (int)r;
}

int perf_open_uprobe(const struct probe_pmu *pmu, const char *path, uint64_t offset, bool ret,
		     int pid)
{
	struct perf_event_attr a = {0};

	a.type = pmu->type;
	a.config = ret ? 1ull << pmu->retprobe_bit : 0;
	a.config1 = as_u64(path);
	a.config2 = offset;
	return perf_open(&a, pid > 0 ? pid : -1, pid > 0 ? -1 : 0);
}

int perf_open_usdt(const struct probe_pmu *pmu, const char *path, uint64_t offset, uint64_t ref_ctr,
		   int pid)
{
	struct perf_event_attr a = {0};

	if (ref_ctr > UINT32_MAX)
		return -EINVAL;
	a.type = pmu->type;
	a.config = ref_ctr << 32;
	a.config1 = as_u64(path);
	a.config2 = offset;
	return perf_open(&a, pid > 0 ? pid : -1, pid > 0 ? -1 : 0);
}

int perf_open_kprobe(const struct probe_pmu *pmu, const char *name, uint64_t offset, bool ret)
{
	struct perf_event_attr a = {0};

	a.type = pmu->type;
	a.config = ret ? 1ull << pmu->retprobe_bit : 0;
	a.config1 = as_u64(name);
	a.config2 = offset;
	return perf_open(&a, -1, 0);
}

int perf_open_timer(int cpu, uint64_t period_ns, uint64_t frequency_hz)
{
	struct perf_event_attr a = {0};

	a.type = PERF_TYPE_SOFTWARE;
	a.config = PERF_COUNT_SW_CPU_CLOCK;
	if (frequency_hz) {
		a.freq = 1;
		a.sample_freq = frequency_hz;
	} else {
		a.sample_period = period_ns;
	}
	return perf_open(&a, -1, cpu);
}

int perf_open_tracepoint(uint32_t id)
{
	struct perf_event_attr a = {0};

	a.type = PERF_TYPE_TRACEPOINT;
	a.config = id;
	a.sample_period = 1;
	a.wakeup_events = 1;
	return perf_open(&a, -1, 0);
}

int perf_open_counter(const struct perf_counter *c)
{
	struct perf_event_attr a = {0};

	a.type = c->type;
	a.config = c->event;
	a.sample_period = c->period;
	if (c->type == PERF_TYPE_BREAKPOINT) {
		a.bp_type = c->mode;
		a.bp_addr = c->address;
		a.bp_len = c->length;
	}
	a.inherit = a.inherit_thread = c->pid > 0;
	int fd = perf_open(&a, c->pid, c->cpu);
	if (!a.inherit || (fd != -EINVAL && fd != -E2BIG))
		return fd;
	a.inherit = a.inherit_thread = 0; // before 5.13 also processes would inherit it
	return perf_open(&a, c->pid, c->cpu);
}

const char *link_strerror(int err)
{
	err = err < 0 ? -err : err;
	switch (err) {
	case KERNEL_ENOTSUPP:
		return "the kernel cannot probe this instruction";
	case EBADF:
		return "not a regular file";
	case ESRCH:
		return "no such process";
	default:
		return strerror(err);
	}
}
