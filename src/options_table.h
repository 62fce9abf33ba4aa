// options_table: the one list of command line options. Read by options.c, through it by
// --help and by the tests of the man page and the completions.
//
// OPTION(id, long name, letter, value, since, help)
//   long name: without dashes, NULL if there is only a letter; letter: 0 if there is none;
//   value: its name in help, NULL for a flag; since: READY, or NEVER (refused with a reason)
// GROUP(heading)
#pragma once

#include "options.h"

#define OPTION_TABLE(OPTION, GROUP)                                                                \
	GROUP("Script")                                                                            \
	OPTION(SCRIPT, NULL, 'e', "SCRIPT", READY, "run this script")                              \
	OPTION(INCLUDE_DIR, NULL, 'I', "DIR", READY, "also search DIR for imports and includes")   \
	OPTION(INCLUDE, "include", 0, "FILE", READY, "include FILE before the script")             \
	OPTION(UNSAFE, "unsafe", 0, NULL, READY, "allow functions that change the system")         \
	OPTION(CHECK, "check", 0, NULL, READY, "only compile; needs no privileges")                \
	OPTION(FMT, "fmt", 0, NULL, READY, "print the script formatted")                           \
	GROUP("What to trace")                                                                     \
	OPTION(PID, "pid", 'p', "PID", READY, "only this process; end when it ends")               \
	OPTION(CGROUP, "cgroup", 0, "PATH", READY,                                                 \
	       "only processes of this control group (v2), and of those\nbelow it")                \
	OPTION(COMMAND, "cmd", 'c', "CMD", READY,                                                  \
	       "start CMD once every probe is attached; end when it ends")                         \
	OPTION(LIST, "list", 'l', "[GLOB|FILE]", READY,                                            \
	       "list probes that match, or the probes of a script;\nwith -v also their arguments") \
	OPTION(FOR, "for", 0, "DURATION", READY, "end after 10, 10s, 500ms, 2m...")                \
	OPTION(MAX_EVENTS, "max-events", 0, "N", READY, "end after N records of output")           \
	OPTION(PROBE_FILTER, "probe-filter", 0, "REGEX", READY,                                    \
	       "only probes whose name matches REGEX")                                             \
	OPTION(TRACEABLE, "traceable-functions", 0, "FILE", READY,                                 \
	       "read the list of traceable kernel functions from FILE")                            \
	OPTION(USDT_FILE, "usdt-file-activation", 0, NULL, READY,                                  \
	       "accepted; semaphores of USDT are always raised by file")                           \
	OPTION(DWARF_PID, "dwarf-pid", 0, "PID", READY,                                            \
	       "dw_ustack also unwinds the stacks of PID")                                         \
	OPTION(DEBUGINFO, "debuginfo", 0, "DIR[:DIR]", READY, "also search DIR for debug files")   \
	GROUP("Output")                                                                            \
	OPTION(OUTPUT, "output", 'o', "FILE", READY, "write results to FILE, not to stdout")       \
	OPTION(FORMAT, "format", 'f', "FORMAT", READY, "text (default) or json, an object a line") \
	OPTION(BUFFERING, NULL, 'B', "MODE", READY, "flush output by line, full or none")          \
	OPTION(QUIET, "quiet", 'q', NULL, READY, "say nothing but results and errors")             \
	OPTION(VERBOSE, "verbose", 'v', NULL, READY, "say more; statistics at the end")            \
	OPTION(WARNINGS, "warnings", 'k', NULL, READY,                                             \
	       "warn when a read of memory or a lookup in a map fails")                            \
	OPTION(NO_WARNINGS, "no-warnings", 0, NULL, READY, "no warnings")                          \
	OPTION(READY_FD, "ready-fd", 0, "FD", READY,                                               \
	       "write \"ready\\n\" to FD when every probe is attached")                            \
	OPTION(STRICT, "strict", 0, NULL, READY, "end with status 4 when data was lost")           \
	GROUP("Looking inside")                                                                    \
	OPTION(EXPLAIN, "explain", 0, NULL, READY, "print how each probe would be attached")       \
	OPTION(DRY_RUN, "dry-run", 0, NULL, READY, "end when every probe is attached")             \
	OPTION(DUMP, "debug", 'd', "STAGE", READY,                                                 \
	       "print a stage of the compiler and end:\n"                                          \
	       "ast, typed, plan, ir, ir-opt, asm, or all of them;\n"                              \
	       "of a dry run: timing (how long each one took),\n"                                  \
	       "libbpf (its messages), verifier (the kernel's log)")                               \
	OPTION(NO_FEATURE, "no-feature", 0, "NAME[,NAME]", READY,                                  \
	       "do without these features of the kernel")                                          \
	OPTION(INFO, "info", 0, NULL, READY, "print what this kernel can do")                      \
	OPTION(EMIT_ELF, "emit-elf", 0, "FILE", READY, "write the BPF object to FILE and end")     \
	OPTION(EMIT_LLVM, "emit-llvm", 0, "FILE", READY,                                           \
	       "write FILE.original.ll and FILE.optimized.ll and end")                             \
	OPTION(VERIFY_IR, "verify-llvm-ir", 0, NULL, READY,                                        \
	       "accepted; the generated code is always verified")                                  \
	OPTION(TEST, "test", 0, NULL, READY, "run all test: probes")                               \
	OPTION(BENCH, "bench", 0, NULL, READY, "run all bench: probes")                            \
	OPTION(MODE, "mode", 0, "MODE", READY, "test or bench: as --test, --bench")                \
	OPTION(AOT, "aot", 0, "FILE", NEVER, "compile to FILE ahead of time")                      \
	GROUP("About")                                                                             \
	OPTION(HELP, "help", 'h', NULL, READY, "this text")                                        \
	OPTION(VERSION, "version", 'V', NULL, READY, "version")

enum option_id {
#define OPTION_ID(id, name, letter, value, since, help) OPT_##id,
#define OPTION_NO_GROUP(heading)
	OPTION_TABLE(OPTION_ID, OPTION_NO_GROUP) OPT_COUNT,
#undef OPTION_ID
};

extern const struct option_info option_infos[OPT_COUNT]; // indexed by enum option_id
