// program: what the compiler promises the runtime. Built by sema (expand, check), read by
// codegen, attach and output; says nothing about syntax. Allocated in the compilation's
// arena; valid until the tracer is gone.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/str.h"
#include "type.h"

struct block; // AST, opaque here
struct expr;
struct event_format; // sys/tracefs.h
struct probe;
struct usdt_spec; // usdt_spec.h
struct variable;

// ---- configuration (config block, BPFTRACE_* environment) --------------------------

enum missing_probes { MISSING_ERROR, MISSING_WARN, MISSING_IGNORE };
enum user_symbol_cache { USER_SYMBOLS_PER_PROGRAM, USER_SYMBOLS_PER_PID, USER_SYMBOLS_NONE };
enum unstable_setting { UNSTABLE_WARN, UNSTABLE_ERROR, UNSTABLE_ENABLE };

struct config {
	uint64_t max_map_keys;	 // 4096
	uint64_t max_strlen;	 // 1024 bytes
	uint64_t max_cat_bytes;	 // 10240
	uint64_t max_probes;	 // 0: no cap (bpftrace: 1024; accepted, enforced only if set)
	uint64_t max_bpf_progs;	 // 0: no cap
	uint64_t log_size;	 // bytes of verifier log on failure
	uint64_t perf_rb_pages;	 // 0: automatic
	uint64_t output_delay_ms; // 10: how long records may wait to be printed with others
	uint64_t on_stack_limit; // bytes; larger values go to scratch frames
	enum missing_probes missing_probes;
	enum stack_mode stack_mode;
	enum user_symbol_cache cache_user_symbols;
	bool cache_user_symbols_set;
	bool cpp_demangle, lazy_symbolication, use_blazesym, show_debug_info;
	bool print_maps_on_exit;
	const char *str_trunc_trailer; // ".."
	const char *license;	       // "GPL"
	enum unstable_setting unstable_tseries, unstable_dw_ustack, unstable_typeinfo,
		unstable_import, unstable_map_decl, unstable_addr;
};
void config_init(struct config *c); // the defaults

// ---- what is probed -----------------------------------------------------------------

enum probe_type {
	PROBE_BEGIN,
	PROBE_END,
	PROBE_SELF,
	PROBE_TEST,
	PROBE_BENCH,
	PROBE_KPROBE,
	PROBE_KRETPROBE,
	PROBE_FENTRY,
	PROBE_FEXIT,
	PROBE_KSESSION, // session:[MOD:]GLOB
	PROBE_RAWTRACEPOINT,
	PROBE_TRACEPOINT,
	PROBE_UPROBE,
	PROBE_URETPROBE,
	PROBE_USESSION, // session:PATH:GLOB
	PROBE_USDT,
	PROBE_PROFILE,
	PROBE_INTERVAL,
	PROBE_SOFTWARE,
	PROBE_HARDWARE,
	PROBE_WATCHPOINT,
	PROBE_ITER,
	PROBE_TYPE_COUNT,
};
const char *probe_type_name(enum probe_type t); // "uprobe", "session", ...
// The module in a probe's full name, NULL: none. As bpftrace has it: fentry and fexit always show
// it, kprobes if the attach point has one (`given`). module NULL: vmlinux.
const char *probe_shown_module(enum probe_type t, bool given, const char *module);
static inline bool probe_type_is_session(enum probe_type t)
{
	return t == PROBE_KSESSION || t == PROBE_USESSION;
}

