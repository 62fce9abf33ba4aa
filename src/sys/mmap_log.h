// mmap_log: what a process maps to run, told by the kernel as it happens, so that it is known also
// of a process that ends before anybody looks at it.
#pragma once

#include <stdint.h>

struct mmap_log;

// Begins with what is mapped next by that thread. NULL with errno: not permitted, no such process.
struct mmap_log *mmap_log_open(uint32_t pid);
void mmap_log_close(struct mmap_log *l); // NULL is fine
// Calls fn for every executable mapping of a file since the last call, oldest first. `path` is
// valid during the call. Mappings for which there was no room are missing.
typedef void (*mmap_log_fn)(void *ctx, uint64_t start, uint64_t size, uint64_t offset,
			    const char *path);
void mmap_log_read(struct mmap_log *l, mmap_log_fn fn, void *ctx);
