// text: the sink that prints what bpftrace prints. Values and maps enter, lines are appended
// to o->line. Messages (errorf, losses) go to stderr: stdout carries results only.
//
//	@reads[dd, 3]: 12
//
//	@us[vfs_read]:
//	[4, 8)                 1 |@@@@@@@@@@@@@@@@@                                   |
//	[8, 16)                3 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
#include "output/internal.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/diag.h"
#include "base/log.h"

#define BAR_WIDTH 52

static void text_text(struct output *o, enum text_kind kind, const char *s, size_t n)
{
	// What a file or a command says is not the script's own text.
	bool foreign = kind == TEXT_CAT || kind == TEXT_SYSTEM || kind == TEXT_JOIN;
	size_t start = o->line.len;

	buf_append(&o->line, s, n);
	if (foreign)
		escape_since(&o->printer, &o->line, start);
	if (kind == TEXT_JOIN || kind == TEXT_SYSTEM)
		buf_putc(&o->line, '\n');
}

static void text_value(struct output *o, const struct type *t, const void *data)
{
	struct style st = {0};

	value_text(&o->printer, &o->line, &st, t, data);
	buf_putc(&o->line, '\n');
}

// "@m[key]"; the parentheses of a tuple are left out.
static void key_text(struct output *o, const struct map_def *m, const void *key)
{
	struct buf *b = &o->line;
	struct style st = {0};
	size_t start;

	buf_putc(b, '@');
	buf_puts(b, m->name);
	if (!m->key)
		return;
	buf_putc(b, '[');
	start = b->len;
	value_text(&o->printer, b, &st, m->key, key);
	if (b->len - start >= 2 && b->data[start] == '(' && b->data[b->len - 1] == ')') {
		memmove(b->data + start, b->data + start + 1, b->len - start - 2);
		b->len -= 2;
		b->data[b->len] = '\0';
	}
	buf_putc(b, ']');
}

static void row_text(struct buf *b, const struct hist_row *row, uint64_t max)
{
	char label[2 * sizeof(row->low_text) + 8];
	// In floats, as bpftrace does: the length of a bar is compared to the letter.
	int bar = max ? (int)((float)row->count / (float)max * BAR_WIDTH) : 0;

	if (row->single)
		snprintf(label, sizeof(label), "[%s]", row->low_text);
	else
		snprintf(label, sizeof(label), "%s%s, %s", row->has_low ? "[" : "(",
			 row->has_low ? row->low_text : "...",
			 row->has_high ? row->high_text : "...");
	if (!row->single)
		strcat(label, ")");
	buf_printf(b, "%-16s%8llu |", label, (unsigned long long)row->count);
	for (int i = 0; i < BAR_WIDTH; i++)
		buf_putc(b, i < bar ? '@' : ' ');
	buf_puts(b, "|\n");
}

static void hist_text(struct buf *b, const struct map_def *m, const uint64_t *buckets, uint64_t div)
{
	uint64_t max = 0;
	size_t first, last;
	struct hist_row row;

	if (!hist_range(buckets, hist_bucket_count(m), &first, &last))
		return;
	for (size_t i = first; i <= last; i++) {
		hist_row(m->value, buckets, i, div, &row);
		if (row.count > max)
			max = row.count;
	}
	for (size_t i = first; i <= last; i++) {
		hist_row(m->value, buckets, i, div, &row);
		row_text(b, &row, max);
	}
}

static void plot_text(struct output *o, const struct map_def *m, const unsigned char *value,
		      uint64_t last, uint64_t div)
{
	struct tseries s;

	if (m->value->kind == TYPE_TSERIES) {
		s = tseries_rows(m->value, value, last);
		tseries_text(&o->printer, &o->line, &s);
	} else {
		hist_text(&o->line, m, (const uint64_t *)value, div);
	}
}

static void text_map(struct output *o, const struct entries *es, uint64_t top, uint64_t div)
{
	const struct map_def *m = es->map;
	uint64_t last = m->value->kind == TYPE_TSERIES ? tseries_last(es) : 0;

	for (size_t i = entries_first(es, top); i < es->count; i++) {
		struct style st = {.div = div};

		key_text(o, m, es->list[i].key);
		if (type_is_plot(m->value)) {
			buf_puts(&o->line, ":\n");
			plot_text(o, m, es->list[i].value, last, div);
		} else {
			buf_puts(&o->line, ": ");
			value_text(&o->printer, &o->line, &st, m->value, es->list[i].value);
		}
		buf_putc(&o->line, '\n');
		output_write_line(o);
	}
}

static void text_message(struct output *o, const struct event_def *e, const char *s, size_t n)
{
	_cleanup_(buf_release) struct buf text = {0};

	diag_message(&text, o->program->sources, e->span,
		     e->kind == EVENT_WARNF ? DIAG_WARNING : DIAG_ERROR, s, n,
		     e->kind == EVENT_ASSERT);
	output_write_line(o);
	if (o->capture) {
		buf_append(&o->line, text.data, text.len);
		return;
	}
	output_flush(o); // stderr and stdout in the order of the records
	fwrite(text.data, 1, text.len, stderr);
}

static void text_failure(struct output *o, const struct event_def *e, int64_t err)
{
	_cleanup_(buf_release) struct buf text = {0}, more = {0};

	if (o->no_warnings)
		return;
	if (e->kind == EVENT_HELPER_FAILED)
		buf_printf(&more, "Additional Info - helper: %s, retcode: %lld", e->text,
			   (long long)err);
	diag_show(&text, o->program->sources, e->span, failure_text(e, err),
		  more.len ? buf_str(&more) : NULL, o->colour);
	output_write_line(o);
	output_flush(o); // stderr and stdout in the order of the records
	fwrite(text.data, 1, text.len, stderr);
}

static void text_attached(struct output *o, unsigned probes)
{
	log_note("Attached %u probe%s", probes, probes == 1 ? "" : "s");
}

static void text_before_maps(struct output *o)
{
	buf_puts(&o->line, "\n\n");
}

const struct sink text_sink = {
    .text = text_text,
    .value = text_value,
    .map = text_map,
    .message = text_message,
    .failure = text_failure,
    .attached = text_attached,
    .before_maps = text_before_maps,
    .stats = text_stats,
};
