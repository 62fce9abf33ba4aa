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
#include "parser/parser.h"

#include "base/buf.h"
#include "type.h"

struct printer {
	struct buf *out;
	bool types;
};

static void print_expr(struct printer *p, const struct expr *e, int indent);
static void print_stmt(struct printer *p, const struct stmt *s, int indent);

static void put_indent(struct printer *p, int indent)
{
	for (int i = 0; i < indent; i++)
		buf_puts(p->out, "  ");
}

static void put_line(struct printer *p, int indent, const char *text)
{
	put_indent(p, indent);
	buf_printf(p->out, "%s\n", text);
}

static void put_string(struct printer *p, const char *s, size_t n)
{
	buf_putc(p->out, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '\n')
			buf_puts(p->out, "\\n");
		else if (c == '\t')
			buf_puts(p->out, "\\t");
		else if (c == '"' || c == '\\')
			buf_printf(p->out, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			buf_printf(p->out, "\\x%02x", c);
		else
			buf_putc(p->out, (char)c);
	}
	buf_putc(p->out, '"');
}

static void put_text(struct printer *p, const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	put_string(p, s, n);
}

// ---- types as written ------------------------------------------------------------------------

static void put_type(struct printer *p, const struct type_expr *t);

static void put_short_expr(struct printer *p, const struct expr *e)
{
	if (e->kind == EXPR_INT)
		buf_printf(p->out, "%llu", (unsigned long long)e->u.integer.value);
	else if (e->kind == EXPR_IDENT)
		buf_puts(p->out, e->u.ident.name);
	else if (e->kind == EXPR_VAR)
		buf_printf(p->out, "$%s", e->u.var.name);
	else
		buf_puts(p->out, "...");
}

static void put_tuple_type(struct printer *p, const struct type_expr *t)
{
	buf_putc(p->out, '(');
	for (size_t i = 0; i < t->members.len; i++) {
		buf_puts(p->out, i ? ", " : "");
		put_type(p, t->members.data[i]);
	}
	buf_putc(p->out, ')');
}

static void put_type(struct printer *p, const struct type_expr *t)
{
	switch (t->kind) {
	case TYPE_EXPR_NAME:
		buf_puts(p->out, t->name);
		break;
	case TYPE_EXPR_STRUCT:
		buf_printf(p->out, "struct %s", t->name);
		break;
	case TYPE_EXPR_UNION:
		buf_printf(p->out, "union %s", t->name);
		break;
	case TYPE_EXPR_ENUM:
		buf_printf(p->out, "enum %s", t->name);
		break;
	case TYPE_EXPR_POINTER:
		put_type(p, t->elem);
		buf_puts(p->out, " *");
		break;
	case TYPE_EXPR_ARRAY:
		put_type(p, t->elem);
		buf_putc(p->out, '[');
		if (t->expr)
			put_short_expr(p, t->expr);
		buf_putc(p->out, ']');
		break;
	case TYPE_EXPR_TYPEOF:
		buf_puts(p->out, "typeof(");
		if (t->elem)
			put_type(p, t->elem);
		else
			put_short_expr(p, t->expr);
		buf_putc(p->out, ')');
		break;
	case TYPE_EXPR_TUPLE:
		put_tuple_type(p, t);
		break;
	}
}

// An expression inside a written type, when its line could not show it whole.
static void print_type_exprs(struct printer *p, const struct type_expr *t, int indent)
{
	if (t->elem)
		print_type_exprs(p, t->elem, indent);
	if (t->expr && t->expr->kind != EXPR_INT && t->expr->kind != EXPR_IDENT &&
	    t->expr->kind != EXPR_VAR)
		print_expr(p, t->expr, indent);
	for (size_t i = 0; i < t->members.len; i++)
		print_type_exprs(p, t->members.data[i], indent);
}

// ---- expressions -------------------------------------------------------------------------------

static void put_int(struct printer *p, const struct expr *e)
{
	if (e->u.integer.is_negative)
		buf_printf(p->out, "int %lld", (long long)e->u.integer.value);
	else
		buf_printf(p->out, "int %llu", (unsigned long long)e->u.integer.value);
	if (e->u.integer.is_unsigned)
		buf_putc(p->out, 'u');
}

static const char *type_query_word(enum expr_kind kind)
{
	if (kind == EXPR_TYPE)
		return "type";
	return kind == EXPR_SIZEOF ? "sizeof" : kind == EXPR_OFFSETOF ? "offsetof" : "typeinfo";
}

