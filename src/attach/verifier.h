// verifier: what a refused program's log says, in a form that can be shown to the author of
// a script: the last message, and the script's own line that it is about.
#pragma once

#include <stddef.h>

#include "base/diag.h"
#include "base/span.h"
#include "program.h"

struct verifier_report {
	char message[256]; // "invalid access to map value, value_size=8 off=8 size=8"; "" if none
	char line[512];	   // the script's line as the log quotes it; "" if none
	char file[256];	   // from "@ file:line" (6.10+); "" if the kernel does not say
	unsigned line_no;
};
void verifier_read(const char *log, struct verifier_report *out);

// Where that line is in the script; `fallback` when it cannot be told.
struct span verifier_span(const struct verifier_report *r, const struct sources *sources,
			  struct span fallback);
// A sentence of advice for messages that scripts can do something about, or NULL.
const char *verifier_hint(const char *message);
