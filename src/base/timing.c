// timing: see timing.h. Refuses nothing; more passes than the table holds are not recorded.
#include "base/timing.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#define MAX_PASSES 32

static struct {
	bool on;
	uint64_t last; // ns
	size_t count;
	struct {
		const char *name;
		uint64_t ns;
	} passes[MAX_PASSES];
} timing;

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

void timing_start(void)
{
	timing.on = true;
	timing.last = now();
}

void timing_mark(const char *pass)
{
	uint64_t t;
	size_t i = 0;

	if (!timing.on)
		return;
	t = now();
	while (i < timing.count && strcmp(timing.passes[i].name, pass) != 0)
		i++;
	if (i < MAX_PASSES) {
		timing.count += i == timing.count;
		timing.passes[i].name = pass;
		timing.passes[i].ns += t - timing.last;
	}
	timing.last = now();
}

void timing_print(FILE *out)
{
	uint64_t all = 0;

	for (size_t i = 0; i < timing.count; i++) {
		fprintf(out, "%-10s %9.3f ms\n", timing.passes[i].name,
			(double)timing.passes[i].ns / 1e6);
		all += timing.passes[i].ns;
	}
	fprintf(out, "%-10s %9.3f ms\n", "total", (double)all / 1e6);
}
