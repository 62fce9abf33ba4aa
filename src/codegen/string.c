// string: comparing and searching strings in memory of ours. Loops are bounded by the sizes
// of the types; a string ends at its first NUL.
#include "codegen/cg.h"

#include <string.h>

#include <linux/bpf.h>

// ---- equality with a literal -----------------------------------------------------------------

static LLVMValueRef literal_chunk(struct cg *cg, LLVMValueRef s, const char *text, uint32_t offset,
				  uint32_t n)
{
	LLVMTypeRef type = int_type(cg, n);
	LLVMValueRef p = at(cg, s, offset, "chunk");
	LLVMValueRef v = load(cg, type, p, "chunk");
	uint64_t want = 0;

	memcpy(&want, text + offset, n); // both little-endian
	v = LLVMBuildXor(cg->b, v, LLVMConstInt(type, want, false), "differs");
	return LLVMBuildZExt(cg->b, v, cg->i64, "differs");
}

// The literal's bytes and its NUL, where there is room for one, a word at a time, without
// branches.
LLVMValueRef string_equal_literal(struct cg *cg, struct value s, const char *text, size_t len)
{
	LLVMValueRef sum = k64(cg, 0), v;
	uint32_t align = alignment(s.v), end;

	len = strnlen(text, len);
	if (len > s.type->size || (len == s.type->size && !s.type->may_fill))
		return LLVMConstInt(cg->i1, 0, false);
	end = len < s.type->size ? len + 1 : len;
	for (uint32_t i = 0; i < end;) {
		uint32_t n = 8;

		while (n > end - i || n > align || i % n)
			n /= 2;
		v = literal_chunk(cg, s.v, text, i, n);
		sum = LLVMBuildOr(cg->b, sum, v, "sum");
		i += n;
	}
	return LLVMBuildICmp(cg->b, LLVMIntEQ, sum, k64(cg, 0), "equal");
}

// ---- byte loops -------------------------------------------------------------------------------

// i = 0; do { body } while (++i < limit): limit is not 0; the body ends by going to `next` or
// `done`. (Tested at its end: old verifiers refuse a loop that LLVM turned around.) With `count`,
// also not beyond that, which may be 0.
struct byte_loop {
	LLVMBasicBlockRef body, next, done;
	LLVMValueRef counter, i;
	LLVMValueRef count; // or NULL
	uint32_t limit;
};

static void byte_loop_begin(struct cg *cg, struct byte_loop *l, uint32_t limit, LLVMValueRef count)
{
	LLVMValueRef any;

	l->body = block_new(cg, "byte");
	l->next = block_new(cg, "next");
	l->done = block_new(cg, "bytes_done");
	l->counter = frame_alloca(cg, cg->i64, "i");
	l->limit = limit;
	l->count = count;
	store(cg, k64(cg, 0), l->counter);
	if (count) {
		any = non_zero(cg, count);
		block_branch(cg, any, l->body, l->done);
	} else {
		block_goto(cg, l->body);
	}
	block_enter(cg, l->body);
	l->i = load(cg, cg->i64, l->counter, "i");
}

static void byte_loop_end(struct cg *cg, struct byte_loop *l)
{
	LLVMBasicBlockRef counted;
	LLVMValueRef i, v;

	block_enter(cg, l->next);
	i = LLVMBuildAdd(cg->b, l->i, k64(cg, 1), "i");
	store(cg, i, l->counter);
	if (l->count) {
		counted = block_new(cg, "counted");
		v = LLVMBuildICmp(cg->b, LLVMIntULT, i, l->count, "inside");
		block_branch(cg, v, counted, l->done);
		block_enter(cg, counted);
	}
	v = LLVMBuildICmp(cg->b, LLVMIntULT, i, k64(cg, l->limit), "more");
	block_branch(cg, v, l->body, l->done);
	block_enter(cg, l->done);
}

