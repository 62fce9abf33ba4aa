// expand.c: attach points -> units with targets.
//
// Enters: the AST's probes. Leaves: program.units, each with its own clone of the body, and
// program.targets. Refuses: unknown probe types, wrong numbers of parts; what a kind of probe
// refuses itself is in expand_*.c.
//
// Attach points of one block and one type share a unit: one program, one link per file. Only
// timers, counters and tests have a unit each, since a unit has one period, one name.
#include "sema/expand.h"

#include <ctype.h>
#include <regex.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "sema/sema.h"

// ---- probe types -----------------------------------------------------------------------

static const struct provider_row {
	const char *name;
	const char *alias; // exactly as written: `u` and `U` differ
	const char *old;   // former name, still accepted
	enum probe_type type;
	size_t min_parts, max_parts;
	void (*expand)(struct expansion *x, struct unit *u, struct point **points, size_t count);
} rows[] = {
    {"begin", NULL, NULL, PROBE_BEGIN, 0, 0, expand_special},
    {"end", NULL, NULL, PROBE_END, 0, 0, expand_special},
    {"self", NULL, NULL, PROBE_SELF, 2, 2, expand_special},
    {"test", NULL, NULL, PROBE_TEST, 1, 1, expand_special},
    {"bench", NULL, NULL, PROBE_BENCH, 1, 1, expand_special},
    {"kprobe", "k", NULL, PROBE_KPROBE, 1, 2, expand_kernel},
    {"kretprobe", "kr", NULL, PROBE_KRETPROBE, 1, 2, expand_kernel},
    {"fentry", "f", "kfunc", PROBE_FENTRY, 1, 3, expand_kernel},
    {"fexit", "fr", "kretfunc", PROBE_FEXIT, 1, 3, expand_kernel},
    {"session", NULL, NULL, PROBE_USESSION, 1, 3, expand_user},
    {"rawtracepoint", "rt", NULL, PROBE_RAWTRACEPOINT, 1, 2, expand_rawtracepoint},
    {"tracepoint", "t", NULL, PROBE_TRACEPOINT, 2, 2, expand_tracepoint},
    {"uprobe", "u", NULL, PROBE_UPROBE, 1, 3, expand_user},
    {"uretprobe", "ur", NULL, PROBE_URETPROBE, 1, 3, expand_user},
    {"usdt", "U", NULL, PROBE_USDT, 1, 3, expand_usdt},
    {"profile", "p", NULL, PROBE_PROFILE, 1, 2, expand_timer},
    {"interval", "i", NULL, PROBE_INTERVAL, 1, 2, expand_timer},
    {"software", "s", NULL, PROBE_SOFTWARE, 1, 2, expand_counter},
    {"hardware", "h", NULL, PROBE_HARDWARE, 1, 2, expand_counter},
    {"watchpoint", "w", NULL, PROBE_WATCHPOINT, 3, 3, expand_watchpoint},
    {"iter", "it", NULL, PROBE_ITER, 1, 2, expand_iter},
};

static const struct provider_row *find_row(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].alias && !strcmp(rows[i].alias, name))
			return &rows[i];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcasecmp(rows[i].name, name) ||
		    (rows[i].old && !strcasecmp(rows[i].old, name)))
			return &rows[i];
	return NULL;
}

// `t*point:a:b`: the first kind, of those that have names to match, that takes so many parts.
static const struct provider_row *find_glob_row(const char *glob, size_t parts)
{
	static const char *const named[] = {"tracepoint", "kprobe",   "fentry",
					    "uprobe",	  "usdt",     "rawtracepoint",
					    "software",	  "hardware", "iter"};

	for (size_t i = 0; i < ARRAY_SIZE(named); i++) {
		const struct provider_row *row = find_row(named[i]);

		if (glob_matches(glob, named[i]) && parts >= row->min_parts &&
		    parts <= row->max_parts)
			return row;
	}
	return NULL;
}

static void report_unknown_type(struct compiler *c, const struct attach_point *ap, const char *name)
{
	struct nearest n;

	if (glob_has_wildcard(name)) {
		diag_error(&c->diag, ap->span, "unknown-probe-type", "No probe type matched for %s",
			   name);
		return;
	}
	diag_error(&c->diag, ap->span, "unknown-probe-type", "Invalid probe type: %s", name);
	nearest_init(&n, name);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		nearest_offer(&n, rows[i].name);
		if (rows[i].old)
			nearest_offer(&n, rows[i].old);
	}
	if (nearest_get(&n))
		diag_hint(&c->diag, "did you mean '%s'?", nearest_get(&n));
}

