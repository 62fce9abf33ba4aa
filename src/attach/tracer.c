// tracer.c: the life of what is in the kernel: load, run BEGIN, attach, detach, run END, free.
//
// Enters: a program and its object. Leaves: running probes. Refuses as a whole: when one unit
// cannot be attached, everything attached before it is closed again.
#include "attach/tracer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "attach/batch.h"
#include "attach/hotplug.h"
#include "attach/load.h"
#include "attach/order.h"
#include "attach/progress.h"
#include "attach/summary.h"
#include "base/log.h"
#include "sys/privileges.h"

struct tracer {
	struct program *program; // borrowed
	struct tracer_options opts;
	struct loaded loaded;
	struct progress progress;
	int hotplug_fd; // -1: nothing is attached per CPU
};

const struct provider *provider_of(enum probe_type t)
{
	switch (t) {
	case PROBE_BEGIN:
	case PROBE_END:
	case PROBE_SELF:
	case PROBE_TEST:
	case PROBE_BENCH:
		return &provider_special;
	case PROBE_UPROBE:
	case PROBE_URETPROBE:
	case PROBE_USESSION:
	case PROBE_USDT:
		return &provider_uprobe;
	case PROBE_KPROBE:
	case PROBE_KRETPROBE:
		return &provider_kprobe;
	case PROBE_FENTRY:
	case PROBE_FEXIT:
	case PROBE_KSESSION:
		return &provider_tracing;
	case PROBE_TRACEPOINT:
		return &provider_tracepoint;
	case PROBE_RAWTRACEPOINT:
		return &provider_rawtracepoint;
	case PROBE_ITER:
		return &provider_iter;
	case PROBE_SOFTWARE:
	case PROBE_HARDWARE:
	case PROBE_WATCHPOINT:
		return &provider_counter;
	case PROBE_PROFILE:
	case PROBE_INTERVAL:
		return &provider_timer;
	case PROBE_TYPE_COUNT:
		break;
	}
	bug("no provider for probe type %d", t);
}

// ---- what providers call ---------------------------------------------------------------

void attached_add_link(struct attached *to, int fd)
{
	if (to->link_count == to->link_cap) {
		to->link_cap = to->link_cap ? 2 * to->link_cap : 4;
		to->links = realloc(to->links, to->link_cap * sizeof(*to->links));
		if (!to->links)
			bug("out of memory");
	}
	to->links[to->link_count++] = fd;
}

bool job_interrupted(const struct attach_job *job)
{
	return job->interrupted && *job->interrupted;
}

void job_progress(const struct attach_job *job, unsigned done)
{
	progress_show(job->progress, "attaching", job->done_before + done,
		      job->program->targets.len);
}

// Without the script's text there is no place to show.
static bool has_script(const struct attach_job *job)
{
	return job->diag && job->diag->sources;
}

void job_error(const struct attach_job *job, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const char *text = arena_vprintf(job->program->arena, fmt, ap);
	va_end(ap);
	if (has_script(job))
		diag_error(job->diag, job->culprit ? job->culprit->span : job->unit->span,
			   "cannot-attach", "%s", text);
	else
		log_error("%s", text);
}

void job_hint(const struct attach_job *job, const char *text)
{
	if (has_script(job))
		diag_hint(job->diag, "%s", text);
	else
		log_hint("%s", text);
}

void job_set_aside(struct attach_job *job, const struct target *t, const char *reason)
{
	struct program *p = job->program;

	program_set_aside(p, job->unit, t->probe, arena_strdup(p->arena, reason));
	p->targets.data[t->id]->left_out = true;
	job->unit->left_out_count++;
}

static const struct target *first_left_out(const struct attach_job *job)
{
	for (uint32_t i = 0; i < job->unit->target_count; i++) {
		const struct target *t = unit_target(job->program, job->unit, i);
		if (t->left_out)
			return t;
	}
	return NULL;
}

// The first reason stands for all.
static const char *first_reason(const struct attach_job *job)
{
	const struct program *p = job->program;

	for (size_t i = 0; i < p->set_asides.len; i++) {
		const struct set_aside *s = &p->set_asides.data[i];
		if (s->unit == job->unit->id && !s->duplicate)
			return arena_printf(p->arena, "%s: %s", s->what, s->reason);
	}
	return NULL;
}

int job_none_left(struct attach_job *job)
{
	enum missing_probes policy = job->program->config.missing_probes;
	const char *hint = first_reason(job);

	if (policy == MISSING_IGNORE)
		return 0;
	if (policy == MISSING_WARN) { // now: tracing goes on
		log_warn("%s: the kernel refused every target", job->unit->spec);
		if (hint)
			log_hint("%s", hint);
		return 0;
	}
	job->culprit = first_left_out(job);
	job_error(job, "cannot attach %s: the kernel refused every target", job->unit->spec);
	if (hint)
		job_hint(job, hint);
	return -1;
}

// ---- load ------------------------------------------------------------------------------

