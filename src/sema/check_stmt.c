// check_stmt: statements. Infer: what is assigned grows the types of variables and maps. Final:
// what is assigned is converted, comptime branches are chosen, limits and misuses reported.
#include <string.h>

#include "base/cleanup.h"
#include "sema/check.h"

#define UNROLL_MAX 100

static struct check_var *private(struct variable *v)
{
	return (struct check_var *)v; // pub is its first member
}

// A declared type is final, except `string` without a size, which grows.
static bool is_fixed(const struct check_var *v)
{
	return v->declared_type &&
	       !(v->declared_type->kind == TYPE_EXPR_NAME && v->pub.type->kind == TYPE_STRING);
}

void join_variable(struct checker *k, struct variable *v, struct type *t)
{
	struct type *joined;

	if (k->final || is_fixed(private(v)) || t->kind == TYPE_VOID || type_is_aggregation(t))
		return;
	joined = type_join(k, v->type, t);
	if (joined && joined != v->type) {
		v->type = joined;
		k->changed = true;
	}
}

// ---- assignment ------------------------------------------------------------------------

static bool literal_fits(const struct expr *e, const struct type *t)
{
	__int128 v = expr_int_value(e), limit = (__int128)1 << (8 * t->size - t->is_signed);

	return v < limit && v >= (t->is_signed ? -limit : 0);
}

// A number without a cast: it has the least type that holds it.
static bool is_bare_number(const struct expr *e)
{
	return e->kind == EXPR_INT && type_equal(e->type, type_of_literal(e));
}

// May a value of this type go where the type `to` was written down?
static bool fits_declared(const struct expr *e, const struct type *to)
{
	const struct type *t = e->type;

	if (is_bare_number(e) && to->kind == TYPE_INT)
		return literal_fits(e, to);
	if (t->kind == TYPE_INT && to->kind == TYPE_INT)
		return true;
	if (t->kind == TYPE_STRING && to->kind == TYPE_STRING)
		return t->size <= to->size;
	return type_equal(t, to);
}

static void report_mismatch(struct checker *k, struct span at, const char *sigil, const char *name,
			    const struct type *from, const struct type *to, const char *what)
{
	check_error(k, at, "type-mismatch",
		    "Type mismatch for %s%s: trying to assign value of type '%s' when %s already "
		    "has a type '%s'",
		    sigil, name, check_type_name(k, from), what, check_type_name(k, to));
}

// `let $t: struct task_struct *`: which memory it points to, the first value says.
static void adopt_space(struct checker *k, struct variable *v, const struct type *t)
{
	const struct type *declared = v->type;

	if (!type_known(declared) || declared->kind != TYPE_POINTER || t->kind != TYPE_POINTER ||
	    declared->space != SPACE_NONE || t->space == SPACE_NONE ||
	    !type_equal(declared->elem, t->elem))
		return;
	v->type = type_pointer(k->arena, declared->elem, t->space);
	k->changed = true;
}

static void assign_variable(struct checker *k, struct variable *v, struct expr **value,
			    struct span at)
{
	struct type *t = check_value(k, value), *joined;

	if (!v || !type_known(t))
		return;
	adopt_space(k, v, t);
	join_variable(k, v, t);
	if (!k->final)
		return;
	if (!type_known(v->type) && private(v)->declared_type)
		return; // the declaration is wrong, which has been said
	if (t->kind == TYPE_VOID || type_is_aggregation(t)) {
		check_error(k, at, "type-mismatch",
			    "Value '%s' cannot be assigned to a scratch variable.",
			    check_type_name(k, t));
		return;
	}
	joined = type_join(k, v->type, t);
	if (is_fixed(private(v)) ? !fits_declared(*value, v->type)
				 : !joined || !type_equal(joined, v->type)) {
		report_mismatch(k, at, "$", v->name, t, v->type, "variable");
		return;
	}
	if (private(v)->declared_type)
		convert_declared(k, value, v->type);
	else
		convert(k, value, v->type);
}

static bool is_aggregation_call(const struct expr *e)
{
	return e->kind == EXPR_CALL && e->u.call.func >= 0 &&
	       func_infos[e->u.call.func].flags & F_AGG;
}

