// tracing.c: fentry, fexit and sessions of kernel functions: BPF trampolines, for many
// functions through one tracing_multi link per BTF object (vmlinux, each module).
//
// Enters: a unit with targets, those of one BTF object contiguous. Leaves: links. Refuses
// single targets, set aside with the kernel's reason. Goes by address (kprobe.c) where the
// kernel has no tracing_multi, or BTF does not describe a function.
//
// Targets of one link must differ in address: two BTF ids of one address in a link make the
// kernel free trampolines in use (KERNEL.md H1). Expand sees to it, and check_twins stands behind
// it.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/kernel.h"
#include "attach/link.h"
#include "attach/order.h"
#include "base/cleanup.h"
#include "base/log.h"

// ---- plan ------------------------------------------------------------------------------

static unsigned fit_count(const struct program *p, const struct unit *u)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < u->target_count; i++) {
		const struct target *t = unit_target(p, u, i);
		n += t->btf_id && !t->btf_refused;
	}
	return n;
}

static const char *first_unfit(const struct program *p, const struct unit *u)
{
	for (uint32_t i = 0; i < u->target_count; i++) {
		const struct target *t = unit_target(p, u, i);
		if (!t->btf_id || t->btf_refused)
			return arena_printf(p->arena, "%s: %s", t->func,
					    t->btf_refused ? t->btf_refused
							   : "BTF does not describe it");
	}
	return NULL;
}

// Says so in *why, after what it says already.
static bool have(struct program *p, struct features *f, enum feature which, const char **why)
{
	if (features_have(f, which))
		return true;
	const char *no = kernel_missing(p, f, which);
	*why = *why ? arena_printf(p->arena, "%s; %s", *why, no) : no;
	return false;
}

static enum mechanism choose_session(struct program *p, const struct unit *u, struct features *f,
				     const char **why)
{
	*why = first_unfit(p, u);
	if (!*why && u->target_count == 1 && have(p, f, FEATURE_FSESSION, why))
		return MECH_FSESSION;
	if (!*why && have(p, f, FEATURE_FSESSION, why) && have(p, f, FEATURE_TRACING_MULTI, why))
		return MECH_FSESSION_MULTI;
	if (have(p, f, FEATURE_KPROBE_SESSION, why)) {
		if (!order_wants_pair(p, u, f))
			return MECH_KPROBE_SESSION;
		*why = "several sessions share a function: before 6.14 the returns of one-link "
		       "sessions run in the wrong order";
		return MECH_KPROBE_MULTI_PAIR;
	}
	if (have(p, f, FEATURE_KPROBE_MULTI, why))
		return MECH_KPROBE_MULTI_PAIR;
	return MECH_KPROBE_PERF_PAIR;
}

// fexit by address: arguments are gone at the return, so a body that reads them needs a
// program at the entry, too.
static enum mechanism choose_exit_with_args(struct program *p, struct features *f, const char **why)
{
	if (have(p, f, FEATURE_KPROBE_SESSION, why))
		return MECH_KPROBE_SESSION;
	return MECH_KPROBE_MULTI_PAIR;
}

static enum mechanism choose_function(struct program *p, const struct unit *u, struct features *f,
				      const char **why)
{
	unsigned fit = fit_count(p, u);

	*why = NULL;
	if (u->target_count && unit_target(p, u, 0)->bpf_prog) {
		if (u->target_count == 1)
			return MECH_TRAMPOLINE;
		*why = "each BPF program is traced by one of its own";
		return MECH_TRAMPOLINE_EACH;
	}
	if (fit == 1 && u->target_count == 1)
		return MECH_TRAMPOLINE;
	if (!fit)
		*why = first_unfit(p, u);
	if (fit && u->needs_types) {
		*why = "its arguments go back to the kernel with their types";
		return MECH_TRAMPOLINE_EACH;
	}
	if (fit && have(p, f, FEATURE_TRACING_MULTI, why))
		return MECH_TRACING_MULTI;
	if (have(p, f, FEATURE_KPROBE_MULTI, why)) {
		if (u->type == PROBE_FEXIT && u->reads_args)
			return choose_exit_with_args(p, f, why);
		return MECH_KPROBE_MULTI;
	}
	if (fit)
		return MECH_TRAMPOLINE_EACH;
	return u->type == PROBE_FEXIT && u->reads_args ? MECH_KPROBE_PERF_PAIR : MECH_KPROBE_PERF;
}

static enum mechanism choose(struct program *p, const struct unit *u, struct features *f,
			     const char **why)
{
	return u->type == PROBE_KSESSION ? choose_session(p, u, f, why)
					 : choose_function(p, u, f, why);
}

// ---- one BTF object --------------------------------------------------------------------

struct btf_object {
	int prog;
	uint32_t attach_type;
};

enum { NO_SUCH_ID = -1 };

// `extra`: one more id, which no BTF object has.
static int multi_link(const struct batch *b, size_t from, size_t count, bool extra)
{
	const struct btf_object *o = b->ctx;
	_cleanup_free_ uint32_t *ids = calloc(count + 1, sizeof(*ids));
	struct tracing_multi m = {
	    .attach_type = o->attach_type,
	    .ids = ids,
	    .cookies = extra ? NULL : b->cookies + from,
	    .count = (uint32_t)(count + extra),
	};

	if (!ids)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		ids[i] = (uint32_t)b->places[from + i];
	ids[count] = (uint32_t)NO_SUCH_ID;
	return link_tracing_multi(o->prog, &m);
}

