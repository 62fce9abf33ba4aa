// plan: which mechanism attaches each unit. A pure function of the units' types, their
// targets and the kernel's features, made before code is generated.
#pragma once

#include "base/buf.h"
#include "program.h"
#include "sys/features.h"

// Fills unit->mech and unit->mech_reason (and session.native_cookie / emulated). Returns 0,
// or -1 after log_error when a unit cannot be attached on this kernel at all.
int plan_units(struct program *p, struct features *f);

// The plan as text, for `-d plan` and --explain: per unit the mechanism and why, programs,
// links, fds, targets (first few, then a count; all with `verbose`), what was set aside.
void plan_explain(const struct program *p, bool verbose, struct buf *out);
// What was set aside, also while attaching, by reason. Nothing where nothing was.
void plan_explain_set_asides(const struct program *p, struct buf *out);
// Counts for messages and tests.
struct plan_totals {
	unsigned programs, links, targets, set_aside;
};
struct plan_totals plan_count(const struct program *p);
