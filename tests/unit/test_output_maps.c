// Maps and histograms in both formats. Every expected text is what bpftrace 0.27.1 printed at
// exit, or for print(@m, top, div), for the script in the comment before it.
#include "output_fixture.h"

#define BAR52 "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@"
#define BAR26 "@@@@@@@@@@@@@@@@@@@@@@@@@@                          "
#define BAR17 "@@@@@@@@@@@@@@@@@                                   "
#define BAR0 "                                                    "

static struct fixture fx;
static struct fake_map fakes[8];
static struct fake_map *fake = &fakes[0];

static void begin(struct type *key, struct type *value)
{
	fixture_init(&fx);
	fake_init(&fx, fake, "m", key, value);
	if (type_is_aggregation(value))
		fake->cpus = 2;
}

static void key_words(struct val key, size_t n, const int64_t *words)
{
	fake_words(fake, fake_key(fake, key), 0, n, words);
}

// print(@m, top, div)
static const char *print_top(enum output_format format, uint64_t top, uint64_t div)
{
	struct rec_map rec = {.top = top, .div = div};
	struct event_def *e = fixture_event(&fx, EVENT_PRINT_MAP, 0, NULL);

	e->map = fake->def;
	rec.hdr.event = e->id;
	output_free(fx.out);
	rewind(fx.file);
	CHECK_INT(ftruncate(fileno(fx.file), 0), 0);
	fixture_open(&fx, format);
	fixture_maps(&fx, fakes);
	output_record(fx.out, &rec, sizeof(rec));
	return fixture_text(&fx);
}

// Once as text, once as JSON; the second time the program has one event more.
static void check_map(const char *text, const char *json, uint64_t top, uint64_t div)
{
	char want[8192];

	CHECK_STR(print_top(OUTPUT_TEXT, top, div), text);
	snprintf(want, sizeof(want), "{\"type\": %s}\n", json);
	CHECK_STR(print_top(OUTPUT_JSON, top, div), want);
	fixture_release(&fx);
}

// ---- order -----------------------------------------------------------------------------------

// @a[1]=200000; @a[2]=100000; @a[3]=-300000; ties: bpftrace's order is the hash table's
static void test_int_by_value(void)
{
	begin(&type_int64, &type_int64);
	fake_add(fake, I64(4), I64(100000));
	fake_add(fake, I64(1), I64(200000));
	fake_add(fake, I64(2), I64(100000));
	fake_add(fake, I64(3), I64(-300000));
	check_map("@m[3]: -300000\n@m[2]: 100000\n@m[4]: 100000\n@m[1]: 200000\n",
		  "\"map\", \"data\": {\"@m\": {\"3\": -300000, \"2\": 100000, \"4\": 100000, "
		  "\"1\": 200000}}",
		  0, 0);
}

// @b[1]=(uint64)1<<63; @b[2]=5;
static void test_uint_by_value(void)
{
	begin(&type_int64, &type_uint64);
	fake_add(fake, I64(1), U64(1ull << 63));
	fake_add(fake, I64(2), U64(5));
	check_map("@m[2]: 5\n@m[1]: 9223372036854775808\n",
		  "\"map\", \"data\": {\"@m\": {\"2\": 5, \"1\": 9223372036854775808}}", 0, 0);
}

// @k["b"]="x"; @k["a"]="y";
static void test_string_keys(void)
{
	begin(STR("a").type, STR("x").type);
	fake_add(fake, STR("b"), STR("x"));
	fake_add(fake, STR("a"), STR("y"));
	check_map("@m[a]: y\n@m[b]: x\n",
		  "\"map\", \"data\": {\"@m\": {\"a\": \"y\", \"b\": \"x\"}}", 0, 0);
}

// @t[1,"b"]="x"; @t[1,"a"]="y"; @t[-1,"z"]="q"; @t[0,"z"]="q";
static void test_tuple_keys(void)
{
	begin(TUP(I64(1), STR("b")).type, STR("x").type);
	fake_add(fake, TUP(I64(1), STR("b")), STR("x"));
	fake_add(fake, TUP(I64(1), STR("a")), STR("y"));
	fake_add(fake, TUP(I64(-1), STR("z")), STR("q"));
	fake_add(fake, TUP(I64(0), STR("z")), STR("q"));
	check_map("@m[-1, z]: q\n@m[0, z]: q\n@m[1, a]: y\n@m[1, b]: x\n",
		  "\"map\", \"data\": {\"@m\": {\"-1,z\": \"q\", \"0,z\": \"q\", \"1,a\": \"y\", "
		  "\"1,b\": \"x\"}}",
		  0, 0);
}

