// ahead: print(@a); clear(@a); print(@b); clear(@b); ... take one map after another, and each take
// waits until no program uses what is taken. Before the first of them, the records behind it are
// looked at: what they take is given away in the same wait.
//
// Enters: an event that takes a map. Leaves: the maps of the takes that follow, given away. Nothing
// is, where a record in between may want to see such a map as it was, or may end the script.
#include "output/internal.h"

#include "bpf/abi.h"

#define RECORDS_MAX 256 // looked at

struct takes {
	struct map_take list[TAKES_AT_ONCE];
	unsigned count;
};

// False: this is the last one.
static bool add_take(struct takes *t, const struct event_def *e)
{
	for (unsigned i = 0; i < t->count; i++)
		if (t->list[i].map == e->map)
			return false;
	t->list[t->count++] = (struct map_take){e->map, e->takes == TAKES_ZERO};
	return t->count < TAKES_AT_ONCE;
}

static bool looks_at_maps_or_ends(enum event_kind kind)
{
	return kind == EVENT_PRINT_MAP || kind == EVENT_CLEAR || kind == EVENT_ZERO ||
	       kind == EVENT_EXIT || kind == EVENT_ASSERT;
}

static bool look_at(const struct output *o, struct takes *t, const struct rec_hdr *hdr)
{
	const struct event_def *e;

	if (hdr->event >= REC_STACK) // of no event
		return true;
	if (hdr->event >= o->program->events.len)
		return false;
	e = o->program->events.data[hdr->event];
	return e->takes ? add_take(t, e) : !looks_at_maps_or_ends(e->kind);
}

// A record of control comes in between: which one is not looked for.
static bool control_waits(const struct output *o)
{
	return o->control && ring_end(o->control) != ring_read(o->control);
}

void give_ahead(struct output *o, const struct event_def *e)
{
	struct takes t = {0};
	struct rec_hdr hdr;
	uint64_t at;

	if (o->given) {
		o->given--;
		return;
	}
	if (!o->maps.give || !o->ring || o->max_events || o->only_end || control_waits(o))
		return;
	at = ring_read(o->ring);
	add_take(&t, e);
	for (unsigned i = 0; i < RECORDS_MAX && ring_peek(o->ring, &at, &hdr); i++)
		if (!look_at(o, &t, &hdr))
			break;
	if (t.count == 1)
		return;
	o->maps.give(o->maps.ctx, t.list, t.count);
	o->given = t.count - 1;
}
