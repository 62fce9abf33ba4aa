// check_agg: count, sum, min, max, avg, stats, hist, lhist, tseries. Each gives the type that the map's
// value takes; arguments beyond the first are folded into that type.
#include <string.h>

#include "base/cleanup.h"
#include "bpf/abi.h"
#include "sema/check.h"

#define HIST_MAX_BITS 5
#define LHIST_MAX_BUCKETS 1000
#define TSERIES_MAX_BUCKETS 1000000

struct type *check_COUNT(struct checker *k, struct expr **slot)
{
	return type_make(k->arena, TYPE_COUNT, 8, 8);
}

// Aggregations of one number: sum, min, max, avg, stats.
static struct type *check_numeric(struct checker *k, struct expr *e, enum type_kind kind)
{
	struct type *t = call_arg(k, e, 0);

	if (!type_known(t))
		return &type_none;
	if (!type_is_int(t)) {
		check_error(k, e->span, "bad-argument",
			    "%s() only supports integer arguments (%s provided)", e->u.call.name,
			    check_type_name(k, t));
		return &type_none;
	}
	if (t->kind == TYPE_BOOL)
		t = &type_uint8;
	return aggregation_type(k, kind, t);
}

struct type *check_SUM(struct checker *k, struct expr **slot)
{
	return check_numeric(k, *slot, TYPE_SUM);
}

struct type *check_MIN(struct checker *k, struct expr **slot)
{
	return check_numeric(k, *slot, TYPE_MIN);
}

struct type *check_MAX(struct checker *k, struct expr **slot)
{
	return check_numeric(k, *slot, TYPE_MAX);
}

struct type *check_AVG(struct checker *k, struct expr **slot)
{
	return check_numeric(k, *slot, TYPE_AVG);
}

struct type *check_STATS(struct checker *k, struct expr **slot)
{
	return check_numeric(k, *slot, TYPE_STATS);
}

// ---- histograms ------------------------------------------------------------------------

static void keep_first_arg(struct checker *k, struct expr *e)
{
	if (!k->final)
		return;
	convert_quietly(k, &e->u.call.args.data[0], &type_int64);
	e->u.call.args.len = 1;
}

// -1 after an error. The final pass drops the argument, which no later visit asks for.
static int64_t hist_bits(struct checker *k, struct expr *e)
{
	const struct expr *bits;

	if (e->u.call.args.len < 2)
		return 0;
	call_arg(k, e, 1);
	bits = e->u.call.args.data[1];
	if (bits->kind != EXPR_INT) {
		check_error(k, e->span, "bad-argument",
			    "hist() expects a int literal (%s provided)",
			    type_kind_name(bits->type));
		return -1;
	}
	if (bits->u.integer.is_negative || bits->u.integer.value > HIST_MAX_BITS) {
		check_error(k, e->span, "bad-argument", "hist: bits %lld must be 0..%d",
			    (long long)bits->u.integer.value, HIST_MAX_BITS);
		return -1;
	}
	return (int64_t)bits->u.integer.value;
}

struct type *check_HIST(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	int64_t bits;
	struct type *t;

	call_arg(k, e, 0);
	bits = hist_bits(k, e);
	if (bits < 0 || !require_int(k, e, 0))
		return &type_none;
	t = type_make(k->arena, TYPE_HIST, 8 * hist_buckets((int)bits), 8);
	t->params[0] = bits;
	keep_first_arg(k, e);
	return t;
}

static bool lhist_param(struct checker *k, struct expr *e, size_t i, const char *name, int64_t *out)
{
	const struct expr *arg;

	call_arg(k, e, i);
	arg = e->u.call.args.data[i];
	if (arg->kind != EXPR_INT) {
		check_error(k, e->span, "bad-argument",
			    "lhist() expects a int literal (%s provided)",
			    type_kind_name(arg->type));
		return false;
	}
	if (arg->u.integer.is_negative || arg->u.integer.value > INT64_MAX) {
		check_error(k, e->span, "bad-argument",
			    "lhist: invalid %s value (must be non-negative literal)", name);
		return false;
	}
	*out = (int64_t)arg->u.integer.value;
	return true;
}

