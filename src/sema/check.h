// check.h: what the files of the checker share. Private to sema.
//
// The checker runs in three passes over every unit (its own clone of a probe's body):
//
// resolve  names are bound (variables, maps, builtins, functions), positional parameters,
//          getopt and literals are folded. Never looks at types. resolve.c, fold.c
// infer    the tree is typed bottom-up; variables, map keys and map values collect the join of
//          what is assigned to them. Repeated over all units until nothing changes. Silent.
// final    the same walk once more with all types known: errors are reported, conversions
//          become nodes, events and maps are laid out.
//
// infer and final are one set of functions; k->final tells them apart.
#pragma once

#include <stdbool.h>

#include "compiler.h"
#include "sema/builtins.h"
#include "sema/sema.h"
#include "type.h"

enum session_half { HALF_WHOLE, HALF_ENTRY, HALF_RETURN };

// A variable and what only the checker knows of it. pub is what the tree points to.
struct check_var {
	struct variable pub; // first: cast from struct variable
	struct type_expr *declared_type;
	bool is_let;	  // declared by let, else by its first assignment
	bool is_assigned; // by any statement
	bool is_undecided; // declared in a comptime branch that may not be taken
	struct expr *first_value;
	enum session_half half; // where it was declared
};

struct check_map {
	const char *name;
	struct map_def *def; // [final]
	struct type *key, *value;
	struct span first_use;
	struct span first_kind_use; // the use that decided scalar or keyed
	bool is_used_whole;
	bool is_scalar, is_keyed;
	bool is_assigned;
	bool is_counted;    // by op=
	bool is_guessed;    // only read: nothing told its type
	bool is_untyped; // no assignment told its type: it is a number by default
	bool kind_conflict; // reported
	struct map_decl *decl;
};

struct scope {
	struct scope *outer;
	unsigned depth;
	ARENA_VEC(struct check_var *) vars;
};

struct loop {
	struct loop *outer;
	struct stmt *stmt;
	unsigned depth; // of the scope that its body opens
	bool is_for;
};

// A getopt() of the script.
struct named_option {
	const char *name;
	const struct expr *fallback; // a literal; NULL: false
	const char *description;     // "": none
};

struct checker {
	struct compiler *c;
	struct arena *arena;	 // c->arena
	struct program *program; // &c->program
	bool final;
	bool silent;  // [infer] errors wait for the final pass
	bool changed; // [infer] something grew in this round
	ARENA_VEC(struct check_map *) maps;
	ARENA_VEC(struct check_var *) vars; // of all units
	ARENA_VEC(struct named_option) named; // [resolve]
	ARENA_VEC(struct unit *) units;	    // program.units and stand-ins for probes without units

	// the unit at hand
	struct unit *unit;
	enum session_half half;
	struct scope *scope;   // [resolve]
	struct loop *loop;     // [resolve]
	unsigned undecided;    // [resolve] comptime branches around, of which types will decide
	const char *type_only; // inside of "sizeof", "typeof or typeinfo" ...; or NULL
	struct expr *agg_call; // the call allowed to be an aggregation: the value being assigned
	bool in_while;	       // the outermost one has been warned of
};

// ---- reporting (check.c) -------------------------------------------------------------

