// ast: the script as written, then as understood.
//
// parse    builds it: every node has a span; names are strings; no types.
// expand   (sema/expand.c) fills probe->units: one clone of the body per way of
//          attaching, so that each can be typed for its own context.
// check    (sema/check.c) fills the fields marked [check]: every expression has a
//          type, names are resolved to builtins, functions, variables, maps, enum
//          values; implicit conversions have become EXPR_CAST nodes with implicit=true;
//          constants are folded; macros, comptime branches, named parameters and
//          positional parameters are gone.
//
// Nodes live in the compilation's arena. Lists are arena vectors.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

struct type;	  // type.h
struct map_def;	  // program.h
struct event_def; // program.h
struct unit;	  // program.h
struct expr;
struct stmt;
struct block;
struct variable;

typedef ARENA_VEC(struct expr *) expr_vec;
typedef ARENA_VEC(struct stmt *) stmt_vec;

// ---- types as written ------------------------------------------------------------

enum type_expr_kind {
	TYPE_EXPR_NAME,	  // uint64, string, my_typedef, string[64] (sized: see array)
	TYPE_EXPR_STRUCT, // struct NAME
	TYPE_EXPR_UNION,
	TYPE_EXPR_ENUM,
	TYPE_EXPR_POINTER, // elem *
	TYPE_EXPR_ARRAY,   // elem[N]; string[N], buffer[N] and inet[N] parse like this too
	TYPE_EXPR_TYPEOF,  // typeof(expr) or typeof(type)
	TYPE_EXPR_TUPLE,   // (int8, string)
};

struct type_expr {
	enum type_expr_kind kind;
	struct span span;
	const char *name;	   // NAME, STRUCT, UNION, ENUM
	struct type_expr *elem;	   // POINTER, ARRAY, TYPEOF of a type
	struct expr *expr;	   // TYPEOF of an expression; ARRAY: its length (NULL: `[]`)
	ARENA_VEC(struct type_expr *) members; // TUPLE
	unsigned depth;		   // levels below, bounded by the parser
};

// ---- expressions -----------------------------------------------------------------

enum expr_kind {
	EXPR_INT,	 // 42, 0x2a, 1e6, 5ms
	EXPR_STRING,	 // "text"
	EXPR_BOOL,	 // true, false
	EXPR_POSITIONAL, // $1, $#; gone after check
	EXPR_IDENT,	 // builtin, enum constant, macro parameter, call without parentheses
	EXPR_VAR,	 // $x
	EXPR_MAP,	 // @, @m, @m[k], @m[k1, k2]
	EXPR_CALL,	 // f(args)
	EXPR_UNARY,	 // -x !x ~x *x &x
	EXPR_INCDEC,	 // x++ ++x x-- --x
	EXPR_BINARY,	 // x + y ... x && y
	EXPR_TERNARY,	 // c ? a : b;  c ?: b (yes == NULL)
	EXPR_CAST,	 // (type)x
	EXPR_FIELD,	 // x.name, x->name
	EXPR_TUPLE_GET,	 // x.0
	EXPR_INDEX,	 // x[i] on arrays and pointers
	EXPR_TUPLE,	 // (a, b), (a,), ()
	EXPR_RECORD,	 // (x=1, y=2)
	EXPR_SIZEOF,	 // sizeof(expr or type); gone after check
	EXPR_OFFSETOF,	 // offsetof(type or expr, a.b); gone after check
	EXPR_TYPEINFO,	 // typeinfo(expr or type); gone after check
	EXPR_TYPE,	 // typeof(expr or type) as an argument; gone after check
	EXPR_BLOCK,	 // { stmts; expr }
	EXPR_IF,	 // if c { a } else { b } used as a value
	EXPR_COMPTIME,	 // comptime x; gone after check
	EXPR_KIND_COUNT,
};

enum unary_op { UNARY_NEG, UNARY_NOT, UNARY_BITNOT, UNARY_DEREF, UNARY_ADDROF };

enum binary_op {
	BIN_ADD, BIN_SUB, BIN_MUL, BIN_DIV, BIN_MOD,
	BIN_AND, BIN_OR, BIN_XOR, BIN_SHL, BIN_SHR,
	BIN_EQ, BIN_NE, BIN_LT, BIN_LE, BIN_GT, BIN_GE,
	BIN_LAND, BIN_LOR,
	BIN_OP_COUNT,
};
const char *unary_op_text(enum unary_op op);   // "-"
const char *binary_op_text(enum binary_op op); // "+"

struct field_init { // one member of a record literal
	const char *name;
	struct span span;
	struct expr *value;
};

struct expr {
	enum expr_kind kind;
	struct span span;
	struct type *type; // [check] never NULL after check
	bool parens;	   // written in parentheses (for printing and for `>` in <bodies>)
	unsigned depth;	   // levels below, bounded by the parser: walkers may recurse