// @t["b",-1]="1"; @t["a",5]="2"; @t["a",-7]="3";
static void test_string_first_keys(void)
{
	begin(TUP(STR("b"), I64(1)).type, STR("x").type);
	fake_add(fake, TUP(STR("b"), I64(-1)), STR("1"));
	fake_add(fake, TUP(STR("a"), I64(5)), STR("2"));
	fake_add(fake, TUP(STR("a"), I64(-7)), STR("3"));
	check_map("@m[a, -7]: 3\n@m[a, 5]: 2\n@m[b, -1]: 1\n",
		  "\"map\", \"data\": {\"@m\": {\"a,-7\": \"3\", \"a,5\": \"2\", \"b,-1\": \"1\"}}",
		  0, 0);
}

// @w[true,2]="a"; @w[false,3]="b"; @w[false,1]="c";	bools do not count in a tuple
static void test_bool_in_tuple(void)
{
	begin(TUP(BOOL(1), I64(1)).type, STR("x").type);
	fake_add(fake, TUP(BOOL(1), I64(2)), STR("a"));
	fake_add(fake, TUP(BOOL(0), I64(3)), STR("b"));
	fake_add(fake, TUP(BOOL(0), I64(1)), STR("c"));
	check_map("@m[false, 1]: c\n@m[true, 2]: a\n@m[false, 3]: b\n",
		  "\"map\", \"data\": {\"@m\": {\"false,1\": \"c\", \"true,2\": \"a\", "
		  "\"false,3\": \"b\"}}",
		  0, 0);
}

// @v[(uint64)-1]="a"; @v[5]="b";	keys compare as signed
static void test_unsigned_keys(void)
{
	begin(&type_uint64, STR("x").type);
	fake_add(fake, U64(5), STR("b"));
	fake_add(fake, U64(-1), STR("a"));
	check_map("@m[18446744073709551615]: a\n@m[5]: b\n",
		  "\"map\", \"data\": {\"@m\": {\"18446744073709551615\": \"a\", \"5\": \"b\"}}", 0,
		  0);
}

// @u[(int8)-1]="a"; @u[(int8)5]="b";
static void test_small_keys(void)
{
	begin(&type_int8, STR("x").type);
	fake_add(fake, I8(5), STR("b"));
	fake_add(fake, I8(-1), STR("a"));
	check_map("@m[-1]: a\n@m[5]: b\n",
		  "\"map\", \"data\": {\"@m\": {\"-1\": \"a\", \"5\": \"b\"}}", 0, 0);
}

// @s[1]=(uint8)200; @s[2]=(uint8)3;
static void test_small_values(void)
{
	begin(&type_int64, &type_uint8);
	fake_add(fake, I64(1), U8(200));
	fake_add(fake, I64(2), U8(3));
	check_map("@m[2]: 3\n@m[1]: 200\n", "\"map\", \"data\": {\"@m\": {\"2\": 3, \"1\": 200}}",
		  0, 0);
}

// @["a b"]=1; @["(c d)"]=2;	blanks go in JSON's keys, outer parentheses everywhere
static void test_odd_keys(void)
{
	begin(STRN("", 8).type, &type_int64);
	fake_add(fake, STRN("a b", 8), I64(1));
	fake_add(fake, STRN("(c d)", 8), I64(2));
	check_map("@m[a b]: 1\n@m[c d]: 2\n", "\"map\", \"data\": {\"@m\": {\"ab\": 1, \"cd\": 2}}",
		  0, 0);
}

// @e[1,(2,"z")]=count();  and  $a = (x=1, y="ab"); @k[$a] = 1;
static void test_nested_keys(void)
{
	static const char *xy[] = {"x", "y"};
	struct val rec = val_members(xy, VALS(I8(1), STR("ab")));
	struct val key = TUP(I64(1), TUP(I64(2), STR("z")));

	begin(key.type, agg_type(TYPE_COUNT, 8, false));
	key_words(key, WORDS(1));
	check_map("@m[1, (2, z)]: 1\n", "\"map\", \"data\": {\"@m\": {\"1,(2,z)\": 1}}", 0, 0);
	begin(rec.type, &type_int64);
	fake_add(fake, rec, I64(1));
	check_map("@m[{ .x = 1, .y = ab }]: 1\n",
		  "\"map\", \"data\": {\"@m\": {\"{.x=1,.y=ab}\": 1}}", 0, 0);
}

// ---- aggregations ------------------------------------------------------------------------------

// @c[3]=count(); @c[1]=count(); @c[1]=count(); @c[2]=count(); print(@c,2); print(@c,2,2);
static void fill_counts(void)
{
	begin(&type_int64, agg_type(TYPE_COUNT, 8, false));
	key_words(I64(3), WORDS(1));
	key_words(I64(1), WORDS(1));
	fake_words(fake, 1, 1, WORDS(1)); // another CPU
	key_words(I64(2), WORDS(1));
}

