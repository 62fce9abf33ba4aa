// test_config: the config block, the environment and which of them wins; parameters.
#include "base/cleanup.h"
#include "check_fixture.h"

static void test_defaults(void)
{
	struct config c;

	config_init(&c);
	CHECK_INT(c.max_map_keys, 4096);
	CHECK_INT(c.max_strlen, 1024);
	CHECK_INT(c.on_stack_limit, 32);
	CHECK(c.print_maps_on_exit);
	CHECK_STR(c.license, "GPL");
	CHECK_STR(c.str_trunc_trailer, "..");
}

static void test_block(void)
{
	struct fixture f = {0};
	struct config *c = &f.c.program.config;

	if (!fixture_accepts(&f,
			     "config = { max_strlen = 64; MAX_MAP_KEYS = 5; missing_probes = warn; "
			     "print_maps_on_exit = false; str_trunc_trailer = \"!\"; "
			     "license = \"GPL v2\"; stack_mode = perf; "
			     "bpftrace_log_size = 7; cache_user_symbols = PER_PID; "
			     "unstable_typeinfo = enable; } begin { }"))
		return;
	CHECK_INT(c->max_strlen, 64);
	CHECK_INT(c->max_map_keys, 5);
	CHECK_INT(c->missing_probes, MISSING_WARN);
	CHECK(!c->print_maps_on_exit);
	CHECK_STR(c->str_trunc_trailer, "!");
	CHECK_STR(c->license, "GPL v2");
	CHECK_INT(c->stack_mode, STACK_MODE_PERF);
	CHECK_INT(c->log_size, 7);
	CHECK(c->cache_user_symbols_set);
	CHECK_INT(c->cache_user_symbols, USER_SYMBOLS_PER_PID);
	CHECK_INT(c->unstable_typeinfo, UNSTABLE_ENABLE);
	fixture_release(&f);
}

static void test_environment_wins(void)
{
	struct fixture f = {0};

	setenv("BPFTRACE_MAX_STRLEN", "99", 1);
	setenv("BPFTRACE_MAX_MAP_KEYS", "1", 1);
	setenv("MTRACE_MAX_MAP_KEYS", "2", 1);
	if (fixture_accepts(&f, "config = { max_strlen = 64; } begin { }")) {
		CHECK_INT(f.c.program.config.max_strlen, 99);
		CHECK_INT(f.c.program.config.max_map_keys, 2);
	}
	unsetenv("BPFTRACE_MAX_STRLEN");
	unsetenv("BPFTRACE_MAX_MAP_KEYS");
	unsetenv("MTRACE_MAX_MAP_KEYS");
	fixture_release(&f);
}

// As bpftrace reads them: in any case, but for stack_mode.
static void test_words(void)
{
	static const char *const no[] = {"no", "OFF", "False", "0"};
	static const char *const yes[] = {"Yes", "on", "TRUE", "1"};
	char script[128];

	for (size_t i = 0; i < ARRAY_SIZE(no); i++) {
		struct fixture f = {0};
		snprintf(script, sizeof(script),
			 "config = { print_maps_on_exit = %s; unstable_tseries = %s } begin { }", no[i],
			 yes[i]);
		if (fixture_accepts(&f, script)) {
			CHECK(!f.c.program.config.print_maps_on_exit);
			CHECK_INT(f.c.program.config.unstable_tseries, UNSTABLE_ENABLE);
		}
		fixture_release(&f);
	}
	struct fixture f = {0};
	if (fixture_accepts(&f, "config = { missing_probes = Warn } begin { }"))
		CHECK_INT(f.c.program.config.missing_probes, MISSING_WARN);
	fixture_release(&f);
	fixture_check(&f, "config = { stack_mode = PERF } begin { }");
	CHECK(!f.ok);
	fixture_release(&f);
}

static void test_bad_environment(void)
{
	struct fixture f = {0};

	setenv("BPFTRACE_STACK_MODE", "deep", 1);
	fixture_check(&f, "begin { }");
	CHECK(!f.ok);
	CHECK_STR(fixture_first(&f)->tag, "bad-config");
	unsetenv("BPFTRACE_STACK_MODE");
	fixture_release(&f);
}

static void test_retired_names_warn(void)
{
	struct fixture f = {0};

	if (fixture_accepts(&f, "config = { unstable_macro = 1 } begin { }")) {
		CHECK_INT(fixture_first(&f)->level, DIAG_WARNING);
		CHECK_STR(fixture_first(&f)->tag, "retired-config");
	}
	fixture_release(&f);
}

// ---- parameters ----------------------------------------------------------------------------

