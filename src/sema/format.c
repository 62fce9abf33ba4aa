// format: text in, struct format out. Refuses only floating point; what is no conversion is
// literal text.
#include "sema/format.h"

#include <ctype.h>
#include <string.h>

struct cursor {
	const char *at, *end;
};

static bool take(struct cursor *c, char want)
{
	if (c->at == c->end || *c->at != want)
		return false;
	c->at++;
	return true;
}

static void parse_flags(struct cursor *c, struct format_piece *p)
{
	size_t n = 0;

	while (c->at != c->end && *c->at && strchr("-+ 0#'", *c->at)) {
		if (!strchr(p->flags, *c->at) && n < sizeof(p->flags) - 1)
			p->flags[n++] = *c->at;
		c->at++;
	}
}

// A number, or -1 when there is none. `*` is accepted and ignored, as bpftrace does.
static int parse_number(struct cursor *c)
{
	int value = 0;

	if (take(c, '*'))
		return -1;
	if (c->at == c->end || !isdigit((unsigned char)*c->at))
		return -1;
	while (c->at != c->end && isdigit((unsigned char)*c->at)) {
		if (value < 100000)
			value = value * 10 + (*c->at - '0');
		c->at++;
	}
	return value;
}

static void parse_length(struct cursor *c, struct format_piece *p)
{
	if (c->at == c->end || !*c->at || !strchr("hljzt", *c->at))
		return;
	p->length[0] = *c->at++;
	if ((p->length[0] == 'h' || p->length[0] == 'l') && take(c, p->length[0]))
		p->length[1] = p->length[0];
}

// True when a conversion was read; *bad when it is one that can't be.
static bool parse_conversion(struct cursor *c, struct format_piece *p, bool *bad)
{
	if (c->at == c->end || !*c->at)
		return false;
	if (strchr("diuoxXcsp", *c->at)) {
		p->conv[0] = *c->at++;
		return true;
	}
	if (take(c, 'r')) {
		p->conv[0] = 'r';
		if (c->at != c->end && (*c->at == 'x' || *c->at == 'h'))
			p->conv[1] = *c->at++;
		return true;
	}
	if (c->end - c->at >= 2 && c->at[0] == 'g' && c->at[1] == 'r') {
		memcpy(p->conv, "gr", 3);
		c->at += 2;
		return true;
	}
	*bad = strchr("aAeEfFgG", *c->at) != NULL;
	return false;
}

static void parse_modifiers(struct cursor *c, struct format_piece *p)
{
	parse_flags(c, p);
	p->width = parse_number(c);
	if (take(c, '.')) {
		p->precision = parse_number(c);
		if (p->precision < 0)
			p->precision = 0;
	}
	parse_length(c, p);
}

// After a '%': fills *p and moves on, or leaves the cursor where it was.
static bool parse_piece(struct cursor *c, struct format_piece *p, bool *bad)
{
	struct cursor start = *c;

	*p = (struct format_piece){.arg = -1, .width = -1, .precision = -1};
	parse_modifiers(c, p);
	if (parse_conversion(c, p, bad))
		return true;
	if (!*bad)
		*c = start;
	return false;
}

// "%%", and "%5%", which is the same.
static bool take_percent(struct cursor *c)
{
	struct format_piece ignored = {0};
	struct cursor at = *c;

	parse_modifiers(&at, &ignored);
	if (!take(&at, '%'))
		return false;
	*c = at;
	return true;
}

static void push_text(struct arena *a, struct format *out, const char *text, size_t len)
{
	struct format_piece p = {.arg = -1, .width = -1, .precision = -1};

	if (!len)
		return;
	p.text = arena_strndup(a, text, len);
	p.text_len = len;
	arena_push(a, &out->pieces, p);
}

int format_parse(struct arena *a, const char *text, size_t len, struct format *out,
		 const char **bad)
{
	struct cursor c = {text, text + len};
	const char *pending = text; // literal text not yet pushed
	int count = 0;

	out->text = text;
	while (c.at != c.end) {
		const char *percent = c.at;
		struct format_piece p;
		bool is_bad = false;

		if (*c.at++ != '%')
			continue;
		if (take_percent(&c)) {
			push_text(a, out, pending, (size_t)(percent + 1 - pending));
			pending = c.at;
			continue;
		}
		if (!parse_piece(&c, &p, &is_bad)) {
			if (!is_bad)
				continue;
			*bad = arena_strndup(a, c.at, 1);
			return -1;
		}
		push_text(a, out, pending, (size_t)(percent - pending));
		p.arg = count++;
		arena_push(a, &out->pieces, p);
		pending = c.at;
	}
	push_text(a, out, pending, (size_t)(c.end - pending));
	return count;
}
