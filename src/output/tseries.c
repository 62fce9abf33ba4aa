// tseries: the ring of buckets of a time series to rows, oldest first, and those to text:
//
//	             -5                                                  5
//	hh:mm:ss.ms  |___________________________________________________|
//	10:00:00.100 *                         .                         | -5
//	10:00:00.200 |                         .                         | -
//	10:00:00.300 |                         .    *                    | 1
//	             v___________________________________________________v
//	             -5                                                  5
//
// The scale goes from the least value to the largest; dots mark its zero. An interval in which
// nothing came has a dash. Rows end with the last interval of any series of the map, so that
// series can be laid side by side, and begin with the first one of this.
#include "output/internal.h"

#include <string.h>

#include "bpf/abi.h"

#define GRAPH_WIDTH 53 // with its two borders
#define LEFT_WIDTH 21  // of the least value's column

// The bucket of an interval, when it still holds it.
static bool bucket_of(const struct tseries *s, uint64_t epoch, struct tseries_bucket *out)
{
	uint64_t index = epoch % (uint64_t)s->type->params[1];

	memcpy(out, s->buckets + index * sizeof(*out), sizeof(*out));
	return out->epoch == epoch && epoch;
}

bool tseries_value(const struct tseries *s, uint64_t epoch, uint64_t *value)
{
	struct type within = tseries_within(s->type);
	struct tseries_bucket b;

	if (!bucket_of(s, epoch, &b))
		return false;
	*value = aggregation_number(&within, &b, 0);
	return true;
}

struct type tseries_within(const struct type *t)
{
	return (struct type){.kind = (enum type_kind)t->params[2],
			     .size = t->params[2] == TYPE_INT ? 8 : 16,
			     .is_signed = t->is_signed};
}

uint64_t tseries_last(const struct entries *es)
{
	size_t count = (size_t)es->map->value->params[1];
	struct tseries_bucket b;
	uint64_t last = 0;

	for (size_t i = 0; i < es->count; i++) {
		for (size_t j = 0; j < count; j++) {
			memcpy(&b, es->list[i].value + j * sizeof(b), sizeof(b));
			if (b.epoch > last)
				last = b.epoch;
		}
	}
	return last;
}

struct tseries tseries_rows(const struct type *t, const unsigned char *buckets, uint64_t last)
{
	uint64_t count = (uint64_t)t->params[1], first = last >= count ? last - count + 1 : 1;
	struct tseries s = {.type = t, .buckets = buckets, .last = last};
	struct tseries_bucket b;

	while (first < last && !bucket_of(&s, first, &b))
		first++;
	s.first = first < last ? first : last;
	return s;
}

void tseries_time(const struct printer *pr, struct buf *b, const struct tseries *s,
		  uint64_t epoch, const char *format)
{
	clock_text(pr->clocks, b, format, epoch * (uint64_t)s->type->params[0], CLOCK_MODE_TAI);
}

// ---- text --------------------------------------------------------------------------------

// How precise the times are: as the interval is. A single row says all that is known.
struct time_style {
	const char *heading, *format;
	int width; // of a time, in columns
};

static struct time_style time_style(const struct tseries *s)
{
	int64_t interval = s->type->params[0];

	if (s->first == s->last || interval < 1000)
		return (struct time_style){"hh:mm:ss.ns", "%H:%M:%S.%k", 18};
	if (interval < 1000000)
		return (struct time_style){"hh:mm:ss.\u03bcs", "%H:%M:%S.%f", 15};
	if (interval < 1000000000)
		return (struct time_style){"hh:mm:ss.ms", "%H:%M:%S.%l", 12};
	return (struct time_style){"hh:mm:ss", "%H:%M:%S", 8};
}

struct scale {
	bool known; // some row has a value
	uint64_t min, max;
	int zero; // column of its zero; 0: not within
};

static bool less(const struct tseries *s, uint64_t a, uint64_t b)
{
	return s->type->is_signed ? (int64_t)a < (int64_t)b : a < b;
}

