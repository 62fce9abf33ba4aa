// list: how long -l takes until its first line stands, and until its last.
//
//	list ROOT PATTERN [-v] [RUNS]
//
// Enters: the root of a kernel's files (as for resolve.c). Leaves: one line: the number of lines,
// the best and the middle time until the first of them was written, and until all were. Each run is a
// process of its own, as a command is: what is touched for the first time is in the figures.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attach/list.h"

enum { RUNS_DEFAULT = 20, RUNS_MAX = 1000 };

struct times {
	double first_ms, all_ms;
	size_t lines;
};

static double start;
static struct times seen;

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static ssize_t note_lines(void *cookie, const char *data, size_t len)
{
	if (!seen.first_ms)
		seen.first_ms = now_ms() - start;
	for (const char *p = data; (p = memchr(p, '\n', (size_t)(data + len - p))); p++)
		seen.lines++;
	return (ssize_t)len;
}

static void list(const char *root, const char *pattern, bool verbose)
{
	struct list_options o = {.verbose = verbose, .root = root};
	FILE *out = fopencookie(NULL, "w", (cookie_io_functions_t){.write = note_lines});

	if (!out)
		exit(1);
	start = now_ms();
	if (list_probes(pattern, &o, out))
		exit(1);
	fclose(out);
	seen.all_ms = now_ms() - start;
}

static bool run(const char *root, const char *pattern, bool verbose, struct times *out)
{
	int ends[2], status;

	if (pipe(ends))
		return false;
	pid_t pid = fork();
	if (!pid) {
		list(root, pattern, verbose);
		_exit(write(ends[1], &seen, sizeof(seen)) != sizeof(seen));
	}
	close(ends[1]);
	bool ok = pid > 0 && read(ends[0], out, sizeof(*out)) == sizeof(*out);
	close(ends[0]);
	return pid > 0 && waitpid(pid, &status, 0) == pid && ok && !status;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	bool verbose = argc > 3 && !strcmp(argv[3], "-v");
	const char *count = argc > 3 + verbose ? argv[3 + verbose] : "";
	double first[RUNS_MAX], all[RUNS_MAX];
	struct times t = {0};

	if (argc < 3) {
		fprintf(stderr, "usage: list ROOT PATTERN [-v] [RUNS]\n");
		return 1;
	}
	int runs = atoi(count);
	if (runs < 1 || runs > RUNS_MAX)
		runs = RUNS_DEFAULT;
	for (int i = 0; i < runs; i++) {
		if (!run(argv[1], argv[2], verbose, &t))
			return 1;
		first[i] = t.first_ms;
		all[i] = t.all_ms;
	}
	qsort(first, (size_t)runs, sizeof(*first), compare);
	qsort(all, (size_t)runs, sizeof(*all), compare);
	printf("%zu lines; the first: best %.1f ms, middle %.1f ms; all: %.1f ms, %.1f ms\n", t.lines,
	       first[0], first[runs / 2], all[0], all[runs / 2]);
	return 0;
}
