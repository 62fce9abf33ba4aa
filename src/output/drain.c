// drain: records in the order in which programs sent them, out of two ring buffers. The second
// has what did not fit into the first when that was full, with the first's position then: what
// lies before it is printed first.
#include "output/internal.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "bpf/abi.h"
#include "sys/usym.h"

static bool open_ring(struct output *o, enum map_role role, struct ring **ring, int *ring_fd)
{
	const struct map_def *m = program_find_map(o->program, role);
	int fd = m ? o->kernel_maps.fd(o->kernel_maps.fd_ctx, m) : -1;
	uint32_t size = fd >= 0 ? kernel_map_entries(fd) : 0;

	*ring_fd = fd;
	if (fd < 0)
		return true; // nothing is sent there
	*ring = ring_open(fd, size ? size : m->max_entries);
	if (!*ring)
		log_error("cannot map the ring buffer: %s", strerror(errno));
	return *ring;
}

bool drain_open(struct output *o)
{
	int control_fd;

	return open_ring(o, MAP_RINGBUF, &o->ring, &o->ring_fd) &&
	       open_ring(o, MAP_CONTROL, &o->control, &control_fd) && packets_open(o);
}

void drain_close(struct output *o)
{
	ring_close(o->ring);
	ring_close(o->control);
	packets_close(o);
}

int output_ring_fd(struct output *o)
{
	return o->ring ? o->ring_fd : -1;
}

static void handle_record(void *arg, const void *data, size_t size)
{
	output_record(arg, data, size);
}

static void handle_control(void *arg, const void *data, size_t size)
{
	struct output *o = arg;
	struct rec_control head;

	if (size < sizeof(head)) {
		o->bad_records++;
		return;
	}
	memcpy(&head, data, sizeof(head));
	ring_consume(o->ring, head.after, handle_record, o);
	output_record(o, (const char *)data + sizeof(head), size - sizeof(head));
}

int output_drain(struct output *o)
{
	uint64_t before = o->ring ? ring_read(o->ring) : 0, end;
	int n;

	if (o->printer.usyms)
		usyms_watched(o->printer.usyms);
	o->crowded = false;
	if (!o->ring) {
		n = packets_drain(o);
		o->lost.suspected |= o->crowded;
		return n;
	}
	// The end first: a record before it that follows one of control, or a packet, finds that
	// one below.
	end = ring_end(o->ring);
	n = packets_drain(o);
	o->crowded |= end - before > ring_size(o->ring) / 4;
	o->lost.suspected |= o->crowded;
	output_gather(o, true);
	if (o->control)
		n += ring_consume(o->control, ring_end(o->control), handle_control, o);
	n += ring_consume(o->ring, end, handle_record, o);
	output_gather(o, false);
	if (ring_read(o->ring) != before && o->flush_drained)
		output_flush(o);
	return n;
}

bool output_set_aside(struct output *o)
{
	bool room = !o->ring || ring_set_aside(o->ring);

	return (!o->control || ring_set_aside(o->control)) && room;
}

bool output_may_rest(const struct output *o)
{
	return !o->crowded;
}
