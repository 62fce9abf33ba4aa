// type: what a value is, how wide, and how it is printed. Shared by sema, codegen and
// output; immutable once made, allocated in the compilation's arena (or static).
//
// Layout: a value of any type is `size` bytes of memory in host byte order. In codegen,
// scalar types (type_is_scalar) travel in registers and all others by address.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct buf;
struct type_source;

enum type_kind {
	TYPE_NONE, // not known yet; never after check
	TYPE_VOID, // statements, calls without value
	TYPE_BOOL, // 1 byte, 0 or 1
	TYPE_INT,  // size 1, 2, 4, 8; is_signed
	TYPE_ENUM, // an integer with names; name, size, is_signed
	TYPE_POINTER, // elem; 8 bytes; space says whose memory
	TYPE_ARRAY,   // elem, count
	TYPE_STRING,  // size bytes with the final NUL (size = capacity + 1)
	TYPE_BUFFER,  // struct { u32 len; u8 data[size - 4]; }
	TYPE_STRUCT,  // by name (struct or union); fields
	TYPE_TUPLE,   // fields without names, C layout
	TYPE_RECORD,  // (x=1, y=2): fields with names, C layout
	// Handles: resolved to text when printed.
	TYPE_FUNC,	// u64: the traced function: id into program.funcs, or func_is_address
	TYPE_PROBE,	// u64: id into program.targets (full probe name)
	TYPE_KSYM,	// u64 kernel address
	TYPE_USYM,	// { u64 addr; u32 pid; u32 probe; }
	TYPE_KSTACK,	// STACK_BYTES: an id; count: frames at most
	TYPE_USTACK,
	TYPE_TIMESTAMP, // strftime(): { u64 ns; u32 fmt (program.strings); u32 clock; }
	TYPE_MAC,	// 6 bytes
	TYPE_INET,	// { u32 family; u8 addr[16]; u32 pad; }
	TYPE_USERNAME,	// u32 uid
	TYPE_STRERROR,	// i32 errno
	TYPE_SIGNAL,	// i32 signal number
	TYPE_SYSCALL,	// u32 syscall number
	TYPE_CGROUP_PATH, // { u64 id; u32 pattern (program.strings); u32 pad; }
	TYPE_TIMEFMT_UNUSED,
	// Aggregations: only as the value of a map.
	TYPE_COUNT, // u64
	TYPE_SUM,   // i64 or u64 by is_signed
	TYPE_MIN,   // { value; u64 is_set; }
	TYPE_MAX,
	TYPE_AVG,   // { value sum; u64 count; }
	TYPE_STATS, // { value sum; u64 count; min; max; }
	TYPE_HIST,  // u64 buckets[]
	TYPE_LHIST,
	TYPE_TSERIES, // struct tseries_bucket (bpf/abi.h) buckets[]
	TYPE_KIND_COUNT,
};

enum addr_space { SPACE_NONE, SPACE_KERNEL, SPACE_USER };

struct type_field {
	const char *name; // NULL in a tuple
	struct type *type;
	uint32_t offset; // bytes
	uint16_t bit_offset, bit_size; // bit_size 0: not a bitfield
};

struct type_enumerator {
	const char *name;
	int64_t value;
};

enum stack_mode { STACK_MODE_BPFTRACE, STACK_MODE_PERF, STACK_MODE_RAW, STACK_MODE_BUILD_ID };

struct type {
	enum type_kind kind;
	uint32_t size; // bytes, with padding
	uint32_t align;
	bool is_signed;
	bool is_literal; // an int known only from non-negative literals: takes the other's sign
	bool is_union;
	bool is_float;	 // ARRAY of bytes: a floating-point number, which prints as null
	bool may_fill;	 // STRING: a C array of char; without a NUL all of it is text
	enum addr_space space;
	const char *name;  // STRUCT ("struct task_struct"), ENUM, or a typedef's spelling
	struct type *elem; // POINTER, ARRAY; min/max/avg/stats/sum: the value's integer type
	uint32_t count;	   // ARRAY: elements; stacks: frames; BUFFER: bytes of data
	struct type_field *fields;
	size_t field_count;
	uint32_t btf_id;     // STRUCT, ENUM of the kernel's BTF; 0: not from there
	bool incomplete;     // STRUCT, ENUM: members are read when first asked for:
	struct type_source *source; // this completes it (sema/lazy_type.h); NULL: nothing can
	uint64_t source_id;	    // its own handle (a BTF id, a DWARF entry)
	const struct type_enumerator *enumerators; // ENUM: may be empty
	size_t enumerator_count;
	enum stack_mode stack_mode;
	// HIST: bits 0-5. LHIST: min, max, step. TSERIES: interval in ns, number of buckets, and
	// the aggregation within one (TYPE_AVG, MAX, MIN, SUM; TYPE_INT: the last value stands).
	int64_t params[4];
};

// The bytes of TYPE_KSTACK and TYPE_USTACK: struct stack_val (bpf/abi.h), whatever the depth.
#define STACK_BYTES 16u

extern struct type type_none, type_void, type_bool;
extern struct type type_int8, type_int16, type_int32, type_int64;
extern struct type type_uint8, type_uint16, type_uint32, type_uint64;
// C's integers of 128 bits: their bytes, in an array.
extern struct type type_int128, type_uint128;

struct type *type_int(uint32_t size, bool is_signed); // static, never NULL for 1,2,4,8
// A member or an argument of 128 bits is a number, its low half (as in bpftrace); others are what
// they are.
struct type *type_low_half(struct type *t);
struct type *type_string(struct arena *a, uint32_t size);
struct type *type_buffer(struct arena *a, uint32_t data_size);
struct type *type_pointer(struct arena *a, struct type *elem, enum addr_space space);
struct type *type_array(struct arena *a, struct type *elem, uint32_t count);
struct type *type_float(struct arena *a, uint32_t size); // its bytes: is_float
// Lays the members out as C would. names may be NULL (tuple).
struct type *type_tuple(struct arena *a, struct type **members, const char **names, size_t n);
// One of the handle or aggregation kinds, with its fixed size.
struct type *type_make(struct arena *a, enum type_kind kind, uint32_t size, uint32_t align);

bool type_equal(const struct type *a, const struct type *b); // same kind, size, sign, members
// Of two pointers: do they point to the same type, in whatever memory?
bool type_same_pointee(const struct type *a, const struct type *b);
bool type_is_scalar(const struct type *t); // fits a register: bool, int, enum, pointer, 1-8 byte handles
bool type_is_int(const struct type *t);	   // INT, ENUM or BOOL
bool type_is_aggregation(const struct type *t);
const struct type_field *type_find_field(const struct type *t, const char *name);
// The member of a tuple at a place, of a record by its name: the order of a record's members does
// not matter. NULL: there is none.
const struct type_field *type_find_member(const struct type *t, const char *name, size_t i);
// As a user writes it: "uint64", "string[64]", "(int8,string[2])", "struct foo *", "count_t".
void type_format(const struct type *t, struct buf *out);
const char *type_name(struct arena *a, const struct type *t);

// Histogram geometry, one definition for codegen and output.
uint32_t hist_buckets(int bits);				 // number of u64 buckets
uint32_t lhist_buckets(int64_t min, int64_t max, int64_t step); // with under- and overflow
