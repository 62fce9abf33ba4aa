// unwind_search: the binary search in the tables of dw_ustack. A part of a sorted array and a key
// come in; the last element that is not above the key leaves.
//
// A step is a callback of bpf_loop(), which the verifier looks at once or twice, not once per step
// and path that led there: written as a loop, two searches per frame were too many instructions
// for 6.1 and 7.3. For the same reason a step does not branch on what it has found.
#include "codegen/unwind.h"

#include <stddef.h>

#include <linux/bpf.h>

// On the stack of who searches. Positions in the array; the key is below 1 << 63.
struct lookup {
	abi_u64 first, end, key;
	abi_u64 below; // so far: what lies before it is not above the key
};

static const struct table {
	enum map_role role;
	unsigned steps; // 1 << n elements are searched
	unsigned key_bytes;
} tables[] = {
    [UNWIND_MAPPINGS] = {MAP_UNWIND_MAPPINGS, 16, 8},
    [UNWIND_ROWS] = {MAP_UNWIND_ROWS, 24, 4},
};

static LLVMValueRef element_at(struct cg *cg, enum map_role role, LLVMValueRef index)
{
	LLVMValueRef key = frame_alloca(cg, cg->i32, "index");

	index = LLVMBuildTrunc(cg->b, index, cg->i32, "index");
	store(cg, index, key);
	return map_lookup(cg, map_internal(cg, role), key);
}

// 1 if a < b, both below 1 << 63: the sign of the difference.
static LLVMValueRef less(struct cg *cg, LLVMValueRef a, LLVMValueRef b)
{
	LLVMValueRef v = LLVMBuildSub(cg->b, a, b, "difference");

	return LLVMBuildLShr(cg->b, v, k64(cg, 63), "less");
}

// first + (next - 1 - first), or first where that is outside of the part.
static LLVMValueRef index_of(struct cg *cg, LLVMValueRef first, LLVMValueRef next,
			     LLVMValueRef outside)
{
	LLVMValueRef inside = LLVMBuildSub(cg->b, outside, k64(cg, 1), "inside"), v;

	v = LLVMBuildSub(cg->b, next, first, "index");
	v = LLVMBuildSub(cg->b, v, k64(cg, 1), "index");
	v = LLVMBuildAnd(cg->b, v, inside, "index");
	return LLVMBuildAdd(cg->b, first, v, "index");
}

// static long step(u64 i, struct lookup *l)
// {
//	next = l->below + (1 << (steps - 1) >> i);
//	outside = l->end < next;
//	e = lookup(outside ? l->first : next - 1);
//	if (!e)
//		return 1;
//	l->below = outside | l->key < e->key ? l->below : next;
//	return 0;
// }
static void step_body(struct cg *cg, const struct table *t)
{
	LLVMValueRef l = LLVMGetParam(cg->fn->llvm, 1), first, below, step, next, outside, v;
	LLVMBasicBlockRef missing = block_new(cg, "missing");
	LLVMTypeRef key_type = t->key_bytes == 8 ? cg->i64 : cg->i32;

	first = walk_field(cg, l, offsetof(struct lookup, first));
	below = walk_field(cg, l, offsetof(struct lookup, below));
	step = k64(cg, 1ull << (t->steps - 1));
	step = LLVMBuildLShr(cg->b, step, LLVMGetParam(cg->fn->llvm, 0), "step");
	next = LLVMBuildAdd(cg->b, below, step, "next");
	outside = walk_field(cg, l, offsetof(struct lookup, end));
	outside = less(cg, outside, next);
	v = index_of(cg, first, next, outside);
	v = element_at(cg, t->role, v);
	next = is_null(cg, v);
	go_if(cg, next, missing, "there");
	v = load(cg, key_type, v, "key");
	v = arith_resize(cg, v, 8, false);
	next = walk_field(cg, l, offsetof(struct lookup, key));
	v = less(cg, next, v);
	v = LLVMBuildOr(cg->b, v, outside, "stay");
	v = LLVMBuildSub(cg->b, v, k64(cg, 1), "go"); // all bits, or none
	v = LLVMBuildAnd(cg->b, v, step, "step");
	v = LLVMBuildAdd(cg->b, below, v, "below");
	walk_set(cg, l, offsetof(struct lookup, below), v);
	LLVMBuildRet(cg->b, k64(cg, 0));
	block_enter(cg, missing);
	LLVMBuildRet(cg->b, k64(cg, 1));
}

static void mapping_step(struct cg *cg)
{
	step_body(cg, &tables[UNWIND_MAPPINGS]);
}

static void row_step(struct cg *cg)
{
	step_body(cg, &tables[UNWIND_ROWS]);
}

static LLVMValueRef step_function(struct cg *cg, enum unwind_table table)
{
	if (table == UNWIND_MAPPINGS)
		return fn_once(cg, &cg->search_fns[table], "find_mapping", mapping_step);
	return fn_once(cg, &cg->search_fns[table], "find_row", row_step);
}

// bpf_loop(steps, step, &l, 0);
// return l.below == l.first ? stop : lookup(l.below - 1);
LLVMValueRef unwind_search(struct cg *cg, enum unwind_table table, LLVMValueRef first,
			   LLVMValueRef count, LLVMValueRef key, LLVMBasicBlockRef stop)
{
	const struct table *t = &tables[table];
	LLVMTypeRef type = LLVMArrayType2(cg->i64, sizeof(struct lookup) / 8);
	LLVMValueRef l = frame_alloca(cg, type, "lookup"), found, args[4], v;

	walk_set(cg, l, offsetof(struct lookup, first), first);
	v = LLVMBuildAdd(cg->b, first, count, "end");
	walk_set(cg, l, offsetof(struct lookup, end), v);
	walk_set(cg, l, offsetof(struct lookup, key), key);
	walk_set(cg, l, offsetof(struct lookup, below), first);
	args[0] = k32(cg, t->steps);
	args[1] = step_function(cg, table);
	args[2] = l;
	args[3] = k64(cg, 0);
	helper_call(cg, BPF_FUNC_loop, args, 4, "");
	found = walk_field(cg, l, offsetof(struct lookup, below));
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, found, first, "none");
	go_if(cg, v, stop, "some");
	v = LLVMBuildSub(cg->b, found, k64(cg, 1), "index");
	found = element_at(cg, t->role, v);
	v = is_null(cg, found);
	go_if(cg, v, stop, "found");
	return found;
}
