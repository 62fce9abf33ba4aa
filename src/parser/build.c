// build: what the grammar recognised comes in, nodes of the tree leave. Refuses here what
// is grammatical but can never mean anything, so that later stages need not ask: wrong
// targets of assignments and increments, removed builtins, too deep trees.
#include "parser/private.h"

#include <ctype.h>
#include <string.h>

// ---- text ------------------------------------------------------------------------------------

struct source_text span_text(const struct parse *ps, struct span span)
{
	struct source_text t = {ps->src->text + (span.begin - ps->src->base),
				span.end - span.begin};

	return t;
}

char *span_string(struct parse *ps, struct span span, size_t skip)
{
	struct source_text t = span_text(ps, span);

	return arena_strndup(ps->arena, t.data + skip, t.len - skip);
}

char *span_literal(struct parse *ps, struct span span)
{
	struct expr e = {.kind = EXPR_STRING, .span = span};

	literal_string(ps, &e);
	return arena_strdup(ps->arena, e.u.string.data);
}

// ---- depth -----------------------------------------------------------------------------------

static void deepen(unsigned *depth, unsigned child)
{
	if (*depth <= child)
		*depth = child + 1;
}

static bool see_expr(void *ctx, struct expr *e)
{
	deepen(ctx, e->depth);
	return false; // children only
}

static bool see_stmt(void *ctx, struct stmt *s)
{
	deepen(ctx, s->depth);
	return false;
}

static bool check_depth(struct parse *ps, struct span at, unsigned depth)
{
	if (depth < AST_MAX_DEPTH)
		return true;
	if (!ps->lexer.too_deep)
		diag_error(ps->diag, at, "too-deep", "nested more than %d levels deep",
			   AST_MAX_DEPTH);
	ps->lexer.too_deep = true;
	lexer_stop(&ps->lexer);
	return false;
}

// The deepest child of a node, found by walking one level.
struct depth_walk {
	struct expr *root_expr;
	struct stmt *root_stmt;
	unsigned depth;
};

static bool below_expr(void *ctx, struct expr *e)
{
	struct depth_walk *w = ctx;

	return e == w->root_expr || see_expr(&w->depth, e);
}

static bool below_stmt(void *ctx, struct stmt *s)
{
	struct depth_walk *w = ctx;

	return s == w->root_stmt || see_stmt(&w->depth, s);
}

struct expr *expr_done(struct parse *ps, struct expr *e)
{
	struct depth_walk w = {.root_expr = e};
	struct ast_visitor v = {.expr = below_expr, .stmt = below_stmt, .ctx = &w};

	expr_walk(e, &v);
	e->depth = w.depth;
	if (e->kind == EXPR_CAST && e->u.cast.to)
		deepen(&e->depth, e->u.cast.to->depth);
	if (check_depth(ps, e->span, e->depth))
		return e;
	return expr_int(ps->arena, e->span, 0);
}

struct stmt *stmt_done(struct parse *ps, struct stmt *s)
{
	struct depth_walk w = {.root_stmt = s};
	struct ast_visitor v = {.expr = below_expr, .stmt = below_stmt, .ctx = &w};
	struct block b = {.stmts = {&s, 1, 1}};

	block_walk(&b, &v);
	s->depth = w.depth;
	if (check_depth(ps, s->span, s->depth))
		return s;
	return stmt_new(ps->arena, STMT_BREAK, s->span);
}

struct type_expr *type_done(struct parse *ps, struct type_expr *t)
{
	if (t->elem)
		deepen(&t->depth, t->elem->depth);
	if (t->expr)
		deepen(&t->depth, t->expr->depth);
	for (size_t i = 0; i < t->members.len; i++)
		deepen(&t->depth, t->members.data[i]->depth);
	if (!check_depth(ps, t->span, t->depth)) {
		t->elem = NULL;
		t->expr = NULL;
		t->members.len = 0;
		t->kind = TYPE_EXPR_NAME;
		t->name = "void";
	}
	return t;
}

