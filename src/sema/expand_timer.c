// expand_timer.c: BEGIN, END, self, test, bench, interval and profile: probes that have no places
// to look up, only numbers to read.
//
// Enters: their attach points. Leaves: one target each, named as bpftrace prints it. Refuses:
// numbers that are none, units of time that are none, rates of 0 and below 1 us, two tests of one
// name.
#include <ctype.h>
#include <signal.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sema/expand.h"

enum { PERIOD_MIN_NS = 1000 };

// ---- numbers ---------------------------------------------------------------------------

const char *expand_number_problem(const char *text)
{
	return isdigit((unsigned char)*text) ? "invalid trailing bytes" : "invalid integer";
}

bool expand_number(const char *text, uint64_t *out)
{
	char digits[64];
	size_t n = 0;
	uint64_t value, exponent = 0;

	for (; *text && n < sizeof(digits) - 1; text++)
		if (*text != '_')
			digits[n++] = *text;
	digits[n] = '\0';
	if (*text || !n)
		return false;
	char *e = strpbrk(digits, "eE");
	if (e && str_starts_with(digits, "0x"))
		e = NULL;
	if (e)
		*e++ = '\0';
	if (e && e != digits + 2) // e ends the one digit before it
		return false;
	if (!str_to_u64(digits, &value) || (e && (!str_to_u64(e, &exponent) || exponent > 19)))
		return false;
	while (exponent--)
		if (__builtin_mul_overflow(value, 10ull, &value))
			return false;
	*out = value;
	return true;
}

bool expand_duration(const char *text, uint64_t *ns)
{
	char number[64];
	size_t n = strspn(text, "0123456789_");
	uint64_t value, unit;

	if (!n || n >= sizeof(number))
		return false;
	memcpy(number, text, n);
	number[n] = '\0';
	if (!expand_number(number, &value))
		return false;
	unit = str_time_unit(text + n);
	return unit && !__builtin_mul_overflow(value, unit, ns);
}

// ---- timers ----------------------------------------------------------------------------

static void refuse(struct expansion *x, struct point *p, const char *tag, const char *text)
{
	diag_error(&x->c->diag, p->ap->span, tag, "%s", text);
	p->failed = true;
}

static void add_target(struct expansion *x, struct unit *u, struct point *p, const char *probe)
{
	program_add_target(&x->c->program, u, "", probe);
	p->matches++;
}

// `interval:ms:10`, `profile:hz:99`
static void expand_rate(struct expansion *x, struct unit *u, struct point *p)
{
	const char *type = probe_type_name(p->type), *unit = p->parts[0];
	uint64_t value, ns = 0;
	bool hz = !strcmp(unit, "hz");

	if (!strcmp(unit, "s") || !strcmp(unit, "ms") || !strcmp(unit, "us"))
		ns = str_time_unit(unit);
	if (!hz && !ns) {
		refuse(x, p, "bad-time-unit",
		       arena_printf(x->arena, "%s is not an accepted unit of time", unit));
		diag_hint(&x->c->diag, "use s, ms, us or hz");
	} else if (!expand_number(p->parts[1], &value)) {
		refuse(x, p, "bad-rate",
		       arena_printf(x->arena, "Invalid rate of %s probe: %s: %s", type,
				    expand_number_problem(p->parts[1]), p->parts[1]));
	} else if (!value) {
		refuse(x, p, "bad-rate",
		       arena_printf(x->arena, "%s frequency should be a positive integer", type));
	} else if (!hz &&
		   (__builtin_mul_overflow(value, ns, &u->period_ns) || u->period_ns > INT64_MAX)) {
		refuse(x, p, "bad-rate",
		       arena_printf(x->arena, "%s %s is too long a period", p->parts[1], unit));
	} else {
		u->frequency_hz = hz ? value : 0;
		add_target(
		    x, u, p,
		    arena_printf(x->arena, "%s:%s:%llu", type, unit, (unsigned long long)value));
	}
}

