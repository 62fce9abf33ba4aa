// c_token: the tokens of C text in scripts and headers. Spans point into the text that the user
// wrote (a token made by a macro has the span of the macro's use).
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/source.h"

enum c_token_kind { C_END, C_NAME, C_NUMBER, C_STRING, C_CHAR, C_PUNCT };

struct c_token {
	enum c_token_kind kind;
	bool line_start; // first of its line
	bool spaced;	 // blanks before it
	bool quiet;	 // from a system header: nothing is said about it
	struct span span;
	const char *text; // borrowed from the source
	size_t len;
};

typedef ARENA_VEC(struct c_token) c_token_vec;

struct c_lexer {
	const struct source *source;
	size_t pos, end; // in source->text
	bool line_start;
	bool one_line; // a newline ends it
	bool quiet;
};

// C_END at the end, for ever.
struct c_token c_next(struct c_lexer *lx);
bool c_is(const struct c_token *t, const char *text); // a name or punctuation, spelled so
bool c_is_keyword(const struct c_token *t);	      // a word of C, which names nothing
