// check: entry of the checker. Resolves every unit, infers types over all of them to a
// fixpoint, then walks once more to report, convert and lay out. See check.h for the passes.
#include <stdarg.h>
#include <string.h>

#include "sema/check.h"

// Types only grow, along chains of a few steps; this is far beyond any script.
#define MAX_ROUNDS 1000

// ---- reporting -------------------------------------------------------------------------

static bool already_said(const struct diag *d, struct span at, const char *tag, const char *text)
{
	for (size_t i = 0; i < d->entries.len; i++) {
		const struct diag_entry *e = &d->entries.data[i];

		if (e->span.begin == at.begin && e->span.end == at.end &&
		    strcmp(e->tag, tag) == 0 && strcmp(e->text, text) == 0)
			return true;
	}
	return false;
}

// True when the message was kept, so that hint and note go to it.
static bool report(struct checker *k, bool is_error, struct span at, const char *tag,
		   const char *text)
{
	struct diag *d = &k->c->diag;
	size_t before = d->entries.len;

	if (already_said(d, at, tag, text))
		return false;
	if (is_error)
		diag_error(d, at, tag, "%s", text);
	else
		diag_warn(d, at, tag, "%s", text);
	return d->entries.len > before;
}

bool check_error(struct checker *k, struct span at, const char *tag, const char *fmt, ...)
{
	va_list ap;
	const char *text;

	if (k->silent)
		return false;
	va_start(ap, fmt);
	text = arena_vprintf(k->arena, fmt, ap);
	va_end(ap);
	return report(k, true, at, tag, text);
}

bool check_warn(struct checker *k, struct span at, const char *tag, const char *fmt, ...)
{
	va_list ap;
	const char *text;

	if (k->silent)
		return false;
	va_start(ap, fmt);
	text = arena_vprintf(k->arena, fmt, ap);
	va_end(ap);
	return report(k, false, at, tag, text);
}

static bool said_anywhere(const struct diag *d, const char *text)
{
	for (size_t i = 0; i < d->entries.len; i++)
		if (strcmp(d->entries.data[i].text, text) == 0)
			return true;
	return false;
}

bool check_unstable(struct checker *k, struct span at, enum unstable_setting set,
		    const char *feature, const char *key)
{
	const char *text;

	if (set == UNSTABLE_ERROR)
		check_error(k, at, "unstable",
			    "%s feature is not enabled by default. To enable this unstable "
			    "feature, set the config flag to enable. unstable_%s=enable",
			    feature, key);
	if (set != UNSTABLE_WARN || k->silent)
		return set != UNSTABLE_ERROR;
	text = arena_printf(k->arena,
			    "Script is using an unstable feature: %s. To prevent this warning you "
			    "must explicitly enable it in the config e.g. unstable_%s=enable",
			    feature, key);
	if (!said_anywhere(&k->c->diag, text))
		report(k, false, at, "unstable", text);
	return true;
}

void check_hint_session(struct checker *k)
{
	enum probe_type t = k->unit->type;
	const char *target = strchr(k->unit->spec, ':');

	if (target && (t == PROBE_KPROBE || t == PROBE_KRETPROBE || t == PROBE_UPROBE ||
		       t == PROBE_URETPROBE))
		diag_hint(&k->c->diag,
			  "a session has the arguments and the result of a call: "
			  "session:%.*s { return { ... } }",
			  (int)strcspn(target + 1, ","), target + 1);
}

void check_not_yet(struct checker *k, struct span at, const char *what)
{
	check_error(k, at, "not-supported-yet", "not supported yet: %s", what);
}

const char *check_type_name(struct checker *k, const struct type *t)
{
	// str(p) is told without the byte of its NUL, as sizeof() tells it
	if (t->kind == TYPE_STRING && t->size == k->program->config.max_strlen + 1)
		return arena_printf(k->arena, "string[%u]", type_told_size(k, t));
	return type_name(k->arena, t);
}

// ---- passes ------------------------------------------------------------------------------

