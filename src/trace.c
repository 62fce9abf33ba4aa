// trace: from a checked program to its output: generate, load, BEGIN, attach, loop, detach,
// END, maps, statistics. Every way out detaches and frees.
#include "trace.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "aside.h"
#include "attached.h"
#include "attach/plan.h"
#include "attach/tracer.h"
#include "attach/unwind.h"
#include "base/timing.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "codegen/codegen.h"
#include "iterate.h"
#include "options.h"
#include "output/output.h"
#include "run.h"
#include "script_tests.h"
#include "sys/privileges.h"

int trace_prepare(struct trace *t, const struct options *o)
{
	t->options = o;
	if (o->pid && kill(o->pid, 0) && errno == ESRCH) {
		log_error("-p: there is no process %d", o->pid);
		return STATUS_ATTACH;
	}
	if (run_catch_signals())
		return STATUS_ATTACH;
	if (o->command && child_start(&t->child, o->command))
		return STATUS_USAGE;
	return STATUS_DONE;
}

void trace_finish(struct trace *t)
{
	unwinder_free(t->unwinder);
	child_finish(&t->child, t->options->command);
}

static int map_fd(void *ctx, const struct map_def *m)
{
	return tracer_map_fd(ctx, m);
}

enum { SPARE_ROWS = 1 << 18, CHILD_ROWS = 1 << 21 }; // room for what is mapped later

static bool read_tables(struct unwinder *u, int pid)
{
	int err = pid ? unwinder_add(u, pid) : 0;

	if (err)
		log_error("dw_ustack: cannot look at process %d: %s", pid,
			  err == -ENOENT ? strerror(ESRCH) : strerror(-err));
	return !err;
}

// dw_ustack's tables of the processes that the options name.
static bool prepare_unwinding(struct trace *t, struct program *p)
{
	const struct options *o = t->options;
	bool ok;

	unwinder_free(t->unwinder);
	t->unwinder = unwinder_new(p);
	if (!t->unwinder)
		return true;
	ok = read_tables(t->unwinder, o->pid);
	for (size_t i = 0; ok && i < o->dwarf_pid_count; i++)
		ok = read_tables(t->unwinder, o->dwarf_pids[i]);
	unwinder_size(t->unwinder, t->child.pid ? CHILD_ROWS : SPARE_ROWS);
	return ok;
}

static struct tracer *load(struct trace *t, struct compiler *c, bool *struck)
{
	_cleanup_(object_release) struct object object = {0};
	struct tracer *tracer;
	struct tracer_options opts = {
	    .pid = t->child.pid ? t->child.pid : t->options->pid,
	    .verbose = t->options->verbose,
	    .libbpf_log = t->options->libbpf_log,
	    .verifier_log = t->options->verifier_log,
	    .diag = &c->diag,
	    .interrupted = &run_signals.stop,
	};

	if (codegen(c, CODEGEN_DUMP_NONE, NULL, &object) || !prepare_unwinding(t, &c->program))
		return NULL;
	tracer = tracer_load(&c->program, &object, &opts, c->features, struck);
	if (tracer && t->unwinder && unwinder_store(t->unwinder, map_fd, tracer)) {
		tracer_free(tracer);
		return NULL;
	}
	timing_mark("load");
	return tracer;
}

static struct output *open_output(const struct options *o, struct tracer *tracer,
				  const struct program *p)
{
	struct output_options opts = {
	    .format = o->format == FORMAT_JSON ? OUTPUT_JSON : OUTPUT_TEXT,
	    .buffering = (enum output_buffering)o->buffering,
	    .path = o->output_path,
	    .quiet = o->quiet,
	    .no_warnings = o->no_warnings,
	    .colour = options_colour(),
	    .unsafe = o->unsafe,
	    .max_events = o->max_events,
	    .debug_dirs = o->debug_dirs,
	};

	return output_new(p, &opts, map_fd, tracer);
}

static bool is_run_now(const struct unit *u)
{
	return u->type == PROBE_BEGIN || u->type == PROBE_END || u->type == PROBE_TEST ||
	       u->type == PROBE_BENCH || u->mech == MECH_NONE; // matched nothing: never runs
}

