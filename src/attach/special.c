// special.c: BEGIN, END and self. Raw tracepoint programs that are attached to nothing and
// run by BPF_PROG_TEST_RUN, so there is one mechanism and it cannot be missing.
#include "attach/provider.h"

static enum mechanism choose(struct program *p, const struct unit *u, struct features *f,
			     const char **why)
{
	*why = NULL;
	return MECH_TEST_RUN;
}

static struct prog_kind kind(const struct unit *u, bool ret)
{
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
