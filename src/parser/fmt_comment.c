// fmt_comment: the source comes in; comments and blank lines leave where they belong. A comment
// within a statement moves to a line above it. Block comments on lines of their own become line
// comments, as in bpftrace.
#include <stdlib.h>
#include <string.h>

#include "parser/fmt.h"

static char at(const struct fmt *f, uint32_t offset)
{
	return f->src->text[offset - f->src->base];
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

// ---- where they are ----------------------------------------------------------------------------

static size_t string_end(const struct source *src, size_t i)
{
	for (i++; i < src->len && src->text[i] != '"' && src->text[i] != '\n'; i++)
		i += src->text[i] == '\\' && i + 1 < src->len;
	return i < src->len ? i + 1 : src->len;
}

static size_t comment_end(const struct source *src, size_t i)
{
	bool block = src->text[i + 1] == '*';

	for (i += 2; i < src->len; i++) {
		if (!block && src->text[i] == '\n')
			return i;
		if (block && src->text[i] == '*' && i + 1 < src->len && src->text[i + 1] == '/')
			return i + 2;
	}
	return src->len;
}

static bool first_on_line(const struct source *src, size_t i)
{
	while (i > 0 && is_blank(src->text[i - 1]))
		i--;
	return i == 0 || src->text[i - 1] == '\n';
}

static void add(struct fmt *f, size_t begin, size_t end)
{
	struct fmt_comment c = {f->src->base + (uint32_t)begin, f->src->base + (uint32_t)end,
				first_on_line(f->src, begin)};

	arena_push(f->arena, &f->comments, c);
}

typedef ARENA_VEC(struct span) span_vec;

static int by_place(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->begin > y->begin) - (x->begin < y->begin);
}

// The C and the attach points are printed as they are, with what looks like a comment in them.
static span_vec verbatim(struct fmt *f)
{
	const struct ast *ast = f->ast;
	span_vec all = {0};

	for (size_t i = 0; i < ast->c_items.len; i++)
		arena_push(f->arena, &all, ast->c_items.data[i].span);
	for (size_t i = 0; i < ast->probes.len; i++)
		for (size_t k = 0; k < ast->probes.data[i]->points.len; k++)
			arena_push(f->arena, &all, ast->probes.data[i]->points.data[k]->span);
	if (all.len)
		qsort(all.data, all.len, sizeof(*all.data), by_place);
	return all;
}

static bool starts_comment(const struct source *src, size_t i)
{
	return src->text[i] == '/' && i + 1 < src->len &&
	       (src->text[i + 1] == '/' || src->text[i + 1] == '*');
}

void fmt_comments_find(struct fmt *f)
{
	const struct source *src = f->src;
	span_vec skip = verbatim(f);
	size_t next = 0, end;

	for (size_t i = 0; i < src->len;) {
		if (next < skip.len && i + src->base >= skip.data[next].begin) {
			end = skip.data[next++].end - src->base;
			i = end > i ? end : i;
		} else if (src->text[i] == '"') {
			i = string_end(src, i);
		} else if (i == 0 && src->len > 1 && src->text[0] == '#' && src->text[1] == '!') {
			i = comment_end(src, 0);
			add(f, 0, i);
		} else if (starts_comment(src, i)) {
			end = comment_end(src, i);
			add(f, i, end);
			i = end;
		} else {
			i++;
		}
	}
}

// ---- blank lines -------------------------------------------------------------------------------

void fmt_blank_lines(struct fmt *f, uint32_t offset)
{
	unsigned newlines = 0;

	for (; offset > f->src->base; offset--) {
		char c = at(f, offset - 1);

		if (c == '\n')
			newlines++;
		else if (!is_blank(c))
			break;
	}
	for (; newlines > 1 && f->out->len; newlines--)
		buf_putc(f->out, '\n');
}

// ---- printing ----------------------------------------------------------------------------------

static void put_text(struct fmt *f, uint32_t begin, uint32_t end)
{
	while (end > begin && (is_blank(at(f, end - 1)) || at(f, end - 1) == '\n'))
		end--;
	buf_append(f->out, f->src->text + (begin - f->src->base), end - begin);
}

static void put_indent(struct fmt *f)
{
	for (unsigned i = 0; i < f->indent; i++)
		buf_putc(f->out, ' ');
}

// One line of a comment, without what it was decorated with.
static void put_line(struct fmt *f, uint32_t begin, uint32_t end)
{
	while (end > begin && (is_blank(at(f, end - 1)) || at(f, end - 1) == '\n'))
		end--;
	put_indent(f);
	buf_puts(f->out, "//");
	if (begin < end) {
		if (!is_blank(at(f, begin)) && at(f, begin) != '/')
			buf_putc(f->out, ' ');
		put_text(f, begin, end);
	}
	buf_putc(f->out, '\n');
}

// ` * text` -> `text`
static uint32_t undecorated(const struct fmt *f, uint32_t begin, uint32_t end)
{
	uint32_t i = begin;

	while (i < end && is_blank(at(f, i)))
		i++;
	while (i < end && at(f, i) == '*') {
		for (i++; i < end && at(f, i) == '*'; i++)
			;
		begin = i;
	}
	return begin;
}

static bool is_empty(const struct fmt *f, uint32_t begin, uint32_t end)
{
	while (begin < end && is_blank(at(f, begin)))
		begin++;
	return begin == end;
}

// The lines of the brackets are printed when there is more on them.
static void put_block_comment(struct fmt *f, uint32_t begin, uint32_t end)
{
	uint32_t first = begin + 2, stop, text;

	if (end - begin >= 4 && at(f, end - 1) == '/')
		end -= 2;
	for (uint32_t i = first; i <= end; i = stop + 1) {
		for (stop = i; stop < end && at(f, stop) != '\n'; stop++)
			;
		text = undecorated(f, i, stop);
		if (!is_empty(f, text, stop) || (i != first && stop != end) ||
		    (i == first && stop == end))
			put_line(f, text, stop);
	}
}

static void put_alone(struct fmt *f, const struct fmt_comment *c)
{
	fmt_blank_lines(f, c->begin);
	if (at(f, c->begin) == '/' && at(f, c->begin + 1) == '*')
		put_block_comment(f, c->begin, c->end);
	else if (at(f, c->begin) == '#') {
		put_text(f, c->begin, c->end);
		buf_putc(f->out, '\n');
	} else
		put_line(f, c->begin + 2, c->end);
}

bool fmt_has_comment_before(const struct fmt *f, uint32_t offset)
{
	return f->next < f->comments.len && f->comments.data[f->next].begin < offset;
}

void fmt_comments_before(struct fmt *f, uint32_t offset)
{
	while (fmt_has_comment_before(f, offset))
		put_alone(f, &f->comments.data[f->next++]);
}

void fmt_comment_behind(struct fmt *f, uint32_t end)
{
	const struct fmt_comment *c;
	uint32_t last = f->src->base + (uint32_t)f->src->len;

	while (end < last && (is_blank(at(f, end)) || at(f, end) == ';'))
		end++;
	if (f->next >= f->comments.len)
		return;
	c = &f->comments.data[f->next];
	if (c->begin != end ||
	    memchr(f->src->text + (c->begin - f->src->base), '\n', c->end - c->begin))
		return;
	buf_putc(f->out, ' ');
	put_text(f, c->begin, c->end);
	f->next++;
}
