// probe: a unit becomes a program: the predicate, the hits counter, the body, and the scratch
// frame around them when something needs one.
#include "codegen/cg.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include <linux/bpf.h>

#include "bpf/abi.h"
#include "codegen/calls.h"

// ---- programs --------------------------------------------------------------------------------

// "uprobe_3", and "uprobe_3_ret" for the second program of a pair.
static const char *name_of(struct cg *cg, struct unit *u, const char *suffix)
{
	char *name =
	    arena_printf(&cg->c->arena, "%s_%u%s", probe_type_name(u->type), u->id + 1, suffix);

	for (char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c))
			*c = '_';
	return name;
}

void program_name(struct cg *cg, struct unit *u, const char *suffix, const char **name)
{
	*name = name_of(cg, u, suffix);
}

// By another task that runs the same program on this CPU: what that does to its stack,
// attach/load_patch.c says. (Others have a guard of the kernel's.)
static bool may_be_preempted(enum probe_type t)
{
	return t == PROBE_UPROBE || t == PROBE_URETPROBE || t == PROBE_USESSION || t == PROBE_USDT;
}

void program_begin(struct cg *cg, struct fn *fn, const char *name)
{
	const char *section = arena_printf(&cg->c->arena, "%s%s", PROGRAM_SECTION_PREFIX, name);

	fn_begin(cg, fn, name, cg->unit->span, 1);
	LLVMSetSection(fn->llvm, section);
	fn->ctx = LLVMGetParam(fn->llvm, 0);
	fn->out = block_new(cg, "out");
	if (may_be_preempted(cg->unit->type))
		kfunc_call(cg, KFUNC_PREEMPT_DISABLE, NULL, 0, "");
}

void program_result(struct cg *cg, uint64_t result)
{
	store(cg, k64(cg, result), cg->fn->result);
}

void program_end(struct cg *cg, struct fn *fn)
{
	LLVMValueRef v;

	block_enter(cg, fn->out);
	v = load(cg, cg->i64, fn->result, "result");
	if (may_be_preempted(cg->unit->type))
		kfunc_call(cg, KFUNC_PREEMPT_ENABLE, NULL, 0, "");
	if (probe_type_is_session(cg->unit->type))
		return_bit(cg, v);
	else
		LLVMBuildRet(cg->b, v);
	fn_end(cg, fn);
}

// ---- a run -------------------------------------------------------------------------------------

void run_begin(struct cg *cg, struct run *r)
{
	memset(r, 0, sizeof(*r));
	cg->scratch_at = 0;
	cg->scratch_used = false;
	memset(cg->fn->homes, 0, home_count(cg) * sizeof(*cg->fn->homes));
	r->claim = scratch_prepare(cg);
	r->claim_early = block_new(cg, "claim_early");
	r->start = block_new(cg, "start");
	r->claim_late = block_new(cg, "claim_late");
	r->body = block_new(cg, "body");
	r->not_run = block_new(cg, "not_run");
	r->not_run_end = r->not_run;
	r->release = block_new(cg, "release");
	block_goto(cg, r->claim_early);
	block_enter(cg, r->start);
	cg->fn->on_abort = r->not_run;
}

// Who is not meant leaves at once. Also where the kernel attaches to the process alone: on some
// rungs a child that shares its memory (vfork), or inherits its counters, would count as well. Not
// for what mtrace itself or a clock sets off; walks choose by what they walk over (expand_iter.c).
static bool has_task(enum probe_type t)
{
	return t > PROBE_BENCH && t != PROBE_INTERVAL && t != PROBE_ITER;
}

static void filter_process(struct cg *cg)
{
	LLVMBasicBlockRef ours = block_new(cg, "our_process");
	LLVMValueRef v;

	v = pid_tgid_here(cg);
	v = LLVMBuildLShr(cg->b, v, k64(cg, 32), "pid");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, k64(cg, (uint32_t)cg->p->filter_pid), "ours");
	block_branch(cg, v, ours, cg->fn->out);
	block_enter(cg, ours);
}

// if (bpf_current_task_under_cgroup(&mt_cgroup, 0) != 1) return;
static void filter_cgroup(struct cg *cg)
{
	LLVMBasicBlockRef ours = block_new(cg, "our_cgroup");
	LLVMValueRef args[2], v;

	args[0] = map_address(cg, map_internal(cg, MAP_CGROUP));
	args[1] = k64(cg, 0);
	v = helper_call(cg, BPF_FUNC_current_task_under_cgroup, args, 2, "under");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, k64(cg, 1), "ours");
	block_branch(cg, v, ours, cg->fn->out);
	block_enter(cg, ours);
}

void run_filter(struct cg *cg)
{
	enum probe_type t = cg->unit->type;

	if (!has_task(t))
		return;
	if (cg->p->filter_pid > 0)
		filter_process(cg);
	if (cg->p->filter_cgroup)
		filter_cgroup(cg);
}

void run_predicate(struct cg *cg, struct run *r)
{
	LLVMBasicBlockRef holds;
	struct mark m = frame_mark(cg);
	LLVMValueRef v;

	if (cg->unit->predicate) {
		holds = block_new(cg, "predicate_holds");
		v = expr_cond(cg, cg->unit->predicate);
		block_branch(cg, v, holds, r->not_run);
		block_enter(cg, holds);
	}
	frame_release(cg, m);
	if (cg->p->count_hits)
		count_loss(cg, offsetof(struct unit_stats, hits));
}

void run_body(struct cg *cg, struct run *r)
{
	r->early = cg->scratch_used;
	block_goto(cg, r->claim_late);
	block_enter(cg, r->body);
	cg->fn->on_abort = r->release;
	cg->fn->on_return = r->release;
}

static void claim(struct cg *cg, struct run *r, LLVMBasicBlockRef in, LLVMBasicBlockRef next,
		  bool needed)
{
	block_enter(cg, in);
	if (needed)
		scratch_take(cg, &r->claim, next, cg->fn->out);
	else
		block_goto(cg, next);
}

// The builder stands at the end of the body.
void run_end(struct cg *cg, struct run *r)
{
	block_goto(cg, r->release);
	claim(cg, r, r->claim_early, r->start, r->early);
	claim(cg, r, r->claim_late, r->body, cg->scratch_used && !r->early);
	block_enter(cg, r->not_run_end);
	block_goto(cg, r->early ? r->release : cg->fn->out);
	block_enter(cg, r->release);
	if (cg->scratch_used)
		scratch_drop(cg, &r->claim);
	block_goto(cg, cg->fn->out);
}

// ---- units ---------------------------------------------------------------------------------

static void plain_program(struct cg *cg, struct unit *u)
{
	struct fn fn;
	struct run r;

	u->prog = name_of(cg, u, "");
	cg->half = HALF_WHOLE;
	program_begin(cg, &fn, u->prog);
	program_result(cg, 0);
	tracepoint_filter(cg);
	iter_filter(cg);
	run_filter(cg);
	run_begin(cg, &r);
	run_predicate(cg, &r);
	run_body(cg, &r);
	block_scope(cg, u->body);
	run_end(cg, &r);
	program_end(cg, &fn);
}

void unit_build(struct cg *cg, struct unit *u)
{
	cg->unit = u;
	trusted_variables(u);
	if (unit_has_halves(u))
		session_build(cg, u);
	else
		plain_program(cg, u);
	cg->unit = NULL;
}
