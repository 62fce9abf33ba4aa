// private: what the files of the parser room share. Nobody else includes this.
//
//	source text -> lexer.l (raw tokens) -> tokens.c (context) -> grammar.y -> build.c (nodes)
//
// The grammar is LALR(1) without conflicts because tokens.c settles what only context or
// a look further ahead can tell: attach point or C definition or keyword at the top level,
// division or end of predicate, statement or expression at `{` and `if`, cast or
// parenthesis, type or expression inside sizeof(), clause or return, comparison or end of
// a `< >` body.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"
#include "base/span.h"
#include "parser/ast.h"

// Brackets and bodies may nest this deep; see also AST_MAX_DEPTH.
#define LEXER_MAX_FRAMES 500
// Memory that the tree of one source may take: about two million statements.
#define PARSE_MAX_BYTES (256u << 20)

// ---- tokens.c ------------------------------------------------------------------------

enum frame_kind {
	FRAME_TOP,	 // between items; always the outermost
	FRAME_HEADER,	 // macro, fn, let, import, config: up to the body or the end
	FRAME_PREDICATE, // between two slashes
	FRAME_BODY,	 // { }
	FRAME_ANGLE,	 // < >
	FRAME_CONFIG,	 // config = { }
	FRAME_PAREN,
	FRAME_BRACKET,
};

struct frame {
	uint8_t kind;
	bool clauses; // body of a session probe: `entry {` and `return {` are clauses
	bool names;   // parenthesis of offsetof: names follow a comma
	bool cast;    // parenthesis around the type of a cast
	bool loop;    // parenthesis of a for: semicolons in it end no statement
	bool assigns; // body: the statement under way is more than an expression
	bool ternary; // body: it is an expression with a `?`
	int header;   // FRAME_HEADER: the keyword that opened it
};

struct token {
	int kind;
	struct span span;
};

// What the lexer does when the grammar meets a token that it can't use: hand out
// RESYNC where parsing can go on, then the tokens that follow it.
struct lexer {
	struct arena *arena;	  // borrowed
	const struct source *src; // borrowed
	struct diag *diag;	  // borrowed
	void *scanner;		  // the Flex scanner; owned
	size_t arena_start;	  // arena->total when parsing began
	size_t start, pos;	  // offsets in src of the last raw token's begin and end
	struct frame frames[LEXER_MAX_FRAMES];
	unsigned depth;	   // frames in use, at least 1
	bool closed_angle; // the last body ended with '>'
	bool closed_cast;  // the last ')' ended the type of a cast
	bool item_start;   // at the top level: no attach point of this item yet
	bool session;	   // the item has a session attach point
	bool stopped;	   // gave up: only END from now on
	bool too_deep;
	int prev; // kind of the token handed out last
	struct span prev_span;
	int before; // kind of the token before that
	struct span before_span;
	struct token queue[4]; // tokens to hand out before new ones
	unsigned queued;
	uint32_t error_at; // where the last error was reported
	bool had_error;
	bool unterminated; // a string ran to the end of its line: what follows is a guess
	// State before the token handed out last, for recovery.
	unsigned depth_before;
	struct frame frame_before;
};

void lexer_init(struct lexer *lx, struct arena *a, const struct source *src, struct diag *d);
void lexer_release(struct lexer *lx);
struct token lexer_next(struct lexer *lx);
// The grammar can't use the token handed out last. `insert` (a token kind or 0) was
// missing before it: parsing goes on as if it had been there.
void lexer_recover(struct lexer *lx, struct token bad, int insert);
void lexer_stop(struct lexer *lx);

// ---- lexer.l ---------------------------------------------------------------------------

bool scanner_open(struct lexer *lx);
void scanner_close(struct lexer *lx);
// The next raw token; moves lx->pos behind it. `top`: at the top level.
struct token scanner_next(struct lexer *lx, bool top);

// ---- lookahead.c: questions about the text from an offset on ------------------------------