// ---- leaves ----------------------------------------------------------------------------------

struct expr *build_int(struct parse *ps, struct span at)
{
	struct expr *e = expr_new(ps->arena, EXPR_INT, at);

	literal_int(ps, e);
	return e;
}

struct expr *build_string(struct parse *ps, struct span at)
{
	struct expr *e = expr_new(ps->arena, EXPR_STRING, at);

	literal_string(ps, e);
	return e;
}

struct expr *build_bool(struct parse *ps, struct span at, bool value)
{
	struct expr *e = expr_new(ps->arena, EXPR_BOOL, at);

	e->u.boolean = value;
	return e;
}

struct expr *build_param(struct parse *ps, struct span at)
{
	struct expr *e = expr_new(ps->arena, EXPR_POSITIONAL, at);
	struct source_text t = span_text(ps, at);
	unsigned index = 0;

	if (t.data[1] == '#') {
		e->u.positional.is_count = true;
		return e;
	}
	for (size_t i = 1; i < t.len && index < 1000000; i++)
		index = index * 10 + (unsigned)(t.data[i] - '0');
	if (index == 0 || index >= 1000000) {
		diag_error(ps->diag, at, "syntax", "syntax: param %.*s is out of range [1, 999999]",
			   t.len > 40 ? 40 : (int)t.len, t.data);
		diag_hint(ps->diag, "parameters are $1, $2, ...; $# is their number");
	}
	e->u.positional.index = index;
	return e;
}

static bool is_removed_builtin(const char *name)
{
	if (strncmp(name, "sarg", 4) != 0 || !name[4])
		return false;
	for (name += 4; isdigit((unsigned char)*name); name++)
		;
	return !*name;
}

struct expr *build_ident(struct parse *ps, struct span at)
{
	struct expr *e = expr_new(ps->arena, EXPR_IDENT, at);
	char *name = span_string(ps, at, 0);

	e->u.ident.name = name;
	if (is_removed_builtin(name)) {
		diag_error(ps->diag, at, "removed", "%s is gone: stack arguments have no builtin",
			   name);
		diag_hint(ps->diag, "use *(reg(\"sp\") + <stack_offset>) instead");
	}
	// In a config block true and false are names like all others.
	if (strcmp(name, "true") == 0 || strcmp(name, "false") == 0)
		return build_bool(ps, at, name[0] == 't');
	return e;
}

struct expr *build_var(struct parse *ps, struct span at)
{
	struct expr *e = expr_new(ps->arena, EXPR_VAR, at);

	e->u.var.name = span_string(ps, at, 1);
	return e;
}

// ---- composed expressions --------------------------------------------------------------------

struct expr *build_map(struct parse *ps, struct span at, struct span name, struct expr_list *keys)
{
	struct expr *e = expr_new(ps->arena, EXPR_MAP, at);

	e->u.map.name = span_string(ps, name, 1);
	if (keys && keys->items.len == 1)
		e->u.map.key = keys->items.data[0];
	else if (keys)
		e->u.map.key = build_tuple(ps,
					   span_join(keys->items.data[0]->span,
						     keys->items.data[keys->items.len - 1]->span),
					   keys);
	return expr_done(ps, e);
}

struct expr *build_call(struct parse *ps, struct span at, struct span name, struct expr_list *args)
{
	struct expr *e = expr_new(ps->arena, EXPR_CALL, at);

	e->u.call.name = span_string(ps, name, 0);
	e->u.call.name_span = name;
	e->u.call.args = args->items;
	return expr_done(ps, e);
}

struct expr *build_unary(struct parse *ps, struct span at, enum unary_op op, struct expr *x)
{
	struct expr *e = expr_new(ps->arena, EXPR_UNARY, at);