static LLVMValueRef byte_at(struct cg *cg, LLVMValueRef base, LLVMValueRef i, const char *name)
{
	LLVMValueRef p = LLVMBuildInBoundsGEP2(cg->b, cg->i8, base, &i, 1, name);

	return load(cg, cg->i8, p, name);
}

static LLVMValueRef is_zero(struct cg *cg, LLVMValueRef byte)
{
	return LLVMBuildICmp(cg->b, LLVMIntEQ, byte, LLVMConstInt(cg->i8, 0, false), "ends");
}

// equal = 1;
// for (i = 0; i < n; i++) {
//	if (a[i] != b[i]) { equal = 0; break; }
//	if (!a[i]) break;
// }
LLVMValueRef string_compare_n(struct cg *cg, struct value a, struct value b, uint32_t n)
{
	LLVMValueRef equal = frame_alloca(cg, cg->i8, "equal"), va, vb, v;
	LLVMBasicBlockRef same, differ;
	struct byte_loop l;
	uint32_t limit = n;

	if (a.type->size < limit)
		limit = a.type->size;
	if (b.type->size < limit)
		limit = b.type->size;
	store(cg, LLVMConstInt(cg->i8, 1, false), equal);
	if (!limit)
		return LLVMConstInt(cg->i1, 1, false);
	byte_loop_begin(cg, &l, limit, NULL);
	same = block_new(cg, "same");
	differ = block_new(cg, "differ");
	va = byte_at(cg, a.v, l.i, "a");
	vb = byte_at(cg, b.v, l.i, "b");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, va, vb, "same");
	block_branch(cg, v, same, differ);
	block_enter(cg, differ);
	store(cg, LLVMConstInt(cg->i8, 0, false), equal);
	block_goto(cg, l.done);
	block_enter(cg, same);
	v = is_zero(cg, va);
	block_branch(cg, v, l.done, l.next);
	byte_loop_end(cg, &l);
	v = load(cg, cg->i8, equal, "equal");
	return non_zero(cg, v);
}

LLVMValueRef string_equal(struct cg *cg, struct value a, struct value b)
{
	return string_compare_n(cg, a, b, UINT32_MAX);
}

// result = 0;
// for (i = 0; i < n; i++)
//	if (a[i] != b[i]) { result = a[i] - b[i]; break; }
LLVMValueRef bytes_compare_n(struct cg *cg, LLVMValueRef a, LLVMValueRef b, LLVMValueRef n,
			     uint32_t most)
{
	LLVMValueRef result = frame_alloca(cg, cg->i32, "memcmp"), va, vb, v;
	LLVMBasicBlockRef differ;
	struct byte_loop l;

	store(cg, k32(cg, 0), result);
	byte_loop_begin(cg, &l, most, n);
	differ = block_new(cg, "differ");
	va = byte_at(cg, a, l.i, "a");
	vb = byte_at(cg, b, l.i, "b");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, va, vb, "same");
	block_branch(cg, v, l.next, differ);
	block_enter(cg, differ);
	va = LLVMBuildZExt(cg->b, va, cg->i32, "a");
	vb = LLVMBuildZExt(cg->b, vb, cg->i32, "b");
	v = LLVMBuildSub(cg->b, va, vb, "difference");
	store(cg, v, result);
	block_goto(cg, l.done);
	byte_loop_end(cg, &l);
	return load(cg, cg->i32, result, "memcmp");
}

LLVMValueRef string_length(struct cg *cg, struct value s)
{
	LLVMValueRef length = frame_alloca(cg, cg->i64, "length"), v;
	struct byte_loop l;

	byte_loop_begin(cg, &l, s.type->size, NULL);
	v = byte_at(cg, s.v, l.i, "byte");
	v = is_zero(cg, v);
	block_branch(cg, v, l.done, l.next);
	byte_loop_end(cg, &l);
	v = load(cg, cg->i64, l.counter, "length");
	store(cg, v, length);
	return v;
}

// ---- searching --------------------------------------------------------------------------------

