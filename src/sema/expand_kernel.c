// expand_kernel.c: kprobe, kretprobe, fentry, fexit and session:[MOD:]GLOB -> functions.
//
// Enters: FUNCTION, GLOB, MODULE:FUNCTION, FUNCTION+OFFSET, an ADDRESS. Leaves: matches, which
// kernel_targets.c makes targets of. Refuses: offsets and addresses where a probe has to start
// at a function's entry, functions that never return where the return is wanted.
//
// A glob does not match what is dangerous to trace (kernel_funcs.h; --unsafe lifts it), nor
// pieces that the compiler cut off (`.isra.0`, `.constprop.0`, `.part.0`), unless it has a dot
// itself. One exact name is looked up alone: the symbol table takes the kernel 50 ms to print. The
// list of all functions, which is cached, is read for globs, for a second name, or when there
// are several functions of a name.
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sema/expand_kernel.h"
#include "sema/kernel_btf.h"
#include "sys/slurp.h"

#define NEVER_RETURNS "it never returns"

static void fail(struct kernel_expansion *kx, struct point *p, const char *tag, const char *text)
{
	diag_error(&kx->x->c->diag, p->ap->span, tag, "%s", text);
	p->failed = true;
}

// ---- reading the parts -------------------------------------------------------------------

static bool read_offset(struct kernel_expansion *kx, struct kernel_request *r)
{
	const char *plus = strrchr(r->name, '+');
	struct point *p = r->point;

	if (!plus)
		return true;
	if (!expand_number(plus + 1, &r->func_offset)) {
		fail(kx, p, "bad-offset",
		     arena_printf(kx->x->arena, "Invalid offset: %s", plus + 1));
		return false;
	}
	r->name = arena_strndup(kx->x->arena, r->name, (size_t)(plus - r->name));
	if (!r->func_offset || p->type == PROBE_KPROBE)
		return true;
	fail(kx, p, "bad-offset", "Offset not allowed");
	diag_hint(&kx->x->c->diag, "%s probes start at a function's entry",
		  probe_type_name(p->type));
	return false;
}

static bool read_address(struct kernel_expansion *kx, struct kernel_request *r)
{
	struct point *p = r->point;

	if (p->type != PROBE_KPROBE && p->type != PROBE_KRETPROBE) {
		fail(kx, p, "bad-address",
		     arena_printf(kx->x->arena, "%s probes take the name of a function",
				  probe_type_name(p->type)));
		return false;
	}
	if (kx->x->c->options->unsafe)
		return true;
	fail(kx, p, "needs-unsafe",
	     "Can't attach to an address without --unsafe: nobody knows if an instruction "
	     "begins there");
	return false;
}

static const char *no_function(enum probe_type t)
{
	if (t == PROBE_KPROBE || t == PROBE_KRETPROBE)
		return "kprobes should be attached to a function or an address";
	return t == PROBE_KSESSION ? "session should be attached to a function"
				   : "fentry/fexit should specify a function";
}

static bool read_name(struct kernel_expansion *kx, struct kernel_request *r, const char *text)
{
	if (!*text) {
		fail(kx, r->point, "no-function", no_function(r->point->type));
		return false;
	}
	if (isdigit((unsigned char)*text) && expand_number(text, &r->address))
		return read_address(kx, r);
	r->name = text;
	return read_offset(kx, r);
}

static struct kernel_request *read_request(struct kernel_expansion *kx, struct point *p)
{
	struct kernel_request *r = arena_new(kx->x->arena, struct kernel_request);
	size_t n = p->part_count;

	r->point = p;
	if (n > 2) {
		fail(kx, p, "attach-point-parts",
		     arena_printf(kx->x->arena,
				  "%s probe type requires 1 or 2 arguments, found %zu",
				  probe_type_name(p->type), n));
		return NULL;
	}
	if (n == 2)
		r->module = p->parts[0];
	if (!read_name(kx, r, p->parts[n - 1]))
		return NULL;
	r->is_glob =
	    (r->name && glob_has_wildcard(r->name)) || (r->module && glob_has_wildcard(r->module));
	return r;
}

// ---- names -------------------------------------------------------------------------------

