// list.c: -l and -lv.
//
// Enters: a pattern, `type:path:glob` or the path of a program, or none. Leaves: a line per
// probe, as bpftrace prints it, sorted by file and then by name. Refuses nothing: what does
// not exist has no probes, which is said on stderr only where a plain path was given.
#include "attach/list.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "attach/list_args.h"
#include "attach/list_events.h"
#include "attach/list_kernel.h"
#include "attach/list_types.h"
#include "attach/list_usdt.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "program.h"
#include "sys/demangle.h"
#include "sys/elf.h"
#include "sys/path.h"

static const struct listed_type {
	const char *name, *alias;
	bool user;	 // functions of files
	bool kernel;	 // functions of the kernel; neither: `units` are listed
	const char *old; // former name
	enum probe_type type;
	bool overview; // among all probes, and what globs of the type stand for
} types[] = {
    {"bench", NULL, false, false, "benchmark", PROBE_BENCH, false},
    {"fentry", "f", false, true, "kfunc", PROBE_FENTRY, true},
    {"fexit", "fr", false, true, "kretfunc", PROBE_FEXIT, false},
    {"hardware", "h", false, false, NULL, PROBE_HARDWARE, true},
    {"interval", "i", false, false, NULL, PROBE_INTERVAL, false},
    {"iter", "it", false, false, NULL, PROBE_ITER, true},
    {"kprobe", "k", false, true, NULL, PROBE_KPROBE, true},
    {"kretprobe", "kr", false, true, NULL, PROBE_KRETPROBE, false},
    {"profile", "p", false, false, NULL, PROBE_PROFILE, false},
    {"rawtracepoint", "rt", false, false, NULL, PROBE_RAWTRACEPOINT, true},
    {"self", NULL, false, false, NULL, PROBE_SELF, false},
    {"session", NULL, true, true, NULL, PROBE_KSESSION, false},
    {"software", "s", false, false, NULL, PROBE_SOFTWARE, true},
    {"test", NULL, false, false, NULL, PROBE_TEST, false},
    {"tracepoint", "t", false, false, NULL, PROBE_TRACEPOINT, true},
    {"uprobe", "u", true, false, NULL, PROBE_UPROBE, true},
    {"uretprobe", "ur", true, false, NULL, PROBE_URETPROBE, false},
    {"usdt", "U", true, false, NULL, PROBE_USDT, true},
};
static const char *const timer_units[] = {"hz", "ms", "s", "us"};

struct listing {
	struct arena arena;
	int pid;
	bool verbose;	  // with arguments
	bool cpp;	  // the pattern at hand is of demangled names
	const char *dirs; // --debuginfo
	const char *root; // of the kernel's files
	struct kernel_lister kernel;
	FILE *out;
};

