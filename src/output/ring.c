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

// Room is given back in pieces of this part of the ring: each time costs the producers a cache
// miss.
#define GIVE_BACK 16

struct ring {
	unsigned long *consumer;       // page, writable
	const unsigned long *producer; // page; the data follows it
	const unsigned char *data;
	uint64_t read, given_back; // positions: up to where we have read, and have told so
	uint32_t size;		   // of the data, a power of two
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
		r->read = r->given_back = __atomic_load_n(r->consumer, __ATOMIC_ACQUIRE);
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

uint64_t ring_end(const struct ring *r)
{
	return __atomic_load_n(r->producer, __ATOMIC_ACQUIRE);
}

uint64_t ring_read(const struct ring *r)
{
	return r->read;
}

uint32_t ring_size(const struct ring *r)
{
	return r->size;
}

static void give_back(struct ring *r)
{
	if (r->read == r->given_back)
		return;
	r->given_back = r->read;
	__atomic_store_n(r->consumer, r->read, __ATOMIC_RELEASE);
}

// Moves over the record at r->read, if it is there: false before one that is not submitted yet.
static bool next_record(struct ring *r, const void **data, uint32_t *len)
{
	const unsigned char *rec = r->data + (r->read & (r->size - 1));
	size_t span;

	*len = __atomic_load_n((const uint32_t *)rec, __ATOMIC_ACQUIRE);
	span = record_span(*len);
	if (*len & BPF_RINGBUF_BUSY_BIT)
		return false;
	if (span > r->size)
		return false; // cannot be: the kernel refuses such a reservation
	*data = rec + BPF_RINGBUF_HDR_SZ;
	r->read += span;
	return true;
}

// Positions only grow; what producers add meanwhile is for the next call.
int ring_consume(struct ring *r, uint64_t end, ring_record_fn fn, void *arg)
{
	const void *data;
	uint32_t len;
	int count = 0;

	while (r->read < end && next_record(r, &data, &len)) {
		if (!(len & BPF_RINGBUF_DISCARD_BIT)) {
			fn(arg, data, len);
			count++;
		}
		if (r->read - r->given_back >= r->size / GIVE_BACK)
			give_back(r);
	}
	give_back(r);
	return count;
}
