// event: records to user space. The arguments of a record of fixed size are evaluated right into
// the ring buffer; if any has side effects, all are evaluated before the record is reserved, so
// that records keep the script's order. A record with arguments whose length varies is built in
// scratch: strings are read to their place in it, and only what they fill is sent.
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>

#include "bpf/abi.h"
#include "codegen/calls.h"
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
	case EXPR_MAP: // looking for the copy in use may leave the program
		if (e->u.map.map && e->u.map.map->in_use)
			*pure = false;
		break;
	case EXPR_CALL:
		if (e->u.call.event || e->u.call.func == FUNC_DELETE)
			*pure = false;
		break;
	case EXPR_BINARY: // by zero sends a record of its own
		if ((e->u.binary.op == BIN_DIV || e->u.binary.op == BIN_MOD) &&
		    e->u.binary.right->kind != EXPR_INT)
			*pure = false;
		break;
	default:
		break;
	}
	return *pure;
}

static bool args_pure(struct cg *cg, const struct event_def *ev)
{
	bool pure = !cg->p->tell_failures;
	struct ast_visitor v = {.expr = impure_expr, .ctx = &pure};

	for (size_t i = 0; i < ev->args.len && pure; i++)
		if (!ev->args.data[i].is_const)
			expr_walk(ev->args.data[i].expr, &v);
	return pure;
}

// ---- arguments
// ------------------------------------------------------------------------------------