static void put_type_query(struct printer *p, const struct expr *e)
{
	buf_puts(p->out, type_query_word(e->kind));
	if (e->u.type_query.of_type) {
		buf_putc(p->out, ' ');
		put_type(p, e->u.type_query.of_type);
	}
	for (size_t i = 0; i < e->u.type_query.path.len; i++)
		buf_printf(p->out, "%s%s", i ? "." : " at ", e->u.type_query.path.data[i]);
}

// The node's own line, without its children.
static void put_head(struct printer *p, const struct expr *e)
{
	switch (e->kind) {
	case EXPR_INT:
		put_int(p, e);
		break;
	case EXPR_STRING:
		buf_puts(p->out, "string ");
		put_string(p, e->u.string.data, e->u.string.len);
		break;
	case EXPR_BOOL:
		buf_puts(p->out, e->u.boolean ? "bool true" : "bool false");
		break;
	case EXPR_POSITIONAL:
		if (e->u.positional.is_count)
			buf_puts(p->out, "param $#");
		else
			buf_printf(p->out, "param $%u", e->u.positional.index);
		break;
	case EXPR_IDENT:
		buf_printf(p->out, "ident %s", e->u.ident.name);
		break;
	case EXPR_VAR:
		buf_printf(p->out, "var $%s", e->u.var.name);
		break;
	case EXPR_MAP:
		buf_printf(p->out, "map @%s", e->u.map.name);
		break;
	case EXPR_CALL:
		buf_printf(p->out, "call %s", e->u.call.name);
		break;
	case EXPR_UNARY:
		buf_printf(p->out, "unary %s", unary_op_text(e->u.unary.op));
		break;
	case EXPR_INCDEC:
		buf_printf(p->out, "%s %s", e->u.incdec.is_prefix ? "prefix" : "postfix",
			   e->u.incdec.is_decrement ? "--" : "++");
		break;
	case EXPR_BINARY:
		buf_printf(p->out, "binary %s", binary_op_text(e->u.binary.op));
		break;
	case EXPR_TERNARY:
		buf_puts(p->out, e->u.ternary.yes ? "ternary" : "ternary ?:");
		break;
	case EXPR_CAST:
		buf_puts(p->out, e->u.cast.implicit ? "convert" : "cast");
		if (e->u.cast.to) {
			buf_putc(p->out, ' ');
			put_type(p, e->u.cast.to);
		}
		break;
	case EXPR_FIELD:
		buf_printf(p->out, "field %s%s", e->u.field.arrow ? "->" : ".", e->u.field.name);
		break;
	case EXPR_TUPLE_GET:
		buf_printf(p->out, "member .%u", e->u.tuple_get.index);
		break;
	case EXPR_INDEX:
		buf_puts(p->out, "index");
		break;
	case EXPR_TUPLE:
		buf_puts(p->out, "tuple");
		break;
	case EXPR_RECORD:
		buf_puts(p->out, "record");
		break;
	case EXPR_SIZEOF:
	case EXPR_OFFSETOF:
	case EXPR_TYPEINFO:
	case EXPR_TYPE:
		put_type_query(p, e);
		break;
	case EXPR_BLOCK:
		buf_puts(p->out, "block");
		break;
	case EXPR_IF:
		buf_puts(p->out, "if");
		break;
	case EXPR_COMPTIME:
		buf_puts(p->out, "comptime");
		break;
	case EXPR_KIND_COUNT:
		break;
	}
}

static void print_vec(struct printer *p, const expr_vec *vec, int indent)
{
	for (size_t i = 0; i < vec->len; i++)
		print_expr(p, vec->data[i], indent);
}

static void print_block(struct printer *p, const struct block *b, int indent)
{
	for (size_t i = 0; i < b->stmts.len; i++)
		print_stmt(p, b->stmts.data[i], indent);
}

static void print_record(struct printer *p, const struct expr *e, int indent)
{
	for (size_t i = 0; i < e->u.record.items.len; i++) {
		put_indent(p, indent);
		buf_printf(p->out, "%s =\n", e->u.record.items.data[i].name);
		print_expr(p, e->u.record.items.data[i].value, indent + 1);
	}
}

static void print_block_value(struct printer *p, const struct expr *e, int indent)
{
	print_block(p, e->u.block.block, indent);
	if (!e->u.block.value)
		return;
	put_line(p, indent, "value");
	print_expr(p, e->u.block.value, indent + 1);
}