// `interval:1s`, `profile:10000` (nanoseconds). Such a probe's name gives microseconds.
static void expand_period(struct expansion *x, struct unit *u, struct point *p)
{
	const char *type = probe_type_name(p->type);
	uint64_t ns;

	if (!expand_number(p->parts[0], &ns) && !expand_duration(p->parts[0], &ns)) {
		refuse(x, p, "bad-rate",
		       arena_printf(x->arena, "Invalid rate of %s probe: %s: %s", type,
				    expand_number_problem(p->parts[0]), p->parts[0]));
		diag_hint(&x->c->diag, "write %s:1s, %s:ms:100 or %s:hz:99", type, type, type);
	} else if (ns < PERIOD_MIN_NS || ns > INT64_MAX) {
		refuse(x, p, "bad-rate",
		       arena_printf(x->arena,
				    "Invalid rate of %s probe. Minimum is 1000 or 1us. Found: "
				    "%llu nanoseconds",
				    type, (unsigned long long)ns));
	} else {
		u->period_ns = ns;
		add_target(
		    x, u, p,
		    arena_printf(x->arena, "%s:us:%llu", type, (unsigned long long)(ns / 1000)));
	}
}

void expand_timer(struct expansion *x, struct unit *u, struct point **points, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (points[i]->ap->negated)
			refuse(x, points[i], "negated", "this probe cannot be negated");
		else if (points[i]->part_count == 2)
			expand_rate(x, u, points[i]);
		else
			expand_period(x, u, points[i]);
	}
}

// ---- BEGIN, END, self --------------------------------------------------------------------

static void expand_self(struct expansion *x, struct unit *u, struct point *p)
{
	if (strcmp(p->parts[0], "signal")) {
		refuse(x, p, "bad-self-probe",
		       arena_printf(x->arena, "%s is not a supported trigger", p->parts[0]));
		diag_hint(&x->c->diag, "write self:signal:SIGUSR1");
	} else if (strcmp(p->parts[1], "SIGUSR1")) {
		refuse(x, p, "bad-self-probe",
		       arena_printf(x->arena, "%s is not a supported signal", p->parts[1]));
	} else {
		u->self_signal = SIGUSR1;
		add_target(x, u, p, "self:signal:SIGUSR1");
	}
}

// A test's or a benchmark's name is what its result is told under.
static void expand_named(struct expansion *x, struct unit *u, struct point *p)
{
	const char *type = probe_type_name(u->type);
	const char *probe = arena_printf(x->arena, "%s:%s", type, p->parts[0]);
	const struct program *prog = &x->c->program;

	if (!*p->parts[0]) {
		refuse(x, p, "no-name", arena_printf(x->arena, "%s probes must have a name", type));
		return;
	}
	for (size_t i = 0; i < prog->targets.len; i++) {
		if (strcmp(prog->targets.data[i]->probe, probe))
			continue;
		refuse(x, p, "same-name",
		       arena_printf(x->arena,
				    "\"%s\" was used as the name for more than one %s probe",
				    p->parts[0], u->type == PROBE_TEST ? "TEST" : "BENCH"));
		diag_error(&x->c->diag, prog->units.data[prog->targets.data[i]->unit]->span,
			   "same-name", "this is the other instance");
		return;
	}
	add_target(x, u, p, probe);
}

void expand_special(struct expansion *x, struct unit *u, struct point **points, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (points[i]->ap->negated)
			refuse(x, points[i], "negated", "this probe cannot be negated");
		else if (u->target_count)
			points[i]->matches++; // `BEGIN, BEGIN` runs once
		else if (u->type == PROBE_SELF)
			expand_self(x, u, points[i]);
		else if (u->type == PROBE_TEST || u->type == PROBE_BENCH)
			expand_named(x, u, points[i]);
		else
			add_target(x, u, points[i], probe_type_name(u->type));
	}
}
