// c_token: text comes in, tokens leave. Comments and continued lines are blanks. Refuses
// nothing: a byte that means nothing in C is a punctuation of its own, and an open quote ends
// with its line.
#include "sema/c_token.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"

static int at(const struct c_lexer *lx, size_t pos)
{
	return pos < lx->end ? (unsigned char)lx->source->text[pos] : -1;
}

// Behind a backslash that joins two lines; 0 when there is none.
static size_t continuation(const struct c_lexer *lx, size_t pos)
{
	if (at(lx, pos) != '\\')
		return 0;
	if (at(lx, pos + 1) == '\n')
		return pos + 2;
	return at(lx, pos + 1) == '\r' && at(lx, pos + 2) == '\n' ? pos + 3 : 0;
}

static size_t skip_comment(const struct c_lexer *lx, size_t pos)
{
	if (at(lx, pos + 1) == '/') {
		while (pos < lx->end && at(lx, pos) != '\n') {
			size_t next = continuation(lx, pos);

			pos = next ? next : pos + 1;
		}
		return pos;
	}
	for (pos += 2; pos < lx->end; pos++)
		if (at(lx, pos) == '*' && at(lx, pos + 1) == '/')
			return pos + 2;
	return lx->end;
}

static void skip_blanks(struct c_lexer *lx)
{
	for (;;) {
		int c = at(lx, lx->pos);
		size_t next = continuation(lx, lx->pos);

		if (next) {
			lx->pos = next;
		} else if (c == '/' && (at(lx, lx->pos + 1) == '/' || at(lx, lx->pos + 1) == '*')) {
			lx->pos = skip_comment(lx, lx->pos);
		} else if (c == '\n' && !lx->one_line) {
			lx->line_start = true;
			lx->pos++;
		} else if (c == '\n' || !isspace(c) || c < 0) {
			return;
		} else {
			lx->pos++;
		}
	}
}

static size_t skip_quoted(const struct c_lexer *lx, size_t pos, int quote)
{
	for (pos++; pos < lx->end && at(lx, pos) != '\n'; pos++) {
		if (at(lx, pos) == quote)
			return pos + 1;
		if (at(lx, pos) == '\\' && pos + 1 < lx->end)
			pos++;
	}
	return pos < lx->end ? pos : lx->end;
}

static size_t punct_length(const struct c_lexer *lx, size_t pos)
{
	static const char *const pairs[] = {"<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "##"};

	if (at(lx, pos) == '.' && at(lx, pos + 1) == '.' && at(lx, pos + 2) == '.')
		return 3;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (at(lx, pos) == pairs[i][0] && at(lx, pos + 1) == pairs[i][1])
			return 2;
	return 1;
}

static bool is_word(int c)
{
	return c >= 0 && (isalnum(c) || c == '_' || c == '$');
}

static size_t scan(const struct c_lexer *lx, size_t pos, enum c_token_kind *kind)
{
	int c = at(lx, pos);

	if (c == '"' || c == '\'') {
		*kind = c == '"' ? C_STRING : C_CHAR;
		return skip_quoted(lx, pos, c);
	}
	if (!is_word(c)) {
		*kind = C_PUNCT;
		return pos + punct_length(lx, pos);
	}
	*kind = isdigit(c) ? C_NUMBER : C_NAME;
	while (is_word(at(lx, pos)) || (*kind == C_NUMBER && at(lx, pos) == '.'))
		pos++;
	return pos;
}

struct c_token c_next(struct c_lexer *lx)
{
	struct c_token t = {.kind = C_END, .quiet = lx->quiet};
	size_t before = lx->pos, begin;

	skip_blanks(lx);
	begin = lx->pos;
	t.spaced = begin > before;
	t.line_start = lx->line_start;
	t.text = lx->source->text + begin;
	if (begin < lx->end && !(lx->one_line && at(lx, begin) == '\n'))
		lx->pos = scan(lx, begin, &t.kind);
	if (t.kind != C_END)
		lx->line_start = false;
	t.len = lx->pos - begin;
	t.span.begin = lx->source->base + (uint32_t)begin;
	t.span.end = lx->source->base + (uint32_t)lx->pos;
	return t;
}

bool c_is(const struct c_token *t, const char *text)
{
	return (t->kind == C_NAME || t->kind == C_PUNCT) && strlen(text) == t->len &&
	       memcmp(t->text, text, t->len) == 0;
}

bool c_is_keyword(const struct c_token *t)
{
	static const char *const words[] = {
	    "auto",   "break",	"case",	    "char",   "const",	  "continue", "default",
	    "do",     "double", "else",	    "enum",   "extern",	  "float",    "for",
	    "goto",   "if",	"inline",   "int",    "long",	  "register", "restrict",
	    "return", "short",	"signed",   "sizeof", "static",	  "struct",   "switch",
	    "asm",    "typeof", "typedef",  "union",  "unsigned", "void",     "volatile",
	    "while",  "_Bool",	"_Complex",
	};

	if (t->kind != C_NAME)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (c_is(t, words[i]))
			return true;
	return false;
}
