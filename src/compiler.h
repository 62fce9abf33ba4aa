// compiler: everything that one compilation holds, handed from stage to stage by driver.c.
#pragma once

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"
#include "parser/ast.h"
#include "program.h"

struct features; // sys/features.h

struct compile_options {
	const char **params; // positional parameters: $1 is params[0]
	size_t param_count;
	const char **named; // "--name=value" or "--name" after `--`, without the dashes
	size_t named_count;
	bool unsafe;	  // --unsafe
	bool test, bench; // --test, --bench
	int pid;	  // -p, 0: none
	int child_pid;	  // -c, 0: none
	bool unwinds;	  // -p, -c or --dwarf-pid: whose stacks dw_ustack is for
	bool has_cgroup;  // --cgroup
	int cgroup_fd;	  // its directory, borrowed
	bool count_hits;
	bool tell_failures; // -k
	bool check_only;  // --check: no kernel, no targets needed
	const char *root; // "/" normally; tests point it at a fixture tree
	const char **includes; // --include: headers before the script
	size_t include_count;
	const char **include_dirs;
	size_t include_dir_count;
	const char *debug_dirs; // --debuginfo "DIR:DIR", or NULL
	const char *probe_filter; // --probe-filter, or NULL
	const char *traceable;	  // --traceable-functions: instead of the kernel's list, or NULL
};

struct compiler {
	struct arena arena;
	struct sources sources;
	struct diag diag;
	struct ast ast;
	struct program program;
	struct features *features; // borrowed
	const struct compile_options *options; // borrowed
	struct kernel_btf *kernel_btf; // sema/kernel_btf.h; NULL: nothing opened
	const char *usage; // [check] the answer to `-- --help`, for stderr; NULL: nobody asked
	struct cdefs *cdefs; // sema/cdefs.h; NULL: the script has no C
	struct kallsyms *kallsyms;     // sema/kernel_names.h; NULL: not read
	struct btf_source *btf_sources; // sema/btf_type.h; NULL: no type was asked for
	struct dwarf_source *dwarf_sources; // sema/dwarf_type.h; NULL: no program was asked
};
