// cg: what the files of codegen share. Private to this directory.
//
// One struct cg per compilation, one struct fn per LLVM function under construction (a
// program, or the callback of a loop, whose parent is the function that loops).
//
// Values: scalar types (type_is_scalar) are LLVM integers of type->size * 8 bits, pointers
// included (i64); every other type is a pointer to type->size bytes. Strings of at most
// STRING_SMALL bytes are zero after their NUL, always; larger ones only where a caller
// asked for `clean` bytes (map keys, members of tuples).
//
// One builder call per C statement: C leaves the order of argument evaluation open, and
// gcc and clang then build different modules (STYLE.md 1.9).
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>
#include <llvm-c/TargetMachine.h>

#include "base/buf.h"
#include "base/log.h"
#include "compiler.h"
#include "program.h"

#define STRING_SMALL 64u   // strings up to this size are copied whole
#define INLINE_BYTES 256u  // copies and fills up to this size need no helper
#define STACK_TEMPS 288u   // bytes of temporaries that one program keeps on its stack
#define CALLBACK_TEMPS 64u // and a callback on its own
#define PLAIN_LOOP_MAX 16  // iterations of a loop that needs no bpf_loop

struct value {
	struct type *type;
	LLVMValueRef v; // the integer, or the address (see above)
};

// A stack temporary, reused once its statement is over.
struct temp {
	LLVMValueRef ptr;
	uint32_t size;
	bool busy;
	unsigned owner; // temp_mark of the statement that uses it
};

// Where a variable, or a value captured at a session's entry, lives.
struct home {
	const struct type *type; // NULL: not seen yet
	LLVMValueRef ptr;	 // NULL: in the scratch frame
	uint32_t offset;	 // there
};

struct loop {
	struct loop *outer;
	LLVMBasicBlockRef next, done; // continue, break
};

enum leave { LEAVE_RETURN = 1, LEAVE_SKIP = 2 }; // how a callback wants its program to go on

struct fn {
	struct fn *parent; // of a callback
	LLVMValueRef llvm;
	LLVMMetadataRef scope;
	LLVMBasicBlockRef entry;     // allocas only, then the prologue
	LLVMBasicBlockRef on_return; // `return`, exit()
	LLVMBasicBlockRef on_skip;   // `skip`; NULL outside a session's entry
	LLVMBasicBlockRef on_abort;  // leave at once: a NULL that cannot be
	LLVMBasicBlockRef out;	     // the only `ret`
	LLVMValueRef walk; // unwind.c; NULL: not needed so far
	LLVMValueRef result;	     // alloca: what it returns
	LLVMValueRef ctx;	     // struct pt_regs *
	LLVMValueRef scratch;	     // alloca: base of the scratch frame
	LLVMValueRef loop_frame;     // callback: what it shares with its parent
	struct home *homes;	     // by variable id, then captures
	struct loop *loop;
	struct temp *temps;
	size_t temp_count, temp_cap;
	unsigned temp_mark, temp_serial;
	LLVMBasicBlockRef back; // callback: where its parent goes on
	LLVMMetadataRef back_where;
	LLVMValueRef scratch_index; // alloca: number of the claimed frame
	uint32_t stack_bytes, stack_limit;
};

struct scope_file { // debug info of one source file
	const struct source *source;
	LLVMMetadataRef file;
	int memfd;
};

enum half { HALF_WHOLE, HALF_ENTRY, HALF_RETURN };

struct cg {
	struct compiler *c;
	struct program *p;
	LLVMContextRef ctx;
	LLVMModuleRef mod;
	LLVMBuilderRef b;
	LLVMTargetMachineRef tm;
	LLVMTypeRef i1, i8, i16, i32, i64, ptr, void_;

	LLVMDIBuilderRef di;
	LLVMMetadataRef di_int, di_u64, di_ptr, di_prog_type, di_callback_type;
	struct scope_file *files;
	size_t file_count;

