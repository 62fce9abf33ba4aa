// syntax_error: a token that the grammar can't use and the tokens that it could have used
// come in, a sentence that teaches leaves. Says "expected X before Y"; knows the mistakes
// that people bring along from C, awk and older bpftrace and adds the remedy as a hint.
#include "parser/private.h"

#include <string.h>

#include "base/buf.h"
#include "grammar.h"

struct expected {
	const int *tokens;
	int count;
};

static bool expects(const struct expected *x, int token)
{
	for (int i = 0; i < x->count; i++) {
		if (x->tokens[i] == token)
			return true;
	}
	return false;
}

// ---- what was expected -------------------------------------------------------------------------

// Tokens that only ever stand for a group: naming them one by one says less.
static bool starts_expression(int token)
{
	switch (token) {
	case TOK_IDENT:
	case TOK_VAR:
	case TOK_MAP:
	case TOK_MAP_KEYED:
	case TOK_INT:
	case TOK_STRING:
	case TOK_PARAM:
	case TOK_PARAM_COUNT:
	case TOK_TRUE:
	case TOK_FALSE:
	case TOK_IF:
	case TOK_SIZEOF:
	case TOK_OFFSETOF:
	case TOK_TYPEINFO:
	case TOK_TYPEOF:
	case TOK_COMPTIME:
	case TOK_LPAREN:
	case TOK_CAST_LPAREN:
	case TOK_LBRACE:
	case TOK_INC:
	case TOK_DEC:
	case TOK_MINUS:
	case TOK_BANG:
	case TOK_TILDE:
	case TOK_STAR:
	case TOK_AMP:
		return true;
	default:
		return false;
	}
}

static bool starts_statement(int token)
{
	switch (token) {
	case TOK_LET:
	case TOK_IF_STMT:
	case TOK_COMPTIME_STMT:
	case TOK_WHILE:
	case TOK_UNROLL:
	case TOK_FOR:
	case TOK_BREAK:
	case TOK_CONTINUE:
	case TOK_RETURN:
	case TOK_SKIP:
	case TOK_IMPORT:
	case TOK_ENTRY_CLAUSE:
	case TOK_RETURN_CLAUSE:
	case TOK_STMT_LBRACE:
	case TOK_SEMI:
		return true;
	default:
		return starts_expression(token);
	}
}

static bool starts_item(int token)
{
	switch (token) {
	case TOK_ATTACH:
	case TOK_C_TEXT:
	case TOK_CONFIG:
	case TOK_IMPORT:
	case TOK_MACRO:
	case TOK_FN:
	case TOK_LET:
	case TOK_SEMI:
	case TOK_END:
		return true;
	default:
		return false;
	}
}

static bool continues_expression(int token)
{
	switch (token) {
	case TOK_EQ:
	case TOK_NE:
	case TOK_LE:
	case TOK_GE:
	case TOK_LT:
	case TOK_GT:
	case TOK_SHL:
	case TOK_SHR:
	case TOK_LAND:
	case TOK_LOR:
	case TOK_PLUS:
	case TOK_MINUS:
	case TOK_STAR:
	case TOK_SLASH:
	case TOK_PERCENT:
	case TOK_AMP:
	case TOK_PIPE:
	case TOK_CARET:
	case TOK_QUESTION:
	case TOK_DOT:
	case TOK_ARROW:
	case TOK_LBRACKET:
	case TOK_INC:
	case TOK_DEC:
	case TOK_LPAREN:
	case TOK_DOTDOT:
	case TOK_ASSIGN:
	case TOK_ADD_ASSIGN:
	case TOK_SUB_ASSIGN:
	case TOK_MUL_ASSIGN:
	case TOK_DIV_ASSIGN:
	case TOK_MOD_ASSIGN:
	case TOK_AND_ASSIGN:
	case TOK_OR_ASSIGN:
	case TOK_XOR_ASSIGN:
	case TOK_SHL_ASSIGN:
	case TOK_SHR_ASSIGN:
		return true;
	default:
		return false;
	}
}

