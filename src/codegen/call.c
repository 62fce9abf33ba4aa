// call: functions of the language. One cg_<id> per row of FUNC_TABLE that is READY; a row
// without one does not build. What the checker folds shares cg_FOLDED.
#include "codegen/cg.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

#include <linux/bpf.h>

#include "bpf/abi.h"
#include "codegen/calls.h"
#include "sema/builtins.h"

// dst is NULL for scalars and for calls without a value.
typedef LLVMValueRef (*call_fn)(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean);

struct expr *cg_arg(struct expr *e, size_t n)
{
	if (n >= e->u.call.args.len)
		bug("%s(): no argument %zu", e->u.call.name, n);
	return e->u.call.args.data[n];
}

static uint64_t const_arg(struct expr *e, size_t n)
{
	struct expr *a = cg_arg(e, n);

	while (a->kind == EXPR_CAST)
		a = a->u.cast.operand;
	if (a->kind != EXPR_INT)
		bug("%s(): argument %zu is not a constant", e->u.call.name, n);
	return a->u.integer.value;
}

LLVMValueRef cg_arg_u64(struct cg *cg, struct expr *e, size_t n)
{
	LLVMValueRef v = expr_scalar(cg, cg_arg(e, n));

	return arith_resize(cg, v, 8, cg_arg(e, n)->type->is_signed);
}

static LLVMValueRef cg_FOLDED(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	bug("%s() should have been folded", e->u.call.name);
}

#define cg_FAIL cg_FOLDED
#define cg_STATIC_ASSERT cg_FOLDED
#define cg_STRCAP cg_FOLDED
#define cg_IS_PTR cg_FOLDED
#define cg_IS_STR cg_FOLDED
#define cg_IS_ARRAY cg_FOLDED
#define cg_IS_INTEGER cg_FOLDED
#define cg_IS_UNSIGNED_INTEGER cg_FOLDED
#define cg_IS_SCALAR cg_FOLDED
#define cg_IS_LITERAL cg_FOLDED
#define cg_GETOPT cg_FOLDED
#define cg_KADDR cg_FOLDED
#define cg_KFUNC_EXIST cg_FOLDED
#define cg_CGROUPID cg_FOLDED
#define cg_FIND cg_FOLDED
#define cg_CONTAINER_OF cg_FOLDED
#define cg_KFUNC_ALLOWED cg_FOLDED
#define cg_ARGTYPE cg_FOLDED
#define cg_IS_ERR cg_FOLDED
#define cg_CALL_PPID cg_FOLDED
#define cg_CALL_PCOMM cg_FOLDED
#define cg_CALL_LEADER_TID cg_FOLDED
#define cg_CALL_LEADER_COMM cg_FOLDED

// count() and the like are right sides of assignments to maps (map.c).
static LLVMValueRef cg_AGGREGATION(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	bug("%s() outside an assignment", e->u.call.name);
}

#define cg_COUNT cg_AGGREGATION
#define cg_SUM cg_AGGREGATION
#define cg_MIN cg_AGGREGATION
#define cg_MAX cg_AGGREGATION
#define cg_AVG cg_AGGREGATION
#define cg_STATS cg_AGGREGATION
#define cg_HIST cg_AGGREGATION
#define cg_LHIST cg_AGGREGATION
#define cg_TSERIES cg_AGGREGATION

static LLVMValueRef cg_OUTPUT(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	event_send(cg, e);
	return NULL;
}

#define cg_PRINTF cg_OUTPUT
#define cg_ERRORF cg_OUTPUT
#define cg_WARNF cg_OUTPUT
#define cg_PRINT cg_OUTPUT
#define cg_TIME cg_OUTPUT
#define cg_CAT cg_OUTPUT
#define cg_JOIN cg_OUTPUT
#define cg_SYSTEM cg_OUTPUT
#define cg_EXIT cg_OUTPUT
#define cg_CLEAR cg_OUTPUT
#define cg_ZERO cg_OUTPUT

static LLVMValueRef cg_ASSERT(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	event_assert(cg, e);
	return NULL;
}

// ---- maps --------------------------------------------------------------------------------------

static LLVMValueRef cg_DELETE(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return map_delete(cg, e).v;
}

static LLVMValueRef cg_HAS_KEY(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return map_has_key(cg, e).v;
}

static LLVMValueRef stack_len(struct cg *cg, struct expr *e)
{
	struct value stack = expr(cg, cg_arg(e, 0));
	LLVMValueRef p = at(cg, stack.v, offsetof(struct stack_val, frames), "frames");
	LLVMValueRef v = load(cg, cg->i32, p, "frames");

	return arith_resize(cg, v, e->type->size, false);
}

