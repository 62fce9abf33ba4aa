// c_clang: C that the own reader (c_parse.h) can't take, read by libclang. It is loaded for
// scripts that have such C, or that use a name which an included header may define and the own
// reader did not find. Nothing is converted but what the script asks for by name.
#pragma once

#include "sema/clang_api.h"
#include "sema/cdefs_private.h"

struct c_clang {
	struct type_source pub; // first: completes the types that it made
	struct cdefs *d;	// borrowed
	const struct clang_api *api;
	void *index, *unit;   // owned
	struct c_table names; // "struct X", a typedef, a constant, a macro -> struct clang_cursor
	struct c_table types; // "struct X" -> struct type
	ARENA_VEC(struct clang_cursor) anonymous; // declarations of types without a name
};

// All C of the script and what it includes. NULL: there is no libclang, or it refuses, too.
struct c_clang *c_clang_open(struct cdefs *d);
void c_clang_close(struct c_clang *cc); // NULL is fine

struct type *c_clang_type(struct c_clang *cc, const char *name);
struct type *c_clang_constant(struct c_clang *cc, const char *name, int64_t *value);
// "NAME text" of an object-like macro; NULL: none.
const char *c_clang_macro(struct c_clang *cc, const char *name);

// c_clang_type.c
struct type *c_clang_convert(struct c_clang *cc, struct clang_type t);
void c_clang_complete(struct type_source *s, struct type *t);
const char *c_clang_text(struct c_clang *cc, struct clang_string s);

// c_include.c: what stands on the search path, as arguments for a compiler.
typedef ARENA_VEC(const char *) c_args;
void c_include_args(struct cdefs *d, c_args *out);
