// check_fail: fail(format, literals ...) ends the compilation with that text.
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "sema/check.h"
#include "sema/format.h"

// False: the argument is not a literal.
static bool add_conversion(struct checker *k, struct buf *b, const struct format_piece *p,
			   struct expr **arg)
{
	char spec[16];

	check_value(k, arg);
	if (!expr_is_literal(*arg))
		return false;
	if ((*arg)->kind == EXPR_STRING) {
		buf_append(b, (*arg)->u.string.data, (*arg)->u.string.len);
	} else if ((*arg)->kind == EXPR_BOOL) {
		buf_puts(b, (*arg)->u.boolean ? "true" : "false");
	} else {
		snprintf(spec, sizeof(spec), "%%%sll%c", strchr(p->flags, '#') ? "#" : "",
			 strchr("uxXo", p->conv[0]) ? p->conv[0] : 'd');
		buf_printf(b, spec, (long long)(*arg)->u.integer.value);
	}
	return true;
}

static bool add_pieces(struct checker *k, struct buf *b, struct expr *e, const struct format *f)
{
	for (size_t i = 0; i < f->pieces.len; i++) {
		const struct format_piece *p = &f->pieces.data[i];

		if (p->text)
			buf_append(b, p->text, p->text_len);
		else if (!add_conversion(k, b, p, &e->u.call.args.data[p->arg + 1]))
			return false;
	}
	return true;
}

struct type *check_FAIL(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	const struct expr *text;
	struct format f = {0};
	struct buf b = {0};
	const char *bad;
	int wanted;

	if (!require_string_literal(k, e, 0))
		return &type_void;
	text = e->u.call.args.data[0];
	wanted = format_parse(k->arena, text->u.string.data, text->u.string.len, &f, &bad);
	if (wanted + 1 != (int)e->u.call.args.len)
		check_error(k, e->span, "bad-format",
			    "fail() has a text with %d conversions and %zu arguments",
			    wanted < 0 ? 0 : wanted, e->u.call.args.len - 1);
	else if (add_pieces(k, &b, e, &f))
		check_error(k, e->span, "failed", "%s", buf_str(&b));
	else
		check_error(k, e->span, "bad-argument", "fail() arguments need to be literals");
	buf_release(&b);
	return &type_void;
}