// Why two aggregations don't go into one map, beyond their kinds.
static const char *geometry_conflict(const struct type *a, const struct type *b)
{
	if (a->kind != b->kind)
		return NULL;
	if (a->kind == TYPE_HIST && a->params[0] != b->params[0])
		return "Different bits in a single hist unsupported";
	if (a->kind == TYPE_LHIST && !type_equal(a, b))
		return "Different lhist bounds in a single map unsupported";
	if (a->kind == TYPE_TSERIES && memcmp(a->params, b->params, sizeof(a->params)) != 0)
		return "Different tseries bounds in a single map unsupported";
	return NULL;
}

static const char *example_call(enum type_kind kind)
{
	static const char *const calls[TYPE_KIND_COUNT] = {
	    [TYPE_COUNT] = "count()",	   [TYPE_SUM] = "sum(retval)",
	    [TYPE_MIN] = "min(retval)",	   [TYPE_MAX] = "max(retval)",
	    [TYPE_AVG] = "avg(retval)",	   [TYPE_STATS] = "stats(arg2)",
	    [TYPE_HIST] = "hist(retval)",  [TYPE_LHIST] = "lhist(rand %10, 0, 10, 1)",
	    [TYPE_TSERIES] = "tseries(rand %10, 10s, 1)",
	};

	return calls[kind];
}

static void report_copied_aggregation(struct checker *k, struct stmt *s, const struct type *t)
{
	const char *to = s->u.assign.target->u.map.name;
	const char *func = k->final ? check_type_name(k, t) : "";

	if (!check_error(k, s->span, "aggregation-copy",
			 "Map value '%s' cannot be assigned from one map to another. The function "
			 "that returns this type must be called directly e.g. `@%s = %s;`.",
			 func, to, example_call(t->kind)))
		return;
	if (type_is_castable_aggregation(t))
		diag_hint(&k->c->diag,
			  "Add a cast to integer if you want the value of the aggregate, e.g. "
			  "`@%s = (int64)@%s;`.",
			  to, s->u.assign.value->u.map.name);
}

static struct type *map_value_type(struct checker *k, struct stmt *s)
{
	struct expr *v = s->u.assign.value;
	struct expr *outer = k->agg_call;
	struct type *t;

	if (!is_aggregation_call(v))
		return v->kind == EXPR_MAP ? check_expr(k, &s->u.assign.value)
					   : check_value(k, &s->u.assign.value);
	k->agg_call = v;
	t = check_expr(k, &s->u.assign.value);
	k->agg_call = outer;
	return t;
}

// The call takes the map's type; what it aggregates is 64 bits of the map's sign.
static void finish_aggregation(struct checker *k, struct expr *call, const struct check_map *m)
{
	call->type = m->def ? m->def->value : m->value;
	if (call->type->kind == TYPE_TSERIES)
		call->u.call.args.len = 1;
	if (call->type->elem)
		convert_quietly(k, &call->u.call.args.data[0], type_int(8, call->type->is_signed));
}

static void assign_map(struct checker *k, struct stmt *s)
{
	struct expr *target = s->u.assign.target;
	struct check_map *m = map_find(k, target->u.map.name);
	struct type *t = map_value_type(k, s), *joined;
	bool aggregation = type_is_aggregation(t);
	const char *why;

	check_expr(k, &s->u.assign.target);
	if (!type_known(t))
		return;
	if (aggregation && s->u.assign.value->kind == EXPR_MAP) {
		// `@number = @count` takes the number, where that is what the map holds
		if (!type_is_castable_aggregation(t) || m->value->kind != TYPE_INT ||
		    m->is_untyped) {
			report_copied_aggregation(k, s, t);
			return;
		}
		t = check_value(k, &s->u.assign.value);
		aggregation = false;
	}
	if (t->kind == TYPE_VOID) {
		check_error(k, s->span, "type-mismatch",
			    "Value 'void' cannot be assigned to a map.");
		return;
	}
	join_map_value(k, m, t);
	if (!k->final)
		return;
	joined = type_join(k, m->value, t);
	why = geometry_conflict(m->value, t);
	if (why) {
		check_error(k, s->u.assign.value->span, "type-mismatch", "%s", why);
		return;
	}
	if (!joined || !type_equal(joined, m->value)) {
		report_mismatch(k, aggregation ? s->u.assign.value->span : s->span, "@", m->name, t,
				m->value, "map");
		return;
	}
	if (aggregation)
		finish_aggregation(k, s->u.assign.value, m);
	else
		convert(k, &s->u.assign.value, m->value);
}

