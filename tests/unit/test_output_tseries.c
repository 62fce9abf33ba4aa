// Time series: copies of CPUs to one, buckets to rows, rows to text. The texts' shape is what
// bpftrace 0.27.1 printed for the same values.
#include "base/cleanup.h"
#include "output_fixture.h"

#define MS 1000000
#define BASE 1000 // an interval's number; of 100 ms: 00:01:40

static struct type series_type(int64_t interval, int64_t count, enum type_kind within, bool sign)
{
	return (struct type){.kind = TYPE_TSERIES, .size = (uint32_t)count * 24, .align = 8,
			     .is_signed = sign, .params = {interval, count, within}};
}

static void put(struct tseries_bucket *ring, const struct type *t, uint64_t epoch, int64_t value,
		uint64_t meta)
{
	ring[epoch % (uint64_t)t->params[1]] =
	    (struct tseries_bucket){.value = (uint64_t)value, .meta = meta, .epoch = epoch};
}

// TAI is the wall clock here, and that is UTC.
static const char *text_of(const struct type *t, const struct tseries_bucket *ring, uint64_t last)
{
	static struct buf b;
	struct clocks clocks = {.known[CLOCK_MODE_TAI] = true};
	struct printer pr = {.clocks = &clocks};
	struct tseries s = tseries_rows(t, (const unsigned char *)ring, last);

	setenv("TZ", "UTC", 1);
	buf_clear(&b);
	tseries_text(&pr, &b, &s);
	buf_release(&clocks.format);
	return buf_str(&b);
}

static void test_rows(void)
{
	struct type t = series_type(100 * MS, 5, TYPE_INT, true);
	struct tseries_bucket ring[5] = {{0}};

	put(ring, &t, BASE - 4, 99, 1); // too old: its place is not asked for
	put(ring, &t, BASE - 1, -5, 1);
	put(ring, &t, BASE, 0, 1);
	put(ring, &t, BASE + 2, 5, 1);
	CHECK_STR(text_of(&t, ring, BASE + 3),
		  "             -5                                                  5\n"
		  "hh:mm:ss.ms  |___________________________________________________|\n"
		  "00:01:39.900 *                         .                         | -5\n"
		  "00:01:40.000 |                         *                         | 0\n"
		  "00:01:40.100 |                         .                         | -\n"
		  "00:01:40.200 |                         .                         * 5\n"
		  "00:01:40.300 |                         .                         | -\n"
		  "             v___________________________________________________v\n"
		  "             -5                                                  5\n");
}

static void test_one_value(void)
{
	struct type t = series_type(1000 * MS, 3, TYPE_INT, false);
	struct tseries_bucket ring[3] = {{0}};

	put(ring, &t, 100, -1, 1);
	CHECK_STR(text_of(&t, ring, 100),
		  "                   18446744073709551614             18446744073709551615\n"
		  "hh:mm:ss.ns        |___________________________________________________|\n"
		  "00:01:40.000000000 |                                                   * "
		  "18446744073709551615\n"
		  "                   v___________________________________________________v\n"
		  "                   18446744073709551614             18446744073709551615\n");
}

static void test_nothing_recent(void)
{
	struct type t = series_type(1000 * MS, 3, TYPE_INT, true);
	struct tseries_bucket ring[3] = {{0}};

	put(ring, &t, 50, 5, 1);
	CHECK_STR(text_of(&t, ring, 100),
		  "                   null                                             null\n"
		  "hh:mm:ss.ns        |___________________________________________________|\n"
		  "00:01:40.000000000 |                                                   | -\n"
		  "                   v___________________________________________________v\n"
		  "                   null                                             null\n");
}

static void test_precision(void)
{
	static const struct {
		int64_t interval;
		const char *heading;
	} cases[] = {{999, "hh:mm:ss.ns        |"}, {1000, "hh:mm:ss.\u03bcs    |"},
		     {MS, "hh:mm:ss.ms  |"}, {1000 * MS, "hh:mm:ss |"}};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct type t = series_type(cases[i].interval, 3, TYPE_INT, true);
		struct tseries_bucket ring[3] = {{0}};

		put(ring, &t, 7, 1, 1);
		put(ring, &t, 8, 2, 1);
		CHECK(strstr(text_of(&t, ring, 8), cases[i].heading));
	}
}

// ---- merging -------------------------------------------------------------------------------------

// Two CPUs write to interval 7, one of them also to 8; a third one is behind.
static int64_t merged(enum type_kind within, uint64_t epoch, bool *there)
{
	struct type t = series_type(MS, 2, within, true);
	struct map_def m = {.value = &t, .value_size = t.size,
			    .bpf_kind = BPF_MAP_KIND_PERCPU_HASH};
	struct tseries_bucket cpus[3][2] = {{{0}}}, out[2];
	struct tseries s = {.type = &t, .buckets = (unsigned char *)out};
	uint64_t v = 0;

	put(cpus[0], &t, 5, 1000, 1);
	put(cpus[1], &t, 7, -30, 3);
	put(cpus[2], &t, 7, 10, 1);
	put(cpus[2], &t, 8, 6, 2);
	CHECK(merge_copies(&m, cpus, 3, sizeof(cpus[0]), out));
	*there = tseries_value(&s, epoch, &v);
	return (int64_t)v;
}

static void test_merge(void)
{
	bool there;

	CHECK_INT(merged(TYPE_INT, 7, &there), -30); // the later one, by its time
	CHECK_INT(merged(TYPE_SUM, 7, &there), -20);
	CHECK_INT(merged(TYPE_AVG, 7, &there), -5); // of 4
	CHECK_INT(merged(TYPE_MIN, 7, &there), -30);
	CHECK_INT(merged(TYPE_MAX, 7, &there), 10);
	CHECK_INT(merged(TYPE_SUM, 8, &there), 6);
	CHECK(there);
	merged(TYPE_SUM, 5, &there);
	CHECK(!there); // its place belongs to interval 7 now
}

TEST_MAIN(test_rows, test_one_value, test_nothing_recent, test_precision, test_merge)
