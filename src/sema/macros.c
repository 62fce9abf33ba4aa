// macros: calls of the script's macros become clones of their bodies. A macro's own variables
// are renamed so that they never meet the caller's; what it may touch of the caller is passed:
// `$v` and `@m` parameters by name, others as expressions. Refuses macros that call themselves,
// and maps that were not passed.
#include <string.h>

#include "base/str.h"
#include "sema/sema.h"

struct chain { // macros being expanded, innermost first
	const struct chain *outer;
	const struct macro *macro;
};

// What the expanded bodies of one script may take. Macros that each call another twice double
// with every step; the largest scripts in use need a few hundred kB.
#define MACRO_MAX_BYTES (32u << 20)
#define MACRO_MAX_COUNT 50000

struct expander {
	struct compiler *c;
	const struct chain *chain;
	unsigned count;	    // expansions so far: makes names unique
	size_t arena_start; // bytes of the arena that were there before
	unsigned depth;	    // levels of the bodies being expanded, one within the other
	bool full;	    // over a limit, and reported
};

// One expansion: what its names stand for.
struct binding {
	struct expander *x;
	struct compiler *c;
	const struct macro *macro;
	struct expr **args;
	unsigned id;
	uint32_t shift; // from the macro's own text to the offsets of this expansion
};

static void expand_expr(struct expander *x, struct expr *e);
static void expand_block(struct expander *x, struct block *b);

// False: the expansion has become too large. Reported once.
static bool has_room(struct expander *x, struct span at)
{
	if (x->full)
		return false;
	if (x->count < MACRO_MAX_COUNT && x->c->arena.total - x->arena_start < MACRO_MAX_BYTES)
		return true;
	x->full = true;
	diag_error(&x->c->diag, at, "too-large", "the macros of this script expand to too much");
	diag_hint(&x->c->diag,
		  "at most %d expansions and %u MB: does a macro call another more than once?",
		  MACRO_MAX_COUNT, MACRO_MAX_BYTES >> 20);
	return false;
}

// ---- places ------------------------------------------------------------------------------

// 0 where there is no room for more: messages then point at the macro alone.
static uint32_t shift_for(struct compiler *c, const struct macro *m, struct span call)
{
	const struct source *src = sources_find(&c->sources, m->span.begin);
	const struct source *own = src ? sources_expand(&c->sources, src, call) : NULL;

	return own ? own->base - src->base : 0;
}

static void move_span(const struct binding *b, struct span *at)
{
	at->begin += b->shift;
	at->end += b->shift;
}

static void move_expr(const struct binding *b, struct expr *e)
{
	move_span(b, &e->span);
	if (e->kind == EXPR_CALL)
		move_span(b, &e->u.call.name_span);
	else if (e->kind == EXPR_BINARY)
		move_span(b, &e->u.binary.op_span);
	else if (e->kind == EXPR_FIELD)
		move_span(b, &e->u.field.name_span);
	else if (e->kind == EXPR_RECORD)
		for (size_t i = 0; i < e->u.record.items.len; i++)
			move_span(b, &e->u.record.items.data[i].span);
}

static void move_stmt(const struct binding *b, struct stmt *s)
{
	move_span(b, &s->span);
	if (s->kind == STMT_ASSIGN)
		move_span(b, &s->u.assign.operation);
	else if (s->kind == STMT_FOR_RANGE || s->kind == STMT_FOR_MAP)
		move_span(b, &s->u.iter.name_span);
}

static void move_block(void *ctx, struct block *block)
{
	move_span(ctx, &block->span);
}

// ---- substitution ------------------------------------------------------------------------

static const struct expr *bound(const struct binding *b, int kind, const char *name)
{
	for (size_t i = 0; i < b->macro->params.len; i++) {
		const struct macro_param *p = &b->macro->params.data[i];

		if ((int)p->kind == kind && strcmp(p->name, name) == 0)
			return b->args[i];
	}
	return NULL;
}

static const char *local_name(const struct binding *b, const char *name)
{
	const struct expr *arg = bound(b, PARAM_VAR, name);

	if (arg)
		return arg->u.var.name;
	// a name no script can spell
	return arena_printf(&b->c->arena, "%s#%u.%s", b->macro->name, b->id, name);
}

