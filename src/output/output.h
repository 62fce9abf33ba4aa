// output: from records and maps to text or JSON. Never sees an AST; reads the kernel only
// through the map fds that it is given.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "program.h"

enum output_format { OUTPUT_TEXT, OUTPUT_JSON };
enum output_buffering { BUFFER_DEFAULT, BUFFER_LINE, BUFFER_FULL, BUFFER_NONE };

struct output_options {
	enum output_format format;
	enum output_buffering buffering;
	const char *path; // -o; NULL: stdout
	bool quiet;
	bool no_warnings; // of failures, in text
	bool colour;	  // of messages on stderr
	bool unsafe;	     // system() allowed
	uint64_t max_events; // --max-events; 0: no limit
	const char *debug_dirs; // --debuginfo, or NULL; borrowed while there is output
};

struct output;

// fds: map_fd(ctx, map) gives the kernel fd of a map, -1 if none (borrowed).
typedef int (*map_fd_fn)(void *ctx, const struct map_def *m);

struct output *output_new(const struct program *p, const struct output_options *o, map_fd_fn map_fd,
			  void *ctx); // NULL after log_error (cannot open -o file, ring buffer)
void output_free(struct output *o);   // flushes; NULL is fine

// Where the script has to do with addresses in processes: from now on their names are known also of
// those that end at once. pid: the process of -c, before it runs its program, or 0.
void output_watch(struct output *o, int pid);

// dw_ustack has met code of the process that is in no mapping that it knows.
void output_on_unmapped(struct output *o, void (*fn)(void *ctx, int pid), void *ctx);

// The ring buffer's pollable fd (epoll), or -1 when the script sends no records.
int output_ring_fd(struct output *o);
// The same of what packets of skboutput() come through, or -1.
int output_packets_fd(const struct output *o);
// The same of what the kernel tells since output_watch(), or -1.
int output_watch_fd(const struct output *o);
// Print all records that are there now. Returns how many.
int output_drain(struct output *o);
// Make room for more, print nothing: the next output_drain() finds all as it would have. For the
// time in which a program runs that nobody can wait for. false: there is enough of it in memory.
bool output_set_aside(struct output *o);
// Was there room to spare in the ring buffer at the last drain? Then waiting for more to come
// before the next one loses nothing.
bool output_may_rest(const struct output *o);
// Says what has been lost since it last did, at most once a second. While there may be something
// to say it wants to be called again.
void output_tell_losses(struct output *o);
bool output_may_have_lost(const struct output *o);
// One record, as it lies in the ring buffer: used by output_drain and by tests.
void output_record(struct output *o, const void *data, size_t size);
void output_flush(struct output *o);
// Once exit(), a failed assert() or --max-events has ended the script, records of its probes are
// dropped, as bpftrace does: `{ print(1); exit() }` prints one line however often it fires. This
// ends that state for END, whose records come next; stragglers of the others stay dropped.
void output_before_end(struct output *o);

// What the script or a limit asked for while draining.
struct output_state {
	bool exit_requested; // exit() seen, or --max-events reached
	int exit_code;
	bool assert_failed; // status 3
	uint64_t events;    // records printed
	uint64_t errors;    // errorf() of the script
	uint64_t write_errors; // -o disk full and the like; reported once
	bool pipe_closed;      // one of them was EPIPE: the reader has gone, nothing was said
};
const struct output_state *output_state(const struct output *o);

void output_attached(struct output *o, unsigned probes); // JSON attached_probes; text: stderr
void output_text(struct output *o, const char *s, size_t n); // as printf() prints it
void output_maps_at_exit(struct output *o);		 // every non-empty user map

// --test, --bench. While there is somewhere to capture into, what the script prints goes there,
// as text, and what it asked for is forgotten at the start; NULL ends that.
struct test_result {
	const char *name;
	uint64_t microseconds;
	bool passed;
	const char *output; // what it printed
};
struct bench_result {
	const char *name;
	uint64_t average_ns, iterations;
};
void output_capture(struct output *o, struct buf *into);
void output_tests_begin(struct output *o, size_t count);
void output_test_begin(struct output *o, const char *name);
void output_test_end(struct output *o, const struct test_result *r);
void output_tests_end(struct output *o, const struct test_result *all, size_t count);
void output_benches(struct output *o, const struct bench_result *all, size_t count);
void output_no_maps(struct output *o); // in place of output_maps_at_exit
// Losses as text warnings (stderr) or the JSON stats record; returns what was lost in all.
struct unit_losses {
	uint64_t missed, recursion_misses; // from the kernel, filled by the caller
};
uint64_t output_stats(struct output *o, const struct unit_losses *per_unit, bool verbose);
