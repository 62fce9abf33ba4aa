// names: values that user space prints as a name: symbols, control groups, network addresses.
// What the program stores is small and fixed (bpf/abi.h); looking it up costs the event nothing.
#include "codegen/cg.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include <linux/bpf.h>

#include "bpf/abi.h"
#include "codegen/calls.h"
#include "sema/builtins.h"

static void put_u32(struct cg *cg, LLVMValueRef dst, uint32_t offset, LLVMValueRef v)
{
	LLVMValueRef p = at(cg, dst, offset, "part");

	v = LLVMBuildTrunc(cg->b, v, cg->i32, "part");
	store(cg, v, p);
}

LLVMValueRef cg_KSYM(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	return cg_arg_u64(cg, e, 0);
}

LLVMValueRef cg_USYM(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMValueRef v = cg_arg_u64(cg, e, 0);

	store(cg, v, dst);
	v = pid_tgid(cg);
	v = LLVMBuildLShr(cg->b, v, k64(cg, 32), "pid");
	put_u32(cg, dst, offsetof(struct usym_val, pid), v);
	put_u32(cg, dst, offsetof(struct usym_val, target), k64(cg, 0));
	return NULL;
}

LLVMValueRef cg_CGROUP_PATH(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	uint64_t pattern = e->u.call.args.data[1]->u.integer.value;
	LLVMValueRef v = cg_arg_u64(cg, e, 0);

	store(cg, v, dst);
	put_u32(cg, dst, offsetof(struct cgroup_path_val, pattern), k64(cg, pattern));
	put_u32(cg, dst, offsetof(struct cgroup_path_val, pad), k64(cg, 0));
	return NULL;
}

// ---- the network -----------------------------------------------------------------------------

// ntop(address), ntop(family, address). Without a family the size tells it.
LLVMValueRef cg_NTOP(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	bool given = e->u.call.args.len > 1;
	struct expr *address = e->u.call.args.data[given];
	uint32_t size = address->type->size;
	LLVMValueRef family, to;

	family = given ? cg_arg_u64(cg, e, 0) : k64(cg, size == 16 ? AF_INET6 : AF_INET);
	mem_zero(cg, dst, e->type->size);
	put_u32(cg, dst, offsetof(struct inet_val, family), family);
	to = at(cg, dst, offsetof(struct inet_val, addr), "address");
	expr_into(cg, address, to, true);
	return NULL;
}

LLVMValueRef cg_PTON(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	const char *text = e->u.call.args.data[0]->u.string.data;
	unsigned char bytes[16] = {0};

	if (inet_pton(e->type->size == 16 ? AF_INET6 : AF_INET, text, bytes) != 1)
		bug("pton(\"%s\")", text);
	for (uint32_t i = 0; i < e->type->size; i += 4) {
		LLVMValueRef to = at(cg, dst, i, "bytes");
		uint32_t v;

		memcpy(&v, bytes + i, sizeof(v)); // both little-endian
		store(cg, k32(cg, v), to);
	}
	return NULL;
}

LLVMValueRef cg_MACADDR(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	struct expr *a = e->u.call.args.data[0];
	uint32_t size = e->type->size;
	struct value v;

	if (type_is_scalar(a->type)) {
		mem_read(cg, dst, size, cg_arg_u64(cg, e, 0), space_is_user(cg, a->type));
		return NULL;
	}
	v = expr(cg, a);
	if (a->type->size < size)
		mem_zero(cg, dst, size);
	mem_copy(cg, dst, v.v, a->type->size < size ? a->type->size : size);
	return NULL;
}

// ---- the traced program
// --------------------------------------------------------------------------

#define REGS_IP 128 // offset of ip in struct pt_regs of x86-64

// The instruction pointer of a uprobe is the probed instruction's.
LLVMValueRef cg_UADDR(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMValueRef v = cg_arg_u64(cg, e, 0), here, ip;

	if (e->u.call.args.len < 2)
		return v;
	here = cg_arg_u64(cg, e, 1);
	ip = arch_register(cg, REGS_IP);
	v = LLVMBuildSub(cg->b, v, here, "distance");
	return LLVMBuildAdd(cg->b, ip, v, "uaddr");
}

LLVMValueRef cg_WRITE_USER(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMValueRef args[3], err;

	args[0] = cg_arg_u64(cg, e, 0);
	args[1] = cg_arg_u64(cg, e, 1);
	args[2] = cg_arg_u64(cg, e, 2);
	err = helper_call(cg, BPF_FUNC_probe_write_user, args, 3, "err");
	failure_read_check(cg, BPF_FUNC_probe_write_user, err);
	return NULL;
}

LLVMValueRef cg_OVERRIDE(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	LLVMValueRef args[2];

	args[0] = cg->fn->ctx;
	args[1] = cg_arg_u64(cg, e, 0);
	helper_call(cg, BPF_FUNC_override_return, args, 2, "");
	return NULL;
}

// ---- to the kernel's own trace
// -------------------------------------------------------------------

// Strings are given by their address, numbers as 64 bits.
LLVMValueRef cg_DEBUGF(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	const struct expr *format = e->u.call.args.data[0];
	uint32_t size = (uint32_t)format->u.string.len + 1;
	LLVMValueRef args[5], text = frame_temp(cg, size, "format");
	unsigned n = 2;

	string_literal(cg, format->u.string.data, format->u.string.len, text, size, false);
	for (size_t i = 1; i < e->u.call.args.len; i++, n++) {
		struct expr *a = e->u.call.args.data[i];

		args[n] = type_is_scalar(a->type) ? cg_arg_u64(cg, e, i) : expr(cg, a).v;
	}
	args[0] = text;
	args[1] = k32(cg, size);
	helper_call(cg, BPF_FUNC_trace_printk, args, n, "");
	return NULL;
}

// ---- bytes
// -----------------------------------------------------------------------------------------

LLVMValueRef cg_MEMCMP(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	struct expr *l = e->u.call.args.data[0], *r = e->u.call.args.data[1];
	LLVMValueRef a = frame_temp(cg, l->type->size, "left"), b, n;
	uint32_t most = l->type->size < r->type->size ? l->type->size : r->type->size;

	b = frame_temp(cg, r->type->size, "right");
	expr_into(cg, l, a, true);
	expr_into(cg, r, b, true);
	n = cg_arg_u64(cg, e, 2);
	return bytes_compare_n(cg, a, b, n, most);
}

// A temporary holds both, so that the second one's place needs no proof from the verifier.
LLVMValueRef cg_STR_CONCAT(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	struct expr *l = e->u.call.args.data[0], *r = e->u.call.args.data[1];
	uint32_t size = l->type->size + r->type->size;
	LLVMValueRef both = frame_temp(cg, size, "both"), args[3], v;
	struct value s = expr(cg, l);

	args[0] = both;
	args[1] = k32(cg, l->type->size);
	args[2] = s.v;
	v = helper_call(cg, BPF_FUNC_probe_read_kernel_str, args, 3, "length");
	v = LLVMBuildSub(cg->b, v, k64(cg, 1), "end");
	v = bounded(cg, v, l->type->size - 1);
	v = opaque(cg, v); // else LLVM makes an `or` of a pointer and a small number
	s = expr(cg, r);
	args[0] = LLVMBuildInBoundsGEP2(cg->b, cg->i8, both, &v, 1, "end");
	args[1] = k32(cg, r->type->size);
	args[2] = s.v;
	helper_call(cg, BPF_FUNC_probe_read_kernel_str, args, 3, "");
	string_copy(cg, dst, e->type->size, both, size, clean);
	return NULL;
}
