// ast: making, copying and walking trees. Knows the shape of every node, nothing of what
// it means. Recursion is bounded by AST_MAX_DEPTH, which the parser enforces.
#include "parser/ast.h"

static const char *const unary_texts[] = {
    [UNARY_NEG] = "-",	 [UNARY_NOT] = "!",    [UNARY_BITNOT] = "~",
    [UNARY_DEREF] = "*", [UNARY_ADDROF] = "&",
};

static const char *const binary_texts[] = {
    [BIN_ADD] = "+", [BIN_SUB] = "-",	[BIN_MUL] = "*",  [BIN_DIV] = "/",  [BIN_MOD] = "%",
    [BIN_AND] = "&", [BIN_OR] = "|",	[BIN_XOR] = "^",  [BIN_SHL] = "<<", [BIN_SHR] = ">>",
    [BIN_EQ] = "==", [BIN_NE] = "!=",	[BIN_LT] = "<",	  [BIN_LE] = "<=",  [BIN_GT] = ">",
    [BIN_GE] = ">=", [BIN_LAND] = "&&", [BIN_LOR] = "||",
};
_Static_assert(sizeof(binary_texts) / sizeof(binary_texts[0]) == BIN_OP_COUNT, "one per op");

const char *unary_op_text(enum unary_op op)
{
	return unary_texts[op];
}

const char *binary_op_text(enum binary_op op)
{
	return binary_texts[op];
}

struct expr *expr_new(struct arena *a, enum expr_kind kind, struct span span)
{
	struct expr *e = arena_new(a, struct expr);

	e->kind = kind;
	e->span = span;
	if (kind == EXPR_IDENT)
		e->u.ident.builtin = -1;
	if (kind == EXPR_CALL)
		e->u.call.func = -1;
	return e;
}

struct stmt *stmt_new(struct arena *a, enum stmt_kind kind, struct span span)
{
	struct stmt *s = arena_new(a, struct stmt);

	s->kind = kind;
	s->span = span;
	return s;
}

struct expr *expr_int(struct arena *a, struct span span, uint64_t value)
{
	struct expr *e = expr_new(a, EXPR_INT, span);

	e->u.integer.value = value;
	e->u.integer.text = arena_printf(a, "%llu", (unsigned long long)value);
	return e;
}

// ---- copies ------------------------------------------------------------------------------

static expr_vec clone_vec(struct arena *a, const expr_vec *from)
{
	expr_vec to = {0};

	for (size_t i = 0; i < from->len; i++)
		arena_push(a, &to, expr_clone(a, from->data[i]));
	return to;
}

static struct type_expr *type_clone(struct arena *a, const struct type_expr *t)
{
	struct type_expr *c;

	if (!t)
		return NULL;
	c = arena_new(a, struct type_expr);
	*c = *t;
	c->elem = type_clone(a, t->elem);
	c->expr = expr_clone(a, t->expr);
	c->members.data = NULL;
	c->members.len = c->members.cap = 0;
	for (size_t i = 0; i < t->members.len; i++)
		arena_push(a, &c->members, type_clone(a, t->members.data[i]));
	return c;
}

static void clone_record(struct arena *a, struct expr *c, const struct expr *e)
{
	c->u.record.items.data = NULL;
	c->u.record.items.len = c->u.record.items.cap = 0;
	for (size_t i = 0; i < e->u.record.items.len; i++) {
		struct field_init item = e->u.record.items.data[i];

		item.value = expr_clone(a, item.value);
		arena_push(a, &c->u.record.items, item);
	}
}

