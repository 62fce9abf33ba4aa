// usdt_spec: where a USDT site has its arguments. Read from its note by sys, made into code by
// codegen.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum { USDT_NO_REG = UINT16_MAX, USDT_ARGS_MAX = 256 };

// The value is A = base + (index << index_shift) + offset, or with `deref` the `size` bytes of
// memory at A; cut to `size` and extended by its sign.
struct usdt_arg {
	uint8_t size; // 1, 2, 4, 8
	bool is_signed, is_float;
	bool deref;
	uint8_t shift;	      // %ah: 8 bits further up
	uint16_t base, index; // offset in struct pt_regs, or USDT_NO_REG
	uint8_t index_shift;  // 0 to 4
	uint8_t index_bytes;  // 4: only its lower half counts; else 8
	bool index_signed;    // and is extended by its sign
	bool from_site;	      // base is the instruction pointer; the site's own address goes off
	int64_t offset;
	const char *symbol;	// whose address is to be added; NULL when there is none
	const char *unreadable; // why it has no value; NULL when it has
};

struct usdt_spec {
	const char *text; // "-4@%edi 8@16(%rbp)"
	ARENA_VEC(struct usdt_arg) args;
};
