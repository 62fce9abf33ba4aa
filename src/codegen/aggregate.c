// aggregate: count sum min max avg stats hist lhist (tseries.c: within its buckets, too). Each CPU has
// its own value; programs add to it atomically (a preempting program on the same CPU may add in
// between, KERNEL.md H11). Layouts: type.h. Reading one as a number goes over all CPUs.
#include "codegen/cg.h"

#include <linux/bpf.h>

// ---- updating ----------------------------------------------------------------------------------

// A hist value's bucket. Every 1 << bits buckets are one power of two (output/hist.c):
//
//	if (n < 0)		return 0;
//	if (n < 1 << bits)	return n + 1;
//	l = log2(n) - bits;
//	return ((l + 1) << bits) + ((n >> l) & mask) + 1;
static LLVMValueRef log2_of(struct cg *cg, LLVMValueRef n)
{
	unsigned id = LLVMLookupIntrinsicID("llvm.ctlz", 9);
	LLVMValueRef fn = LLVMGetIntrinsicDeclaration(cg->mod, id, &cg->i64, 1);
	LLVMTypeRef type = LLVMIntrinsicGetType(cg->ctx, id, &cg->i64, 1);
	LLVMValueRef args[2];

	args[0] = n;
	args[1] = LLVMConstInt(cg->i1, 1, false); // n is not 0
	n = LLVMBuildCall2(cg->b, type, fn, args, 2, "clz");
	return LLVMBuildSub(cg->b, k64(cg, 63), n, "log2");
}

static LLVMValueRef power_bucket(struct cg *cg, LLVMValueRef n, unsigned bits)
{
	LLVMValueRef l = log2_of(cg, n), row, sub;

	l = LLVMBuildSub(cg->b, l, k64(cg, bits), "shift");
	sub = LLVMBuildLShr(cg->b, n, l, "sub");
	sub = LLVMBuildAnd(cg->b, sub, k64(cg, (1u << bits) - 1), "sub");
	row = LLVMBuildAdd(cg->b, l, k64(cg, 1), "row");
	row = LLVMBuildShl(cg->b, row, k64(cg, bits), "row");
	row = LLVMBuildAdd(cg->b, row, sub, "bucket");
	return LLVMBuildAdd(cg->b, row, k64(cg, 1), "bucket");
}

static LLVMValueRef hist_bucket(struct cg *cg, LLVMValueRef n, unsigned bits)
{
	LLVMBasicBlockRef not_negative = block_new(cg, "hist"), small = block_new(cg, "small");
	LLVMBasicBlockRef large = block_new(cg, "large"), done = block_new(cg, "bucket");
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "bucket"), v;

	store(cg, k64(cg, 0), slot);
	v = LLVMBuildICmp(cg->b, LLVMIntSLT, n, k64(cg, 0), "negative");
	block_branch(cg, v, done, not_negative);
	block_enter(cg, not_negative);
	v = LLVMBuildICmp(cg->b, LLVMIntULT, n, k64(cg, 1ull << bits), "small");
	block_branch(cg, v, small, large);
	block_enter(cg, small);
	v = LLVMBuildAdd(cg->b, n, k64(cg, 1), "bucket");
	store(cg, v, slot);
	block_goto(cg, done);
	block_enter(cg, large);
	v = power_bucket(cg, n, bits);
	store(cg, v, slot);
	block_goto(cg, done);
	block_enter(cg, done);
	return load(cg, cg->i64, slot, "bucket");
}

