// loop: while, for over a range, for over a map, unroll.
//
// Short loops of constant length are plain loops: the verifier walks each iteration. All
// others are callbacks of bpf_loop() or bpf_for_each_map_elem(), verified once whatever their
// length. A callback is a function of its own: what it needs of the function that loops
// travels in a frame on that one's stack:
//
//	struct { void *ctx; void *scratch; u64 leave; u64 from; u64 captured[]; }
//
// Captured scalars are copied in before the loop and out after it, so that they stay in
// registers outside; of other values on the stack the address is passed; what lies in the
// scratch frame is found through `scratch`.
#include "codegen/cg.h"

#include <string.h>

#include <linux/bpf.h>

#include "sema/builtins.h"

#define BPF_LOOP_MAX (1u << 23)

enum { FRAME_CTX = 0, FRAME_SCRATCH = 8, FRAME_LEAVE = 16, FRAME_FROM = 24, FRAME_CAPTURED = 32 };

// ---- what a body uses of the world around it ------------------------------------------------

struct use {
	bool used, assigned;
};

struct uses {
	struct cg *cg;
	struct use *of; // by home id
	bool leaves;	// return, exit(), assert(), skip
};

static void use(struct uses *u, unsigned id, bool assigned)
{
	if (!u->cg->fn->homes[id].type) // the body's own
		return;
	u->of[id].used = true;
	u->of[id].assigned |= assigned;
}

static void use_captures(struct uses *u)
{
	struct cg *cg = u->cg;

	if (cg->half != HALF_RETURN)
		return;
	for (size_t i = 0; i < cg->unit->session.captures.len; i++)
		if (cg->unit->session.captures.data[i].kind != CAPTURE_VARIABLE)
			use(u, capture_home(cg, i), false);
}

static bool use_expr(void *ctx, struct expr *e)
{
	struct uses *u = ctx;

	switch (e->kind) {
	case EXPR_VAR:
		use(u, e->u.var.var->id, false);
		break;
	case EXPR_INCDEC:
		if (e->u.incdec.target->kind == EXPR_VAR)
			use(u, e->u.incdec.target->u.var.var->id, true);
		break;
	case EXPR_IDENT:
		if (e->u.ident.builtin == BUILTIN_ARGN || e->u.ident.builtin == BUILTIN_ELAPSED)
			use_captures(u);
		break;
	case EXPR_CALL:
		if (e->u.call.func == FUNC_EXIT || e->u.call.func == FUNC_ASSERT)
			u->leaves = true;
		break;
	default:
		break;
	}
	return true;
}

static bool use_stmt(void *ctx, struct stmt *s)
{
	struct uses *u = ctx;

	switch (s->kind) {
	case STMT_ASSIGN:
		if (s->u.assign.target->kind == EXPR_VAR)
			use(u, s->u.assign.target->u.var.var->id, true);
		break;
	case STMT_RETURN:
	case STMT_SKIP:
		u->leaves = true;
		break;
	default:
		break;
	}
	return true;
}

// ---- the frame --------------------------------------------------------------------------------

struct callback {
	struct fn fn;
	struct uses uses;
	LLVMValueRef frame;  // in the parent
	LLVMValueRef inside; // the same in the callback
	struct loop loop;
	unsigned captured;
};

static struct uses uses_of(struct cg *cg, struct expr *cond, struct block *body)
{
	struct uses uses = {.cg = cg};
	struct ast_visitor v = {.expr = use_expr, .stmt = use_stmt, .ctx = &uses};

	uses.of = arena_array(&cg->c->arena, struct use, home_count(cg) + 1);
	if (cond)
		expr_walk(cond, &v);
	block_walk(body, &v);
	return uses;
}

static void find_uses(struct cg *cg, struct callback *cb, struct expr *cond, struct block *body)
{
	cb->uses = uses_of(cg, cond, body);
	cb->captured = 0;
	for (unsigned id = 0; id < home_count(cg); id++)
		cb->captured += cb->uses.of[id].used && cg->fn->homes[id].ptr;
}

