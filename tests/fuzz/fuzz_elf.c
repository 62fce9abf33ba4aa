// fuzz_elf: any bytes as an ELF file. clang -fsanitize=fuzzer,address,undefined.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sys/elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct elf_file f;
	const char *reason = NULL;
	uint64_t offset;
	char path[64];
	int fd = memfd_create("elf", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!elf_open_funcs(&a, path, NULL, &f, &reason) && f.funcs.len)
		elf_offset_of(path, f.funcs.data[0].address, &offset, &reason);
	elf_offset_is_executable(path, size / 2);
	arena_release(&a);
	close(fd);
	return 0;
}