	struct fn *fn;
	struct unit *unit;
	enum half half;
	bool return_known; // is_return is a constant of the half being built

	// Scratch of the unit being built: offsets are shared by a program and its callbacks.
	uint32_t scratch_at, scratch_max;
	bool scratch_used;
	uint32_t zero_size; // largest run of zeros asked for
	unsigned serial;    // names of callbacks
	unsigned plain_nesting;
	bool too_deep; // already reported
	struct span site; // of the expression or statement being built: where a failure is
	// Set: arguments and pointers are loaded so that the verifier knows their types. To follow
	// one that is NULL leads here.
	LLVMBasicBlockRef trusted;
	LLVMValueRef loss_fn, tell_fn; // loss.c, failure.c; NULL: not needed so far
	LLVMValueRef unwind_fn;	       // unwind.c; likewise
	LLVMValueRef search_fns[2];    // unwind_search.c, by enum unwind_table; likewise
	uint32_t ncpus;
	uint64_t pid_ns_dev, pid_ns_ino; // 0: the initial namespace
};

// ---- module.c: the module, its blocks, its constants --------------------------------------

void module_init(struct cg *cg);
void module_release(struct cg *cg);
void module_optimize(struct cg *cg);
void module_verify(struct cg *cg);

LLVMValueRef k64(struct cg *cg, uint64_t v);
LLVMValueRef k32(struct cg *cg, uint32_t v);
LLVMTypeRef int_type(struct cg *cg, uint32_t bytes);
LLVMTypeRef scalar_type(struct cg *cg, const struct type *t);
LLVMValueRef zero_of(struct cg *cg, const struct type *t);

LLVMBasicBlockRef block_new(struct cg *cg, const char *name);
void block_enter(struct cg *cg, LLVMBasicBlockRef bb);
void block_goto(struct cg *cg, LLVMBasicBlockRef bb);
void block_branch(struct cg *cg, LLVMValueRef cond, LLVMBasicBlockRef yes, LLVMBasicBlockRef no);
// The builder goes on in a block that nothing reaches: code after return, break, exit().
void block_leave(struct cg *cg, LLVMBasicBlockRef to);

LLVMValueRef at(struct cg *cg, LLVMValueRef ptr, uint64_t offset, const char *name);
LLVMValueRef load(struct cg *cg, LLVMTypeRef type, LLVMValueRef ptr, const char *name);
void store(struct cg *cg, LLVMValueRef v, LLVMValueRef ptr);
LLVMValueRef is_null(struct cg *cg, LLVMValueRef ptr);
LLVMValueRef non_zero(struct cg *cg, LLVMValueRef v); // i1
LLVMValueRef bool_of(struct cg *cg, LLVMValueRef i1); // TYPE_BOOL's i8
// The value, with everything that LLVM knew about it forgotten.
LLVMValueRef opaque(struct cg *cg, LLVMValueRef v);
void return_bit(struct cg *cg, LLVMValueRef v);	    // `return v` of a v that is 0 or 1
LLVMValueRef to_u64(struct cg *cg, struct value v); // by the type's sign
void atomic_add(struct cg *cg, LLVMValueRef ptr, LLVMValueRef v);

// ---- debug.c --------------------------------------------------------------------------------

void debug_init(struct cg *cg);
void debug_release(struct cg *cg);
void debug_finish(struct cg *cg);
void debug_function(struct cg *cg, struct fn *fn, const char *name, struct span at, bool callback);
void debug_at(struct cg *cg, struct span at); // what is built next stands here in the script

// ---- frame.c: functions, variables and temporaries ---------------------------------------------

