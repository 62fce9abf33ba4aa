// test_check_layout: what check promises the runtime: maps, records, units.
#include "bpf/abi.h"
#include "check_fixture.h"

// ---- maps ----------------------------------------------------------------------------------

static void test_scalar_maps_are_slots(void)
{
	struct fixture f = {0};
	struct map_def *m;

	if (!fixture_accepts(&f, "begin { @a = 1; @c = count(); @h = hist(1); }"))
		return;
	m = fixture_map(&f, "a");
	CHECK(m->scalar && m->slot && !m->key);
	CHECK_INT(m->bpf_kind, BPF_MAP_KIND_ARRAY);
	CHECK_INT(m->key_size, 4);
	CHECK_INT(m->value_size, 16);
	CHECK_INT(m->max_entries, 1);
	CHECK_INT(map_value_offset(m), 8);
	m = fixture_map(&f, "c");
	CHECK(m->slot);
	CHECK_INT(m->bpf_kind, BPF_MAP_KIND_PERCPU_ARRAY);
	CHECK_INT(m->value_size, 16);
	m = fixture_map(&f, "h");
	CHECK(m->slot);
	CHECK_INT(m->value_size, 8 + 8 * hist_buckets(0));
	fixture_release(&f);
}

static void test_large_scalars_are_hashes(void)
{
	struct fixture f = {0};
	struct map_def *m;

	if (!fixture_accepts(&f, "begin { @s = comm; @t = (1, 2); }"))
		return;
	m = fixture_map(&f, "s");
	CHECK(m->scalar && !m->slot);
	CHECK_INT(m->bpf_kind, BPF_MAP_KIND_HASH);
	CHECK_INT(m->key_size, 8);
	CHECK_INT(m->value_size, 16);
	CHECK_INT(m->max_entries, 1);
	CHECK(fixture_map(&f, "t")->slot); // two bytes
	fixture_release(&f);
}

static void test_keyed_maps(void)
{
	struct fixture f = {0};
	struct map_def *m;

	if (!fixture_accepts(&f, "config = { max_map_keys = 77 } begin { @[pid, comm] = 1; "
				 "@c[1] = count(); @h[1] = hist(1); @s[1] = str(nsecs); }"))
		return;
	m = fixture_map(&f, "");
	CHECK(!m->scalar && !m->slot);
	CHECK_INT(m->bpf_kind, BPF_MAP_KIND_HASH);
	CHECK_INT(m->key_size, 20);
	CHECK_INT(m->value_size, 1);
	CHECK_INT(m->max_entries, 77);
	CHECK_INT(m->flags, 0);
	m = fixture_map(&f, "c");
	CHECK_INT(m->bpf_kind, BPF_MAP_KIND_PERCPU_HASH);
	CHECK_INT(m->value_size, 8);
	CHECK_INT(fixture_map(&f, "h")->flags, 1); // 528 bytes: not allocated in advance
	CHECK_INT(fixture_map(&f, "s")->flags, 1);
	fixture_release(&f);
}

static void test_aggregation_layouts(void)
{
	struct fixture f = {0};

	if (!fixture_accepts(&f,
			     "begin { @s[1] = sum(-1); @u[1] = sum(pid); @mi[1] = min(1); "
			     "@av[1] = avg(1); @st[1] = stats(1); @l[1] = lhist(1, 0, 10, 2); }"))
		return;
	CHECK_INT(fixture_map(&f, "s")->value_size, 8);
	CHECK(fixture_map(&f, "s")->value->is_signed);
	CHECK(!fixture_map(&f, "u")->value->is_signed);
	CHECK(fixture_map(&f, "u")->value->elem == &type_uint64);
	CHECK_INT(fixture_map(&f, "mi")->value_size, 16);
	CHECK_INT(fixture_map(&f, "av")->value_size, 16);
	CHECK_INT(fixture_map(&f, "st")->value_size, 32);
	CHECK_INT(fixture_map(&f, "l")->value_size, 8 * 7);
	CHECK_INT(fixture_map(&f, "l")->value->params[2], 2);
	fixture_release(&f);
}

