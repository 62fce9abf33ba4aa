// ast_print_expr: expressions, and types as written, as text: see ast_print.c.
#include "parser/ast_print.h"

#include "type.h"

void ast_put_indent(struct printer *p, int indent)
{
	for (int i = 0; i < indent; i++)
		buf_puts(p->out, "  ");
}

void ast_put_line(struct printer *p, int indent, const char *text)
{
	ast_put_indent(p, indent);
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

void ast_put_text(struct printer *p, const char *s)
{
	size_t n = 0;

	while (s[n])
		n++;
	put_string(p, s, n);
}

// ---- types as written ------------------------------------------------------------------------

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
		ast_put_type(p, t->members.data[i]);
	}
	buf_putc(p->out, ')');
}

void ast_put_type(struct printer *p, const struct type_expr *t)
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
		ast_put_type(p, t->elem);
		buf_puts(p->out, " *");
		break;
	case TYPE_EXPR_ARRAY:
		ast_put_type(p, t->elem);
		buf_putc(p->out, '[');
		if (t->expr)
			put_short_expr(p, t->expr);
		buf_putc(p->out, ']');
		break;
	case TYPE_EXPR_TYPEOF:
		buf_puts(p->out, "typeof(");
		if (t->elem)
			ast_put_type(p, t->elem);
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
void ast_put_type_exprs(struct printer *p, const struct type_expr *t, int indent)
{
	if (t->elem)
		ast_put_type_exprs(p, t->elem, indent);
	if (t->expr && t->expr->kind != EXPR_INT && t->expr->kind != EXPR_IDENT &&
	    t->expr->kind != EXPR_VAR)
		ast_put_expr(p, t->expr, indent);
	for (size_t i = 0; i < t->members.len; i++)
		ast_put_type_exprs(p, t->members.data[i], indent);
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
		ast_put_type(p, e->u.type_query.of_type);
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
			ast_put_type(p, e->u.cast.to);
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
		ast_put_expr(p, vec->data[i], indent);
}

static void print_record(struct printer *p, const struct expr *e, int indent)
{
	for (size_t i = 0; i < e->u.record.items.len; i++) {
		ast_put_indent(p, indent);
		buf_printf(p->out, "%s =\n", e->u.record.items.data[i].name);
		ast_put_expr(p, e->u.record.items.data[i].value, indent + 1);
	}
}

static void print_block_value(struct printer *p, const struct expr *e, int indent)
{
	ast_put_block(p, e->u.block.block, indent);
	if (!e->u.block.value)
		return;
	ast_put_line(p, indent, "value");
	ast_put_expr(p, e->u.block.value, indent + 1);
}

static void print_if_value(struct printer *p, const struct expr *e, int indent)
{
	ast_put_expr(p, e->u.branch.cond, indent);
	ast_put_expr(p, e->u.branch.yes, indent);
	if (!e->u.branch.no)
		return;
	ast_put_line(p, indent - 1, "else");
	ast_put_expr(p, e->u.branch.no, indent);
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
		ast_put_expr(p, e->u.map.key, indent);
		break;
	case EXPR_CALL:
		print_vec(p, &e->u.call.args, indent);
		break;
	case EXPR_UNARY:
		ast_put_expr(p, e->u.unary.operand, indent);
		break;
	case EXPR_INCDEC:
		ast_put_expr(p, e->u.incdec.target, indent);
		break;
	case EXPR_BINARY:
		ast_put_expr(p, e->u.binary.left, indent);
		ast_put_expr(p, e->u.binary.right, indent);
		break;
	case EXPR_TERNARY:
		ast_put_expr(p, e->u.ternary.cond, indent);
		ast_put_expr(p, e->u.ternary.yes, indent);
		ast_put_expr(p, e->u.ternary.no, indent);
		break;
	case EXPR_CAST:
		if (e->u.cast.to)
			ast_put_type_exprs(p, e->u.cast.to, indent);
		ast_put_expr(p, e->u.cast.operand, indent);
		break;
	case EXPR_FIELD:
		ast_put_expr(p, e->u.field.object, indent);
		break;
	case EXPR_TUPLE_GET:
		ast_put_expr(p, e->u.tuple_get.object, indent);
		break;
	case EXPR_INDEX:
		ast_put_expr(p, e->u.index.object, indent);
		ast_put_expr(p, e->u.index.index, indent);
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
		ast_put_expr(p, e->u.type_query.of_expr, indent);
		break;
	case EXPR_BLOCK:
		print_block_value(p, e, indent);
		break;
	case EXPR_IF:
		print_if_value(p, e, indent);
		break;
	case EXPR_COMPTIME:
		ast_put_expr(p, e->u.comptime.operand, indent);
		break;
	}
}

void ast_put_expr(struct printer *p, const struct expr *e, int indent)
{
	if (!e)
		return;
	ast_put_indent(p, indent);
	put_head(p, e);
	if (p->types && e->type) {
		buf_puts(p->out, " :: ");
		type_format(e->type, p->out);
	}
	buf_putc(p->out, '\n');
	print_children(p, e, indent + 1);
}
