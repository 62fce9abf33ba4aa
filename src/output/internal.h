// internal: what the files of this room share. Nobody else includes it, tests excepted.
//
//	ring.c     bytes of the kernel's ring buffer  -> records
//	drain.c    two ring buffers                -> records in their order
//	event.c    a record + its event_def           -> one call of a sink
//	format.c   printf's pieces                    -> text
//	value.c    a type + its bytes                 -> text
//	names.c    handles (ids, errno, addresses)    -> text
//	clock.c    kernel clocks                      -> wall clock text
//	gfp.c      allocation flags                   -> text
//	maps.c     map fds                            -> entries (the only file that sees libbpf)
//	merge.c    per-CPU copies                     -> one value
//	entries.c  entries                            -> sorted entries
//	hist.c     buckets                            -> rows
//	tseries.c  buckets                            -> rows, text
//	text.c, json.c: the two sinks;  json_value.c: a type + its bytes -> JSON
//	perf_ring.c  bytes of a perf event's buffer -> records
//	packets.c  those                           -> packets of a file;  pcap.c  packets -> bytes
//	command.c  system() and cat();  output.c: the file written to
//	stats.c    losses at the end;   lost.c: lost records while tracing goes on
//
// Bytes from the kernel are `type->size` long unless said otherwise; whoever takes bytes out
// of a record has checked that (event.c). Lengths inside values are clamped where they are read.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "output/output.h"
#include "program.h"
#include "type.h"

struct usyms;	 // sys/usym.h
struct kallsyms; // sys/kernel_funcs.h
struct cgroups;	 // sys/cgroup.h

// ---- values -------------------------------------------------------------------------

// How the next thing is written, with the rules of a C++ stream, which are bpftrace's: the
// width belongs to the first thing written and is used up by it, so that "%-6s" of a tuple
// pads its "(". Zero fill goes where blanks would go: "%05d" of -4 is "000-4".
struct style {
	size_t width;
	bool left, zero, plus, alternate;
	uint64_t div; // integers are divided by it: print(@m, top, div). 0: not
};

struct clocks {		   // clock.c
	bool known[4];	   // by enum clock_mode
	int64_t offset[4]; // wall clock minus that clock, ns
	struct buf format;
};

// The addresses of a stack, innermost first: up to `n`; how many there are.
typedef size_t (*stack_fn)(void *ctx, uint64_t id, uint64_t *addresses, size_t n);

struct printer {
	const struct program *program; // borrowed
	struct clocks *clocks;	       // borrowed
	struct usyms *usyms;	       // owned by struct output; NULL: addresses stay bare
	struct kallsyms *kallsyms;     // the same
	struct cgroups *cgroups;       // the same; NULL: ids stay numbers
	struct func_names *funcs;      // the same; NULL where functions are ids
	stack_fn stack;		       // NULL: stacks are empty
	void *stack_ctx;
	bool escape;		       // control characters of traced strings as \xNN
};

// funcs.c: names of traced functions of the kernel by their address. Sorted when first asked.
struct func_names *func_names_new(const struct program *p); // NULL only without memory
void func_names_free(struct func_names *f);
const char *func_names_lookup(struct func_names *f, uint64_t address); // NULL: not a target

// For what was appended since `start`: pad it as one field, escape it as traced memory.
void pad_since(struct buf *b, struct style *st, size_t start);
void escape_since(const struct printer *pr, struct buf *b, size_t start);
// Bytes padded to the style's width, which is used up.
void write_padded(struct buf *b, struct style *st, const char *s, size_t n);
// The same for bytes out of traced memory.
void write_foreign(const struct printer *pr, struct buf *b, struct style *st, const char *s,
		   size_t n);
void value_text(const struct printer *pr, struct buf *b, struct style *st, const struct type *t,
		const void *data);
void value_json(const struct printer *pr, struct buf *b, const struct type *t, const void *data,
		uint64_t div);

// Bool, int, enum, pointer, 1-8 bytes: extended to 64 bits by the type's sign.
uint64_t scalar_bits(const struct type *t, const void *data);
uint64_t field_bits(const struct type_field *f, const void *parent); // a bitfield's value
uint64_t divide(uint64_t v, bool is_signed, uint64_t div);	     // div 0: v
// The number that an aggregation stands for (count, sum, min, max, avg).
uint64_t aggregation_number(const struct type *t, const void *data, uint64_t div);
struct stats_val { // AVG has the first two
	uint64_t sum, count, min, max;
};
uint64_t stats_average(const struct stats_val *s, bool is_signed);
size_t string_len(const struct type *t, const void *data); // up to the NUL, or all of it
bool string_is_cut(const struct printer *pr, const struct type *t, size_t len);
// The bytes of a buffer, its length clamped to the type.
const unsigned char *buffer_bytes(const struct type *t, const void *data, size_t *len);
const char *enum_name(const struct type *t, uint64_t value); // NULL: no such enumerator