static void test_count(void)
{
	fill_counts();
	check_map("@m[2]: 1\n@m[3]: 1\n@m[1]: 2\n",
		  "\"map\", \"data\": {\"@m\": {\"2\": 1, \"3\": 1, \"1\": 2}}", 0, 0);
	fill_counts();
	check_map("@m[3]: 1\n@m[1]: 2\n", "\"map\", \"data\": {\"@m\": {\"3\": 1, \"1\": 2}}", 2,
		  0);
	fill_counts();
	check_map("@m[3]: 0\n@m[1]: 1\n", "\"map\", \"data\": {\"@m\": {\"3\": 0, \"1\": 1}}", 2,
		  2);
	fill_counts();
	check_map("@m[2]: 0\n@m[3]: 0\n@m[1]: 1\n",
		  "\"map\", \"data\": {\"@m\": {\"2\": 0, \"3\": 0, \"1\": 1}}", 100, 2);
}

// @s[-1]=sum(5); @s[2]=sum(-7); @s[3]=sum(1);   and   @a[1]=sum(7); @a[2]=sum(-7); print(@a,0,2)
static void test_sum(void)
{
	begin(&type_int64, agg_type(TYPE_SUM, 8, true));
	key_words(I64(-1), WORDS(9));
	fake_words(fake, 0, 1, WORDS(-4));
	key_words(I64(2), WORDS(-7));
	key_words(I64(3), WORDS(1));
	check_map("@m[2]: -7\n@m[3]: 1\n@m[-1]: 5\n",
		  "\"map\", \"data\": {\"@m\": {\"2\": -7, \"3\": 1, \"-1\": 5}}", 0, 0);
	begin(&type_int64, agg_type(TYPE_SUM, 8, true));
	key_words(I64(1), WORDS(7));
	key_words(I64(2), WORDS(-7));
	check_map("@m[2]: -3\n@m[1]: 3\n", "\"map\", \"data\": {\"@m\": {\"2\": -3, \"1\": 3}}", 0,
		  2);
}

// @g[5]=min(-4); @g[6]=min(4); @h[5]=max(-4); @h[6]=max(100);	both order as unsigned
static void test_extremes(void)
{
	begin(&type_int64, agg_type(TYPE_MIN, 16, true));
	key_words(I64(5), WORDS(0, 0)); // this CPU never saw a value
	fake_words(fake, 0, 1, WORDS(-4, 1));
	key_words(I64(6), WORDS(9, 1));
	fake_words(fake, 1, 1, WORDS(4, 1));
	check_map("@m[6]: 4\n@m[5]: -4\n", "\"map\", \"data\": {\"@m\": {\"6\": 4, \"5\": -4}}", 0,
		  0);
	begin(&type_int64, agg_type(TYPE_MAX, 16, true));
	key_words(I64(5), WORDS(-4, 1));
	key_words(I64(6), WORDS(9, 1));
	fake_words(fake, 1, 1, WORDS(100, 1));
	check_map("@m[6]: 100\n@m[5]: -4\n", "\"map\", \"data\": {\"@m\": {\"6\": 100, \"5\": -4}}",
		  0, 0);
}

// @m[1]=max(9); print(@m,0,2);
static void test_max_div(void)
{
	begin(&type_int64, agg_type(TYPE_MAX, 16, true));
	key_words(I64(1), WORDS(9, 1));
	check_map("@m[1]: 4\n", "\"map\", \"data\": {\"@m\": {\"1\": 4}}", 0, 2);
}

// An unsigned extreme is larger than a small one.
static void test_unsigned_extreme(void)
{
	begin(NULL, agg_type(TYPE_MAX, 16, false));
	fake_words(fake, fake_key(fake, NO_KEY), 0, WORDS(5, 1));
	fake_words(fake, 0, 1, WORDS(-1, 1));
	check_map("@m: 18446744073709551615\n",
		  "\"map\", \"data\": {\"@m\": \"18446744073709551615\"}", 0, 0);
}

// @d[1]=avg(-3); @d[2]=avg(10); @d[2]=avg(15);   and   print(@d, 1)
static void test_avg(void)
{
	begin(&type_int64, agg_type(TYPE_AVG, 16, true));
	key_words(I64(2), WORDS(10, 1));
	fake_words(fake, 0, 1, WORDS(15, 1));
	key_words(I64(1), WORDS(-3, 1));
	check_map("@m[1]: -3\n@m[2]: 12\n", "\"stats\", \"data\": {\"@m\": {\"1\": -3, \"2\": 12}}",
		  0, 0);
	begin(NULL, agg_type(TYPE_AVG, 16, true)); // @y=avg(9); print(@y,0,2);
	fake_words(fake, fake_key(fake, NO_KEY), 0, WORDS(9, 1));
	check_map("@m: 4\n", "\"stats\", \"data\": {\"@m\": 4}", 0, 2);
}

