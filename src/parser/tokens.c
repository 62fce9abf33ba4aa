// tokens: raw tokens come in, tokens that mean one thing each leave. Keeps the stack of
// open brackets and bodies, the only context that it needs besides the token before.
//
// It also finds the way back after a syntax error (lexer_recover): RESYNC is handed out
// where the grammar can go on, which is at the next statement of the innermost body, at the
// end of a predicate, or at the next item. The grammar's `error RESYNC` rules take it.
//
// Refuses brackets nested deeper than LEXER_MAX_FRAMES.
#include "parser/private.h"

#include <string.h>

#include "grammar.h"

// ---- frames --------------------------------------------------------------------------------

static struct frame *innermost(struct lexer *lx)
{
	return &lx->frames[lx->depth - 1];
}

static bool holds_statements(const struct frame *f)
{
	return f->kind == FRAME_BODY || f->kind == FRAME_ANGLE;
}

// The frame that brackets of expressions stand in.
static unsigned block_index(const struct lexer *lx)
{
	unsigned i = lx->depth - 1;

	while (lx->frames[i].kind >= FRAME_PAREN)
		i--;
	return i;
}

static void push_frame(struct lexer *lx, enum frame_kind kind, struct span at)
{
	if (lx->depth == LEXER_MAX_FRAMES) {
		if (!lx->too_deep)
			diag_error(lx->diag, at, "too-deep",
				   "brackets are nested more than %d deep", LEXER_MAX_FRAMES - 1);
		lx->too_deep = true;
		lexer_stop(lx);
		return;
	}
	lx->frames[lx->depth++] = (struct frame){.kind = (uint8_t)kind};
}

static void pop_to(struct lexer *lx, unsigned depth)
{
	lx->depth = depth;
	if (depth == 1) {
		lx->item_start = true;
		lx->session = false;
	}
}

// ---- brackets ------------------------------------------------------------------------------

static bool is_statement_start(struct lexer *lx)
{
	switch (lx->prev) {
	case TOK_LBRACE:
	case TOK_STMT_LBRACE:
	case TOK_ANGLE_BEGIN:
	case TOK_RBRACE:
	case TOK_SEMI:
	case TOK_RESYNC:
		return holds_statements(innermost(lx));
	case TOK_COMPTIME_STMT:
		return true;
	default:
		return false;
	}
}

static void open_brace(struct lexer *lx, struct token *t)
{
	struct frame *f = innermost(lx);
	enum frame_kind kind = FRAME_BODY;
	bool clauses = false;

	lx->closed_angle = false;
	if (is_statement_start(lx))
		t->kind = TOK_STMT_LBRACE;
	if (f->kind == FRAME_TOP)
		clauses = lx->session;
	if (f->kind == FRAME_HEADER) {
		if (f->header == TOK_CONFIG)
			kind = FRAME_CONFIG;
		lx->depth--;
	}
	push_frame(lx, kind, t->span);
	innermost(lx)->clauses = clauses;
}

static void close_brace(struct lexer *lx)
{
	unsigned i = block_index(lx);

	if (lx->frames[i].kind == FRAME_BODY || lx->frames[i].kind == FRAME_CONFIG)
		pop_to(lx, i);
}

static void close_bracket(struct lexer *lx, enum frame_kind kind)
{
	unsigned block = block_index(lx);

	for (unsigned i = lx->depth - 1; i > block; i--) {
		if (lx->frames[i].kind == (uint8_t)kind) {
			lx->closed_cast = lx->frames[i].cast;
			lx->depth = i;
			break;
		}
	}
	// `let @m = hash(10)` ends here, with or without a semicolon.
	if (innermost(lx)->kind == FRAME_HEADER && innermost(lx)->header == TOK_LET)
		pop_to(lx, lx->depth - 1);
}

