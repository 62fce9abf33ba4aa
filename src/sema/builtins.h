// builtins: one row per builtin and per function of the language. sema expands the rows to
// check_<id>, codegen to cg_<id>: a missing half does not build.
//
// CONVENTIONS: what check leaves in the tree, for codegen (sema/check*.c keep to it).
//
// General
// - Every expression has a type. A value used where another type is needed sits under an
//   EXPR_CAST with implicit=true (cast.to == NULL); its ->type is the target. Casts that
//   occur: int/enum/bool -> int of any size (sign of the SOURCE says how to extend), int or
//   pointer -> bool (x != 0), pointer <-> int, pointer -> pointer, string -> larger string
//   (copy up to the NUL, zero the rest; a smaller target truncates and keeps a final NUL),
//   string literal likewise, tuple/record -> tuple/record (memberwise), buffer -> larger buffer,
//   aggregation -> int (reads all CPUs: count, sum: total; min, max: the extreme, 0 when unset;
//   avg, stats: sum / count, 0 when the count is 0), int -> TYPE_USERNAME etc. never occurs.
// - Bytes after a string's NUL and padding in tuples are always zero (they end up in keys).
// - Conditions (if, while, ternary with `yes`, predicate, operands of && || and !) are TYPE_BOOL.
// - `a ?: b` (ternary.yes == NULL): cond and no both have the expression's own type (scalar);
//   the value is cond when it is not 0.
// - Constants are folded: EXPR_INT (its type says the width; integer.value is the two's
//   complement bits extended to 64), EXPR_STRING (type.size = len + 1), EXPR_BOOL.
// - Statements and expressions after folding may be const conditions; both branches stay.
// - Expression types may have is_literal set: it means nothing after check. Types of maps,
//   variables and captures never have it.
// - / and % are signed when their type is; a variable declared narrower than 64 bits (let $x:
//   uint8) keeps its width under ++ and op=, and the operand is cast to it.
//
// Names
// - EXPR_IDENT: ident.builtin is the enum builtin_id; ident.arg is N of argN. Calls without
//   arguments (`pid()`, `nsecs()`, `ustack()`) have become EXPR_IDENT. Gone (folded):
//   probetype, cpid, has_cpid, is_return inside entry {} / return {}, every `config` and enum.
//   Left: CTX PID TID UID GID COMM NSECS ELAPSED CPU NCPUS RAND FUNC PROBE ARGN RETVAL IS_RETURN
//   USTACK NUMAID JIFFIES USERNAME CURTASK. (ppid and the like have become walks from curtask.)
//   Types: pid tid: uint32; uid gid nsecs elapsed cpu ncpus rand jiffies numaid argN retval:
//   uint64; comm: string[16]; func: TYPE_FUNC; probe: TYPE_PROBE; username: TYPE_USERNAME.
//   nsecs is CLOCK_MODE_BOOT. elapsed: boot clock minus program.start_ns, except in a
//   session's return half (expr.u.ident.session_elapsed): boot clock minus CAPTURE_START_TIME;
//   in the entry half of a body without clauses that same node is 0, and retval is 0.
// - argN/retval in a return half read CAPTURE_ARG / the return value.
// - args.x, argtype("T") have become EXPR_IDENT ARGS with ident.bound: ident.arg indexes
//   unit->arg_bindings; `args` has become a record of them. retval with ident.bound likewise.
// - EXPR_VAR.var; variables are zero where they are declared (let without value), and a
//   variable first assigned inside a loop body lives in that body. variable.id is dense per
//   unit: 0 .. unit->variable_count - 1.
//
// Maps
// - EXPR_MAP: map.map; key NULL for scalars, else already cast to map->key (a tuple key is one
//   EXPR_TUPLE or tuple-typed expression). whole = true: the map itself (only as args[0] of
//   print clear zero delete has_key len, and in FOR_MAP). Reading a missing entry gives zeros.
// - `@m[k] = v`: STMT_ASSIGN with value cast to map->value. `@m[k] op= v`, EXPR_INCDEC on a
//   map: map->value is int64/uint64 and v is cast to it; make + and - atomic.
// - `@m[k] = count()`: STMT_ASSIGN, value an EXPR_CALL with an F_AGG func; its type is
//   map->value (TYPE_COUNT ...). args: sum min max avg stats: args[0] cast to map->value->elem
//   (int64 or uint64: also the type's is_signed); hist: args[0] is int64; bits are
//   map->value->params[0]; lhist: args[0] is int64; min max step are params[0..2]; tseries:
//   args[0] as for sum, params: see type.h. args beyond the first are dropped.
// - Layouts of aggregation values, per CPU: COUNT { u64 }, SUM { i64 }, MIN MAX { i64 value;
//   u64 is_set }, AVG { i64 sum; u64 count }, STATS { i64 sum; u64 count; i64 min; i64 max },
//   HIST LHIST { u64 bucket[] }, TSERIES { struct tseries_bucket bucket[] }.
// - Reading an aggregation as a number is always under a cast (implicit or written).
// - print(@m): EVENT_PRINT_MAP, call.args[0] the whole map, event->map; args[1] top, args[2]
//   div are uint64 expressions when present (absent: 0); they fill struct rec_map.
// - print(@m[k]) and print(value): EVENT_PRINT_VALUE, event->args[0]. @m[k] of an aggregation is
//   cast to its number first, except stats: then args[0].type is TYPE_STATS and the record
//   holds the total over CPUs. EVENT_PRINT_MAP_ITEM is not used (bpftrace prints the value).
// - clear(@m), zero(@m): event->map. delete(@m, k): args[0] whole map, args[1] key cast to
//   map->key; delete(@m) of a scalar has one argument; the old delete(@m[k]) has become the
//   former. Type bool. has_key(@m, k): the same. len(@m): int64. len(stack): args[0] the stack.
// - FOR_MAP: var->type is a tuple (key, value); where the map holds an aggregation, the second
//   member is its number (int64/uint64, as under a cast). The map is keyed. captured: outer
//   variables that the body uses.
// - FOR_RANGE: from and to are cast to var->type; it runs while var < to (signed). The loop
//   keeps its own counter: the body may assign to var without changing the iteration.
//
// Operators
// - Arithmetic, & | ^ << >>: both operands and the result have one 64-bit type (int64 or
//   uint64). == != < <= > >=: both operands have one type (any width); unsigned for pointers;
//   the result is bool. Division by 0 yields 0 (bpf).
// - Strings == !=: operands may differ in size; equal when equal up to the NUL.
// - Tuples, records, buffers, arrays, handles == !=: operands have one type; compare bytes.
// - func == "name", probe == "text": became a chain of `func == ID` joined with || (`&&` of !=),
//   ID being an EXPR_INT of TYPE_FUNC / TYPE_PROBE; an unknown name folds to a constant.
// - Pointers: p + i, p - i keep p's type; i is cast to int64; scale by elem size (void: 1).
//   p++ likewise. DEREF and p[i] read memory of p's space (NONE in a user-space probe: user).
//   EXPR_INDEX: object is a pointer, array or string (string: the char at index, int8); the
//   index is cast to int64. ADDROF: of a variable, or of a whole map; kernel memory.
// - EXPR_FIELD: object is a pointer to a struct (followed), a struct, or a record. A chain of
//   FIELD, INDEX and DEREF names a place; only what is used of it is read (codegen/field.c).
//   A pointer's type carries the address space that it was read from, where that is known.
//
// Calls (EXPR_CALL.func); output calls have call.event, whose args are the expressions to
// evaluate into the record (event->args[i].expr, unless is_const). printf-likes, print(value),
// join: use event->args only.
// - exit(code): EVENT_EXIT, args[0] (if any) cast to uint64; ends the program too.
// - assert(cond, "text"): args[0] bool; event->text. time(fmt): event->text. cat, system: like
//   printf. join(p, sep): event->args[0].expr is the char ** (pointer); event->args[0].type an
//   ARRAY of JOIN_MAX strings of JOIN_SIZE bytes; event->text the separator.
// - str(p): args[0] uint64, pointer, string or array; capacity from expr->type->size (with NUL). A constant
//   length is folded into the type; a variable length stays as args[1] (uint64), type is
//   max_strlen then. buf(p, n): the same, TYPE_BUFFER; p may be an array or string value.
// - strncmp(a, b, n): n is an EXPR_INT; 0 when equal (uint64). strlen: uint64. strcontains: bool.
//   strstr: int32. strcap: folded. bswap: arg and result one unsigned type.
// - strftime(fmt, ns): args[0] EXPR_INT id in program.strings (uint32), args[1] uint64, args[2]
//   EXPR_INT enum clock_mode. Value TYPE_TIMESTAMP.
// - strerror, signal_name: args[0] int32; syscall_name: uint32. Values TYPE_STRERROR ...
// - nsecs(mode): args[0] EXPR_INT enum clock_mode. pid(ns), tid(ns): args[0] EXPR_INT, 0 =
//   curr_ns, 1 = init. ustack(mode, n): no args; type->stack_mode, type->count.
// - reg("ip"): args[0] EXPR_INT, byte offset in struct pt_regs. kptr, uptr: args[0] passes
//   through. signal, signal_thread: args[0] uint32.
// - comm(pid): args[0] int32, args[1] EXPR_INT, the offset of comm in struct task_struct.
// - path(p): args[0] a struct path or a pointer to one, socket_cookie(sk): a pointer; both are
//   chains from an argument of the function. percpu_kaddr: args[0] and args[1] EXPR_INT, the
//   variable and __per_cpu_offset; args[2], if any, the CPU as uint64.
// - fail, static_assert, getopt, is_*, container_of, kfunc_*: gone.
//
// Sessions: see struct session. With clauses, `entry` and `ret` are the clause bodies; a
// carried variable is one struct variable seen by both. The predicate runs at entry only.
#pragma once

