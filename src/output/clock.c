// clock: kernel clocks to wall clock text, for strftime() and time(). A count of ns since
// some clock's zero enters, formatted local time leaves.
#include "output/internal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"

#define NSEC_PER_SEC 1000000000

static int64_t clock_ns(clockid_t id)
{
	struct timespec ts = {0};

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

static clockid_t clock_of(enum clock_mode mode)
{
	switch (mode) {
	case CLOCK_MODE_MONOTONIC:
		return CLOCK_MONOTONIC;
	case CLOCK_MODE_TAI:
	case CLOCK_MODE_SW_TAI:
		return CLOCK_TAI;
	case CLOCK_MODE_BOOT:
		break;
	}
	return CLOCK_BOOTTIME;
}

// TAI differs from the wall clock by whole seconds.
static int64_t whole_seconds(int64_t ns)
{
	int64_t half = ns < 0 ? -NSEC_PER_SEC / 2 : NSEC_PER_SEC / 2;

	return (ns + half) / NSEC_PER_SEC * NSEC_PER_SEC;
}

// Wall clock minus the other clock. Read as a sandwich, best of a few, so that being
// scheduled away between the two reads does not shift the result.
static int64_t clock_offset(enum clock_mode mode)
{
	int64_t best = INT64_MAX, offset = 0;

	for (int i = 0; i < 5; i++) {
		int64_t before = clock_ns(CLOCK_REALTIME);
		int64_t other = clock_ns(clock_of(mode));
		int64_t after = clock_ns(CLOCK_REALTIME);

		if (after - before < best) {
			best = after - before;
			offset = before + (after - before) / 2 - other;
		}
	}
	return clock_of(mode) == CLOCK_TAI ? whole_seconds(offset) : offset;
}

// One offset per clock and run: two equal timestamps print as equal text.
static int64_t cached_offset(struct clocks *c, enum clock_mode mode)
{
	if ((unsigned)mode >= ARRAY_SIZE(c->offset))
		mode = CLOCK_MODE_BOOT; // a hostile record
	if (!c->known[mode]) {
		c->offset[mode] = clock_offset(mode);
		c->known[mode] = true;
	}
	return c->offset[mode];
}

uint64_t clock_wall(struct clocks *c, uint64_t boot_ns)
{
	return boot_ns + (uint64_t)cached_offset(c, CLOCK_MODE_BOOT);
}

static void strftime_append(struct buf *b, const char *format, const struct tm *tm)
{
	size_t room = 64 + 8 * strlen(format);

	// 0 is also what an empty result gives ("%p" in some locales): do not grow for ever.
	for (int i = 0; *format && i < 4; i++, room *= 4) {
		size_t n;

		buf_reserve(b, room);
		n = strftime(b->data + b->len, room, format, tm);
		if (n) {
			b->len += n;
			return;
		}
		b->data[b->len] = '\0';
	}
}

// bpftrace's own conversions: %f microseconds, %k nanoseconds, %l milliseconds of the second.
static void expand_fractions(struct buf *out, const char *format, unsigned ns)
{
	for (const char *p = format; *p; p++) {
		if (*p != '%' || !p[1]) {
			buf_putc(out, *p);
			continue;
		}
		switch (*++p) {
		case 'f':
			buf_printf(out, "%06u", ns / 1000);
			break;
		case 'k':
			buf_printf(out, "%09u", ns);
			break;
		case 'l':
			buf_printf(out, "%03u", ns / 1000000);
			break;
		default:
			buf_putc(out, '%');
			buf_putc(out, *p);
		}
	}
}

void clock_text(struct clocks *c, struct buf *b, const char *format, uint64_t ns,
		enum clock_mode mode)
{
	int64_t wall = (int64_t)(ns + (uint64_t)cached_offset(c, mode));
	int64_t rest = wall % NSEC_PER_SEC;
	time_t seconds = wall / NSEC_PER_SEC;
	struct tm tm;

	if (rest < 0) {
		rest += NSEC_PER_SEC;
		seconds--;
	}
	if (!localtime_r(&seconds, &tm))
		return;
	buf_clear(&c->format);
	expand_fractions(&c->format, format, (unsigned)rest);
	strftime_append(b, buf_str(&c->format), &tm);
}

void clock_now_text(struct buf *b, const char *format)
{
	time_t now = time(NULL);
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime_append(b, format, &tm);
}
