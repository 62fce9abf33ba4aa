// imports: `import "lib.bt"` brings in a file's macros, maps and probes; of a directory, all its
// .bt and .h files in the order of their names. Paths are relative to the file that says so, then
// to the directories of -I. A script is read once, however often it is named, so that files may
// import each other; what it defines comes before what follows its import. A header's C comes
// before the script's own. Refuses files with a config block, C programs, and more files than
// anybody writes.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "parser/parser.h"
#include "sema/sema.h"
#include "sys/slurp.h"

#define MAX_IMPORTS 1000
#define MAX_IMPORT_DEPTH 100
#define MAX_IMPORT_BYTES (64u << 20)

struct importer {
	struct compiler *c;
	struct intern seen; // real paths
	unsigned depth;
	struct span at; // the import of the script itself
};

static void import_all(struct importer *im, const struct ast *from, const char *dir);

#define APPEND(vec)                                                                                \
	for (size_t i = 0; i < from->vec.len; i++)                                                 \
		arena_push(&im->c->arena, &to->vec, from->vec.data[i])

static void append(struct importer *im, const struct ast *from)
{
	struct ast *to = &im->c->ast;

	APPEND(c_items);
	APPEND(c_imports);
	APPEND(config);
	APPEND(map_decls);
	APPEND(macros);
	APPEND(subprogs);
	APPEND(probes);
}

static const char *directory_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? arena_strndup(a, path, (size_t)(slash - path + 1)) : "";
}

static bool has_suffix(const char *text, const char *suffix)
{
	size_t n = strlen(text), m = strlen(suffix);

	return n >= m && !strcmp(text + n - m, suffix);
}

// ---- one file ----------------------------------------------------------------------------

static void import_text(struct importer *im, const char *path, const char *text, size_t len)
{
	struct compiler *c = im->c;
	struct ast ast = {0};
	const struct source *src = sources_add(&c->sources, path, text, len);

	if (!src) {
		diag_error(&c->diag, im->at, "too-large", "the imported files are too large");
		return;
	}
	if (!parse_source(&c->arena, src, &c->diag, &ast))
		return;
	if (ast.config.len)
		diag_error(&c->diag, ast.config.data[0].span, "bad-import",
			   "invalid `config` within import");
	ast.config.len = 0;
	import_all(im, &ast, directory_of(&c->arena, path));
	append(im, &ast);
}

static void import_file(struct importer *im, const char *path)
{
	_cleanup_free_ char *real = realpath(path, NULL);
	struct compiler *c = im->c;
	_cleanup_free_ char *text = NULL;
	size_t known = im->seen.len, len = 0;
	int err;

	if (real && intern_id(&im->seen, real) < known)
		return;
	if (im->seen.len > MAX_IMPORTS) {
		diag_error(&c->diag, im->at, "too-large", "more than %d imported files",
			   MAX_IMPORTS);
		return;
	}
	err = slurp(path, MAX_IMPORT_BYTES, &text, &len);
	if (err)
		diag_error(&c->diag, im->at, "bad-import", "cannot read '%s': %s", path,
			   strerror(-err));
	else
		import_text(im, path, text, len);
}

static void import_header(struct importer *im, const char *path)
{
	struct import_item item = {im->at, arena_printf(&im->c->arena, "%s", path)};

	arena_push(&im->c->arena, &im->c->ast.c_imports, item);
}

static void import_any_file(struct importer *im, const char *path)
{
	if (has_suffix(path, ".h"))
		import_header(im, path);
	else
		import_file(im, path);
}

static int only_scripts(const struct dirent *e)
{
	return e->d_name[0] != '.' && (has_suffix(e->d_name, ".bt") || has_suffix(e->d_name, ".h"));
}

static void import_directory(struct importer *im, const char *path)
{
	struct dirent **list = NULL;
	int n = scandir(path, &list, only_scripts, alphasort);

	for (int i = 0; i < n; i++) {
		import_any_file(im, arena_printf(&im->c->arena, "%s/%s", path, list[i]->d_name));
		free(list[i]);
	}
	free(list);
}

// ---- where it is --------------------------------------------------------------------------

static const char *find_path(struct importer *im, const struct import_item *item, const char *dir,
			     const char **checked)
{
	const struct compile_options *o = im->c->options;
	struct arena *a = &im->c->arena;
	const char *path = *item->path == '/' ? item->path : arena_printf(a, "%s%s", dir, item->path);
	struct stat st;

	*checked = path;
	if (!stat(path, &st))
		return path;
	for (size_t i = 0; *item->path != '/' && i < o->include_dir_count; i++) {
		path = arena_printf(a, "%s/%s", o->include_dirs[i], item->path);
		*checked = arena_printf(a, "%s, %s", *checked, path);
		if (!stat(path, &st))
			return path;
	}
	return NULL;
}

// What bpftrace keeps in files of its own is always there in ours.
static bool is_builtin(const char *path)
{
	static const char *const known[] = {
	    "stdlib",
	    "stdlib/base.bpf.c",
	    "stdlib/map",
	    "stdlib/map/map.bpf.c",
	    "stdlib/process",
	    "stdlib/process/process.bpf.c",
	    "stdlib/strings",
	    "stdlib/strings/errors.h",
	    "stdlib/strings/signal.h",
	    "stdlib/strings/strings.bpf.c",
	    "stdlib/strings/strings.h",
	    "stdlib/strings/syscall.h",
	    "stdlib/system",
	    "stdlib/system/system.bpf.c",
	    "stdlib/task",
	    "stdlib/task/task.bpf.c",
	    "stdlib/task/vma.bpf.c",
	    "stdlib/test",
	    "stdlib/test/test.bpf.c",
	    "stdlib/usdt",
	    "stdlib/usdt/usdt.bpf.c",
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strcmp(known[i], path) == 0)
			return true;
	return false;
}

static void import_item(struct importer *im, const struct import_item *item, const char *dir)
{
	struct diag *d = &im->c->diag;
	const char *checked, *path = find_path(im, item, dir, &checked);
	struct stat st;

	if (!path && is_builtin(item->path))
		return;
	if (!path) {
		diag_error(d, item->span, "bad-import", "Unable to find suitable path for import");
		diag_hint(d, "checked: %s", checked);
	} else if (has_suffix(path, ".c")) {
		diag_error(d, item->span, "not-supported-yet",
			   "not supported yet: imports of C programs");
		diag_hint(d, "mtrace runs no C compiler: types and constants can be imported from "
			     "a header (.h), functions as macros of a script (.bt)");
	} else if (im->depth >= MAX_IMPORT_DEPTH) {
		diag_error(d, item->span, "bad-import", "imports are nested too deep");
	} else {
		im->depth++;
		if (!stat(path, &st) && S_ISDIR(st.st_mode))
			import_directory(im, path);
		else
			import_any_file(im, path);
		im->depth--;
	}
}

static void import_all(struct importer *im, const struct ast *from, const char *dir)
{
	for (size_t i = 0; i < from->imports.len; i++) {
		if (!im->depth)
			im->at = from->imports.data[i].span;
		import_item(im, &from->imports.data[i], dir);
	}
}

bool sema_imports(struct compiler *c, const char *script)
{
	size_t before = c->diag.error_count;
	struct importer im = {.c = c};
	struct ast own = c->ast;

	if (!own.imports.len)
		return true;
	c->ast = (struct ast){0};
	import_all(&im, &own, directory_of(&c->arena, script));
	append(&im, &own);
	intern_release(&im.seen);
	return c->diag.error_count == before;
}
