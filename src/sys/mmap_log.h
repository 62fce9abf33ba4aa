// mmap_log: what a process, its threads and the processes that it forks map to run, or what all
// processes do, told by the kernel as it happens, so that it is known also of one that ends before
// anybody looks at it.
#pragma once

#include <stdint.h>

struct mmap_log;

struct file_id { // which file it was, whatever its path leads to now
	uint32_t major, minor;
	uint64_t inode;
};

enum mmap_event_kind {
	MMAP_MAPPED, // an executable mapping of a file
	MMAP_FORKED, // of `parent`, which has the same mappings
	MMAP_EXECED, // what was mapped is gone
	MMAP_ENDED,  // its first thread has
};

struct mmap_event {
	enum mmap_event_kind kind;
	uint32_t pid, parent;	      // parent: of MMAP_FORKED
	uint64_t start, size, offset; // bytes
	struct file_id file;
	const char *path; // valid during the call
};

enum { MMAP_LOG_ALL = -1 };

// Begins with what happens next; the process has one thread so far. MMAP_LOG_ALL: every process.
// NULL with errno: not permitted, no such process.
struct mmap_log *mmap_log_open(int pid);
void mmap_log_close(struct mmap_log *l); // NULL is fine
// Readable when there is much to read.
int mmap_log_fd(const struct mmap_log *l);
// Calls fn for what has happened since the last call, oldest first. Events for which there was no
// room are missing.
typedef void (*mmap_log_fn)(void *ctx, const struct mmap_event *e);
void mmap_log_read(struct mmap_log *l, mmap_log_fn fn, void *ctx);
