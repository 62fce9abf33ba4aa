// literal: spans of integer and string literals come in, values leave. Follows bpftrace's
// rules: `_` separates digits, `e` scales by ten, a duration suffix scales to nanoseconds,
// a C suffix only limits the range. Refuses what does not fit 64 bits.
#include "parser/private.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "parser/parser.h"

// ---- integers --------------------------------------------------------------------------------

struct suffix {
	uint64_t scale;
	uint64_t max; // of the digits
	bool is_unsigned;
};

static const struct c_suffix {
	const char *text;
	struct suffix suffix;
} c_suffixes[] = {
    {"", {1, UINT64_MAX, false}},   {"u", {1, UINT32_MAX, true}}, {"ul", {1, UINT64_MAX, true}},
    {"ull", {1, UINT64_MAX, true}}, {"l", {1, INT64_MAX, false}}, {"ll", {1, INT64_MAX, false}},
};

// C suffixes are the same in upper case, durations are not: 5M is nothing.
static bool find_suffix(const char *text, struct suffix *out)
{
	uint64_t ns = str_time_unit(text);

	if (ns) {
		*out = (struct suffix){ns, UINT64_MAX / ns, false};
		return true;
	}
	for (size_t i = 0; i < sizeof(c_suffixes) / sizeof(c_suffixes[0]); i++) {
		if (strcasecmp(c_suffixes[i].text, text) == 0) {
			*out = c_suffixes[i].suffix;
			return true;
		}
	}
	return false;
}

struct digits {
	uint64_t value;
	const char *end;
	bool overflow, any;
	char last; // character before end
};

static int digit_value(int c, unsigned base)
{
	int v = isdigit(c) ? c - '0' : isxdigit(c) ? tolower(c) - 'a' + 10 : 99;

	return v < (int)base ? v : -1;
}

static struct digits scan_digits(const char *s, unsigned base)
{
	struct digits d = {.end = s};

	for (; *d.end == '_' || digit_value((unsigned char)*d.end, base) >= 0; d.end++) {
		d.last = *d.end;
		if (*d.end == '_')
			continue;
		d.any = true;
		if (__builtin_mul_overflow(d.value, (uint64_t)base, &d.value) ||
		    __builtin_add_overflow(d.value, (uint64_t)digit_value(*d.end, base), &d.value))
			d.overflow = true;
	}
	return d;
}

// `1e6`, also `01e6`: digits, then an exponent.
static bool has_exponent(const char *s)
{
	s += strspn(s, "0123456789_");
	return tolower(*s) == 'e' && isdigit((unsigned char)s[1]);
}

// Scales d by the exponent that its end points to, if there is one.
static void scan_exponent(struct digits *d)
{
	struct digits e;

	if (*d->end != 'e' && *d->end != 'E')
		return;
	e = scan_digits(d->end + 1, 10);
	if (!e.any)
		return;
	d->end = e.end;
	d->last = e.last;
	for (uint64_t i = 0; i < e.value && d->value && !d->overflow; i++)
		d->overflow = __builtin_mul_overflow(d->value, 10, &d->value);
}

// What stands before an exponent: one digit from 1 to 9.
static bool is_coefficient(const char *s)
{
	s += strspn(s, "0");
	return *s >= '1' && *s <= '9' && !isdigit((unsigned char)s[1]) && s[1] != '_';
}

static struct digits scan_number(const char *s)
{
	struct digits d;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		return scan_digits(s + 2, 16);
	if (s[0] == '0' && (s[1] == 'b' || s[1] == 'B'))
		return scan_digits(s + 2, 2);
	if (s[0] == '0' && (isdigit((unsigned char)s[1]) || s[1] == '_') && !has_exponent(s))
		return scan_digits(s + 1, 8);
	d = scan_digits(s, 10);
	scan_exponent(&d);
	return d;
}

bool literal_number(const char *text, uint64_t *value)
{
	struct digits d = scan_number(text);
	struct suffix suffix;

	if (!isdigit((unsigned char)*text) || !d.any || d.overflow ||
	    !find_suffix(d.end, &suffix) || d.value > suffix.max)
		return false;
	*value = d.value * suffix.scale;
	return true;
}

static void refuse_rest(struct parse *ps, struct span at, const char *text, const char *rest)
{
	struct span where = {at.begin + (uint32_t)(rest - text), at.end};

	if (!*rest) {
		diag_error(ps->diag, at, "integer", "syntax: no digits in integer '%s'", text);
		return;
	}
	if (isdigit((unsigned char)*rest)) {
		diag_error(ps->diag, at, "integer", "syntax: invalid digit '%c' in integer '%s'",
			   *rest, text);
		if (text[0] == '0')
			diag_hint(ps->diag, "a leading 0 makes it %s",
				  tolower(text[1]) == 'b' ? "binary" : "octal");
		return;
	}
	diag_error(ps->diag, where, "integer", "syntax: invalid integer suffix '%s'", rest);
	diag_hint(ps->diag, "durations are ns us ms s m h d, C suffixes u l ul ll ull");
}

