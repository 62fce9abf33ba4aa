// json: the sink that prints one JSON object per line (NDJSON). The schema:
//
//   {"type": "attached_probes", "count": N, "data": {"probes": N}}   not with -q
//   {"type": "printf", "data": "text"}     also "time", "cat", "join", "syscall"
//   {"type": "value", "data": V}           print(value)
//   {"type": "map", "data": {"@m": V}}     keyed: {"@m": {"key": V, "1,x": V}}
//   {"type": "stats", ...}                 the same, for avg() and stats()
//   {"type": "hist", ...}                  the same; V is a list of closed intervals:
//                                          [{"min": 4, "max": 7, "count": 1},...]
//                                          the first may lack min, the last max
//   {"type": "tseries", ...}               the same; V is a list of intervals, without the empty:
//                                          [{"interval_start":"YYYY-MM-DD hh:mm:ss.ns","value":4},...]
//   {"type": "errorf", "msg": "text", "filename": "f", "line": 1, "col": 9}
//                                          also "warnf"
//   {"type": "runtime_error", "msg": "text", "filename": "f", "line": 1, "col": 9}
//   {"type": "helper_error", "msg": "text", "helper": "map_update_elem", "retcode": -7,
//    "filename": "f", "line": 1, "col": 9}
//   {"type": "lost_events", "count": N, "data": {"events": N}}
//   {"type": "run_stats", ...}             the last one, not with -q: see stats.c
//
// V is null, true, false, a number, a string (also for integers that a double cannot hold
// exactly), an array (tuples, arrays, buffers as signed bytes) or an object (records, stats()).
// Keys of maps are their text without blanks and without a tuple's outer parentheses.
#include "output/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/source.h"

static void open_record(struct output *o, const char *type)
{
	buf_printf(&o->line, "{\"type\": \"%s\", \"data\": ", type);
}

static void close_record(struct output *o)
{
	buf_puts(&o->line, "}\n");
}

static void json_text(struct output *o, enum text_kind kind, const char *s, size_t n)
{
	static const char *const types[] = {
	    [TEXT_PRINTF] = "printf", [TEXT_TIME] = "time",	 [TEXT_CAT] = "cat",
	    [TEXT_JOIN] = "join",     [TEXT_SYSTEM] = "syscall",
	};

	open_record(o, types[kind]);
	json_string(&o->line, s, n);
	close_record(o);
}

static void json_value_line(struct output *o, const struct type *t, const void *data)
{
	open_record(o, "value");
	value_json(&o->printer, &o->line, t, data, 0);
	close_record(o);
}

static void key_json(struct output *o, const struct map_def *m, const void *key)
{
	struct style st = {0};
	struct buf *b = &o->scratch;
	size_t start = 0, end, to = 0;

	buf_clear(b);
	value_text(&o->printer, b, &st, m->key, key);
	end = b->len;
	if (end >= 2 && b->data[0] == '(' && b->data[end - 1] == ')') {
		start = 1;
		end--;
	}
	for (size_t i = start; i < end; i++) {
		if (b->data[i] != ' ')
			b->data[to++] = b->data[i];
	}
	json_string(&o->line, b->data ? b->data : "", to);
}

static void row_json(const struct type *t, struct buf *b, const struct hist_row *row)
{
	buf_putc(b, '{');
	if (row->has_low) {
		buf_puts(b, "\"min\": ");
		json_int(b, (uint64_t)row->low, t->kind == TYPE_LHIST);
		buf_puts(b, ", ");
	}
	if (row->has_high) {
		buf_puts(b, "\"max\": ");
		json_int(b, row->high - 1, true);
		buf_puts(b, ", ");
	}
	buf_printf(b, "\"count\": %llu}", (unsigned long long)row->count);
}

static void hist_json(struct buf *b, const struct map_def *m, const uint64_t *buckets, uint64_t div)
{
	size_t first, last;
	struct hist_row row;

	buf_putc(b, '[');
	if (hist_range(buckets, hist_bucket_count(m), &first, &last)) {
		for (size_t i = first; i <= last; i++) {
			hist_row(m->value, buckets, i, div, &row);
			if (i > first)
				buf_putc(b, ',');
			row_json(m->value, b, &row);
		}
	}
	buf_putc(b, ']');
}

