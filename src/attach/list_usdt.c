// list_usdt.c: -l and -lv of usdt probes.
//
// Enters: a pattern's parts. Leaves: a line per probe, however many sites it has, and of the first
// site the arguments. Refuses nothing: what cannot be read has no probes.
#include "attach/list_usdt.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "sys/path.h"
#include "sys/usdt.h"

struct line {
	const char *text;
	const struct usdt_spec *spec;
	uint32_t seq; // sites in order of address
};

struct lines {
	struct arena *arena;
	const char *provider, *name; // globs
	ARENA_VEC(struct line) all;
};

static int compare_lines(const void *pa, const void *pb)
{
	const struct line *a = pa, *b = pb;
	int order = strcmp(a->text, b->text);

	return order ? order : a->seq < b->seq ? -1 : 1;
}

static void add_file(struct lines *l, const char *path, const char *shown)
{
	struct usdt_file f;
	const char *reason;

	if (usdt_open(l->arena, path, &f, &reason))
		return;
	for (size_t i = 0; i < f.sites.len; i++) {
		const struct usdt_site *s = &f.sites.data[i];
		if (!glob_matches(l->provider, s->provider) || !glob_matches(l->name, s->name))
			continue;
		struct line line = {.spec = s->spec, .seq = (uint32_t)l->all.len};
		line.text = arena_printf(l->arena, "usdt:%s:%s:%s", shown, s->provider, s->name);
		arena_push(l->arena, &l->all, line);
	}
}

static void print_args(const struct usdt_spec *spec, FILE *out)
{
	for (size_t i = 0; i < spec->args.len; i++)
		fprintf(out, "    %s arg%zu\n", usdt_arg_type(&spec->args.data[i]), i);
}

void list_usdt(struct arena *a, const char *first, const char *second, const char *third, int pid,
	       bool verbose, FILE *out)
{
	bool pathless = !first || !*first || (!second && pid > 0 && !strchr(first, '/'));
	const char *spec = pathless ? "*" : first;
	struct lines l = {.arena = a, .provider = third && *second ? second : "*"};
	path_vec paths = {0};

	l.name = third ? third : second ? second : pathless && first ? first : "*";
	l.name = *l.name ? l.name : "*";
	if (pathless && pid <= 0)
		return;
	path_resolve(a, spec, pid, &paths);
	for (size_t i = 0; i < paths.len; i++)
		add_file(&l, paths.data[i], path_shown(a, spec, paths.data[i]));
	if (l.all.len)
		qsort(l.all.data, l.all.len, sizeof(*l.all.data), compare_lines);
	for (size_t i = 0; i < l.all.len; i++) {
		if (i && !strcmp(l.all.data[i].text, l.all.data[i - 1].text))
			continue;
		fprintf(out, "%s\n", l.all.data[i].text);
		if (verbose)
			print_args(l.all.data[i].spec, out);
	}
}
