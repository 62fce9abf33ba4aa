// expand: private to the files that turn attach points into units and targets.
#pragma once

#include "compiler.h"
#include "sys/elf.h"
#include "sys/kernel_funcs.h"
#include "sys/path.h"

// One attach point with its parameters substituted.
struct point {
	const struct attach_point *ap;
	enum probe_type type;
	const char **parts;
	size_t part_count;
	size_t matches;	     // targets, aliases and set-asides that it led to
	bool failed;	     // an error was reported for it
	bool apart;	     // needs a unit of its own: inside a kernel function, a BPF program
	const char *missing; // why it has no match, when that is all that is wrong with it
	const char *hint;    // "did you mean 'main'?", or NULL
};

// A file that a script names, read once however many attach points name it.
struct user_file {
	const char *path;
	bool loaded;
	int error;	    // of elf_open_funcs
	const char *reason; // in words
	struct elf_file elf;
	bool complete; // what was stripped from it has been looked for
	// Functions by name, made when several names are looked up: chains through `next`.
	uint32_t *buckets, *next; // index + 1; 0 ends
	size_t bucket_count;
	unsigned lookups;
};

struct expansion {
	struct compiler *c;
	struct arena *arena;
	const char *root;
	struct intern file_ids; // path -> index into files
	ARENA_VEC(struct user_file *) files;
	// The list of all kernel functions, read once, when first needed.
	struct kernel_funcs kernel;
	bool kernel_listed;
	int kernel_error;	   // of reading it
	const char *kernel_reason; // in words
	unsigned kernel_lookups;   // of single names
};

// A number as scripts write it: 100, 0x64, 1_000, 1e6. False if it is not one.
bool expand_number(const char *text, uint64_t *out);
// What is wrong with a text that is none.
const char *expand_number_problem(const char *text);
// "10ms" -> 10000000
bool expand_duration(const char *text, uint64_t *ns);

// Each fills one unit from its points. Errors go to the diagnostics or into `missing`.
void expand_special(struct expansion *x, struct unit *u, struct point **points, size_t count);
void expand_tracepoint(struct expansion *x, struct unit *u, struct point **points, size_t count);
void expand_rawtracepoint(struct expansion *x, struct unit *u, struct point **points, size_t count);
void expand_counter(struct expansion *x, struct unit *u, struct point **points, size_t count);
void expand_watchpoint(struct expansion *x, struct unit *u, struct point **points, size_t count);
void expand_iter(struct expansion *x, struct unit *u, struct point **points, size_t count);
void expand_timer(struct expansion *x, struct unit *u, struct point **points, size_t count);
void expand_user(struct expansion *x, struct unit *u, struct point **points, size_t count);
void expand_usdt(struct expansion *x, struct unit *u, struct point **points, size_t count);
void expand_kernel(struct expansion *x, struct unit *u, struct point **points, size_t count);
// expand_bpf.c: functions of BPF programs, which are units of their own.
void expand_bpf(struct expansion *x, struct unit *u, struct point **points, size_t count);
bool point_is_bpf_program(const struct point *p);
// Another unit of the same block, with a clone of the body and no targets.
struct unit *expand_clone_unit(struct expansion *x, const struct unit *u);

// user_files.c: a stripped file's separate symbols are read only when its own do not answer.
struct user_file *user_file_get(struct expansion *x, const char *path);
// All functions that can be known, in `elf`.
void user_file_complete(struct expansion *x, struct user_file *f);
// Functions of exactly this name; returns how many, *out is in the arena.
size_t user_file_find(struct expansion *x, struct user_file *f, const char *name,
		      const struct elf_func *const **out);
// The function that an offset lies in, or NULL.
const struct elf_func *user_file_at(struct expansion *x, struct user_file *f, uint64_t offset);
// The name nearest to a misspelt one, or NULL.
const char *user_file_nearest(const struct user_file *f, const char *name);
