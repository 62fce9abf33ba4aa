// builtin: names of the language that stand for a value: pid, comm, arg0, func ... One cg_<id>
// per row of BUILTIN_TABLE that is READY; a row without one does not build. Names that the
// checker folds to constants share cg_FOLDED.
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>

#include "bpf/abi.h"
#include "codegen/calls.h"
#include "sema/builtins.h"

// dst is NULL for scalars.
typedef LLVMValueRef (*builtin_fn)(struct cg *cg, struct expr *e, LLVMValueRef dst);

static LLVMValueRef cg_FOLDED(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	bug("'%s' should have been folded", e->u.ident.name);
}

#define cg_PROBETYPE cg_FOLDED
#define cg_CPID cg_FOLDED
#define cg_HAS_CPID cg_FOLDED
#define cg_CONFIG cg_FOLDED
#define cg_PPID cg_FOLDED
#define cg_PCOMM cg_FOLDED
#define cg_LEADER_TID cg_FOLDED
#define cg_LEADER_COMM cg_FOLDED

static LLVMValueRef low_half(struct cg *cg, LLVMValueRef v, const char *name)
{
	return LLVMBuildTrunc(cg->b, v, cg->i32, name);
}

static LLVMValueRef high_half(struct cg *cg, LLVMValueRef v, const char *name)
{
	v = LLVMBuildLShr(cg->b, v, k64(cg, 32), name);
	return low_half(cg, v, name);
}

static LLVMValueRef cg_PID(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef v = pid_tgid_here(cg);

	return high_half(cg, v, "pid");
}

static LLVMValueRef cg_TID(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef v = pid_tgid_here(cg);

	return low_half(cg, v, "tid");
}

static LLVMValueRef uid_gid(struct cg *cg)
{
	return helper_pure(cg, BPF_FUNC_get_current_uid_gid, NULL, 0, "uid_gid");
}

static LLVMValueRef cg_UID(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef v = uid_gid(cg);

	v = low_half(cg, v, "uid");
	return arith_resize(cg, v, e->type->size, false);
}

static LLVMValueRef cg_GID(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef v = uid_gid(cg);

	v = high_half(cg, v, "gid");
	return arith_resize(cg, v, e->type->size, false);
}

static LLVMValueRef cg_USERNAME(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	return cg_UID(cg, e, dst);
}

// Not every kernel pads the name with zeros.
static LLVMValueRef cg_COMM(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef args[2];

	mem_zero(cg, dst, e->type->size);
	args[0] = dst;
	args[1] = k32(cg, e->type->size);
	helper_call(cg, BPF_FUNC_get_current_comm, args, 2, "");
	return NULL;
}

static LLVMValueRef cg_NSECS(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	return boot_ns(cg);
}

static LLVMValueRef cg_ELAPSED(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef now, start = k64(cg, cg->p->start_ns);
	int capture;

	if (e->u.ident.session_elapsed && cg->half == HALF_ENTRY)
		return k64(cg, 0);
	if (e->u.ident.session_elapsed) {
		capture = capture_find(cg->unit, CAPTURE_START_TIME, NULL, 0);
		start = capture_load(cg, capture, cg->i64);
	}
	now = boot_ns(cg);
	return LLVMBuildSub(cg->b, now, start, "elapsed");
}

static LLVMValueRef cg_CPU(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	// Programs do not migrate.
	LLVMValueRef v = helper_pure(cg, BPF_FUNC_get_smp_processor_id, NULL, 0, "cpu");

	return arith_resize(cg, v, e->type->size, false);
}

static LLVMValueRef cg_NCPUS(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	return LLVMConstInt(scalar_type(cg, e->type), cg->ncpus, false);
}

static LLVMValueRef cg_NUMAID(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef v = helper_pure(cg, BPF_FUNC_get_numa_node_id, NULL, 0, "node");

	return arith_resize(cg, v, e->type->size, false);
}

static LLVMValueRef cg_RAND(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef v = helper_call(cg, BPF_FUNC_get_prandom_u32, NULL, 0, "rand");

	v = low_half(cg, v, "rand");
	return arith_resize(cg, v, e->type->size, false);
}

