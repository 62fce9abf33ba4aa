// perf_map: names of code that a runtime has generated (JIT), as it writes them for perf:
// /tmp/perf-PID.map in the process's own root, by the pid that it has itself. Lines of
// "START SIZE name", in hexadecimal. Input is hostile: lines of another form are left out.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/arena.h"

struct jit_func {
	uint64_t start, size;
	const char *name; // in the arena
};

struct perf_map {
	const char *path; // as the process sees it; NULL: not looked for yet
	time_t read_at;	  // seconds of the monotonic clock
	off_t size;	  // of what was read
	ARENA_VEC(struct jit_func) funcs; // by start
};

// Reads what is there. Memory of an earlier read stays in the arena: names remain valid.
void perf_map_read(struct arena *a, const char *root, uint32_t pid, struct perf_map *m);
const struct jit_func *perf_map_find(const struct perf_map *m, uint64_t address); // NULL: none
