// counters: the events of software and hardware probes.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct counter_event {
	bool hardware;
	const char *name, *alias; // alias may be NULL
	uint64_t event;		  // PERF_COUNT_*
	uint64_t count;		  // when the attach point gives none
};
const struct counter_event *counter_events(size_t *count);
const struct counter_event *counter_find(bool hardware, const char *name); // NULL: none