static void bind_map(const struct binding *b, struct expr *e)
{
	const struct expr *arg = bound(b, PARAM_MAP, e->u.map.name);

	if (arg) {
		e->u.map.name = arg->u.map.name;
		return;
	}
	diag_error(
	    &b->c->diag, e->span, "unhygienic-macro",
	    "Unhygienic access to map: @%s. Maps must be passed into the macro as arguments.",
	    e->u.map.name);
}

// offsetof(..., member): a parameter may be the member's name.
static void bind_path(const struct binding *b, struct expr *e)
{
	const struct expr *arg, *query = expr_clone(&b->c->arena, e);
	const char *name;

	e->u.type_query.path.data = NULL; // the definition's own: not to be changed
	e->u.type_query.path.len = e->u.type_query.path.cap = 0;
	for (size_t i = 0; i < query->u.type_query.path.len; i++) {
		name = query->u.type_query.path.data[i];
		arg = bound(b, PARAM_EXPR, name);
		if (arg && arg->kind == EXPR_IDENT)
			name = arg->u.ident.name;
		arena_push(&b->c->arena, &e->u.type_query.path, name);
	}
}

// A parameter that stands for a type: typeof(...) was passed, or a type's bare name.
static bool substitute_type(void *ctx, struct type_expr *t)
{
	const struct binding *b = ctx;
	const struct expr *arg;

	move_span(b, &t->span);
	if (t->kind != TYPE_EXPR_NAME)
		return true;
	arg = bound(b, PARAM_EXPR, t->name);
	if (arg && arg->kind == EXPR_TYPE) {
		t->kind = TYPE_EXPR_TYPEOF;
		arg = expr_clone(&b->c->arena, arg);
		t->elem = arg->u.type_query.of_type;
		t->expr = arg->u.type_query.of_expr;
	} else if (arg && arg->kind == EXPR_IDENT) {
		t->name = arg->u.ident.name;
	}
	return false; // the caller's type keeps the caller's names
}

static void substitute_expr(const struct binding *b, struct expr *e);

static bool substitute_visit(void *ctx, struct expr *e)
{
	const struct binding *b = ctx;
	const struct expr *arg;

	move_expr(b, e);
	switch (e->kind) {
	case EXPR_VAR:
		e->u.var.name = local_name(b, e->u.var.name);
		return true;
	case EXPR_MAP:
		bind_map(b, e);
		return true;
	case EXPR_OFFSETOF:
		bind_path(b, e);
		return true;
	case EXPR_IDENT:
		arg = bound(b, PARAM_EXPR, e->u.ident.name);
		if (arg && has_room(b->x, e->span))
			*e = *expr_clone(&b->c->arena, arg);
		return false; // the caller's expression keeps the caller's names
	default:
		return true;
	}
}

static bool substitute_stmt(void *ctx, struct stmt *s)
{
	const struct binding *b = ctx;

	move_stmt(b, s);
	if (s->kind == STMT_LET)
		s->u.let.name = local_name(b, s->u.let.name);
	else if (s->kind == STMT_FOR_RANGE || s->kind == STMT_FOR_MAP)
		s->u.iter.name = local_name(b, s->u.iter.name);
	return true;
}

static void substitute_expr(const struct binding *b, struct expr *e)
{
	struct ast_visitor v = {.expr = substitute_visit,
				.stmt = substitute_stmt,
				.type = substitute_type,
				.block = move_block,
				.ctx = (void *)b};

	expr_walk(e, &v);
}

// ---- choosing a definition -----------------------------------------------------------------

static bool is_macro_name(const struct ast *ast, const char *name)
{
	for (size_t i = 0; i < ast->macros.len; i++)
		if (strcmp(ast->macros.data[i]->name, name) == 0)
			return true;
	return false;
}

static bool arg_fits(const struct macro_param *p, const struct expr *arg)
{
	if (p->kind == PARAM_VAR)
		return arg->kind == EXPR_VAR;
	if (p->kind == PARAM_MAP)
		return arg->kind == EXPR_MAP && !arg->u.map.key;
	return true;
}