static void expect_param(const char *param, const char *expr, const char *want)
{
	struct fixture f = {0};
	const char *params[] = {param};
	struct buf out = {0}, script = {0};

	f.options.params = params;
	f.options.param_count = param ? 1 : 0;
	buf_printf(&script, "begin { print(%s); }", expr);
	if (fixture_accepts(&f, buf_str(&script))) {
		expr_print(f.c.program.events.data[0]->args.data[0].expr, 0, true, &out);
		if (!CHECK_STR(buf_str(&out), want))
			printf("  parameter: %s\n", param);
	}
	buf_release(&out);
	buf_release(&script);
	fixture_release(&f);
}

static void test_positional_parameters(void)
{
	expect_param("7", "$1", "int 7 :: int8\n");
	expect_param("-5", "$1", "int -5 :: int8\n");
	expect_param("0x10", "$1", "int 16 :: int8\n");
	expect_param("010", "$1", "int 8 :: int8\n");
	expect_param("5ms", "$1", "int 5000000 :: int32\n");
	expect_param("1e6", "$1", "int 1000000 :: int32\n");
	expect_param("1_000", "$1", "int 1000 :: int16\n");
	expect_param("1_", "$1", "int 1 :: int8\n");
	expect_param("0b11", "$1", "int 3 :: int8\n");
	expect_param("16ull", "$1", "int 16 :: int8\n");
	expect_param("0x10u", "$1", "int 16 :: int8\n");
	expect_param(" +5", "$1", "int 5 :: int8\n");
	expect_param("+-5", "$1", "string \"+-5\" :: string[4]\n");
	expect_param("5uu", "$1", "string \"5uu\" :: string[4]\n");
	expect_param("18446744073709551615", "$1", "int 18446744073709551615 :: uint64\n");
	expect_param("18446744073709551616", "$1",
		     "string \"18446744073709551616\" :: string[21]\n");
	expect_param("abc", "$1", "string \"abc\" :: string[4]\n");
	expect_param("7", "str($1)", "string \"7\" :: string[2]\n");
	expect_param("7", "$1 + 1", "int 8 :: int8\n");
	expect_param("7", "$#", "int 1 :: int8\n");
	expect_param(NULL, "$1", "int 0 :: int8\n");
	expect_param(NULL, "str($1)", "string \"\" :: string[1]\n");
	expect_param("5x", "$1", "string \"5x\" :: string[3]\n");
	expect_param("0x", "$1", "string \"0x\" :: string[3]\n");
	expect_param("1e", "$1", "string \"1e\" :: string[3]\n");
	expect_param("1e99", "$1", "string \"1e99\" :: string[5]\n");
	expect_param("99999999999999d", "$1", "string \"99999999999999d\" :: string[16]\n");
}

static void expect_option(const char *given, const char *expr, const char *want)
{
	struct fixture f = {0};
	const char *named[] = {given};
	struct buf out = {0}, script = {0};

	f.options.named = named;
	f.options.named_count = given ? 1 : 0;
	buf_printf(&script, "begin { print(%s); }", expr);
	fixture_check(&f, buf_str(&script));
	if (f.ok) {
		expr_print(f.c.program.events.data[0]->args.data[0].expr, 0, true, &out);
		CHECK_STR(buf_str(&out), want);
	} else {
		CHECK_STR(fixture_first(&f)->tag, want);
	}
	buf_release(&out);
	buf_release(&script);
	fixture_release(&f);
}

static void test_getopt(void)
{
	expect_option("a", "getopt(\"a\")", "bool true :: bool\n");
	expect_option(NULL, "getopt(\"a\")", "bool false :: bool\n");
	expect_option("a=false", "getopt(\"a\", true)", "bool false :: bool\n");
	expect_option("a=FALSE", "getopt(\"a\", true)", "bool false :: bool\n");
	expect_option("a=Yes", "getopt(\"a\")", "bool true :: bool\n");
	expect_option("a=off", "getopt(\"a\", true)", "bool false :: bool\n");
	expect_option("a=y", "getopt(\"a\")", "bad-parameter");
	expect_option("n=9", "getopt(\"n\", 5, \"how many\")", "int 9 :: int8\n");
	expect_option(NULL, "getopt(\"n\", 5)", "int 5 :: int8\n");
	expect_option("name=x", "getopt(\"n\", 5)", "bad-parameter");
	expect_option("s=x y", "getopt(\"s\", \"d\")", "string \"x y\" :: string[4]\n");
	expect_option("help", "getopt(\"help\")", "bool true :: bool\n");
	expect_option("s", "getopt(\"s\", \"d\")", "bad-parameter");
	expect_option("n=99999999999999999999", "getopt(\"n\", 5)", "bad-parameter");
	expect_option("n=abc", "getopt(\"n\", 5)", "bad-parameter");
	expect_option("a=maybe", "getopt(\"a\")", "bad-parameter");
}

TEST_MAIN(test_defaults, test_block, test_environment_wins, test_words, test_bad_environment,
	  test_retired_names_warn, test_positional_parameters, test_getopt)
