// fmt: a tree comes in, its text leaves, items and statements a line each. See fmt.h.
#include "parser/fmt.h"

#include <stdlib.h>

#include "parser/parser.h"

// ---- statements
// ----------------------------------------------------------------------------------

bool fmt_is_simple(const struct stmt *s)
{
	switch (s->kind) {
	case STMT_IF:
	case STMT_WHILE:
	case STMT_UNROLL:
	case STMT_FOR_RANGE:
	case STMT_FOR_MAP:
	case STMT_BLOCK:
	case STMT_ENTRY_CLAUSE:
	case STMT_RETURN_CLAUSE:
		return false;
	default:
		return true;
	}
}

static void put_let(struct fmt *f, const struct stmt *s)
{
	buf_printf(f->out, "let $%s", s->u.let.name);
	if (s->u.let.type) {
		buf_puts(f->out, " : ");
		fmt_type(f, s->u.let.type);
	}
	if (s->u.let.value) {
		buf_puts(f->out, " = ");
		fmt_expr(f, s->u.let.value, 0);
	}
}

static void put_assign(struct fmt *f, const struct stmt *s)
{
	fmt_expr(f, s->u.assign.target, 2);
	buf_printf(f->out, " %s= ", s->u.assign.compound ? binary_op_text(s->u.assign.op) : "");
	fmt_expr(f, s->u.assign.value, 0);
}

void fmt_simple(struct fmt *f, const struct stmt *s)
{
	switch (s->kind) {
	case STMT_EXPR:
		fmt_expr(f, s->u.expr, 0);
		break;
	case STMT_DISCARD:
		buf_puts(f->out, "_ = ");
		fmt_expr(f, s->u.expr, 0);
		break;
	case STMT_LET:
		put_let(f, s);
		break;
	case STMT_ASSIGN:
		put_assign(f, s);
		break;
	case STMT_RETURN:
		buf_puts(f->out, s->u.expr ? "return " : "return");
		if (s->u.expr)
			fmt_expr(f, s->u.expr, 0);
		break;
	case STMT_BREAK:
		buf_puts(f->out, "break");
		break;
	case STMT_CONTINUE:
		buf_puts(f->out, "continue");
		break;
	default:
		buf_puts(f->out, "skip");
	}
}

static void put_branch(struct fmt *f, const struct stmt *s)
{
	const struct stmt *no = s->u.branch.no;

	buf_puts(f->out, s->u.branch.comptime ? "comptime if " : "if ");
	fmt_condition(f, s->u.branch.cond);
	buf_putc(f->out, ' ');
	fmt_block(f, s->u.branch.yes, NULL, false);
	if (!no)
		return;
	buf_puts(f->out, " else ");
	if (no->kind == STMT_IF)
		put_branch(f, no);
	else
		fmt_block(f, no->u.block, NULL, false);
}

static void put_for(struct fmt *f, const struct stmt *s)
{
	bool plain;

	buf_printf(f->out, "for $%s : ", s->u.iter.name);
	if (s->kind == STMT_FOR_MAP) {
		fmt_expr(f, s->u.iter.map, 2);
	} else {
		plain = s->u.iter.from->kind == EXPR_INT && s->u.iter.to->kind == EXPR_INT;
		buf_puts(f->out, plain ? "" : "(");
		fmt_expr(f, s->u.iter.from, 2);
		buf_puts(f->out, plain ? ".." : ")..(");
		fmt_expr(f, s->u.iter.to, 2);
		buf_puts(f->out, plain ? "" : ")");
	}
	buf_putc(f->out, ' ');
	fmt_block(f, s->u.iter.body, NULL, false);
}

static void put_compound(struct fmt *f, const struct stmt *s)
{
	switch (s->kind) {
	case STMT_IF:
		put_branch(f, s);
		break;
	case STMT_WHILE:
		buf_puts(f->out, "while ");
		fmt_condition(f, s->u.loop.cond);
		buf_putc(f->out, ' ');
		fmt_block(f, s->u.loop.body, NULL, false);
		break;
	case STMT_UNROLL:
		buf_puts(f->out, "unroll (");
		fmt_expr(f, s->u.unroll.count, 3);
		buf_puts(f->out, ") ");
		fmt_block(f, s->u.unroll.body, NULL, false);
		break;
	case STMT_BLOCK:
		fmt_block(f, s->u.block, NULL, false);
		break;
	case STMT_ENTRY_CLAUSE:
	case STMT_RETURN_CLAUSE:
		buf_puts(f->out, s->kind == STMT_ENTRY_CLAUSE ? "entry " : "return ");
		fmt_block(f, s->u.block, NULL, true);
		break;
	default:
		put_for(f, s);
	}
}

