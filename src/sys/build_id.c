// build_id: a file to the text of its build id, through libdw.
#include "sys/build_id.h"

#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <libelf.h>
#include <stdio.h>

#include "base/cleanup.h"

bool build_id_read(const char *path, char text[BUILD_ID_TEXT])
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	const unsigned char *bytes;
	const void *bits = NULL;
	ssize_t n = -1;
	Elf *elf = NULL;

	elf_version(EV_CURRENT);
	if (fd >= 0)
		elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf)
		n = dwelf_elf_gnu_build_id(elf, &bits);
	bytes = bits;
	for (ssize_t i = 0; i < n && 2 * i + 2 < BUILD_ID_TEXT; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	if (elf)
		elf_end(elf);
	return n > 0;
}