static int make_link(const struct batch *b, size_t from, size_t count, bool ret)
{
	return multi_link(b, from, count, false);
}

// Ids are checked in ascending order before anything is patched. With one at the end that
// cannot be, its EINVAL means that all the others passed (KERNEL.md 4.8). Only an EINVAL of
// theirs cannot be told apart: then it takes a real link.
static int try_link(const struct batch *b, size_t from, size_t count, bool ret, int refusal)
{
	int fd;

	if (refusal == -EINVAL || refusal == -EBUSY || refusal == -E2BIG) {
		fd = multi_link(b, from, count, false);
		if (fd >= 0)
			close(fd);
		return fd < 0 ? fd : 0;
	}
	fd = multi_link(b, from, count, true);
	if (fd >= 0) { // cannot be
		close(fd);
		return 0;
	}
	return fd == -EINVAL ? 0 : fd;
}

static const struct batch_ops multi_ops = {.link = make_link,
					   .try_link = try_link,
					   .blames_target = kernel_blames_target,
					   .reason = kernel_reason};

static int compare_addresses(const void *pa, const void *pb)
{
	const struct target *a = *(const struct target *const *)pa,
			    *b = *(const struct target *const *)pb;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

// The last line of defence against H1.
static int check_twins(const struct batch *b)
{
	_cleanup_free_ const struct target **sorted = calloc(b->count + 1, sizeof(*sorted));

	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, b->targets, b->count * sizeof(*sorted));
	qsort(sorted, b->count, sizeof(*sorted), compare_addresses);
	for (size_t i = 1; i < b->count; i++)
		if (!sorted[i]->address || sorted[i]->address == sorted[i - 1]->address)
			bug("two targets of one address in a tracing_multi link: %s, %s",
			    sorted[i - 1]->func, sorted[i]->func);
	return 0;
}

static int attach_object(struct attach_job *job, int prog, uint32_t from, uint32_t to)
{
	struct prog_kind kind = kernel_kind(job->unit, false);
	struct btf_object o = {prog, kind.expected_attach};
	_cleanup_(batch_release) struct batch b = {0};
	int err = batch_init(&b, job, &multi_ops, &o, from, to);

	for (size_t i = 0; !err && i < b.count; i++)
		b.places[i] = b.targets[i]->btf_id;
	if (!err)
		err = check_twins(&b);
	if (!err)
		err = batch_link(&b, false, kind.needs);
	if (!err)
		job->to->target_count += (unsigned)b.count;
	return err;
}

static void set_aside_object(struct attach_job *job, uint32_t from, uint32_t to, int err)
{
	const char *reason =
	    arena_printf(job->program->arena, "the program could not be loaded for its module: %s",
			 strerror(-err));

	for (uint32_t i = from; i < to; i++)
		job_set_aside(job, unit_target(job->program, job->unit, i), reason);
}

static int more_program(const struct attached *to, size_t i)
{
	if (!i)
		return to->prog_fd;
	return i <= to->more_count ? to->more_progs[i - 1] : -ENOENT;
}

static int attach_multi(struct attach_job *job)
{
	const struct unit *u = job->unit;
	size_t object = 0;
	int err = 0;

	for (uint32_t i = 0, end; !err && i < u->target_count; i = end, object++) {
		int prog = more_program(job->to, object);
		end = kernel_object_end(job->program, u, i);
		if (job_interrupted(job))
			err = -EINTR;
		else if (prog < 0)
			set_aside_object(job, i, end, prog);
		else
			err = attach_object(job, prog, i, end);
		job_progress(job, job->to->target_count);
	}
	return err;
}

// ---- single trampolines -----------------------------------------------------------------

enum { ATTACH_THREADS = 8 };

static int single_link(const struct batch *b, size_t from, size_t count, bool ret)
{
	int prog = more_program(b->job->to, b->targets[from]->id - b->job->unit->first_target);

	if (prog < 0)
		return prog;
	return link_tracing(prog, kernel_kind(b->job->unit, false).expected_attach,
			    b->cookies[from]);
}

static const struct batch_ops single_ops = {
    .link = single_link, .blames_target = kernel_blames_target, .reason = kernel_reason};

// Each waits for a grace period of the kernel's; the waits of several threads overlap.
static int attach_singles(struct attach_job *job)
{
	_cleanup_(batch_release) struct batch b = {0};
	int err = batch_init(&b, job, &single_ops, NULL, 0, job->unit->target_count);

	if (!err)
		err = batch_link_each(&b, false, false, ATTACH_THREADS);
	if (!err)
		job->to->target_count = (unsigned)b.count;
	return err;
}

// ---- the whole unit ---------------------------------------------------------------------

static int attach(struct attach_job *job)
{
	switch (job->unit->mech) {
	case MECH_TRACING_MULTI:
	case MECH_FSESSION_MULTI:
		return kernel_finish(job, attach_multi(job));
	case MECH_TRAMPOLINE:
	case MECH_TRAMPOLINE_EACH:
	case MECH_FSESSION:
		return kernel_finish(job, attach_singles(job));
	default:
		return kprobe_attach(job);
	}
}

const struct provider provider_tracing = {
    .name = "tracing",
    .choose = choose,
    .kind = kernel_kind,
    .link_count = kernel_link_count,
    .program_count = kernel_program_count,
    .unfit = kernel_unfit,
    .attach = attach,
};
