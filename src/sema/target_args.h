// target_args: the arguments of one traced function, by name and type, wherever they come from:
// the kernel's BTF, or a program's debug information (dwarf_args.c). check_args.c binds the
// names that a body uses to them.
#pragma once

#include "compiler.h"

struct target_arg {
	const char *name;     // "" for an unnamed one
	const char *spelling; // of the type: "struct item*"
	struct type *type;    // pointers have the address space of the traced function
	uint32_t slot;	      // of 8 bytes: registers first, then the stack; where it begins
	const char *problem;  // why it cannot be read, in words; NULL: it can
};

struct target_args {
	const char *reason; // why nothing is known of the arguments, in words; NULL: see below
	ARENA_VEC(struct target_arg) all; // in source order
	struct type *result;		  // TYPE_VOID: none, or not known
};

// Of a function of a user-space program. Never NULL; the same answer every time.
const struct target_args *dwarf_target_args(struct compiler *c, const struct target *t);