// Everything below c, which is a bitwise copy of e.
static void clone_parts(struct arena *a, struct expr *c, const struct expr *e)
{
	switch (e->kind) {
	case EXPR_INT:
	case EXPR_STRING:
	case EXPR_BOOL:
	case EXPR_POSITIONAL:
	case EXPR_KIND_COUNT:
		break;
	case EXPR_IDENT:
		c->u.ident.builtin = -1;
		break;
	case EXPR_VAR:
		c->u.var.var = NULL;
		break;
	case EXPR_MAP:
		c->u.map.key = expr_clone(a, e->u.map.key);
		c->u.map.map = NULL;
		c->u.map.whole = false;
		break;
	case EXPR_CALL:
		c->u.call.args = clone_vec(a, &e->u.call.args);
		c->u.call.func = -1;
		c->u.call.event = NULL;
		break;
	case EXPR_UNARY:
		c->u.unary.operand = expr_clone(a, e->u.unary.operand);
		break;
	case EXPR_INCDEC:
		c->u.incdec.target = expr_clone(a, e->u.incdec.target);
		break;
	case EXPR_BINARY:
		c->u.binary.left = expr_clone(a, e->u.binary.left);
		c->u.binary.right = expr_clone(a, e->u.binary.right);
		break;
	case EXPR_TERNARY:
		c->u.ternary.cond = expr_clone(a, e->u.ternary.cond);
		c->u.ternary.yes = expr_clone(a, e->u.ternary.yes);
		c->u.ternary.no = expr_clone(a, e->u.ternary.no);
		break;
	case EXPR_CAST:
		c->u.cast.to = type_clone(a, e->u.cast.to);
		c->u.cast.operand = expr_clone(a, e->u.cast.operand);
		break;
	case EXPR_FIELD:
		c->u.field.object = expr_clone(a, e->u.field.object);
		break;
	case EXPR_TUPLE_GET:
		c->u.tuple_get.object = expr_clone(a, e->u.tuple_get.object);
		break;
	case EXPR_INDEX:
		c->u.index.object = expr_clone(a, e->u.index.object);
		c->u.index.index = expr_clone(a, e->u.index.index);
		break;
	case EXPR_TUPLE:
		c->u.tuple.items = clone_vec(a, &e->u.tuple.items);
		break;
	case EXPR_RECORD:
		clone_record(a, c, e);
		break;
	case EXPR_SIZEOF:
	case EXPR_OFFSETOF:
	case EXPR_TYPEINFO:
	case EXPR_TYPE:
		c->u.type_query.of_type = type_clone(a, e->u.type_query.of_type);
		c->u.type_query.of_expr = expr_clone(a, e->u.type_query.of_expr);
		break; // the path is never changed
	case EXPR_BLOCK:
		c->u.block.block = block_clone(a, e->u.block.block);
		c->u.block.value = expr_clone(a, e->u.block.value);
		break;
	case EXPR_IF:
		c->u.branch.cond = expr_clone(a, e->u.branch.cond);
		c->u.branch.yes = expr_clone(a, e->u.branch.yes);
		c->u.branch.no = expr_clone(a, e->u.branch.no);
		break;
	case EXPR_COMPTIME:
		c->u.comptime.operand = expr_clone(a, e->u.comptime.operand);
		break;
	}
}

const char *expr_name(const struct expr *e)
{
	return e->kind == EXPR_IDENT ? e->u.ident.name : e->kind == EXPR_CALL ? e->u.call.name : "";
}

struct expr *expr_root(struct expr *e)
{
	for (;;) {
		switch (e->kind) {
		case EXPR_FIELD:
			e = e->u.field.object;
			break;
		case EXPR_INDEX:
			e = e->u.index.object;
			break;
		case EXPR_UNARY:
			e = e->u.unary.operand;
			break;
		case EXPR_CAST:
			e = e->u.cast.operand;
			break;
		default:
			return e;
		}
	}
}

struct expr *expr_clone(struct arena *a, const struct expr *e)
{
	struct expr *c;

	if (!e)
		return NULL;
	c = arena_new(a, struct expr);
	*c = *e;
	c->type = NULL;
	clone_parts(a, c, e);
	return c;
}

