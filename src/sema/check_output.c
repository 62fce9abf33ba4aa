// check_output: calls that send a record: printf and its kin, print, time, join, exit, assert,
// clear, zero. Lays out the record: 8-byte header, then every argument that is not constant at
// an 8-byte boundary. Strings and buffers that may be long are behind that, as long as they are.
#include <string.h>

#include "bpf/abi.h"
#include "sema/check.h"
#include "sema/format.h"

// ---- records -----------------------------------------------------------------------------

struct event_def *event_begin(struct checker *k, struct expr *call, enum event_kind kind)
{
	struct event_def *ev;

	if (!k->final)
		return NULL;
	ev = program_add_event(k->program, kind, call->span);
	ev->size = sizeof(struct rec_hdr);
	call->u.call.event = ev;
	return ev;
}

// The bytes of a literal, as codegen would have stored them.
static const void *constant_bytes(struct checker *k, const struct expr *e)
{
	char *data = arena_alloc(k->arena, e->type->size + 1);

	if (e->kind == EXPR_INT)
		memcpy(data, &e->u.integer.value, e->type->size);
	else if (e->kind == EXPR_BOOL)
		data[0] = e->u.boolean;
	else
		memcpy(data, e->u.string.data, e->u.string.len);
	return data;
}

// Up to this many bytes are sent whole: that costs less than what a length costs.
#define WHOLE_MAX 64u

static bool length_varies(const struct type *t)
{
	return (t->kind == TYPE_STRING || t->kind == TYPE_BUFFER) && t->size > WHOLE_MAX;
}

static void place_varying(struct event_def *ev, struct event_arg *arg)
{
	arg->varies = true;
	arg->offset = (ev->size + 7) & ~7u;
	ev->size = arg->offset + (uint32_t)sizeof(struct rec_part);
	ev->tail_max += arg->type->size;
}

void event_add_arg(struct checker *k, struct event_def *ev, struct expr *value)
{
	struct event_arg arg = {.type = value->type, .expr = value};

	if (expr_is_literal(value) && value->type->size) {
		arg.is_const = true;
		arg.data = constant_bytes(k, value);
	} else if (length_varies(arg.type)) {
		place_varying(ev, &arg);
	} else {
		uint32_t align = value->type->align > 8 ? value->type->align : 8;

		arg.offset = (ev->size + align - 1) / align * align;
		ev->size = arg.offset + value->type->size;
	}
	arena_push(k->arena, &ev->args, arg);
}

void event_finish(struct event_def *ev, uint32_t fixed)
{
	if (fixed > ev->size)
		ev->size = fixed;
	ev->size = (ev->size + 7) & ~7u;
}

// ---- printf and its kin ------------------------------------------------------------------

static bool is_number_conv(const char *conv)
{
	return conv[0] != 's' && conv[0] != 'r';
}

static bool conversion_fits(const char *conv, const struct type *t)
{
	if (conv[0] == 'r')
		return t->kind == TYPE_BUFFER;
	if (is_number_conv(conv))
		return type_is_int(t) || t->kind == TYPE_POINTER;
	return t->kind != TYPE_HIST && t->kind != TYPE_LHIST && t->kind != TYPE_TSERIES;
}

// `%s` prints any value; aggregations become their numbers (stats stay what they are).
static struct type *check_printf_arg(struct checker *k, struct expr **arg, const char *conv)
{
	struct type *t = check_expr(k, arg);

	if (is_number_conv(conv))
		return t;
	if (type_is_castable_aggregation(t) && (*arg)->kind != EXPR_CALL) {
		convert_quietly(k, arg, aggregation_value_type(t));
		return aggregation_value_type(t);
	}
	return t;
}

static bool check_conversion(struct checker *k, struct expr *e, const struct format_piece *p)
{
	struct expr **arg = &e->u.call.args.data[p->arg + 1];
	struct type *t = check_printf_arg(k, arg, p->conv);

	if (!type_known(t))
		return false;
	if (t->kind == TYPE_VOID) {
		check_error(k, (*arg)->span, "bad-format",
			    "unable to print none type for specifier: %s", p->conv);
		return false;
	}
	if (conversion_fits(p->conv, t))
		return true;
	if (check_error(k, e->span, "bad-format", "unsupported format specifier for type '%s': %s",
			check_type_name(k, t), p->conv) &&
	    type_is_castable_aggregation(t))
		diag_hint(&k->c->diag, "cast it to an integer: (int64)");
	return false;
}