static void test_declared_maps(void)
{
	struct fixture f = {0};
	struct map_def *m;

	if (!fixture_accepts(&f,
			     "let @a = lruhash(9); let @b = percpulruhash(8); let @c = hash(1); "
			     "begin { @a[1] = 1; @b[1] = count(); @c = 5; }"))
		return;
	m = fixture_map(&f, "a");
	CHECK_INT(m->bpf_kind, BPF_MAP_KIND_LRU_HASH);
	CHECK_INT(m->max_entries, 9);
	CHECK_INT(fixture_map(&f, "b")->bpf_kind, BPF_MAP_KIND_LRU_PERCPU_HASH);
	m = fixture_map(&f, "c");
	CHECK(m->scalar && !m->slot);
	CHECK_INT(m->bpf_kind, BPF_MAP_KIND_HASH);
	fixture_release(&f);
}

// Types are inferred over all probes: the first one stores too little.
static void test_types_join_across_probes(void)
{
	struct fixture f = {0};

	if (!fixture_accepts(&f, "begin { @v = 1; @k[1] = 1; $x = @v; @w = $x; } "
				 "end { @v = nsecs; @k[nsecs] = 2; }"))
		return;
	CHECK(fixture_map(&f, "v")->value == &type_uint64);
	CHECK(fixture_map(&f, "w")->value == &type_uint64);
	CHECK(fixture_map(&f, "k")->key == &type_uint64);
	fixture_release(&f);
}

// ---- records -------------------------------------------------------------------------------

static void test_printf_record(void)
{
	struct fixture f = {0};
	struct event_def *e;

	if (!fixture_accepts(&f, "begin { printf(\"%d %s %d %s\\n\", pid, comm, 42, \"const\"); }"))
		return;
	if (!CHECK_INT(f.c.program.events.len, 1))
		return;
	e = f.c.program.events.data[0];
	CHECK_INT(e->kind, EVENT_PRINTF);
	CHECK_INT(e->args.len, 4);
	CHECK_INT(e->args.data[0].offset, sizeof(struct rec_hdr));
	CHECK_INT(e->args.data[1].offset, 16);
	CHECK(e->args.data[2].is_const);
	CHECK_INT(*(const int8_t *)e->args.data[2].data, 42);
	CHECK(e->args.data[3].is_const);
	CHECK_STR(e->args.data[3].data, "const");
	CHECK_INT(e->size, 32);
	CHECK_INT(e->span.begin, 8);
	fixture_release(&f);
}

static void test_fixed_records(void)
{
	struct fixture f = {0};

	if (!fixture_accepts(&f, "begin { @m = 1; print(@m, 5); clear(@m); time(); exit(); }"))
		return;
	if (!CHECK_INT(f.c.program.events.len, 4))
		return;
	CHECK_INT(f.c.program.events.data[0]->size, sizeof(struct rec_map));
	CHECK(f.c.program.events.data[0]->map == fixture_map(&f, "m"));
	CHECK_INT(f.c.program.events.data[1]->kind, EVENT_CLEAR);
	CHECK_INT(f.c.program.events.data[1]->size, sizeof(struct rec_hdr));
	CHECK_STR(f.c.program.events.data[2]->text, "%H:%M:%S\n");
	CHECK_INT(f.c.program.events.data[3]->size, sizeof(struct rec_exit));
	fixture_release(&f);
}

static void test_print_of_values(void)
{
	struct fixture f = {0};
	struct event_def *e;

	if (!fixture_accepts(&f, "begin { @c[1] = count(); @s[1] = stats(1); print(@c[1]); "
				 "print(@s[1]); print((pid, \"a\")); }"))
		return;
	e = f.c.program.events.data[0];
	CHECK_INT(e->kind, EVENT_PRINT_VALUE);
	CHECK(e->args.data[0].type == &type_uint64);
	CHECK_INT(f.c.program.events.data[1]->args.data[0].type->kind, TYPE_STATS);
	CHECK_INT(f.c.program.events.data[1]->size, 8 + 32);
	CHECK_INT(f.c.program.events.data[2]->size, 8 + 8);
	fixture_release(&f);
}

static void test_strftime_formats_are_interned(void)
{
	struct fixture f = {0};

	if (!fixture_accepts(&f,
			     "begin { @a = strftime(\"%H\", nsecs); @b[1] = strftime(\"%M\", 5); "
			     "@c[2] = strftime(\"%H\", nsecs(tai)); }"))
		return;
	CHECK_INT(f.c.program.strings.len, 2);
	CHECK_STR(f.c.program.strings.names[1], "%M");
	fixture_release(&f);
}

// ---- units ---------------------------------------------------------------------------------