struct mark {
	uint32_t scratch;
	unsigned owner;
};
// A program has one parameter, its context. A callback is a static function in .text with the
// two parameters that bpf_loop() gives, or the four of bpf_for_each_map_elem(); ending it puts
// the builder back to where it was.
void fn_begin(struct cg *cg, struct fn *fn, const char *name, struct span at, unsigned params);
void fn_end(struct cg *cg, struct fn *fn);
// A function of two parameters that the module has once: its body is built when it is first asked for.
LLVMValueRef fn_once(struct cg *cg, LLVMValueRef *made, const char *name, void (*body)(struct cg *));
struct mark frame_mark(struct cg *cg);
void frame_release(struct cg *cg, struct mark m); // temporaries made since are free again
LLVMValueRef frame_temp(struct cg *cg, uint32_t size, const char *name);
LLVMValueRef frame_alloca(struct cg *cg, LLVMTypeRef type, const char *name); // in the entry block
// The home's address; made at first sight (type not NULL), else it must be there.
LLVMValueRef home_address(struct cg *cg, unsigned id, const struct type *t, const char *name);
LLVMValueRef var_home(struct cg *cg, struct variable *v);
unsigned home_count(const struct cg *cg);
unsigned capture_home(const struct cg *cg, size_t capture); // its home id

// Scratch frames (KERNEL.md H11): claimed by setting a bit of the CPU's MAP_SCRATCH_BUSY.
struct scratch_claim {
	LLVMValueRef busy; // alloca: address of the CPU's bitmap
	LLVMValueRef bit;  // alloca: our bit in it
};
struct scratch_claim scratch_prepare(struct cg *cg);
// Claims in the current block and goes on to `next`; none free: counted, goes to `lost`.
void scratch_take(struct cg *cg, struct scratch_claim *c, LLVMBasicBlockRef next,
		  LLVMBasicBlockRef lost);
void scratch_drop(struct cg *cg, struct scratch_claim *c);

// ---- helper.c: calls into the kernel -----------------------------------------------------------

LLVMValueRef helper_call(struct cg *cg, int id, LLVMValueRef *args, unsigned n, const char *name);
void function_attribute(struct cg *cg, LLVMValueRef fn, const char *name); // of LLVM's
// A helper that depends only on its arguments and the current task: computed once.
LLVMValueRef helper_pure(struct cg *cg, int id, LLVMValueRef *args, unsigned n, const char *name);
LLVMValueRef kfunc_call(struct cg *cg, enum kfunc_id id, LLVMValueRef *args, unsigned n,
			const char *name);
LLVMValueRef map_address(struct cg *cg, const struct map_def *m);     // the map
LLVMValueRef map_first_value(struct cg *cg, const struct map_def *m); // of an ARRAY map
struct map_def *map_internal(struct cg *cg, enum map_role role);
LLVMValueRef attach_cookie(struct cg *cg);
// Of the kernel function that the program runs for; not where a perf event runs it.
LLVMValueRef function_address(struct cg *cg);
uint32_t possible_cpus(void);

// ---- loss.c, failure.c: what goes wrong at run time, built in the block where it has -----------

// `field`: offset in struct unit_stats. How many there were on this CPU before.
LLVMValueRef count_loss(struct cg *cg, size_t field);
// Goes on where err is negative, or at the block given back.
LLVMBasicBlockRef block_if_negative(struct cg *cg, LLVMValueRef err);
void count_if_negative(struct cg *cg, LLVMValueRef err, size_t field);
void failure_division(struct cg *cg);
void failure_update(struct cg *cg, LLVMValueRef err); // of a map
void failure_unwind(struct cg *cg); // no tables of this process
void failure_lookup(struct cg *cg, int helper);	      // no such key
void failure_read(struct cg *cg, int helper, LLVMValueRef err);
// Both ways go on in one block: only a negative err is a failed read.
void failure_read_check(struct cg *cg, int helper, LLVMValueRef err);

// ---- memory.c ------------------------------------------------------------------------------

LLVMValueRef zeros(struct cg *cg, uint32_t size); // address of that many zero bytes
void mem_zero(struct cg *cg, LLVMValueRef dst, uint32_t size);
void mem_copy(struct cg *cg, LLVMValueRef dst, LLVMValueRef src, uint32_t size);
void mem_read(struct cg *cg, LLVMValueRef dst, uint32_t size, LLVMValueRef address, bool user);
void string_literal(struct cg *cg, const char *s, size_t len, LLVMValueRef dst, uint32_t dst_size,
		    bool clean);