static bool parse_call_format(struct checker *k, struct expr *e, struct format *f)
{
	const struct expr *text;
	const char *bad = NULL;
	int wanted, given = (int)e->u.call.args.len - 1;

	if (!require_string_literal(k, e, 0))
		return false;
	text = e->u.call.args.data[0];
	wanted = format_parse(k->arena, text->u.string.data, text->u.string.len, f, &bad);
	if (wanted < 0)
		check_error(k, e->span, "bad-format", "unsupported format specifier: %s", bad);
	else if (given < wanted)
		check_error(k, e->span, "bad-format",
			    "not enough arguments for format string (%d supplied, %d expected)",
			    given, wanted);
	else if (given > wanted)
		check_error(k, e->span, "bad-format",
			    "too many arguments for format string (%d supplied, %d expected)",
			    given, wanted);
	else
		return true;
	return false;
}

static struct type *check_formatted(struct checker *k, struct expr *e, enum event_kind kind)
{
	struct format f = {0};
	struct event_def *ev;
	bool ok = true;

	if (!parse_call_format(k, e, &f)) {
		for (size_t i = 1; i < e->u.call.args.len; i++)
			call_arg(k, e, i); // their own errors
		return &type_void;
	}
	for (size_t i = 0; i < f.pieces.len; i++)
		if (f.pieces.data[i].arg >= 0)
			ok &= check_conversion(k, e, &f.pieces.data[i]);
	ev = ok ? event_begin(k, e, kind) : NULL;
	if (!ev)
		return &type_void;
	ev->format = f;
	for (size_t i = 1; i < e->u.call.args.len; i++)
		event_add_arg(k, ev, e->u.call.args.data[i]);
	event_finish(ev, 0);
	if (kind == EVENT_PRINTF && k->unit->type == PROBE_ITER)
		check_iter_printf(k, e, ev);
	return &type_void;
}

struct type *check_PRINTF(struct checker *k, struct expr **slot)
{
	return check_formatted(k, *slot, EVENT_PRINTF);
}

struct type *check_ERRORF(struct checker *k, struct expr **slot)
{
	return check_formatted(k, *slot, EVENT_ERRORF);
}

struct type *check_WARNF(struct checker *k, struct expr **slot)
{
	return check_formatted(k, *slot, EVENT_WARNF);
}

struct type *check_SYSTEM(struct checker *k, struct expr **slot)
{
	return check_formatted(k, *slot, EVENT_SYSTEM);
}

struct type *check_CAT(struct checker *k, struct expr **slot)
{
	return check_formatted(k, *slot, EVENT_CAT);
}

// ---- print -------------------------------------------------------------------------------

static struct type *print_map(struct checker *k, struct expr *e)
{
	struct check_map *m = whole_map_arg(k, e, 0);
	struct event_def *ev;

	for (size_t i = 1; i < e->u.call.args.len; i++) {
		call_arg(k, e, i);
		if (e->u.call.args.data[i]->kind != EXPR_INT)
			check_error(k, e->span, "bad-argument",
				    "print() expects a int literal (%s provided)",
				    type_kind_name(e->u.call.args.data[i]->type));
		convert_quietly(k, &e->u.call.args.data[i], &type_uint64);
	}
	if (m && k->final && m->value->kind == TYPE_STATS && e->u.call.args.len > 1)
		check_warn(k, e->span, "ignored-arguments",
			   "print()'s top and div arguments are ignored when used on stats() maps.");
	ev = m ? event_begin(k, e, EVENT_PRINT_MAP) : NULL;
	if (ev) {
		ev->map = m->def;
		event_finish(ev, sizeof(struct rec_map));
	}
	return &type_void;
}

static bool is_whole_map(const struct expr *e)
{
	return e->kind == EXPR_MAP && e->u.map.whole;
}

static bool is_printable(struct checker *k, struct expr *e, const struct type *t)
{
	if (!type_known(t))
		return false;
	if (t->kind == TYPE_VOID)
		check_error(k, e->span, "type-mismatch",
			    "none type passed to print() is not printable");
	else if (type_is_aggregation(t) && t->kind != TYPE_STATS)
		check_error(k, e->span, "type-mismatch",
			    "Map type %s cannot print the value of individual keys. You must print "
			    "the whole map.",
			    check_type_name(k, t));
	else
		return true;
	return false;
}

