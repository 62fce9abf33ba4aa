// user_maps: which file lies at an address of a process. Reads /proc/PID/maps, once and only when
// asked. Of a process that has ended by then, only what user_maps_remember() or user_maps_watch()
// has seen is known.
#pragma once

#include <stdint.h>
#include <time.h>

#include "sys/map_history.h"
#include "sys/perf_map.h"

struct user_maps;

struct user_process {
	uint32_t pid;
	time_t read_at;	  // seconds of the monotonic clock
	uint64_t changes; // old_process.changes as of then
	uint64_t heard_ns; // when that was looked at
	ARENA_VEC(struct file_mapping) maps; // executable ones, [vdso]; the first counts
	struct perf_map jit; // usym's
};

// root: "/" normally; borrowed.
struct user_maps *user_maps_new(const char *root);
void user_maps_free(struct user_maps *m); // NULL is fine
// What is known of the process, perhaps nothing. Valid until user_maps_free, as are the paths.
struct user_process *user_maps_of(struct user_maps *m, uint32_t pid);
// The file at the address, or NULL. May look again.
const struct file_mapping *user_maps_find(struct user_maps *m, struct user_process *p,
					  uint64_t address);
// Of all processes, or if that is not permitted of this one (which has one thread so far; 0: none)
// and of those that it forks, mappings are known from now on, also when they end before anybody
// looks. Once; failing is no error.
void user_maps_watch(struct user_maps *m, uint32_t pid);
// Readable: call user_maps_watched(), or some get lost. -1: nothing is watched.
int user_maps_watch_fd(const struct user_maps *m);
void user_maps_watched(struct user_maps *m);
// Read the process's mappings now, while it is there; cheap when that was done before.
void user_maps_remember(struct user_maps *m, uint32_t pid);
// Seconds of the monotonic clock.
time_t user_maps_now(void);
