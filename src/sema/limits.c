// limits: what enters is the parsed script with its macros expanded, what leaves is the same or
// one error for each kind of thing that the script has too many of. The stages behind compare
// names pairwise and make a program or a map of the kernel for each: they count on small numbers.
// What a wildcard matches is not counted here, but by config max_probes.
#include "base/str.h"
#include "sema/sema.h"

#define MAX_POINTS 4096	  // attach points as written, of all probes
#define MAX_MAPS 4096	  // names
#define MAX_STATEMENTS 16384 // of all probes and functions, macros expanded
#define MAX_ELEMENTS 1024 // of a tuple, record or argument list

struct counter {
	struct compiler *c;
	struct intern maps;
	size_t statements;
	bool maps_refused, elements_refused;
};

static void refuse(struct compiler *c, struct span at, const char *what, unsigned most,
		   const char *hint)
{
	diag_error(&c->diag, at, "too-many", "more than %u %s", most, what);
	diag_hint(&c->diag, "%s", hint);
}

static void count_map(struct counter *n, const struct expr *e)
{
	if (n->maps_refused || intern_id(&n->maps, e->u.map.name) < MAX_MAPS)
		return;
	n->maps_refused = true;
	refuse(n->c, e->span, "maps", MAX_MAPS, "one map holds many values by key: @name[key]");
}

static void count_elements(struct counter *n, const struct expr *e, size_t len)
{
	if (n->elements_refused || len <= MAX_ELEMENTS)
		return;
	n->elements_refused = true;
	refuse(n->c, e->span, "elements in one list", MAX_ELEMENTS,
	       "keep them in a map, or in several tuples");
}

static bool count_expr(void *ctx, struct expr *e)
{
	struct counter *n = ctx;

	if (e->kind == EXPR_MAP)
		count_map(n, e);
	else if (e->kind == EXPR_TUPLE)
		count_elements(n, e, e->u.tuple.items.len);
	else if (e->kind == EXPR_RECORD)
		count_elements(n, e, e->u.record.items.len);
	else if (e->kind == EXPR_CALL)
		count_elements(n, e, e->u.call.args.len);
	return true;
}

static bool count_stmt(void *ctx, struct stmt *s)
{
	struct counter *n = ctx;

	if (n->statements++ == MAX_STATEMENTS)
		refuse(n->c, s->span, "statements", MAX_STATEMENTS,
		       "a loop repeats statements; several scripts can run beside each other");
	return true;
}

static void count_probes(struct compiler *c)
{
	size_t points = 0;

	for (size_t i = 0; i < c->ast.probes.len; i++) {
		const struct probe *p = c->ast.probes.data[i];

		points += p->points.len;
		if (points <= MAX_POINTS)
			continue;
		refuse(c, p->points.data[p->points.len - (points - MAX_POINTS)]->span,
		       "attach points", MAX_POINTS, "a wildcard names many at once");
		return;
	}
}

bool sema_limits(struct compiler *c)
{
	size_t before = c->diag.error_count;
	struct counter n = {.c = c};
	struct ast_visitor v = {.expr = count_expr, .stmt = count_stmt, .ctx = &n};

	count_probes(c);
	for (size_t i = 0; i < c->ast.probes.len; i++) {
		struct probe *p = c->ast.probes.data[i];

		if (p->predicate)
			expr_walk(p->predicate, &v);
		block_walk(p->body, &v);
	}
	for (size_t i = 0; i < c->ast.subprogs.len; i++)
		block_walk(c->ast.subprogs.data[i]->body, &v);
	intern_release(&n.maps);
	return c->diag.error_count == before;
}