// @c[1]=stats(5); @c[2]=stats(-3); @c[2]=stats(-6);
static void test_stats(void)
{
	begin(&type_int64, agg_type(TYPE_STATS, 32, true));
	key_words(I64(1), WORDS(5, 1, 5, 5));
	key_words(I64(2), WORDS(-3, 1, -3, -3));
	fake_words(fake, 1, 1, WORDS(-6, 1, -6, -6));
	check_map(
	    "@m[2]: { .count = 2, .average = -4, .total = -9 }\n"
	    "@m[1]: { .count = 1, .average = 5, .total = 5 }\n",
	    "\"stats\", \"data\": {\"@m\": {\"2\": {\"count\": 2, \"average\": -4, \"total\": "
	    "-9}, \"1\": {\"count\": 1, \"average\": 5, \"total\": 5}}}",
	    0, 0);
}

// @s["b"]=stats(4); @s["a"]=stats(100); print(@s,1); print(@s,5,10);
static void fill_stats(void)
{
	begin(STR("a").type, agg_type(TYPE_STATS, 32, true));
	key_words(STR("b"), WORDS(4, 1, 4, 4));
	key_words(STR("a"), WORDS(100, 1, 100, 100));
}

static void test_stats_top(void)
{
	fill_stats();
	check_map("@m[a]: { .count = 1, .average = 100, .total = 100 }\n",
		  "\"stats\", \"data\": {\"@m\": {\"a\": {\"count\": 1, \"average\": 100, "
		  "\"total\": 100}}}",
		  1, 0);
	fill_stats();
	check_map("@m[b]: { .count = 1, .average = 0, .total = 4 }\n"
		  "@m[a]: { .count = 1, .average = 10, .total = 100 }\n",
		  "\"stats\", \"data\": {\"@m\": {\"b\": {\"count\": 1, \"average\": 0, \"total\": "
		  "4}, \"a\": {\"count\": 1, \"average\": 10, \"total\": 100}}}",
		  5, 10);
}

// ---- scalars -----------------------------------------------------------------------------------

// @a=1; @l=(1,"ab"); @z=(10,"a"); print(@z,0,2); @sc=5; print(@sc,1,2); @=strerror...
static void test_scalars(void)
{
	begin(NULL, &type_int64);
	fake_add(fake, NO_KEY, I64(1));
	check_map("@m: 1\n", "\"map\", \"data\": {\"@m\": 1}", 0, 0);
	begin(NULL, TUP(I8(1), STR("ab")).type);
	fake_add(fake, NO_KEY, TUP(I8(1), STR("ab")));
	check_map("@m: (1, ab)\n", "\"map\", \"data\": {\"@m\": [1,\"ab\"]}", 0, 0);
	begin(NULL, TUP(I8(10), STR("a")).type);
	fake_add(fake, NO_KEY, TUP(I8(10), STR("a")));
	check_map("@m: (5, a)\n", "\"map\", \"data\": {\"@m\": [5,\"a\"]}", 0, 2);
	begin(NULL, &type_int64);
	fake_add(fake, NO_KEY, I64(5));
	check_map("@m: 2\n", "\"map\", \"data\": {\"@m\": 2}", 1, 2);
}

// Empty maps: @k[1]=1; clear(@k); print(@k); and so on: only avg() and stats() have a record
static void test_empty(void)
{
	begin(&type_int64, &type_int64);
	CHECK_STR(print_top(OUTPUT_TEXT, 0, 0), "");
	CHECK_STR(print_top(OUTPUT_JSON, 0, 0), "");
	fixture_release(&fx);
	begin(&type_int64, agg_type(TYPE_STATS, 32, true));
	check_map("", "\"stats\", \"data\": {\"@m\": {}}", 0, 0);
	begin(NULL, hist_type(0));
	CHECK_STR(print_top(OUTPUT_TEXT, 0, 0), "");
	CHECK_STR(print_top(OUTPUT_JSON, 0, 0), "");
	fixture_release(&fx);
}

