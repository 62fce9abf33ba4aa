// read: str() and buf(): bytes out of memory of the kernel's or of the traced program, as many as
// there are, up to the size of the value.
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>

#include "bpf/abi.h"
#include "codegen/calls.h"
#include "sema/builtins.h"

// How many bytes to read: given, at most `max`; the verifier sees the bound.
LLVMValueRef bounded(struct cg *cg, LLVMValueRef n, uint32_t max)
{
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "size"), v;
	LLVMBasicBlockRef above = block_new(cg, "above"), done = block_new(cg, "bounded");

	n = opaque(cg, n);
	store(cg, n, slot);
	v = LLVMBuildICmp(cg->b, LLVMIntUGT, n, k64(cg, max), "above");
	block_branch(cg, v, above, done);
	block_enter(cg, above);
	store(cg, k64(cg, max), slot);
	block_goto(cg, done);
	block_enter(cg, done);
	return load(cg, cg->i64, slot, "size");
}

static bool arg_is_user(struct cg *cg, struct expr *a)
{
	return space_is_user(cg, a->type);
}

// str(p, n) reads n bytes at most, the NUL included.
static LLVMValueRef str_size(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef n;

	if (e->u.call.args.len < 2)
		return k64(cg, e->type->size);
	if (cg_arg(e, 1)->kind == EXPR_INT && cg_arg(e, 1)->u.integer.value)
		return k64(cg, cg_arg(e, 1)->u.integer.value < e->type->size
				   ? cg_arg(e, 1)->u.integer.value
				   : e->type->size);
	n = cg_arg_u64(cg, e, 1);
	store(cg, LLVMConstInt(cg->i8, 0, false), dst); // for n == 0
	return bounded(cg, n, e->type->size);
}

// A string in memory of ours, given to str().
static LLVMValueRef str_of_value(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	struct value v = expr(cg, cg_arg(e, 0));
	LLVMValueRef args[3];

	if (e->u.call.args.len < 2) {
		string_copy(cg, dst, e->type->size, v.v, v.type->size, clean);
		return NULL;
	}
	mem_zero(cg, dst, e->type->size);
	args[1] = str_size(cg, e, dst);
	args[0] = dst;
	args[2] = v.v;
	helper_call(cg, BPF_FUNC_probe_read_kernel_str, args, 3, "");
	return NULL;
}

// An argument of a kernel function may point to either memory, as BTF does not say which; so may a
// number that a script kept. The upper half of the addresses is the kernel's.
static bool either_space(struct cg *cg, struct expr *a)
{
	return type_is_scalar(a->type) && a->type->space == SPACE_NONE && !arg_is_user(cg, a);
}

// What helper a read needs. Of either space: which one, the address tells when it runs.
struct reader {
	bool either, user;
	int kernel_helper, user_helper;
};

static struct reader bytes_reader(struct cg *cg, struct expr *from, bool user)
{
	return (struct reader){either_space(cg, from), user, BPF_FUNC_probe_read_kernel,
			       BPF_FUNC_probe_read_user};
}

static struct reader string_reader(struct cg *cg, struct expr *from, bool user)
{
	return (struct reader){either_space(cg, from), user, BPF_FUNC_probe_read_kernel_str,
			       BPF_FUNC_probe_read_user_str};
}

// As a failure names it.
static int reader_helper(const struct reader *r)
{
	if (r->either)
		return r->user_helper == BPF_FUNC_probe_read_user ? BPF_FUNC_probe_read
								  : BPF_FUNC_probe_read_str;
	return r->user ? r->user_helper : r->kernel_helper;
}

static LLVMValueRef read_either(struct cg *cg, LLVMValueRef args[3], const struct reader *r)
{
	LLVMBasicBlockRef upper = block_new(cg, "kernel"), lower = block_new(cg, "user");
	LLVMBasicBlockRef done = block_new(cg, "read");
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "result"), v;

	v = LLVMBuildICmp(cg->b, LLVMIntSLT, args[2], k64(cg, 0), "is_kernel");
	block_branch(cg, v, upper, lower);
	block_enter(cg, upper);
	v = helper_call(cg, r->kernel_helper, args, 3, "result");
	store(cg, v, slot);
	block_goto(cg, done);
	block_enter(cg, lower);
	v = helper_call(cg, r->user_helper, args, 3, "result");
	store(cg, v, slot);
	block_goto(cg, done);
	block_enter(cg, done);
	return load(cg, cg->i64, slot, "result");
}