static void open_paren(struct lexer *lx, struct token *t)
{
	size_t next = t->span.end - lx->src->base;
	bool names = false;

	switch (lx->prev) {
	case TOK_OFFSETOF:
		names = true;
		// fall through
	case TOK_SIZEOF:
	case TOK_TYPEOF:
	case TOK_TYPEINFO:
		if (looks_like_type(lx->src, next))
			t->kind = TOK_TYPE_LPAREN;
		break;
	case TOK_IDENT:
	case TOK_RBRACKET:
		break; // a call
	case TOK_RPAREN:
		if (!lx->closed_cast)
			break;
		// fall through
	default:
		if (looks_like_cast(lx->src, next))
			t->kind = TOK_CAST_LPAREN;
	}
	push_frame(lx, FRAME_PAREN, t->span);
	innermost(lx)->names = names;
	innermost(lx)->cast = t->kind == TOK_CAST_LPAREN;
	innermost(lx)->loop = lx->prev == TOK_FOR;
}

// ---- words ---------------------------------------------------------------------------------

static const struct keyword {
	const char *word;
	int kind;
} keywords[] = {
    {"break", TOK_BREAK},	{"comptime", TOK_COMPTIME},
    {"continue", TOK_CONTINUE}, {"else", TOK_ELSE},
    {"enum", TOK_ENUM},		{"false", TOK_FALSE},
    {"for", TOK_FOR},		{"if", TOK_IF},
    {"import", TOK_IMPORT},	{"let", TOK_LET},
    {"offsetof", TOK_OFFSETOF}, {"return", TOK_RETURN},
    {"sizeof", TOK_SIZEOF},	{"struct", TOK_STRUCT},
    {"true", TOK_TRUE},		{"typeinfo", TOK_TYPEINFO},
    {"typeof", TOK_TYPEOF},	{"union", TOK_UNION},
    {"unroll", TOK_UNROLL},	{"while", TOK_WHILE},
};

static bool text_is(const struct lexer *lx, struct span at, const char *word)
{
	size_t len = at.end - at.begin;

	return strlen(word) == len &&
	       memcmp(lx->src->text + (at.begin - lx->src->base), word, len) == 0;
}

// The character behind the token and the layout after it.
static int next_char(const struct lexer *lx, struct span at)
{
	return char_at(lx->src, skip_layout(lx->src, at.end - lx->src->base));
}

// A name whatever it spells: a field, a tag, a member of a record.
static bool is_plain_name(struct lexer *lx, struct span at)
{
	size_t next;

	switch (lx->prev) {
	case TOK_DOT:
	case TOK_ARROW:
	case TOK_STRUCT:
	case TOK_UNION:
	case TOK_ENUM:
	case TOK_MACRO:
	case TOK_FN:
		return true;
	case TOK_COMMA:
		if (innermost(lx)->names)
			return true;
		// fall through
	case TOK_LPAREN:
		next = skip_layout(lx->src, at.end - lx->src->base);
		return innermost(lx)->kind == FRAME_PAREN && char_at(lx->src, next) == '=' &&
		       char_at(lx->src, next + 1) != '=';
	default:
		return innermost(lx)->kind == FRAME_CONFIG;
	}
}

// Words that are keywords only where a statement begins.
static int statement_word(struct lexer *lx, struct span at, int kind)
{
	int next = next_char(lx, at);

	if (kind == TOK_IF)
		return TOK_IF_STMT;
	if (kind == TOK_COMPTIME) {
		size_t pos = skip_layout(lx->src, at.end - lx->src->base);
		size_t end = skip_name(lx->src, pos);

		if (end - pos == 2 && memcmp(lx->src->text + pos, "if", 2) == 0)
			return TOK_COMPTIME_STMT;
	}
	if (kind == TOK_RETURN && next == '{' && innermost(lx)->clauses)
		return TOK_RETURN_CLAUSE;
	if (kind == TOK_IDENT && (text_is(lx, at, "elif") || text_is(lx, at, "elsif")) &&
	    next == '(')
		return TOK_BAD;
	if (kind == TOK_IDENT && next == '{' && innermost(lx)->clauses && text_is(lx, at, "entry"))
		return TOK_ENTRY_CLAUSE;
	if (kind == TOK_IDENT && text_is(lx, at, "skip") &&
	    (next == ';' || next == '}' || (next == '>' && innermost(lx)->kind == FRAME_ANGLE)))
		return TOK_SKIP;
	return kind;
}

