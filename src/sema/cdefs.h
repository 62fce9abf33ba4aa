// cdefs: the C in a script: #define and conditionals, #include, struct, union, enum, typedef.
// Read once, before expand; afterwards names are looked up here before the kernel's BTF.
//
// sema_cdefs (sema.h) fills c->cdefs; NULL when the script has no C.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "compiler.h"

struct expr;
struct type;

// "struct X", "union X", "enum X" or a typedef's name. NULL: the script has none.
struct type *cdefs_find_type(struct compiler *c, const char *name);
// A constant of an enum: its type, or NULL.
struct type *cdefs_constant(struct compiler *c, const char *name, int64_t *value);

// A name used as a macro. In: name. Out: a fresh expression of the script in value, or NULL and
// why not.
struct cdefs_use {
	const char *name;
	struct expr *value;
	unsigned depth;	    // of value
	const char *problem, *text; // "unable to ...", the macro's text
	struct span defined;
};
// False: it is no macro with a value. After the value was resolved, cdefs_macro_done: within
// itself a macro is not expanded.
bool cdefs_macro(struct compiler *c, struct cdefs_use *use);
void cdefs_macro_done(struct compiler *c, const struct cdefs_use *use);
bool cdefs_is_macro(struct compiler *c, const char *name);

// A name was found nowhere. True: the included headers have now been read thoroughly (by
// libclang), and looking it up again is worth it.
bool cdefs_deepen(struct compiler *c);
// Behind an error about an unknown name: what could have told.
void cdefs_hint_missing(struct compiler *c);
void cdefs_release(struct compiler *c);
