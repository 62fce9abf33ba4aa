// attach_point: the text of one attach point comes in, its provider and parts leave, with
// quotes resolved. What the parts mean is for expand to say; refused here is only what
// cannot be split: no provider, a quote that does not close, `$` before something that is
// no positional parameter, `!` with nothing to take away from.
#include "parser/private.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

struct splitter {
	struct parse *ps;
	struct attach_point *point;
	struct source_text text;
	struct span span;
	size_t pos;
	struct buf part;
};

static struct span sub_span(const struct splitter *sp, size_t begin, size_t end)
{
	return (struct span){sp->span.begin + (uint32_t)begin, sp->span.begin + (uint32_t)end};
}

// A quoted stretch: taken as it stands, but for backslashes. A dollar sign is doubled, to
// tell it from a positional parameter.
static bool take_quoted(struct splitter *sp)
{
	size_t begin = sp->pos++;

	for (; sp->pos < sp->text.len && sp->text.data[sp->pos] != '"'; sp->pos++) {
		if (sp->text.data[sp->pos] == '\\' && sp->pos + 1 < sp->text.len)
			sp->pos++;
		if (sp->text.data[sp->pos] == '$')
			buf_putc(&sp->part, '$');
		buf_putc(&sp->part, sp->text.data[sp->pos]);
	}
	if (sp->pos == sp->text.len) {
		diag_error(sp->ps->diag, sub_span(sp, begin, sp->text.len), "syntax",
			   "syntax: unterminated string in attach point");
		return false;
	}
	sp->pos++;
	return true;
}

static bool take_param(struct splitter *sp)
{
	size_t begin = sp->pos++;

	buf_putc(&sp->part, '$');
	while (sp->pos < sp->text.len && isdigit((unsigned char)sp->text.data[sp->pos]))
		buf_putc(&sp->part, sp->text.data[sp->pos++]);
	if (sp->pos - begin > 1 && sp->pos - begin < 7 && sp->text.data[begin + 1] != '0')
		return true;
	if (sp->pos - begin == 1)
		sp->pos++;
	diag_error(sp->ps->diag,
		   sub_span(sp, begin, sp->pos < sp->text.len ? sp->pos : sp->text.len), "syntax",
		   "syntax: not a positional parameter in attach point");
	diag_hint(sp->ps->diag, "parameters are $1, $2, ...; quote a part that has a '$' in it");
	return false;
}

// `(struct sk_buff *, *)` at the end: a filter on the prototype.
static void take_signature(struct splitter *sp)
{
	size_t begin = sp->pos + 1, end = sp->text.len - 1;

	sp->point->args_filter = arena_strndup(sp->ps->arena, sp->text.data + begin, end - begin);
	sp->pos = sp->text.len;
}

static bool is_signature(const struct splitter *sp)
{
	return sp->text.data[sp->pos] == '(' && sp->text.data[sp->text.len - 1] == ')' &&
	       sp->pos + 1 < sp->text.len && sp->point->provider;
}

// Twice as many as any provider takes.
#define MAX_PARTS 8

static void end_part(struct splitter *sp, size_t begin)
{
	struct arena *a = sp->ps->arena;
	char *part = arena_strndup(a, buf_str(&sp->part), sp->part.len);

	if (!sp->point->provider) {
		sp->point->provider = part;
	} else {
		arena_push(a, &sp->point->parts, part);
		arena_push(a, &sp->point->part_spans, sub_span(sp, begin, sp->pos));
	}
	buf_clear(&sp->part);
}

static bool split_parts(struct splitter *sp)
{
	size_t begin = sp->pos;
	bool ok = true;

	while (ok && sp->pos < sp->text.len && sp->point->parts.len <= MAX_PARTS) {
		char c = sp->text.data[sp->pos];

		if (c == '"') {
			ok = take_quoted(sp);
		} else if (c == '$') {
			ok = take_param(sp);
		} else if (is_signature(sp)) {
			size_t end = sp->pos;

			take_signature(sp);
			sp->pos = end;
			end_part(sp, begin);
			return ok;
		} else if (c == ':') {
			end_part(sp, begin);
			begin = ++sp->pos;
		} else {
			buf_putc(&sp->part, c);
			sp->pos++;
		}
	}
	end_part(sp, begin);
	if (sp->point->parts.len <= MAX_PARTS)
		return ok;
	diag_error(sp->ps->diag, sp->span, "syntax", "syntax: too many ':' in attach point");
	diag_hint(sp->ps->diag, "quote a part that has colons in it: uprobe:BINARY:cpp:\"A::f\"");
	return false;
}

// `x=kprobe:f`: the name of the probe before its first attach point.
static size_t find_name(struct source_text text)
{
	size_t i = 0;

	while (i < text.len && (isalnum((unsigned char)text.data[i]) || text.data[i] == '_'))
		i++;
	return i && i < text.len && text.data[i] == '=' && !isdigit((unsigned char)text.data[0])
		   ? i
		   : 0;
}

// `kprobe:tcp_*,!tcp_v6_*`: what is negated is the same kind of thing as its neighbour.
static bool inherit(struct splitter *sp, const struct point_list *list)
{
	struct attach_point *p = sp->point;
	const struct attach_point *before =
	    list->points.len ? list->points.data[list->points.len - 1] : NULL;
	const char *glob = p->provider;

	if (!before) {
		diag_error(sp->ps->diag, sp->span, "syntax",
			   "syntax: nothing before '%s' that it could take away from", p->text);
		diag_hint(sp->ps->diag, "write the attach point that matches first: a:b*,!bc*");
		return false;
	}
	p->provider = before->provider;
	for (size_t i = 0; i + 1 < before->parts.len; i++) {
		arena_push(sp->ps->arena, &p->parts, before->parts.data[i]);
		arena_push(sp->ps->arena, &p->part_spans, before->part_spans.data[i]);
	}
	arena_push(sp->ps->arena, &p->parts, glob);
	arena_push(sp->ps->arena, &p->part_spans, sub_span(sp, 1, sp->text.len));
	return true;
}

static bool has_provider(const struct attach_point *p, struct parse *ps)
{
	if (p->provider && p->provider[0])
		return true;
	diag_error(ps->diag, p->span, "syntax", "syntax: expected a probe type in '%s'", p->text);
	diag_hint(ps->diag, "an attach point is type:target, as uprobe:/bin/bash:readline");
	return false;
}

void point_add(struct parse *ps, struct point_list *list, struct span span)
{
	struct attach_point *p = arena_new(ps->arena, struct attach_point);
	struct splitter sp = {.ps = ps, .point = p, .text = span_text(ps, span), .span = span};
	size_t name = list->points.len ? 0 : find_name(sp.text);
	bool ok;

	p->span = span;
	p->text = span_string(ps, span, 0);
	if (name) {
		list->name = arena_strndup(ps->arena, sp.text.data, name);
		sp.pos = name + 1;
	}
	if (sp.pos < sp.text.len && sp.text.data[sp.pos] == '!') {
		p->negated = true;
		sp.pos++;
	}
	ok = split_parts(&sp) && has_provider(p, ps);
	if (ok && p->negated && !p->parts.len)
		ok = inherit(&sp, list);
	buf_release(&sp.part);
	if (ok)
		arena_push(ps->arena, &list->points, p);
}
