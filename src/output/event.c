// event: one record of the ring buffer to one action. Bytes enter; text, a map's contents, a
// cleared map or a wish of the script's (exit, assert) leave. A record that does not fit its
// event_def is counted and dropped: nothing is read beyond its end.
#include "output/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bpf/abi.h"
#include "output/stack_memo.h"
#include "sys/usym.h"

// The script has ended: what probes still send while they are being detached is not its output.
static void end_events(struct output *o)
{
	o->state.exit_requested = true;
	o->ended = true;
}

void output_before_end(struct output *o)
{
	o->only_end = o->ended;
	o->ended = false;
	o->max_events = 0; // the limit ends tracing; what END has to say is still said
}

static struct rec_part part_of(const struct event_arg *arg, const void *record)
{
	struct rec_part part;

	memcpy(&part, (const char *)record + arg->offset, sizeof(part));
	return part;
}

const void *event_arg_data(const struct event_arg *arg, const void *record)
{
	struct rec_part part;

	if (arg->is_const)
		return arg->data;
	if (!arg->varies)
		return (const char *)record + arg->offset;
	part = part_of(arg, record);
	return part.size ? (const char *)record + part.offset : "";
}

static void format_scratch(struct output *o, const struct event_def *e, const void *record)
{
	buf_clear(&o->scratch);
	format_event(&o->printer, &o->scratch, e, record);
}

static void print_formatted(struct output *o, const struct event_def *e, const void *record)
{
	if (e->kind == EVENT_WARNF && o->no_warnings)
		return;
	format_scratch(o, e, record);
	o->state.errors += e->kind == EVENT_ERRORF;
	if (e->kind == EVENT_PRINTF)
		o->sink->text(o, TEXT_PRINTF, buf_str(&o->scratch), o->scratch.len);
	else
		o->sink->message(o, e, buf_str(&o->scratch), o->scratch.len);
}

static void print_value(struct output *o, const struct event_def *e, const void *record)
{
	// The last one: of print(@m[k]) the args are the key and the value.
	const struct event_arg *arg = &e->args.data[e->args.len - 1];

	o->sink->value(o, arg->type, event_arg_data(arg, record));
}

static void print_time(struct output *o, const struct event_def *e)
{
	buf_clear(&o->scratch);
	clock_now_text(&o->scratch, e->text ? e->text : "%H:%M:%S\n");
	o->sink->text(o, TEXT_TIME, buf_str(&o->scratch), o->scratch.len);
}

// Strings one after another, ended by the first empty one.
static void print_join(struct output *o, const struct event_def *e, const void *record)
{
	const struct event_arg *arg = &e->args.data[0];
	const char *s = event_arg_data(arg, record), *end = s + part_of(arg, record).size;

	buf_clear(&o->scratch);
	for (; s < end && *s; s += strlen(s) + 1) {
		if (o->scratch.len)
			buf_puts(&o->scratch, e->text ? e->text : " ");
		buf_puts(&o->scratch, s);
	}
	o->sink->text(o, TEXT_JOIN, buf_str(&o->scratch), o->scratch.len);
}

static void print_assert(struct output *o, const struct event_def *e)
{
	buf_clear(&o->scratch);
	buf_printf(&o->scratch, "assert failed: %s", e->text ? e->text : "");
	o->sink->message(o, e, buf_str(&o->scratch), o->scratch.len);
	o->state.assert_failed = true;
	end_events(o);
}

static void map_failed(const struct map_def *m, const char *what, int err)
{
	if (err)
		log_warn("cannot %s map @%s: %s", what, m->name, strerror(-err));
}

static void print_map(struct output *o, const struct event_def *e, uint64_t top, uint64_t div)
{
	const struct map_def *m = e->map;
	int err;

	if (e->takes)
		give_ahead(o, e);
	err = e->takes ? entries_take(&o->entries, &o->maps, m, e->takes == TAKES_ZERO)
		       : entries_read(&o->entries, &o->maps, m);
	map_failed(m, "read", err);
	if (err)
		return;
	// A scalar that was never assigned to reads as 0 wherever the script looks.
	if (!o->entries.count && !m->key && !type_is_plot(m->value))
		entries_add_zero(&o->entries);
	o->sink->map(o, &o->entries, top, div);
}

static void print_map_event(struct output *o, const struct event_def *e, const void *record)
{
	struct rec_map rec;

	memcpy(&rec, record, sizeof(rec));
	print_map(o, e, rec.top, rec.div);
}

