// usdt: sites of statically defined probes (.note.stapsdt) and where their arguments are. Input
// files are hostile: every size is checked, a broken table is an error with a reason, and an
// argument that cannot be understood says why instead of being guessed.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "usdt_spec.h"

struct usdt_site {
	const char *provider, *name; // printable
	const struct usdt_spec *spec;
	uint64_t address;    // in the ELF file's address space
	uint64_t offset;     // of the instruction, in the file
	uint64_t semaphore;  // its offset in the file; 0: none
	bool has_nop10;	     // a 10-byte nop follows the site's own (KERNEL.md 3.6)
	const char *problem; // why it cannot be attached to; NULL: it can
};

struct usdt_file {
	const char *path;
	int machine;			     // EM_X86_64, ...
	ARENA_VEC(struct usdt_site) sites;   // by provider, name, offset; none twice
	ARENA_VEC(struct usdt_spec *) specs; // each text once
};

// 0 (also when there are no sites), or -errno with *reason.
int usdt_open(struct arena *a, const char *path, struct usdt_file *out, const char **reason);
// Never fails: what is not understood is an unreadable argument.
struct usdt_spec *usdt_spec_parse(struct arena *a, int machine, const char *text);
// "int32", "uint8", "double"
const char *usdt_arg_type(const struct usdt_arg *arg);
