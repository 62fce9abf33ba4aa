// resolve_expr: the first pass over expressions. Parameters become literals (params.c),
// identifiers become builtins, calls get their function id; literals are folded bottom-up.
// Reports unknown names, with the nearest known one.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sema/btf_type.h"
#include "sema/cdefs.h"
#include "sema/check.h"

// ---- names ---------------------------------------------------------------------------

static void offer_names(struct nearest *n)
{
	for (int i = 0; i < BUILTIN_COUNT; i++)
		nearest_offer(n, builtin_infos[i].name);
	for (int i = 0; i < FUNC_ID_END; i++)
		nearest_offer(n, func_infos[i].name);
}

void report_unknown_name(struct checker *k, const struct expr *e)
{
	bool call = e->kind == EXPR_CALL;
	const char *name = call ? e->u.call.name : e->u.ident.name;
	struct nearest n;

	if (!check_error(k, e->span, call ? "unknown-function" : "unknown-identifier",
			 call ? "Unknown function: '%s'" : "Unknown identifier: '%s'", name))
		return;
	nearest_init(&n, name);
	offer_names(&n);
	if (nearest_get(&n))
		diag_hint(&k->c->diag, "did you mean '%s'?", nearest_get(&n));
	else if (!call)
		cdefs_hint_missing(k->c);
}

// In a comptime branch the check reports it, if types choose that branch.
static int unknown_name(struct checker *k, const struct expr *e)
{
	if (k->undecided)
		return NAME_UNDECIDED;
	report_unknown_name(k, e);
	return -1;
}

static void resolve_ident(struct checker *k, struct expr *e)
{
	const char *name = e->u.ident.name;
	int func;

	e->u.ident.builtin = builtin_find(name, &e->u.ident.arg);
	if (e->u.ident.builtin == BUILTIN_CONFIG) {
		rewrite_config(k, e);
		return;
	}
	if (e->u.ident.builtin >= 0) {
		if (e->u.ident.builtin != BUILTIN_ARGN && !builtin_infos[e->u.ident.builtin].ready)
			check_not_yet(k, e->span, arena_printf(k->arena, "the builtin '%s'", name));
		return;
	}
	func = func_find(name);
	if (func < 0 && check_constant_name(k, e, name))
		return;
	if (func >= 0)
		check_error(k, e->span, "unknown-identifier", "'%s' is a function: write '%s()'",
			    name, name);
	else
		e->u.ident.builtin = unknown_name(k, e);
}

// A macro of the script's C. False: it is none, or one that the script's names hide.
static bool resolve_macro(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct cdefs_use use = {.name = e->u.ident.name};
	unsigned arg;

	if (builtin_find(use.name, &arg) >= 0 || !cdefs_macro(k->c, &use))
		return false;
	e->u.ident.builtin = -1;
	if (use.value) {
		use.value->span = e->span; // messages about the value point at the use
		*slot = use.value;
		resolve_expr(k, slot);
		cdefs_macro_done(k->c, &use);
	} else if (check_error(k, e->span, "bad-macro", "%s: %s", use.problem, use.text)) {
		diag_note(&k->c->diag, use.defined, "the macro is defined here");
	}
	return true;
}

// A name that nothing knows may be one of a header that has only been skimmed.
static bool deepened(struct checker *k, const struct expr *e)
{
	const char *name = e->u.ident.name;
	unsigned arg;
	int64_t value;

	return builtin_find(name, &arg) < 0 && func_find(name) < 0 &&
	       !cdefs_constant(k->c, name, &value) && !btf_constant(k->c, name, &value) &&
	       cdefs_deepen(k->c);
}

// `pid()` is `pid`: a call without arguments to what is also a builtin.
static bool call_to_ident(struct checker *k, struct expr *e)
{
	const char *name = e->u.call.name;
	unsigned arg = 0;
	int builtin = e->u.call.args.len ? -1 : builtin_find(name, &arg);

	if (builtin < 0)
		return false;
	e->kind = EXPR_IDENT;
	e->u.ident.name = name;
	e->u.ident.builtin = builtin;
	e->u.ident.arg = arg;
	e->u.ident.session_elapsed = false;
	e->u.ident.bound = false;
	resolve_ident(k, e);
	return true;
}