// if (pid == 0) { @x=1; @c=count(); @t=(1,"a"); @st=stats(1); } print(@x); ...
static void test_unassigned_scalars(void)
{
	begin(NULL, &type_int64);
	check_map("@m: 0\n", "\"map\", \"data\": {\"@m\": 0}", 0, 0);
	begin(NULL, agg_type(TYPE_COUNT, 8, false));
	check_map("@m: 0\n", "\"map\", \"data\": {\"@m\": 0}", 0, 0);
	begin(NULL, agg_type(TYPE_MIN, 16, true));
	check_map("@m: 0\n", "\"map\", \"data\": {\"@m\": 0}", 0, 0);
	begin(NULL, TUP(I8(1), STR("a")).type);
	check_map("@m: (0, )\n", "\"map\", \"data\": {\"@m\": [0,\"\"]}", 0, 0);
	begin(NULL, agg_type(TYPE_AVG, 16, true));
	check_map("@m: 0\n", "\"stats\", \"data\": {\"@m\": 0}", 0, 0);
	begin(NULL, agg_type(TYPE_STATS, 32, true));
	check_map("@m: { .count = 0, .average = 0, .total = 0 }\n",
		  "\"stats\", \"data\": {\"@m\": {\"count\": 0, \"average\": 0, \"total\": 0}}", 0,
		  0);
}

// A scalar in an array: struct scalar_slot; not there until a CPU has set `present`.
static void test_slot(void)
{
	for (int present = 0; present < 2; present++) {
		begin(NULL, agg_type(TYPE_COUNT, 8, false));
		fake->def->slot = true;
		fake->def->value_size = sizeof(struct scalar_slot);
		fake->def->bpf_kind = BPF_MAP_KIND_PERCPU_ARRAY;
		fake_words(fake, fake_key(fake, NO_KEY), 0, WORDS(0, 77));
		fake_words(fake, 0, 1, WORDS(present, 40));
		fake_words(fake, 0, 2, WORDS(present, 2));
		check_map(present ? "@m: 42\n" : "@m: 0\n",
			  present ? "\"map\", \"data\": {\"@m\": 42}"
				  : "\"map\", \"data\": {\"@m\": 0}",
			  0, 0);
	}
}

// let @m = percpuhash(N): integers are summed over the CPUs.
static void test_percpu_int(void)
{
	begin(&type_int64, &type_int64);
	key_words(I64(1), WORDS(5));
	fake_words(fake, 0, 1, WORDS(-7));
	check_map("@m[1]: -2\n", "\"map\", \"data\": {\"@m\": {\"1\": -2}}", 0, 0);
}

// ---- histograms --------------------------------------------------------------------------------

static void bucket(unsigned entry, unsigned cpu, unsigned index, uint64_t count)
{
	memcpy(fake->values[entry][cpu] + 8 * index, &count, 8);
}

// @p=hist(5);   and   @l=hist(0);
static void test_hist_one(void)
{
	begin(NULL, hist_type(0));
	bucket(fake_key(fake, NO_KEY), 0, 4, 1);
	check_map("@m:\n[4, 8)                 1 |" BAR52 "|\n\n",
		  "\"hist\", \"data\": {\"@m\": [{\"min\": 4, \"max\": 7, \"count\": 1}]}", 0, 0);
	begin(NULL, hist_type(0));
	bucket(fake_key(fake, NO_KEY), 0, 1, 1);
	check_map("@m:\n[0]                    1 |" BAR52 "|\n\n",
		  "\"hist\", \"data\": {\"@m\": [{\"min\": 0, \"max\": 0, \"count\": 1}]}", 0, 0);
}

// @=hist(-5);@=hist((uint64)-1);@=hist(0);@=hist(1);@=hist(2);@=hist(3);
static void test_hist_low(void)
{
	begin(NULL, hist_type(0));
	fake_key(fake, NO_KEY);
	bucket(0, 0, 0, 1);
	bucket(0, 1, 0, 1);
	bucket(0, 0, 1, 1);
	bucket(0, 1, 2, 1);
	bucket(0, 1, 3, 2);
	check_map("@m:\n"
		  "(..., 0)               2 |" BAR52 "|\n"
		  "[0]                    1 |" BAR26 "|\n"
		  "[1]                    1 |" BAR26 "|\n"
		  "[2, 4)                 2 |" BAR52 "|\n\n",
		  "\"hist\", \"data\": {\"@m\": [{\"max\": -1, \"count\": 2},{\"min\": 0, \"max\": "
		  "0, \"count\": 1},{\"min\": 1, \"max\": 1, \"count\": 1},{\"min\": 2, \"max\": "
		  "3, \"count\": 2}]}",
		  0, 0);
}