static void classify_word(struct lexer *lx, struct token *t)
{
	if (is_plain_name(lx, t->span))
		return;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (text_is(lx, t->span, keywords[i].word)) {
			t->kind = keywords[i].kind;
			break;
		}
	}
	if (is_statement_start(lx))
		t->kind = statement_word(lx, t->span, t->kind);
}

// ---- one token -----------------------------------------------------------------------------

static bool ends_predicate(const struct lexer *lx, struct span at)
{
	int c = next_char(lx, at);

	return lx->frames[block_index(lx)].kind == FRAME_PREDICATE &&
	       (c == '{' || c == '<' || c == -1);
}

static void classify_code(struct lexer *lx, struct token *t)
{
	switch (t->kind) {
	case TOK_IDENT:
		classify_word(lx, t);
		break;
	case TOK_MAP:
		if (next_char(lx, t->span) == '[')
			t->kind = TOK_MAP_KEYED;
		break;
	case TOK_LPAREN:
		open_paren(lx, t);
		break;
	case TOK_LBRACKET:
		push_frame(lx, FRAME_BRACKET, t->span);
		break;
	case TOK_RPAREN:
		close_bracket(lx, FRAME_PAREN);
		break;
	case TOK_RBRACKET:
		close_bracket(lx, FRAME_BRACKET);
		break;
	case TOK_LBRACE:
		open_brace(lx, t);
		break;
	case TOK_RBRACE:
		close_brace(lx);
		break;
	case TOK_GT:
		if (innermost(lx)->kind == FRAME_ANGLE) {
			t->kind = TOK_ANGLE_END;
			lx->closed_angle = true;
			pop_to(lx, lx->depth - 1);
		}
		break;
	case TOK_SLASH:
		if (ends_predicate(lx, t->span)) {
			t->kind = TOK_PRED_END;
			// Not pop_to: the item goes on.
			lx->depth = block_index(lx);
		}
		break;
	case TOK_SEMI:
	case TOK_STRING:
		// An import ends with its string; nothing else in a header has either.
		if (innermost(lx)->kind == FRAME_HEADER)
			pop_to(lx, lx->depth - 1);
		break;
	}
}

static void note_provider(struct lexer *lx, struct span at)
{
	const char *text = lx->src->text + (at.begin - lx->src->base);
	size_t len = at.end - at.begin, begin = 0, end = 0;

	while (end < len && text[end] != ':') {
		if (text[end] == '=' || text[end] == '!')
			begin = end + 1;
		end++;
	}
	if (provider_is_session(text + begin, end - begin))
		lx->session = true;
}

static void classify_top(struct lexer *lx, struct token *t)
{
	switch (t->kind) {
	case TOK_CONFIG:
	case TOK_IMPORT:
	case TOK_MACRO:
	case TOK_FN:
	case TOK_LET:
		push_frame(lx, FRAME_HEADER, t->span);
		innermost(lx)->header = t->kind;
		break;
	case TOK_ATTACH:
		note_provider(lx, t->span);
		lx->item_start = false;
		break;
	case TOK_PRED_BEGIN:
		push_frame(lx, FRAME_PREDICATE, t->span);
		break;
	case TOK_LBRACE:
		open_brace(lx, t);
		break;
	case TOK_ANGLE_BEGIN: {
		bool clauses = lx->session;

		push_frame(lx, FRAME_ANGLE, t->span);
		innermost(lx)->clauses = clauses;
		break;
	}
	case TOK_SEMI:
	case TOK_C_TEXT:
		lx->item_start = true;
		lx->session = false;
		break;
	}
}

static void check_size(struct lexer *lx)
{
	struct span at = {lx->src->base + (uint32_t)lx->pos, lx->src->base + (uint32_t)lx->pos};

	if (lx->stopped || lx->arena->total - lx->arena_start < PARSE_MAX_BYTES)
		return;
	diag_error(lx->diag, at, "too-large", "the script is too large");
	lexer_stop(lx);
}

