// rawtracepoint.c: one typed raw tracepoint per unit.
//
// Enters: a unit with one target, whose program was loaded for its typedef in BTF. Leaves: a
// link. Refuses what the kernel refuses.
#include <errno.h>

#include "attach/link.h"
#include "attach/provider.h"
#include "base/log.h"

static enum mechanism choose(struct program *p, const struct unit *u, struct features *f,
			     const char **why)
{
	*why = NULL;
	return MECH_RAW_TP_BTF;
}

static struct prog_kind kind(const struct unit *u, bool ret)
{
	return (struct prog_kind){PROG_TYPE_TRACING, ATTACH_TRACE_RAW_TP, FEATURE_COUNT};
}

static unsigned link_count(const struct program *p, const struct unit *u)
{
	return 1;
}

static int attach(struct attach_job *job)
{
	int link = link_tracing(job->to->prog_fd, ATTACH_TRACE_RAW_TP, 0);

	if (link < 0) {
		log_error("cannot attach %s: %s", job->unit->spec, link_strerror(link));
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
