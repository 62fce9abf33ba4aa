// output_fixture: a program of one event, records made by hand and maps without a kernel, for
// the tests of src/output. What the sink wrote is read back as one string.
#pragma once

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "bpf/abi.h"
#include "output/internal.h"
#include "sema/format.h"
#include "test.h"

// ---- values -------------------------------------------------------------------------------

#define VAL_MAX 256

struct val {
	struct type *type;
	unsigned char bytes[VAL_MAX];
};

static struct arena test_arena;

static inline struct val val_int(struct type *t, uint64_t v)
{
	struct val x = {.type = t};

	memcpy(x.bytes, &v, t->size);
	return x;
}

static inline struct val val_str(const char *s)
{
	struct val x = {.type = type_string(&test_arena, (uint32_t)strlen(s) + 1)};

	memcpy(x.bytes, s, strlen(s) + 1);
	return x;
}

// A string of a wider type: `size` bytes, without a NUL when s fills them.
static inline struct val val_str_of(const char *s, uint32_t size)
{
	struct val x = {.type = type_string(&test_arena, size)};

	for (uint32_t i = 0; i < size && s[i]; i++)
		x.bytes[i] = (unsigned char)s[i];
	return x;
}

static inline struct val val_buf(const char *s, uint32_t n)
{
	struct val x = {.type = type_buffer(&test_arena, n)};

	memcpy(x.bytes, &n, 4);
	memcpy(x.bytes + 4, s, n);
	return x;
}

static inline struct val val_handle(enum type_kind kind, uint32_t size, const void *bytes)
{
	struct val x = {.type = type_make(&test_arena, kind, size, size < 8 ? 4 : 8)};

	memcpy(x.bytes, bytes, size);
	return x;
}

static inline struct val val_num_handle(enum type_kind kind, uint32_t size, uint64_t v)
{
	return val_handle(kind, size, &v);
}

// names NULL: a tuple, else a record.
static inline struct val val_members(const char **names, size_t n, const struct val *members)
{
	struct type *types[8];
	struct val x = {0};

	for (size_t i = 0; i < n; i++)
		types[i] = members[i].type;
	x.type = type_tuple(&test_arena, types, names, n);
	for (size_t i = 0; i < n; i++)
		memcpy(x.bytes + x.type->fields[i].offset, members[i].bytes, types[i]->size);
	return x;
}

static inline struct val val_array(size_t n, const struct val *elems)
{
	struct val x = {.type = type_array(&test_arena, elems[0].type, (uint32_t)n)};

	for (size_t i = 0; i < n; i++)
		memcpy(x.bytes + i * elems[0].type->size, elems[i].bytes, elems[0].type->size);
	return x;
}

static inline struct val val_ptr(uint64_t v)
{
	return val_int(type_pointer(&test_arena, &type_int8, SPACE_USER), v);
}

#define I8(v) val_int(&type_int8, (uint64_t)(v))
#define I16(v) val_int(&type_int16, (uint64_t)(v))
#define I32(v) val_int(&type_int32, (uint64_t)(v))
#define I64(v) val_int(&type_int64, (uint64_t)(v))
#define U8(v) val_int(&type_uint8, (uint64_t)(v))
#define U16(v) val_int(&type_uint16, (uint64_t)(v))
#define U32(v) val_int(&type_uint32, (uint64_t)(v))
#define U64(v) val_int(&type_uint64, (uint64_t)(v))
#define BOOL(v) val_int(&type_bool, (uint64_t)(v))
#define STR(s) val_str(s)
#define STRN(s, n) val_str_of(s, n)
#define BUF(s, n) val_buf(s, n)
#define PTR(v) val_ptr(v)
#define VALS(...)                                                                                  \
	sizeof((struct val[]){__VA_ARGS__}) / sizeof(struct val), (struct val[])                   \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define TUP(...) val_members(NULL, VALS(__VA_ARGS__))
#define ARR(...) val_array(VALS(__VA_ARGS__))

// ---- an output that writes into a temporary file ----------------------------------------

