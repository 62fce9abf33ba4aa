// expand_tracepoint.c: tracepoint:CATEGORY:EVENT, globs in both -> targets.
//
// Enters: attach points. Leaves: units with targets. Events whose records hold what the body
// reads at the same place and in the same type share a unit, so one program, and a body that reads
// nothing of it can go to their raw tracepoints, which are cheaper; the entries and
// the exits of system calls are units of their own, since one raw tracepoint serves all of them.
// Refuses: events that do not exist, with the nearest name. An event of a glob that does not
// have a member that the body reads is set aside; one that is named exactly is left for check
// to complain about.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "sema/expand.h"
#include "sema/kernel_btf.h"
#include "sys/slurp.h"
#include "sys/syscalls.h"
#include "sys/tracefs.h"

enum { DYNAMIC_MAX = 64 << 20 };

struct match {
	const char *category, *name;
	const char *probe;	     // full name
	struct span span;	     // of the first attach point that matches it
	struct event_format *format; // NULL: the body reads nothing
	bool by_glob;
	int half;	       // of unit.syscalls
	int syscall;	       // -1: none
	bool is_raw;	       // there is a tracepoint of the event's name
	const char *missing;   // a member that it does not have
	const char *signature; // how what the body reads lies
};

struct tracepoint_expansion {
	struct expansion *x;
	struct unit *unit;
	const char *events; // NULL: no tracefs
	struct intern seen;
	ARENA_VEC(const char *) members; // that the body reads
	bool whole;			 // `args` itself
	bool reads_place;		 // what a raw tracepoint shows differently: kstack
	bool calls_kernel; // comm(pid): functions that raw tracepoints may not call
	char *dynamic; // which events are no tracepoints; NULL: not read. malloc'ed
	ARENA_VEC(struct match *) found;
	ARENA_VEC(struct point *) negated;
};

// ---- what the body reads -----------------------------------------------------------------

static bool is_args(const struct expr *e)
{
	return !strcmp(expr_name(e), "args");
}

// From a raw tracepoint kernel stacks begin some frames deeper.
static bool is_place(const char *name)
{
	return !strcmp(name, "kstack") || !strcmp(name, "ctx") || !strcmp(name, "reg");
}

static bool visit_expr(void *ctx, struct expr *e)
{
	struct tracepoint_expansion *t = ctx;

	t->reads_place |= is_place(expr_name(e));
	t->calls_kernel |= e->kind == EXPR_CALL && e->u.call.args.len && !strcmp(expr_name(e), "comm");
	if (e->kind == EXPR_FIELD && is_args(e->u.field.object)) {
		arena_push(t->x->arena, &t->members, e->u.field.name);
		return false;
	}
	t->whole |= is_args(e);
	return true;
}

static void read_body(struct tracepoint_expansion *t)
{
	struct ast_visitor v = {.expr = visit_expr, .ctx = t};

	block_walk(t->unit->body, &v);
	if (t->unit->predicate)
		expr_walk(t->unit->predicate, &v);
}

static bool reads_args(const struct tracepoint_expansion *t)
{
	return t->whole || t->members.len;
}

// ---- system calls ------------------------------------------------------------------------

