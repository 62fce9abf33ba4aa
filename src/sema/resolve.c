// resolve: the first pass. Statements and scopes: every EXPR_VAR gets its variable, every map
// its entry in k->maps, loops their captured variables. Reports names that don't exist, names
// used twice, jumps that go nowhere. Types are not looked at.
#include <string.h>

#include "base/str.h"
#include "sema/check.h"

// ---- scopes ----------------------------------------------------------------------------

void scope_push(struct checker *k)
{
	struct scope *s = arena_new(k->arena, struct scope);

	s->outer = k->scope;
	s->depth = k->scope ? k->scope->depth + 1 : 0;
	k->scope = s;
}

void scope_pop(struct checker *k)
{
	k->scope = k->scope->outer;
}

struct check_var *scope_find(struct checker *k, const char *name, unsigned *depth)
{
	for (struct scope *s = k->scope; s; s = s->outer)
		for (size_t i = 0; i < s->vars.len; i++) {
			if (strcmp(s->vars.data[i]->pub.name, name) != 0)
				continue;
			if (depth)
				*depth = s->depth;
			return s->vars.data[i];
		}
	return NULL;
}

struct check_var *scope_declare(struct checker *k, const char *name, struct span at)
{
	struct check_var *v = arena_new(k->arena, struct check_var);

	v->pub.name = name;
	v->pub.type = &type_none;
	v->pub.declared = at;
	v->pub.id = k->unit->variable_count++;
	v->half = k->half;
	v->is_undecided = k->undecided > 0;
	arena_push(k->arena, &k->scope->vars, v);
	arena_push(k->arena, &k->vars, v);
	return v;
}

static void report_unknown_variable(struct checker *k, struct expr *e)
{
	struct nearest n;

	if (!check_error(k, e->span, "undefined-variable", "Undefined or undeclared variable: $%s",
			 e->u.var.name))
		return;
	nearest_init(&n, e->u.var.name);
	for (struct scope *s = k->scope; s; s = s->outer)
		for (size_t i = 0; i < s->vars.len; i++)
			nearest_offer(&n, s->vars.data[i]->pub.name);
	if (nearest_get(&n))
		diag_hint(&k->c->diag, "did you mean '$%s'?", nearest_get(&n));
}

// Loops whose body is inside the variable's scope carry it along.
static void note_captured(struct checker *k, struct variable *v, unsigned depth)
{
	for (struct loop *l = k->loop; l; l = l->outer) {
		bool known = false;

		if (!l->is_for || depth >= l->depth)
			continue;
		for (size_t i = 0; i < l->stmt->u.iter.captured.len; i++)
			known |= l->stmt->u.iter.captured.data[i] == v;
		if (!known)
			arena_push(k->arena, &l->stmt->u.iter.captured, v);
	}
}

static void bind_variable(struct checker *k, struct expr *e, struct check_var *v, unsigned depth)
{
	e->u.var.var = &v->pub;
	note_captured(k, &v->pub, depth);
	if (k->half == HALF_RETURN && v->half == HALF_ENTRY)
		v->pub.carried = true;
}

struct expr *resolve_var_use(struct checker *k, struct expr *e)
{
	unsigned depth = 0;
	struct check_var *v = scope_find(k, e->u.var.name, &depth);

	if (v)
		bind_variable(k, e, v, depth);
	else
		report_unknown_variable(k, e);
	return e;
}

// As resolve_var_use, where the value is read.
void resolve_var_read(struct checker *k, struct expr *e)
{
	const struct check_var *v = (const struct check_var *)resolve_var_use(k, e)->u.var.var;
	bool in_both_halves = probe_type_is_session(k->unit->type) && k->half == HALF_WHOLE;

	if (v && v->is_let && !v->is_assigned && !k->type_only && !in_both_halves)
		check_warn(k, e->span, "unassigned", "Variable used before it was assigned: $%s",
			   v->pub.name);
}

// ---- statements ------------------------------------------------------------------------

