// build_stmt: the second half of build.c: statements, types as written, top-level items.
#include "parser/private.h"

#include <string.h>

// ---- statements --------------------------------------------------------------------------------

struct stmt *build_expr_stmt(struct parse *ps, struct expr *x)
{
	struct stmt *s = stmt_new(ps->arena, STMT_EXPR, x->span);

	s->u.expr = x;
	return stmt_done(ps, s);
}

// `;` belongs to a statement without operands of its own: messages point at all of it.
struct stmt *build_terminated(struct stmt *s, struct span semicolon)
{
	if (!s) // an import
		return NULL;
	if (s->kind == STMT_EXPR || s->kind == STMT_BREAK || s->kind == STMT_CONTINUE)
		s->span.end = semicolon.end;
	return s;
}

// What stands left of `=` but can't be assigned to.
static void refuse_target(struct parse *ps, struct span at, const struct expr *target)
{
	switch (target->kind) {
	case EXPR_FIELD:
	case EXPR_TUPLE_GET:
		diag_error(ps->diag, at, "bad-target",
			   "Tuples and records are immutable once created. Consider creating a "
			   "new value and assigning it instead.");
		break;
	case EXPR_IDENT:
		diag_error(ps->diag, target->span, "bad-target", "can't assign to '%s'",
			   target->u.ident.name);
		diag_hint(ps->diag, "variables begin with '$', maps with '@': $%s = ...",
			  target->u.ident.name);
		break;
	case EXPR_POSITIONAL:
		diag_error(ps->diag, target->span, "bad-target",
			   "can't assign to a positional parameter");
		break;
	default:
		diag_error(ps->diag, target->span, "bad-target",
			   "invalid assignment target: only variables and maps can be assigned to");
		break;
	}
}

struct stmt *build_assign(struct parse *ps, struct span at, struct expr *target, int op,
			  struct span op_at, struct expr *value)
{
	struct stmt *s = stmt_new(ps->arena, STMT_ASSIGN, at);

	if (op < 0 && target->kind == EXPR_IDENT && strcmp(target->u.ident.name, "_") == 0) {
		s->kind = STMT_DISCARD;
		s->u.expr = value;
		return stmt_done(ps, s);
	}
	if (target->kind != EXPR_VAR && target->kind != EXPR_MAP)
		refuse_target(ps, at, target);
	s->u.assign.target = target;
	s->u.assign.compound = op >= 0;
	if (op >= 0)
		s->u.assign.op = (enum binary_op)op;
	s->u.assign.operation.begin = op_at.begin;
	s->u.assign.operation.end = at.end;
	s->u.assign.value = value;
	return stmt_done(ps, s);
}

struct stmt *build_let(struct parse *ps, struct span at, struct span name, struct type_expr *type,
		       struct expr *value)
{
	struct stmt *s = stmt_new(ps->arena, STMT_LET, at);

	s->u.let.name = span_string(ps, name, 1);
	s->u.let.declared = (struct span){at.begin, name.end};
	s->u.let.type = type;
	s->u.let.value = value;
	return stmt_done(ps, s);
}

// `if (x = 1)` reads as a record with one field.
static void check_condition(struct parse *ps, const struct expr *cond)
{
	if (cond->kind != EXPR_RECORD)
		return;
	diag_error(ps->diag, cond->span, "syntax", "syntax: a record can't be a condition");
	diag_hint(ps->diag, "'=' assigns and is a statement; '==' compares");
}

struct stmt *build_branch(struct parse *ps, struct span at, struct expr *cond, struct block *yes,
			  struct stmt *no)
{
	struct stmt *s = stmt_new(ps->arena, STMT_IF, at);

	check_condition(ps, cond);
	s->u.branch.cond = cond;
	s->u.branch.yes = yes;
	s->u.branch.no = no;
	return stmt_done(ps, s);
}

struct stmt *build_loop(struct parse *ps, struct span at, enum stmt_kind kind, struct expr *cond,
			struct block *body)
{
	struct stmt *s = stmt_new(ps->arena, kind, at);

	check_condition(ps, cond);
	if (kind == STMT_UNROLL) {
		s->u.unroll.count = cond;
		s->u.unroll.body = body;
	} else {
		s->u.loop.cond = cond;
		s->u.loop.body = body;
	}
	return stmt_done(ps, s);
}

