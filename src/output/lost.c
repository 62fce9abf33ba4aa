// lost: records that found no room, told while tracing goes on. The kernel side's counters enter,
// at most once a second and only after the ring buffer has been crowded; a line leaves for what
// was lost since the last one:
//
//	WARNING: Lost 4711 events (uprobe:/bin/x:f on CPU 0: 4000; uprobe:/bin/x:f on CPU 1: 711)
//	{"type": "lost_events", "count": 4711, "data": {"events": 4711}}
#include "output/internal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "bpf/abi.h"

#define TELL_EVERY_NS 1000000000ull

struct lost_reader {
	struct output *o;
	struct buf detail;
	uint64_t count;
};

static uint64_t *told_of(struct output *o, uint32_t unit, unsigned cpu, unsigned cpus)
{
	size_t index = (size_t)unit * cpus + cpu, bytes = (index + 1) * sizeof(uint64_t);

	while (o->lost.told.len < bytes)
		buf_append(&o->lost.told, &(uint64_t){0}, sizeof(uint64_t));
	return (uint64_t *)o->lost.told.data + index;
}

static int add_lost(void *arg, const void *key, const void *copies, unsigned count, size_t stride)
{
	struct lost_reader *r = arg;
	const struct program *p = r->o->program;
	struct unit_stats s;
	uint32_t unit;

	memcpy(&unit, key, sizeof(unit));
	if (unit >= p->units.len || stride < sizeof(s))
		return 0;
	for (unsigned cpu = 0; cpu < count; cpu++) {
		uint64_t *told = told_of(r->o, unit, cpu, count), more;
		const struct unit *u = p->units.data[unit];

		memcpy(&s, (const char *)copies + cpu * stride, sizeof(s));
		more = s.lost_records - *told;
		*told = s.lost_records;
		r->count += more;
		if (more)
			buf_printf(&r->detail, "%s%s on CPU %u: %llu", r->detail.len ? "; " : "",
				   u->spec ? u->spec : probe_type_name(u->type), cpu,
				   (unsigned long long)more);
	}
	return 0;
}

uint64_t lost_read(struct output *o, struct buf *detail)
{
	const struct map_def *m = program_find_map(o->program, MAP_STATS);
	struct lost_reader r = {.o = o};

	if (m && m->key_size == sizeof(uint32_t) && m->value_size >= sizeof(struct unit_stats))
		o->maps.walk(o->maps.ctx, m, add_lost, &r); // failing is told at the end
	*detail = r.detail;
	return r.count;
}

void lost_json(struct output *o, uint64_t count)
{
	buf_printf(&o->line,
		   "{\"type\": \"lost_events\", \"count\": %llu, \"data\": {\"events\": %llu}}\n",
		   (unsigned long long)count, (unsigned long long)count);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

bool output_may_have_lost(const struct output *o)
{
	return o->lost.suspected;
}

void output_tell_losses(struct output *o)
{
	uint64_t now = o->lost.suspected ? now_ns() : 0, count;
	struct buf detail;

	if (!o->lost.suspected || now < o->lost.next_ns)
		return;
	o->lost.next_ns = now + TELL_EVERY_NS;
	o->lost.suspected = o->crowded;
	count = lost_read(o, &detail);
	if (count) {
		if (o->sink == &json_sink)
			lost_json(o, count);
		log_warn("Lost %llu events (%s)", (unsigned long long)count, buf_str(&detail));
		output_write_line(o);
		output_flush(o);
	}
	buf_release(&detail);
}
