// uprobe.c: uprobe, uretprobe and user-space sessions.
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
#include <unistd.h>

#include "attach/provider.h"
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

// ---- batches: the targets of one file ---------------------------------------------------

// Targets of a unit that lie in one file; expand keeps them contiguous.
struct batch {
	struct attach_job *job;
	const char *path;
	const struct target **targets;
	uint64_t *offsets, *cookies; // parallel
	size_t count;
	int *errors; // per target: 0, or the errno that it alone fails with
};

static struct target *unit_target(const struct program *p, const struct unit *u, uint32_t i)
{
	return p->targets.data[u->first_target + i];
}

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

static void batch_release(struct batch *b)
{
	free(b->targets);
	free(b->offsets);
	free(b->cookies);
	free(b->errors);
}

static int batch_init(struct batch *b, struct attach_job *job, uint32_t from, uint32_t to)
{
	size_t n = to - from;

	*b = (struct batch){.job = job, .count = n};
	b->targets = calloc(n, sizeof(*b->targets));
	b->offsets = calloc(n, sizeof(*b->offsets));
	b->cookies = calloc(n, sizeof(*b->cookies));
	b->errors = calloc(n, sizeof(*b->errors));
	if (!b->targets || !b->offsets || !b->cookies || !b->errors)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct target *t = unit_target(job->program, job->unit, from + (uint32_t)i);
		b->targets[i] = t;
		b->offsets[i] = t->offset;
		b->cookies[i] = COOKIE(t->func_id, t->id);
	}
	b->path = b->targets[0]->path;
	return 0;
}

// ---- multi links -----------------------------------------------------------------------

static int multi_link(const struct batch *b, size_t from, size_t count, bool ret)
{
	const struct attach_job *job = b->job;
	struct uprobe_multi m = {
	    .path = b->path,
	    .offsets = b->offsets + from,
	    .cookies = b->cookies + from,
	    .count = (uint32_t)count,
	    .pid = job->pid,
	    .session = job->unit->mech == MECH_UPROBE_SESSION,
	    .ret = ret,
	};

	return link_uprobe_multi(
	    ret && job->to->ret_prog_fd >= 0 ? job->to->ret_prog_fd : job->to->prog_fd, &m);
}

// An error that one target can be the cause of; others concern the file or the process.
static bool error_is_of_target(int err)
{
	return err == -KERNEL_ENOTSUPP || err == -EINVAL || err == -EIO || err == -EOPNOTSUPP;
}

// Find what makes a link over [from, from+count) fail, by halves. Links that work on the way
// are closed at once: the final one covers all the rest. Returns the number of culprits, or
// -errno of an error that is nobody's fault in particular.
static int bisect(struct batch *b, size_t from, size_t count, bool ret)
{
	if (job_interrupted(b->job))
		return -EINTR;
	int fd = multi_link(b, from, count, ret);
	if (fd >= 0) {
		close(fd);
		return 0;
	}
	if (!error_is_of_target(fd))
		return fd;
	if (count == 1) {
		b->errors[from] = -fd;
		return 1;
	}
	int left = bisect(b, from, count / 2, ret);
	if (left < 0)
		return left;
	int right = bisect(b, from + count / 2, count - count / 2, ret);
	return right < 0 ? right : left + right;
}

// Take the culprits out of the batch and record why.
static void drop_culprits(struct batch *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->count; i++) {
		if (b->errors[i]) {
			job_set_aside(b->job, b->targets[i], link_strerror(b->errors[i]));
			continue;
		}
		b->targets[kept] = b->targets[i];
		b->offsets[kept] = b->offsets[i];
		b->cookies[kept] = b->cookies[i];
		b->errors[kept++] = 0;
	}
	b->count = kept;
}

static bool all_failed_alike(const struct batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->errors[i] != EINVAL && b->errors[i] != EOPNOTSUPP)
			return false;
	return true;
}

// The kernel does not do this at all: strike it, and let the driver plan again.
static int strike(struct attach_job *job, int err)
{
	enum feature which = kind(job->unit, false).needs;

	if (which == FEATURE_COUNT)
		return err;
	log_verbose("%s refused when attaching: %s", feature_name(which), link_strerror(err));
	features_strike(job->features, which);
	*job->struck = true;
	return err;
}

// One link over the whole batch; culprits set aside. The descriptor goes to the tracer.
static int batch_link(struct batch *b, bool ret)
{
	int fd = multi_link(b, 0, b->count, ret);

	if (fd < 0 && error_is_of_target(fd)) {
		int culprits = bisect(b, 0, b->count, ret);
		if (culprits < 0)
			return culprits;
		if ((size_t)culprits == b->count && all_failed_alike(b))
			return strike(b->job, fd);
		drop_culprits(b);
		fd = b->count ? multi_link(b, 0, b->count, ret) : 0;
	}
	if (fd < 0)
		return fd;
	if (b->count)
		attached_add_link(b->job->to, fd);
	return 0;
}