static LLVMTypeRef home_type(struct cg *cg, const struct home *h)
{
	return type_is_scalar(h->type) ? scalar_type(cg, h->type) : cg->ptr;
}

static void frame_fill(struct cg *cg, struct callback *cb)
{
	struct fn *fn = cg->fn;
	uint32_t slot = FRAME_CAPTURED;
	LLVMValueRef v, p;

	cb->frame =
	    frame_alloca(cg, LLVMArrayType2(cg->i64, FRAME_CAPTURED / 8 + cb->captured), "frame");
	store(cg, fn->ctx, cb->frame);
	v = load(cg, cg->ptr, fn->scratch, "scratch");
	p = at(cg, cb->frame, FRAME_SCRATCH, "scratch");
	store(cg, v, p);
	p = at(cg, cb->frame, FRAME_LEAVE, "leave");
	store(cg, k64(cg, 0), p);
	for (unsigned id = 0; id < home_count(cg); id++) {
		struct home *h = &fn->homes[id];

		if (!cb->uses.of[id].used || !h->ptr)
			continue;
		v = type_is_scalar(h->type) ? load(cg, home_type(cg, h), h->ptr, "captured")
					    : h->ptr;
		p = at(cg, cb->frame, slot, "captured");
		store(cg, v, p);
		slot += 8;
	}
}

// Scalars that the body assigned come back.
static void frame_read_back(struct cg *cg, struct callback *cb)
{
	uint32_t slot = FRAME_CAPTURED;
	LLVMValueRef v, p;

	for (unsigned id = 0; id < home_count(cg); id++) {
		struct home *h = &cg->fn->homes[id];

		if (!cb->uses.of[id].used || !h->ptr)
			continue;
		if (cb->uses.of[id].assigned && type_is_scalar(h->type)) {
			p = at(cg, cb->frame, slot, "captured");
			v = load(cg, home_type(cg, h), p, "captured");
			store(cg, v, h->ptr);
		}
		slot += 8;
	}
}

static void homes_inside(struct cg *cg, struct callback *cb)
{
	struct fn *fn = cg->fn;
	uint32_t slot = FRAME_CAPTURED;

	for (unsigned id = 0; id < home_count(cg); id++) {
		struct home *h = &fn->homes[id];

		if (!cb->uses.of[id].used)
			continue;
		*h = fn->parent->homes[id];
		if (!h->ptr)
			continue;
		h->ptr = at(cg, cb->inside, slot, "captured");
		if (!type_is_scalar(h->type))
			h->ptr = load(cg, cg->ptr, h->ptr, "captured");
		slot += 8;
	}
}

// The verifier would follow a variable that the body changes through every value it takes, and
// never be done. It does not know that what it reads from a map is always 0: after adding
// that, the variable may hold anything, and one walk through the body covers all of them.
static void homes_forget(struct cg *cg, const struct uses *uses)
{
	LLVMValueRef zero = NULL, v, n;

	for (unsigned id = 0; id < home_count(cg); id++) {
		struct home *h = &cg->fn->homes[id];

		if (!uses->of[id].assigned || !h->ptr || !type_is_scalar(h->type))
			continue;
		if (!zero)
			zero = load(cg, cg->i64, zeros(cg, 8), "zero");
		v = load(cg, scalar_type(cg, h->type), h->ptr, "known");
		n = arith_resize(cg, zero, h->type->size, false);
		v = LLVMBuildAdd(cg->b, v, n, "unknown");
		store(cg, v, h->ptr);
	}
}

// ---- the callback -----------------------------------------------------------------------------

static void exit_with(struct cg *cg, LLVMBasicBlockRef bb, uint64_t code)
{
	block_enter(cg, bb);
	store(cg, k64(cg, code), cg->fn->result);
	block_goto(cg, cg->fn->out);
}

static void leave_with(struct cg *cg, struct callback *cb, LLVMBasicBlockRef bb, enum leave how)
{
	LLVMValueRef p;

	block_enter(cg, bb);
	p = at(cg, cb->inside, FRAME_LEAVE, "leave");
	store(cg, k64(cg, how), p);
	block_goto(cg, cb->loop.done);
}

