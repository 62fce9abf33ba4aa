// format: printf's pieces and a record to text. The pieces are parsed (sema), so nothing here
// fails; a conversion that does not suit its value prints the value as %s would.
//
// The rules are bpftrace's, not C's: an integer without a length modifier is an int whatever
// its type ("%d" of 5000000000 prints 705032704), precision and the blank flag do nothing,
// '+' works for signed integers only, zeros pad on the side where blanks would.
#include "output/internal.h"

#include <string.h>

static struct style piece_style(const struct format_piece *p)
{
	struct style st = {.width = p->width > 0 ? (size_t)p->width : 0};

	for (const char *f = p->flags; f < p->flags + sizeof(p->flags) && *f; f++) {
		st.left |= *f == '-';
		st.plus |= *f == '+';
		st.zero |= *f == '0';
		st.alternate |= *f == '#';
	}
	return st;
}

static unsigned length_bits(const char *length)
{
	if (!strcmp(length, "hh"))
		return 8;
	if (!strcmp(length, "h"))
		return 16;
	return *length ? 64 : 32; // l ll j z t
}

static bool is_number(const struct type *t)
{
	return type_is_int(t) || t->kind == TYPE_POINTER || type_is_aggregation(t);
}

static uint64_t number_of(const struct type *t, const void *data)
{
	return type_is_aggregation(t) ? aggregation_number(t, data, 0) : scalar_bits(t, data);
}

// What most numbers are; snprintf() would be half of what a record costs.
static void write_decimal(struct buf *b, struct style *st, bool minus, uint64_t v)
{
	char text[24], *p = text + sizeof(text);

	do {
		*--p = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	if (minus)
		*--p = '-';
	write_padded(b, st, p, (size_t)(text + sizeof(text) - p));
}

static void write_number(struct buf *b, struct style *st, char conv, uint64_t v)
{
	const char *fmt = NULL;
	char text[32];
	int n;

	if (conv == 'd' && !st->plus) {
		write_decimal(b, st, (int64_t)v < 0, (int64_t)v < 0 ? 0 - v : v);
		return;
	}
	switch (conv) {
	case 'o':
		fmt = st->alternate ? "%#llo" : "%llo";
		break;
	case 'x':
		fmt = st->alternate ? "%#llx" : "%llx";
		break;
	case 'X':
		fmt = st->alternate ? "%#llX" : "%llX";
		break;
	case 'u':
		write_decimal(b, st, false, v);
		return;
	default:
		fmt = "%+lld";
		break;
	}
	n = snprintf(text, sizeof(text), fmt, (long long)v);
	write_padded(b, st, text, (size_t)n);
}

static void signed_piece(struct buf *b, struct style *st, const struct format_piece *p, uint64_t v)
{
	unsigned shift = 64 - length_bits(p->length);

	write_number(b, st, 'd', (uint64_t)((int64_t)(v << shift) >> shift));
}

static void unsigned_piece(struct buf *b, struct style *st, const struct format_piece *p,
			   uint64_t v)
{
	unsigned shift = 64 - length_bits(p->length);

	write_number(b, st, p->conv[0], v << shift >> shift);
}

static void pointer_piece(struct buf *b, struct style *st, uint64_t v)
{
	char text[32] = "0";

	if (v)
		snprintf(text, sizeof(text), "0x%llx", (unsigned long long)v);
	write_padded(b, st, text, strlen(text));
}

static void number_piece(struct buf *b, struct style *st, const struct format_piece *p, uint64_t v)
{
	char c = (char)v;

	switch (p->conv[0]) {
	case 'c':
		write_padded(b, st, &c, 1);
		break;
	case 'p':
		pointer_piece(b, st, v);
		break;
	case 'd':
	case 'i':
		signed_piece(b, st, p, v);
		break;
	default:
		unsigned_piece(b, st, p, v);
		break;
	}
}

static void buffer_piece(struct buf *b, struct style *st, const struct format_piece *p,
			 const struct type *t, const void *data)
{
	size_t n, start = b->len;
	const unsigned char *bytes = buffer_bytes(t, data, &n);

	if (p->conv[1])
		buffer_hex(b, bytes, n, p->conv[1] == 'x');
	else
		buffer_text(b, bytes, n);
	pad_since(b, st, start);
}

static void print_piece(const struct printer *pr, struct buf *b, const struct format_piece *p,
			const struct event_arg *arg, const void *record)
{
	struct style st = piece_style(p);
	struct printer own = *pr;
	const void *data = event_arg_data(arg, record);

	own.escape &= !arg->is_const; // the script's own text
	if (p->conv[0] == 'g' && is_number(arg->type))
		gfp_text(b, &st, number_of(arg->type, data));
	else if (p->conv[0] == 'r' && arg->type->kind == TYPE_BUFFER)
		buffer_piece(b, &st, p, arg->type, data);
	else if (p->conv[0] != 's' && p->conv[0] != 'r' && is_number(arg->type))
		number_piece(b, &st, p, number_of(arg->type, data));
	else
		value_text(&own, b, &st, arg->type, data);
}

void format_event(const struct printer *pr, struct buf *b, const struct event_def *e,
		  const void *record)
{
	for (size_t i = 0; i < e->format.pieces.len; i++) {
		const struct format_piece *p = &e->format.pieces.data[i];

		if (p->text)
			buf_append(b, p->text, p->text_len);
		else if (p->arg >= 0 && (size_t)p->arg < e->args.len)
			print_piece(pr, b, p, &e->args.data[p->arg], record);
	}
}
