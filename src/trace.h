// trace: the privileged half: load, attach, run, report.
#pragma once

#include <stdbool.h>

#include "child.h"
#include "compiler.h"

struct options;

struct trace {
	const struct options *options; // borrowed
	struct child child;
	struct unwinder *unwinder; // NULL: the script has no dw_ustack
	struct tracer *tracer;	   // borrowed, while it runs
};

#define TRACE_NONE {.child = CHILD_NONE}

// Catch signals, start the -c child (held). Returns an exit status, STATUS_DONE to go on.
int trace_prepare(struct trace *t, const struct options *o);
// Generate, load and run a checked program. Returns the exit status; *again is set when the
// kernel refused a mechanism that has now been struck from c->features.
int trace_script(struct trace *t, struct compiler *c, bool *again);
void trace_finish(struct trace *t); // ends the child