// Bytes that a look ahead may read; longer constructs are not recognised.
#define LOOKAHEAD_LIMIT 4096

size_t skip_layout(const struct source *src, size_t pos); // blanks and comments
size_t skip_name(const struct source *src, size_t pos);
bool starts_name(const struct source *src, size_t pos);
int char_at(const struct source *src, size_t pos); // -1 past the end
// pos is behind a '('.
bool looks_like_cast(const struct source *src, size_t pos);
bool looks_like_type(const struct source *src, size_t pos);
// What stands at the top level at pos: its token kind and length. Never 0 bytes long.
struct top_word {
	int kind;
	size_t len;
};
struct top_word scan_top_word(const struct source *src, size_t pos, bool item_start);

// ---- literal.c ---------------------------------------------------------------------------

struct parse;
void literal_int(struct parse *ps, struct expr *e);    // e->span covers it
void literal_string(struct parse *ps, struct expr *e); // with the quotes

// ---- attach_point.c -----------------------------------------------------------------------

struct point_list {
	ARENA_VEC(struct attach_point *) points;
	const char *name; // `name=` prefix
};
bool provider_takes_path(const char *text, size_t len);
bool provider_is_session(const char *text, size_t len);
void point_add(struct parse *ps, struct point_list *list, struct span span);

// ---- syntax_error.c -----------------------------------------------------------------------

#define EXPECTED_MAX 200
// Says what is wrong; returns the token kind whose insertion would mend it, or 0.
int report_syntax_error(struct parse *ps, struct token bad, const int *expected, int count);
const char *token_spelling(int token); // grammar.y

// ---- build.c: one function per thing that the grammar recognises ----------------------------

// Parts of a script, in their order: config and imports may be mixed.
enum section { SECTION_C, SECTION_CONFIG, SECTION_IMPORTS, SECTION_REST };

struct parse {
	struct arena *arena;
	const struct source *src;
	struct diag *diag;
	struct ast *ast;
	struct lexer lexer;
	enum section section; // of the item before
};

// A growing list on its way through the grammar.
struct expr_list {
	expr_vec items;
};
struct record_list {
	ARENA_VEC(struct field_init) items;
};
struct path_list {
	ARENA_VEC(const char *) items;
};
struct type_list {
	ARENA_VEC(struct type_expr *) items;
};
struct param_list { // of a subprogram
	ARENA_VEC(struct subprog_param) items;
};
struct macro_list {
	ARENA_VEC(struct macro_param) items;
};

struct source_text {
	const char *data;
	size_t len;
};
struct source_text span_text(const struct parse *ps, struct span span);
char *span_string(struct parse *ps, struct span span, size_t skip); // without the first bytes
// A string literal's value; NUL bytes in it end the result.
char *span_literal(struct parse *ps, struct span span);

// Give a finished node its depth; too deep a tree ends the parse with an error.
struct expr *expr_done(struct parse *ps, struct expr *e);
struct stmt *stmt_done(struct parse *ps, struct stmt *s);
struct block *block_done(struct parse *ps, struct block *b);
struct type_expr *type_done(struct parse *ps, struct type_expr *t);

struct expr *build_int(struct parse *ps, struct span at);
struct expr *build_string(struct parse *ps, struct span at);
struct expr *build_bool(struct parse *ps, struct span at, bool value);
struct expr *build_param(struct parse *ps, struct span at);
struct expr *build_ident(struct parse *ps, struct span at);
struct expr *build_var(struct parse *ps, struct span at);
struct expr *build_map(struct parse *ps, struct span at, struct span name, struct expr_list *keys);
struct expr *build_call(struct parse *ps, struct span at, struct span name, struct expr_list *args);
struct expr *build_unary(struct parse *ps, struct span at, enum unary_op op, struct expr *x);
struct expr *build_incdec(struct parse *ps, struct span at, bool prefix, bool decrement,
			  struct expr *x);
struct expr *build_binary(struct parse *ps, struct span op_at, enum binary_op op, struct expr *left,
			  struct expr *right);
