// value: a type and its bytes to text, as bpftrace prints them. No case refuses: every type
// has a text. Sample lines:
//
//	-5    true    0xffff8880    abc    a\x01b    (1, ab, (2, 3))    [1,2,[3,4]]
//	{ .x = 1, .y = ab }    { .count = 2, .average = 7, .total = 14 }
#include "output/internal.h"

#include <string.h>

#define MAX_INT_TEXT 32

// ---- padding and escaping -----------------------------------------------------------------

// What was appended since `start` is one field: pad it to the width, which is used up.
void pad_since(struct buf *b, struct style *st, size_t start)
{
	size_t n = b->len - start;
	size_t missing = st->width > n ? st->width - n : 0;
	char fill = st->zero ? '0' : ' ';

	st->width = 0;
	if (!missing)
		return;
	buf_reserve(b, missing);
	if (st->left) {
		memset(b->data + b->len, fill, missing);
	} else {
		memmove(b->data + start + missing, b->data + start, n);
		memset(b->data + start, fill, missing);
	}
	b->len += missing;
	b->data[b->len] = '\0';
}

void write_padded(struct buf *b, struct style *st, const char *s, size_t n)
{
	size_t start = b->len;

	buf_append(b, s, n);
	pad_since(b, st, start);
}

static void write_literal(struct buf *b, struct style *st, const char *s)
{
	write_padded(b, st, s, strlen(s));
}

// Escape sequences begin with ESC, or with CSI: 0x9b as a code point is "\xc2\x9b" in UTF-8.
static bool is_control(const unsigned char *s, size_t i)
{
	if (s[i] < 0x20)
		return s[i] != '\n' && s[i] != '\t';
	if (s[i] == 0x7f)
		return true;
	return s[i] >= 0x80 && s[i] <= 0x9f && (i == 0 || s[i - 1] == 0xc2 || s[i - 1] < 0x80);
}

// What was appended since `start` comes from traced memory. Grows in place, from the end.
void escape_since(const struct printer *pr, struct buf *b, size_t start)
{
	static const char digits[] = "0123456789abcdef";
	size_t controls = 0, from, to;
	unsigned char *s;

	if (!pr->escape || b->len == start)
		return;
	s = (unsigned char *)b->data + start;
	for (from = 0; from < b->len - start; from++)
		controls += is_control(s, from);
	buf_reserve(b, 3 * controls);
	s = (unsigned char *)b->data + start;
	from = b->len - start;
	b->len += 3 * controls;
	b->data[b->len] = '\0';
	to = b->len - start;
	while (from < to) {
		unsigned char c = s[--from];

		if (!is_control(s, from)) {
			s[--to] = c;
			continue;
		}
		s[--to] = (unsigned char)digits[c & 15];
		s[--to] = (unsigned char)digits[c >> 4];
		s[--to] = 'x';
		s[--to] = '\\';
	}
}

void write_foreign(const struct printer *pr, struct buf *b, struct style *st, const char *s,
		   size_t n)
{
	size_t start = b->len;

	buf_append(b, s, n);
	escape_since(pr, b, start);
	pad_since(b, st, start);
}

// ---- numbers ---------------------------------------------------------------------------

uint64_t scalar_bits(const struct type *t, const void *data)
{
	uint64_t v = 0;

	memcpy(&v, data, t->size < 8 ? t->size : 8);
	if (t->is_signed && t->size < 8)
		v = (uint64_t)((int64_t)(v << (64 - 8 * t->size)) >> (64 - 8 * t->size));
	return v;
}

// Without a sign, as the script reads them (bits_at() in codegen/field.c).
uint64_t field_bits(const struct type_field *f, const void *parent)
{
	uint64_t v = 0;
	unsigned shift = 64 - f->bit_size;

	memcpy(&v, (const char *)parent + f->offset, f->type->size < 8 ? f->type->size : 8);
	v >>= f->bit_offset;
	return v << shift >> shift;
}

uint64_t divide(uint64_t v, bool is_signed, uint64_t div)
{
	if (!div)
		return v;
	if (!is_signed)
		return v / div;
	if (div > INT64_MAX)
		return 0;
	return (uint64_t)((int64_t)v / (int64_t)div);
}

