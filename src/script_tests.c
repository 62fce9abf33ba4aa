// script_tests: one run per test, many per benchmark, one after the other.
//
// Enters: a loaded program with units of type TEST or BENCH. Leaves: a result for each. A test
// has failed when its probe returned or exited with something else than 0, or when errorf() or
// assert() spoke; a benchmark only then. What they print is shown for a failed test.
#include "script_tests.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "attach/tracer.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "output/output.h"

// A benchmark runs twice as often until one call of it takes so long.
#define BENCH_NS 10000000ull
enum { BENCH_FIRST = 1000, BENCH_MOST = 1 << 24 };

static uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000 + (uint64_t)ts.tv_nsec / 1000;
}

static const char *name_of(const struct program *p, const struct unit *u)
{
	const char *probe = p->targets.data[u->first_target]->probe;

	return strchr(probe, ':') + 1;
}

static size_t count_of(const struct program *p, enum probe_type type)
{
	size_t n = 0;

	for (size_t i = 0; i < p->units.len; i++)
		n += p->units.data[i]->type == type && p->units.data[i]->target_count;
	return n;
}

static bool spoke(const struct output *o)
{
	return output_state(o)->errors || output_state(o)->assert_failed;
}

// ---- tests -------------------------------------------------------------------------------

static void run_test(const struct program *p, const struct unit *u, struct tracer *t,
		     struct output *o, struct test_result *r)
{
	_cleanup_(buf_release) struct buf text = {0};
	uint32_t result = 0;
	uint64_t begin;

	r->name = name_of(p, u);
	output_test_begin(o, r->name);
	output_capture(o, &text);
	begin = now_us();
	int err = tracer_run_test(t, u, &result);
	r->microseconds = now_us() - begin;
	output_drain(o);
	output_capture(o, NULL);
	if (err)
		buf_printf(&text, "ERROR: cannot run it: %s\n", strerror(-err));
	r->passed = !err && !result && !output_state(o)->exit_code && !spoke(o);
	r->output = buf_str(&text);
	output_test_end(o, r);
	r->output = NULL;
}

int script_tests_run(const struct program *p, struct tracer *t, struct output *o)
{
	size_t count = count_of(p, PROBE_TEST), n = 0, failed = 0;
	struct test_result *results = arena_array(p->arena, struct test_result, count + 1);

	if (!count)
		return 0;
	output_tests_begin(o, count);
	for (size_t i = 0; i < p->units.len; i++) {
		const struct unit *u = p->units.data[i];
		if (u->type != PROBE_TEST || !u->target_count)
			continue;
		run_test(p, u, t, o, &results[n]);
		failed += !results[n++].passed;
	}
	output_tests_end(o, results, count);
	return failed ? 1 : 0;
}

// ---- benchmarks ----------------------------------------------------------------------------

// *records: how many it sent, as far as there was room for them.
static int run_often(const struct unit *u, struct tracer *t, struct output *o, uint32_t times,
		     uint32_t *average, int *records)
{
	_cleanup_(buf_release) struct buf text = {0};

	output_capture(o, &text);
	int err = tracer_run_bench(t, u, times, average);
	*records = output_drain(o);
	output_capture(o, NULL);
	return err ? err : spoke(o) ? -ECANCELED : 0;
}

// Not so often that its records find no more room: that would measure something else.
static int run_bench(const struct unit *u, struct tracer *t, struct output *o,
		     struct bench_result *r)
{
	int err = 0, records, first = 0;
	uint32_t average;

	for (uint32_t times = BENCH_FIRST; !err && times <= BENCH_MOST; times *= 2) {
		err = run_often(u, t, o, times, &average, &records);
		if (times == BENCH_FIRST)
			first = records;
		if (records / (int)(times / BENCH_FIRST) < first)
			break;
		r->average_ns = average;
		r->iterations = times;
		if (r->average_ns * times >= BENCH_NS)
			break;
	}
	if (err == -ECANCELED)
		log_error("Benchmark '%s' failed.", r->name);
	else if (err)
		log_error("cannot run benchmark '%s': %s", r->name, strerror(-err));
	return err;
}

int script_benches_run(const struct program *p, struct tracer *t, struct output *o)
{
	size_t count = count_of(p, PROBE_BENCH), n = 0;
	struct bench_result *results = arena_array(p->arena, struct bench_result, count + 1);

	for (size_t i = 0; i < p->units.len; i++) {
		const struct unit *u = p->units.data[i];
		if (u->type != PROBE_BENCH || !u->target_count)
			continue;
		results[n].name = name_of(p, u);
		if (run_bench(u, t, o, &results[n++]))
			return 1;
	}
	output_benches(o, results, n);
	return 0;
}