// 0 below min, the last bucket from the last whole step up.
static LLVMValueRef lhist_bucket(struct cg *cg, LLVMValueRef n, const int64_t *params,
				 uint32_t buckets)
{
	uint64_t min = (uint64_t)params[0], step = (uint64_t)params[2];
	LLVMBasicBlockRef inside = block_new(cg, "lhist"), below_end = block_new(cg, "step");
	LLVMBasicBlockRef done = block_new(cg, "bucket");
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "bucket"), v;

	store(cg, k64(cg, 0), slot);
	v = LLVMBuildICmp(cg->b, LLVMIntSLT, n, k64(cg, min), "below");
	block_branch(cg, v, done, inside);
	block_enter(cg, inside);
	store(cg, k64(cg, buckets - 1), slot);
	v = LLVMBuildICmp(cg->b, LLVMIntSGE, n, k64(cg, (uint64_t)params[1]), "above");
	block_branch(cg, v, done, below_end);
	block_enter(cg, below_end);
	v = LLVMBuildSub(cg->b, n, k64(cg, min), "from_min");
	v = LLVMBuildUDiv(cg->b, v, k64(cg, step ? step : 1), "step");
	v = LLVMBuildAdd(cg->b, v, k64(cg, 1), "bucket");
	store(cg, v, slot);
	block_goto(cg, done);
	block_enter(cg, done);
	return load(cg, cg->i64, slot, "bucket");
}

static void bucket_add(struct cg *cg, LLVMValueRef buckets, LLVMValueRef index, uint32_t count)
{
	LLVMBasicBlockRef inside = block_new(cg, "bucket_add"), done = block_new(cg, "hist_done");
	LLVMValueRef p, v;

	index = opaque(cg, index); // so that the check below stays
	v = LLVMBuildICmp(cg->b, LLVMIntULT, index, k64(cg, count), "inside");
	block_branch(cg, v, inside, done);
	block_enter(cg, inside);
	v = LLVMBuildShl(cg->b, index, k64(cg, 3), "offset");
	p = LLVMBuildInBoundsGEP2(cg->b, cg->i8, buckets, &v, 1, "bucket");
	atomic_add(cg, p, k64(cg, 1));
	block_goto(cg, done);
	block_enter(cg, done);
}

static LLVMValueRef beats(struct cg *cg, const struct type *t, LLVMValueRef n, LLVMValueRef best)
{
	bool sign = t->is_signed || (t->elem && t->elem->is_signed);
	LLVMIntPredicate less = sign ? LLVMIntSLT : LLVMIntULT;

	if (t->kind == TYPE_MAX)
		less = sign ? LLVMIntSGT : LLVMIntUGT;
	return LLVMBuildICmp(cg->b, less, n, best, "beats");
}

// if (!is_set || n < value) value = n; is_set = 1;
static void extreme_update(struct cg *cg, const struct type *t, LLVMValueRef p, LLVMValueRef n)
{
	LLVMBasicBlockRef compare = block_new(cg, "compare"), take = block_new(cg, "take");
	LLVMBasicBlockRef done = block_new(cg, "extreme");
	LLVMValueRef flag = at(cg, p, 8, "is_set"), v;

	v = load(cg, cg->i64, flag, "is_set");
	v = non_zero(cg, v);
	block_branch(cg, v, compare, take);
	block_enter(cg, compare);
	v = load(cg, cg->i64, p, "best");
	v = beats(cg, t, n, v);
	block_branch(cg, v, take, done);
	block_enter(cg, take);
	store(cg, n, p);
	store(cg, k64(cg, 1), flag);
	block_goto(cg, done);
	block_enter(cg, done);
}

static void sum_and_count(struct cg *cg, LLVMValueRef p, LLVMValueRef n)
{
	LLVMValueRef count = at(cg, p, 8, "count");

	atomic_add(cg, p, n);
	atomic_add(cg, count, k64(cg, 1));
}

void aggregate_apply(struct cg *cg, const struct type *t, LLVMValueRef p, LLVMValueRef n)
{
	switch (t->kind) {
	case TYPE_COUNT:
		atomic_add(cg, p, k64(cg, 1));
		break;
	case TYPE_SUM:
		atomic_add(cg, p, n);
		break;
	case TYPE_MIN:
	case TYPE_MAX:
		extreme_update(cg, t, p, n);
		break;
	case TYPE_AVG:
	case TYPE_STATS: // nobody reads its min and max yet
		sum_and_count(cg, p, n);
		break;
	case TYPE_HIST:
		n = hist_bucket(cg, n, (unsigned)t->params[0]);
		bucket_add(cg, p, n, hist_buckets((int)t->params[0]));
		break;
	case TYPE_LHIST: {
		uint32_t count = lhist_buckets(t->params[0], t->params[1], t->params[2]);

		n = lhist_bucket(cg, n, t->params, count);
		bucket_add(cg, p, n, count);
		break;
	}
	case TYPE_TSERIES:
		tseries_add(cg, t, p, n);
		break;
	default:
		bug("aggregation of type kind %d", t->kind);
	}
}

