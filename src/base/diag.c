// diag: findings about the script come in as spans and sentences; text in the shape that
// bpftrace prints leaves:
//
//	stdin:1:9-19: ERROR: Unknown function: 'pritn' [unknown-function]
//	BEGIN { pritn("x") }
//	        ~~~~~~~~~~
//
//	stdin:3-5: ERROR: ...        (a span of several lines: all of them, no underline)
//
// Script text is hostile here: control characters and broken UTF-8 are shown escaped and
// long lines are cut around the span, so that a terminal shows what is there.
#include "base/diag.h"

#include <stdarg.h>
#include <string.h>

#include "base/buf.h"

#define MAX_WARNINGS 100
#define MAX_LINES 6	// of a span of several lines
#define MAX_CALLS 8	// of macros within macros
#define MAX_COLUMNS 400 // of a line that is printed whole
#define CUT_BEFORE 80	// bytes kept before the span of a longer line
#define CUT_AFTER 160	// bytes kept from the span's start on

// ---- collecting ----------------------------------------------------------------------

static void report(struct diag *d, enum diag_level level, struct span at, const char *tag,
		   const char *fmt, va_list ap)
{
	struct diag_entry e = {.level = level, .span = at, .tag = tag};
	size_t limit = level == DIAG_ERROR ? DIAG_MAX_ERRORS : MAX_WARNINGS;

	if (level == DIAG_ERROR)
		d->error_count++;
	d->last_dropped = d->kept[level] >= limit || (level == DIAG_WARNING && d->warnings_off);
	if (d->last_dropped) {
		d->dropped += level == DIAG_ERROR;
		return;
	}
	d->kept[level]++;
	e.text = arena_vprintf(d->arena, fmt, ap);
	arena_push(d->arena, &d->entries, e);
}

void diag_error(struct diag *d, struct span at, const char *tag, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(d, DIAG_ERROR, at, tag, fmt, ap);
	va_end(ap);
}

void diag_warn(struct diag *d, struct span at, const char *tag, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(d, DIAG_WARNING, at, tag, fmt, ap);
	va_end(ap);
}

static struct diag_entry *last_entry(struct diag *d)
{
	if (d->last_dropped || !d->entries.len)
		return NULL;
	return &d->entries.data[d->entries.len - 1];
}

void diag_hint(struct diag *d, const char *fmt, ...)
{
	struct diag_entry *e = last_entry(d);
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	e->hint = arena_vprintf(d->arena, fmt, ap);
	va_end(ap);
}

void diag_note(struct diag *d, struct span at, const char *fmt, ...)
{
	struct diag_entry *e = last_entry(d);
	va_list ap;

	if (!e)
		return;
	va_start(ap, fmt);
	e->note = arena_vprintf(d->arena, fmt, ap);
	e->note_span = at;
	va_end(ap);
}

bool diag_failed(const struct diag *d)
{
	return d->error_count > 0;
}

// ---- printing ------------------------------------------------------------------------

