// frame: where values live while a program runs. Scalars are allocas that the passes turn
// into registers. Other values live on the stack when they are small and there is room, else
// in the unit's scratch frame (a map value): the stack of a program has 512 bytes, and
// callbacks of loops share them.
#include "codegen/cg.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <linux/bpf.h>

#include "bpf/abi.h"

unsigned home_count(const struct cg *cg)
{
	return cg->unit->variable_count + (unsigned)cg->unit->session.captures.len;
}

unsigned capture_home(const struct cg *cg, size_t capture)
{
	return cg->unit->variable_count + (unsigned)capture;
}

// ---- functions ---------------------------------------------------------------------------

static LLVMTypeRef fn_type(struct cg *cg, unsigned params)
{
	LLVMTypeRef types[] = {params == 2 ? cg->i64 : cg->ptr, cg->ptr, cg->ptr, cg->ptr};

	return LLVMFunctionType(cg->i64, types, params, false);
}

void fn_begin(struct cg *cg, struct fn *fn, const char *name, struct span where, unsigned params)
{
	memset(fn, 0, sizeof(*fn));
	if (params > 1) {
		fn->parent = cg->fn;
		fn->back = LLVMGetInsertBlock(cg->b);
		fn->back_where = LLVMGetCurrentDebugLocation2(cg->b);
	}
	fn->homes = arena_array(&cg->c->arena, struct home, home_count(cg) + 1);
	fn->stack_limit = params > 1 ? CALLBACK_TEMPS : STACK_TEMPS;
	fn->llvm = LLVMAddFunction(cg->mod, name, fn_type(cg, params));
	function_attribute(cg, fn->llvm, "nounwind"); // else each has an entry in .eh_frame
	if (params > 1)
		LLVMSetLinkage(fn->llvm, LLVMInternalLinkage);
	cg->fn = fn;
	debug_function(cg, fn, name, where, params > 1);
	fn->entry = block_new(cg, "entry");
	block_enter(cg, fn->entry);
	fn->result = LLVMBuildAlloca(cg->b, cg->i64, "result");
	fn->scratch = LLVMBuildAlloca(cg->b, cg->ptr, "scratch");
}

void fn_end(struct cg *cg, struct fn *fn)
{
	free(fn->temps);
	fn->temps = NULL;
	cg->fn = fn->parent;
	if (fn->parent) {
		block_enter(cg, fn->back);
		LLVMSetCurrentDebugLocation2(cg->b, fn->back_where);
	}
}

LLVMValueRef fn_once(struct cg *cg, LLVMValueRef *made, const char *name, void (*body)(struct cg *))
{
	struct fn fn;

	if (!*made) {
		fn_begin(cg, &fn, name, cg->unit->span, 2);
		body(cg);
		fn_end(cg, &fn);
		*made = fn.llvm;
	}
	return *made;
}

// ---- stack temporaries ---------------------------------------------------------------------

// Allocas must stand in the entry block to be static; they go before its first instruction.
LLVMValueRef frame_alloca(struct cg *cg, LLVMTypeRef type, const char *name)
{
	LLVMMetadataRef where = LLVMGetCurrentDebugLocation2(cg->b);
	LLVMBasicBlockRef here = LLVMGetInsertBlock(cg->b);
	LLVMValueRef first = LLVMGetFirstInstruction(cg->fn->entry);
	LLVMValueRef v;

	LLVMPositionBuilderBefore(cg->b, first);
	v = LLVMBuildAlloca(cg->b, type, name);
	LLVMPositionBuilderAtEnd(cg->b, here);
	LLVMSetCurrentDebugLocation2(cg->b, where);
	return v;
}

static LLVMValueRef bytes_alloca(struct cg *cg, uint32_t size, const char *name)
{
	LLVMTypeRef type = LLVMArrayType2(cg->i8, size);
	LLVMValueRef v = frame_alloca(cg, type, name);

	LLVMSetAlignment(v, 8);
	cg->fn->stack_bytes += size;
	return v;
}

static uint32_t round8(uint32_t size)
{
	return (size + 7u) & ~7u;
}