struct tracer *tracer_load(struct program *p, const struct object *o,
			   const struct tracer_options *opts, struct features *f, bool *struck)
{
	struct tracer *t = calloc(1, sizeof(*t));

	if (!t)
		bug("out of memory");
	*struck = false;
	t->program = p;
	t->opts = *opts;
	t->hotplug_fd = -1;
	progress_start(&t->progress);
	int err = load_all(&t->loaded, p, o, opts, f, struck, &t->progress);
	progress_clear(&t->progress);
	if (err) {
		tracer_free(t);
		return NULL;
	}
	return t;
}

// ---- programs that are run, not attached -------------------------------------------------

static int run_programs(struct tracer *t, enum probe_type type, int signal)
{
	for (size_t i = 0; i < t->program->units.len; i++) {
		const struct unit *u = t->program->units.data[i];
		int fd = t->loaded.units[i].prog_fd;
		if (u->type != type || fd < 0 || (signal && u->self_signal != signal))
			continue;
		int err = prog_test_run(fd, NULL);
		if (err) {
			log_error("cannot run %s: %s", u->spec, link_strerror(err));
			return -1;
		}
	}
	return 0;
}

int tracer_run_begin(struct tracer *t)
{
	return run_programs(t, PROBE_BEGIN, 0);
}

int tracer_run_end(struct tracer *t)
{
	return run_programs(t, PROBE_END, 0);
}

int tracer_run_self(struct tracer *t, int signal)
{
	return run_programs(t, PROBE_SELF, signal);
}

int tracer_run_test(struct tracer *t, const struct unit *u, uint32_t *result)
{
	int fd = t->loaded.units[u->id].prog_fd;
	uint32_t ns;

	return u->calls_kernel ? prog_test_repeat(fd, 1, result, &ns) : prog_test_run(fd, result);
}

int tracer_iter_fd(const struct tracer *t, const struct unit *u)
{
	const struct attached *a = &t->loaded.units[u->id];

	return a->link_count ? link_iter_open(a->links[0]) : -ENOENT;
}

int tracer_run_bench(struct tracer *t, const struct unit *u, uint32_t times, uint32_t *average)
{
	uint32_t result;

	return prog_test_repeat(t->loaded.units[u->id].prog_fd, times, &result, average);
}

// ---- attach ----------------------------------------------------------------------------

static struct attach_job job_of(struct tracer *t, struct unit *u)
{
	return (struct attach_job){.program = t->program,
				   .unit = u,
				   .to = &t->loaded.units[u->id],
				   .pid = t->opts.pid,
				   .root = "/",
				   .progress = &t->progress,
				   .diag = t->opts.diag};
}

// Before the first one is attached, so that no CPU is missed.
static void watch_cpus(struct tracer *t)
{
	for (size_t i = 0; t->hotplug_fd < 0 && i < t->program->units.len; i++)
		if (provider_of(t->program->units.data[i]->type)->attach_cpu)
			t->hotplug_fd = hotplug_open();
}

static int attach_unit(struct tracer *t, struct attach_job *job, size_t i)
{
	struct unit *u = t->program->units.data[i];
	const struct provider *provider = provider_of(u->type);

	job->unit = u;
	job->to = &t->loaded.units[i];
	job->culprit = u->target_count ? unit_target(t->program, u, 0) : NULL;
	if (u->mech == MECH_NONE || job->to->prog_fd < 0 || !provider->attach)
		return 0;
	if (provider->attach(job))
		return -1;
	if (job->half != HALF_RETURN)
		job->done_before += u->target_count;
	return 0;
}

static int attach_pass(struct tracer *t, struct attach_job *job, enum attach_pass pass)
{
	const struct program *p = t->program;

	for (size_t i = 0; i < p->units.len; i++) {
		size_t at = pass == PASS_LAST_FIRST ? p->units.len - 1 - i : i;
		job->half = order_half(p->units.data[at], job->features, pass);
		if (job->half != HALF_NONE && attach_unit(t, job, at))
			return -1;
	}
	return 0;
}

static int attach_units(struct tracer *t, struct features *f, bool *struck,
			volatile const bool *interrupted)
{
	struct attach_job job = {.program = t->program,
				 .features = f,
				 .pid = t->opts.pid,
				 .root = "/",
				 .struck = struck,
				 .interrupted = interrupted,
				 .progress = &t->progress,
				 .diag = t->opts.diag};

	watch_cpus(t);
	for (enum attach_pass pass = 0; pass < PASS_COUNT; pass++)
		if (attach_pass(t, &job, pass))
			return -1;
	return 0;
}

int tracer_attach(struct tracer *t, struct features *f, bool *struck,
		  volatile const bool *interrupted)
{
	*struck = false;
	progress_start(&t->progress);
	int err = attach_units(t, f, struck, interrupted);
	progress_clear(&t->progress);
	if (err)
		tracer_detach(t);
	return err;
}

// ---- CPUs that come and go -----------------------------------------------------------------

int tracer_cpu_fd(const struct tracer *t)
{
	return t->hotplug_fd;
}