// Functions whose first argument may be a bare word that means something only to them.
static bool takes_word(int func)
{
	return func == FUNC_CALL_NSECS || func == FUNC_CALL_PID || func == FUNC_CALL_TID ||
	       func == FUNC_CALL_USTACK || func == FUNC_CALL_KSTACK || func == FUNC_CALL_DW_USTACK;
}

// Functions whose first argument, written without a key, is the map itself.
static bool takes_map(int func)
{
	return func == FUNC_PRINT || func == FUNC_CLEAR || func == FUNC_ZERO ||
	       func == FUNC_DELETE || func == FUNC_HAS_KEY || func == FUNC_FIND ||
	       func == FUNC_LEN || func == FUNC_IS_SCALAR;
}

// delete(@m[k]), the old form, is delete(@m, k).
static void split_delete(struct checker *k, struct expr *e)
{
	struct expr *map = e->u.call.args.data[0], *key = map->u.map.key;

	if (e->u.call.args.len != 1 || !key)
		return;
	map->u.map.key = NULL;
	arena_push(k->arena, &e->u.call.args, key);
}

// A whole map is printed by the reader, when the loop may be over.
static void warn_print_in_loop(struct checker *k, const struct expr *print)
{
	const struct loop *l = k->loop;

	while (l && l->stmt->kind == STMT_UNROLL)
		l = l->outer;
	if (l)
		check_warn(k, print->span, "print-in-loop",
			   "Due to it's asynchronous nature using 'print()' in a loop can lead to "
			   "unexpected behavior. The map will likely be updated before the runtime "
			   "can 'print' it.");
}

static void resolve_args(struct checker *k, struct expr *e)
{
	int func = e->u.call.func;

	if (takes_map(func) && e->u.call.args.len && e->u.call.args.data[0]->kind == EXPR_MAP) {
		if (func == FUNC_DELETE)
			split_delete(k, e);
		e->u.call.args.data[0]->u.map.whole = !e->u.call.args.data[0]->u.map.key;
		if (func == FUNC_PRINT && e->u.call.args.data[0]->u.map.whole)
			warn_print_in_loop(k, e);
	}

	for (size_t i = 0; i < e->u.call.args.len; i++) {
		struct expr **arg = &e->u.call.args.data[i];

		if (func == FUNC_STR && i == 0 && resolve_text(k, *arg))
			continue;
		if ((*arg)->kind == EXPR_IDENT && takes_word(func))
			(*arg)->u.ident.builtin = -1;
		else
			resolve_expr(k, arg);
	}
}

static void resolve_call(struct checker *k, struct expr *e)
{
	int func;

	if (call_to_ident(k, e))
		return;
	func = e->u.call.func = func_find(e->u.call.name);
	if (func < 0) {
		e->u.call.func = unknown_name(k, e);
		return;
	}
	if (!func_infos[func].ready) {
		check_not_yet(k, e->span,
			      arena_printf(k->arena, "the function '%s()'", e->u.call.name));
		e->u.call.func = -1;
		return;
	}
	if ((func == FUNC_FIND && rewrite_find(k, e)) ||
	    (func == FUNC_CONTAINER_OF && rewrite_container_of(k, e))) {
		resolve_expr(k, &e);
		return;
	}
	resolve_args(k, e);
	if (func == FUNC_EXIT && inside_for(k))
		check_error(k, e->span, "return-in-loop", "exit() is not allowed in a for-loop");
	if (func == FUNC_GETOPT)
		resolve_getopt(k, e);
}

// ---- the rest ------------------------------------------------------------------------

