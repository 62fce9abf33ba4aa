// type: the types themselves, made and described. What they mean to each other (what may
// be assigned to what) is sema's business, see sema/check_types.c.
#include "type.h"

#include <assert.h>
#include <string.h>

#include "base/buf.h"

struct type type_none = {.kind = TYPE_NONE};
struct type type_void = {.kind = TYPE_VOID};
struct type type_bool = {.kind = TYPE_BOOL, .size = 1, .align = 1};
struct type type_int8 = {.kind = TYPE_INT, .size = 1, .align = 1, .is_signed = true};
struct type type_int16 = {.kind = TYPE_INT, .size = 2, .align = 2, .is_signed = true};
struct type type_int32 = {.kind = TYPE_INT, .size = 4, .align = 4, .is_signed = true};
struct type type_int64 = {.kind = TYPE_INT, .size = 8, .align = 8, .is_signed = true};
struct type type_uint8 = {.kind = TYPE_INT, .size = 1, .align = 1};
struct type type_uint16 = {.kind = TYPE_INT, .size = 2, .align = 2};
struct type type_uint32 = {.kind = TYPE_INT, .size = 4, .align = 4};
struct type type_uint64 = {.kind = TYPE_INT, .size = 8, .align = 8};
struct type type_int128 = {
    .kind = TYPE_ARRAY, .size = 16, .align = 16, .elem = &type_uint8, .count = 16};
struct type type_uint128 = {
    .kind = TYPE_ARRAY, .size = 16, .align = 16, .elem = &type_uint8, .count = 16};

struct type *type_low_half(struct type *t)
{
	return t == &type_int128 ? &type_int64 : t == &type_uint128 ? &type_uint64 : t;
}

struct type *type_int(uint32_t size, bool is_signed)
{
	switch (size) {
	case 1:
		return is_signed ? &type_int8 : &type_uint8;
	case 2:
		return is_signed ? &type_int16 : &type_uint16;
	case 4:
		return is_signed ? &type_int32 : &type_uint32;
	default:
		assert(size == 8);
		return is_signed ? &type_int64 : &type_uint64;
	}
}

struct type *type_make(struct arena *a, enum type_kind kind, uint32_t size, uint32_t align)
{
	struct type *t = arena_new(a, struct type);

	t->kind = kind;
	t->size = size;
	t->align = align;
	return t;
}

struct type *type_string(struct arena *a, uint32_t size)
{
	return type_make(a, TYPE_STRING, size, 1);
}

struct type *type_buffer(struct arena *a, uint32_t data_size)
{
	struct type *t = type_make(a, TYPE_BUFFER, 4 + data_size, 4);

	t->count = data_size;
	return t;
}

struct type *type_pointer(struct arena *a, struct type *elem, enum addr_space space)
{
	struct type *t = type_make(a, TYPE_POINTER, 8, 8);

	t->elem = elem;
	t->space = space;
	return t;
}

struct type *type_array(struct arena *a, struct type *elem, uint32_t count)
{
	struct type *t = type_make(a, TYPE_ARRAY, elem->size * count, elem->align);

	t->elem = elem;
	t->count = count;
	return t;
}

static uint32_t align_up(uint32_t offset, uint32_t align)
{
	return align < 2 ? offset : (offset + align - 1) / align * align;
}

struct type *type_float(struct arena *a, uint32_t size)
{
	struct type *t = type_array(a, &type_uint8, size);

	t->is_float = true;
	return t;
}

struct type *type_tuple(struct arena *a, struct type **members, const char **names, size_t n)
{
	struct type *t = type_make(a, names ? TYPE_RECORD : TYPE_TUPLE, 0, 1);
	uint32_t offset = 0;

	t->fields = arena_array(a, struct type_field, n ? n : 1);
	t->field_count = n;
	for (size_t i = 0; i < n; i++) {
		uint32_t align = members[i]->align ? members[i]->align : 1;

		offset = align_up(offset, align);
		t->fields[i].name = names ? names[i] : NULL;
		t->fields[i].type = members[i];
		t->fields[i].offset = offset;
		offset += members[i]->size;
		if (align > t->align)
			t->align = align;
	}
	t->size = align_up(offset, t->align);
	return t;
}