// How a unit is attached. Decided by the planner before check and codegen.
enum mechanism {
	MECH_NONE,	    // nothing matched (missing_probes = warn, ignore)
	MECH_TEST_RUN,	    // BEGIN, END, self: BPF_PROG_TEST_RUN of a raw tracepoint program
	MECH_UPROBE_SESSION, // one program, one link per file, kernel cookie (6.13+)
	MECH_UPROBE_MULTI,   // one program, one link per file (6.6+)
	MECH_UPROBE_MULTI_PAIR, // session: two programs, two links per file, emulated cookie
	MECH_UPROBE_PERF,	// a perf event per target
	MECH_UPROBE_PERF_PAIR,	// session: two perf events per target, emulated cookie
	MECH_PERF_TIMER,	// interval, profile: perf cpu-clock events
	// Kernel functions. One program and one link for all targets (tracing_multi: one of each
	// per BTF object, that is per module), unless said otherwise.
	MECH_TRACING_MULTI,	// fentry.multi, fexit.multi (7.2+, x86-64)
	MECH_FSESSION_MULTI,	// session; the program returns 0, suppression is in the cookie
	MECH_TRAMPOLINE,	// fentry, fexit on one exact function: typed, trusted arguments
	MECH_FSESSION,		// session on one exact function (7.0+)
	MECH_TRAMPOLINE_EACH,	// a program and a link per function
	MECH_KPROBE_SESSION,	// 6.10+
	MECH_KPROBE_MULTI,	// 5.18+; also fentry and fexit, with arguments by BTF prototype
	MECH_KPROBE_MULTI_PAIR, // session or fexit with entry arguments: two programs, two links
	MECH_KPROBE_PERF,	// a perf event per target; f+off; full registers
	MECH_KPROBE_PERF_PAIR,
	// Trace events.
	MECH_SYSCALL_TP,      // syscalls:sys_enter_*, sys_exit_*: one typed raw tracepoint for all
	MECH_TRACEPOINT_PERF, // one program, a perf event per target
	MECH_RAW_TP,	      // nothing of the event is read: one program, a link per target
	MECH_RAW_TP_BTF,      // rawtracepoint: typed, one program and one link
	MECH_PERF_COUNTER,    // software, hardware: a perf event per CPU
	MECH_ITER,	      // a link whose file runs the program when it is read
	MECH_PERF_WATCHPOINT, // likewise, of a debug register
	MECH_COUNT,
};
const char *mechanism_name(enum mechanism m); // "uprobe_multi session", ...

// One concrete place that a unit attaches to.
struct target {
	uint32_t id;	     // its index in program.targets
	uint32_t unit;	     // index into program.units
	uint32_t func_id;    // into program.funcs
	const char *func;    // function's name as `func` prints it; "" where there is none
	const char *symbol;  // its symbol, where `func` is that demangled; else NULL
	const char *probe;   // full name, as `probe` prints it: "uprobe:/bin/x:main"
	const char *path;    // user space: the file to attach to; else NULL
	uint64_t address;    // ELF virtual address, or kernel address
	uint64_t offset;     // user space: offset in the file, including +func_offset
	uint64_t func_offset; // `sym+8`: 8
	bool is_line;	      // user space: a place in the source
	uint64_t size;	     // of the function; 0: unknown
	const char *module;  // kernel: NULL for vmlinux
	uint32_t btf_id;     // kernel: FUNC in vmlinux or module BTF; 0: none or ambiguous
	const struct usdt_spec *usdt; // USDT: where its arguments are
	uint64_t semaphore;	      // USDT: offset in the file, to be counted up; 0: none
	bool has_nop10, is_fast;      // USDT: a 10-byte nop follows; and it is the one probed
	uint32_t event_id;   // tracepoint: its number for perf events; 0: not looked up
	const char *tracepoint;	      // RAW_TP: the kernel's name for it; else NULL
	int syscall;	     // tracepoint: number of the system call; -1: not known, or none
	uint32_t bpf_prog;   // function of a BPF program: its id; btf_id is of that one's BTF
	const char *btf_refused; // kernel: why no BPF trampoline can be put on it; NULL: it can
	struct span span;	 // its attach point's
	bool left_out; // [attach] the kernel refused it
};

// A match that was not attached, and why: shown by --explain, -v and in the statistics.
struct set_aside {
	uint32_t unit;
	const char *what;   // "uprobe:/bin/x:foo"
	const char *reason; // "same address as 'bar'", in words
	bool duplicate;	    // an alias of a target that is attached: nothing is lost
};

