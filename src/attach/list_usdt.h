// list_usdt: for -l and -lv, the USDT probes of programs and libraries.
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"

// The parts as written, NULL where there are none: PATH, PATH:NAME, PATH:PROVIDER:NAME, with a
// pid also NAME. Prints each probe once, sorted; verbose: its arguments, "    int32 arg0".
void list_usdt(struct arena *a, const char *first, const char *second, const char *third, int pid,
	       bool verbose, FILE *out);