static void tseries_json(struct output *o, const struct tseries *s)
{
	const char *separator = "";
	uint64_t v;

	buf_putc(&o->line, '[');
	for (uint64_t epoch = s->first; epoch <= s->last; epoch++) {
		if (!tseries_value(s, epoch, &v))
			continue;
		buf_printf(&o->line, "%s{\"interval_start\":\"", separator);
		tseries_time(&o->printer, &o->line, s, epoch, "%Y-%m-%d %H:%M:%S.%k");
		buf_puts(&o->line, "\",\"value\":");
		json_int(&o->line, v, s->type->is_signed);
		buf_putc(&o->line, '}');
		separator = ",";
	}
	buf_putc(&o->line, ']');
}

static void entry_json(struct output *o, const struct entries *es, size_t i, uint64_t last,
		       uint64_t div)
{
	const struct map_def *m = es->map;
	const struct entry *e = &es->list[i];
	struct tseries s;

	if (m->value->kind == TYPE_TSERIES) {
		s = tseries_rows(m->value, e->value, last);
		tseries_json(o, &s);
	} else if (type_is_hist(m->value))
		hist_json(&o->line, m, (const uint64_t *)e->value, div);
	else
		value_json(&o->printer, &o->line, m->value, e->value, div);
}

static const char *map_type(const struct type *value)
{
	if (value->kind == TYPE_AVG || value->kind == TYPE_STATS)
		return "stats";
	if (value->kind == TYPE_TSERIES)
		return "tseries";
	return type_is_hist(value) ? "hist" : "map";
}

static void json_map(struct output *o, const struct entries *es, uint64_t top, uint64_t div)
{
	const struct map_def *m = es->map;
	size_t first = entries_first(es, top);
	uint64_t last = m->value->kind == TYPE_TSERIES ? tseries_last(es) : 0;

	// Nothing is said about an empty map, except avg() and stats(): bpftrace's way.
	if (!es->count && m->value->kind != TYPE_AVG && m->value->kind != TYPE_STATS)
		return;
	open_record(o, map_type(m->value));
	buf_printf(&o->line, "{\"@%s\": ", m->name);
	if (!m->key && es->count) {
		entry_json(o, es, 0, last, div);
	} else {
		buf_putc(&o->line, '{');
		for (size_t i = first; i < es->count; i++) {
			if (i > first)
				buf_puts(&o->line, ", ");
			key_json(o, m, es->list[i].key);
			buf_puts(&o->line, ": ");
			entry_json(o, es, i, last, div);
		}
		buf_putc(&o->line, '}');
	}
	buf_putc(&o->line, '}');
	close_record(o);
}

static void place_json(struct output *o, struct span at)
{
	struct source_pos pos = sources_pos(o->program->sources, at.begin);

	if (!pos.source)
		return;
	buf_puts(&o->line, ", \"filename\": ");
	json_string(&o->line, pos.source->name, strlen(pos.source->name));
	buf_printf(&o->line, ", \"line\": %u, \"col\": %u", pos.line, pos.column);
}

static void json_message(struct output *o, const struct event_def *e, const char *s, size_t n)
{
	buf_printf(&o->line,
		   "{\"type\": \"%s\", \"msg\": ", e->kind == EVENT_WARNF ? "warnf" : "errorf");
	json_string(&o->line, s, n);
	place_json(o, e->span);
	close_record(o);
}

static void json_failure(struct output *o, const struct event_def *e, int64_t err)
{
	bool helper = e->kind == EVENT_HELPER_FAILED;
	const char *msg = helper ? strerror((int)-err) : failure_text(e, err);

	buf_printf(&o->line, "{\"type\": \"%s\", \"msg\": ",
		   helper ? "helper_error" : "runtime_error");
	json_string(&o->line, msg, strlen(msg));
	if (helper)
		buf_printf(&o->line, ", \"helper\": \"%s\", \"retcode\": %lld", e->text,
			   (long long)err);
	place_json(o, e->span);
	close_record(o);
}

static void json_attached(struct output *o, unsigned probes)
{
	if (o->quiet)
		return;
	buf_printf(&o->line,
		   "{\"type\": \"attached_probes\", \"count\": %u, \"data\": {\"probes\": %u}}\n",
		   probes, probes);
}

static void json_before_maps(struct output *o)
{
}

const struct sink json_sink = {
    .text = json_text,
    .value = json_value_line,
    .map = json_map,
    .message = json_message,
    .failure = json_failure,
    .attached = json_attached,
    .before_maps = json_before_maps,
    .stats = json_stats,
};
