// c_preprocess: the script's C, text by text, comes in; the tokens of the branches that are read
// leave, object-like macros expanded. Macros are kept in cdefs: they are constants of the script.
// Function-like macros are recorded and refused where something uses them. Refuses more than
// C_MAX_TOKENS tokens and macros nested deeper than C_MAX_DEPTH.
#include <string.h>

#include "base/str.h"
#include "sema/c_private_pp.h"
#include "sema/clang_api.h"

const char *c_token_name(struct arena *a, const struct c_token *t)
{
	return arena_strndup(a, t->text, t->len);
}

static struct c_macro *find_macro(struct c_reader *r, const struct c_token *t)
{
	struct c_macro *m;

	if (t->kind != C_NAME)
		return NULL;
	m = c_table_find(&r->d->macros, t->text, t->len);
	return m && !m->undefined ? m : NULL;
}

static void stop(struct c_reader *r, struct c_token t)
{
	t.quiet = false;
	if (!r->stopped)
		c_error(r->d, &t, "too-large", "the C of this script is too large");
	r->stopped = true;
	r->d->limited = true;
}

static void put(struct c_reader *r, c_token_vec *out, struct c_token t)
{
	if (out->len >= C_MAX_TOKENS)
		stop(r, t);
	if (!r->stopped)
		arena_push(r->d->arena, out, t);
}

// ---- macros ------------------------------------------------------------------------------

// t, or what it stands for. Spans of the expansion are t's.
static void expand(struct c_reader *r, c_token_vec *out, struct c_token t, unsigned depth)
{
	struct c_macro *m = find_macro(r, &t);

	if (!m || m->busy || m->is_function || depth > C_MAX_DEPTH) {
		put(r, out, t);
		return;
	}
	if (++r->work > C_MAX_TOKENS) { // also of macros that come to nothing
		stop(r, t);
		return;
	}
	m->busy = true;
	for (size_t i = 0; i < m->body.len && !r->stopped; i++) {
		struct c_token inner = m->body.data[i];

		inner.span = t.span;
		inner.quiet = t.quiet;
		inner.line_start = false;
		expand(r, out, inner, depth + 1);
	}
	m->busy = false;
}

static void define(struct c_reader *r, struct c_lexer *lx)
{
	struct c_token t = c_next(lx);
	struct c_macro *m = arena_new(r->d->arena, struct c_macro);

	if (t.kind != C_NAME) {
		c_error(r->d, &t, "c-directive", "expected the name of a macro");
		return;
	}
	m->name = c_token_name(r->d->arena, &t);
	m->span = t.span;
	t = c_next(lx);
	m->is_function = c_is(&t, "(") && !t.spaced;
	m->text = (struct span){t.span.begin, t.span.begin};
	for (; t.kind != C_END; t = c_next(lx)) {
		arena_push(r->d->arena, &m->body, t);
		m->text.end = t.span.end;
	}
	c_table_set(r->d->arena, &r->d->macros, m->name, m);
}

static void undefine(struct c_reader *r, struct c_lexer *lx)
{
	struct c_token t = c_next(lx);
	struct c_macro *m = find_macro(r, &t);

	if (t.kind != C_NAME)
		c_error(r->d, &t, "c-directive", "expected the name of a macro");
	else if (m)
		m->undefined = true;
}

// ---- conditions --------------------------------------------------------------------------

static bool is_read(const struct c_reader *r)
{
	return !r->conditions.len || r->conditions.data[r->conditions.len - 1].active;
}

static struct c_token constant_token(struct c_token t, bool value)
{
	t.kind = C_NUMBER;
	t.text = value ? "1" : "0";
	t.len = 1;
	return t;
}

// `defined X`, `defined(X)`
static struct c_token read_defined(struct c_reader *r, struct c_lexer *lx, struct c_token t)
{
	struct c_token name = c_next(lx), close;
	bool parens = c_is(&name, "("), value;

	if (parens)
		name = c_next(lx);
	value = find_macro(r, &name) != NULL;
	if (name.kind != C_NAME)
		c_error(r->d, &name, "c-directive", "expected a name after 'defined'");
	if (parens) {
		close = c_next(lx);
		if (!c_is(&close, ")"))
			c_error(r->d, &close, "c-directive", "expected ')'");
	}
	return constant_token(t, value);
}

static bool condition_holds(struct c_reader *r, struct c_lexer *lx)
{
	struct c_cursor cursor = {.d = r->d};
	c_token_vec line = {0};
	struct c_token t;
	int64_t value;

	for (t = c_next(lx); t.kind != C_END; t = c_next(lx)) {
		if (c_is(&t, "defined"))
			put(r, &line, read_defined(r, lx, t));
		else
			expand(r, &line, t, 0);
	}
	arena_push(r->d->arena, &line, t);
	cursor.at = line.data;
	value = c_evaluate(&cursor);
	if (!cursor.failed && cursor.at->kind != C_END)
		c_error(r->d, cursor.at, "c-expression", "unexpected '%s' in this condition",
			c_token_name(r->d->arena, cursor.at));
	return !cursor.failed && value;
}

