// ast_print: a tree comes in, indented text leaves, one node a line, children two columns
// deeper. The same text is the golden of tests/lang and `mtrace -d ast`; with types, of
// `-d typed`:
//
//	probe
//	  attach uprobe "/bin/bash" "readline"
//	  predicate
//	    binary == :: bool
//	      ident pid :: uint32
//	      int 1 :: int64
//	  body
//	    call printf
//	      string "hi\n"
//
// Spans are left out: goldens would change with every blank.
#include "parser/ast_print.h"

#include "type.h"

// ---- statements --------------------------------------------------------------------------------

void ast_put_block(struct printer *p, const struct block *b, int indent)
{
	for (size_t i = 0; i < b->stmts.len; i++)
		ast_put_stmt(p, b->stmts.data[i], indent);
}

static void print_let(struct printer *p, const struct stmt *s, int indent)
{
	ast_put_indent(p, indent);
	buf_printf(p->out, "let $%s", s->u.let.name);
	if (s->u.let.type) {
		buf_puts(p->out, " : ");
		ast_put_type(p, s->u.let.type);
	}
	if (p->types && s->u.let.var && s->u.let.var->type) {
		buf_puts(p->out, " :: ");
		type_format(s->u.let.var->type, p->out);
	}
	buf_putc(p->out, '\n');
	if (s->u.let.type)
		ast_put_type_exprs(p, s->u.let.type, indent + 1);
	ast_put_expr(p, s->u.let.value, indent + 1);
}

static void print_branch(struct printer *p, const struct stmt *s, int indent)
{
	ast_put_line(p, indent, s->u.branch.comptime ? "comptime if" : "if");
	ast_put_expr(p, s->u.branch.cond, indent + 1);
	ast_put_line(p, indent, "then");
	ast_put_block(p, s->u.branch.yes, indent + 1);
	if (!s->u.branch.no)
		return;
	ast_put_line(p, indent, "else");
	if (s->u.branch.no->kind == STMT_BLOCK)
		ast_put_block(p, s->u.branch.no->u.block, indent + 1);
	else
		ast_put_stmt(p, s->u.branch.no, indent + 1);
}

static void print_iter(struct printer *p, const struct stmt *s, int indent)
{
	ast_put_indent(p, indent);
	buf_printf(p->out, "for $%s", s->u.iter.name);
	if (p->types && s->u.iter.var && s->u.iter.var->type) {
		buf_puts(p->out, " :: ");
		type_format(s->u.iter.var->type, p->out);
	}
	buf_putc(p->out, '\n');
	ast_put_expr(p, s->u.iter.from, indent + 1);
	ast_put_expr(p, s->u.iter.to, indent + 1);
	ast_put_expr(p, s->u.iter.map, indent + 1);
	ast_put_line(p, indent, "do");
	ast_put_block(p, s->u.iter.body, indent + 1);
}

static void print_loop(struct printer *p, const char *word, const struct expr *head,
		       const struct block *body, int indent)
{
	ast_put_line(p, indent, word);
	ast_put_expr(p, head, indent + 1);
	ast_put_line(p, indent, "do");
	ast_put_block(p, body, indent + 1);
}

static void print_assign(struct printer *p, const struct stmt *s, int indent)
{
	ast_put_indent(p, indent);
	if (s->u.assign.compound)
		buf_printf(p->out, "assign %s=\n", binary_op_text(s->u.assign.op));
	else
		buf_puts(p->out, "assign\n");
	ast_put_expr(p, s->u.assign.target, indent + 1);
	ast_put_expr(p, s->u.assign.value, indent + 1);
}

static void print_headed(struct printer *p, const char *word, const struct block *b, int indent)
{
	ast_put_line(p, indent, word);
	ast_put_block(p, b, indent + 1);
}

void ast_put_stmt(struct printer *p, const struct stmt *s, int indent)
{
	switch (s->kind) {
	case STMT_EXPR:
		ast_put_expr(p, s->u.expr, indent);
		break;
	case STMT_DISCARD:
		ast_put_line(p, indent, "discard");
		ast_put_expr(p, s->u.expr, indent + 1);
		break;
	case STMT_LET:
		print_let(p, s, indent);
		break;
	case STMT_ASSIGN:
		print_assign(p, s, indent);
		break;
	case STMT_IF:
		print_branch(p, s, indent);
		break;
	case STMT_WHILE:
		print_loop(p, "while", s->u.loop.cond, s->u.loop.body, indent);
		break;
	case STMT_UNROLL:
		print_loop(p, "unroll", s->u.unroll.count, s->u.unroll.body, indent);
		break;
	case STMT_FOR_RANGE:
	case STMT_FOR_MAP:
		print_iter(p, s, indent);
		break;
	case STMT_BREAK:
		ast_put_line(p, indent, "break");
		break;
	case STMT_CONTINUE:
		ast_put_line(p, indent, "continue");
		break;
	case STMT_RETURN:
		ast_put_line(p, indent, "return");
		ast_put_expr(p, s->u.expr, indent + 1);
		break;
	case STMT_SKIP:
		ast_put_line(p, indent, "skip");
		break;
	case STMT_BLOCK:
		print_headed(p, "block", s->u.block, indent);
		break;
	case STMT_ENTRY_CLAUSE:
		print_headed(p, "entry clause", s->u.block, indent);
		break;
	case STMT_RETURN_CLAUSE:
		print_headed(p, "return clause", s->u.block, indent);
		break;
	case STMT_KIND_COUNT:
		break;
	}
}

