// parse: ties lexer and grammar together behind parser.h.
#include "parser/parser.h"

#include "grammar.h"
#include "parser/private.h"

bool parse_source(struct arena *a, const struct source *src, struct diag *d, struct ast *ast)
{
	struct parse *ps = arena_new(a, struct parse);
	size_t errors = d->error_count;

	ps->arena = a;
	ps->src = src;
	ps->diag = d;
	ps->ast = ast;
	lexer_init(&ps->lexer, a, src, d);
	grammar_parse(ps);
	lexer_release(&ps->lexer);
	return d->error_count == errors;
}

struct attach_point *parse_attach_point(struct arena *a, const struct source *src, struct diag *d)
{
	struct parse *ps = arena_new(a, struct parse);
	struct point_list list = {0};
	struct span span = {src->base, src->base + (uint32_t)src->len};

	ps->arena = a;
	ps->src = src;
	ps->diag = d;
	point_add(ps, &list, span);
	return list.points.len ? list.points.data[0] : NULL;
}
