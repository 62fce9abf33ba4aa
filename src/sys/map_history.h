// map_history: where the files were that processes had mapped to run, also those that have ended:
// of a command and all that it has forked, or of the whole system.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "sys/mmap_log.h"

struct map_history;

struct file_mapping {
	uint64_t start, end, offset; // bytes
	struct file_id file;
	const char *path; // as the process saw it
};

struct old_process {
	uint32_t pid;
	// Has forked it (or is it), and was there before: what is not heard of may be in that one's
	// /proc. 0: all is heard of.
	uint32_t parent;
	uint64_t began;			     // its fork or exec, in the order of `changes`
	uint64_t changes;		     // grows with whatever is heard of the process
	ARENA_VEC(struct file_mapping) maps; // the later one counts where two overlap
};

// Of this process, which has one thread so far, and what it forks; MMAP_LOG_ALL: of all. NULL with
// errno.
struct map_history *map_history_new(int pid);
void map_history_free(struct map_history *h); // NULL is fine
// Readable when map_history_update() should be called before something gets lost.
int map_history_fd(const struct map_history *h);
void map_history_update(struct map_history *h);
// The last one that had the pid; NULL: nothing was heard of it, or so much of others since then
// that it is forgotten. Valid, with its paths, until the next update.
const struct old_process *map_history_of(const struct map_history *h, uint32_t pid);
