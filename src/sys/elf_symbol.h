// elf_symbol: one symbol of a program or library by its exact name: functions and data.
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct elf_symbol {
	uint64_t address; // ELF virtual address
	uint64_t size;
	bool is_pie; // the address is relative to where the file is loaded
};

// 0, or -errno; -ENOENT: no such symbol.
int elf_symbol_find(const char *path, const char *name, struct elf_symbol *out);
