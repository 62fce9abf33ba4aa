// rawtracepoint.c: raw tracepoints.
//
// Enters: a unit with one target, whose program was loaded for its typedef in BTF, or with any
// number of them and a program that reads no arguments. Leaves: a link per target.
// Refuses what the kernel refuses.
#include <errno.h>

#include "attach/link.h"
#include "attach/provider.h"
#include "base/log.h"

static enum mechanism choose(struct program *p, const struct unit *u, struct features *f,
			     const char **why)
{
	*why = NULL;
	choose_raw_tp(p, u, f, MECH_RAW_TP_BTF, why);
	if (!*why && u->target_count > 1)
		return MECH_RAW_TP;
	*why = NULL; // for one event both are alike
	return MECH_RAW_TP_BTF;
}

static struct prog_kind kind(const struct unit *u, bool ret)
{
	if (u->mech == MECH_RAW_TP)
		return (struct prog_kind){.type = PROG_TYPE_RAW_TRACEPOINT, .needs = FEATURE_COUNT};
	return (struct prog_kind){PROG_TYPE_TRACING, ATTACH_TRACE_RAW_TP, FEATURE_COUNT};
}

static unsigned link_count(const struct program *p, const struct unit *u)
{
	return u->target_count;
}

static int attach(struct attach_job *job)
{
	if (job->unit->mech == MECH_RAW_TP)
		return attach_events(job);
	int link = link_tracing(job->to->prog_fd, ATTACH_TRACE_RAW_TP, 0);

	if (link < 0) {
		job_error(job, "cannot attach %s: %s", job->unit->spec, link_strerror(link));
		return -1;
	}
	attached_add_link(job->to, link);
	job->to->target_count = 1;
	return 0;
}

const struct provider provider_rawtracepoint = {
    .name = "rawtracepoint",
    .choose = choose,
    .kind = kind,
    .link_count = link_count,
    .attach = attach,
};