// One argument that a body reads by name (`args.skb`) or by type (`argtype(...)`).
struct arg_binding {
	const char *name;   // parameter's name, or the type's spelling; "": the return value
	int how;	    // private to sema/check_args.c
	struct type *type;  // common to all targets
	bool uniform;	    // the same code in every target; else look it up by cookie
	uint32_t slot;	    // 8-byte register slot, from 0; ARG_SLOT_RETURN
	uint16_t *codes;    // per target of the unit, by its index there
};
#define ARG_SLOT_RETURN 0xffu
#define ARG_CODE_SIGNED 0x2000u
#define ARG_CODE(slot, size, sign)                                                                 \
	((uint16_t)((slot) | ((size) > 16 ? 16u : (size)) << 8 | ((sign) ? ARG_CODE_SIGNED : 0)))
#define ARG_CODE_SLOT(code) ((code) & 0xffu)
#define ARG_CODE_SIZE(code) ((code) >> 8 & 0x1fu)

// Where a session keeps what its entry leaves for its return half.
enum session_storage {
	SESSION_STORE_NONE,   // nothing captured
	SESSION_STORE_COOKIE, // one value of at most 8 bytes in the kernel's session cookie
	SESSION_STORE_SPILL,  // a struct in MAP_SPILL, found through struct spill_key
};

#define CAPTURED_BINDING 0x10000u
enum capture_kind { CAPTURE_VARIABLE, CAPTURE_START_TIME, CAPTURE_ARG };

struct capture {
	enum capture_kind kind;
	struct variable *var; // CAPTURE_VARIABLE
	unsigned arg;	      // CAPTURE_ARG: n of argN, or CAPTURED_BINDING + index of a binding
	struct type *type;
	uint32_t offset; // in the spilled struct; 0 in a cookie
};

struct session {
	bool has_clauses;     // entry {} / return {}
	bool has_entry, has_return;
	struct block *entry, *ret; // clause bodies; without clauses both are the whole body
	enum session_storage storage;
	ARENA_VEC(struct capture) captures;
	uint32_t spill_size; // bytes
	bool native_cookie;  // the mechanism has a session cookie (uprobe session)
	bool emulated;	     // two programs; the entry's decision travels in MAP_SPILL
	// The return half may run although the entry was missed, and find what another call left
	// in the cookie (kprobe session, 6.10-6.13).
	bool stale_cookie;
};

// A unit: one body, compiled for one way of attaching. Attach points of one block that
// share a type (and so a mechanism) share a unit: one program, one link per file.
struct unit {
	uint32_t id; // its index in program.units
	enum probe_type type;
	enum mechanism mech;
	const char *mech_reason; // why this and not a better one; NULL when it is the best
	struct span span;	 // first attach point
	const char *spec;	 // attach points as written, for messages
	struct probe *probe;	 // opaque
	struct block *body;	 // opaque: this unit's own clone
	struct expr *predicate;	 // opaque, or NULL

	uint32_t first_target, target_count; // contiguous in program.targets
	uint32_t set_aside_count;	     // set aside for a real reason (not duplicates)
	uint32_t left_out_count; // [attach] targets that the kernel refused; set aside, too

	// Kernel functions: what the planner must know of the attach points and of the body.
	bool has_offset; // fn+offset or an address: single kprobes only
	bool reads_registers; // reg() of one that a multi link does not save
	bool reads_args; // fexit: the body reads arguments, which are gone at the return
	bool reads_func; // the body or the predicate names the function
	bool needs_types; // gives arguments back to the kernel, which wants to know their types
	bool leftover;	 // what another unit of the block could not take: may become empty

	// PROFILE, INTERVAL: exactly one is not 0.
	uint64_t period_ns, frequency_hz;
	int self_signal; // SELF

	// SOFTWARE, HARDWARE: perf's type and number of the event, and how many make a hit.
	uint32_t counter_type;
	uint64_t counter_event, counter_period;

