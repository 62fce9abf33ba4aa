// c_include: the name of a header comes in, its text goes to the preprocessor. The script's own
// headers are read relative to the script and in the -I directories. With BTF a kernel header
// (<linux/...>, <net/...>) gives constants only: its types are the kernel's. System headers are
// read as far as the small reader understands them, silently. Refuses what is not a file,
// includes nested deeper than C_MAX_INCLUDES, and more than C_MAX_FILES files.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sema/c_clang.h"
#include "sema/c_private_pp.h"
#include "sys/slurp.h"

#define HEADER_MAX_BYTES (4u << 20)

static const char *const kernel_dirs[] = {"linux/",	 "net/",    "asm/",   "asm-generic/",
					  "uapi/",	 "trace/",  "scsi/",  "rdma/",
					  "generated/",	 "kernel/", "kunit/", "crypto/",
					  "media/",	 "sound/",  "drm/",   "acpi/",
					  "vdso/",	 "block/",  "fs/",    "mm/"};
// <net/if.h> and the like belong to the C library.
static const char *const user_net[] = {"net/if.h", "net/if_arp.h", "net/route.h",
				       "net/ethernet.h"};
// What a freestanding compiler brings along: nothing but types that the language has itself.
static const char *const compiler_headers[] = {"stdint.h",    "stddef.h", "stdbool.h", "stdarg.h",
					       "stdalign.h",  "limits.h", "float.h",   "iso646.h",
					       "inttypes.h"};

static bool is_one_of(const char *name, const char *const *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(name, all[i]) == 0)
			return true;
	return false;
}
#define IS_ONE_OF(name, all) is_one_of(name, all, sizeof(all) / sizeof(*(all)))

static bool is_kernel_header(const char *name)
{
	if (IS_ONE_OF(name, user_net))
		return false;
	for (size_t i = 0; i < sizeof(kernel_dirs) / sizeof(*kernel_dirs); i++)
		if (str_starts_with(name, kernel_dirs[i]))
			return true;
	return false;
}

// NULL: not a regular file.
static const char *existing(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? path : NULL;
}

static const char *beside(struct c_reader *r, const char *name)
{
	const char *self = r->source->name, *slash = strrchr(self, '/');

	if (*name == '/')
		return existing(name);
	if (!slash)
		return existing(name);
	return existing(arena_printf(r->d->arena, "%.*s/%s", (int)(slash - self), self, name));
}

// CPATH=DIR:DIR, as compilers have it.
static const char *in_cpath(struct c_reader *r, const char *name)
{
	const char *all = getenv("CPATH"), *end, *path = NULL;

	for (; all && *all && !path; all = *end ? end + 1 : end) {
		end = strchrnul(all, ':');
		path = existing(arena_printf(r->d->arena, "%.*s/%s", (int)(end - all),
					     end > all ? all : ".", name));
	}
	return path;
}

static const char *in_include_dirs(struct c_reader *r, const char *name)
{
	const struct compile_options *o = r->d->c->options;
	const char *path = NULL;

	for (size_t i = 0; o && !path && i < o->include_dir_count; i++)
		path = existing(arena_printf(r->d->arena, "%s/%s", o->include_dirs[i], name));
	return path ? path : in_cpath(r, name);
}

// ---- the kernel's headers, where somebody has them ---------------------------------------------

#ifdef __x86_64__
#define ARCH "x86"
#else
#define ARCH "arm64"
#endif

struct kernel_tree {
	const char *source, *build; // "" where there is none
};

static const char *tree_of(struct cdefs *d, const char *variable, const char *kind)
{
	const char *own = getenv(variable);
	const struct compile_options *o = d->c->options;
	const char *root = o && o->root ? root_prefix(o->root) : "";
	struct utsname uts;

	if (own && *own)
		return own;
	uname(&uts);
	return arena_printf(d->arena, "%s/lib/modules/%s/%s", root, uts.release, kind);
}

// One tree may be both.
static struct kernel_tree kernel_tree(struct cdefs *d)
{
	struct kernel_tree t = {tree_of(d, "BPFTRACE_KERNEL_SOURCE", "source"),
				tree_of(d, "BPFTRACE_KERNEL_BUILD", "build")};
	struct stat st;

	if (stat(t.source, &st))
		t.source = t.build;
	if (getenv("BPFTRACE_KERNEL_SOURCE") && !getenv("BPFTRACE_KERNEL_BUILD"))
		t.build = t.source;
	return t;
}

static const struct kernel_dir {
	bool of_build;
	const char *name;
} kernel_tree_dirs[] = {
    {false, "arch/" ARCH "/include"},
    {true, "arch/" ARCH "/include/generated"},
    {false, "include"},
    {true, "include"},
    {false, "arch/" ARCH "/include/uapi"},
    {true, "arch/" ARCH "/include/generated/uapi"},
    {false, "include/uapi"},
    {true, "include/generated/uapi"},
};

static const char *in_kernel_tree(struct c_reader *r, const char *name)
{
	struct kernel_tree t = kernel_tree(r->d);
	const char *path = NULL;

	for (size_t i = 0; !path && i < ARRAY_SIZE(kernel_tree_dirs); i++)
		path = existing(arena_printf(r->d->arena, "%s/%s/%s",
					     kernel_tree_dirs[i].of_build ? t.build : t.source,
					     kernel_tree_dirs[i].name, name));
	return path;
}

