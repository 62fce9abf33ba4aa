// check_danger: functions that reach into what is traced: the address of a symbol in the traced
// program (uaddr), writing there (write_user), another return value (override).
#include <string.h>

#include "sema/check.h"
#include "sys/elf_symbol.h"

// ---- uaddr ---------------------------------------------------------------------------------

static bool is_user_probe(enum probe_type t)
{
	return t == PROBE_UPROBE || t == PROBE_URETPROBE || t == PROBE_USESSION || t == PROBE_USDT;
}

// As wide as the symbol, as far as one can tell.
static struct type *symbol_type(struct checker *k, uint64_t size)
{
	uint32_t width = size == 1 || size == 2 || size == 4 ? (uint32_t)size : 8;

	return type_pointer(k->arena, type_int(width, true), SPACE_USER);
}

static struct expr *number(struct checker *k, struct span at, uint64_t value)
{
	struct expr *e = expr_int(k->arena, at, value);

	e->type = &type_uint64;
	return e;
}

// Left in the tree: the address; where the file may be anywhere, also the address of the probe
// in it, from which a program finds out where it is.
static bool place_symbol(struct checker *k, struct expr *e, const struct elf_symbol *sym)
{
	const struct unit *u = k->unit;
	const struct target *t = k->program->targets.data[u->first_target];

	if (sym->is_pie && (u->target_count != 1 || u->type == PROBE_URETPROBE ||
			    u->type == PROBE_USESSION)) {
		check_not_yet(k, e->span,
			      "uaddr() in a position-independent program, but for an uprobe on one "
			      "function");
		return false;
	}
	if (!k->final)
		return true;
	e->u.call.args.data[0] = number(k, e->span, sym->address);
	if (sym->is_pie)
		arena_push(k->arena, &e->u.call.args,
			   number(k, e->span, t->address + t->func_offset));
	return true;
}

struct type *check_UADDR(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct elf_symbol sym = {0};
	const struct target *t;

	if (!require_string_literal(k, e, 0))
		return symbol_type(k, 8);
	if (!is_user_probe(k->unit->type)) {
		check_error(k, e->span, "bad-context", "uaddr can not be used with \"%s\" probes",
			    probe_type_name(k->unit->type));
		return symbol_type(k, 8);
	}
	if (!k->unit->target_count || k->c->options->check_only) { // no file to look into
		if (k->final)
			e->u.call.args.data[0] = number(k, e->span, 0);
		return symbol_type(k, 8);
	}
	t = k->program->targets.data[k->unit->first_target];
	if (elf_symbol_find(t->path, e->u.call.args.data[0]->u.string.data, &sym)) {
		check_error(k, e->span, "unknown-symbol", "Could not resolve symbol: %s:%s",
			    t->path, e->u.call.args.data[0]->u.string.data);
		return symbol_type(k, 8);
	}
	place_symbol(k, e, &sym);
	return symbol_type(k, sym.size);
}

// ---- writing -------------------------------------------------------------------------------

static bool check_pointer(struct checker *k, struct expr *e, size_t i)
{
	struct type *t = call_arg(k, e, i);

	if (!type_known(t))
		return false;
	if (t->kind == TYPE_INT)
		convert_quietly(k, &e->u.call.args.data[i], &type_uint64);
	else if (t->kind != TYPE_POINTER)
		check_error(k, e->span, "bad-argument",
			    "%s() only supports int or pointer arguments (%s provided)",
			    e->u.call.name, type_kind_name(t));
	return true;
}

// write_user(destination, source, length)
struct type *check_WRITE_USER(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;

	check_pointer(k, e, 0);
	check_pointer(k, e, 1);
	call_arg(k, e, 2);
	if (require_int(k, e, 2))
		convert_quietly(k, &e->u.call.args.data[2], &type_uint32);
	return &type_void;
}

struct type *check_OVERRIDE(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;

	if (k->unit->type != PROBE_KPROBE)
		check_error(k, e->span, "bad-context",
			    "override() can only be used inside kprobes");
	call_arg(k, e, 0);
	if (require_int(k, e, 0))
		convert_quietly(k, &e->u.call.args.data[0], &type_uint64);
	return &type_void;
}