static void note_first(struct checker *k, const struct check_var *v)
{
	diag_note(&k->c->diag, v->pub.declared,
		  v->pub.is_loop ? "This is the loop variable."
		  : v->is_let	 ? "This is the initial declaration."
				 : "This is the initial assignment.");
}

// An expression of which only the type is wanted.
void resolve_type_only(struct checker *k, struct expr **slot, const char *of)
{
	const char *outer = k->type_only;

	k->type_only = of;
	if ((*slot)->kind == EXPR_MAP)
		(*slot)->u.map.whole = !(*slot)->u.map.key;
	resolve_expr(k, slot);
	k->type_only = outer;
}

// Lengths and typeof inside a written type are expressions.
void resolve_type_expr(struct checker *k, struct type_expr *te)
{
	if (!te)
		return;
	if (te->expr && te->expr->kind == EXPR_TYPE) { // a macro's parameter
		te->elem = te->expr->u.type_query.of_type;
		te->expr = te->expr->u.type_query.of_expr;
	}
	if (te->expr)
		resolve_type_only(k, &te->expr, "typeof or typeinfo");
	resolve_type_expr(k, te->elem);
	for (size_t i = 0; i < te->members.len; i++)
		resolve_type_expr(k, te->members.data[i]);
}

static void resolve_let(struct checker *k, struct stmt *s)
{
	struct check_var *old;
	struct check_var *v;

	if (s->u.let.value)
		resolve_expr(k, &s->u.let.value);
	resolve_type_expr(k, s->u.let.type);
	old = scope_find(k, s->u.let.name, NULL);
	if (old && check_error(k, s->u.let.declared, "shadowing",
			       "Variable $%s was already declared. Variable shadowing is not "
			       "allowed.",
			       s->u.let.name))
		note_first(k, old);
	v = scope_declare(k, s->u.let.name, s->u.let.declared);
	v->is_let = true;
	v->declared_type = s->u.let.type;
	v->is_assigned = s->u.let.value != NULL;
	s->u.let.var = &v->pub;
}

static void assign_variable(struct checker *k, struct stmt *s)
{
	struct expr *target = s->u.assign.target;
	unsigned depth = k->scope->depth;
	struct check_var *v = scope_find(k, target->u.var.name, &depth);

	if (!v && s->u.assign.compound) {
		report_unknown_variable(k, target);
		return;
	}
	if (!v)
		v = scope_declare(k, target->u.var.name, s->span);
	v->is_assigned = true;
	bind_variable(k, target, v, depth);
}

static bool same_target(const struct expr *a, const struct expr *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == EXPR_VAR)
		return strcmp(a->u.var.name, b->u.var.name) == 0;
	return a->kind == EXPR_MAP && !a->u.map.key && !b->u.map.key &&
	       strcmp(a->u.map.name, b->u.map.name) == 0;
}

// x = x + e is x += e: the same types, and one access less.
static void make_compound(struct stmt *s)
{
	struct expr *v = s->u.assign.value;

	if (s->u.assign.compound || v->kind != EXPR_BINARY || v->u.binary.op > BIN_SHR ||
	    !same_target(s->u.assign.target, v->u.binary.left))
		return;
	s->u.assign.compound = true;
	s->u.assign.op = v->u.binary.op;
	s->u.assign.operation = v->span;
	s->u.assign.value = v->u.binary.right;
}

static void resolve_assign(struct checker *k, struct stmt *s)
{
	struct expr *target = s->u.assign.target;

	if (rewrite_block_aggregation(k, s)) {
		resolve_block(k, s->u.block);
		return;
	}
	make_compound(s);
	resolve_expr(k, &s->u.assign.value);
	if (target->kind == EXPR_VAR) {
		assign_variable(k, s);
	} else if (target->kind == EXPR_MAP) {
		if (k->type_only)
			check_error(k, s->span, "type-only",
				    "Map assignments not allowed inside of %s", k->type_only);
		resolve_expr(k, &s->u.assign.target);
		map_use(k, target)->is_assigned = true;
	} else {
		check_error(k, target->span, "bad-target",
			    "Only variables and maps can be assigned to");
	}
}

