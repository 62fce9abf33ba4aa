// print(value) in both formats. Every expected text is what bpftrace 0.27.1 printed for
// `BEGIN { print(VALUE); exit(); }`, with -f json for the second; I8(-1) stands for (int8)-1.
#include "output_fixture.h"

static void check_both(struct val v, const char *text, const char *json)
{
	char want[512];

	snprintf(want, sizeof(want), "%s\n", text);
	CHECK_STR(print_one(OUTPUT_TEXT, &v), want);
	snprintf(want, sizeof(want), "{\"type\": \"value\", \"data\": %s}\n", json);
	CHECK_STR(print_one(OUTPUT_JSON, &v), want);
}

static void test_numbers(void)
{
	check_both(I8(1), "1", "1");
	check_both(I8(-1), "-1", "-1");
	check_both(I32(-5), "-5", "-5");
	check_both(U8(200), "200", "200");
	check_both(BOOL(1), "true", "true");
	check_both(U64(-1), "18446744073709551615", "\"18446744073709551615\"");
	check_both(I64(0x7fffffffffffffff), "9223372036854775807", "\"9223372036854775807\"");
	check_both(I64(9007199254740993), "9007199254740993", "\"9007199254740993\"");
	check_both(I64(9007199254740992), "9007199254740992", "9007199254740992");
	check_both(I64(-9007199254740993), "-9007199254740993", "\"-9007199254740993\"");
	check_both(U64(1ull << 63), "9223372036854775808", "9223372036854775808");
	check_both(I64(INT64_MIN), "-9223372036854775808", "-9223372036854775808");
	check_both(PTR(16), "0x10", "16");
	check_both(PTR(255), "0xff", "255");
}

static void test_strings(void)
{
	check_both(STR("str"), "str", "\"str\"");
	check_both(STR(""), "", "\"\"");
	check_both(BUF("abc", 3), "abc", "[97,98,99]");
	check_both(BUF("a\001\n b", 6), "a\\x01\\x0a b\\x00", "[97,1,10,32,98,0]");
	check_both(BUF("\x80", 1), "\\x80", "[-128]");
	check_both(STR("\x01\x1b[0m\x7f"), "\x01\x1b[0m\x7f", "\"\\u0001\\u001b[0m\x7f\"");
	check_both(STR("x\ty\x01\"\\"), "x\ty\x01\"\\", "\"x\\ty\\u0001\\\"\\\\\"");
	check_both(STR("a\nb\r"), "a\nb\r", "\"a\\nb\\r\"");
}