struct stmt *build_for(struct parse *ps, struct span at, struct span name, struct expr *from,
		       struct expr *to, struct block *body)
{
	struct stmt *s = stmt_new(ps->arena, to ? STMT_FOR_RANGE : STMT_FOR_MAP, at);

	if (!to && (from->kind != EXPR_MAP || from->u.map.key)) {
		diag_error(ps->diag, from->span, "syntax",
			   "syntax: expected map or range in for loop");
		diag_hint(ps->diag, "for $kv : @map { } or for $i : 0..10 { }");
	}
	s->u.iter.name = span_string(ps, name, 1);
	s->u.iter.name_span = name;
	s->u.iter.from = to ? from : NULL;
	s->u.iter.to = to;
	s->u.iter.map = to ? NULL : from;
	s->u.iter.body = body;
	return stmt_done(ps, s);
}

struct stmt *build_return(struct parse *ps, struct span at, struct expr *value)
{
	struct stmt *s = stmt_new(ps->arena, STMT_RETURN, at);

	s->u.expr = value;
	return stmt_done(ps, s);
}

struct stmt *build_block_stmt(struct parse *ps, struct span at, enum stmt_kind kind,
			      struct block *b)
{
	struct stmt *s = stmt_new(ps->arena, kind, at);

	s->u.block = b;
	return stmt_done(ps, s);
}

// An import inside a body is an import all the same: it leaves no statement.
struct stmt *build_import_stmt(struct parse *ps, struct span at, struct span path)
{
	add_import(ps, at, path);
	return NULL;
}

// ---- blocks ------------------------------------------------------------------------------------

struct block *block_start(struct parse *ps)
{
	return arena_new(ps->arena, struct block);
}

void block_add(struct parse *ps, struct block *b, struct stmt *s)
{
	if (s)
		arena_push(ps->arena, &b->stmts, s);
}

static bool may_be_value(const struct stmt *s)
{
	return s->kind == STMT_EXPR || s->kind == STMT_IF || s->kind == STMT_BLOCK;
}

// `last` is the statement before the closing brace that had no semicolon, NULL if there
// was none; then an `if` or a block, which never have one, may still be the block's value.
struct block *block_finish(struct parse *ps, struct block *b, struct stmt *last, struct span at)
{
	const struct stmt *end;

	block_add(ps, b, last);
	b->span = at;
	end = b->stmts.len ? b->stmts.data[b->stmts.len - 1] : NULL;
	b->open_end = end && may_be_value(end) && (last ? end == last : end->kind != STMT_EXPR);
	for (size_t i = 0; i < b->stmts.len; i++) {
		if (b->depth <= b->stmts.data[i]->depth)
			b->depth = b->stmts.data[i]->depth + 1;
	}
	return b;
}

// ---- types -------------------------------------------------------------------------------------

struct type_expr *build_type(struct parse *ps, struct span at, enum type_expr_kind kind,
			     struct span name)
{
	struct type_expr *t = arena_new(ps->arena, struct type_expr);

	t->kind = kind;
	t->span = at;
	t->name = span_string(ps, name, 0);
	return t;
}

struct type_expr *build_type_of(struct parse *ps, struct span at, enum type_expr_kind kind,
				struct type_expr *elem, struct expr *x)
{
	struct type_expr *t = arena_new(ps->arena, struct type_expr);

	t->kind = kind;
	t->span = at;
	t->elem = elem;
	t->expr = x;
	return type_done(ps, t);
}

struct type_expr *build_tuple_type(struct parse *ps, struct span at, struct type_list *members)
{
	struct type_expr *t = arena_new(ps->arena, struct type_expr);

	t->kind = TYPE_EXPR_TUPLE;
	t->span = at;
	for (size_t i = 0; i < members->items.len; i++)
		arena_push(ps->arena, &t->members, members->items.data[i]);
	return type_done(ps, t);
}

// ---- top level ---------------------------------------------------------------------------------

