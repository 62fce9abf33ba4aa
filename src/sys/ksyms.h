// ksyms: /proc/kallsyms as a table. Inside of sys: kallsyms.c answers questions about
// addresses from it. kernel_funcs.c joins the functions that can be traced with a smaller one.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct ksym {
	uint64_t address;
	const char *name; // in the text
	uint32_t module;  // 0: vmlinux; else an id of `modules`, plus 1
	char type;	  // as nm(1) prints it
};
struct ksyms {
	char *text;	   // owned
	struct ksym *syms; // owned; in the order of the file
	size_t len, cap;
	struct intern modules;
	bool addresses; // not all zero
};

// 0, or -errno. Lines that are not symbols are left out.
int ksyms_read(const char *root, struct ksyms *out);
void ksyms_release(struct ksyms *k);
const char *ksyms_module(const struct ksyms *k, const struct ksym *s); // NULL: vmlinux

static inline bool ksym_is_text(const struct ksym *s)
{
	return s->type == 't' || s->type == 'T' || s->type == 'w' || s->type == 'W';
}
// Padding in front of a function, not a function: __pfx_* and (kCFI) __cfi_*.
bool ksym_is_padding(const struct ksym *s);
// What joining needs of a symbol. Names are compared by 64-bit hashes: among 200,000, two that
// collide are one chance in a thousand million.
struct ksym_mark {
	uint64_t address;
	uint64_t name;	 // str_hash_name
	uint32_t module; // as in struct ksym
	bool text;
};
struct ksym_marks {
	struct ksym_mark *at; // owned; in the order of the file
	size_t len, cap;
	struct intern modules;
	bool addresses; // not all zero
};
// 0, or -errno. Padding and symbols of BPF programs are left out.
int ksym_marks_read(const char *root, struct ksym_marks *out);
void ksym_marks_release(struct ksym_marks *k);

// One field each, for files of the same make. They move *p behind what they read.
bool ksym_parse_hex(const char **p, uint64_t *out);
// "NAME" or "NAME [MODULE]" up to the end of the line, cut into two strings in place. Moves *p
// to the next line. False: no name. *module is NULL when there is none.
bool ksym_parse_name(char **p, char **name, char **module);