// ---- compound assignment ---------------------------------------------------------------

// The type that `target op= value` gives the target. Literals added to literals stay literals,
// so that a counter's sign is decided by what else is assigned to it.
static struct type *compound_type(struct checker *k, enum binary_op op, struct type *target,
				  struct type *value)
{
	struct expr wide = {.kind = EXPR_INT, .u.integer.value = INT64_MAX};

	if (!type_known(target))
		target = type_is_int(value) ? type_of_literal(&wide) : value;
	if (op != BIN_SUB && target->is_literal && value->is_literal)
		return type_join(k, type_join(k, type_of_literal(&wide), target), value);
	return binary_type(k, op, target, value);
}

static void convert_operand(struct checker *k, struct stmt *s, struct type *target)
{
	if (target->kind == TYPE_POINTER)
		convert_quietly(k, &s->u.assign.value, &type_int64);
	else
		convert(k, &s->u.assign.value, target);
}

static void report_compound(struct checker *k, struct stmt *s, const struct type *target,
			    const struct type *value)
{
	const char *op = binary_op_text(s->u.assign.op);

	if (type_is_aggregation(target) && type_is_int(value))
		report_mismatch(k, s->span, "@", s->u.assign.target->u.map.name,
				target->kind == TYPE_COUNT ? &type_uint64 : &type_int64, target,
				"map");
	else if (target->kind == TYPE_POINTER || value->kind == TYPE_POINTER)
		check_error(k, s->span, "type-mismatch",
			    "The %s operator can not be used on expressions of types %s, %s", op,
			    check_type_name(k, target), check_type_name(k, value));
	else
		check_error(k, s->span, "type-mismatch",
			    "Type mismatch for '%s': comparing %s with %s", op,
			    type_known(target) ? check_type_name(k, target) : "int64",
			    check_type_name(k, value));
}

static void check_compound(struct checker *k, struct stmt *s)
{
	struct expr *e = s->u.assign.target;
	struct type *value = check_value(k, &s->u.assign.value);
	struct type *target = check_expr(k, &s->u.assign.target), *result;
	bool fixed;

	if (e->kind == EXPR_MAP)
		map_find(k, e->u.map.name)->is_counted = true;
	if (!type_known(value) ||
	    (e->kind == EXPR_VAR && (!e->u.var.var || !type_known(target))))
		return; // `let $a; $a += 1`: nothing says what it is
	result = compound_type(k, s->u.assign.op, target, value);
	if (!result) {
		report_compound(k, s, target, value);
		return;
	}
	if (e->kind == EXPR_VAR)
		join_variable(k, e->u.var.var, result);
	else
		join_map_value(k, map_find(k, e->u.map.name), result);
	if (!k->final)
		return;
	fixed = e->kind == EXPR_VAR && is_fixed(private(e->u.var.var)) && type_is_int(target);
	if (!fixed && !type_join(k, target, result)) {
		report_mismatch(k, s->span, e->kind == EXPR_VAR ? "$" : "@",
				e->kind == EXPR_VAR ? e->u.var.name : e->u.map.name, result, target,
				e->kind == EXPR_VAR ? "variable" : "map");
		return;
	}
	warn_signed_division(k, s->u.assign.operation, s->u.assign.op, result, target, value);
	convert_operand(k, s, target);
}

static void check_assign(struct checker *k, struct stmt *s)
{
	struct expr *target = s->u.assign.target;

	if (s->u.assign.compound) {
		check_compound(k, s);
	} else if (target->kind == EXPR_MAP) {
		assign_map(k, s);
	} else if (target->kind == EXPR_VAR) {
		assign_variable(k, target->u.var.var, &s->u.assign.value, s->span);
		target->type = target->u.var.var ? target->u.var.var->type : &type_none;
	}
}

