// order: in which order units are attached, so that blocks at one place run in the order of the
// script on every mechanism: at the entry, and at the return. Private to attach.
//
// The kernel runs the program that was attached last first, at a function and at a USDT site; at
// tracepoints and on perf events in the order of attaching. Returns of kernel functions by perf
// events, and by kprobe_multi before 6.14, are stacked: each entry puts its return on top of those
// before it, so the entry that ran last has its return run first.
#pragma once

#include "attach/provider.h"

// In this order. In PASS_LAST_FIRST the units go from the last to the first.
enum attach_pass {
	PASS_STACKED_RETURNS,
	PASS_LAST_FIRST,
	PASS_AS_WRITTEN,
	PASS_COUNT,
};

// What of a unit a pass attaches. The two programs of a pair go in different passes where returns
// are stacked: the return half first, so that no entry is seen without it.
enum attach_half order_half(const struct unit *u, struct features *f, enum attach_pass pass);
// Would a kprobe session of this unit let the returns run the other way round? One link has entries
// and returns in one order, and returns are stacked. True where another session is at one of its
// functions.
bool order_wants_pair(const struct program *p, const struct unit *u, struct features *f);
