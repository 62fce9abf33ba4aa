// format: printf format strings, taken apart. Conversions: d i u o x X c s p r rx rh gr, flags
// - + space # 0 ', width, precision, lengths hh h l ll j z t. Types are check_output.c's business.
#pragma once

#include "base/arena.h"
#include "program.h"

// Fills out->pieces; conversion n prints argument n. Text that only looks like a conversion
// ("%q", a lone "%") stays text, as in bpftrace. Returns the number of conversions, or -1 with
// *bad set to the offending conversion (floats).
int format_parse(struct arena *a, const char *text, size_t len, struct format *out,
		 const char **bad);