void aggregate(struct cg *cg, struct expr *target, struct expr *call)
{
	const struct map_def *m = target->u.map.map;
	LLVMBasicBlockRef done;
	LLVMValueRef n = NULL, p;

	if (call->u.call.args.len) {
		struct expr *arg = call->u.call.args.data[0];

		n = expr_scalar(cg, arg);
		n = arith_resize(cg, n, 8, arg->type->is_signed);
	}
	if (m->slot) {
		p = map_slot(cg, m);
		store(cg, k64(cg, 1), p); // present
		aggregate_apply(cg, m->value, at(cg, p, map_value_offset(m), "value"), n);
		return;
	}
	done = block_new(cg, "aggregated");
	p = map_key(cg, m, target->u.map.key);
	cg->site = call->span;
	p = map_lookup_or_zero(cg, m, p, done);
	aggregate_apply(cg, m->value, p, n);
	block_goto(cg, done);
	block_enter(cg, done);
}

// ---- every CPU ---------------------------------------------------------------------------------

// cpu = 0;
// do {
//	value = bpf_map_lookup_percpu_elem(map, key, cpu);
//	if (!value) break;	// missing on one CPU is missing on all
//	body
// } while (++cpu < ncpus);
struct cpu_loop {
	LLVMBasicBlockRef look, body, done;
	LLVMValueRef counter, cpu, value;
};

static void cpu_loop_begin(struct cg *cg, struct cpu_loop *l, const struct map_def *m,
			   LLVMValueRef key)
{
	LLVMValueRef args[3], v;

	args[0] = map_in_use(cg, m);
	l->look = block_new(cg, "cpu");
	l->body = block_new(cg, "cpu_value");
	l->done = block_new(cg, "cpus_done");
	l->counter = frame_alloca(cg, cg->i32, "cpu");
	store(cg, k32(cg, 0), l->counter);
	block_goto(cg, l->look);
	block_enter(cg, l->look);
	l->cpu = load(cg, cg->i32, l->counter, "cpu");
	args[1] = key;
	args[2] = l->cpu;
	v = helper_call(cg, BPF_FUNC_map_lookup_percpu_elem, args, 3, "value");
	l->value = LLVMBuildIntToPtr(cg->b, v, cg->ptr, "value");
	v = is_null(cg, l->value);
	block_branch(cg, v, l->done, l->body);
	block_enter(cg, l->body);
}

static void cpu_loop_end(struct cg *cg, struct cpu_loop *l)
{
	LLVMValueRef v = LLVMBuildAdd(cg->b, l->cpu, k32(cg, 1), "cpu");

	store(cg, v, l->counter);
	v = LLVMBuildICmp(cg->b, LLVMIntULT, v, k32(cg, cg->ncpus), "more");
	block_branch(cg, v, l->look, l->done);
	block_enter(cg, l->done);
}

static LLVMValueRef slot_key(struct cg *cg)
{
	LLVMValueRef key = frame_alloca(cg, cg->i32, "index");

	store(cg, k32(cg, 0), key);
	return key;
}

void slots_clear(struct cg *cg, const struct map_def *m)
{
	LLVMValueRef key = slot_key(cg);
	struct cpu_loop l;

	cpu_loop_begin(cg, &l, m, key);
	mem_zero(cg, l.value, m->value_size);
	cpu_loop_end(cg, &l);
}

struct totals {
	LLVMValueRef sum, count; // allocas; min and max: the extreme, and whether there is one
};

static void add_to(struct cg *cg, LLVMValueRef total, LLVMValueRef p)
{
	LLVMValueRef v = load(cg, cg->i64, p, "part"), old = load(cg, cg->i64, total, "total");

	v = LLVMBuildAdd(cg->b, old, v, "total");
	store(cg, v, total);
}

