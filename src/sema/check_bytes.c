// check_bytes: functions on bytes whatever their type (memcmp, str_concat), the address of a
// variable, and debugf.
#include <string.h>

#include "sema/check.h"
#include "sema/format.h"

struct type *check_MEMCMP(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;

	for (size_t i = 0; i < 2; i++) {
		struct type *t = call_arg(k, e, i);

		if (type_known(t) && !t->size)
			check_error(k, e->span, "bad-argument", "memcmp() can not compare '%s'",
				    check_type_name(k, t));
	}
	call_arg(k, e, 2);
	if (require_int(k, e, 2))
		convert_quietly(k, &e->u.call.args.data[2], &type_uint64);
	return &type_int32;
}

// What is no string yet becomes str(x).
static void as_string(struct checker *k, struct expr *e, size_t i)
{
	struct expr **slot = &e->u.call.args.data[i], *call;
	struct type *t = call_arg(k, e, i);

	if (type_known(t))
		t = name_to_string(k, slot);
	if (!type_known(t) || t->kind == TYPE_STRING)
		return;
	if (t->kind != TYPE_POINTER && t->kind != TYPE_ARRAY) {
		check_error(k, e->span, "bad-argument",
			    "string-like values must be either strings, arrays or pointers");
		return;
	}
	call = expr_new(k->arena, EXPR_CALL, (*slot)->span);
	call->u.call.name = "str";
	call->u.call.name_span = (*slot)->span;
	call->u.call.func = FUNC_STR;
	arena_push(k->arena, &call->u.call.args, *slot);
	*slot = call;
	check_value(k, slot);
}

struct type *check_STR_CONCAT(struct checker *k, struct expr **slot)
{
	as_string(k, *slot, 0);
	as_string(k, *slot, 1);
	return type_string(k->arena, (uint32_t)k->program->config.max_strlen);
}

// ---- &$x, &@m ------------------------------------------------------------------------------

struct type *check_address_of(struct checker *k, struct expr *e)
{
	struct expr *of = e->u.unary.operand;
	struct check_map *m;
	struct type *t;

	if (of->kind == EXPR_MAP) {
		m = map_get(k, of->u.map.name, of->span);
		of->u.map.map = m ? m->def : NULL;
		t = m ? m->value : &type_none;
		of->type = t;
	} else {
		t = check_expr(k, &e->u.unary.operand);
		if (of->u.var.var)
			of->u.var.var->address_taken = true;
	}
	return type_known(t) ? type_pointer(k->arena, t, SPACE_KERNEL) : &type_none;
}

// ---- debugf ----------------------------------------------------------------------------------

#define TRACE_ARGS 3 // of the kernel's bpf_trace_printk()

static bool debug_arg(struct checker *k, struct expr *e, const struct format_piece *p)
{
	struct type *t = call_arg(k, e, (size_t)p->arg + 1);
	bool text = p->conv[0] == 's';

	if (!type_known(t))
		return false;
	if (text ? t->kind == TYPE_STRING : type_is_int(t) || t->kind == TYPE_POINTER)
		return true;
	check_error(k, e->span, "bad-format", "unsupported format specifier for type '%s': %s",
		    check_type_name(k, t), p->conv);
	return false;
}

struct type *check_DEBUGF(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct format f = {0};
	const char *bad = NULL;
	int wanted, given = (int)e->u.call.args.len - 1;

	if (!require_string_literal(k, e, 0))
		return &type_void;
	check_warn(k, e->span, "debugf",
		   "The debugf() builtin is not recommended for production use. For more "
		   "information see bpf_trace_printk in bpf-helpers(7).");
	wanted = format_parse(k->arena, e->u.call.args.data[0]->u.string.data,
			      e->u.call.args.data[0]->u.string.len, &f, &bad);
	if (wanted < 0)
		check_error(k, e->span, "bad-format", "unsupported format specifier: %s", bad);
	else if (wanted != given)
		check_error(k, e->span, "bad-format",
			    "%s arguments for format string (%d supplied, %d expected)",
			    given < wanted ? "not enough" : "too many", given, wanted);
	else if (wanted > TRACE_ARGS)
		check_error(k, e->span, "bad-format",
			    "cannot use more than 3 conversion specifiers");
	for (size_t i = 0; wanted == given && i < f.pieces.len; i++)
		if (f.pieces.data[i].arg >= 0)
			debug_arg(k, e, &f.pieces.data[i]);
	return &type_void;
}