static bool lhist_geometry(struct checker *k, struct expr *e, int64_t min, int64_t max,
			   int64_t step)
{
	if (step < 1)
		check_error(k, e->span, "bad-argument", "lhist() step must be >= 1 (%lld provided)",
			    (long long)step);
	else if (min >= max)
		check_error(k, e->span, "bad-argument",
			    "lhist() min must be less than max (provided min %lld and max %lld)",
			    (long long)min, (long long)max);
	else if ((max - min) / step > LHIST_MAX_BUCKETS)
		check_error(k, e->span, "bad-argument",
			    "lhist() too many buckets, must be <= %d (would need %lld)",
			    LHIST_MAX_BUCKETS, (long long)((max - min) / step));
	else if (max - min < step)
		check_error(k, e->span, "bad-argument",
			    "lhist() step is too large for the given range (provided step %lld for "
			    "range %lld)",
			    (long long)step, (long long)(max - min));
	else
		return true;
	return false;
}

struct type *check_LHIST(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	int64_t min, max, step;
	struct type *t;

	call_arg(k, e, 0);
	if (!lhist_param(k, e, 1, "min", &min) || !lhist_param(k, e, 2, "max", &max) ||
	    !lhist_param(k, e, 3, "step", &step) || !lhist_geometry(k, e, min, max, step) ||
	    !require_int(k, e, 0))
		return &type_none;
	t = type_make(k->arena, TYPE_LHIST, 8 * lhist_buckets(min, max, step), 8);
	t->params[0] = min;
	t->params[1] = max;
	t->params[2] = step;
	keep_first_arg(k, e);
	return t;
}

// ---- time series -----------------------------------------------------------------------

static bool tseries_param(struct checker *k, struct expr *e, size_t i, const char *name,
			  int64_t *out)
{
	const struct expr *arg;

	call_arg(k, e, i);
	arg = e->u.call.args.data[i];
	if (arg->kind != EXPR_INT || arg->u.integer.is_negative ||
	    arg->u.integer.value > INT64_MAX) {
		check_error(k, e->span, "bad-argument",
			    "tseries: invalid %s value (must be non-negative literal)", name);
		return false;
	}
	*out = (int64_t)arg->u.integer.value;
	if (*out)
		return true;
	check_error(k, e->span, "bad-argument", "tseries() %s must be >= 1 (0 provided)", name);
	return false;
}

// The kind of aggregation that args[3] names; TYPE_INT without it. TYPE_NONE after an error.
static enum type_kind tseries_aggregation(struct checker *k, struct expr *e)
{
	static const struct {
		const char *name;
		enum type_kind kind;
	} known[] = {{"avg", TYPE_AVG}, {"max", TYPE_MAX}, {"min", TYPE_MIN}, {"sum", TYPE_SUM}};
	const char *name;

	if (e->u.call.args.len < 4)
		return TYPE_INT;
	if (!require_string_literal(k, e, 3))
		return TYPE_NONE;
	name = e->u.call.args.data[3]->u.string.data;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].kind;
	check_error(k, e->span, "bad-argument",
		    "tseries() expects one of the following aggregation functions: avg, max, min, "
		    "sum (\"%s\" provided)",
		    name);
	return TYPE_NONE;
}

struct type *check_TSERIES(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	int64_t interval, count;
	struct type *elem = call_arg(k, e, 0), *t;
	enum type_kind aggregation;

	check_unstable(k, e->span, k->program->config.unstable_tseries, "tseries",
		       "tseries");
	if (!tseries_param(k, e, 1, "interval_ns", &interval) ||
	    !tseries_param(k, e, 2, "num_intervals", &count))
		return &type_none;
	aggregation = tseries_aggregation(k, e);
	if (aggregation == TYPE_NONE || !require_int(k, e, 0))
		return &type_none;
	if (count > TSERIES_MAX_BUCKETS) {
		check_error(k, e->span, "bad-argument",
			    "tseries() num_intervals must be < %d (%lld provided)",
			    TSERIES_MAX_BUCKETS, (long long)count);
		return &type_none;
	}
	t = type_make(k->arena, TYPE_TSERIES,
		      (uint32_t)count * (uint32_t)sizeof(struct tseries_bucket), 8);
	t->elem = elem->kind == TYPE_BOOL ? &type_uint8 : elem;
	t->is_signed = t->elem->is_signed;
	t->params[0] = interval;
	t->params[1] = count;
	t->params[2] = aggregation;
	return t;
}
