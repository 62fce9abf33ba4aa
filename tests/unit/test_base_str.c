// str: globs, near misses, numbers, interned names.
#include "test.h"

#include "base/str.h"

static void test_glob(void)
{
	CHECK(glob_matches("", "") && glob_matches("*", "") && glob_matches("*", "abc"));
	CHECK(glob_matches("abc", "abc") && !glob_matches("abc", "abd") &&
	      !glob_matches("ab", "abc"));
	CHECK(glob_matches("a*c", "ac") && glob_matches("a*c", "abbbc") &&
	      !glob_matches("a*c", "abcd"));
	CHECK(glob_matches("*b*d*", "abcde") && !glob_matches("*b*d*", "adcbe"));
	CHECK(glob_matches("a**b", "ab") && glob_matches("*ab", "aab") &&
	      glob_matches("*aab", "aaaab"));
	CHECK(!glob_matches("", "a") && !glob_matches("a", ""));
	CHECK(glob_matches("a?", "a?") && !glob_matches("a?", "ab")); // only '*' is special
	CHECK(glob_has_wildcard("a*") && !glob_has_wildcard("a?[b]"));
}

// Backtracking to every star would take 2^30 steps.
static void test_glob_is_not_exponential(void)
{
	char text[5001];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	CHECK(
	    !glob_matches("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

static const char *nearest(const char *word, const char *a, const char *b)
{
	struct nearest n;

	nearest_init(&n, word);
	nearest_offer(&n, a);
	nearest_offer(&n, b);
	return nearest_get(&n);
}

static void test_nearest(void)
{
	CHECK_STR(nearest("pritnf", "print", "printf"), "printf"); // a swap is one step
	CHECK_STR(nearest("cuont", "count", "sum"), "count");
	CHECK_STR(nearest("retvl", "retval", "pid"), "retval");
	CHECK_STR(nearest("xyz", "count", "sum"), NULL);
	CHECK_STR(nearest("a", "b", "c"), NULL);
	CHECK_STR(nearest("", "a", "b"), NULL);
	CHECK_STR(
	    nearest("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
		    "b"),
	    NULL);
}

static void test_numbers(void)
{
	uint64_t v = 0;

	CHECK(str_to_u64("0", &v) && v == 0);
	CHECK(str_to_u64("0x1F", &v) && v == 31);
	CHECK(str_to_u64("017", &v) && v == 15);
	CHECK(str_to_u64("18446744073709551615", &v) && v == UINT64_MAX);
	CHECK(!str_to_u64("18446744073709551616", &v));
	CHECK(!str_to_u64("", &v) && !str_to_u64("-1", &v) && !str_to_u64(" 1", &v));
	CHECK(!str_to_u64("1 ", &v) && !str_to_u64("1x", &v) && !str_to_u64("+1", &v));
}

static void test_time_units(void)
{
	CHECK(str_time_unit("ns") == 1 && str_time_unit("us") == 1000);
	CHECK(str_time_unit("s") == 1000000000 && str_time_unit("d") == 86400000000000);
	CHECK(!str_time_unit("") && !str_time_unit("S") && !str_time_unit("hz"));
}

static void test_ends(void)
{
	CHECK(str_starts_with("abc", "ab") && str_starts_with("abc", "") &&
	      !str_starts_with("a", "ab"));
	CHECK(str_ends_with("abc", "bc") && str_ends_with("abc", "") && !str_ends_with("c", "bc"));
	CHECK(str_hash("a", 1) == 0xaf63dc4c8601ec8cull); // the published FNV-1a value
}

static void test_intern(void)
{
	struct intern t = {0};
	char name[16];
	uint32_t id;
	bool dense = true;

	CHECK(!intern_find(&t, "x", &id));
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 5000; i++) {
			snprintf(name, sizeof(name), "name%u", i);
			dense = dense && intern_id(&t, name) == i;
		}
	}
	CHECK(dense);
	CHECK_INT(t.len, 5000);
	CHECK(intern_find(&t, "name4999", &id) && id == 4999);
	CHECK(!intern_find(&t, "name5000", &id));
	CHECK_STR(t.names[17], "name17");
	intern_release(&t);
	CHECK(!t.len && !t.names);
}

TEST_MAIN(test_glob, test_glob_is_not_exponential, test_nearest, test_numbers, test_time_units,
	  test_ends, test_intern)