static void argument_into(struct cg *cg, const struct event_arg *a, LLVMValueRef dst)
{
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

// ---- arguments whose length varies
// -------------------------------------------------------------------

// Where the next part begins, as a value that LLVM knows nothing about: else it makes an `or` of
// a pointer and a small number.
static LLVMValueRef part_end(struct cg *cg, LLVMValueRef begin, LLVMValueRef size)
{
	LLVMValueRef v = LLVMBuildAdd(cg->b, begin, size, "end");

	return opaque(cg, v);
}

// struct rec_part
static void put_part(struct cg *cg, LLVMValueRef dst, LLVMValueRef offset, LLVMValueRef size)
{
	LLVMValueRef v = LLVMBuildShl(cg->b, size, k64(cg, 32), "part");

	v = LLVMBuildOr(cg->b, v, offset, "part");
	store(cg, v, dst);
}

static LLVMValueRef place_at(struct cg *cg, LLVMValueRef record, LLVMValueRef offset)
{
	return LLVMBuildInBoundsGEP2(cg->b, cg->i8, record, &offset, 1, "part");
}

static LLVMValueRef buffer_part(struct cg *cg, const struct event_arg *a, LLVMValueRef dst)
{
	LLVMValueRef n;

	argument_into(cg, a, dst);
	n = load(cg, cg->i32, dst, "len");
	n = LLVMBuildZExt(cg->b, n, cg->i64, "len");
	n = bounded(cg, n, a->type->size - 4);
	return LLVMBuildAdd(cg->b, n, k64(cg, 4), "size");
}

// for (i = 0; i < JOIN_MAX && (p = argv[i]); i++) append the string at p
static LLVMValueRef join_part(struct cg *cg, const struct event_arg *a, LLVMValueRef record,
			      LLVMValueRef begin)
{
	LLVMValueRef address = frame_alloca(cg, cg->i64, "address"), argv, args[3], v;
	LLVMValueRef end = frame_alloca(cg, cg->i64, "end"), to;
	LLVMBasicBlockRef ended = block_new(cg, "argv_end");
	bool user = space_is_user(cg, a->expr->type);

	argv = expr_scalar(cg, a->expr);
	store(cg, begin, end);
	for (uint64_t i = 0; i < JOIN_MAX; i++) {
		LLVMBasicBlockRef have = block_new(cg, "argv");

		store(cg, k64(cg, 0), address);
		v = LLVMBuildAdd(cg->b, argv, k64(cg, 8 * i), "argv");
		mem_read(cg, address, 8, v, user);
		args[2] = load(cg, cg->i64, address, "string");
		v = LLVMBuildICmp(cg->b, LLVMIntEQ, args[2], k64(cg, 0), "ends");
		block_branch(cg, v, ended, have);
		block_enter(cg, have);
		to = load(cg, cg->i64, end, "end");
		args[0] = place_at(cg, record, to);
		args[1] = k32(cg, JOIN_SIZE);
		v = string_read(cg, args, user);
		v = part_end(cg, to, v);
		store(cg, v, end);
	}
	block_goto(cg, ended);
	block_enter(cg, ended);
	v = load(cg, cg->i64, end, "end");
	return LLVMBuildSub(cg->b, v, begin, "size");
}

static LLVMValueRef part_into(struct cg *cg, const struct event_arg *a, LLVMValueRef record,
			      LLVMValueRef begin)
{
	LLVMValueRef dst = place_at(cg, record, begin);

	switch (a->type->kind) {
	case TYPE_STRING:
		return string_sized_into(cg, a->expr, dst);
	case TYPE_BUFFER:
		return buffer_part(cg, a, dst);
	case TYPE_ARRAY:
		return join_part(cg, a, record, begin);
	default:
		bug("type kind %d does not vary in length", a->type->kind);
	}
}

static void send_varying(struct cg *cg, const struct event_def *ev)
{
	LLVMValueRef record = record_scratch(cg, ev), end = k64(cg, ev->size), dst, size;

	for (size_t i = 0; i < ev->args.len; i++) {
		const struct event_arg *a = &ev->args.data[i];

		if (a->is_const)
			continue;
		dst = at(cg, record, a->offset, "arg");
		if (!a->varies) {
			argument_into(cg, a, dst);
			continue;
		}
		size = part_into(cg, a, record, end);
		put_part(cg, dst, end, size);
		end = part_end(cg, end, size);
	}
	record_output(cg, record, end);
}

static void send_args(struct cg *cg, const struct event_def *ev)
{
	if (ev->tail_max)
		send_varying(cg, ev);
	else if (args_pure(cg, ev))
		send_in_place(cg, ev);
	else
		send_evaluated(cg, ev);
}

// ---- control
// ---------------------------------------------------------------------------------------

static void send_exit(struct cg *cg, struct expr *call)
{
	LLVMValueRef code = k64(cg, 0);

	if (call->u.call.args.len)
		code = expr_scalar(cg, call->u.call.args.data[0]);
	record_control(cg, call->u.call.event, &code, 1);
	block_leave(cg, cg->fn->on_return);
}

static void send_print_map(struct cg *cg, struct expr *call)
{
	LLVMValueRef words[2]; // struct rec_map

	for (size_t i = 0; i < 2; i++) {
		words[i] = k64(cg, 0);
		if (call->u.call.args.len > i + 1)
			words[i] = expr_scalar(cg, call->u.call.args.data[i + 1]);
		words[i] = arith_resize(cg, words[i], 8, false);
	}
	record_control(cg, call->u.call.event, words, 2);
}

void event_send(struct cg *cg, struct expr *call)
{
	const struct event_def *ev = call->u.call.event;

	if (ev->done)
		return;
	switch (ev->kind) {
	case EVENT_EXIT:
		send_exit(cg, call);
		break;
	case EVENT_PRINT_MAP:
		send_print_map(cg, call);
		break;
	case EVENT_CLEAR:
	case EVENT_ZERO:
		record_control(cg, ev, NULL, 0);
		break;
	case EVENT_PRINTF:
		if (cg->unit->type == PROBE_ITER)
			iter_printf(cg, ev);
		else
			send_args(cg, ev);
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

	block_branch(cg, cond, ok, failed);
	block_enter(cg, failed);
	record_control(cg, call->u.call.event, NULL, 0);
	block_goto(cg, cg->fn->on_return);
	block_enter(cg, ok);
}
