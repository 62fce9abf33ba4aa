// progress: "attaching: 120 of 1000 functions" on a terminal, when it takes long. Private to
// attach.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool enabled;
	uint64_t began, shown; // ms; shown 0: nothing stands on the terminal
};

// Begins to count the time. Nothing is shown unless standard error is a terminal.
void progress_start(struct progress *p);
// what: "attaching". Only one thread may call it.
void progress_show(struct progress *p, const char *what, size_t done, size_t total);
void progress_clear(struct progress *p);