uint64_t stats_average(const struct stats_val *s, bool is_signed)
{
	return divide(s->sum, is_signed, s->count);
}

static struct stats_val stats_of(const struct type *t, const void *data)
{
	struct stats_val s = {0};

	memcpy(&s, data, t->size < sizeof(s) ? t->size : sizeof(s));
	return s;
}

uint64_t aggregation_number(const struct type *t, const void *data, uint64_t div)
{
	bool is_signed = t->is_signed && t->kind != TYPE_COUNT;
	struct stats_val s = stats_of(t, data);

	// COUNT, SUM: the number. MIN, MAX: { value; is_set }, 0 when not set.
	if (t->kind == TYPE_AVG || t->kind == TYPE_STATS)
		return divide(stats_average(&s, is_signed), is_signed, div);
	return divide(s.sum, is_signed, div);
}

static void int_text(struct buf *b, struct style *st, uint64_t v, bool is_signed)
{
	char text[MAX_INT_TEXT];
	int n;

	if (is_signed)
		n = snprintf(text, sizeof(text), st->plus ? "%+lld" : "%lld", (long long)v);
	else
		n = snprintf(text, sizeof(text), "%llu", (unsigned long long)v);
	write_padded(b, st, text, (size_t)n);
}

const char *enum_name(const struct type *t, uint64_t value)
{
	for (size_t i = 0; i < t->enumerator_count; i++) {
		if (t->enumerators[i].value == (int64_t)value)
			return t->enumerators[i].name;
	}
	return NULL;
}

static void enum_text(struct buf *b, struct style *st, const struct type *t, uint64_t v)
{
	const char *name = enum_name(t, v);

	if (name)
		write_literal(b, st, name);
	else
		int_text(b, st, v, t->is_signed);
}

static void pointer_text(struct buf *b, struct style *st, uint64_t v)
{
	char text[MAX_INT_TEXT];
	int n = snprintf(text, sizeof(text), "0x%llx", (unsigned long long)v);

	write_padded(b, st, text, (size_t)n);
}

// ---- bytes -----------------------------------------------------------------------------

size_t string_len(const struct type *t, const void *data)
{
	return strnlen(data, t->size);
}

// A string that fills what str() may read was probably cut off (bpftrace does not know more
// either), and so was a member of a kernel's struct without a NUL.
bool string_is_cut(const struct printer *pr, const struct type *t, size_t len)
{
	uint64_t max = pr->program->config.max_strlen;

	if (len == t->size)
		return !t->may_fill;
	return len == max && t->size == max + 1;
}

static void string_text(const struct printer *pr, struct buf *b, struct style *st,
			const struct type *t, const void *data)
{
	const char *trailer = pr->program->config.str_trunc_trailer;
	size_t n = string_len(t, data), start = b->len;

	buf_append(b, data, n);
	escape_since(pr, b, start);
	if (trailer && string_is_cut(pr, t, n))
		buf_puts(b, trailer);
	pad_since(b, st, start);
}

const unsigned char *buffer_bytes(const struct type *t, const void *data, size_t *len)
{
	size_t room = t->size < 4 ? 0 : t->size - 4; // may have padding at its end
	uint32_t n = 0;

	if (t->count < room)
		room = t->count;
	if (t->size >= sizeof(n))
		memcpy(&n, data, sizeof(n));
	*len = n < room ? n : room;
	return (const unsigned char *)data + sizeof(n);
}

void buffer_text(struct buf *b, const unsigned char *data, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (data[i] >= 32 && data[i] <= 126)
			buf_putc(b, (char)data[i]);
		else
			buf_printf(b, "\\x%02x", data[i]);
	}
}

void buffer_hex(struct buf *b, const unsigned char *data, size_t n, bool escapes)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		if (escapes)
			buf_puts(b, "\\x");
		else if (i)
			buf_putc(b, ' ');
		buf_putc(b, digits[data[i] >> 4]);
		buf_putc(b, digits[data[i] & 15]);
	}
}

static void buffer_value(struct buf *b, struct style *st, const struct type *t, const void *data)
{
	size_t n, start = b->len;
	const unsigned char *bytes = buffer_bytes(t, data, &n);

	buffer_text(b, bytes, n);
	pad_since(b, st, start);
}