static void clone_iter(struct arena *a, struct stmt *c, const struct stmt *s)
{
	c->u.iter.from = expr_clone(a, s->u.iter.from);
	c->u.iter.to = expr_clone(a, s->u.iter.to);
	c->u.iter.map = expr_clone(a, s->u.iter.map);
	c->u.iter.body = block_clone(a, s->u.iter.body);
	c->u.iter.var = NULL;
	c->u.iter.captured.data = NULL;
	c->u.iter.captured.len = c->u.iter.captured.cap = 0;
}

struct stmt *stmt_clone(struct arena *a, const struct stmt *s)
{
	struct stmt *c;

	if (!s)
		return NULL;
	c = arena_new(a, struct stmt);
	*c = *s;
	switch (s->kind) {
	case STMT_EXPR:
	case STMT_DISCARD:
	case STMT_RETURN:
		c->u.expr = expr_clone(a, s->u.expr);
		break;
	case STMT_LET:
		c->u.let.type = type_clone(a, s->u.let.type);
		c->u.let.value = expr_clone(a, s->u.let.value);
		c->u.let.var = NULL;
		break;
	case STMT_ASSIGN:
		c->u.assign.target = expr_clone(a, s->u.assign.target);
		c->u.assign.value = expr_clone(a, s->u.assign.value);
		break;
	case STMT_IF:
		c->u.branch.cond = expr_clone(a, s->u.branch.cond);
		c->u.branch.yes = block_clone(a, s->u.branch.yes);
		c->u.branch.no = stmt_clone(a, s->u.branch.no);
		break;
	case STMT_WHILE:
		c->u.loop.cond = expr_clone(a, s->u.loop.cond);
		c->u.loop.body = block_clone(a, s->u.loop.body);
		break;
	case STMT_UNROLL:
		c->u.unroll.count = expr_clone(a, s->u.unroll.count);
		c->u.unroll.body = block_clone(a, s->u.unroll.body);
		break;
	case STMT_FOR_RANGE:
	case STMT_FOR_MAP:
		clone_iter(a, c, s);
		break;
	case STMT_BLOCK:
	case STMT_ENTRY_CLAUSE:
	case STMT_RETURN_CLAUSE:
		c->u.block = block_clone(a, s->u.block);
		break;
	case STMT_BREAK:
	case STMT_CONTINUE:
	case STMT_SKIP:
	case STMT_KIND_COUNT:
		break;
	}
	return c;
}

struct block *block_clone(struct arena *a, const struct block *b)
{
	struct block *c;

	if (!b)
		return NULL;
	c = arena_new(a, struct block);
	*c = *b;
	c->stmts.data = NULL;
	c->stmts.len = c->stmts.cap = 0;
	for (size_t i = 0; i < b->stmts.len; i++)
		arena_push(a, &c->stmts, stmt_clone(a, b->stmts.data[i]));
	return c;
}

// ---- walking -------------------------------------------------------------------------------

static void walk_vec(const expr_vec *vec, const struct ast_visitor *v)
{
	for (size_t i = 0; i < vec->len; i++)
		expr_walk(vec->data[i], v);
}

static void walk_type(struct type_expr *t, const struct ast_visitor *v)
{
	if (!t || (v->type && !v->type(v->ctx, t)))
		return;
	walk_type(t->elem, v);
	expr_walk(t->expr, v);
	for (size_t i = 0; i < t->members.len; i++)
		walk_type(t->members.data[i], v);
}