const char *kernel_probe_text(struct kernel_expansion *kx, const struct kernel_request *r,
			      const char *module, const char *name)
{
	struct arena *a = kx->x->arena;
	enum probe_type t = kx->unit->type;
	const char *type = probe_type_name(t);

	if (!name)
		return arena_printf(a, "%s:0x%llx", type, (unsigned long long)r->address);
	module = probe_shown_module(t, r->module != NULL, module);
	const char *parts[] = {type, ":", module ? module : "", module ? ":" : "", name};
	const char *text = arena_concat(a, parts, ARRAY_SIZE(parts));
	return r->func_offset ? arena_printf(a, "%s+%llu", text, (unsigned long long)r->func_offset)
			      : text;
}

void kernel_set_aside(struct kernel_expansion *kx, const struct kernel_request *r,
		      const struct kernel_func *f, const char *reason, bool duplicate)
{
	struct program *p = &kx->x->c->program;
	struct set_aside s = {.unit = kx->unit->id,
			      .what = kernel_probe_text(kx, r, f->module, f->name),
			      .reason = reason,
			      .duplicate = duplicate};

	arena_push(p->arena, &p->set_asides, s);
	if (!duplicate)
		kx->unit->set_aside_count++;
}

static bool module_matches(const struct kernel_request *r, const char *module)
{
	if (!r->module)
		return true;
	return glob_matches(r->module, module ? module : "vmlinux");
}

static bool name_matches(const struct kernel_request *r, const char *name)
{
	if (!glob_matches(r->name, name))
		return false;
	return !strchr(name, '.') || strchr(r->name, '.');
}

static bool is_negated(const struct kernel_expansion *kx, const struct kernel_func *f)
{
	for (size_t i = 0; i < kx->negated.len; i++) {
		const struct kernel_request *n = kx->negated.data[i];
		if (n->name && module_matches(n, f->module) && name_matches(n, f->name))
			return true;
	}
	return false;
}

// ---- collecting matches ------------------------------------------------------------------

// f stays where it is: in the list, or in the arena.
static void add_match(struct kernel_expansion *kx, const struct kernel_request *r,
		      const struct kernel_func *f)
{
	struct kernel_match m = {.func = f, .request = r, .seq = (uint32_t)kx->found.len};

	arena_push(kx->x->arena, &kx->found, m);
	r->point->matches++;
}

static void add_single(struct kernel_expansion *kx, const struct kernel_request *r,
		       const struct kernel_func *f)
{
	struct kernel_func *own = arena_new(kx->x->arena, struct kernel_func);

	*own = *f;
	add_match(kx, r, own);
}

static bool read_list(struct kernel_expansion *kx)
{
	struct expansion *x = kx->x;

	if (!x->kernel_listed) {
		x->kernel_listed = true;
		x->kernel_error = kernel_funcs_load(x->arena, x->root, x->c->options->traceable,
						    &x->kernel, &x->kernel_reason);
	}
	return !x->kernel_error;
}

// For globs. Types of many functions will be asked for: both are read at once.
static void read_all(struct kernel_expansion *kx)
{
	struct kernel_btf_ahead types = {0};

	if (kernel_wants_btf(kx->unit->type))
		kernel_btf_start(kx->x->c, &types);
	read_list(kx);
	kernel_btf_finish(kx->x->c, &types);
}

// Why a glob leaves a function alone; NULL: it does not.
static const char *why_left_alone(const struct kernel_expansion *kx, const char *name)
{
	if (kernel_needs_return(kx->unit->type) && kernel_func_noreturn(name))
		return NEVER_RETURNS;
	return kx->x->c->options->unsafe ? NULL : kernel_func_danger(name);
}

static void leave_alone(struct kernel_expansion *kx, struct kernel_request *r,
			const struct kernel_func *f, const char *why)
{
	bool lifted = strcmp(why, NEVER_RETURNS) != 0;

	kernel_set_aside(kx, r, f, why, false);
	if (!r->left_alone)
		r->left_alone =
		    arena_printf(kx->x->arena, "%s: %s%s", f->name, why,
				 lifted ? "; an exact name or --unsafe takes it all the same" : "");
}

