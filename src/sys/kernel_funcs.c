// kernel_funcs.c: read the list of the functions that ftrace can hook.
//
// Enters: tracefs and /proc below a root. Leaves: the functions, sorted, with what the symbol
// table knows about each. Refuses: placeholders of removed weak functions
// (__ftrace_invalid_address___N), and with a reason: no tracefs, no permission.
#include "sys/kernel_funcs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/huge.h"
#include "base/thread.h"
#include "sys/kernel_cache.h"
#include "sys/kernel_join.h"
#include "sys/ksyms.h"
#include "sys/slurp.h"

enum { LIST_SIZE_MAX = 64 << 20, SLOW_MS = 50 };

static const char *const list_dirs[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};
static const struct {
	const char *name;
	bool sites;
} list_files[] = {
    {"available_filter_functions_addrs", true}, // 6.5
    {"available_filter_functions", false},
};

struct list_text {
	char *data; // in the arena
	size_t len;
	bool sites;
	const char *source;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

// ---- the list ----------------------------------------------------------------------------

// The one in brackets of "none integrity [confidentiality]" is in force: it closes tracefs.
static bool is_locked_down(const char *root)
{
	char path[PATH_MAX], modes[64];

	snprintf(path, sizeof(path), "%s/sys/kernel/security/lockdown", root_prefix(root));
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	return f && fgets(modes, sizeof(modes), f) && strstr(modes, "[confidentiality]");
}

static const char *list_reason(const char *root, int err)
{
	switch (err) {
	case -ENOENT:
		return "no list of traceable functions: is tracefs mounted at "
		       "/sys/kernel/tracing, the kernel built with CONFIG_DYNAMIC_FTRACE?";
	case -EACCES:
		return "tracefs is readable by root only";
	case -EPERM:
		if (is_locked_down(root))
			return "the kernel is locked down (confidentiality): nobody may read the "
			       "list of traceable functions";
		return "the list of traceable functions cannot be read (EPERM): a security policy "
		       "of this machine closes it";
	case -ENOMEM:
		return "out of memory";
	default:
		return "the list of traceable functions cannot be read";
	}
}

// The first of the files that can be opened: its descriptor, or -errno of the first that is
// there but cannot.
static int open_list(struct arena *a, const char *root, struct list_text *out)
{
	char path[PATH_MAX];
	int first_err = -ENOENT;

	for (size_t i = 0; i < ARRAY_SIZE(list_dirs) * ARRAY_SIZE(list_files); i++) {
		size_t dir = i / ARRAY_SIZE(list_files), file = i % ARRAY_SIZE(list_files);
		snprintf(path, sizeof(path), "%s%s/%s", root_prefix(root), list_dirs[dir],
			 list_files[file].name);
		int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd >= 0) {
			out->sites = list_files[file].sites;
			out->source = arena_strdup(a, path);
			return fd;
		}
		if (first_err == -ENOENT)
			first_err = -errno;
	}
	return first_err;
}

static int read_list(struct arena *a, int fd, struct list_text *out)
{
	_cleanup_free_ char *data = NULL;

	int err = slurp_fd(fd, LIST_SIZE_MAX, &data, &out->len);
	if (err)
		return err;
	out->data = arena_alloc(a, out->len + 1);
	memcpy(out->data, data, out->len + 1);
	return 0;
}

static bool is_placeholder(const char *name)
{
	return name[0] == '_' && str_starts_with(name, "__ftrace_invalid_address__");
}

static size_t count_lines(const struct list_text *t)
{
	size_t n = 1;

	for (const char *p = t->data; (p = memchr(p, '\n', (size_t)(t->data + t->len - p))); p++)
		n++;
	return n;
}

