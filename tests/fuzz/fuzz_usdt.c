// fuzz_usdt: any bytes as an ELF file with USDT notes, and as the text of arguments.
// clang -fsanitize=fuzzer,address,undefined.
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sys/usdt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD_SECTIONS = 6, NOTES_AT = 0x400 };

static void put_section(Elf64_Shdr *h, unsigned name, unsigned type, uint64_t at, uint64_t size)
{
	*h = (Elf64_Shdr){.sh_name = name,
			  .sh_type = type,
			  .sh_offset = at,
			  .sh_size = size,
			  .sh_link = 4,
			  .sh_addr = at};
	h->sh_entsize = type == SHT_SYMTAB ? sizeof(Elf64_Sym) : 0;
}

// Headers of a program whose notes, symbols and code are all the input.
static size_t make_file(uint8_t *out, const uint8_t *data, size_t size)
{
	static const char names[] = "\0.note.stapsdt\0.stapsdt.base";
	Elf64_Ehdr eh = {.e_type = ET_DYN,
			 .e_machine = EM_X86_64,
			 .e_phoff = sizeof(eh),
			 .e_phentsize = sizeof(Elf64_Phdr),
			 .e_phnum = 1,
			 .e_shoff = 0x100,
			 .e_shentsize = sizeof(Elf64_Shdr),
			 .e_shnum = HEAD_SECTIONS,
			 .e_shstrndx = 5};
	Elf64_Phdr ph = {.p_type = PT_LOAD, .p_flags = PF_X | PF_W, .p_filesz = NOTES_AT + size};
	Elf64_Shdr sh[HEAD_SECTIONS] = {0};

	memcpy(eh.e_ident, ELFMAG "\2\1\1", 7);
	put_section(&sh[1], 1, SHT_NOTE, NOTES_AT, size);
	put_section(&sh[2], 15, SHT_PROGBITS, NOTES_AT, 1);
	put_section(&sh[3], 0, SHT_SYMTAB, NOTES_AT, size);
	put_section(&sh[4], 0, SHT_STRTAB, NOTES_AT, size);
	put_section(&sh[5], 0, SHT_STRTAB, 0x300, sizeof(names));
	memcpy(out, &eh, sizeof(eh));
	memcpy(out + sizeof(eh), &ph, sizeof(ph));
	memcpy(out + 0x100, sh, sizeof(sh));
	memcpy(out + 0x300, names, sizeof(names));
	memcpy(out + NOTES_AT, data, size);
	return NOTES_AT + size;
}

static void try_file(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct usdt_file f;
	const char *reason = NULL;
	char path[64];
	int fd = memfd_create("usdt", MFD_CLOEXEC);

	if (fd >= 0 && write(fd, data, size) == (ssize_t)size) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		usdt_open(&a, path, &f, &reason);
	}
	arena_release(&a);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t file[NOTES_AT + 8192];
	struct arena a = {0};

	if (size > 8192)
		return 0;
	try_file(data, size);
	try_file(file, make_file(file, data, size));
	char *text = arena_strndup(&a, (const char *)data, size);
	usdt_spec_parse(&a, EM_X86_64, text);
	usdt_spec_parse(&a, EM_AARCH64, text);
	arena_release(&a);
	return 0;
}