static void callback_begin(struct cg *cg, struct callback *cb, struct stmt *s, const char *name,
			   unsigned params)
{
	struct fn *outer = cg->fn, *fn = &cb->fn;
	LLVMValueRef v, p;

	fn_begin(cg, fn, name, s->span, params);
	cb->inside = LLVMGetParam(fn->llvm, params - 1);
	fn->ctx = load(cg, cg->ptr, cb->inside, "ctx");
	p = at(cg, cb->inside, FRAME_SCRATCH, "scratch");
	v = load(cg, cg->ptr, p, "scratch");
	store(cg, v, fn->scratch);
	homes_inside(cg, cb);
	homes_forget(cg, &cb->uses);
	cb->loop.outer = NULL;
	cb->loop.next = block_new(cg, "continue");
	cb->loop.done = block_new(cg, "break");
	fn->loop = &cb->loop;
	fn->out = block_new(cg, "out");
	fn->on_return = block_new(cg, "return");
	fn->on_abort = fn->on_return;
	fn->on_skip = outer->on_skip ? block_new(cg, "skip") : NULL;
}

static void callback_end(struct cg *cg, struct callback *cb)
{
	LLVMValueRef v;

	block_goto(cg, cb->loop.next);
	exit_with(cg, cb->loop.next, 0);
	leave_with(cg, cb, cb->fn.on_return, LEAVE_RETURN);
	if (cb->fn.on_skip)
		leave_with(cg, cb, cb->fn.on_skip, LEAVE_SKIP);
	exit_with(cg, cb->loop.done, 1);
	block_enter(cg, cb->fn.out);
	v = load(cg, cg->i64, cb->fn.result, "result");
	return_bit(cg, v);
	fn_end(cg, &cb->fn);
}

// After the loop: did the body end the program?
static void leave_propagate(struct cg *cg, struct callback *cb)
{
	LLVMBasicBlockRef stay = block_new(cg, "looped"), left = block_new(cg, "left");
	LLVMValueRef p = at(cg, cb->frame, FRAME_LEAVE, "leave"), how, v;

	how = load(cg, cg->i64, p, "leave");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, how, k64(cg, 0), "stays");
	block_branch(cg, v, stay, left);
	block_enter(cg, left);
	if (cg->fn->on_skip) {
		v = LLVMBuildICmp(cg->b, LLVMIntEQ, how, k64(cg, LEAVE_SKIP), "skips");
		block_branch(cg, v, cg->fn->on_skip, cg->fn->on_return);
	} else {
		block_goto(cg, cg->fn->on_return);
	}
	block_enter(cg, stay);
}

static void looped(struct cg *cg, struct callback *cb)
{
	frame_read_back(cg, cb);
	if (cb->uses.leaves)
		leave_propagate(cg, cb);
}

static void call_loop(struct cg *cg, struct callback *cb, LLVMValueRef count)
{
	LLVMValueRef args[4];

	args[0] = count;
	args[1] = cb->fn.llvm;
	args[2] = cb->frame;
	args[3] = k64(cg, 0);
	helper_call(cg, BPF_FUNC_loop, args, 4, "");
}

// ---- while ----------------------------------------------------------------------------------

void loop_while(struct cg *cg, struct stmt *s)
{
	struct callback cb;
	LLVMBasicBlockRef body;
	LLVMValueRef v;

	find_uses(cg, &cb, s->u.loop.cond, s->u.loop.body);
	frame_fill(cg, &cb);
	callback_begin(cg, &cb, s, "while_body", 2);
	v = expr_cond(cg, s->u.loop.cond);
	body = block_new(cg, "body");
	block_branch(cg, v, body, cb.loop.done);
	block_enter(cg, body);
	block_scope(cg, s->u.loop.body);
	callback_end(cg, &cb);
	call_loop(cg, &cb, k32(cg, BPF_LOOP_MAX));
	looped(cg, &cb);
}

