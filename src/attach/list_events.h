// list_events: -l and -lv for trace events, counters and raw tracepoints.
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "program.h"

struct event_lister {
	struct arena *arena; // borrowed
	const char *root;    // "/" but for tests
	bool verbose;	     // with fields
	FILE *out;
};

bool event_lister_has(enum probe_type type);
// first, second: the parts behind the type; NULL: any.
void event_lister_print(const struct event_lister *l, enum probe_type type, const char *first,
			const char *second);
