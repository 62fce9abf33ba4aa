// dwarf_type: types of a user-space program as types of the language, by its debug information.
// Made when something asks for them, each once per file; members of structs, unions and enums
// are read when something looks at them (lazy_type.h).
#pragma once

#include "compiler.h"
#include "sema/lazy_type.h"
#include "sys/dwarf.h"

struct target_args;

struct dwarf_known { // what dwarf_args.c has found of a function
	uint64_t address;
	struct target_args *args; // NULL: a free place
};

struct dwarf_source {
	struct type_source pub; // first: cast from struct type_source
	struct dwarf_source *next;
	struct arena *arena;
	const char *path;	 // of the program
	struct debug_file *file; // NULL: there is no information, because ...
	const char *reason;	 // ... it "has no debug information"
	struct type **types;	 // by debug_id; NULL: not made yet
	size_t type_cap;
	struct dwarf_known *known; // open hash table
	size_t known_count, known_used;
};

// Never NULL; opened at most once per compilation. Borrowed from the compiler.
struct dwarf_source *dwarf_source_get(struct compiler *c, const char *path);
void dwarf_sources_release(struct compiler *c);
// Never NULL. Functions and what the language has no values for: TYPE_VOID.
struct type *dwarf_type_of(struct dwarf_source *s, debug_id id);
// Are two types that have one name the same, to the last member? True for types of other sources.
bool dwarf_types_agree(struct type *a, struct type *b);
