// syscalls: a number enters, the kernel's or the C library's name for it leaves. Refuses
// nothing: unknown numbers have a text, too.
#include "sys/syscalls.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/cleanup.h"

struct syscall_row {
	unsigned number;
	const char *name;
};

#define FIXED(number, name) {number, #name},
#define NAMED(name) {__NR_##name, #name},
static const struct syscall_row syscall_rows[] = {
#include "sys/syscall_table.h"
};
#undef FIXED
#undef NAMED

// A few hundred rows in no order, asked once per printed value: a walk will do.
const char *syscall_name(unsigned number)
{
	for (size_t i = 0; i < ARRAY_SIZE(syscall_rows); i++) {
		if (syscall_rows[i].number == number)
			return syscall_rows[i].name;
	}
	return NULL;
}

int syscall_number(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(syscall_rows); i++)
		if (!strcmp(syscall_rows[i].name, name))
			return (int)syscall_rows[i].number;
	return -1;
}

const char *errno_text(int err)
{
	static const char unknown[] = "Unknown error";
	const char *text = NULL;

	if (err == INT_MIN)
		return unknown;
	err = abs(err);
	// glibc has a NULL for numbers that are not errors; others lack the function.
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
	text = strerrordesc_np(err);
#else
	if (err < 134)
		text = strerror(err);
#endif
	return text ? text : unknown;
}

const char *signal_text(int sig)
{
	const char *text = sig >= 0 && sig < _NSIG ? strsignal(sig) : NULL;

	return text ? text : "N/A";
}