static bool fields_equal(const struct type *a, const struct type *b)
{
	if (a->field_count != b->field_count)
		return false;
	for (size_t i = 0; i < a->field_count; i++) {
		const struct type_field *x = &a->fields[i], *y = &b->fields[i];

		if (x->offset != y->offset || !type_equal(x->type, y->type))
			return false;
		if (a->kind == TYPE_RECORD && strcmp(x->name, y->name) != 0)
			return false;
	}
	return true;
}

static bool names_equal(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

bool type_equal(const struct type *a, const struct type *b)
{
	if (a == b)
		return true;
	if (a->kind != b->kind || a->size != b->size)
		return false;
	switch (a->kind) {
	case TYPE_INT:
	case TYPE_SUM:
	case TYPE_MIN:
	case TYPE_MAX:
	case TYPE_AVG:
	case TYPE_STATS:
		return a->is_signed == b->is_signed;
	case TYPE_ENUM:
	case TYPE_STRUCT:
		return names_equal(a->name, b->name) &&
		       (a->source_id == b->source_id || !strchr(a->name ? a->name : "<", '<'));
	case TYPE_POINTER:
		return a->space == b->space && type_equal(a->elem, b->elem);
	case TYPE_BUFFER:
		return a->count == b->count;
	case TYPE_ARRAY:
		return a->count == b->count && type_equal(a->elem, b->elem);
	case TYPE_TUPLE:
	case TYPE_RECORD:
		return fields_equal(a, b);
	case TYPE_KSTACK:
	case TYPE_USTACK:
		return a->count == b->count && a->stack_mode == b->stack_mode;
	case TYPE_HIST:
	case TYPE_LHIST:
	case TYPE_TSERIES:
		return memcmp(a->params, b->params, sizeof(a->params)) == 0;
	default:
		return true;
	}
}

bool type_same_pointee(const struct type *a, const struct type *b)
{
	if (a->elem->kind == TYPE_POINTER && b->elem->kind == TYPE_POINTER)
		return type_same_pointee(a->elem, b->elem);
	return type_equal(a->elem, b->elem);
}

bool type_is_int(const struct type *t)
{
	return t->kind == TYPE_INT || t->kind == TYPE_ENUM || t->kind == TYPE_BOOL;
}

bool type_is_scalar(const struct type *t)
{
	switch (t->kind) {
	case TYPE_BOOL:
	case TYPE_INT:
	case TYPE_ENUM:
	case TYPE_POINTER:
	case TYPE_FUNC:
	case TYPE_PROBE:
	case TYPE_KSYM:
	case TYPE_USERNAME:
	case TYPE_STRERROR:
	case TYPE_SIGNAL:
	case TYPE_SYSCALL:
		return true;
	default:
		return false;
	}
}

bool type_is_aggregation(const struct type *t)
{
	return t->kind >= TYPE_COUNT && t->kind <= TYPE_TSERIES;
}

const struct type_field *type_find_field(const struct type *t, const char *name)
{
	for (size_t i = 0; i < t->field_count; i++)
		if (t->fields[i].name && strcmp(t->fields[i].name, name) == 0)
			return &t->fields[i];
	return NULL;
}

const struct type_field *type_find_member(const struct type *t, const char *name, size_t i)
{
	if (t->kind == TYPE_RECORD)
		return type_find_field(t, name);
	return i < t->field_count ? &t->fields[i] : NULL;
}

// Kinds whose name needs nothing else.
static const char *const plain_names[TYPE_KIND_COUNT] = {
    [TYPE_NONE] = "none",
    [TYPE_VOID] = "void",
    [TYPE_BOOL] = "bool",
    [TYPE_FUNC] = "func_t",
    [TYPE_PROBE] = "probe_t",
    [TYPE_KSYM] = "ksym_t",
    [TYPE_USYM] = "usym_t",
    [TYPE_TIMESTAMP] = "timestamp",
    [TYPE_MAC] = "mac_address",
    [TYPE_USERNAME] = "username_t",
    [TYPE_STRERROR] = "strerror_t",
    [TYPE_SIGNAL] = "signal_t",
    [TYPE_SYSCALL] = "syscall_t",
    [TYPE_CGROUP_PATH] = "cgroup_path_t",
    [TYPE_COUNT] = "count_t",
    [TYPE_HIST] = "hist_t",
    [TYPE_LHIST] = "lhist_t",
    [TYPE_TSERIES] = "tseries_t",
};

static void format_fields(const struct type *t, struct buf *out)
{
	bool record = t->kind == TYPE_RECORD;

	buf_puts(out, record ? "record { " : "(");
	for (size_t i = 0; i < t->field_count; i++) {
		if (i)
			buf_puts(out, record ? ", " : ",");
		if (record)
			buf_printf(out, ".%s = ", t->fields[i].name);
		type_format(t->fields[i].type, out);
	}
	buf_puts(out, record ? " }" : ")");
}

static void format_stack(const struct type *t, struct buf *out)
{
	static const char *const modes[] = {
	    [STACK_MODE_BPFTRACE] = "bpftrace",
	    [STACK_MODE_PERF] = "perf",
	    [STACK_MODE_RAW] = "raw",
	    [STACK_MODE_BUILD_ID] = "build_id",
	};

	buf_printf(out, "%s_%s_%u", t->kind == TYPE_KSTACK ? "kstack" : "ustack",
		   modes[t->stack_mode], t->count);
}

static void format_signed(const struct type *t, const char *name, struct buf *out)
{
	buf_printf(out, "%s%s", t->is_signed ? "" : "u", name);
}

void type_format(const struct type *t, struct buf *out)
{
	switch (t->kind) {
	case TYPE_INT:
		buf_printf(out, "%sint%u", t->is_signed ? "" : "u", t->size * 8);
		break;
	case TYPE_ENUM:
	case TYPE_STRUCT:
		buf_puts(out, t->name ? t->name : "<anonymous>");
		break;
	case TYPE_POINTER:
		type_format(t->elem, out);
		buf_puts(out, " *");
		break;
	case TYPE_ARRAY:
		type_format(t->elem, out);
		buf_printf(out, "[%u]", t->count);
		break;
	case TYPE_STRING:
		buf_printf(out, "string[%u]", t->size);
		break;
	case TYPE_BUFFER:
		buf_printf(out, "buffer[%u]", 4 + t->count);
		break;
	case TYPE_TUPLE:
	case TYPE_RECORD:
		format_fields(t, out);
		break;
	case TYPE_KSTACK:
	case TYPE_USTACK:
		format_stack(t, out);
		break;
	case TYPE_SUM:
		format_signed(t, "sum_t", out);
		break;
	case TYPE_MIN:
		format_signed(t, "min_t", out);
		break;
	case TYPE_MAX:
		format_signed(t, "max_t", out);
		break;
	case TYPE_AVG:
		format_signed(t, "avg_t", out);
		break;
	case TYPE_STATS:
		format_signed(t, "stats_t", out);
		break;
	case TYPE_INET:
		buf_printf(out, "inet[%u]", t->size);
		break;
	default:
		buf_puts(out, plain_names[t->kind] ? plain_names[t->kind] : "?");
	}
}

const char *type_name(struct arena *a, const struct type *t)
{
	struct buf b = {0};
	const char *name;

	type_format(t, &b);
	name = arena_strdup(a, buf_str(&b));
	buf_release(&b);
	return name;
}

// Bucket 0 holds negative values, then 2^bits exact values, then 2^bits buckets for every
// further power of two up to 2^63.
uint32_t hist_buckets(int bits)
{
	return 1 + ((64 - (uint32_t)bits + 1) << bits);
}

uint32_t lhist_buckets(int64_t min, int64_t max, int64_t step)
{
	return (uint32_t)((max - min) / step) + 2;
}
