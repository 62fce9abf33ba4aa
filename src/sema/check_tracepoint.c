// check_tracepoint.c: `args.member` and `args` of trace events.
//
// Enters: EXPR_FIELD of `args`, or `args` alone, in a unit with a record. Leaves: EXPR_IDENT of
// BUILTIN_ARGS whose ident.arg is 1 + the member's index in unit->event->fields, typed as
// bpftrace types it; `args` alone becomes a record of all members. Refuses members that the
// record does not have, and those that all records have: BPF programs cannot read them.
#include <string.h>

#include "base/str.h"
#include "sema/check.h"
#include "sema/lazy_type.h"
#include "sys/tracefs.h"

// ---- types ---------------------------------------------------------------------------------

// "const struct iovec *" -> "struct iovec", without the last star and the qualifiers.
static char *bare_type(struct checker *k, const char *type, unsigned *stars)
{
	char *text = arena_strdup(k->arena, type), *out = arena_strdup(k->arena, "");
	char *save = NULL;

	*stars = 0;
	for (char *p = text; *p; p++)
		if (*p == '*') {
			++*stars;
			*p = ' ';
		}
	for (char *w = strtok_r(text, " ", &save); w; w = strtok_r(NULL, " ", &save))
		if (strcmp(w, "const") && strcmp(w, "volatile") && !str_starts_with(w, "__seg_"))
			out = arena_printf(k->arena, "%s%s%s", out, *out ? " " : "", w);
	return out;
}

static struct type *named_type(struct checker *k, const char *name)
{
	if (!strcmp(name, "char"))
		return &type_int8;
	if (!strcmp(name, "void"))
		return &type_void;
	struct type *t = check_find_type(k, name);
	return t ? t : &type_void;
}

static struct type *pointer_type(struct checker *k, const struct event_field *f)
{
	bool user = !strcmp(k->unit->event->category, "syscalls");
	unsigned stars;
	struct type *t = named_type(k, bare_type(k, f->type, &stars));

	for (unsigned i = 0; i < stars; i++)
		t = type_pointer(k->arena, t, user ? SPACE_USER : SPACE_KERNEL);
	return t;
}

static struct type *plain_type(struct checker *k, const struct event_field *f, uint32_t size)
{
	unsigned stars;
	const char *name = bare_type(k, f->type, &stars);

	if (!strcmp(name, "bool") && size == 1)
		return &type_bool;
	if (str_starts_with(name, "struct ") || str_starts_with(name, "union ") ||
	    str_starts_with(name, "enum ")) {
		struct type *t = check_find_type(k, name);
		type_complete(t);
		if (t && t->size == size)
			return t;
	}
	if (size == 1 || size == 2 || size == 4 || size == 8)
		return type_int(size, f->is_signed);
	return type_array(k->arena, &type_uint8, size);
}

static struct type *field_type(struct checker *k, const struct event_field *f)
{
	if (f->data != EVENT_DATA_FIXED)
		return &type_int64; // its address
	if (f->is_pointer && !f->count)
		return pointer_type(k, f);
	if (!f->count)
		return plain_type(k, f, f->size);
	if (!strcmp(f->type, "char"))
		return type_string(k->arena, f->count);
	return type_array(k->arena, plain_type(k, f, f->size / f->count), f->count);
}

// ---- names ---------------------------------------------------------------------------------

static bool is_args(const struct expr *e)
{
	return e->kind == EXPR_IDENT && e->u.ident.builtin == BUILTIN_ARGS && !e->u.ident.arg;
}

static void become_member(struct expr *e, size_t index)
{
	const char *name = e->kind == EXPR_FIELD ? e->u.field.name : e->u.ident.name;

	e->kind = EXPR_IDENT;
	memset(&e->u, 0, sizeof(e->u));
	e->u.ident.name = name;
	e->u.ident.builtin = BUILTIN_ARGS;
	e->u.ident.arg = (unsigned)index + 1;
	e->u.ident.bound = true;
}

static void report_unknown(struct checker *k, const struct expr *e)
{
	const struct event_format *f = k->unit->event;
	struct nearest n;

	if (!check_error(k, e->span, "unknown-field",
			 "Struct/union of type 'struct tracepoint:%s:%s_args' does not contain a "
			 "field named '%s'",
			 f->category, f->name, e->u.field.name))
		return;
	nearest_init(&n, e->u.field.name);
	for (size_t i = 0; i < f->fields.len; i++)
		if (!f->fields.data[i].is_common)
			nearest_offer(&n, f->fields.data[i].name);
	if (nearest_get(&n))
		diag_hint(&k->c->diag, "did you mean '%s'?", nearest_get(&n));
}

// NULL: not a member of a trace event's record.
struct type *check_event_field(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	const struct event_format *format = k->unit->event;
	const struct event_field *f;

	if (k->unit->type != PROBE_TRACEPOINT || !format || !is_args(e->u.field.object))
		return NULL;
	f = event_find_field(format, e->u.field.name);
	if (!f) {
		report_unknown(k, e);
		return &type_none;
	}
	if (f->is_common) {
		check_error(k, e->span, "unknown-field",
			    "BPF does not support accessing common tracepoint fields");
		return &type_none;
	}
	become_member(e, (size_t)(f - format->fields.data));
	return field_type(k, f);
}

static struct type *whole_record(struct checker *k, struct expr **slot)
{
	const struct event_format *format = k->unit->event;
	struct expr *record = expr_new(k->arena, EXPR_RECORD, (*slot)->span);

	for (size_t i = 0; i < format->fields.len; i++) {
		const struct event_field *f = &format->fields.data[i];
		struct field_init item = {.name = f->name};
		if (f->is_common)
			continue;
		item.value = expr_new(k->arena, EXPR_IDENT, (*slot)->span);
		become_member(item.value, i);
		item.value->u.ident.name = f->name;
		arena_push(k->arena, &record->u.record.items, item);
	}
	*slot = record;
	return check_expr(k, slot);
}

// `args` in a tracepoint: a member that check_event_field has been at, or all of them.
struct type *check_event_args(struct checker *k, struct expr **slot)
{
	const struct event_format *format = k->unit->event;
	unsigned n = (*slot)->u.ident.arg;

	if (!format)
		return &type_none; // nothing matched
	if (n)
		return field_type(k, &format->fields.data[n - 1]);
	return whole_record(k, slot);
}
