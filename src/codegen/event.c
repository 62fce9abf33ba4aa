// event: records to user space. A record is reserved in the ring buffer, filled in place and
// submitted; strings are read right into it. Arguments with side effects, and all others then
// too, are evaluated before the record is reserved, so that records keep the script's order.
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>

#include "bpf/abi.h"
#include "sema/builtins.h"

// ---- may an argument be evaluated after the reservation? -------------------------------------

static bool impure_expr(void *ctx, struct expr *e)
{
	bool *pure = ctx;

	switch (e->kind) {
	case EXPR_INCDEC:
	case EXPR_BLOCK:
	case EXPR_IF:
		*pure = false;
		break;
	case EXPR_CALL:
		if (e->u.call.event || e->u.call.func == FUNC_DELETE)
			*pure = false;
		break;
	default:
		break;
	}
	return *pure;
}

static bool args_pure(const struct event_def *ev)
{
	bool pure = true;
	struct ast_visitor v = {.expr = impure_expr, .ctx = &pure};

	for (size_t i = 0; i < ev->args.len && pure; i++)
		if (!ev->args.data[i].is_const)
			expr_walk(ev->args.data[i].expr, &v);
	return pure;
}

// ---- the record --------------------------------------------------------------------------------

struct record {
	LLVMValueRef at;
	LLVMBasicBlockRef done;
};

static void record_begin(struct cg *cg, struct record *r, const struct event_def *ev)
{
	LLVMBasicBlockRef full = block_new(cg, "ring_full"), have = block_new(cg, "record");
	LLVMValueRef args[3], v;

	r->done = block_new(cg, "sent");
	args[0] = map_address(cg, map_internal(cg, MAP_RINGBUF));
	args[1] = k64(cg, ev->size);
	args[2] = k64(cg, 0);
	v = helper_call(cg, BPF_FUNC_ringbuf_reserve, args, 3, "record");
	r->at = LLVMBuildIntToPtr(cg->b, v, cg->ptr, "record");
	v = is_null(cg, r->at);
	block_branch(cg, v, full, have);
	block_enter(cg, full);
	count_loss(cg, offsetof(struct unit_stats, lost_records));
	block_goto(cg, r->done);
	block_enter(cg, have);
	v = k64(cg, (uint64_t)cg->unit->id << 32 | ev->id); // struct rec_hdr
	store(cg, v, r->at);
}

static void record_end(struct cg *cg, struct record *r)
{
	LLVMValueRef args[2];

	args[0] = r->at;
	args[1] = k64(cg, 0);
	helper_call(cg, BPF_FUNC_ringbuf_submit, args, 2, "");
	block_goto(cg, r->done);
	block_enter(cg, r->done);
}

static void record_u64(struct cg *cg, struct record *r, size_t offset, LLVMValueRef v)
{
	LLVMValueRef p = at(cg, r->at, offset, "field");

	store(cg, v, p);
}

// ---- arguments
// ------------------------------------------------------------------------------------

// stats: the totals over all CPUs are the value.
static bool stats_argument(struct cg *cg, const struct event_arg *a, LLVMValueRef dst)
{
	struct expr *e = a->expr;
	LLVMValueRef key = NULL;

	if (a->type->kind != TYPE_STATS || e->kind != EXPR_MAP)
		return false;
	if (!e->u.map.map->slot)
		key = map_key(cg, e->u.map.map, e->u.map.key);
	aggregate_stats_into(cg, e->u.map.map, key, dst);
	return true;
}

static void argument_into(struct cg *cg, const struct event_arg *a, LLVMValueRef dst)
{
	if (stats_argument(cg, a, dst))
		return;
	if (a->expr->type->size != a->type->size)
		bug("event argument of %u bytes, expression of %u", a->type->size,
		    a->expr->type->size);
	expr_into(cg, a->expr, dst, false);
}

static void send_in_place(struct cg *cg, const struct event_def *ev)
{
	struct record r;

	record_begin(cg, &r, ev);
	for (size_t i = 0; i < ev->args.len; i++) {
		const struct event_arg *a = &ev->args.data[i];
		LLVMValueRef dst;

		if (a->is_const)
			continue;
		dst = at(cg, r.at, a->offset, "arg");
		argument_into(cg, a, dst);
	}
	record_end(cg, &r);
}

static void send_evaluated(struct cg *cg, const struct event_def *ev)
{
	LLVMValueRef *tmp = arena_array(&cg->c->arena, LLVMValueRef, ev->args.len + 1), dst;
	struct record r;

	for (size_t i = 0; i < ev->args.len; i++) {
		const struct event_arg *a = &ev->args.data[i];

		if (a->is_const)
			continue;
		if (type_is_scalar(a->type)) {
			tmp[i] = expr_scalar(cg, a->expr);
			continue;
		}
		tmp[i] = frame_temp(cg, a->type->size, "arg");
		argument_into(cg, a, tmp[i]);
	}
	record_begin(cg, &r, ev);
	for (size_t i = 0; i < ev->args.len; i++) {
		const struct event_arg *a = &ev->args.data[i];

		if (a->is_const)
			continue;
		dst = at(cg, r.at, a->offset, "arg");
		if (type_is_scalar(a->type))
			store(cg, tmp[i], dst);
		else
			type_copy(cg, dst, a->type, tmp[i], false);
	}
	record_end(cg, &r);
}