static void put_indent(struct fmt *f)
{
	for (unsigned i = 0; i < f->indent; i++)
		buf_putc(f->out, ' ');
}

static void put_stmt(struct fmt *f, const struct stmt *s, bool semicolon)
{
	bool simple = fmt_is_simple(s);

	fmt_comments_before(f, simple ? s->span.end : s->span.begin);
	fmt_blank_lines(f, s->span.begin);
	put_indent(f);
	if (simple) {
		fmt_simple(f, s);
		buf_puts(f->out, semicolon ? ";" : "");
	} else {
		put_compound(f, s);
	}
	fmt_comment_behind(f, s->span.end);
	buf_putc(f->out, '\n');
}

static void put_value(struct fmt *f, const struct expr *value)
{
	fmt_comments_before(f, value->span.end);
	fmt_blank_lines(f, value->span.begin);
	put_indent(f);
	fmt_expr(f, value, 0);
	fmt_comment_behind(f, value->span.end);
	buf_putc(f->out, '\n');
}

// What may end a block without a semicolon.
static bool is_value(const struct stmt *s)
{
	return s->kind == STMT_EXPR && s->u.expr->kind != EXPR_INCDEC;
}

void fmt_block(struct fmt *f, const struct block *b, const struct expr *value, bool body)
{
	uint32_t end = b->span.end - 1;

	if (!b->stmts.len && !value && !fmt_has_comment_before(f, end)) {
		buf_puts(f->out, "{}");
		return;
	}
	buf_puts(f->out, "{\n");
	f->indent += FMT_INDENT;
	for (size_t i = 0; i < b->stmts.len; i++) {
		const struct stmt *s = b->stmts.data[i];
		bool open = i + 1 == b->stmts.len && b->open_end && is_value(s);

		put_stmt(f, s, body || !open);
	}
	if (value)
		put_value(f, value);
	fmt_comments_before(f, end);
	f->indent -= FMT_INDENT;
	put_indent(f);
	buf_putc(f->out, '}');
}

// ---- items
// ---------------------------------------------------------------------------------------

static void put_text(struct fmt *f, struct span at)
{
	buf_append(f->out, f->src->text + (at.begin - f->src->base), at.end - at.begin);
}

static void put_config(struct fmt *f, struct span block)
{
	buf_puts(f->out, "config = {");
	f->indent = FMT_INDENT;
	for (size_t i = 0; i < f->ast->config.len; i++) {
		const struct config_item *item = &f->ast->config.data[i];

		if (item->span.begin < block.begin || item->span.begin >= block.end)
			continue;
		if (f->out->data[f->out->len - 1] == '{')
			buf_putc(f->out, '\n');
		fmt_comments_before(f, item->span.end);
		fmt_blank_lines(f, item->span.begin);
		buf_printf(f->out, "  %s = ", item->name);
		fmt_expr(f, item->value, 0);
		buf_putc(f->out, ';');
		fmt_comment_behind(f, item->span.end);
		buf_putc(f->out, '\n');
	}
	if (f->out->data[f->out->len - 1] == '{' && fmt_has_comment_before(f, block.end))
		buf_putc(f->out, '\n');
	fmt_comments_before(f, block.end);
	f->indent = 0;
	buf_putc(f->out, '}');
}

static void put_map_decl(struct fmt *f, const struct map_decl *d)
{
	buf_printf(f->out, "let @%s = %s(", d->name, d->kind);
	if (d->max_entries)
		fmt_expr(f, d->max_entries, 2);
	buf_puts(f->out, ");");
}

static void put_macro(struct fmt *f, const struct macro *m)
{
	static const char *const sigils[] = {
	    [PARAM_EXPR] = "", [PARAM_VAR] = "$", [PARAM_MAP] = "@"};

	buf_printf(f->out, "macro %s(", m->name);
	for (size_t i = 0; i < m->params.len; i++)
		buf_printf(f->out, "%s%s%s", i ? ", " : "", sigils[m->params.data[i].kind],
			   m->params.data[i].name);
	buf_puts(f->out, ")\n");
	fmt_block(f, m->body->u.block.block, m->body->u.block.value, false);
}

static void put_subprog(struct fmt *f, const struct subprog *s)
{
	buf_printf(f->out, "fn %s(", s->name);
	for (size_t i = 0; i < s->params.len; i++) {
		buf_printf(f->out, "%s$%s : ", i ? ", " : "", s->params.data[i].name);
		fmt_type(f, s->params.data[i].type);
	}
	buf_puts(f->out, ") : ");
	fmt_type(f, s->returns);
	buf_putc(f->out, '\n');
	fmt_block(f, s->body, NULL, true);
}

