// check_names: functions that name an address, a control group or a network peer (ksym, kaddr,
// cgroup_path, ntop, ...). Numbers and bytes enter, handles that output turns into text leave;
// what can be known now (kaddr, pton, cgroupid) becomes a constant.
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "sema/check.h"
#include "sema/kernel_names.h"
#include "sys/cgroup.h"

// ---- addresses ---------------------------------------------------------------------------

static struct type *check_symbol(struct checker *k, struct expr *e, struct type *result)
{
	struct type *t = call_arg(k, e, 0);

	if (!type_known(t))
		return result;
	if (t->kind != TYPE_INT && t->kind != TYPE_POINTER)
		check_error(k, e->span, "bad-argument",
			    "%s() expects an integer or pointer argument", e->u.call.name);
	else if (t->kind == TYPE_INT)
		convert_quietly(k, &e->u.call.args.data[0], &type_uint64);
	return result;
}

struct type *check_KSYM(struct checker *k, struct expr **slot)
{
	return check_symbol(k, *slot, type_make(k->arena, TYPE_KSYM, 8, 8));
}

struct type *check_USYM(struct checker *k, struct expr **slot)
{
	return check_symbol(k, *slot, type_make(k->arena, TYPE_USYM, 16, 8));
}

static struct type *constant_u64(struct expr *e, uint64_t value)
{
	expr_set_int(e, value);
	return e->type = &type_uint64;
}

struct type *check_KADDR(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	uint64_t address = 0;
	const char *name;

	if (!require_string_literal(k, e, 0))
		return &type_uint64;
	name = e->u.call.args.data[0]->u.string.data;
	if (!kernel_address(k->c, name, &address) && !k->c->options->check_only) {
		check_error(k, e->span, "unknown-symbol", "Failed to resolve kernel symbol: %s",
			    name);
		return &type_uint64;
	}
	return constant_u64(e, address);
}

// ---- control groups ------------------------------------------------------------------------

struct type *check_CGROUPID(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	const char *path;
	uint64_t id = 0;
	int err;

	if (!require_string_literal(k, e, 0))
		return &type_uint64;
	path = e->u.call.args.data[0]->u.string.data;
	err = cgroup_id(path, &id);
	if (err && !k->c->options->check_only) {
		check_error(k, e->span, "unknown-cgroup", "no id of the control group '%s': %s",
			    path, strerror(-err));
		return &type_uint64;
	}
	return constant_u64(e, id);
}

struct type *check_CGROUP_PATH(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *result = type_make(k->arena, TYPE_CGROUP_PATH, 16, 8);
	struct expr *pattern;
	bool given = e->u.call.args.len > 1;

	if (given && e->u.call.args.data[1]->type == &type_uint32)
		return result;
	call_arg(k, e, 0);
	if (!require_int(k, e, 0) || (given && !require_string_literal(k, e, 1)) || !k->final)
		return result;
	convert_quietly(k, &e->u.call.args.data[0], &type_uint64);
	pattern = expr_int(k->arena, e->span,
			   intern_id(&k->program->strings,
				     given ? e->u.call.args.data[1]->u.string.data : ""));
	pattern->type = &type_uint32;
	if (given)
		e->u.call.args.data[1] = pattern;
	else
		arena_push(k->arena, &e->u.call.args, pattern);
	return result;
}

// ---- the network -----------------------------------------------------------------------------

// An address in network byte order: a number, or 4 or 16 bytes.
static bool check_address(struct checker *k, struct expr *e, size_t i)
{
	struct type *t = call_arg(k, e, i);

	if (!type_known(t))
		return false;
	if (t->kind == TYPE_INT) {
		convert_quietly(k, &e->u.call.args.data[i], &type_uint32);
		return true;
	}
	if (t->kind != TYPE_ARRAY && t->kind != TYPE_STRING)
		check_error(k, e->span, "bad-argument",
			    "ntop() expects an integer or array argument, got %s",
			    type_kind_name(t));
	else if (t->size != 4 && t->size != 16)
		check_error(k, e->span, "bad-argument",
			    "ntop() argument must be 4 or 16 bytes in size");
	else
		return true;
	return false;
}

struct type *check_NTOP(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	bool family = e->u.call.args.len > 1;

	if (family) {
		call_arg(k, e, 0);
		if (require_int(k, e, 0))
			convert_quietly(k, &e->u.call.args.data[0], &type_uint32);
	}
	check_address(k, e, family ? 1 : 0);
	return type_make(k->arena, TYPE_INET, 24, 8);
}

struct type *check_PTON(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	unsigned char address[16];
	const char *text;
	bool v6;

	if (e->u.call.args.data[0]->kind != EXPR_STRING) {
		call_arg(k, e, 0);
		check_error(k, e->span, "bad-argument",
			    "pton() expects an string literal at the first argument");
		return &type_none;
	}
	text = e->u.call.args.data[0]->u.string.data;
	v6 = strchr(text, ':');
	if (inet_pton(v6 ? AF_INET6 : AF_INET, text, address) != 1) {
		check_error(k, e->span, "bad-argument",
			    "pton() expects an string argument of an IPv4/IPv6 address, got %s", text);
		return &type_none;
	}
	call_arg(k, e, 0);
	return type_array(k->arena, &type_uint8, v6 ? 16 : 4);
}

struct type *check_MACADDR(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t = call_arg(k, e, 0), *result = type_make(k->arena, TYPE_MAC, 6, 1);

	if (!type_known(t))
		return result;
	if (e->u.call.args.data[0]->kind == EXPR_STRING)
		check_error(k, e->span, "bad-argument",
			    "macaddr() does not support literal string arguments");
	else if (t->kind == TYPE_INT)
		convert_quietly(k, &e->u.call.args.data[0], &type_uint64);
	else if (t->kind != TYPE_POINTER && t->kind != TYPE_ARRAY && t->kind != TYPE_STRING)
		check_error(k, e->span, "bad-argument",
			    "macaddr() only supports array, string or pointer arguments (%s "
			    "provided)",
			    type_kind_name(t));
	else if (t->kind != TYPE_POINTER && t->size < 6)
		check_error(k, e->span, "bad-argument",
			    "macaddr() argument must be at least 6 bytes in size");
	return result;
}
