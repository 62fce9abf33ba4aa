// tracer.c: the life of what is in the kernel: load, run BEGIN, attach, detach, run END, free.
//
// Enters: a program and its object. Leaves: running probes. Refuses as a whole: when one unit
// cannot be attached, everything attached before it is closed again.
#include "attach/tracer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "attach/load.h"
#include "attach/summary.h"
#include "base/log.h"

enum { PROGRESS_AFTER_MS = 300, PROGRESS_EVERY_MS = 100 };

struct tracer {
	struct program *program; // borrowed
	struct tracer_options opts;
	struct loaded loaded;
	// Progress on a terminal.
	uint64_t attach_began, progress_shown; // ms
	unsigned done_before;		       // targets of the units already attached
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

void job_progress(const struct attach_job *job, unsigned done, unsigned total)
{
	if (job->progress)
		job->progress(job->progress_ctx, done, total);
}

void job_set_aside(struct attach_job *job, const struct target *t, const char *reason)
{
	struct program *p = job->program;

	program_set_aside(p, job->unit, t->probe, arena_strdup(p->arena, reason));
	p->targets.data[t->id]->left_out = true;
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
	if (load_all(&t->loaded, p, o, opts, f, struck)) {
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
	return prog_test_run(t->loaded.units[u->id].prog_fd, result);
}

int tracer_iter_fd(const struct tracer *t, const struct unit *u)
{
	const struct attached *a = &t->loaded.units[u->id];

	return a->link_count ? link_iter_open(a->links[0]) : -ENOENT;
}

int tracer_run_bench(struct tracer *t, const struct unit *u, uint32_t times, uint32_t *average)
{
	return prog_test_repeat(t->loaded.units[u->id].prog_fd, times, average);
}

// ---- attach ----------------------------------------------------------------------------

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

static void show_progress(void *ctx, unsigned done, unsigned total)
{
	struct tracer *t = ctx;
	uint64_t now = now_ms();

	if (now - t->attach_began < PROGRESS_AFTER_MS ||
	    now - t->progress_shown < PROGRESS_EVERY_MS)
		return;
	fprintf(stderr, "\rattaching: %u of %zu targets\033[K", t->done_before + done,
		t->program->targets.len);
	fflush(stderr);
	t->progress_shown = now;
}

static void clear_progress(const struct tracer *t)
{
	if (t->progress_shown) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
}

static int attach_units(struct tracer *t, struct features *f, bool *struck,
			volatile const bool *interrupted)
{
	struct program *p = t->program;
	bool show = isatty(STDERR_FILENO) && log_get_level() >= LOG_NORMAL;

	for (size_t i = 0; i < p->units.len; i++) {
		struct unit *u = p->units.data[i];
		const struct provider *provider = provider_of(u->type);
		struct attach_job job = {.program = p,
					 .unit = u,
					 .to = &t->loaded.units[i],
					 .features = f,
					 .pid = t->opts.pid,
					 .root = "/",
					 .struck = struck,
					 .interrupted = interrupted,
					 .progress = show ? show_progress : NULL,
					 .progress_ctx = t};
		if (u->mech == MECH_NONE || job.to->prog_fd < 0 || !provider->attach)
			continue;
		if (provider->attach(&job))
			return -1;
		t->done_before += u->target_count;
	}
	return 0;
}

int tracer_attach(struct tracer *t, struct features *f, bool *struck,
		  volatile const bool *interrupted)
{
	*struck = false;
	t->attach_began = now_ms();
	t->progress_shown = 0;
	t->done_before = 0;
	int err = attach_units(t, f, struck, interrupted);
	clear_progress(t);
	if (err)
		tracer_detach(t);
	return err;
}

// ---- detach ----------------------------------------------------------------------------

// Links whose removal the kernel cannot overlap.
static bool is_slow(enum mechanism m)
{
	return m == MECH_UPROBE_PERF || m == MECH_UPROBE_PERF_PAIR || m == MECH_KPROBE_PERF ||
	       m == MECH_KPROBE_PERF_PAIR || m == MECH_TRACEPOINT_PERF;
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
