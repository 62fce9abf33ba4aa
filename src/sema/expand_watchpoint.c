// expand_watchpoint.c: watchpoint:ADDRESS:LENGTH:MODE, a breakpoint of the CPU's own.
//
// Enters: attach points. Leaves: one target each, named as bpftrace prints it. Refuses addresses
// and lengths that are no numbers, lengths that no CPU watches, and modes that this one has not.
#include <string.h>

#include "base/cleanup.h"
#include "sema/expand.h"

enum { WATCH_R = 1, WATCH_W = 2, WATCH_X = 4 }; // HW_BREAKPOINT_*, whose header has a TYPE_MAX, too

static const struct {
	const char *name; // sorted, as is what it is compared to
	uint32_t bits;
} modes[] = {
#if defined(__x86_64__)
    {"x", WATCH_X},
    {"w", WATCH_W},
    {"rw", WATCH_R | WATCH_W},
#else
    {"r", WATCH_R},
    {"w", WATCH_W},
    {"rw", WATCH_R | WATCH_W},
    {"x", WATCH_X},
#endif
};

static void refuse(struct expansion *x, struct point *p, const char *tag, const char *text)
{
	diag_error(&x->c->diag, p->ap->span, tag, "%s", text);
	p->failed = true;
}

// "wr" -> "rw". False after an error that says more than "invalid mode" can.
static bool sort_mode(struct expansion *x, struct point *p, char out[4])
{
	const char *mode = p->parts[2];
	size_t n = 0;

	if (!*mode || strspn(mode, "rwx") != strlen(mode)) {
		refuse(x, p, "bad-mode", "watchpoint mode must be combination of (r,w,x)");
		return false;
	}
	for (const char *c = "rwx"; *c; c++)
		if (strchr(mode, *c))
			out[n++] = *c;
	out[n] = '\0';
	if (n != strlen(mode))
		refuse(x, p, "bad-mode", "watchpoint modes may not be duplicated");
	return n == strlen(mode);
}

static bool take_mode(struct expansion *x, struct unit *u, struct point *p)
{
	char mode[4];

	if (!sort_mode(x, p, mode))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strcmp(modes[i].name, mode))
			u->watch_mode = modes[i].bits;
	if (u->watch_mode) {
		program_add_target(&x->c->program, u, "",
				   arena_printf(x->arena, "watchpoint:%llu:%llu:%s",
						(unsigned long long)u->watch_address,
						(unsigned long long)u->watch_length, mode));
		return true;
	}
	refuse(x, p, "bad-mode", arena_printf(x->arena, "invalid watchpoint mode: %s", mode));
	diag_hint(&x->c->diag, "supported modes: %s",
		  ARRAY_SIZE(modes) == 3 ? "x,w,rw" : "r,w,rw,x");
	return false;
}

static bool take_place(struct expansion *x, struct unit *u, struct point *p)
{
	const char *address = p->parts[0], *length = p->parts[1];

	if (!expand_number(address, &u->watch_address))
		refuse(x, p, "bad-address",
		       arena_printf(x->arena, "Invalid function/address argument: %s: %s",
				    expand_number_problem(address), address));
	else if (!expand_number(length, &u->watch_length))
		refuse(x, p, "bad-length",
		       arena_printf(x->arena, "Invalid length argument: %s: %s",
				    expand_number_problem(length), length));
	else if (!u->watch_address)
		refuse(x, p, "bad-address", "watchpoint must be attached to a non-zero address");
	else if (u->watch_length != 1 && u->watch_length != 2 && u->watch_length != 4 &&
		 u->watch_length != 8)
		refuse(x, p, "bad-length", "watchpoint length must be one of (1,2,4,8)");
	else
		return true;
	return false;
}

void expand_watchpoint(struct expansion *x, struct unit *u, struct point **points, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct point *p = points[i];
		if (p->ap->negated) {
			refuse(x, p, "negated", "this probe cannot be negated");
			continue;
		}
		if (take_place(x, u, p) && take_mode(x, u, p))
			p->matches++;
	}
}