void buffer_text(struct buf *b, const unsigned char *data, size_t n); // abc\x01
void buffer_hex(struct buf *b, const unsigned char *data, size_t n, bool escapes);

// Is it a type that names.c turns into text (FUNC ... CGROUP_PATH)?
bool type_is_handle(const struct type *t);
void handle_text(const struct printer *pr, struct buf *b, const struct type *t, const void *data);

void gfp_text(struct buf *b, struct style *st, uint64_t flags); // gfp.c

void clock_text(struct clocks *c, struct buf *b, const char *format, uint64_t ns,
		enum clock_mode mode);
uint64_t clock_wall(struct clocks *c, uint64_t boot_ns); // wall clock, ns
void clock_now_text(struct buf *b, const char *format); // time(): strftime and nothing else

// Appends; control characters, quotes and bytes that are not UTF-8 are escaped.
void json_string(struct buf *b, const char *s, size_t n);
void json_int(struct buf *b, uint64_t bits, bool is_signed); // a string when not exact as a double

// printf's pieces applied to a record. `record` is at least event->size bytes.
void format_event(const struct printer *pr, struct buf *b, const struct event_def *e,
		  const void *record);
const void *event_arg_data(const struct event_arg *arg, const void *record);

// What a failure is called in text.
const char *failure_text(const struct event_def *e, int64_t err);

// ---- maps ----------------------------------------------------------------------------

// Called for every entry of a map, with the copies of its value (one per possible CPU, or
// one), `stride` bytes apart. Non-zero ends the walk and is returned.
typedef int (*map_entry_fn)(void *arg, const void *key, const void *copies, unsigned count,
			    size_t stride);

// A map with a twin that is printed and emptied (keep: zeroed).
struct map_take {
	const struct map_def *map;
	bool keep;
};
enum { TAKES_AT_ONCE = 16 };

// Where map contents come from: the kernel (maps.c), or a test.
struct map_reader {
	int (*walk)(void *ctx, const struct map_def *m, map_entry_fn fn, void *arg); // 0, -errno
	int (*clear)(void *ctx, const struct map_def *m);
	int (*zero)(void *ctx, const struct map_def *m);
	// A map with a twin: gives programs the other copy, which is empty (keep: with the same keys
	// and zeros), and walks over what they had until then, which nobody changes any more.
	int (*take)(void *ctx, const struct map_def *m, bool keep, map_entry_fn fn, void *arg);
	// Does the first half of that for several maps in the time of one. Each has to be taken next.
	// At most TAKES_AT_ONCE. May be NULL.
	void (*give)(void *ctx, const struct map_take *takes, size_t count);
	// One value (of a map that is not per CPU); -ENOENT.
	int (*lookup)(void *ctx, const struct map_def *m, const void *key, void *value);
	void *ctx;
};

struct kernel_maps {
	map_fd_fn fd;
	void *fd_ctx;
	unsigned cpus;		 // possible ones
	bool no_batches;	 // do without: tests of the way that old kernels need
	struct buf keys, values; // batches; kept between reads
	struct buf copies;	 // by map id, a byte: see maps.c
};
struct map_reader kernel_map_reader(struct kernel_maps *k);
// swap.c: the copy that programs use from now on becomes `next`; returns when none uses the one
// before.
struct map_swap {
	int outer, next; // descriptors
	int err;	 // -errno; where it is set before, nothing is done
};
void swap_maps(struct map_swap *swaps, size_t count); // TAKES_AT_ONCE at most
void kernel_maps_release(struct kernel_maps *k);
uint32_t kernel_map_entries(int fd); // 0 when it cannot be told
int kernel_map_put(int fd, uint32_t key, const void *value); // -1 with errno

// One value out of the copies: sums, extremes, histograms. `out` is m->value_size minus
// map_value_offset(m) bytes. False: the entry is not there (a slot never assigned to).
bool merge_copies(const struct map_def *m, const void *copies, unsigned count, size_t stride,
		  void *out);