// "ffffffff81000150 do_one_initcall" or "ffffffffc0a01234 nf_ct_get [nf_conntrack]".
static void parse_list(struct arena *a, struct list_text *t, struct kernel_funcs *out,
		       uint64_t *sites)
{
	char *p = t->data, *end = t->data + t->len, *name, *module;
	const char *last = NULL;

	out->funcs.cap = count_lines(t);
	out->funcs.data = arena_array(a, struct kernel_func, out->funcs.cap);
	while (p < end) {
		const char *s = p;
		uint64_t site = 0;
		bool ok = !t->sites || (ksym_parse_hex(&s, &site) && *s == ' ');
		p += s - p + (t->sites && *s == ' ');
		char *before = p;
		ok = ksym_parse_name(&p, &name, &module) && ok;
		if (p == before)
			p++;
		if (!ok || is_placeholder(name) || out->funcs.len == out->funcs.cap)
			continue;
		if (module && (!last || strcmp(last, module) != 0))
			last = module;
		sites[out->funcs.len] = site;
		out->funcs.data[out->funcs.len++] =
		    (struct kernel_func){.name = name, .module = module ? last : NULL};
	}
}

// ---- order -------------------------------------------------------------------------------

// The first bytes of the name as a number decide most comparisons.
struct sort_key {
	uint64_t head;
	const struct kernel_func *func;
};

static uint64_t name_head(const char *name)
{
	uint64_t head = 0;

	for (int i = 0; i < 8; i++) {
		head = head << 8 | (uint8_t)*name;
		name += *name != '\0';
	}
	return head;
}

static int compare_keys(const void *left, const void *right)
{
	const struct sort_key *a = left, *b = right;
	const struct kernel_func *f = a->func, *g = b->func;

	if (f->module != g->module) {
		int order = !f->module ? -1 : !g->module ? 1 : strcmp(f->module, g->module);
		if (order)
			return order;
	}
	if (a->head != b->head)
		return a->head < b->head ? -1 : 1;
	int order = strcmp(f->name, g->name);
	return order ? order : (f->address > g->address) - (f->address < g->address);
}

static int sort_funcs(struct arena *a, struct kernel_funcs *list)
{
	size_t n = list->funcs.len;
	_cleanup_free_ struct sort_key *keys = huge_malloc((n + 1) * sizeof(*keys));
	struct kernel_func *sorted = arena_array(a, struct kernel_func, n + 1);

	if (!keys)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct kernel_func *f = &list->funcs.data[i];
		keys[i] = (struct sort_key){name_head(f->name), f};
	}
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < n; i++)
		sorted[i] = *keys[i].func;
	list->funcs.data = sorted;
	list->funcs.cap = n + 1;
	return 0;
}

// ---- loading -----------------------------------------------------------------------------

// Making these texts costs the kernel 50 ms each: the symbols are read on another CPU while
// the list is read here.
struct symbol_reader {
	const char *root;
	struct ksym_marks syms;
	pthread_t thread;
	bool started;
};

static void *read_symbols(void *arg)
{
	struct symbol_reader *r = arg;

	if (ksym_marks_read(r->root, &r->syms)) // the names alone are good for something, too
		r->syms = (struct ksym_marks){0};
	return NULL;
}

static void finish_reader(struct symbol_reader *r)
{
	if (r->started)
		pthread_join(r->thread, NULL);
	else
		read_symbols(r);
}

static int join_list(struct arena *a, struct list_text *text, struct symbol_reader *r,
		     struct kernel_funcs *out)
{
	_cleanup_free_ uint64_t *sites = malloc(count_lines(text) * sizeof(*sites));

	if (sites)
		parse_list(a, text, out, sites);
	finish_reader(r);
	if (!sites)
		return -ENOMEM;
	out->source = text->source;
	int err = kernel_funcs_join(out, text->sites ? sites : NULL, &r->syms);
	return err ? err : sort_funcs(a, out);
}

static int open_given(const char *list, struct list_text *out)
{
	int fd = open(list, O_RDONLY | O_CLOEXEC);

	out->source = list;
	return fd < 0 ? -errno : fd;
}

