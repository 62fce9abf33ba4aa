// expand_usdt.c: usdt:PATH:PROVIDER:NAME -> files and sites.
//
// Enters: PATH:PROVIDER:NAME, PATH:NAME, each part a glob; with -p the path may be left out, which
// means every file that the process has mapped. Leaves: one target per site, sites of one probe
// next to each other. Refuses: files that are missing, no ELF files or broken; single sites whose
// note makes no sense are set aside with the reason.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "sema/expand.h"
#include "sys/features.h"
#include "sys/usdt.h"

// What one attach point asks for.
struct usdt_request {
	struct point *point;
	const char *path; // NULL: all files of the process of -p
	const char *provider, *name;
};

struct notes_file {
	const char *path;
	uint32_t order; // of first appearance
	int error;
	const char *reason;
	struct usdt_file usdt;
	const struct usdt_request **taken; // by site: the first request that matched it
};

struct usdt_expansion {
	struct expansion *x;
	struct unit *unit;
	ARENA_VEC(struct usdt_request *) requests, negated;
	ARENA_VEC(struct notes_file *) files;
	struct nearest near; // among names of the request at hand
};

static void fail(struct usdt_expansion *ux, struct point *p, const char *tag, const char *text)
{
	diag_error(&ux->x->c->diag, p->ap->span, tag, "%s", text);
	p->failed = true;
}

// ---- reading the parts ---------------------------------------------------------------------

static struct usdt_request *read_request(struct usdt_expansion *ux, struct point *p)
{
	struct usdt_request *r = arena_new(ux->x->arena, struct usdt_request);
	size_t n = p->part_count;
	bool has_pid = ux->x->c->options->pid > 0;

	r->point = p;
	r->name = p->parts[n - 1];
	r->provider = n == 3 && *p->parts[1] ? p->parts[1] : "*";
	if (n > 1 && *p->parts[0])
		r->path = p->parts[0];
	if (!r->path && !has_pid) {
		fail(ux, p, "attach-point-parts",
		     arena_printf(ux->x->arena,
				  "usdt probe type requires 2 or 3 arguments, found %zu",
				  n > 1 ? n - 1 : n));
		diag_hint(&ux->x->c->diag, "with -p PID the file may be left out");
		return NULL;
	}
	if (!*r->name) {
		fail(ux, p, "no-name", "usdt probe must have a name; '*' stands for all");
		return NULL;
	}
	return r;
}

// ---- files -----------------------------------------------------------------------------------

static struct notes_file *notes_file_get(struct usdt_expansion *ux, const char *path)
{
	struct arena *a = ux->x->arena;

	for (size_t i = 0; i < ux->files.len; i++)
		if (!strcmp(ux->files.data[i]->path, path))
			return ux->files.data[i];
	struct notes_file *f = arena_new(a, struct notes_file);
	f->path = path;
	f->order = (uint32_t)ux->files.len;
	f->error = usdt_open(a, path, &f->usdt, &f->reason);
	if (f->error && !f->reason)
		f->reason = strerror(-f->error);
	f->taken = arena_array(a, const struct usdt_request *, f->usdt.sites.len + 1);
	arena_push(a, &ux->files, f);
	return f;
}

static void report_no_file(struct usdt_expansion *ux, const struct usdt_request *r)
{
	struct expansion *x = ux->x;
	const char *path = r->path ? r->path : "*";

	bool of_process = !r->path || (x->c->options->pid > 0 && !strcmp(path, "*"));

	if (of_process && !path_of_pid(x->arena, x->root, x->c->options->pid)) {
		fail(ux, r->point, "no-such-process",
		     arena_printf(x->arena, "cannot see the program of process %d: %s",
				  x->c->options->pid, strerror(errno)));
		return;
	}
	fail(ux, r->point, "no-such-file",
	     arena_printf(x->arena, "usdt target file '%s' does not exist or is not executable",
			  path));
	if (!strchr(path, '/') && !access(path, F_OK))
		diag_hint(&x->c->diag, "did you mean './%s'?", path);
	else if (!strchr(path, '/'))
		diag_hint(&x->c->diag, "'%s' is neither in $PATH nor a library of this system",
			  path);
}

// ---- matching ----------------------------------------------------------------------------------

static const char *probe_text(struct usdt_expansion *ux, const struct usdt_request *r,
			      const char *path, const char *provider, const char *name)
{
	if (r->path)
		path = path_shown(ux->x->arena, r->path, path);
	return arena_printf(ux->x->arena, "usdt:%s:%s:%s", path, provider, name);
}

static void set_aside(struct usdt_expansion *ux, const struct usdt_request *r, const char *path,
		      const struct usdt_site *s, const char *reason)
{
	program_set_aside(
	    &ux->x->c->program, ux->unit,
	    probe_text(ux, r, path, s ? s->provider : r->provider, s ? s->name : r->name), reason);
}

static bool is_negated(const struct usdt_expansion *ux, const struct usdt_request *r,
		       const char *path, const struct usdt_site *s)
{
	for (size_t i = 0; i < ux->negated.len; i++) {
		const struct usdt_request *n = ux->negated.data[i];
		bool same_path = !n->path || !r->path || !strcmp(n->path, r->path) ||
				 glob_matches(n->path, path);
		if (same_path && glob_matches(n->provider, s->provider) &&
		    glob_matches(n->name, s->name))
			return true;
	}
	return false;
}