struct entry {
	const unsigned char *key, *value; // into `bytes` of struct entries
	uint64_t total;			  // histograms: all buckets
};
struct entries {
	const struct map_def *map; // borrowed
	struct buf bytes;	   // key, padding, value; again and again
	struct entry *list;	   // owned
	size_t count, cap;
	struct buf scratch; // one merged value
};
// Reads and sorts as bpftrace does. 0 or -errno. Reuses what the last read left.
int entries_read(struct entries *es, const struct map_reader *r, const struct map_def *m);
// The same of what is taken out of the map.
int entries_take(struct entries *es, const struct map_reader *r, const struct map_def *m,
		 bool keep);
void entries_release(struct entries *es);
void entries_add_zero(struct entries *es); // a scalar's entry, all zeros
// print(@m, top): the index of the first entry to print.
size_t entries_first(const struct entries *es, uint64_t top);

// ---- histograms ------------------------------------------------------------------------

struct hist_row {
	bool has_low, has_high; // half-open interval [low, high)
	int64_t low;
	uint64_t high;
	bool single; // holds one value: "[3]"
	char low_text[24], high_text[24];
	uint64_t count; // divided
};
// Rows first..last (inclusive) hold all counts; false: every bucket is empty.
bool hist_range(const uint64_t *buckets, size_t n, size_t *first, size_t *last);
void hist_row(const struct type *t, const uint64_t *buckets, size_t index, uint64_t div,
	      struct hist_row *row);
bool type_is_hist(const struct type *t); // hist or lhist
bool type_is_plot(const struct type *t); // printed in rows below its key: those, and tseries
size_t hist_bucket_count(const struct map_def *m);

// ---- time series -----------------------------------------------------------------------

struct tseries {
	const struct type *type;
	const unsigned char *buckets;
	uint64_t first, last; // intervals (struct tseries_bucket.epoch), inclusive
};
uint64_t tseries_last(const struct entries *es); // the last interval of any entry
// The rows from the first interval that this series still has a value of, to `last`.
struct tseries tseries_rows(const struct type *t, const unsigned char *buckets, uint64_t last);
bool tseries_value(const struct tseries *s, uint64_t epoch, uint64_t *value); // false: none
// Appends the wall clock at the interval's beginning; format: strftime's.
void tseries_time(const struct printer *pr, struct buf *b, const struct tseries *s,
		  uint64_t epoch, const char *format);
void tseries_text(const struct printer *pr, struct buf *b, const struct tseries *s);
struct type tseries_within(const struct type *t); // the type of a bucket's value and meta

// ---- sinks -----------------------------------------------------------------------------

enum text_kind { TEXT_PRINTF, TEXT_TIME, TEXT_CAT, TEXT_JOIN, TEXT_SYSTEM };

// What was lost, and what is told about it. One per unit and one in all.
struct loss {
	uint64_t hits, lost_records, map_full, map_failed, scratch_lost, session_lost,
	    session_orphans, read_failed, stacks_lost, stack_collisions, divided_by_zero, not_unwound, missed,
	    recursion_misses;
};

// The two ways of writing. Each appends whole lines to o->line; output.c writes them.
struct sink {
	void (*text)(struct output *o, enum text_kind kind, const char *s, size_t n);
	void (*value)(struct output *o, const struct type *t, const void *data);
	void (*map)(struct output *o, const struct entries *es, uint64_t top, uint64_t div);
	// errorf, warnf, assert: a message of the script.
	void (*message)(struct output *o, const struct event_def *e, const char *s, size_t n);
	// EVENT_DIVIDED_BY_ZERO, EVENT_HELPER_FAILED: err as the helper returned it.
	void (*failure)(struct output *o, const struct event_def *e, int64_t err);
	void (*attached)(struct output *o, unsigned probes);
	void (*before_maps)(struct output *o);
	void (*stats)(struct output *o, const struct loss *units, const struct loss *total,
		      bool verbose);
};
extern const struct sink text_sink, json_sink;

