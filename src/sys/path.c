// path.c: from the file part of a probe to files.
//
// Enters: "bash", "libc", "libc.so.6", "./a.out", "/usr/lib/*/libc.so*", with -p also "*".
// Leaves: absolute paths of regular files, each file once. Refuses nothing: what is not found
// is not in the list. Whether a file is an ELF file is somebody else's question.
//
// With a process in another mount namespace or root, every absolute path is looked up below
// /proc/PID/root, which the kernel follows into that namespace.
#include "sys/path.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/ldcache.h"

struct file_id {
	dev_t dev;
	ino_t ino;
};

struct lookup {
	struct arena *arena;
	const char *root;   // of /proc and /etc: "" normally, a fixture's path in tests
	const char *prefix; // before absolute paths: "", or "/proc/PID/root"
	int pid;
	path_vec *out;
	ARENA_VEC(struct file_id) ids; // parallel to out
};

static bool add_file(struct lookup *l, const char *path)
{
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return false;
	for (size_t i = 0; i < l->ids.len; i++)
		if (l->ids.data[i].dev == st.st_dev && l->ids.data[i].ino == st.st_ino)
			return true;
	struct file_id id = {st.st_dev, st.st_ino};
	arena_push(l->arena, &l->ids, id);
	arena_push(l->arena, l->out, arena_strdup(l->arena, path));
	return true;
}

// ---- paths with a slash ----------------------------------------------------------------

static const char *make_absolute(struct lookup *l, const char *spec)
{
	char cwd[PATH_MAX];

	if (spec[0] == '/')
		return arena_printf(l->arena, "%s%s", l->prefix, spec);
	while (str_starts_with(spec, "./"))
		for (spec += 2; *spec == '/'; spec++)
			;
	if (!getcwd(cwd, sizeof(cwd)))
		return spec;
	return arena_printf(l->arena, "%s/%s", strcmp(cwd, "/") ? cwd : "", spec);
}

// Only '*' is special in the language; glob(3) knows more.
static char *glob_escape(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, 2 * strlen(s) + 1), *p = out;

	for (; *s; s++) {
		if (*s == '?' || *s == '[' || *s == '\\')
			*p++ = '\\';
		*p++ = *s;
	}
	return out;
}

static void add_glob(struct lookup *l, const char *pattern)
{
	glob_t g = {0};

	if (!glob(glob_escape(l->arena, pattern), 0, NULL, &g))
		for (size_t i = 0; i < g.gl_pathc; i++)
			add_file(l, g.gl_pathv[i]);
	globfree(&g);
}

static void add_path(struct lookup *l, const char *spec)
{
	const char *path = make_absolute(l, spec);

	if (glob_has_wildcard(path))
		add_glob(l, path);
	else
		add_file(l, path);
}

// ---- names ------------------------------------------------------------------------------

static bool looks_like_library(const char *name)
{
	return str_starts_with(name, "lib") || strstr(name, ".so");
}

// "libc" and "libc.so" are any libc.so.N; "libc.so.6" is itself; globs match the whole.
static bool soname_matches(const char *spec, const char *soname)
{
	size_t n = strlen(spec);

	if (glob_has_wildcard(spec))
		return glob_matches(spec, soname);
	if (!strcmp(spec, soname))
		return true;
	if (strncmp(spec, soname, n))
		return false;
	return str_ends_with(spec, ".so")
		   ? soname[n] == '.'
		   : !strcmp(soname + n, ".so") || str_starts_with(soname + n, ".so.");
}

static bool add_program(struct lookup *l, const char *name)
{
	const char *dirs = getenv("PATH");
	size_t before = l->out->len;

	for (dirs = dirs ? dirs : "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"; *dirs;) {
		size_t n = strcspn(dirs, ":");
		char *path = arena_printf(l->arena, "%s%.*s/%s", dirs[0] == '/' ? l->prefix : "",
					  (int)n, dirs, name);
		if (n && glob_has_wildcard(name))
			add_glob(l, path);
		else if (n && add_file(l, path))
			return true;
		dirs += n + (dirs[n] == ':');
	}
	return l->out->len > before;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

// Files that the process has mapped executable.
static bool add_mapped(struct lookup *l, const char *name)
{
	char line[PATH_MAX + 128], perms[8];
	char *maps = arena_printf(l->arena, "%s/proc/%d/maps", l->root, l->pid);
	_cleanup_fclose_ FILE *f = fopen(maps, "re");
	size_t before = l->out->len;

	while (f && fgets(line, sizeof(line), f)) {
		int at = 0;
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%*s %7s %*s %*s %*s %n", perms, &at) < 1 || !at ||
		    perms[2] != 'x' || line[at] != '/')
			continue;
		if (soname_matches(name, base_name(line + at)))
			add_file(l, arena_printf(l->arena, "%s%s", l->prefix, line + at));
	}
	return l->out->len > before;
}