static bool type_matches(const struct listed_type *t, const char *pattern)
{
	if (t->alias && !strcmp(t->alias, pattern))
		return true;
	return !strcasecmp(t->name, pattern) || (t->old && !strcasecmp(t->old, pattern)) ||
	       (t->overview && glob_has_wildcard(pattern) && glob_matches(pattern, t->name));
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int compare_funcs(const void *a, const void *b)
{
	const struct elf_func *const *fa = a, *const *fb = b;
	int order = strcmp((*fa)->name, (*fb)->name);

	if (order)
		return order;
	return (*fa)->address < (*fb)->address ? -1 : (*fa)->address > (*fb)->address;
}

static bool matches(const struct listing *l, const char *glob, const char *name)
{
	return l->cpp ? demangled_matches(glob, name) : glob_matches(glob, name);
}

// `shown` is how the lines name the file.
static void list_file(struct listing *l, const char *type, const char *path, const char *shown,
		      const char *glob)
{
	struct arg_lister args = {.path = path, .dirs = l->dirs};
	bool with_args = l->verbose && strcmp(type, "uretprobe");
	struct elf_file elf;
	const char *reason;
	ARENA_VEC(const struct elf_func *) funcs = {0};

	if (elf_open_funcs(&l->arena, path, l->dirs, &elf, &reason))
		return;
	for (size_t i = 0; i < elf.funcs.len; i++)
		if (!elf.funcs.data[i].is_outside && matches(l, glob, elf.funcs.data[i].name))
			arena_push(&l->arena, &funcs, &elf.funcs.data[i]);
	if (funcs.len)
		qsort(funcs.data, funcs.len, sizeof(*funcs.data), compare_funcs);
	for (size_t i = 0; i < funcs.len; i++) {
		const struct elf_func *fn = funcs.data[i];
		if (i && !strcmp(fn->name, funcs.data[i - 1]->name))
			continue;
		fprintf(l->out, "%s:%s:%s%s\n", type, shown, l->cpp ? "cpp:" : "", fn->name);
		if (with_args)
			arg_lister_print(&args, fn->address, fn->name, l->out);
	}
	arg_lister_release(&args);
}

static void list_user(struct listing *l, const char *type, const char *spec, const char *glob)
{
	path_vec paths = {0};

	if (*spec) {
		path_resolve(&l->arena, spec, l->pid, &paths);
	} else if (l->pid > 0) {
		const char *exe = path_of_pid(&l->arena, "/", l->pid);
		if (exe)
			arena_push(&l->arena, &paths, exe);
	}
	if (paths.len)
		qsort(paths.data, paths.len, sizeof(*paths.data), compare_names);
	for (size_t i = 0; i < paths.len; i++)
		list_file(l, type, paths.data[i],
			  *spec ? path_shown(&l->arena, spec, paths.data[i]) : paths.data[i], glob);
}

static void list_timer(struct listing *l, const char *type, const char *glob)
{
	for (size_t i = 0; i < ARRAY_SIZE(timer_units); i++)
		if (glob_matches(glob, timer_units[i]))
			fprintf(l->out, "%s:%s:\n", type, timer_units[i]);
}

// The text up to the next colon outside quotes, without quotes. NULL: no more parts.
static char *next_part(struct listing *l, const char **at)
{
	const char *p = *at;
	bool quoted = false;

	if (!p)
		return NULL;
	char *part = arena_alloc(&l->arena, strlen(p) + 1), *out = part;
	for (; *p && (quoted || *p != ':'); p++) {
		if (*p == '"')
			quoted = !quoted;
		else
			*out++ = *p;
	}
	*at = *p ? p + 1 : NULL;
	return part;
}

// `session:` takes both; a file has a slash, or there is no kernel module of its name.
static bool is_kernel(struct listing *l, const struct listed_type *t, const char *first,
		      const char *second)
{
	if (!t->kernel || !t->user || !first)
		return t->kernel;
	return second ? kernel_lister_is_module(&l->kernel, first) : !strchr(first, '/');
}

static void list_kernel(struct listing *l, enum probe_type type, const char *first,
			const char *second, const char *third)
{
	bool bpf = second && !strcmp(first, "bpf") && (type == PROBE_FENTRY || type == PROBE_FEXIT);
	if (bpf) {
		kernel_lister_print_bpf(&l->kernel, type, third ? second : NULL,
					third ? third : second);
		return;
	}
	const char *module = second && *first ? first : NULL;
	const char *name = second ? second : first;

	kernel_lister_print(&l->kernel, type, module, name && *name ? name : "*");
}

static void list_events(struct listing *l, enum probe_type type, const char *first,
			const char *second)
{
	struct event_lister e = {&l->arena, l->root, l->verbose, l->out};

	event_lister_print(&e, type, first, second);
}

// A name alone, or nothing: every probe of that name, of all kinds that the machine has a list of.
static void list_overview(struct listing *l, const char *glob)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		const struct listed_type *t = &types[i];

		if (!t->overview)
			continue;
		if (t->kernel)
			kernel_lister_print(&l->kernel, t->type, NULL, glob);
		else if (event_lister_has(t->type))
			list_events(l, t->type, t->type == PROBE_TRACEPOINT ? "*" : glob,
				    t->type == PROBE_TRACEPOINT ? glob : NULL);
		else if (l->pid > 0 && t->type == PROBE_USDT)
			list_usdt(&l->arena, "*", "*", glob, l->pid, l->verbose, l->out);
		else if (l->pid > 0)
			list_user(l, t->name, "*", glob);
	}
}