// Only in resolve and final; the same text at the same place is reported once (several units
// share one probe's text). True when the message is new, so that hints can follow.
bool check_error(struct checker *k, struct span at, const char *tag, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
bool check_warn(struct checker *k, struct span at, const char *tag, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
// By the setting of config's unstable_<feature>; its warning is given once per script. False
// when it is refused.
bool check_unstable(struct checker *k, struct span at, enum unstable_setting set,
		    const char *feature, const char *key);
// After an error about what only one half of a call has: that a session has both.
void check_hint_session(struct checker *k);
void check_not_yet(struct checker *k, struct span at, const char *what);
const char *check_type_name(struct checker *k, const struct type *t);

// Where a message about e points: of a cast, at its type.
struct span check_place(const struct expr *e);

// ---- resolve (resolve.c, resolve_expr.c) ----------------------------------------------

void resolve_unit(struct checker *k, struct unit *u);
void resolve_block(struct checker *k, struct block *b); // opens a scope
void resolve_stmts(struct checker *k, struct block *b); // in the current scope
void resolve_expr(struct checker *k, struct expr **slot);
void report_unknown_name(struct checker *k, const struct expr *e); // an EXPR_IDENT or EXPR_CALL
void resolve_type_only(struct checker *k, struct expr **slot, const char *of); // type_only
void resolve_type_expr(struct checker *k, struct type_expr *te); // NULL is fine
bool inside_for(const struct checker *k);
void scope_push(struct checker *k);
void scope_pop(struct checker *k);
struct check_var *scope_find(struct checker *k, const char *name, unsigned *depth);
struct check_var *scope_declare(struct checker *k, const char *name, struct span at);
struct check_map *map_use(struct checker *k, struct expr *e);
struct expr *resolve_var_use(struct checker *k, struct expr *e);
void resolve_var_read(struct checker *k, struct expr *e);
bool stmt_leaves(const struct stmt *s); // flow.c: nothing after it is run (its names are resolved)

// params.c: *e becomes a literal.
void resolve_positional(struct checker *k, struct expr *e, bool as_string);
bool resolve_text(struct checker *k, struct expr *e); // of str($1); false: it is something else
void resolve_getopt(struct checker *k, struct expr *e);
void check_named_params(struct checker *k); // after resolve; sets compiler.usage for --help

// resolve_rewrite.c: *e becomes what it is short for, not yet resolved. False: it stays.
bool rewrite_find(struct checker *k, struct expr *e);
bool rewrite_container_of(struct checker *k, struct expr *e);
bool rewrite_config_field(struct checker *k, struct expr *e);
void rewrite_config(struct checker *k, struct expr *e);
bool rewrite_block_aggregation(struct checker *k, struct stmt *s);

// fold.c: literals only; *slot becomes EXPR_INT, EXPR_BOOL or EXPR_STRING when it can.
void fold_expr(struct checker *k, struct expr **slot);
void expr_set_int(struct expr *e, __int128 value);
void expr_set_bool(struct expr *e, bool value);
void expr_set_string(struct checker *k, struct expr *e, const char *text, size_t len);
bool expr_is_literal(const struct expr *e); // INT, STRING, BOOL
__int128 expr_int_value(const struct expr *e);

// ---- types (check_types.c) --------------------------------------------------------------

struct type *type_of_literal(const struct expr *e); // EXPR_INT
// The least type that holds both; NULL when there is none. TYPE_NONE joins with anything.
struct type *type_join(struct checker *k, struct type *a, struct type *b);
struct type *type_settle(struct checker *k, struct type *t); // no longer a literal's
bool type_known(const struct type *t);
bool type_is_castable_aggregation(const struct type *t);   // is one number: not stats
struct type *aggregation_value_type(const struct type *t); // int64 or uint64
struct type *aggregation_type(struct checker *k, enum type_kind kind, struct type *elem);
// Final only: makes *slot a value of type `to` (which the caller knows to be possible).
void convert(struct checker *k, struct expr **slot, struct type *to);
// Of a variable with a written type: every sign that may change is warned of.
void convert_declared(struct checker *k, struct expr **slot, struct type *to);
void convert_quietly(struct checker *k, struct expr **slot, struct type *to); // no sign warning
void convert_to_bool(struct checker *k, struct expr **slot);
struct type *resolve_type(struct checker *k, struct type_expr *te); // NULL after an error
struct type *check_named_type(const char *name); // uint64, u64, size_t ...; or NULL
bool type_expr_is_type(struct checker *k, const struct type_expr *te);

// ---- expressions (check_expr.c, check_op.c, check_cast.c) --------------------------------

// Types *slot and what is below; the result is (*slot)->type.
struct type *check_expr(struct checker *k, struct expr **slot);
// The same where a value is needed: aggregations become their numbers.
struct type *check_value(struct checker *k, struct expr **slot);
void check_condition(struct checker *k, struct expr **slot, struct span whole);
struct type *check_unary(struct checker *k, struct expr **slot);
struct type *check_address_of(struct checker *k, struct expr *e); // check_bytes.c
struct type *check_incdec(struct checker *k, struct expr **slot);
struct type *check_binary(struct checker *k, struct expr **slot);
struct type *binary_type(struct checker *k, enum binary_op op, struct type *l, struct type *r);
void warn_signed_division(struct checker *k, struct span at, enum binary_op op,
			  const struct type *result, const struct type *l, const struct type *r);
struct type *check_cast(struct checker *k, struct expr **slot);
uint32_t type_told_size(const struct checker *k, const struct type *t); // sizeof (told_size.c)
struct type *check_type_only(struct checker *k, struct expr **slot);
struct type *check_type_query(struct checker *k, struct expr **slot);
struct type *check_typeinfo(struct checker *k, struct expr **slot);
// Two typeinfo()s at compile time; -1: they are something else, or not known yet.
int typeinfo_equal(struct checker *k, struct expr *left, struct expr *right);
const char *const_text(struct checker *k, struct expr *e); // NULL: not known
// -1: not known at compile time (yet).
int const_truth(struct checker *k, struct expr *e);
int type_predicate(struct checker *k, struct expr *call); // is_str(x) ...; -1: unknown yet

// ---- members and the kernel's types (check_field.c) ------------------------------------------

struct type *check_field(struct checker *k, struct expr **slot);
// check_iter.c
struct type *check_ctx(struct checker *k, struct expr *e);
void check_iter_printf(struct checker *k, struct expr *call, struct event_def *ev);
struct type *check_find_type(struct checker *k, const char *name); // "struct X"; NULL: none
struct type *check_bare_type(struct checker *k, const char *name); // "task_struct"; NULL: none
struct type *check_kernel_type(struct checker *k, struct type_expr *te); // NULL after an error
bool check_constant_name(struct checker *k, struct expr *e, const char *name);
struct type *check_place_type(struct checker *k, const struct expr *e, struct type *t);
int64_t check_offset_of(struct checker *k, struct expr *e, struct type *t); // -1 after an error
struct type *check_curtask(struct checker *k, struct expr *e);
// [resolve] ppid and the like, as walks from a task (NULL: the current one).
bool check_task_name(struct checker *k, struct expr **slot, const char *name, struct expr *task);
void types_complete(struct checker *k); // what is printed, down to its last member

// ---- arguments of kernel functions (check_args.c) -------------------------------------------

bool unit_has_args(const struct unit *u);
bool check_is_args(const struct expr *e); // `args` as written
struct type *check_args(struct checker *k, struct expr **slot);
struct type *check_arg_field(struct checker *k, struct expr *e); // args.x
struct type *check_typed_retval(struct checker *k, struct expr *e);
void args_settle(struct checker *k, struct unit *u); // once no target goes any more

// ---- check_take.c ------------------------------------------------------------------------

void take_settle(struct checker *k, struct unit *u); // once all is checked

// ---- calls (check_call.c, check_output.c, check_agg.c, check_string.c, check_misc.c) -----

struct type *check_call(struct checker *k, struct expr **slot);
typedef struct type *(*check_call_fn)(struct checker *k, struct expr **slot);
#define CHECK_READY(id) struct type *check_##id(struct checker *k, struct expr **slot);
#define CHECK_LATER(id)
#define CHECK_DECLARE(id, name, min, max, flags, since, doc) CHECK_##since(id)
FUNC_TABLE(CHECK_DECLARE)
#undef CHECK_DECLARE
#undef CHECK_READY
#undef CHECK_LATER

struct type *check_usermode(struct checker *k, struct expr *e); // check_misc.c
struct type *check_ident(struct checker *k, struct expr **slot);
// check_tracepoint.c
struct type *check_event_field(struct checker *k, struct expr **slot); // NULL: not its business
struct type *check_event_args(struct checker *k, struct expr **slot);
bool require_int(struct checker *k, struct expr *call, size_t i); // args[i] already checked
bool require_string_literal(struct checker *k, struct expr *call, size_t i);
struct type *call_arg(struct checker *k, struct expr *call, size_t i); // check_value of args[i]
// check_string.c: the name of a probe where a string is wanted. What is no name stays as it is.
// name_text.c. A string that holds every name of such a type; NULL: it is no name.
struct type *name_string_type(struct checker *k, const struct type *name);
struct type *name_to_string(struct checker *k, struct expr **slot);
const char *type_kind_name(const struct type *t); // "int", "string": as messages say it

void check_unwind(struct checker *k, const struct expr *e); // dw_ustack: may it stand here?
struct type *check_stack_type(struct checker *k, enum type_kind kind, int mode, uint32_t frames);
struct event_def *event_begin(struct checker *k, struct expr *call, enum event_kind kind);
void event_add_arg(struct checker *k, struct event_def *ev, struct expr *value);
void event_finish(struct event_def *ev, uint32_t fixed);

// ---- statements, maps, sessions ----------------------------------------------------------

void check_block(struct checker *k, struct block *b);
void check_stmt(struct checker *k, struct stmt **slot);
void check_expr_stmt(struct checker *k, struct stmt *s); // check_drop.c
void join_variable(struct checker *k, struct variable *v, struct type *t);
void join_map_value(struct checker *k, struct check_map *m, struct type *t);

struct check_map *map_find(struct checker *k, const char *name);
struct check_map *map_get(struct checker *k, const char *name, struct span at);
struct type *check_map_access(struct checker *k, struct expr *e); // reads the key, gives the value
struct type *check_map_key(struct checker *k, struct check_map *m, struct expr **key,
			   struct span at);
struct check_map *whole_map_arg(struct checker *k, struct expr *call, size_t i);
void maps_apply_decls(struct checker *k);
bool maps_default(struct checker *k); // after infer: true when types were guessed
void maps_settle(struct checker *k); // after infer: types are final, definitions exist
void maps_check_decls(struct checker *k);

void session_split(struct checker *k, struct unit *u);	// before resolve
void session_finish(struct checker *k, struct unit *u); // after final: captures, storage
bool unit_in_return(const struct checker *k);		// is the code at hand (also) a return half?
