// expand_rawtracepoint.c: rawtracepoint:[MODULE:]EVENT, globs in EVENT -> targets.
//
// Enters: attach points. Leaves: one unit when the body reads no arguments; else a unit per
// event, since each has a program that the kernel checks against the types of its own arguments
// (typedef btf_trace_EVENT); their names are those of the function that the tracepoint's probes
// look like. Refuses events that BTF does
// not know, with the nearest name.
#include <dirent.h>
#include <string.h>

#include "base/str.h"
#include "sema/expand.h"
#include "sema/kernel_btf.h"
#include "sys/features.h"

#define TYPEDEF_PREFIX "btf_trace_"

struct raw_expansion {
	struct expansion *x;
	struct unit *unit;
	bool used;   // the unit has its event; further ones get clones, unless
	bool shared; // one program serves them all
	struct intern seen;
};

// ---- what the body reads -----------------------------------------------------------------

static bool visit_expr(void *ctx, struct expr *e)
{
	struct raw_expansion *r = ctx;
	const char *name = expr_name(e);

	if (str_starts_with(name, "arg") || !strcmp(name, "ctx"))
		r->shared = false;
	return true;
}

// Which of several it was is told by a cookie.
static void read_body(struct raw_expansion *r)
{
	struct ast_visitor v = {.expr = visit_expr, .ctx = r};
	struct features *f = r->x->c->features;

	r->shared = !r->x->c->options->check_only;
	block_walk(r->unit->body, &v);
	if (r->unit->predicate)
		expr_walk(r->unit->predicate, &v);
	r->shared = r->shared && features_have(f, FEATURE_RAW_TP) &&
		    (!r->unit->reads_probe || features_have(f, FEATURE_RAW_TP_COOKIE));
	r->unit->not_raw = r->shared ? NULL : "the body reads the event's arguments";
}

// ---- events --------------------------------------------------------------------------------

// FUNC with the arguments' names; its first argument is the probe's own.
static uint32_t prototype_of(struct raw_expansion *r, struct btf_file *btf, const char *event)
{
	struct arena *a = r->x->arena;
	uint32_t id = btf_find(btf, BTF_TAG_FUNC, arena_printf(a, "__probestub_%s", event));

	if (!id)
		id = btf_find(btf, BTF_TAG_FUNC, arena_printf(a, "__bpf_trace_%s", event));
	return id;
}

static void add_event(struct raw_expansion *r, struct point *p, const char *module,
		      struct btf_file *btf, const char *event, uint32_t id)
{
	const char *where = module ? module : "vmlinux";
	const char *probe = arena_printf(r->x->arena, "rawtracepoint:%s:%s", where, event);
	struct unit *u = r->unit;
	uint32_t seen;

	p->matches++;
	if (intern_find(&r->seen, probe, &seen))
		return;
	intern_id(&r->seen, probe);
	if (r->used && !r->shared)
		u = expand_clone_unit(r->x, u);
	r->used = true;
	u->not_raw = r->unit->not_raw;
	u->attach_btf_id = id;
	u->leftover = glob_has_wildcard(p->parts[p->part_count - 1]);
	struct target *t = program_add_target(&r->x->c->program, u, event, probe);
	t->span = p->ap->span;
	t->module = module;
	t->tracepoint = r->shared ? event : NULL;
	t->btf_id = prototype_of(r, btf, event);
}

static void match_all(struct raw_expansion *r, struct point *p, const char *module,
		      struct btf_file *btf, const char *glob)
{
	struct btf_info t;

	for (uint32_t id = 1; btf_get(btf, id, &t); id++)
		if (t.tag == BTF_TAG_TYPEDEF && str_starts_with(t.name, TYPEDEF_PREFIX) &&
		    glob_matches(glob, t.name + strlen(TYPEDEF_PREFIX)))
			add_event(r, p, module, btf, t.name + strlen(TYPEDEF_PREFIX), id);
}

static void match_in(struct raw_expansion *r, struct point *p, const char *module,
		     const char *event)
{
	struct btf_file *btf = kernel_btf_get(r->x->c, module, NULL);
	uint32_t id;

	if (!btf)
		return;
	if (glob_has_wildcard(event)) {
		match_all(r, p, module, btf, event);
		return;
	}
	id = btf_find(btf, BTF_TAG_TYPEDEF, arena_printf(r->x->arena, TYPEDEF_PREFIX "%s", event));
	if (id)
		add_event(r, p, module, btf, event, id);
}

// An event that vmlinux does not have may be a module's.
static void match_modules(struct raw_expansion *r, struct point *p, const char *glob,
			  const char *event)
{
	const char *root = strcmp(r->x->root, "/") ? r->x->root : "";
	DIR *dir = opendir(arena_printf(r->x->arena, "%s/sys/kernel/btf", root));

	if (!dir)
		return;
	for (const struct dirent *d; (d = readdir(dir));)
		if (d->d_name[0] != '.' && strcmp(d->d_name, "vmlinux") &&
		    glob_matches(glob, d->d_name))
			match_in(r, p, arena_strdup(r->x->arena, d->d_name), event);
	closedir(dir);
}

static const char *nearest_event(struct raw_expansion *r, const char *word)
{
	struct btf_file *btf = kernel_btf_get(r->x->c, NULL, NULL);
	struct nearest n;
	struct btf_info t;

	if (!btf)
		return "raw tracepoints need the kernel's BTF, which cannot be read";
	nearest_init(&n, word);
	for (uint32_t id = 1; btf_get(btf, id, &t); id++)
		if (t.tag == BTF_TAG_TYPEDEF && str_starts_with(t.name, TYPEDEF_PREFIX))
			nearest_offer(&n, t.name + strlen(TYPEDEF_PREFIX));
	return nearest_get(&n) ? arena_printf(r->x->arena, "did you mean '%s'?", nearest_get(&n))
			       : NULL;
}

static void expand_point(struct raw_expansion *r, struct point *p)
{
	const char *event = p->parts[p->part_count - 1];
	const char *module = p->part_count > 1 ? p->parts[0] : NULL;

	if (!module || glob_matches(module, "vmlinux"))
		match_in(r, p, NULL, event);
	if (module ? strcmp(module, "vmlinux") != 0 : !p->matches)
		match_modules(r, p, module ? module : "*", event);
	if (p->matches)
		return;
	p->missing = arena_printf(r->x->arena, "No matches for rawtracepoint %s%s%s.",
				  module ? module : "", module ? ":" : "", event);
	if (!glob_has_wildcard(event))
		p->hint = nearest_event(r, event);
}

void expand_rawtracepoint(struct expansion *x, struct unit *u, struct point **points, size_t count)
{
	struct raw_expansion r = {.x = x, .unit = u};

	read_body(&r);
	for (size_t i = 0; i < count; i++) {
		if (points[i]->ap->negated) {
			diag_error(&x->c->diag, points[i]->ap->span, "negated",
				   "this probe cannot be negated");
			points[i]->failed = true;
			continue;
		}
		expand_point(&r, points[i]);
	}
	intern_release(&r.seen);
}
