// features.c: what the running kernel can do, found out by asking it.
//
// Enters: a feature. Leaves: yes or no, remembered. A probe loads a two-instruction program
// and makes a link that must fail; which errno it fails with tells a kernel that knows the
// attach type from one that does not (KERNEL.md section 5). Loading alone proves nothing:
// old kernels accept attach types that they have never heard of.
#include "sys/features.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

enum {
	CMD_PROG_LOAD = 5,
	CMD_RAW_TRACEPOINT_OPEN = 17,
	CMD_MAP_LOOKUP_BATCH = 24,
	CMD_LINK_CREATE = 28
};
enum { TYPE_KPROBE = 2, TYPE_RAW_TRACEPOINT = 17, TYPE_TRACING = 26 };
enum {
	KPROBE_MULTI = 42,
	UPROBE_MULTI = 48,
	KPROBE_SESSION = 56,
	UPROBE_SESSION = 57,
	FSESSION = 58,
	FENTRY_MULTI = 59,
};

static const struct {
	const char *name;
	uint32_t attach_type;
} table[FEATURE_COUNT] = {
    [FEATURE_UPROBE_MULTI] = {"uprobe_multi", UPROBE_MULTI},
    [FEATURE_UPROBE_SESSION] = {"uprobe_session", UPROBE_SESSION},
    [FEATURE_KPROBE_MULTI] = {"kprobe_multi", KPROBE_MULTI},
    [FEATURE_KPROBE_SESSION] = {"kprobe_session", KPROBE_SESSION},
    [FEATURE_FPROBE_FGRAPH] = {"fprobe_fgraph", KPROBE_MULTI},
    [FEATURE_TRACING_MULTI] = {"tracing_multi", FENTRY_MULTI},
    [FEATURE_FSESSION] = {"fsession", FSESSION},
    [FEATURE_RAW_TP_SYSCALLS] = {"raw_tp_syscalls", 0},
    [FEATURE_RAW_TP] = {"raw_tp", 0},
    [FEATURE_RAW_TP_COOKIE] = {"raw_tp_cookie", 0},
    [FEATURE_BATCH_OPS] = {"batch_ops", 0},
    [FEATURE_UPROBE_NOP10] = {"uprobe_nop10", 0},
    [FEATURE_STACK_MEMO] = {"stack_memo", 0},
};

// The head of union bpf_attr for each command, as long as we need it.
struct attr_prog_load {
	uint32_t prog_type, insn_cnt;
	uint64_t insns, license;
	uint32_t log_level, log_size;
	uint64_t log_buf;
	uint32_t kern_version, prog_flags;
	char prog_name[16];
	uint32_t prog_ifindex, expected_attach_type, prog_btf_fd, func_info_rec_size;
	uint64_t func_info;
	uint32_t func_info_cnt, line_info_rec_size;
	uint64_t line_info;
	uint32_t line_info_cnt, attach_btf_id, attach_prog_fd, core_relo_cnt;
};
struct attr_multi_link {
	uint32_t prog_fd, target_fd, attach_type, flags;
	union {
		struct {
			uint64_t path, offsets, ref_ctr_offsets, cookies;
			uint32_t cnt, flags, pid, path_fd;
		} uprobe;
		struct {
			uint32_t flags, cnt;
			uint64_t syms, addrs, cookies;
		} kprobe;
		struct {
			uint64_t ids, cookies;
			uint32_t cnt, pad;
		} tracing;
	};
};

static int bpf_call(int cmd, void *attr, unsigned size)
{
	long r = syscall(__NR_bpf, cmd, attr, size);

	return r < 0 ? -errno : (int)r;
}

static int load_insns(uint32_t type, uint32_t attach_type, uint32_t btf_id, const uint64_t *insns,
		      uint32_t count)
{
	struct attr_prog_load a = {0};

	a.prog_type = type;
	a.expected_attach_type = attach_type;
	a.insns = (uint64_t)(uintptr_t)insns;
	a.insn_cnt = count;
	a.license = (uint64_t)(uintptr_t) "GPL";
	a.attach_btf_id = btf_id;
	memcpy(a.prog_name, "mtrace_probe", 13);
	return bpf_call(CMD_PROG_LOAD, &a, sizeof(a));
}

static int load_program(uint32_t type, uint32_t attach_type, uint32_t btf_id)
{
	static const uint64_t return_zero[] = {0x00000000000000b7, 0x0000000000000095};

	return load_insns(type, attach_type, btf_id, return_zero, ARRAY_SIZE(return_zero));
}