void string_copy(struct cg *cg, LLVMValueRef dst, uint32_t dst_size, LLVMValueRef src,
		 uint32_t src_size, bool clean);
void type_copy(struct cg *cg, LLVMValueRef dst, const struct type *t, LLVMValueRef src, bool clean);
uint32_t alignment(LLVMValueRef ptr);	   // 1 to 8
bool type_has_holes(const struct type *t); // bytes that storing its members leaves untouched
LLVMValueRef mem_equal(struct cg *cg, LLVMValueRef a, LLVMValueRef b, uint32_t size);

// ---- expr.c, arith.c, cast.c, string.c ---------------------------------------------------------

struct value expr(struct cg *cg, struct expr *e);
// The text of a name that is a number; of an unknown one what would be printed (name_text.c).
void name_text_into(struct cg *cg, struct value name, LLVMValueRef dst, uint32_t size, bool clean);
LLVMValueRef expr_scalar(struct cg *cg, struct expr *e);
LLVMValueRef expr_cond(struct cg *cg, struct expr *e); // i1
void expr_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean);
struct value value_scalar(struct type *t, LLVMValueRef v);
bool space_is_user(const struct cg *cg, const struct type *t);

LLVMValueRef arith_binary(struct cg *cg, enum binary_op op, bool is_signed, LLVMValueRef l,
			  LLVMValueRef r);
LLVMValueRef arith_average(struct cg *cg, bool is_signed, LLVMValueRef sum,
			   LLVMValueRef count); // 0 of none
LLVMValueRef arith_resize(struct cg *cg, LLVMValueRef v, uint32_t bytes, bool is_signed);
struct value binary_expr(struct cg *cg, struct expr *e);
struct value unary_expr(struct cg *cg, struct expr *e);
struct value incdec_expr(struct cg *cg, struct expr *e);
uint64_t step_of(const struct type *t); // what ++ adds
struct value logic_expr(struct cg *cg, struct expr *e);

struct value cast_scalar(struct cg *cg, struct expr *e);
void cast_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean);

LLVMValueRef string_equal_literal(struct cg *cg, struct value s, const char *text, size_t len);
LLVMValueRef string_equal(struct cg *cg, struct value a, struct value b);
LLVMValueRef string_compare_n(struct cg *cg, struct value a, struct value b,
			      uint32_t n); // i1: equal
// The first n bytes, `most` at most: 0, or the difference of the first bytes that differ (i32).
LLVMValueRef bytes_compare_n(struct cg *cg, LLVMValueRef a, LLVMValueRef b, LLVMValueRef n,
			     uint32_t most);
LLVMValueRef string_length(struct cg *cg, struct value s);
LLVMValueRef string_find(struct cg *cg, struct value hay,
			 struct value needle); // i64; negative: none

// ---- field.c: places in memory -----------------------------------------------------------------

// x.f, x[i], *p: what is not a value of ours is read only as far as it is used.
struct value place_expr(struct cg *cg, struct expr *e);
void place_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean);
bool place_is_remote(const struct expr *e); // in memory of the kernel's or of a program's
LLVMValueRef place_address(struct cg *cg, struct expr *e, bool *user); // of a remote one, i64

// ---- args.c: arguments of kernel functions by name ---------------------------------------------

LLVMValueRef arg_scalar(struct cg *cg, unsigned binding);
void arg_into(struct cg *cg, unsigned binding, LLVMValueRef dst);
LLVMValueRef arg_value(struct cg *cg, struct expr *e, LLVMValueRef dst); // dst NULL: a scalar

// ---- map.c, aggregate.c -------------------------------------------------------------------------

