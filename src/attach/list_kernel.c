// list_kernel.c: the functions of the kernel that can be traced, as attach points.
//
// Enters: a type of probe, globs for module and name. Leaves: lines as bpftrace prints them, in
// order; with -v below each its arguments, and for probes of the return the type of the value.
// Refuses: fentry and fexit list only what BTF describes and a trampoline can take.
//
// The list of all functions is sorted by module and name. So what matches of one module is in
// order already: these runs are merged, and each line is looked up in BTF when it is its turn. The
// first ones are out before the last ones are known.
#include "attach/list_kernel.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "sys/bpf_progs.h"
#include "sys/btf_ahead.h"
#include "sys/btf_types.h"
#include "sys/kernel_funcs.h"

struct module_btf {
	const char *module; // NULL: vmlinux
	struct btf_file *file;
};

struct kernel_list {
	struct kernel_funcs funcs;
	int err;
	ARENA_VEC(struct module_btf) btf;
};

static bool same_module(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static struct btf_file *btf_of(struct kernel_lister *k, const char *module)
{
	struct kernel_list *l = k->list;
	struct module_btf m = {.module = module};
	int err;

	for (size_t i = l->btf.len; i-- > 0;) // functions come module by module
		if (same_module(l->btf.data[i].module, module))
			return l->btf.data[i].file;
	struct btf_file *base = module ? btf_of(k, NULL) : NULL;
	if (!module || base)
		m.file = btf_file_open(k->root, module, base, &err);
	arena_push(k->arena, &l->btf, m);
	return m.file;
}

// The list, and the types if they will be asked for; both take about as long.
static void load(struct kernel_lister *k, bool types)
{
	struct module_btf vmlinux = {0};
	const char *reason = NULL;
	struct btf_ahead ahead;

	if (k->list)
		return;
	k->list = arena_new(k->arena, struct kernel_list);
	if (types)
		btf_ahead_start(&ahead, k->root);
	k->list->err = kernel_funcs_load(k->arena, k->root, k->traceable, &k->list->funcs, &reason);
	if (types) {
		vmlinux.file = btf_ahead_finish(&ahead);
		arena_push(k->arena, &k->list->btf, vmlinux);
	}
	if (k->list->err)
		log_warn("cannot list functions of the kernel: %s",
			 reason ? reason : strerror(-k->list->err));
}

// ---- one function ----------------------------------------------------------------------

static bool wants_return(enum probe_type t)
{
	return t == PROBE_FEXIT || t == PROBE_KRETPROBE || t == PROBE_KSESSION;
}

static bool is_tracing(enum probe_type t)
{
	return t == PROBE_FENTRY || t == PROBE_FEXIT;
}

static bool listed(struct kernel_lister *k, enum probe_type t, const struct kernel_func *f)
{
	if (wants_return(t) && kernel_func_noreturn(f->name))
		return false;
	if (!is_tracing(t))
		return true;
	struct btf_file *btf = btf_of(k, f->module);
	uint32_t id = btf && f->first ? btf_find(btf, BTF_TAG_FUNC, f->name) : 0;

	return id && !kernel_func_denied(f->name) && !btf_hides_argument(btf, id) &&
	       !btf_proto_refused(btf, id, t == PROBE_FEXIT);
}

static void print_param(struct kernel_lister *k, const struct btf_file *btf, uint32_t type,
			const char *name)
{
	_cleanup_(buf_release) struct buf text = {0};

	btf_type_name(btf, type, &text);
	fprintf(k->out, "    %s %s\n", buf_str(&text), name);
}

static void print_prototype(struct kernel_lister *k, enum probe_type t, const struct kernel_func *f)
{
	struct btf_file *btf = btf_of(k, f->module);
	uint32_t id = btf ? btf_find(btf, BTF_TAG_FUNC, f->name) : 0;
	struct btf_info func, proto;
	struct btf_param_info p;
	char number[16]; // a kprobe has no names for them

	if (!id || !btf_get(btf, id, &func) || !btf_get(btf, func.target, &proto))
		return;
	for (uint32_t i = 0; t != PROBE_KRETPROBE && btf_param(btf, &proto, i, &p); i++) {
		snprintf(number, sizeof(number), "arg%u", i);
		if (p.type)
			print_param(k, btf, p.type, t == PROBE_KPROBE ? number : p.name);
	}
	if (wants_return(t) && btf_strip(btf, proto.target))
		print_param(k, btf, proto.target, "retval");
}

// ---- the order of the lines ------------------------------------------------------------

// Functions of one module, sorted by name.
struct run {
	const char *module; // as it is shown; NULL: it is not
	const struct kernel_func **at, **end;
};

struct merge {
	ARENA_VEC(const struct kernel_func *) funcs; // all that match; runs are parts of it
	ARENA_VEC(struct run) runs;		     // a heap: the first has the next line
};

static const char *sort_text(const struct run *r)
{
	return r->module ? r->module : (*r->at)->name;
}

// All lines show a module, or those of vmlinux do not.
static int compare_runs(const struct run *a, const struct run *b)
{
	int order = a->module == b->module ? 0 : strcmp(sort_text(a), sort_text(b));

	return order ? order : strcmp((*a->at)->name, (*b->at)->name);
}

static void sift_down(struct merge *m, size_t i)
{
	struct run *r = m->runs.data;

	for (size_t least = i;; i = least) {
		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < m->runs.len; child++)
			if (compare_runs(&r[child], &r[least]) < 0)
				least = child;
		if (least == i)
			return;
		struct run other = r[i];
		r[i] = r[least];
		r[least] = other;
	}
}

