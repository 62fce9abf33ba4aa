// expand_counter.c: software:EVENT[:COUNT] and hardware:EVENT[:COUNT].
//
// Enters: attach points. Leaves: the perf event and after how many of it the probe is hit; one
// target each, named as bpftrace prints it. Refuses unknown events, globs, counts that are no
// numbers.
#include <linux/perf_event.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sema/counters.h"
#include "sema/expand.h"

// Names, aliases, and the count that is meant when none is given.
static const struct counter_event counters[] = {
    {PROBE_SOFTWARE, "alignment-faults", NULL, PERF_COUNT_SW_ALIGNMENT_FAULTS, 1},
    {PROBE_SOFTWARE, "bpf-output", NULL, PERF_COUNT_SW_BPF_OUTPUT, 1},
    {PROBE_SOFTWARE, "context-switches", "cs", PERF_COUNT_SW_CONTEXT_SWITCHES, 1000},
    {PROBE_SOFTWARE, "cpu-clock", "cpu", PERF_COUNT_SW_CPU_CLOCK, 1000000},
    {PROBE_SOFTWARE, "cpu-migrations", NULL, PERF_COUNT_SW_CPU_MIGRATIONS, 1},
    {PROBE_SOFTWARE, "dummy", NULL, PERF_COUNT_SW_DUMMY, 1},
    {PROBE_SOFTWARE, "emulation-faults", NULL, PERF_COUNT_SW_EMULATION_FAULTS, 1},
    {PROBE_SOFTWARE, "major-faults", NULL, PERF_COUNT_SW_PAGE_FAULTS_MAJ, 1},
    {PROBE_SOFTWARE, "minor-faults", NULL, PERF_COUNT_SW_PAGE_FAULTS_MIN, 100},
    {PROBE_SOFTWARE, "page-faults", "faults", PERF_COUNT_SW_PAGE_FAULTS, 100},
    {PROBE_SOFTWARE, "task-clock", NULL, PERF_COUNT_SW_TASK_CLOCK, 1000000},
    {PROBE_HARDWARE, "backend-stalls", NULL, PERF_COUNT_HW_STALLED_CYCLES_BACKEND, 1000000},
    {PROBE_HARDWARE, "branch-instructions", "branches", PERF_COUNT_HW_BRANCH_INSTRUCTIONS, 100000},
    {PROBE_HARDWARE, "branch-misses", NULL, PERF_COUNT_HW_BRANCH_MISSES, 100000},
    {PROBE_HARDWARE, "bus-cycles", NULL, PERF_COUNT_HW_BUS_CYCLES, 100000},
    {PROBE_HARDWARE, "cache-misses", NULL, PERF_COUNT_HW_CACHE_MISSES, 1000000},
    {PROBE_HARDWARE, "cache-references", NULL, PERF_COUNT_HW_CACHE_REFERENCES, 1000000},
    {PROBE_HARDWARE, "cpu-cycles", "cycles", PERF_COUNT_HW_CPU_CYCLES, 1000000},
    {PROBE_HARDWARE, "frontend-stalls", NULL, PERF_COUNT_HW_STALLED_CYCLES_FRONTEND, 1000000},
    {PROBE_HARDWARE, "instructions", NULL, PERF_COUNT_HW_INSTRUCTIONS, 1000000},
    {PROBE_HARDWARE, "ref-cycles", NULL, PERF_COUNT_HW_REF_CPU_CYCLES, 1000000},
};

const struct counter_event *counter_events(size_t *count)
{
	*count = ARRAY_SIZE(counters);
	return counters;
}

static const struct counter_event *find_event(enum probe_type t, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++)
		if (counters[i].type == t &&
		    (!strcmp(counters[i].name, name) ||
		     (counters[i].alias && !strcmp(counters[i].alias, name))))
			return &counters[i];
	return NULL;
}

static void refuse(struct expansion *x, struct point *p, const char *tag, const char *text)
{
	diag_error(&x->c->diag, p->ap->span, tag, "%s", text);
	p->failed = true;
}

static void refuse_event(struct expansion *x, struct point *p, const char *name)
{
	const char *type = probe_type_name(p->type);
	struct nearest n;

	if (glob_has_wildcard(name)) {
		refuse(x, p, "bad-event",
		       arena_printf(x->arena, "wildcards are not allowed for %s probe type", type));
		return;
	}
	refuse(x, p, "bad-event", arena_printf(x->arena, "%s is not a %s probe", name, type));
	nearest_init(&n, name);
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++)
		if (counters[i].type == p->type)
			nearest_offer(&n, counters[i].name);
	if (nearest_get(&n))
		diag_hint(&x->c->diag, "did you mean '%s'?", nearest_get(&n));
}

static void expand_point(struct expansion *x, struct unit *u, struct point *p)
{
	const char *name = p->parts[0], *type = probe_type_name(p->type), *probe;
	const struct counter_event *e = find_event(p->type, name);
	uint64_t count = 0;

	if (!e) {
		refuse_event(x, p, name);
		return;
	}
	if (p->part_count > 1 && *p->parts[1] && !expand_number(p->parts[1], &count)) {
		refuse(x, p, "bad-count",
		       arena_printf(x->arena, "Invalid count for %s probe: invalid integer: %s", type,
				    p->parts[1]));
		return;
	}
	probe = count ? arena_printf(x->arena, "%s:%s:%llu", type, name, (unsigned long long)count)
		      : arena_printf(x->arena, "%s:%s", type, name);
	u->counter_type = p->type == PROBE_HARDWARE ? PERF_TYPE_HARDWARE : PERF_TYPE_SOFTWARE;
	u->counter_event = e->event;
	u->counter_period = count ? count : e->count;
	program_add_target(&x->c->program, u, "", probe);
	p->matches++;
}

void expand_counter(struct expansion *x, struct unit *u, struct point **points, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (points[i]->ap->negated)
			refuse(x, points[i], "negated", "this probe cannot be negated");
		else
			expand_point(x, u, points[i]);
	}
}
