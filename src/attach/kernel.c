// kernel.c: facts about the mechanisms for kernel functions, and errors in words.
//
// Enters: units and errno values. Leaves: kinds of programs, counts, reasons. Refuses nothing.
#include "attach/kernel.h"

#include <errno.h>
#include <string.h>

#include "attach/link.h"
#include "base/log.h"

const char *kernel_missing(struct program *p, const struct features *f, enum feature which)
{
	return arena_printf(p->arena, "%s: %s", feature_name(which), features_why_not(f, which));
}

static struct prog_kind tracing_kind(uint32_t attach_type, enum feature needs)
{
	return (struct prog_kind){PROG_TYPE_TRACING, attach_type, needs};
}

struct prog_kind kernel_kind(const struct unit *u, bool ret)
{
	bool exit = u->type == PROBE_FEXIT;

	switch (u->mech) {
	case MECH_TRACING_MULTI:
		return tracing_kind(exit ? ATTACH_FEXIT_MULTI : ATTACH_FENTRY_MULTI,
				    FEATURE_TRACING_MULTI);
	case MECH_FSESSION_MULTI:
		return tracing_kind(ATTACH_FSESSION_MULTI, FEATURE_TRACING_MULTI);
	case MECH_TRAMPOLINE:
	case MECH_TRAMPOLINE_EACH:
		return tracing_kind(exit ? ATTACH_FEXIT : ATTACH_FENTRY, FEATURE_COUNT);
	case MECH_FSESSION:
		return tracing_kind(ATTACH_FSESSION, FEATURE_FSESSION);
	case MECH_KPROBE_SESSION:
		return (struct prog_kind){PROG_TYPE_KPROBE, ATTACH_KPROBE_SESSION,
					  FEATURE_KPROBE_SESSION};
	case MECH_KPROBE_MULTI:
	case MECH_KPROBE_MULTI_PAIR:
		return (struct prog_kind){PROG_TYPE_KPROBE, ATTACH_KPROBE_MULTI,
					  FEATURE_KPROBE_MULTI};
	default:
		return (struct prog_kind){PROG_TYPE_KPROBE, 0, FEATURE_COUNT};
	}
}

// ---- counting --------------------------------------------------------------------------

static bool same_object(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

uint32_t kernel_object_end(const struct program *p, const struct unit *u, uint32_t from)
{
	const char *module = unit_target(p, u, from)->module;
	uint32_t i = from + 1;

	while (i < u->target_count && same_object(unit_target(p, u, i)->module, module))
		i++;
	return i;
}

static unsigned object_count(const struct program *p, const struct unit *u)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < u->target_count; i = kernel_object_end(p, u, i))
		n++;
	return n;
}

unsigned kernel_program_count(const struct program *p, const struct unit *u)
{
	switch (u->mech) {
	case MECH_TRACING_MULTI:
	case MECH_FSESSION_MULTI:
		return object_count(p, u);
	case MECH_TRAMPOLINE_EACH:
		return u->target_count;
	default:
		return mechanism_is_pair(u->mech) ? 2 : 1;
	}
}

unsigned kernel_link_count(const struct program *p, const struct unit *u)
{
	switch (u->mech) {
	case MECH_NONE:
		return 0;
	case MECH_KPROBE_PERF:
		return u->target_count;
	case MECH_KPROBE_PERF_PAIR:
		return 2 * u->target_count;
	default: // a link per program
		return kernel_program_count(p, u);
	}
}

const char *kernel_unfit(const struct unit *u, const struct target *t)
{
	if (!mechanism_is_trampoline(u->mech))
		return NULL;
	return t->btf_refused || t->btf_id ? t->btf_refused : "BTF does not describe it";
}

// ---- errors ----------------------------------------------------------------------------

// Others concern the kernel, the process or its privileges.
bool kernel_blames_target(int err)
{
	switch (err) {
	case -ENOENT:
	case -ESRCH:
	case -EINVAL:
	case -EBUSY:
	case -E2BIG:
	case -EAGAIN:
	case -EILSEQ:
	case -EADDRNOTAVAIL:
	case -KERNEL_ENOTSUPP:
		return true;
	default:
		return false;
	}
}

const char *kernel_reason(int err)
{
	switch (err < 0 ? -err : err) {
	case ENOENT:
	case ESRCH:
		return "the kernel finds no traceable function there";
	case EADDRNOTAVAIL:
		return "the kernel has several functions of this name";
	case EILSEQ:
		return "no instruction begins there";
	case EINVAL:
		return "the kernel refuses to trace it (EINVAL)";
	case EBUSY:
		return "another program holds it (EBUSY)";
	case E2BIG:
		return "too many programs are attached to it already";
	case KERNEL_ENOTSUPP:
		return "its arguments are more than the kernel can save";
	default:
		return link_strerror(err);
	}
}

static void report(const struct attach_job *job, int err)
{
	const char *spec = job->unit->spec;

	switch (err) {
	case -EINTR: // is known to whoever asked for it
		break;
	case -EPERM:
	case -EACCES:
		job_error(job,
			  "not permitted to attach %s: mtrace needs root, or CAP_BPF and "
			  "CAP_PERFMON",
			  spec);
		break;
	case -EMFILE:
		job_error(job, "cannot attach %s: too many open files (raise `ulimit -n`)", spec);
		break;
	default:
		job_error(job, "cannot attach %s: %s", spec, kernel_reason(err));
	}
}

int kernel_finish(struct attach_job *job, int err)
{
	if (!err && (job->to->target_count || job->unit->leftover))
		return 0;
	if (*job->struck)
		return -1;
	if (!err)
		return job_none_left(job);
	report(job, err);
	return -1;
}
