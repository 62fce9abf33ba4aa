// expand_counter.c: software:EVENT[:COUNT] and hardware:EVENT[:COUNT].
//
// Enters: attach points. Leaves: the perf event and after how many of it the probe is hit; one
// target each, named as bpftrace prints it. Refuses unknown events, globs, counts that are no
// numbers.
#include <linux/perf_event.h>
#include <string.h>

#include "base/str.h"
#include "sema/expand.h"
#include "sys/counters.h"

static void refuse(struct expansion *x, struct point *p, const char *tag, const char *text)
{
	diag_error(&x->c->diag, p->ap->span, tag, "%s", text);
	p->failed = true;
}

static void refuse_event(struct expansion *x, struct point *p, const char *name)
{
	const char *type = probe_type_name(p->type);
	size_t known;
	const struct counter_event *counters = counter_events(&known);
	struct nearest n;

	if (glob_has_wildcard(name)) {
		refuse(x, p, "bad-event",
		       arena_printf(x->arena, "wildcards are not allowed for %s probe type", type));
		return;
	}
	refuse(x, p, "bad-event", arena_printf(x->arena, "%s is not a %s probe", name, type));
	nearest_init(&n, name);
	for (size_t i = 0; i < known; i++)
		if (counters[i].hardware == (p->type == PROBE_HARDWARE))
			nearest_offer(&n, counters[i].name);
	for (size_t i = 0; i < known; i++)
		if (counters[i].alias && counters[i].hardware == (p->type == PROBE_HARDWARE))
			nearest_offer(&n, counters[i].alias);
	if (nearest_get(&n))
		diag_hint(&x->c->diag, "did you mean '%s'?", nearest_get(&n));
}

static void expand_point(struct expansion *x, struct unit *u, struct point *p)
{
	const char *name = p->parts[0], *type = probe_type_name(p->type), *probe;
	const struct counter_event *e = counter_find(p->type == PROBE_HARDWARE, name);
	uint64_t count = 0;

	if (!e) {
		refuse_event(x, p, name);
		return;
	}
	if (p->part_count > 1 && !expand_number(p->parts[1], &count)) {
		refuse(x, p, "bad-count",
		       arena_printf(x->arena, "Invalid count for %s probe: %s: %s", type,
				    expand_number_problem(p->parts[1]), p->parts[1]));
		return;
	}
	probe = count ? arena_printf(x->arena, "%s:%s:%llu", type, name, (unsigned long long)count)
		      : arena_printf(x->arena, "%s:%s", type, name);
	u->counter_type = p->type == PROBE_HARDWARE ? PERF_TYPE_HARDWARE : PERF_TYPE_SOFTWARE;
	u->counter_event = e->event;
	u->counter_period = count ? count : e->count;
	program_add_target(&x->c->program, u, "", probe);
	p->matches++;
}

void expand_counter(struct expansion *x, struct unit *u, struct point **points, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (points[i]->ap->negated)
			refuse(x, points[i], "negated", "this probe cannot be negated");
		else
			expand_point(x, u, points[i]);
	}
}
