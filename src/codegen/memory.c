// memory: filling, copying and comparing values that are not scalars.
//
// Small pieces become plain loads and stores. Large ones go through helpers: their zeros
// come from an internal map that nothing writes, and strings are copied to their NUL only.
#include "codegen/cg.h"

#include <stddef.h>
#include <string.h>

#include <linux/bpf.h>

#include "bpf/abi.h"

// Everything that our pointers start from is aligned to 8: allocas, map values and keys, ring
// buffer records, scratch frames. A constant offset may take some of that away. LLVM cannot
// know, and would split accesses into bytes.
uint32_t alignment(LLVMValueRef ptr)
{
	uint64_t offset = 0;

	while (LLVMIsAGetElementPtrInst(ptr)) {
		LLVMValueRef index = LLVMGetOperand(ptr, 1);

		if (!LLVMIsAConstantInt(index))
			return 1;
		offset |= LLVMConstIntGetZExtValue(index);
		ptr = LLVMGetOperand(ptr, 0);
	}
	return offset % 8 ? 1u << __builtin_ctzll(offset) : 8;
}

LLVMValueRef zeros(struct cg *cg, uint32_t size)
{
	if (size > cg->zero_size)
		cg->zero_size = size;
	return map_first_value(cg, map_internal(cg, MAP_CONST));
}

static void helper_copy(struct cg *cg, int helper, LLVMValueRef dst, uint32_t size,
			LLVMValueRef src)
{
	LLVMValueRef args[3];

	args[0] = dst;
	args[1] = k32(cg, size);
	args[2] = src;
	helper_call(cg, helper, args, 3, "");
}

void mem_zero(struct cg *cg, LLVMValueRef dst, uint32_t size)
{
	LLVMValueRef zero = LLVMConstInt(cg->i8, 0, false), n = k64(cg, size);

	if (!size)
		return;
	if (size <= INLINE_BYTES)
		LLVMBuildMemSet(cg->b, dst, zero, n, alignment(dst));
	else
		helper_copy(cg, BPF_FUNC_probe_read_kernel, dst, size, zeros(cg, size));
}

// LLVM copies inline as long as it needs at most 128 stores.
void mem_copy(struct cg *cg, LLVMValueRef dst, LLVMValueRef src, uint32_t size)
{
	uint32_t align = alignment(dst) < alignment(src) ? alignment(dst) : alignment(src);
	LLVMValueRef n = k64(cg, size);

	if (!size)
		return;
	if (size <= INLINE_BYTES && size / align <= 64)
		LLVMBuildMemCpy(cg->b, dst, align, src, align, n);
	else
		helper_copy(cg, BPF_FUNC_probe_read_kernel, dst, size, src);
}

// Memory of the traced program or the kernel; a failure leaves zeros and is counted.
void mem_read(struct cg *cg, LLVMValueRef dst, uint32_t size, LLVMValueRef address, bool user)
{
	int helper = user ? BPF_FUNC_probe_read_user : BPF_FUNC_probe_read_kernel;
	LLVMValueRef args[3], err;

	args[0] = dst;
	args[1] = k32(cg, size);
	args[2] = address;
	err = helper_call(cg, helper, args, 3, "err");
	failure_read_check(cg, helper, err);
}

// ---- strings ---------------------------------------------------------------------------------

static uint64_t chunk(const char *s, size_t len, size_t from, size_t n)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n && from + i < len; i++)
		v |= (uint64_t)(unsigned char)s[from + i] << (8 * i);
	return v;
}

// The widest access at this offset of memory that is so aligned.
static uint32_t chunk_size(uint32_t left, uint32_t align, uint32_t offset)
{
	uint32_t n = 8;

	while (n > left || n > align || offset % n)
		n /= 2;
	return n;
}

