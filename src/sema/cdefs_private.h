// cdefs_private: what the files that read C share: c_preprocess, c_expr, c_layout, c_parse, c_clang,
// cdefs.
#pragma once

#include "sema/c_token.h"
#include "sema/cdefs.h"
#include "sema/lazy_type.h"
#include "type.h"

#define C_MAX_TOKENS (1u << 20) // of everything that is read, headers included
#define C_MAX_DEPTH 64		// of what nests: includes are bounded by C_MAX_INCLUDES
#define C_MAX_EXPANSIONS 65536 // of macros in the script
#define C_MAX_INCLUDES 32
#define C_MAX_FILES 512
#define C_MAX_TYPE_SIZE (1u << 28)

// name -> thing, open addressing, in the arena.
struct c_table {
	struct c_entry {
		const char *name;
		void *value;
	} *slots;
	size_t count, used;
};

void *c_table_find(const struct c_table *t, const char *name, size_t len);
void *c_table_get(const struct c_table *t, const char *name);
void c_table_set(struct arena *a, struct c_table *t, const char *name, void *value);

struct c_macro {
	const char *name;
	struct span span;   // of the name
	c_token_vec body;
	struct span text;   // of the body
	bool is_function;   // takes arguments
	bool undefined;	    // by #undef: gone for C, a constant of the script still (as in bpftrace)
	bool busy;	    // being expanded
	bool predefined;
};

struct c_tag { // also a typedef
	struct type *type;
	struct span span;
	bool defined, quiet;
};

struct c_constant {
	struct type *type;
	int64_t value;
	struct span span;
};

struct cdefs {
	struct type_source pub; // first: cast from struct type_source
	struct compiler *c;
	struct arena *arena;
	struct c_table macros, tags, typedefs, constants;
	ARENA_VEC(struct c_tag *) defined; // structs and unions of the script itself
	unsigned open, open_depth, expansions; // of macros in the script
	uint64_t anonymous;		   // ids of types without a name
	bool has_headers;		   // something was included that is only skimmed
	bool limited; // a limit of the own reader was hit: libclang has none
	bool clang_tried;
	struct c_clang *clang; // c_clang.h; NULL: not needed
};

// False when nothing is to be said (a quiet token) or the message was not kept.
bool c_error(struct cdefs *d, const struct c_token *t, const char *tag, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
bool c_has_btf(struct cdefs *d);

// c_preprocess.c: all C of the script, macros expanded. Ends with a C_END token.
c_token_vec c_preprocess(struct cdefs *d);
// "NAME text", as behind a #define.
void c_define_text(struct cdefs *d, const char *text);
const char *c_token_name(struct arena *a, const struct c_token *t);

// c_expr.c: integer constant expressions. In the preprocessor (parser NULL) unknown names are 0.
struct c_parser;
struct c_cursor {
	struct cdefs *d;
	const struct c_token *at; // the last one is C_END
	struct c_parser *parser;
	unsigned depth;
	bool failed;
};
int64_t c_evaluate(struct c_cursor *cursor);

// c_parse.c: declarations become entries of d's tables.
void c_parse(struct cdefs *d, const c_token_vec *tokens);
// For c_expr: a type name in parentheses at the cursor ("(int)" -> int); NULL: it is none.
struct type *c_parse_type_name(struct c_parser *p, struct c_cursor *cursor);

// c_layout.c: where members lie.
struct c_attributes {
	bool packed;
	uint32_t align; // 0: none asked for
};

struct c_layout {
	struct arena *arena;
	struct type *type; // being made
	ARENA_VEC(struct type_field) fields;
	uint64_t bits; // end of the last member
	uint64_t max_bits;
	uint32_t align;
	bool packed;
};

// name NULL: anonymous; width -1: not a bitfield.
void c_layout_member(struct c_layout *l, const char *name, struct type *t, int width,
		     const struct c_attributes *attributes);
bool c_layout_finish(struct c_layout *l, const struct c_attributes *attributes);
