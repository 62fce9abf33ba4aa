// iterate: reads what an iter probe prints, to its end.
#pragma once

#include <stdbool.h>

struct output;
struct program;
struct tracer;

bool has_iterator(const struct program *p);
// Prints it all, or where it is pinned. `stop` is looked at between reads. 0, or -1 after
// log_error.
int iterate(const struct program *p, struct tracer *t, struct output *o, volatile const bool *stop);
