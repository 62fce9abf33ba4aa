// check_fixture: a script through parse, config, macros, expand and check, without a kernel:
// no target is looked up, and the test says which mechanism every unit has.
#pragma once

#include <stdlib.h>

#include "compile.h"
#include "base/buf.h"
#include "parser/parser.h"
#include "sema/sema.h"
#include "test.h"

struct fixture {
	struct compile_options options;
	struct compiler c;
	enum mechanism mech; // of uprobe sessions; MECH_NONE: as a native session
	bool ok;
};

static inline void fixture_mechanism(struct fixture *f)
{
	for (size_t i = 0; i < f->c.program.units.len; i++) {
		struct unit *u = f->c.program.units.data[i];

		u->mech = f->mech ? f->mech : MECH_UPROBE_SESSION;
		u->session.emulated =
		    u->mech == MECH_UPROBE_MULTI_PAIR || u->mech == MECH_UPROBE_PERF_PAIR;
		u->session.native_cookie = u->mech == MECH_UPROBE_SESSION;
	}
}

static inline void fixture_check(struct fixture *f, const char *script)
{
	const struct source *src;

	f->options.check_only = true;
	f->options.root = "/";
	f->c.options = &f->options;
	f->c.sources.arena = f->c.diag.arena = &f->c.arena;
	f->c.diag.sources = &f->c.sources;
	program_init(&f->c.program, &f->c.arena);
	src = sources_add(&f->c.sources, "stdin", script, strlen(script));
	f->ok = parse_source(&f->c.arena, src, &f->c.diag, &f->c.ast) && sema_config(&f->c) &&
		sema_macros(&f->c) && sema_cdefs(&f->c) && sema_expand(&f->c);
	if (!f->ok)
		return;
	fixture_mechanism(f);
	f->ok = sema_check(&f->c);
}

static inline void fixture_release(struct fixture *f)
{
	compiler_release(&f->c);
	*f = (struct fixture){0};
}

// Checks the script and that it was accepted.
static inline bool fixture_accepts(struct fixture *f, const char *script)
{
	fixture_check(f, script);
	if (CHECK(f->ok))
		return true;
	printf("  script: %s\n", script);
	diag_flush(&f->c.diag, stdout, false);
	return false;
}

static inline const struct diag_entry *fixture_first(const struct fixture *f)
{
	return f->c.diag.entries.len ? &f->c.diag.entries.data[0] : NULL;
}

static inline struct map_def *fixture_map(struct fixture *f, const char *name)
{
	for (size_t i = 0; i < f->c.program.maps.len; i++)
		if (strcmp(f->c.program.maps.data[i]->name, name) == 0)
			return f->c.program.maps.data[i];
	printf("no map @%s\n", name);
	abort();
}