// Labels of hist(n): one bucket for every power of two.
static void test_hist_labels(void)
{
	static const char *labels[] = {
	    "[512, 1K)",  "[1K, 2K)",	"[2K, 4K)",   "[512K, 1M)", "[1M, 2M)",
	    "[512M, 1G)", "[1G, 2G)",	"[512G, 1T)", "[1T, 2T)",   "[512T, 1P)",
	    "[1P, 2P)",	  "[512P, 1E)", "[1E, 2E)",   "[4E, 8E)",
	};
	static const unsigned powers[] = {9, 10, 11, 19, 20, 29, 30, 39, 40, 49, 50, 59, 60, 62};
	uint64_t buckets[128] = {0};
	struct type *t = hist_type(0);

	for (size_t i = 0; i < sizeof(powers) / sizeof(powers[0]); i++) {
		char label[64];
		struct hist_row row;

		hist_row(t, buckets, powers[i] + 2, 0, &row);
		snprintf(label, sizeof(label), "[%s, %s)", row.low_text, row.high_text);
		CHECK_STR(label, labels[i]);
		CHECK(!row.single && row.low == (int64_t)(1ull << powers[i]));
		CHECK(row.high == 2ull << powers[i]);
	}
}

static void check_label(struct type *t, unsigned index, const char *want)
{
	uint64_t buckets[4096] = {0};
	struct hist_row row;
	char label[64];

	hist_row(t, buckets, index, 0, &row);
	if (row.single)
		snprintf(label, sizeof(label), "[%s]", row.low_text);
	else
		snprintf(label, sizeof(label), "%s, %s", row.has_low ? row.low_text : "...",
			 row.has_high ? row.high_text : "...");
	CHECK_STR(label, want);
}

// @b=hist(n,2): 0 1 2 ... 7 single, then 8-10, ..., 3584-4K, 4K-5K. @c=hist(n,5)
static void test_hist_bits(void)
{
	struct type *two = hist_type(2), *five = hist_type(5);
	static const struct {
		unsigned index;
		const char *label;
	} of_two[] = {
	    {0, "..., 0"},    {1, "[0]"},	 {4, "[3]"},	     {5, "[4]"},
	    {8, "[7]"},	      {9, "8, 10"},	 {12, "14, 16"},     {13, "16, 20"},
	    {24, "112, 128"}, {36, "896, 1024"}, {37, "1024, 1280"}, {44, "3584, 4K"},
	    {45, "4K, 5K"},   {49, "8K, 10K"},	 {68, "224K, 256K"},
	};

	for (size_t i = 0; i < sizeof(of_two) / sizeof(of_two[0]); i++)
		check_label(two, of_two[i].index, of_two[i].label);
	check_label(five, 32, "[31]");
	check_label(five, 33, "[32]");
	check_label(five, 64, "[63]");
	check_label(five, 65, "64, 66");
	check_label(five, 97, "128, 132");
	check_label(hist_type(0), 64, "4E, 8E"); // the highest that a positive int64 reaches
	check_label(five, 1888, "8064P, 8192P");
}

// @h[1]=hist(4); @h[2]=hist(4) + 3x hist(9); @h[3]=2x hist(4); print(@h), (@h,1), (@h,2,2)
static void fill_hists(void)
{
	begin(&type_int64, hist_type(0));
	bucket(fake_key(fake, I64(2)), 0, 4, 1);
	bucket(0, 1, 5, 3);
	bucket(fake_key(fake, I64(1)), 0, 4, 1);
	bucket(fake_key(fake, I64(3)), 0, 4, 1);
	bucket(2, 1, 4, 1);
}

static void test_keyed_hist(void)
{
	fill_hists();
	check_map(
	    "@m[1]:\n[4, 8)                 1 |" BAR52 "|\n\n"
	    "@m[3]:\n[4, 8)                 2 |" BAR52 "|\n\n"
	    "@m[2]:\n[4, 8)                 1 |" BAR17 "|\n"
	    "[8, 16)                3 |" BAR52 "|\n\n",
	    "\"hist\", \"data\": {\"@m\": {\"1\": [{\"min\": 4, \"max\": 7, \"count\": 1}], "
	    "\"3\": [{\"min\": 4, \"max\": 7, \"count\": 2}], \"2\": [{\"min\": 4, \"max\": 7, "
	    "\"count\": 1},{\"min\": 8, \"max\": 15, \"count\": 3}]}}",
	    0, 0);
	fill_hists();
	check_map("@m[2]:\n[4, 8)                 1 |" BAR17 "|\n"
		  "[8, 16)                3 |" BAR52 "|\n\n",
		  "\"hist\", \"data\": {\"@m\": {\"2\": [{\"min\": 4, \"max\": 7, \"count\": 1},"
		  "{\"min\": 8, \"max\": 15, \"count\": 3}]}}",
		  1, 0);
	fill_hists();
	check_map("@m[3]:\n[4, 8)                 1 |" BAR52 "|\n\n"
		  "@m[2]:\n[4, 8)                 0 |" BAR0 "|\n"
		  "[8, 16)                1 |" BAR52 "|\n\n",
		  "\"hist\", \"data\": {\"@m\": {\"3\": [{\"min\": 4, \"max\": 7, \"count\": 1}], "
		  "\"2\": [{\"min\": 4, \"max\": 7, \"count\": 0},{\"min\": 8, \"max\": 15, "
		  "\"count\": 1}]}}",
		  2, 2);
}

