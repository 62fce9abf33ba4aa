// test_attach_native: every rung of the user-space ladder on the running kernel, against
// functions of this very executable. Needs root; without, every test is skipped.
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach/plan.h"
#include "attach/tracer.h"
#include "base/cleanup.h"
#include "bpf/abi.h"
#include "bpf_object.h"
#include "sys/elf.h"
#include "test.h"

// ---- what is traced ----------------------------------------------------------------------

int native_alpha(int x);
int native_beta(int x);
__attribute__((noinline)) int native_alpha(int x)
{
	__asm__ volatile("" ::: "memory");
	return x + 1;
}
__attribute__((noinline)) int native_beta(int x)
{
	__asm__ volatile("" ::: "memory");
	return x < 2 ? 1 : x * native_beta(x - 1);
}
// An instruction that the kernel refuses to probe; never executed.
#ifdef __x86_64__
__asm__(".text\n.globl native_unprobeable\n.type native_unprobeable,@function\n"
	"native_unprobeable: cli\n ret\n.size native_unprobeable,2\n");
#endif

static void call_all(void)
{
	for (int i = 0; i < 10; i++)
		native_alpha(i);
	native_beta(5); // five calls, nested
}

// ---- a program with one unit ---------------------------------------------------------------

struct fixture {
	struct arena arena;
	struct program program;
	struct features features;
	struct unit *unit;
	struct map_def *counts;
	struct object object;
	struct tracer *tracer;
	bool struck;
};

static bool add_function(struct fixture *f, const char *name)
{
	char path[4096];
	struct elf_file elf;
	const char *reason;
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[n > 0 ? n : 0] = '\0';
	if (!CHECK_INT(elf_open_funcs(&f->arena, path, NULL, &elf, &reason), 0))
		return false;
	for (size_t i = 0; i < elf.funcs.len; i++) {
		const struct elf_func *fn = &elf.funcs.data[i];
		if (strcmp(fn->name, name))
			continue;
		struct target *t = program_add_target(&f->program, f->unit, name, name);
		t->path = elf.path;
		t->offset = fn->offset;
		return true;
	}
	return CHECK(!"the function is in the executable");
}

// key = 2 * target + half
static void emit_count(struct test_object *o, const char *name, int half)
{
	struct test_program *p = object_program(o, name);

	insn_mov_reg(p, 6, 1);
	insn_call(p, BPF_FUNC_get_attach_cookie);
	insn(p, BPF_ALU | BPF_MOV | BPF_X, 7, 0, 0, 0); // w7 = target
	insn(p, BPF_ALU64 | BPF_LSH | BPF_K, 7, 0, 0, 1);
	if (half < 0) { // a session: ask
		insn_mov_reg(p, 1, 6);
		insn_call(p, KFUNC_CALL_BASE + KFUNC_SESSION_IS_RETURN);
		insn(p, BPF_ALU64 | BPF_AND | BPF_K, 0, 0, 0, 1);
		insn(p, BPF_ALU64 | BPF_ADD | BPF_X, 7, 0, 0, 0);
	} else {
		insn(p, BPF_ALU64 | BPF_ADD | BPF_K, 7, 0, 0, half);
	}
	insn_mov_reg(p, 0, 7);
	insn_count(p);
}

static void fixture_init(struct fixture *f, enum probe_type type)
{
	memset(f, 0, sizeof(*f));
	program_init(&f->program, &f->arena);
	f->counts = program_add_map(&f->program, MAP_USER, "counts");
	f->counts->bpf_kind = BPF_MAP_KIND_ARRAY;
	f->counts->key_size = 4;
	f->counts->value_size = 8;
	f->counts->max_entries = 16;
	f->unit = program_add_unit(&f->program, type, (struct span){0, 0});
	f->unit->spec = "the unit under test";
	f->unit->session.has_return = type == PROBE_USESSION;
}

static bool fixture_load(struct fixture *f)
{
	struct test_object o = {0};
	struct tracer_options opts = {0};

	if (!CHECK_INT(plan_units(&f->program, &f->features), 0))
		return false;
	f->unit->prog = "entry";
	if (f->unit->mech == MECH_UPROBE_SESSION)
		emit_count(&o, "entry", -1);
	else
		emit_count(&o, "entry", f->unit->type == PROBE_URETPROBE);
	if (f->unit->session.emulated) {
		f->unit->ret_prog = "half";
		emit_count(&o, "half", 1);
	}
	f->object = object_finish(&o);
	f->tracer = tracer_load(&f->program, &f->object, &opts, &f->features, &f->struck);
	return CHECK(f->tracer);
}

