// log: what mtrace says about the machine (stderr), as opposed to the script (diag.h).
// Lines start with "ERROR: " / "WARNING: "; plain for notes. -q silences warnings
// and notes, -v adds log_verbose.
#pragma once

#include <stdbool.h>

enum log_level { LOG_QUIET = -1, LOG_NORMAL = 0, LOG_VERBOSE = 1 };

void log_set_level(enum log_level level);
enum log_level log_get_level(void);

void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_hint(const char *fmt, ...) __attribute__((format(printf, 1, 2)));    // "HINT: "
void log_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));    // not with -q
void log_verbose(const char *fmt, ...) __attribute__((format(printf, 1, 2))); // only with -v

// Our own mistake: says where, and aborts.
#define bug(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
_Noreturn void bug_at(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