void literal_int(struct parse *ps, struct expr *e)
{
	char *text = span_string(ps, e->span, 0);
	struct digits d;
	struct suffix suffix;
	bool known;

	e->u.integer.text = text;
	if (strlen(text) > 100) {
		diag_error(ps->diag, e->span, "integer", "syntax: integer literal is too long");
		return;
	}
	if (has_exponent(text) && !is_coefficient(text)) {
		diag_error(ps->diag, e->span, "integer",
			   "syntax: coefficient part of scientific literal must be 1-9: %s", text);
		return;
	}
	d = scan_number(text);
	known = find_suffix(d.end, &suffix);
	if (d.any && d.last == '_') {
		struct span last = {e->span.begin + (uint32_t)(d.end - text) - 1,
				    e->span.begin + (uint32_t)(d.end - text)};

		diag_error(ps->diag, last, "integer",
			   "syntax: trailing underscore in integer literal");
		return;
	}
	if (!d.any || !known) {
		refuse_rest(ps, e->span, text, d.end);
		return;
	}
	if (d.overflow || d.value > suffix.max) {
		diag_error(ps->diag, e->span, "integer",
			   "syntax: overflow error, maximum value is %llu: %s",
			   (unsigned long long)(suffix.scale == 1 ? suffix.max : UINT64_MAX), text);
		return;
	}
	e->u.integer.value = d.value * suffix.scale;
	e->u.integer.is_unsigned = suffix.is_unsigned;
}

// ---- strings ---------------------------------------------------------------------------------

static void refuse_escape(struct parse *ps, struct span at, size_t begin, size_t end)
{
	struct span where = {at.begin + (uint32_t)begin, at.begin + (uint32_t)end};
	struct source_text text = span_text(ps, where);

	if (text.len > 1 && text.data[1] >= '0' && text.data[1] <= '7') {
		diag_error(ps->diag, where, "escape",
			   "syntax: octal escape sequence out of range '%.*s'", (int)text.len,
			   text.data);
		return;
	}
	diag_error(ps->diag, where, "escape", "syntax: invalid escape character '%.*s'",
		   (int)text.len, text.data);
	diag_hint(ps->diag, "escapes are \\n \\t \\r \\\" \\\\ \\nnn (octal) \\xnn; "
			    "write \\\\ for a backslash");
}

struct unescaped {
	size_t used; // bytes of source
	int value;   // -1: refused
};

static int hex_digit(int c)
{
	return isxdigit(c) ? digit_value(c, 16) : -1;
}

// s points to the backslash; n bytes are left of the literal.
static struct unescaped scan_escape(const char *s, size_t n)
{
	static const char from[] = "ntr\"\\", to[] = "\n\t\r\"\\";
	struct unescaped u = {n < 2 ? n : 2, -1};
	const char *known;

	if (n < 2)
		return u;
	known = s[1] ? strchr(from, s[1]) : NULL;
	if (known) {
		u.value = to[known - from];
	} else if (s[1] == 'x' || s[1] == 'X') {
		int v = 0;

		while (u.used < n && u.used < 4 && hex_digit((unsigned char)s[u.used]) >= 0)
			v = v * 16 + hex_digit((unsigned char)s[u.used++]);
		u.value = u.used > 2 ? v : -1;
	} else if (s[1] >= '0' && s[1] <= '7') {
		int v = 0;

		u.used = 1;
		while (u.used < n && u.used < 4 && s[u.used] >= '0' && s[u.used] <= '7')
			v = v * 8 + s[u.used++] - '0';
		u.value = v < 256 ? v : -1;
	}
	return u;
}

void literal_string(struct parse *ps, struct expr *e)
{
	struct source_text text = span_text(ps, e->span);
	size_t end = text.len, len = 0;
	char *data = arena_alloc(ps->arena, text.len + 1);

	// The lexer lets an unterminated one through after complaining.
	if (end > 1 && text.data[end - 1] == '"')
		end--;
	for (size_t i = 1; i < end;) {
		struct unescaped u;

		if (text.data[i] != '\\') {
			data[len++] = text.data[i++];
			continue;
		}
		u = scan_escape(text.data + i, end - i);
		if (u.value < 0)
			refuse_escape(ps, e->span, i, i + u.used);
		else
			data[len++] = (char)u.value;
		i += u.used;
	}
	e->u.string.data = data;
	e->u.string.len = len;
}