struct fixture {
	bool no_warnings; // of the output that is opened
	struct program program;
	struct output *out;
	FILE *file;
	char *text; // of the last fixture_text
	unsigned char record[8192];
	size_t size;
};

static inline void fixture_init(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	program_init(&f->program, &test_arena);
	f->file = tmpfile();
}

// Stack 7 has four addresses. 8 has what was taken for some: text, where a program without frame
// pointers keeps it.
static inline size_t fixture_stack(void *ctx, uint64_t id, uint64_t *addresses, size_t n)
{
	static const uint64_t known[] = {0x5570b5cb1139, 0x5570b5cb116a, 0x7f2e4d419fba, 0};
	static const uint64_t text[] = {0x63747375722f000a, 1ull << 62, 0, 0};

	n = n < 4 ? n : 4;
	memcpy(addresses, id == 8 ? text : known, n * sizeof(*addresses));
	return id == 7 || id == 8 ? n : 0;
}

static inline void fixture_open(struct fixture *f, enum output_format format)
{
	struct output_options opts = {.format = format, .no_warnings = f->no_warnings};

	f->out = output_create(&f->program, &opts, f->file);
	f->out->printer.stack = fixture_stack;
}

static inline const char *fixture_text(struct fixture *f)
{
	long n;

	output_flush(f->out);
	n = ftell(f->file);
	free(f->text);
	f->text = calloc(1, (size_t)n + 1);
	rewind(f->file);
	if (fread(f->text, 1, (size_t)n, f->file) != (size_t)n)
		f->text[0] = '\0';
	return f->text;
}

static inline void fixture_release(struct fixture *f)
{
	output_free(f->out);
	program_release(&f->program);
	fclose(f->file);
	free(f->text);
}

// An event whose record holds the values one after another.
static inline struct event_def *fixture_event(struct fixture *f, enum event_kind kind, size_t n,
					      const struct val *vals)
{
	struct event_def *e = program_add_event(&f->program, kind, (struct span){0, 0});
	uint32_t at = sizeof(struct rec_hdr);

	memset(f->record, 0, sizeof(f->record));
	memcpy(f->record, &e->id, sizeof(e->id));
	for (size_t i = 0; i < n; i++) {
		struct event_arg arg = {.type = vals[i].type, .offset = at};

		arena_push(&test_arena, &e->args, arg);
		memcpy(f->record + at, vals[i].bytes, arg.type->size);
		at += (arg.type->size + 7) & ~7u;
	}
	e->size = at;
	f->size = at;
	return e;
}

// The argument i as one whose length varies: its first `n` bytes, behind all others.
static inline void fixture_vary(struct fixture *f, struct event_def *e, size_t i, const void *bytes,
				uint32_t n)
{
	struct event_arg *arg = &e->args.data[i];
	struct rec_part part = {(uint32_t)f->size, n};

	arg->varies = true;
	memcpy(f->record + arg->offset, &part, sizeof(part));
	memcpy(f->record + f->size, bytes, n);
	f->size += n;
}

static inline void fixture_format(struct event_def *e, const char *text)
{
	const char *bad = NULL;

	format_parse(&test_arena, text, strlen(text), &e->format, &bad);
}

// printf(format, values) in text; the result lives until the next call.
static inline const char *print_format(const char *format, size_t n, const struct val *vals)
{
	static char result[4096];
	struct fixture f;

	fixture_init(&f);
	fixture_format(fixture_event(&f, EVENT_PRINTF, n, vals), format);
	fixture_open(&f, OUTPUT_TEXT);
	output_record(f.out, f.record, f.size);
	snprintf(result, sizeof(result), "%s", fixture_text(&f));
	fixture_release(&f);
	return result;
}

static inline const char *print_one(enum output_format format, const struct val *v)
{
	static char result[4096];
	struct fixture f;

	fixture_init(&f);
	fixture_event(&f, EVENT_PRINT_VALUE, 1, v);
	fixture_open(&f, format);
	output_record(f.out, f.record, f.size);
	snprintf(result, sizeof(result), "%s", fixture_text(&f));
	fixture_release(&f);
	return result;
}