static void print_if_value(struct printer *p, const struct expr *e, int indent)
{
	print_expr(p, e->u.branch.cond, indent);
	print_expr(p, e->u.branch.yes, indent);
	if (!e->u.branch.no)
		return;
	put_line(p, indent - 1, "else");
	print_expr(p, e->u.branch.no, indent);
}

static void print_children(struct printer *p, const struct expr *e, int indent)
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
		print_expr(p, e->u.map.key, indent);
		break;
	case EXPR_CALL:
		print_vec(p, &e->u.call.args, indent);
		break;
	case EXPR_UNARY:
		print_expr(p, e->u.unary.operand, indent);
		break;
	case EXPR_INCDEC:
		print_expr(p, e->u.incdec.target, indent);
		break;
	case EXPR_BINARY:
		print_expr(p, e->u.binary.left, indent);
		print_expr(p, e->u.binary.right, indent);
		break;
	case EXPR_TERNARY:
		print_expr(p, e->u.ternary.cond, indent);
		print_expr(p, e->u.ternary.yes, indent);
		print_expr(p, e->u.ternary.no, indent);
		break;
	case EXPR_CAST:
		if (e->u.cast.to)
			print_type_exprs(p, e->u.cast.to, indent);
		print_expr(p, e->u.cast.operand, indent);
		break;
	case EXPR_FIELD:
		print_expr(p, e->u.field.object, indent);
		break;
	case EXPR_TUPLE_GET:
		print_expr(p, e->u.tuple_get.object, indent);
		break;
	case EXPR_INDEX:
		print_expr(p, e->u.index.object, indent);
		print_expr(p, e->u.index.index, indent);
		break;
	case EXPR_TUPLE:
		print_vec(p, &e->u.tuple.items, indent);
		break;
	case EXPR_RECORD:
		print_record(p, e, indent);
		break;
	case EXPR_SIZEOF:
	case EXPR_OFFSETOF:
	case EXPR_TYPEINFO:
	case EXPR_TYPE:
		print_expr(p, e->u.type_query.of_expr, indent);
		break;
	case EXPR_BLOCK:
		print_block_value(p, e, indent);
		break;
	case EXPR_IF:
		print_if_value(p, e, indent);
		break;
	case EXPR_COMPTIME:
		print_expr(p, e->u.comptime.operand, indent);
		break;
	}
}

static void print_expr(struct printer *p, const struct expr *e, int indent)
{
	if (!e)
		return;
	put_indent(p, indent);
	put_head(p, e);
	if (p->types && e->type) {
		buf_puts(p->out, " :: ");
		type_format(e->type, p->out);
	}
	buf_putc(p->out, '\n');
	print_children(p, e, indent + 1);
}

// ---- statements --------------------------------------------------------------------------------

static void print_let(struct printer *p, const struct stmt *s, int indent)
{
	put_indent(p, indent);
	buf_printf(p->out, "let $%s", s->u.let.name);
	if (s->u.let.type) {
		buf_puts(p->out, " : ");
		put_type(p, s->u.let.type);
	}
	if (p->types && s->u.let.var && s->u.let.var->type) {
		buf_puts(p->out, " :: ");
		type_format(s->u.let.var->type, p->out);
	}
	buf_putc(p->out, '\n');
	if (s->u.let.type)
		print_type_exprs(p, s->u.let.type, indent + 1);
	print_expr(p, s->u.let.value, indent + 1);
}

static void print_branch(struct printer *p, const struct stmt *s, int indent)
{
	put_line(p, indent, s->u.branch.comptime ? "comptime if" : "if");
	print_expr(p, s->u.branch.cond, indent + 1);
	put_line(p, indent, "then");
	print_block(p, s->u.branch.yes, indent + 1);
	if (!s->u.branch.no)
		return;
	put_line(p, indent, "else");
	if (s->u.branch.no->kind == STMT_BLOCK)
		print_block(p, s->u.branch.no->u.block, indent + 1);
	else
		print_stmt(p, s->u.branch.no, indent + 1);
}