#include <stdbool.h>

#define JOIN_MAX 16    // strings that join() reads at most
#define JOIN_SIZE 1024 // bytes of each

// BUILTIN(id, name, since, doc)
//   since: READY, or LATER (parsed and named, but refused by check: "not supported yet")
#define BUILTIN_TABLE(BUILTIN)                                                                     \
	BUILTIN(PID, "pid", READY, "process id (tgid) of the current task")                        \
	BUILTIN(TID, "tid", READY, "thread id of the current task")                                \
	BUILTIN(UID, "uid", READY, "user id of the current task")                                  \
	BUILTIN(GID, "gid", READY, "group id of the current task")                                 \
	BUILTIN(COMM, "comm", READY, "name of the current task")                                   \
	BUILTIN(NSECS, "nsecs", READY, "nanoseconds; nsecs(monotonic|boot|tai|sw_tai)")            \
	BUILTIN(ELAPSED, "elapsed", READY, "ns since tracing began; in a session: since entry")    \
	BUILTIN(CPU, "cpu", READY, "id of the current CPU")                                        \
	BUILTIN(NCPUS, "ncpus", READY, "number of possible CPUs")                                  \
	BUILTIN(RAND, "rand", READY, "random uint32")                                              \
	BUILTIN(FUNC, "func", READY, "name of the traced function")                                \
	BUILTIN(PROBE, "probe", READY, "full name of the probe")                                   \
	BUILTIN(PROBETYPE, "probetype", READY, "type of the probe: \"uprobe\"")                    \
	BUILTIN(ARGS, "args", READY, "arguments of the traced function or event")                  \
	BUILTIN(ARGN, "arg0", READY, "argN: the n-th argument as int64")                           \
	BUILTIN(RETVAL, "retval", READY, "return value of the traced function")                    \
	BUILTIN(IS_RETURN, "is_return", READY, "true in the return half of a session")             \
	BUILTIN(USTACK, "ustack", READY, "user stack of the current task")                         \
	BUILTIN(KSTACK, "kstack", READY, "kernel stack")                                           \
	BUILTIN(DW_USTACK, "dw_ustack", READY, "user stack unwound by .eh_frame")                  \
	BUILTIN(CPID, "cpid", READY, "process id of the -c child")                                 \
	BUILTIN(HAS_CPID, "has_cpid", READY, "true when -c was given")                             \
	BUILTIN(CGROUP, "cgroup", READY, "cgroup v2 id of the current task")                       \
	BUILTIN(CURTASK, "curtask", READY, "the current task_struct")                              \
	BUILTIN(NUMAID, "numaid", READY, "NUMA node of the current CPU")                           \
	BUILTIN(JIFFIES, "jiffies", READY, "jiffies")                                              \
	BUILTIN(PPID, "ppid", READY, "parent's process id")                                        \
	BUILTIN(PCOMM, "pcomm", READY, "parent's name")                                            \
	BUILTIN(LEADER_TID, "leader_tid", READY, "thread id of the group leader")                  \
	BUILTIN(LEADER_COMM, "leader_comm", READY, "name of the group leader")                     \
	BUILTIN(USERNAME, "username", READY, "user name of the current task")                      \
	BUILTIN(USERMODE, "usermode", READY, "1 when the event came from user mode")               \
	BUILTIN(CTX, "ctx", READY, "the raw context")                                              \
	BUILTIN(CONFIG, "config", READY, "the configuration as a record")

