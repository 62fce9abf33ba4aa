// mmap_log: what a process maps to run, told by the kernel as it happens, so that it is known also
// of a process that ends before anybody looks at it.
#pragma once

#include <stdint.h>

struct mmap_log;

struct file_id { // which file it was, whatever its path leads to now
	uint32_t major, minor;
	uint64_t inode;
};

struct mmap_logged {
	uint64_t start, size, offset; // bytes
	struct file_id file;
	const char *path; // valid during the call
};

// Begins with what is mapped next by that thread. NULL with errno: not permitted, no such process.
struct mmap_log *mmap_log_open(uint32_t pid);
void mmap_log_close(struct mmap_log *l); // NULL is fine
// Calls fn for every executable mapping of a file since the last call, oldest first. Mappings for
// which there was no room are missing.
typedef void (*mmap_log_fn)(void *ctx, const struct mmap_logged *m);
void mmap_log_read(struct mmap_log *l, mmap_log_fn fn, void *ctx);