static void match_list(struct kernel_expansion *kx, struct kernel_request *r)
{
	for (size_t i = 0; i < kx->x->kernel.funcs.len; i++) {
		const struct kernel_func *f = &kx->x->kernel.funcs.data[i];
		if (!module_matches(r, f->module) || !name_matches(r, f->name) || is_negated(kx, f))
			continue;
		const char *why = r->is_glob ? why_left_alone(kx, f->name) : NULL;
		if (why)
			leave_alone(kx, r, f, why);
		else
			add_match(kx, r, f);
	}
}

static const char *wanted_text(const struct kernel_expansion *kx, const struct kernel_request *r)
{
	if (!r->module)
		return r->name;
	return arena_printf(kx->x->arena, "%s:%s", r->module, r->name);
}

// Is `module` one that the kernel could know functions of, as far as one can see?
static bool is_loaded(const struct kernel_expansion *kx, const char *module)
{
	char path[PATH_MAX];

	if (!strcmp(module, "vmlinux") || glob_has_wildcard(module))
		return true;
	snprintf(path, sizeof(path), "%s/sys/module/%s/initstate", root_prefix(kx->x->root),
		 module);
	return access(path, F_OK) == 0 || errno != ENOENT;
}

// The module of a k(ret)probe is not there: said as bpftrace does.
static bool miss_module(struct kernel_expansion *kx, const struct kernel_request *r)
{
	enum probe_type t = r->point->type;

	if (!r->module || r->is_glob || (t != PROBE_KPROBE && t != PROBE_KRETPROBE) ||
	    is_loaded(kx, r->module))
		return false;
	r->point->missing =
	    arena_printf(kx->x->arena, "specified module %s in probe %s is not loaded.", r->module,
			 kernel_probe_text(kx, r, r->module, r->name));
	return true;
}

// A miss is not an error yet: see settle_missing in expand.c.
static void miss(struct kernel_expansion *kx, const struct kernel_request *r)
{
	struct point *p = r->point;
	struct nearest n;

	if (miss_module(kx, r))
		return;
	p->missing = arena_printf(kx->x->arena, "No matches for %s %s.", probe_type_name(p->type),
				  wanted_text(kx, r));
	if (!read_list(kx)) {
		p->hint = kx->x->kernel_reason;
		return;
	}
	p->hint = r->left_alone;
	if (r->is_glob)
		return;
	nearest_init(&n, r->name);
	for (size_t i = 0; i < kx->x->kernel.funcs.len; i++)
		if (module_matches(r, kx->x->kernel.funcs.data[i].module))
			nearest_offer(&n, kx->x->kernel.funcs.data[i].name);
	const char *best = nearest_get(&n);
	if (best && !strcmp(best, r->name))
		p->hint = "a negated glob of the same block takes it away";
	else if (best)
		p->hint = arena_printf(kx->x->arena, "did you mean '%s'?", best);
}

static bool check_returns(struct kernel_expansion *kx, const struct kernel_request *r)
{
	if (!kernel_needs_return(r->point->type) || !kernel_func_noreturn(r->name))
		return true;
	fail(kx, r->point, "not-attachable",
	     arena_printf(kx->x->arena, "'%s' never returns: there is nothing for a %s probe",
			  r->name, probe_type_name(r->point->type)));
	return false;
}

// A function that BTF describes exists; nothing else needs to be known for a trampoline on it.
static bool match_by_btf(struct kernel_expansion *kx, const struct kernel_request *r)
{
	const char *module = r->module && strcmp(r->module, "vmlinux") ? r->module : NULL;
	struct btf_file *btf;
	struct kernel_func f = {.name = r->name, .module = module, .unique = true, .first = true};

	if (!kernel_wants_btf(kx->unit->type) || kx->requests.len > 1)
		return false;
	btf = kernel_btf_get(kx->x->c, module, NULL);
	uint32_t id = btf ? btf_find(btf, BTF_TAG_FUNC, r->name) : 0;
	if (!id || kernel_func_denied(r->name) || btf_hides_argument(btf, id) ||
	    btf_proto_refused(btf, id, kernel_needs_return(kx->unit->type)) || is_negated(kx, &f))
		return false;
	add_single(kx, r, &f);
	return true;
}

