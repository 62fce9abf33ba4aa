// read_script: the text of the script, from -e, a file or standard input.
#pragma once

#include "base/buf.h"

struct options;

#define SCRIPT_MAX_BYTES (64u << 20)

// Fills *text and the name that messages show. 0, or -1 after log_error.
int read_script(const struct options *o, struct buf *text, const char **name);