static void test_cookie_only_where_names_differ(void)
{
	struct fixture f = {0};

	if (!fixture_accepts(&f, "uprobe:./a:x { @[func] = 1; } uprobe:./a:x,uprobe:./a:y "
				 "{ @[func] = 1; } uprobe:./a:x,uprobe:./a:y { @b = 1; }"))
		return;
	CHECK(!f.c.program.units.data[0]->uses_cookie);
	CHECK(f.c.program.units.data[1]->uses_cookie);
	CHECK(!f.c.program.units.data[2]->uses_cookie);
	fixture_release(&f);
}

static void test_variables_have_dense_ids(void)
{
	struct fixture f = {0};

	if (!fixture_accepts(&f,
			     "begin { $a = 1; if (pid) { $b = 2; } for $i : 0..3 { $c = $i; } } "
			     "end { $d = 1; }"))
		return;
	CHECK_INT(f.c.program.units.data[0]->variable_count, 4);
	CHECK_INT(f.c.program.units.data[1]->variable_count, 1);
	fixture_release(&f);
}

static void test_loops_know_what_they_capture(void)
{
	struct fixture f = {0};
	struct stmt *loop;

	if (!fixture_accepts(&f, "begin { $a = 1; $b = 2; for $i : 0..3 { $c = $a + $i; $c++; } }"))
		return;
	loop = f.c.program.units.data[0]->body->stmts.data[2];
	CHECK_INT(loop->kind, STMT_FOR_RANGE);
	if (CHECK_INT(loop->u.iter.captured.len, 1))
		CHECK_STR(loop->u.iter.captured.data[0]->name, "a");
	fixture_release(&f);
}

// ---- print and clear in one go ---------------------------------------------------------------

static void check_take(const char *script, int takes)
{
	struct fixture f = {0};
	const struct event_def *print;
	struct map_def *m;

	if (!fixture_accepts(&f, script))
		return;
	print = f.c.program.events.data[0];
	m = fixture_map(&f, "a");
	CHECK_INT(print->kind, EVENT_PRINT_MAP);
	if (!CHECK_INT(print->takes, takes))
		printf("  script: %s\n", script);
	CHECK((m->twin && m->in_use) == (takes != TAKES_NOTHING));
	if (m->twin) {
		CHECK_INT(m->in_use->bpf_kind, BPF_MAP_KIND_ARRAY_OF_MAPS);
		CHECK(m->in_use->inner == m && m->twin->id != m->id);
		CHECK_INT(m->twin->value_size, m->value_size);
		CHECK_INT(m->twin->bpf_kind, m->bpf_kind);
	}
	fixture_release(&f);
}

#define COUNTED "uprobe:./a:x { @a[pid] = count(); @b[1] = 2; } "

static void test_what_is_taken(void)
{
	check_take(COUNTED "interval:s:1 { print(@a); clear(@a); }", TAKES_CLEAR);
	check_take(COUNTED "interval:s:1 { print(@a, 3); time(); print(@b); clear(@b); clear(@a); }",
		   TAKES_CLEAR);
	check_take(COUNTED "interval:s:1 { if (@b[1] > 2) { print(@a); zero(@a); } }", TAKES_ZERO);
	check_take(COUNTED "interval:s:1 { print(@a); } interval:s:9 { clear(@a); }",
		   TAKES_NOTHING);
	check_take(COUNTED "interval:s:1 { print(@a); exit(); clear(@a); }", TAKES_NOTHING);
	check_take(COUNTED "interval:s:1 { print(@a); if (@b[1]) { clear(@a); } }", TAKES_NOTHING);
	check_take(COUNTED "interval:s:1 { print(@a); clear(@b); }", TAKES_NOTHING);
	check_take(COUNTED "end { print(@a); clear(@a); }", TAKES_NOTHING);
}

// One mistake in a body that several units share is one message.
static void test_errors_are_reported_once(void)
{
	struct fixture f = {0};

	fixture_check(&f, "uprobe:./a:x, interval:s:1 { $x = 1; $x = \"a\"; }");
	CHECK(!f.ok);
	CHECK_INT(f.c.program.units.len, 2);
	CHECK_INT(f.c.diag.entries.len, 1);
	fixture_release(&f);
}

TEST_MAIN(test_scalar_maps_are_slots, test_large_scalars_are_hashes, test_keyed_maps,
	  test_aggregation_layouts, test_declared_maps, test_types_join_across_probes,
	  test_printf_record, test_fixed_records, test_print_of_values,
	  test_strftime_formats_are_interned, test_cookie_only_where_names_differ,
	  test_variables_have_dense_ids, test_loops_know_what_they_capture, test_what_is_taken,
	  test_errors_are_reported_once)
