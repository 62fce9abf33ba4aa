// field: places. A chain of x.f, x[i], *p and t.0 names memory: of ours (a variable, a map's
// value, a tuple being built), or remote, of the kernel's or of a traced program's. The chain is
// followed to its end by adding up offsets; then what is used is read, at once and in its size:
//
//	curtask.real_parent.tgid    p = read 8 bytes at curtask + X; read 4 bytes at p + Y
//
// Remote reads never fault: what cannot be read is 0, and counted.
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>

#include "bpf/abi.h"
#include "sema/builtins.h"

struct place {
	bool remote, user;
	bool context;		       // remote: in the program's context, which loads can read
	LLVMValueRef base;	       // remote: address (i64); else pointer
	uint64_t offset;	       // from there, in bytes
	const struct type_field *bits; // a bitfield: offset is that of its storage
	LLVMValueRef outside;	       // i1: a varying index was out of bounds; NULL: none could be
};

static struct place place_of(struct cg *cg, struct expr *e);

static bool names_place(const struct expr *e)
{
	return e->kind == EXPR_FIELD || e->kind == EXPR_INDEX || e->kind == EXPR_TUPLE_GET ||
	       (e->kind == EXPR_UNARY && e->u.unary.op == UNARY_DEREF);
}

bool place_is_remote(const struct expr *e)
{
	const struct expr *object;

	if (!names_place(e))
		return false;
	if (e->kind == EXPR_UNARY)
		return true;
	object = e->kind == EXPR_FIELD	 ? e->u.field.object
		 : e->kind == EXPR_INDEX ? e->u.index.object
					 : e->u.tuple_get.object;
	return object->type->kind == TYPE_POINTER || place_is_remote(object);
}

// ---- following a chain -----------------------------------------------------------------------

// The verifier lets nobody follow a pointer of the kernel's that may be NULL.
static void leave_if_null(struct cg *cg, LLVMValueRef pointer, LLVMBasicBlockRef to)
{
	LLVMBasicBlockRef there = block_new(cg, "there");
	LLVMValueRef v = is_null(cg, pointer);

	block_branch(cg, v, to, there);
	block_enter(cg, there);
}

static struct place pointed(struct cg *cg, struct expr *pointer)
{
	struct place p = {.remote = true, .user = space_is_user(cg, pointer->type)};

	p.base = expr_scalar(cg, pointer);
	p.context = cg->unit->mech == MECH_ITER && pointer->kind == EXPR_IDENT &&
		    pointer->u.ident.builtin == BUILTIN_CTX;
	if (cg->trusted && !p.context && pointer->kind != EXPR_IDENT)
		leave_if_null(cg, p.base, cg->trusted);
	return p;
}

static struct place object_place(struct cg *cg, struct expr *object)
{
	return object->type->kind == TYPE_POINTER ? pointed(cg, object) : place_of(cg, object);
}

static struct place field_place(struct cg *cg, struct expr *e)
{
	struct expr *object = e->u.field.object;
	const struct type *t =
	    object->type->kind == TYPE_POINTER ? object->type->elem : object->type;
	const struct type_field *f = type_find_field(t, e->u.field.name);
	struct place p = object_place(cg, object);

	if (!f)
		bug("no field '%s' in type kind %d", e->u.field.name, t->kind);
	p.offset += f->offset;
	p.bits = f->bit_size ? f : NULL;
	return p;
}

static struct place tuple_place(struct cg *cg, struct expr *e)
{
	struct place p = place_of(cg, e->u.tuple_get.object);
	const struct type *t = e->u.tuple_get.object->type;

	if (e->u.tuple_get.index >= t->field_count)
		bug("tuple member %u of %zu", e->u.tuple_get.index, t->field_count);
	p.offset += t->fields[e->u.tuple_get.index].offset;
	return p;
}

static bool constant_index(const struct expr *index, uint64_t *value)
{
	if (index->kind != EXPR_INT)
		return false;
	*value = index->u.integer.value;
	return true;
}

