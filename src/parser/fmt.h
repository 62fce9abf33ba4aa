// fmt: private to the formatter, `--fmt`: the tree and the comments beside it, laid out again.
//
//	fmt.c          items and statements, a line each
//	fmt_expr.c     expressions: on the line if they fit, broken by kind if not
//	fmt_comment.c  comments and blank lines, which the tree does not have
//
// The layout is bpftrace's, except that comments stay where they were: behind a statement, or on
// lines of their own. Formatting what was formatted changes nothing.
#pragma once

#include "base/buf.h"
#include "base/source.h"
#include "parser/ast.h"

#define FMT_WIDTH 90 // columns of a line, without the semicolon or comma that ends it
#define FMT_INDENT 2

struct fmt_comment {
	uint32_t begin, end; // in the shared address space, as in spans
	bool alone;	     // first on its line
};

struct fmt {
	struct arena *arena;	  // borrowed
	const struct source *src; // borrowed
	const struct ast *ast;	  // borrowed
	struct buf *out;	  // borrowed
	unsigned indent;	  // columns
	ARENA_VEC(struct fmt_comment) comments;
	size_t next; // comment to be printed
	// An expression that is tried on one line.
	bool flat, overflow;
	size_t limit; // of out->len
};

void fmt_comments_find(struct fmt *f);
// Lines of their own: the comments that begin before the offset, and blank lines as they were.
void fmt_comments_before(struct fmt *f, uint32_t offset);
// What stands behind a statement that ended there, on the same line.
void fmt_comment_behind(struct fmt *f, uint32_t end);
bool fmt_has_comment_before(const struct fmt *f, uint32_t offset);
void fmt_blank_lines(struct fmt *f, uint32_t offset);

void fmt_newline(struct fmt *f); // and the indentation
void fmt_type(struct fmt *f, const struct type_expr *t);
// `tail`: columns that must stay free on the last line.
void fmt_expr(struct fmt *f, const struct expr *e, unsigned tail);
void fmt_operand(struct fmt *f, const struct expr *e,
		 unsigned tail); // in parentheses, unless an atom
// `if X`, `while X`
void fmt_condition(struct fmt *f, const struct expr *e);

// `value`: the trailing expression of a block that has one, else NULL. Body: the block of a probe,
// where nothing is a value.
void fmt_block(struct fmt *f, const struct block *b, const struct expr *value, bool body);
// Without its semicolon; on one line.
bool fmt_is_simple(const struct stmt *s);
void fmt_simple(struct fmt *f, const struct stmt *s);