// @sh=hist(3); print(@sh,1,2);   and   @z=hist(4); zero(@z); print(@z);
static void test_hist_zero(void)
{
	begin(NULL, hist_type(0));
	bucket(fake_key(fake, NO_KEY), 0, 3, 1);
	check_map("@m:\n[2, 4)                 0 |" BAR0 "|\n\n",
		  "\"hist\", \"data\": {\"@m\": [{\"min\": 2, \"max\": 3, \"count\": 0}]}", 1, 2);
	begin(NULL, hist_type(0));
	fake_key(fake, NO_KEY);
	check_map("@m:\n\n", "\"hist\", \"data\": {\"@m\": []}", 0, 0);
	begin(&type_int64, lhist_type(0, 10, 1));
	fake_key(fake, I64(1));
	check_map("@m[1]:\n\n", "\"hist\", \"data\": {\"@m\": {\"1\": []}}", 0, 0);
}

// @=lhist(n,0,100,10) for -5 0 30 30 99 100 1000, shortened to the ends here
static void test_lhist(void)
{
	begin(NULL, lhist_type(0, 30, 10));
	fake_key(fake, NO_KEY);
	bucket(0, 0, 0, 1);
	bucket(0, 1, 1, 1);
	bucket(0, 0, 4, 2);
	check_map(
	    "@m:\n"
	    "(..., 0)               1 |" BAR26 "|\n"
	    "[0, 10)                1 |" BAR26 "|\n"
	    "[10, 20)               0 |" BAR0 "|\n"
	    "[20, 30)               0 |" BAR0 "|\n"
	    "[30, ...)              2 |" BAR52 "|\n\n",
	    "\"hist\", \"data\": {\"@m\": [{\"max\": -1, \"count\": 1},{\"min\": 0, \"max\": "
	    "9, \"count\": 1},{\"min\": 10, \"max\": 19, \"count\": 0},{\"min\": 20, \"max\": "
	    "29, \"count\": 0},{\"min\": 30, \"count\": 2}]}",
	    0, 0);
}

// @m=lhist(7,0,5,1); @n=lhist(0,5,10,1); @l=lhist(3,0,10,1) twice, print(@l,0,2)
static void test_lhist_ends(void)
{
	begin(NULL, lhist_type(0, 5, 1));
	bucket(fake_key(fake, NO_KEY), 0, 6, 1);
	check_map("@m:\n[5, ...)               1 |" BAR52 "|\n\n",
		  "\"hist\", \"data\": {\"@m\": [{\"min\": 5, \"count\": 1}]}", 0, 0);
	begin(NULL, lhist_type(5, 10, 1));
	bucket(fake_key(fake, NO_KEY), 0, 0, 1);
	check_map("@m:\n(..., 5)               1 |" BAR52 "|\n\n",
		  "\"hist\", \"data\": {\"@m\": [{\"max\": 4, \"count\": 1}]}", 0, 0);
	begin(NULL, lhist_type(0, 10, 1));
	bucket(fake_key(fake, NO_KEY), 0, 4, 2);
	check_map("@m:\n[3]                    2 |" BAR52 "|\n\n",
		  "\"hist\", \"data\": {\"@m\": [{\"min\": 3, \"max\": 3, \"count\": 2}]}", 0, 2);
}

// Steps of 1024: 4K; lhist(3000000,0,5000000,1000000) is wider than its column;
// lhist(n,0,105,10): the last bucket begins at 100.
static void test_lhist_labels(void)
{
	check_label(lhist_type(0, 100000, 1024), 5, "4K, 5K");
	check_label(lhist_type(0, 1048576, 2048), 1, "0, 2K");
	check_label(lhist_type(0, 1048576, 2048), 512, "1022K, 1M");
	check_label(lhist_type(0, 1048576, 2048), 513, "1M, ...");
	check_label(lhist_type(0, 105, 10), 10, "90, 100");
	check_label(lhist_type(0, 105, 10), 11, "100, ...");
	check_label(lhist_type(0, 10000, 1000), 2, "1000, 2000");
	begin(NULL, lhist_type(0, 5000000, 1000000));
	bucket(fake_key(fake, NO_KEY), 0, 4, 1);
	check_map("@m:\n[3000000, 4000000)       1 |" BAR52 "|\n\n",
		  "\"hist\", \"data\": {\"@m\": [{\"min\": 3000000, \"max\": 3999999, \"count\": "
		  "1}]}",
		  0, 0);
}

// ---- at exit -----------------------------------------------------------------------------------

