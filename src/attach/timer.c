// timer.c: interval (one CPU) and profile (every CPU): perf events of the CPU clock.
//
// Enters: a unit with a period or a frequency. Leaves: one perf event link per CPU, also for CPUs
// that come later. Refuses
// what the kernel refuses: mostly frequencies above kernel.perf_event_max_sample_rate.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attach/provider.h"
#include "base/cleanup.h"
#include "base/log.h"

enum { CPU_MAX = 1 << 16 };

static enum mechanism choose(struct program *p, const struct unit *u, struct features *f,
			     const char **why)
{
	*why = NULL;
	return MECH_PERF_TIMER;
}

static struct prog_kind kind(const struct unit *u, bool ret)
{
	return (struct prog_kind){.type = PROG_TYPE_PERF_EVENT, .needs = FEATURE_COUNT};
}

// "0-3,8,10-11": calls fn for each, until it fails.
int each_online_cpu(const char *root, int (*fn)(void *ctx, int cpu), void *ctx)
{
	char path[4096];
	unsigned from, to;

	snprintf(path, sizeof(path), "%s/sys/devices/system/cpu/online",
		 strcmp(root, "/") ? root : "");
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	if (!f)
		return fn(ctx, 0);
	while (fscanf(f, "%u", &from) == 1) {
		int c = fgetc(f);
		to = from;
		if (c == '-' && fscanf(f, "%u", &to) == 1)
			c = fgetc(f);
		for (unsigned cpu = from; cpu <= to && cpu < CPU_MAX; cpu++) {
			int err = fn(ctx, (int)cpu);
			if (err)
				return err;
		}
		if (c != ',')
			break;
	}
	return 0;
}

static int count_cpu(void *ctx, int cpu)
{
	++*(unsigned *)ctx;
	return 0;
}

unsigned online_cpu_count(const char *root)
{
	unsigned cpus = 0;

	each_online_cpu(root, count_cpu, &cpus);
	return cpus;
}

static int attach_cpu(struct attach_job *job, int cpu)
{
	const struct unit *u = job->unit;
	_cleanup_close_ int event = perf_open_timer(cpu, u->period_ns, u->frequency_hz);

	if (event == -ENODEV) // went offline meanwhile
		return 0;
	if (event < 0)
		return event;
	int link = link_perf_event(job->to->prog_fd, event, 0);
	if (link < 0)
		return link;
	attached_add_link(job->to, link);
	job->to->cpu = cpu;
	return 0;
}

static int attach_each(void *ctx, int cpu)
{
	return attach_cpu(ctx, cpu);
}

// A CPU that is online, for the one timer of an interval.
static int attach_first_cpu(void *ctx, int cpu)
{
	struct attach_job *job = ctx;

	return job->to->cpu >= 0 ? 0 : attach_cpu(job, cpu);
}

// An interval has its one timer already.
static int attach_new_cpu(struct attach_job *job, int cpu)
{
	return job->unit->type == PROBE_PROFILE ? attach_cpu(job, cpu) : 0;
}

static int attach(struct attach_job *job)
{
	const struct unit *u = job->unit;
	bool every = u->type == PROBE_PROFILE;
	job->to->cpu = -1;
	int err = each_online_cpu(job->root, every ? attach_each : attach_first_cpu, job);
	if (!err && job->to->cpu < 0)
		err = -ENODEV;
	if (err) {
		job_error(job, "cannot attach %s: %s", u->spec, link_strerror(err));
		if (err == -EINVAL && u->frequency_hz)
			job_hint(job, "the kernel allows at most kernel.perf_event_max_sample_rate "
				      "samples a second");
		return -1;
	}
	job->to->target_count = u->target_count;
	return 0;
}

static unsigned link_count(const struct program *p, const struct unit *u)
{
	return u->type == PROBE_INTERVAL ? 1 : online_cpu_count("/");
}

const struct provider provider_timer = {
    .name = "timer",
    .choose = choose,
    .kind = kind,
    .link_count = link_count,
    .attach = attach,
    .attach_cpu = attach_new_cpu,
};