static LLVMValueRef cg_JIFFIES(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	return helper_call(cg, BPF_FUNC_jiffies64, NULL, 0, "jiffies");
}

static LLVMValueRef cg_CURTASK(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	enum bpf_func_id with_type = BPF_FUNC_get_current_task_btf;

	return helper_pure(cg, cg->trusted ? with_type : BPF_FUNC_get_current_task, NULL, 0, "curtask");
}

static LLVMValueRef cg_FUNC(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef v;

	if (cg->unit->type == PROBE_USDT)
		return usdt_func(cg);
	if (cg->p->func_is_address)
		return function_address(cg);
	v = attach_cookie(cg);
	return LLVMBuildLShr(cg->b, v, k64(cg, 32), "func");
}

// BEGIN, END and timers have no cookie and one target.
static LLVMValueRef cg_PROBE(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef v;

	if (cg->unit->type == PROBE_USDT)
		return usdt_probe(cg);
	v = attach_cookie(cg);
	return LLVMBuildAnd(cg->b, v, k64(cg, UINT32_MAX), "probe");
}

static LLVMValueRef cg_ARGN(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	int capture;

	if (cg->unit->type == PROBE_USDT)
		return usdt_argument(cg, e->u.ident.arg);
	if (cg->half != HALF_RETURN || mechanism_is_trampoline(cg->unit->mech))
		return arch_argument(cg, e->u.ident.arg);
	capture = capture_find(cg->unit, CAPTURE_ARG, NULL, e->u.ident.arg);
	return capture_load(cg, capture, cg->i64);
}

static LLVMValueRef cg_ARGS(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	if (cg->unit->type == PROBE_TRACEPOINT)
		return tracepoint_member(cg, e, dst);
	return arg_value(cg, e, dst);
}

static LLVMValueRef cg_CTX(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	return cg_context(cg);
}

static LLVMValueRef cg_RETVAL(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	if (cg->half == HALF_ENTRY)
		return k64(cg, 0);
	if (e->u.ident.bound)
		return arg_scalar(cg, e->u.ident.arg);
	return arch_return_value(cg);
}

static LLVMValueRef cg_IS_RETURN(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	enum probe_type t = cg->unit->type;
	bool is_return = cg->half == HALF_RETURN || t == PROBE_URETPROBE || t == PROBE_KRETPROBE ||
			 t == PROBE_FEXIT;

	return LLVMConstInt(cg->i8, is_return, false);
}

static LLVMValueRef cg_CGROUP(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	return helper_pure(cg, BPF_FUNC_get_current_cgroup_id, NULL, 0, "cgroup");
}

#define REGS_CS 136 // offset of cs in struct pt_regs of x86-64

// The privilege level of the code that was interrupted.
static LLVMValueRef cg_USERMODE(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef v = arch_register(cg, REGS_CS);

	v = LLVMBuildAnd(cg->b, v, k64(cg, 3), "level");
	v = non_zero(cg, v);
	return LLVMBuildZExt(cg->b, v, cg->i64, "usermode");
}

#define ROW_READY(id) [BUILTIN_##id] = cg_##id,
#define ROW_LATER(id) [BUILTIN_##id] = NULL,
#define ROW(id, name, since, doc) ROW_##since(id)
static const builtin_fn builtins[BUILTIN_COUNT] = {BUILTIN_TABLE(ROW)};
#undef ROW

static builtin_fn builtin_of(const struct expr *e)
{
	int id = e->u.ident.builtin;

	if (id < 0 || id >= BUILTIN_COUNT || !builtins[id])
		bug("no code for the name '%s' (builtin %d)", e->u.ident.name, id);
	return builtins[id];
}

struct value builtin_expr(struct cg *cg, struct expr *e)
{
	builtin_fn fn = builtin_of(e);
	LLVMValueRef v = fn(cg, e, NULL);

	return value_scalar(e->type, arith_resize(cg, v, e->type->size, false));
}

void builtin_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	builtin_fn fn = builtin_of(e);

	fn(cg, e, dst);
}