// Bytes of the printable UTF-8 character at s, 0 if it is not one.
static size_t utf8_length(const char *text, size_t n)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len = s[0] < 0x80 ? 1 : s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	uint32_t point = len == 1 ? s[0] : s[0] & (0x7fu >> len);

	if (len == 1)
		return s[0] >= 0x20 && s[0] != 0x7f;
	if (s[0] < 0xc2 || s[0] > 0xf4 || len > n)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (s[i] & 0x3f);
	}
	if (point < 0xa0 || (len == 3 && point < 0x800) || (len == 4 && point < 0x10000) ||
	    point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
		return 0;
	// Bidirectional overrides make a line look like another one.
	if ((point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
	    (point >= 0x2060 && point <= 0x2069) || point == 0xfeff)
		return 0;
	return len;
}

// Appends text as it may be shown; returns the columns it takes.
static size_t show_text(struct buf *out, const char *s, size_t n, const char *tab)
{
	size_t columns = 0;

	for (size_t i = 0; i < n;) {
		size_t len = utf8_length(s + i, n - i);

		if (len) {
			buf_append(out, s + i, len);
			columns++;
		} else if (s[i] == '\t') {
			buf_puts(out, tab);
			columns += 4;
			len = 1;
		} else {
			buf_printf(out, "\\x%02x", (unsigned char)s[i]);
			columns += 4;
			len = 1;
		}
		i += len;
	}
	return columns;
}

static void put_repeated(struct buf *out, char c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_putc(out, c);
}

// The line with columns [begin, end) underlined; from 0, in bytes.
static void show_line(struct buf *out, const struct source *src, unsigned line, size_t begin,
		      size_t end)
{
	size_t len, from = 0, to, before, under;
	const char *text = source_line(src, line, &len);

	begin = begin < len ? begin : len;
	end = end < len ? end : len;
	to = len;
	if (len > MAX_COLUMNS) {
		from = begin > CUT_BEFORE ? begin - CUT_BEFORE : 0;
		to = begin + CUT_AFTER < len ? begin + CUT_AFTER : len;
		end = end < to ? end : to;
	}
	before = 0;
	if (from) {
		buf_puts(out, "...");
		before = 3;
	}
	before += show_text(out, text + from, begin - from, "    ");
	under = show_text(out, text + begin, end - begin, "    ");
	show_text(out, text + end, to - end, "    ");
	buf_puts(out, to < len ? "...\n" : "\n");
	put_repeated(out, ' ', before);
	put_repeated(out, '~', under ? under : 1);
	buf_putc(out, '\n');
}

static void show_lines(struct buf *out, const struct source *src, unsigned first, unsigned last)
{
	for (unsigned line = first; line <= last; line++) {
		size_t len;
		const char *text = source_line(src, line, &len);

		if (line == first + MAX_LINES && line < last) {
			buf_puts(out, "...\n");
			return;
		}
		show_text(out, text, len < MAX_COLUMNS ? len : MAX_COLUMNS, "\t");
		buf_puts(out, len > MAX_COLUMNS ? "...\n" : "\n");
	}
}

static const char *level_word(const char *word, bool colour)
{
	if (!colour)
		return word;
	if (word[0] == 'E')
		return "\033[1;31mERROR\033[0m";
	return word[0] == 'W' ? "\033[1;33mWARNING\033[0m" : word;
}

// Both ends of a span; their sources differ, or are none, where it is in no one script.
struct place {
	struct source_pos begin, end;
	unsigned end_column; // behind the last one
};

static struct place place_of(const struct sources *sources, struct span s)
{
	struct place p = {.begin = sources_pos(sources, s.begin)};

	p.end = sources_pos(sources, s.end > s.begin ? s.end - 1 : s.end);
	p.end_column = p.end.column + (s.end > s.begin);
	return p;
}

static void show_location(struct buf *out, const struct sources *sources, struct span at)
{
	struct place p = place_of(sources, at);

	if (!p.begin.source || p.begin.source != p.end.source)
		return;
	if (p.begin.line == p.end.line)
		buf_printf(out, "%s:%u:%u-%u: ", p.begin.source->name, p.begin.line, p.begin.column,
			   p.end_column);
	else
		buf_printf(out, "%s:%u-%u: ", p.begin.source->name, p.begin.line, p.end.line);
}

static void show_source(struct buf *out, const struct sources *sources, struct span at)
{
	struct place p = place_of(sources, at);

	if (!p.begin.source || p.begin.source != p.end.source)
		return;
	if (p.begin.line == p.end.line)
		show_line(out, p.begin.source, p.begin.line, p.begin.column - 1, p.end_column - 1);
	else
		show_lines(out, p.begin.source, p.begin.line, p.end.line);
}

// The location, the sentence and the lines it is about.
static void show_place(struct buf *out, const struct sources *sources, struct span span,
		       const char *word, const char *text, const char *tag, const char *more)
{
	show_location(out, sources, span);
	buf_printf(out, "%s: ", word);
	show_text(out, text, strlen(text), " ");
	if (tag)
		buf_printf(out, " [%s]", tag);
	buf_putc(out, '\n');
	if (more)
		buf_printf(out, "%s\n", more);
	show_source(out, sources, span);
}

// The calls of macros that brought a place here, innermost first.
static void show_calls(struct buf *out, const struct sources *sources, struct span at,
		       const char *word)
{
	const struct source *src = sources_find(sources, at.begin);

	for (int n = 0; src && src->is_expansion; n++) {
		if (n == MAX_CALLS) {
			buf_puts(out, "...\n");
			return;
		}
		show_place(out, sources, src->call, word, "expanded from", NULL, NULL);
		src = sources_find(sources, src->call.begin);
	}
}

static void show_entry(struct buf *out, const struct diag *d, const struct diag_entry *e,
		       bool colour)
{
	const char *word = e->level == DIAG_ERROR ? "ERROR" : "WARNING";

	show_place(out, d->sources, e->span, level_word(word, colour), e->text, e->tag,
		   NULL);
	if (e->note)
		show_place(out, d->sources, e->note_span, "NOTE", e->note, NULL, NULL);
	show_calls(out, d->sources, e->span, level_word(word, colour));
	if (e->hint) {
		buf_puts(out, "HINT: ");
		show_text(out, e->hint, strlen(e->hint), " ");
		buf_putc(out, '\n');
	}
}

void diag_show(struct buf *out, const struct sources *sources, struct span at, const char *text,
	       const char *more, bool colour)
{
	show_place(out, sources, at, level_word("WARNING", colour), text, NULL, more);
	show_calls(out, sources, at, level_word("WARNING", colour));
}

void diag_message(struct buf *out, const struct sources *sources, struct span at,
		  enum diag_level level, const char *text, size_t n, bool lines)
{
	const char *word = level == DIAG_ERROR ? "ERROR" : "WARNING";

	show_location(out, sources, at);
	buf_printf(out, "%s: ", word);
	buf_append(out, text, n);
	if (!n || text[n - 1] != '\n')
		buf_putc(out, '\n');
	if (lines)
		show_source(out, sources, at);
	show_calls(out, sources, at, word);
}

void diag_flush(struct diag *d, FILE *out, bool colour)
{
	struct buf text = {0};

	for (; d->printed < d->entries.len; d->printed++) {
		const struct diag_entry *e = &d->entries.data[d->printed];

		if (e->level == DIAG_WARNING && d->warnings_off)
			continue;
		show_entry(&text, d, e, colour);
	}
	if (d->dropped)
		buf_printf(&text, "ERROR: %zu more error%s not shown\n", d->dropped,
			   d->dropped == 1 ? "" : "s");
	d->dropped = 0;
	if (text.len)
		fwrite(text.data, 1, text.len, out);
	buf_release(&text);
}
