// c_private_pp: the preprocessor's two halves: text and directives (c_preprocess.c), and where
// headers are found (c_include.c).
#pragma once

#include "sema/cdefs_private.h"

struct c_condition {
	struct c_token at;
	bool active; // this branch is read
	bool taken;  // one of the branches was
	bool outer;  // what is around it is read
	bool in_else;
};

struct c_reader {
	struct cdefs *d;
	c_token_vec out;
	ARENA_VEC(struct c_condition) conditions;
	struct c_table seen; // files with `#pragma once`
	const struct source *source; // being read
	bool quiet;		     // a system header: nothing is said about it
	bool macros_only;	     // a kernel header: its types come from BTF
	unsigned includes;	     // nested
	unsigned files;
	uint32_t work; // macros expanded
	bool stopped; // a limit was hit
};

void c_read_text(struct c_reader *r, const struct source *src, size_t begin, size_t end);
// `#include` at t, name with its quotes or angle brackets in `spelled`.
void c_include_path(struct c_reader *r, const struct c_token *t, const char *path);
void c_include(struct c_reader *r, const struct c_token *t, const char *name, bool angle);
