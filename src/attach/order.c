// order.c: which units, or halves of them, are attached before which.
//
// Enters: units with their mechanisms, features. Leaves: the pass that attaches each. Refuses
// nothing: whatever does not share a place with another may be attached at any time.
#include "attach/order.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"

static bool is_multi(enum mechanism m)
{
	return m == MECH_KPROBE_MULTI || m == MECH_KPROBE_MULTI_PAIR || m == MECH_KPROBE_SESSION;
}

static bool is_stacked(const struct unit *u, struct features *f)
{
	if (u->type != PROBE_KRETPROBE && u->type != PROBE_FEXIT && u->type != PROBE_KSESSION)
		return false;
	if (u->mech == MECH_KPROBE_PERF || u->mech == MECH_KPROBE_PERF_PAIR)
		return true;
	return is_multi(u->mech) && !features_have(f, FEATURE_FPROBE_FGRAPH);
}

static enum attach_pass pass_of(const struct unit *u)
{
	const struct provider *provider = provider_of(u->type);
	bool last_first = provider == &provider_uprobe || provider == &provider_kprobe ||
			  provider == &provider_tracing;

	return last_first ? PASS_LAST_FIRST : PASS_AS_WRITTEN;
}

static enum attach_half half_of_stacked(const struct unit *u, enum attach_pass pass)
{
	bool pair = mechanism_is_pair(u->mech);

	switch (pass) {
	case PASS_STACKED_RETURNS: // a session of one link goes with the entries
		return pair ? HALF_RETURN : u->type != PROBE_KSESSION ? HALF_BOTH : HALF_NONE;
	case PASS_LAST_FIRST:
		return pair ? HALF_ENTRY : u->type == PROBE_KSESSION ? HALF_BOTH : HALF_NONE;
	default:
		return HALF_NONE;
	}
}

enum attach_half order_half(const struct unit *u, struct features *f, enum attach_pass pass)
{
	if (is_stacked(u, f))
		return half_of_stacked(u, pass);
	return pass == pass_of(u) ? HALF_BOTH : HALF_NONE;
}

// ---- sessions at one function ----------------------------------------------------------------

static const struct target *target_at(const struct program *p, const struct unit *u, uint32_t i)
{
	return p->targets.data[u->first_target + i];
}

static void mark_functions(const struct program *p, const struct unit *u, bool *marks)
{
	for (uint32_t i = 0; i < u->target_count; i++)
		marks[target_at(p, u, i)->func_id] = true;
}

static bool has_marked(const struct program *p, const struct unit *u, const bool *marks)
{
	for (uint32_t i = 0; i < u->target_count; i++)
		if (marks[target_at(p, u, i)->func_id])
			return true;
	return false;
}

static bool meets_session(const struct program *p, const struct unit *u)
{
	_cleanup_free_ bool *marks = calloc(p->funcs.len + 1, sizeof(*marks));

	if (!marks)
		bug("out of memory");
	mark_functions(p, u, marks);
	for (size_t i = 0; i < p->units.len; i++) {
		const struct unit *other = p->units.data[i];
		if (other != u && other->type == PROBE_KSESSION && has_marked(p, other, marks))
			return true;
	}
	return false;
}

bool order_wants_pair(const struct program *p, const struct unit *u, struct features *f)
{
	return meets_session(p, u) && !features_have(f, FEATURE_FPROBE_FGRAPH);
}