	// WATCHPOINT: how many bytes from where on, and bits of HW_BREAKPOINT_*.
	uint64_t watch_address, watch_length;
	uint32_t watch_mode;

	// ITER: what is walked over, and where it is pinned; NULL: read at once.
	const char *iterator, *pin;

	// TRACEPOINT: the record, as far as the body reads it the same in all targets; NULL: the
	// body reads nothing of it. For system calls, which half, and the raw tracepoint's type.
	const struct event_format *event;
	const char *not_raw; // why its raw tracepoint would not do; NULL: it would
	bool reads_probe;    // the body or the predicate names the probe
	bool calls_kernel;   // [check] TEST: functions that only a program for packets may call
	enum { NOT_SYSCALLS, SYSCALL_ENTER, SYSCALL_EXIT } syscalls;
	uint32_t attach_btf_id;	    // SYSCALL_TP, RAW_TP_BTF: typedef btf_trace_*; ITER: FUNC; 0: none
	struct map_def *syscall_map; // [codegen] number -> target id + 1; NULL: one target

	struct session session; // PROBE_KSESSION, PROBE_USESSION

	// [check] arguments and results of kernel functions that the body reads by name.
	ARENA_VEC(struct arg_binding) arg_bindings;
	struct map_def *arg_codes; // [codegen] their codes per target; NULL: all are uniform

	// [check] what the body needs; lets codegen and attach leave out the rest.
	bool uses_cookie; // func or probe with more than one target, or emulation
	bool sleepable;
	unsigned variable_count; // ids of struct variable are below this

	// [codegen] names of the functions in the object; NULL when absent. A session with
	// one program has only `prog`.
	const char *prog;     // entry, or the only one
	const char *ret_prog; // return half of a pair
};

// The registers that kprobe_multi leaves in struct pt_regs on every kernel (KERNEL.md 1.6).
bool multi_link_saves(const char *reg, bool at_return);

// ---- maps ---------------------------------------------------------------------------

enum map_role {
	MAP_USER,	  // @x
	MAP_RINGBUF,	  // records to user space
	MAP_CONTROL,	  // ring for what must not be lost when that one is full
	MAP_STATS,	  // per-CPU array of struct unit_stats
	MAP_SCRATCH_BUSY, // per-CPU array, one u64: bit n = frame n in use
	MAP_SCRATCH,	  // per-CPU array of SCRATCH_FRAMES frames
	MAP_SPILL,	  // LRU hash: struct spill_key -> a session's captured values
	MAP_SYSCALLS,	  // array, one value: u32 target id + 1 by system call number
	MAP_STACKS,	  // hash: id of a stack -> struct stack_trace
	MAP_STACK_MEMO,	  // array of struct stack_memo
	MAP_CONST,	  // other internal maps of codegen's
	MAP_TABLE,	  // ARRAY of one value: what the USDT sites of a unit differ in
	MAP_ARG_CODES,	  // ARRAY of one value: arg_binding.codes of a unit
	MAP_PACKETS,	  // PERF_EVENT_ARRAY: packets to user space, a buffer per CPU
	MAP_UNWIND_PROCESSES, // hash: pid -> struct unwind_process
	MAP_UNWIND_MAPPINGS,  // array of struct unwind_mapping
	MAP_UNWIND_ROWS,      // array of struct unwind_row
	MAP_CGROUP,	  // CGROUP_ARRAY of one group: --cgroup
	MAP_TWIN,	  // the other copy of a MAP_USER
	MAP_IN_USE,	  // ARRAY_OF_MAPS of one: which copy of a MAP_USER programs use
};
#define SCRATCH_FRAMES 4

// Numbers of the kernel's enum bpf_map_type that we use.
enum bpf_map_kind {
	BPF_MAP_KIND_HASH = 1,
	BPF_MAP_KIND_ARRAY = 2,
	BPF_MAP_KIND_PERF_EVENT_ARRAY = 4,
	BPF_MAP_KIND_PERCPU_HASH = 5,
	BPF_MAP_KIND_PERCPU_ARRAY = 6,
	BPF_MAP_KIND_CGROUP_ARRAY = 8,
	BPF_MAP_KIND_LRU_HASH = 9,
	BPF_MAP_KIND_LRU_PERCPU_HASH = 10,
	BPF_MAP_KIND_ARRAY_OF_MAPS = 12,
	BPF_MAP_KIND_RINGBUF = 27,
};

