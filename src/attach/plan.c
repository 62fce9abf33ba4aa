// plan.c: which mechanism attaches each unit, and the plan in words.
//
// Enters: units with targets, features. Leaves: unit->mech, mech_reason and what the lowering of
// sessions and of `func` depends on. Asks the kernel only through features_have, so tests can plan for any
// kernel.
#include "attach/plan.h"

#include <string.h>

#include "attach/kernel.h"
#include "attach/provider.h"
#include "base/log.h"

enum { SHOWN_TARGETS = 5 };

static bool has_cookie(enum mechanism m)
{
	return m == MECH_UPROBE_SESSION || m == MECH_KPROBE_SESSION || mechanism_is_fsession(m);
}

struct fitting {
	const struct provider *provider;
	const struct unit *unit;
};

static const char *why_unfit(const void *ctx, const struct target *t)
{
	const struct fitting *f = ctx;

	return f->provider->unfit(f->unit, t);
}

// Targets that the mechanism cannot take are set aside.
static void drop_unfit(struct program *p, struct unit *u, const struct provider *provider)
{
	struct fitting f = {provider, u};

	if (provider->unfit)
		program_drop_targets(p, u, why_unfit, &f);
}

// Tests and benchmarks are run when they are asked for, and then nothing else is attached.
static const char *why_not_now(const struct program *p, const struct unit *u)
{
	if (u->type == PROBE_TEST && !p->run_tests)
		return "only with --test";
	if (u->type == PROBE_BENCH && !p->run_benches)
		return "only with --bench";
	if (u->type > PROBE_BENCH && (p->run_tests || p->run_benches))
		return p->run_tests ? "not with --test" : "not with --bench";
	return NULL;
}

// Does the program know the address of the function that it runs for?
static bool gives_address(const struct program *p, const struct unit *u)
{
	bool asks = u->mech == MECH_KPROBE_MULTI || u->mech == MECH_KPROBE_MULTI_PAIR ||
		    u->mech == MECH_KPROBE_SESSION || u->mech == MECH_TRACING_MULTI ||
		    u->mech == MECH_FSESSION_MULTI || u->mech == MECH_TRAMPOLINE_EACH;

	if (!probe_type_is_kernel(u->type) || (u->target_count > 1 && !asks))
		return false;
	for (uint32_t i = 0; i < u->target_count; i++)
		if (!unit_target(p, u, i)->address)
			return false;
	return true;
}

// `func` as an id comes from the cookie, for which kprobe_multi searches among all its targets
// at each hit; the address is at hand. A program has one or the other, so that maps can be shared.
static bool func_is_address(const struct program *p)
{
	bool several = false;

	for (size_t i = 0; i < p->units.len; i++) {
		const struct unit *u = p->units.data[i];
		if (!u->reads_func || u->mech == MECH_NONE)
			continue;
		if (!gives_address(p, u))
			return false;
		several |= u->target_count > 1;
	}
	return several;
}

int plan_units(struct program *p, struct features *f)
{
	for (size_t i = 0; i < p->units.len; i++) {
		struct unit *u = p->units.data[i];
		const struct provider *provider = provider_of(u->type);
		u->mech = MECH_NONE;
		u->mech_reason = NULL;
		if (!u->target_count) {
			u->mech_reason = "nothing matched";
			continue;
		}
		u->mech_reason = why_not_now(p, u);
		if (u->mech_reason)
			continue;
		u->mech = provider->choose(p, u, f, &u->mech_reason);
		if (u->mech == MECH_NONE) {
			log_error("cannot attach %s on this kernel: %s", u->spec, u->mech_reason);
			return -1;
		}
		drop_unfit(p, u, provider);
		u->session.native_cookie = has_cookie(u->mech);
		u->session.emulated = mechanism_is_pair(u->mech);
		u->session.stale_cookie = u->mech == MECH_KPROBE_SESSION &&
					  !features_have(f, FEATURE_FPROBE_FGRAPH);
	}
	p->func_is_address = func_is_address(p);
	return 0;
}