static bool test(struct c_reader *r, struct c_lexer *lx, const struct c_token *word)
{
	struct c_token name;

	if (c_is(word, "if") || c_is(word, "elif"))
		return condition_holds(r, lx);
	name = c_next(lx);
	if (name.kind != C_NAME)
		c_error(r->d, &name, "c-directive", "expected the name of a macro");
	return (find_macro(r, &name) != NULL) ==
	       (c_is(word, "ifdef") || c_is(word, "elifdef"));
}

static void begin_condition(struct c_reader *r, struct c_lexer *lx, const struct c_token *word)
{
	struct c_condition cond = {.at = *word, .outer = is_read(r)};

	cond.active = cond.taken = cond.outer && test(r, lx, word);
	arena_push(r->d->arena, &r->conditions, cond);
}

static void next_branch(struct c_reader *r, struct c_lexer *lx, const struct c_token *word,
			size_t floor)
{
	struct c_condition *cond =
	    r->conditions.len > floor ? &r->conditions.data[r->conditions.len - 1] : NULL;
	bool is_else = c_is(word, "else");

	if (!cond || cond->in_else) {
		c_error(r->d, word, "c-directive", "#%s without #if",
			c_token_name(r->d->arena, word));
		return;
	}
	cond->in_else = is_else;
	cond->active = cond->outer && !cond->taken && (is_else || test(r, lx, word));
	cond->taken = cond->taken || cond->active;
}

static void end_condition(struct c_reader *r, const struct c_token *word, size_t floor)
{
	if (r->conditions.len > floor)
		r->conditions.len--;
	else
		c_error(r->d, word, "c-directive", "#endif without #if");
}

static bool condition_directive(struct c_reader *r, struct c_lexer *lx, const struct c_token *word,
				size_t floor)
{
	if (c_is(word, "if") || c_is(word, "ifdef") || c_is(word, "ifndef"))
		begin_condition(r, lx, word);
	else if (c_is(word, "else") || c_is(word, "elif") || c_is(word, "elifdef") ||
		 c_is(word, "elifndef"))
		next_branch(r, lx, word, floor);
	else if (c_is(word, "endif"))
		end_condition(r, word, floor);
	else
		return false;
	return true;
}

// ---- directives --------------------------------------------------------------------------

static void include(struct c_reader *r, struct c_lexer *lx)
{
	struct c_token t = c_next(lx), close;

	if (t.kind == C_STRING && t.len > 2) {
		c_include(r, &t, arena_strndup(r->d->arena, t.text + 1, t.len - 2), false);
		return;
	}
	if (c_is(&t, "<")) {
		const char *begin = t.text + 1;
		size_t n = 0;

		for (close = c_next(lx); close.kind != C_END && !c_is(&close, ">");)
			close = c_next(lx);
		n = (size_t)(close.text - begin);
		t.span.end = close.span.end;
		if (close.kind != C_END && n) {
			c_include(r, &t, arena_strndup(r->d->arena, begin, n), true);
			return;
		}
	}
	c_error(r->d, &t, "c-directive", "expected \"FILE\" or <FILE>");
}

static void user_message(struct c_reader *r, struct c_lexer *lx, const struct c_token *word)
{
	struct c_token first = c_next(lx), t = first, last = first;

	for (; t.kind != C_END; t = c_next(lx))
		last = t;
	first.len = (size_t)(last.text + last.len - first.text);
	first.span.end = last.span.end;
	if (c_is(word, "error"))
		c_error(r->d, &first, "c-error", "#error %s",
			c_token_name(r->d->arena, &first));
	else if (!word->quiet)
		diag_warn(&r->d->c->diag, first.span, "c-warning", "#warning %s",
			  c_token_name(r->d->arena, &first));
}

static void pragma(struct c_reader *r, struct c_lexer *lx)
{
	struct c_token t = c_next(lx);

	if (c_is(&t, "once"))
		c_table_set(r->d->arena, &r->seen, r->source->name, r);
	else if (c_is(&t, "pack") && c_error(r->d, &t, "c-directive",
					      "#pragma pack is only understood by libclang") &&
		 !clang_api_get())
		diag_hint(&r->d->c->diag, "install the package " CLANG_PACKAGE ", or write "
					  "__attribute__((packed))");
}

static void directive(struct c_reader *r, struct c_lexer *lx, size_t floor)
{
	struct c_token word = c_next(lx);

	if (word.kind == C_END || condition_directive(r, lx, &word, floor) || !is_read(r))
		return;
	if (c_is(&word, "define"))
		define(r, lx);
	else if (c_is(&word, "undef"))
		undefine(r, lx);
	else if (c_is(&word, "include") || c_is(&word, "include_next") || c_is(&word, "import"))
		include(r, lx);
	else if (c_is(&word, "pragma"))
		pragma(r, lx);
	else if (c_is(&word, "error") || c_is(&word, "warning"))
		user_message(r, lx, &word);
	else if (c_is(&word, "!") || c_is(&word, "line") || c_is(&word, "ident"))
		return; // #! of a script
	else
		c_error(r->d, &word, "c-directive", "invalid preprocessing directive '#%s'",
			c_token_name(r->d->arena, &word));
}

