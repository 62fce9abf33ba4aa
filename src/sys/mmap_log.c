// mmap_log: perf events that count nothing and tell of mappings, forks and execs: one per CPU,
// since only those are inherited by threads and children. Enters: a pid. Leaves: records of their
// ring buffers, in the order of their times. The kernel writes them; still nothing is read beyond a
// ring's end, nor a path beyond its record.
#include "sys/mmap_log.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "sys/vdso.h"

enum { RING_PAGES = 32, RINGS_PAGES = 1024, RECORD_MAX = 8192 }; // of one, of all of them

// With attr.sample_id_all the time is the last thing in every record.
union record {
	struct perf_event_header header;
	struct {
		struct perf_event_header header;
		uint32_t pid, tid;
		uint64_t start, size, page_offset; // the last one: in bytes, whatever it is called
		uint32_t major, minor;
		uint64_t inode, generation;
		uint32_t protection, flags;
		char path[];
	} mmap; // PERF_RECORD_MMAP2
	struct {
		struct perf_event_header header;
		uint32_t pid, parent, tid, parent_tid;
	} fork; // and PERF_RECORD_EXIT
	struct {
		struct perf_event_header header;
		uint32_t pid, tid;
	} comm;
	char room[RECORD_MAX];
};

struct ring {
	int fd;
	struct perf_event_mmap_page *head; // then the data; NULL: the CPU is not there
	uint64_t at, end; // positions: of the next record; of what is not written yet
	uint64_t time;	  // of the next record
	bool has;	  // there is one
};

struct mmap_log {
	int epoll_fd;
	size_t page, ring_pages, ring_count;
	struct ring *rings; // by CPU
};

// ---- life --------------------------------------------------------------------------------

static size_t ring_size(const struct mmap_log *l)
{
	return l->ring_pages * l->page;
}

