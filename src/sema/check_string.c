// check_string: functions on strings and bytes, and those that name a number (strerror,
// strftime, ...). Constant lengths become part of the result's type.
#include <string.h>

#include "sema/check.h"

static bool is_string(const struct type *t)
{
	return t->kind == TYPE_STRING;
}

static struct type *string_arg(struct checker *k, struct expr *call, size_t i)
{
	struct type *t = call_arg(k, call, i);

	return type_known(t) ? name_to_string(k, &call->u.call.args.data[i]) : t;
}

// Both arguments of a string comparison.
static bool require_strings(struct checker *k, struct expr *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct type *t = string_arg(k, e, i);

		if (!type_known(t))
			return false;
		if (is_string(t))
			continue;
		check_error(k, e->span, "bad-argument",
			    "%s() only supports string arguments (%s provided)", e->u.call.name,
			    type_kind_name(t));
		return false;
	}
	return true;
}

// ---- lengths ------------------------------------------------------------------------------

// The length argument of str and buf: constant ones are capped, others converted, with the
// largest size as the type's. -1 after an error or while unknown.
static int64_t length_arg(struct checker *k, struct expr *e, uint64_t most)
{
	struct type *t = call_arg(k, e, 1);
	const struct expr *n = e->u.call.args.data[1];

	if (!require_int(k, e, 1))
		return -1;
	if (n->kind != EXPR_INT) {
		if (t->kind != TYPE_BOOL)
			convert_quietly(k, &e->u.call.args.data[1], &type_uint64);
		return (int64_t)most;
	}
	if (n->u.integer.is_negative) {
		check_error(k, e->span, "bad-argument", "%s: cannot use negative length (%lld)",
			    e->u.call.name, (long long)n->u.integer.value);
		return -1;
	}
	return (int64_t)(n->u.integer.value < most ? n->u.integer.value : most);
}

// A constant length is the type's and goes.
static void drop_constant_length(struct checker *k, struct expr *e)
{
	if (k->final && e->u.call.args.data[1]->kind == EXPR_INT)
		e->u.call.args.len = 1;
}

static void warn_truncated(struct checker *k, struct expr *e, uint64_t most)
{
	const struct expr *n = e->u.call.args.data[1];
	uint64_t wanted = n->kind == EXPR_INT ? n->u.integer.value : 0;

	if (wanted > most && !n->u.integer.is_negative)
		check_warn(k, e->span, "truncated",
			   "length param (%llu) is too long and will be shortened to %llu bytes "
			   "(see BPFTRACE_MAX_STRLEN)",
			   (unsigned long long)wanted, (unsigned long long)most);
}

// str() of a literal is that literal, cut to the length.
static bool str_of_literal(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot, *arg = e->u.call.args.data[0];
	const char *text;
	size_t len;

	if (arg->kind == EXPR_STRING) {
		text = arg->u.string.data;
		len = arg->u.string.len;
	} else if (arg->kind == EXPR_INT) {
		text = arena_printf(k->arena, arg->u.integer.is_negative ? "%lld" : "%llu",
				    (long long)arg->u.integer.value);
		len = strlen(text);
	} else {
		return false;
	}
	if (e->u.call.args.len > 1) {
		const struct expr *n = e->u.call.args.data[1];

		if (n->kind != EXPR_INT || n->u.integer.is_negative)
			return false;
		if (n->u.integer.value < len)
			len = (size_t)n->u.integer.value;
		text = arena_strndup(k->arena, text, len);
	}
	expr_set_string(k, e, text, len);
	return true;
}

// As bpftrace counts: str(p) holds max_strlen characters, str(p, n) holds n - 1 of them, but its
// type has room for n and a NUL where max_strlen allows it.
struct type *check_STR(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	uint64_t most = k->program->config.max_strlen;
	struct type *t = string_arg(k, e, 0);
	int64_t size = (int64_t)most + 1;

	if (!type_known(t))
		return &type_none;
	if (t->kind != TYPE_INT && t->kind != TYPE_POINTER && t->kind != TYPE_STRING &&
	    t->kind != TYPE_ARRAY) {
		check_error(k, e->span, "bad-argument",
			    "str() expects a string, integer or a pointer type as first argument "
			    "(%s provided)",
			    type_kind_name(t));
		return &type_none;
	}
	if (str_of_literal(k, slot))
		return e->type;
	if (e->u.call.args.len > 1) {
		warn_truncated(k, e, most);
		size = length_arg(k, e, most + 1);
		if (size < 0)
			return &type_none;
		if (e->u.call.args.data[1]->kind == EXPR_INT) {
			convert_quietly(k, &e->u.call.args.data[1], &type_uint64);
			size += (uint64_t)size < most;
		}
	}
	if (t->kind == TYPE_INT)
		convert_quietly(k, &e->u.call.args.data[0], &type_uint64);
	return type_string(k->arena, size ? (uint32_t)size : 1);
}

static struct type *bytes_of_array(struct checker *k, struct expr *e, const struct type *t)
{
	if (t->kind == TYPE_ARRAY)
		return type_buffer(k->arena, t->size);
	check_error(k, e->span, "bad-argument",
		    "buf() expects a length argument for non-array type %s", type_kind_name(t));
	return &type_none;
}