struct output {
	const struct program *program; // borrowed
	const struct sink *sink;
	struct clocks clocks;
	struct printer printer;
	struct map_reader maps;
	struct kernel_maps kernel_maps;
	struct entries entries;
	struct ring *ring;    // NULL: the script sends no records
	struct {
		void (*fn)(void *ctx, int pid); // NULL: nobody cares
		void *ctx;
	} unmapped;
	struct packets *packets; // NULL: the script sends none
	struct ring *control; // what did not fit into that; NULL: nothing is sent there
	int ring_fd;	      // borrowed
	bool crowded;	      // the last drain found the ring buffer filled by a quarter
	struct {
		bool suspected;	  // crowded since losses were last looked for
		uint64_t next_ns; // not before then (CLOCK_MONOTONIC)
		struct buf told;  // u64 by unit and CPU: lost records that were told
	} lost;
	FILE *file;
	bool owns_file;
	bool unsafe;
	bool no_warnings, colour; // of failures
	bool quiet; // results only: no attached_probes, no run_stats
	bool tty;
	bool flush_drained; // after each drain; not with -B full
	bool line_by_line;  // every line is a write of its own
	bool gathers;	    // lines wait in `line` for others, as long as a drain lasts
	uint64_t max_events;
	bool ended, only_end; // see output_before_end
	unsigned given;	      // so many of the maps that are taken next: see ahead.c
	uint64_t bad_records; // refused: too short, unknown event
	struct output_state state;
	struct buf *capture; // borrowed; not NULL: lines go there
	const struct sink *sink_after; // the sink that is restored then
	struct buf line;    // what the sink has written and output.c not yet
	struct buf scratch; // formatted text of one record
	struct buf trace;   // a value of MAP_STACKS
	uint32_t memos;	    // written to MAP_STACK_MEMO
};

// output.c
struct output *output_create(const struct program *p, const struct output_options *o, FILE *file);
void output_write_line(struct output *o); // o->line to the file; clears it
void output_gather(struct output *o, bool on);
void output_write_error(struct output *o, int err);

// event.c: do the arguments of the event lie inside its record?
bool event_is_sound(const struct event_def *e);

// command.c: the formatted text in o->scratch is the command, or the path.
void command_run(struct output *o);
void command_cat(struct output *o);

// stats.c
void loss_add(struct loss *to, const struct loss *from);
uint64_t loss_count(const struct loss *l); // everything that the script did not get to see
void text_stats(struct output *o, const struct loss *units, const struct loss *total, bool verbose);
void json_stats(struct output *o, const struct loss *units, const struct loss *total, bool verbose);

// drain.c
bool drain_open(struct output *o); // false after log_error
void drain_close(struct output *o);

// packets.c
struct packets;
bool packets_open(struct output *o); // false after log_error
void packets_close(struct output *o);
int packets_drain(struct output *o); // how many records; sets o->crowded
// One record, as it lies in a perf event's buffer.
void packets_write(struct output *o, const void *data, size_t size);

// perf_ring.c: one per CPU. `size`: bytes of its data, a power of two of pages.
struct perf_ring;
struct perf_ring *perf_ring_open(int cpu, size_t size); // NULL with errno
void perf_ring_close(struct perf_ring *r);
int perf_ring_fd(const struct perf_ring *r);
// Bytes not read yet. What comes later is seen after the next call.
uint64_t perf_ring_look(struct perf_ring *r);
// The next of the samples seen, until it is skipped; NULL: there is none.
const void *perf_ring_peek(struct perf_ring *r, size_t *size);
void perf_ring_skip(struct perf_ring *r);
void perf_ring_give_back(struct perf_ring *r); // the room of what was skipped

// pcap.c: errors are -errno.
struct pcap;
struct pcap *pcap_create(const char *path); // "-": stdout. NULL with errno
int pcap_packet(struct pcap *p, uint64_t wall_ns, const void *data, uint32_t size);
int pcap_flush(struct pcap *p);
int pcap_close(struct pcap *p);

// ahead.c: before the map of a record is taken.
void give_ahead(struct output *o, const struct event_def *e);

// lost.c: records lost since this was last called; where, as text (the caller's to release).
uint64_t lost_read(struct output *o, struct buf *detail);
void lost_json(struct output *o, uint64_t count);

// ring.c
struct ring;
struct ring *ring_open(int fd, uint32_t size); // NULL with errno
void ring_close(struct ring *r);
// Positions count the bytes ever reserved: where the next record will be.
uint64_t ring_end(const struct ring *r);
uint64_t ring_read(const struct ring *r); // up to where records were consumed
uint32_t ring_size(const struct ring *r); // bytes
// Calls fn for every record before the position `end`, as far as they are submitted. Returns how
// many.
typedef void (*ring_record_fn)(void *arg, const void *data, size_t size);
int ring_consume(struct ring *r, uint64_t end, ring_record_fn fn, void *arg);
// The first 8 bytes of the record at a position, from ring_read() on, which becomes the next one's.
// False: it is not there yet, or shorter.
bool ring_peek(const struct ring *r, uint64_t *at, void *start);
// Takes what is submitted out of the kernel's memory; ring_consume() finds it as before. Up to
// 512 MB: then it is false, and the kernel drops what does not fit into its own.
bool ring_set_aside(struct ring *r);
