// c_expr: integer constant expressions of C, for #if, enums, array lengths and bitfields.
// Tokens come in (macros expanded, `defined` replaced), a number leaves. All arithmetic is in 64
// bits. Refuses division by zero, floating-point numbers and nesting beyond C_MAX_DEPTH.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "sema/cdefs_private.h"

static int64_t conditional(struct c_cursor *c);

static void fail(struct c_cursor *c, const char *text)
{
	if (!c->failed)
		c_error(c->d, c->at, "c-expression", "%s", text);
	c->failed = true;
}

static bool accept(struct c_cursor *c, const char *text)
{
	if (!c_is(c->at, text))
		return false;
	c->at++;
	return true;
}

static int64_t number(struct c_cursor *c)
{
	char text[72], *end;
	uint64_t value;
	size_t n = c->at->len;

	if (n >= sizeof(text)) {
		fail(c, "this number is too long");
		return 0;
	}
	memcpy(text, c->at->text, n);
	text[n] = '\0';
	if (text[0] == '0' && (text[1] == 'b' || text[1] == 'B'))
		value = strtoull(text + 2, &end, 2);
	else
		value = strtoull(text, &end, 0);
	while (*end && strchr("uUlL", *end))
		end++;
	if (*end)
		fail(c, "expected an integer");
	c->at++;
	return (int64_t)value;
}

static int64_t escape(const char *s, size_t n)
{
	static const char from[] = "ntr0abfv\\'\"", to[] = "\n\t\r\0\a\b\f\v\\'\"";
	const char *p = n ? memchr(from, s[0], sizeof(from) - 1) : NULL;

	if (n > 1 && s[0] == 'x')
		return (int8_t)strtoul(s + 1, NULL, 16);
	if (n && s[0] >= '0' && s[0] <= '7')
		return (int8_t)strtoul(s, NULL, 8);
	return p ? to[p - from] : 0;
}

static int64_t character(struct c_cursor *c)
{
	const char *s = c->at->text + 1;
	size_t n = c->at->len;

	c->at++;
	if (n < 3)
		return 0;
	return *s == '\\' ? escape(s + 1, n - 3) : (int8_t)*s;
}

static int64_t name(struct c_cursor *c)
{
	struct c_constant *k = c_table_find(&c->d->constants, c->at->text, c->at->len);

	if (c->parser && !k)
		fail(c, "expected a constant");
	c->at++;
	if (!c->parser && c_is(c->at, "(")) // a macro that only a compiler has
		fail(c, "macros with arguments are not supported yet in #if");
	return k ? k->value : 0;
}

static int64_t size_of(struct c_cursor *c)
{
	struct type *t;

	c->at++;
	t = c->parser && c_is(c->at, "(") ? c_parse_type_name(c->parser, c) : NULL;
	if (!t)
		fail(c, "expected a type in parentheses");
	return t ? t->size : 0;
}

static int64_t unary(struct c_cursor *c)
{
	int64_t value = 0;

	if (c->failed || ++c->depth > C_MAX_DEPTH) {
		fail(c, "this expression is nested too deep");
		return 0;
	}
	if (accept(c, "-"))
		value = (int64_t)(0 - (uint64_t)unary(c));
	else if (accept(c, "+"))
		value = unary(c);
	else if (accept(c, "!"))
		value = !unary(c);
	else if (accept(c, "~"))
		value = ~unary(c);
	else if (c_is(c->at, "(") && c->parser && c_parse_type_name(c->parser, c))
		value = unary(c); // a cast
	else if (accept(c, "(")) {
		value = conditional(c);
		if (!accept(c, ")"))
			fail(c, "expected ')'");
	} else if (c->at->kind == C_NUMBER)
		value = number(c);
	else if (c->at->kind == C_CHAR)
		value = character(c);
	else if (c->parser && (c_is(c->at, "sizeof") || c_is(c->at, "_Alignof")))
		value = size_of(c);
	else if (c->at->kind == C_NAME)
		value = name(c);
	else
		fail(c, "expected an integer constant");
	c->depth--;
	return value;
}

static const struct {
	const char *text;
	int level;
} operators[] = {
    {"||", 1}, {"&&", 2}, {"|", 3},  {"^", 4},	{"&", 5},  {"==", 6}, {"!=", 6}, {"<=", 7},
    {">=", 7}, {"<", 7},  {">", 7},  {"<<", 8}, {">>", 8}, {"+", 9},  {"-", 9},	 {"*", 10},
    {"/", 10}, {"%", 10},
};

static int64_t divide(struct c_cursor *c, int64_t l, int64_t r, bool modulo)
{
	if (r == 0) {
		fail(c, "division by zero");
		return 0;
	}
	if (r == -1)
		return modulo ? 0 : (int64_t)(0 - (uint64_t)l);
	return modulo ? l % r : l / r;
}

static int64_t apply(struct c_cursor *c, const char *op, int64_t l, int64_t r)
{
	switch (op[0]) {
	case '|':
		return op[1] ? l || r : l | r;
	case '&':
		return op[1] ? l && r : l & r;
	case '^':
		return l ^ r;
	case '=':
		return l == r;
	case '!':
		return l != r;
	case '<':
		return op[1] == '<' ? (int64_t)((uint64_t)l << (r & 63)) : op[1] ? l <= r : l < r;
	case '>':
		return op[1] == '>' ? l >> (r & 63) : op[1] ? l >= r : l > r;
	case '+':
		return (int64_t)((uint64_t)l + (uint64_t)r);
	case '-':
		return (int64_t)((uint64_t)l - (uint64_t)r);
	case '*':
		return (int64_t)((uint64_t)l * (uint64_t)r);
	default:
		return divide(c, l, r, op[0] == '%');
	}
}

static int find_operator(const struct c_token *t)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++)
		if (c_is(t, operators[i].text))
			return (int)i;
	return -1;
}

// Operators of at least this level.
static int64_t binary(struct c_cursor *c, int level)
{
	int64_t left = unary(c), right;
	int i;

	while (!c->failed && (i = find_operator(c->at)) >= 0 && operators[i].level >= level) {
		c->at++;
		right = binary(c, operators[i].level + 1);
		left = c->failed ? 0 : apply(c, operators[i].text, left, right);
	}
	return left;
}

static int64_t conditional(struct c_cursor *c)
{
	int64_t cond = binary(c, 1), yes, no;

	if (!accept(c, "?"))
		return cond;
	if (++c->depth > C_MAX_DEPTH)
		fail(c, "this expression is nested too deep");
	yes = c->failed ? 0 : conditional(c);
	if (!c->failed && !accept(c, ":"))
		fail(c, "expected ':'");
	no = c->failed ? 0 : conditional(c);
	c->depth--;
	return cond ? yes : no;
}

int64_t c_evaluate(struct c_cursor *cursor)
{
	return conditional(cursor);
}