static void resolve_block_expr(struct checker *k, struct expr *e)
{
	scope_push(k);
	if (e->u.block.block)
		resolve_stmts(k, e->u.block.block);
	if (e->u.block.value)
		resolve_expr(k, &e->u.block.value);
	scope_pop(k);
}

static void resolve_unary(struct checker *k, struct expr *e)
{
	struct expr *operand = e->u.unary.operand;

	if (e->u.unary.op == UNARY_ADDROF && operand->kind == EXPR_VAR) {
		resolve_var_use(k, operand);
		return;
	}
	if (e->u.unary.op == UNARY_ADDROF && operand->kind == EXPR_MAP)
		operand->u.map.whole = true;
	resolve_expr(k, &e->u.unary.operand);
}

static void resolve_incdec(struct checker *k, struct expr *e)
{
	struct expr *target = e->u.incdec.target;

	if (target->kind != EXPR_VAR && target->kind != EXPR_MAP) {
		check_error(k, e->span, "bad-target",
			    "The %s operator must be applied to a map or variable",
			    e->u.incdec.is_decrement ? "--" : "++");
		return;
	}
	if (target->kind == EXPR_MAP) {
		resolve_expr(k, &e->u.incdec.target);
		map_use(k, target)->is_assigned = true;
	} else {
		resolve_var_read(k, target);
	}
}

// `sizeof(pid_t)`: a lone name that is no builtin may be a type.
static void name_to_type(struct checker *k, struct expr *e)
{
	struct expr *name = e->u.type_query.of_expr;
	struct type_expr *t;
	unsigned arg;

	if (!name || name->kind != EXPR_IDENT || builtin_find(name->u.ident.name, &arg) >= 0 ||
	    cdefs_is_macro(k->c, name->u.ident.name))
		return;
	t = arena_new(k->arena, struct type_expr);
	t->kind = TYPE_EXPR_NAME;
	t->span = name->span;
	t->name = name->u.ident.name;
	if (!type_expr_is_type(k, t))
		return;
	e->u.type_query.of_type = t;
	e->u.type_query.of_expr = NULL;
}

// `sizeof(pid)`: a lone name that is no type is an expression.
static void resolve_type_query(struct checker *k, struct expr *e)
{
	struct type_expr *t;

	if (e->u.type_query.of_expr && e->u.type_query.of_expr->kind == EXPR_TYPE) {
		const struct expr *told = e->u.type_query.of_expr; // a macro's parameter

		e->u.type_query.of_type = told->u.type_query.of_type;
		e->u.type_query.of_expr = told->u.type_query.of_expr;
	}
	t = e->u.type_query.of_type;
	if (t && t->kind == TYPE_EXPR_NAME && !type_expr_is_type(k, t)) {
		struct expr *ident = expr_new(k->arena, EXPR_IDENT, t->span);
		unsigned arg;
		int64_t value;

		if (builtin_find(t->name, &arg) < 0 && !cdefs_is_macro(k->c, t->name) &&
		    !cdefs_constant(k->c, t->name, &value))
			return;
		ident->u.ident.name = t->name;
		e->u.type_query.of_type = NULL;
		e->u.type_query.of_expr = ident;
	}
	name_to_type(k, e);
	resolve_type_expr(k, e->u.type_query.of_type);
	if (e->u.type_query.of_expr)
		resolve_type_only(k, &e->u.type_query.of_expr,
				  e->kind == EXPR_SIZEOF     ? "sizeof"
				  : e->kind == EXPR_OFFSETOF ? "offsetof"
							     : "typeof or typeinfo");
}

static void resolve_items(struct checker *k, struct expr *e)
{
	if (e->kind == EXPR_TUPLE)
		for (size_t i = 0; i < e->u.tuple.items.len; i++)
			resolve_expr(k, &e->u.tuple.items.data[i]);
	else
		for (size_t i = 0; i < e->u.record.items.len; i++)
			resolve_expr(k, &e->u.record.items.data[i].value);
}

static void resolve_pair(struct checker *k, struct expr **a, struct expr **b)
{
	resolve_expr(k, a);
	resolve_expr(k, b);
}

