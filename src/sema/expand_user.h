// expand_user: private to the files that find functions of user-space programs.
#pragma once

#include "sema/expand.h"

// What one attach point asks for.
struct request {
	struct point *point;
	const char *path;     // spec; NULL: the program of -p
	const char *function; // name or glob, without +offset; NULL for an address
	const char *language; // "cpp" as written, or NULL
	uint64_t address;     // when function is NULL
	uint64_t func_offset; // +offset
	const char *source;   // PATH@SOURCE:LINE[:COLUMN], or NULL
	uint64_t line, column;
	bool is_glob;
};

struct candidate {
	struct user_file *file;
	uint32_t file_order;	     // of first appearance in the unit
	const struct elf_func *func; // NULL: an address in no function
	uint64_t offset;	     // in the file, +offset included
	const struct request *request;
	uint32_t seq;
};

struct user_expansion {
	struct expansion *x;
	struct unit *unit;
	ARENA_VEC(struct request *) requests; // positive ones
	ARENA_VEC(struct request *) negated;
	ARENA_VEC(struct candidate) found;
	struct intern order; // path -> file_order
};

// The attach point is wrong: reported once.
void user_fail(struct user_expansion *ux, struct point *p, const char *tag, const char *text);
// The place that r->address names becomes a candidate.
void user_match_address(struct user_expansion *ux, struct user_file *f, const struct request *r);

// expand_line.c: PATH@SOURCE:LINE[:COLUMN]
bool user_is_source(const struct point *p);
bool user_read_source(struct user_expansion *ux, struct request *r);
void user_match_line(struct user_expansion *ux, struct user_file *f, const struct request *r);
