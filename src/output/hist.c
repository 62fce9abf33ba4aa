// hist: buckets to rows. The buckets of one merged histogram enter, intervals with their
// labels leave; text.c and json.c draw them.
//
// hist(n, bits): bucket 0 counts negative values. After it every 1 << bits buckets are one
// power of two: the first run counts single values, each later run's buckets are twice as
// wide as the ones of the run before. Bucket i covers [edge(i - 1), edge(i)).
// lhist(n, min, max, step): bucket 0 is below min, the last one from the last whole step up.
#include "output/internal.h"

#include <stdio.h>
#include <string.h>

bool type_is_hist(const struct type *t)
{
	return t->kind == TYPE_HIST || t->kind == TYPE_LHIST;
}

bool type_is_plot(const struct type *t)
{
	return type_is_hist(t) || t->kind == TYPE_TSERIES;
}

size_t hist_bucket_count(const struct map_def *m)
{
	return (m->value_size - map_value_offset(m)) / sizeof(uint64_t);
}

bool hist_range(const uint64_t *buckets, size_t n, size_t *first, size_t *last)
{
	size_t i = 0;

	while (i < n && !buckets[i])
		i++;
	if (i == n)
		return false;
	*first = i;
	for (; i < n; i++) {
		if (buckets[i])
			*last = i;
	}
	return true;
}

// ---- powers of two -----------------------------------------------------------------------

// Up to here edges are plain numbers; above, they may have a suffix.
static bool edge_is_plain(size_t index, unsigned bits)
{
	return index <= (size_t)2 << bits;
}

static uint64_t power_edge(size_t index, unsigned bits, char *text, size_t room)
{
	static const char suffixes[] = {'\0', 'K', 'M', 'G', 'T', 'P', 'E'};
	uint64_t n = 1ull << bits, mantissa = n + (index & (n - 1));
	unsigned power = (unsigned)(index >> bits) - 1, decade = power / 10;

	if (edge_is_plain(index, bits)) {
		snprintf(text, room, "%zu", index);
		return index;
	}
	if (decade >= sizeof(suffixes) || power > 63) {
		snprintf(text, room, "?");
		return UINT64_MAX; // more buckets than there are values: not from our programs
	}
	snprintf(text, room, "%llu%c", (unsigned long long)(mantissa << (power % 10)),
		 suffixes[decade]);
	return mantissa << power;
}

static void hist_edges(struct hist_row *row, size_t i, unsigned bits)
{
	row->has_low = i > 0;
	row->has_high = true;
	if (!i) {
		snprintf(row->high_text, sizeof(row->high_text), "0");
		return;
	}
	row->low = (int64_t)power_edge(i - 1, bits, row->low_text, sizeof(row->low_text));
	row->high = power_edge(i, bits, row->high_text, sizeof(row->high_text));
	row->single = edge_is_plain(i, bits);
}

// ---- linear ------------------------------------------------------------------------------

// Labels have suffixes when every edge is a multiple of 1024.
static void linear_label(char *text, size_t room, int64_t v, int64_t step)
{
	const int64_t kilo = 1024, mega = kilo * kilo;

	if (step % kilo || v == 0 || v % kilo)
		snprintf(text, room, "%lld", (long long)v);
	else if (v % mega)
		snprintf(text, room, "%lldK", (long long)(v / kilo));
	else
		snprintf(text, room, "%lldM", (long long)(v / mega));
}

static void lhist_edges(struct hist_row *row, size_t i, const int64_t *params)
{
	int64_t min = params[0], max = params[1], step = params[2];
	int64_t high = min + (int64_t)i * step;

	row->has_low = i > 0;
	row->has_high = high <= max;
	row->low = high - step;
	row->high = (uint64_t)high;
	if (row->has_low)
		linear_label(row->low_text, sizeof(row->low_text), row->low, step);
	if (row->has_high)
		linear_label(row->high_text, sizeof(row->high_text), high, step);
	row->single = row->has_low && row->has_high && step == 1;
}

void hist_row(const struct type *t, const uint64_t *buckets, size_t index, uint64_t div,
	      struct hist_row *row)
{
	memset(row, 0, sizeof(*row));
	row->count = buckets[index];
	if (t->kind == TYPE_LHIST) { // div does nothing here, in bpftrace neither
		lhist_edges(row, index, t->params);
		return;
	}
	if (div)
		row->count /= div;
	hist_edges(row, index, (unsigned)t->params[0]);
}
