// ring: the consumer's side of the kernel's BPF ring buffer. A map fd enters, records leave,
// in the order in which they were reserved.
//
// The kernel maps three things: one page with the consumer's position (writable), one with
// the producers' (read only), and the data twice in a row, so that a record which wraps is
// still contiguous. A record is { u32 length and flags; u32 page offset; bytes }, aligned to
// 8. BUSY means reserved and not yet submitted: everything after it waits. Nothing is copied.
#include "output/internal.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct ring {
	unsigned long *consumer;       // page, writable
	const unsigned long *producer; // page; the data follows it
	const unsigned char *data;
	uint32_t size; // of the data, a power of two
	size_t page;
};

void ring_close(struct ring *r)
{
	if (!r)
		return;
	if (r->consumer)
		munmap(r->consumer, r->page);
	if (r->producer)
		munmap((void *)r->producer, r->page + 2 * (size_t)r->size);
	free(r);
}

static void *map_pages(int fd, size_t size, int prot, off_t offset)
{
	void *p = mmap(NULL, size, prot, MAP_SHARED, fd, offset);

	return p == MAP_FAILED ? NULL : p;
}

struct ring *ring_open(int fd, uint32_t size)
{
	struct ring *r = calloc(1, sizeof(*r));
	int err;

	if (!r)
		return NULL;
	r->page = (size_t)sysconf(_SC_PAGESIZE);
	r->size = size;
	r->consumer = map_pages(fd, r->page, PROT_READ | PROT_WRITE, 0);
	if (r->consumer)
		r->producer = map_pages(fd, r->page + 2 * (size_t)size, PROT_READ, (off_t)r->page);
	if (r->producer) {
		r->data = (const unsigned char *)r->producer + r->page;
		return r;
	}
	err = errno;
	ring_close(r);
	errno = err;
	return NULL;
}

static size_t record_span(uint32_t len)
{
	return ((size_t)(len & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT)) +
		BPF_RINGBUF_HDR_SZ + 7) &
	       ~(size_t)7;
}

int ring_consume(struct ring *r, void (*fn)(void *arg, const void *data, size_t size), void *arg)
{
	unsigned long pos = __atomic_load_n(r->consumer, __ATOMIC_ACQUIRE);
	unsigned long end = __atomic_load_n(r->producer, __ATOMIC_ACQUIRE);
	int count = 0;

	// Positions only grow; what producers add meanwhile is for the next call.
	while (pos < end) {
		const unsigned char *rec = r->data + (pos & (r->size - 1));
		uint32_t len = __atomic_load_n((const uint32_t *)rec, __ATOMIC_ACQUIRE);
		size_t span = record_span(len);

		if (len & BPF_RINGBUF_BUSY_BIT)
			break;
		if (span > r->size)
			break; // cannot be: the kernel refuses such a reservation
		if (!(len & BPF_RINGBUF_DISCARD_BIT)) {
			fn(arg, rec + BPF_RINGBUF_HDR_SZ, len);
			count++;
		}
		pos += span;
		__atomic_store_n(r->consumer, pos, __ATOMIC_RELEASE);
	}
	return count;
}
