// test_plan: the ladder as a pure function of features, and the plan in words.
#include <errno.h>

#include "attach/plan.h"
#include "attach/provider.h"
#include "base/cleanup.h"
#include "test.h"

struct fixture {
	struct arena arena;
	struct program program;
	struct features features;
};

static struct unit *add_unit(struct fixture *f, enum probe_type type, const char *spec)
{
	struct unit *u = program_add_unit(&f->program, type, (struct span){0, 0});

	u->spec = spec;
	u->session.has_return = type == PROBE_USESSION;
	return u;
}

static void add_target(struct fixture *f, struct unit *u, const char *path, const char *func)
{
	struct target *t = program_add_target(&f->program, u, func, func);

	t->path = path;
	t->offset = 0x1000;
}

static void init(struct fixture *f, uint32_t assumed)
{
	*f = (struct fixture){.features = {.fake = true, .assumed = assumed}};
	program_init(&f->program, &f->arena);
}

static void release(struct fixture *f)
{
	program_release(&f->program);
	arena_release(&f->arena);
}

#define MULTI (1u << FEATURE_UPROBE_MULTI)
#define SESSION (1u << FEATURE_UPROBE_SESSION)

static void test_ladder(void)
{
	static const struct {
		enum probe_type type;
		uint32_t assumed;
		enum mechanism mech;
		bool reason, native, emulated;
		unsigned programs, links; // for three targets in two files
	} rows[] = {
	    {PROBE_USESSION, MULTI | SESSION, MECH_UPROBE_SESSION, false, true, false, 1, 2},
	    {PROBE_USESSION, MULTI, MECH_UPROBE_MULTI_PAIR, true, false, true, 2, 4},
	    {PROBE_USESSION, 0, MECH_UPROBE_PERF_PAIR, true, false, true, 2, 6},
	    {PROBE_UPROBE, MULTI | SESSION, MECH_UPROBE_MULTI, false, false, false, 1, 2},
	    {PROBE_UPROBE, 0, MECH_UPROBE_PERF, true, false, false, 1, 3},
	    {PROBE_URETPROBE, MULTI, MECH_UPROBE_MULTI, false, false, false, 1, 2},
	    {PROBE_URETPROBE, 0, MECH_UPROBE_PERF, true, false, false, 1, 3},
	    {PROBE_BEGIN, 0, MECH_TEST_RUN, false, false, false, 1, 0},
	    {PROBE_INTERVAL, 0, MECH_PERF_TIMER, false, false, false, 1, 1},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct fixture f;
		init(&f, rows[i].assumed);
		struct unit *u = add_unit(&f, rows[i].type, "spec");
		add_target(&f, u, "/a", "one");
		add_target(&f, u, "/a", "two");
		add_target(&f, u, "/b", "one");
		CHECK_INT(plan_units(&f.program, &f.features), 0);
		CHECK_STR(mechanism_name(u->mech), mechanism_name(rows[i].mech));
		CHECK_INT(u->mech_reason != NULL, rows[i].reason);
		CHECK_INT(u->session.native_cookie, rows[i].native);
		CHECK_INT(u->session.emulated, rows[i].emulated);
		struct plan_totals t = plan_count(&f.program);
		CHECK_INT(t.programs, rows[i].programs);
		CHECK_INT(t.links, rows[i].links);
		CHECK_INT(t.targets, 3);
		release(&f);
	}
}

static void test_reasons(void)
{
	struct fixture f;

	init(&f, MULTI | SESSION);
	f.features.disabled = SESSION;
	struct unit *u = add_unit(&f, PROBE_USESSION, "spec");
	add_target(&f, u, "/a", "one");
	CHECK_INT(plan_units(&f.program, &f.features), 0);
	CHECK_STR(u->mech_reason, "uprobe_session: turned off by --no-feature");
	features_strike(&f.features, FEATURE_UPROBE_MULTI);
	CHECK_INT(plan_units(&f.program, &f.features), 0);
	CHECK_STR(u->mech_reason, "uprobe_session: turned off by --no-feature; uprobe_multi: the "
				  "kernel refused it when it was used");
	CHECK_INT(u->mech, MECH_UPROBE_PERF_PAIR);
	release(&f);
}

static void test_nothing_matched(void)
{
	struct fixture f;

	init(&f, MULTI);
	struct unit *u = add_unit(&f, PROBE_UPROBE, "uprobe:/a:x*");
	CHECK_INT(plan_units(&f.program, &f.features), 0);
	CHECK_INT(u->mech, MECH_NONE);
	struct plan_totals t = plan_count(&f.program);
	CHECK_INT(t.programs, 0);
	CHECK_INT(t.links, 0);
	release(&f);
}