// A scale of one value gets room on both sides, as far as there are numbers.
static void widen(const struct tseries *s, struct scale *sc)
{
	uint64_t least = s->type->is_signed ? (uint64_t)INT64_MIN : 0;
	uint64_t most = s->type->is_signed ? (uint64_t)INT64_MAX : UINT64_MAX;

	if (sc->min != least)
		sc->min--;
	if (sc->max != most)
		sc->max++;
}

// In floats, as bpftrace does: columns are compared to the letter.
static int column_of(const struct scale *sc, uint64_t v, int width)
{
	float below = (float)(int64_t)(sc->min - v), whole = (float)(int64_t)(sc->min - sc->max);
	int column = (int)((float)width * below / whole);

	return column < 0 ? 0 : column >= GRAPH_WIDTH ? GRAPH_WIDTH - 1 : column;
}

static struct scale scale_of(const struct tseries *s)
{
	struct scale sc = {0};
	uint64_t v;

	for (uint64_t epoch = s->first; epoch <= s->last; epoch++) {
		if (!tseries_value(s, epoch, &v))
			continue;
		if (!sc.known || less(s, v, sc.min))
			sc.min = v;
		if (!sc.known || less(s, sc.max, v))
			sc.max = v;
		sc.known = true;
	}
	if (sc.known && sc.min == sc.max)
		widen(s, &sc);
	if (less(s, sc.min, 0) && less(s, 0, sc.max))
		sc.zero = column_of(&sc, 0, GRAPH_WIDTH);
	return sc;
}

static void value_or(struct buf *b, const struct tseries *s, bool there, uint64_t v,
		     const char *none)
{
	if (there)
		buf_printf(b, s->type->is_signed ? "%lld" : "%llu", (long long)v);
	else
		buf_puts(b, none);
}

static void ends_line(struct buf *b, const struct tseries *s, const struct scale *sc, int indent)
{
	struct buf least = {0}, most = {0};

	value_or(&least, s, sc->known, sc->min, "null");
	value_or(&most, s, sc->known, sc->max, "null");
	buf_printf(b, "%*s%-*s%*s\n", indent, "", LEFT_WIDTH, buf_str(&least),
		   GRAPH_WIDTH - LEFT_WIDTH, buf_str(&most));
	buf_release(&least);
	buf_release(&most);
}

static void border_line(struct buf *b, char corner)
{
	buf_putc(b, corner);
	for (int i = 0; i < GRAPH_WIDTH - 2; i++)
		buf_putc(b, '_');
	buf_putc(b, corner);
	buf_putc(b, '\n');
}

static void row_line(struct buf *b, const struct tseries *s, const struct scale *sc, uint64_t epoch)
{
	char line[GRAPH_WIDTH + 1];
	uint64_t v = 0;
	bool there = tseries_value(s, epoch, &v);

	memset(line, ' ', GRAPH_WIDTH);
	line[GRAPH_WIDTH] = '\0';
	line[0] = line[GRAPH_WIDTH - 1] = '|';
	if (sc->zero > 0)
		line[sc->zero] = '.';
	if (there)
		line[column_of(sc, v, GRAPH_WIDTH - 1)] = '*';
	buf_printf(b, " %s ", line);
	value_or(b, s, there, v, "-");
	buf_putc(b, '\n');
}

void tseries_text(const struct printer *pr, struct buf *b, const struct tseries *s)
{
	struct time_style ts = time_style(s);
	struct scale sc = scale_of(s);

	ends_line(b, s, &sc, ts.width + 1);
	buf_printf(b, "%-*s", ts.width + 1, ts.heading);
	border_line(b, '|');
	for (uint64_t epoch = s->first; epoch <= s->last; epoch++) {
		tseries_time(pr, b, s, epoch, ts.format);
		row_line(b, s, &sc, epoch);
	}
	buf_printf(b, "%*s", ts.width + 1, "");
	border_line(b, 'v');
	ends_line(b, s, &sc, ts.width + 1);
}