// Of memory of ours: an index beyond the end reads 0, and the first element meanwhile.
static LLVMValueRef bounded_index(struct cg *cg, struct place *p, const struct type *object,
				  LLVMValueRef index, uint32_t size)
{
	uint32_t count = object->size / (size ? size : 1);
	LLVMBasicBlockRef above = block_new(cg, "outside"), done = block_new(cg, "bounded");
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "index"), outside;

	index = opaque(cg, index);
	store(cg, index, slot);
	outside = LLVMBuildICmp(cg->b, LLVMIntUGE, index, k64(cg, count), "outside");
	p->outside = p->outside ? LLVMBuildOr(cg->b, p->outside, outside, "outside") : outside;
	block_branch(cg, outside, above, done);
	block_enter(cg, above);
	store(cg, k64(cg, 0), slot);
	block_goto(cg, done);
	block_enter(cg, done);
	return load(cg, cg->i64, slot, "index");
}

static struct place index_place(struct cg *cg, struct expr *e)
{
	struct expr *object = e->u.index.object;
	uint64_t size = object->type->kind == TYPE_POINTER ? step_of(object->type) : e->type->size;
	struct place p = object_place(cg, object);
	uint64_t constant;
	LLVMValueRef v;

	if (constant_index(e->u.index.index, &constant)) {
		p.offset += constant * size;
		return p;
	}
	v = expr_scalar(cg, e->u.index.index);
	v = arith_resize(cg, v, 8, e->u.index.index->type->is_signed);
	if (!p.remote)
		v = bounded_index(cg, &p, object->type, v, e->type->size);
	v = LLVMBuildMul(cg->b, v, k64(cg, size), "offset");
	if (p.remote)
		p.base = LLVMBuildAdd(cg->b, p.base, v, "address");
	else
		p.base = LLVMBuildInBoundsGEP2(cg->b, cg->i8, p.base, &v, 1, "item");
	return p;
}

static struct place place_of(struct cg *cg, struct expr *e)
{
	struct place local = {0};

	switch (e->kind) {
	case EXPR_FIELD:
		return field_place(cg, e);
	case EXPR_TUPLE_GET:
		return tuple_place(cg, e);
	case EXPR_INDEX:
		return index_place(cg, e);
	case EXPR_UNARY:
		if (e->u.unary.op == UNARY_DEREF)
			return pointed(cg, e->u.unary.operand);
		break;
	default:
		break;
	}
	local.base = expr(cg, e).v;
	return local;
}

// ---- reading ---------------------------------------------------------------------------------

static LLVMValueRef address_of(struct cg *cg, const struct place *p)
{
	if (!p->offset)
		return p->base;
	return LLVMBuildAdd(cg->b, p->base, k64(cg, p->offset), "address");
}

static LLVMValueRef pointer_to(struct cg *cg, const struct place *p)
{
	return at(cg, p->base, p->offset, "place");
}

static LLVMValueRef word_at(struct cg *cg, const struct place *p, uint32_t size)
{
	LLVMValueRef slot, address, v;

	if (!p->remote) {
		LLVMValueRef from = pointer_to(cg, p);

		return load(cg, int_type(cg, size), from, "member");
	}
	address = address_of(cg, p);
	if ((cg->trusted || p->context) && size == 8 && !p->user) { // loads keep a pointer's type
		address = LLVMBuildIntToPtr(cg->b, address, cg->ptr, "pointer");
		v = load(cg, cg->i64, address, "member");
		if (p->context) // NULL at the end of a walk, which is nothing to the script
			leave_if_null(cg, v, cg->fn->out);
		return v;
	}
	slot = frame_alloca(cg, int_type(cg, size), "member");
	mem_read(cg, slot, size, address, p->user);
	return load(cg, int_type(cg, size), slot, "member");
}

