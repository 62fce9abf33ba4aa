// log: messages about the machine come in, prefixed lines on stderr leave. stdout is
// never touched: it carries results only.
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static enum log_level current_level = LOG_NORMAL;

void log_set_level(enum log_level level)
{
	current_level = level;
}

enum log_level log_get_level(void)
{
	return current_level;
}

static void print_line(const char *prefix, const char *fmt, va_list ap)
{
	flockfile(stderr);
	fputs(prefix, stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	funlockfile(stderr);
}

#define PRINT_LINE(prefix)                                                                         \
	do {                                                                                       \
		va_list ap;                                                                        \
		va_start(ap, fmt);                                                                 \
		print_line(prefix, fmt, ap);                                                       \
		va_end(ap);                                                                        \
	} while (0)

void log_error(const char *fmt, ...)
{
	PRINT_LINE("ERROR: ");
}

void log_warn(const char *fmt, ...)
{
	if (current_level > LOG_QUIET)
		PRINT_LINE("WARNING: ");
}

void log_hint(const char *fmt, ...)
{
	PRINT_LINE("HINT: ");
}

void log_note(const char *fmt, ...)
{
	if (current_level > LOG_QUIET)
		PRINT_LINE("");
}

void log_verbose(const char *fmt, ...)
{
	if (current_level >= LOG_VERBOSE)
		PRINT_LINE("");
}

void bug_at(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "BUG: %s:%d: ", file, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}
