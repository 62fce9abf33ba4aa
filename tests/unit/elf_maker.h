// elf_maker: small ELF executables for tests, made in memory, with exactly the symbols that a
// test is about. Virtual addresses are file offsets + 0x400000.
#pragma once

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum {
	MADE_TEXT = 0x1000, // file offset of the executable segment, 0x1000 bytes long
	MADE_BASE = 0x400000,
	MADE_MAX = 0x8000,
};

struct made_symbol {
	const char *name;
	unsigned offset; // in the file; 0: undefined
	unsigned size;
	unsigned char type, bind; // STT_*, STB_*; 0 is STT_NOTYPE, STB_LOCAL
	bool dynamic;		  // in .dynsym instead of .symtab
};

// Same text for both classes.
#define MADE_ELF(bits)                                                                             \
	static inline size_t make_elf##bits(unsigned char *out, const struct made_symbol *syms,    \
					    size_t count)                                          \
	{                                                                                          \
		Elf##bits##_Ehdr eh = {0};                                                         \
		Elf##bits##_Phdr ph[2] = {{0}};                                                    \
		Elf##bits##_Shdr sh[5] = {{0}};                                                    \
		size_t at = 0x2000, names_at = 0x4000, names = 1;                                  \
		memset(out, 0, MADE_MAX);                                                          \
		memset(out + MADE_TEXT, 0xc3, 0x1000);                                             \
		for (int dynamic = 0; dynamic < 2; dynamic++) {                                    \
			Elf##bits##_Shdr *h = &sh[1 + dynamic];                                    \
			size_t first = at;                                                         \
			at += sizeof(Elf##bits##_Sym);                                             \
			for (size_t i = 0; i < count; i++) {                                       \
				Elf##bits##_Sym s = {0};                                           \
				if (syms[i].dynamic != (bool)dynamic)                              \
					continue;                                                  \
				s.st_name = (unsigned)names;                                       \
				s.st_info = (unsigned char)(syms[i].bind << 4 | syms[i].type);     \
				s.st_shndx = syms[i].offset ? 1 : SHN_UNDEF;                       \
				s.st_value = syms[i].offset ? syms[i].offset + MADE_BASE : 0;      \
				s.st_size = syms[i].size;                                          \
				memcpy(out + at, &s, sizeof(s));                                   \
				at += sizeof(s);                                                   \
				memcpy(out + names_at + names, syms[i].name,                       \
				       strlen(syms[i].name) + 1);                                  \
				names += strlen(syms[i].name) + 1;                                 \
			}                                                                          \
			h->sh_type = dynamic ? SHT_DYNSYM : SHT_SYMTAB;                            \
			h->sh_offset = (unsigned)first;                                            \
			h->sh_size = (unsigned)(at - first);                                       \
			h->sh_link = 3;                                                            \
			h->sh_entsize = sizeof(Elf##bits##_Sym);                                   \
		}                                                                                  \
		sh[3].sh_type = SHT_STRTAB;                                                        \
		sh[3].sh_offset = (unsigned)names_at;                                              \
		sh[3].sh_size = (unsigned)names;                                                   \
		memcpy(eh.e_ident, ELFMAG, SELFMAG);                                               \
		eh.e_ident[EI_CLASS] = ELFCLASS##bits;                                             \
		eh.e_ident[EI_DATA] = ELFDATA2LSB;                                                 \
		eh.e_ident[EI_VERSION] = EV_CURRENT;                                               \
		eh.e_type = ET_EXEC;                                                               \
		eh.e_machine = bits == 64 ? EM_X86_64 : EM_386;                                    \
		eh.e_version = EV_CURRENT;                                                         \
		eh.e_ehsize = sizeof(eh);                                                          \
		eh.e_phoff = sizeof(eh);                                                           \
		eh.e_phentsize = sizeof(ph[0]);                                                    \
		eh.e_phnum = 2;                                                                    \
		eh.e_shoff = 0x7000;                                                               \
		eh.e_shentsize = sizeof(sh[0]);                                                    \
		eh.e_shnum = 4;                                                                    \
		ph[0].p_type = PT_LOAD;                                                            \
		ph[0].p_flags = PF_R | PF_X;                                                       \
		ph[0].p_offset = MADE_TEXT;                                                        \
		ph[0].p_vaddr = MADE_BASE + MADE_TEXT;                                             \
		ph[0].p_filesz = ph[0].p_memsz = 0x1000;                                           \
		ph[1] = ph[0];                                                                     \
		ph[1].p_flags = PF_R | PF_W;                                                       \
		ph[1].p_offset = 0x2000;                                                           \
		ph[1].p_vaddr = MADE_BASE + 0x2000;                                                \
		memcpy(out, &eh, sizeof(eh));                                                      \
		memcpy(out + sizeof(eh), ph, sizeof(ph));                                          \
		memcpy(out + 0x7000, sh, sizeof(sh));                                              \
		return MADE_MAX;                                                                   \
	}
MADE_ELF(64)
MADE_ELF(32)

static inline bool write_file(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	bool fine = fd >= 0 && write(fd, data, len) == (ssize_t)len;

	if (fd >= 0)
		close(fd);
	return fine;
}
