// parser: script text in, struct ast out. Covers the whole language of LANGUAGE.md; what
// has no meaning yet is refused later, in sema.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"
#include "parser/ast.h"

// Parses one source file into *ast (appending: imports are parsed into the same one).
// Syntax errors go to d; parsing resumes at the next statement or probe, so what comes
// back may be partial. True when there were none.
bool parse_source(struct arena *a, const struct source *src, struct diag *d, struct ast *ast);

// A number as a script writes it (0x10, 0b11, 010, 1_000, 1e6, 5ms, 7ull), all of `text`; an
// underscore may end the digits. False: it is none.
bool literal_number(const char *text, uint64_t *value);

// One attach point alone, as `-l` takes it; the whole source is its text. NULL on error.
struct attach_point *parse_attach_point(struct arena *a, const struct source *src, struct diag *d);

struct buf;
// The script formatted, comments and all, for `--fmt`; of a source that parsed without errors.
void fmt_script(struct arena *a, const struct source *src, const struct ast *ast, struct buf *out);
// The tree as indented text, one node a line, for `-d ast` and, with types, `-d typed`.
void ast_print(const struct ast *ast, struct buf *out);
void block_print(const struct block *b, int indent, bool types, struct buf *out);
void expr_print(const struct expr *e, int indent, bool types, struct buf *out);
void stmt_print(const struct stmt *s, int indent, bool types, struct buf *out);
