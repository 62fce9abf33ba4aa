// entries: a map's contents, merged over CPUs and in the order in which they are printed.
//
// bpftrace's order: integers, count and sum by value; min and max by value taken as unsigned;
// avg and stats by average; histograms by their total; everything else by key. Within a key,
// integers compare as signed, strings by their bytes, other members of a tuple do not count.
// Where that leaves a tie bpftrace prints in hash order; here the whole key decides, so that
// equal contents print equally.
#include "output/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void entries_release(struct entries *es)
{
	buf_release(&es->bytes);
	buf_release(&es->scratch);
	free(es->list);
	*es = (struct entries){0};
}

// ---- reading -----------------------------------------------------------------------------

static size_t round_up8(size_t n)
{
	return (n + 7) & ~(size_t)7;
}

static size_t value_bytes(const struct map_def *m)
{
	return m->value_size - map_value_offset(m);
}

static int add_entry(void *arg, const void *key, const void *copies, unsigned count, size_t stride)
{
	struct entries *es = arg;
	const struct map_def *m = es->map;
	static const char padding[8];

	if (!merge_copies(m, copies, count, stride, es->scratch.data))
		return 0;
	buf_append(&es->bytes, key, m->key_size);
	buf_append(&es->bytes, padding, round_up8(m->key_size) - m->key_size);
	buf_append(&es->bytes, es->scratch.data, value_bytes(m));
	buf_append(&es->bytes, padding, round_up8(value_bytes(m)) - value_bytes(m));
	es->count++;
	return 0;
}

static uint64_t bucket_total(const struct entries *es, const unsigned char *value)
{
	uint64_t total = 0, v;

	for (size_t i = 0; i < hist_bucket_count(es->map); i++) {
		memcpy(&v, value + 8 * i, sizeof(v));
		total += v;
	}
	return total;
}

// The bytes no longer move: point into them.
static int list_entries(struct entries *es)
{
	size_t key = round_up8(es->map->key_size), value = round_up8(value_bytes(es->map));
	const unsigned char *p = (const unsigned char *)es->bytes.data;
	bool hist = type_is_hist(es->map->value);

	if (es->cap < es->count) {
		struct entry *list = realloc(es->list, es->count * sizeof(*list));

		if (!list)
			return -ENOMEM;
		es->list = list;
		es->cap = es->count;
	}
	for (size_t i = 0; i < es->count; i++, p += key + value) {
		es->list[i] = (struct entry){.key = p, .value = p + key};
		if (hist)
			es->list[i].total = bucket_total(es, p + key);
	}
	return 0;
}

// ---- order ---------------------------------------------------------------------------------

static int compare_u64(uint64_t a, uint64_t b, bool is_signed)
{
	if (is_signed)
		return ((int64_t)a > (int64_t)b) - ((int64_t)a < (int64_t)b);
	return (a > b) - (a < b);
}

static uint64_t signed_bits(const struct type *t, const void *data)
{
	struct type as_signed = {.kind = TYPE_INT, .size = t->size, .is_signed = true};

	return scalar_bits(&as_signed, data);
}

// `all`: every member counts, not only those that bpftrace looks at.
static int compare_keys(const struct type *t, const unsigned char *a, const unsigned char *b,
			bool all)
{
	int order = 0;

	switch (t->kind) {
	case TYPE_INT:
	case TYPE_ENUM:
		return compare_u64(signed_bits(t, a), signed_bits(t, b), true);
	case TYPE_STRING:
		return memcmp(a, b, t->size);
	case TYPE_TUPLE:
	case TYPE_RECORD:
		for (size_t i = 0; i < t->field_count && !order; i++) {
			const struct type *ft = t->fields[i].type;
			bool looked_at = ft->kind == TYPE_INT || ft->kind == TYPE_ENUM ||
					 ft->kind == TYPE_STRING;
			size_t at = t->fields[i].offset;

			if (all || (looked_at && t->kind == TYPE_TUPLE))
				order = compare_keys(ft, a + at, b + at, all);
		}
		return order;
	default:
		if (!all)
			return 0;
		if (type_is_scalar(t))
			return compare_u64(scalar_bits(t, a), scalar_bits(t, b), t->is_signed);
		return memcmp(a, b, t->size);
	}
}

static int compare_values(const struct type *t, const struct entry *a, const struct entry *b)
{
	switch (t->kind) {
	case TYPE_INT:
	case TYPE_ENUM:
		return compare_u64(scalar_bits(t, a->value), scalar_bits(t, b->value),
				   t->is_signed);
	case TYPE_HIST:
	case TYPE_LHIST:
		return compare_u64(a->total, b->total, false);
	case TYPE_COUNT:
	case TYPE_SUM:
	case TYPE_AVG:
	case TYPE_STATS:
	case TYPE_MIN:
	case TYPE_MAX:
		return compare_u64(aggregation_number(t, a->value, 0),
				   aggregation_number(t, b->value, 0),
				   t->is_signed && t->kind != TYPE_COUNT && t->kind != TYPE_MIN &&
				       t->kind != TYPE_MAX);
	default:
		return 0;
	}
}

static int compare_entries(const void *pa, const void *pb, void *arg)
{
	const struct map_def *m = arg;
	const struct entry *a = pa, *b = pb;
	int order = compare_values(m->value, a, b);

	if (order || !m->key)
		return order;
	order = compare_keys(m->key, a->key, b->key, false);
	if (!order)
		order = compare_keys(m->key, a->key, b->key, true);
	return order;
}

static void begin_reading(struct entries *es, const struct map_def *m)
{
	es->map = m;
	es->count = 0;
	buf_clear(&es->bytes);
	buf_clear(&es->scratch);
	buf_reserve(&es->scratch, value_bytes(m));
}

static int end_reading(struct entries *es, const struct map_def *m, int err)
{
	err = err ?: list_entries(es);
	if (err) {
		es->count = 0;
		return err;
	}
	if (es->count > 1)
		qsort_r(es->list, es->count, sizeof(*es->list), compare_entries, (void *)m);
	return 0;
}

int entries_read(struct entries *es, const struct map_reader *r, const struct map_def *m)
{
	int err;

	begin_reading(es, m);
	err = r->walk(r->ctx, m, add_entry, es);
	return end_reading(es, m, err);
}

int entries_take(struct entries *es, const struct map_reader *r, const struct map_def *m,
		 bool keep)
{
	int err;

	begin_reading(es, m);
	err = r->take(r->ctx, m, keep, add_entry, es);
	return end_reading(es, m, err);
}

void entries_add_zero(struct entries *es)
{
	static const char zeros[8];
	size_t bytes = round_up8(es->map->key_size) + round_up8(value_bytes(es->map));

	for (size_t at = 0; at < bytes; at += 8)
		buf_append(&es->bytes, zeros, 8);
	es->count++;
	if (list_entries(es))
		es->count = 0;
}

size_t entries_first(const struct entries *es, uint64_t top)
{
	if (es->map->value->kind == TYPE_TSERIES)
		return 0; // bpftrace prints them all
	return top && top < es->count ? es->count - top : 0;
}