static void walk_below(struct expr *e, const struct ast_visitor *v)
{
	switch (e->kind) {
	case EXPR_INT:
	case EXPR_STRING:
	case EXPR_BOOL:
	case EXPR_POSITIONAL:
	case EXPR_IDENT:
	case EXPR_VAR:
	case EXPR_KIND_COUNT:
		break;
	case EXPR_MAP:
		expr_walk(e->u.map.key, v);
		break;
	case EXPR_CALL:
		walk_vec(&e->u.call.args, v);
		break;
	case EXPR_UNARY:
		expr_walk(e->u.unary.operand, v);
		break;
	case EXPR_INCDEC:
		expr_walk(e->u.incdec.target, v);
		break;
	case EXPR_BINARY:
		expr_walk(e->u.binary.left, v);
		expr_walk(e->u.binary.right, v);
		break;
	case EXPR_TERNARY:
		expr_walk(e->u.ternary.cond, v);
		expr_walk(e->u.ternary.yes, v);
		expr_walk(e->u.ternary.no, v);
		break;
	case EXPR_CAST:
		walk_type(e->u.cast.to, v);
		expr_walk(e->u.cast.operand, v);
		break;
	case EXPR_FIELD:
		expr_walk(e->u.field.object, v);
		break;
	case EXPR_TUPLE_GET:
		expr_walk(e->u.tuple_get.object, v);
		break;
	case EXPR_INDEX:
		expr_walk(e->u.index.object, v);
		expr_walk(e->u.index.index, v);
		break;
	case EXPR_TUPLE:
		walk_vec(&e->u.tuple.items, v);
		break;
	case EXPR_RECORD:
		for (size_t i = 0; i < e->u.record.items.len; i++)
			expr_walk(e->u.record.items.data[i].value, v);
		break;
	case EXPR_SIZEOF:
	case EXPR_OFFSETOF:
	case EXPR_TYPEINFO:
	case EXPR_TYPE:
		walk_type(e->u.type_query.of_type, v);
		expr_walk(e->u.type_query.of_expr, v);
		break;
	case EXPR_BLOCK:
		block_walk(e->u.block.block, v);
		expr_walk(e->u.block.value, v);
		break;
	case EXPR_IF:
		expr_walk(e->u.branch.cond, v);
		expr_walk(e->u.branch.yes, v);
		expr_walk(e->u.branch.no, v);
		break;
	case EXPR_COMPTIME:
		expr_walk(e->u.comptime.operand, v);
		break;
	}
}

void expr_walk(struct expr *e, const struct ast_visitor *v)
{
	if (!e || (v->expr && !v->expr(v->ctx, e)))
		return;
	walk_below(e, v);
}

static void stmt_walk(struct stmt *s, const struct ast_visitor *v)
{
	if (!s || (v->stmt && !v->stmt(v->ctx, s)))
		return;
	switch (s->kind) {
	case STMT_EXPR:
	case STMT_DISCARD:
	case STMT_RETURN:
		expr_walk(s->u.expr, v);
		break;
	case STMT_LET:
		walk_type(s->u.let.type, v);
		expr_walk(s->u.let.value, v);
		break;
	case STMT_ASSIGN:
		expr_walk(s->u.assign.target, v);
		expr_walk(s->u.assign.value, v);
		break;
	case STMT_IF:
		expr_walk(s->u.branch.cond, v);
		block_walk(s->u.branch.yes, v);
		stmt_walk(s->u.branch.no, v);
		break;
	case STMT_WHILE:
		expr_walk(s->u.loop.cond, v);
		block_walk(s->u.loop.body, v);
		break;
	case STMT_UNROLL:
		expr_walk(s->u.unroll.count, v);
		block_walk(s->u.unroll.body, v);
		break;
	case STMT_FOR_RANGE:
	case STMT_FOR_MAP:
		expr_walk(s->u.iter.from, v);
		expr_walk(s->u.iter.to, v);
		expr_walk(s->u.iter.map, v);
		block_walk(s->u.iter.body, v);
		break;
	case STMT_BLOCK:
	case STMT_ENTRY_CLAUSE:
	case STMT_RETURN_CLAUSE:
		block_walk(s->u.block, v);
		break;
	case STMT_BREAK:
	case STMT_CONTINUE:
	case STMT_SKIP:
	case STMT_KIND_COUNT:
		break;
	}
}

void block_walk(struct block *b, const struct ast_visitor *v)
{
	if (!b)
		return;
	if (v->block)
		v->block(v->ctx, b);
	for (size_t i = 0; i < b->stmts.len; i++)
		stmt_walk(b->stmts.data[i], v);
}