static void match_file(struct usdt_expansion *ux, struct notes_file *f,
		       const struct usdt_request *r)
{
	for (size_t i = 0; i < f->usdt.sites.len; i++) {
		const struct usdt_site *s = &f->usdt.sites.data[i];
		nearest_offer(&ux->near, s->name);
		if (!glob_matches(r->name, s->name) || !glob_matches(r->provider, s->provider) ||
		    is_negated(ux, r, f->path, s))
			continue;
		if (s->problem) {
			set_aside(ux, r, f->path, s, s->problem);
			if (!r->point->hint)
				r->point->hint = s->problem;
			continue;
		}
		r->point->matches++;
		if (!f->taken[i])
			f->taken[i] = r;
	}
}

// What a glob happens to find and is no program is not worth a word; broken ones are.
static bool usable(struct usdt_expansion *ux, const struct notes_file *f,
		   const struct usdt_request *r)
{
	if (!f->error)
		return true;
	if (r->path && !glob_has_wildcard(r->path))
		fail(ux, r->point, f->error == -ENOEXEC ? "bad-elf" : "no-such-file",
		     arena_printf(ux->x->arena, "cannot read %s: %s", f->path, f->reason));
	else if (f->error == -ENOEXEC && strcmp(f->reason, "not an ELF file"))
		set_aside(ux, r, f->path, NULL, f->reason);
	return false;
}

static void report_miss(struct usdt_expansion *ux, const struct usdt_request *r, const char *path)
{
	struct point *p = r->point;
	const char *near = nearest_get(&ux->near);

	if (r->path)
		path = path_shown(ux->x->arena, r->path, path);
	p->missing = arena_printf(ux->x->arena, "No matches for usdt %s:%s.", path, r->name);
	if (!p->hint && near && strcmp(near, r->name) && !glob_has_wildcard(r->name))
		p->hint = arena_printf(ux->x->arena, "did you mean '%s'?", near);
}

static void run_request(struct usdt_expansion *ux, const struct usdt_request *r)
{
	struct expansion *x = ux->x;
	path_vec paths = {0};

	path_resolve_at(x->arena, x->root, r->path ? r->path : "*", x->c->options->pid, &paths);
	if (!paths.len) {
		report_no_file(ux, r);
		return;
	}
	nearest_init(&ux->near, r->name);
	for (size_t i = 0; i < paths.len; i++) {
		struct notes_file *f = notes_file_get(ux, paths.data[i]);
		if (usable(ux, f, r))
			match_file(ux, f, r);
	}
	if (!r->point->matches && !r->point->failed)
		report_miss(ux, r, paths.len == 1 ? paths.data[0] : r->path ? r->path : "*");
}

// ---- from matches to targets
// ---------------------------------------------------------------------

static const char *function_at(struct usdt_expansion *ux, const struct notes_file *f,
			       uint64_t offset)
{
	if (!ux->unit->reads_func)
		return "";
	struct user_file *u = user_file_get(ux->x, f->path);
	const struct elf_func *fn = u->error ? NULL : user_file_at(ux->x, u, offset);
	return fn ? fn->name : "";
}

// Sites of one probe share its name.
static const char *name_of_site(struct usdt_expansion *ux, const struct notes_file *f, size_t i,
				const struct target *before)
{
	const struct usdt_site *s = &f->usdt.sites.data[i];
	const char *name = probe_text(ux, f->taken[i], f->path, s->provider, s->name);

	return before && !strcmp(before->probe, name) ? before->probe : name;
}

static void add_targets(struct usdt_expansion *ux, const struct notes_file *f)
{
	struct target *t = NULL;

	for (size_t i = 0; i < f->usdt.sites.len; i++) {
		const struct usdt_site *s = &f->usdt.sites.data[i];
		if (!f->taken[i])
			continue;
		t = program_add_target(&ux->x->c->program, ux->unit, function_at(ux, f, s->offset),
				       name_of_site(ux, f, i, t));
		t->span = f->taken[i]->point->ap->span;
		t->path = f->path;
		t->address = s->address;
		t->usdt = s->spec;
		t->semaphore = s->semaphore;
		t->has_nop10 = s->has_nop10;
		// The 10-byte nop follows the site's own. Nothing else changes.
		t->is_fast = s->has_nop10 && ux->x->c->features &&
			     features_have(ux->x->c->features, FEATURE_UPROBE_NOP10);
		t->offset = s->offset + t->is_fast;
	}
}

// --check: nothing is looked up; one target stands for what would match.
static void make_up_target(struct usdt_expansion *ux, const struct usdt_request *r)
{
	const char *path = r->path ? r->path : "";
	struct target *t = program_add_target(&ux->x->c->program, ux->unit, "",
					      probe_text(ux, r, path, r->provider, r->name));

	t->path = path;
	r->point->matches++;
}

// ---- the whole unit
// --------------------------------------------------------------------------------

static void read_requests(struct usdt_expansion *ux, struct point **points, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct usdt_request *r = read_request(ux, points[i]);
		if (!r)
			continue;
		if (points[i]->ap->negated)
			arena_push(ux->x->arena, &ux->negated, r);
		else
			arena_push(ux->x->arena, &ux->requests, r);
	}
	if (ux->negated.len && !ux->requests.len)
		fail(ux, points[0], "only-negated",
		     "a negated glob takes matches away from others: there are none");
}

void expand_usdt(struct expansion *x, struct unit *u, struct point **points, size_t count)
{
	struct usdt_expansion ux = {.x = x, .unit = u};

	read_requests(&ux, points, count);
	for (size_t i = 0; i < ux.requests.len; i++) {
		if (x->c->options->check_only)
			make_up_target(&ux, ux.requests.data[i]);
		else
			run_request(&ux, ux.requests.data[i]);
	}
	for (size_t i = 0; i < ux.files.len; i++)
		add_targets(&ux, ux.files.data[i]);
}
