// check_misc: the remaining functions: maps by key, byte order, address spaces, registers, signals,
// failing the compilation.
#include <string.h>

#include "base/cleanup.h"
#include "sema/check.h"

// ---- maps by key -------------------------------------------------------------------------

static bool require_keyed(struct checker *k, struct expr *e, const struct check_map *m, bool keyed)
{
	if (keyed ? !m->is_scalar : !m->is_keyed)
		return true;
	check_error(k, e->span, "map-kind",
		    keyed ? "call to %s() %sexpects a map with explicit keys (non-scalar map)"
			  : "call to %s() %sexpects a map without explicit keys (scalar map)",
		    e->u.call.name,
		    e->u.call.func != FUNC_DELETE ? ""
		    : keyed			  ? "with two arguments "
						  : "with a single argument ");
	return false;
}

static struct type *check_keyed_call(struct checker *k, struct expr *e)
{
	struct check_map *m = whole_map_arg(k, e, 0);
	bool keyed = e->u.call.args.len > 1;

	if (m && require_keyed(k, e, m, keyed) && keyed)
		check_map_key(k, m, &e->u.call.args.data[1], e->u.call.args.data[1]->span);
	return &type_bool;
}

struct type *check_DELETE(struct checker *k, struct expr **slot)
{
	return check_keyed_call(k, *slot);
}

// What resolve did not write out has the wrong number of arguments, or was reported.
struct type *check_FIND(struct checker *k, struct expr **slot)
{
	return &type_bool;
}

struct type *check_CONTAINER_OF(struct checker *k, struct expr **slot)
{
	return &type_none; // likewise
}

struct type *check_HAS_KEY(struct checker *k, struct expr **slot)
{
	return check_keyed_call(k, *slot);
}

static bool is_stack(const struct type *t)
{
	return t->kind == TYPE_USTACK || t->kind == TYPE_KSTACK;
}

struct type *check_LEN(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot, *arg = e->u.call.args.data[0];
	struct check_map *m = arg->kind == EXPR_MAP ? map_find(k, arg->u.map.name) : NULL;
	struct type *t;

	if (m && arg->u.map.whole && !is_stack(m->value)) {
		if (whole_map_arg(k, e, 0))
			require_keyed(k, e, m, true);
		return &type_int64;
	}
	if (m)
		arg->u.map.whole = false; // @x = ustack; len(@x)
	t = call_arg(k, e, 0);
	if (type_known(t) && !is_stack(t))
		check_error(k, e->span, "bad-argument",
			    "len() expects a map or stack (%s provided)", type_kind_name(t));
	return &type_int64;
}

// ---- numbers and pointers --------------------------------------------------------------------

struct type *check_BSWAP(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t = call_arg(k, e, 0);

	if (!type_known(t))
		return &type_none;
	if (t->kind != TYPE_INT) {
		check_error(k, e->span, "bad-argument",
			    "bswap() only supports integer arguments (%s provided)",
			    type_kind_name(t));
		return &type_none;
	}
	convert_quietly(k, &e->u.call.args.data[0], type_int(t->size, false));
	return type_int(t->size, false);
}

static struct type *check_space(struct checker *k, struct expr *e, enum addr_space space)
{
	struct type *t = call_arg(k, e, 0);

	if (!type_known(t))
		return &type_none;
	if (t->kind == TYPE_POINTER)
		return type_pointer(k->arena, t->elem, space);
	if (t->kind == TYPE_INT) {
		convert_quietly(k, &e->u.call.args.data[0], &type_uint64);
		return &type_uint64;
	}
	check_error(k, e->span, "bad-argument",
		    "%s() only supports int or pointer arguments (%s provided)", e->u.call.name,
		    type_kind_name(t));
	return &type_none;
}

struct type *check_KPTR(struct checker *k, struct expr **slot)
{
	return check_space(k, *slot, SPACE_KERNEL);
}

struct type *check_UPTR(struct checker *k, struct expr **slot)
{
	return check_space(k, *slot, SPACE_USER);
}

// struct pt_regs of x86-64, in its order.
static const char *const registers[] = {
    "r15", "r14", "r13",   "r12", "bp", "bx", "r11", "r10",
    "r9",  "r8",  "ax",	   "cx",  "dx", "si", "di",  NULL /* orig_ax */,
    "ip",  "cs",  "flags", "sp",  "ss"};

static int register_offset(const char *name)
{
	if (strcmp(name, "pc") == 0)
		name = "ip";
	for (size_t i = 0; i < ARRAY_SIZE(registers); i++)
		if (registers[i] && strcmp(registers[i], name) == 0)
			return (int)(8 * i);
	return -1;
}

static bool has_registers(const struct checker *k)
{
	switch (k->unit->type) {
	case PROBE_BEGIN:
	case PROBE_END:
	case PROBE_SELF:
	case PROBE_TRACEPOINT:
	case PROBE_RAWTRACEPOINT:
	case PROBE_FENTRY:
	case PROBE_FEXIT:
	case PROBE_ITER:
		return false;
	default:
		return true;
	}
}

// Where there are no registers, an event is the kernel's own; BEGIN and its like are mtrace's.
struct type *check_usermode(struct checker *k, struct expr *e)
{
	enum probe_type t = k->unit->type;

	if (k->final && (!has_registers(k) || probe_type_is_kernel(t) || t == PROBE_INTERVAL)) {
		expr_set_int(e, t == PROBE_BEGIN || t == PROBE_END || t == PROBE_SELF);
		e->type = &type_uint64;
	}
	return &type_uint64;
}

