// elf_reader: what the readers of ELF tables share. Private to this room. Every function that
// fails has set *reason.
#pragma once

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ELF_TABLE_MAX = 512 << 20 }; // bytes of one symbol or string table

struct elf_reader {
	int fd;
	uint64_t size; // of the file
	bool is64;
	Elf64_Ehdr eh;
	uint64_t phnum, shnum; // after the escapes for large counts
	const char **reason;
};

int elf_reader_open(struct elf_reader *r, const char *path, const char **reason);
// As above; the reader owns fd from here on, whatever is returned.
int elf_reader_of_fd(struct elf_reader *r, int fd, const char **reason);
void elf_reader_close(struct elf_reader *r);
// The reason is set by whoever knows it first. -ENOEXEC.
int elf_refuse(struct elf_reader *r, const char *why);
bool elf_in_file(const struct elf_reader *r, uint64_t offset, uint64_t len);
int elf_read_at(struct elf_reader *r, uint64_t offset, void *data, size_t len);
int elf_read_phdr(struct elf_reader *r, uint64_t i, Elf64_Phdr *out);
int elf_read_shdr(struct elf_reader *r, uint64_t i, Elf64_Shdr *out);
// Calls fn for each symbol of the table whose header is h; st_name is not checked yet.
typedef void (*elf_symbol_fn)(void *ctx, const Elf64_Sym *sym);
int elf_each_symbol(struct elf_reader *r, const Elf64_Shdr *h, elf_symbol_fn fn, void *ctx);

struct elf_segment {
	uint64_t address, offset, size;
};

struct elf_segments {
	struct elf_segment *data;
	size_t count;
};

// Loaded segments whose p_flags have all of `flags`.
int elf_read_segments(struct elf_reader *r, uint32_t flags, struct elf_segments *out);
void elf_segments_release(struct elf_segments *s);
bool elf_segments_offset(const struct elf_segments *s, uint64_t address, uint64_t *offset);