// ---- counting --------------------------------------------------------------------------

static unsigned unit_programs(const struct program *p, const struct unit *u)
{
	const struct provider *provider = provider_of(u->type);

	if (u->mech == MECH_NONE)
		return 0;
	if (provider->program_count)
		return provider->program_count(p, u);
	return mechanism_is_pair(u->mech) ? 2 : 1;
}

static unsigned unit_links(const struct program *p, const struct unit *u)
{
	const struct provider *provider = provider_of(u->type);

	return u->mech == MECH_NONE ? 0 : provider->link_count(p, u);
}

struct plan_totals plan_count(const struct program *p)
{
	struct plan_totals t = {0};

	for (size_t i = 0; i < p->units.len; i++) {
		const struct unit *u = p->units.data[i];
		t.programs += unit_programs(p, u);
		t.links += unit_links(p, u);
		t.targets += u->target_count;
		t.set_aside += u->set_aside_count;
	}
	return t;
}

// ---- in words --------------------------------------------------------------------------

static const char *plural(unsigned n)
{
	return n == 1 ? "" : "s";
}

static void explain_targets(const struct program *p, const struct unit *u, bool verbose,
			    struct buf *out)
{
	uint32_t shown =
	    verbose || u->target_count <= SHOWN_TARGETS ? u->target_count : SHOWN_TARGETS;

	for (uint32_t i = 0; i < shown; i++) {
		const struct target *t = p->targets.data[u->first_target + i];
		buf_printf(out, "    %s", t->probe);
		if (t->path)
			buf_printf(out, " at 0x%llx", (unsigned long long)t->offset);
		buf_putc(out, '\n');
	}
	if (shown < u->target_count)
		buf_printf(out, "    ... and %u more (-v shows them)\n", u->target_count - shown);
}

static const char *set_aside_title(bool duplicates)
{
	return duplicates ? "aliases (traced once):" : "set aside:";
}

static bool is_shown(const struct set_aside *s, const struct unit *u, bool duplicates)
{
	return s->unit == u->id && s->duplicate == duplicates;
}

// One line per reason: how many, and the first few.
static void explain_reason(const struct program *p, const struct unit *u, size_t first,
			   struct buf *out)
{
	const struct set_aside *f = &p->set_asides.data[first];
	unsigned total = 0;

	for (size_t i = first; i < p->set_asides.len; i++) {
		const struct set_aside *s = &p->set_asides.data[i];
		total += is_shown(s, u, f->duplicate) && !strcmp(s->reason, f->reason);
	}
	buf_printf(out, "    %u: %s (%s%s)\n", total, f->reason, f->what,
		   total > 1 ? ", ...; -v shows them" : "");
}

static bool reason_seen(const struct program *p, const struct unit *u, size_t before)
{
	const struct set_aside *f = &p->set_asides.data[before];

	for (size_t i = 0; i < before; i++)
		if (is_shown(&p->set_asides.data[i], u, f->duplicate) &&
		    !strcmp(p->set_asides.data[i].reason, f->reason))
			return true;
	return false;
}

static void explain_by_reason(const struct program *p, const struct unit *u, bool duplicates,
			      struct buf *out)
{
	enum { REASONS_MAX = 20 };
	unsigned reasons = 0;

	for (size_t i = 0; i < p->set_asides.len && reasons < REASONS_MAX; i++) {
		if (!is_shown(&p->set_asides.data[i], u, duplicates) || reason_seen(p, u, i))
			continue;
		explain_reason(p, u, i, out);
		reasons++;
	}
	if (reasons == REASONS_MAX)
		buf_puts(out, "    ... and other reasons (-v shows them)\n");
}

