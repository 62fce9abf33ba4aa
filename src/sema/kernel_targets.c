// kernel_targets.c: matches of kernel functions become targets.
//
// Enters: matches in any order, with repetitions. Leaves: targets, those of vmlinux first, then
// by module; of each address one. What two symbols share is one function: two targets of one
// address must never meet in a tracing_multi link (KERNEL.md H1). Refuses nothing that has an
// address; what BTF cannot describe is marked, and the planner decides.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/huge.h"
#include "base/log.h"
#include "sema/expand_kernel.h"
#include "sema/signature.h"
#include "sema/kernel_btf.h"
#include "sema/kernel_names.h"
#include "sys/features.h"

// ---- one target per function ----------------------------------------------------------------

static int compare_modules(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int compare_names(const struct kernel_match *a, const struct kernel_match *b)
{
	int c = compare_modules(a->func->module, b->func->module);

	if (!c && a->func->name && b->func->name)
		c = strcmp(a->func->name, b->func->name);
	if (!c && a->func->address != b->func->address)
		c = a->func->address < b->func->address ? -1 : 1;
	if (!c && a->request->func_offset != b->request->func_offset)
		c = a->request->func_offset < b->request->func_offset ? -1 : 1;
	return c ? c : (a->seq > b->seq) - (a->seq < b->seq);
}

static int by_name(const void *pa, const void *pb)
{
	return compare_names(pa, pb);
}

// The matches of one glob are in the order of the list already, which is this one.
static void sort_by_name(struct kernel_match *all, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (compare_names(&all[i - 1], &all[i]) <= 0)
			continue;
		qsort(all, n, sizeof(*all), by_name);
		return;
	}
}

// Places whose address is not known stay apart: no two of one name are among them.
struct place {
	uint64_t at;
	uint32_t seq;	// the first of an address is the one that is kept
	uint32_t match; // index in `found`
};

static int by_place(const void *pa, const void *pb)
{
	const struct place *a = pa, *b = pb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->seq > b->seq) - (a->seq < b->seq);
}

static bool same_name(const struct kernel_match *a, const struct kernel_match *b)
{
	return a->func->name && b->func->name && !strcmp(a->func->name, b->func->name) &&
	       !compare_modules(a->func->module, b->func->module);
}

static void mark_alias(struct kernel_expansion *kx, struct kernel_match *m,
		       const struct kernel_match *kept)
{
	m->alias = true;
	if (!same_name(m, kept) && m->func->name && kept->func->name)
		kernel_set_aside(
		    kx, m->request, m->func,
		    arena_printf(kx->x->arena, "same address as '%s'", kept->func->name), true);
}

static void mark_aliases(struct kernel_expansion *kx)
{
	size_t n = kx->found.len;
	_cleanup_free_ struct place *sorted = huge_malloc((n + 1) * sizeof(*sorted));
	const struct place *kept = NULL;

	if (!sorted)
		bug("out of memory");
	for (size_t i = 0; i < n; i++) {
		const struct kernel_match *m = &kx->found.data[i];
		sorted[i] =
		    (struct place){m->func->address + m->request->func_offset, m->seq, (uint32_t)i};
	}
	qsort(sorted, n, sizeof(*sorted), by_place);
	for (size_t i = 0; i < n; i++) {
		struct kernel_match *m = &kx->found.data[sorted[i].match];
		if (m->func->address && kept && kept->at == sorted[i].at)
			mark_alias(kx, m, &kx->found.data[kept->match]);
		else
			kept = &sorted[i];
	}
}

// ---- BTF -------------------------------------------------------------------------------------

static const char *why_not_btf(struct kernel_expansion *kx, struct kernel_match *m, bool single)
{
	const struct kernel_func *f = m->func;
	struct btf_file *btf = kernel_btf_get(kx->x->c, f->module, NULL);

	if (!btf)
		return f->module ? arena_printf(kx->x->arena, "module %s has no BTF", f->module)
				 : "the kernel has no BTF";
	m->btf_id = f->name ? btf_find(btf, BTF_TAG_FUNC, f->name) : 0;
	if (!m->btf_id)
		return "BTF does not describe it";
	if (!f->first)
		return "the kernel finds another function of this name first";
	if (kernel_func_denied(f->name))
		return "the kernel lets no BPF trampoline be put on it";
	const char *why = btf_proto_refused(btf, m->btf_id, kernel_needs_return(kx->unit->type));
	if (why)
		return why;
	if (btf_hides_argument(btf, m->btf_id))
		return "the kernel passes it an argument that BTF does not show";
	if (!single && !f->address)
		return "kernel addresses are hidden: aliases cannot be told apart";
	return NULL;
}

static void find_btf(struct kernel_expansion *kx)
{
	if (!kernel_wants_btf(kx->unit->type))
		return;
	for (size_t i = 0; i < kx->found.len; i++) {
		struct kernel_match *m = &kx->found.data[i];
		if (!m->alias)
			m->btf_refused = why_not_btf(kx, m, kx->found.len == 1);
		if (m->btf_refused && !m->func->first)
			m->btf_id = 0; // it is the other one's
	}
}