static struct token fetch(struct lexer *lx)
{
	struct token t;
	bool top = innermost(lx)->kind == FRAME_TOP;

	lx->depth_before = lx->depth;
	lx->frame_before = *innermost(lx);
	check_size(lx);
	if (!lx->stopped)
		t = scanner_next(lx, top);
	if (lx->stopped) {
		uint32_t end = lx->src->base + (uint32_t)lx->src->len;

		return (struct token){TOK_END, {end, end}};
	}
	if (top)
		classify_top(lx, &t);
	else
		classify_code(lx, &t);
	return t;
}

// ---- recovery ------------------------------------------------------------------------------

// The predicate in frame `block` was not closed before the body that stands in it now.
static void drop_predicate(struct lexer *lx, unsigned block)
{
	lx->frames[block] = lx->frames[lx->depth - 1];
	lx->frames[block].clauses = lx->session;
	lx->depth = block + 1;
}

static void enqueue(struct lexer *lx, int kind, struct span at)
{
	lx->queue[lx->queued++] = (struct token){kind, at};
}

// A semicolon does, also inside parentheses that were not closed, and so does a nested
// body that nothing continues.
static bool ends_statement(const struct lexer *lx, struct token t, unsigned block)
{
	size_t next;

	if (t.kind == TOK_SEMI)
		return block_index(lx) == block && !lx->frames[lx->depth - 1].loop;
	if (t.kind != TOK_RBRACE || lx->depth != block + 1)
		return false;
	next = skip_layout(lx->src, t.span.end - lx->src->base);
	return char_at(lx->src, next) != ';' && char_at(lx->src, next) != ')' &&
	       char_at(lx->src, next) != ',' &&
	       !(skip_name(lx->src, next) == next + 4 &&
		 memcmp(lx->src->text + next, "else", 4) == 0);
}

// Is t where parsing can go on, in frame `block`? Then RESYNC and what must follow it are
// queued.
static bool resync_at(struct lexer *lx, struct token t, unsigned block)
{
	enum frame_kind kind = lx->frames[block].kind;
	bool keep = true; // t itself is handed out, too

	if (t.kind == TOK_END) {
		lx->error_at = t.span.begin; // no second complaint there
	} else if (block && lx->depth <= block) {
		// t closed the block.
	} else if (kind == FRAME_TOP) {
		bool header = lx->frames[block_index(lx)].kind == FRAME_HEADER ||
			      (lx->depth == 1 && lx->frame_before.kind == FRAME_HEADER);

		if (t.kind == TOK_SEMI && header)
			pop_to(lx, 1);
		else if (lx->depth > 1 || (t.kind != TOK_RBRACE && t.kind != TOK_ANGLE_END))
			return false;
		keep = false;
	} else if (kind == FRAME_PREDICATE) {
		if (t.kind != TOK_LBRACE || lx->depth != block + 2)
			return false;
		drop_predicate(lx, block);
		enqueue(lx, TOK_RESYNC, t.span);
		enqueue(lx, TOK_PRED_END, t.span);
		enqueue(lx, t.kind, t.span);
		return true;
	} else {
		if (!ends_statement(lx, t, block))
			return false;
		lx->depth = block + 1;
		keep = false;
	}
	enqueue(lx, TOK_RESYNC, t.span);
	if (keep)
		enqueue(lx, t.kind, t.span);
	return true;
}

// Hand bad out again as the first token of a statement.
static void restart_statement(struct lexer *lx, struct token bad)
{
	lx->prev = TOK_RESYNC;
	if (bad.kind == TOK_LBRACE) {
		bad.kind = TOK_STMT_LBRACE;
	} else if (char_at(lx->src, bad.span.begin - lx->src->base) >= 'A' &&
		   starts_name(lx->src, bad.span.begin - lx->src->base)) {
		bad.kind = TOK_IDENT;
		classify_word(lx, &bad);
	}
	enqueue(lx, TOK_RESYNC, bad.span);
	enqueue(lx, bad.kind, bad.span);
}

