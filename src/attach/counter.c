// counter.c: software and hardware: perf counters that hit after so many events; watchpoint: the
// same of the CPUs' debug registers, after each access.
//
// Enters: a unit with an event and a count, or with an address. Leaves: a perf event and a link
// for every CPU, also
// those that come later, or, with -p, for every thread of the process, inherited by those that it
// starts later. Refuses, in words, events that the machine cannot count and places it cannot watch.
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/provider.h"
#include "base/cleanup.h"
#include "base/log.h"

static enum mechanism choose(struct program *p, const struct unit *u, struct features *f,
			     const char **why)
{
	*why = NULL;
	return u->type == PROBE_WATCHPOINT ? MECH_PERF_WATCHPOINT : MECH_PERF_COUNTER;
}

static struct prog_kind kind(const struct unit *u, bool ret)
{
	return (struct prog_kind){.type = PROG_TYPE_PERF_EVENT, .needs = FEATURE_COUNT};
}

static struct perf_counter counter_of(const struct unit *u)
{
	if (u->type == PROBE_WATCHPOINT)
		return (struct perf_counter){.type = PERF_TYPE_BREAKPOINT,
					     .period = 1,
					     .address = u->watch_address,
					     .length = u->watch_length,
					     .mode = u->watch_mode};
	return (struct perf_counter){
	    .type = u->counter_type, .event = u->counter_event, .period = u->counter_period};
}

static int attach_one(struct attach_job *job, int pid, int cpu)
{
	struct perf_counter c = counter_of(job->unit);
	c.pid = pid;
	c.cpu = cpu;
	_cleanup_close_ int event = perf_open_counter(&c);

	if (event < 0)
		return event;
	int link = link_perf_event(job->to->prog_fd, event, 0);
	if (link < 0)
		return link;
	attached_add_link(job->to, link);
	return 0;
}

static int attach_cpu(void *ctx, int cpu)
{
	int err = attach_one(ctx, -1, cpu);

	return err == -ENODEV ? 0 : err; // went offline meanwhile
}

static int attach_new_cpu(struct attach_job *job, int cpu)
{
	return job->pid > 0 ? 0 : attach_cpu(job, cpu);
}

static int attach_threads(struct attach_job *job)
{
	char path[4096];
	int err = 0;

	snprintf(path, sizeof(path), "%s/proc/%d/task", strcmp(job->root, "/") ? job->root : "",
		 job->pid);
	DIR *dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? -ESRCH : -errno;
	for (const struct dirent *d; !err && (d = readdir(dir));) {
		if (!isdigit((unsigned char)d->d_name[0]))
			continue;
		err = attach_one(job, atoi(d->d_name), -1);
		if (err == -ESRCH) // ended meanwhile
			err = 0;
	}
	closedir(dir);
	return !err && !job->to->link_count ? -ESRCH : err;
}

static const char *watchpoint_refusal(const struct unit *u, int err)
{
	if (err == -ENOSPC || err == -EBUSY)
		return "all debug registers are taken (there are 4 of them on x86-64)";
	if (err == -EOPNOTSUPP || err == -ENODEV || err == -ENOENT)
		return "this machine has no debug registers for the kernel to watch with (a "
		       "virtual "
		       "machine without them?)";
	if (err == -EINVAL && u->watch_address % u->watch_length)
		return "the address is not a multiple of the length";
	return link_strerror(err);
}

const char *counter_refusal(const struct unit *u, int err, bool has_pmu)
{
	if (u->type == PROBE_WATCHPOINT)
		return watchpoint_refusal(u, err);
	if (u->counter_type != PERF_TYPE_HARDWARE)
		return link_strerror(err);
	if (err == -EBUSY || err == -ENOSPC)
		return "all counters of the machine are taken";
	if (err != -ENOENT && err != -EOPNOTSUPP && err != -ENODEV)
		return link_strerror(err);
	return has_pmu
		   ? "this machine has no performance monitoring unit (PMU) that counts it"
		   : "this machine has no performance monitoring unit (PMU) that counts it: there "
		     "is none (a virtual machine without one?)";
}

static int attach(struct attach_job *job)
{
	int err = job->pid > 0 ? attach_threads(job) : each_online_cpu(job->root, attach_cpu, job);

	if (!err && !job->to->link_count)
		err = -ENODEV;
	if (err) {
		job_error(job, "cannot attach %s: %s", job->unit->spec,
			  counter_refusal(job->unit, err,
					  !access("/sys/bus/event_source/devices/cpu", F_OK)));
		return -1;
	}
	job->to->target_count = job->unit->target_count;
	return 0;
}

static unsigned link_count(const struct program *p, const struct unit *u)
{
	return online_cpu_count("/");
}

const struct provider provider_counter = {
    .name = "counter",
    .choose = choose,
    .kind = kind,
    .link_count = link_count,
    .attach = attach,
    .attach_cpu = attach_new_cpu,
};