static bool only_begin_and_end(const struct program *p)
{
	for (size_t i = 0; i < p->units.len; i++)
		if (!is_run_now(p->units.data[i]))
			return false;
	return true;
}

// An environment variable of bpftrace, and the line that it asks for.
#define READY_LINE "__BPFTRACE_NOTIFY_PROBES_ATTACHED"

static int tell_ready(int fd)
{
	static const char line[] = "ready\n";

	if (fd < 0)
		return 0;
	if (write(fd, line, sizeof(line) - 1) == (ssize_t)sizeof(line) - 1)
		return 0;
	log_error("--ready-fd %d: %s", fd, strerror(errno));
	return -1;
}

// For programs that wait on the output itself, as bpftrace's own test runner does: a line on the
// process's stdout, wherever the output goes.
static int tell_ready_on_stdout(struct output *out)
{
	static const char line[] = READY_LINE "\n";

	if (!getenv(READY_LINE))
		return 0;
	output_flush(out);
	if (write(STDOUT_FILENO, line, sizeof(line) - 1) == (ssize_t)sizeof(line) - 1)
		return 0;
	log_error("stdout: %s", strerror(errno));
	return -1;
}

static void tell_summary(const struct program *p, const struct tracer *tracer)
{
	_cleanup_(buf_release) struct buf text = {0};

	tracer_summary(tracer, &text);
	if (text.len)
		log_note("%s", buf_str(&text));
	buf_clear(&text);
	plan_explain_set_asides(p, &text);
	if (text.len)
		log_verbose("%.*s", (int)text.len - 1, buf_str(&text));
}

// From here on only reading is left to do, and attaching to CPUs that come. system() is the
// script's own business.
static void drop_privileges(const struct trace *t, const struct tracer *tracer)
{
	int err = t->options->unsafe ? 0 : privileges_drop(tracer_may_attach_more(tracer));

	if (err)
		log_verbose("cannot drop capabilities: %s", strerror(-err));
}

// The child stands at its entry; or there is code that no mapping has: a library was loaded.
static void read_again(void *ctx, pid_t pid)
{
	struct trace *t = ctx;

	if (!unwinder_add(t->unwinder, pid))
		unwinder_store(t->unwinder, map_fd, t->tracer);
}

// Everything is attached: say so, let the workload start, wait for the end.
static int run_attached(struct trace *t, struct compiler *c, struct tracer *tracer,
			struct output *out)
{
	struct run_options opts = {
	    .child = t->child.pid ? &t->child : NULL,
	    .pid = t->options->pid,
	    .for_ns = t->options->for_ns,
	    .delay_ms = c->program.config.output_delay_ms,
	};


	output_attached(out, attached_count(c, tracer));
	tell_summary(&c->program, tracer);
	if (tell_ready_on_stdout(out))
		return -1;
	output_drain(out);
	if (tell_ready(t->options->ready_fd))
		return -1;
	if (output_state(out)->exit_requested || t->options->mode == MODE_DRY_RUN)
		return 0;
	if (child_release(&t->child, t->unwinder ? read_again : NULL, t))
		return -1;
	if (only_begin_and_end(&c->program) && !t->child.pid)
		return 0;
	if (has_iterator(&c->program))
		return iterate(&c->program, tracer, out, &run_signals.stop);
	drop_privileges(t, tracer);
	return run_loop(tracer, out, &opts);
}

// What BEGIN sends waits in the ring buffer until all is attached: "Attached" comes first. A dry
// run runs nothing of the script.
static int attach_and_run(struct trace *t, struct compiler *c, struct tracer *tracer,
			  struct output *out, bool *again)
{
	int err = 0;

	if (t->options->mode != MODE_DRY_RUN)
		err = run_aside(&c->program, tracer, out, tracer_run_begin);
	if (!err && t->options->mode != MODE_DRY_RUN && !t->options->pid)
		output_watch(out, t->child.pid);
	if (!err)
		err = tracer_attach(tracer, c->features, again, &run_signals.stop);
	timing_mark("attach");
	return err || run_signals.stop ? -1 : run_attached(t, c, tracer, out);
}

// BEGIN, the tests or benchmarks, END. Maps are not printed.
static int test_script(const struct trace *t, struct compiler *c, struct tracer *tracer,
		       struct output *out)
{
	int status, err = tracer_run_begin(tracer);