static void put_spelling(struct buf *out, int token)
{
	const char *text = token_spelling(token);
	size_t len = strlen(text);

	while (len && text[len - 1] == ' ')
		len--;
	switch (token) {
	case TOK_IDENT:
	case TOK_INT:
	case TOK_STRING:
	case TOK_PARAM:
	case TOK_C_TEXT:
	case TOK_ATTACH:
		buf_printf(out, "%s %s", strchr("aeiou", text[0]) ? "an" : "a", text);
		break;
	case TOK_VAR:
		buf_puts(out, "a variable");
		break;
	case TOK_MAP:
	case TOK_MAP_KEYED:
		buf_puts(out, "a map");
		break;
	case TOK_END:
		buf_puts(out, "end of file");
		break;
	case TOK_PRED_END:
		buf_puts(out, "'/' at the end of the predicate");
		break;
	default:
		buf_printf(out, "'%.*s'", (int)len, text);
	}
}

struct listing {
	struct buf text;
	int count;
	int words[64]; // tokens listed
};

static void list_token(struct listing *l, int token)
{
	const char *spelling = token_spelling(token);
	size_t len = strcspn(spelling, " ");

	for (int i = 0; i < l->count; i++) {
		const char *other = token_spelling(l->words[i]);

		if (token != TOK_PRED_END && strcspn(other, " ") == len &&
		    strncmp(other, spelling, len) == 0)
			return;
	}
	if (l->count == 64)
		return;
	if (l->count)
		buf_puts(&l->text, " or ");
	put_spelling(&l->text, token);
	l->words[l->count++] = token;
}

// One phrase for all of them; empty when there are too many to help.
static void describe_expected(struct listing *l, const struct expected *x)
{
	bool expression = expects(x, TOK_INT) && expects(x, TOK_STRING) && expects(x, TOK_MINUS);
	bool statement = expression && expects(x, TOK_WHILE);
	bool point = expects(x, TOK_PRED_BEGIN) && expects(x, TOK_LBRACE);
	bool item = expects(x, TOK_ATTACH) && expects(x, TOK_MACRO);
	bool continued = expects(x, TOK_PLUS) && expects(x, TOK_SHL);

	if (item)
		buf_puts(&l->text, "a probe");
	else if (statement)
		buf_puts(&l->text, "a statement");
	else if (expression)
		buf_puts(&l->text, "expression");
	l->count = l->text.len > 0;
	if (l->count)
		l->words[0] = TOK_BAD;
	for (int i = 0; i < x->count; i++) {
		int token = x->tokens[i];

		// What else may follow an attach point says less than what must.
		if (point && token != TOK_LBRACE)
			continue;
		if (token == TOK_RESYNC || token == TOK_BAD || (item && starts_item(token)) ||
		    (statement && starts_statement(token)) ||
		    (expression && starts_expression(token)) ||
		    (continued && continues_expression(token)))
			continue;
		list_token(l, token);
	}
	if (l->count > 6)
		buf_clear(&l->text);
}

// ---- what stands there
// ---------------------------------------------------------------------------

static void describe_found(struct buf *out, struct parse *ps, struct token t)
{
	struct source_text text = span_text(ps, t.span);
	size_t len = strcspn(text.data, "\n");

	if (t.kind == TOK_END) {
		buf_puts(out, "end of file");
		return;
	}
	len = len < text.len ? len : text.len;
	buf_putc(out, '\'');
	if (text.len && !text.data[0])
		buf_puts(out, "\\x00");
	else
		buf_append(out, text.data, len > 40 ? 40 : len);
	buf_puts(out, len > 40 ? "...'" : "'");
}

// ---- hints
// -----------------------------------------------------------------------------------------

static bool text_is(struct parse *ps, struct span at, const char *word)
{
	struct source_text t = span_text(ps, at);

	return t.len == strlen(word) && memcmp(t.data, word, t.len) == 0;
}