// ---- top level ---------------------------------------------------------------------------------

static void print_point(struct printer *p, const struct attach_point *point, int indent)
{
	ast_put_indent(p, indent);
	buf_printf(p->out, "%s %s", point->negated ? "except" : "attach", point->provider);
	for (size_t i = 0; i < point->parts.len; i++) {
		buf_putc(p->out, ' ');
		ast_put_text(p, point->parts.data[i]);
	}
	if (point->args_filter) {
		buf_puts(p->out, " args ");
		ast_put_text(p, point->args_filter);
	}
	buf_putc(p->out, '\n');
}

static void print_probe(struct printer *p, const struct probe *probe)
{
	buf_puts(p->out, "probe");
	if (probe->name)
		buf_printf(p->out, " %s", probe->name);
	buf_puts(p->out, probe->angle ? " < >\n" : "\n");
	for (size_t i = 0; i < probe->points.len; i++)
		print_point(p, probe->points.data[i], 1);
	if (probe->predicate) {
		ast_put_line(p, 1, "predicate");
		ast_put_expr(p, probe->predicate, 2);
	}
	ast_put_line(p, 1, "body");
	ast_put_block(p, probe->body, 2);
}

static void print_macro(struct printer *p, const struct macro *m)
{
	static const char *const sigils[] = {
	    [PARAM_EXPR] = "", [PARAM_VAR] = "$", [PARAM_MAP] = "@"};

	buf_printf(p->out, "macro %s(", m->name);
	for (size_t i = 0; i < m->params.len; i++)
		buf_printf(p->out, "%s%s%s", i ? ", " : "", sigils[m->params.data[i].kind],
			   m->params.data[i].name);
	buf_puts(p->out, ")\n");
	ast_put_expr(p, m->body, 1);
}

static void print_subprog(struct printer *p, const struct subprog *f)
{
	buf_printf(p->out, "fn %s(", f->name);
	for (size_t i = 0; i < f->params.len; i++) {
		buf_printf(p->out, "%s$%s : ", i ? ", " : "", f->params.data[i].name);
		ast_put_type(p, f->params.data[i].type);
	}
	buf_puts(p->out, ") : ");
	ast_put_type(p, f->returns);
	buf_putc(p->out, '\n');
	ast_put_block(p, f->body, 1);
}

static void print_preamble(struct printer *p, const struct ast *ast)
{
	for (size_t i = 0; i < ast->c_items.len; i++) {
		buf_puts(p->out, "c ");
		ast_put_text(p, ast->c_items.data[i].text);
		buf_putc(p->out, '\n');
	}
	for (size_t i = 0; i < ast->config.len; i++) {
		buf_printf(p->out, "config %s\n", ast->config.data[i].name);
		ast_put_expr(p, ast->config.data[i].value, 1);
	}
	for (size_t i = 0; i < ast->imports.len; i++) {
		buf_puts(p->out, "import ");
		ast_put_text(p, ast->imports.data[i].path);
		buf_putc(p->out, '\n');
	}
	for (size_t i = 0; i < ast->map_decls.len; i++) {
		buf_printf(p->out, "let @%s = %s\n", ast->map_decls.data[i].name,
			   ast->map_decls.data[i].kind);
		ast_put_expr(p, ast->map_decls.data[i].max_entries, 1);
	}
}

void ast_print(const struct ast *ast, struct buf *out)
{
	struct printer p = {out, false};

	print_preamble(&p, ast);
	for (size_t i = 0; i < ast->macros.len; i++)
		print_macro(&p, ast->macros.data[i]);
	for (size_t i = 0; i < ast->subprogs.len; i++)
		print_subprog(&p, ast->subprogs.data[i]);
	for (size_t i = 0; i < ast->probes.len; i++)
		print_probe(&p, ast->probes.data[i]);
}

void block_print(const struct block *b, int indent, bool types, struct buf *out)
{
	struct printer p = {out, types};

	if (b)
		ast_put_block(&p, b, indent);
}

void expr_print(const struct expr *e, int indent, bool types, struct buf *out)
{
	struct printer p = {out, types};

	ast_put_expr(&p, e, indent);
}

void stmt_print(const struct stmt *s, int indent, bool types, struct buf *out)
{
	struct printer p = {out, types};

	if (s)
		ast_put_stmt(&p, s, indent);
}