// bpftrace writes "\uffffffc3\uffffffa9" here, which is not JSON; we keep valid UTF-8 and write
// other bytes as code points.
static void test_utf8(void)
{
	check_both(STR("\xc3\xa9"), "\xc3\xa9", "\"\xc3\xa9\"");
	check_both(STR("\xff\xc3\xa9"), "\xff\xc3\xa9", "\"\\u00ff\xc3\xa9\"");
	check_both(STR("\xe2\x82\xac"), "\xe2\x82\xac", "\"\xe2\x82\xac\"");
	check_both(STR("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"");
	check_both(STR("\xc3"), "\xc3", "\"\\u00c3\"");
	check_both(STR("\xed\xa0\x80"), "\xed\xa0\x80", "\"\\u00ed\\u00a0\\u0080\"");
	check_both(STR("\xc0\x80"), "\xc0\x80", "\"\\u00c0\\u0080\"");
	check_both(STR("\xf4\x90\x80\x80"), "\xf4\x90\x80\x80", "\"\\u00f4\\u0090\\u0080\\u0080\"");
}

static void test_composites(void)
{
	static const char *xy[] = {"x", "y"};
	struct val rec = val_members(xy, VALS(I8(1), STR("ab")));
	struct val inner = val_members(xy, VALS(I8(2), TUP(I8(3), STR("z"))));

	check_both(TUP(I8(1), STR("a"), TUP(I8(2), I8(3))), "(1, a, (2, 3))", "[1,\"a\",[2,3]]");
	check_both(TUP(I8(1)), "(1)", "[1]");
	check_both(TUP(BOOL(1), BOOL(0)), "(true, false)", "[true,false]");
	check_both(TUP(TUP(I8(1), I8(2)), STR("x")), "((1, 2), x)", "[[1,2],\"x\"]");
	check_both(TUP(I8(1), I8(-1), U64(-1)), "(1, -1, 18446744073709551615)",
		   "[1,-1,\"18446744073709551615\"]");
	check_both(TUP(STR(""), I8(1)), "(, 1)", "[\"\",1]");
	check_both(TUP(I8(1), PTR(255)), "(1, 0xff)", "[1,255]");
	check_both(rec, "{ .x = 1, .y = ab }", "{\"x\": 1, \"y\": \"ab\"}");
	check_both(TUP(I8(1), inner), "(1, { .x = 2, .y = (3, z) })",
		   "[1,{\"x\": 2, \"y\": [3,\"z\"]}]");
	check_both(ARR(I32(0), I32(0), I32(0), I32(0)), "[0,0,0,0]", "[0,0,0,0]");
	check_both(ARR(ARR(I32(0), I32(0)), ARR(I32(0), I32(0))), "[[0,0],[0,0]]", "[[0,0],[0,0]]");
}

static void test_bitfields(void)
{
	struct type_field fields[] = {
	    {.name = "a", .type = &type_uint32, .bit_offset = 0, .bit_size = 3},
	    {.name = "b", .type = &type_uint32, .bit_offset = 3, .bit_size = 29},
	    {.name = "c", .type = &type_int32, .offset = 4, .bit_offset = 4, .bit_size = 4},
	};
	struct type t = {.kind = TYPE_STRUCT, .size = 8, .fields = fields, .field_count = 3};
	struct val v = {.type = &t, .bytes = {0x0d, 0, 0, 0x80, 0xe0, 0, 0, 0}};

	check_both(v, "{ .a = 5, .b = 268435457, .c = 14 }",
		   "{\"a\": 5, \"b\": 268435457, \"c\": 14}");
}

static void test_enum(void)
{
	static const struct type_enumerator names[] = {{"AA", 1}, {"BB", 2}, {"NEG", -1}};
	struct type t = {.kind = TYPE_ENUM,
			 .size = 4,
			 .is_signed = true,
			 .name = "enum e",
			 .enumerators = names,
			 .enumerator_count = 3};

	check_both(val_int(&t, 1), "AA", "1");
	check_both(TUP(I8(1), val_int(&t, 2)), "(1, BB)", "[1,2]");
	check_both(val_int(&t, (uint64_t)-1), "NEG", "-1");
	check_both(val_int(&t, 7), "7", "7");
	CHECK_STR(print_format("%s %d %x|%5s|", VALS(val_int(&t, 1), val_int(&t, 1), val_int(&t, 2),
						     val_int(&t, 2))),
		  "AA 1 2|   BB|");
}

// strerror(2) etc.; the numbers are sent, the names are made here.
static void test_named_numbers(void)
{
	static const struct {
		enum type_kind kind;
		int64_t number;
		const char *text;
	} cases[] = {
	    {TYPE_STRERROR, 2, "No such file or directory"},
	    {TYPE_STRERROR, 1, "Operation not permitted"},
	    {TYPE_STRERROR, 9999, "Unknown error"},
	    {TYPE_STRERROR, 0, "Success"},
	    {TYPE_STRERROR, -2, "No such file or directory"},
	    {TYPE_STRERROR, 133, "Memory page has hardware error"},
	    {TYPE_STRERROR, 134, "Unknown error"},
	    {TYPE_STRERROR, 41, "Unknown error"},
	    {TYPE_STRERROR, 512, "Unknown error"},
	    {TYPE_STRERROR, INT32_MIN, "Unknown error"},
	    {TYPE_SIGNAL, 9, "Killed"},
	    {TYPE_SIGNAL, 99, "N/A"},
	    {TYPE_SIGNAL, 35, "Real-time signal 1"},
	    {TYPE_SIGNAL, 34, "Real-time signal 0"},
	    {TYPE_SIGNAL, 0, "Unknown signal 0"},
	    {TYPE_SIGNAL, 64, "Real-time signal 30"},
	    {TYPE_SIGNAL, 29, "I/O possible"},
	    {TYPE_SIGNAL, 31, "Bad system call"},
	    {TYPE_SIGNAL, 32, "Unknown signal 32"},
	    {TYPE_SIGNAL, 6, "Aborted"},
	    {TYPE_SIGNAL, -1, "N/A"},
	    {TYPE_SYSCALL, 9999, "Unknown syscall"},
#ifdef __x86_64__
	    {TYPE_SYSCALL, 0, "read"},
	    {TYPE_SYSCALL, 3, "close"},
	    {TYPE_SYSCALL, 334, "rseq"},
#endif
	    {TYPE_SYSCALL, 435, "clone3"},
	    {TYPE_SYSCALL, 462, "mseal"},
	    {TYPE_USERNAME, 0, "root"},
	    {TYPE_USERNAME, 4294967000, "4294967000"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char json[128];

		snprintf(json, sizeof(json), "\"%s\"", cases[i].text);
		check_both(val_num_handle(cases[i].kind, 4, (uint64_t)cases[i].number),
			   cases[i].text, json);
	}
}

static void test_network(void)
{
	struct inet_val v4 = {.family = 2, .addr = {127, 0, 0, 1}};
	struct inet_val v6 = {.family = 10, .addr = {[15] = 1}};
	struct inet_val bad = {.family = 77};

	check_both(val_handle(TYPE_INET, sizeof(v4), &v4), "127.0.0.1", "\"127.0.0.1\"");
	check_both(val_handle(TYPE_INET, sizeof(v6), &v6), "::1", "\"::1\"");
	check_both(val_handle(TYPE_INET, sizeof(bad), &bad), "", "\"\"");
	check_both(TUP(I8(1), val_handle(TYPE_INET, sizeof(v4), &v4)), "(1, 127.0.0.1)",
		   "[1,\"127.0.0.1\"]");
	check_both(val_handle(TYPE_MAC, 6, "\0\0\0\0\0\0"), "00:00:00:00:00:00",
		   "\"00:00:00:00:00:00\"");
}

// The shapes are those of stacks without symbols: print(ustack(4)), print(ustack(perf, 4)),
// print(ustack(raw, 3)), print(usym(reg("ip"))) in a stripped program.
static struct val stack_val(enum stack_mode mode, uint32_t frames)
{
	struct stack_val stack = {.pid = 1, .frames = frames, .id = 7};
	struct val v = {.type = type_make(&test_arena, TYPE_USTACK, STACK_BYTES, 8)};

	v.type->count = 4;
	v.type->stack_mode = mode;
	memcpy(v.bytes, &stack, sizeof(stack));
	return v;
}

// No frame is a `func`, whatever its highest bits are.
static struct val text_stack(void)
{
	struct val v = stack_val(STACK_MODE_BPFTRACE, 2);
	struct stack_val stack = {.pid = 1, .frames = 2, .id = 8};

	memcpy(v.bytes, &stack, sizeof(stack));
	return v;
}

static void test_stacks(void)
{
	struct usym_val sym = {.addr = 0x5570b5cb1139, .pid = 1};

	check_both(
	    stack_val(STACK_MODE_BPFTRACE, 4),
	    "\n        0x5570b5cb1139\n        0x5570b5cb116a\n        0x7f2e4d419fba\n"
	    "        0\n",
	    "\"\\n        0x5570b5cb1139\\n        0x5570b5cb116a\\n        0x7f2e4d419fba\\n"
	    "        0\\n\"");
	check_both(stack_val(STACK_MODE_PERF, 2),
		   "\n\t5570b5cb1139 0x5570b5cb1139 ([unknown])\n"
		   "\t5570b5cb116a 0x5570b5cb116a ([unknown])\n",
		   "\"\\n\\t5570b5cb1139 0x5570b5cb1139 ([unknown])\\n"
		   "\\t5570b5cb116a 0x5570b5cb116a ([unknown])\\n\"");
	check_both(stack_val(STACK_MODE_RAW, 3), "\n5570b5cb1139\n5570b5cb116a\n7f2e4d419fba\n",
		   "\"\\n5570b5cb1139\\n5570b5cb116a\\n7f2e4d419fba\\n\"");
	check_both(stack_val(STACK_MODE_RAW, 0), "\n", "\"\\n\"");
	// More frames than the type has room for.
	check_both(stack_val(STACK_MODE_RAW, 4000000000),
		   "\n5570b5cb1139\n5570b5cb116a\n7f2e4d419fba\n0\n",
		   "\"\\n5570b5cb1139\\n5570b5cb116a\\n7f2e4d419fba\\n0\\n\"");
	check_both(val_handle(TYPE_USYM, sizeof(sym), &sym), "0x5570b5cb1139",
		   "\"0x5570b5cb1139\"");
	check_both(text_stack(), "\n        0x63747375722f000a\n        0x4000000000000000\n",
		   "\"\\n        0x63747375722f000a\\n        0x4000000000000000\\n\"");
	// No symbol is there.
	check_both(val_num_handle(TYPE_KSYM, 8, 0x1000), "0x1000", "\"0x1000\"");
}

// func and probe are ids; an id that does not exist prints as a number.
static void test_ids(void)
{
	struct fixture f;
	uint64_t id;

	fixture_init(&f);
	id = intern_id(&f.program.funcs, "vfs_read");
	program_add_unit(&f.program, PROBE_UPROBE, (struct span){0, 0});
	program_add_target(&f.program, f.program.units.data[0], "main", "uprobe:/bin/x:main");
	fixture_format(fixture_event(&f, EVENT_PRINTF, 4,
				     (struct val[]){val_num_handle(TYPE_FUNC, 8, id),
						    val_num_handle(TYPE_PROBE, 8, 0),
						    val_num_handle(TYPE_FUNC, 8, 1000),
						    val_num_handle(TYPE_PROBE, 8, 1000)}),
		       "%10s|%s|%s|%s");
	fixture_open(&f, OUTPUT_TEXT);
	output_record(f.out, f.record, f.size);
	CHECK_STR(fixture_text(&f), "  vfs_read|uprobe:/bin/x:main|1000|1000");
	fixture_release(&f);
}

static const char *print_timestamp(const char *format, uint64_t ns, uint32_t clock)
{
	static char result[256];
	struct timestamp_val v = {.ns = ns, .clock = clock};
	struct val val;
	struct fixture f;

	fixture_init(&f);
	v.format = intern_id(&f.program.strings, format);
	val = val_handle(TYPE_TIMESTAMP, sizeof(v), &v);
	fixture_event(&f, EVENT_PRINT_VALUE, 1, &val);
	fixture_open(&f, OUTPUT_TEXT);
	f.out->clocks.known[CLOCK_MODE_BOOT] = true;
	f.out->clocks.offset[CLOCK_MODE_BOOT] = 1000000000; // boot was at 1970-01-01 00:00:01
	output_record(f.out, f.record, f.size);
	snprintf(result, sizeof(result), "%s", fixture_text(&f));
	fixture_release(&f);
	return result;
}

// %f, %k and %l are bpftrace's own (micro-, nano-, milliseconds):
// strftime("%k %l %f", 1627730000) printed "000000180 000 000000" after boot at .372270180
static void test_timestamps(void)
{
	setenv("TZ", "UTC", 1);
	CHECK_STR(print_timestamp("%Y-%m-%d %H:%M:%S.%f", 123456789, 0),
		  "1970-01-01 00:00:01.123456\n");
	CHECK_STR(print_timestamp("%k %l %f", 180, 0), "000000180 000 000000\n");
	CHECK_STR(print_timestamp("%k %l", 123456789, 0), "123456789 123\n");
	CHECK_STR(print_timestamp("%%f %j%", 0, 0), "%f 001%\n");
	CHECK_STR(print_timestamp("", 0, 0), "\n");
	CHECK_STR(print_timestamp("%H", 0, 77), "00\n"); // no such clock: boot
	CHECK_STR(print_timestamp("%Y", (uint64_t)-2000000000, 0), "1969\n");
}

static void test_stats_value(void)
{
	struct val v = {.type = agg_type(TYPE_STATS, 32, true)};
	int64_t words[] = {-9, 2, -6, -3};

	memcpy(v.bytes, words, sizeof(words));
	check_both(v, "{ .count = 2, .average = -4, .total = -9 }",
		   "{\"count\": 2, \"average\": -4, \"total\": -9}");
	memset(v.bytes, 0, sizeof(v.bytes));
	check_both(v, "{ .count = 0, .average = 0, .total = 0 }",
		   "{\"count\": 0, \"average\": 0, \"total\": 0}");
}

// A buffer whose length is larger than its type: clamped.
static void test_buffer_length(void)
{
	struct val v = BUF("abcd", 4);

	memset(v.bytes, 0xff, 4);
	check_both(v, "abcd", "[97,98,99,100]");
}

TEST_MAIN(test_numbers, test_strings, test_utf8, test_composites, test_bitfields, test_enum,
	  test_named_numbers, test_network, test_stacks, test_ids, test_timestamps,
	  test_stats_value, test_buffer_length)
