// resolve: how long a wildcard over kernel functions takes until its plan stands.
//
//	resolve ROOT SCRIPT [RUNS [FEATURE...]]
//
// Enters: the root of a kernel's files (proc/kallsyms, sys/kernel/tracing, sys/kernel/btf) as
// bench/kernel_tree makes them or as they were copied from a guest. Leaves: one line: targets,
// units, the best and the middle time of the runs. Everything between the text of the script
// and the plan is in it: the files are read, joined, looked up in BTF each time. Refuses a
// script with errors.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "compile.h"
#include "sys/features.h"

enum { RUNS_DEFAULT = 20, RUNS_MAX = 1000 };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct result {
	double ms;
	size_t targets, units, set_aside;
};

static bool resolve(const char *root, const char *script, uint32_t assumed, struct result *out)
{
	struct features features = {.fake = true, .assumed = assumed};
	struct compile_options options = {.root = root};
	struct compiler c = {.options = &options, .features = &features};
	_cleanup_(buf_release) struct buf text = {0};

	buf_puts(&text, script);
	double start = now_ms();
	bool ok = compile_front(&c, "bench", &text, COMPILE_PLAN);
	*out = (struct result){now_ms() - start, c.program.targets.len, c.program.units.len,
			       c.program.set_asides.len};
	diag_flush(&c.diag, stderr, false);
	compiler_release(&c);
	return ok;
}

int main(int argc, char **argv)
{
	double times[RUNS_MAX];
	uint32_t assumed = 0;
	struct result r = {0};
	enum feature f;

	if (argc < 3) {
		fprintf(stderr, "usage: resolve ROOT SCRIPT [RUNS [FEATURE...]]\n");
		return 1;
	}
	int runs = argc > 3 ? atoi(argv[3]) : RUNS_DEFAULT;
	if (runs < 1 || runs > RUNS_MAX)
		runs = RUNS_DEFAULT;
	for (int i = 4; i < argc; i++)
		if (feature_by_name(argv[i], &f))
			assumed |= 1u << f;
	for (int i = 0; i < runs; i++) {
		if (!resolve(argv[1], argv[2], assumed, &r))
			return 1;
		times[i] = r.ms;
	}
	qsort(times, (size_t)runs, sizeof(*times), compare);
	printf("%zu targets, %zu units, %zu set aside: best %.1f ms, middle %.1f ms\n", r.targets,
	       r.units, r.set_aside, times[0], times[runs / 2]);
	return 0;
}