struct cache_match {
	struct lookup *lookup;
	const char *name;
};

static bool on_cache_entry(void *ctx, const char *soname, const char *path)
{
	struct cache_match *m = ctx;

	if (!soname_matches(m->name, soname))
		return true;
	bool found =
	    add_file(m->lookup, arena_printf(m->lookup->arena, "%s%s", m->lookup->prefix, path));
	return !found || glob_has_wildcard(m->name);
}

// Where loaders without a cache look.
static bool add_default_dirs(struct lookup *l, const char *name)
{
	static const char *const dirs[] = {
	    "/lib/*-linux-gnu*", "/usr/lib/*-linux-gnu*", "/lib64", "/usr/lib64", "/lib",
	    "/usr/lib",		 "/usr/local/lib"};
	const char *suffixes[] = {"", ".so", ".so.*"};
	size_t before = l->out->len;

	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		for (size_t k = 0; k < ARRAY_SIZE(suffixes); k++) {
			add_glob(l, arena_printf(l->arena, "%s%s/%s%s", l->prefix, dirs[i], name,
						 suffixes[k]));
			if (l->out->len > before)
				return true;
		}
	return false;
}

static bool add_library(struct lookup *l, const char *name)
{
	struct cache_match m = {.lookup = l, .name = name};
	size_t before = l->out->len;

	if (l->pid > 0 && add_mapped(l, name))
		return true;
	const char *prefix = *l->prefix ? l->prefix : l->root;
	ldcache_each(arena_printf(l->arena, "%s/etc/ld.so.cache", prefix), on_cache_entry, &m);
	return l->out->len > before || add_default_dirs(l, name);
}

static void add_name(struct lookup *l, const char *name)
{
	bool library_first = looks_like_library(name);

	if (l->pid > 0 && glob_has_wildcard(name)) {
		add_mapped(l, name);
		return;
	}
	if (library_first && add_library(l, name))
		return;
	if (!add_program(l, name) && !library_first && l->pid > 0)
		add_mapped(l, name);
}

// ---- the process's view -----------------------------------------------------------------

static bool same_file(const char *a, const char *b)
{
	struct stat sa, sb;

	return !stat(a, &sa) && !stat(b, &sb) && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

// "" when the process sees the files that we see.
static const char *prefix_of(struct arena *a, const char *root, int pid)
{
	if (pid <= 0)
		return root;
	char *theirs = arena_printf(a, "%s/proc/%d/root", root, pid);
	char *ns = arena_printf(a, "%s/proc/%d/ns/mnt", root, pid);
	struct stat st;

	if (*root)
		return theirs;
	if (same_file(theirs, "/") && same_file(ns, "/proc/self/ns/mnt"))
		return "";
	// Without permission to look, assume the usual.
	return stat(theirs, &st) ? "" : theirs;
}

int path_resolve_at(struct arena *a, const char *root, const char *spec, int pid, path_vec *out)
{
	const char *base = strcmp(root, "/") ? root : "";
	struct lookup l = {.arena = a, .root = base, .pid = pid, .out = out};

	l.prefix = prefix_of(a, base, pid);
	if (strchr(spec, '/'))
		add_path(&l, spec);
	else if (*spec)
		add_name(&l, spec);
	return 0;
}

int path_resolve(struct arena *a, const char *spec, int pid, path_vec *out)
{
	return path_resolve_at(a, "/", spec, pid, out);
}

const char *path_of_pid(struct arena *a, const char *root, int pid)
{
	const char *base = strcmp(root, "/") ? root : "";
	char *link = arena_printf(a, "%s/proc/%d/exe", base, pid);
	char target[PATH_MAX];
	ssize_t n = readlink(link, target, sizeof(target) - 1);

	if (n < 0)
		return NULL;
	target[n] = '\0';
	char *path = arena_printf(a, "%s%s", prefix_of(a, base, pid), target);
	// A replaced or deleted program is still reachable through the link itself.
	return same_file(path, link) ? path : link;
}

const char *path_shown(struct arena *a, const char *spec, const char *path)
{
	char cwd[PATH_MAX];
	size_t n;

	if (!strchr(spec, '/'))
		return path;
	if (!glob_has_wildcard(spec))
		return spec;
	if (*spec == '/' || !getcwd(cwd, sizeof(cwd)))
		return path;
	n = strlen(cwd);
	if (strncmp(path, cwd, n) != 0 || path[n] != '/')
		return path;
	return str_starts_with(spec, "./") ? arena_printf(a, ".%s", path + n) : path + n + 1;
}