// ---- maps -----------------------------------------------------------------------------------

#define FAKE_ENTRIES 32
#define FAKE_CPUS 4
#define FAKE_VALUE 2048

struct fake_map {
	struct map_def *def;
	unsigned cpus, count;
	unsigned char keys[FAKE_ENTRIES][VAL_MAX];
	unsigned char values[FAKE_ENTRIES][FAKE_CPUS][FAKE_VALUE];
	bool cleared, zeroed;
	int fail; // -errno of the next walk
};

static inline int fake_walk(void *ctx, const struct map_def *m, map_entry_fn fn, void *arg)
{
	struct fake_map *maps = ctx;
	int err = 0;

	while (maps->def != m)
		maps++;
	for (unsigned i = 0; i < maps->count && !err && !maps->fail; i++)
		err = fn(arg, maps->keys[i], maps->values[i], maps->cpus, FAKE_VALUE);
	return maps->fail ? maps->fail : err;
}

static inline int fake_clear(void *ctx, const struct map_def *m)
{
	struct fake_map *maps = ctx;

	while (maps->def != m)
		maps++;
	maps->cleared = true;
	maps->count = 0;
	return 0;
}

static inline int fake_zero(void *ctx, const struct map_def *m)
{
	struct fake_map *maps = ctx;

	while (maps->def != m)
		maps++;
	maps->zeroed = true;
	memset(maps->values, 0, sizeof(maps->values));
	return 0;
}

static inline void fixture_maps(struct fixture *f, struct fake_map *maps)
{
	f->out->maps = (struct map_reader){
	    .walk = fake_walk, .clear = fake_clear, .zero = fake_zero, .ctx = maps};
}

static inline struct type *agg_type(enum type_kind kind, uint32_t size, bool is_signed)
{
	struct type *t = type_make(&test_arena, kind, size, 8);

	t->is_signed = is_signed;
	t->elem = is_signed ? &type_int64 : &type_uint64;
	return t;
}

static inline struct type *hist_type(int bits)
{
	struct type *t = type_make(&test_arena, TYPE_HIST, 8 * hist_buckets(bits), 8);

	t->params[0] = bits;
	return t;
}

static inline struct type *lhist_type(int64_t min, int64_t max, int64_t step)
{
	struct type *t = type_make(&test_arena, TYPE_LHIST, 8 * lhist_buckets(min, max, step), 8);

	t->params[0] = min;
	t->params[1] = max;
	t->params[2] = step;
	return t;
}

// key NULL: scalar.
static inline void fake_init(struct fixture *f, struct fake_map *fake, const char *name,
			     struct type *key, struct type *value)
{
	struct map_def *m = program_add_map(&f->program, MAP_USER, name);

	memset(fake, 0, sizeof(*fake));
	m->key = key;
	m->scalar = !key;
	m->value = value;
	m->key_size = key ? key->size : 4;
	m->value_size = value->size;
	m->bpf_kind = BPF_MAP_KIND_PERCPU_HASH;
	m->max_entries = FAKE_ENTRIES;
	fake->def = m;
	fake->cpus = 1;
}

#define NO_KEY ((struct val){0})

static inline unsigned fake_key(struct fake_map *fake, struct val key)
{
	if (key.type)
		memcpy(fake->keys[fake->count], key.bytes, key.type->size);
	return fake->count++;
}

static inline void fake_add(struct fake_map *fake, struct val key, struct val value)
{
	unsigned i = fake_key(fake, key);

	memcpy(fake->values[i][0], value.bytes, value.type->size);
}

// Words of an aggregation's value, of one CPU's copy.
static inline void fake_words(struct fake_map *fake, unsigned entry, unsigned cpu, size_t n,
			      const int64_t *words)
{
	memcpy(fake->values[entry][cpu], words, 8 * n);
	if (fake->cpus <= cpu)
		fake->cpus = cpu + 1;
}
#define WORDS(...)                                                                                 \
	sizeof((int64_t[]){__VA_ARGS__}) / 8, (int64_t[])                                          \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
