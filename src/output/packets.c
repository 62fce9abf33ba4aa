// packets: skboutput(). Records of one perf event's buffer per CPU enter; packets in pcap files
// leave, in the order of their times as far as one drain sees them. A file is made when tracing
// begins, also if no packet comes.
#include "output/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/log.h"
#include "bpf/abi.h"

#define PAGES_PER_CPU 256u // when perf_rb_pages is not set

struct packet_file {
	const char *path; // borrowed of an event
	struct pcap *pcap;
};

struct packets {
	struct perf_ring **rings; // by CPU; NULL: a CPU that is off
	unsigned cpus;
	size_t ring_bytes;
	int epoll;
	struct packet_file *files;
	size_t file_count;
	uint32_t *file_of; // by event id
};

// ---- files ---------------------------------------------------------------------------------

static bool open_file(struct packets *ps, const struct event_def *e)
{
	size_t i = 0;

	while (i < ps->file_count && strcmp(ps->files[i].path, e->text))
		i++;
	ps->file_of[e->id] = (uint32_t)i;
	if (i < ps->file_count)
		return true;
	ps->files[i] = (struct packet_file){e->text, pcap_create(e->text)};
	if (!ps->files[i].pcap) {
		log_error("cannot create the pcap file '%s': %s", e->text, strerror(errno));
		return false;
	}
	ps->file_count++;
	return true;
}

static bool open_files(struct packets *ps, const struct program *p)
{
	ps->files = calloc(p->events.len, sizeof(*ps->files));
	ps->file_of = calloc(p->events.len, sizeof(*ps->file_of));
	if (!ps->files || !ps->file_of)
		bug("out of memory");
	for (size_t i = 0; i < p->events.len; i++)
		if (p->events.data[i]->kind == EVENT_PACKET && !open_file(ps, p->events.data[i]))
			return false;
	return true;
}

static void file_failed(struct output *o, const struct packet_file *f, int err)
{
	if (!o->state.write_errors)
		log_error("cannot write '%s': %s", f->path, strerror(-err));
	o->state.write_errors++;
	o->state.exit_requested = true;
}

// ---- buffers -------------------------------------------------------------------------------