static void add_arg(struct cdefs *d, c_args *out, const char *flag, const char *value)
{
	arena_push(d->arena, out, flag);
	if (value)
		arena_push(d->arena, out, value);
}

static void kernel_args(struct cdefs *d, c_args *out)
{
	struct kernel_tree t = kernel_tree(d);
	struct stat st;

	if (stat(arena_printf(d->arena, "%s/include/linux", t.source), &st))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(kernel_tree_dirs); i++)
		add_arg(d, out, "-I",
			arena_printf(d->arena, "%s/%s",
				     kernel_tree_dirs[i].of_build ? t.build : t.source,
				     kernel_tree_dirs[i].name));
	add_arg(d, out, "-include",
		arena_printf(d->arena, "%s/include/linux/kconfig.h", t.source));
	add_arg(d, out, "-D__KERNEL__", NULL);
}

void c_include_args(struct cdefs *d, c_args *out)
{
	const struct compile_options *o = d->c->options;
	const char *self = d->c->sources.files.data[0]->name, *slash = strrchr(self, '/');

	add_arg(d, out, "-xc", NULL);
	add_arg(d, out, "-w", NULL);
	if (c_has_btf(d))
		add_arg(d, out, "-DBPFTRACE_HAVE_BTF=1", NULL);
	add_arg(d, out, "-iquote",
		slash ? arena_strndup(d->arena, self, (size_t)(slash - self + 1)) : ".");
	for (size_t i = 0; o && i < o->include_dir_count; i++)
		add_arg(d, out, "-I", o->include_dirs[i]);
	kernel_args(d, out);
}

static const char *in_system(struct c_reader *r, const char *name)
{
	static const char *const dirs[] = {
	    "/usr/local/include",
	    "/usr/include",
#ifdef __x86_64__
	    "/usr/include/x86_64-linux-gnu",
#else
	    "/usr/include/aarch64-linux-gnu",
#endif
	};
	const struct compile_options *o = r->d->c->options;
	const char *root = o && o->root ? root_prefix(o->root) : "", *path = NULL;

	for (size_t i = 0; !path && i < sizeof(dirs) / sizeof(*dirs); i++)
		path = existing(arena_printf(r->d->arena, "%s%s/%s", root, dirs[i], name));
	return path;
}

static void read_file(struct c_reader *r, const struct c_token *t, const char *path)
{
	const struct source *outer = r->source, *src = NULL;
	size_t len = 0;
	char *data = NULL;
	int err = slurp(path, HEADER_MAX_BYTES, &data, &len);

	if (!err)
		src = sources_add(&r->d->c->sources, path, data, len);
	free(data);
	if (!src) {
		c_error(r->d, t, "c-include", "cannot read '%s': %s", path,
			strerror(err ? -err : EFBIG));
		return;
	}
	r->includes++;
	r->files++;
	r->source = src;
	c_read_text(r, src, 0, src->len);
	r->source = outer;
	r->includes--;
}

static bool within_limits(struct c_reader *r, const struct c_token *t, const char *name)
{
	if (r->includes < C_MAX_INCLUDES && r->files < C_MAX_FILES)
		return true;
	if (c_error(r->d, t, "c-include",
		    r->files < C_MAX_FILES ? "'%s': #include nested too deeply"
					   : "'%s': too many files are included",
		    name))
		diag_hint(&r->d->c->diag, "does the file include itself?");
	r->stopped = r->stopped || !t->quiet;
	r->d->limited = true;
	return false;
}

static void report_missing(struct c_reader *r, const struct c_token *t, const char *name)
{
	if (!c_error(r->d, t, "c-include", "'%s' file not found", name))
		return;
	if (is_kernel_header(name))
		diag_hint(&r->d->c->diag, "the kernel has no readable BTF; where its headers are is "
					  "said by BPFTRACE_KERNEL_SOURCE=DIR");
	else
		diag_hint(&r->d->c->diag, "-I DIR adds a directory to search");
}

static void read_as(struct c_reader *r, const struct c_token *t, const char *path, bool quiet,
		    bool macros_only)
{
	bool was_quiet = r->quiet, was_only = r->macros_only;

	r->quiet = was_quiet || quiet;
	r->macros_only = was_only || macros_only;
	read_file(r, t, path);
	r->quiet = was_quiet;
	r->macros_only = was_only;
}

void c_include_path(struct c_reader *r, const struct c_token *t, const char *path)
{
	if (!c_table_get(&r->seen, path))
		read_as(r, t, path, false, false);
}

void c_include(struct c_reader *r, const struct c_token *t, const char *name, bool angle)
{
	const char *path = angle && !r->quiet ? NULL : beside(r, name);
	bool kernel = is_kernel_header(name), with_btf = kernel && c_has_btf(r->d);

	if (!within_limits(r, t, name))
		return;
	if (angle)
		path = NULL;
	if (!path)
		path = in_include_dirs(r, name);
	if (path && c_table_get(&r->seen, path))
		return;
	if (path) {
		read_as(r, t, path, false, false);
		return;
	}
	r->d->has_headers = true;
	if (IS_ONE_OF(name, compiler_headers))
		return;
	path = kernel ? in_kernel_tree(r, name) : NULL;
	if (!path)
		path = in_system(r, name);
	if (path && c_table_get(&r->seen, path))
		return;
	if (path)
		read_as(r, t, path, true, with_btf);
	else if (!with_btf && !r->quiet)
		report_missing(r, t, name);
}
