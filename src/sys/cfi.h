// cfi: how to go from a frame to its caller, out of .eh_frame and .debug_frame, for x86-64. Enters: a
// file. Leaves: rows sorted by address, each good up to the next. What a row cannot say (registers other than
// sp and bp as a base, expressions other than those below) ends unwinding there: CFI_NONE.
//
// Input files are hostile: bounds are checked, and time and memory grow with the file's size only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Where the CFA is: what sp was before the call, so that the return address is at CFA - 8.
enum cfi_rule {
	CFI_NONE,     // not known: code without a description, or beyond what a row can say
	CFI_SP,	      // sp + cfa
	CFI_BP,	      // bp + cfa
	CFI_BP_DEREF, // *(bp + cfa): a function that aligns its stack
	CFI_PLT,      // sp + 8, and 8 more in the last 5 bytes of 16
	CFI_SIGNAL,   // a signal's handler returns here: sp is at its struct ucontext
	CFI_END,      // nothing calls this
};

enum { CFI_BP_SAME = 0, CFI_BP_AT_BP = INT16_MAX }; // cfi_row.bp: unchanged; saved at *bp

struct cfi_row {
	uint32_t pc; // virtual address in the file
	int32_t cfa; // bytes
	int16_t bp;  // bytes from the CFA to where the caller's bp is
	uint8_t rule;
};

struct cfi_segment { // executable, loaded
	uint64_t address, offset, size;
};

struct cfi_table {
	struct cfi_row *rows;
	size_t count, room;
	struct cfi_segment *segments;
	size_t segment_count;
};

// Entries as they are in a file.
struct cfi_section {
	const void *data;
	size_t size;
	uint64_t address;
	bool is_debug; // .debug_frame, else .eh_frame
};

// Of an ELF file for x86-64. 0, or -errno with *reason (static text); -EFBIG: more than `limit`
// rows.
int cfi_read(const char *path, size_t limit, struct cfi_table *out, const char **reason);
// Of these sections; rows only. What two of them describe is as the first one says.
int cfi_parse(const struct cfi_section *sections, size_t count, size_t limit,
	      struct cfi_table *out);
void cfi_release(struct cfi_table *t);