	if (op == UNARY_ADDROF && x->kind != EXPR_VAR && x->kind != EXPR_MAP)
		diag_error(ps->diag, at, "address-of",
			   "address-of operator (&) can only be used on a map or variable");
	e->u.unary.op = op;
	e->u.unary.operand = x;
	return expr_done(ps, e);
}

struct expr *build_incdec(struct parse *ps, struct span at, bool prefix, bool decrement,
			  struct expr *x)
{
	struct expr *e = expr_new(ps->arena, EXPR_INCDEC, at);

	if (x->kind != EXPR_VAR && x->kind != EXPR_MAP) {
		diag_error(ps->diag, x->span, "bad-target",
			   "increment/decrement requires a variable or map");
		if (x->kind == EXPR_IDENT)
			diag_hint(ps->diag, "variables begin with '$', maps with '@': $%s",
				  x->u.ident.name);
	}
	e->u.incdec.is_prefix = prefix;
	e->u.incdec.is_decrement = decrement;
	e->u.incdec.target = x;
	return expr_done(ps, e);
}

struct expr *build_binary(struct parse *ps, struct span op_at, enum binary_op op, struct expr *left,
			  struct expr *right)
{
	struct expr *e = expr_new(ps->arena, EXPR_BINARY, span_join(left->span, right->span));

	e->u.binary.op = op;
	e->u.binary.op_span = op_at;
	e->u.binary.left = left;
	e->u.binary.right = right;
	return expr_done(ps, e);
}

struct expr *build_ternary(struct parse *ps, struct expr *cond, struct expr *yes, struct expr *no)
{
	struct expr *e = expr_new(ps->arena, EXPR_TERNARY, span_join(cond->span, no->span));

	e->u.ternary.cond = cond;
	e->u.ternary.yes = yes;
	e->u.ternary.no = no;
	return expr_done(ps, e);
}

struct expr *build_cast(struct parse *ps, struct span at, struct type_expr *to, struct expr *x)
{
	struct expr *e = expr_new(ps->arena, EXPR_CAST, at);

	e->u.cast.to = to;
	e->u.cast.operand = x;
	return expr_done(ps, e);
}

struct expr *build_field(struct parse *ps, struct expr *object, struct span name, bool arrow)
{
	struct expr *e = expr_new(ps->arena, EXPR_FIELD, span_join(object->span, name));

	e->u.field.object = object;
	e->u.field.name = span_string(ps, name, 0);
	e->u.field.name_span = name;
	e->u.field.arrow = arrow;
	return expr_done(ps, e);
}

struct expr *build_tuple_get(struct parse *ps, struct expr *object, struct span index)
{
	struct expr *e = expr_new(ps->arena, EXPR_TUPLE_GET, span_join(object->span, index));
	struct expr *number = build_int(ps, index);

	if (object->kind == EXPR_INT) {
		diag_error(ps->diag, e->span, "syntax",
			   "syntax: there are no floating point numbers");
		diag_hint(ps->diag, "scale to integers: 1500 instead of 1.5, 5ms instead of 0.005");
	}
	if (number->u.integer.value > 65535)
		diag_error(ps->diag, index, "integer", "tuple index is out of range");
	e->u.tuple_get.object = object;
	e->u.tuple_get.index = (unsigned)number->u.integer.value;
	return expr_done(ps, e);
}

struct expr *build_index(struct parse *ps, struct span at, struct expr *object, struct expr *index)
{
	struct expr *e = expr_new(ps->arena, EXPR_INDEX, at);

	e->u.index.object = object;
	e->u.index.index = index;
	return expr_done(ps, e);
}

struct expr *build_parens(struct parse *ps, struct span at, struct expr *x)
{
	// The span grows with the parentheses, so that spans of operators around it join up.
	x->parens = true;
	x->span = at;
	return x;
}