static bool next_text_is(struct parse *ps, struct span at, const char *word)
{
	size_t pos = skip_layout(ps->src, at.end - ps->src->base);

	return ps->src->len - pos >= strlen(word) &&
	       memcmp(ps->src->text + pos, word, strlen(word)) == 0;
}

static const char *hint_for_unknown(struct parse *ps, struct span at)
{
	struct source_text t = span_text(ps, at);

	if (text_is(ps, at, "=>"))
		return "'>=' compares, '->' reaches a field";
	if (text_is(ps, at, "&&&") || text_is(ps, at, "|||"))
		return "logical operators are && and ||";
	if (text_is(ps, at, "===") || text_is(ps, at, "!=="))
		return "comparisons are == and !=";
	if (text_is(ps, at, ":="))
		return "'=' assigns; 'let $x = ...' declares";
	if (text_is(ps, at, "<>"))
		return "'!=' compares for inequality";
	if (t.len && t.data[0] == '\'')
		return "there are no character literals: use a \"string\" or a number such as 0x61";
	if (text_is(ps, at, "elif") || text_is(ps, at, "elsif"))
		return "write 'else if'";
	if (t.len > 4 && strchr("sute", t.data[0]))
		return "the C definition has no end";
	if (t.len && t.data[0] == '#')
		return "the preprocessor works outside of probes only";
	if (t.len && (unsigned char)t.data[0] >= 0x80)
		return "outside of strings and comments only ASCII characters can stand";
	if (t.len && t.data[0] == '$')
		return "variables are $name, parameters $1, $2, ... and their number $#";
	return NULL;
}

#define INTEGER_TYPES "types are one word: int8, uint8, ..., int64, uint64, or struct NAME"

static const char *hint_for_word(struct parse *ps, struct token bad, struct span before)
{
	static const char *const pairs[][2] = {
	    {"elif", "write 'else if'"},
	    {"elsif", "write 'else if'"},
	    {"and", "'and' is written &&"},
	    {"or", "'or' is written ||"},
	    {"not", "'not' is written !"},
	    {"var", "declare variables with 'let $x', or just assign: $x = 1"},
	    {"foreach", "loops are 'for $i : 0..10 { }' and 'for $kv : @map { }'"},
	    {"entry", "'entry { }' is a clause of session probes: session:BINARY:FUNCTION { entry "
		      "{ } return { } }"},
	    {"function", "subprograms are written fn name($x : int64) : int64 { }"},
	    {"def", "subprograms are written fn name($x : int64) : int64 { }"},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (text_is(ps, bad.span, pairs[i][0]) || text_is(ps, before, pairs[i][0]))
			return pairs[i][1];
	}
	return NULL;
}

static const char *hint_for_place(struct parse *ps, struct token bad, const struct expected *x,
				  int before)
{
	unsigned frame = ps->lexer.frame_before.kind;

	if (frame == FRAME_TOP && ps->lexer.closed_angle && bad.kind != TOK_END)
		return "the '<' body ended at its first '>': put the comparison in parentheses";
	if (bad.kind == TOK_ATTACH && before == TOK_ATTACH &&
	    memchr(span_text(ps, bad.span).data, ':', bad.span.end - bad.span.begin))
		return "attach points are separated by commas";
	if (bad.kind == TOK_RBRACE && frame == FRAME_ANGLE)
		return "a body that begins with '<' ends with '>'";
	if (bad.kind == TOK_ASSIGN && frame != FRAME_BODY && frame != FRAME_ANGLE &&
	    frame != FRAME_CONFIG && before != TOK_FN && before != TOK_MACRO)
		return "'=' assigns and is a statement; '==' compares";
	if (before == TOK_LET && (bad.kind == TOK_MAP || bad.kind == TOK_MAP_KEYED))
		return "maps are declared outside of probes: let @m = hash(100);";
	if (before == TOK_LET && bad.kind == TOK_VAR)
		return "outside of probes only maps are declared: let @m = hash(100);";
	if (before == TOK_LET)
		return "a declaration is let $x = 1;";
	if (before == TOK_FOR || (expects(x, TOK_VAR) && bad.kind == TOK_IDENT && x->count == 1))
		return "loops are 'for $i : 0..10 { }' and 'for $kv : @map { }'";
	if (before == TOK_IDENT && bad.kind == TOK_STRING)
		return "functions are called with parentheses: printf(\"...\")";
	if (expects(x, TOK_STMT_LBRACE) && !expects(x, TOK_WHILE) && bad.kind != TOK_END)
		return "a body stands in braces, also when it is a single statement";
	if (bad.kind == TOK_END && (expects(x, TOK_RBRACE) || expects(x, TOK_PLUS)))
		return "a brace, parenthesis or body is still open";
	if (bad.kind == TOK_ATTACH && expects(x, TOK_LBRACE) && next_text_is(ps, bad.span, "{"))
		return "attach points are separated by commas";
	if (bad.kind == TOK_RBRACE && frame == FRAME_TOP)
		return "there is one '}' too many";
	return NULL;
}