// ---- plain loops ----------------------------------------------------------------------------

static void counter_variable(struct cg *cg, struct variable *var, LLVMValueRef i, uint64_t from)
{
	LLVMValueRef v = LLVMBuildAdd(cg->b, i, k64(cg, from), var->name), home;

	v = arith_resize(cg, v, var->type->size, true);
	home = var_home(cg, var);
	store(cg, v, home);
}

// i = 0; do { body } while (++i < count): count is not 0; var (or NULL) is from + i. Tested at
// its end: old verifiers refuse a loop that LLVM turned around.
static void plain_loop(struct cg *cg, struct block *body, uint64_t count, struct variable *var,
		       uint64_t from)
{
	struct loop l = {.outer = cg->fn->loop};
	struct uses uses = uses_of(cg, NULL, body);
	LLVMBasicBlockRef inside = block_new(cg, "body");
	LLVMValueRef counter = frame_alloca(cg, cg->i64, "i"), i, v;

	l.next = block_new(cg, "continue");
	l.done = block_new(cg, "break");
	store(cg, k64(cg, 0), counter);
	block_goto(cg, inside);
	block_enter(cg, inside);
	i = load(cg, cg->i64, counter, "i");
	homes_forget(cg, &uses);
	if (var)
		counter_variable(cg, var, i, from);
	cg->fn->loop = &l;
	cg->plain_nesting++;
	block_scope(cg, body);
	cg->plain_nesting--;
	cg->fn->loop = l.outer;
	block_goto(cg, l.next);
	block_enter(cg, l.next);
	v = LLVMBuildAdd(cg->b, i, k64(cg, 1), "i");
	store(cg, v, counter);
	v = LLVMBuildICmp(cg->b, LLVMIntULT, v, k64(cg, count), "more");
	block_branch(cg, v, inside, l.done);
	block_enter(cg, l.done);
}

void loop_unroll(struct cg *cg, struct stmt *s)
{
	struct expr *n = s->u.unroll.count;

	while (n->kind == EXPR_CAST)
		n = n->u.cast.operand;
	if (n->kind != EXPR_INT)
		bug("unroll of expression kind %d", n->kind);
	if (n->u.integer.value)
		plain_loop(cg, s->u.unroll.body, n->u.integer.value, NULL, 0);
}

// ---- for $i : from..to ----------------------------------------------------------------------

static bool constant(struct expr *e, int64_t *out)
{
	while (e->kind == EXPR_CAST)
		e = e->u.cast.operand;
	*out = e->kind == EXPR_INT ? (int64_t)e->u.integer.value : 0;
	return e->kind == EXPR_INT;
}

static LLVMValueRef bound(struct cg *cg, struct expr *e)
{
	LLVMValueRef v = expr_scalar(cg, e);

	return arith_resize(cg, v, 8, e->type->is_signed);
}

// How often: 0 when to <= from, and no more than the kernel allows.
static LLVMValueRef range_count(struct cg *cg, LLVMValueRef from, LLVMValueRef to)
{
	LLVMValueRef n = LLVMBuildSub(cg->b, to, from, "count"), v;

	v = LLVMBuildICmp(cg->b, LLVMIntSGT, to, from, "any");
	n = LLVMBuildSelect(cg->b, v, n, k64(cg, 0), "count");
	v = LLVMBuildICmp(cg->b, LLVMIntULT, n, k64(cg, BPF_LOOP_MAX), "allowed");
	return LLVMBuildSelect(cg->b, v, n, k64(cg, BPF_LOOP_MAX), "count");
}