static uint64_t count_of(const struct fixture *f, uint32_t key)
{
	uint64_t value = 0;
	struct {
		uint32_t fd, pad;
		uint64_t key, value, flags;
	} a = {(uint32_t)tracer_map_fd(f->tracer, f->counts), 0, (uint64_t)(uintptr_t)&key,
	       (uint64_t)(uintptr_t)&value, 0};

	CHECK_INT(syscall(__NR_bpf, BPF_MAP_LOOKUP_ELEM, &a, sizeof(a)), 0);
	return value;
}

static void fixture_release(struct fixture *f)
{
	tracer_free(f->tracer);
	object_release(&f->object);
	program_release(&f->program);
	arena_release(&f->arena);
}

// ---- rungs -------------------------------------------------------------------------------

struct rung {
	enum probe_type type;
	uint32_t disabled; // features
	enum mechanism expected;
	unsigned links; // for two functions
	bool entries, returns;
};
#define NO_SESSION (1u << FEATURE_UPROBE_SESSION)
#define NO_MULTI (1u << FEATURE_UPROBE_MULTI)

static void check_counts(const struct fixture *f, const struct rung *r)
{
	CHECK_INT(count_of(f, 0), r->entries ? 10 : 0);
	CHECK_INT(count_of(f, 1), r->returns ? 10 : 0);
	CHECK_INT(count_of(f, 2), r->entries ? 5 : 0);
	CHECK_INT(count_of(f, 3), r->returns ? 5 : 0);
}

static void run_rung(const struct rung *r)
{
	struct fixture f;

	fixture_init(&f, r->type);
	f.features.disabled = r->disabled;
	if (add_function(&f, "native_alpha") && add_function(&f, "native_beta") &&
	    fixture_load(&f)) {
		CHECK_INT(f.unit->mech, r->expected);
		CHECK_INT(tracer_attach(f.tracer, &f.features, &f.struck, NULL), 0);
		CHECK_INT(tracer_link_count(f.tracer), r->links);
		CHECK_INT(tracer_link_count(f.tracer), plan_count(&f.program).links);
		CHECK_INT(tracer_target_count(f.tracer), 2);
		call_all();
		check_counts(&f, r);
		tracer_detach(f.tracer);
		CHECK_INT(tracer_link_count(f.tracer), 0);
		call_all();
		check_counts(&f, r);
	}
	fixture_release(&f);
}

#define NEEDS_ROOT()                                                                               \
	if (geteuid())                                                                             \
	SKIP("needs root")
