// vdso.c: from memory to a file that the readers of ELF can open.
//
// Enters: the size of a mapping. Leaves: a file in memory. Refuses: a size that this process's own
// mapping does not have.
#include "sys/vdso.h"

#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

bool vdso_is_named(const char *mapping)
{
	return !strcmp(mapping, "[vdso]");
}

int vdso_open(uint64_t size, char path[VDSO_PATH_MAX])
{
	const void *image = (const void *)getauxval(AT_SYSINFO_EHDR); // NOLINT: an address
	int fd = image ? memfd_create("vdso", MFD_CLOEXEC) : -1;

	if (fd < 0)
		return -1;
	if (write(fd, image, size) != (ssize_t)size) {
		close(fd);
		return -1;
	}
	snprintf(path, VDSO_PATH_MAX, "/proc/self/fd/%d", fd);
	return fd;
}
