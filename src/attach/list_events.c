// list_events.c: trace events, counters, raw tracepoints and iterators that can be probed.
//
// Enters: globs. Leaves: a line each, sorted, and with -lv the members of trace events and what
// iterators are given, as bpftrace prints them. Refuses nothing: where tracefs or BTF cannot be
// read there is nothing.
#include "attach/list_events.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "sys/btf_types.h"
#include "sys/counters.h"
#include "sys/tracefs.h"

bool event_lister_has(enum probe_type type)
{
	return type == PROBE_TRACEPOINT || type == PROBE_RAWTRACEPOINT || type == PROBE_SOFTWARE ||
	       type == PROBE_HARDWARE || type == PROBE_ITER;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void print_sorted(const struct event_lister *l, const struct name_list *lines)
{
	if (lines->len)
		qsort(lines->data, lines->len, sizeof(*lines->data), compare_lines);
	for (size_t i = 0; i < lines->len; i++)
		fprintf(l->out, "%s\n", lines->data[i]);
}

// ---- counters ----------------------------------------------------------------------------

static void list_counters(const struct event_lister *l, bool hardware, const char *glob)
{
	const char *type = hardware ? "hardware" : "software";
	struct name_list lines = {0};
	size_t n;
	const struct counter_event *e = counter_events(&n);

	for (size_t i = 0; i < n; i++) {
		if (e[i].hardware != hardware)
			continue;
		if (glob_matches(glob, e[i].name))
			arena_push(l->arena, &lines,
				   arena_printf(l->arena, "%s:%s:", type, e[i].name));
		if (e[i].alias && glob_matches(glob, e[i].alias))
			arena_push(l->arena, &lines,
				   arena_printf(l->arena, "%s:%s:", type, e[i].alias));
	}
	print_sorted(l, &lines);
}

// ---- trace events ------------------------------------------------------------------------

static void print_fields(const struct event_lister *l, const char *events, const char *category,
			 const char *event)
{
	struct event_format f;

	if (tracefs_format(l->arena, events, category, event, &f))
		return;
	for (size_t i = 0; i < f.fields.len; i++)
		if (!f.fields.data[i].is_common)
			fprintf(l->out, "    %s\n", f.fields.data[i].decl);
}

static void list_category(const struct event_lister *l, const char *events, const char *category,
			  const char *glob)
{
	struct name_list names;

	if (tracefs_list(l->arena, events, category, &names))
		return;
	for (size_t i = 0; i < names.len; i++) {
		if (!glob_matches(glob, names.data[i]))
			continue;
		fprintf(l->out, "tracepoint:%s:%s\n", category, names.data[i]);
		if (l->verbose)
			print_fields(l, events, category, names.data[i]);
	}
}

// As the lines sort, in which a colon follows.
static int compare_categories(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;

	while (*x && *x == *y) {
		x++;
		y++;
	}
	return (*x ? *x : ':') - (*y ? *y : ':');
}

static void list_tracepoints(const struct event_lister *l, const char *category, const char *event)
{
	const char *events = tracefs_events(l->arena, l->root);
	struct name_list categories;

	if (!events || tracefs_categories(l->arena, events, &categories))
		return;
	if (categories.len)
		qsort(categories.data, categories.len, sizeof(*categories.data),
		      compare_categories);
	for (size_t i = 0; i < categories.len; i++) // those of ftrace are no tracepoints
		if (strcmp(categories.data[i], "ftrace") &&
		    glob_matches(category, categories.data[i]))
			list_category(l, events, categories.data[i], event);
}

// ---- raw tracepoints ---------------------------------------------------------------------

#define TYPEDEF_PREFIX "btf_trace_"

// The arguments, behind the probe's own first one.
static void print_raw_args(const struct event_lister *l, struct btf_file *btf, const char *event)
{
	_cleanup_(buf_release) struct buf text = {0};
	struct btf_info func, proto;
	struct btf_param_info p;
	uint32_t id = btf_find(btf, BTF_TAG_FUNC, arena_printf(l->arena, "__probestub_%s", event));

	if (!id)
		id = btf_find(btf, BTF_TAG_FUNC, arena_printf(l->arena, "__bpf_trace_%s", event));
	if (!id || !btf_get(btf, id, &func) || !btf_get(btf, func.target, &proto))
		return;
	for (uint32_t i = 1; btf_param(btf, &proto, i, &p); i++) {
		buf_clear(&text);
		btf_type_name(btf, p.type, &text);
		fprintf(l->out, "    %s %s\n", buf_str(&text), p.name);
	}
}

static void list_raw(const struct event_lister *l, const char *module, const char *event)
{
	struct btf_file *btf =
	    glob_matches(module, "vmlinux") ? btf_file_open(l->root, NULL, NULL, &(int){0}) : NULL;
	struct name_list lines = {0};
	struct btf_info t;

	for (uint32_t id = 1; btf && btf_get(btf, id, &t); id++)
		if (t.tag == BTF_TAG_TYPEDEF && str_starts_with(t.name, TYPEDEF_PREFIX) &&
		    glob_matches(event, t.name + strlen(TYPEDEF_PREFIX)))
			arena_push(l->arena, &lines, t.name + strlen(TYPEDEF_PREFIX));
	if (lines.len)
		qsort(lines.data, lines.len, sizeof(*lines.data), compare_lines);
	for (size_t i = 0; i < lines.len; i++) {
		fprintf(l->out, "rawtracepoint:vmlinux:%s\n", lines.data[i]);
		if (l->verbose)
			print_raw_args(l, btf, lines.data[i]);
	}
	if (btf)
		btf_file_close(btf);
}

// ---- iterators ---------------------------------------------------------------------------

#define CONTEXT_PREFIX "bpf_iter__"

static void print_params(const struct event_lister *l, const struct btf_file *btf, uint32_t func)
{
	struct btf_param_info p;
	struct btf_info f, proto;

	if (!btf_get(btf, func, &f) || !btf_get(btf, f.target, &proto))
		return;
	for (uint32_t i = 0; btf_param(btf, &proto, i, &p); i++) {
		_cleanup_(buf_release) struct buf type = {0};
		btf_type_name(btf, p.type, &type);
		fprintf(l->out, "    %s %s\n", buf_str(&type), p.name);
	}
}

static void list_iterators(const struct event_lister *l, const char *glob)
{
	struct btf_file *btf = btf_file_open(l->root, NULL, NULL, &(int){0});
	struct name_list kinds = {0};
	struct btf_info t;

	for (uint32_t id = 1; btf && btf_get(btf, id, &t); id++)
		if (t.tag == BTF_TAG_STRUCT && str_starts_with(t.name, CONTEXT_PREFIX) &&
		    glob_matches(glob, t.name + strlen(CONTEXT_PREFIX)))
			arena_push(l->arena, &kinds, t.name + strlen(CONTEXT_PREFIX));
	if (kinds.len)
		qsort(kinds.data, kinds.len, sizeof(*kinds.data), compare_lines);
	for (size_t i = 0; i < kinds.len; i++) {
		uint32_t func = btf_find(btf, BTF_TAG_FUNC,
					 arena_printf(l->arena, "bpf_iter_%s", kinds.data[i]));
		if (!func)
			continue;
		fprintf(l->out, "iter:%s\n", kinds.data[i]);
		if (l->verbose)
			print_params(l, btf, func);
	}
	if (btf)
		btf_file_close(btf);
}

void event_lister_print(const struct event_lister *l, enum probe_type type, const char *first,
			const char *second)
{
	const char *a = first && *first ? first : "*", *b = second && *second ? second : "*";

	switch (type) {
	case PROBE_TRACEPOINT:
		list_tracepoints(l, a, b);
		break;
	case PROBE_ITER:
		list_iterators(l, a);
		break;
	case PROBE_RAWTRACEPOINT:
		list_raw(l, second ? a : "*", second ? b : a);
		break;
	default:
		list_counters(l, type == PROBE_HARDWARE, a);
	}
}
