// dwarf_name.c: types spelled as bpftrace spells them: a star directly behind the type,
// qualifiers in front, except behind a pointer that they qualify.
//
//	const char *const p  ->  const char* const
//	struct { int a; } *p ->  struct <anonymous>*
//
// bpftrace has no words for volatile, for arrays below pointers and for functions; those are
// spelled as C does, in the same manner.
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sys/dwarf_file.h"

enum { NESTING_MAX = 16, LENGTH_MAX = 1024 };

static void put_type(struct debug_file *f, debug_id id, struct buf *out, unsigned depth);

static const char *qualifier(enum debug_kind kind)
{
	switch (kind) {
	case DEBUG_CONST:
		return "const";
	case DEBUG_VOLATILE:
		return "volatile";
	case DEBUG_RESTRICT:
		return "restrict";
	default:
		return "_Atomic";
	}
}

static bool is_qualifier(enum debug_kind kind)
{
	return kind >= DEBUG_CONST && kind <= DEBUG_ATOMIC;
}

// Is it a pointer, under all of its qualifiers?
static bool qualifies_pointer(struct debug_file *f, const struct debug_type *t)
{
	struct debug_type of = *t;

	for (int i = 0; i < NESTING_MAX && is_qualifier(of.kind); i++)
		if (!debug_type_get(f, of.target, &of))
			return false;
	return of.kind == DEBUG_POINTER;
}

static void put_qualified(struct debug_file *f, const struct debug_type *t, struct buf *out,
			  unsigned depth)
{
	if (qualifies_pointer(f, t)) {
		put_type(f, t->target, out, depth);
		buf_printf(out, " %s", qualifier(t->kind));
	} else {
		buf_printf(out, "%s ", qualifier(t->kind));
		put_type(f, t->target, out, depth);
	}
}

static void put_dimensions(const struct debug_type *t, struct buf *out)
{
	for (unsigned i = 0; i < t->dimensions; i++) {
		if (t->lengths[i])
			buf_printf(out, "[%llu]", (unsigned long long)t->lengths[i]);
		else
			buf_puts(out, "[]");
	}
}

// What a pointer points to, and the star: a function or an array wraps around it.
static void put_pointer(struct debug_file *f, const struct debug_type *t, struct buf *out,
			unsigned depth)
{
	const char *star = t->kind == DEBUG_POINTER ? "*" : "&";
	struct debug_type to;

	if (!debug_type_get(f, t->target, &to))
		to.kind = DEBUG_OTHER;
	if (to.kind == DEBUG_FUNCTION) {
		put_type(f, to.target, out, depth);
		buf_printf(out, " (%s)()", star);
	} else if (to.kind == DEBUG_ARRAY) {
		put_type(f, to.target, out, depth);
		buf_printf(out, " (%s)", star);
		put_dimensions(&to, out);
	} else {
		put_type(f, t->target, out, depth);
		buf_puts(out, star);
	}
}

static void put_tagged(const char *tag, const struct debug_type *t, struct buf *out)
{
	buf_printf(out, "%s %s", tag, *t->name ? t->name : "<anonymous>");
}

static void put_type(struct debug_file *f, debug_id id, struct buf *out, unsigned depth)
{
	struct debug_type t;

	if (depth > NESTING_MAX || out->len > LENGTH_MAX || !debug_type_get(f, id, &t)) {
		buf_puts(out, "<unknown type>");
		return;
	}
	switch (t.kind) {
	case DEBUG_VOID:
		buf_puts(out, "void");
		break;
	case DEBUG_POINTER:
	case DEBUG_REFERENCE:
		put_pointer(f, &t, out, depth + 1);
		break;
	case DEBUG_ARRAY:
		put_type(f, t.target, out, depth + 1);
		put_dimensions(&t, out);
		break;
	case DEBUG_STRUCT:
		put_tagged("struct", &t, out);
		break;
	case DEBUG_UNION:
		put_tagged("union", &t, out);
		break;
	case DEBUG_ENUM:
		put_tagged("enum", &t, out);
		break;
	case DEBUG_CONST:
	case DEBUG_VOLATILE:
	case DEBUG_RESTRICT:
	case DEBUG_ATOMIC:
		put_qualified(f, &t, out, depth + 1);
		break;
	case DEBUG_FUNCTION:
		put_type(f, t.target, out, depth + 1);
		buf_puts(out, "()");
		break;
	default:
		buf_puts(out, *t.name ? t.name : "<unknown type>");
	}
}

void debug_type_name(struct debug_file *f, debug_id id, struct buf *out)
{
	_cleanup_(buf_release) struct buf text = {0};

	put_type(f, id, &text, 0);
	buf_puts(out, buf_str(&text));
}