// "1", "1 or 2", "2 to 4"
static const char *range_text(struct arena *a, size_t min, size_t max)
{
	if (min == max)
		return arena_printf(a, "%zu", min);
	return arena_printf(a, "%zu %s %zu", min, max == min + 1 ? "or" : "to", max);
}

static bool check_parts(struct compiler *c, const struct provider_row *row,
			const struct attach_point *ap, size_t n)
{
	if (n >= row->min_parts && n <= row->max_parts)
		return true;
	diag_error(&c->diag, ap->span, "attach-point-parts",
		   "%s probe type requires %s argument%s, found %zu", row->name,
		   range_text(&c->arena, row->min_parts, row->max_parts),
		   row->max_parts == 1 ? "" : "s", n);
	return false;
}

// ---- positional parameters ---------------------------------------------------------------

// `$1` -> the first parameter, empty when it is not given; `$#` -> how many; `$$` -> `$`.
static const char *substitute(struct compiler *c, const char *part)
{
	const struct compile_options *o = c->options;
	_cleanup_(buf_release) struct buf out = {0};

	if (!strchr(part, '$'))
		return part;
	for (const char *p = part; *p;) {
		if (p[0] != '$') {
			buf_putc(&out, *p++);
		} else if (p[1] == '$') {
			buf_putc(&out, '$');
			p += 2;
		} else if (p[1] == '#') {
			buf_printf(&out, "%zu", o->param_count);
			p += 2;
		} else if (isdigit((unsigned char)p[1])) {
			char *end;
			unsigned long n = strtoul(p + 1, &end, 10);
			if (n >= 1 && n <= o->param_count)
				buf_puts(&out, o->params[n - 1]);
			p = end;
		} else {
			buf_putc(&out, *p++);
		}
	}
	return arena_strdup(&c->arena, buf_str(&out));
}

struct words {
	ARENA_VEC(const char *) all;
};

static bool has_param(const char *part)
{
	const char *p = strchr(part, '$');

	while (p && p[1] == '$')
		p = strchr(p + 2, '$');
	return p;
}

// A parameter is read as if its text stood in the script: it may hold several parts.
static void add_part(struct expansion *x, struct words *w, const char *part)
{
	const char *text = substitute(x->c, part);

	if (!has_param(part)) {
		arena_push(x->arena, &w->all, text);
		return;
	}
	for (;; text++) {
		size_t n = strcspn(text, ":");

		arena_push(x->arena, &w->all, arena_strndup(x->arena, text, n));
		text += n;
		if (!*text)
			return;
	}
}

// ---- user space or kernel? ---------------------------------------------------------------

// `session:` takes [MOD:]GLOB and PATH:GLOB. One part is a kernel function, unless it has a
// slash; of two, the first is a file when it has a slash, and otherwise a kernel module when
// one of that name is loaded or when it is a glob.
static bool session_is_kernel(const struct expansion *x, const struct point *p)
{
	if (!p->part_count || strchr(p->parts[0], '/') || p->part_count > 2)
		return false;
	if (p->part_count == 1 || !strcmp(p->parts[0], "vmlinux") || glob_has_wildcard(p->parts[0]))
		return true;
	const char *root = strcmp(x->root, "/") ? x->root : "";
	return *p->parts[0] &&
	       !access(arena_printf(x->arena, "%s/sys/module/%s", root, p->parts[0]), F_OK);
}

// `f+8`, an address: a kprobe of its own kind, which must not take a whole glob along. Functions
// of BPF programs are none of the kernel's.
static bool is_apart(const struct point *p)
{
	const char *last = p->part_count ? p->parts[p->part_count - 1] : "";

	if (point_is_bpf_program(p))
		return true;
	if (p->type == PROBE_KRETPROBE)
		return isdigit((unsigned char)*last);
	return p->type == PROBE_KPROBE && (strchr(last, '+') || isdigit((unsigned char)*last));
}

// ---- one attach point ----------------------------------------------------------------------

static struct point *resolve_point(struct expansion *x, const struct attach_point *ap)
{
	const struct provider_row *row;
	struct compiler *c = x->c;
	struct words words = {0};

	add_part(x, &words, ap->provider);
	for (size_t i = 0; i < ap->parts.len; i++)
		add_part(x, &words, ap->parts.data[i]);
	row = glob_has_wildcard(words.all.data[0])
		  ? find_glob_row(words.all.data[0], words.all.len - 1)
		  : find_row(words.all.data[0]);
	if (!row) {
		report_unknown_type(c, ap, words.all.data[0]);
		return NULL;
	}
	struct point *p = arena_new(x->arena, struct point);
	p->ap = ap;
	p->type = row->type;
	p->part_count = words.all.len - 1;
	p->parts = words.all.data + 1;
	if (p->type == PROBE_USESSION && session_is_kernel(x, p))
		p->type = PROBE_KSESSION;
	p->apart = is_apart(p);
	return check_parts(c, row, ap, p->part_count) ? p : NULL;
}