// The bits of a bitfield, from the bytes that hold them. As in bpftrace they are a number without
// a sign, whatever the type says.
static LLVMValueRef bits_at(struct cg *cg, struct place p, const struct type *t)
{
	const struct type_field *f = p.bits;
	uint32_t end = f->bit_offset + f->bit_size, size = t->size;
	LLVMValueRef v, up, down;

	while (size * 8 < end && size < 8)
		size *= 2;
	v = word_at(cg, &p, size);
	v = arith_resize(cg, v, 8, false);
	up = k64(cg, 64 - end);
	down = k64(cg, 64 - f->bit_size);
	v = LLVMBuildShl(cg->b, v, up, "bits");
	v = LLVMBuildLShr(cg->b, v, down, "bits");
	return arith_resize(cg, v, t->size, false);
}

static LLVMValueRef scalar_at(struct cg *cg, const struct place *p, const struct type *t)
{
	LLVMValueRef v = p->bits ? bits_at(cg, *p, t) : word_at(cg, p, t->size);

	if (p->outside)
		v = LLVMBuildSelect(cg->b, p->outside, zero_of(cg, t), v, "item");
	return v;
}

// if (length == size)
//	probe_read(dst + size - 1, 1, from + size - 1);
// The helper makes the last byte a NUL, in an array of char it may be text.
static void read_last_byte(struct cg *cg, const struct place *p, const struct type *t,
			   LLVMValueRef dst, LLVMValueRef length)
{
	LLVMBasicBlockRef full = block_new(cg, "full"), done = block_new(cg, "read");
	LLVMValueRef last = k64(cg, t->size - 1), v, from;

	v = LLVMBuildICmp(cg->b, LLVMIntEQ, length, LLVMConstInt(LLVMTypeOf(length), t->size, true),
			  "full");
	block_branch(cg, v, full, done);
	block_enter(cg, full);
	from = address_of(cg, p);
	from = LLVMBuildAdd(cg->b, from, last, "last");
	dst = at(cg, dst, t->size - 1, "last");
	mem_read(cg, dst, 1, from, p->user);
	block_goto(cg, done);
	block_enter(cg, done);
}

// A string is read to its NUL: what follows in the kernel's array is not part of it.
static void read_string(struct cg *cg, const struct place *p, const struct type *t,
			LLVMValueRef dst, bool clean)
{
	int helper = p->user ? BPF_FUNC_probe_read_user_str : BPF_FUNC_probe_read_kernel_str;
	LLVMValueRef args[3], err;

	if (clean || t->size <= STRING_SMALL)
		mem_zero(cg, dst, t->size);
	args[0] = dst;
	args[1] = k32(cg, t->size);
	args[2] = address_of(cg, p);
	err = helper_call(cg, helper, args, 3, "length");
	failure_read_check(cg, helper, err);
	if (t->may_fill)
		read_last_byte(cg, p, t, dst, err);
}

static void read_into(struct cg *cg, const struct place *p, const struct type *t, LLVMValueRef dst,
		      bool clean)
{
	LLVMValueRef from;

	if (!t->size)
		return;
	if (p->remote && t->kind == TYPE_STRING && !t->elem) {
		read_string(cg, p, t, dst, clean);
	} else if (p->remote) {
		from = address_of(cg, p);
		mem_read(cg, dst, t->size, from, p->user);
	} else {
		from = pointer_to(cg, p);
		type_copy(cg, dst, t, from, clean);
	}
}

struct value place_expr(struct cg *cg, struct expr *e)
{
	struct place p = place_of(cg, e);
	struct value v = {e->type, NULL};

	if (type_is_scalar(e->type)) {
		v.v = scalar_at(cg, &p, e->type);
	} else if (p.remote) {
		v.v = frame_temp(cg, e->type->size, "object");
		read_into(cg, &p, e->type, v.v, false);
	} else {
		v.v = pointer_to(cg, &p);
	}
	return v;
}

void place_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	struct place p = place_of(cg, e);

	read_into(cg, &p, e->type, dst, clean);
}

LLVMValueRef place_address(struct cg *cg, struct expr *e, bool *user)
{
	struct place p = place_of(cg, e);

	if (!p.remote)
		bug("the address of expression kind %d", e->kind);
	*user = p.user;
	return address_of(cg, &p);
}
