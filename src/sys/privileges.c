// privileges: capset(2), without a library. In: whatever the process may do. Out: a process that
// can read what it prints names from, and no longer change the system.
#include "sys/privileges.h"

#include <errno.h>
#include <linux/capability.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

// CAP_BPF: map operations without it are refused before 5.19 where unprivileged BPF is off.
static const unsigned kept[] = {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_KILL,
				CAP_SYS_PTRACE,	  CAP_SYSLOG,	       CAP_BPF};

// Kernels of Debian and Ubuntu: a level that the kernel proper does not know, at which some want
// CAP_SYS_ADMIN for any perf event.
static bool perf_needs_admin(void)
{
	_cleanup_close_ int fd = open("/proc/sys/kernel/perf_event_paranoid", O_RDONLY | O_CLOEXEC);
	char text[16] = "";

	return fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 && atoi(text) > 2;
}

static uint32_t admin_bit(size_t word)
{
	return word == CAP_TO_INDEX(CAP_SYS_ADMIN) ? CAP_TO_MASK(CAP_SYS_ADMIN) : 0;
}

// The one capability that drop may have left permitted and not effective.
static bool set_admin(bool on)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
	bool changes = false;

	if (syscall(SYS_capget, &head, data))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(data); i++) {
		uint32_t want = on ? data[i].permitted & admin_bit(i) : 0;

		changes |= want != (data[i].effective & admin_bit(i));
		data[i].effective = (data[i].effective & ~admin_bit(i)) | want;
	}
	return changes && !syscall(SYS_capset, &head, data);
}

bool privileges_raise(void)
{
	return set_admin(true);
}

void privileges_lower(bool raised)
{
	if (raised)
		set_admin(false);
}

int privileges_drop(bool keep_perfmon)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
	uint32_t keep[_LINUX_CAPABILITY_U32S_3] = {0};
	bool keep_admin = keep_perfmon && perf_needs_admin();

	if (syscall(SYS_capget, &head, data))
		return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		keep[CAP_TO_INDEX(kept[i])] |= CAP_TO_MASK(kept[i]);
	if (keep_perfmon)
		keep[CAP_TO_INDEX(CAP_PERFMON)] |= CAP_TO_MASK(CAP_PERFMON);
	for (size_t i = 0; i < ARRAY_SIZE(data); i++) {
		data[i].effective &= keep[i];
		data[i].permitted &= keep[i] | (keep_admin ? admin_bit(i) : 0);
		data[i].inheritable = 0;
	}
	return syscall(SYS_capset, &head, data) ? -errno : 0;
}