static void request_exit(struct output *o, const void *record)
{
	struct rec_exit rec;

	memcpy(&rec, record, sizeof(rec));
	o->state.exit_code = (int)rec.code;
	end_events(o);
}

static void run_system(struct output *o, const struct event_def *e, const void *record)
{
	if (!o->unsafe)
		return; // check has refused it; a record alone does not get a shell
	format_scratch(o, e, record);
	command_run(o);
}

const char *failure_text(const struct event_def *e, int64_t err)
{
	if (e->kind == EVENT_DIVIDED_BY_ZERO)
		return "Divide or modulo by 0 detected. This can lead to unexpected results. 1 is "
		       "being used as the result.";
	if (e->kind == EVENT_NOT_UNWOUND)
		return "No DWARF unwind data available for this process. Use -p or --dwarf-pid to "
		       "specify target PIDs.";
	if (strcmp(e->text, "map_update_elem") == 0 && err == -E2BIG)
		return "Map full; can't update element. Try increasing max_map_keys config or "
		       "manually setting the max entries in a map declaration e.g. "
		       "`let @a = hash(5000)`";
	if (strcmp(e->text, "map_lookup_elem") == 0)
		return "Can't lookup map element because it does not exist.";
	return strerror((int)-err);
}

static void print_failure(struct output *o, const struct event_def *e, const void *record)
{
	struct rec_failure rec;

	memcpy(&rec, record, sizeof(rec));
	o->sink->failure(o, e, (int32_t)rec.err); // helpers before 6.4 return 32 bits
}

static bool prints(enum event_kind kind)
{
	return !event_is_failure(kind) && kind != EVENT_CLEAR && kind != EVENT_ZERO && kind != EVENT_EXIT &&
	       kind != EVENT_ASSERT;
}

static bool is_over(const struct output *o, uint32_t unit)
{
	if (o->ended || !o->only_end)
		return o->ended;
	return unit >= o->program->units.len || o->program->units.data[unit]->type != PROBE_END;
}

static void count_event(struct output *o, const struct event_def *e)
{
	if (!prints(e->kind))
		return;
	o->state.events++;
	if (o->max_events && o->state.events >= o->max_events)
		end_events(o);
}

static void handle_event(struct output *o, const struct event_def *e, const void *record)
{
	switch (e->kind) {
	case EVENT_PRINTF:
	case EVENT_ERRORF:
	case EVENT_WARNF:
		print_formatted(o, e, record);
		break;
	case EVENT_SYSTEM:
		run_system(o, e, record);
		break;
	case EVENT_CAT:
		format_scratch(o, e, record);
		command_cat(o);
		break;
	case EVENT_PRINT_VALUE:
	case EVENT_PRINT_MAP_ITEM:
		print_value(o, e, record);
		break;
	case EVENT_PRINT_MAP:
		print_map_event(o, e, record);
		break;
	case EVENT_CLEAR:
		map_failed(e->map, "clear", o->maps.clear(o->maps.ctx, e->map));
		break;
	case EVENT_ZERO:
		map_failed(e->map, "zero", o->maps.zero(o->maps.ctx, e->map));
		break;
	case EVENT_EXIT:
		request_exit(o, record);
		break;
	case EVENT_TIME:
		print_time(o, e);
		break;
	case EVENT_JOIN:
		print_join(o, e, record);
		break;
	case EVENT_ASSERT:
		print_assert(o, e);
		break;
	case EVENT_DIVIDED_BY_ZERO:
	case EVENT_HELPER_FAILED:
	case EVENT_NOT_UNWOUND:
		print_failure(o, e, record);
		break;
	case EVENT_PACKET: // comes another way (packets.c)
	case EVENT_KIND_COUNT:
		break;
	}
}

static size_t smallest_record(const struct event_def *e)
{
	size_t fixed = sizeof(struct rec_hdr);

	if (e->kind == EVENT_EXIT)
		fixed = sizeof(struct rec_exit);
	else if (e->kind == EVENT_PRINT_MAP)
		fixed = sizeof(struct rec_map);
	else if (event_is_failure(e->kind))
		fixed = sizeof(struct rec_failure);
	return e->size > fixed ? e->size : fixed;
}

// Do the bytes of an argument that varies lie inside the record, and are they what they should be?
static bool part_is_sound(const struct event_arg *a, const char *record, size_t size)
{
	struct rec_part part = part_of(a, record);
	uint32_t len;

	if (part.offset > size || part.size > size - part.offset || part.size > a->type->size)
		return false;
	if (a->type->kind == TYPE_BUFFER) {
		if (part.size < sizeof(len))
			return false;
		memcpy(&len, record + part.offset, sizeof(len));
		return len <= part.size - sizeof(len);
	}
	return !part.size || record[part.offset + part.size - 1] == '\0'; // strings
}

