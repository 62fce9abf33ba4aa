// test_check_session: what a session's entry leaves for its return half, and where, for every
// mechanism.
#include "check_fixture.h"

static struct session *session_of(struct fixture *f)
{
	return &f->c.program.units.data[0]->session;
}

static bool check_with(struct fixture *f, enum mechanism mech, const char *script)
{
	*f = (struct fixture){.mech = mech};
	return fixture_accepts(f, script);
}

static void expect(enum mechanism mech, const char *script, enum session_storage storage,
		   size_t captures, uint32_t spill)
{
	struct fixture f;

	if (check_with(&f, mech, script)) {
		bool ok = CHECK_INT(session_of(&f)->storage, storage);

		ok &= CHECK_INT(session_of(&f)->captures.len, captures);
		ok &= CHECK_INT(session_of(&f)->spill_size, spill);
		if (!ok)
			printf("  script: %s\n", script);
	}
	fixture_release(&f);
}

#define NATIVE MECH_UPROBE_SESSION
#define PAIR MECH_UPROBE_MULTI_PAIR
#define S "session:./a:f "

static void test_nothing_captured(void)
{
	expect(NATIVE, S "{ return { print(retval); } }", SESSION_STORE_NONE, 0, 0);
	expect(NATIVE, S "/pid == 1/ { entry { skip; } return { print(1); } }", SESSION_STORE_NONE,
	       0, 0);
	// without the kernel's help the entry's decision must travel
	expect(PAIR, S "{ return { print(retval); } }", SESSION_STORE_SPILL, 0, 0);
	expect(PAIR, S "{ entry { print(arg0); } }", SESSION_STORE_NONE, 0, 0);
}

static void test_one_value_fits_the_cookie(void)
{
	expect(NATIVE, S "{ return { @ = hist(elapsed); } }", SESSION_STORE_COOKIE, 1, 0);
	expect(NATIVE, S "{ return { print(arg0 + arg0); } }", SESSION_STORE_COOKIE, 1, 0);
	expect(NATIVE, S "{ entry { $x = arg0; } return { print($x); } }", SESSION_STORE_COOKIE, 1,
	       0);
	expect(PAIR, S "{ return { @ = hist(elapsed); } }", SESSION_STORE_SPILL, 1, 8);
	expect(MECH_UPROBE_PERF_PAIR, S "{ return { print(arg0); } }", SESSION_STORE_SPILL, 1, 8);
}

static void test_more_are_spilled(void)
{
	expect(NATIVE, S "{ return { print((arg0, elapsed)); } }", SESSION_STORE_SPILL, 2, 16);
	expect(NATIVE, S "{ entry { $c = comm; } return { print($c); } }", SESSION_STORE_SPILL, 1,
	       16);
	expect(NATIVE,
	       S "{ entry { $a = (int8)1; $b = arg0; $c = (int16)1; } "
		 "return { print(($a, $b, $c)); } }",
	       SESSION_STORE_SPILL, 3, 24);
}

static void test_only_what_the_return_half_reads(void)
{
	struct fixture f;

	if (check_with(&f, NATIVE,
		       S "{ entry { $x = arg0; $y = arg1; $z = 1; } "
			 "return { $z2 = 5; print($y); } }")) {
		struct session *s = session_of(&f);

		CHECK_INT(s->captures.len, 1);
		CHECK_INT(s->captures.data[0].kind, CAPTURE_VARIABLE);
		CHECK_STR(s->captures.data[0].var->name, "y");
		CHECK(s->captures.data[0].var->carried);
	}
	fixture_release(&f);
}

// Arguments of the entry are captured in the return half only where it reads them.
static void test_arguments(void)
{
	struct fixture f;

	if (check_with(&f, NATIVE,
		       S "{ entry { print(arg0); } return { print((arg2, arg1)); } }")) {
		struct session *s = session_of(&f);

		CHECK_INT(s->captures.len, 2);
		CHECK_INT(s->captures.data[0].kind, CAPTURE_ARG);
		CHECK_INT(s->captures.data[0].arg, 2);
		CHECK_INT(s->captures.data[1].arg, 1);
		CHECK_INT(s->captures.data[1].offset, 8);
	}
	fixture_release(&f);
}

static void test_elapsed_at_entry_is_not_captured(void)
{
	expect(NATIVE, S "{ entry { @e = elapsed; } return { print(1); } }", SESSION_STORE_NONE, 0,
	       0);
}

static void test_carried_types_are_joined(void)
{
	struct fixture f;

	if (check_with(&f, NATIVE, S "{ entry { $x = 1; } return { $x = nsecs; print($x); } }"))
		CHECK(session_of(&f)->captures.data[0].type == &type_uint64);
	fixture_release(&f);
}

static void test_body_without_clauses(void)
{
	struct fixture f;

	if (check_with(&f, NATIVE, S "{ if (is_return) { print((elapsed, arg0)); } }")) {
		struct session *s = session_of(&f);

		CHECK(!s->has_clauses && s->has_entry && s->has_return);
		CHECK(s->entry == s->ret);
		CHECK_INT(s->captures.len, 2);
		CHECK_INT(s->storage, SESSION_STORE_SPILL);
	}
	fixture_release(&f);
}

// Variables of a body without clauses are each half's own.
static void test_no_carrying_without_clauses(void)
{
	expect(NATIVE, S "{ $x = retval; if (is_return) { print($x); } }", SESSION_STORE_NONE, 0,
	       0);
}

static void test_clauses_in_either_order(void)
{
	expect(NATIVE, S "{ return { print($x); } entry { $x = arg0; } }", SESSION_STORE_COOKIE, 1,
	       0);
}

static void test_inner_variables_are_not_carried(void)
{
	struct fixture f = {0};

	fixture_check(&f, S "{ entry { if (pid) { $x = 1; } } return { print($x); } }");
	CHECK(!f.ok);
	CHECK_STR(fixture_first(&f)->tag, "undefined-variable");
	fixture_release(&f);
}

static void test_storage_names(void)
{
	CHECK_STR(session_storage_name(SESSION_STORE_NONE), "none");
	CHECK_STR(session_storage_name(SESSION_STORE_COOKIE), "cookie");
	CHECK_STR(session_storage_name(SESSION_STORE_SPILL), "spill");
}

TEST_MAIN(test_nothing_captured, test_one_value_fits_the_cookie, test_more_are_spilled,
	  test_only_what_the_return_half_reads, test_arguments,
	  test_elapsed_at_entry_is_not_captured, test_carried_types_are_joined,
	  test_body_without_clauses, test_no_carrying_without_clauses, test_clauses_in_either_order,
	  test_inner_variables_are_not_carried, test_storage_names)
