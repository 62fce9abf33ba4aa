// tests: what --test and --bench tell. Results enter, lines as bpftrace's leave, in text
//
//	[ RUN      ] name
//	[       OK ] name (12 μs)
//
//	Benchmark                                Time(ns)       Iterations
//	------------------------------------------------------------------
//	name                                     10             1024000
//
// or an object for each:
//
//	{"type": "test_result", "data": {"name": {"duration": 12, "passed": true, "output": ""}}}
//	{"type": "benchmark_result", "data": {"name": {"average": 10, "iters": 1024000}}}
#include "output/internal.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 40, TIME_WIDTH = 14, ITERATIONS_WIDTH = 10 };

static bool is_json(const struct output *o)
{
	return o->sink == &json_sink;
}

void output_capture(struct output *o, struct buf *into)
{
	output_write_line(o);
	if (into && !o->capture) {
		o->sink_after = o->sink;
		o->sink = &text_sink;
	} else if (!into && o->capture) {
		o->sink = o->sink_after;
	}
	o->capture = into;
	if (!into)
		return;
	o->ended = false;
	o->state.exit_requested = o->state.assert_failed = false;
	o->state.exit_code = 0;
	o->state.errors = 0;
}

// ---- tests -------------------------------------------------------------------------------

static bool want_colour(const struct output *o)
{
	const char *setting = getenv("BPFTRACE_COLOR");

	if (setting && !strcmp(setting, "always"))
		return true;
	return o->tty && !(setting && !strcmp(setting, "never")) && !getenv("NO_COLOR");
}

static void put_label(struct output *o, const char *label, bool good)
{
	if (want_colour(o))
		buf_printf(&o->line, "\033[%dm[%s]\033[0m ", good ? 32 : 31, label);
	else
		buf_printf(&o->line, "[%s] ", label);
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

void output_tests_begin(struct output *o, size_t count)
{
	if (is_json(o))
		return;
	put_label(o, "==========", true);
	buf_printf(&o->line, "Running %zu tests.\n", count);
}

void output_test_begin(struct output *o, const char *name)
{
	if (is_json(o))
		return;
	put_label(o, " RUN      ", true);
	buf_printf(&o->line, "%s\n", name);
	output_flush(o);
}

static void test_json(struct output *o, const struct test_result *r)
{
	buf_puts(&o->line, "{\"type\": \"test_result\", \"data\": {");
	json_string(&o->line, r->name, strlen(r->name));
	buf_printf(&o->line, ": {\"duration\": %llu, \"passed\": %s, \"output\": ",
		   (unsigned long long)r->microseconds, r->passed ? "true" : "false");
	json_string(&o->line, r->output, strlen(r->output));
	buf_puts(&o->line, "}}}\n");
	output_flush(o);
}

void output_test_end(struct output *o, const struct test_result *r)
{
	if (is_json(o)) {
		test_json(o, r);
		return;
	}
	if (!r->passed)
		buf_puts(&o->line, r->output);
	put_label(o, r->passed ? "       OK " : "  FAILED  ", r->passed);
	buf_printf(&o->line, "%s (%llu \xce\xbcs)\n", r->name, (unsigned long long)r->microseconds);
	output_flush(o);
}

void output_tests_end(struct output *o, const struct test_result *all, size_t count)
{
	size_t failed = 0;

	if (is_json(o))
		return;
	for (size_t i = 0; i < count; i++)
		failed += !all[i].passed;
	put_label(o, "==========", true);
	buf_printf(&o->line, "%zu test%s ran.\n", count, plural(count));
	put_label(o, "  PASSED  ", true);
	buf_printf(&o->line, "%zu test%s.\n", count - failed, plural(count - failed));
	if (failed) {
		put_label(o, "  FAILED  ", false);
		buf_printf(&o->line, "%zu test%s, listed below:\n", failed, plural(failed));
	}
	for (size_t i = 0; i < count; i++) {
		if (all[i].passed)
			continue;
		put_label(o, "  FAILED  ", false);
		buf_printf(&o->line, "%s\n", all[i].name);
	}
	output_flush(o);
}

// ---- benchmarks ----------------------------------------------------------------------------

static void bench_json(struct output *o, const struct bench_result *r)
{
	buf_puts(&o->line, "{\"type\": \"benchmark_result\", \"data\": {");
	json_string(&o->line, r->name, strlen(r->name));
	buf_printf(&o->line, ": {\"average\": %llu, \"iters\": %llu}}}\n",
		   (unsigned long long)r->average_ns, (unsigned long long)r->iterations);
}

// The column is as wide as the longest name.
void output_benches(struct output *o, const struct bench_result *all, size_t count)
{
	size_t width = NAME_WIDTH;

	for (size_t i = 0; i < count; i++) {
		if (is_json(o))
			bench_json(o, &all[i]);
		else if (strlen(all[i].name) > width)
			width = strlen(all[i].name);
	}
	if (is_json(o) || !count)
		return;
	buf_printf(&o->line, "%-*s %-*s %s\n", (int)width, "Benchmark", TIME_WIDTH, "Time(ns)",
		   "Iterations");
	for (size_t i = 0; i < width + TIME_WIDTH + ITERATIONS_WIDTH + 2; i++)
		buf_putc(&o->line, '-');
	buf_putc(&o->line, '\n');
	for (size_t i = 0; i < count; i++)
		buf_printf(&o->line, "%-*s %-*llu %llu\n", (int)width, all[i].name, TIME_WIDTH,
			   (unsigned long long)all[i].average_ns,
			   (unsigned long long)all[i].iterations);
	output_flush(o);
}

void output_no_maps(struct output *o)
{
	o->sink->before_maps(o);
	output_write_line(o);
}