// FUNC(id, name, min args, max args, flags, since, doc)
#define F_NONE 0
#define F_VOID 1   // has no value
#define F_ASYNC 2  // sends a record
#define F_UNSAFE 4 // needs --unsafe
#define F_AGG 8	   // only as the whole right side of `@m = ...`
#define FUNC_TABLE(FUNC)                                                                           \
	FUNC(PRINTF, "printf", 1, 64, F_VOID | F_ASYNC, READY, "print formatted")                  \
	FUNC(ERRORF, "errorf", 1, 64, F_VOID | F_ASYNC, READY, "print an error with its place")    \
	FUNC(WARNF, "warnf", 1, 64, F_VOID | F_ASYNC, READY, "print a warning with its place")     \
	FUNC(DEBUGF, "debugf", 1, 4, F_VOID, READY, "print to the kernel's trace_pipe")            \
	FUNC(PRINT, "print", 1, 3, F_VOID | F_ASYNC, READY, "print a value, or a map")             \
	FUNC(TIME, "time", 0, 1, F_VOID | F_ASYNC, READY, "print the wall clock")                  \
	FUNC(STRFTIME, "strftime", 2, 2, F_NONE, READY, "a timestamp as formatted text")           \
	FUNC(CAT, "cat", 1, 64, F_VOID | F_ASYNC, READY, "print a file")                           \
	FUNC(JOIN, "join", 1, 2, F_VOID | F_ASYNC, READY, "print an array of strings")             \
	FUNC(SYSTEM, "system", 1, 64, F_VOID | F_ASYNC | F_UNSAFE, READY, "run a shell command")   \
	FUNC(EXIT, "exit", 0, 1, F_VOID | F_ASYNC, READY, "end tracing with a status")             \
	FUNC(FAIL, "fail", 1, 64, F_VOID, READY, "fail the compilation")                           \
	FUNC(ASSERT, "assert", 2, 2, F_VOID | F_ASYNC, READY, "end with status 3 when false")      \
	FUNC(STATIC_ASSERT, "static_assert", 2, 2, F_VOID, READY, "fail the compilation")          \
	FUNC(CLEAR, "clear", 1, 1, F_VOID | F_ASYNC, READY, "remove all entries of a map")         \
	FUNC(ZERO, "zero", 1, 1, F_VOID | F_ASYNC, READY, "set all values of a map to 0")          \
	FUNC(DELETE, "delete", 1, 2, F_NONE, READY, "remove an entry; true if it was there")       \
	FUNC(HAS_KEY, "has_key", 2, 2, F_NONE, READY, "is the key in the map?")                    \
	FUNC(FIND, "find", 3, 3, F_NONE, READY, "look up into a variable")                         \
	FUNC(LEN, "len", 1, 1, F_NONE, READY, "entries of a map, frames of a stack")               \
	FUNC(COUNT, "count", 0, 0, F_AGG, READY, "count calls")                                    \
	FUNC(SUM, "sum", 1, 1, F_AGG, READY, "sum of the values")                                  \
	FUNC(MIN, "min", 1, 1, F_AGG, READY, "least value")                                        \
	FUNC(MAX, "max", 1, 1, F_AGG, READY, "greatest value")                                     \
	FUNC(AVG, "avg", 1, 1, F_AGG, READY, "average of the values")                              \
	FUNC(STATS, "stats", 1, 1, F_AGG, READY, "count, average and total")                       \
	FUNC(HIST, "hist", 1, 2, F_AGG, READY, "power-of-two histogram; bits 0-5")                 \
	FUNC(LHIST, "lhist", 4, 4, F_AGG, READY, "linear histogram: value, min, max, step")        \
	FUNC(TSERIES, "tseries", 3, 4, F_AGG, READY, "time series: value, interval, count, agg")    \
	FUNC(STR, "str", 1, 2, F_NONE, READY, "string at an address")                              \
	FUNC(BUF, "buf", 1, 2, F_NONE, READY, "bytes at an address")                               \
	FUNC(STRLEN, "strlen", 1, 1, F_NONE, READY, "length of a string")                          \
	FUNC(STRCAP, "strcap", 1, 1, F_NONE, READY, "capacity of a string")                        \
	FUNC(STRNCMP, "strncmp", 3, 3, F_NONE, READY, "0 when the first n bytes are equal")        \
	FUNC(STRCONTAINS, "strcontains", 2, 2, F_NONE, READY, "is the needle in the haystack?")    \
	FUNC(STRSTR, "strstr", 2, 2, F_NONE, READY, "index of the needle, or -1")                  \
	FUNC(STR_CONCAT, "str_concat", 2, 2, F_NONE, READY, "two strings as one")                  \
	FUNC(MEMCMP, "memcmp", 3, 3, F_NONE, READY, "compare bytes")                               \
	FUNC(BSWAP, "bswap", 1, 1, F_NONE, READY, "reverse the bytes of an integer")               \
	FUNC(KPTR, "kptr", 1, 1, F_NONE, READY, "mark a pointer as the kernel's")                  \
	FUNC(UPTR, "uptr", 1, 1, F_NONE, READY, "mark a pointer as user space's")                  \
	FUNC(PATH, "path", 1, 2, F_NONE, READY, "path of a struct path")                           \
	FUNC(KSYM, "ksym", 1, 1, F_NONE, READY, "kernel symbol of an address")                     \
	FUNC(USYM, "usym", 1, 1, F_NONE, READY, "user symbol of an address")                       \
	FUNC(KADDR, "kaddr", 1, 1, F_NONE, READY, "address of a kernel symbol")                    \
	FUNC(UADDR, "uaddr", 1, 1, F_NONE, READY, "address of a user symbol")                      \
	FUNC(PERCPU_KADDR, "percpu_kaddr", 1, 2, F_NONE, READY, "address of a per-CPU symbol")     \
	FUNC(STRERROR, "strerror", 1, 1, F_NONE, READY, "text of an errno")                        \
	FUNC(SIGNAL_NAME, "signal_name", 1, 1, F_NONE, READY, "name of a signal")                  \
	FUNC(SYSCALL_NAME, "syscall_name", 1, 1, F_NONE, READY, "name of a system call")           \
	FUNC(CGROUPID, "cgroupid", 1, 1, F_NONE, READY, "id of a cgroup path")                     \
	FUNC(CGROUP_PATH, "cgroup_path", 1, 2, F_NONE, READY, "path of a cgroup id")               \
	FUNC(NTOP, "ntop", 1, 2, F_NONE, READY, "IP address as text")                              \
	FUNC(PTON, "pton", 1, 1, F_NONE, READY, "IP address from text")                            \
	FUNC(MACADDR, "macaddr", 1, 1, F_NONE, READY, "MAC address as text")                       \
	FUNC(SOCKET_COOKIE, "socket_cookie", 1, 1, F_NONE, READY, "cookie of a socket")            \
	FUNC(SKBOUTPUT, "skboutput", 4, 4, F_ASYNC, READY, "write a packet to a pcap file")        \
	FUNC(IS_PTR, "is_ptr", 1, 1, F_NONE, READY, "is it a pointer? (compile time)")             \
	FUNC(IS_STR, "is_str", 1, 1, F_NONE, READY, "is it a string? (compile time)")              \
	FUNC(IS_ARRAY, "is_array", 1, 1, F_NONE, READY, "is it an array? (compile time)")          \
	FUNC(IS_INTEGER, "is_integer", 1, 1, F_NONE, READY, "is it an integer? (compile time)")    \
	FUNC(IS_UNSIGNED_INTEGER, "is_unsigned_integer", 1, 1, F_NONE, READY,                      \
	     "is it an unsigned integer? (compile time)")                                          \
	FUNC(IS_SCALAR, "is_scalar", 1, 1, F_NONE, READY,                                          \
	     "is it a map without keys? (compile time)")                                           \
	FUNC(IS_LITERAL, "is_literal", 1, 1, F_NONE, READY, "is it a literal? (compile time)")     \
	FUNC(IS_ERR, "is_err", 1, 1, F_NONE, READY, "is it an error pointer?")                     \
	FUNC(CONTAINER_OF, "container_of", 3, 3, F_NONE, READY, "struct around a member")          \
	FUNC(ARGTYPE, "argtype", 1, 1, F_NONE, READY, "the argument of a type, as C spells it")    \
	FUNC(REG, "reg", 1, 1, F_NONE, READY, "a register of the traced program")                  \
	FUNC(OVERRIDE, "override", 1, 1, F_VOID | F_UNSAFE, READY, "force a return value")         \
	FUNC(SIGNAL, "signal", 1, 1, F_VOID | F_UNSAFE, READY, "send a signal to the process")     \
	FUNC(SIGNAL_THREAD, "signal_thread", 1, 1, F_VOID | F_UNSAFE, READY,                       \
	     "send a signal to the thread")                                                        \
	FUNC(WRITE_USER, "write_user", 3, 3, F_VOID | F_UNSAFE, READY, "write to user memory")     \
	FUNC(GETOPT, "getopt", 1, 3, F_NONE, READY, "a named parameter of the script")             \
	FUNC(KFUNC_EXIST, "kfunc_exist", 1, 1, F_NONE, READY, "has the kernel this kfunc?")        \
	FUNC(KFUNC_ALLOWED, "kfunc_allowed", 1, 1, F_NONE, READY, "may this probe call it?")       \
	FUNC(CALL_PPID, "ppid", 0, 1, F_NONE, READY, "parent's process id")                        \
	FUNC(CALL_PCOMM, "pcomm", 0, 1, F_NONE, READY, "parent's name")                            \
	FUNC(CALL_LEADER_TID, "leader_tid", 0, 1, F_NONE, READY, "thread id of a group leader")     \
	FUNC(CALL_LEADER_COMM, "leader_comm", 0, 1, F_NONE, READY, "name of a group leader")        \
	FUNC(CALL_COMM, "comm", 0, 1, F_NONE, READY, "name of a task")                             \
	FUNC(CALL_PID, "pid", 0, 1, F_NONE, READY, "pid(curr_ns) or pid(init)")                    \
	FUNC(CALL_TID, "tid", 0, 1, F_NONE, READY, "tid(curr_ns) or tid(init)")                    \
	FUNC(CALL_NSECS, "nsecs", 0, 1, F_NONE, READY, "nsecs(clock)")                             \
	FUNC(CALL_USTACK, "ustack", 0, 2, F_NONE, READY, "ustack(mode, frames)")                   \
	FUNC(CALL_DW_USTACK, "dw_ustack", 0, 2, F_NONE, READY, "dw_ustack(mode, frames)")          \
	FUNC(CALL_KSTACK, "kstack", 0, 2, F_NONE, READY, "kstack(mode, frames)")

enum builtin_id {
#define BUILTIN_ENUM(id, name, since, doc) BUILTIN_##id,
	BUILTIN_TABLE(BUILTIN_ENUM)
#undef BUILTIN_ENUM
	BUILTIN_COUNT,
};

enum func_id {
#define FUNC_ENUM(id, name, min, max, flags, since, doc) FUNC_##id,
	FUNC_TABLE(FUNC_ENUM)
#undef FUNC_ENUM
	FUNC_ID_END, // FUNC_COUNT is count()
};

struct builtin_info {
	const char *name;
	bool ready;
	const char *doc;
};
struct func_info {
	const char *name;
	int min_args, max_args;
	unsigned flags;
	bool ready;
	const char *doc;
};
// Instead of an id: a name that nothing knows, in a comptime branch that types may choose.
#define NAME_UNDECIDED (-2)

extern const struct builtin_info builtin_infos[BUILTIN_COUNT];
extern const struct func_info func_infos[FUNC_ID_END];
// -1 when there is none. `argN` of any N is BUILTIN_ARGN, with *arg set.
int builtin_find(const char *name, unsigned *arg);
int func_find(const char *name);