static void loop_enter(struct checker *k, struct loop *l, struct stmt *s, bool is_for)
{
	*l = (struct loop){k->loop, s, k->scope->depth + 1, is_for};
	k->loop = l;
}

static void resolve_while(struct checker *k, struct stmt *s)
{
	struct loop l;

	resolve_expr(k, &s->u.loop.cond);
	loop_enter(k, &l, s, false);
	resolve_block(k, s->u.loop.body);
	k->loop = l.outer;
}

static void resolve_unroll(struct checker *k, struct stmt *s)
{
	struct loop l;

	resolve_expr(k, &s->u.unroll.count);
	loop_enter(k, &l, s, false);
	resolve_block(k, s->u.unroll.body);
	k->loop = l.outer;
}

static void resolve_for(struct checker *k, struct stmt *s)
{
	struct check_var *old = scope_find(k, s->u.iter.name, NULL), *v;
	struct loop l;

	if (s->kind == STMT_FOR_MAP) {
		s->u.iter.map->u.map.whole = true;
		map_use(k, s->u.iter.map);
	} else {
		resolve_expr(k, &s->u.iter.from);
		resolve_expr(k, &s->u.iter.to);
	}
	if (old && check_error(k, s->u.iter.name_span, "shadowing",
			       "Loop declaration shadows existing variable: $%s", s->u.iter.name))
		note_first(k, old);
	loop_enter(k, &l, s, true);
	scope_push(k);
	v = scope_declare(k, s->u.iter.name, s->u.iter.name_span);
	v->pub.is_loop = true;
	v->is_assigned = true;
	s->u.iter.var = &v->pub;
	resolve_stmts(k, s->u.iter.body);
	scope_pop(k);
	k->loop = l.outer;
}

bool inside_for(const struct checker *k)
{
	for (const struct loop *l = k->loop; l; l = l->outer)
		if (l->is_for)
			return true;
	return false;
}

static void resolve_jump(struct checker *k, struct stmt *s)
{
	if (s->kind == STMT_RETURN) {
		if (s->u.expr)
			resolve_expr(k, &s->u.expr);
		return;
	}
	if (s->kind == STMT_SKIP) {
		if (k->half != HALF_ENTRY &&
		    !(k->half == HALF_WHOLE && probe_type_is_session(k->unit->type)))
			check_error(k, s->span, "skip-outside-entry",
				    "'skip' is only allowed at the entry of a session");
		else if (inside_for(k))
			check_error(k, s->span, "return-in-loop",
				    "'skip' statement is not allowed in a for-loop");
		return;
	}
	if (!k->loop || k->loop->stmt->kind == STMT_UNROLL)
		check_error(k, s->span, "outside-loop",
			    k->loop ? "'%s' statement is not allowed in an unroll"
				    : "'%s' statement is not allowed in a probe",
			    s->kind == STMT_BREAK ? "break" : "continue");
}

static void resolve_branch(struct checker *k, struct stmt *s);

static struct stmt *drop_stmt(struct checker *k, enum stmt_kind kind, struct expr *e)
{
	struct stmt *s = stmt_new(k->arena, kind, e->span);

	s->u.expr = e;
	return s;
}

static struct block *block_of(struct checker *k, struct stmt *s)
{
	struct block *b = arena_new(k->arena, struct block);

	b->span = s->span;
	arena_push(k->arena, &b->stmts, s);
	return b;
}

// A choice whose value nobody takes is an `if`: its sides need not be of one type.
static void make_branch(struct checker *k, struct stmt *s)
{
	struct expr *e = s->u.expr;
	struct stmt *yes = drop_stmt(k, s->kind, e->u.ternary.yes);
	struct stmt *no = drop_stmt(k, s->kind, e->u.ternary.no);

	s->kind = STMT_IF;
	s->u.branch.cond = e->u.ternary.cond;
	s->u.branch.comptime = false;
	s->u.branch.yes = block_of(k, yes);
	s->u.branch.no = stmt_new(k->arena, STMT_BLOCK, no->span);
	s->u.branch.no->u.block = block_of(k, no);
}

