// uprobe.c: uprobe, uretprobe, user-space sessions and USDT sites.
//
// Enters: a unit with targets grouped by file. Leaves: links. Refuses single targets (set
// aside with the kernel's reason) and, when the kernel does not know the mechanism after
// all, the mechanism itself: the feature is struck and the driver plans again.
//
// The ladder: a session takes a uprobe session (one program, one link per file), else a pair
// of uprobe_multi links, else two perf events per target. Others take uprobe_multi, else one
// perf event per target.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/batch.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "bpf/abi.h"

// ---- plan -----------------------------------------------------------------------------

static const char *missing(struct program *p, const struct features *f, enum feature which)
{
	return arena_printf(p->arena, "%s: %s", feature_name(which), features_why_not(f, which));
}

static enum mechanism choose_session(struct program *p, struct features *f, const char **why)
{
	if (features_have(f, FEATURE_UPROBE_SESSION))
		return MECH_UPROBE_SESSION;
	const char *no_session = missing(p, f, FEATURE_UPROBE_SESSION);
	if (features_have(f, FEATURE_UPROBE_MULTI)) {
		*why = no_session;
		return MECH_UPROBE_MULTI_PAIR;
	}
	*why = arena_printf(p->arena, "%s; %s", no_session, missing(p, f, FEATURE_UPROBE_MULTI));
	return MECH_UPROBE_PERF_PAIR;
}

static enum mechanism choose(struct program *p, const struct unit *u, struct features *f,
			     const char **why)
{
	*why = NULL;
	if (u->type == PROBE_USESSION)
		return choose_session(p, f, why);
	if (features_have(f, FEATURE_UPROBE_MULTI))
		return MECH_UPROBE_MULTI;
	*why = missing(p, f, FEATURE_UPROBE_MULTI);
	return MECH_UPROBE_PERF;
}

static struct prog_kind kind(const struct unit *u, bool ret)
{
	struct prog_kind k = {.type = PROG_TYPE_KPROBE, .needs = FEATURE_COUNT};

	switch (u->mech) {
	case MECH_UPROBE_SESSION:
		k.expected_attach = ATTACH_UPROBE_SESSION;
		k.needs = FEATURE_UPROBE_SESSION;
		break;
	case MECH_UPROBE_MULTI:
	case MECH_UPROBE_MULTI_PAIR:
		k.expected_attach = ATTACH_UPROBE_MULTI;
		k.needs = FEATURE_UPROBE_MULTI;
		break;
	default:
		break;
	}
	return k;
}

// ---- files -----------------------------------------------------------------------------

// What a batch is of: targets of a unit that lie in one file. Expand keeps them contiguous.
struct place {
	const char *path;
	struct probe_pmu pmu; // perf events only
};

static uint32_t file_end(const struct program *p, const struct unit *u, uint32_t from)
{
	const char *path = unit_target(p, u, from)->path;
	uint32_t i = from + 1;

	while (i < u->target_count && !strcmp(unit_target(p, u, i)->path, path))
		i++;
	return i;
}

static unsigned file_count(const struct program *p, const struct unit *u)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < u->target_count; i = file_end(p, u, i))
		n++;
	return n;
}

// ---- links -----------------------------------------------------------------------------

static bool uses_perf(const struct unit *u)
{
	return u->mech == MECH_UPROBE_PERF || u->mech == MECH_UPROBE_PERF_PAIR;
}

static int program_of(const struct attach_job *job, bool ret)
{
	return ret && job->to->ret_prog_fd >= 0 ? job->to->ret_prog_fd : job->to->prog_fd;
}

static int perf_link(const struct batch *b, size_t i, bool ret)
{
	const struct place *at = b->ctx;
	bool usdt = b->job->unit->type == PROBE_USDT;
	_cleanup_close_ int event =
	    usdt ? perf_open_usdt(&at->pmu, at->path, b->places[i], b->targets[i]->semaphore,
				  b->job->pid)
		 : perf_open_uprobe(&at->pmu, at->path, b->places[i], ret, b->job->pid);

	if (event < 0)
		return event;
	return link_perf_event(program_of(b->job, ret), event, b->cookies[i]);
}

// Of targets [from, from + count), parallel to their places; NULL: nobody has one.
static uint64_t *semaphores(const struct batch *b, size_t from, size_t count)
{
	uint64_t *out = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!b->targets[from + i]->semaphore)
			continue;
		if (!out && !(out = calloc(count, sizeof(*out))))
			bug("out of memory");
		out[i] = b->targets[from + i]->semaphore;
	}
	return out;
}