struct expr *build_ternary(struct parse *ps, struct expr *cond, struct expr *yes, struct expr *no);
struct expr *build_cast(struct parse *ps, struct span at, struct type_expr *to, struct expr *x);
struct expr *build_field(struct parse *ps, struct expr *object, struct span name, bool arrow);
struct expr *build_tuple_get(struct parse *ps, struct expr *object, struct span index);
struct expr *build_index(struct parse *ps, struct span at, struct expr *object, struct expr *index);
struct expr *build_parens(struct parse *ps, struct span at, struct expr *x);
struct expr *build_tuple(struct parse *ps, struct span at, struct expr_list *items);
struct expr_list *prepend_arg(struct parse *ps, struct expr *first, struct expr_list *rest);
struct expr *build_record(struct parse *ps, struct span at, struct record_list *items);
struct expr *build_type_query(struct parse *ps, struct span at, enum expr_kind kind,
			      struct type_expr *type, struct expr *x, struct path_list *path);
struct expr *build_comptime(struct parse *ps, struct span at, struct expr *x);
struct expr *build_block_expr(struct parse *ps, struct block *b);
struct expr *build_if_expr(struct parse *ps, struct stmt *branch);

struct stmt *build_expr_stmt(struct parse *ps, struct expr *x);
struct stmt *build_terminated(struct stmt *s, struct span semicolon);
struct stmt *build_assign(struct parse *ps, struct span at, struct expr *target, int op,
			  struct span op_at, struct expr *value); // op: enum binary_op, -1 for plain `=`
struct stmt *build_let(struct parse *ps, struct span at, struct span name, struct type_expr *type,
		       struct expr *value);
struct stmt *build_branch(struct parse *ps, struct span at, struct expr *cond, struct block *yes,
			  struct stmt *no);
struct stmt *build_loop(struct parse *ps, struct span at, enum stmt_kind kind, struct expr *cond,
			struct block *body);
struct stmt *build_for(struct parse *ps, struct span at, struct span name, struct expr *from,
		       struct expr *to, struct block *body);
struct stmt *build_return(struct parse *ps, struct span at, struct expr *value);
struct stmt *build_block_stmt(struct parse *ps, struct span at, enum stmt_kind kind,
			      struct block *b);
struct stmt *build_import_stmt(struct parse *ps, struct span at, struct span path);

struct block *block_start(struct parse *ps);
void block_add(struct parse *ps, struct block *b, struct stmt *s);
struct block *block_finish(struct parse *ps, struct block *b, struct stmt *last, struct span at);

struct type_expr *build_type(struct parse *ps, struct span at, enum type_expr_kind kind,
			     struct span name);
struct type_expr *build_type_of(struct parse *ps, struct span at, enum type_expr_kind kind,
				struct type_expr *elem, struct expr *x);
struct type_expr *build_tuple_type(struct parse *ps, struct span at, struct type_list *members);

void enter_config(struct parse *ps, struct span word);
void add_c_item(struct parse *ps, struct span at);
void add_config(struct parse *ps, struct span at, struct span name, struct expr *value);
void add_import(struct parse *ps, struct span at, struct span path);
void add_map_decl(struct parse *ps, struct span at, struct span name, struct span kind,
		  struct expr *max_entries);
void add_macro(struct parse *ps, struct span at, struct span name, struct macro_list *params,
	       struct block *body);
void add_macro_param(struct parse *ps, struct macro_list *list, struct span at, int kind);
void add_subprog(struct parse *ps, struct span at, struct span name, struct param_list *params,
		 struct type_expr *returns, struct block *body);
void add_subprog_param(struct parse *ps, struct param_list *list, struct span at, struct span name,
		       struct type_expr *type);
void add_probe(struct parse *ps, struct span at, struct point_list *points, struct expr *predicate,
	       struct block *body);
void add_record_item(struct parse *ps, struct record_list *list, struct span name,
		     struct expr *value);
