// parser: what the goldens of tests/lang don't show: spans, copies, walks, several sources,
// limits, attach points for -l.
#include "test.h"

#include <stdlib.h>

#include "base/buf.h"
#include "parser/parser.h"

struct setup {
	struct arena arena;
	struct sources sources;
	struct diag diag;
	struct ast ast;
};

static void setup(struct setup *s)
{
	memset(s, 0, sizeof(*s));
	s->sources.arena = &s->arena;
	s->diag.arena = &s->arena;
	s->diag.sources = &s->sources;
}

static bool parse(struct setup *s, const char *text)
{
	const struct source *src = sources_add(&s->sources, "stdin", text, strlen(text));

	return parse_source(&s->arena, src, &s->diag, &s->ast);
}

static void check_text(struct setup *s, struct span span, const char *want)
{
	const struct source *src = sources_find(&s->sources, span.begin);
	char *got =
	    arena_strndup(&s->arena, src->text + (span.begin - src->base), span.end - span.begin);

	CHECK_STR(got, want);
}

static struct expr *first_value(struct setup *s)
{
	return s->ast.probes.data[0]->body->stmts.data[0]->u.assign.value;
}

static void test_spans(void)
{
	struct setup s;
	struct expr *e;

	setup(&s);
	CHECK(parse(&s, "BEGIN { $x = (1 + f(2, @m[3])) * -$y.z ; }"));
	e = first_value(&s);
	check_text(&s, s.ast.probes.data[0]->points.data[0]->span, "BEGIN");
	check_text(&s, s.ast.probes.data[0]->body->stmts.data[0]->span,
		   "$x = (1 + f(2, @m[3])) * -$y.z");
	check_text(&s, e->span, "(1 + f(2, @m[3])) * -$y.z");
	check_text(&s, e->u.binary.op_span, "*");
	check_text(&s, e->u.binary.left->span, "(1 + f(2, @m[3]))");
	CHECK(e->u.binary.left->parens);
	check_text(&s, e->u.binary.left->u.binary.right->span, "f(2, @m[3])");
	check_text(&s, e->u.binary.left->u.binary.right->u.call.name_span, "f");
	check_text(&s, e->u.binary.right->u.unary.operand->u.field.name_span, "z");
	arena_release(&s.arena);
}

// Two sources share one tree and one address space.
static void test_two_sources(void)
{
	struct setup s;

	setup(&s);
	CHECK(parse(&s, "BEGIN { $x = 1; }"));
	CHECK(parse(&s, "END { $y = 2; }"));
	CHECK(!parse(&s, "END { $y = ; }"));
	CHECK_INT(s.diag.error_count, 1);
	CHECK_INT(s.ast.probes.len, 3);
	check_text(&s, s.ast.probes.data[1]->body->stmts.data[0]->span, "$y = 2");
	CHECK_INT(sources_find(&s.sources, s.diag.entries.data[0].span.begin)->base, 34);
	arena_release(&s.arena);
}

static void test_string_with_nul(void)
{
	struct setup s;
	struct expr *e;

	setup(&s);
	CHECK(parse(&s, "BEGIN { $x = \"a\\0b\"; }"));
	e = first_value(&s);
	CHECK_INT(e->u.string.len, 3);
	CHECK(memcmp(e->u.string.data, "a\0b", 4) == 0);
	arena_release(&s.arena);
}

static bool count_expr(void *ctx, struct expr *e)
{
	++*(int *)ctx;
	return e->kind != EXPR_CALL; // not into arguments
}

static bool skip_while(void *ctx, struct stmt *s)
{
	return s->kind != STMT_WHILE;
}

static void test_walk(void)
{
	struct setup s;
	int n = 0;
	struct ast_visitor v = {.expr = count_expr, .stmt = skip_while, .ctx = &n};

	setup(&s);
	CHECK(parse(&s, "BEGIN { $x = 1 + f(2, 3); while (4) { 5; } if 6 { @m[7]++; } "
			"let $y : int8[8] = (a=9); }"));
	block_walk(s.ast.probes.data[0]->body, &v);
	// $x, +, 1, f() / 6, ++, @m, 7 / 8, (a=), 9
	CHECK_INT(n, 11);
	arena_release(&s.arena);
}