static void start_merge(struct merge *m)
{
	for (size_t i = m->runs.len / 2; i-- > 0;)
		sift_down(m, i);
}

// What is printed of a function.
struct line {
	const char *module; // NULL: not shown
	const struct kernel_func *func;
};

static bool next_line(struct merge *m, struct line *out)
{
	struct run *first = m->runs.data;

	if (!m->runs.len)
		return false;
	*out = (struct line){first->module, *first->at++};
	if (first->at == first->end)
		*first = m->runs.data[--m->runs.len];
	sift_down(m, 0);
	return true;
}

static bool same_text(const struct line *a, const struct line *b)
{
	return a->func && !strcmp(a->func->name, b->func->name) &&
	       same_module(a->module, b->module);
}

static void print_line(struct kernel_lister *k, enum probe_type t, const struct line *l)
{
	const char *const parts[] = {
	    probe_type_name(t),	  ":",		 l->module ? l->module : "",
	    l->module ? ":" : "", l->func->name, "\n"};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		fputs_unlocked(parts[i], k->out);
	if (k->verbose)
		print_prototype(k, t, l->func);
}

// ---- all -------------------------------------------------------------------------------

static bool matches(const struct kernel_func *f, const char *module, const char *name, bool dots)
{
	if (!glob_matches(name, f->name) || (strchr(f->name, '.') && !dots))
		return false;
	return !module || glob_matches(module, f->module ? f->module : "vmlinux");
}

// All that match, then the runs: the array moves until it is complete.
static void collect(struct kernel_lister *k, struct merge *m, enum probe_type type,
		    const char *module, const char *name)
{
	bool dots = strchr(name, '.') || !strcmp(name, "*");
	const struct kernel_funcs *all = &k->list->funcs;
	const char *last = NULL;

	for (size_t i = 0; i < all->funcs.len; i++)
		if (matches(&all->funcs.data[i], module, name, dots))
			arena_push(k->arena, &m->funcs, &all->funcs.data[i]);
	for (size_t i = 0; i < m->funcs.len; i++) {
		const char *of = m->funcs.data[i]->module;
		if (!i || !same_module(of, last)) {
			struct run r = {probe_shown_module(type, module != NULL, of),
					m->funcs.data + i, NULL};
			arena_push(k->arena, &m->runs, r);
		}
		last = of;
		m->runs.data[m->runs.len - 1].end = m->funcs.data + i + 1;
	}
}

void kernel_lister_print(struct kernel_lister *k, enum probe_type type, const char *module,
			 const char *name)
{
	struct merge m = {0};
	struct line line, last = {0};

	load(k, is_tracing(type) || k->verbose);
	collect(k, &m, type, module, name);
	start_merge(&m);
	while (next_line(&m, &line)) {
		if (same_text(&last, &line) || !listed(k, type, line.func)) // each text once
			continue;
		print_line(k, type, &line);
		last = line;
	}
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void kernel_lister_print_bpf(struct kernel_lister *k, enum probe_type type, const char *id,
			     const char *name)
{
	ARENA_VEC(const char *) lines = {0};
	bpf_prog_funcs funcs = {0};
	const char *reason;

	if (bpf_progs_read(k->arena, &funcs, &reason))
		log_warn("cannot list functions of BPF programs: %s", reason);
	for (size_t i = 0; i < funcs.len; i++) {
		const struct bpf_prog_func *f = &funcs.data[i];
		const char *prog = arena_printf(k->arena, "%u", f->prog);
		if (glob_matches(name, f->name) && (!id || glob_matches(id, prog)))
			arena_push(k->arena, &lines,
				   arena_printf(k->arena, "%s:bpf:%s:%s", probe_type_name(type),
						prog, f->name));
	}
	if (lines.len)
		qsort(lines.data, lines.len, sizeof(*lines.data), compare_texts);
	for (size_t i = 0; i < lines.len; i++)
		if (!i || strcmp(lines.data[i - 1], lines.data[i]) != 0)
			fprintf(k->out, "%s\n", lines.data[i]);
}

void kernel_lister_release(struct kernel_lister *k)
{
	// Modules were opened after vmlinux, which they refer to.
	for (size_t i = k->list ? k->list->btf.len : 0; i-- > 0;)
		btf_file_close(k->list->btf.data[i].file);
	k->list = NULL;
}

bool kernel_lister_is_module(const struct kernel_lister *k, const char *part)
{
	const char *root = strcmp(k->root, "/") ? k->root : "";

	if (strchr(part, '/') || !*part)
		return false;
	return glob_has_wildcard(part) || !strcmp(part, "vmlinux") ||
	       !access(arena_printf(k->arena, "%s/sys/module/%s", root, part), F_OK);
}