static struct type *print_value(struct checker *k, struct expr *e)
{
	struct expr **arg = &e->u.call.args.data[0];
	struct type *t = check_expr(k, arg);
	struct event_def *ev;

	if (type_is_castable_aggregation(t) && (*arg)->kind != EXPR_CALL) {
		convert_quietly(k, arg, aggregation_value_type(t));
		t = aggregation_value_type(t);
	}
	if (e->u.call.args.len > 1)
		check_error(k, e->span, "argument-count",
			    "Non-map print() only takes 1 argument, %zu found", e->u.call.args.len);
	if (!is_printable(k, e, t))
		return &type_void;
	ev = event_begin(k, e, EVENT_PRINT_VALUE);
	if (ev) {
		event_add_arg(k, ev, *arg);
		event_finish(ev, 0);
	}
	return &type_void;
}

struct type *check_PRINT(struct checker *k, struct expr **slot)
{
	return is_whole_map((*slot)->u.call.args.data[0]) ? print_map(k, *slot)
							  : print_value(k, *slot);
}

// ---- whole maps ----------------------------------------------------------------------------

static struct type *map_event(struct checker *k, struct expr *e, enum event_kind kind)
{
	struct check_map *m = whole_map_arg(k, e, 0);
	struct event_def *ev = m ? event_begin(k, e, kind) : NULL;

	if (ev) {
		ev->map = m->def;
		event_finish(ev, 0);
	}
	return &type_void;
}

struct type *check_CLEAR(struct checker *k, struct expr **slot)
{
	return map_event(k, *slot, EVENT_CLEAR);
}

struct type *check_ZERO(struct checker *k, struct expr **slot)
{
	return map_event(k, *slot, EVENT_ZERO);
}

// ---- the others ----------------------------------------------------------------------------

struct type *check_TIME(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	const char *text = "%H:%M:%S\n";
	struct event_def *ev;

	if (e->u.call.args.len) {
		if (!require_string_literal(k, e, 0))
			return &type_void;
		text = e->u.call.args.data[0]->u.string.data;
	}
	ev = event_begin(k, e, EVENT_TIME);
	if (ev) {
		ev->text = text;
		event_finish(ev, 0);
	}
	return &type_void;
}

// The argument is a char **; what travels is the strings it points to.
struct type *check_JOIN(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t = call_arg(k, e, 0);
	const char *separator = " ";
	struct event_def *ev;

	if (type_known(t) && t->kind != TYPE_INT && t->kind != TYPE_POINTER)
		check_error(k, e->span, "bad-argument",
			    "join() only supports int or pointer arguments (%s provided)",
			    type_kind_name(t));
	if (e->u.call.args.len > 1) {
		if (!require_string_literal(k, e, 1))
			return &type_void;
		separator = e->u.call.args.data[1]->u.string.data;
	}
	ev = event_begin(k, e, EVENT_JOIN);
	if (ev) {
		struct type *line = type_string(k->arena, JOIN_SIZE);
		struct event_arg arg = {.type = type_array(k->arena, line, JOIN_MAX),
					.expr = e->u.call.args.data[0]};

		place_varying(ev, &arg);
		arena_push(k->arena, &ev->args, arg);
		ev->text = separator;
		event_finish(ev, 0);
	}
	return &type_void;
}

struct type *check_EXIT(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct event_def *ev;

	if (e->u.call.args.len) {
		call_arg(k, e, 0);
		if (!require_int(k, e, 0))
			return &type_void;
		convert_quietly(k, &e->u.call.args.data[0], &type_uint64);
	}
	ev = event_begin(k, e, EVENT_EXIT);
	if (ev)
		event_finish(ev, sizeof(struct rec_exit));
	return &type_void;
}

struct type *check_ASSERT(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct event_def *ev;

	check_condition(k, &e->u.call.args.data[0], e->u.call.args.data[0]->span);
	if (!require_string_literal(k, e, 1))
		return &type_void;
	ev = event_begin(k, e, EVENT_ASSERT);
	if (ev) {
		ev->text = e->u.call.args.data[1]->u.string.data;
			event_finish(ev, 0);
	}
	return &type_void;
}