// ---- targets -----------------------------------------------------------------------------------

// `func` of an address, as ksym() would name it. The symbols are read only for scripts that ask.
static const char *name_at(struct kernel_expansion *kx, uint64_t address)
{
	struct compiler *c = kx->x->c;
	const char *name = NULL;

	if (!kx->unit->reads_func || c->options->check_only)
		return "";
	name = kernel_symbol(c, address);
	return name ? name : arena_printf(kx->x->arena, "0x%llx", (unsigned long long)address);
}

// Several functions of one name are told apart by their address.
static const char *shown_name(struct kernel_expansion *kx, const struct kernel_match *m)
{
	const struct kernel_match *all = kx->found.data;
	bool twin = false;

	if (!m->func->name)
		return name_at(kx, m->func->address);
	for (size_t i = (size_t)(m - all); i-- > 0 && same_name(&all[i], m);)
		twin |= !all[i].alias;
	for (size_t i = (size_t)(m - all) + 1; i < kx->found.len && same_name(&all[i], m); i++)
		twin |= !all[i].alias;
	if (!twin || !m->func->address || m->request->func_offset)
		return m->func->name;
	return arena_printf(kx->x->arena, "%s@%llx", m->func->name,
			    (unsigned long long)m->func->address);
}

static void add_target(struct kernel_expansion *kx, struct unit *u, const struct kernel_match *m)
{
	const char *name = shown_name(kx, m);
	const char *probe =
	    kernel_probe_text(kx, m->request, m->func->module, m->func->name ? name : NULL);
	struct target *t = program_add_target(&kx->x->c->program, u, name, probe);

	t->span = m->request->point->ap->span;
	t->module = m->func->module;
	t->address = m->func->address;
	t->func_offset = m->request->func_offset;
	t->btf_id = m->btf_id;
	t->btf_refused = m->btf_refused;
}

static bool is_fit(const struct kernel_match *m)
{
	return m->btf_id && !m->btf_refused;
}

// A session through BPF trampolines can't have functions without BTF; they make a second unit,
// which goes by address: the same functions are traced on every kernel.
static bool needs_second_unit(const struct kernel_expansion *kx)
{
	struct features *f = kx->x->c->features;
	size_t fit = 0, total = 0;

	for (size_t i = 0; i < kx->found.len; i++) {
		total += !kx->found.data[i].alias;
		fit += !kx->found.data[i].alias && is_fit(&kx->found.data[i]);
	}
	if (kx->unit->type != PROBE_KSESSION || !fit || fit == total)
		return false;
	return f && features_have(f, FEATURE_FSESSION) &&
	       (fit == 1 || features_have(f, FEATURE_TRACING_MULTI)) &&
	       features_have(f, FEATURE_KPROBE_MULTI);
}

static void add_targets(struct kernel_expansion *kx, struct unit *u, bool all, bool fit)
{
	for (size_t i = 0; i < kx->found.len; i++) {
		const struct kernel_match *m = &kx->found.data[i];
		if (!m->alias && (all || is_fit(m) == fit))
			add_target(kx, u, m);
	}
}

// `kfunc:tcp_*(struct sock *)`: functions with other arguments are no matches.
static bool signature_fits(struct kernel_expansion *kx, const struct kernel_match *m)
{
	const char *text = m->request->point->ap->args_filter;
	struct btf_file *btf = text ? kernel_btf_get(kx->x->c, m->func->module, NULL) : NULL;
	uint32_t id = btf && m->func->name ? btf_find(btf, BTF_TAG_FUNC, m->func->name) : 0;
	struct signature s;

	if (!text)
		return true;
	signature_read(kx->x->arena, text, &s);
	return id && m->func->first && signature_matches(btf, id, &s);
}

// Said of the name itself; of a glob, which is silent beside others, as a hint.
static void missing_signature(struct kernel_expansion *kx, const struct kernel_request *r)
{
	struct point *p = r->point;
	const char *args = p->ap->args_filter;

	if (r->is_glob)
		p->hint = arena_printf(
		    kx->x->arena, "no function that %s matches has arguments (%s)", r->name, args);
	else
		p->missing =
		    arena_printf(kx->x->arena, "%s does not have arguments (%s).", r->name, args);
}

static void filter_signatures(struct kernel_expansion *kx)
{
	size_t kept = 0;

	for (size_t i = 0; i < kx->found.len; i++) {
		struct kernel_match m = kx->found.data[i];

		if (signature_fits(kx, &m))
			kx->found.data[kept++] = m;
		else if (!--m.request->point->matches)
			missing_signature(kx, m.request);
	}
	kx->found.len = kept;
}

void kernel_settle(struct kernel_expansion *kx)
{
	filter_signatures(kx);
	sort_by_name(kx->found.data, kx->found.len);
	mark_aliases(kx);
	find_btf(kx);
	bool split = needs_second_unit(kx);
	add_targets(kx, kx->unit, !split, true);
	if (!split)
		return;
	struct unit *rest = expand_clone_unit(kx->x, kx->unit);
	rest->leftover = true;
	add_targets(kx, rest, false, false);
}
