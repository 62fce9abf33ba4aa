// fuzz_parse: any bytes are a script; the parser must end, with or without errors, and what
// it returns must print and copy. Run by tests/fuzz/run.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/source.h"
#include "parser/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Every node must have a span inside the text and a depth below the bound.
struct bounds {
	uint32_t end;
};

static bool check_expr(void *ctx, struct expr *e)
{
	const struct bounds *b = ctx;

	if (e->span.begin > e->span.end || e->span.end > b->end || e->depth >= AST_MAX_DEPTH)
		abort();
	return true;
}

static bool check_stmt(void *ctx, struct stmt *s)
{
	const struct bounds *b = ctx;

	if (s->span.begin > s->span.end || s->span.end > b->end || s->depth >= AST_MAX_DEPTH)
		abort();
	return true;
}

static void check_probes(struct arena *a, const struct ast *ast, uint32_t end)
{
	struct bounds bounds = {end};
	struct ast_visitor v = {check_expr, check_stmt, &bounds};

	for (size_t i = 0; i < ast->probes.len; i++) {
		struct probe *p = ast->probes.data[i];
		struct buf one = {0}, two = {0};

		expr_walk(p->predicate, &v);
		block_walk(p->body, &v);
		block_print(p->body, 0, false, &one);
		block_print(block_clone(a, p->body), 0, false, &two);
		if (strcmp(buf_str(&one), buf_str(&two)) != 0)
			abort();
		buf_release(&one);
		buf_release(&two);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct sources sources = {.arena = &arena};
	struct diag diag = {.arena = &arena, .sources = &sources};
	struct ast ast = {0};
	struct buf out = {0};
	const struct source *src = sources_add(&sources, "stdin", (const char *)data, size);
	bool ok = parse_source(&arena, src, &diag, &ast);
	FILE *sink = fmemopen(NULL, 1 << 20, "w");

	if (ok != !diag_failed(&diag))
		abort();
	check_probes(&arena, &ast, (uint32_t)size + 1);
	ast_print(&ast, &out);
	if (sink) {
		diag_flush(&diag, sink, false);
		fclose(sink);
	}
	buf_release(&out);
	arena_release(&arena);
	return 0;
}