static void print_iter(struct printer *p, const struct stmt *s, int indent)
{
	put_indent(p, indent);
	buf_printf(p->out, "for $%s", s->u.iter.name);
	if (p->types && s->u.iter.var && s->u.iter.var->type) {
		buf_puts(p->out, " :: ");
		type_format(s->u.iter.var->type, p->out);
	}
	buf_putc(p->out, '\n');
	print_expr(p, s->u.iter.from, indent + 1);
	print_expr(p, s->u.iter.to, indent + 1);
	print_expr(p, s->u.iter.map, indent + 1);
	put_line(p, indent, "do");
	print_block(p, s->u.iter.body, indent + 1);
}

static void print_loop(struct printer *p, const char *word, const struct expr *head,
		       const struct block *body, int indent)
{
	put_line(p, indent, word);
	print_expr(p, head, indent + 1);
	put_line(p, indent, "do");
	print_block(p, body, indent + 1);
}

static void print_assign(struct printer *p, const struct stmt *s, int indent)
{
	put_indent(p, indent);
	if (s->u.assign.compound)
		buf_printf(p->out, "assign %s=\n", binary_op_text(s->u.assign.op));
	else
		buf_puts(p->out, "assign\n");
	print_expr(p, s->u.assign.target, indent + 1);
	print_expr(p, s->u.assign.value, indent + 1);
}

static void print_headed(struct printer *p, const char *word, const struct block *b, int indent)
{
	put_line(p, indent, word);
	print_block(p, b, indent + 1);
}

static void print_stmt(struct printer *p, const struct stmt *s, int indent)
{
	switch (s->kind) {
	case STMT_EXPR:
		print_expr(p, s->u.expr, indent);
		break;
	case STMT_DISCARD:
		put_line(p, indent, "discard");
		print_expr(p, s->u.expr, indent + 1);
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
		put_line(p, indent, "break");
		break;
	case STMT_CONTINUE:
		put_line(p, indent, "continue");
		break;
	case STMT_RETURN:
		put_line(p, indent, "return");
		print_expr(p, s->u.expr, indent + 1);
		break;
	case STMT_SKIP:
		put_line(p, indent, "skip");
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
	put_indent(p, indent);
	buf_printf(p->out, "%s %s", point->negated ? "except" : "attach", point->provider);
	for (size_t i = 0; i < point->parts.len; i++) {
		buf_putc(p->out, ' ');
		put_text(p, point->parts.data[i]);
	}
	if (point->args_filter) {
		buf_puts(p->out, " args ");
		put_text(p, point->args_filter);
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
		put_line(p, 1, "predicate");
		print_expr(p, probe->predicate, 2);
	}
	put_line(p, 1, "body");
	print_block(p, probe->body, 2);
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
	print_expr(p, m->body, 1);
}

static void print_subprog(struct printer *p, const struct subprog *f)
{
	buf_printf(p->out, "fn %s(", f->name);
	for (size_t i = 0; i < f->params.len; i++) {
		buf_printf(p->out, "%s$%s : ", i ? ", " : "", f->params.data[i].name);
		put_type(p, f->params.data[i].type);
	}
	buf_puts(p->out, ") : ");
	put_type(p, f->returns);
	buf_putc(p->out, '\n');
	print_block(p, f->body, 1);
}

static void print_preamble(struct printer *p, const struct ast *ast)
{
	for (size_t i = 0; i < ast->c_items.len; i++) {
		buf_puts(p->out, "c ");
		put_text(p, ast->c_items.data[i].text);
		buf_putc(p->out, '\n');
	}
	for (size_t i = 0; i < ast->config.len; i++) {
		buf_printf(p->out, "config %s\n", ast->config.data[i].name);
		print_expr(p, ast->config.data[i].value, 1);
	}
	for (size_t i = 0; i < ast->imports.len; i++) {
		buf_puts(p->out, "import ");
		put_text(p, ast->imports.data[i].path);
		buf_putc(p->out, '\n');
	}
	for (size_t i = 0; i < ast->map_decls.len; i++) {
		buf_printf(p->out, "let @%s = %s\n", ast->map_decls.data[i].name,
			   ast->map_decls.data[i].kind);
		print_expr(p, ast->map_decls.data[i].max_entries, 1);
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
		print_block(&p, b, indent);
}

void expr_print(const struct expr *e, int indent, bool types, struct buf *out)
{
	struct printer p = {out, types};

	print_expr(&p, e, indent);
}

void stmt_print(const struct stmt *s, int indent, bool types, struct buf *out)
{
	struct printer p = {out, types};

	if (s)
		print_stmt(&p, s, indent);
}
