// debug_search: the separate file with what was stripped from a program: its symbols, its debug
// information. Private to this room.
#pragma once

#include <libelf.h>
#include <stdbool.h>

struct elf_handle {
	int fd; // -1: none
	Elf *elf;
};

// 0, or -errno with *reason (static text). The file is read, not mapped.
int elf_handle_open(struct elf_handle *h, const char *path, const char **reason);
void elf_handle_close(struct elf_handle *h);

// What is done with a file that belongs to the program. True: this is it; *h may have been taken
// (fd -1, elf NULL are left then).
typedef bool (*debug_take_fn)(void *ctx, const char *path, struct elf_handle *h);

// Offers the files of program `path` (open as `program`), those of a certain build id first:
// under `dirs` ("DIR:DIR", or NULL), beside the program, under root/usr/lib/debug; and for
// "/proc/PID/root/..." under the process's own /usr/lib/debug before. False: none was taken.
bool debug_search(const char *root, const char *path, Elf *program, const char *dirs,
		  debug_take_fn take, void *ctx);
