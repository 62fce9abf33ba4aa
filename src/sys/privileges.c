// privileges: capset(2), without a library. In: whatever the process may do. Out: a process that
// can read what it prints names from, and no longer change the system.
#include "sys/privileges.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

// CAP_BPF: map operations without it are refused before 5.19 where unprivileged BPF is off.
static const unsigned kept[] = {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_KILL,
				CAP_SYS_PTRACE,	  CAP_SYSLOG,	       CAP_BPF};

int privileges_drop(bool keep_perfmon)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
	uint32_t keep[_LINUX_CAPABILITY_U32S_3] = {0};

	if (syscall(SYS_capget, &head, data))
		return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		keep[CAP_TO_INDEX(kept[i])] |= CAP_TO_MASK(kept[i]);
	if (keep_perfmon)
		keep[CAP_TO_INDEX(CAP_PERFMON)] |= CAP_TO_MASK(CAP_PERFMON);
	for (size_t i = 0; i < ARRAY_SIZE(data); i++) {
		data[i].effective &= keep[i];
		data[i].permitted &= keep[i];
		data[i].inheritable = 0;
	}
	return syscall(SYS_capset, &head, data) ? -errno : 0;
}
