// elf: symbols of user-space programs and libraries. Input files are hostile: every offset
// and size is checked; a broken file is an error with a reason, never a crash.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct elf_func {
	const char *name; // in the arena, without @VERSION
	uint64_t address; // ELF virtual address (st_value)
	uint64_t offset;  // in the file: what uprobes want
	uint64_t size;	  // 0: unknown
	bool is_local;	  // STB_LOCAL
	bool is_weak;
	bool is_ifunc;	 // STT_GNU_IFUNC: the resolver, not the function
	bool is_outside; // in no executable segment: it has no offset
	bool is_entry;	 // where the program begins: it was jumped to, nothing returns
};

struct elf_file {
	const char *path;		  // as opened
	int machine;			  // EM_X86_64, ...
	bool is_pie;			  // ET_DYN
	ARENA_VEC(struct elf_func) funcs; // .symtab and .dynsym, sorted by (offset, name), unique
	bool stripped;			  // no .symtab, and none found elsewhere (so far)
};

// What the file itself names. 0, or -errno with *reason (static or arena text): "not an ELF file",
// "section header table is beyond the end of the file", ...
int elf_open_own_funcs(struct arena *a, const char *path, struct elf_file *out,
		       const char **reason);
// Adds what was stripped from it, from a separate debug file (also under `dirs`, "DIR:DIR" or
// NULL) or .gnu_debugdata. No work if nothing was. `funcs` is another array afterwards: pointers
// into the one before stay good. True: there is more than before.
bool elf_add_stripped(struct arena *a, struct elf_file *f, const char *dirs);
// Both.
int elf_open_funcs(struct arena *a, const char *path, const char *dirs, struct elf_file *out,
		   const char **reason);
// File offset of a virtual address inside an executable segment; false if in none.
bool elf_offset_of(const char *path, uint64_t address, uint64_t *offset, const char **reason);
// Is the file offset inside an executable PT_LOAD? (uprobes accept nonsense, KERNEL.md 3.4)
bool elf_offset_is_executable(const char *path, uint64_t offset);
// Up to len bytes of the file; returns how many there are.
size_t elf_read_code(const char *path, uint64_t offset, void *data, size_t len);