// A probe that matched nothing is still checked: once, as a unit of its own that is not
// attached and sends nothing.
static void add_stand_in(struct checker *k, struct probe *p)
{
	struct unit *u = arena_new(k->arena, struct unit);

	u->type = PROBE_TYPE_COUNT; // every builtin is allowed
	u->mech = MECH_NONE;
	u->probe = p;
	u->span = p->span;
	u->body = block_clone(k->arena, p->body);
	u->predicate = p->predicate ? expr_clone(k->arena, p->predicate) : NULL;
	arena_push(k->arena, &k->units, u);
}

static void collect_units(struct checker *k)
{
	for (size_t i = 0; i < k->program->units.len; i++)
		arena_push(k->arena, &k->units, k->program->units.data[i]);
	for (size_t i = 0; i < k->c->ast.probes.len; i++)
		if (k->c->ast.probes.data[i]->units.len == 0)
			add_stand_in(k, k->c->ast.probes.data[i]);
}

static void check_clauses(struct checker *k, struct session *s)
{
	k->half = HALF_ENTRY;
	if (s->has_entry)
		check_block(k, s->entry);
	k->half = HALF_RETURN;
	if (s->has_return)
		check_block(k, s->ret);
	k->half = HALF_WHOLE;
}

static void check_unit(struct checker *k, struct unit *u)
{
	k->unit = u;
	k->half = HALF_WHOLE;
	if (u->predicate) {
		k->half = probe_type_is_session(u->type) ? HALF_ENTRY : HALF_WHOLE;
		check_condition(k, &u->predicate, u->predicate->span);
		k->half = HALF_WHOLE;
	}
	if (u->session.has_clauses)
		check_clauses(k, &u->session);
	else
		check_block(k, u->body);
}

static void check_units(struct checker *k)
{
	for (size_t i = 0; i < k->units.len; i++)
		check_unit(k, k->units.data[i]);
}

static void infer(struct checker *k)
{
	int rounds = 0;

	k->silent = true;
	do {
		k->changed = false;
		check_units(k);
	} while (k->changed && ++rounds < MAX_ROUNDS);
	k->silent = false;
}

// `let $a` of which no more is heard, or a variable of a comptime branch that is not taken.
static bool is_unused(const struct check_var *v)
{
	return v->is_undecided || (v->is_let && !v->is_assigned && !v->declared_type);
}

// Codegen sees plain types; what never got one is an error.
static void settle_variables(struct checker *k)
{
	for (size_t i = 0; i < k->vars.len; i++) {
		struct variable *v = &k->vars.data[i]->pub;

		if (type_known(v->type))
			v->type = type_settle(k, v->type);
		else if (is_unused(k->vars.data[i]))
			v->type = &type_int64;
		else if (!diag_failed(&k->c->diag))
			check_error(k, v->declared, "unknown-type",
				    "Could not resolve the type of this variable");
	}
	for (size_t i = 0; i < k->maps.len; i++) {
		struct check_map *m = k->maps.data[i];

		if (m->is_assigned && (m->is_scalar || m->is_keyed) && !m->def && !diag_failed(&k->c->diag))
			check_error(k, m->first_use, "unknown-type",
				    "Could not resolve the type of this map");
	}
}

bool sema_check(struct compiler *c)
{
	size_t before = c->diag.error_count;
	struct checker k = {.c = c, .arena = &c->arena, .program = &c->program};

	maps_apply_decls(&k);
	collect_units(&k);
	for (size_t i = 0; i < k.units.len; i++) {
		session_split(&k, k.units.data[i]);
		resolve_unit(&k, k.units.data[i]);
	}
	check_named_params(&k);
	infer(&k);
	if (maps_default(&k))
		infer(&k);
	maps_settle(&k);
	k.final = true;
	check_units(&k);
	maps_check_decls(&k);
	settle_variables(&k);
	types_complete(&k);
	for (size_t i = 0; i < k.units.len; i++)
		args_settle(&k, k.units.data[i]);
	for (size_t i = 0; i < k.units.len; i++)
		session_finish(&k, k.units.data[i]);
	if (c->diag.error_count != before || c->usage)
		return false; // what follows counts on every map's type
	for (size_t i = 0; i < k.units.len; i++)
		take_settle(&k, k.units.data[i]);
	return true;
}