// A script has its sections in this order.
static void enter_section(struct parse *ps, enum section section, struct span at)
{
	static const char *const names[] = {
	    [SECTION_C] = "C definitions",
	    [SECTION_CONFIG] = "config",
	    [SECTION_IMPORTS] = "root imports",
	};
	enum section last = section == SECTION_C ? SECTION_C : SECTION_IMPORTS;

	if (ps->section > last)
		diag_error(ps->diag, at, "section-order",
			   "syntax: %s must appear before probes and functions", names[section]);
	else if (ps->section < section)
		ps->section = section;
}

void enter_config(struct parse *ps, struct span word)
{
	if (ps->ast->config_blocks.len)
		diag_error(ps->diag, word, "section-order", "syntax: duplicate config block");
	else
		enter_section(ps, SECTION_CONFIG, word);
}

void add_c_item(struct parse *ps, struct span at)
{
	struct source_text t = span_text(ps, at);
	struct c_item item = {at, NULL};

	// `#!/usr/bin/env mtrace` is for the kernel, not for us.
	if (t.len > 1 && t.data[0] == '#' && t.data[1] == '!')
		return;
	enter_section(ps, SECTION_C, at);
	item.text = span_string(ps, at, 0);
	arena_push(ps->arena, &ps->ast->c_items, item);
}

void add_config(struct parse *ps, struct span at, struct span name, struct expr *value)
{
	struct config_item item = {at, span_string(ps, name, 0), name, value};

	arena_push(ps->arena, &ps->ast->config, item);
}

void add_import(struct parse *ps, struct span at, struct span path)
{
	struct import_item item = {at, span_literal(ps, path)};
	struct span word = {at.begin, at.begin + strlen("import")};

	enter_section(ps, SECTION_IMPORTS, word);
	arena_push(ps->arena, &ps->ast->imports, item);
}

void add_map_decl(struct parse *ps, struct span at, struct span name, struct span kind,
		  struct expr *max_entries)
{
	struct map_decl decl = {at, span_string(ps, name, 1), span_string(ps, kind, 0), kind,
				max_entries};

	ps->section = SECTION_REST;
	arena_push(ps->arena, &ps->ast->map_decls, decl);
}

void add_macro_param(struct parse *ps, struct macro_list *list, struct span at, int kind)
{
	struct macro_param p = {.span = at, .kind = kind};

	p.name = span_string(ps, at, kind == PARAM_EXPR ? 0 : 1);
	arena_push(ps->arena, &list->items, p);
}

void add_macro(struct parse *ps, struct span at, struct span name, struct macro_list *params,
	       struct block *body)
{
	struct macro *m = arena_new(ps->arena, struct macro);

	ps->section = SECTION_REST;
	m->span = at;
	m->name = span_string(ps, name, 0);
	for (size_t i = 0; i < params->items.len; i++)
		arena_push(ps->arena, &m->params, params->items.data[i]);
	m->body = build_block_expr(ps, body);
	arena_push(ps->arena, &ps->ast->macros, m);
}

void add_subprog_param(struct parse *ps, struct param_list *list, struct span at, struct span name,
		       struct type_expr *type)
{
	struct subprog_param p = {at, span_string(ps, name, 1), type};

	arena_push(ps->arena, &list->items, p);
}

void add_subprog(struct parse *ps, struct span at, struct span name, struct param_list *params,
		 struct type_expr *returns, struct block *body)
{
	struct subprog *f = arena_new(ps->arena, struct subprog);

	ps->section = SECTION_REST;
	f->span = at;
	f->name = span_string(ps, name, 0);
	for (size_t i = 0; i < params->items.len; i++)
		arena_push(ps->arena, &f->params, params->items.data[i]);
	f->returns = returns;
	f->body = body;
	arena_push(ps->arena, &ps->ast->subprogs, f);
}

void add_probe(struct parse *ps, struct span at, struct point_list *points, struct expr *predicate,
	       struct block *body)
{
	struct probe *p = arena_new(ps->arena, struct probe);
	struct source_text t = span_text(ps, body->span);

	ps->section = SECTION_REST;
	p->span = at;
	p->name = points->name;
	for (size_t i = 0; i < points->points.len; i++)
		arena_push(ps->arena, &p->points, points->points.data[i]);
	p->predicate = predicate;
	p->body = body;
	p->angle = t.len && t.data[0] == '<';
	arena_push(ps->arena, &ps->ast->probes, p);
}