static void callback_range(struct cg *cg, struct stmt *s)
{
	struct variable *var = s->u.iter.var;
	LLVMValueRef from = bound(cg, s->u.iter.from), to = bound(cg, s->u.iter.to), v, p;
	struct callback cb;

	find_uses(cg, &cb, NULL, s->u.iter.body);
	frame_fill(cg, &cb);
	p = at(cg, cb.frame, FRAME_FROM, "from");
	store(cg, from, p);
	callback_begin(cg, &cb, s, "for_body", 2);
	p = at(cg, cb.inside, FRAME_FROM, "from");
	v = load(cg, cg->i64, p, "from");
	v = LLVMBuildAdd(cg->b, LLVMGetParam(cb.fn.llvm, 0), v, var->name);
	v = arith_resize(cg, v, var->type->size, true);
	p = var_home(cg, var);
	store(cg, v, p);
	block_scope(cg, s->u.iter.body);
	callback_end(cg, &cb);
	v = range_count(cg, from, to);
	call_loop(cg, &cb, v);
	looped(cg, &cb);
}

void loop_range(struct cg *cg, struct stmt *s)
{
	int64_t from, to;
	bool plain;

	plain = constant(s->u.iter.from, &from);
	plain = constant(s->u.iter.to, &to) && plain;
	if (plain && to <= from)
		return;
	if (plain && to - from <= PLAIN_LOOP_MAX && !cg->plain_nesting)
		plain_loop(cg, s->u.iter.body, (uint64_t)(to - from), s->u.iter.var,
			   (uint64_t)from);
	else
		callback_range(cg, s);
}

// ---- for $kv : @m ---------------------------------------------------------------------------

LLVMValueRef call_for_each(struct cg *cg, const struct map_def *m, LLVMValueRef callback,
			   LLVMValueRef ctx)
{
	LLVMValueRef args[4];

	args[0] = map_in_use(cg, m);
	args[1] = callback;
	args[2] = ctx;
	args[3] = k64(cg, 0);
	return helper_call(cg, BPF_FUNC_for_each_map_elem, args, 4, "visited");
}

LLVMValueRef nothing_callback(struct cg *cg)
{
	struct fn fn;

	fn_begin(cg, &fn, "count_elements", cg->unit->span, 4);
	LLVMBuildRet(cg->b, k64(cg, 0));
	fn_end(cg, &fn);
	return fn.llvm;
}

static void value_member(struct cg *cg, const struct map_def *m, const struct type *t,
			 LLVMValueRef dst, LLVMValueRef key, LLVMValueRef value)
{
	LLVMValueRef v;

	if (!type_is_aggregation(m->value) || type_is_aggregation(t)) {
		if (type_is_scalar(t)) {
			v = load(cg, scalar_type(cg, t), value, "value");
			store(cg, v, dst);
		} else {
			type_copy(cg, dst, t, value, true);
		}
		return;
	}
	v = aggregate_read(cg, m, key);
	v = arith_resize(cg, v, t->size, true);
	store(cg, v, dst);
}

// The loop variable: a tuple (key, value).
static void element(struct cg *cg, struct stmt *s, const struct map_def *m, LLVMValueRef fn)
{
	struct variable *var = s->u.iter.var;
	const struct type_field *f = var->type->fields;
	LLVMValueRef key = LLVMGetParam(fn, 1), value = LLVMGetParam(fn, 2);
	LLVMValueRef home = var_home(cg, var), p, v;

	if (type_has_holes(var->type))
		mem_zero(cg, home, var->type->size);
	p = at(cg, home, f[0].offset, "key");
	if (type_is_scalar(f[0].type)) {
		v = load(cg, scalar_type(cg, f[0].type), key, "key");
		store(cg, v, p);
	} else {
		type_copy(cg, p, f[0].type, key, true);
	}
	p = at(cg, home, f[1].offset, "value");
	value_member(cg, m, f[1].type, p, key, value);
}

void loop_map(struct cg *cg, struct stmt *s)
{
	const struct map_def *m = s->u.iter.map->u.map.map;
	struct callback cb;

	find_uses(cg, &cb, NULL, s->u.iter.body);
	frame_fill(cg, &cb);
	callback_begin(cg, &cb, s, "for_element", 4);
	element(cg, s, m, cb.fn.llvm);
	block_scope(cg, s->u.iter.body);
	callback_end(cg, &cb);
	call_for_each(cg, m, cb.fn.llvm, cb.frame);
	looped(cg, &cb);
}