// Who asks for more on the stack than we would put there gets it, or the error.
static bool fits_stack(struct cg *cg, uint32_t size)
{
	uint64_t limit = cg->p->config.on_stack_limit;

	return size <= limit &&
	       (cg->fn->stack_bytes + round8(size) <= cg->fn->stack_limit || limit > STACK_TEMPS);
}

static struct temp *temp_free(struct fn *fn, uint32_t size)
{
	for (size_t i = 0; i < fn->temp_count; i++)
		if (!fn->temps[i].busy && fn->temps[i].size == size)
			return &fn->temps[i];
	return NULL;
}

static struct temp *temp_add(struct cg *cg, struct fn *fn, uint32_t size, const char *name)
{
	struct temp *t;

	if (fn->temp_count == fn->temp_cap) {
		fn->temp_cap = fn->temp_cap ? fn->temp_cap * 2 : 16;
		fn->temps = realloc(fn->temps, fn->temp_cap * sizeof(*fn->temps));
		if (!fn->temps)
			bug("out of memory");
	}
	t = &fn->temps[fn->temp_count++];
	t->ptr = bytes_alloca(cg, size, name);
	t->size = size;
	return t;
}

// ---- the scratch frame -----------------------------------------------------------------------

static uint32_t scratch_reserve(struct cg *cg, uint32_t size)
{
	uint32_t offset = cg->scratch_at;

	cg->scratch_at += round8(size);
	if (cg->scratch_at > cg->scratch_max)
		cg->scratch_max = cg->scratch_at;
	cg->scratch_used = true;
	return offset;
}

static LLVMValueRef scratch_address(struct cg *cg, uint32_t offset, const char *name)
{
	LLVMValueRef base = load(cg, cg->ptr, cg->fn->scratch, "frame");

	return at(cg, base, offset, name);
}

struct mark frame_mark(struct cg *cg)
{
	struct mark m = {cg->scratch_at, cg->fn->temp_mark};

	// Temporaries of statements around this one stay busy.
	cg->fn->temp_mark = ++cg->fn->temp_serial;
	return m;
}

void frame_release(struct cg *cg, struct mark m)
{
	struct fn *fn = cg->fn;

	for (size_t i = 0; i < fn->temp_count; i++)
		if (fn->temps[i].busy && fn->temps[i].owner >= fn->temp_mark)
			fn->temps[i].busy = false;
	fn->temp_mark = m.owner;
	cg->scratch_at = m.scratch;
}

LLVMValueRef frame_temp(struct cg *cg, uint32_t size, const char *name)
{
	struct fn *fn = cg->fn;
	uint32_t rounded = round8(size ? size : 1);
	struct temp *t = size <= cg->p->config.on_stack_limit ? temp_free(fn, rounded) : NULL;

	if (!t && fits_stack(cg, size))
		t = temp_add(cg, fn, rounded, name);
	if (!t)
		return scratch_address(cg, scratch_reserve(cg, rounded), name);
	t->busy = true;
	t->owner = fn->temp_mark;
	return t->ptr;
}

// ---- variables ---------------------------------------------------------------------------------

static void home_make(struct cg *cg, struct home *h, const struct type *t, const char *name)
{
	h->type = t;
	if (type_is_scalar(t))
		h->ptr = frame_alloca(cg, scalar_type(cg, t), name);
	else if (fits_stack(cg, t->size))
		h->ptr = bytes_alloca(cg, round8(t->size ? t->size : 1), name);
	else
		h->offset = scratch_reserve(cg, t->size);
}

LLVMValueRef home_address(struct cg *cg, unsigned id, const struct type *t, const char *name)
{
	struct home *h = &cg->fn->homes[id];

	if (id >= home_count(cg))
		bug("variable $%s: id %u of %u", name, id, home_count(cg));
	if (!h->type)
		home_make(cg, h, t, name);
	return h->ptr ? h->ptr : scratch_address(cg, h->offset, name);
}

LLVMValueRef var_home(struct cg *cg, struct variable *v)
{
	return home_address(cg, v->id, v->type, v->name);
}

// ---- claiming a scratch frame
// --------------------------------------------------------------------

struct scratch_claim scratch_prepare(struct cg *cg)
{
	struct scratch_claim c;