static int make_link(const struct batch *b, size_t from, size_t count, bool ret)
{
	const struct attach_job *job = b->job;
	const struct place *at = b->ctx;
	_cleanup_free_ uint64_t *ref_ctrs = semaphores(b, from, count);
	struct uprobe_multi m = {
	    .path = at->path,
	    .ref_ctrs = ref_ctrs,
	    .offsets = b->places + from,
	    .cookies = b->cookies + from,
	    .count = (uint32_t)count,
	    .pid = job->pid,
	    .session = job->unit->mech == MECH_UPROBE_SESSION,
	    .ret = ret,
	};

	if (uses_perf(job->unit))
		return perf_link(b, from, ret);
	return link_uprobe_multi(program_of(job, ret), &m);
}

// Others concern the file or the process.
static bool blames_target(int err)
{
	return err == -KERNEL_ENOTSUPP || err == -EINVAL || err == -EIO || err == -EOPNOTSUPP;
}

static const struct batch_ops ops = {
    .link = make_link, .blames_target = blames_target, .reason = link_strerror};

static int attach_file(struct batch *b)
{
	const struct unit *u = b->job->unit;
	enum feature needs = kind(u, false).needs;
	bool ret = u->type == PROBE_URETPROBE;
	bool pair = b->job->to->ret_prog_fd >= 0; // a session may have only an entry clause
	int err = 0;

	if (uses_perf(u))
		return batch_link_each(b, pair, ret, 1);
	// The return half first: an entry is never seen without the return to match it.
	if (pair)
		err = batch_link(b, true, needs);
	if (!err && b->count)
		err = batch_link(b, ret, needs);
	return err;
}

// ---- the whole unit --------------------------------------------------------------------

static void report(const struct attach_job *job, const char *path, int err)
{
	switch (err) {
	case -EINTR: // is known to whoever asked for it
		break;
	case -EPERM:
	case -EACCES:
		job_error(job,
			  "not permitted to attach to %s: mtrace needs root, or CAP_BPF and "
			  "CAP_PERFMON (perf events also CAP_SYS_ADMIN)",
			  path);
		break;
	case -ESRCH:
		job_error(job, "cannot attach to %s: there is no process %d", path, job->pid);
		break;
	case -EMFILE:
		job_error(job, "cannot attach to %s: too many open files (raise `ulimit -n`)",
			  path);
		break;
	default:
		job_error(job, "cannot attach to %s: %s", path, link_strerror(err));
	}
}

// `probe` is the same for all sites of a probe. They follow each other. Returns how many probes.
static unsigned name_sites(struct batch *b)
{
	uint32_t first = 0;
	unsigned probes = 0;

	for (size_t i = 0; i < b->count; i++) {
		const struct target *t = b->targets[i];
		if (!i || strcmp(t->probe, b->targets[i - 1]->probe)) {
			first = t->id;
			probes++;
		}
		b->cookies[i] = COOKIE(first, t->id);
	}
	return probes;
}

static int attach(struct attach_job *job)
{
	const struct program *p = job->program;
	const struct unit *u = job->unit;
	bool usdt = u->type == PROBE_USDT;
	struct place at = {0};
	int err = uses_perf(u) ? probe_pmu_read(job->root, "uprobe", &at.pmu) : 0;

	for (uint32_t i = 0, end; i < u->target_count; i = end) {
		_cleanup_(batch_release) struct batch b = {0};
		end = file_end(p, u, i);
		job->culprit = unit_target(p, u, i);
		at.path = job->culprit->path;
		if (!err)
			err = batch_init(&b, job, &ops, &at, i, end);
		for (size_t k = 0; !err && k < b.count; k++)
			b.places[k] = b.targets[k]->offset;
		if (!err && job_interrupted(job))
			err = -EINTR;
		if (!err && usdt)
			name_sites(&b);
		if (!err)
			err = attach_file(&b);
		if (!err)
			job->to->target_count += usdt ? name_sites(&b) : (unsigned)b.count;
		if (err) {
			if (!*job->struck)
				report(job, at.path, err);
			return -1;
		}
		job_progress(job, end);
	}
	return job->to->target_count ? 0 : job_none_left(job);
}

static unsigned halves(const struct unit *u)
{
	return u->session.has_return ? 2 : 1;
}

static unsigned link_count(const struct program *p, const struct unit *u)
{
	switch (u->mech) {
	case MECH_UPROBE_SESSION:
	case MECH_UPROBE_MULTI:
		return file_count(p, u);
	case MECH_UPROBE_MULTI_PAIR:
		return halves(u) * file_count(p, u);
	case MECH_UPROBE_PERF:
		return u->target_count;
	case MECH_UPROBE_PERF_PAIR:
		return halves(u) * u->target_count;
	default:
		return 0;
	}
}

const struct provider provider_uprobe = {
    .name = "uprobe",
    .choose = choose,
    .kind = kind,
    .link_count = link_count,
    .attach = attach,
};
