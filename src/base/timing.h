// timing: how long each pass took, for -d timing. One record for the process; until it is turned on
// a mark costs a branch.
#pragma once

#include <stdio.h>

void timing_start(void);
// The time since the last mark was spent in this pass (a string literal). Passes that come again
// are added up.
void timing_mark(const char *pass);
//	parse           0.12 ms
void timing_print(FILE *out);