// ---- composites ------------------------------------------------------------------------

static void field_text(const struct printer *pr, struct buf *b, struct style *st,
		       const struct type_field *f, const void *parent)
{
	if (f->bit_size)
		int_text(b, st, divide(field_bits(f, parent), f->type->is_signed, st->div),
			 f->type->is_signed);
	else
		value_text(pr, b, st, f->type, (const char *)parent + f->offset);
}

static void tuple_text(const struct printer *pr, struct buf *b, struct style *st,
		       const struct type *t, const void *data)
{
	write_literal(b, st, "(");
	for (size_t i = 0; i < t->field_count; i++) {
		if (i)
			buf_puts(b, ", ");
		field_text(pr, b, st, &t->fields[i], data);
	}
	buf_putc(b, ')');
}

static void record_text(const struct printer *pr, struct buf *b, struct style *st,
			const struct type *t, const void *data)
{
	if (!t->field_count) {
		write_literal(b, st, "{}");
		return;
	}
	write_literal(b, st, "{ ");
	for (size_t i = 0; i < t->field_count; i++) {
		if (i)
			buf_puts(b, ", ");
		buf_putc(b, '.');
		buf_puts(b, t->fields[i].name ? t->fields[i].name : "");
		buf_puts(b, " = ");
		field_text(pr, b, st, &t->fields[i], data);
	}
	buf_puts(b, " }");
}

static void array_text(const struct printer *pr, struct buf *b, struct style *st,
		       const struct type *t, const void *data)
{
	write_literal(b, st, "[");
	for (uint32_t i = 0; i < t->count; i++) {
		if (i)
			buf_putc(b, ',');
		value_text(pr, b, st, t->elem, (const char *)data + (size_t)i * t->elem->size);
	}
	buf_putc(b, ']');
}

static void stats_text(struct buf *b, struct style *st, const struct type *t, const void *data)
{
	struct stats_val s = stats_of(t, data);

	write_literal(b, st, "{ ");
	buf_puts(b, ".count = ");
	int_text(b, st, s.count, false);
	buf_puts(b, ", .average = ");
	int_text(b, st, aggregation_number(t, data, st->div), t->is_signed);
	buf_puts(b, ", .total = ");
	int_text(b, st, s.sum, t->is_signed);
	buf_puts(b, " }");
}

static void handle_value(const struct printer *pr, struct buf *b, struct style *st,
			 const struct type *t, const void *data)
{
	size_t start = b->len;

	handle_text(pr, b, t, data);
	escape_since(pr, b, start);
	pad_since(b, st, start);
}

void value_text(const struct printer *pr, struct buf *b, struct style *st, const struct type *t,
		const void *data)
{
	switch (t->kind) {
	case TYPE_BOOL:
		write_literal(b, st, *(const unsigned char *)data ? "true" : "false");
		return;
	case TYPE_INT:
		int_text(b, st, divide(scalar_bits(t, data), t->is_signed, st->div), t->is_signed);
		return;
	case TYPE_ENUM:
		enum_text(b, st, t, scalar_bits(t, data));
		return;
	case TYPE_POINTER:
		pointer_text(b, st, scalar_bits(t, data));
		return;
	case TYPE_STRING:
		string_text(pr, b, st, t, data);
		return;
	case TYPE_BUFFER:
		buffer_value(b, st, t, data);
		return;
	case TYPE_TUPLE:
		tuple_text(pr, b, st, t, data);
		return;
	case TYPE_RECORD:
	case TYPE_STRUCT:
		record_text(pr, b, st, t, data);
		return;
	case TYPE_ARRAY:
		if (t->is_float)
			write_literal(b, st, "null");
		else
			array_text(pr, b, st, t, data);
		return;
	case TYPE_COUNT:
		int_text(b, st, aggregation_number(t, data, st->div), false);
		return;
	case TYPE_SUM:
	case TYPE_MIN:
	case TYPE_MAX:
	case TYPE_AVG:
		int_text(b, st, aggregation_number(t, data, st->div), t->is_signed);
		return;
	case TYPE_STATS:
		stats_text(b, st, t, data);
		return;
	default:
		if (type_is_handle(t))
			handle_value(pr, b, st, t, data);
		else
			write_literal(b, st, "null");
		return;
	}
}
