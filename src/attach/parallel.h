// parallel: the same call for many things, by several threads. What the kernel makes a caller
// wait for (grace periods) overlaps that way. Private to attach.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Calls fn(ctx, i) for each i < count, in no order, from `threads` threads at most, of which one
// is the caller's (`caller`: this is it; it owns the terminal). Ends early when fn returns false.
void parallel_each(size_t count, unsigned threads, bool (*fn)(void *ctx, size_t i, bool caller),
		   void *ctx);
