// fmt_expr: an expression comes in, its text leaves: on the line where it fits, else broken by
// its kind: arguments are filled, operators end their lines, blocks get lines of their own.
#include <string.h>

#include "parser/fmt.h"

static unsigned column(const struct fmt *f)
{
	size_t i = f->out->len;

	while (i > 0 && f->out->data[i - 1] != '\n')
		i--;
	return (unsigned)(f->out->len - i);
}

static void put(struct fmt *f, const char *text)
{
	buf_puts(f->out, text);
	if (f->flat && f->out->len > f->limit)
		f->overflow = true;
}

void fmt_newline(struct fmt *f)
{
	buf_putc(f->out, '\n');
	for (unsigned i = 0; i < f->indent; i++)
		buf_putc(f->out, ' ');
}

static void put_expr(struct fmt *f, const struct expr *e, unsigned tail);

// ---- types as written
// ----------------------------------------------------------------------------

static void put_type_list(struct fmt *f, const struct type_expr *t)
{
	put(f, "(");
	for (size_t i = 0; i < t->members.len; i++) {
		put(f, i ? ", " : "");
		fmt_type(f, t->members.data[i]);
	}
	put(f, ")");
}

void fmt_type(struct fmt *f, const struct type_expr *t)
{
	static const char *const words[] = {[TYPE_EXPR_NAME] = "",
					    [TYPE_EXPR_STRUCT] = "struct ",
					    [TYPE_EXPR_UNION] = "union ",
					    [TYPE_EXPR_ENUM] = "enum "};

	switch (t->kind) {
	case TYPE_EXPR_POINTER:
		fmt_type(f, t->elem);
		put(f, "*");
		return;
	case TYPE_EXPR_ARRAY:
		fmt_type(f, t->elem);
		put(f, "[");
		if (t->expr)
			put_expr(f, t->expr, 1);
		put(f, "]");
		return;
	case TYPE_EXPR_TYPEOF:
		put(f, "typeof(");
		if (t->elem)
			fmt_type(f, t->elem);
		else
			put_expr(f, t->expr, 1);
		put(f, ")");
		return;
	case TYPE_EXPR_TUPLE:
		put_type_list(f, t);
		return;
	default:
		put(f, words[t->kind]);
		put(f, t->name);
	}
}

// ---- atoms
// ---------------------------------------------------------------------------------------

static void put_string(struct fmt *f, const char *s, size_t n)
{
	put(f, "\"");
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c == '"' || c == '\\')
			buf_printf(f->out, "\\%c", c);
		else if (c == '\n' || c == '\t' || c == '\r')
			buf_printf(f->out, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
		else if (c < 0x20 || c >= 0x7f)
			buf_printf(f->out, "\\x%02x", c);
		else
			buf_putc(f->out, (char)c);
	}
	put(f, "\"");
}

static void put_param(struct fmt *f, const struct expr *e)
{
	if (e->u.positional.is_count)
		put(f, "$#");
	else
		buf_printf(f->out, "$%u", e->u.positional.index);
}

static bool put_atom(struct fmt *f, const struct expr *e)
{
	switch (e->kind) {
	case EXPR_INT:
		put(f, e->u.integer.text);
		return true;
	case EXPR_STRING:
		put_string(f, e->u.string.data, e->u.string.len);
		return true;
	case EXPR_BOOL:
		put(f, e->u.boolean ? "true" : "false");
		return true;
	case EXPR_POSITIONAL:
		put_param(f, e);
		return true;
	case EXPR_IDENT:
		put(f, e->u.ident.name);
		return true;
	case EXPR_VAR:
		put(f, "$");
		put(f, e->u.var.name);
		return true;
	default:
		return false;
	}
}

// ---- lists
// ---------------------------------------------------------------------------------------

// Items side by side as long as they fit, then below each other.
struct filler {
	struct fmt *f;
	unsigned begin; // column of the items
	size_t i, count;
	unsigned tail;
};

static void fill_item(struct filler *l, const char *name, const struct expr *e)
{
	struct fmt *f = l->f;
	unsigned tail = l->i + 1 < l->count ? 1 : l->tail, indent = f->indent;
	size_t mark = f->out->len;
	bool flat = f->flat;

	put(f, l->i ? ", " : "");
	put(f, name);
	put(f, *name ? "=" : "");
	if (flat || !l->i) {
		put_expr(f, e, tail);
	} else {
		f->flat = true;
		f->overflow = false;
		f->limit =
		    f->out->len + (column(f) + tail < FMT_WIDTH ? FMT_WIDTH - column(f) - tail : 0);
		put_expr(f, e, tail);
		f->flat = false;
		if (f->overflow) {
			f->out->len = mark;
			f->indent = l->begin;
			buf_putc(f->out, ',');
			fmt_newline(f);
			put(f, name);
			put(f, *name ? "=" : "");
			fmt_expr(f, e, tail);
			f->indent = indent;
		}
	}
	l->i++;
}