// What the callback shares with its caller.
enum { FIND_HAY = 0, FIND_NEEDLE = 8, FIND_RESULT = 16, FIND_SIZE = 24 };

// static long find(u64 i, struct find *f)
// {
//	for (j = 0; j < needle_size; j++) {
//		if (!f->needle[j]) { f->result = i; return 1; }
//		if (i + j >= hay_size) return 1;	// runs past the end, so do the later ones
//		if (f->hay[i + j] != f->needle[j]) return f->hay[i] == 0;
//	}
//	f->result = i;
//	return 1;
// }
static void find_body(struct cg *cg, uint32_t hay_size, uint32_t needle_size)
{
	LLVMValueRef i = LLVMGetParam(cg->fn->llvm, 0), frame = LLVMGetParam(cg->fn->llvm, 1);
	LLVMBasicBlockRef found, more, inside, none = block_new(cg, "none"), again;
	LLVMValueRef hay, needle, p, n, h, v, index;
	struct byte_loop l;

	p = at(cg, frame, FIND_HAY, "hay");
	hay = load(cg, cg->ptr, p, "hay");
	p = at(cg, frame, FIND_NEEDLE, "needle");
	needle = load(cg, cg->ptr, p, "needle");
	byte_loop_begin(cg, &l, needle_size, NULL);
	found = block_new(cg, "found");
	more = block_new(cg, "more");
	inside = block_new(cg, "inside");
	again = block_new(cg, "again");
	n = byte_at(cg, needle, l.i, "needle");
	v = is_zero(cg, n);
	block_branch(cg, v, found, more);
	block_enter(cg, more);
	index = LLVMBuildAdd(cg->b, i, l.i, "index");
	index = opaque(cg, index);
	v = LLVMBuildICmp(cg->b, LLVMIntULT, index, k64(cg, hay_size), "inside");
	block_branch(cg, v, inside, none);
	block_enter(cg, inside);
	h = byte_at(cg, hay, index, "hay");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, h, n, "same");
	block_branch(cg, v, l.next, again);
	byte_loop_end(cg, &l);
	block_goto(cg, found);
	block_enter(cg, found);
	p = at(cg, frame, FIND_RESULT, "result");
	store(cg, i, p);
	block_goto(cg, none);
	block_enter(cg, none);
	return_bit(cg, k64(cg, 1));
	block_enter(cg, again); // a NUL in the haystack ends the search
	v = is_zero(cg, h);
	v = LLVMBuildZExt(cg->b, v, cg->i64, "stop");
	return_bit(cg, v);
}

static LLVMValueRef find_callback(struct cg *cg, uint32_t hay_size, uint32_t needle_size)
{
	struct fn fn;

	fn_begin(cg, &fn, "find", cg->unit->span, 2);
	find_body(cg, hay_size, needle_size);
	fn_end(cg, &fn);
	return fn.llvm;
}

// Index of the first occurrence, or -ENOENT, as the kernel's bpf_strstr() has it. The positions are
// tried by bpf_loop: a loop in a loop would be too much for the verifier.
LLVMValueRef string_find(struct cg *cg, struct value hay, struct value needle)
{
	LLVMValueRef frame = frame_alloca(cg, LLVMArrayType2(cg->i64, FIND_SIZE / 8), "find");
	LLVMValueRef args[4], p, result;

	p = at(cg, frame, FIND_HAY, "hay");
	store(cg, hay.v, p);
	p = at(cg, frame, FIND_NEEDLE, "needle");
	store(cg, needle.v, p);
	result = at(cg, frame, FIND_RESULT, "result");
	store(cg, k64(cg, (uint64_t)-2), result);
	args[0] = k32(cg, hay.type->size);
	args[1] = find_callback(cg, hay.type->size, needle.type->size);
	args[2] = frame;
	args[3] = k64(cg, 0);
	helper_call(cg, BPF_FUNC_loop, args, 4, "");
	return load(cg, cg->i64, result, "found");
}