static LLVMValueRef read_by(struct cg *cg, const struct reader *r, LLVMValueRef args[3])
{
	if (r->either)
		return read_either(cg, args, r);
	return helper_call(cg, reader_helper(r), args, 3, "result");
}

// str() of memory that is not ours: the helper's result, and in *helper which one that was.
static LLVMValueRef str_of_memory(struct cg *cg, struct expr *e, LLVMValueRef dst, int *helper)
{
	bool user = arg_is_user(cg, cg_arg(e, 0));
	LLVMValueRef args[3];
	struct reader r;

	if (type_is_scalar(cg_arg(e, 0)->type))
		args[2] = cg_arg_u64(cg, e, 0);
	else // an array where it stands: no copy of it is needed
		args[2] = place_address(cg, cg_arg(e, 0), &user);
	args[1] = str_size(cg, e, dst);
	args[0] = dst;
	r = string_reader(cg, cg_arg(e, 0), user);
	*helper = reader_helper(&r);
	return read_by(cg, &r, args);
}

static bool is_of_memory(struct expr *e)
{
	return type_is_scalar(cg_arg(e, 0)->type) || place_is_remote(cg_arg(e, 0));
}

LLVMValueRef cg_STR(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMValueRef err;
	int helper;

	if (!is_of_memory(e))
		return str_of_value(cg, e, dst, clean);
	if (clean || e->type->size <= STRING_SMALL)
		mem_zero(cg, dst, e->type->size);
	err = str_of_memory(cg, e, dst, &helper);
	failure_read_check(cg, helper, err);
	return NULL;
}

// n = result; if (n < 0) { count; n = 1; } The helper has made the string empty then.
static LLVMValueRef size_read(struct cg *cg, int helper, LLVMValueRef result)
{
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "size"), v;
	LLVMBasicBlockRef bad = block_new(cg, "failed"), ok = block_new(cg, "read");

	result = opaque(cg, result);
	store(cg, result, slot);
	v = LLVMBuildICmp(cg->b, LLVMIntSLT, result, k64(cg, 0), "error");
	block_branch(cg, v, bad, ok);
	block_enter(cg, bad);
	failure_read(cg, helper, result);
	store(cg, k64(cg, 1), slot);
	block_goto(cg, ok);
	block_enter(cg, ok);
	return load(cg, cg->i64, slot, "size");
}

LLVMValueRef string_read(struct cg *cg, LLVMValueRef args[3], bool user)
{
	int helper = user ? BPF_FUNC_probe_read_user_str : BPF_FUNC_probe_read_kernel_str;
	LLVMValueRef result = helper_call(cg, helper, args, 3, "result");

	return size_read(cg, helper, result);
}

LLVMValueRef string_sized_into(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	LLVMValueRef args[3], result;
	struct value v;
	int helper;

	debug_at(cg, e->span);
	if (e->kind == EXPR_CALL && e->u.call.func == FUNC_STR && is_of_memory(e)) {
		cg->site = e->span;
		result = str_of_memory(cg, e, dst, &helper);
		return size_read(cg, helper, result);
	}
	v = expr(cg, e);
	args[0] = dst;
	args[1] = k32(cg, v.type->size);
	args[2] = v.v;
	return string_read(cg, args, false);
}

// struct { u32 len; u8 data[]; }
LLVMValueRef cg_BUF(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	uint32_t max = e->type->size - 4;
	LLVMValueRef args[3], n = k64(cg, max), v;
	bool user = arg_is_user(cg, cg_arg(e, 0));
	struct reader r;

	if (type_is_scalar(cg_arg(e, 0)->type)) {
		args[2] = cg_arg_u64(cg, e, 0);
	} else if (place_is_remote(cg_arg(e, 0))) {
		args[2] = place_address(cg, cg_arg(e, 0), &user);
	} else { // an array or string value: kernel memory, ours
		args[2] = expr(cg, cg_arg(e, 0)).v;
		user = false;
	}
	if (e->u.call.args.len > 1) {
		n = cg_arg_u64(cg, e, 1);
		n = bounded(cg, n, max);
	}
	if (clean)
		mem_zero(cg, dst, e->type->size);
	v = LLVMBuildTrunc(cg->b, n, cg->i32, "len");
	store(cg, v, dst);
	args[0] = at(cg, dst, 4, "data");
	args[1] = n;
	r = bytes_reader(cg, cg_arg(e, 0), user);
	v = read_by(cg, &r, args);
	failure_read_check(cg, reader_helper(&r), v);
	return NULL;
}