	union {
		struct {
			uint64_t value;
			bool is_negative;  // [check] folded: value holds a negative int64
			bool is_unsigned;  // written with a `u` suffix
			const char *text;  // as written
		} integer;
		struct {
			const char *data; // escapes resolved; NUL-terminated
			size_t len;	  // without the final NUL; may contain NULs
		} string;
		bool boolean;
		struct {
			bool is_count;	// $#
			unsigned index; // $1 is 1
		} positional;
		struct {
			const char *name;
			int builtin; // [check] enum builtin_id (sema/builtins.h), -1, NAME_UNDECIDED
			unsigned arg; // [check] N of argN
			bool session_elapsed; // [check] elapsed: time since this call's entry
			bool bound; // [check] args.x, retval: arg indexes unit->arg_bindings
		} ident;
		struct {
			const char *name;     // without the '$'
			struct variable *var; // [check]
		} var;
		struct {
			const char *name; // without the '@'; "" for `@`
			struct expr *key; // NULL: scalar. `@m[a, b]` has one EXPR_TUPLE key
			struct map_def *map; // [check]
			bool whole;	  // [check] names the map itself (print(@m), clear, for)
		} map;
		struct {
			const char *name;
			struct span name_span;
			expr_vec args;
			int func;		 // [check] enum func_id (sema/builtins.h), -1, NAME_UNDECIDED
			struct event_def *event; // [check] output calls: the record they send
		} call;
		struct {
			enum unary_op op;
			struct expr *operand;
		} unary;
		struct {
			bool is_prefix, is_decrement;
			struct expr *target; // EXPR_VAR or EXPR_MAP
		} incdec;
		struct {
			enum binary_op op;
			struct span op_span;
			struct expr *left, *right;
		} binary;
		struct {
			struct expr *cond, *yes, *no; // yes == NULL: `cond ?: no`
		} ternary;
		struct {
			struct type_expr *to; // NULL when implicit
			struct expr *operand;
			bool implicit; // [check] inserted, not written
		} cast;
		struct {
			struct expr *object;
			const char *name;
			struct span name_span;
			bool arrow;
		} field;
		struct {
			struct expr *object;
			unsigned index;
		} tuple_get;
		struct {
			struct expr *object, *index;
		} index;
		struct {
			expr_vec items;
		} tuple;
		struct {
			ARENA_VEC(struct field_init) items;
		} record;
		struct {
			struct type_expr *of_type; // one of the two
			struct expr *of_expr;
			ARENA_VEC(const char *) path; // OFFSETOF: a.b.c
		} type_query;
		struct {
			struct block *block;
			struct expr *value; // the trailing expression; NULL: none
		} block;
		struct {
			struct expr *cond;
			struct expr *yes, *no; // EXPR_BLOCK or EXPR_IF; no may be NULL
			bool comptime;	       // [check]
		} branch;
		struct {
			struct expr *operand;
		} comptime;
	} u;
};

// ---- statements ------------------------------------------------------------------

enum stmt_kind {
	STMT_EXPR,     // f(x); @x++;
	STMT_DISCARD,  // _ = x;
	STMT_LET,      // let $x: type = e;
	STMT_ASSIGN,   // $x = e; @m[k] = e; $x += e; $x.f = e is refused
	STMT_IF,
	STMT_WHILE,
	STMT_UNROLL,
	STMT_FOR_RANGE, // for $i : a..b { }
	STMT_FOR_MAP,	// for $kv : @m { }
	STMT_BREAK,
	STMT_CONTINUE,
	STMT_RETURN, // return; return e;
	STMT_SKIP,   // session entry: do not run the return half
	STMT_BLOCK,
	STMT_ENTRY_CLAUSE,  // entry { }   (session bodies only)
	STMT_RETURN_CLAUSE, // return { }
	STMT_KIND_COUNT,
};

struct block {
	struct span span;
	stmt_vec stmts;
	bool open_end; // the last statement had no ';': it is the block's value where one is wanted
	unsigned depth;
};

struct stmt {
	enum stmt_kind kind;
	struct span span;
	unsigned depth;

	union {
		struct expr *expr; // EXPR, DISCARD, RETURN (may be NULL)
		struct {
			const char *name;
			struct span declared;	// "let $x"
			struct type_expr *type; // or NULL
			struct expr *value;	// or NULL
			struct variable *var;	// [check]
		} let;
		struct {
			struct expr *target; // EXPR_VAR or EXPR_MAP (others: refused in check)
			bool compound;	     // op= form
			enum binary_op op;
			struct span operation; // of a compound: "+= value"
			struct expr *value; // [check] of a compound: converted to target's type
		} assign;
		struct {
			struct expr *cond;
			bool comptime;
			struct block *yes;
			struct stmt *no; // STMT_BLOCK, STMT_IF or NULL
		} branch;
		struct {
			struct expr *cond;
			struct block *body;
		} loop; // WHILE
		struct {
			struct expr *count; // [check] a constant
			struct block *body;
		} unroll;
		struct {
			const char *name; // loop variable without '$'
			struct span name_span;
			struct expr *from, *to; // FOR_RANGE, half open
			struct expr *map;	// FOR_MAP: EXPR_MAP without key
			struct block *body;
			struct variable *var; // [check] FOR_MAP: a (key, value) tuple
			ARENA_VEC(struct variable *) captured; // [check] outer variables used inside
		} iter;
		struct block *block; // BLOCK, ENTRY_CLAUSE, RETURN_CLAUSE
	} u;
};

