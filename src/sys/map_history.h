// map_history: where the files were that a process had mapped to run, of a command and of all that
// it has forked, also of those that have ended.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "sys/mmap_log.h"

struct map_history;

struct old_mapping {
	uint64_t start, end, offset;
	struct file_id file;
	const char *path; // valid until map_history_free
};

struct old_process {
	uint32_t pid;
	ARENA_VEC(struct old_mapping) maps; // the later one counts where two overlap
};

// Of this process, which has one thread so far, and what it forks. NULL with errno.
struct map_history *map_history_new(uint32_t pid);
void map_history_free(struct map_history *h); // NULL is fine
// Readable when map_history_update() should be called before something gets lost.
int map_history_fd(const struct map_history *h);
void map_history_update(struct map_history *h);
// The last one that had the pid; NULL: none of those. Valid until the next update.
const struct old_process *map_history_of(const struct map_history *h, uint32_t pid);