static LLVMValueRef cg_LEN(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	enum type_kind kind = cg_arg(e, 0)->type->kind;

	if (kind == TYPE_USTACK || kind == TYPE_KSTACK)
		return stack_len(cg, e);
	return map_len(cg, e).v;
}

// ---- strings
// ---------------------------------------------------------------------------------------

static LLVMValueRef cg_STRLEN(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	struct value s = expr(cg, cg_arg(e, 0));

	return string_length(cg, s);
}

static LLVMValueRef cg_STRNCMP(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	struct value a = expr(cg, cg_arg(e, 0)), b;
	uint64_t n = const_arg(e, 2);
	LLVMValueRef v;

	b = expr(cg, cg_arg(e, 1));
	v = string_compare_n(cg, a, b, n > UINT32_MAX ? UINT32_MAX : (uint32_t)n);
	v = LLVMBuildNot(cg->b, v, "differ");
	return LLVMBuildZExt(cg->b, v, scalar_type(cg, e->type), "strncmp");
}

static LLVMValueRef find(struct cg *cg, struct expr *e)
{
	struct value hay = expr(cg, cg_arg(e, 0)), needle;

	needle = expr(cg, cg_arg(e, 1));
	return string_find(cg, hay, needle);
}

static LLVMValueRef cg_STRCONTAINS(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMValueRef v = find(cg, e);

	v = LLVMBuildICmp(cg->b, LLVMIntSGE, v, k64(cg, 0), "contains");
	return bool_of(cg, v);
}

static LLVMValueRef cg_STRSTR(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return find(cg, e);
}

static LLVMValueRef cg_BSWAP(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMTypeRef type = scalar_type(cg, e->type), fn_type;
	unsigned id = LLVMLookupIntrinsicID("llvm.bswap", strlen("llvm.bswap"));
	LLVMValueRef v = expr_scalar(cg, cg_arg(e, 0)), fn;

	v = arith_resize(cg, v, e->type->size, false);
	if (e->type->size == 1)
		return v;
	fn = LLVMGetIntrinsicDeclaration(cg->mod, id, &type, 1);
	fn_type = LLVMIntrinsicGetType(cg->ctx, id, &type, 1);
	return LLVMBuildCall2(cg->b, fn_type, fn, &v, 1, "bswap");
}

static LLVMValueRef same(struct cg *cg, struct expr *e)
{
	LLVMValueRef v = expr_scalar(cg, cg_arg(e, 0));

	return arith_resize(cg, v, e->type->size, cg_arg(e, 0)->type->is_signed);
}

static LLVMValueRef cg_KPTR(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return same(cg, e);
}

static LLVMValueRef cg_UPTR(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return same(cg, e);
}

// ---- handles: numbers that are printed as names -------------------------------------------------

static LLVMValueRef cg_STRERROR(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return same(cg, e);
}

static LLVMValueRef cg_SIGNAL_NAME(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return same(cg, e);
}

static LLVMValueRef cg_SYSCALL_NAME(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return same(cg, e);
}

static LLVMValueRef cg_STRFTIME(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMValueRef ns = cg_arg_u64(cg, e, 1), p;
	uint32_t format = (uint32_t)const_arg(e, 0), clock = (uint32_t)const_arg(e, 2);

	store(cg, ns, dst);
	p = at(cg, dst, offsetof(struct timestamp_val, format), "format");
	store(cg, k32(cg, format), p);
	p = at(cg, dst, offsetof(struct timestamp_val, clock), "clock");
	store(cg, k32(cg, clock), p);
	return NULL;
}

// ---- the current task, clocks
// ---------------------------------------------------------------------

LLVMValueRef pid_tgid(struct cg *cg)
{
	return helper_pure(cg, BPF_FUNC_get_current_pid_tgid, NULL, 0, "pid_tgid");
}

// struct bpf_pidns_info { u32 pid, tgid; }: tid and pid in the order of pid_tgid.
static LLVMValueRef ns_pid_tgid(struct cg *cg)
{
	LLVMValueRef info = frame_alloca(cg, cg->i64, "pidns"), args[4];

	store(cg, k64(cg, 0), info);
	args[0] = k64(cg, cg->pid_ns_dev);
	args[1] = k64(cg, cg->pid_ns_ino);
	args[2] = info;
	args[3] = k64(cg, 8);
	helper_call(cg, BPF_FUNC_get_ns_current_pid_tgid, args, 4, "");
	return load(cg, cg->i64, info, "pid_tgid");
}

LLVMValueRef pid_tgid_here(struct cg *cg)
{
	return cg->pid_ns_ino ? ns_pid_tgid(cg) : pid_tgid(cg);
}