static int attach_multi(struct batch *b)
{
	const struct unit *u = b->job->unit;
	int err = 0;

	// The return half first: an entry is never seen without the return to match it.
	if (u->mech == MECH_UPROBE_MULTI_PAIR)
		err = batch_link(b, true);
	if (!err && b->count)
		err = batch_link(b, u->type == PROBE_URETPROBE);
	return err;
}

// ---- perf events -----------------------------------------------------------------------

static int perf_link(const struct batch *b, const struct uprobe_pmu *pmu, size_t i, bool ret)
{
	struct attached *to = b->job->to;
	int prog = ret && to->ret_prog_fd >= 0 ? to->ret_prog_fd : to->prog_fd;
	_cleanup_close_ int event = perf_open_uprobe(pmu, b->path, b->offsets[i], ret, b->job->pid);

	if (event < 0)
		return event;
	return link_perf_event(prog, event, b->cookies[i]);
}

static int perf_attach_one(struct batch *b, const struct uprobe_pmu *pmu, size_t i)
{
	const struct unit *u = b->job->unit;
	struct attached *to = b->job->to;
	int ret_link = -1;

	if (u->mech == MECH_UPROBE_PERF_PAIR) {
		ret_link = perf_link(b, pmu, i, true);
		if (ret_link < 0)
			return ret_link;
	}
	int link = perf_link(b, pmu, i, u->type == PROBE_URETPROBE);
	if (link < 0) {
		if (ret_link >= 0)
			close(ret_link);
		return link;
	}
	if (ret_link >= 0)
		attached_add_link(to, ret_link);
	attached_add_link(to, link);
	return 0;
}

static int attach_perf(struct batch *b)
{
	struct uprobe_pmu pmu;
	int err = uprobe_pmu_read(b->job->root, &pmu);

	if (err)
		return err;
	for (size_t i = 0; i < b->count; i++) {
		if (job_interrupted(b->job))
			return -EINTR;
		err = perf_attach_one(b, &pmu, i);
		if (err && !error_is_of_target(err))
			return err;
		b->errors[i] = -err;
		job_progress(b->job, b->job->to->target_count + (unsigned)i + 1,
			     b->job->unit->target_count);
	}
	drop_culprits(b);
	return 0;
}

// ---- the whole unit --------------------------------------------------------------------

static void report(const struct attach_job *job, const char *path, int err)
{
	switch (err) {
	case -EINTR:
		log_error("interrupted while attaching");
		break;
	case -EPERM:
	case -EACCES:
		log_error("not permitted to attach to %s: mtrace needs root, or CAP_BPF and "
			  "CAP_PERFMON (perf events also CAP_SYS_ADMIN)",
			  path);
		break;
	case -ESRCH:
		log_error("cannot attach to %s: there is no process %d", path, job->pid);
		break;
	case -EMFILE:
		log_error("cannot attach to %s: too many open files (raise `ulimit -n`)", path);
		break;
	default:
		log_error("cannot attach to %s: %s", path, link_strerror(err));
	}
}

static bool uses_perf(const struct unit *u)
{
	return u->mech == MECH_UPROBE_PERF || u->mech == MECH_UPROBE_PERF_PAIR;
}

static int attach(struct attach_job *job)
{
	const struct program *p = job->program;
	const struct unit *u = job->unit;

	for (uint32_t i = 0, end; i < u->target_count; i = end) {
		_cleanup_(batch_release) struct batch b = {0};
		end = file_end(p, u, i);
		int err = batch_init(&b, job, i, end);
		if (!err && job_interrupted(job))
			err = -EINTR;
		if (!err)
			err = uses_perf(u) ? attach_perf(&b) : attach_multi(&b);
		job->to->target_count += err ? 0 : (unsigned)b.count;
		if (err) {
			if (!*job->struck)
				report(job, unit_target(p, u, i)->path, err);
			return -1;
		}
		job_progress(job, job->to->target_count, u->target_count);
	}
	if (job->to->target_count)
		return 0;
	log_error("cannot attach %s: the kernel refused every target", u->spec);
	return -1;
}

static unsigned link_count(const struct program *p, const struct unit *u)
{
	switch (u->mech) {
	case MECH_UPROBE_SESSION:
	case MECH_UPROBE_MULTI:
		return file_count(p, u);
	case MECH_UPROBE_MULTI_PAIR:
		return 2 * file_count(p, u);
	case MECH_UPROBE_PERF:
		return u->target_count;
	case MECH_UPROBE_PERF_PAIR:
		return 2 * u->target_count;
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
