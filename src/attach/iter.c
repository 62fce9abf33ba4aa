// iter.c: iterators: programs that the kernel runs for each task, file ... when their file is read.
//
// Enters: a unit with one target, whose program was loaded for a kind of iterator. Leaves: a
// link, from which such files are made, or which is pinned where everybody can read it. Refuses
// what the kernel refuses.
#include <errno.h>
#include <string.h>

#include "attach/provider.h"
#include "base/log.h"

static enum mechanism choose(struct program *p, const struct unit *u, struct features *f,
			     const char **why)
{
	*why = NULL;
	return MECH_ITER;
}

static struct prog_kind kind(const struct unit *u, bool ret)
{
	return (struct prog_kind){PROG_TYPE_TRACING, ATTACH_TRACE_ITER, FEATURE_COUNT};
}

static unsigned link_count(const struct program *p, const struct unit *u)
{
	return 1;
}

static void report(const struct attach_job *job, int err)
{
	const struct unit *u = job->unit;

	if (job->pid > 0 && (err == -EINVAL || err == -E2BIG))
		job_error(job,
			  "cannot attach %s: this kernel's iterator cannot be limited to a process "
			  "(-p; iterators of tasks can from Linux 6.1 on)",
			  u->spec);
	else if (err == -EINVAL || err == -EBADF)
		job_error(job,
			  "cannot attach %s: the kernel wants to be told a map or a group to walk "
			  "over, which a script cannot",
			  u->spec);
	else
		job_error(job, "cannot attach %s: %s", u->spec, link_strerror(err));
}

static int pin(const struct attach_job *job, int link)
{
	const struct unit *u = job->unit;
	int err = link_pin(link, u->pin);

	if (!err)
		return 0;
	job_error(job, "cannot pin %s to '%s': %s", u->spec, u->pin, strerror(-err));
	if (err == -EPERM || err == -ENOENT)
		job_hint(job, "it must be in a BPF file system: mount -t bpf bpf /sys/fs/bpf");
	return -1;
}

static int attach(struct attach_job *job)
{
	int link = link_iter(job->to->prog_fd, job->pid);

	if (link < 0) {
		report(job, link);
		return -1;
	}
	attached_add_link(job->to, link);
	job->to->target_count = 1;
	return job->unit->pin ? pin(job, link) : 0;
}

const struct provider provider_iter = {
    .name = "iter",
    .choose = choose,
    .kind = kind,
    .link_count = link_count,
    .attach = attach,
};
