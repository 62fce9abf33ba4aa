// arena, buf, huge: alignment, zeroed memory, growth over every boundary, ownership.
#include "test.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/huge.h"

static bool all_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i])
			return false;
	}
	return true;
}

static void test_arena_alloc(void)
{
	struct arena a = {0};

	for (size_t size = 0; size < 200000; size = size * 3 + 1) {
		unsigned char *p = arena_alloc(&a, size);

		CHECK((uintptr_t)p % 16 == 0);
		CHECK(all_zero(p, size));
		memset(p, 0xff, size);
	}
	CHECK(a.total >= 88573);
	arena_release(&a);
	CHECK(a.total == 0 && !a.head);
	arena_release(&a);
}

// A large block must not swallow the rest of the current one, nor be handed out twice.
static void test_arena_large_between_small(void)
{
	struct arena a = {0};
	char *first = arena_alloc(&a, 100), *large, *second;

	memset(first, 'a', 100);
	large = arena_alloc(&a, 1 << 20);
	memset(large, 'b', 1 << 20);
	second = arena_alloc(&a, 100);
	memset(second, 'c', 100);
	CHECK(first[99] == 'a' && large[0] == 'b' && large[(1 << 20) - 1] == 'b');
	CHECK_INT(second - first, 112);
	arena_release(&a);
}

static void test_arena_strings(void)
{
	struct arena a = {0};

	CHECK_STR(arena_strdup(&a, "abc"), "abc");
	CHECK_STR(arena_strndup(&a, "abcdef", 3), "abc");
	CHECK_STR(arena_strndup(&a, NULL, 0), "");
	CHECK_STR(arena_printf(&a, "%d-%s", 42, "x"), "42-x");
	CHECK_STR(arena_printf(&a, "%s", ""), "");
	arena_release(&a);
}

static void test_arena_vector(void)
{
	struct arena a = {0};
	ARENA_VEC(int) v = {0};
	bool same = true;

	for (int i = 0; i < 10000; i++)
		arena_push(&a, &v, i);
	CHECK_INT(v.len, 10000);
	for (int i = 0; i < 10000; i++)
		same = same && v.data[i] == i;
	CHECK(same);
	arena_release(&a);
}

static void test_buf_append(void)
{
	struct buf b = {0};

	CHECK_STR(buf_str(&b), "");
	buf_puts(&b, "abc");
	buf_putc(&b, 'd');
	buf_append(&b, "\0e", 2);
	CHECK_INT(b.len, 6);
	CHECK(memcmp(b.data, "abcd\0e", 7) == 0);
	buf_clear(&b);
	CHECK_STR(buf_str(&b), "");
	CHECK(b.cap > 0);
	buf_release(&b);
	CHECK(!b.data);
	buf_release(&b);
}

// Every length around the doubling of the buffer, so that no byte is lost at an edge.
static void test_buf_printf_lengths(void)
{
	bool good = true;

	for (int n = 0; n < 600; n++) {
		struct buf b = {0};

		buf_puts(&b, "x");
		buf_printf(&b, "%*s", n, "");
		buf_printf(&b, "%d", 7);
		good = good && (int)b.len == (n ? n : 0) + 2 && b.data[b.len - 1] == '7' &&
		       b.data[b.len] == '\0';
		buf_release(&b);
	}
	CHECK(good);
}

static void test_buf_take(void)
{
	struct buf b = {0};
	char *s = buf_take(&b);

	CHECK_STR(s, "");
	free(s);
	buf_puts(&b, "mine");
	s = buf_take(&b);
	CHECK_STR(s, "mine");
	CHECK(!b.data && !b.len);
	free(s);
}

// Whatever pages it is made of.
static void test_huge(void)
{
	static const size_t sizes[] = {1, 4096, 600 << 10, 5 << 20};

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		unsigned char *p = huge_malloc(sizes[i]);
		CHECK(p != NULL);
		memset(p, 0xff, sizes[i]); // perhaps the next one is made of the same
		free(p);
		p = huge_calloc(sizes[i]);
		CHECK(p && !p[0] && !memcmp(p, p + 1, sizes[i] - 1));
		free(p);
	}
}

// An arena that has grown large goes on in large blocks.
static void test_large_arena(void)
{
	struct arena a = {0};
	bool zeroed = true;

	for (int i = 0; i < 40000; i++) {
		unsigned char *p = arena_alloc(&a, 96);
		zeroed &= !p[0] && !memcmp(p, p + 1, 95) && !((uintptr_t)p % 16);
		memset(p, 1, 96);
	}
	CHECK(zeroed);
	CHECK_INT(a.total, 40000 * 96);
	arena_release(&a);
}

TEST_MAIN(test_huge, test_large_arena, test_arena_alloc, test_arena_large_between_small,
	  test_arena_strings, test_arena_vector, test_buf_append, test_buf_printf_lengths,
	  test_buf_take)