static LLVMValueRef pid_or_tid(struct cg *cg, struct expr *e, unsigned shift)
{
	bool initial = e->u.call.args.len && const_arg(e, 0) == 1;
	LLVMValueRef v = initial ? pid_tgid(cg) : pid_tgid_here(cg);

	v = LLVMBuildLShr(cg->b, v, k64(cg, shift), "id");
	v = LLVMBuildTrunc(cg->b, v, cg->i32, "id");
	return arith_resize(cg, v, e->type->size, false);
}

static LLVMValueRef cg_CALL_PID(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return pid_or_tid(cg, e, 32);
}

static LLVMValueRef cg_CALL_TID(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return pid_or_tid(cg, e, 0);
}

LLVMValueRef boot_ns(struct cg *cg)
{
	return clock_ns(cg, CLOCK_MODE_BOOT);
}

// TAI as user space sees it, for kernels without the helper: boot clock plus a constant.
static LLVMValueRef software_tai(struct cg *cg)
{
	struct timespec tai, boot;
	LLVMValueRef v = boot_ns(cg);

	clock_gettime(CLOCK_TAI, &tai);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	return LLVMBuildAdd(cg->b, v,
			    k64(cg, (uint64_t)((tai.tv_sec - boot.tv_sec) * 1000000000ll +
					       (tai.tv_nsec - boot.tv_nsec))),
			    "tai");
}

LLVMValueRef clock_ns(struct cg *cg, enum clock_mode mode)
{
	switch (mode) {
	case CLOCK_MODE_MONOTONIC:
		return helper_call(cg, BPF_FUNC_ktime_get_ns, NULL, 0, "monotonic");
	case CLOCK_MODE_TAI:
		return helper_call(cg, BPF_FUNC_ktime_get_tai_ns, NULL, 0, "tai");
	case CLOCK_MODE_SW_TAI:
		return software_tai(cg);
	case CLOCK_MODE_BOOT:
		break;
	}
	return helper_call(cg, BPF_FUNC_ktime_get_boot_ns, NULL, 0, "now");
}

static LLVMValueRef cg_CALL_NSECS(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return clock_ns(cg,
			e->u.call.args.len ? (enum clock_mode)const_arg(e, 0) : CLOCK_MODE_BOOT);
}

static LLVMValueRef stack_with_mode(struct cg *cg, struct expr *e, enum builtin_id id,
				    LLVMValueRef dst, bool clean)
{
	struct expr ident = {.kind = EXPR_IDENT, .span = e->span, .type = e->type};

	ident.u.ident.name = e->u.call.name;
	ident.u.ident.builtin = id;
	builtin_into(cg, &ident, dst, clean);
	return NULL;
}

static LLVMValueRef cg_CALL_USTACK(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return stack_with_mode(cg, e, BUILTIN_USTACK, dst, clean);
}

static LLVMValueRef cg_CALL_DW_USTACK(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return stack_with_mode(cg, e, BUILTIN_DW_USTACK, dst, clean);
}

static LLVMValueRef cg_CALL_KSTACK(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return stack_with_mode(cg, e, BUILTIN_KSTACK, dst, clean);
}

static LLVMValueRef cg_REG(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return arch_register(cg, const_arg(e, 0));
}

static LLVMValueRef send_signal(struct cg *cg, struct expr *e, int helper)
{
	LLVMValueRef args[1];

	args[0] = cg_arg_u64(cg, e, 0);
	helper_call(cg, helper, args, 1, "");
	return NULL;
}

static LLVMValueRef cg_SIGNAL(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return send_signal(cg, e, BPF_FUNC_send_signal);
}

static LLVMValueRef cg_SIGNAL_THREAD(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return send_signal(cg, e, BPF_FUNC_send_signal_thread);
}

// ---- the table ---------------------------------------------------------------------------------

#define ROW_READY(id) [FUNC_##id] = cg_##id,
#define ROW_LATER(id) [FUNC_##id] = NULL,
#define ROW(id, name, min, max, flags, since, doc) ROW_##since(id)
static const call_fn calls[FUNC_ID_END] = {FUNC_TABLE(ROW)};
#undef ROW

static call_fn call_of(const struct expr *e)
{
	int id = e->u.call.func;

	if (id < 0 || id >= FUNC_ID_END || !calls[id])
		bug("no code for the function '%s' (%d)", e->u.call.name, id);
	return calls[id];
}

struct value call_expr(struct cg *cg, struct expr *e)
{
	call_fn fn = call_of(e);
	struct value out = {e->type, fn(cg, e, NULL, false)};

	if (out.v && type_is_scalar(e->type))
		out.v = arith_resize(cg, out.v, e->type->size, e->type->is_signed);
	return out;
}

void call_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	call_fn fn = call_of(e);

	fn(cg, e, dst, clean);
}
