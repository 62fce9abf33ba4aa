// counters.c: perf's generic events. A name enters; perf's number leaves, and the count that
// is meant when an attach point gives none. Refuses names that are none.
#include "sys/counters.h"

#include <linux/perf_event.h>
#include <string.h>

#include "base/cleanup.h"

// Names, aliases, and the count that is meant when none is given.
static const struct counter_event counters[] = {
    {false, "alignment-faults", NULL, PERF_COUNT_SW_ALIGNMENT_FAULTS, 1},
    {false, "bpf-output", NULL, PERF_COUNT_SW_BPF_OUTPUT, 1},
    {false, "context-switches", "cs", PERF_COUNT_SW_CONTEXT_SWITCHES, 1000},
    {false, "cpu-clock", "cpu", PERF_COUNT_SW_CPU_CLOCK, 1000000},
    {false, "cpu-migrations", NULL, PERF_COUNT_SW_CPU_MIGRATIONS, 1},
    {false, "dummy", NULL, PERF_COUNT_SW_DUMMY, 1},
    {false, "emulation-faults", NULL, PERF_COUNT_SW_EMULATION_FAULTS, 1},
    {false, "major-faults", NULL, PERF_COUNT_SW_PAGE_FAULTS_MAJ, 1},
    {false, "minor-faults", NULL, PERF_COUNT_SW_PAGE_FAULTS_MIN, 100},
    {false, "page-faults", "faults", PERF_COUNT_SW_PAGE_FAULTS, 100},
    {false, "task-clock", NULL, PERF_COUNT_SW_TASK_CLOCK, 1000000},
    {true, "backend-stalls", NULL, PERF_COUNT_HW_STALLED_CYCLES_BACKEND, 1000000},
    {true, "branch-instructions", "branches", PERF_COUNT_HW_BRANCH_INSTRUCTIONS, 100000},
    {true, "branch-misses", NULL, PERF_COUNT_HW_BRANCH_MISSES, 100000},
    {true, "bus-cycles", NULL, PERF_COUNT_HW_BUS_CYCLES, 100000},
    {true, "cache-misses", NULL, PERF_COUNT_HW_CACHE_MISSES, 1000000},
    {true, "cache-references", NULL, PERF_COUNT_HW_CACHE_REFERENCES, 1000000},
    {true, "cpu-cycles", "cycles", PERF_COUNT_HW_CPU_CYCLES, 1000000},
    {true, "frontend-stalls", NULL, PERF_COUNT_HW_STALLED_CYCLES_FRONTEND, 1000000},
    {true, "instructions", NULL, PERF_COUNT_HW_INSTRUCTIONS, 1000000},
    {true, "ref-cycles", NULL, PERF_COUNT_HW_REF_CPU_CYCLES, 1000000},
};

const struct counter_event *counter_events(size_t *count)
{
	*count = ARRAY_SIZE(counters);
	return counters;
}

const struct counter_event *counter_find(bool hardware, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++)
		if (counters[i].hardware == hardware &&
		    (!strcmp(counters[i].name, name) ||
		     (counters[i].alias && !strcmp(counters[i].alias, name))))
			return &counters[i];
	return NULL;
}