// Whatever else the verifier has against the call, one that a program of this role may not make is
// refused first and in these words.
bool kernel_func_allowed(const struct prog_role *role, uint32_t func_id)
{
	const uint64_t call[] = {(uint64_t)func_id << 32 | 0x2085, 0x00000000000000b7,
				 0x0000000000000095};
	struct attr_prog_load a = {0};
	char log[4096] = "";
	int fd;

	a.prog_type = role->type;
	a.attach_btf_id = role->attach_btf_id;
	a.expected_attach_type = role->attach_type;
	a.insns = (uint64_t)(uintptr_t)call;
	a.insn_cnt = ARRAY_SIZE(call);
	a.license = (uint64_t)(uintptr_t) "GPL";
	a.log_level = 1;
	a.log_size = sizeof(log);
	a.log_buf = (uint64_t)(uintptr_t)log;
	fd = bpf_call(CMD_PROG_LOAD, &a, sizeof(a));
	if (fd >= 0)
		close(fd);
	log[sizeof(log) - 1] = '\0';
	return fd >= 0 || fd == -EPERM || !strstr(log, "is not allowed");
}

static int try_link(int prog_fd, uint32_t attach_type, struct attr_multi_link *a)
{
	a->prog_fd = (uint32_t)prog_fd;
	a->attach_type = attach_type;
	int fd = bpf_call(CMD_LINK_CREATE, a, sizeof(*a));
	if (fd >= 0)
		close(fd);
	return fd;
}

// "/" is not a regular file: a kernel that knows the attach type gets as far as EBADF.
static int probe_uprobe(int prog_fd, uint32_t attach_type, int pid)
{
	uint64_t offset = 1;
	struct attr_multi_link a = {0};

	a.uprobe.path = (uint64_t)(uintptr_t) "/";
	a.uprobe.offsets = (uint64_t)(uintptr_t)&offset;
	a.uprobe.cnt = 1;
	a.uprobe.pid = (uint32_t)pid;
	return try_link(prog_fd, attach_type, &a);
}

// One function more than the limit: E2BIG before anything is looked up; EFAULT before 6.8.
static int probe_kprobe(int prog_fd, uint32_t attach_type)
{
	struct attr_multi_link a = {0};

	a.kprobe.addrs = 1;
	a.kprobe.cnt = (1u << 20) + 1;
	return try_link(prog_fd, attach_type, &a);
}

// Returns 0 when present, else the errno that said no. EPERM also counts as present: without
// privileges nothing can be found out, and loading will give the real reason.
static int probe_multi(enum feature which)
{
	uint32_t type = table[which].attach_type;
	_cleanup_close_ int fd = load_program(TYPE_KPROBE, type, 0);

	if (fd < 0)
		return fd == -EPERM ? 0 : -fd;
	if (which == FEATURE_KPROBE_MULTI || which == FEATURE_KPROBE_SESSION) {
		int err = probe_kprobe(fd, type);
		return err == -E2BIG || err == -EFAULT ? 0 : -err;
	}
	int err = probe_uprobe(fd, type, 0);
	if (err != -EBADF)
		return err < 0 ? -err : EINVAL;
	// 6.6 filtered threads where it should have filtered processes; the same fix made
	// negative pids an error.
	err = probe_uprobe(fd, type, -1);
	return err == -EINVAL ? 0 : ESRCH;
}

// Where fprobe stands on the function graph tracer, ENOENT says that there is nothing to trace
// at an address; before, it was EINVAL.
static int probe_fgraph(void)
{
	uint64_t nowhere = 16;
	struct attr_multi_link a = {0};
	_cleanup_close_ int fd = load_program(TYPE_KPROBE, KPROBE_MULTI, 0);

	if (fd < 0)
		return fd == -EPERM ? 0 : -fd;
	a.kprobe.addrs = (uint64_t)(uintptr_t)&nowhere;
	a.kprobe.cnt = 1;
	int err = try_link(fd, KPROBE_MULTI, &a);
	return err == -ENOENT ? 0 : EINVAL;
}

static int probe_tracing_multi(void)
{
	struct attr_multi_link a = {0};
	_cleanup_close_ int fd = load_program(TYPE_TRACING, FENTRY_MULTI, 0);

	if (fd < 0)
		return fd == -EPERM ? 0 : -fd;
	int err = try_link(fd, FENTRY_MULTI, &a);
	return err == -EINVAL ? 0 : -err;
}

static int probe_fsession(void)
{
	uint32_t id, params;
	int err = kernel_btf_func("vfs_read", &id, &params);

	if (err)
		return -err;
	_cleanup_close_ int fd = load_program(TYPE_TRACING, FSESSION, id);
	return fd >= 0 || fd == -EPERM ? 0 : -fd;
}

