// script_tests: runs the test and bench probes of a script.
#pragma once

struct output;
struct program;
struct tracer;

// Both print what came of it. Exit status: 0, or 1 when one of them failed.
int script_tests_run(const struct program *p, struct tracer *t, struct output *o);
int script_benches_run(const struct program *p, struct tracer *t, struct output *o);