// What a multi link does not save would be read as garbage (KERNEL.md 1.6).
static void check_saved(struct checker *k, struct expr *e, const char *name)
{
	const struct unit *u = k->unit;
	bool at_return = unit_in_return(k);

	if (!probe_type_is_kernel(u->type) || u->mech == MECH_KPROBE_PERF)
		return;
	if (u->type == PROBE_KSESSION) {
		if (check_error(k, e->span, "bad-context",
				"reg(\"%s\"): a session of kernel functions has no registers",
				name))
			diag_hint(&k->c->diag, "its arguments are args.NAME and argN; a kprobe has "
					       "registers");
	} else if (!multi_link_saves(name, at_return) &&
		   check_error(k, e->span, "bad-context",
			       "reg(\"%s\"): one link for %u functions does not save that register",
			       name, u->target_count)) {
		diag_hint(&k->c->diag, "name fewer functions, or turn the link off: "
				       "--no-feature kprobe_multi");
	}
}

struct type *check_REG(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	const char *name;
	int offset;

	if (!require_string_literal(k, e, 0))
		return &type_uint64;
	if (!has_registers(k))
		check_error(k, e->span, "bad-context", "reg can not be used with \"%s\" probes",
			    probe_type_name(k->unit->type));
	name = e->u.call.args.data[0]->u.string.data;
	offset = register_offset(name);
	if (offset < 0)
		check_error(k, e->span, "bad-argument",
			    "'%s' is not a valid register on this architecture (x86_64)", name);
	else
		check_saved(k, e, name);
	if (offset >= 0 && k->final)
		e->u.call.args.data[0] = expr_int(k->arena, e->span, (uint64_t)offset);
	if (k->final)
		e->u.call.args.data[0]->type = &type_uint32;
	return &type_uint64;
}

// ---- signals -----------------------------------------------------------------------------------

static const char *const signal_names[] = {
    [1] = "HUP",   [2] = "INT",	    [3] = "QUIT",  [4] = "ILL",	    [5] = "TRAP",  [6] = "ABRT",
    [7] = "BUS",   [8] = "FPE",	    [9] = "KILL",  [10] = "USR1",   [11] = "SEGV", [12] = "USR2",
    [13] = "PIPE", [14] = "ALRM",   [15] = "TERM", [16] = "STKFLT", [17] = "CHLD", [18] = "CONT",
    [19] = "STOP", [20] = "TSTP",   [21] = "TTIN", [22] = "TTOU",   [23] = "URG",  [24] = "XCPU",
    [25] = "XFSZ", [26] = "VTALRM", [27] = "PROF", [28] = "WINCH",  [29] = "IO",   [30] = "PWR",
    [31] = "SYS"};

static int signal_number(const char *name)
{
	if (strncmp(name, "SIG", 3) == 0)
		name += 3;
	for (size_t i = 1; i < ARRAY_SIZE(signal_names); i++)
		if (strcmp(signal_names[i], name) == 0)
			return (int)i;
	return -1;
}

static bool signal_allowed(const struct checker *k)
{
	switch (k->unit->type) {
	case PROBE_BEGIN:
	case PROBE_END:
	case PROBE_SELF:
	case PROBE_INTERVAL:
	case PROBE_SOFTWARE:
	case PROBE_HARDWARE:
		return false;
	default:
		return true;
	}
}

static void named_signal(struct checker *k, struct expr *e, struct expr *arg)
{
	int number = signal_number(arg->u.string.data);

	if (number < 0)
		check_error(k, e->span, "bad-argument", "Invalid string for signal: %s",
			    arg->u.string.data);
	else if (k->final)
		expr_set_int(arg, number);
}

static bool is_special(enum probe_type t)
{
	return t == PROBE_BEGIN || t == PROBE_END || t == PROBE_SELF;
}

static struct type *check_signal(struct checker *k, struct expr *e)
{
	struct expr *arg = e->u.call.args.data[0];

	if (!signal_allowed(k))
		check_error(k, e->span, "bad-context", "%s() can not be used for this probetype %s",
			    e->u.call.name,
			    is_special(k->unit->type) ? "special" : probe_type_name(k->unit->type));
	if (arg->kind == EXPR_STRING) {
		named_signal(k, e, arg);
	} else {
		call_arg(k, e, 0);
		arg = e->u.call.args.data[0];
		if (arg->kind == EXPR_INT && (arg->u.integer.is_negative || !arg->u.integer.value ||
					      arg->u.integer.value > 64))
			check_error(k, e->span, "bad-argument",
				    "%s() accepts a string literal or an integer between 1 and 64 "
				    "(inclusive)",
				    e->u.call.name);
		else if (!require_int(k, e, 0))
			return &type_void;
	}
	convert_quietly(k, &e->u.call.args.data[0], &type_uint32);
	return &type_void;
}

struct type *check_SIGNAL(struct checker *k, struct expr **slot)
{
	return check_signal(k, *slot);
}

struct type *check_SIGNAL_THREAD(struct checker *k, struct expr **slot)
{
	return check_signal(k, *slot);
}

// ---- failing the compilation ---------------------------------------------------------------

// Leaves nothing to execute.
static struct type *erase(struct expr *e)
{
	expr_set_bool(e, true);
	return e->type;
}

struct type *check_STATIC_ASSERT(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	int truth;

	check_value(k, &e->u.call.args.data[0]);
	truth = const_truth(k, e->u.call.args.data[0]);
	if (!require_string_literal(k, e, 1) || !k->final)
		return &type_void;
	if (truth < 0)
		check_error(k, e->span, "not-constant", "Unable to resolve comptime expression");
	else if (!truth)
		check_error(k, e->span, "failed", "%s", e->u.call.args.data[1]->u.string.data);
	else
		return erase(e);
	return &type_void;
}

struct type *check_GETOPT(struct checker *k, struct expr **slot)
{
	return &type_none; // resolve has replaced every valid one and reported the others
}