static void extreme_of(struct cg *cg, const struct type *t, struct totals *sums, LLVMValueRef p)
{
	LLVMBasicBlockRef is_set = block_new(cg, "is_set"), compare = block_new(cg, "compare");
	LLVMBasicBlockRef take = block_new(cg, "take"), done = block_new(cg, "extreme");
	LLVMValueRef flag = at(cg, p, 8, "is_set"), n, v;

	v = load(cg, cg->i64, flag, "is_set");
	v = non_zero(cg, v);
	block_branch(cg, v, is_set, done);
	block_enter(cg, is_set);
	n = load(cg, cg->i64, p, "n");
	v = load(cg, cg->i64, sums->count, "any");
	v = non_zero(cg, v);
	block_branch(cg, v, compare, take);
	block_enter(cg, compare);
	v = load(cg, cg->i64, sums->sum, "best");
	v = beats(cg, t, n, v);
	block_branch(cg, v, take, done);
	block_enter(cg, take);
	store(cg, n, sums->sum);
	store(cg, k64(cg, 1), sums->count);
	block_goto(cg, done);
	block_enter(cg, done);
}

static void check_key(struct cg *cg, const struct map_def *m, LLVMValueRef key)
{
	LLVMBasicBlockRef missing = block_new(cg, "missing"), done = block_new(cg, "known");
	LLVMValueRef p = map_lookup(cg, m, key), v;

	v = is_null(cg, p);
	block_branch(cg, v, missing, done);
	block_enter(cg, missing);
	failure_lookup(cg, BPF_FUNC_map_lookup_percpu_elem);
	block_goto(cg, done);
	block_enter(cg, done);
}

static struct totals sum_up(struct cg *cg, const struct map_def *m, LLVMValueRef key)
{
	const struct type *t = m->value;
	struct totals sums;
	struct cpu_loop l;
	LLVMValueRef p;

	sums.sum = frame_alloca(cg, cg->i64, "sum");
	sums.count = frame_alloca(cg, cg->i64, "count");
	store(cg, k64(cg, 0), sums.sum);
	store(cg, k64(cg, 0), sums.count);
	if (!key)
		key = slot_key(cg);
	else if (cg->p->tell_failures)
		check_key(cg, m, key);
	cpu_loop_begin(cg, &l, m, key);
	p = at(cg, l.value, map_value_offset(m), "value");
	if (t->kind == TYPE_MIN || t->kind == TYPE_MAX) {
		extreme_of(cg, t, &sums, p);
	} else {
		add_to(cg, sums.sum, p);
		if (t->kind == TYPE_AVG || t->kind == TYPE_STATS)
			add_to(cg, sums.count, at(cg, p, 8, "count"));
	}
	cpu_loop_end(cg, &l);
	return sums;
}

static LLVMValueRef average(struct cg *cg, const struct type *t, LLVMValueRef sum,
			    LLVMValueRef count)
{
	bool sign = t->is_signed || (t->elem && t->elem->is_signed);

	return arith_average(cg, sign, sum, count);
}

LLVMValueRef aggregate_read(struct cg *cg, const struct map_def *m, LLVMValueRef key)
{
	struct totals sums;
	LLVMValueRef sum, count;

	if (m->value->kind > TYPE_STATS)
		bug("a histogram or time series read as a number");
	if (!m->slot && !key)
		key = map_key(cg, m, NULL);
	sums = sum_up(cg, m, key);
	sum = load(cg, cg->i64, sums.sum, "sum");
	if (m->value->kind != TYPE_AVG && m->value->kind != TYPE_STATS)
		return sum;
	count = load(cg, cg->i64, sums.count, "count");
	return average(cg, m->value, sum, count);
}

void aggregate_stats_into(struct cg *cg, const struct map_def *m, LLVMValueRef key,
			  LLVMValueRef dst)
{
	struct totals sums = sum_up(cg, m, key);
	LLVMValueRef v, p;

	mem_zero(cg, dst, m->value->size);
	v = load(cg, cg->i64, sums.sum, "sum");
	store(cg, v, dst);
	v = load(cg, cg->i64, sums.count, "count");
	p = at(cg, dst, 8, "count");
	store(cg, v, p);
}
