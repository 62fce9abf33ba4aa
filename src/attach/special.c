// special.c: BEGIN, END, self and test: raw tracepoint programs that are attached to nothing and
// run by BPF_PROG_TEST_RUN, so there is one mechanism and it cannot be missing. bench, which
// is run many times in one call, is what the kernel does that for: an XDP program. So is a test
// that calls a function of the kernel, which raw tracepoints may not.
#include "attach/provider.h"

static enum mechanism choose(struct program *p, const struct unit *u, struct features *f,
			     const char **why)
{
	*why = NULL;
	return MECH_TEST_RUN;
}

static struct prog_kind kind(const struct unit *u, bool ret)
{
	if (u->type == PROBE_BENCH || (u->type == PROBE_TEST && u->calls_kernel))
		return (struct prog_kind){.type = PROG_TYPE_XDP, .needs = FEATURE_COUNT};
	return (struct prog_kind){.type = PROG_TYPE_RAW_TRACEPOINT, .needs = FEATURE_COUNT};
}

static unsigned link_count(const struct program *p, const struct unit *u)
{
	return 0;
}

const struct provider provider_special = {
    .name = "special",
    .choose = choose,
    .kind = kind,
    .link_count = link_count,
};