struct expr_list *prepend_arg(struct parse *ps, struct expr *first, struct expr_list *rest)
{
	arena_push(ps->arena, &rest->items, NULL);
	memmove(rest->items.data + 1, rest->items.data,
		(rest->items.len - 1) * sizeof(rest->items.data[0]));
	rest->items.data[0] = first;
	return rest;
}

struct expr *build_tuple(struct parse *ps, struct span at, struct expr_list *items)
{
	struct expr *e = expr_new(ps->arena, EXPR_TUPLE, at);

	e->u.tuple.items = items->items;
	return expr_done(ps, e);
}

void add_record_item(struct parse *ps, struct record_list *list, struct span name,
		     struct expr *value)
{
	struct field_init item = {span_string(ps, name, 0), name, value};

	for (size_t i = 0; i < list->items.len && list->items.len < 256; i++) {
		if (strcmp(list->items.data[i].name, item.name) == 0) {
			diag_error(ps->diag, name, "duplicate-field",
				   "the record already has a field '%s'", item.name);
			diag_note(ps->diag, list->items.data[i].span, "first here");
		}
	}
	arena_push(ps->arena, &list->items, item);
}

struct expr *build_record(struct parse *ps, struct span at, struct record_list *items)
{
	struct expr *e = expr_new(ps->arena, EXPR_RECORD, at);

	for (size_t i = 0; i < items->items.len; i++)
		arena_push(ps->arena, &e->u.record.items, items->items.data[i]);
	return expr_done(ps, e);
}

struct expr *build_type_query(struct parse *ps, struct span at, enum expr_kind kind,
			      struct type_expr *type, struct expr *x, struct path_list *path)
{
	struct expr *e = expr_new(ps->arena, kind, at);

	e->u.type_query.of_type = type;
	e->u.type_query.of_expr = x;
	for (size_t i = 0; path && i < path->items.len; i++)
		arena_push(ps->arena, &e->u.type_query.path, path->items.data[i]);
	e = expr_done(ps, e);
	if (type)
		deepen(&e->depth, type->depth);
	return e;
}

struct expr *build_comptime(struct parse *ps, struct span at, struct expr *x)
{
	struct expr *e = expr_new(ps->arena, EXPR_COMPTIME, at);

	e->u.comptime.operand = x;
	return expr_done(ps, e);
}

// ---- blocks as values --------------------------------------------------------------------------

// The value of a block is its last statement, if that had no semicolon. An `if` or a block
// at the end is parsed as a statement first and becomes a value here.
static struct expr *take_value(struct parse *ps, struct block *b)
{
	struct stmt *last = b->stmts.len ? b->stmts.data[b->stmts.len - 1] : NULL;
	struct expr *value = NULL;

	if (!last || !b->open_end)
		return NULL;
	if (last->kind == STMT_EXPR)
		value = last->u.expr;
	else if (last->kind == STMT_IF && !last->u.branch.comptime)
		value = build_if_expr(ps, last);
	else if (last->kind == STMT_BLOCK)
		value = build_block_expr(ps, last->u.block);
	if (value) {
		b->stmts.len--;
		b->open_end = false;
	}
	return value;
}

struct expr *build_block_expr(struct parse *ps, struct block *b)
{
	struct expr *e = expr_new(ps->arena, EXPR_BLOCK, b->span);

	e->u.block.value = take_value(ps, b);
	e->u.block.block = b;
	return expr_done(ps, e);
}

struct expr *build_if_expr(struct parse *ps, struct stmt *s)
{
	struct expr *e = expr_new(ps->arena, EXPR_IF, s->span);
	struct stmt *no = s->u.branch.no;

	e->u.branch.cond = s->u.branch.cond;
	e->u.branch.yes = build_block_expr(ps, s->u.branch.yes);
	if (no && no->kind == STMT_IF)
		e->u.branch.no = build_if_expr(ps, no);
	else if (no)
		e->u.branch.no = build_block_expr(ps, no->u.block);
	return expr_done(ps, e);
}