static bool parts_are_sound(const struct event_def *e, const void *record, size_t size)
{
	for (size_t i = 0; i < e->args.len; i++)
		if (e->args.data[i].varies && !part_is_sound(&e->args.data[i], record, size))
			return false;
	return true;
}

static bool needs_arg(enum event_kind kind)
{
	return kind == EVENT_PRINT_VALUE || kind == EVENT_PRINT_MAP_ITEM || kind == EVENT_JOIN;
}

static bool needs_map(enum event_kind kind)
{
	return kind == EVENT_PRINT_MAP || kind == EVENT_CLEAR || kind == EVENT_ZERO;
}

// In the part of fixed size.
static uint32_t room_of(const struct event_arg *a)
{
	return a->varies ? sizeof(struct rec_part) : a->type->size;
}

bool event_is_sound(const struct event_def *e)
{
	if ((needs_arg(e->kind) && !e->args.len) || (needs_map(e->kind) && !e->map) ||
	    (e->kind == EVENT_HELPER_FAILED && !e->text))
		return false;
	if (e->kind == EVENT_JOIN && !e->args.data[0].varies)
		return false;
	for (size_t i = 0; i < e->args.len; i++) {
		const struct event_arg *a = &e->args.data[i];

		if (!a->type || (a->is_const && !a->data))
			return false;
		if (!a->is_const && (uint64_t)a->offset + room_of(a) > e->size &&
		    e->kind != EVENT_EXIT && e->kind != EVENT_PRINT_MAP)
			return false;
	}
	return true;
}

static void note_process(struct output *o, const void *record)
{
	struct rec_process rec;

	memcpy(&rec, record, sizeof(rec));
	if (rec.hdr.event == REC_PROCESS && o->printer.usyms)
		usyms_remember(o->printer.usyms, (uint32_t)rec.pid);
	else if (rec.hdr.event == REC_UNMAPPED && o->unmapped.fn)
		o->unmapped.fn(o->unmapped.ctx, (int)rec.pid);
}

void output_on_unmapped(struct output *o, void (*fn)(void *ctx, int pid), void *ctx)
{
	o->unmapped.fn = fn;
	o->unmapped.ctx = ctx;
}

void output_record(struct output *o, const void *data, size_t size)
{
	const struct event_def *e;
	struct rec_hdr hdr;

	if (size >= sizeof(hdr))
		memcpy(&hdr, data, sizeof(hdr));
	if (size >= sizeof(hdr) && hdr.event == REC_STACK) {
		memo_answer(o, data, size);
		return;
	}
	if (size >= sizeof(struct rec_process) && hdr.event >= REC_UNMAPPED) {
		note_process(o, data);
		return;
	}
	if (size < sizeof(hdr) || hdr.event >= o->program->events.len) {
		o->bad_records++;
		return;
	}
	e = o->program->events.data[hdr.event];
	if (size < smallest_record(e) || !parts_are_sound(e, data, size)) {
		o->bad_records++;
		return;
	}
	if (is_over(o, hdr.unit))
		return;
	count_event(o, e);
	handle_event(o, e, data);
	output_write_line(o);
}

static int compare_names(const void *a, const void *b)
{
	const struct map_def *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static bool printed_at_exit(const struct map_def *m)
{
	return m->role == MAP_USER && !m->no_print && m->value;
}

// In the order of their names, as bpftrace does.
void output_maps_at_exit(struct output *o)
{
	const struct map_def **maps;
	size_t n = 0;

	o->sink->before_maps(o);
	output_write_line(o);
	if (!o->program->config.print_maps_on_exit)
		return;
	maps = arena_array(o->program->arena, const struct map_def *, o->program->maps.len + 1);
	for (size_t i = 0; i < o->program->maps.len; i++) {
		if (printed_at_exit(o->program->maps.data[i]))
			maps[n++] = o->program->maps.data[i];
	}
	if (n > 1)
		qsort(maps, n, sizeof(*maps), compare_names);
	for (size_t i = 0; i < n; i++) {
		int err = entries_read(&o->entries, &o->maps, maps[i]);

		map_failed(maps[i], "read", err);
		if (!err)
			o->sink->map(o, &o->entries, 0, 0);
		output_write_line(o);
	}
}
