// attached: how many probes "Attached N probes" says.
#pragma once

struct compiler;
struct tracer;

// Of a script whose probes are attached.
unsigned attached_count(const struct compiler *c, const struct tracer *tracer);
