// test_type: layouts, names and equality of types, and the geometry of histograms.
#include "base/buf.h"
#include "test.h"
#include "type.h"

static struct arena arena;

static void test_integers(void)
{
	CHECK(type_int(1, true) == &type_int8);
	CHECK(type_int(8, false) == &type_uint64);
	CHECK_STR(type_name(&arena, &type_int16), "int16");
	CHECK_STR(type_name(&arena, &type_uint32), "uint32");
	CHECK(!type_equal(&type_int32, &type_uint32));
	CHECK(!type_equal(&type_int32, &type_int64));
	CHECK(type_is_int(&type_bool));
	CHECK(type_is_scalar(&type_uint8));
}

// As C lays out struct { char; long; char[3]; }.
static void test_tuple_layout(void)
{
	struct type *members[] = {&type_int8, &type_uint64, type_string(&arena, 3)};
	struct type *t = type_tuple(&arena, members, NULL, 3);

	CHECK_INT(t->fields[0].offset, 0);
	CHECK_INT(t->fields[1].offset, 8);
	CHECK_INT(t->fields[2].offset, 16);
	CHECK_INT(t->size, 24);
	CHECK_INT(t->align, 8);
	CHECK_STR(type_name(&arena, t), "(int8,uint64,string[3])");
	CHECK(!type_is_scalar(t));
}

static void test_nested_tuples_equal(void)
{
	struct type *in_a[] = {&type_int8, type_string(&arena, 4)};
	struct type *in_b[] = {&type_int8, type_string(&arena, 4)};
	struct type *in_c[] = {&type_int8, type_string(&arena, 5)};
	struct type *a[] = {type_tuple(&arena, in_a, NULL, 2)};
	struct type *b[] = {type_tuple(&arena, in_b, NULL, 2)};
	struct type *c[] = {type_tuple(&arena, in_c, NULL, 2)};
	struct type *tuple_a = type_tuple(&arena, a, NULL, 1);

	CHECK(type_equal(tuple_a, type_tuple(&arena, b, NULL, 1)));
	CHECK(!type_equal(tuple_a, type_tuple(&arena, c, NULL, 1)));
	CHECK_STR(type_name(&arena, tuple_a), "((int8,string[4]))");
}

static void test_records(void)
{
	struct type *members[] = {&type_int8, &type_bool};
	const char *names[] = {"a", "b"}, *others[] = {"a", "c"};
	struct type *t = type_tuple(&arena, members, names, 2);

	CHECK_STR(type_name(&arena, t), "record { .a = int8, .b = bool }");
	CHECK(type_find_field(t, "b") == &t->fields[1]);
	CHECK(!type_find_field(t, "z"));
	CHECK(type_equal(t, type_tuple(&arena, members, names, 2)));
	CHECK(!type_equal(t, type_tuple(&arena, members, others, 2)));
	CHECK(!type_equal(t, type_tuple(&arena, members, NULL, 2)));
}

static void test_pointers_and_arrays(void)
{
	struct type *p = type_pointer(&arena, &type_int8, SPACE_USER);

	CHECK_STR(type_name(&arena, p), "int8 *");
	CHECK_INT(p->size, 8);
	CHECK(!type_equal(p, type_pointer(&arena, &type_int8, SPACE_KERNEL)));
	CHECK(!type_equal(p, type_pointer(&arena, &type_int16, SPACE_USER)));
	CHECK_STR(type_name(&arena, type_array(&arena, &type_uint16, 5)), "uint16[5]");
	CHECK_INT(type_array(&arena, &type_uint16, 5)->size, 10);
}

static void test_buffers(void)
{
	struct type *t = type_buffer(&arena, 10);

	CHECK_INT(t->size, 14);
	CHECK_INT(t->count, 10);
	CHECK_STR(type_name(&arena, t), "buffer[14]");
	CHECK(!type_equal(t, type_buffer(&arena, 11)));
}

static void test_stacks(void)
{
	struct type *a = type_make(&arena, TYPE_USTACK, STACK_BYTES, 8);
	struct type *b = type_make(&arena, TYPE_USTACK, STACK_BYTES, 8);

	a->count = b->count = 3;
	b->stack_mode = STACK_MODE_PERF;
	CHECK_INT(a->size, STACK_BYTES);
	CHECK_STR(type_name(&arena, a), "ustack_bpftrace_3");
	CHECK_STR(type_name(&arena, b), "ustack_perf_3");
	CHECK(!type_equal(a, b));
}

static void test_aggregations(void)
{
	struct type *t = type_make(&arena, TYPE_SUM, 8, 8);

	CHECK(type_is_aggregation(t));
	CHECK(!type_is_aggregation(&type_int64));
	CHECK_STR(type_name(&arena, t), "usum_t");
	t->is_signed = true;
	CHECK_STR(type_name(&arena, t), "sum_t");
}

// The bucket of a value, as type.h says; what the kernel side computes.
static uint32_t hist_bucket(int64_t v, int bits)
{
	int l;

	if (v < 0)
		return 0;
	if (v < 1 << bits)
		return (uint32_t)v + 1;
	l = 63 - __builtin_clzll((uint64_t)v);
	return (uint32_t)((((uint64_t)(l - bits + 1)) << bits) +
			  (((uint64_t)v >> (l - bits)) & ((1u << bits) - 1)) + 1);
}

static void test_histograms_hold_every_value(void)
{
	for (int bits = 0; bits <= 5; bits++) {
		CHECK_INT(hist_bucket(-1, bits), 0);
		CHECK_INT(hist_bucket(0, bits), 1);
		CHECK(hist_bucket(INT64_MAX, bits) < hist_buckets(bits));
		for (int64_t v = 1; v < 5000; v++) {
			uint32_t step = hist_bucket(v, bits) - hist_bucket(v - 1, bits);

			if (!CHECK(step <= 1))
				break;
		}
	}
	CHECK_INT(hist_buckets(0), 66);
}

static void test_lhist(void)
{
	CHECK_INT(lhist_buckets(0, 10, 2), 7); // 5, one below, one above
	CHECK_INT(lhist_buckets(0, 10, 3), 5); // the rest goes to the one above
}

TEST_MAIN(test_integers, test_tuple_layout, test_nested_tuples_equal, test_records,
	  test_pointers_and_arrays, test_buffers, test_stacks, test_aggregations,
	  test_histograms_hold_every_value, test_lhist)