// Of a name for what only maps hold, or for nothing.
static struct type *declared_type(struct checker *k, struct type_expr *te)
{
	static const char *const unfit[] = {"void",  "count_t", "sum_t",  "min_t",  "max_t",   "avg_t",
					    "stats_t", "usum_t",  "umin_t", "umax_t", "uavg_t",  "ustats_t"};

	for (size_t i = 0; te->kind == TYPE_EXPR_NAME && i < ARRAY_SIZE(unfit); i++) {
		if (strcmp(te->name, unfit[i]) != 0)
			continue;
		check_error(k, te->span, "bad-type", "Invalid variable declaration type: %s",
			    te->name);
		return NULL;
	}
	return resolve_type(k, te);
}

static void check_let(struct checker *k, struct stmt *s)
{
	struct check_var *v = private(s->u.let.var);

	if (s->u.let.type && !type_known(v->pub.type)) {
		struct type *t = declared_type(k, s->u.let.type);

		v->pub.type = t ? t : &type_none;
		k->changed |= t != NULL;
	}
	if (s->u.let.value) {
		assign_variable(k, &v->pub, &s->u.let.value, s->span);
		return;
	}
	if (!k->final)
		return;
	if (!v->is_assigned)
		check_warn(k, s->u.let.declared, "unassigned", "Variable $%s was never assigned to.",
			   v->pub.name);
}

// ---- control flow ------------------------------------------------------------------------

// A comptime `if` becomes the branch that is taken; the other one is not checked at all.
static void check_comptime_if(struct checker *k, struct stmt **slot)
{
	struct stmt *s = *slot, *taken;
	int truth;

	check_value(k, &s->u.branch.cond);
	truth = const_truth(k, s->u.branch.cond);
	if (truth < 0) {
		check_error(k, s->u.branch.cond->span, "not-constant",
			    "Unable to resolve comptime expression");
		return;
	}
	if (truth) {
		taken = stmt_new(k->arena, STMT_BLOCK, s->span);
		taken->u.block = s->u.branch.yes;
	} else if (s->u.branch.no) {
		taken = s->u.branch.no;
	} else {
		taken = stmt_new(k->arena, STMT_BLOCK, s->span);
		taken->u.block = arena_new(k->arena, struct block);
		taken->u.block->span = s->span;
	}
	check_stmt(k, &taken);
	if (k->final)
		*slot = taken;
}

static void check_if(struct checker *k, struct stmt **slot)
{
	struct stmt *s = *slot;

	if (s->u.branch.comptime || s->u.branch.cond->kind == EXPR_COMPTIME) {
		check_comptime_if(k, slot);
		return;
	}
	check_condition(k, &s->u.branch.cond, s->u.branch.cond->span);
	check_block(k, s->u.branch.yes);
	if (s->u.branch.no)
		check_stmt(k, &s->u.branch.no);
}

static void check_while(struct checker *k, struct stmt *s)
{
	bool outer = k->in_while;

	if (k->final && !outer && check_warn(k, s->span, "deprecated",
					     "While loops are deprecated and may be removed in the "
					     "future."))
		diag_hint(&k->c->diag, "`for $i : 0..10 { ... }` counts; the verifier sees its end");
	k->in_while = true;
	check_condition(k, &s->u.loop.cond, s->u.loop.cond->span);
	check_block(k, s->u.loop.body);
	k->in_while = outer;
}

static void check_unroll(struct checker *k, struct stmt *s)
{
	struct expr *n;

	check_value(k, &s->u.unroll.count);
	n = s->u.unroll.count;
	if (n->kind != EXPR_INT)
		check_error(k, s->span, "bad-unroll", "invalid unroll value");
	else if (n->u.integer.is_negative || n->u.integer.value < 1)
		check_error(k, s->span, "bad-unroll", "unroll minimum value is 1");
	else if (n->u.integer.value > UNROLL_MAX)
		check_error(k, s->span, "bad-unroll", "unroll maximum value is %d", UNROLL_MAX);
	check_block(k, s->u.unroll.body);
}

