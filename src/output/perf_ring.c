// perf_ring: the consumer's side of a perf event's buffer. One event per CPU, of the kind that
// programs write to by bpf_skb_output(). The kernel maps a page that says where it has written to
// and we have read to, and the data behind it. A record that wraps is put together in a buffer of
// ours; the others are not copied.
//
// The only records that matter are samples: u32 size and as many bytes. What found no room has been
// counted by the program that sent it.
#include "output/internal.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct perf_ring {
	int fd;
	struct perf_event_mmap_page *page;
	const unsigned char *data;
	size_t size, mapped; // bytes: of the data, a power of two; of all
	uint64_t read;	     // position: up to where we have read
	uint64_t end;	     // position: up to where the kernel had written at perf_ring_look
	struct buf wrapped;  // a record that wraps
};

static int open_event(int cpu)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
				       .size = sizeof(attr),
				       .config = PERF_COUNT_SW_BPF_OUTPUT,
				       .sample_type = PERF_SAMPLE_RAW,
				       .sample_period = 1,
				       .wakeup_events = 1};

	return (int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

void perf_ring_close(struct perf_ring *r)
{
	if (!r)
		return;
	if (r->page)
		munmap(r->page, r->mapped);
	if (r->fd >= 0)
		close(r->fd);
	buf_release(&r->wrapped);
	free(r);
}

struct perf_ring *perf_ring_open(int cpu, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct perf_ring *r = calloc(1, sizeof(*r));
	void *p = MAP_FAILED;
	int err;

	if (!r)
		return NULL;
	r->size = size;
	r->mapped = page + size;
	r->fd = open_event(cpu);
	if (r->fd >= 0)
		p = mmap(NULL, r->mapped, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
	if (p != MAP_FAILED) {
		r->page = p;
		r->data = (const unsigned char *)p + page;
		return r;
	}
	err = errno;
	perf_ring_close(r);
	errno = err;
	return NULL;
}

int perf_ring_fd(const struct perf_ring *r)
{
	return r->fd;
}

uint64_t perf_ring_look(struct perf_ring *r)
{
	r->end = __atomic_load_n(&r->page->data_head, __ATOMIC_ACQUIRE);
	return r->end - r->read;
}

// `size` bytes from the position, in one piece.
static const unsigned char *bytes_at(struct perf_ring *r, uint64_t position, size_t size)
{
	size_t at = position & (r->size - 1), first = r->size - at;

	if (size <= first)
		return r->data + at;
	buf_clear(&r->wrapped);
	buf_append(&r->wrapped, r->data + at, first);
	buf_append(&r->wrapped, r->data, size - first);
	return (const unsigned char *)r->wrapped.data;
}

const void *perf_ring_peek(struct perf_ring *r, size_t *size)
{
	struct perf_event_header head;
	uint64_t waiting = r->end - r->read;
	const unsigned char *rec;
	uint32_t raw;

	for (; waiting >= sizeof(head); waiting -= head.size, r->read += head.size) {
		memcpy(&head, bytes_at(r, r->read, sizeof(head)), sizeof(head));
		if (head.size < sizeof(head) || head.size > waiting)
			break; // cannot be
		if (head.type != PERF_RECORD_SAMPLE || head.size < sizeof(head) + sizeof(raw))
			continue;
		rec = bytes_at(r, r->read, head.size);
		memcpy(&raw, rec + sizeof(head), sizeof(raw));
		if (raw > head.size - sizeof(head) - sizeof(raw))
			continue;
		*size = raw;
		return rec + sizeof(head) + sizeof(raw);
	}
	return NULL;
}

void perf_ring_skip(struct perf_ring *r)
{
	struct perf_event_header head;

	memcpy(&head, bytes_at(r, r->read, sizeof(head)), sizeof(head));
	r->read += head.size;
}

void perf_ring_give_back(struct perf_ring *r)
{
	__atomic_store_n(&r->page->data_tail, r->read, __ATOMIC_RELEASE);
}
