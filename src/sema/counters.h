// counters: the events of software and hardware probes.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "program.h"

struct counter_event {
	enum probe_type type;
	const char *name, *alias;
	uint64_t event; // PERF_COUNT_*
	uint64_t count; // when the attach point gives none
};
const struct counter_event *counter_events(size_t *count);
