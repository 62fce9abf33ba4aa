// list: -l and -lv. Prints every probe that matches, one a line, sorted by file then name.
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct list_options {
	bool verbose;		// with the arguments of functions and the fields of events
	int pid;		// -p, 0: none
	const char *debug_dirs; // --debuginfo, or NULL
	const char *traceable;	// --traceable-functions, or NULL
	const char *root;	// of the kernel's files; NULL: "/"
};

// pattern: "uprobe:/bin/x:*", "session:libc:mem*", "vfs_*", "struct X", a path of an ELF file, or
// NULL: everything that can be listed. Returns an exit status (0 also when nothing matches:
// bpftrace does).
int list_probes(const char *pattern, const struct list_options *o, FILE *out);