static void list_by_type(struct listing *l, const struct listed_type *t, const char *first,
			 const char *second)
{
	if (event_lister_has(t->type))
		list_events(l, t->type, first, second);
	else if (t->type == PROBE_SELF)
		fputs("self:signal:SIGUSR1\n", l->out);
	else if (t->type == PROBE_TEST || t->type == PROBE_BENCH) // named by scripts
		fputs(t->type == PROBE_TEST ? "test::\n" : "benchmark::\n", l->out);
	else if (!t->user)
		list_timer(l, t->name, first && *first ? first : "*");
	else if (second)
		list_user(l, t->name, first, *second ? second : "*");
	else if (first && (strchr(first, '/') || l->pid <= 0 || !strcmp(first, "*")))
		list_user(l, t->name, first, "*");
	else if (first)
		list_user(l, t->name, "", first);
}

// One `type:...` pattern.
static void list_pattern(struct listing *l, const char *pattern)
{
	const char *at = pattern;
	const char *type = next_part(l, &at), *first = next_part(l, &at),
		   *second = next_part(l, &at), *third = next_part(l, &at);
	const char *middle = second;

	l->cpp = second && third && !strcmp(second, "cpp");
	if (l->cpp)
		second = third;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (!type_matches(&types[i], type))
			continue;
		if (!types[i].user && first && strchr(first, '/'))
			continue;
		if (types[i].type == PROBE_USDT)
			list_usdt(&l->arena, first, middle, third, l->pid, l->verbose, l->out);
		else if (is_kernel(l, &types[i], first, second))
			list_kernel(l, types[i].type, first, second, third);
		else
			list_by_type(l, &types[i], first, second);
	}
}

static bool is_type_name(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!glob_has_wildcard(word) && type_matches(&types[i], word))
			return true;
	return false;
}

// Patterns may be a list, as attach points are.
static void list_patterns(struct listing *l, const char *pattern)
{
	while (*pattern) {
		size_t n = strcspn(pattern, ",");
		const char *one = arena_strndup(&l->arena, pattern, n);

		if (strchr(one, ':') || is_type_name(one))
			list_pattern(l, one);
		else
			list_overview(l, one);
		pattern += n + (pattern[n] == ',');
		pattern += strspn(pattern, " ");
	}
}

// A path of a program lists what can be traced in it.
static bool is_path(const char *pattern)
{
	return strchr(pattern, '/') && !strchr(pattern, ':');
}

static int list_program(struct listing *l, const char *path)
{
	struct elf_file elf;
	const char *reason;
	int err = elf_open_funcs(&l->arena, path, l->dirs, &elf, &reason);

	if (err) {
		log_error("cannot list %s: %s", path, reason ? reason : strerror(-err));
		return 1;
	}
	list_user(l, "uprobe", path, "*");
	return 0;
}

int list_probes(const char *pattern, const struct list_options *o, FILE *out)
{
	struct listing l = {.pid = o->pid,
			    .verbose = o->verbose,
			    .dirs = o->debug_dirs,
			    .root = o->root ? o->root : "/",
			    .out = out};
	int status = 0;

	l.kernel = (struct kernel_lister){&l.arena, l.root, o->traceable, o->verbose, out, NULL};
	if (!pattern)
		list_overview(&l, "*");
	else if (is_type_pattern(pattern))
		status = list_types(l.root, pattern, o->verbose, out);
	else if (is_path(pattern))
		status = list_program(&l, pattern);
	else
		list_patterns(&l, pattern);
	kernel_lister_release(&l.kernel);
	arena_release(&l.arena);
	return status;
}