// The first argument that does not fit, or -1.
static int first_misfit(const struct macro *m, struct expr **args)
{
	for (size_t i = 0; i < m->params.len; i++)
		if (!arg_fits(&m->params.data[i], args[i]))
			return (int)i;
	return -1;
}

static const struct macro *choose(const struct ast *ast, const char *name, struct expr **args,
				  size_t n, const struct macro **closest)
{
	*closest = NULL;
	for (size_t i = 0; i < ast->macros.len; i++) {
		const struct macro *m = ast->macros.data[i];

		if (strcmp(m->name, name) != 0)
			continue;
		if (m->params.len == n && first_misfit(m, args) < 0)
			return m;
		if (!*closest || m->params.len == n)
			*closest = m;
	}
	return NULL;
}

static void report_misfit(struct compiler *c, struct expr *e, const struct macro *closest,
			  struct expr **args, size_t n)
{
	const struct macro_param *p;
	int i;

	if (closest->params.len != n) {
		diag_error(&c->diag, e->span, "macro-arguments",
			   "Call to %s() has arguments that do not match any definition.",
			   closest->name);
		diag_note(&c->diag, closest->span,
			  "The closest definition of %s() has a different number of arguments. "
			  "Expected: %zu but got %zu",
			  closest->name, closest->params.len, n);
		return;
	}
	i = first_misfit(closest, args);
	p = &closest->params.data[i];
	diag_error(&c->diag, args[i]->span, "macro-arguments",
		   "Mismatched arg. %s() expects a %s for arg %s%s but got an expression.",
		   closest->name, p->kind == PARAM_VAR ? "variable" : "map",
		   p->kind == PARAM_VAR ? "$" : "@", p->name);
	diag_note(&c->diag, p->span, "This is the argument in the closest definition.");
}

// ---- expansion -----------------------------------------------------------------------------

static const char *chain_text(struct compiler *c, const struct chain *chain, const char *last)
{
	const char *text = last;

	for (; chain; chain = chain->outer)
		text = arena_printf(&c->arena, "%s > %s", chain->macro->name, text);
	return text;
}

static bool is_recursive(struct expander *x, struct expr *e, const struct macro *m)
{
	for (const struct chain *c = x->chain; c; c = c->outer) {
		if (c->macro != m)
			continue;
		diag_error(&x->c->diag, e->span, "recursive-macro",
			   "Recursive macro call detected. Call chain: %s",
			   chain_text(x->c, x->chain, m->name));
		return true;
	}
	return false;
}

// Walkers recurse: what macros within macros put together is as deep as a script may be.
static bool is_shallow(struct expander *x, const struct macro *m, struct span at)
{
	if (x->depth + m->body->depth < AST_MAX_DEPTH)
		return true;
	x->full = true;
	diag_error(&x->c->diag, at, "too-deep", "macros within macros: nested more than %d levels deep",
		   AST_MAX_DEPTH);
	return false;
}

static void expand_call(struct expander *x, struct expr *e, const char *name, struct expr **args,
			size_t n)
{
	const struct macro *closest, *m = choose(&x->c->ast, name, args, n, &closest);
	struct chain link = {x->chain, m};
	struct binding b = {x, x->c, m, args, x->count++, 0};
	struct span span = e->span;
	struct expr *body;

	if (!m) {
		report_misfit(x->c, e, closest, args, n);
		*e = *expr_int(&x->c->arena, span, 0);
		return;
	}
	if (is_recursive(x, e, m) || !has_room(x, span) || !is_shallow(x, m, span)) {
		*e = *expr_int(&x->c->arena, span, 0);
		return;
	}
	b.shift = shift_for(x->c, m, span);
	body = expr_clone(&x->c->arena, m->body);
	substitute_expr(&b, body);
	x->chain = &link;
	x->depth += m->body->depth + 1;
	expand_expr(x, body);
	x->depth -= m->body->depth + 1;
	x->chain = link.outer;
	body->span = span; // messages about the value point at the call
	*e = *body;
}