static void put_list(struct fmt *f, const char *open, const expr_vec *items, const char *close,
		     unsigned tail)
{
	struct filler l = {f, 0, 0, items->len, tail + (unsigned)strlen(close)};

	put(f, open);
	l.begin = column(f);
	for (size_t i = 0; i < items->len && !f->overflow; i++)
		fill_item(&l, "", items->data[i]);
	put(f, close);
}

static void put_record(struct fmt *f, const struct expr *e, unsigned tail)
{
	struct filler l = {f, 0, 0, e->u.record.items.len, tail + 1};

	put(f, "(");
	l.begin = column(f);
	for (size_t i = 0; i < e->u.record.items.len && !f->overflow; i++)
		fill_item(&l, e->u.record.items.data[i].name, e->u.record.items.data[i].value);
	put(f, ")");
}

static void put_map(struct fmt *f, const struct expr *e, unsigned tail)
{
	const struct expr *key = e->u.map.key;

	put(f, "@");
	put(f, e->u.map.name);
	if (key && key->kind == EXPR_TUPLE && key->u.tuple.items.len > 1) {
		put_list(f, "[", &key->u.tuple.items, "]", tail);
	} else if (key) {
		put(f, "[");
		put_expr(f, key, tail + 1);
		put(f, "]");
	}
}

// ---- operators
// -----------------------------------------------------------------------------------

static bool is_atom(const struct expr *e)
{
	switch (e->kind) {
	case EXPR_UNARY:
	case EXPR_INCDEC:
	case EXPR_BINARY:
	case EXPR_TERNARY:
	case EXPR_CAST:
	case EXPR_IF:
	case EXPR_COMPTIME:
		return false;
	default:
		return true;
	}
}

void fmt_operand(struct fmt *f, const struct expr *e, unsigned tail)
{
	if (is_atom(e)) {
		put_expr(f, e, tail);
		return;
	}
	put(f, "(");
	put_expr(f, e, tail + 1);
	put(f, ")");
}

static bool compares(enum binary_op op)
{
	return op >= BIN_EQ && op <= BIN_GE;
}

static bool is_logical(enum binary_op op)
{
	return op == BIN_LAND || op == BIN_LOR;
}

// Comparisons and chains of one logical operator stand without parentheses.
static bool stands_alone(const struct expr *parent, const struct expr *e)
{
	enum binary_op outer = parent->u.binary.op;

	if (e->kind != EXPR_BINARY)
		return is_atom(e);
	if (compares(e->u.binary.op))
		return is_logical(outer);
	return is_logical(outer) && e->u.binary.op == outer;
}

static void put_side(struct fmt *f, const struct expr *parent, const struct expr *e, unsigned tail)
{
	if (stands_alone(parent, e))
		put_expr(f, e, tail);
	else
		fmt_operand(f, e, tail);
}

static void put_binary(struct fmt *f, const struct expr *e, unsigned tail)
{
	unsigned indent = f->indent, begin = column(f);

	put_side(f, e, e->u.binary.left, 3);
	put(f, " ");
	put(f, binary_op_text(e->u.binary.op));
	f->indent = begin;
	if (f->flat)
		put(f, " ");
	else
		fmt_newline(f);
	put_side(f, e, e->u.binary.right, tail);
	f->indent = indent;
}

static void put_ternary(struct fmt *f, const struct expr *e, unsigned tail)
{
	unsigned indent = f->indent;

	fmt_operand(f, e->u.ternary.cond, 2);
	f->indent = indent + FMT_INDENT;
	if (f->flat)
		put(f, " ");
	else
		fmt_newline(f);
	put(f, e->u.ternary.yes ? "? " : "?: ");
	if (e->u.ternary.yes) {
		fmt_operand(f, e->u.ternary.yes, 2);
		if (f->flat)
			put(f, " ");
		else
			fmt_newline(f);
		put(f, ": ");
	}
	fmt_operand(f, e->u.ternary.no, tail);
	f->indent = indent;
}

static void put_incdec(struct fmt *f, const struct expr *e, unsigned tail)
{
	const char *op = e->u.incdec.is_decrement ? "--" : "++";

	put(f, e->u.incdec.is_prefix ? op : "");
	put_expr(f, e->u.incdec.target, tail + 2);
	put(f, e->u.incdec.is_prefix ? "" : op);
}

static void put_prefixed(struct fmt *f, const struct expr *e, unsigned tail)
{
	switch (e->kind) {
	case EXPR_UNARY:
		put(f, unary_op_text(e->u.unary.op));
		fmt_operand(f, e->u.unary.operand, tail);
		return;
	case EXPR_CAST:
		put(f, "(");
		fmt_type(f, e->u.cast.to);
		put(f, ")");
		fmt_operand(f, e->u.cast.operand, tail);
		return;
	default:
		put(f, "comptime ");
		fmt_operand(f, e->u.comptime.operand, tail);
	}
}

static bool is_scalar_map(const struct expr *e)
{
	return e->kind == EXPR_MAP && !e->u.map.key;
}

