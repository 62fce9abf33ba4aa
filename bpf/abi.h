// abi: the bytes that programs in the kernel and mtrace in user space share. Included by
// codegen (which emits stores to these offsets), by output (which reads them) and, where
// there are any, by BPF C helpers. Only fixed-width types; every size is asserted.
#pragma once

#ifndef __bpf__
#include <assert.h>
#include <stdint.h>
typedef uint32_t abi_u32;
typedef uint64_t abi_u64;
#else
typedef unsigned int abi_u32;
typedef unsigned long long abi_u64;
#define static_assert _Static_assert
#endif

// Every ring buffer record begins with this; the arguments follow at the offsets that
// struct event_def (program.h) gives, counted from the start of the record.
struct rec_hdr {
	abi_u32 event; // index into program.events
	abi_u32 unit;  // index into program.units: which probe sent it
};
static_assert(sizeof(struct rec_hdr) == 8, "record header");

// In the place of an argument whose length varies (event_arg.varies): where its bytes are, behind
// the fixed part. A string has its NUL, an array of strings has them one after another.
struct rec_part {
	abi_u32 offset; // from the start of the record
	abi_u32 size;	// bytes
};
static_assert(sizeof(struct rec_part) == 8, "part of a record");

// Records of MAP_CONTROL begin with this; the record itself follows.
struct rec_control {
	abi_u64 after; // MAP_RINGBUF's position when it was full: what is before comes first
};

// Fixed fields of particular records.
struct rec_exit { // EVENT_EXIT
	struct rec_hdr hdr;
	abi_u64 code;
};
struct rec_map { // EVENT_PRINT_MAP: print(@m, top, div)
	struct rec_hdr hdr;
	abi_u64 top, div; // 0: not given
};

struct rec_failure { // EVENT_DIVIDED_BY_ZERO, EVENT_HELPER_FAILED, EVENT_NOT_UNWOUND
	struct rec_hdr hdr;
	abi_u64 err; // what the helper returned
};

// Not in a ring buffer but in a perf event's (MAP_PACKETS): EVENT_PACKET. The packet's bytes follow,
// and after them some to a multiple of 8.
struct rec_packet {
	struct rec_hdr hdr;
	abi_u64 boot_ns; // when
	abi_u64 size;	 // bytes of the packet
};
static_assert(sizeof(struct rec_packet) == 24, "packet");
// At most so many: a record of a perf event says its length in 16 bits.
#define PACKET_BYTES_MAX 65480u

// Not of any event: a user stack of this process is new in MAP_STACKS.
#define REC_PROCESS 0xffffffffu
// The same record: dw_ustack met code of this process that is in none of its mappings.
#define REC_UNMAPPED 0xfffffffeu
struct rec_process {
	struct rec_hdr hdr;
	abi_u64 pid;
};

// MAP_STATS: per-CPU array, one element per unit. Only ever added to, atomically.
struct unit_stats {
	abi_u64 hits;		 // program runs whose predicate held (only when counted)
	abi_u64 lost_records;	 // ring buffer full
	abi_u64 map_full;	 // update refused: no room (E2BIG)
	abi_u64 map_failed;	 // update refused for another reason
	abi_u64 scratch_lost;	 // no free scratch frame: event dropped
	abi_u64 session_lost;	 // entry state could not be kept; the return half did not run
	abi_u64 session_orphans; // return without a remembered entry
	abi_u64 read_failed;	 // bpf_probe_read of a user or kernel address failed
	abi_u64 stacks_lost;	 // addresses of a stack not kept: no room for more stacks
	abi_u64 stack_collisions; // two stacks of the same id
	abi_u64 divided_by_zero;  // by / or %; the result was 1
	abi_u64 not_unwound;	 // stacks of a process that there are no tables of
};
static_assert(sizeof(struct unit_stats) == 96, "unit statistics");

// Scalar maps live in arrays: no hashing. `present` is 0 until the first assignment and
// after delete/clear, so that an untouched map prints nothing.
struct scalar_slot {
	abi_u64 present;
	abi_u64 value; // up to 8 bytes of value; aggregations: their struct, in place
};

// TYPE_TSERIES: a ring of these. Time (TAI, ns) is cut into intervals; interval number e has its
// place at e modulo the number of buckets, and what an older one left there gives way to it.
struct tseries_bucket {
	abi_u64 value; // with meta: an AVG, MAX, MIN or SUM value (type.h), or the last value
	abi_u64 meta;  // of a last value: when it was, TAI ns
	abi_u64 epoch; // e; 0: never written
};
static_assert(sizeof(struct tseries_bucket) == 24, "time series bucket");

// The attach cookie of every target: which probe it is and what its function is called.
// Both are dense ids (program.targets, program.funcs). Of a USDT site the upper half is instead
// the first target of the same probe: what `probe` is, however many sites it has.
#define COOKIE(func_id, target_id) (((abi_u64)(func_id) << 32) | (abi_u32)(target_id))
#define COOKIE_FUNC(c) ((abi_u32)((c) >> 32))
#define COOKIE_TARGET(c) ((abi_u32)(c))

// In an address of TYPE_KSYM or TYPE_USYM: the rest is an id of TYPE_FUNC. No address of the kernel
// or of a program has this bit alone on top.
#define SYM_IS_FUNC_ID (1ull << 62)