static void send_args(struct cg *cg, const struct event_def *ev)
{
	if (args_pure(ev))
		send_in_place(cg, ev);
	else
		send_evaluated(cg, ev);
}

// ---- join
// ------------------------------------------------------------------------------------------

// for (i = 0; i < JOIN_MAX && (p = argv[i]); i++) read p into string i; the others are empty.
static void join_strings(struct cg *cg, LLVMValueRef argv, LLVMValueRef strings, bool user)
{
	LLVMValueRef address = frame_alloca(cg, cg->i64, "address"), args[3], p, v;
	LLVMBasicBlockRef ended = block_new(cg, "argv_end");

	for (uint64_t i = 0; i < JOIN_MAX; i++) {
		p = at(cg, strings, i * JOIN_SIZE, "string");
		store(cg, LLVMConstInt(cg->i8, 0, false), p);
	}
	for (uint64_t i = 0; i < JOIN_MAX; i++) {
		LLVMBasicBlockRef have = block_new(cg, "argv");

		store(cg, k64(cg, 0), address);
		v = LLVMBuildAdd(cg->b, argv, k64(cg, 8 * i), "argv");
		mem_read(cg, address, 8, v, user);
		v = load(cg, cg->i64, address, "string");
		args[2] = v;
		v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, k64(cg, 0), "ends");
		block_branch(cg, v, ended, have);
		block_enter(cg, have);
		args[0] = at(cg, strings, i * JOIN_SIZE, "string");
		args[1] = k32(cg, JOIN_SIZE);
		helper_call(cg,
			    user ? BPF_FUNC_probe_read_user_str : BPF_FUNC_probe_read_kernel_str,
			    args, 3, "");
	}
	block_goto(cg, ended);
	block_enter(cg, ended);
}

static void send_join(struct cg *cg, const struct event_def *ev)
{
	const struct event_arg *a = &ev->args.data[0];
	LLVMValueRef argv = expr_scalar(cg, a->expr), dst;
	struct record r;

	record_begin(cg, &r, ev);
	dst = at(cg, r.at, a->offset, "strings");
	join_strings(cg, argv, dst, space_is_user(cg, a->expr->type));
	record_end(cg, &r);
}

// ---- records with fixed fields
// ---------------------------------------------------------------------

static void send_exit(struct cg *cg, struct expr *call)
{
	LLVMValueRef code = k64(cg, 0);
	struct record r;

	if (call->u.call.args.len)
		code = expr_scalar(cg, call->u.call.args.data[0]);
	record_begin(cg, &r, call->u.call.event);
	record_u64(cg, &r, offsetof(struct rec_exit, code), code);
	record_end(cg, &r);
	block_leave(cg, cg->fn->on_return);
}

static void send_print_map(struct cg *cg, struct expr *call)
{
	LLVMValueRef top = k64(cg, 0), div = k64(cg, 0);
	struct record r;

	if (call->u.call.args.len > 1)
		top = expr_scalar(cg, call->u.call.args.data[1]);
	if (call->u.call.args.len > 2)
		div = expr_scalar(cg, call->u.call.args.data[2]);
	top = arith_resize(cg, top, 8, false);
	div = arith_resize(cg, div, 8, false);
	record_begin(cg, &r, call->u.call.event);
	record_u64(cg, &r, offsetof(struct rec_map, top), top);
	record_u64(cg, &r, offsetof(struct rec_map, div), div);
	record_end(cg, &r);
}

void event_send(struct cg *cg, struct expr *call)
{
	const struct event_def *ev = call->u.call.event;

	switch (ev->kind) {
	case EVENT_EXIT:
		send_exit(cg, call);
		break;
	case EVENT_PRINT_MAP:
		send_print_map(cg, call);
		break;
	case EVENT_JOIN:
		send_join(cg, ev);
		break;
	default:
		send_args(cg, ev);
	}
}

// if (!cond) { send; leave; }
void event_assert(struct cg *cg, struct expr *call)
{
	LLVMBasicBlockRef failed = block_new(cg, "assert_failed"), ok = block_new(cg, "assert_ok");
	LLVMValueRef cond = expr_cond(cg, call->u.call.args.data[0]);
	struct record r;

	block_branch(cg, cond, ok, failed);
	block_enter(cg, failed);
	record_begin(cg, &r, call->u.call.event);
	record_end(cg, &r);
	block_goto(cg, cg->fn->on_return);
	block_enter(cg, ok);
}