bool tracer_may_attach_more(const struct tracer *t)
{
	for (size_t i = 0; i < t->program->units.len; i++) {
		const struct unit *u = t->program->units.data[i];
		if (u->mech != MECH_NONE && u->type != PROBE_INTERVAL &&
		    provider_of(u->type)->attach_cpu)
			return true;
	}
	return false;
}

static void cpu_changed(struct tracer *t, struct unit *u, const struct hotplug_event *e)
{
	const struct provider *provider = provider_of(u->type);
	struct attach_job job = job_of(t, u);
	int err = 0;

	if (u->mech == MECH_NONE || !provider->attach_cpu)
		return;
	if (e->online)
		err = provider->attach_cpu(&job, (int)e->cpu);
	else if (u->type == PROBE_INTERVAL && job.to->cpu == (int)e->cpu)
		provider->attach(&job); // says what is wrong
	if (err)
		log_error("cannot attach %s to CPU %u, which has come online: %s", u->spec, e->cpu,
			  link_strerror(err));
}

void tracer_cpus_changed(struct tracer *t)
{
	bool raised = privileges_raise();
	struct hotplug_event e;

	while (hotplug_next(t->hotplug_fd, &e))
		for (size_t i = 0; i < t->program->units.len; i++)
			cpu_changed(t, t->program->units.data[i], &e);
	privileges_lower(raised);
}

// ---- detach ----------------------------------------------------------------------------

// Links whose removal the kernel cannot overlap.
static bool is_slow(enum mechanism m)
{
	return m == MECH_UPROBE_PERF || m == MECH_UPROBE_PERF_PAIR || m == MECH_KPROBE_PERF ||
	       m == MECH_KPROBE_PERF_PAIR || m == MECH_TRACEPOINT_PERF || m == MECH_TRAMPOLINE_EACH;
}

static void detach_where(struct tracer *t, bool slow)
{
	struct loaded *l = &t->loaded;
	struct attached all = {0};

	for (size_t i = 0; i < l->unit_count; i++) {
		struct attached *a = &l->units[i];
		if (is_slow(t->program->units.data[i]->mech) != slow)
			continue;
		for (size_t k = 0; k < a->link_count; k++) {
			a->missed += link_missed(a->links[k]);
			attached_add_link(&all, a->links[k]);
		}
		a->link_count = 0;
		a->target_count = 0;
	}
	links_close(all.links, all.link_count, slow);
	free(all.links);
}

void tracer_detach(struct tracer *t)
{
	detach_where(t, false);
	detach_where(t, true);
}

void tracer_free(struct tracer *t)
{
	if (!t)
		return;
	tracer_detach(t);
	if (t->hotplug_fd >= 0)
		close(t->hotplug_fd);
	loaded_release(&t->loaded);
	free(t);
}

// ---- questions -------------------------------------------------------------------------

int tracer_map_fd(const struct tracer *t, const struct map_def *m)
{
	return m->id < t->loaded.map_count ? t->loaded.map_fds[m->id] : -1;
}

// The head of struct bpf_prog_info up to the counter of interest.
struct prog_info {
	uint8_t head[208];
	uint64_t recursion_misses;
};

static uint64_t recursion_misses(int prog_fd)
{
	enum { CMD_OBJ_GET_INFO_BY_FD = 15 };
	struct prog_info info = {0};
	struct {
		uint32_t fd, len;
		uint64_t info;
	} a = {(uint32_t)prog_fd, sizeof(info), (uint64_t)(uintptr_t)&info};

	if (prog_fd < 0 || syscall(__NR_bpf, CMD_OBJ_GET_INFO_BY_FD, &a, sizeof(a)) ||
	    a.len < sizeof(info))
		return 0;
	return info.recursion_misses;
}

struct link_stats tracer_link_stats(const struct tracer *t, const struct unit *u)
{
	struct link_stats s = {0};

	if (u->id < t->loaded.unit_count) {
		const struct attached *a = &t->loaded.units[u->id];
		s.recursion_misses =
		    recursion_misses(a->prog_fd) + recursion_misses(a->ret_prog_fd);
		for (size_t i = 0; i < a->more_count; i++)
			s.recursion_misses += recursion_misses(a->more_progs[i]);
		s.missed = a->missed;
		for (size_t i = 0; i < a->link_count; i++)
			s.missed += link_missed(a->links[i]);
	}
	return s;
}

void tracer_summary(const struct tracer *t, struct buf *out)
{
	unsigned links = 0;

	for (size_t i = 0; i < t->loaded.unit_count; i++)
		if (probe_type_is_kernel(t->program->units.data[i]->type))
			links += (unsigned)t->loaded.units[i].link_count;
	summary_print(t->program, links, out);
}

unsigned tracer_link_count(const struct tracer *t)
{
	unsigned n = 0;

	for (size_t i = 0; i < t->loaded.unit_count; i++)
		n += (unsigned)t->loaded.units[i].link_count;
	return n;
}

unsigned tracer_target_count(const struct tracer *t)
{
	unsigned n = 0;

	for (size_t i = 0; i < t->loaded.unit_count; i++)
		n += t->loaded.units[i].target_count;
	return n;
}