LLVMValueRef map_key(struct cg *cg, const struct map_def *m, struct expr *key);	   // address
LLVMValueRef map_in_use(struct cg *cg, const struct map_def *m); // the map; of two copies, one
LLVMValueRef map_lookup(struct cg *cg, const struct map_def *m, LLVMValueRef key); // may be NULL
LLVMValueRef map_slot(struct cg *cg,
		      const struct map_def *m); // address of a scalar's struct scalar_slot
LLVMValueRef map_update(struct cg *cg, const struct map_def *m, LLVMValueRef key,
			LLVMValueRef value, uint64_t flags, const char *name);
// Address of the value, made zero if it is missing; without room for it (counted) goes to none.
LLVMValueRef map_lookup_or_zero(struct cg *cg, const struct map_def *m, LLVMValueRef key,
				LLVMBasicBlockRef none);
struct value map_read(struct cg *cg, struct expr *e);
void map_assign(struct cg *cg, struct expr *target, struct expr *value);
// Adds, or loads, computes and stores; gives the value before.
LLVMValueRef map_modify(struct cg *cg, struct expr *target, enum binary_op op,
			LLVMValueRef operand, struct span division);
struct value map_delete(struct cg *cg, struct expr *call);
struct value map_has_key(struct cg *cg, struct expr *call);
struct value map_len(struct cg *cg, struct expr *call);

void aggregate(struct cg *cg, struct expr *target, struct expr *call); // @m[k] = count()
// Takes n in: p is the value of one CPU (in a time series: one of its buckets).
void aggregate_apply(struct cg *cg, const struct type *t, LLVMValueRef p, LLVMValueRef n);
void tseries_add(struct cg *cg, const struct type *t, LLVMValueRef buckets, LLVMValueRef n);
// The number that the aggregation stands for, over all CPUs, as 64 bits. key NULL: a scalar.
LLVMValueRef aggregate_read(struct cg *cg, const struct map_def *m, LLVMValueRef key);
void slots_clear(struct cg *cg, const struct map_def *m); // of all CPUs
void aggregate_stats_into(struct cg *cg, const struct map_def *m, LLVMValueRef key,
			  LLVMValueRef dst);

// ---- record.c --------------------------------------------------------------------------------

// A record under construction in the ring buffer. Between begin and end nothing may leave the
// program; record_begin() goes to `done` by itself when there is no room (counted).
struct record {
	LLVMValueRef at;
	LLVMBasicBlockRef done;
};
void record_head(struct cg *cg, LLVMValueRef to, const struct event_def *ev); // struct rec_hdr
void record_begin(struct cg *cg, struct record *r, const struct event_def *ev);
// One that nobody misses: on at record_end where the ring buffer is in use by a quarter.
void record_begin_spare(struct cg *cg, struct record *r, const struct event_def *ev);
void record_end(struct cg *cg, struct record *r);
// A record in scratch: `size` of its bytes (the verifier sees a bound) are sent.
LLVMValueRef record_scratch(struct cg *cg, const struct event_def *ev);
void record_output(struct cg *cg, LLVMValueRef record, LLVMValueRef size);
// A record of 64-bit words behind its header that finds room even when the ring buffer is full.
void record_control(struct cg *cg, const struct event_def *ev, const LLVMValueRef *words,
		    unsigned count);
uint32_t ring_bytes(const struct program *p, enum map_role role, uint32_t page);

// ---- event.c -------------------------------------------------------------------------------

void event_send(struct cg *cg, struct expr *call);
void event_assert(struct cg *cg, struct expr *call);

// ---- builtin.c, call.c, arch.c -------------------------------------------------------------

struct value builtin_expr(struct cg *cg, struct expr *e); // EXPR_IDENT
void builtin_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean);
struct value call_expr(struct cg *cg, struct expr *e);
void call_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean);
LLVMValueRef pid_tgid(struct cg *cg); // of the initial namespace
LLVMValueRef boot_ns(struct cg *cg);