// TYPE_USYM
struct usym_val {
	abi_u64 addr;
	abi_u32 pid;
	abi_u32 target; // the probe's target, for symbol lookup in its binary
};
static_assert(sizeof(struct usym_val) == 16, "usym");

// TYPE_KSTACK / TYPE_USTACK: their addresses are in MAP_STACKS, as id -> struct stack_trace.
struct stack_val {
	abi_u32 pid; // of a user stack; kernel: 0
	abi_u32 frames;
	abi_u64 id; // hash of the addresses and the pid
};
static_assert(sizeof(struct stack_val) == 16, "stack");

// MAP_STACKS: program.stack_frames addresses, innermost first. Those beyond the frames of the
// stack are undefined.
struct stack_trace {
	abi_u64 check; // another hash
	abi_u64 addresses[];
};

// MAP_STACK_MEMO: kernel stacks that a program can recognise without walking them: where, above its
// context, the return addresses of one lie, and which they are. User space writes it.
#define MEMO_SLOTS 16	    // return addresses
#define MEMO_BYTES 3072	    // of stack above the context
#define MEMO_ENTRIES 256u   // by the stack's depth in steps of 16 bytes, and the place in the script
#define MEMO_INDEX(site, depth) ((((depth) >> 4) + (site)*61u) % MEMO_ENTRIES)
struct memo_slot {
	abi_u64 above; // bytes above the context
	abi_u64 address;
};
struct stack_memo {
	abi_u32 ready;	// another number with each change; 0: of what follows only `misses` counts
	abi_u32 misses; // not atomic: roughly
	abi_u32 site, depth; // of the script; bytes from the context to the task's pt_regs
	abi_u64 id;	     // of the stack
	abi_u32 frames, slots;
	struct memo_slot slot[MEMO_SLOTS];
};
static_assert(sizeof(struct stack_memo) == 32 + 16 * MEMO_SLOTS, "stack memo");

// Not of any event: the kernel stack `id`, and the memory that it was found in.
#define REC_STACK 0xfffffffdu
struct rec_stack {
	struct rec_hdr hdr;
	abi_u32 site, depth;
	abi_u64 id;
	abi_u32 frames, pad;
	abi_u64 words[MEMO_BYTES / 8]; // those beyond depth are undefined
};
static_assert(sizeof(struct rec_stack) == 32 + MEMO_BYTES, "stack record");

// dw_ustack: how to go from a frame to its caller. Rows are sorted by pc within one file's part of
// MAP_UNWIND_ROWS; each is good up to the next.
enum unwind_rule {
	UNWIND_STOP,	 // nothing is known
	UNWIND_SP,	 // the CFA is sp + cfa
	UNWIND_BP,	 // bp + cfa
	UNWIND_BP_DEREF, // *(bp + cfa)
	UNWIND_PLT,	 // sp + 8, or 16 in the last 5 bytes of 16
	UNWIND_SIGNAL,	 // sp is at a struct ucontext
};
#define UNWIND_BP_SAME 0
#define UNWIND_BP_AT_BP 127
struct unwind_row {
	abi_u32 pc;	// address minus the mapping's bias
	short cfa;	// in units of 8 bytes
	unsigned char rule;
	signed char bp; // from the CFA, in units of 8 bytes, or UNWIND_BP_*
};
static_assert(sizeof(struct unwind_row) == 8, "unwind row");

struct unwind_mapping { // sorted by start within a process's part of MAP_UNWIND_MAPPINGS
	abi_u64 start, end, bias;
	abi_u32 first_row, row_count;
};
static_assert(sizeof(struct unwind_mapping) == 32, "unwind mapping");

struct unwind_process { // MAP_UNWIND_PROCESSES, by pid
	abi_u32 first_mapping, mapping_count;
	abi_u64 asked_ns; // boot clock: when REC_UNMAPPED was last sent
};
static_assert(sizeof(struct unwind_process) == 16, "unwind process");

// TYPE_INET
struct inet_val {
	abi_u32 family; // AF_INET or AF_INET6
	unsigned char addr[16];
	abi_u32 pad;
};
static_assert(sizeof(struct inet_val) == 24, "inet");

// TYPE_TIMESTAMP
struct timestamp_val {
	abi_u64 ns;
	abi_u32 format; // program.strings
	abi_u32 clock;	// enum clock_mode (program.h)
};
static_assert(sizeof(struct timestamp_val) == 16, "timestamp");

// TYPE_CGROUP_PATH
struct cgroup_path_val {
	abi_u64 id;
	abi_u32 pattern; // program.strings
	abi_u32 pad;
};
static_assert(sizeof(struct cgroup_path_val) == 16, "cgroup path");

// MAP_SPILL: what a session's entry leaves for its return half when one cookie is not
// enough (or the mechanism has none). LRU hash; lost returns age out. The key is the
// frame: unique among live calls, also under recursion, tail calls and threads.
struct spill_key {
	abi_u64 pid_tgid;
	abi_u64 sp;	// stack pointer at entry (before the return address is popped);
			// with a native cookie: 0, and `cookie` below is a sequence number
	abi_u64 cookie; // attach cookie of the target
};
static_assert(sizeof(struct spill_key) == 24, "spill key");
