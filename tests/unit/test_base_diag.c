// diag: the text that users see, byte for byte.
#include "test.h"

#include <stdlib.h>

#include "base/diag.h"

struct setup {
	struct arena arena;
	struct sources sources;
	struct diag diag;
	char *out;
	size_t len;
};

static void setup(struct setup *s, const char *text, size_t len)
{
	memset(s, 0, sizeof(*s));
	s->sources.arena = &s->arena;
	s->diag.arena = &s->arena;
	s->diag.sources = &s->sources;
	sources_add(&s->sources, "stdin", text, len);
}

static const char *flush(struct setup *s, bool colour)
{
	FILE *f;

	free(s->out);
	f = open_memstream(&s->out, &s->len);
	diag_flush(&s->diag, f, colour);
	fclose(f);
	return s->out;
}

static void teardown(struct setup *s)
{
	free(s->out);
	arena_release(&s->arena);
}

static struct span at(uint32_t begin, uint32_t end)
{
	return (struct span){begin, end};
}

static void test_shape(void)
{
	static const char text[] = "BEGIN { pritn(\"x\") }\n";
	struct setup s;

	setup(&s, text, strlen(text));
	diag_error(&s.diag, at(8, 18), "unknown-function", "Unknown function: '%s'", "pritn");
	diag_hint(&s.diag, "did you mean '%s'?", "printf");
	CHECK(diag_failed(&s.diag));
	CHECK_STR(flush(&s, false),
		  "stdin:1:9-19: ERROR: Unknown function: 'pritn' [unknown-function]\n"
		  "BEGIN { pritn(\"x\") }\n"
		  "        ~~~~~~~~~~\n"
		  "HINT: did you mean 'printf'?\n");
	CHECK_STR(flush(&s, false), ""); // once only
	teardown(&s);
}

static void test_warning_and_note(void)
{
	struct setup s;

	setup(&s, "a\nb", 3);
	diag_warn(&s.diag, at(2, 3), "shadow", "hidden");
	diag_note(&s.diag, at(0, 1), "declared here");
	CHECK(!diag_failed(&s.diag));
	CHECK_STR(flush(&s, false), "stdin:2:1-2: WARNING: hidden [shadow]\nb\n~\n"
				    "stdin:1:1-2: NOTE: declared here\na\n~\n");
	teardown(&s);
}

static void test_several_lines(void)
{
	struct setup s;

	setup(&s, "f(1,\n\t2,\n\t3)\n", 14);
	diag_error(&s.diag, at(0, 12), "x", "bad");
	CHECK_STR(flush(&s, false), "stdin:1-3: ERROR: bad [x]\nf(1,\n\t2,\n\t3)\n");
	teardown(&s);
}

static void test_tabs_and_utf8(void)
{
	struct setup s;

	setup(&s, "\té\tx", 5);
	diag_error(&s.diag, at(4, 5), "x", "bad");
	CHECK_STR(flush(&s, false), "stdin:1:5-6: ERROR: bad [x]\n    é    x\n         ~\n");
	teardown(&s);
}

static void test_hostile_text(void)
{
	struct setup s;

	setup(&s, "a\033[2J\0\xff\xe2\x80\xae z", 12);
	diag_error(&s.diag, at(11, 12), "x", "no \033[31m %s", "\a");
	CHECK_STR(flush(&s, false), "stdin:1:12-13: ERROR: no \\x1b[31m \\x07 [x]\n"
				    "a\\x1b[2J\\x00\\xff\\xe2\\x80\\xae z\n"
				    "                             ~\n");
	teardown(&s);
}

static void test_empty_span_and_end_of_file(void)
{
	struct setup s;

	setup(&s, "ab", 2);
	diag_error(&s.diag, at(2, 2), "x", "end");
	diag_error(&s.diag, at(100, 101), "x", "nowhere");
	CHECK_STR(flush(&s, false), "stdin:1:3-3: ERROR: end [x]\nab\n  ~\nERROR: nowhere [x]\n");
	teardown(&s);
}

static void test_limits(void)
{
	struct setup s;
	const char *out;
	size_t lines = 0;

	setup(&s, "x", 1);
	for (int i = 0; i < DIAG_MAX_ERRORS + 5; i++)
		diag_error(&s.diag, at(0, 1), "x", "error %d", i);
	diag_hint(&s.diag, "for an error that was dropped");
	CHECK_INT(s.diag.error_count, DIAG_MAX_ERRORS + 5);
	out = flush(&s, false);
	for (const char *p = out; *p; p++)
		lines += *p == '\n';
	CHECK_INT(lines, DIAG_MAX_ERRORS * 3 + 1);
	CHECK(strstr(out, "ERROR: 5 more errors not shown\n") != NULL);
	CHECK(strstr(out, "HINT") == NULL);
	teardown(&s);
}

static void test_warnings_off_and_colour(void)
{
	struct setup s;

	setup(&s, "x", 1);
	s.diag.warnings_off = true;
	diag_warn(&s.diag, at(0, 1), "x", "quiet");
	diag_hint(&s.diag, "quiet, too");
	CHECK_STR(flush(&s, true), "");
	diag_error(&s.diag, at(0, 1), "x", "loud");
	CHECK(strstr(flush(&s, true), "\033[") != NULL);
	teardown(&s);
}

TEST_MAIN(test_shape, test_warning_and_note, test_several_lines, test_tabs_and_utf8,
	  test_hostile_text, test_empty_span_and_end_of_file, test_limits,
	  test_warnings_off_and_colour)