// An unknown command is EINVAL; a known one looks at the map descriptor first.
static int probe_batch(void)
{
	struct {
		uint64_t in_batch, out_batch, keys, values;
		uint32_t count, map_fd;
		uint64_t elem_flags, flags;
	} a = {.map_fd = UINT32_MAX};
	int err = bpf_call(CMD_MAP_LOOKUP_BATCH, &a, sizeof(a));

	return err == -EBADF || err == -EPERM ? 0 : -err;
}

// A kernel that knows no cookie says EINVAL before it looks at the program's descriptor.
static int probe_raw_tp_cookie(void)
{
	struct {
		uint64_t name;
		uint32_t prog_fd, pad;
		uint64_t cookie;
	} a = {.prog_fd = UINT32_MAX, .cookie = 1};
	int err = bpf_call(CMD_RAW_TRACEPOINT_OPEN, &a, sizeof(a));

	return err == -EBADF || err == -EPERM ? 0 : -err;
}

static int probe_raw_tp_syscalls(void)
{
	static const char *const paths[] = {
	    "/sys/kernel/tracing/events/raw_syscalls/sys_enter",
	    "/sys/kernel/debug/tracing/events/raw_syscalls/sys_enter"};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		if (!access(paths[i], F_OK))
			return 0;
	return errno;
}

// The uprobe system call, made from anywhere but its trampoline, says which kernel this is
// (KERNEL.md 3.6). The kernels before 7.2 that have it optimise 5-byte nops, and overwrite what
// leaf functions keep below their stack pointer.
static int probe_nop10(void)
{
#if defined(__x86_64__)
	enum { UPROBE_CALL = 336 };

	return syscall(UPROBE_CALL) < 0 && errno == EPROTO ? 0 : errno;
#else
	return EOPNOTSUPP;
#endif
}

// r0 = bpf_get_current_task_btf(); bpf_task_pt_regs(r0)
static int probe_task_pt_regs(void)
{
#if defined(__x86_64__)
	static const uint64_t insns[] = {0x9e00000085, 0x00000000000001bf, 0xaf00000085,
					 0x00000000000000b7, 0x0000000000000095};
	_cleanup_close_ int fd =
	    load_insns(TYPE_RAW_TRACEPOINT, 0, 0, insns, ARRAY_SIZE(insns));

	return fd >= 0 || fd == -EPERM ? 0 : -fd;
#else
	return EOPNOTSUPP;
#endif
}

static int probe(enum feature which)
{
	switch (which) {
	case FEATURE_FPROBE_FGRAPH:
		return probe_fgraph();
	case FEATURE_TRACING_MULTI:
		return probe_tracing_multi();
	case FEATURE_FSESSION:
		return probe_fsession();
	case FEATURE_BATCH_OPS:
		return probe_batch();
	case FEATURE_UPROBE_NOP10:
		return probe_nop10();
	case FEATURE_STACK_MEMO:
		return probe_task_pt_regs();
	case FEATURE_RAW_TP:
		return 0; // 4.17; ring buffers are younger
	case FEATURE_RAW_TP_COOKIE:
		return probe_raw_tp_cookie();
	case FEATURE_RAW_TP_SYSCALLS:
		return probe_raw_tp_syscalls();
	default:
		return probe_multi(which);
	}
}

const char *feature_name(enum feature f)
{
	return f < FEATURE_COUNT ? table[f].name : "?";
}

bool feature_by_name(const char *name, enum feature *out)
{
	for (int i = 0; i < FEATURE_COUNT; i++) {
		if (strcmp(table[i].name, name))
			continue;
		*out = (enum feature)i;
		return true;
	}
	return false;
}

bool features_have(struct features *f, enum feature which)
{
	uint32_t bit = 1u << which;

	if (f->disabled & bit)
		return false;
	if (f->fake)
		return f->assumed & bit;
	if (!(f->known & bit)) {
		int err = probe(which);
		f->errors[which] = err;
		f->known |= bit;
		if (!err)
			f->present |= bit;
	}
	return f->present & bit;
}

void features_strike(struct features *f, enum feature which)
{
	f->disabled |= 1u << which;
	f->struck |= 1u << which;
}

const char *features_why_not(const struct features *f, enum feature which)
{
	uint32_t bit = 1u << which;

	if (f->struck & bit)
		return "the kernel refused it when it was used";
	if (f->disabled & bit)
		return "turned off by --no-feature";
	if (f->fake)
		return f->assumed & bit ? "present" : "not in the assumed features";
	if (f->present & bit)
		return "present";
	if (!(f->known & bit))
		return "not asked for";
	switch (f->errors[which]) {
	case EOPNOTSUPP:
		return "not built into this kernel";
	case ESRCH:
		return "this kernel's pid filter is wrong (fixed in 6.10)";
	case ENOENT:
		return "no kernel BTF";
	default:
		return "this kernel does not have it";
	}
}
