// sema: from the script as written to a checked program. The verbs are called in this
// order by driver.c; each returns false when the compilation cannot go on (the reasons are
// in c->diag).
#pragma once

#include <stdbool.h>

#include "compiler.h"

// config block and environment -> c->program.config. Unknown names are errors with a hint.
bool sema_config(struct compiler *c);

// What the script imports becomes part of the AST, before the script's own parts. imports.c
bool sema_imports(struct compiler *c, const char *script);

// macros, comptime: afterwards the AST has none of them. (Macro expansion works on
// clones; spans stay those of the macro's text, notes name the call.)
bool sema_macros(struct compiler *c);

// Refuses scripts with too many probes, attach points, maps or elements of a list. limits.c
bool sema_limits(struct compiler *c);

// C in the script (#define, #include, struct ...) -> c->cdefs. cdefs.c
bool sema_cdefs(struct compiler *c);

// Attach points -> units with targets: globs over paths and functions are expanded, targets
// of one address are merged, what cannot be attached is set aside. A block's points of one
// probe type form one unit. With options->check_only, user and kernel targets are not looked
// up (a unit then has one made-up target per attach point). expand.c
bool sema_expand(struct compiler *c);

// Names, types, maps, events, sessions: see the [check] fields of ast.h. Needs mechanisms
// (attach/plan.h) to be decided. check.c
bool sema_check(struct compiler *c);

// One of the rows that `-d plan` and --explain share: how the unit keeps its session state.
const char *session_storage_name(enum session_storage s);