static void match_exact(struct kernel_expansion *kx, struct kernel_request *r)
{
	const char *module = r->module && strcmp(r->module, "vmlinux") ? r->module : NULL;
	struct kernel_func f;

	if (!check_returns(kx, r) || match_by_btf(kx, r))
		return;
	if (kx->x->kernel_listed || kx->requests.len > 1 || kx->x->kernel_lookups++) {
		if (read_list(kx))
			match_list(kx, r);
		if (r->point->matches)
			return; // else perhaps the list is not readable
	}
	int err = kernel_func_find(kx->x->arena, kx->x->root, module, r->name, &f);
	if (err || !module_matches(r, f.module) || is_negated(kx, &f))
		return;
	if (!f.unique && !r->func_offset && read_list(kx))
		match_list(kx, r);
	if (!r->point->matches)
		add_single(kx, r, &f);
}

static void run_request(struct kernel_expansion *kx, struct kernel_request *r)
{
	struct kernel_func place = {.address = r->address};

	if (!r->name)
		add_single(kx, r, &place);
	else if (!r->is_glob)
		match_exact(kx, r);
	else if (read_list(kx))
		match_list(kx, r);
	if (!r->point->matches && !r->point->failed)
		miss(kx, r);
}

// --check: nothing is looked up but types; one target stands for what would match.
static void make_up_match(struct kernel_expansion *kx, const struct kernel_request *r)
{
	struct kernel_func f = {.name = r->name,
				.module =
				    r->module && strcmp(r->module, "vmlinux") ? r->module : NULL,
				.address = r->address,
				.unique = true,
				.first = true};

	add_single(kx, r, &f);
}

// ---- what the planner must know ------------------------------------------------------------

static bool visit_args(void *ctx, struct expr *e)
{
	const char *name = expr_name(e);
	bool *found = ctx;

	if (str_starts_with(name, "arg") &&
	    (!strcmp(name, "args") || !strcmp(name, "argtype") || isdigit((unsigned char)name[3])))
		*found = true;
	return !*found;
}

static bool visit_reg(void *ctx, struct expr *e)
{
	struct unit *u = ctx;
	const struct expr *arg =
	    e->kind == EXPR_CALL && !strcmp(e->u.call.name, "reg") && e->u.call.args.len == 1
		? e->u.call.args.data[0]
		: NULL;

	if (arg && arg->kind == EXPR_STRING &&
	    !multi_link_saves(arg->u.string.data, u->type == PROBE_KRETPROBE))
		u->reads_registers = true;
	return true;
}

static void find_registers(struct unit *u)
{
	struct ast_visitor v = {.expr = visit_reg, .ctx = u};

	block_walk(u->body, &v);
	if (u->predicate)
		expr_walk(u->predicate, &v);
}

static bool reads_args(const struct unit *u)
{
	bool found = false;
	struct ast_visitor v = {.expr = visit_args, .ctx = &found};

	block_walk(u->body, &v);
	if (u->predicate)
		expr_walk(u->predicate, &v);
	return found;
}

void expand_kernel(struct expansion *x, struct unit *u, struct point **points, size_t count)
{
	struct kernel_expansion kx = {.x = x, .unit = u};
	bool globs = false;

	if (point_is_bpf_program(points[0])) {
		expand_bpf(x, u, points, count);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct kernel_request *r = read_request(&kx, points[i]);
		if (!r)
			continue;
		u->has_offset |= r->func_offset || !r->name;
		globs |= r->is_glob;
		if (points[i]->ap->negated)
			arena_push(x->arena, &kx.negated, r);
		else
			arena_push(x->arena, &kx.requests, r);
	}
	find_registers(u);
	u->reads_args = u->type == PROBE_FEXIT && reads_args(u);
	if (kx.negated.len && !kx.requests.len)
		fail(&kx, points[0], "only-negated",
		     "a negated glob takes matches away from others: there are none");
	if (globs && !x->c->options->check_only)
		read_all(&kx); // then exact names are looked up there, too
	for (size_t i = 0; i < kx.requests.len; i++) {
		if (x->c->options->check_only)
			make_up_match(&kx, kx.requests.data[i]);
		else
			run_request(&kx, kx.requests.data[i]);
	}
	kernel_settle(&kx);
}