void string_literal(struct cg *cg, const char *s, size_t len, LLVMValueRef dst, uint32_t dst_size,
		    bool clean)
{
	bool all = clean || dst_size <= STRING_SMALL;
	uint32_t used = (uint32_t)len + 1 < dst_size ? (uint32_t)len + 1 : dst_size;
	uint32_t end = all ? dst_size : used;

	if (len >= dst_size)
		len = dst_size - 1;
	if (end > INLINE_BYTES && end > used) { // a short literal in a large buffer
		mem_zero(cg, dst, end);
		end = used;
	}
	for (uint32_t i = 0; i < end;) {
		uint32_t n = chunk_size(end - i, alignment(dst), i);
		LLVMValueRef v = LLVMConstInt(int_type(cg, n), chunk(s, len, i, n), false);
		LLVMValueRef to = at(cg, dst, i, "chunk");

		store(cg, v, to);
		i += n;
	}
}

static void store_nul(struct cg *cg, LLVMValueRef dst, uint32_t index)
{
	LLVMValueRef to = at(cg, dst, index, "end");

	store(cg, LLVMConstInt(cg->i8, 0, false), to);
}

void string_copy(struct cg *cg, LLVMValueRef dst, uint32_t dst_size, LLVMValueRef src,
		 uint32_t src_size, bool clean)
{
	uint32_t n = src_size < dst_size ? src_size : dst_size;

	if (!n)
		return;
	if (n > STRING_SMALL) {
		if (clean)
			mem_zero(cg, dst, dst_size);
		helper_copy(cg, BPF_FUNC_probe_read_kernel_str, dst, n, src);
		return;
	}
	mem_copy(cg, dst, src, n);
	if (src_size > dst_size)
		store_nul(cg, dst, n - 1);
	if (dst_size > n && (clean || dst_size <= STRING_SMALL)) {
		LLVMValueRef rest = at(cg, dst, n, "rest");

		mem_zero(cg, rest, dst_size - n);
	}
}

// ---- values by their type ---------------------------------------------------------------------

bool type_has_holes(const struct type *t)
{
	uint32_t end = 0;

	if (t->kind == TYPE_STRING || t->kind == TYPE_BUFFER)
		return false; // written whole
	for (size_t i = 0; i < t->field_count; i++) {
		const struct type_field *f = &t->fields[i];

		if (f->offset != end || type_has_holes(f->type))
			return true;
		end = f->offset + f->type->size;
	}
	return t->field_count && end != t->size;
}

void type_copy(struct cg *cg, LLVMValueRef dst, const struct type *t, LLVMValueRef src, bool clean)
{
	if (t->kind == TYPE_STRING)
		string_copy(cg, dst, t->size, src, t->size, clean);
	else
		mem_copy(cg, dst, src, t->size);
}

// ---- comparing --------------------------------------------------------------------------------

static LLVMValueRef difference(struct cg *cg, LLVMValueRef a, LLVMValueRef b, uint32_t offset,
			       uint32_t n)
{
	LLVMTypeRef type = int_type(cg, n);
	LLVMValueRef pa = at(cg, a, offset, "a"), pb, va, vb, v;

	pb = at(cg, b, offset, "b");
	va = load(cg, type, pa, "a");
	vb = load(cg, type, pb, "b");
	v = LLVMBuildXor(cg->b, va, vb, "differs");
	return LLVMBuildZExt(cg->b, v, cg->i64, "differs");
}

// All bytes; for values whose bytes are all defined (tuples, handles).
LLVMValueRef mem_equal(struct cg *cg, LLVMValueRef a, LLVMValueRef b, uint32_t size)
{
	uint32_t align = alignment(a) < alignment(b) ? alignment(a) : alignment(b);
	LLVMValueRef sum = k64(cg, 0), d;

	for (uint32_t i = 0; i < size;) {
		uint32_t n = chunk_size(size - i, align, i);

		d = difference(cg, a, b, i, n);
		sum = LLVMBuildOr(cg->b, sum, d, "sum");
		i += n;
	}
	return LLVMBuildICmp(cg->b, LLVMIntEQ, sum, k64(cg, 0), "equal");
}
