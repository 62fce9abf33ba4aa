// check_iter.c: what is special about iter probes: `ctx`, and printf, which the kernel formats.
//
// Enters: an EXPR_IDENT ctx, or the event of a printf. Leaves: its type, and the format as
// bpf_seq_printf() takes it: every number has 64 bits. Refuses conversions, types and letters
// that bpf_seq_printf() refuses.
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sema/check.h"

enum { ARGS_MAX = 12 }; // the kernel's MAX_BPRINTF_VARARGS

// ---- ctx -----------------------------------------------------------------------------------

static const char *context_struct(struct checker *k)
{
	const struct unit *u = k->unit;

	switch (u->type) {
	case PROBE_ITER:
		return arena_printf(k->arena, "struct bpf_iter__%s",
				    u->iterator ? u->iterator : "");
	case PROBE_PROFILE:
	case PROBE_INTERVAL:
	case PROBE_SOFTWARE:
	case PROBE_HARDWARE:
	case PROBE_WATCHPOINT:
		return "struct bpf_perf_event_data";
	case PROBE_KPROBE:
	case PROBE_KRETPROBE:
	case PROBE_UPROBE:
	case PROBE_URETPROBE:
	case PROBE_USDT:
		return "struct pt_regs";
	default:
		return NULL;
	}
}

struct type *check_ctx(struct checker *k, struct expr *e)
{
	const char *name = context_struct(k);
	struct type *t;

	if (k->unit->type == PROBE_TRACEPOINT) {
		check_error(k, e->span, "bad-context", "Use args instead of ctx in tracepoint");
		return &type_none;
	}
	if (!name) {
		check_error(k, e->span, "bad-context",
			    "The ctx builtin can not be used with '%s' probes",
			    probe_type_name(k->unit->type));
		return &type_none;
	}
	t = check_find_type(k, name);
	if (t)
		return type_pointer(k->arena, t, SPACE_KERNEL);
	check_error(k, e->span, "unknown-type",
		    "The type of ctx (%s) is in the kernel's BTF, which cannot be read", name);
	return &type_none;
}

// ---- printf --------------------------------------------------------------------------------

static bool put_text(struct checker *k, struct expr *call, const struct format_piece *p,
		     struct buf *out)
{
	for (size_t i = 0; i < p->text_len; i++) {
		unsigned char c = (unsigned char)p->text[i];
		if (c >= 0x80 || (!isprint(c) && !isspace(c))) {
			check_error(k, call->span, "bad-format",
				    "the kernel prints only ASCII text for iter probes");
			return false;
		}
		buf_printf(out, c == '%' ? "%%%%" : "%c", c);
	}
	return true;
}

// "-8" of "%-8d"
static void put_width(const struct format_piece *p, bool left_only, struct buf *out)
{
	for (const char *f = p->flags; *f; f++)
		if (*f == '-' || (!left_only && strchr("0+ ", *f)))
			buf_putc(out, *f);
	if (p->width > 0)
		buf_printf(out, "%d", p->width);
}

// How the kernel spells it; NULL: not at all.
static const char *kernel_conversion(const struct format_piece *p, const struct type *t)
{
	bool number = type_is_int(t) || t->kind == TYPE_POINTER;

	if (p->precision >= 0 || p->conv[1])
		return NULL;
	switch (p->conv[0]) {
	case 'd':
	case 'i':
		return number ? "lld" : NULL;
	case 'u':
		return number ? "llu" : NULL;
	case 'x':
	case 'p':
		return number ? "llx" : NULL;
	case 'X':
		return number ? "llX" : NULL;
	case 's':
		return t->kind == TYPE_STRING ? "s"
		       : t->kind == TYPE_INT  ? (t->is_signed ? "lld" : "llu")
					      : NULL;
	default:
		return NULL;
	}
}

static bool put_conversion(struct checker *k, struct expr *call, const struct format_piece *p,
			   struct type *t, struct buf *out)
{
	const char *conv = kernel_conversion(p, t);

	if (!conv) {
		check_error(k, call->span, "bad-format",
			    "the kernel, which prints for iter probes, has no '%%%s%s' for type "
			    "'%s'",
			    p->precision >= 0 ? "." : "", p->conv, check_type_name(k, t));
		return false;
	}
	if (p->conv[0] == 'p' || strchr(p->flags, '#'))
		buf_puts(out, "0x");
	buf_putc(out, '%');
	put_width(p, *conv == 's', out);
	buf_puts(out, conv);
	return true;
}

void check_iter_printf(struct checker *k, struct expr *call, struct event_def *ev)
{
	_cleanup_(buf_release) struct buf text = {0};

	if (ev->args.len > ARGS_MAX)
		check_error(k, call->span, "bad-format",
			    "the kernel prints at most %d values at a time for iter probes",
			    ARGS_MAX);
	for (size_t i = 0; i < ev->format.pieces.len; i++) {
		const struct format_piece *p = &ev->format.pieces.data[i];
		bool ok = p->arg < 0
			      ? put_text(k, call, p, &text)
			      : put_conversion(k, call, p, ev->args.data[p->arg].type, &text);
		if (!ok)
			return;
	}
	ev->text = arena_strdup(k->arena, buf_str(&text));
}
