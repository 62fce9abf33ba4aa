// syscalls: a number enters, the kernel's or the C library's name for it leaves. Refuses
// nothing: unknown numbers have a text, too.
#include "sys/syscalls.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "base/cleanup.h"

_Static_assert(KERNEL_ERRNO_MAX == EHWPOISON, "the last errno of the kernel");

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

// An error is named as the kernel's headers do, as in bpftrace. These are the ones for which the C
// library has other words.
struct errno_row {
	int err;
	const char *text;
};

static const struct errno_row kernel_texts[] = {
    {EIO, "I/O error"},
    {EBADF, "Bad file number"},
    {EAGAIN, "Try again (operation would block)"},
    {ENOMEM, "Out of memory"},
    {EXDEV, "Cross-device link"},
    {ENFILE, "File table overflow"},
    {ENOTTY, "Not a typewriter"},
    {EDOM, "Math argument out of domain of func"},
    {ERANGE, "Math result not representable"},
    {EDEADLK, "Resource deadlock would occur"},
    {ENOLCK, "No record locks available"},
    {ENOSYS, "Invalid system call number"},
    {ELOOP, "Too many symbolic links encountered"},
    {EBADMSG, "Not a data message"},
    {EILSEQ, "Illegal byte sequence"},
    {EOPNOTSUPP, "Operation not supported on transport endpoint"},
    {ENETRESET, "Network dropped connection because of reset"},
    {EDQUOT, "Quota exceeded"},
    {ECANCELED, "Operation Canceled"},
};

static const char *kernel_text(int err)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernel_texts); i++)
		if (kernel_texts[i].err == err)
			return kernel_texts[i].text;
	return NULL;
}

const char *errno_text(int err)
{
	static const char unknown[] = "Unknown error";
	const char *text;

	if (err == INT_MIN)
		return unknown;
	err = abs(err);
	text = kernel_text(err);
	if (text)
		return text;
	if (err > KERNEL_ERRNO_MAX) // glibc 2.43 has one more, that is no kernel's
		return unknown;
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
	text = strerrordesc_np(err); // NULL: no error. Only glibc has the function.
#else
	text = strerror(err);
#endif
	return text ? text : unknown;
}

const char *signal_text(int sig)
{
	const char *text = sig >= 0 && sig < _NSIG ? strsignal(sig) : NULL;

	return text ? text : "N/A";
}
