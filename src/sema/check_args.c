// check_args: arguments and results of functions: of the kernel by the prototypes in BTF, of
// programs by their debug information (dwarf_args.c).
//
// Enters: `args.name`, `args`, `argtype("T")`, `retval` in a unit of fentry, fexit, uprobe or a
// session, with all the functions that it matched. Leaves: a struct arg_binding per thing that
// is read: its type, and for each target in which register slot it is. A target that has no such
// argument, or one of another type than most, is set aside with that reason. When none is left,
// that is the script's error.
//
// Integers of several widths and signs are one int64; what each target has is in its code.
#include <string.h>

#include "base/str.h"
#include "sema/btf_type.h"
#include "sema/check.h"
#include "sema/dwarf_type.h"
#include "sema/signature.h"
#include "sema/target_args.h"

enum { BY_NAME, BY_TYPE, RETURN_VALUE };

struct wanted {
	int how;
	const char *text;	 // name, or a type as C spells it
	struct wanted_type type; // BY_TYPE
};

// What one target has.
struct found {
	struct type *type;
	uint32_t slot, size;
	bool is_signed;
};

struct binding_walk {
	struct checker *k;
	struct wanted want;
	struct type *type; // what is kept, once it is known
};

static bool unit_is_of_program(const struct unit *u)
{
	return u->type == PROBE_UPROBE || u->type == PROBE_USESSION;
}

bool unit_has_args(const struct unit *u)
{
	return u->type == PROBE_FENTRY || u->type == PROBE_FEXIT || u->type == PROBE_KSESSION ||
	       u->type == PROBE_RAWTRACEPOINT || unit_is_of_program(u);
}

// ---- one target --------------------------------------------------------------------------

static struct wanted wanted(struct checker *k, int how, const char *text)
{
	struct wanted w = {.how = how, .text = text};

	if (how == BY_TYPE)
		w.type = wanted_type_read(k->arena, text);
	return w;
}

static bool is_it(const struct btf_source *s, const struct btf_param_info *p,
		  const struct wanted *want)
{
	return want->how == BY_NAME ? strcmp(p->name, want->text) == 0
				    : wanted_type_is(s->file, p->type, &want->type);
}

static uint32_t slots_of(const struct type *t)
{
	return t->size ? (t->size + 7) / 8 : 1;
}

static void set_found(struct found *f, struct type *t, uint32_t slot)
{
	*f = (struct found){t, slot, t->size, t->is_signed};
}

// NULL, or why not; "": there is no such argument.
static const char *find_in_proto(struct btf_source *s, const struct btf_info *proto, uint32_t first,
				 const struct wanted *want, struct found *out)
{
	struct btf_param_info p;
	struct type *t;
	uint32_t slot = 0;

	if (want->how == RETURN_VALUE) {
		set_found(out, btf_type_of(s, proto->target), ARG_SLOT_RETURN);
		return out->type->kind == TYPE_VOID ? "it returns nothing" : NULL;
	}
	for (uint32_t i = first; btf_param(s->file, proto, i, &p); i++) {
		if (!p.type)
			break; // the rest is variadic
		t = btf_type_of(s, p.type);
		if (is_it(s, &p, want)) {
			set_found(out, t, slot);
			return t->size <= 16 ? NULL : "the argument is passed in memory";
		}
		if (t->size <= 16)
			slot += slots_of(t);
	}
	return "";
}

// A made-up target (--check) has a name only.
static uint32_t func_of(struct checker *k, struct btf_source *s, const struct target *t)
{
	if (t->btf_id || !k->c->options->check_only)
		return t->btf_id;
	return btf_find(s->file, BTF_TAG_FUNC, t->func);
}

static const char *find_in_program(struct checker *k, const struct target *t,
				   const struct wanted *want, struct found *out)
{
	const struct target_args *args = dwarf_target_args(k->c, t);

	if (args->reason)
		return args->reason;
	for (size_t i = 0; i < args->all.len; i++) {
		const struct target_arg *a = &args->all.data[i];
		if (want->how == BY_NAME ? strcmp(a->name, want->text) != 0
					 : !same_spelling(k->arena, a->spelling, &want->type))
			continue;
		if (a->problem)
			return arena_printf(k->arena, "its argument '%s' is %s", a->name,
					    a->problem);
		set_found(out, a->type, a->slot);
		return NULL;
	}
	return "";
}

// The functions behind raw tracepoints have an argument of their own before the event's.
static uint32_t first_param(const struct checker *k, const struct target *t)
{
	return k->program->units.data[t->unit]->type == PROBE_RAWTRACEPOINT;
}