static bool check_bound(struct checker *k, struct stmt *s, struct type *t, const char *which)
{
	if (!type_known(t))
		return false;
	if (t->kind == TYPE_INT)
		return true;
	check_error(k, s->span, "type-mismatch", "Loop range requires an integer for the %s value",
		    which);
	return false;
}

static void check_for_range(struct checker *k, struct stmt *s)
{
	struct type *from = check_value(k, &s->u.iter.from), *to = check_value(k, &s->u.iter.to);
	bool from_ok = check_bound(k, s, from, "start"), to_ok = check_bound(k, s, to, "end");

	if (from_ok && to_ok) {
		struct type *t = type_join(k, from, to);

		join_variable(k, s->u.iter.var, t ? t : &type_int64);
		convert(k, &s->u.iter.from, s->u.iter.var->type);
		convert(k, &s->u.iter.to, s->u.iter.var->type);
	}
	check_block(k, s->u.iter.body);
}

// What `for ($kv : @m)` gives: (key, value), an aggregation as its number.
static struct type *pair_type(struct checker *k, const struct check_map *m)
{
	struct type *members[2] = {m->key, m->value};

	if (type_is_castable_aggregation(m->value))
		members[1] = aggregation_value_type(m->value);
	return type_tuple(k->arena, members, NULL, 2);
}

static void check_for_map(struct checker *k, struct stmt *s)
{
	struct expr *e = s->u.iter.map;
	struct check_map *m = map_find(k, e->u.map.name);

	e->type = m->value;
	if (k->final)
		check_map_access(k, e);
	if (m->is_scalar) {
		check_error(
		    k, e->span, "map-kind",
		    "@%s has no explicit keys (scalar map), and cannot be used for iteration",
		    m->name);
	} else if (type_known(m->value) && type_is_aggregation(m->value) &&
		   !type_is_castable_aggregation(m->value)) {
		check_error(k, e->span, "type-mismatch",
			    "Loop expression does not support type: %s",
			    check_type_name(k, m->value));
	} else if (type_known(m->value) && type_known(m->key)) {
		join_variable(k, s->u.iter.var, pair_type(k, m));
	}
	check_block(k, s->u.iter.body);
}

static void check_return(struct checker *k, struct stmt *s)
{
	struct type *t;

	if (!s->u.expr)
		return;
	t = check_value(k, &s->u.expr);
	if (!type_known(t))
		return;
	if (type_is_int(t) && t->kind != TYPE_BOOL)
		convert_quietly(k, &s->u.expr, &type_int64);
	else
		check_error(k, s->span, "type-mismatch",
			    "Probe return values can only be integers. Found %s",
			    check_type_name(k, t));
}

void check_stmt(struct checker *k, struct stmt **slot)
{
	struct stmt *s = *slot;

	k->program->has_loops |= s->kind == STMT_WHILE || s->kind == STMT_FOR_RANGE ||
				 s->kind == STMT_FOR_MAP;
	switch (s->kind) {
	case STMT_EXPR:
	case STMT_DISCARD:
		check_expr_stmt(k, s);
		break;
	case STMT_LET:
		check_let(k, s);
		break;
	case STMT_ASSIGN:
		check_assign(k, s);
		break;
	case STMT_IF:
		check_if(k, slot);
		break;
	case STMT_WHILE:
		check_while(k, s);
		break;
	case STMT_UNROLL:
		check_unroll(k, s);
		break;
	case STMT_FOR_RANGE:
		check_for_range(k, s);
		break;
	case STMT_FOR_MAP:
		check_for_map(k, s);
		break;
	case STMT_RETURN:
		check_return(k, s);
		break;
	case STMT_BLOCK:
		check_block(k, s->u.block);
		break;
	default:
		break;
	}
}

void check_block(struct checker *k, struct block *b)
{
	for (size_t i = 0; i < b->stmts.len; i++)
		check_stmt(k, &b->stmts.data[i]);
}