	c.busy = frame_alloca(cg, cg->ptr, "busy");
	c.bit = frame_alloca(cg, cg->i64, "bit");
	return c;
}

static LLVMValueRef lookup_index(struct cg *cg, struct map_def *m, uint32_t index, const char *name)
{
	LLVMValueRef key = frame_alloca(cg, cg->i32, "index");
	LLVMValueRef args[2];

	store(cg, k32(cg, index), key);
	args[0] = map_address(cg, m);
	args[1] = key;
	return helper_call(cg, BPF_FUNC_map_lookup_elem, args, 2, name);
}

static LLVMValueRef as_pointer(struct cg *cg, LLVMValueRef v, const char *name)
{
	return LLVMBuildIntToPtr(cg->b, v, cg->ptr, name);
}

// Frame n is ours if its bit was clear; then its address is looked up.
static void take_frame(struct cg *cg, struct scratch_claim *c, LLVMValueRef busy, unsigned n,
		       LLVMBasicBlockRef taken, LLVMBasicBlockRef have)
{
	LLVMValueRef bit = k64(cg, 1u << n);
	LLVMValueRef old = LLVMBuildAtomicRMW(cg->b, LLVMAtomicRMWBinOpOr, busy, bit,
					      LLVMAtomicOrderingMonotonic, false);
	LLVMBasicBlockRef free_frame = block_new(cg, "claim");
	LLVMValueRef mine;

	mine = LLVMBuildAnd(cg->b, old, bit, "taken");
	mine = non_zero(cg, mine);
	block_branch(cg, mine, taken, free_frame);
	block_enter(cg, free_frame);
	store(cg, bit, c->bit);
	store(cg, k64(cg, n), cg->fn->scratch_index);
	block_goto(cg, have);
}

void scratch_take(struct cg *cg, struct scratch_claim *c, LLVMBasicBlockRef next,
		  LLVMBasicBlockRef lost)
{
	struct map_def *busy_map = map_internal(cg, MAP_SCRATCH_BUSY);
	struct map_def *frames = map_internal(cg, MAP_SCRATCH);
	LLVMBasicBlockRef have = block_new(cg, "claimed"), none = block_new(cg, "no_frame");
	LLVMBasicBlockRef found = block_new(cg, "busy_map");
	LLVMValueRef index = frame_alloca(cg, cg->i32, "frame_index");
	LLVMValueRef args[2], busy, v;

	cg->fn->scratch_index = frame_alloca(cg, cg->i64, "frame_number");
	v = lookup_index(cg, busy_map, 0, "busy");
	busy = as_pointer(cg, v, "busy");
	store(cg, busy, c->busy);
	v = is_null(cg, v);
	block_branch(cg, v, lost, found);
	block_enter(cg, found);
	for (unsigned n = 0; n < SCRATCH_FRAMES; n++) {
		LLVMBasicBlockRef other = n + 1 < SCRATCH_FRAMES ? block_new(cg, "next") : none;

		take_frame(cg, c, busy, n, other, have);
		block_enter(cg, other);
	}
	count_loss(cg, offsetof(struct unit_stats, scratch_lost));
	block_goto(cg, lost);

	block_enter(cg, have);
	v = load(cg, cg->i64, cg->fn->scratch_index, "number");
	v = LLVMBuildTrunc(cg->b, v, cg->i32, "number");
	store(cg, v, index);
	args[0] = map_address(cg, frames);
	args[1] = index;
	v = helper_call(cg, BPF_FUNC_map_lookup_elem, args, 2, "frame");
	busy = as_pointer(cg, v, "frame");
	store(cg, busy, cg->fn->scratch);
	v = is_null(cg, v);
	block_branch(cg, v, lost, next);
}

void scratch_drop(struct cg *cg, struct scratch_claim *c)
{
	LLVMValueRef busy = load(cg, cg->ptr, c->busy, "busy");
	LLVMValueRef bit = load(cg, cg->i64, c->bit, "bit");

	bit = LLVMBuildNot(cg->b, bit, "others");
	LLVMBuildAtomicRMW(cg->b, LLVMAtomicRMWBinOpAnd, busy, bit, LLVMAtomicOrderingMonotonic,
			   false);
}
