// buf: a growable byte string on the heap, always NUL-terminated once written to.
// A zeroed struct buf is an empty one. Growth never fails (see arena.h).
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data; // NULL while empty; owned
	size_t len, cap;
};

void buf_release(struct buf *b);
void buf_clear(struct buf *b); // keeps the memory
void buf_reserve(struct buf *b, size_t extra);
void buf_append(struct buf *b, const void *data, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
const char *buf_str(const struct buf *b); // "" when empty; borrowed
char *buf_take(struct buf *b);		  // malloc'ed string, now the caller's; b is empty
