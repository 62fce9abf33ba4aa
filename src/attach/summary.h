// summary: what was attached, in one line.
#pragma once

#include "base/buf.h"
#include "program.h"

void summary_print(const struct program *p, unsigned links, struct buf *out);
