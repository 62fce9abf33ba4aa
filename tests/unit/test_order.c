// test_order: which units, or halves of them, are attached before which.
#include "attach/order.h"
#include "attach/plan.h"
#include "test.h"

struct fixture {
	struct arena arena;
	struct program program;
	struct features features;
};

static void init(struct fixture *f, bool fgraph)
{
	*f = (struct fixture){
	    .features = {.fake = true, .assumed = fgraph ? 1u << FEATURE_FPROBE_FGRAPH : 0}};
	program_init(&f->program, &f->arena);
}

static void release(struct fixture *f)
{
	program_release(&f->program);
	arena_release(&f->arena);
}

static struct unit *add_unit(struct fixture *f, enum probe_type type, enum mechanism mech,
			     const char *func)
{
	struct unit *u = program_add_unit(&f->program, type, (struct span){0, 0});

	u->mech = mech;
	u->spec = "spec";
	program_add_target(&f->program, u, func, func)->address = 0xffffffff81000000ull;
	return u;
}

// Per pass what of the unit is attached: b both, r its return half, e its entry half, - nothing.
static void check_halves(enum probe_type type, enum mechanism mech, bool fgraph, const char *halves)
{
	static const char letters[] = {
	    [HALF_NONE] = '-', [HALF_BOTH] = 'b', [HALF_RETURN] = 'r', [HALF_ENTRY] = 'e'};
	char seen[PASS_COUNT + 1] = "";
	struct fixture f;

	init(&f, fgraph);
	struct unit *u = add_unit(&f, type, mech, "f");
	for (int pass = 0; pass < PASS_COUNT; pass++)
		seen[pass] = letters[order_half(u, &f.features, (enum attach_pass)pass)];
	if (!CHECK_STR(seen, halves))
		printf("  %s, %s\n", probe_type_name(type), mechanism_name(mech));
	release(&f);
}

static void test_halves(void)
{
	// Returns by perf events are stacked everywhere ...
	check_halves(PROBE_KRETPROBE, MECH_KPROBE_PERF, true, "b--");
	check_halves(PROBE_KSESSION, MECH_KPROBE_PERF_PAIR, true, "re-");
	check_halves(PROBE_FEXIT, MECH_KPROBE_PERF_PAIR, true, "re-");
	check_halves(PROBE_KPROBE, MECH_KPROBE_PERF, true, "-b-");
	// ... those of kprobe_multi before 6.14.
	check_halves(PROBE_KRETPROBE, MECH_KPROBE_MULTI, false, "b--");
	check_halves(PROBE_KRETPROBE, MECH_KPROBE_MULTI, true, "-b-");
	check_halves(PROBE_KSESSION, MECH_KPROBE_MULTI_PAIR, false, "re-");
	check_halves(PROBE_KSESSION, MECH_KPROBE_MULTI_PAIR, true, "-b-");
	check_halves(PROBE_KSESSION, MECH_KPROBE_SESSION, false, "-b-");
	check_halves(PROBE_FEXIT, MECH_KPROBE_SESSION, false, "b--");
	check_halves(PROBE_KPROBE, MECH_KPROBE_MULTI, false, "-b-");
	// Trampolines, programs of user space, events.
	check_halves(PROBE_KSESSION, MECH_FSESSION_MULTI, true, "-b-");
	check_halves(PROBE_FEXIT, MECH_TRAMPOLINE_EACH, false, "-b-");
	check_halves(PROBE_USESSION, MECH_UPROBE_PERF_PAIR, false, "-b-");
	check_halves(PROBE_TRACEPOINT, MECH_TRACEPOINT_PERF, true, "--b");
}

static enum mechanism planned(bool fgraph, const char *first, const char *second)
{
	struct fixture f;

	init(&f, fgraph);
	f.features.assumed |= 1u << FEATURE_KPROBE_MULTI | 1u << FEATURE_KPROBE_SESSION;
	struct unit *u = add_unit(&f, PROBE_KSESSION, MECH_NONE, first);
	struct unit *v = add_unit(&f, PROBE_KSESSION, MECH_NONE, second);
	CHECK_INT(plan_units(&f.program, &f.features), 0);
	CHECK_INT(u->mech, v->mech);
	enum mechanism mech = u->mech;
	release(&f);
	return mech;
}

// Two sessions of one function, on a kernel that stacks returns, are pairs.
static void test_pair(void)
{
	CHECK_INT(planned(false, "f", "f"), MECH_KPROBE_MULTI_PAIR);
	CHECK_INT(planned(false, "f", "g"), MECH_KPROBE_SESSION);
	CHECK_INT(planned(true, "f", "f"), MECH_KPROBE_SESSION);
}

TEST_MAIN(test_halves, test_pair)