static void add_hint(struct parse *ps, struct token bad, const struct expected *x, int before,
		     struct span before_span)
{
	const char *hint = NULL;

	if (bad.kind == TOK_BAD)
		hint = hint_for_unknown(ps, bad.span);
	if (!hint && bad.kind != TOK_END)
		hint = hint_for_word(ps, bad, before_span);
	if (!hint)
		hint = hint_for_place(ps, bad, x, before);
	if (hint)
		diag_hint(ps->diag, "%s", hint);
}

// ---- mending
// ---------------------------------------------------------------------------------------

static bool on_new_line(struct parse *ps, struct span before, struct span bad)
{
	const char *from = ps->src->text + (before.end - ps->src->base);

	return memchr(from, '\n', bad.begin - before.end) != NULL;
}

// A statement that begins where a semicolon was expected: go on with it.
static bool lacks_semicolon(struct parse *ps, struct token bad, const struct expected *x,
			    struct span before)
{
	if (!expects(x, TOK_SEMI) || expects(x, TOK_ATTACH) || expects(x, TOK_WHILE))
		return false;
	switch (bad.kind) {
	case TOK_VAR:
	case TOK_MAP:
	case TOK_MAP_KEYED:
	case TOK_LET:
	case TOK_IF:
	case TOK_WHILE:
	case TOK_FOR:
	case TOK_UNROLL:
	case TOK_RETURN:
	case TOK_BREAK:
	case TOK_CONTINUE:
		return true;
	case TOK_IDENT:
		return on_new_line(ps, before, bad.span) || next_text_is(ps, bad.span, "(");
	default:
		return false;
	}
}

int report_syntax_error(struct parse *ps, struct token bad, const int *tokens, int count)
{
	struct expected x = {tokens, count};
	struct listing list = {0};
	struct buf found = {0};
	struct lexer *lx = &ps->lexer;
	bool again = lx->had_error && lx->error_at == bad.span.begin;
	bool semicolon = !again && lacks_semicolon(ps, bad, &x, lx->before_span);
	struct span at = bad.span;

	// The last line that has something on it shows more than the end of the file.
	if (bad.kind == TOK_END)
		at.begin = at.end = lx->before_span.end;
	if (!lx->stopped && !again && !(bad.kind == TOK_END && lx->unterminated)) {
		if (semicolon)
			buf_puts(&list.text, "';'");
		else
			describe_expected(&list, &x);
		describe_found(&found, ps, bad);
		if (list.text.len)
			diag_error(ps->diag, at, "syntax", "syntax: expected %s before %s",
				   buf_str(&list.text), buf_str(&found));
		else
			diag_error(ps->diag, at, "syntax", "syntax: unexpected %s",
				   buf_str(&found));
		add_hint(ps, bad, &x, lx->before, lx->before_span);
		if (ps->diag->error_count >= DIAG_MAX_ERRORS)
			lexer_stop(lx);
	}
	buf_release(&list.text);
	buf_release(&found);
	return semicolon ? TOK_SEMI : 0;
}
