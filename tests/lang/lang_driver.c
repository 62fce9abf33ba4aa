// lang_driver: a script comes in by name, its tree leaves on stdout (exit 0), or what is
// wrong with it (exit 1). The parser alone: no kernel, no privileges, no checking.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/diag.h"
#include "base/source.h"
#include "parser/parser.h"

static bool read_file(const char *path, struct buf *out)
{
	_cleanup_fclose_ FILE *f = fopen(path, "rb");
	char chunk[65536];
	size_t n;

	if (!f)
		return false;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_append(out, chunk, n);
	return !ferror(f);
}

static int run(const char *path, bool quiet)
{
	struct arena arena = {0};
	struct sources sources = {.arena = &arena};
	struct diag diag = {.arena = &arena, .sources = &sources};
	struct ast ast = {0};
	struct buf text = {0}, out = {0};
	const struct source *src;
	bool ok;

	if (!read_file(path, &text)) {
		fprintf(stderr, "lang_driver: can't read %s\n", path);
		return 2;
	}
	src = sources_add(&sources, "stdin", buf_str(&text), text.len);
	ok = src && parse_source(&arena, src, &diag, &ast);
	if (ok && !quiet)
		ast_print(&ast, &out);
	fwrite(buf_str(&out), 1, out.len, stdout);
	diag_flush(&diag, stdout, false);
	if (quiet)
		printf("%zu bytes in the arena\n", arena.total);
	buf_release(&out);
	buf_release(&text);
	arena_release(&arena);
	return !ok;
}

int main(int argc, char **argv)
{
	bool quiet = argc == 3 && strcmp(argv[1], "-q") == 0;

	if (argc != 2 && !quiet) {
		fprintf(stderr, "usage: lang_driver [-q] FILE\n");
		return 2;
	}
	return run(argv[argc - 1], quiet);
}