static const char *find_in_kernel(struct checker *k, const struct target *t,
				  const struct wanted *want, struct found *out)
{
	struct btf_source *s = btf_source_get(k->c, t->module, NULL);
	struct btf_info func, proto;
	uint32_t id = s ? func_of(k, s, t) : 0;

	if (!id || !btf_get(s->file, id, &func) || func.tag != BTF_TAG_FUNC ||
	    !btf_get(s->file, func.target, &proto))
		return "BTF does not describe its arguments";
	return find_in_proto(s, &proto, first_param(k, t), want, out);
}

// NULL, or why not.
static const char *find_in_target(struct checker *k, const struct target *t,
				  const struct wanted *want, struct found *out)
{
	const char *why =
	    t->path ? find_in_program(k, t, want, out) : find_in_kernel(k, t, want, out);

	if (!why || *why)
		return why;
	return want->how == BY_NAME
		   ? arena_printf(k->arena, "it has no argument '%s'", want->text)
		   : arena_printf(k->arena, "it has no argument of type '%s'", want->text);
}

// ---- a type for all of them --------------------------------------------------------------

struct candidate {
	struct type *type;
	size_t count;
};
typedef ARENA_VEC(struct candidate) candidates;

static bool is_number(const struct type *t)
{
	return t->kind == TYPE_INT || t->kind == TYPE_ENUM || t->kind == TYPE_BOOL;
}

// Programs may have several structs of one name.
static bool same_type(struct type *a, struct type *b)
{
	return type_equal(a, b) && dwarf_types_agree(a, b);
}

static void vote(struct checker *k, candidates *all, struct type *t)
{
	for (size_t i = 0; i < all->len; i++)
		if (same_type(all->data[i].type, t)) {
			all->data[i].count++;
			return;
		}
	arena_push(k->arena, all, ((struct candidate){t, 1}));
}

// Most have it; all numbers count together.
static struct type *elect(struct checker *k, const candidates *all)
{
	size_t best = 0, numbers = 0, kinds = 0;
	bool any_signed = false;

	for (size_t i = 0; i < all->len; i++) {
		if (is_number(all->data[i].type)) {
			numbers += all->data[i].count;
			kinds++;
			any_signed |= all->data[i].type->is_signed;
		}
		if (all->data[i].count > all->data[best].count)
			best = i;
	}
	if (!all->len)
		return NULL;
	if (kinds > 1 && (is_number(all->data[best].type) || numbers > all->data[best].count))
		return any_signed ? &type_int64 : &type_uint64;
	return all->data[best].type;
}

static struct type *common_type(struct checker *k, const struct unit *u, const struct wanted *want)
{
	candidates all = {0};
	struct found f;

	for (uint32_t i = 0; i < u->target_count; i++)
		if (!find_in_target(k, k->program->targets.data[u->first_target + i], want, &f))
			vote(k, &all, f.type);
	return elect(k, &all);
}

static const char *why_not(const void *ctx, const struct target *t)
{
	const struct binding_walk *w = ctx;
	struct found f;
	const char *why = find_in_target(w->k, t, &w->want, &f);

	if (why)
		return why;
	if (same_type(f.type, w->type) || (is_number(f.type) && is_number(w->type)))
		return NULL;
	return arena_printf(w->k->arena, "its %s%s%s is of type '%s', not '%s'",
			    w->want.how == RETURN_VALUE ? "return value" : "argument '",
			    w->want.how == RETURN_VALUE ? "" : w->want.text,
			    w->want.how == RETURN_VALUE ? "" : "'", check_type_name(w->k, f.type),
			    check_type_name(w->k, w->type));
}

// ---- bindings ----------------------------------------------------------------------------

static int known_binding(const struct unit *u, const struct wanted *want)
{
	for (size_t i = 0; i < u->arg_bindings.len; i++) {
		const struct arg_binding *b = &u->arg_bindings.data[i];

		if (b->how == want->how && strcmp(b->name, want->text) == 0)
			return (int)i;
	}
	return -1;
}

typedef ARENA_VEC(const char *) names;

static void kernel_names(struct checker *k, const struct target *t, names *out)
{
	struct btf_source *s = btf_source_get(k->c, t->module, NULL);
	struct btf_info func, proto;
	struct btf_param_info p;

	if (!s || !btf_get(s->file, func_of(k, s, t), &func) || func.tag != BTF_TAG_FUNC ||
	    !btf_get(s->file, func.target, &proto))
		return;
	for (uint32_t i = first_param(k, t); btf_param(s->file, &proto, i, &p); i++)
		if (p.type && *p.name)
			arena_push(k->arena, out, p.name);
}

