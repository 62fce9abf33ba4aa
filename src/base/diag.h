// diag: what the compiler says about the user's script.
//
// Errors and warnings are collected, sorted by nothing (order of reporting), and
// printed as
//
//	stdin:1:9-12: ERROR: Unknown function: 'pritn' [unknown-function]
//	BEGIN { pritn("x") }
//	        ~~~~~
//	HINT: did you mean 'printf'?
//
// What stands in a macro is followed by the calls that expanded it ("expanded from").
//
// A compilation goes on after an error wherever it can, so that one run reports
// several. At most DIAG_MAX_ERRORS errors are kept; the rest are counted.
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/source.h"

#define DIAG_MAX_ERRORS 20

enum diag_level { DIAG_ERROR, DIAG_WARNING };

struct diag_entry {
	enum diag_level level;
	struct span span;
	const char *tag;  // "type-mismatch": stable, greppable, tested
	const char *text; // one sentence, no newline
	const char *note; // second place ("previous definition"), or NULL
	struct span note_span;
	const char *hint; // or NULL
};

struct diag {
	struct arena *arena;	       // borrowed
	const struct sources *sources; // borrowed
	ARENA_VEC(struct diag_entry) entries;
	size_t error_count;   // all of them, kept or not
	bool warnings_off;    // --no-warnings
	size_t printed;	      // entries already flushed
	size_t kept[2];	      // entries kept, by level
	size_t dropped;	      // errors not kept and not yet confessed to by diag_flush
	bool last_dropped;    // the entry reported last was not kept: its hint isn't either
};

void diag_error(struct diag *d, struct span at, const char *tag, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void diag_warn(struct diag *d, struct span at, const char *tag, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
// Add to the entry reported last.
void diag_hint(struct diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void diag_note(struct diag *d, struct span at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool diag_failed(const struct diag *d); // any error so far?
// A sentence about a place in a script, said at run time, in the same form: "stdin:1:9-12:
// WARNING: text", `more` (a line of its own, or NULL), the script's line with the span underlined.
void diag_show(struct buf *out, const struct sources *sources, struct span at, const char *text,
	       const char *more, bool colour);
// What the script itself says from a place in it (errorf, assert): n bytes as they are, a newline
// at the end; with `lines`, those of the script below it. The calls of macros follow.
void diag_message(struct buf *out, const struct sources *sources, struct span at,
		  enum diag_level level, const char *text, size_t n, bool lines);
// Print what has not been printed yet. Colour only when asked for.
void diag_flush(struct diag *d, FILE *out, bool colour);
