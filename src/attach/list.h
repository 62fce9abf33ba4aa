// list: -l and -lv. Prints every probe that matches, one a line, sorted by file then name.
#pragma once

#include <stdbool.h>
#include <stdio.h>

// pattern: "uprobe:/bin/x:*", "session:libc:mem*", a path of an ELF file, or NULL (all types
// that can be listed). Returns an exit status (0 also when nothing matches: bpftrace does).
// verbose: with the arguments of functions; debug_dirs: of --debuginfo, or NULL.
int list_probes(const char *pattern, bool verbose, int pid, const char *debug_dirs, FILE *out);
