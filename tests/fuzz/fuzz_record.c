// fuzz_record: any bytes as a record of the ring buffer, for a program with every kind of event
// and value, in both formats. clang -fsanitize=fuzzer,address,undefined.
//
// The first byte of the input picks the event and the format; the rest is copied to a block of
// just its size, so that a read beyond its end is seen.
#include <stdlib.h>
#include <string.h>

#include "base/source.h"
#include "bpf/abi.h"
#include "output/internal.h"
#include "sema/format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena arena;
static struct sources sources = {.arena = &arena};
static struct program program;
static uint32_t warnf_id;

static int no_walk(void *ctx, const struct map_def *m, map_entry_fn fn, void *arg)
{
	return 0;
}

static int no_change(void *ctx, const struct map_def *m)
{
	return 0;
}

static void add_arg(struct event_def *e, struct type *t)
{
	struct event_arg arg = {.type = t, .offset = (e->size + 7) & ~7u};

	arena_push(&arena, &e->args, arg);
	e->size = arg.offset + t->size;
}

static struct event_def *add_event(enum event_kind kind, struct type *t)
{
	struct event_def *e = program_add_event(&program, kind, (struct span){0, 0});

	e->size = sizeof(struct rec_hdr);
	e->map = program.maps.data[0];
	e->text = "text";
	if (t)
		add_arg(e, t);
	return e;
}

static struct type *stack_type(enum stack_mode mode)
{
	struct type *t = type_make(&arena, TYPE_USTACK, STACK_BYTES, 8);

	t->count = 5;
	t->stack_mode = mode;
	return t;
}

static void add_values(void)
{
	struct type *text = type_string(&arena, 9), *buffer = type_buffer(&arena, 7);
	struct type *members[] = {&type_int8, text, buffer, &type_uint64, &type_bool};
	const char *names[] = {"a", "b", "c", "d", "e"};
	struct type *values[] = {
	    &type_int8,
	    &type_uint64,
	    &type_bool,
	    text,
	    buffer,
	    type_tuple(&arena, members, NULL, 5),
	    type_tuple(&arena, members, names, 5),
	    type_array(&arena, text, 3),
	    type_pointer(&arena, &type_int8, SPACE_USER),
	    stack_type(STACK_MODE_BPFTRACE),
	    stack_type(STACK_MODE_PERF),
	    stack_type(STACK_MODE_RAW),
	    type_make(&arena, TYPE_FUNC, 8, 8),
	    type_make(&arena, TYPE_PROBE, 8, 8),
	    type_make(&arena, TYPE_USYM, 16, 8),
	    type_make(&arena, TYPE_TIMESTAMP, 16, 8),
	    type_make(&arena, TYPE_MAC, 6, 1),
	    type_make(&arena, TYPE_INET, 24, 8),
	    type_make(&arena, TYPE_STRERROR, 4, 4),
	    type_make(&arena, TYPE_SIGNAL, 4, 4),
	    type_make(&arena, TYPE_SYSCALL, 4, 4),
	    type_make(&arena, TYPE_CGROUP_PATH, 16, 8),
	    type_make(&arena, TYPE_STATS, 32, 8),
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		add_event(EVENT_PRINT_VALUE, values[i]);
	add_event(EVENT_JOIN, values[7])->args.data[0].varies = true;
	add_event(EVENT_PRINT_VALUE, type_string(&arena, 90))->args.data[0].varies = true;
	add_event(EVENT_PRINT_VALUE, type_buffer(&arena, 90))->args.data[0].varies = true;
}

static void add_printf(void)
{
	static const char text[] = "%5d|%#x|%-10s|%r|%rx|%020rh|%c|%p|%s|%gr\n";
	struct event_def *e = add_event(EVENT_PRINTF, &type_int64);
	const char *bad;

	add_arg(e, &type_int16);
	add_arg(e, type_string(&arena, 20));
	for (int i = 0; i < 3; i++)
		add_arg(e, type_buffer(&arena, 11));
	add_arg(e, &type_uint8);
	add_arg(e, &type_uint64);
	add_arg(e, type_string(&arena, 1));
	add_arg(e, &type_uint64);
	format_parse(&arena, text, sizeof(text) - 1, &e->format, &bad);
}

static void make_program(void)
{
	struct map_def *m;

	program_init(&program, &arena);
	intern_id(&program.strings, "%H:%M:%S %f %k %l");
	intern_id(&program.funcs, "main");
	m = program_add_map(&program, MAP_USER, "m");
	m->key = m->value = &type_int64;
	m->key_size = m->value_size = 8;
	add_values();
	add_printf();
	add_event(EVENT_PRINT_MAP, NULL);
	add_event(EVENT_CLEAR, NULL);
	add_event(EVENT_ZERO, NULL);
	add_event(EVENT_EXIT, NULL);
	add_event(EVENT_TIME, NULL);
	warnf_id = add_event(EVENT_WARNF, NULL)->id;
	sources_add(&sources, "a.mt", "$x = 1 / $y", 11);
	program.sources = &sources;
	add_event(EVENT_HELPER_FAILED, NULL)->text = "probe_read_user"; // no warnings: not as text
	add_event(EVENT_SYSTEM, type_string(&arena, 9)); // not unsafe: must do nothing
}

static struct output *make_output(enum output_format format)
{
	struct output_options opts = {.format = format, .no_warnings = true};
	struct output *o = output_create(&program, &opts, fopen("/dev/null", "w"));

	o->maps = (struct map_reader){.walk = no_walk, .clear = no_change, .zero = no_change};
	o->printer.escape = format == OUTPUT_TEXT;
	return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct output *outputs[2];
	uint32_t event, format;
	uint8_t *record;

	if (!outputs[0]) {
		make_program();
		outputs[0] = make_output(OUTPUT_TEXT);
		outputs[1] = make_output(OUTPUT_JSON);
	}
	if (!size)
		return 0;
	event = (data[0] >> 1) % (program.events.len + 1);
	format = event == warnf_id ? OUTPUT_JSON : data[0] & 1; // as text it goes to stderr
	record = malloc(size - 1 ? size - 1 : 1);
	memcpy(record, data + 1, size - 1);
	if (size - 1 >= sizeof(event))
		memcpy(record, &event, sizeof(event));
	output_record(outputs[format], record, size - 1);
	free(record);
	return 0;
}