static bool open_ring(struct mmap_log *l, struct ring *r, int pid, int cpu)
{
	struct perf_event_attr a = {.type = PERF_TYPE_SOFTWARE,
				    .size = sizeof(a),
				    .config = PERF_COUNT_SW_DUMMY,
				    .sample_type = PERF_SAMPLE_TIME,
				    .sample_id_all = 1,
				    .use_clockid = 1,
				    .clockid = CLOCK_MONOTONIC,
				    .inherit = 1,
				    .mmap = 1,
				    .mmap2 = 1,
				    .comm = 1,
				    .comm_exec = 1,
				    .task = 1,
				    .exclude_kernel = 1,
				    .watermark = 1,
				    .wakeup_watermark = (uint32_t)ring_size(l) / 2};
	struct epoll_event ev = {.events = EPOLLIN};
	void *p = MAP_FAILED;

	r->fd = (int)syscall(__NR_perf_event_open, &a, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (r->fd < 0)
		return errno == ENODEV; // a CPU that is not online
	p = mmap(NULL, l->page + ring_size(l), PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
	if (p == MAP_FAILED)
		return false;
	r->head = p;
	return !epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, r->fd, &ev);
}

struct mmap_log *mmap_log_open(int pid)
{
	struct mmap_log *l = calloc(1, sizeof(*l));
	long configured = sysconf(_SC_NPROCESSORS_CONF), cpus = configured > 0 ? configured : 1;
	bool ok = l;
	int err;

	if (!l)
		return NULL;
	l->page = (size_t)sysconf(_SC_PAGESIZE);
	l->ring_pages = RING_PAGES;
	while (l->ring_pages > 1 && l->ring_pages * (size_t)cpus > RINGS_PAGES)
		l->ring_pages /= 2;
	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	l->rings = calloc((size_t)cpus, sizeof(*l->rings));
	ok = l->rings && l->epoll_fd >= 0;
	for (int cpu = 0; ok && cpu < cpus; cpu++)
		ok = open_ring(l, &l->rings[l->ring_count++], pid, cpu);
	if (ok)
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
	for (size_t i = 0; i < l->ring_count; i++) {
		if (l->rings[i].head)
			munmap(l->rings[i].head, l->page + ring_size(l));
		if (l->rings[i].fd >= 0)
			close(l->rings[i].fd);
	}
	if (l->epoll_fd >= 0)
		close(l->epoll_fd);
	free(l->rings);
	free(l);
}

int mmap_log_fd(const struct mmap_log *l)
{
	return l->epoll_fd;
}

// ---- reading -----------------------------------------------------------------------------

// Records may go around the ring's end.
static void copy_out(const struct mmap_log *l, const struct ring *r, uint64_t from, void *to,
		     size_t n)
{
	const char *data = (const char *)r->head + l->page;
	size_t at = from & (ring_size(l) - 1);
	size_t first = n < ring_size(l) - at ? n : ring_size(l) - at;

	memcpy(to, data + at, first);
	memcpy((char *)to + first, data, n - first);
}

// The record at r->at: its header, and its time. False: there is none.
static bool look(const struct mmap_log *l, struct ring *r)
{
	struct perf_event_header h;

	if (r->end - r->at < sizeof(h) + sizeof(r->time))
		return false;
	copy_out(l, r, r->at, &h, sizeof(h));
	if (h.size < sizeof(h) + sizeof(r->time) || h.size > r->end - r->at) {
		r->at = r->end; // cannot be
		return false;
	}
	copy_out(l, r, r->at + h.size - sizeof(r->time), &r->time, sizeof(r->time));
	return true;
}

// The ring with the oldest record that is not younger than `until`, or NULL.
static struct ring *oldest(const struct mmap_log *l, uint64_t until)
{
	struct ring *found = NULL;

	for (size_t i = 0; i < l->ring_count; i++) {
		struct ring *r = &l->rings[i];

		if (r->has && r->time <= until && (!found || r->time < found->time))
			found = r;
	}
	return found;
}

static bool parse_mmap(const union record *u, struct mmap_event *e)
{
	size_t fixed = offsetof(union record, mmap.path);

	if (u->header.size <= fixed ||
	    strnlen(u->mmap.path, u->header.size - fixed) == u->header.size - fixed)
		return false;
	if (u->mmap.path[0] != '/' && !vdso_is_named(u->mmap.path))
		return false;
	*e = (struct mmap_event){.kind = MMAP_MAPPED,
				 .pid = u->mmap.pid,
				 .start = u->mmap.start,
				 .size = u->mmap.size,
				 .offset = u->mmap.page_offset,
				 .file = {u->mmap.major, u->mmap.minor, u->mmap.inode},
				 .path = u->mmap.path};
	return true;
}

static bool parse(const union record *u, struct mmap_event *e)
{
	switch (u->header.type) {
	case PERF_RECORD_MMAP2:
		return parse_mmap(u, e);
	case PERF_RECORD_FORK:
		*e = (struct mmap_event){
		    .kind = MMAP_FORKED, .pid = u->fork.pid, .parent = u->fork.parent};
		return u->header.size >= sizeof(u->fork) && e->pid != e->parent; // not a thread
	case PERF_RECORD_EXIT:
		*e = (struct mmap_event){.kind = MMAP_ENDED, .pid = u->fork.pid};
		return u->header.size >= sizeof(u->fork) && u->fork.pid == u->fork.tid;
	case PERF_RECORD_COMM:
		*e = (struct mmap_event){.kind = MMAP_EXECED, .pid = u->comm.pid};
		return u->header.size >= sizeof(u->comm) &&
		       (u->header.misc & PERF_RECORD_MISC_COMM_EXEC);
	default:
		return false;
	}
}

static void take(const struct mmap_log *l, struct ring *r, mmap_log_fn fn, void *ctx)
{
	struct mmap_event e;
	union record u;

	copy_out(l, r, r->at, &u.header, sizeof(u.header));
	if (u.header.size <= sizeof(u)) {
		copy_out(l, r, r->at, &u, u.header.size);
		if (parse(&u, &e))
			fn(ctx, &e);
	}
	r->at += u.header.size;
	r->has = look(l, r);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

// Only what is older than the look at the first ring: what another CPU has written since then may
// come after something that the first one has got meanwhile.
void mmap_log_read(struct mmap_log *l, mmap_log_fn fn, void *ctx)
{
	uint64_t until = now_ns();
	struct ring *r;

	for (size_t i = 0; i < l->ring_count; i++) {
		r = &l->rings[i];
		if (!r->head)
			continue;
		r->at = r->head->data_tail;
		r->end = __atomic_load_n(&r->head->data_head, __ATOMIC_ACQUIRE);
		r->has = look(l, r);
	}
	while ((r = oldest(l, until)))
		take(l, r, fn, ctx);
	for (size_t i = 0; i < l->ring_count; i++) {
		r = &l->rings[i];
		if (r->head && r->head->data_tail != r->at)
			__atomic_store_n(&r->head->data_tail, r->at, __ATOMIC_RELEASE);
	}
}