static int load_fresh(struct arena *a, const char *root, const char *list, struct kernel_funcs *out,
		      const char **reason)
{
	struct symbol_reader reader = {.root = root};
	struct list_text text = {0};
	_cleanup_close_ int fd = list ? open_given(list, &text) : open_list(a, root, &text);
	int err = fd < 0 ? fd : 0;

	if (!err) {
		reader.started = thread_start(&reader.thread, read_symbols, &reader);
		err = read_list(a, fd, &text);
		if (!err)
			err = join_list(a, &text, &reader, out);
		else
			finish_reader(&reader);
	}
	ksym_marks_release(&reader.syms);
	*reason = NULL;
	if (err)
		*reason =
		    list ? arena_printf(a, "%s: %s", list, strerror(-err)) : list_reason(root, err);
	return err;
}

int kernel_funcs_load(struct arena *a, const char *root, const char *list, struct kernel_funcs *out,
		      const char **reason)
{
	struct kernel_cache_key key;
	int64_t start = now_ms();

	*out = (struct kernel_funcs){0};
	*reason = NULL;
	bool keyed = !list && kernel_cache_key(root, &key);
	if (keyed && kernel_cache_load(a, root, &key, out))
		return 0;
	int err = load_fresh(a, root, list, out, reason);
	if (!err && keyed && out->addresses && now_ms() - start > SLOW_MS)
		kernel_cache_save(root, &key, out);
	return err;
}

// ---- one function ------------------------------------------------------------------------

// Does not parse what cannot be the name: memmem finds it in the text.
static bool parse_around(char *text, char *hit, struct ksym *s, char **module)
{
	char *line = hit;

	while (line > text && line[-1] != '\n')
		line--;
	const char *p = line;
	char *name;
	if (!ksym_parse_hex(&p, &s->address) || p[0] != ' ' || p[1] <= ' ' || p + 3 != hit + 1)
		return false;
	s->type = p[1];
	char *rest = hit + 1;
	if (!ksym_parse_name(&rest, &name, module))
		return false;
	s->name = name;
	return true;
}

static void consider(struct kernel_func *out, const struct ksym *s, const char *module,
		     const char *wanted, unsigned *symbols)
{
	if (!ksym_is_text(s) || (module && strcmp(module, "bpf") == 0))
		return;
	++*symbols;
	if (wanted ? !module || strcmp(module, wanted) != 0 : out->name && !out->module)
		return;
	// vmlinux wins over modules; of each the first in the file.
	if (out->name && (wanted || module))
		return;
	*out = (struct kernel_func){.name = s->name, .module = module, .address = s->address};
}

int kernel_func_find(struct arena *a, const char *root, const char *module, const char *name,
		     struct kernel_func *out)
{
	_cleanup_free_ char *text = NULL;
	char path[PATH_MAX], *found_module;
	unsigned symbols = 0;
	size_t len, needle_len;
	struct ksym s;

	*out = (struct kernel_func){0};
	snprintf(path, sizeof(path), "%s/proc/kallsyms", root_prefix(root));
	int err = slurp(path, 256 << 20, &text, &len);
	if (err)
		return err;
	const char *needle = arena_printf(a, " %s", name);
	needle_len = strlen(needle);
	for (char *p = text; (p = memmem(p, (size_t)(text + len - p), needle, needle_len));) {
		char *hit = p;
		p += needle_len;
		if ((unsigned char)*p > ' ') // a longer name
			continue;
		// Cuts the line up, but only behind the needle and before its end.
		char *line_end = strchr(p, '\n');
		if (parse_around(text, hit, &s, &found_module))
			consider(out, &s, found_module, module, &symbols);
		p = line_end ? line_end + 1 : text + len;
	}
	if (!out->name)
		return -ENOENT;
	out->unique = symbols == 1;
	out->first = true;
	out->name = arena_strdup(a, out->name);
	out->module = out->module ? arena_strdup(a, out->module) : NULL;
	return 0;
}
