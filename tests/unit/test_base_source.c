// source: lines and columns of offsets, over several files.
#include "test.h"

#include "base/source.h"

static void check_pos(const struct sources *s, uint32_t offset, const char *name, unsigned line,
		      unsigned column)
{
	struct source_pos pos = sources_pos(s, offset);

	if (!CHECK(pos.source != NULL))
		return;
	CHECK_STR(pos.source->name, name);
	CHECK_INT(pos.line, line);
	CHECK_INT(pos.column, column);
}

static void test_positions(void)
{
	struct arena a = {0};
	struct sources s = {.arena = &a};
	const struct source *one = sources_add(&s, "one", "ab\n\ncd", 6);
	const struct source *two = sources_add(&s, "two", "x\n", 2);

	CHECK_INT(one->base, 0);
	CHECK_INT(two->base, 7);
	check_pos(&s, 0, "one", 1, 1);
	check_pos(&s, 2, "one", 1, 3);
	check_pos(&s, 3, "one", 2, 1);
	check_pos(&s, 4, "one", 3, 1);
	check_pos(&s, 6, "one", 3, 3); // the end of file
	check_pos(&s, 7, "two", 1, 1);
	check_pos(&s, 9, "two", 2, 1);
	CHECK(!sources_pos(&s, 10).source);
	CHECK(!sources_find(&s, UINT32_MAX));
	arena_release(&a);
}

static void test_lines(void)
{
	struct arena a = {0};
	struct sources s = {.arena = &a};
	const struct source *src = sources_add(&s, "x", "ab\r\n\nlast", 9);
	size_t len;

	CHECK_INT(src->line_count, 3);
	CHECK(memcmp(source_line(src, 1, &len), "ab", 2) == 0 && len == 2);
	CHECK(source_line(src, 2, &len) && len == 0);
	CHECK(memcmp(source_line(src, 3, &len), "last", 4) == 0 && len == 4);
	CHECK(source_line(src, 4, &len) && len == 0);
	CHECK(source_line(src, 0, &len) && len == 0);
	arena_release(&a);
}

static void test_empty_and_nul(void)
{
	struct arena a = {0};
	struct sources s = {.arena = &a};
	const struct source *empty = sources_add(&s, "empty", "", 0);
	const struct source *nul = sources_add(&s, "nul", "a\0\nb", 4);

	CHECK_INT(empty->line_count, 1);
	check_pos(&s, 0, "empty", 1, 1);
	CHECK_INT(nul->len, 4);
	check_pos(&s, nul->base + 3, "nul", 2, 1);
	arena_release(&a);
}

static void test_too_large(void)
{
	struct arena a = {0};
	struct sources s = {.arena = &a};

	CHECK(sources_add(&s, "x", "y", (size_t)1 << 30) == NULL);
	arena_release(&a);
}

TEST_MAIN(test_positions, test_lines, test_empty_and_nul, test_too_large)