// Conditions that are open at `floor` belong to whatever includes this text.
static void read_tokens(struct c_reader *r, struct c_lexer *lx, size_t floor)
{
	struct c_token t;

	while (!r->stopped && (t = c_next(lx)).kind != C_END) {
		if (t.line_start && c_is(&t, "#")) {
			lx->one_line = true;
			directive(r, lx, floor);
			while (c_next(lx).kind != C_END)
				;
			lx->one_line = false;
		} else if (is_read(r) && !r->macros_only) {
			expand(r, &r->out, t, 0);
		}
	}
}

static void close_conditions(struct c_reader *r, size_t floor)
{
	while (r->conditions.len > floor)
		c_error(r->d, &r->conditions.data[--r->conditions.len].at, "c-directive",
			"unterminated conditional directive");
}

void c_read_text(struct c_reader *r, const struct source *src, size_t begin, size_t end)
{
	struct c_lexer lx = {src, begin, end, .line_start = true, .quiet = r->quiet};
	size_t floor = r->conditions.len;

	read_tokens(r, &lx, floor);
	close_conditions(r, floor);
}

// ---- the script --------------------------------------------------------------------------

static void predefine(struct c_reader *r)
{
	static const char text[] = "#define __linux__ 1\n"
				   "#define __STDC__ 1\n"
				   "#define __STDC_VERSION__ 201710\n"
				   "#define __LP64__ 1\n"
				   "#define _LP64 1\n"
				   "#define __CHAR_BIT__ 8\n"
				   "#define __SIZEOF_LONG__ 8\n"
				   "#define __SIZEOF_POINTER__ 8\n"
				   "#define __BYTE_ORDER__ 1234\n"
				   "#define __ORDER_LITTLE_ENDIAN__ 1234\n"
				   "#define __ORDER_BIG_ENDIAN__ 4321\n"
#ifdef __x86_64__
				   "#define __x86_64__ 1\n";
#else
				   "#define __aarch64__ 1\n";
#endif
	static const char btf[] = "#define BPFTRACE_HAVE_BTF 1\n";
	struct sources *all = &r->d->c->sources;
	const struct source *src;

	src = sources_add(all, "<predefined>", text, sizeof(text) - 1);
	if (src)
		c_read_text(r, src, 0, src->len);
	src = c_has_btf(r->d) ? sources_add(all, "<predefined>", btf, sizeof(btf) - 1) : NULL;
	if (src)
		c_read_text(r, src, 0, src->len);
	for (size_t i = 0; i < r->d->macros.count; i++)
		if (r->d->macros.slots[i].name)
			((struct c_macro *)r->d->macros.slots[i].value)->predefined = true;
}

void c_define_text(struct cdefs *d, const char *text)
{
	struct c_reader r = {.d = d, .quiet = true};
	const char *line = arena_printf(d->arena, "#define %s\n", text);
	const struct source *src = sources_add(&d->c->sources, "<header>", line, strlen(line));

	r.source = src;
	if (src)
		c_read_text(&r, src, 0, src->len);
}

// --include and `import "x.h"`: as if the script began with them.
static void read_imports(struct c_reader *r)
{
	const struct compile_options *o = r->d->c->options;
	const struct ast *ast = &r->d->c->ast;
	struct c_token at = {.kind = C_STRING, .text = ""};

	r->source = r->d->c->sources.files.data[0];
	for (size_t i = 0; o && i < o->include_count; i++)
		c_include(r, &at, o->includes[i], false);
	for (size_t i = 0; i < ast->c_imports.len; i++) {
		at.span = ast->c_imports.data[i].span;
		c_include_path(r, &at, ast->c_imports.data[i].path);
	}
}

c_token_vec c_preprocess(struct cdefs *d)
{
	struct c_reader r = {.d = d};
	struct c_token end = {.kind = C_END, .text = ""};

	r.quiet = true;
	predefine(&r);
	r.quiet = false;
	read_imports(&r);
	for (size_t i = 0; i < d->c->ast.c_items.len; i++) {
		struct span at = d->c->ast.c_items.data[i].span;
		const struct source *src = sources_find(&d->c->sources, at.begin);
		struct c_lexer lx = {src, at.begin - src->base, at.end - src->base,
				     .line_start = true};

		r.source = src;
		read_tokens(&r, &lx, 0);
		end.span = (struct span){at.end, at.end};
	}
	close_conditions(&r, 0);
	if (r.stopped)
		r.out.len = 0;
	arena_push(d->arena, &r.out, end);
	return r.out;
}