struct map_def {
	uint32_t id; // index into program.maps; codegen refers to a map by this id
	enum map_role role;
	const char *name; // without '@'; "" for `@`; internal maps: a descriptive name
	struct span span; // first use
	enum bpf_map_kind bpf_kind;
	uint32_t key_size, value_size; // bytes in the kernel
	uint32_t max_entries;
	uint32_t flags; // BPF_F_NO_PREALLOC (1)
	const void *initial; // of an ARRAY's first value, value_size bytes; NULL: zeros

	// MAP_USER
	bool scalar;	    // no key in the language
	bool slot;	    // scalar held in an array as struct scalar_slot; value at offset 8
	struct type *key;   // NULL when scalar
	struct type *value; // aggregation kinds included
	bool no_print;	    // never printed at exit
	// One that is printed and cleared at once has two copies (sema/check_take.c): programs find
	// the one in use, user space takes it away from them. Both NULL: there is only this one.
	struct map_def *twin, *in_use;

	const struct map_def *inner; // MAP_IN_USE: the copy that is in use first
};
static inline uint32_t map_value_offset(const struct map_def *m)
{
	return m->slot ? 8 : 0;
}

// ---- output -------------------------------------------------------------------------

enum event_kind {
	EVENT_PRINTF,
	EVENT_ERRORF,
	EVENT_WARNF,
	EVENT_SYSTEM, // format + args; run by a shell
	EVENT_CAT,    // format + args; the file's contents
	EVENT_PRINT_VALUE, // args[0]
	EVENT_PRINT_MAP,   // map; struct rec_map
	EVENT_PRINT_MAP_ITEM, // map; args[0] = key, args[1] = value: print(@m[k])
	EVENT_CLEAR,	   // map
	EVENT_ZERO,	   // map
	EVENT_EXIT,	   // struct rec_exit
	EVENT_TIME,	   // text: strftime format of the wall clock
	EVENT_JOIN,	   // text: separator; args[0]: array of strings
	EVENT_ASSERT,	   // text: message
	EVENT_PACKET,	   // text: path of a pcap file; skip. struct rec_packet
	EVENT_DIVIDED_BY_ZERO, // [codegen] struct rec_failure; span: the division
	EVENT_HELPER_FAILED,   // [codegen] the same; span: who called it; text: the helper's name
	EVENT_NOT_UNWOUND,     // [codegen] the same; span: the stack, of an unknown process
	EVENT_KIND_COUNT,
};

// What the script does to itself rather than says: kept when the ring buffer is full.
static inline bool event_is_control(enum event_kind k)
{
	return k == EVENT_PRINT_MAP || k == EVENT_CLEAR || k == EVENT_ZERO || k == EVENT_EXIT ||
	       k == EVENT_ASSERT;
}

// Not asked for by the script: it goes wrong.
static inline bool event_is_failure(enum event_kind k)
{
	return k == EVENT_DIVIDED_BY_ZERO || k == EVENT_HELPER_FAILED || k == EVENT_NOT_UNWOUND;
}

enum clock_mode { CLOCK_MODE_BOOT, CLOCK_MODE_MONOTONIC, CLOCK_MODE_TAI, CLOCK_MODE_SW_TAI };

// A parsed printf format: literal text between conversions.
struct format_piece {
	const char *text; // literal (escapes resolved, %% done); NULL for a conversion
	size_t text_len;
	// conversion: printed with args[arg]
	int arg;	 // index into event.args; -1 for literal text
	char flags[8];	 // of "-+ 0#'"
	int width, precision; // -1: not given
	char length[3];	 // "hh", "h", "l", "ll", "j", "z", "t", ""
	char conv[3];	 // "d" "i" "u" "o" "x" "X" "c" "s" "p" "r" "rx" "rh"
};