// ---- one block --------------------------------------------------------------------------

struct group { // the points that share a unit
	enum probe_type type;
	bool apart;
	ARENA_VEC(struct point *) points;
};

typedef ARENA_VEC(struct group *) group_vec;

static bool stands_alone(enum probe_type t)
{
	return t == PROBE_BEGIN || t == PROBE_END || t == PROBE_PROFILE || t == PROBE_INTERVAL ||
	       t == PROBE_SOFTWARE || t == PROBE_HARDWARE || t == PROBE_WATCHPOINT ||
	       t == PROBE_TEST || t == PROBE_BENCH;
}

static struct group *group_for(struct expansion *x, group_vec *groups, const struct point *p)
{
	for (size_t i = 0; !stands_alone(p->type) && i < groups->len; i++)
		if (groups->data[i]->type == p->type && groups->data[i]->apart == p->apart)
			return groups->data[i];
	struct group *g = arena_new(x->arena, struct group);
	g->type = p->type;
	g->apart = p->apart;
	arena_push(x->arena, groups, g);
	return g;
}

static const char *spec_text(struct expansion *x, const struct group *g)
{
	_cleanup_(buf_release) struct buf b = {0};

	for (size_t i = 0; i < g->points.len; i++)
		buf_printf(&b, "%s%s", i ? "," : "", g->points.data[i]->ap->text);
	return arena_strdup(x->arena, buf_str(&b));
}

static bool visit_name(void *ctx, struct expr *e)
{
	struct unit *u = ctx;
	const char *name = expr_name(e);

	u->reads_func |= !strcmp(name, "func");
	u->reads_probe |= !strcmp(name, "probe");
	u->needs_types |= !strcmp(name, "path") || !strcmp(name, "socket_cookie") ||
			  !strcmp(name, "skboutput");
	return true;
}

// What the planner must know of the bodies.
static void find_names(struct unit *u)
{
	struct ast_visitor v = {.expr = visit_name, .ctx = u};

	block_walk(u->body, &v);
	if (u->predicate)
		expr_walk(u->predicate, &v);
}

// The first unit of a block takes the body itself, further ones a clone each.
static struct unit *make_unit(struct expansion *x, struct probe *probe, const struct group *g)
{
	struct unit *u = program_add_unit(&x->c->program, g->type, g->points.data[0]->ap->span);
	bool first = !probe->units.len;

	u->probe = probe;
	u->spec = spec_text(x, g);
	u->body = first ? probe->body : block_clone(x->arena, probe->body);
	if (probe->predicate)
		u->predicate = first ? probe->predicate : expr_clone(x->arena, probe->predicate);
	find_names(u);
	arena_push(x->arena, &probe->units, u);
	return u;
}

struct unit *expand_clone_unit(struct expansion *x, const struct unit *u)
{
	struct unit *twin = program_add_unit(&x->c->program, u->type, u->span);

	twin->probe = u->probe;
	twin->spec = u->spec;
	twin->body = block_clone(x->arena, u->body);
	if (u->predicate)
		twin->predicate = expr_clone(x->arena, u->predicate);
	twin->reads_func = u->reads_func;
	twin->reads_probe = u->reads_probe;
	twin->needs_types = u->needs_types;
	arena_push(x->arena, &u->probe->units, twin);
	return twin;
}

// Whether one name was asked for, and not whatever there is.
static bool is_exact(const struct point *p)
{
	for (size_t i = 0; i < p->part_count; i++)
		if (glob_has_wildcard(p->parts[i]) || !*p->parts[i])
			return false;
	switch (p->type) {
	case PROBE_RAWTRACEPOINT: // of any module
		return p->part_count > 1;
	case PROBE_USDT: // of any provider
	case PROBE_TRACEPOINT:
		return p->part_count > (p->type == PROBE_USDT ? 2 : 1);
	case PROBE_UPROBE:
	case PROBE_URETPROBE:
		return p->part_count == 2; // cpp: names are sought among all
	default:
		return true;
	}
}

static void hint_missing(struct expansion *x, const struct point *p, bool fatal)
{
	if (p->hint)
		diag_hint(&x->c->diag, "%s", p->hint);
	else if (fatal)
		diag_hint(&x->c->diag, "if this is expected, set the config variable "
				       "missing_probes to warn");
}