// What can be read of a function's arguments.
static void arg_names(struct checker *k, const struct target *t, names *out)
{
	if (!t->path) {
		kernel_names(k, t, out);
		return;
	}
	const struct target_args *args = dwarf_target_args(k->c, t);
	for (size_t i = 0; i < args->all.len; i++)
		if (*args->all.data[i].name && !args->all.data[i].problem)
			arena_push(k->arena, out, args->all.data[i].name);
}

static void offer_params(struct checker *k, const struct target *t, struct nearest *n)
{
	names all = {0};

	arg_names(k, t, &all);
	for (size_t i = 0; i < all.len; i++)
		nearest_offer(n, all.data[i]);
}

// None of the targets has it: `f` has no argument 'x'.
static void report_none(struct checker *k, const struct unit *u, struct span at,
			const struct wanted *want)
{
	const struct target *t = k->program->targets.data[u->first_target];
	struct nearest n;
	struct found f;
	const char *why = find_in_target(k, t, want, &f);

	if (u->target_count > 1 && !check_error(k, at, "no-such-argument",
						"None of the %u functions that '%s' matches has "
						"it: %s: %s",
						u->target_count, u->spec, t->func, why))
		return;
	if (u->target_count == 1 && !check_error(k, at, "no-such-argument", "%s: %s", t->func, why))
		return;
	nearest_init(&n, want->text);
	if (want->how == BY_NAME)
		offer_params(k, t, &n);
	if (nearest_get(&n))
		diag_hint(&k->c->diag, "did you mean '%s'?", nearest_get(&n));
}

// The same thing in another unit of the probe: what was left over has nothing to say.
static struct type *sibling_type(struct checker *k, const struct unit *u, const struct wanted *want)
{
	for (size_t i = 0; i < k->program->units.len; i++) {
		const struct unit *o = k->program->units.data[i];
		int known = o != u && o->probe == u->probe ? known_binding(o, want) : -1;

		if (known >= 0)
			return o->arg_bindings.data[known].type;
	}
	return NULL;
}

// -1: there is none (reported when final).
static int bind(struct checker *k, struct span at, int how, const char *text)
{
	struct unit *u = k->unit;
	struct binding_walk w = {.k = k, .want = wanted(k, how, text)};
	struct arg_binding b = {.name = text, .how = how};
	int known = known_binding(u, &w.want);

	if (known >= 0)
		return known;
	w.type = common_type(k, u, &w.want);
	if (!w.type && (u->leftover || !u->target_count))
		w.type = sibling_type(k, u, &w.want);
	if (!w.type) {
		if (u->target_count)
			report_none(k, u, at, &w.want);
		return -1;
	}
	program_drop_targets(k->program, u, why_not, &w);
	if (!u->target_count)
		u->mech = MECH_NONE; // the others of its block go on
	b.type = w.type;
	type_complete(b.type);
	arena_push(k->arena, &u->arg_bindings, b);
	return (int)u->arg_bindings.len - 1;
}

// ---- once the targets are final ------------------------------------------------------------

static void settle_binding(struct checker *k, const struct unit *u, struct arg_binding *b)
{
	struct wanted want = wanted(k, b->how, b->name);
	struct found f = {0};

	b->codes = arena_array(k->arena, uint16_t, u->target_count + 1);
	b->uniform = true;
	for (uint32_t i = 0; i < u->target_count; i++) {
		find_in_target(k, k->program->targets.data[u->first_target + i], &want, &f);
		b->codes[i] = ARG_CODE(f.slot, f.size, f.is_signed);
		b->uniform &= b->codes[i] == b->codes[0];
	}
	b->slot = ARG_CODE_SLOT(b->codes[0]);
}

void args_settle(struct checker *k, struct unit *u)
{
	for (size_t i = 0; i < u->arg_bindings.len; i++)
		settle_binding(k, u, &u->arg_bindings.data[i]);
}

// ---- expressions -------------------------------------------------------------------------

static bool unit_is_of_bpf(struct checker *k, const struct unit *u)
{
	return u->target_count && k->program->targets.data[u->first_target]->bpf_prog;
}