struct format {
	ARENA_VEC(struct format_piece) pieces;
	const char *text; // as written
};

struct event_arg {
	struct type *type;
	bool is_const;	  // known at compile time: not in the record
	bool varies;	  // takes the room that it needs: at its offset is a struct rec_part
	const void *data; // is_const: type->size bytes
	uint32_t offset;  // else: where in the record
	struct expr *expr; // opaque: what codegen evaluates
};

struct event_def {
	uint32_t id; // index into program.events
	enum event_kind kind;
	struct span span;
	struct format format; // PRINTF, ERRORF, WARNF, SYSTEM, CAT
	ARENA_VEC(struct event_arg) args;
	uint32_t size;	     // bytes of the record, header included, without parts that vary
	uint32_t tail_max;   // bytes of those at most
	struct map_def *map; // PRINT_MAP, CLEAR, ZERO
	// PRINT_MAP: what is printed is taken out of the map, for the CLEAR or ZERO that follows,
	// which is `done` by that and sends nothing.
	enum { TAKES_NOTHING, TAKES_CLEAR, TAKES_ZERO } takes;
	bool done;
	const char *text;    // TIME, JOIN, ASSERT; PRINTF of an iterator: the kernel's format
	uint32_t skip;	     // PACKET: bytes left out at its beginning
};

// ---- the whole ------------------------------------------------------------------------

// Names that the kernel needs as strings: a row of `width` bytes, NUL-padded, for each number
// below `count`, then one for all other numbers.
struct name_table {
	const char *rows; // NULL: not asked for
	uint32_t count, width;
};

struct program {
	struct arena *arena; // borrowed
	const struct sources *sources; // borrowed; where the spans are
	struct config config;
	ARENA_VEC(struct unit *) units;	    // in script order
	ARENA_VEC(struct target *) targets; // grouped by unit
	ARENA_VEC(struct set_aside) set_asides;
	ARENA_VEC(struct map_def *) maps; // user maps in order of first use, then internal
	ARENA_VEC(struct event_def *) events;
	struct intern funcs;   // TYPE_FUNC ids
	bool func_is_address;  // [plan] TYPE_FUNC values are targets' addresses, not those ids
	struct intern strings; // strftime formats, cgroup patterns
	struct name_table errnos, signals, syscalls; // [check] for TYPE_STRERROR ...
	bool count_hits;       // fill unit_stats.hits (-v, JSON)
	bool tell_failures;    // -k: also failed reads of memory and lookups in maps
	bool has_loops;	       // [check] a program may send more than the ring buffer holds
	bool uses_scratch;
	uint32_t scratch_size; // bytes of one frame; [codegen]
	// [check] of dw_ustack: where a task keeps the return addresses that return probes replaced.
	struct return_instance_layout {
		bool known;
		uint32_t utask;			     // in struct task_struct
		uint32_t list;			     // in struct uprobe_task
		uint32_t stack, address, chained, next; // in struct return_instance
	} return_instance;
	uint32_t stack_frames; // addresses that a stack has at most; 0: no stacks
	bool stack_memo;       // programs of raw tracepoints can recognise kernel stacks
	uint32_t stack_sites;  // [codegen] places that do
	bool run_tests, run_benches; // --test, --bench: these probes, and no others but BEGIN, END
	int filter_pid;	       // -p: 0 none
	bool filter_cgroup;    // --cgroup
	uint32_t cgroup_fd;    // its directory, borrowed
	int child_pid;	       // -c: 0 none
	uint64_t start_ns;     // boot clock when tracing began; `elapsed` outside sessions
};

void program_init(struct program *p, struct arena *a);
void program_release(struct program *p); // the intern tables
struct map_def *program_add_map(struct program *p, enum map_role role, const char *name);
struct map_def *program_find_map(const struct program *p, enum map_role role); // first, or NULL
struct event_def *program_add_event(struct program *p, enum event_kind kind, struct span span);
struct unit *program_add_unit(struct program *p, enum probe_type type, struct span span);
struct target *program_add_target(struct program *p, struct unit *u, const char *func,
				  const char *probe);
