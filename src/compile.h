// compile: the unprivileged half of the pipeline, script text to object.
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "compiler.h"

// How far to go.
enum compile_until {
	COMPILE_PARSE, // -d ast
	COMPILE_PLAN,  // -d plan, --explain
	COMPILE_CHECK, // -d typed
	COMPILE_OBJECT,
};

// Runs the stages on a zeroed struct compiler whose options and features are set. Diagnostics
// are in c->diag. Returns false when a stage failed.
bool compile_front(struct compiler *c, const char *name, const struct buf *text,
		   enum compile_until until);
// Only parses, without imports, and prints the script formatted. False after an error.
bool compile_format(struct compiler *c, const char *name, const struct buf *text, struct buf *out);
void compiler_release(struct compiler *c);
// 1 for an error in the script, 2 when what it names is not there to be attached to.
int compile_failure_status(const struct compiler *c);
