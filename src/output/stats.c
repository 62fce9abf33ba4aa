// stats: what the script did not get to see. The kernel side's counters (struct unit_stats per
// CPU) and the caller's (link misses) enter; one line per non-zero number (text, stderr) or
// one record (JSON, stdout) leaves. The JSON record, always the last one:
//
//	{"type": "run_stats", "events": N, "bad_records": N, "lost": N, "probes": [P, ...],
//	 "skipped": [{"probe": "uprobe:/bin/x:foo", "reason": "text"}, ...]}
//
// `events`: records printed. `bad_records`: records refused because they did not have the
// expected form. `lost`: everything below except hits, session_orphans, read_failed and
// divided_by_zero.
// P, one per probe specification, in script order:
//
//	{"probe": "uprobe:/bin/x:*", "type": "uprobe", "mechanism": "uprobe_multi",
//	 "targets": N, "set_aside": N, "hits": N, "missed": N, "recursion_misses": N,
//	 "lost_records": N, "map_full": N, "map_failed": N, "scratch_lost": N,
//	 "session_lost": N, "session_orphans": N, "read_failed": N, "stacks_lost": N,
//	 "stack_collisions": N, "divided_by_zero": N, "not_unwound": N}
//
// `set_aside`: matches that were not attached. `hits`: runs whose predicate held (0 unless
// counted). `missed`, `recursion_misses`: the kernel skipped the program. `lost_records`: ring
// buffer full. `map_full`, `map_failed`: updates of maps refused. `scratch_lost`: no scratch
// space. `session_lost`: entry state not kept, so the return half did not run;
// `session_orphans`: returns of calls that were under way at attach. `read_failed`: reads of
// memory that was not there (or not resident); the value is 0 or "". `stacks_lost`: stacks whose
// addresses found no room; `stack_collisions`: those taken for another. `divided_by_zero`: the
// result was 1. `not_unwound`: dw_ustack knew nothing of the process.
#include "output/internal.h"

#include <stddef.h>
#include <string.h>

#include "base/log.h"
#include "bpf/abi.h"

void loss_add(struct loss *to, const struct loss *from)
{
	to->hits += from->hits;
	to->lost_records += from->lost_records;
	to->map_full += from->map_full;
	to->map_failed += from->map_failed;
	to->scratch_lost += from->scratch_lost;
	to->session_lost += from->session_lost;
	to->session_orphans += from->session_orphans;
	to->read_failed += from->read_failed;
	to->stacks_lost += from->stacks_lost;
	to->stack_collisions += from->stack_collisions;
	to->divided_by_zero += from->divided_by_zero;
	to->not_unwound += from->not_unwound;
	to->missed += from->missed;
	to->recursion_misses += from->recursion_misses;
}

uint64_t loss_count(const struct loss *l)
{
	return l->lost_records + l->map_full + l->map_failed + l->scratch_lost + l->session_lost +
	       l->stacks_lost + l->stack_collisions + l->missed + l->recursion_misses;
}

// ---- reading -----------------------------------------------------------------------------

struct loss_reader {
	struct loss *units;
	size_t count;
};

static int add_unit_stats(void *arg, const void *key, const void *copies, unsigned count,
			  size_t stride)
{
	struct loss_reader *r = arg;
	struct unit_stats s;
	uint32_t unit;

	memcpy(&unit, key, sizeof(unit));
	if (unit >= r->count || (count > 1 && stride < sizeof(s)))
		return 0;
	for (unsigned i = 0; i < count; i++) {
		memcpy(&s, (const char *)copies + i * stride, sizeof(s));
		loss_add(&r->units[unit], &(struct loss){.hits = s.hits,
							 .lost_records = s.lost_records,
							 .map_full = s.map_full,
							 .map_failed = s.map_failed,
							 .scratch_lost = s.scratch_lost,
							 .session_lost = s.session_lost,
							 .session_orphans = s.session_orphans,
							 .read_failed = s.read_failed,
							 .stacks_lost = s.stacks_lost,
							 .stack_collisions = s.stack_collisions,
							 .divided_by_zero = s.divided_by_zero,
							 .not_unwound = s.not_unwound});
	}
	return 0;
}

static void read_unit_stats(struct output *o, struct loss *units)
{
	const struct map_def *m = program_find_map(o->program, MAP_STATS);
	struct loss_reader reader = {units, o->program->units.len};
	int err;

	if (!m || m->value_size < sizeof(struct unit_stats) || m->key_size != sizeof(uint32_t))
		return;
	err = o->maps.walk(o->maps.ctx, m, add_unit_stats, &reader);
	if (err)
		log_warn("cannot read the statistics: %s", strerror(-err));
}

uint64_t output_stats(struct output *o, const struct unit_losses *per_unit, bool verbose)
{
	size_t n = o->program->units.len;
	struct loss *units = arena_array(o->program->arena, struct loss, n + 1);
	struct loss total = {0};

	read_unit_stats(o, units);
	for (size_t i = 0; i < n; i++) {
		if (per_unit) {
			units[i].missed += per_unit[i].missed;
			units[i].recursion_misses += per_unit[i].recursion_misses;
		}
		loss_add(&total, &units[i]);
	}
	o->sink->stats(o, units, &total, verbose);
	output_write_line(o);
	return loss_count(&total) + o->bad_records;
}

// ---- telling -----------------------------------------------------------------------------