LLVMValueRef arch_argument(struct cg *cg, unsigned n);
LLVMValueRef arch_stack_slot(struct cg *cg, unsigned n); // the address of slot n, on the stack
LLVMValueRef arch_return_value(struct cg *cg);
LLVMValueRef arch_argument_at(struct cg *cg, LLVMValueRef slot); // i64; trampolines only
LLVMValueRef arch_entry_sp(struct cg *cg, bool at_return); // the stack pointer when it was called
LLVMValueRef arch_register(struct cg *cg, uint64_t offset);

// ---- usdt.c ----------------------------------------------------------------------------------

LLVMValueRef usdt_argument(struct cg *cg, unsigned n); // 0 where a site has fewer
LLVMValueRef usdt_func(struct cg *cg);
LLVMValueRef usdt_probe(struct cg *cg);

// ---- stmt.c, loop.c ----------------------------------------------------------------------------

void block_stmts(struct cg *cg, struct block *b);
void block_scope(struct cg *cg, struct block *b); // and its variables end
void stmt(struct cg *cg, struct stmt *s);
void loop_while(struct cg *cg, struct stmt *s);
void loop_range(struct cg *cg, struct stmt *s);
void loop_map(struct cg *cg, struct stmt *s);
void loop_unroll(struct cg *cg, struct stmt *s);
LLVMValueRef nothing_callback(struct cg *cg); // visits an element and goes on
LLVMValueRef call_for_each(struct cg *cg, const struct map_def *m, LLVMValueRef callback,
			   LLVMValueRef ctx);

// ---- probe.c, session.c ------------------------------------------------------------------------

// One run of a body: a whole program, or one half of a session. Its blocks:
//
//	claim_early -> predicate -> claim_late -> body -> release -> out
//	                    false -> not_run -> (release or out)
//
// A claim block takes a scratch frame, if what follows turned out to need one.
struct run {
	LLVMBasicBlockRef claim_early, start, claim_late, body, not_run, not_run_end, release;
	struct scratch_claim claim;
	bool early; // the predicate needs scratch
};
void run_begin(struct cg *cg, struct run *r);
void run_body(struct cg *cg, struct run *r);
void run_end(struct cg *cg, struct run *r);
void run_filter(struct cg *cg);			  // -p, --cgroup
void run_predicate(struct cg *cg, struct run *r); // and the hits counter
void program_begin(struct cg *cg, struct fn *fn, const char *name);
void program_end(struct cg *cg, struct fn *fn);
void program_result(struct cg *cg, uint64_t result);

// tracepoint.c
void tracepoint_filter(struct cg *cg);
LLVMValueRef syscall_cookie(struct cg *cg);
LLVMValueRef tracepoint_member(struct cg *cg, struct expr *e, LLVMValueRef dst);

// trusted.c
void trusted_variables(struct unit *u);
LLVMValueRef trusted_pointer(struct cg *cg, struct expr *e, LLVMBasicBlockRef absent);
LLVMValueRef trusted_value(struct cg *cg, struct expr *e); // 0 where a NULL is on the way
// v, or where `absent` was gone to: 0.
LLVMValueRef trusted_or_zero(struct cg *cg, LLVMValueRef v, LLVMBasicBlockRef absent);

// iter.c
void iter_filter(struct cg *cg);
void iter_printf(struct cg *cg, const struct event_def *ev);

void unit_build(struct cg *cg, struct unit *u);
void session_build(struct cg *cg, struct unit *u);
int capture_find(const struct unit *u, enum capture_kind kind, const struct variable *v,
		 unsigned arg);
LLVMValueRef capture_place(struct cg *cg, int capture); // where it is kept in this run
LLVMValueRef capture_load(struct cg *cg, int capture, LLVMTypeRef type);
void program_name(struct cg *cg, struct unit *u, const char *suffix, const char **name);

// ---- emit.c --------------------------------------------------------------------------------

bool emit_object(struct cg *cg, struct object *out);
void emit_asm(struct cg *cg, struct buf *text);