static bool require_args(struct checker *k, struct expr *e)
{
	if (unit_is_of_bpf(k, k->unit)) {
		check_error(k, e->span, "bad-context",
			    "The args builtin cannot be used for 'fentry/fexit:bpf' probes");
		return false;
	}
	if (unit_has_args(k->unit))
		return true;
	if (check_error(k, e->span, "bad-context",
			"The args builtin can only be used with tracepoint, rawtracepoint, "
			"fentry/fexit, and uprobe probes (%s used here)",
			probe_type_name(k->unit->type)))
		check_hint_session(k);
	return false;
}

static void become_argument(struct expr *e, int binding, const char *name)
{
	e->kind = EXPR_IDENT;
	e->u.ident.name = name;
	e->u.ident.builtin = BUILTIN_ARGS;
	e->u.ident.arg = (unsigned)binding;
	e->u.ident.session_elapsed = false;
	e->u.ident.bound = true;
}

bool check_is_args(const struct expr *e)
{
	return e->kind == EXPR_IDENT && e->u.ident.builtin == BUILTIN_ARGS && !e->u.ident.bound;
}

struct type *check_arg_field(struct checker *k, struct expr *e)
{
	const char *name = e->u.field.name;
	int binding = require_args(k, e) ? bind(k, e->span, BY_NAME, name) : -1;
	struct type *t;

	if (binding < 0)
		return &type_none;
	t = k->unit->arg_bindings.data[binding].type;
	if (k->final)
		become_argument(e, binding, name);
	return t;
}

static bool has_prototypes(struct checker *k, const struct unit *u)
{
	for (uint32_t i = 0; i < u->target_count; i++)
		if (!k->program->targets.data[u->first_target + i]->btf_id &&
		    !k->c->options->check_only)
			return false;
	return u->target_count > 0;
}

static void add_arg_item(struct checker *k, struct expr *record, const char *name)
{
	struct field_init item = {.name = name, .span = record->span};
	struct expr *args = expr_new(k->arena, EXPR_IDENT, record->span);

	args->u.ident.name = "args";
	args->u.ident.builtin = BUILTIN_ARGS;
	item.value = expr_new(k->arena, EXPR_FIELD, record->span);
	item.value->u.field.object = args;
	item.value->u.field.name = name;
	item.value->u.field.name_span = record->span;
	arena_push(k->arena, &record->u.record.items, item);
}

static const char *why_no_args(struct checker *k, const struct target *t)
{
	const char *reason = t->path ? dwarf_target_args(k->c, t)->reason : NULL;

	if (!t->path && !has_prototypes(k, k->unit))
		reason = "BTF does not describe its arguments";
	return reason ? reason : "it has no arguments";
}

// `args`: all of them, as a record. The first function says which they are.
struct type *check_args(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct expr *all = expr_new(k->arena, EXPR_RECORD, e->span);
	const struct target *t;
	names listed = {0};

	if (e->u.ident.bound)
		return k->unit->arg_bindings.data[e->u.ident.arg].type;
	if (!require_args(k, e) || !k->unit->target_count)
		return &type_none;
	t = k->program->targets.data[k->unit->first_target];
	arg_names(k, t, &listed);
	for (size_t i = 0; i < listed.len; i++)
		add_arg_item(k, all, listed.data[i]);
	if (!listed.len) {
		check_error(k, e->span, "no-such-argument", "%s: %s", t->func, why_no_args(k, t));
		return &type_none;
	}
	if (k->final) {
		*slot = all;
		return check_value(k, slot);
	}
	return check_value(k, &all);
}

struct type *check_ARGTYPE(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	const char *text;
	int binding;

	if (!require_args(k, e) || !require_string_literal(k, e, 0))
		return &type_none;
	text = e->u.call.args.data[0]->u.string.data;
	binding = bind(k, e->span, BY_TYPE, text);
	if (binding < 0)
		return &type_none;
	if (k->final)
		become_argument(e, binding, text);
	return k->unit->arg_bindings.data[binding].type;
}

// A function without BTF, or of a program, gives the register as it is (so does bpftrace).
struct type *check_typed_retval(struct checker *k, struct expr *e)
{
	int binding = -1;

	if (e->u.ident.bound)
		return k->unit->arg_bindings.data[e->u.ident.arg].type;
	if (probe_type_is_kernel(k->unit->type) && unit_has_args(k->unit) &&
	    !unit_is_of_bpf(k, k->unit) && has_prototypes(k, k->unit))
		binding = bind(k, e->span, RETURN_VALUE, "");
	if (binding < 0)
		return &type_uint64;
	e->u.ident.bound = true;
	e->u.ident.arg = (unsigned)binding;
	return k->unit->arg_bindings.data[binding].type;
}
