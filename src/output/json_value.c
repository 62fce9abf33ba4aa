// json_value: a type and its bytes to JSON. Handles and strings become strings, pointers and
// enums numbers, tuples and arrays arrays, records objects.
//
// A number that a double cannot hold exactly is written as a string: most readers of JSON
// would silently round it. Text is UTF-8; a byte that is not part of valid UTF-8 is written as
// the code point of the same number (\u00ff), so the output is always valid JSON.
#include "output/internal.h"

#include <string.h>

// Length of the valid UTF-8 sequence at s (n bytes left), 0 if it is none.
static size_t utf8_len(const unsigned char *s, size_t n)
{
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

	if (s[0] > 0xf4 || len > n)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	// Overlong, surrogates, beyond U+10FFFF.
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

static void json_char(struct buf *b, unsigned char c)
{
	switch (c) {
	case '"':
		buf_puts(b, "\\\"");
		break;
	case '\\':
		buf_puts(b, "\\\\");
		break;
	case '\n':
		buf_puts(b, "\\n");
		break;
	case '\r':
		buf_puts(b, "\\r");
		break;
	case '\t':
		buf_puts(b, "\\t");
		break;
	default:
		if (c < 0x20 || c >= 0x80)
			buf_printf(b, "\\u%04x", c);
		else
			buf_putc(b, (char)c);
	}
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

void json_string(struct buf *b, const char *s, size_t n)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t i = 0, run, len;

	buf_putc(b, '"');
	while (i < n) {
		for (run = i; run < n && is_plain(u[run]); run++)
			;
		if (run > i)
			buf_append(b, s + i, run - i);
		i = run;
		if (i == n)
			break;
		len = utf8_len(u + i, n - i);
		if (len > 1) {
			buf_append(b, s + i, len);
			i += len;
		} else {
			json_char(b, u[i++]);
		}
	}
	buf_putc(b, '"');
}

// 2^63 and 2^64 themselves come out of rounding up; converting them back would overflow.
static bool exact_as_double(uint64_t bits, bool is_signed)
{
	if (is_signed) {
		double d = (double)(int64_t)bits;

		return d < 0x1p63 && (int64_t)d == (int64_t)bits;
	}
	return (double)bits < 0x1p64 && (uint64_t)(double)bits == bits;
}

void json_int(struct buf *b, uint64_t bits, bool is_signed)
{
	bool exact = exact_as_double(bits, is_signed);
	const char *fmt = is_signed ? (exact ? "%lld" : "\"%lld\"") : (exact ? "%llu" : "\"%llu\"");

	buf_printf(b, fmt, (long long)bits);
}

// Escape in place what was appended as raw text since `start`.
static void quote_since(struct buf *b, size_t start)
{
	struct buf raw = {0};

	buf_append(&raw, b->data + start, b->len - start);
	b->len = start;
	json_string(b, raw.data, raw.len);
	buf_release(&raw);
}

static void text_json(const struct printer *pr, struct buf *b, const struct type *t,
		      const void *data)
{
	struct printer own = *pr;
	struct style st = {0};
	size_t start = b->len;

	own.escape = false; // JSON has its own escapes
	value_text(&own, b, &st, t, data);
	quote_since(b, start);
}

static void string_json(const struct printer *pr, struct buf *b, const struct type *t,
			const void *data)
{
	size_t n = string_len(t, data);

	if (!string_is_cut(pr, t, n))
		json_string(b, data, n);
	else
		text_json(pr, b, t, data); // with the trailer
}

// Signed, as bpftrace's are.
static void buffer_json(struct buf *b, const struct type *t, const void *data)
{
	size_t n;
	const unsigned char *bytes = buffer_bytes(t, data, &n);

	buf_putc(b, '[');
	for (size_t i = 0; i < n; i++)
		buf_printf(b, i ? ",%d" : "%d", (signed char)bytes[i]);
	buf_putc(b, ']');
}

static void field_json(const struct printer *pr, struct buf *b, const struct type_field *f,
		       const void *parent, uint64_t div)
{
	bool is_signed = f->type->is_signed;

	if (f->bit_size)
		json_int(b, divide(field_bits(f, parent), is_signed, div), is_signed);
	else
		value_json(pr, b, f->type, (const char *)parent + f->offset, div);
}

static void tuple_json(const struct printer *pr, struct buf *b, const struct type *t,
		       const void *data, uint64_t div)
{
	buf_putc(b, '[');
	for (size_t i = 0; i < t->field_count; i++) {
		if (i)
			buf_putc(b, ',');
		field_json(pr, b, &t->fields[i], data, div);
	}
	buf_putc(b, ']');
}

static void record_json(const struct printer *pr, struct buf *b, const struct type *t,
			const void *data, uint64_t div)
{
	buf_putc(b, '{');
	for (size_t i = 0; i < t->field_count; i++) {
		const char *name = t->fields[i].name ? t->fields[i].name : "";

		if (i)
			buf_puts(b, ", ");
		json_string(b, name, strlen(name));
		buf_puts(b, ": ");
		field_json(pr, b, &t->fields[i], data, div);
	}
	buf_putc(b, '}');
}

static void array_json(const struct printer *pr, struct buf *b, const struct type *t,
		       const void *data, uint64_t div)
{
	buf_putc(b, '[');
	for (uint32_t i = 0; i < t->count; i++) {
		if (i)
			buf_putc(b, ',');
		value_json(pr, b, t->elem, (const char *)data + (size_t)i * t->elem->size, div);
	}
	buf_putc(b, ']');
}

static void stats_json(struct buf *b, const struct type *t, const void *data, uint64_t div)
{
	struct stats_val s;

	memcpy(&s, data, sizeof(s));
	buf_puts(b, "{\"count\": ");
	json_int(b, s.count, false);
	buf_puts(b, ", \"average\": ");
	json_int(b, aggregation_number(t, data, div), t->is_signed);
	buf_puts(b, ", \"total\": ");
	json_int(b, s.sum, t->is_signed);
	buf_putc(b, '}');
}

void value_json(const struct printer *pr, struct buf *b, const struct type *t, const void *data,
		uint64_t div)
{
	switch (t->kind) {
	case TYPE_BOOL:
		buf_puts(b, *(const unsigned char *)data ? "true" : "false");
		return;
	case TYPE_INT:
		json_int(b, divide(scalar_bits(t, data), t->is_signed, div), t->is_signed);
		return;
	case TYPE_ENUM:
	case TYPE_POINTER:
		json_int(b, scalar_bits(t, data), t->is_signed);
		return;
	case TYPE_STRING:
		string_json(pr, b, t, data);
		return;
	case TYPE_BUFFER:
		buffer_json(b, t, data);
		return;
	case TYPE_TUPLE:
		tuple_json(pr, b, t, data, div);
		return;
	case TYPE_RECORD:
	case TYPE_STRUCT:
		record_json(pr, b, t, data, div);
		return;
	case TYPE_ARRAY:
		if (t->is_float)
			buf_puts(b, "null");
		else
			array_json(pr, b, t, data, div);
		return;
	case TYPE_COUNT:
		json_int(b, aggregation_number(t, data, div), false);
		return;
	case TYPE_SUM:
	case TYPE_MIN:
	case TYPE_MAX:
	case TYPE_AVG:
		json_int(b, aggregation_number(t, data, div), t->is_signed);
		return;
	case TYPE_STATS:
		stats_json(b, t, data, div);
		return;
	default:
		if (type_is_handle(t))
			text_json(pr, b, t, data);
		else
			buf_puts(b, "null");
		return;
	}
}