static bool spoil(void *ctx, struct expr *e)
{
	e->type = ctx;
	e->span.begin = 0;
	if (e->kind == EXPR_MAP)
		e->u.map.whole = true;
	return true;
}

// A copy shares nothing that check writes to, and carries nothing that it has written.
static void test_clone(void)
{
	static const char text[] =
	    "BEGIN { $x = (1 ? f(@m[2]) : -(int8)$a.b[3], (r=\"s\"), { 1; if $q { 2 } else { 3 } "
	    "}, "
	    "offsetof(struct t, u.v), $y++, comptime 4, $1); for $i : 0..5 { break } "
	    "for $k : @z { continue } unroll 2 { } while 1 { return 3; } _ = 4; let $w : int8; "
	    "comptime if 1 { } else { skip; } }";
	struct setup s;
	struct buf before = {0}, after = {0};
	struct block *original, *copy, *again;
	int mark;
	struct ast_visitor v = {.expr = spoil, .ctx = &mark};

	setup(&s);
	CHECK(parse(&s, text));
	original = s.ast.probes.data[0]->body;
	block_print(original, 0, false, &before);
	copy = block_clone(&s.arena, original);
	block_walk(copy, &v);
	block_print(original, 0, false, &after);
	CHECK_STR(buf_str(&after), buf_str(&before));
	CHECK(first_value(&s)->type == NULL);
	again = block_clone(&s.arena, copy);
	CHECK(again->stmts.data[0]->u.assign.value->type == NULL);
	buf_clear(&after);
	block_print(again, 0, false, &after);
	CHECK_STR(buf_str(&after), buf_str(&before));
	buf_release(&before);
	buf_release(&after);
	arena_release(&s.arena);
}

static void check_point(const char *text, const char *want)
{
	struct setup s;
	const struct source *src;
	struct attach_point *p;
	struct buf out = {0};

	setup(&s);
	src = sources_add(&s.sources, "-l", text, strlen(text));
	p = parse_attach_point(&s.arena, src, &s.diag);
	if (p)
		buf_puts(&out, p->provider);
	for (size_t i = 0; p && i < p->parts.len; i++)
		buf_printf(&out, "|%s", p->parts.data[i]);
	CHECK_STR(buf_str(&out), want);
	CHECK(diag_failed(&s.diag) == !p);
	buf_release(&out);
	arena_release(&s.arena);
}

static void test_attach_point(void)
{
	check_point("uprobe:/bin/bash:readline", "uprobe|/bin/bash|readline");
	check_point("*", "*");
	check_point("*:foo bar*:", "*|foo bar*|");
	check_point("", "");
	check_point("!x", "");
}

// Nothing grows with the square of its size: a megabyte takes well under a second.
static void test_size(void)
{
	size_t n = 1 << 20;
	static const char *const units[] = {"@/**/", "(a[", "$x=1;", "!", "f(",	  "\"",	  "\\", "{",
					    "a:",    "/",   "//\n",  "#", "let ", "1?1:", "=>"};

	for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		struct setup s;
		struct buf text = {0};

		setup(&s);
		buf_puts(&text, u % 2 ? "BEGIN { " : "BEGIN /");
		while (text.len < n)
			buf_puts(&text, units[u]);
		parse(&s, buf_str(&text));
		CHECK(s.arena.total < 300u << 20);
		buf_release(&text);
		arena_release(&s.arena);
	}
}

static void test_too_large(void)
{
	struct setup s;
	struct buf text = {0};

	setup(&s);
	buf_puts(&text, "BEGIN { ");
	for (size_t i = 0; i < 3000000; i++)
		buf_puts(&text, "1;");
	buf_puts(&text, "}");
	CHECK(!parse(&s, buf_str(&text)));
	CHECK_STR(s.diag.entries.data[0].tag, "too-large");
	buf_release(&text);
	arena_release(&s.arena);
}

TEST_MAIN(test_spans, test_two_sources, test_string_with_nul, test_walk, test_clone,
	  test_attach_point, test_size, test_too_large)