static void put_probe(struct fmt *f, const struct probe *p)
{
	fmt_comments_before(f, p->body->span.begin);
	// A name stands in the first one's span.
	for (size_t i = 0; i < p->points.len; i++) {
		put_text(f, p->points.data[i]->span);
		buf_puts(f->out, i + 1 < p->points.len ? ",\n" : "\n");
	}
	if (p->predicate) {
		buf_putc(f->out, '/');
		f->indent = 1;
		fmt_expr(f, p->predicate, 1);
		f->indent = 0;
		buf_puts(f->out, "/\n");
	}
	fmt_block(f, p->body, NULL, true);
}

// ---- the whole
// -----------------------------------------------------------------------------------

struct item {
	enum {
		ITEM_C,
		ITEM_CONFIG,
		ITEM_IMPORT,
		ITEM_MAP,
		ITEM_MACRO,
		ITEM_SUBPROG,
		ITEM_PROBE
	} kind;
	struct span span;
	const void *node;
};

typedef ARENA_VEC(struct item) item_vec;

static void add(struct fmt *f, item_vec *all, int kind, struct span span, const void *node)
{
	struct item it = {kind, span, node};

	arena_push(f->arena, all, it);
}

static int by_place(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->span.begin != y->span.begin)
		return x->span.begin > y->span.begin ? 1 : -1;
	return (int)x->kind - (int)y->kind;
}

// An import inside of a body counts for the whole script: it is printed where imports may stand,
// before what follows them.
static void raise_imports(item_vec *all)
{
	uint32_t first = UINT32_MAX;

	for (size_t i = 0; i < all->len; i++)
		if (all->data[i].kind > ITEM_IMPORT && all->data[i].span.begin < first)
			first = all->data[i].span.begin;
	for (size_t i = 0; i < all->len; i++)
		if (all->data[i].kind == ITEM_IMPORT && all->data[i].span.begin > first)
			all->data[i].span = (struct span){first, first};
}

static void collect(struct fmt *f, item_vec *all)
{
	const struct ast *ast = f->ast;

	for (size_t i = 0; i < ast->c_items.len; i++)
		add(f, all, ITEM_C, ast->c_items.data[i].span, NULL);
	for (size_t i = 0; i < ast->config_blocks.len; i++)
		add(f, all, ITEM_CONFIG, ast->config_blocks.data[i], NULL);
	for (size_t i = 0; i < ast->imports.len; i++)
		add(f, all, ITEM_IMPORT, ast->imports.data[i].span, &ast->imports.data[i]);
	for (size_t i = 0; i < ast->map_decls.len; i++)
		add(f, all, ITEM_MAP, ast->map_decls.data[i].span, &ast->map_decls.data[i]);
	for (size_t i = 0; i < ast->macros.len; i++)
		add(f, all, ITEM_MACRO, ast->macros.data[i]->span, ast->macros.data[i]);
	for (size_t i = 0; i < ast->subprogs.len; i++)
		add(f, all, ITEM_SUBPROG, ast->subprogs.data[i]->span, ast->subprogs.data[i]);
	for (size_t i = 0; i < ast->probes.len; i++)
		add(f, all, ITEM_PROBE, ast->probes.data[i]->span, ast->probes.data[i]);
	raise_imports(all);
	if (all->len)
		qsort(all->data, all->len, sizeof(*all->data), by_place);
}

static void put_item(struct fmt *f, const struct item *it)
{
	fmt_comments_before(f, it->span.begin);
	fmt_blank_lines(f, it->span.begin);
	switch (it->kind) {
	case ITEM_C:
		put_text(f, it->span);
		break;
	case ITEM_CONFIG:
		put_config(f, it->span);
		break;
	case ITEM_IMPORT:
		buf_printf(f->out, "import \"%s\";", ((const struct import_item *)it->node)->path);
		break;
	case ITEM_MAP:
		put_map_decl(f, it->node);
		break;
	case ITEM_MACRO:
		put_macro(f, it->node);
		break;
	case ITEM_SUBPROG:
		put_subprog(f, it->node);
		break;
	case ITEM_PROBE:
		put_probe(f, it->node);
		break;
	}
	fmt_comment_behind(f, it->span.end);
	if (f->out->len && f->out->data[f->out->len - 1] != '\n')
		buf_putc(f->out, '\n');
}

void fmt_script(struct arena *a, const struct source *src, const struct ast *ast, struct buf *out)
{
	struct fmt f = {.arena = a, .src = src, .ast = ast, .out = out};
	item_vec all = {0};

	fmt_comments_find(&f);
	collect(&f, &all);
	for (size_t i = 0; i < all.len; i++)
		put_item(&f, &all.data[i]);
	fmt_comments_before(&f, src->base + (uint32_t)src->len + 1);
}