	if (err)
		return STATUS_ATTACH;
	status = t->options->mode == MODE_TEST ? script_tests_run(&c->program, tracer, out)
					       : script_benches_run(&c->program, tracer, out);
	output_before_end(out);
	err = tracer_run_end(tracer);
	output_drain(out);
	output_no_maps(out);
	output_flush(out);
	return err ? STATUS_ATTACH : status;
}

// Why there is nothing to load, said; or false.
static bool nothing_to_run(const struct program *p)
{
	enum probe_type only = PROBE_TYPE_COUNT;

	for (size_t i = 0; i < p->units.len; i++) {
		const struct unit *u = p->units.data[i];
		if (u->mech != MECH_NONE)
			return false;
		only = !i || only == u->type ? u->type : PROBE_TYPE_COUNT;
	}
	if (only == PROBE_TEST || only == PROBE_BENCH)
		log_error("No probes attached; use --%s to run %s probes.",
			  only == PROBE_TEST ? "test" : "bench",
			  only == PROBE_TEST ? "test" : "benchmark");
	else
		log_error("No probes to attach");
	return true;
}

// Kernel-side losses per unit, for the statistics.
static uint64_t report_losses(struct compiler *c, struct tracer *tracer, struct output *out,
			      bool verbose)
{
	struct unit_losses *losses =
	    arena_array(&c->arena, struct unit_losses, c->program.units.len + 1);

	for (size_t i = 0; i < c->program.units.len; i++) {
		struct link_stats s = tracer_link_stats(tracer, c->program.units.data[i]);

		losses[i].missed = s.missed;
		losses[i].recursion_misses = s.recursion_misses;
	}
	return output_stats(out, losses, verbose);
}

static int final_status(const struct trace *t, const struct output_state *state, uint64_t lost)
{
	if (state->assert_failed)
		return STATUS_ASSERT;
	if (state->exit_code)
		return state->exit_code;
	if (state->pipe_closed)
		return 128 + SIGPIPE; // as if it had not been ignored
	if (state->write_errors)
		return STATUS_ATTACH;
	if (lost && t->options->strict)
		return STATUS_LOST;
	if (run_signals.stop_signal && run_signals.stop_signal != SIGINT &&
	    run_signals.stop_signal != SIGTERM)
		return 128 + run_signals.stop_signal;
	return STATUS_DONE;
}

// After the run: no new events, then what is left of them, END, maps, numbers.
static int finish_run(struct trace *t, struct compiler *c, struct tracer *tracer,
		      struct output *out)
{
	uint64_t lost;
	int err;

	tracer_detach(tracer);
	output_drain(out);
	output_before_end(out);
	err = run_aside(&c->program, tracer, out, tracer_run_end);
	output_drain(out);
	output_maps_at_exit(out);
	lost = report_losses(c, tracer, out, t->options->verbose);
	output_flush(out);
	return err ? STATUS_ATTACH : final_status(t, output_state(out), lost);
}

// A signal came before everything was attached. What some of the probes have seen is nothing to
// look at: there is no END and no map.
static int cut_short(const struct tracer *tracer, bool *again)
{
	*again = false;
	log_note("interrupted while %s: nothing was traced", tracer ? "attaching" : "loading");
	return 128 + run_signals.stop_signal;
}

int trace_script(struct trace *t, struct compiler *c, bool *again)
{
	bool tests = t->options->mode == MODE_TEST || t->options->mode == MODE_BENCH;
	struct tracer *tracer = nothing_to_run(&c->program) ? NULL : load(t, c, again);
	struct output *out = NULL;
	int status = STATUS_ATTACH;

	if (tracer)
		out = open_output(t->options, tracer, &c->program);
	t->tracer = tracer;
	if (out && t->unwinder)
		output_on_unmapped(out, read_again, t);
	if (out && tests)
		status = test_script(t, c, tracer, out);
	else if (out && attach_and_run(t, c, tracer, out, again) == 0)
		status =
		    t->options->mode == MODE_DRY_RUN ? STATUS_DONE : finish_run(t, c, tracer, out);
	else if (run_signals.stop)
		status = cut_short(tracer, again);
	output_free(out);
	tracer_free(tracer);
	return status;
}