static void put_access(struct fmt *f, const struct expr *e, unsigned tail)
{
	switch (e->kind) {
	case EXPR_FIELD:
		fmt_operand(f, e->u.field.object, tail);
		put(f, ".");
		put(f, e->u.field.name);
		return;
	case EXPR_TUPLE_GET:
		fmt_operand(f, e->u.tuple_get.object, tail);
		buf_printf(f->out, ".%u", e->u.tuple_get.index);
		return;
	default:
		if (is_scalar_map(e->u.index.object)) { // (@x)[1] is no key
			put(f, "(");
			put_expr(f, e->u.index.object, tail);
			put(f, ")");
		} else {
			fmt_operand(f, e->u.index.object, tail);
		}
		put(f, "[");
		put_expr(f, e->u.index.index, tail + 1);
		put(f, "]");
	}
}

static void put_type_query(struct fmt *f, const struct expr *e)
{
	put(f, e->kind == EXPR_SIZEOF	  ? "sizeof("
	       : e->kind == EXPR_OFFSETOF ? "offsetof("
	       : e->kind == EXPR_TYPE	  ? "typeof("
					  : "typeinfo(");
	if (e->u.type_query.of_type)
		fmt_type(f, e->u.type_query.of_type);
	else
		put_expr(f, e->u.type_query.of_expr, 1);
	for (size_t i = 0; i < e->u.type_query.path.len; i++) {
		put(f, i ? "." : ", ");
		put(f, e->u.type_query.path.data[i]);
	}
	put(f, ")");
}

// ---- blocks as values
// ----------------------------------------------------------------------------

static const struct expr *only_value(const struct expr *e)
{
	return e->u.block.block->stmts.len ? NULL : e->u.block.value;
}

static void put_block_expr(struct fmt *f, const struct expr *e)
{
	const struct block *b = e->u.block.block;

	if (!f->flat) {
		fmt_block(f, b, e->u.block.value, false);
		return;
	}
	put(f, "{ ");
	if (only_value(e)) {
		put_expr(f, e->u.block.value, 2);
	} else if (b->stmts.len == 1 && !e->u.block.value && fmt_is_simple(b->stmts.data[0])) {
		fmt_simple(f, b->stmts.data[0]);
		put(f, ";");
	} else {
		f->overflow = true;
	}
	put(f, " }");
}

static void put_if_expr(struct fmt *f, const struct expr *e)
{
	put(f, "if ");
	fmt_condition(f, e->u.branch.cond);
	put(f, " ");
	put_expr(f, e->u.branch.yes, 2);
	if (!e->u.branch.no)
		return;
	put(f, " else ");
	put_expr(f, e->u.branch.no, 2);
}

void fmt_condition(struct fmt *f, const struct expr *e)
{
	if (e->kind == EXPR_COMPTIME)
		put_expr(f, e, 3);
	else
		fmt_operand(f, e, 3);
}

// ---- one expression
// ------------------------------------------------------------------------------

static void put_kind(struct fmt *f, const struct expr *e, unsigned tail)
{
	switch (e->kind) {
	case EXPR_MAP:
		put_map(f, e, tail);
		break;
	case EXPR_CALL:
		put(f, e->u.call.name);
		put_list(f, "(", &e->u.call.args, ")", tail);
		break;
	case EXPR_TUPLE:
		put_list(f, "(", &e->u.tuple.items, e->u.tuple.items.len == 1 ? ",)" : ")", tail);
		break;
	case EXPR_RECORD:
		put_record(f, e, tail);
		break;
	case EXPR_BINARY:
		put_binary(f, e, tail);
		break;
	case EXPR_TERNARY:
		put_ternary(f, e, tail);
		break;
	case EXPR_INCDEC:
		put_incdec(f, e, tail);
		break;
	case EXPR_UNARY:
	case EXPR_CAST:
	case EXPR_COMPTIME:
		put_prefixed(f, e, tail);
		break;
	case EXPR_FIELD:
	case EXPR_TUPLE_GET:
	case EXPR_INDEX:
		put_access(f, e, tail);
		break;
	case EXPR_BLOCK:
		put_block_expr(f, e);
		break;
	case EXPR_IF:
		put_if_expr(f, e);
		break;
	default:
		put_type_query(f, e);
	}
}

// In flat mode: one attempt, given up when it doesn't fit.
static void put_expr(struct fmt *f, const struct expr *e, unsigned tail)
{
	if (f->overflow)
		return;
	if (!f->flat)
		fmt_expr(f, e, tail);
	else if (!put_atom(f, e))
		put_kind(f, e, tail);
}

void fmt_expr(struct fmt *f, const struct expr *e, unsigned tail)
{
	size_t mark = f->out->len;
	unsigned used = column(f) + tail;

	if (f->flat) {
		put_expr(f, e, tail);
		return;
	}
	f->flat = true;
	f->overflow = false;
	f->limit = mark + (used < FMT_WIDTH ? FMT_WIDTH - used : 0);
	put_expr(f, e, tail);
	f->flat = false;
	if (f->overflow) {
		f->overflow = false;
		f->out->len = mark;
		if (!put_atom(f, e))
			put_kind(f, e, tail);
	}
}