struct type *check_BUF(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	uint64_t most = k->program->config.max_strlen;
	struct type *t = call_arg(k, e, 0);
	int64_t length;

	if (!type_known(t))
		return &type_none;
	if (t->kind != TYPE_INT && t->kind != TYPE_POINTER && t->kind != TYPE_STRING &&
	    t->kind != TYPE_ARRAY) {
		check_error(k, e->span, "bad-argument",
			    "buf() expects an integer, a pointer, a string or an array (%s "
			    "provided)",
			    type_kind_name(t));
		return &type_none;
	}
	if (e->u.call.args.len < 2)
		return bytes_of_array(k, e, t);
	length = length_arg(k, e, most);
	if (length < 0)
		return &type_none;
	drop_constant_length(k, e);
	if (t->kind == TYPE_INT)
		convert_quietly(k, &e->u.call.args.data[0], &type_uint64);
	return type_buffer(k->arena, (uint32_t)length);
}

// ---- comparing and searching -------------------------------------------------------------

struct type *check_STRNCMP(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	const struct expr *n;

	if (!require_strings(k, e, 2))
		return &type_uint64;
	call_arg(k, e, 2);
	n = e->u.call.args.data[2];
	if (n->kind != EXPR_INT || n->u.integer.is_negative) {
		check_error(k, e->span, "bad-argument",
			    "Builtin strncmp requires a non-negative literal");
		return &type_uint64;
	}
	convert_quietly(k, &e->u.call.args.data[2], &type_uint64);
	return &type_uint64;
}

struct type *check_STRCONTAINS(struct checker *k, struct expr **slot)
{
	require_strings(k, *slot, 2);
	return &type_bool;
}

struct type *check_STRSTR(struct checker *k, struct expr **slot)
{
	require_strings(k, *slot, 2);
	return &type_int32;
}

struct type *check_STRLEN(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t = string_arg(k, e, 0);

	if (!type_known(t))
		return &type_uint64;
	if (!is_string(t)) {
		check_error(k, e->span, "bad-argument",
			    "strlen() only supports string arguments (%s provided)",
			    type_kind_name(t));
		return &type_uint64;
	}
	if (k->final && e->u.call.args.data[0]->kind == EXPR_STRING)
		expr_set_int(e, (__int128)strlen(e->u.call.args.data[0]->u.string.data));
	return &type_uint64;
}

struct type *check_STRCAP(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t = string_arg(k, e, 0);
	struct expr number = {.kind = EXPR_INT};

	if (!type_known(t))
		return &type_none;
	if (!is_string(t) && t->kind != TYPE_ARRAY) {
		check_error(k, e->span, "bad-argument",
			    "strcap() only supports string arguments (%s provided)",
			    type_kind_name(t));
		return &type_none;
	}
	number.u.integer.value = type_told_size(k, t);
	if (k->final)
		expr_set_int(e, number.u.integer.value);
	return type_of_literal(&number);
}

// ---- numbers with names ----------------------------------------------------------------------

static struct type *check_named(struct checker *k, struct expr *e, enum type_kind kind,
				struct type *number)
{
	call_arg(k, e, 0);
	if (require_int(k, e, 0))
		convert_quietly(k, &e->u.call.args.data[0], number);
	return type_make(k->arena, kind, number->size, number->align);
}

struct type *check_STRERROR(struct checker *k, struct expr **slot)
{
	return check_named(k, *slot, TYPE_STRERROR, &type_int32);
}

struct type *check_SIGNAL_NAME(struct checker *k, struct expr **slot)
{
	return check_named(k, *slot, TYPE_SIGNAL, &type_int32);
}

struct type *check_SYSCALL_NAME(struct checker *k, struct expr **slot)
{
	return check_named(k, *slot, TYPE_SYSCALL, &type_uint32);
}

static enum clock_mode clock_of(const struct expr *ns)
{
	if (ns->kind == EXPR_CALL && ns->u.call.func == FUNC_CALL_NSECS && ns->u.call.args.len &&
	    ns->u.call.args.data[0]->kind == EXPR_INT)
		return (enum clock_mode)ns->u.call.args.data[0]->u.integer.value;
	return CLOCK_MODE_BOOT;
}

static struct expr *constant(struct checker *k, struct span at, uint64_t value)
{
	struct expr *e = expr_int(k->arena, at, value);

	e->type = &type_uint32;
	return e;
}

struct type *check_STRFTIME(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *result = type_make(k->arena, TYPE_TIMESTAMP, 16, 8);
	enum clock_mode clock;
	uint32_t id;

	if (!require_string_literal(k, e, 0))
		return result;
	call_arg(k, e, 1);
	if (!require_int(k, e, 1) || !k->final)
		return result;
	if (e->u.call.args.data[1]->kind == EXPR_INT &&
	    e->u.call.args.data[1]->u.integer.is_negative) {
		check_error(k, e->span, "bad-argument",
			    "strftime() does not accept negative timestamps");
		return result;
	}
	clock = clock_of(e->u.call.args.data[1]);
	if (clock == CLOCK_MODE_MONOTONIC) {
		check_error(k, e->span, "bad-argument",
			    "strftime() can not take a monotonic timestamp");
		return result;
	}
	id = intern_id(&k->program->strings, e->u.call.args.data[0]->u.string.data);
	e->u.call.args.data[0] = constant(k, e->u.call.args.data[0]->span, id);
	convert_quietly(k, &e->u.call.args.data[1], &type_uint64);
	arena_push(k->arena, &e->u.call.args, constant(k, e->span, clock));
	return result;
}
