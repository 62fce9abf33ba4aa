// c_parse: private to c_parse.c (declarations) and c_types.c (what a type is made of).
#pragma once

#include "sema/cdefs_private.h"

struct c_parser {
	struct cdefs *d;
	const struct c_token *at; // the last one is C_END
	unsigned depth;
};

struct c_specifiers {
	struct type *type; // NULL after an error
	bool is_typedef;
	bool had_body; // struct X { ... }
	const struct c_token *storage; // "static", "auto" ...; NULL: none
	struct c_attributes attributes;
};

struct c_declarator {
	struct c_token name; // C_END: none
	struct type *type;
	bool is_function;
};

bool c_accept(struct c_parser *p, const char *text);
void c_skip_balanced(struct c_parser *p); // at an opening bracket
void c_skip_attributes(struct c_parser *p, struct c_attributes *a);
// False, with an error reported, when this is no type.
bool c_parse_specifiers(struct c_parser *p, struct c_specifiers *s);
bool c_parse_declarator(struct c_parser *p, struct type *base, struct c_declarator *out);
bool c_starts_type(struct c_parser *p, const struct c_token *t);
// What `struct X` is by now; a value of it is about to be needed.
bool c_complete(struct c_parser *p, struct type *t, const struct c_token *at);

// One level deeper; false, with an error, where `what` ("declaration") is too deep. libclang is
// not asked then: it walks nested structs in exponential time.
bool c_deepen(struct c_parser *p, const struct c_token *at, const char *what);
// `enum X { A, B = 2 }`, `struct X { ... }` from the keyword on (c_struct.c).
struct type *c_parse_tagged(struct c_parser *p, bool *had_body);
// char, of which arrays are strings.
extern struct type c_char;