static void resolve_choice(struct checker *k, struct expr *e)
{
	resolve_expr(k, &e->u.ternary.cond);
	if (e->u.ternary.yes)
		resolve_expr(k, &e->u.ternary.yes);
	resolve_expr(k, &e->u.ternary.no);
}

// As resolve_branch() of statements.
static void resolve_if(struct checker *k, struct expr *e)
{
	bool comptime = e->u.branch.comptime |= e->u.branch.cond->kind == EXPR_COMPTIME;

	resolve_expr(k, &e->u.branch.cond);
	if (comptime && expr_is_literal(e->u.branch.cond)) {
		if (const_truth(k, e->u.branch.cond))
			e->u.branch.no = NULL;
		else
			e->u.branch.yes = expr_new(k->arena, EXPR_BLOCK, e->span);
		comptime = false;
	}
	k->undecided += comptime;
	resolve_expr(k, &e->u.branch.yes);
	if (e->u.branch.no)
		resolve_expr(k, &e->u.branch.no);
	k->undecided -= comptime;
}

// ppid, pcomm ...: of the current task, or of the one given.
static void lower_task_name(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;

	if (e->kind == EXPR_IDENT && e->u.ident.builtin >= BUILTIN_PPID &&
	    e->u.ident.builtin <= BUILTIN_LEADER_COMM)
		check_task_name(k, slot, e->u.ident.name, NULL);
	else if (e->kind == EXPR_CALL && e->u.call.func >= 0 && e->u.call.args.len == 1)
		check_task_name(k, slot, e->u.call.name, e->u.call.args.data[0]);
}

void resolve_expr(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;

	switch (e->kind) {
	case EXPR_POSITIONAL:
		resolve_positional(k, e, false);
		break;
	case EXPR_IDENT:
		if (resolve_macro(k, slot) || (deepened(k, e) && resolve_macro(k, slot)))
			return;
		resolve_ident(k, e);
		break;
	case EXPR_VAR:
		resolve_var_read(k, e);
		break;
	case EXPR_MAP:
		map_use(k, e);
		if (e->u.map.key)
			resolve_expr(k, &e->u.map.key);
		break;
	case EXPR_CALL:
		resolve_call(k, e);
		break;
	case EXPR_UNARY:
		resolve_unary(k, e);
		break;
	case EXPR_INCDEC:
		resolve_incdec(k, e);
		break;
	case EXPR_BINARY:
		resolve_pair(k, &e->u.binary.left, &e->u.binary.right);
		break;
	case EXPR_TERNARY:
		resolve_choice(k, e);
		break;
	case EXPR_CAST:
		resolve_type_expr(k, e->u.cast.to);
		resolve_expr(k, &e->u.cast.operand);
		break;
	case EXPR_FIELD:
		if (rewrite_config_field(k, e))
			break;
		resolve_expr(k, &e->u.field.object);
		break;
	case EXPR_TUPLE_GET:
		resolve_expr(k, &e->u.tuple_get.object);
		break;
	case EXPR_INDEX:
		resolve_pair(k, &e->u.index.object, &e->u.index.index);
		break;
	case EXPR_TUPLE:
	case EXPR_RECORD:
		resolve_items(k, e);
		break;
	case EXPR_SIZEOF:
	case EXPR_OFFSETOF:
	case EXPR_TYPEINFO:
		resolve_type_query(k, e);
		break;
	case EXPR_TYPE:
		check_error(k, e->span, "type-argument",
			    "When used as a call argument, `typeof` builtin only valid for macro "
			    "calls that are expecting a type parameter");
		break;
	case EXPR_BLOCK:
		resolve_block_expr(k, e);
		break;
	case EXPR_IF:
		resolve_if(k, e);
		break;
	case EXPR_COMPTIME:
		resolve_expr(k, &e->u.comptime.operand);
		break;
	default:
		break;
	}
	lower_task_name(k, slot);
	fold_expr(k, slot);
}
