// kprobe.c: kprobe and kretprobe, and every other probe of kernel functions where it has to go
// by address: sessions and fentry on kernels without tracing_multi.
//
// Enters: a unit with targets. Leaves: one link (a pair: two), or a perf event per target.
// Refuses single targets, which are set aside with the kernel's reason.
//
// Functions are named by the address of their symbol: that reaches the second of two functions
// of one name, and cookies are found only by it (KERNEL.md H7). Where addresses are hidden,
// unique names do.
#include <errno.h>
#include <stdlib.h>

#include "attach/kernel.h"
#include "attach/link.h"
#include "base/cleanup.h"

// Single kprobes are attached and detached one by one; more than these are not made quietly.
enum { SINGLE_PROBES_MAX = 64 };

// ---- plan ------------------------------------------------------------------------------

static enum mechanism choose(struct program *p, const struct unit *u, struct features *f,
			     const char **why)
{
	*why = NULL;
	if (u->has_offset) {
		*why = "an address inside a function takes a kprobe of its own";
		return MECH_KPROBE_PERF;
	}
	if (u->reads_registers && u->target_count <= SINGLE_PROBES_MAX) {
		*why = "it reads registers that one link for all does not save";
		return MECH_KPROBE_PERF;
	}
	if (features_have(f, FEATURE_KPROBE_MULTI))
		return MECH_KPROBE_MULTI;
	*why = kernel_missing(p, f, FEATURE_KPROBE_MULTI);
	return MECH_KPROBE_PERF;
}

// ---- links -----------------------------------------------------------------------------

struct kprobes {
	struct probe_pmu pmu; // perf events only
	bool by_name;
};

static bool uses_perf(const struct unit *u)
{
	return u->mech == MECH_KPROBE_PERF || u->mech == MECH_KPROBE_PERF_PAIR;
}

static int program_of(const struct attach_job *job, bool ret)
{
	return ret && job->to->ret_prog_fd >= 0 ? job->to->ret_prog_fd : job->to->prog_fd;
}

static int perf_link(const struct batch *b, size_t i, bool ret)
{
	const struct kprobes *k = b->ctx;
	const struct target *t = b->targets[i];
	_cleanup_close_ int event = perf_open_kprobe(&k->pmu, t->address ? NULL : t->func,
						     t->address + t->func_offset, ret);

	if (event < 0)
		return event;
	return link_perf_event(program_of(b->job, ret), event, b->cookies[i]);
}

static int multi_by_name(int prog, struct kprobe_multi *m, const struct batch *b, size_t from)
{
	_cleanup_free_ const char **names = calloc(m->count, sizeof(*names));

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < m->count; i++)
		names[i] = b->targets[from + i]->func;
	m->addresses = NULL;
	m->names = names;
	return link_kprobe_multi(prog, m);
}

static int make_link(const struct batch *b, size_t from, size_t count, bool ret)
{
	const struct kprobes *k = b->ctx;
	struct kprobe_multi m = {
	    .addresses = b->places + from,
	    .cookies = b->cookies + from,
	    .count = (uint32_t)count,
	    .session = b->job->unit->mech == MECH_KPROBE_SESSION,
	    .ret = ret,
	};
	int prog = program_of(b->job, ret);

	if (uses_perf(b->job->unit))
		return perf_link(b, from, ret);
	return k->by_name ? multi_by_name(prog, &m, b, from) : link_kprobe_multi(prog, &m);
}

static const struct batch_ops ops = {
    .link = make_link, .blames_target = kernel_blames_target, .reason = kernel_reason};

// Runs at the return only, in a link of its own.
static bool is_return(const struct unit *u)
{
	return u->mech != MECH_KPROBE_SESSION && !mechanism_is_pair(u->mech) &&
	       (u->type == PROBE_KRETPROBE || u->type == PROBE_FEXIT);
}

// A link per target, of the halves that are asked for.
static int attach_each(struct batch *b, bool two)
{
	switch (b->job->half) {
	case HALF_RETURN:
		return two ? batch_link_each(b, false, true, 1) : 0;
	case HALF_ENTRY:
		return batch_link_entries(b);
	default:
		return batch_link_each(b, two, is_return(b->job->unit), 1);
	}
}

static int attach_batch(struct batch *b)
{
	const struct unit *u = b->job->unit;
	enum feature needs = kernel_kind(u, false).needs;
	bool two = b->job->to->ret_prog_fd >= 0; // not where a session has no return half
	int err = 0;

	if (uses_perf(u))
		return attach_each(b, two);
	// The return half first: an entry is never seen without the return to match it.
	if (two && b->job->half != HALF_ENTRY)
		err = batch_link(b, true, needs);
	if (!err && b->count && b->job->half != HALF_RETURN)
		err = batch_link(b, is_return(u), needs);
	return err;
}

int kprobe_attach(struct attach_job *job)
{
	_cleanup_(batch_release) struct batch b = {0};
	struct kprobes k = {0};
	int err = batch_init(&b, job, &ops, &k, 0, job->unit->target_count);

	for (size_t i = 0; !err && i < b.count; i++) {
		b.places[i] = b.targets[i]->address;
		k.by_name |= !b.places[i];
	}
	if (!err && uses_perf(job->unit))
		err = probe_pmu_read(job->root, "kprobe", &k.pmu);
	if (!err && job_interrupted(job))
		err = -EINTR;
	if (!err)
		err = attach_batch(&b);
	job->to->target_count = err ? 0 : (unsigned)b.count;
	if (!err && job->half == HALF_RETURN)
		return 0; // the entry half will say what is left
	return kernel_finish(job, err);
}

const struct provider provider_kprobe = {
    .name = "kprobe",
    .choose = choose,
    .kind = kernel_kind,
    .link_count = kernel_link_count,
    .attach = kprobe_attach,
};
