// pid_index: finds what belongs to a pid, among any number of them. Its memory is an arena's, which
// is also what releases it.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct pid_slot {
	uint32_t pid;
	void *value; // NULL: the slot is free
};

struct pid_index { // zeroed: empty
	struct pid_slot *slots;
	size_t len, cap; // cap: a power of two
};

void *pid_index_find(const struct pid_index *x, uint32_t pid); // NULL: not there
// value: not NULL, stays the caller's. What the pid had before is replaced.
void pid_index_set(struct arena *a, struct pid_index *x, uint32_t pid, void *value);