// ---- kernel functions ------------------------------------------------------------------

#define KMULTI (1u << FEATURE_KPROBE_MULTI)
#define KSESSION (1u << FEATURE_KPROBE_SESSION)
#define TMULTI (1u << FEATURE_TRACING_MULTI)
#define FSESSION (1u << FEATURE_FSESSION)
#define ALL (KMULTI | KSESSION | TMULTI | FSESSION)

static void add_function(struct fixture *f, struct unit *u, const char *func, const char *module,
			 bool fit)
{
	struct target *t = program_add_target(&f->program, u, func, func);

	t->module = module;
	t->address = 0xffffffff81000000ull + 16 * t->id;
	t->btf_id = fit ? 100 + t->id : 0;
	t->btf_refused = fit ? NULL : "BTF does not describe it";
}

struct kernel_row {
	enum probe_type type;
	uint32_t assumed;
	char kinds[8]; // a target each: v fit in vmlinux, m fit in a module, - without BTF
	bool reads_args, has_offset;
	enum mechanism mech;
	unsigned programs, links, targets;
};

static void check_kernel_row(const struct kernel_row *r)
{
	struct fixture f;

	init(&f, r->assumed);
	struct unit *u = add_unit(&f, r->type, "spec");
	u->reads_args = r->reads_args;
	u->has_offset = r->has_offset;
	for (const char *k = r->kinds; *k; k++)
		add_function(&f, u, arena_printf(&f.arena, "f%d", (int)(k - r->kinds)),
			     *k == 'm' ? "mod" : NULL, *k != '-');
	CHECK_INT(plan_units(&f.program, &f.features), 0);
	if (!CHECK_STR(mechanism_name(u->mech), mechanism_name(r->mech)))
		printf("  type %s, features %x, targets %s\n", probe_type_name(r->type), r->assumed,
		       r->kinds);
	CHECK_INT(u->session.emulated, mechanism_is_pair(r->mech));
	struct plan_totals t = plan_count(&f.program);
	CHECK_INT(t.programs, r->programs);
	CHECK_INT(t.links, r->links);
	CHECK_INT(t.targets, r->targets);
	CHECK_INT(t.set_aside, strlen(r->kinds) - r->targets);
	for (uint32_t i = 0; i < u->target_count; i++)
		CHECK_INT(f.program.targets.data[u->first_target + i]->id, u->first_target + i);
	release(&f);
}