struct loss_row {
	size_t offset; // in struct loss
	const char *name;
	const char *text; // after "N "; NULL: never a warning
	const char *lead; // before N; NULL: nothing
};
#define ROW(field, text)                                                                           \
	{                                                                                          \
		offsetof(struct loss, field), #field, text, NULL                                   \
	}
#define LED_ROW(field, lead, text)                                                                 \
	{                                                                                          \
		offsetof(struct loss, field), #field, text, lead                                   \
	}
static const struct loss_row loss_rows[] = {
    ROW(hits, NULL),
    ROW(missed, "events missed: the kernel could not run the program"),
    ROW(recursion_misses, "events missed: the program was running already on that CPU"),
    ROW(lost_records, "records lost: the ring buffer was full; raise perf_rb_pages"),
    LED_ROW(map_full, "Map full; can't update element: ",
	    "updates failed; raise max_map_keys or the map's size (let @m = hash(5000))"),
    ROW(map_failed, "map updates failed"),
    ROW(scratch_lost, "events lost: no free scratch space on the CPU"),
    ROW(session_lost, "calls lost: the session's entry could not be remembered"),
    ROW(session_orphans, NULL),
    ROW(read_failed, "reads of memory failed: the values are 0 or \"\""),
    ROW(stacks_lost, "stacks lost: too many different ones"),
    ROW(stack_collisions, "stacks taken for others: their hashes are equal"),
    ROW(divided_by_zero, "divisions by 0: the results are 1"),
    ROW(not_unwound, "stacks are empty: of processes that dw_ustack was not told of"),
};
#undef ROW
#undef LED_ROW

static uint64_t row_value(const struct loss *l, const struct loss_row *row)
{
	uint64_t v;

	memcpy(&v, (const char *)l + row->offset, sizeof(v));
	return v;
}

static void tell_unit(const struct unit *u, const struct loss *l)
{
	struct buf text = {0};

	for (size_t i = 0; i < sizeof(loss_rows) / sizeof(loss_rows[0]); i++) {
		uint64_t v = row_value(l, &loss_rows[i]);

		if (v)
			buf_printf(&text, " %s=%llu", loss_rows[i].name, (unsigned long long)v);
	}
	log_verbose("%s: targets=%u set_aside=%u%s", u->spec ? u->spec : probe_type_name(u->type),
		    u->target_count - u->left_out_count, u->set_aside_count, buf_str(&text));
	buf_release(&text);
}

void text_stats(struct output *o, const struct loss *units, const struct loss *total, bool verbose)
{
	for (size_t i = 0; i < sizeof(loss_rows) / sizeof(loss_rows[0]); i++) {
		uint64_t v = row_value(total, &loss_rows[i]);

		if (v && loss_rows[i].text)
			log_warn("%s%llu %s", loss_rows[i].lead ? loss_rows[i].lead : "",
				 (unsigned long long)v, loss_rows[i].text);
	}
	if (o->bad_records)
		log_warn("%llu records had an unexpected form", (unsigned long long)o->bad_records);
	for (size_t i = 0; verbose && i < o->program->units.len; i++)
		tell_unit(o->program->units.data[i], &units[i]);
}

static void unit_json(struct buf *b, const struct unit *u, const struct loss *l)
{
	const char *spec = u->spec ? u->spec : probe_type_name(u->type);

	buf_puts(b, "{\"probe\": ");
	json_string(b, spec, strlen(spec));
	buf_printf(b,
		   ", \"type\": \"%s\", \"mechanism\": \"%s\", \"targets\": %u, \"set_aside\": %u",
		   probe_type_name(u->type), mechanism_name(u->mech),
		   u->target_count - u->left_out_count, u->set_aside_count);
	for (size_t i = 0; i < sizeof(loss_rows) / sizeof(loss_rows[0]); i++) {
		buf_printf(b, ", \"%s\": ", loss_rows[i].name);
		json_int(b, row_value(l, &loss_rows[i]), false);
	}
	buf_putc(b, '}');
}

static void skipped_json(struct buf *b, const struct program *p)
{
	bool first = true;

	for (size_t i = 0; i < p->set_asides.len; i++) {
		const struct set_aside *s = &p->set_asides.data[i];

		if (s->duplicate)
			continue; // its alias is attached
		buf_puts(b, first ? "{\"probe\": " : ", {\"probe\": ");
		json_string(b, s->what, strlen(s->what));
		buf_puts(b, ", \"reason\": ");
		json_string(b, s->reason, strlen(s->reason));
		buf_putc(b, '}');
		first = false;
	}
}

void json_stats(struct output *o, const struct loss *units, const struct loss *total, bool verbose)
{
	struct buf *b = &o->line, detail;
	uint64_t untold = lost_read(o, &detail);

	text_stats(o, units, total, verbose); // the warnings, on stderr
	if (untold)
		lost_json(o, untold); // in all, these lines say total->lost_records
	buf_release(&detail);
	if (o->quiet)
		return;
	buf_puts(b, "{\"type\": \"run_stats\", \"events\": ");
	json_int(b, o->state.events, false);
	buf_puts(b, ", \"bad_records\": ");
	json_int(b, o->bad_records, false);
	buf_puts(b, ", \"lost\": ");
	json_int(b, loss_count(total) + o->bad_records, false);
	buf_puts(b, ", \"probes\": [");
	for (size_t i = 0; i < o->program->units.len; i++) {
		if (i)
			buf_puts(b, ", ");
		unit_json(b, o->program->units.data[i], &units[i]);
	}
	buf_puts(b, "], \"skipped\": [");
	skipped_json(b, o->program);
	buf_puts(b, "]}\n");
}