// ---- variables -------------------------------------------------------------------

struct variable {
	const char *name; // without '$'
	struct type *type; // [check] final, after promotion
	struct span declared;
	unsigned id;	// dense within its unit
	bool carried;	// assigned in a session's entry and read in its return half
	bool is_loop;	// the variable of a for; not assignable
	bool address_taken;
	bool keeps_type; // [codegen] a pointer that goes back to the kernel with its type
};

// ---- probes ----------------------------------------------------------------------

// One attach point as written: `provider:part:part...`. The text between the colons is
// kept, quotes removed, positional parameters substituted by expand: `$1` in a part is a
// positional parameter, `$$` is a dollar sign (which only quotes can bring in).
// A negated one is complete, too: `!glob` without a colon has the provider and the leading
// parts of the attach point before it.
struct attach_point {
	struct span span;
	const char *provider;	   // "uprobe", as written
	ARENA_VEC(const char *) parts; // after the provider
	ARENA_VEC(struct span) part_spans;
	bool negated;		   // `!glob`: takes matches away from the others of its block
	const char *args_filter;   // text of a `(struct sk_buff *)` signature, or NULL
	const char *text;	   // whole, as written
};

struct probe {
	struct span span;
	const char *name; // `name=` prefix, or NULL
	ARENA_VEC(struct attach_point *) points;
	struct expr *predicate; // or NULL
	struct block *body;
	bool angle;			// body was written between < and >
	ARENA_VEC(struct unit *) units; // [expand]
};

// ---- the rest of the top level ----------------------------------------------------

struct config_item {
	struct span span;
	const char *name;
	struct span name_span;
	struct expr *value; // EXPR_INT, EXPR_STRING, EXPR_BOOL or EXPR_IDENT (a bare word)
};

struct import_item {
	struct span span;
	const char *path;
};

struct c_item { // #include, #define, struct ... { }; kept as text
	struct span span;
	const char *text;
};

struct map_decl { // let @m = lruhash(100);
	struct span span;
	const char *name;
	const char *kind; // "hash", "lruhash", ...
	struct span kind_span;
	struct expr *max_entries; // constant, or NULL
};

struct macro_param {
	struct span span;
	enum { PARAM_EXPR, PARAM_VAR, PARAM_MAP } kind;
	const char *name;
};

struct macro {
	struct span span;
	const char *name;
	ARENA_VEC(struct macro_param) params;
	struct expr *body; // EXPR_BLOCK
};

struct subprog_param {
	struct span span;
	const char *name; // without '$'
	struct type_expr *type;
};

struct subprog { // fn name($a : type, ...) : type { }
	struct span span;
	const char *name;
	ARENA_VEC(struct subprog_param) params;
	struct type_expr *returns;
	struct block *body;
};

struct ast {
	ARENA_VEC(struct c_item) c_items;
	ARENA_VEC(struct import_item) c_imports; // headers, by their found paths; filled by imports
	ARENA_VEC(struct config_item) config;
	ARENA_VEC(struct span) config_blocks; // what the items stand in
	ARENA_VEC(struct import_item) imports;
	ARENA_VEC(struct map_decl) map_decls;
	ARENA_VEC(struct macro *) macros;
	ARENA_VEC(struct subprog *) subprogs;
	ARENA_VEC(struct probe *) probes;
};

// ---- limits ------------------------------------------------------------------------

// No tree that the parser returns is deeper.
#define AST_MAX_DEPTH 1000

// ---- helpers (ast.c) ---------------------------------------------------------------

struct expr *expr_new(struct arena *a, enum expr_kind kind, struct span span);
struct stmt *stmt_new(struct arena *a, enum stmt_kind kind, struct span span);
struct expr *expr_int(struct arena *a, struct span span, uint64_t value);
// Before names are resolved: what `name` or `name(...)` calls itself, else "".
const char *expr_name(const struct expr *e);
// The object that a chain of members, elements and casts starts at: $f of `((struct x *)$f).a[2]`.
struct expr *expr_root(struct expr *e);
// Deep copies, without anything that check has filled in.
struct expr *expr_clone(struct arena *a, const struct expr *e);
struct stmt *stmt_clone(struct arena *a, const struct stmt *s);
struct block *block_clone(struct arena *a, const struct block *b);

// Visit every expression / statement below, parents first. `visit` returning false stops
// the descent into that node. Each may be NULL.
struct ast_visitor {
	bool (*expr)(void *ctx, struct expr *e);
	bool (*stmt)(void *ctx, struct stmt *s);
	void *ctx;
	bool (*type)(void *ctx, struct type_expr *t); // types as written
	void (*block)(void *ctx, struct block *b);    // before its statements
};
void expr_walk(struct expr *e, const struct ast_visitor *v);
void block_walk(struct block *b, const struct ast_visitor *v);
