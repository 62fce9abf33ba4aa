// ast_print: what its halves share: expressions and types here, statements and the whole there.
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "parser/parser.h"

struct printer {
	struct buf *out;
	bool types; // of expressions, too
};

// Each writes whole lines, or with put_indent, put_text and put_type a part of one; NULL is fine
// for an expression. indent: in steps of two columns.
void ast_put_indent(struct printer *p, int indent);
void ast_put_line(struct printer *p, int indent, const char *text);
void ast_put_text(struct printer *p, const char *s); // quoted
void ast_put_type(struct printer *p, const struct type_expr *t);
void ast_put_type_exprs(struct printer *p, const struct type_expr *t, int indent);
void ast_put_expr(struct printer *p, const struct expr *e, int indent);
void ast_put_stmt(struct printer *p, const struct stmt *s, int indent);
void ast_put_block(struct printer *p, const struct block *b, int indent);
