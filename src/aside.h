// aside: BEGIN and END, which the kernel runs in one call.
#pragma once

struct output;
struct program;
struct tracer;

// Calls run(t), which is tracer_run_begin or tracer_run_end, and returns what it does. What the
// programs send is there for output_drain() afterwards, also when it is more than the ring buffer
// holds.
int run_aside(const struct program *p, struct tracer *t, struct output *o,
	      int (*run)(struct tracer *t));
