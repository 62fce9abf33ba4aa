// list_args: for -lv, the arguments of functions of programs, by their debug information.
#pragma once

#include <stdint.h>
#include <stdio.h>

struct debug_file;

struct arg_lister {
	const char *path;	 // of the program; borrowed
	const char *dirs;	 // --debuginfo, or NULL; borrowed
	struct debug_file *file; // opened for the first function
	int tried;
};

// A line for each argument: "    struct foo* p". Nothing where nothing is known.
void arg_lister_print(struct arg_lister *l, uint64_t address, const char *name, FILE *out);
void arg_lister_release(struct arg_lister *l);