static void resolve_expr_stmt(struct checker *k, struct stmt *s)
{
	if (s->u.expr->kind != EXPR_TERNARY || !s->u.expr->u.ternary.yes) {
		resolve_expr(k, &s->u.expr);
		return;
	}
	make_branch(k, s);
	resolve_branch(k, s);
}

static void resolve_stmt(struct checker *k, struct stmt *s)
{
	switch (s->kind) {
	case STMT_EXPR:
	case STMT_DISCARD:
		resolve_expr_stmt(k, s);
		break;
	case STMT_LET:
		resolve_let(k, s);
		break;
	case STMT_ASSIGN:
		resolve_assign(k, s);
		break;
	case STMT_IF:
		resolve_branch(k, s);
		break;
	case STMT_WHILE:
		resolve_while(k, s);
		break;
	case STMT_UNROLL:
		resolve_unroll(k, s);
		break;
	case STMT_FOR_RANGE:
	case STMT_FOR_MAP:
		resolve_for(k, s);
		break;
	case STMT_BLOCK:
		resolve_block(k, s->u.block);
		break;
	case STMT_ENTRY_CLAUSE:
	case STMT_RETURN_CLAUSE:
		check_error(k, s->span, "clause-outside-session",
			    "'%s { }' is only allowed directly in the body of a session",
			    s->kind == STMT_ENTRY_CLAUSE ? "entry" : "return");
		break;
	default:
		resolve_jump(k, s);
	}
}

// What a comptime `if` leaves out is not looked at.
static void resolve_taken(struct checker *k, struct stmt *s, bool truth)
{
	if (truth) {
		s->u.branch.no = NULL;
		resolve_block(k, s->u.branch.yes);
		return;
	}
	s->u.branch.yes = arena_new(k->arena, struct block);
	s->u.branch.yes->span = s->span;
	if (s->u.branch.no)
		resolve_stmt(k, s->u.branch.no);
}

static void resolve_branch(struct checker *k, struct stmt *s)
{
	bool comptime = s->u.branch.comptime |= s->u.branch.cond->kind == EXPR_COMPTIME;

	resolve_expr(k, &s->u.branch.cond);
	if (comptime && expr_is_literal(s->u.branch.cond)) {
		resolve_taken(k, s, const_truth(k, s->u.branch.cond));
		return;
	}
	k->undecided += comptime;
	resolve_block(k, s->u.branch.yes);
	if (s->u.branch.no)
		resolve_stmt(k, s->u.branch.no);
	k->undecided -= comptime;
}

void resolve_stmts(struct checker *k, struct block *b)
{
	bool left = false, told = false;

	for (size_t i = 0; i < b->stmts.len; i++) {
		struct stmt *s = b->stmts.data[i];

		if (left && !told)
			check_warn(k, s->span, "unreachable", "Unreachable statement.");
		told = left;
		resolve_stmt(k, s);
		left = left || stmt_leaves(s);
	}
}

void resolve_block(struct checker *k, struct block *b)
{
	scope_push(k);
	resolve_stmts(k, b);
	scope_pop(k);
}

// ---- units -----------------------------------------------------------------------------

// The return clause sees what the entry clause declares at its top: that is what it carries.
static void resolve_clauses(struct checker *k, struct session *s)
{
	scope_push(k);
	k->half = HALF_ENTRY;
	if (s->has_entry)
		resolve_stmts(k, s->entry);
	k->half = HALF_RETURN;
	if (s->has_return)
		resolve_block(k, s->ret);
	k->half = HALF_WHOLE;
	scope_pop(k);
}

void resolve_unit(struct checker *k, struct unit *u)
{
	k->unit = u;
	k->half = HALF_WHOLE;
	k->scope = NULL;
	k->loop = NULL;
	u->variable_count = 0;
	scope_push(k);
	if (u->predicate) {
		k->half = probe_type_is_session(u->type) ? HALF_ENTRY : HALF_WHOLE;
		resolve_expr(k, &u->predicate);
		k->half = HALF_WHOLE;
	}
	if (u->session.has_clauses)
		resolve_clauses(k, &u->session);
	else
		resolve_stmts(k, u->body);
	scope_pop(k);
}