// The events have the names of the kernel's functions, of which a few differ.
static int syscall_of(const char *event)
{
	static const struct {
		const char *event, *syscall;
	} others[] = {
	    {"newfstat", "fstat"}, {"newlstat", "lstat"},      {"newstat", "stat"},
	    {"newuname", "uname"}, {"sendfile64", "sendfile"}, {"umount", "umount2"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (!strcmp(others[i].event, event))
			return syscall_number(others[i].syscall);
	return syscall_number(event);
}

static void read_syscall(struct match *m)
{
	const char *name = NULL;

	m->syscall = -1;
	if (strcmp(m->category, "syscalls"))
		return;
	if (str_starts_with(m->name, "sys_enter_"))
		name = m->name + strlen("sys_enter_");
	else if (str_starts_with(m->name, "sys_exit_"))
		name = m->name + strlen("sys_exit_");
	if (name)
		m->syscall = syscall_of(name);
	if (m->syscall >= 0)
		m->half = m->name[4] == 'e' && m->name[5] == 'n' ? SYSCALL_ENTER : SYSCALL_EXIT;
}

// ---- raw tracepoints ------------------------------------------------------------------------

// Events of kprobes and the like are listed with what they are made of: "p:group/name ...".
static bool is_dynamic(struct tracepoint_expansion *t, const struct match *m)
{
	const char *list = arena_printf(t->x->arena, "%s/../dynamic_events", t->events);
	const char *entry = arena_printf(t->x->arena, ":%s/%s ", m->category, m->name);
	size_t len;

	if (!t->dynamic && slurp(list, DYNAMIC_MAX, &t->dynamic, &len))
		t->dynamic = strdup("");
	return t->dynamic && strstr(t->dynamic, entry);
}

// An event of vmlinux has its tracepoint's name, and the kernel's types name all of those.
static void find_raw(struct tracepoint_expansion *t, struct match *m)
{
	struct btf_file *btf;

	if (m->half || reads_args(t) || t->reads_place || t->calls_kernel || t->x->c->options->check_only)
		return;
	btf = kernel_btf_get(t->x->c, NULL, NULL);
	m->is_raw =
	    btf &&
	    btf_find(btf, BTF_TAG_TYPEDEF, arena_printf(t->x->arena, "btf_trace_%s", m->name)) &&
	    !is_dynamic(t, m);
}

// ---- how a record lies ---------------------------------------------------------------------

static void put_field(struct buf *b, const struct event_field *f)
{
	bool typed = f->is_pointer || str_starts_with(f->type, "enum ") ||
		     str_starts_with(f->type, "struct ") || f->count;

	buf_printf(b, "%s@%u+%u%c%u/%d%s%s,", f->name, f->offset, f->size, f->is_signed ? 's' : 'u',
		   f->count, f->data, typed ? " " : "", typed ? f->type : "");
}

static const char *signature_of(struct tracepoint_expansion *t, struct match *m)
{
	_cleanup_(buf_release) struct buf b = {0};

	for (size_t i = 0; t->whole && i < m->format->fields.len; i++)
		put_field(&b, &m->format->fields.data[i]);
	for (size_t i = 0; i < t->members.len; i++) {
		const struct event_field *f = event_find_field(m->format, t->members.data[i]);
		if (f)
			put_field(&b, f);
		else if (!m->missing)
			m->missing = t->members.data[i];
	}
	return arena_strdup(t->x->arena, buf_str(&b));
}

static bool read_format(struct tracepoint_expansion *t, struct match *m, struct point *p)
{
	struct arena *a = t->x->arena;

	m->signature = "";
	if (!reads_args(t))
		return true;
	m->format = arena_new(a, struct event_format);
	int err = tracefs_format(a, t->events, m->category, m->name, m->format);
	if (!err) {
		m->signature = signature_of(t, m);
		return true;
	}
	diag_error(&t->x->c->diag, p->ap->span, "no-format", "cannot read the format of %s: %s",
		   m->probe, err == -EBADMSG ? "its file is not understood" : strerror(-err));
	diag_hint(&t->x->c->diag, "args needs %s/%s/%s/format", t->events, m->category, m->name);
	p->failed = true;
	return false;
}

// ---- matches -------------------------------------------------------------------------------

static bool is_negated(const struct tracepoint_expansion *t, const char *category, const char *name)
{
	for (size_t i = 0; i < t->negated.len; i++)
		if (glob_matches(t->negated.data[i]->parts[0], category) &&
		    glob_matches(t->negated.data[i]->parts[1], name))
			return true;
	return false;
}

static void add_match(struct tracepoint_expansion *t, struct point *p, const char *category,
		      const char *name, bool by_glob)
{
	struct match *m;
	const char *probe;
	uint32_t id;

	if (is_negated(t, category, name))
		return;
	p->matches++;
	probe = arena_printf(t->x->arena, "tracepoint:%s:%s", category, name);
	if (intern_find(&t->seen, probe, &id))
		return;
	intern_id(&t->seen, probe);
	m = arena_new(t->x->arena, struct match);
	*m = (struct match){.category = category,
			    .name = name,
			    .probe = probe,
			    .by_glob = by_glob,
			    .span = p->ap->span};
	read_syscall(m);
	find_raw(t, m);
	if (read_format(t, m, p))
		arena_push(t->x->arena, &t->found, m);
}

static void match_category(struct tracepoint_expansion *t, struct point *p, const char *category)
{
	struct name_list names;

	if (!glob_has_wildcard(p->parts[1])) {
		if (tracefs_has(t->events, category, p->parts[1]))
			add_match(t, p, category, p->parts[1], true);
		return;
	}
	if (tracefs_list(t->x->arena, t->events, category, &names))
		return;
	for (size_t i = 0; i < names.len; i++)
		if (glob_matches(p->parts[1], names.data[i]))
			add_match(t, p, category, names.data[i], true);
}

static void match_glob(struct tracepoint_expansion *t, struct point *p)
{
	struct name_list categories;

	if (tracefs_categories(t->x->arena, t->events, &categories))
		return;
	for (size_t i = 0; i < categories.len; i++) // those of ftrace are no tracepoints
		if (glob_matches(p->parts[0], categories.data[i]) &&
		    strcmp(categories.data[i], "ftrace"))
			match_category(t, p, categories.data[i]);
}

static const char *nearest_of(struct tracepoint_expansion *t, const char *word,
			      const struct name_list *names)
{
	struct nearest n;

	nearest_init(&n, word);
	for (size_t i = 0; i < names->len; i++)
		nearest_offer(&n, names->data[i]);
	return nearest_get(&n);
}

static const char *hint_for(struct tracepoint_expansion *t, const struct point *p)
{
	struct arena *a = t->x->arena;
	const char *category = p->parts[0], *name = p->parts[1], *best;
	struct name_list names;

	if (!t->events)
		return "trace events cannot be read: tracefs is not mounted, or only root may "
		       "read it (mount -t tracefs tracefs /sys/kernel/tracing)";
	if (glob_has_wildcard(category))
		return NULL;
	if (tracefs_list(a, t->events, category, &names)) {
		if (tracefs_categories(a, t->events, &names))
			return NULL;
		best = nearest_of(t, category, &names);
		return best ? arena_printf(a, "did you mean '%s:%s'?", best, name) : NULL;
	}
	best = glob_has_wildcard(name) ? NULL : nearest_of(t, name, &names);
	return best ? arena_printf(a, "did you mean '%s:%s'?", category, best) : NULL;
}

static void match_point(struct tracepoint_expansion *t, struct point *p)
{
	const char *category = p->parts[0], *name = p->parts[1];

	if (t->x->c->options->check_only && !t->events)
		return;
	if (t->events && (glob_has_wildcard(category) || glob_has_wildcard(name)))
		match_glob(t, p);
	else if (t->events && tracefs_has(t->events, category, name))
		add_match(t, p, category, name, false);
	if (p->matches || p->failed)
		return;
	p->missing = arena_printf(t->x->arena, "No matches for tracepoint %s:%s.", category, name);
	p->hint = hint_for(t, p);
}

// ---- units ---------------------------------------------------------------------------------

static void set_aside(struct tracepoint_expansion *t, const struct match *m)
{
	struct program *p = &t->x->c->program;

	program_set_aside(p, t->unit, m->probe,
			  arena_printf(p->arena, "its record has no '%s'", m->missing));
}

// Events of globs that lack a member go, unless none is left.
static void drop_incomplete(struct tracepoint_expansion *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->found.len; i++)
		kept += !t->found.data[i]->missing;
	if (!kept) {
		t->found.len = t->found.len ? 1 : 0;
		return;
	}
	kept = 0;
	for (size_t i = 0; i < t->found.len; i++) {
		struct match *m = t->found.data[i];
		if (m->missing && m->by_glob)
			set_aside(t, m);
		else
			t->found.data[kept++] = m;
	}
	t->found.len = kept;
}

static bool lie_alike(const struct match *a, const struct match *b)
{
	return a->half == b->half && a->is_raw == b->is_raw && !a->missing == !b->missing &&
	       !strcmp(a->signature, b->signature);
}

static void fill_unit(struct tracepoint_expansion *t, struct unit *u, size_t first)
{
	const struct match *leader = t->found.data[first];
	struct btf_file *btf;

	u->event = leader->format;
	u->syscalls = leader->half;
	u->not_raw = reads_args(t)     ? "the body reads the event's record"
		     : t->reads_place  ? "the body reads the event's own registers"
		     : t->calls_kernel ? "comm(pid) calls the kernel, which no raw tracepoint may"
		     : !leader->is_raw ? "no tracepoint of the event's name is in the kernel's BTF"
				       : NULL;
	for (size_t i = first; i < t->found.len; i++) {
		const struct match *m = t->found.data[i];
		if (!m || !lie_alike(m, leader))
			continue;
		struct target *target = program_add_target(&t->x->c->program, u, "", m->probe);
		target->span = m->span;
		target->event_id = m->format ? m->format->id : 0;
		target->syscall = m->syscall;
		target->tracepoint = m->is_raw ? m->name : NULL;
		if (i != first)
			t->found.data[i] = NULL;
	}
	t->found.data[first] = NULL;
	btf = u->syscalls && !t->x->c->options->check_only ? kernel_btf_get(t->x->c, NULL, NULL)
							   : NULL;
	if (btf)
		u->attach_btf_id = btf_find(btf, BTF_TAG_TYPEDEF,
					    u->syscalls == SYSCALL_ENTER ? "btf_trace_sys_enter"
									 : "btf_trace_sys_exit");
}

void expand_tracepoint(struct expansion *x, struct unit *u, struct point **points, size_t count)
{
	struct tracepoint_expansion t = {
	    .x = x, .unit = u, .events = tracefs_events(x->arena, x->root)};
	bool first = true;

	read_body(&t);
	for (size_t i = 0; i < count; i++)
		if (points[i]->ap->negated)
			arena_push(x->arena, &t.negated, points[i]);
	for (size_t i = 0; i < count; i++)
		if (!points[i]->ap->negated)
			match_point(&t, points[i]);
	drop_incomplete(&t);
	// Clones are made before check touches the body.
	for (size_t i = 0; i < t.found.len; i++) {
		if (!t.found.data[i])
			continue;
		fill_unit(&t, first ? u : expand_clone_unit(x, u), i);
		first = false;
	}
	intern_release(&t.seen);
	free(t.dynamic);
}
