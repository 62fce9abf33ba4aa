// mmap_log: a perf event that counts nothing and tells of mappings. Enters: a pid. Leaves: records
// of its ring buffer, PERF_RECORD_MMAP2. The kernel writes them; still nothing is read beyond the
// ring's end, nor a path beyond its record.
#include "sys/mmap_log.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { RING_PAGES = 16, RECORD_MAX = 8192 };

struct mmap_log {
	int fd;
	size_t page;
	struct perf_event_mmap_page *head; // then the ring
};

struct mmap_record {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t start, size, page_offset; // the last one: in bytes, whatever it is called
	uint32_t major, minor;
	uint64_t inode, generation;
	uint32_t protection, flags;
	char path[];
};

struct mmap_log *mmap_log_open(uint32_t pid)
{
	struct perf_event_attr a = {.type = PERF_TYPE_SOFTWARE,
				    .size = sizeof(a),
				    .config = PERF_COUNT_SW_DUMMY,
				    .mmap = 1,
				    .mmap2 = 1,
				    .exclude_kernel = 1,
				    .watermark = 1,
				    .wakeup_watermark = UINT32_MAX};
	struct mmap_log *l = calloc(1, sizeof(*l));
	int err;

	if (!l)
		return NULL;
	l->page = (size_t)sysconf(_SC_PAGESIZE);
	l->fd = (int)syscall(__NR_perf_event_open, &a, pid, -1, -1, PERF_FLAG_FD_CLOEXEC);
	l->head = l->fd < 0 ? MAP_FAILED
			    : mmap(NULL, (1 + RING_PAGES) * l->page, PROT_READ | PROT_WRITE,
				   MAP_SHARED, l->fd, 0);
	if (l->head != MAP_FAILED)
		return l;
	err = errno;
	mmap_log_close(l);
	errno = err;
	return NULL;
}

void mmap_log_close(struct mmap_log *l)
{
	if (!l)
		return;
	if (l->head != MAP_FAILED)
		munmap(l->head, (1 + RING_PAGES) * l->page);
	if (l->fd >= 0)
		close(l->fd);
	free(l);
}

// Records may go around the ring's end.
static void copy_out(const struct mmap_log *l, uint64_t from, void *to, size_t n)
{
	const char *ring = (const char *)l->head + l->page;
	size_t size = RING_PAGES * l->page, at = from & (size - 1);
	size_t first = n < size - at ? n : size - at;

	memcpy(to, ring + at, first);
	memcpy((char *)to + first, ring, n - first);
}

static void tell(const struct mmap_record *r, mmap_log_fn fn, void *ctx)
{
	size_t room = r->header.size - offsetof(struct mmap_record, path);

	if (r->header.type != PERF_RECORD_MMAP2 ||
	    r->header.size <= offsetof(struct mmap_record, path) || r->path[0] != '/' ||
	    strnlen(r->path, room) == room)
		return;
	fn(ctx, &(struct mmap_logged){.start = r->start,
				      .size = r->size,
				      .offset = r->page_offset,
				      .file = {r->major, r->minor, r->inode},
				      .path = r->path});
}

void mmap_log_read(struct mmap_log *l, mmap_log_fn fn, void *ctx)
{
	uint64_t end = __atomic_load_n(&l->head->data_head, __ATOMIC_ACQUIRE);
	uint64_t at = l->head->data_tail;
	union {
		struct mmap_record record;
		char room[RECORD_MAX];
	} u;

	while (end - at >= sizeof(u.record.header)) {
		copy_out(l, at, &u.record.header, sizeof(u.record.header));
		if (u.record.header.size < sizeof(u.record.header) ||
		    u.record.header.size > end - at)
			break;
		if (u.record.header.size <= sizeof(u)) {
			copy_out(l, at, &u, u.record.header.size);
			tell(&u.record, fn, ctx);
		}
		at += u.record.header.size;
	}
	__atomic_store_n(&l->head->data_tail, end, __ATOMIC_RELEASE);
}
