// tracepoint.c: trace events.
//
// Enters: units with targets. Leaves: for the entries or the exits of system calls one raw
// tracepoint, whose program picks its calls by number; for events of which nothing is read
// their raw tracepoints; for others a perf event each, linked with a cookie. Refuses what the
// kernel refuses: an event without perf support.
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "attach/kernel.h"
#include "attach/provider.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "bpf/abi.h"
#include "sys/tracefs.h"

// A raw tracepoint's program runs for every system call of the machine (about 40 ns each,
// measured), while the kernel finds the few that perf events are for in a bitmap. Perf events
// cost more per hit, and when they are removed.
enum { FEW_CALLS = 8 };

enum mechanism choose_raw_tp(struct program *p, const struct unit *u, struct features *f,
			     enum mechanism other, const char **why)
{
	enum feature needed =
	    u->reads_probe && u->target_count > 1 ? FEATURE_RAW_TP_COOKIE : FEATURE_RAW_TP;

	if (u->not_raw)
		*why = u->not_raw;
	else if (!features_have(f, FEATURE_RAW_TP))
		*why = kernel_missing(p, f, FEATURE_RAW_TP);
	else if (!features_have(f, needed))
		*why = kernel_missing(p, f, needed);
	return *why ? other : MECH_RAW_TP;
}

static enum mechanism choose(struct program *p, const struct unit *u, struct features *f,
			     const char **why)
{
	*why = NULL;
	if (!u->syscalls)
		return choose_raw_tp(p, u, f, MECH_TRACEPOINT_PERF, why);
	if (u->target_count <= FEW_CALLS)
		*why = "few system calls: the kernel tells them from all others by itself";
	else if (!features_have(f, FEATURE_RAW_TP_SYSCALLS))
		*why = kernel_missing(p, f, FEATURE_RAW_TP_SYSCALLS);
	else if (!u->attach_btf_id)
		*why = "the kernel has no BTF for the raw tracepoint";
	return *why ? MECH_TRACEPOINT_PERF : MECH_SYSCALL_TP;
}

static struct prog_kind kind(const struct unit *u, bool ret)
{
	if (u->mech == MECH_SYSCALL_TP)
		return (struct prog_kind){PROG_TYPE_TRACING, ATTACH_TRACE_RAW_TP,
					  FEATURE_RAW_TP_SYSCALLS};
	if (u->mech == MECH_RAW_TP)
		return (struct prog_kind){.type = PROG_TYPE_RAW_TRACEPOINT, .needs = FEATURE_COUNT};
	return (struct prog_kind){.type = PROG_TYPE_TRACEPOINT, .needs = FEATURE_COUNT};
}

static unsigned link_count(const struct program *p, const struct unit *u)
{
	return u->mech == MECH_SYSCALL_TP ? 1 : u->target_count;
}

// "tracepoint:sched:sched_switch"
static int read_id(struct attach_job *job, const char *events, const struct target *t, uint32_t *id)
{
	struct arena *a = job->program->arena;
	const char *category = strchr(t->probe, ':'), *name;

	*id = t->event_id;
	if (*id)
		return 0;
	category = category ? category + 1 : "";
	name = strchr(category, ':');
	if (!name || !events)
		return -ENOENT;
	return tracefs_id(events, arena_strndup(a, category, (size_t)(name - category)), name + 1,
			  id);
}

static int link_perf(struct attach_job *job, const char *events, const struct target *t)
{
	uint32_t id;
	int err = read_id(job, events, t, &id);

	if (err)
		return err;
	_cleanup_close_ int event = perf_open_tracepoint(id);
	if (event < 0)
		return event;
	return link_perf_event(job->to->prog_fd, event, COOKIE(t->func_id, t->id));
}

static int link_raw(struct attach_job *job, const struct target *t)
{
	bool several = job->unit->reads_probe && job->unit->target_count > 1;

	return link_raw_tracepoint(job->to->prog_fd, t->tracepoint,
				   several ? COOKIE(t->func_id, t->id) : 0);
}

static int attach_event(struct attach_job *job, const char *events, const struct target *t)
{
	int link = t->tracepoint && job->unit->mech == MECH_RAW_TP ? link_raw(job, t)
								   : link_perf(job, events, t);

	if (link < 0)
		return link;
	attached_add_link(job->to, link);
	job->to->target_count++;
	return 0;
}

int attach_events(struct attach_job *job)
{
	const struct unit *u = job->unit;
	const char *events = tracefs_events(job->program->arena, job->root);
	int last = 0;

	for (uint32_t i = 0; i < u->target_count; i++) {
		const struct target *t = unit_target(job->program, u, i);
		if (job_interrupted(job))
			return -1;
		int err = attach_event(job, events, t);
		job->culprit = t;
		if (err == -EMFILE || err == -EPERM || u->target_count == 1) {
			if (err)
				job_error(job, "cannot attach %s: %s", t->probe,
					  link_strerror(err));
			return err ? -1 : 0;
		}
		if (err)
			job_set_aside(job, t, link_strerror(err));
		last = err ? err : last;
		job_progress(job, i + 1);
	}
	if (job->to->link_count)
		return 0;
	job_error(job, "cannot attach %s: %s", u->spec, link_strerror(last));
	return -1;
}

static int attach(struct attach_job *job)
{
	if (job->unit->mech != MECH_SYSCALL_TP)
		return attach_events(job);
	int link = link_tracing(job->to->prog_fd, ATTACH_TRACE_RAW_TP, 0);
	if (link == -EINVAL) { // no such links before 5.13
		features_strike(job->features, FEATURE_RAW_TP_SYSCALLS);
		*job->struck = true;
		return -1;
	}
	if (link < 0) {
		job_error(job, "cannot attach %s: %s", job->unit->spec, link_strerror(link));
		return -1;
	}
	attached_add_link(job->to, link);
	job->to->target_count = job->unit->target_count;
	return 0;
}

const struct provider provider_tracepoint = {
    .name = "tracepoint",
    .choose = choose,
    .kind = kind,
    .link_count = link_count,
    .attach = attach,
};