#define NEEDS(feature)                                                                             \
	do {                                                                                       \
		struct features have = {0};                                                        \
		NEEDS_ROOT();                                                                      \
		if (!features_have(&have, feature))                                                \
			SKIP("this kernel does not have " #feature);                               \
	} while (0)

static void test_session(void)
{
	NEEDS(FEATURE_UPROBE_SESSION);
	run_rung(&(struct rung){PROBE_USESSION, 0, MECH_UPROBE_SESSION, 1, true, true});
}
static void test_session_multi_pair(void)
{
	NEEDS(FEATURE_UPROBE_MULTI);
	run_rung(&(struct rung){PROBE_USESSION, NO_SESSION, MECH_UPROBE_MULTI_PAIR, 2, true, true});
}
static void test_session_perf_pair(void)
{
	NEEDS_ROOT();
	run_rung(&(struct rung){PROBE_USESSION, NO_SESSION | NO_MULTI, MECH_UPROBE_PERF_PAIR, 4,
				true, true});
}
static void test_uprobe_multi(void)
{
	NEEDS(FEATURE_UPROBE_MULTI);
	run_rung(&(struct rung){PROBE_UPROBE, 0, MECH_UPROBE_MULTI, 1, true, false});
}
static void test_uprobe_perf(void)
{
	NEEDS_ROOT();
	run_rung(&(struct rung){PROBE_UPROBE, NO_MULTI, MECH_UPROBE_PERF, 2, true, false});
}
static void test_uretprobe_multi(void)
{
	NEEDS(FEATURE_UPROBE_MULTI);
	run_rung(&(struct rung){PROBE_URETPROBE, 0, MECH_UPROBE_MULTI, 1, false, true});
}
static void test_uretprobe_perf(void)
{
	NEEDS_ROOT();
	run_rung(&(struct rung){PROBE_URETPROBE, NO_MULTI, MECH_UPROBE_PERF, 2, false, true});
}

// ---- the pid filter, and refusals ------------------------------------------------------------

static pid_t child_that_calls(int *go)
{
	int fds[2];

	if (pipe(fds))
		return -1;
	pid_t pid = fork();
	if (!pid) {
		char c;
		close(fds[1]);
		if (read(fds[0], &c, 1) == 1)
			call_all();
		_exit(0);
	}
	close(fds[0]);
	*go = fds[1];
	return pid;
}

static void run_pid_filter(uint32_t disabled)
{
	struct fixture f;
	int go = -1;
	pid_t child = child_that_calls(&go);

	fixture_init(&f, PROBE_UPROBE);
	f.features.disabled = disabled;
	if (add_function(&f, "native_alpha") && fixture_load(&f)) {
		// tracer_load keeps the options: load again with the filter.
		struct tracer_options opts = {.pid = child};
		tracer_free(f.tracer);
		f.tracer = tracer_load(&f.program, &f.object, &opts, &f.features, &f.struck);
		CHECK(f.tracer);
		CHECK_INT(tracer_attach(f.tracer, &f.features, &f.struck, NULL), 0);
		call_all();
		CHECK_INT(count_of(&f, 0), 0);
		CHECK_INT(write(go, "x", 1), 1);
		CHECK_INT(waitpid(child, NULL, 0), child);
		child = 0;
		CHECK_INT(count_of(&f, 0), 10);
	}
	close(go);
	if (child > 0)
		waitpid(child, NULL, 0);
	fixture_release(&f);
}

static void test_pid_filter_multi(void)
{
	NEEDS(FEATURE_UPROBE_MULTI);
	run_pid_filter(0);
}
static void test_pid_filter_perf(void)
{
	NEEDS_ROOT();
	run_pid_filter(NO_MULTI);
}

#ifdef __x86_64__
static void run_bad_target(enum probe_type type, uint32_t disabled)
{
	struct fixture f;
	bool struck;

	fixture_init(&f, type);
	f.features.disabled = disabled;
	if (add_function(&f, "native_alpha") && add_function(&f, "native_unprobeable") &&
	    add_function(&f, "native_beta") && fixture_load(&f)) {
		CHECK_INT(tracer_attach(f.tracer, &f.features, &struck, NULL), 0);
		CHECK(!struck);
		CHECK_INT(tracer_target_count(f.tracer), 2);
		CHECK_INT(f.unit->set_aside_count, 1);
		CHECK_INT(f.program.set_asides.len, 1);
		CHECK_STR(f.program.set_asides.data[0].what, "native_unprobeable");
		CHECK_STR(f.program.set_asides.data[0].reason,
			  "the kernel cannot probe this instruction");
		call_all();
		CHECK_INT(count_of(&f, 0), 10);
		CHECK_INT(count_of(&f, 4), 5);
	}
	fixture_release(&f);
}

static void test_bad_target_multi(void)
{
	NEEDS(FEATURE_UPROBE_MULTI);
	run_bad_target(PROBE_UPROBE, 0);
}
static void test_bad_target_session(void)
{
	NEEDS(FEATURE_UPROBE_SESSION);
	run_bad_target(PROBE_USESSION, 0);
}
static void test_bad_target_pair(void)
{
	NEEDS(FEATURE_UPROBE_MULTI);
	run_bad_target(PROBE_USESSION, NO_SESSION);
}
static void test_bad_target_perf(void)
{
	NEEDS_ROOT();
	run_bad_target(PROBE_UPROBE, NO_MULTI);
}

static void test_only_bad_targets(void)
{
	struct fixture f;
	bool struck;

	NEEDS(FEATURE_UPROBE_MULTI);
	fixture_init(&f, PROBE_UPROBE);
	if (add_function(&f, "native_unprobeable") && fixture_load(&f)) {
		CHECK_INT(tracer_attach(f.tracer, &f.features, &struck, NULL), -1);
		CHECK(!struck);
		CHECK_INT(tracer_link_count(f.tracer), 0);
	}
	fixture_release(&f);
}
#else
static void test_bad_target_multi(void)
{
	SKIP("x86-64 only");
}
static void test_bad_target_session(void)
{
	SKIP("x86-64 only");
}
static void test_bad_target_pair(void)
{
	SKIP("x86-64 only");
}
static void test_bad_target_perf(void)
{
	SKIP("x86-64 only");
}
static void test_only_bad_targets(void)
{
	SKIP("x86-64 only");
}
#endif

static void test_no_such_process(void)
{
	struct fixture f;
	struct tracer_options opts = {.pid = 0x3ffffe};
	bool struck;

	NEEDS(FEATURE_UPROBE_MULTI);
	fixture_init(&f, PROBE_UPROBE);
	if (add_function(&f, "native_alpha") && fixture_load(&f)) {
		tracer_free(f.tracer);
		f.tracer = tracer_load(&f.program, &f.object, &opts, &f.features, &struck);
		CHECK_INT(tracer_attach(f.tracer, &f.features, &struck, NULL), -1);
		CHECK(!struck);
	}
	fixture_release(&f);
}

static void test_interrupted(void)
{
	static volatile const bool yes = true;
	struct fixture f;
	bool struck;

	NEEDS(FEATURE_UPROBE_MULTI);
	fixture_init(&f, PROBE_UPROBE);
	if (add_function(&f, "native_alpha") && fixture_load(&f)) {
		CHECK_INT(tracer_attach(f.tracer, &f.features, &struck, &yes), -1);
		CHECK_INT(tracer_link_count(f.tracer), 0);
		call_all();
		CHECK_INT(count_of(&f, 0), 0);
	}
	fixture_release(&f);
}

// ---- programs of other kinds -------------------------------------------------------------------

// A program that counts its runs under one key.
static void emit_tick(struct test_object *o, const char *name, int key)
{
	struct test_program *p = object_program(o, name);

	insn_mov(p, 0, key);
	insn_count(p);
}

static void test_begin_interval_end(void)
{
	struct fixture f;
	struct test_object o = {0};
	struct tracer_options opts = {0};
	bool struck;

	NEEDS_ROOT();
	fixture_init(&f, PROBE_BEGIN);
	program_add_target(&f.program, f.unit, "", "begin");
	struct unit *timer = program_add_unit(&f.program, PROBE_INTERVAL, (struct span){0, 0});
	struct unit *end = program_add_unit(&f.program, PROBE_END, (struct span){0, 0});
	program_add_target(&f.program, timer, "", "interval:ms:10");
	program_add_target(&f.program, end, "", "end");
	timer->period_ns = 10000000;
	f.unit->prog = "begin_prog";
	timer->prog = "timer_prog";
	end->prog = "end_prog";
	timer->spec = end->spec = "x";
	emit_tick(&o, "begin_prog", 0);
	emit_tick(&o, "timer_prog", 1);
	emit_tick(&o, "end_prog", 2);
	f.object = object_finish(&o);
	CHECK_INT(plan_units(&f.program, &f.features), 0);
	f.tracer = tracer_load(&f.program, &f.object, &opts, &f.features, &struck);
	if (CHECK(f.tracer)) {
		CHECK_INT(tracer_run_begin(f.tracer), 0);
		CHECK_INT(count_of(&f, 0), 1);
		CHECK_INT(tracer_attach(f.tracer, &f.features, &struck, NULL), 0);
		CHECK_INT(tracer_link_count(f.tracer), 1);
		usleep(200000);
		tracer_detach(f.tracer);
		uint64_t ticks = count_of(&f, 1);
		CHECK(ticks >= 5 && ticks <= 25);
		usleep(50000);
		CHECK_INT(count_of(&f, 1), ticks);
		CHECK_INT(tracer_run_end(f.tracer), 0);
		CHECK_INT(count_of(&f, 2), 1);
		CHECK_INT(count_of(&f, 0), 1);
	}
	fixture_release(&f);
}

// A program that the verifier must refuse: r0 is not set.
static void test_verifier_refusal(void)
{
	struct fixture f;
	struct test_object o = {0};
	struct tracer_options opts = {0};
	struct sources sources = {0};
	struct diag d = {0};
	bool struck;

	NEEDS_ROOT();
	fixture_init(&f, PROBE_BEGIN);
	sources.arena = d.arena = &f.arena;
	d.sources = &sources;
	sources_add(&sources, "stdin", "BEGIN { }", 9);
	opts.diag = &d;
	program_add_target(&f.program, f.unit, "", "begin");
	f.unit->prog = "bad";
	struct test_program *p = object_program(&o, "bad");
	insn(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	f.object = object_finish(&o);
	CHECK_INT(plan_units(&f.program, &f.features), 0);
	f.tracer = tracer_load(&f.program, &f.object, &opts, &f.features, &struck);
	CHECK(!f.tracer);
	CHECK(!struck);
	if (CHECK_INT(d.entries.len, 1)) {
		CHECK_STR(d.entries.data[0].tag, "verifier");
		CHECK_STR(d.entries.data[0].text,
			  "the kernel's verifier refused the unit under test: R0 !read_ok");
	}
	fixture_release(&f);
}

TEST_MAIN(test_session, test_session_multi_pair, test_session_perf_pair, test_uprobe_multi,
	  test_uprobe_perf, test_uretprobe_multi, test_uretprobe_perf, test_pid_filter_multi,
	  test_pid_filter_perf, test_bad_target_multi, test_bad_target_session,
	  test_bad_target_pair, test_bad_target_perf, test_only_bad_targets, test_no_such_process,
	  test_interrupted, test_begin_interval_end, test_verifier_refusal)
