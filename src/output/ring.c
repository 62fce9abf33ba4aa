// ring: the consumer's side of the kernel's BPF ring buffer. A map fd enters, records leave,
// in the order in which they were reserved.
//
// The kernel maps three things: one page with the consumer's position (writable), one with
// the producers' (read only), and the data. It could map the data twice in a row, so that a record
// which wraps is contiguous; but all those pages count as ours. Such a record is copied instead,
// the others are read where they are. A record is { u32 length and flags; u32 page offset; bytes },
// aligned to 8. BUSY means reserved and not yet submitted: everything after it waits.
//
// Records can be set aside for later: then the kernel has its room back, and they wait in memory.
#include "output/internal.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Room is given back in pieces of this part of the ring: each time costs the producers a cache
// miss.
#define GIVE_BACK 16
#define ASIDE_MOST (512u << 20) // bytes

struct ring {
	unsigned long *consumer;       // page, writable
	const unsigned long *producer; // page; the data follows it
	const unsigned char *data;
	// Positions: up to where records were consumed, up to where they have left the kernel's
	// memory (what lies between is in `aside`), and up to where we have told so.
	uint64_t read, taken, given_back;
	struct buf aside, joined; // bytes of whole records; a record that wraps
	uint32_t size;		  // of the data, a power of two
	size_t page;
};

void ring_close(struct ring *r)
{
	if (!r)
		return;
	if (r->consumer)
		munmap(r->consumer, r->page);
	if (r->producer)
		munmap((void *)r->producer, r->page + r->size);
	buf_release(&r->aside);
	buf_release(&r->joined);
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
		r->producer = map_pages(fd, r->page + size, PROT_READ, (off_t)r->page);
	if (r->producer) {
		r->data = (const unsigned char *)r->producer + r->page;
		r->read = __atomic_load_n(r->consumer, __ATOMIC_ACQUIRE);
		r->taken = r->given_back = r->read;
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
	if (r->taken == r->given_back)
		return;
	r->given_back = r->taken;
	__atomic_store_n(r->consumer, r->taken, __ATOMIC_RELEASE);
}

static bool much_to_give_back(const struct ring *r)
{
	return r->taken - r->given_back >= r->size / GIVE_BACK;
}

// Bytes of a record with its header: of the one at r->taken, if it is there; 0 before one that is
// not submitted yet.
static size_t submitted(const struct ring *r, uint64_t at)
{
	const void *head = r->data + (at & (r->size - 1));
	uint32_t len = __atomic_load_n((const uint32_t *)head, __ATOMIC_ACQUIRE);
	size_t span = record_span(len);

	if (len & BPF_RINGBUF_BUSY_BIT)
		return 0;
	return span > r->size ? 0 : span; // cannot be: the kernel refuses such a reservation
}

// The kernel's memory from a position on, as far as it does not wrap.
static size_t piece(const struct ring *r, uint64_t at, size_t bytes, const unsigned char **data)
{
	size_t offset = at & (r->size - 1), most = r->size - offset;

	*data = r->data + offset;
	return bytes < most ? bytes : most;
}

static void copy_out(struct buf *to, const struct ring *r, uint64_t at, size_t bytes)
{
	const unsigned char *data;

	while (bytes) {
		size_t n = piece(r, at, bytes, &data);

		buf_append(to, data, n);
		at += n;
		bytes -= n;
	}
}

// The record at r->taken, which has `span` bytes.
static const unsigned char *whole_record(struct ring *r, size_t span)
{
	const unsigned char *data;

	if (piece(r, r->taken, span, &data) == span)
		return data;
	buf_clear(&r->joined);
	copy_out(&r->joined, r, r->taken, span);
	return (const unsigned char *)r->joined.data;
}

static int hand_record(const unsigned char *record, ring_record_fn fn, void *arg)
{
	uint32_t len;

	memcpy(&len, record, sizeof(len));
	if (len & BPF_RINGBUF_DISCARD_BIT)
		return 0;
	fn(arg, record + BPF_RINGBUF_HDR_SZ, len);
	return 1;
}

static int consume_aside(struct ring *r, uint64_t end, ring_record_fn fn, void *arg)
{
	uint64_t first = r->taken - r->aside.len; // the position of its first byte
	int count = 0;

	while (r->read < end && r->read < r->taken) {
		const unsigned char *record =
		    (const unsigned char *)r->aside.data + (r->read - first);
		uint32_t len;

		memcpy(&len, record, sizeof(len));
		r->read += record_span(len);
		count += hand_record(record, fn, arg);
	}
	if (r->read == r->taken)
		buf_release(&r->aside);
	return count;
}

// Positions only grow; what producers add meanwhile is for the next call.
int ring_consume(struct ring *r, uint64_t end, ring_record_fn fn, void *arg)
{
	int count = consume_aside(r, end, fn, arg);
	size_t span;

	if (r->read < r->taken)
		return count;
	while (r->taken < end && (span = submitted(r, r->taken))) {
		const unsigned char *record = whole_record(r, span);

		r->taken += span;
		r->read = r->taken;
		count += hand_record(record, fn, arg);
		if (much_to_give_back(r))
			give_back(r);
	}
	give_back(r);
	return count;
}

static const unsigned char *start_of(const struct ring *r, uint64_t at, size_t offset)
{
	if (at < r->taken)
		return (const unsigned char *)r->aside.data + (at + r->aside.len - r->taken) + offset;
	return r->data + ((at + offset) & (r->size - 1)); // 8 bytes never wrap
}

bool ring_peek(const struct ring *r, uint64_t *at, void *start)
{
	uint32_t len;

	do {
		if (*at >= r->taken && (*at >= ring_end(r) || !submitted(r, *at)))
			return false;
		memcpy(&len, start_of(r, *at, 0), sizeof(len));
		memcpy(start, start_of(r, *at, BPF_RINGBUF_HDR_SZ), 8);
		*at += record_span(len);
	} while (len & BPF_RINGBUF_DISCARD_BIT);
	return len >= 8;
}

bool ring_set_aside(struct ring *r)
{
	uint64_t end = ring_end(r), from = r->taken;
	size_t span;

	while (from < end && (span = submitted(r, from)))
		from += span;
	if (r->aside.len + (from - r->taken) > ASIDE_MOST)
		return false;
	copy_out(&r->aside, r, r->taken, from - r->taken);
	r->taken = from;
	give_back(r);
	return true;
}
