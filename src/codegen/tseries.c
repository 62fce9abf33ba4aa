// tseries: a ring of buckets, one for every interval of time. What enters goes to the bucket of
// the present interval, which first forgets an older one (bpf/abi.h). The aggregation within a
// bucket is one of aggregate.c's, or the last value.
//
//	ns = tai();
//	epoch = ns / interval;
//	index = epoch % count;
//	if (index >= count) goto done;		// for the verifier
//	b = &buckets[index];
//	if (b->epoch != epoch) { b->value = b->meta = 0; b->epoch = epoch; }
//	b->value = n; b->meta = ns;		// or the aggregation's update
#include "codegen/cg.h"

#include <stddef.h>

#include "bpf/abi.h"
#include "codegen/calls.h"

static void turn_over(struct cg *cg, LLVMValueRef bucket, LLVMValueRef epoch)
{
	LLVMBasicBlockRef old = block_new(cg, "old_epoch"), ready = block_new(cg, "epoch_ready");
	LLVMValueRef p = at(cg, bucket, offsetof(struct tseries_bucket, epoch), "epoch"), v;

	v = load(cg, cg->i64, p, "epoch");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, epoch, "same");
	block_branch(cg, v, ready, old);
	block_enter(cg, old);
	mem_zero(cg, bucket, offsetof(struct tseries_bucket, epoch));
	store(cg, epoch, p);
	block_goto(cg, ready);
	block_enter(cg, ready);
}

static void take_value(struct cg *cg, const struct type *t, LLVMValueRef bucket, LLVMValueRef n,
		       LLVMValueRef ns)
{
	struct type within = {.kind = (enum type_kind)t->params[2], .elem = t->elem,
			      .size = 16, .align = 8, .is_signed = t->is_signed};
	LLVMValueRef p;

	if (within.kind != TYPE_INT) {
		aggregate_apply(cg, &within, bucket, n);
		return;
	}
	store(cg, n, bucket);
	p = at(cg, bucket, offsetof(struct tseries_bucket, meta), "when");
	store(cg, ns, p);
}

void tseries_add(struct cg *cg, const struct type *t, LLVMValueRef buckets, LLVMValueRef n)
{
	LLVMBasicBlockRef inside = block_new(cg, "tseries"), done = block_new(cg, "tseries_done");
	LLVMValueRef count = k64(cg, (uint64_t)t->params[1]);
	LLVMValueRef ns = clock_ns(cg, CLOCK_MODE_SW_TAI), epoch, index, v;

	epoch = LLVMBuildUDiv(cg->b, ns, k64(cg, (uint64_t)t->params[0]), "epoch");
	index = LLVMBuildURem(cg->b, epoch, count, "index");
	index = opaque(cg, index); // so that the check below stays
	v = LLVMBuildICmp(cg->b, LLVMIntULT, index, count, "inside");
	block_branch(cg, v, inside, done);
	block_enter(cg, inside);
	v = LLVMBuildMul(cg->b, index, k64(cg, sizeof(struct tseries_bucket)), "offset");
	v = LLVMBuildInBoundsGEP2(cg->b, cg->i8, buckets, &v, 1, "bucket");
	turn_over(cg, v, epoch);
	take_value(cg, t, v, n, ns);
	block_goto(cg, done);
	block_enter(cg, done);
}