static void test_kernel_ladder(void)
{
	static const struct kernel_row rows[] = {
	    {PROBE_KPROBE, ALL, "vvv-", false, false, MECH_KPROBE_MULTI, 1, 1, 4},
	    {PROBE_KPROBE, 0, "vvv-", false, false, MECH_KPROBE_PERF, 1, 4, 4},
	    {PROBE_KPROBE, ALL, "v", false, true, MECH_KPROBE_PERF, 1, 1, 1},
	    {PROBE_KRETPROBE, ALL, "vm", false, false, MECH_KPROBE_MULTI, 1, 1, 2},
	    {PROBE_FENTRY, ALL, "v", false, false, MECH_TRAMPOLINE, 1, 1, 1},
	    {PROBE_FENTRY, 0, "v", false, false, MECH_TRAMPOLINE, 1, 1, 1},
	    {PROBE_FENTRY, ALL, "vv-mm", false, false, MECH_TRACING_MULTI, 2, 2, 4},
	    {PROBE_FENTRY, KMULTI, "vv-mm", false, false, MECH_KPROBE_MULTI, 1, 1, 5},
	    {PROBE_FENTRY, 0, "vv-m", false, false, MECH_TRAMPOLINE_EACH, 3, 3, 3},
	    {PROBE_FENTRY, ALL, "-", false, false, MECH_KPROBE_MULTI, 1, 1, 1},
	    {PROBE_FENTRY, 0, "-", false, false, MECH_KPROBE_PERF, 1, 1, 1},
	    {PROBE_FEXIT, ALL, "vv", true, false, MECH_TRACING_MULTI, 1, 1, 2},
	    {PROBE_FEXIT, KMULTI, "vv", false, false, MECH_KPROBE_MULTI, 1, 1, 2},
	    {PROBE_FEXIT, KMULTI, "vv", true, false, MECH_KPROBE_MULTI_PAIR, 2, 2, 2},
	    {PROBE_FEXIT, KMULTI | KSESSION, "vv", true, false, MECH_KPROBE_SESSION, 1, 1, 2},
	    {PROBE_FEXIT, 0, "vv", true, false, MECH_TRAMPOLINE_EACH, 2, 2, 2},
	    {PROBE_KSESSION, ALL, "vvm", false, false, MECH_FSESSION_MULTI, 2, 2, 3},
	    {PROBE_KSESSION, ALL, "v", false, false, MECH_FSESSION, 1, 1, 1},
	    {PROBE_KSESSION, ALL, "v-", false, false, MECH_KPROBE_SESSION, 1, 1, 2},
	    {PROBE_KSESSION, ALL & ~TMULTI, "vv", false, false, MECH_KPROBE_SESSION, 1, 1, 2},
	    {PROBE_KSESSION, KMULTI, "vv", false, false, MECH_KPROBE_MULTI_PAIR, 2, 2, 2},
	    {PROBE_KSESSION, 0, "vv", false, false, MECH_KPROBE_PERF_PAIR, 2, 4, 2},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_kernel_row(&rows[i]);
}

// `func` is an address only where all who read it have one: they may share a map.
static void test_func_is_address(void)
{
	static const struct {
		enum probe_type second; // beside a kprobe of several functions
		uint32_t assumed;
		bool second_reads, is_address;
	} rows[] = {
	    {PROBE_KPROBE, ALL, true, true},	{PROBE_FENTRY, ALL, true, true},
	    {PROBE_UPROBE, ALL, true, false},	{PROBE_UPROBE, ALL, false, true},
	    {PROBE_KRETPROBE, ALL, true, true}, {PROBE_KPROBE, 0, true, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct fixture f;
		init(&f, rows[i].assumed);
		struct unit *one = add_unit(&f, PROBE_KPROBE, "kprobe:f*");
		add_function(&f, one, "f0", NULL, true);
		add_function(&f, one, "f1", NULL, true);
		struct unit *two = add_unit(&f, rows[i].second, "second");
		if (rows[i].second == PROBE_UPROBE)
			add_target(&f, two, "/a", "one");
		else
			add_function(&f, two, "f2", NULL, true);
		one->reads_func = true;
		two->reads_func = rows[i].second_reads;
		CHECK_INT(plan_units(&f.program, &f.features), 0);
		CHECK_INT(f.program.func_is_address, rows[i].is_address);
		release(&f);
	}
}

// One function is known without asking; a name without an address is not.
static void test_func_of_one(void)
{
	struct fixture f;

	init(&f, ALL);
	struct unit *u = add_unit(&f, PROBE_KPROBE, "kprobe:f");
	add_function(&f, u, "f", NULL, true);
	u->reads_func = true;
	CHECK_INT(plan_units(&f.program, &f.features), 0);
	CHECK(!f.program.func_is_address);
	add_function(&f, u, "g", NULL, true);
	f.program.targets.data[u->first_target + 1]->address = 0;
	CHECK_INT(plan_units(&f.program, &f.features), 0);
	CHECK(!f.program.func_is_address);
	release(&f);
}

// Where a missed entry has a return nevertheless, the cookie must prove itself.
static void test_stale_cookie(void)
{
	for (int fgraph = 0; fgraph < 2; fgraph++) {
		struct fixture f;

		init(&f, KSESSION | (fgraph ? 1u << FEATURE_FPROBE_FGRAPH : 0));
		struct unit *u = add_unit(&f, PROBE_KSESSION, "session:f*");
		add_function(&f, u, "f", NULL, true);
		CHECK_INT(plan_units(&f.program, &f.features), 0);
		CHECK_INT(u->mech, MECH_KPROBE_SESSION);
		CHECK_INT(u->session.stale_cookie, !fgraph);
		release(&f);
	}
}

static void test_many_set_aside(void)
{
	struct fixture f;
	_cleanup_(buf_release) struct buf out = {0};

	init(&f, ALL);
	struct unit *u = add_unit(&f, PROBE_FENTRY, "fentry:*");
	add_function(&f, u, "a", NULL, true);
	add_function(&f, u, "b", NULL, true);
	for (int i = 0; i < 9; i++)
		add_function(&f, u, arena_printf(&f.arena, "n%d", i), NULL, false);
	CHECK_INT(plan_units(&f.program, &f.features), 0);
	plan_explain(&f.program, false, &out);
	CHECK(strstr(buf_str(&out), "  set aside:\n    9: BTF does not describe it (n0, ...; -v "
				    "shows them)\n"));
	buf_clear(&out);
	plan_explain_set_asides(&f.program, &out);
	CHECK_STR(buf_str(&out), "fentry:*\n  set aside:\n    9: BTF does not describe it (n0, "
				 "...; -v shows them)\n");
	release(&f);
}

static void test_explain(void)
{
	struct fixture f;
	_cleanup_(buf_release) struct buf out = {0};

	init(&f, MULTI);
	struct unit *u = add_unit(&f, PROBE_USESSION, "session:/a:*");
	for (int i = 0; i < 7; i++)
		add_target(&f, u, "/a", arena_printf(&f.arena, "fn%d", i));
	struct set_aside real = {.what = "session:/a:i", .reason = "an indirect function"};
	struct set_aside alias = {
	    .what = "session:/a:fn0b", .reason = "same address as 'fn0'", .duplicate = true};
	arena_push(&f.arena, &f.program.set_asides, real);
	arena_push(&f.arena, &f.program.set_asides, alias);
	u->set_aside_count = 1;
	CHECK_INT(plan_units(&f.program, &f.features), 0);
	plan_explain(&f.program, false, &out);
	CHECK_STR(buf_str(&out), "session:/a:*\n"
				 "  mechanism: uprobe_multi pair\n"
				 "  because: uprobe_session: not in the assumed features\n"
				 "  2 programs, 2 links, 4 fds, 7 targets\n"
				 "  carried to the return: nothing\n"
				 "    fn0 at 0x1000\n"
				 "    fn1 at 0x1000\n"
				 "    fn2 at 0x1000\n"
				 "    fn3 at 0x1000\n"
				 "    fn4 at 0x1000\n"
				 "    ... and 2 more (-v shows them)\n"
				 "  set aside:\n"
				 "    session:/a:i: an indirect function\n"
				 "  aliases (traced once):\n"
				 "    session:/a:fn0b: same address as 'fn0'\n"
				 "total: 2 programs, 2 links, 7 targets, 1 set aside\n");
	buf_clear(&out);
	plan_explain(&f.program, true, &out);
	CHECK(strstr(buf_str(&out), "fn6 at 0x1000\n"));
	CHECK(!strstr(buf_str(&out), "more (-v"));
	release(&f);
}

static void test_feature_names(void)
{
	enum feature f;

	for (int i = 0; i < FEATURE_COUNT; i++) {
		CHECK(feature_by_name(feature_name((enum feature)i), &f));
		CHECK_INT(f, i);
	}
	CHECK(!feature_by_name("uprobe_multy", &f));
}

// What perf_event_open() says, in words: no machine here has counters to run out of.
static void test_counter_refusals(void)
{
	struct unit hardware = {.type = PROBE_HARDWARE, .counter_type = 0 /* PERF_TYPE_HARDWARE */};
	struct unit software = {.type = PROBE_SOFTWARE, .counter_type = 1};
	struct unit watch = {.type = PROBE_WATCHPOINT, .watch_address = 5, .watch_length = 4};

	CHECK_STR(counter_refusal(&hardware, -EBUSY, true),
		  "all counters of the machine are taken");
	CHECK_STR(counter_refusal(&hardware, -ENOSPC, true),
		  "all counters of the machine are taken");
	CHECK_STR(counter_refusal(&hardware, -ENOENT, true),
		  "this machine has no performance monitoring unit (PMU) that counts it");
	CHECK_STR(counter_refusal(&hardware, -EOPNOTSUPP, false),
		  "this machine has no performance monitoring unit (PMU) that counts it: there is "
		  "none (a virtual machine without one?)");
	CHECK_STR(counter_refusal(&hardware, -EMFILE, true), link_strerror(-EMFILE));
	CHECK_STR(counter_refusal(&software, -EBUSY, true), link_strerror(-EBUSY));
	CHECK_STR(counter_refusal(&watch, -ENOSPC, true),
		  "all debug registers are taken (there are 4 of them on x86-64)");
	CHECK_STR(counter_refusal(&watch, -EINVAL, true),
		  "the address is not a multiple of the length");
	CHECK(strstr(counter_refusal(&watch, -EOPNOTSUPP, true), "no debug registers"));
}

TEST_MAIN(test_counter_refusals, test_ladder, test_kernel_ladder, test_stale_cookie,
	  test_func_is_address, test_func_of_one, test_many_set_aside, test_reasons,
	  test_nothing_matched, test_explain, test_feature_names)
