// options: the command line, parsed by one table that also makes --help, and that the man
// page and the completions are checked against. Every string is borrowed from argv.
//
// An option that has no meaning here is refused ("not supported: --X"), never ignored.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// Exit statuses, all of them. A script's exit(N) ends with N. A signal other than
// Ctrl-C/SIGTERM/SIGHUP/SIGQUIT (which end tracing in order, status 0) ends with 128+n.
enum exit_status {
	STATUS_DONE = 0,
	STATUS_USAGE = 1,  // wrong command line, or an error in the script
	STATUS_ATTACH = 2, // cannot load or attach: privileges, no such target, refused
	STATUS_ASSERT = 3, // an assert() of the script failed
	STATUS_LOST = 4,   // with --strict: data was lost
};

enum options_mode {
	MODE_RUN,      // compile, attach, run
	MODE_LIST,     // -l: list_pattern, or the probes of the script
	MODE_CHECK,    // --check: compile only
	MODE_FMT,      // --fmt: print the script formatted
	MODE_EXPLAIN,  // --explain: print the plan
	MODE_DUMP,     // -d: print one stage
	MODE_DRY_RUN,  // --dry-run: end when everything is attached
	MODE_TEST,     // --test: run the script's test probes
	MODE_BENCH,    // --bench: run its bench probes
	MODE_INFO,     // --info: what this kernel can do
	MODE_EMIT_ELF, // --emit-elf: write the object to emit_path
	MODE_EMIT_LLVM, // --emit-llvm: write emit_path.original.ll and emit_path.optimized.ll
};

enum dump_stage {
	DUMP_NONE,
	DUMP_AST,
	DUMP_TYPED,
	DUMP_PLAN,
	DUMP_IR,
	DUMP_IR_OPT,
	DUMP_ASM,
	DUMP_ALL,
};

enum options_format { FORMAT_TEXT, FORMAT_JSON };
enum options_buffering { BUFFERING_DEFAULT, BUFFERING_LINE, BUFFERING_FULL, BUFFERING_NONE };

struct options {
	const char *self; // how mtrace was called, for messages

	// The script: one of the two, or neither with some modes.
	const char *script; // -e
	const char *file;   // FILE; "-": standard input

	const char **params; // $1 is params[0]
	size_t param_count;
	const char **named; // "name=value" or "name", after `--`
	size_t named_count;

	enum options_mode mode;
	const char *list_pattern; // -l PATTERN, or NULL
	bool timing; // -d timing: a dry run whose passes are timed
	bool libbpf_log;   // -d libbpf: one that tells what libbpf does
	bool verifier_log; // -d verifier: one that tells what the kernel's verifier sees
	enum dump_stage dump;
	const char *emit_path; // --emit-elf, --emit-llvm

	int pid;	     // -p; 0: none
	int *dwarf_pids; // --dwarf-pid
	size_t dwarf_pid_count;
	int cgroup_fd;	     // --cgroup: its directory; -1: none. Owned
	const char *command; // -c; NULL: none

	const char *output_path; // -o; NULL: stdout
	enum options_format format;
	enum options_buffering buffering;
	bool quiet, verbose; // never both
	bool no_warnings;    // --no-warnings: of the compiler and of losses
	bool tell_failures;  // -k: also failed reads of memory and lookups in maps

	bool unsafe;
	bool strict;		   // --strict: lost data is status 4
	uint32_t disabled_features; // --no-feature: bits of enum feature
	uint64_t for_ns;	   // --for; 0: no limit
	uint64_t max_events;	   // --max-events; 0: no limit
	int ready_fd;		   // --ready-fd; -1: none

	const char **includes; // --include
	size_t include_count;
	const char **include_dirs; // -I
	size_t include_dir_count;
	const char *debug_dirs; // --debuginfo "DIR:DIR", or NULL
	const char *probe_filter; // --probe-filter, a regular expression, or NULL
	const char *traceable;	  // --traceable-functions, or NULL
};

// Returns -1 to go on, else the exit status: 0 after --help or --version, 1 after telling
// what is wrong. Call options_release in any case.
int options_parse(struct options *o, int argc, char **argv);
void options_release(struct options *o);

// "10", "10s", "500ms", "2m", "1h", "1.5s" -> ns; a bare number means seconds.
bool duration_parse(const char *text, uint64_t *ns);

// The table, for tests of the man page and the completions.
struct option_info {
	const char *name;  // long name without dashes; NULL: only short
	char letter;	   // 0: only long
	const char *value; // name of its value; NULL: none; "[X]": optional
	const char *help;  // one line, or several divided by '\n'
	bool refused;	   // bpftrace has it, and here it has no use
};
const struct option_info *options_table(size_t *count);
void options_print_help(FILE *out);
void options_print_usage(FILE *out); // the first lines of it
bool options_colour(void); // of messages on stderr, by the environment and the terminal
