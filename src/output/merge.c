// merge: a map value's copies, one per CPU (or just one), to one value. No copy is trusted
// to be written to: a CPU that never ran the probe holds zeros.
#include "output/internal.h"

#include <string.h>

#include "bpf/abi.h"

static uint64_t read_u64(const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static void add_words(const void *from, void *to, size_t bytes)
{
	for (size_t i = 0; i + 8 <= bytes; i += 8) {
		uint64_t sum = read_u64((char *)to + i) + read_u64((const char *)from + i);

		memcpy((char *)to + i, &sum, sizeof(sum));
	}
}

static bool less(uint64_t a, uint64_t b, bool is_signed)
{
	return is_signed ? (int64_t)a < (int64_t)b : a < b;
}

// { value; is_set }
static void merge_extreme(const struct type *t, const void *from, void *to)
{
	uint64_t value = read_u64(from), best = read_u64(to);
	bool better =
	    t->kind == TYPE_MIN ? less(value, best, t->is_signed) : less(best, value, t->is_signed);

	if (read_u64((const char *)from + 8) && (!read_u64((char *)to + 8) || better))
		memcpy(to, from, 16);
}

// { sum; count; min; max }
static void merge_stats(const struct type *t, const void *from, void *to)
{
	struct stats_val a, b;

	memcpy(&a, to, sizeof(a));
	memcpy(&b, from, sizeof(b));
	if (!b.count)
		return;
	if (!a.count || less(b.min, a.min, t->is_signed))
		a.min = b.min;
	if (!a.count || less(a.max, b.max, t->is_signed))
		a.max = b.max;
	a.sum += b.sum;
	a.count += b.count;
	memcpy(to, &a, sizeof(a));
}

// Integers of a per-CPU map declared by the script (`let @m = percpuhash(N)`) are summed.
static void merge_int(const struct type *t, const void *from, void *to)
{
	uint64_t sum = scalar_bits(t, to) + scalar_bits(t, from);

	memcpy(to, &sum, t->size < 8 ? t->size : 8);
}

static void merge_one(const struct type *t, const void *from, void *to, size_t bytes);

// The later interval stands; within one, the later value, or what the aggregation makes of both.
static void merge_bucket(const struct type *within, const struct tseries_bucket *from,
			 struct tseries_bucket *to)
{
	bool later = from->epoch > to->epoch;

	if (from->epoch < to->epoch || !from->epoch)
		return;
	if (within->kind == TYPE_INT && from->meta >= to->meta)
		later = true;
	if (later)
		*to = *from;
	else if (within->kind != TYPE_INT)
		merge_one(within, from, to, within->kind == TYPE_SUM ? 8 : 16);
}

static void merge_tseries(const struct type *t, const void *from, void *to, size_t bytes)
{
	struct type within = tseries_within(t);
	struct tseries_bucket a, b;

	for (size_t i = 0; i + sizeof(a) <= bytes; i += sizeof(a)) {
		memcpy(&a, (const char *)from + i, sizeof(a));
		memcpy(&b, (const char *)to + i, sizeof(b));
		merge_bucket(&within, &a, &b);
		memcpy((char *)to + i, &b, sizeof(b));
	}
}

static void merge_one(const struct type *t, const void *from, void *to, size_t bytes)
{
	switch (t->kind) {
	case TYPE_COUNT:
	case TYPE_SUM:
	case TYPE_AVG:
	case TYPE_HIST:
	case TYPE_LHIST:
		add_words(from, to, bytes);
		break;
	case TYPE_TSERIES:
		merge_tseries(t, from, to, bytes);
		break;
	case TYPE_MIN:
	case TYPE_MAX:
		if (bytes >= 16)
			merge_extreme(t, from, to);
		break;
	case TYPE_STATS:
		if (bytes >= sizeof(struct stats_val))
			merge_stats(t, from, to);
		break;
	case TYPE_INT:
		merge_int(t, from, to);
		break;
	default: // cannot be added: the first copy stands
		break;
	}
}

bool merge_copies(const struct map_def *m, const void *copies, unsigned count, size_t stride,
		  void *out)
{
	size_t offset = map_value_offset(m), bytes = m->value_size - offset;
	bool there = false;

	memset(out, 0, bytes);
	for (unsigned i = 0; i < count; i++) {
		const char *copy = (const char *)copies + i * stride;

		if (m->slot && !read_u64(copy)) // scalar_slot.present
			continue;
		if (there || type_is_aggregation(m->value))
			merge_one(m->value, copy + offset, out, bytes);
		else
			memcpy(out, copy + offset, bytes);
		there = true;
	}
	return there;
}