static void explain_set_asides(const struct program *p, const struct unit *u, bool duplicates,
			       bool verbose, struct buf *out)
{
	unsigned total = 0;

	for (size_t i = 0; i < p->set_asides.len; i++)
		total += is_shown(&p->set_asides.data[i], u, duplicates);
	if (!total)
		return;
	buf_printf(out, "  %s\n", set_aside_title(duplicates));
	if (total > SHOWN_TARGETS && !verbose && !duplicates) {
		explain_by_reason(p, u, duplicates, out);
		return;
	}
	unsigned shown = 0;
	for (size_t i = 0; i < p->set_asides.len; i++) {
		const struct set_aside *s = &p->set_asides.data[i];
		if (!is_shown(s, u, duplicates) || (!verbose && shown == SHOWN_TARGETS))
			continue;
		shown++;
		buf_printf(out, "    %s: %s\n", s->what, s->reason);
	}
	if (shown < total)
		buf_printf(out, "    ... and %u more (-v shows them)\n", total - shown);
}

void plan_explain_set_asides(const struct program *p, struct buf *out)
{
	for (size_t i = 0; i < p->units.len; i++) {
		const struct unit *u = p->units.data[i];
		if (!u->set_aside_count)
			continue;
		buf_printf(out, "%s\n", u->spec);
		explain_set_asides(p, u, false, false, out);
	}
}

static void explain_storage(const struct unit *u, struct buf *out)
{
	static const char *const names[] = {
	    [SESSION_STORE_NONE] = "nothing",
	    [SESSION_STORE_COOKIE] = "one value in the session cookie",
	    [SESSION_STORE_SPILL] = "a struct in spill storage",
	};

	if (!unit_has_halves(u) || u->mech == MECH_NONE)
		return;
	buf_printf(out, "  carried to the return: %s", names[u->session.storage]);
	if (u->session.storage == SESSION_STORE_SPILL && u->session.spill_size)
		buf_printf(out, " of %u bytes", u->session.spill_size);
	buf_putc(out, '\n');
}

// A site with a 10-byte nop is entered by a call, without a trap, where the kernel knows how.
static void explain_sites(const struct program *p, const struct unit *u, struct buf *out)
{
	unsigned fast = 0, nop10 = 0;

	if (u->type != PROBE_USDT || !u->target_count)
		return;
	for (uint32_t i = 0; i < u->target_count; i++) {
		fast += p->targets.data[u->first_target + i]->is_fast;
		nop10 += p->targets.data[u->first_target + i]->has_nop10;
	}
	buf_printf(out, "  fast sites: %u of %u", fast, u->target_count);
	if (nop10 > fast)
		buf_printf(out, " (%u with a 10-byte nop: this kernel does not optimise it)",
			   nop10);
	else if (!nop10)
		buf_puts(out, " (none has a 10-byte nop)");
	buf_putc(out, '\n');
}

static void explain_unit(const struct program *p, const struct unit *u, bool verbose,
			 struct buf *out)
{
	unsigned programs = unit_programs(p, u), links = unit_links(p, u);

	buf_printf(out, "%s\n", u->spec ? u->spec : probe_type_name(u->type));
	buf_printf(out, "  mechanism: %s\n", mechanism_name(u->mech));
	if (u->mech_reason)
		buf_printf(out, "  because: %s\n", u->mech_reason);
	// Descriptors held while running: one per program and per link.
	buf_printf(out, "  %u program%s, %u link%s, %u fd%s, %u target%s\n", programs,
		   plural(programs), links, plural(links), programs + links,
		   plural(programs + links), u->target_count, plural(u->target_count));
	explain_storage(u, out);
	explain_sites(p, u, out);
	explain_targets(p, u, verbose, out);
	explain_set_asides(p, u, false, verbose, out);
	explain_set_asides(p, u, true, verbose, out);
}

void plan_explain(const struct program *p, bool verbose, struct buf *out)
{
	for (size_t i = 0; i < p->units.len; i++)
		explain_unit(p, p->units.data[i], verbose, out);
	struct plan_totals t = plan_count(p);
	buf_printf(out, "total: %u program%s, %u link%s, %u target%s, %u set aside\n", t.programs,
		   plural(t.programs), t.links, plural(t.links), t.targets, plural(t.targets),
		   t.set_aside);
}