static size_t bytes_per_cpu(const struct program *p)
{
	uint64_t want = p->config.perf_rb_pages ? p->config.perf_rb_pages : PAGES_PER_CPU;
	size_t pages = 1;

	while (pages < want && pages < (1u << 18))
		pages *= 2;
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

// What comes from a CPU that is off when tracing begins is refused by the kernel, and the script
// told: skboutput() is -ENOENT.
static bool open_ring(struct packets *ps, int map_fd, unsigned cpu)
{
	struct epoll_event ev = {.events = EPOLLIN};
	struct perf_ring *r = perf_ring_open((int)cpu, ps->ring_bytes);
	int fd = r ? perf_ring_fd(r) : -1;

	if (!r && errno == ENODEV)
		return true;
	ps->rings[cpu] = r;
	if (r && !kernel_map_put(map_fd, cpu, &fd) && !epoll_ctl(ps->epoll, EPOLL_CTL_ADD, fd, &ev))
		return true;
	log_error("cannot make a buffer for the packets of CPU %u (%zu KiB): %s", cpu,
		  ps->ring_bytes >> 10, strerror(errno));
	log_hint("perf_rb_pages is how many pages each CPU's has");
	return false;
}

bool packets_open(struct output *o)
{
	const struct map_def *m = program_find_map(o->program, MAP_PACKETS);
	int fd = m ? o->kernel_maps.fd(o->kernel_maps.fd_ctx, m) : -1;
	struct packets *ps;

	if (fd < 0)
		return true;
	ps = o->packets = calloc(1, sizeof(*ps));
	if (!ps)
		bug("out of memory");
	ps->epoll = epoll_create1(EPOLL_CLOEXEC);
	ps->cpus = m->max_entries;
	ps->ring_bytes = bytes_per_cpu(o->program);
	ps->rings = calloc(ps->cpus, sizeof(struct perf_ring *));
	if (!ps->rings)
		bug("out of memory");
	if (!open_files(ps, o->program))
		return false;
	for (unsigned cpu = 0; cpu < ps->cpus; cpu++)
		if (!open_ring(ps, fd, cpu))
			return false;
	return true;
}

void packets_close(struct output *o)
{
	struct packets *ps = o->packets;

	if (!ps)
		return;
	for (size_t i = 0; i < ps->file_count; i++) {
		int err = pcap_close(ps->files[i].pcap);

		if (err)
			file_failed(o, &ps->files[i], err);
	}
	for (unsigned cpu = 0; cpu < ps->cpus; cpu++)
		perf_ring_close(ps->rings[cpu]);
	if (ps->epoll >= 0)
		close(ps->epoll);
	free(ps->rings);
	free(ps->files);
	free(ps->file_of);
	free(ps);
	o->packets = NULL;
}

int output_packets_fd(const struct output *o)
{
	return o->packets ? o->packets->epoll : -1;
}

// ---- records -------------------------------------------------------------------------------

static const struct event_def *packet_event(const struct output *o, const struct rec_packet *rec,
					    size_t size)
{
	const struct event_def *e;

	if (rec->hdr.event >= o->program->events.len || rec->size > size - sizeof(*rec))
		return NULL;
	e = o->program->events.data[rec->hdr.event];
	return e->kind == EVENT_PACKET ? e : NULL;
}

void packets_write(struct output *o, const void *data, size_t size)
{
	const struct event_def *e = NULL;
	const struct packet_file *f;
	struct rec_packet rec;
	int err;

	if (size >= sizeof(rec)) {
		memcpy(&rec, data, sizeof(rec));
		e = packet_event(o, &rec, size);
	}
	if (!e) {
		o->bad_records++;
		return;
	}
	if (o->ended || o->state.write_errors || e->skip >= rec.size)
		return;
	f = &o->packets->files[o->packets->file_of[e->id]];
	err = pcap_packet(f->pcap, clock_wall(&o->clocks, rec.boot_ns),
			  (const char *)data + sizeof(rec) + e->skip,
			  (uint32_t)(rec.size - e->skip));
	if (err)
		file_failed(o, f, err);
}

// The one that begins with the earliest record.
static struct perf_ring *earliest(struct packets *ps)
{
	struct perf_ring *first = NULL;
	struct rec_packet rec;
	uint64_t when = 0;
	const void *data;
	size_t size;

	for (unsigned cpu = 0; cpu < ps->cpus; cpu++) {
		data = ps->rings[cpu] ? perf_ring_peek(ps->rings[cpu], &size) : NULL;
		if (!data)
			continue;
		rec.boot_ns = 0;
		memcpy(&rec, data, size < sizeof(rec) ? size : sizeof(rec));
		if (first && rec.boot_ns >= when)
			continue;
		first = ps->rings[cpu];
		when = rec.boot_ns;
	}
	return first;
}

// One drain takes what is there when it begins: exit() and its like are not kept waiting by
// packets that come faster than they are written. True: a buffer is filled by a quarter.
static bool look_at_rings(struct output *o)
{
	struct packets *ps = o->packets;
	bool crowded = false;

	for (unsigned cpu = 0; cpu < ps->cpus; cpu++)
		crowded |= ps->rings[cpu] &&
			   perf_ring_look(ps->rings[cpu]) > ps->ring_bytes / 4;
	return crowded;
}

static void flush_files(struct output *o)
{
	for (size_t i = 0; i < o->packets->file_count; i++) {
		int err = pcap_flush(o->packets->files[i].pcap);

		if (err)
			file_failed(o, &o->packets->files[i], err);
	}
}

int packets_drain(struct output *o)
{
	struct perf_ring *r;
	const void *data;
	size_t size;
	int n = 0;

	if (!o->packets)
		return 0;
	o->crowded = look_at_rings(o);
	while ((r = earliest(o->packets))) {
		data = perf_ring_peek(r, &size);
		packets_write(o, data, size);
		perf_ring_skip(r);
		perf_ring_give_back(r);
		n++;
	}
	if (n && o->flush_drained)
		flush_files(o);
	return n;
}