void lexer_recover(struct lexer *lx, struct token bad, int insert)
{
	unsigned block = lx->depth_before - 1;
	bool again = lx->had_error && lx->error_at == bad.span.begin;

	lx->had_error = true;
	lx->error_at = bad.span.begin;
	lx->queued = 0;
	if (insert == TOK_SEMI && !again) {
		restart_statement(lx, bad);
		return;
	}
	while (lx->frames[block].kind >= FRAME_PAREN)
		block--;
	if (lx->frames[block].kind == FRAME_HEADER || lx->frame_before.kind == FRAME_HEADER)
		block = 0;
	for (struct token t = bad; !resync_at(lx, t, block);)
		t = fetch(lx);
}

// ---- statements that need no semicolon -------------------------------------------------------

static bool ends_operand(int kind)
{
	switch (kind) {
	case TOK_IDENT:
	case TOK_VAR:
	case TOK_MAP:
	case TOK_INT:
	case TOK_STRING:
	case TOK_RPAREN:
	case TOK_RBRACKET:
		return true;
	default:
		return false;
	}
}

static bool starts_operand(int kind)
{
	switch (kind) {
	case TOK_IDENT:
	case TOK_VAR:
	case TOK_MAP:
	case TOK_MAP_KEYED:
	case TOK_INT:
	case TOK_STRING:
	case TOK_LET:
	case TOK_IF:
	case TOK_WHILE:
	case TOK_FOR:
	case TOK_RETURN:
		return true;
	default:
		return false;
	}
}

// `c ? print(1) : print(2)` ends without a semicolon, as `if` does, where the next token
// can't go on with it. Notes what t does to the statement under way; true if it ends there.
static bool ends_ternary(struct lexer *lx, struct token t)
{
	struct frame *f = &lx->frames[lx->depth_before - 1];

	if (!holds_statements(&lx->frame_before) || lx->depth < lx->depth_before)
		return false;
	if (f->ternary && ends_operand(lx->prev) && starts_operand(t.kind) &&
	    !(lx->prev == TOK_RPAREN && lx->closed_cast)) {
		f->ternary = false;
		return true;
	}
	if (t.kind == TOK_SEMI)
		f->assigns = f->ternary = false;
	else if ((t.kind >= TOK_ASSIGN && t.kind <= TOK_SHR_ASSIGN) || t.kind == TOK_LET ||
		 t.kind == TOK_RETURN || t.kind == TOK_IF_STMT || t.kind == TOK_IF)
		f->assigns = true;
	else if (t.kind == TOK_QUESTION && !f->assigns)
		f->ternary = true;
	else if (is_statement_start(lx))
		f->assigns = f->ternary = false;
	return false;
}

// ---- the interface --------------------------------------------------------------------------

void lexer_init(struct lexer *lx, struct arena *a, const struct source *src, struct diag *d)
{
	*lx = (struct lexer){.arena = a, .src = src, .diag = d, .depth = 1, .item_start = true};
	lx->arena_start = a->total;
	lx->frames[0] = (struct frame){.kind = FRAME_TOP};
	if (!scanner_open(lx))
		lexer_stop(lx);
}

void lexer_release(struct lexer *lx)
{
	scanner_close(lx);
}

void lexer_stop(struct lexer *lx)
{
	lx->stopped = true;
}

struct token lexer_next(struct lexer *lx)
{
	struct token t;

	if (lx->queued) {
		t = lx->queue[0];
		lx->queued--;
		memmove(lx->queue, lx->queue + 1, lx->queued * sizeof(lx->queue[0]));
	} else {
		t = fetch(lx);
		if (ends_ternary(lx, t)) {
			restart_statement(lx, t);
			lx->queue[0].kind = TOK_SEMI;
			lx->queue[0].span.end = t.span.begin;
			return lexer_next(lx);
		}
	}
	lx->before = lx->prev;
	lx->before_span = lx->prev_span;
	lx->prev = t.kind;
	lx->prev_span = t.span;
	return t;
}