static bool expand_visit(void *ctx, struct expr *e)
{
	struct expander *x = ctx;

	if (e->kind == EXPR_CALL && is_macro_name(&x->c->ast, e->u.call.name)) {
		for (size_t i = 0; i < e->u.call.args.len; i++)
			expand_expr(x, e->u.call.args.data[i]);
		expand_call(x, e, e->u.call.name, e->u.call.args.data, e->u.call.args.len);
		return false;
	}
	if (e->kind == EXPR_IDENT && is_macro_name(&x->c->ast, e->u.ident.name)) {
		expand_call(x, e, e->u.ident.name, NULL, 0);
		return false;
	}
	return true;
}

static void expand_expr(struct expander *x, struct expr *e)
{
	struct ast_visitor v = {.expr = expand_visit, .ctx = x};

	expr_walk(e, &v);
}

static void expand_block(struct expander *x, struct block *b)
{
	struct ast_visitor v = {.expr = expand_visit, .ctx = x};

	block_walk(b, &v);
}

// ---- definitions ---------------------------------------------------------------------------

// Two definitions that some call would fit both. An expression parameter takes anything.
static bool overlap(const struct macro *a, const struct macro *b)
{
	if (strcmp(a->name, b->name) != 0 || a->params.len != b->params.len)
		return false;
	for (size_t i = 0; i < a->params.len; i++) {
		int x = a->params.data[i].kind, y = b->params.data[i].kind;

		if (x != y && x != PARAM_EXPR && y != PARAM_EXPR)
			return false;
	}
	return true;
}

static void check_definitions(struct compiler *c)
{
	for (size_t i = 0; i < c->ast.macros.len; i++)
		for (size_t j = 0; j < i; j++) {
			const struct macro *m = c->ast.macros.data[i], *old = c->ast.macros.data[j];

			if (!overlap(old, m))
				continue;
			diag_error(&c->diag, m->span, "redefinition", "Redefinition of macro: %s",
				   m->name);
			diag_note(&c->diag, old->span, "This is the original definition.");
			break;
		}
}

struct jumps { // of a macro's body, or of a loop in it
	struct compiler *c;
	const char *place; // "macro", "for-loop" ...
	bool in_loop;
};

static bool refuse_jump(void *ctx, struct stmt *s);

static void refuse_loop_jumps(struct compiler *c, struct block *b, const char *place)
{
	struct jumps j = {c, place, true};
	struct ast_visitor v = {.stmt = refuse_jump, .ctx = &j};

	block_walk(b, &v);
}

// What would leave the probe, or a loop of the caller, has no place in a macro.
static bool refuse_jump(void *ctx, struct stmt *s)
{
	const struct jumps *j = ctx;
	const char *word = s->kind == STMT_RETURN     ? "return"
			   : s->kind == STMT_BREAK    ? "break"
			   : s->kind == STMT_CONTINUE ? "continue"
						      : NULL;

	if (s->kind == STMT_WHILE) {
		refuse_loop_jumps(j->c, s->u.loop.body, "while-loop");
		return false;
	}
	if (s->kind == STMT_FOR_RANGE || s->kind == STMT_FOR_MAP) {
		refuse_loop_jumps(j->c, s->u.iter.body, "for-loop");
		return false;
	}
	if (word && (s->kind == STMT_RETURN || !j->in_loop))
		diag_error(&j->c->diag, s->span, "jump-in-macro",
			   "'%s' statement is not allowed in a %s", word, j->place);
	return true;
}

static void refuse_macro_jumps(struct compiler *c, const struct macro *m)
{
	struct jumps j = {c, "macro", false};
	struct ast_visitor v = {.stmt = refuse_jump, .ctx = &j};

	expr_walk(m->body, &v);
}

bool sema_macros(struct compiler *c)
{
	size_t before = c->diag.error_count;
	struct expander x = {.c = c, .arena_start = c->arena.total};

	check_definitions(c);
	for (size_t i = 0; i < c->ast.macros.len; i++)
		refuse_macro_jumps(c, c->ast.macros.data[i]);
	if (c->ast.macros.len)
		for (size_t i = 0; i < c->ast.probes.len; i++) {
			struct probe *p = c->ast.probes.data[i];

			if (p->predicate)
				expand_expr(&x, p->predicate);
			expand_block(&x, p->body);
		}
	return c->diag.error_count == before;
}