// BEGIN { @x=1; @=2; @b[1]=hist(4); @empty[1]=1; clear(@empty); @a="s"; } : by name
static void test_at_exit(void)
{
	struct type *str = STR("s").type;

	for (int json = 0; json < 2; json++) {
		fixture_init(&fx);
		fake_init(&fx, &fakes[0], "x", NULL, &type_int64);
		fake_add(&fakes[0], NO_KEY, I64(1));
		fake_init(&fx, &fakes[1], "", NULL, &type_int64);
		fake_add(&fakes[1], NO_KEY, I64(2));
		fake_init(&fx, &fakes[2], "b", &type_int64, hist_type(0));
		fake = &fakes[2];
		bucket(fake_key(fake, I64(1)), 0, 4, 1);
		fake = &fakes[0];
		fake_init(&fx, &fakes[3], "empty", &type_int64, &type_int64);
		fake_init(&fx, &fakes[4], "a", NULL, str);
		fake_add(&fakes[4], NO_KEY, STR("s"));
		fake_init(&fx, &fakes[6], "st", NULL, agg_type(TYPE_STATS, 32, true));
		fake_init(&fx, &fakes[5], "hidden", NULL, &type_int64);
		fake_add(&fakes[5], NO_KEY, I64(2));
		fakes[5].def->no_print = true;
		fixture_open(&fx, json ? OUTPUT_JSON : OUTPUT_TEXT);
		fixture_maps(&fx, fakes);
		output_maps_at_exit(fx.out);
		CHECK_STR(fixture_text(&fx),
			  json ? "{\"type\": \"map\", \"data\": {\"@\": 2}}\n"
				 "{\"type\": \"map\", \"data\": {\"@a\": \"s\"}}\n"
				 "{\"type\": \"hist\", \"data\": {\"@b\": {\"1\": [{\"min\": 4, "
				 "\"max\": 7, \"count\": 1}]}}}\n"
				 "{\"type\": \"stats\", \"data\": {\"@st\": {}}}\n"
				 "{\"type\": \"map\", \"data\": {\"@x\": 1}}\n"
			       : "\n\n@: 2\n@a: s\n"
				 "@b[1]:\n[4, 8)                 1 |" BAR52 "|\n\n"
				 "@x: 1\n");
		fixture_release(&fx);
	}
}

// config={print_maps_on_exit=0}: only the two empty lines
static void test_no_maps_at_exit(void)
{
	begin(NULL, &type_int64);
	fake_add(fake, NO_KEY, I64(1));
	fx.program.config.print_maps_on_exit = false;
	fixture_open(&fx, OUTPUT_TEXT);
	fixture_maps(&fx, fakes);
	output_maps_at_exit(fx.out);
	CHECK_STR(fixture_text(&fx), "\n\n");
	fixture_release(&fx);
}

static void send(enum event_kind kind)
{
	struct event_def *e = fixture_event(&fx, kind, 0, NULL);

	e->map = fake->def;
	output_record(fx.out, fx.record, fx.size);
}

static void test_clear_and_zero(void)
{
	begin(NULL, &type_int64);
	fake_add(fake, NO_KEY, I64(5));
	fixture_open(&fx, OUTPUT_TEXT);
	fixture_maps(&fx, fakes);
	send(EVENT_ZERO);
	CHECK(fake->zeroed && !fake->cleared);
	output_maps_at_exit(fx.out);
	CHECK_STR(fixture_text(&fx), "\n\n@m: 0\n");
	send(EVENT_CLEAR);
	CHECK(fake->cleared);
	CHECK_INT(output_state(fx.out)->events, 0); // neither prints
	fixture_release(&fx);
}

// A map that cannot be read is a warning, not an empty line.
static void test_read_failure(void)
{
	begin(NULL, &type_int64);
	fake_add(fake, NO_KEY, I64(5));
	fake->fail = -12;
	CHECK_STR(print_top(OUTPUT_TEXT, 0, 0), "");
	fixture_release(&fx);
}

TEST_MAIN(test_int_by_value, test_uint_by_value, test_string_keys, test_tuple_keys,
	  test_string_first_keys, test_bool_in_tuple, test_unsigned_keys, test_small_keys,
	  test_small_values, test_odd_keys, test_nested_keys, test_count, test_sum, test_extremes,
	  test_max_div, test_unsigned_extreme, test_avg, test_stats, test_stats_top, test_scalars,
	  test_empty, test_unassigned_scalars, test_slot, test_percpu_int, test_hist_one,
	  test_hist_low, test_hist_labels, test_hist_bits, test_keyed_hist, test_hist_zero,
	  test_lhist, test_lhist_ends, test_lhist_labels, test_at_exit, test_no_maps_at_exit,
	  test_clear_and_zero, test_read_failure)