// A name that is not there, as the config variable missing_probes says. Globs without a match
// matter only when nothing else of their block is left: see settle_block.
static void settle_point(struct expansion *x, struct point *p, enum missing_probes policy)
{
	struct diag *d = &x->c->diag;

	if (!p->missing || p->failed || !is_exact(p) || policy == MISSING_IGNORE)
		return;
	if (policy == MISSING_ERROR)
		diag_error(d, p->ap->span, "no-match", "%s", p->missing);
	else
		diag_warn(d, p->ap->span, "no-match", "%s Skipping.", p->missing);
	hint_missing(x, p, policy == MISSING_ERROR);
	p->failed = policy == MISSING_ERROR;
}

static void settle_block(struct expansion *x, const group_vec *groups, bool matched)
{
	enum missing_probes policy = x->c->program.config.missing_probes;
	struct diag *d = &x->c->diag;
	const struct point *first = NULL;
	bool failed = false;

	for (size_t i = 0; i < groups->len; i++) {
		const struct group *g = groups->data[i];
		for (size_t k = 0; k < g->points.len; k++) {
			settle_point(x, g->points.data[k], policy);
			failed |= g->points.data[k]->failed;
			if (!first && !g->points.data[k]->ap->negated)
				first = g->points.data[k];
		}
	}
	if (matched || failed || !first || policy == MISSING_IGNORE)
		return;
	if (policy == MISSING_WARN) {
		diag_warn(d, first->ap->span, "no-match",
			  "Probe has no valid attach points. It is being removed which may cause "
			  "issues with program behavior.");
		return;
	}
	diag_error(d, first->ap->span, "no-match",
		   "Probe has no valid attach points. If this is expected, set the "
		   "'missing_probes' config variable to 'warn'.");
	if (first->hint)
		diag_hint(d, "%s", first->hint);
}

static void expand_probe(struct expansion *x, struct probe *probe)
{
	group_vec groups = {0};
	bool matched = false;

	for (size_t i = 0; i < probe->points.len; i++) {
		struct point *p = resolve_point(x, probe->points.data[i]);
		if (!p)
			continue;
		struct group *g = group_for(x, &groups, p);
		arena_push(x->arena, &g->points, p);
	}
	for (size_t i = 0; i < groups.len; i++) {
		struct group *g = groups.data[i];
		struct unit *u = make_unit(x, probe, g);
		if (g->type == PROBE_KSESSION) // its row is the user-space one
			expand_kernel(x, u, g->points.data, g->points.len);
		else
			find_row(probe_type_name(g->type))
			    ->expand(x, u, g->points.data, g->points.len);
		matched |= u->target_count > 0;
	}
	settle_block(x, &groups, matched);
}

// ---- the whole script --------------------------------------------------------------------

static const char *not_wanted(const void *regex, const struct target *t)
{
	return regexec(regex, t->probe, 0, NULL, 0) ? "--probe-filter does not match it" : NULL;
}

// --probe-filter: what is left are BEGIN, END and the targets whose names match.
static void filter_targets(struct compiler *c, const char *filter)
{
	char problem[128];
	regex_t regex;
	int err = regcomp(&regex, filter, REG_EXTENDED | REG_NOSUB);

	if (err) {
		regerror(err, &regex, problem, sizeof(problem));
		diag_error(&c->diag, (struct span){0, 0}, "bad-filter",
			   "Invalid --probe-filter regex '%s': %s", filter, problem);
		return;
	}
	for (size_t i = 0; i < c->program.units.len; i++) {
		struct unit *u = c->program.units.data[i];

		if (u->type != PROBE_BEGIN && u->type != PROBE_END)
			program_drop_targets(&c->program, u, not_wanted, &regex);
	}
	regfree(&regex);
}

static void check_cap(struct compiler *c)
{
	uint64_t cap = c->program.config.max_probes;
	struct span at = {0, 0};

	if (!cap || c->program.targets.len <= cap)
		return;
	if (c->program.units.len)
		at = c->program.units.data[0]->span;
	diag_error(&c->diag, at, "too-many-probes",
		   "%zu targets are more than max_probes (%llu) allows", c->program.targets.len,
		   (unsigned long long)cap);
}

bool sema_expand(struct compiler *c)
{
	struct expansion x = {.c = c, .arena = &c->arena};

	x.root = c->options->root ? c->options->root : "/";
	for (size_t i = 0; i < c->ast.probes.len; i++)
		expand_probe(&x, c->ast.probes.data[i]);
	intern_release(&x.file_ids);
	if (c->options->probe_filter)
		filter_targets(c, c->options->probe_filter);
	check_cap(c);
	return !diag_failed(&c->diag);
}
