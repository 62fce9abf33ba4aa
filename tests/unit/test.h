// test: the whole unit test library. A test file defines `static void test_x(void)`
// functions that use CHECK..., and ends with
//
//	TEST_MAIN(test_x, test_y)
//
// Every check that fails is printed with its place; the test function goes on. The last line
// counts tests, so that ./dev test can add them up. SKIP(reason) leaves a test, counted as
// skipped with its reason.
#pragma once

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct test_state {
	const char *name; // the running test
	int checks_failed, failed, passed, skipped;
	bool skip;
};
static struct test_state test_state;

static inline bool test_fail(const char *file, int line)
{
	test_state.checks_failed++;
	printf("%s:%d: in %s: ", file, line, test_state.name);
	return false;
}

static inline bool test_check_str(const char *got, const char *want, const char *expr,
				  const char *file, int line)
{
	if (got && want ? strcmp(got, want) == 0 : got == want)
		return true;
	test_fail(file, line);
	printf("%s\n  is       \"%s\"\n  expected \"%s\"\n", expr, got ? got : "(null)",
	       want ? want : "(null)");
	return false;
}

static inline bool test_check_int(int64_t got, int64_t want, const char *expr, const char *file,
				  int line)
{
	if (got == want)
		return true;
	test_fail(file, line);
	printf("%s is %" PRId64 ", expected %" PRId64 "\n", expr, got, want);
	return false;
}

// Each is an expression: true when it held, so that a test may stop early.
#define CHECK(cond)                                                                                \
	((cond) ? true                                                                             \
		: (test_fail(__FILE__, __LINE__), printf("%s does not hold\n", #cond), false))
#define CHECK_STR(got, want) test_check_str((got), (want), #got, __FILE__, __LINE__)
#define CHECK_INT(got, want)                                                                       \
	test_check_int((int64_t)(got), (int64_t)(want), #got, __FILE__, __LINE__)
#define SKIP(reason)                                                                               \
	do {                                                                                       \
		printf("SKIP %s: %s\n", test_state.name, (reason));                                \
		test_state.skip = true;                                                            \
		return;                                                                            \
	} while (0)

static inline void test_run(const char *name, void (*fn)(void))
{
	test_state.name = name;
	test_state.checks_failed = 0;
	test_state.skip = false;
	fn();
	if (test_state.checks_failed) {
		test_state.failed++;
		printf("FAIL %s\n", name);
	} else if (test_state.skip) {
		test_state.skipped++;
	} else {
		test_state.passed++;
	}
	fflush(stdout);
}

struct test_entry {
	void (*fn)(void);
};

// The names are cut out of the macro's text: "test_x, test_y".
static inline void test_run_all(const struct test_entry *tests, size_t n, const char *names)
{
	for (size_t i = 0; i < n; i++) {
		char name[96];
		size_t len = strcspn(names, ", \t");

		snprintf(name, sizeof(name), "%.*s", (int)len, names);
		names += len;
		names += strspn(names, ", \t\n");
		test_run(name, tests[i].fn);
	}
}

#define TEST_MAIN(...)                                                                             \
	int main(void)                                                                             \
	{                                                                                          \
		void (*const fns[])(void) = {__VA_ARGS__};                                         \
		struct test_entry tests[sizeof(fns) / sizeof(fns[0])];                             \
		for (size_t i = 0; i < sizeof(fns) / sizeof(fns[0]); i++)                          \
			tests[i].fn = fns[i];                                                      \
		test_run_all(tests, sizeof(fns) / sizeof(fns[0]), #__VA_ARGS__);                   \
		printf("%d passed, %d failed, %d skipped\n", test_state.passed, test_state.failed, \
		       test_state.skipped);                                                        \
		return test_state.failed != 0;                                                     \
	}
