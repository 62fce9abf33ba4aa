// progress.c: one line on a terminal, rewritten in place, for what takes long.
//
// Enters: numbers. Leaves: a line on standard error, or nothing. Refuses nothing.
#include "attach/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

enum { AFTER_MS = 300, EVERY_MS = 100 };

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void progress_start(struct progress *p)
{
	p->enabled = isatty(STDERR_FILENO) && log_get_level() >= LOG_NORMAL;
	p->began = now_ms();
	p->shown = 0;
}

void progress_show(struct progress *p, const char *what, size_t done, size_t total)
{
	uint64_t now;

	if (!p->enabled)
		return;
	now = now_ms();
	if (now - p->began < AFTER_MS || now - p->shown < EVERY_MS)
		return;
	fprintf(stderr, "\r%s: %zu of %zu targets\033[K", what, done, total);
	fflush(stderr);
	p->shown = now;
}

void progress_clear(struct progress *p)
{
	if (p->shown) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	p->shown = 0;
}