// Takes those targets out of the unit for which `why` gives a reason, and records it. Ids of
// the others change. Returns how many went.
unsigned program_drop_targets(struct program *p, struct unit *u,
			      const char *(*why)(const void *ctx, const struct target *t),
			      const void *ctx);
void program_set_aside(struct program *p, struct unit *u, const char *what, const char *reason);
static inline bool probe_type_is_kernel(enum probe_type t)
{
	return t >= PROBE_KPROBE && t <= PROBE_KSESSION;
}
static inline bool mechanism_is_fsession(enum mechanism m)
{
	return m == MECH_FSESSION || m == MECH_FSESSION_MULTI;
}
// The context lies on the kernel stack: in the frame of bpf_trace_runN(), or of perf_syscall_enter()
// or perf_syscall_exit().
static inline bool unit_context_is_on_stack(const struct unit *u)
{
	return u->mech == MECH_RAW_TP || u->mech == MECH_RAW_TP_BTF || u->mech == MECH_SYSCALL_TP ||
	       (u->mech == MECH_TRACEPOINT_PERF && u->syscalls);
}
// Two programs, the entry's decision in MAP_SPILL.
static inline bool mechanism_is_pair(enum mechanism m)
{
	return m == MECH_UPROBE_MULTI_PAIR || m == MECH_UPROBE_PERF_PAIR ||
	       m == MECH_KPROBE_MULTI_PAIR || m == MECH_KPROBE_PERF_PAIR;
}
// A session; or fexit that goes by address and needs what its arguments were at the entry.
static inline bool unit_has_halves(const struct unit *u)
{
	return probe_type_is_session(u->type) ||
	       (u->type == PROBE_FEXIT &&
		(u->mech == MECH_KPROBE_SESSION || mechanism_is_pair(u->mech)));
}
// The context is a BPF trampoline's, not struct pt_regs.
static inline bool mechanism_is_trampoline(enum mechanism m)
{
	return m == MECH_TRACING_MULTI || m == MECH_TRAMPOLINE || m == MECH_TRAMPOLINE_EACH ||
	       m == MECH_RAW_TP_BTF || mechanism_is_fsession(m);
}

// ---- the object -----------------------------------------------------------------------

// What emit hands to load. The bytes are an ELF object without maps: a map is named by a
// 64-bit load immediate with src_reg BPF_PSEUDO_MAP_FD (1) whose imm is the map's id; with
// src_reg BPF_PSEUDO_MAP_VALUE (2) it is the address of the first value of an ARRAY map (the
// second half's imm stays 0). A kernel function is a call whose imm is KFUNC_CALL_BASE + enum
// kfunc_id. Load replaces the map ids by fds and resolves the kernel functions.
struct object {
	void *data; // malloc'ed
	size_t size;
};
void object_release(struct object *o);

#define KFUNC_CALL_BASE 0x4d540000
enum kfunc_id {
	KFUNC_SESSION_IS_RETURN, // bool bpf_session_is_return(void *ctx or void)
	KFUNC_SESSION_COOKIE,	 // u64 *bpf_session_cookie(void *ctx or void)
	KFUNC_TASK_FROM_PID,	 // struct task_struct *bpf_task_from_pid(s32 pid)
	KFUNC_TASK_RELEASE,	 // void bpf_task_release(struct task_struct *p)
	KFUNC_PREEMPT_DISABLE,	 // void bpf_preempt_disable(void); left out where it is not needed
	KFUNC_PREEMPT_ENABLE,	 // void bpf_preempt_enable(void)
	KFUNC_COUNT,
};
const char *kfunc_name(enum kfunc_id id);
// Every program is in a section "mtrace/<function name>"; subprograms are in ".text".
#define PROGRAM_SECTION_PREFIX "mtrace/"
