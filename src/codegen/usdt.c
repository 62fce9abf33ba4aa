// usdt: arguments of USDT sites. Every site says where it keeps its arguments; a program serves
// all sites of its unit.
//
// What differs between sites is split in two. The shape of an operand (registers, scale, memory or
// not, size, sign) becomes code; its number (a displacement, a constant) becomes data. If all
// sites agree, both are straight code. Else a table, indexed by the site's place among the unit's
// targets, holds { s64 number; u64 shape; } and the code for argN is
//
//	i = (u32)cookie - first_target;
//	if (i >= count) i = 0;
//	switch (table[i].shape) {
//	case 0: v = regs->di + table[i].number; break;
//	case 1: bpf_probe_read_user(&v, 4, regs->bp + table[i].number); v = (s32)v; break;
//	}
//
// Registers are always read at constant offsets: the verifier wants that of a context.
#include "codegen/cg.h"

#include <string.h>

#include "bpf/abi.h"
#include "usdt_spec.h"

enum { COLUMN_FUNC = USDT_ARGS_MAX }; // after arg0 to arg255

// One site's operand: a shape, and the number that it leaves open.
struct operand {
	struct usdt_arg shape; // offset is 0
	int64_t number;
};

struct column {
	struct operand *operands; // by target of the unit; arena
	uint32_t count;
	bool same_number;
	uint32_t *shape_ids; // by target
	ARENA_VEC(struct usdt_arg) shapes;
};

struct row {
	int64_t number;
	uint64_t shape;
};

// ---- what the sites say -----------------------------------------------------------------------

static int64_t extend(uint64_t v, unsigned size, bool is_signed)
{
	unsigned up = 64 - 8 * size;

	return is_signed ? (int64_t)(v << up) >> up : (int64_t)(v << up >> up);
}

static struct operand constant(int64_t v)
{
	struct operand o = {.number = v};

	o.shape.size = 8;
	o.shape.is_signed = true;
	o.shape.base = o.shape.index = USDT_NO_REG;
	return o;
}

static struct operand operand_of(const struct target *t, unsigned n)
{
	if (n == COLUMN_FUNC)
		return constant(t->func_id);
	if (!t->usdt || n >= t->usdt->args.len || t->usdt->args.data[n].unreadable)
		return constant(0);
	const struct usdt_arg *a = &t->usdt->args.data[n];
	if (!a->deref && a->base == USDT_NO_REG && a->index == USDT_NO_REG)
		return constant(extend((uint64_t)a->offset, a->size, a->is_signed));
	struct operand o = {.shape = *a, .number = a->offset};
	// The probe's own address is what the instruction pointer holds.
	if (a->from_site)
		o.number = (int64_t)((uint64_t)a->offset - t->address - t->is_fast);
	o.shape.offset = 0;
	return o;
}

static bool same_shape(const struct usdt_arg *a, const struct usdt_arg *b)
{
	return a->size == b->size && a->is_signed == b->is_signed && a->deref == b->deref &&
	       a->shift == b->shift && a->base == b->base && a->index == b->index &&
	       a->index_shift == b->index_shift && a->index_bytes == b->index_bytes &&
	       a->index_signed == b->index_signed;
}

static uint32_t shape_id(struct cg *cg, struct column *c, const struct usdt_arg *shape)
{
	for (uint32_t i = 0; i < c->shapes.len; i++)
		if (same_shape(&c->shapes.data[i], shape))
			return i;
	arena_push(cg->p->arena, &c->shapes, *shape);
	return (uint32_t)c->shapes.len - 1;
}

static void column_read(struct cg *cg, struct column *c, unsigned n)
{
	const struct unit *u = cg->unit;

	*c = (struct column){.count = u->target_count, .same_number = true};
	c->operands = arena_array(cg->p->arena, struct operand, c->count + 1);
	c->shape_ids = arena_array(cg->p->arena, uint32_t, c->count + 1);
	for (uint32_t i = 0; i < c->count; i++) {
		c->operands[i] = operand_of(cg->p->targets.data[u->first_target + i], n);
		c->shape_ids[i] = shape_id(cg, c, &c->operands[i].shape);
		c->same_number &= c->operands[i].number == c->operands[0].number;
	}
}

// ---- the code of one shape ---------------------------------------------------------------------

// What LLVM reads at a known offset must stay there: cases that differ in nothing but the register
// would be merged into one load at a variable offset of the context.
static LLVMValueRef reg(struct cg *cg, uint16_t offset)
{
	LLVMValueRef v = arch_register(cg, offset);

	return opaque(cg, v);
}

static LLVMValueRef cut(struct cg *cg, LLVMValueRef v, unsigned size, bool is_signed)
{
	if (size == 8)
		return v;
	v = LLVMBuildTrunc(cg->b, v, int_type(cg, size), "cut");
	return arith_resize(cg, v, 8, is_signed);
}

static LLVMValueRef index_value(struct cg *cg, const struct usdt_arg *a)
{
	LLVMValueRef v = reg(cg, a->index);

	v = cut(cg, v, a->index_bytes, a->index_signed);
	return LLVMBuildShl(cg->b, v, k64(cg, a->index_shift), "index");
}

static LLVMValueRef operand_value(struct cg *cg, const struct usdt_arg *a, LLVMValueRef number)
{
	LLVMValueRef v = number, part, slot;

	if (a->base != USDT_NO_REG) {
		part = reg(cg, a->base);
		v = LLVMBuildAdd(cg->b, v, part, "address");
	}
	if (a->index != USDT_NO_REG) {
		part = index_value(cg, a);
		v = LLVMBuildAdd(cg->b, v, part, "address");
	}
	if (!a->deref) {
		v = a->shift ? LLVMBuildLShr(cg->b, v, k64(cg, a->shift), "high") : v;
		return cut(cg, v, a->size, a->is_signed);
	}
	slot = frame_alloca(cg, cg->i64, "usdt_arg");
	mem_read(cg, slot, a->size, v, true);
	v = load(cg, int_type(cg, a->size), slot, "usdt_arg");
	v = a->size == 8 ? v : arith_resize(cg, v, 8, a->is_signed);
	return opaque(cg, v);
}

// ---- the table ---------------------------------------------------------------------------------

static struct map_def *find_table(struct cg *cg, const char *name)
{
	for (size_t i = 0; i < cg->p->maps.len; i++) {
		struct map_def *m = cg->p->maps.data[i];
		if (m->role == MAP_TABLE && !strcmp(m->name, name))
			return m;
	}
	return NULL;
}

static struct map_def *column_table(struct cg *cg, const struct column *c, unsigned n)
{
	const char *name = arena_printf(cg->p->arena, "mt_usdt%u_%u", cg->unit->id, n);
	struct map_def *m = find_table(cg, name);

	if (m)
		return m;
	struct row *rows = arena_array(cg->p->arena, struct row, c->count);
	for (uint32_t i = 0; i < c->count; i++)
		rows[i] = (struct row){c->operands[i].number, c->shape_ids[i]};
	m = program_add_map(cg->p, MAP_TABLE, name);
	m->bpf_kind = BPF_MAP_KIND_ARRAY;
	m->key_size = 4;
	m->value_size = c->count * (uint32_t)sizeof(struct row);
	m->max_entries = 1;
	m->initial = rows;
	return m;
}

// Address of the site's row. The verifier must see the comparison and the use of one register.
static LLVMValueRef site_row(struct cg *cg, const struct map_def *table, uint32_t count)
{
	LLVMBasicBlockRef known = block_new(cg, "site"), out = block_new(cg, "row");
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "row"), v = attach_cookie(cg), i;

	store(cg, k64(cg, 0), slot);
	v = LLVMBuildAnd(cg->b, v, k64(cg, UINT32_MAX), "target");
	v = LLVMBuildSub(cg->b, v, k64(cg, cg->unit->first_target), "site");
	i = opaque(cg, v);
	v = LLVMBuildICmp(cg->b, LLVMIntULT, i, k64(cg, count), "known");
	block_branch(cg, v, known, out);
	block_enter(cg, known);
	i = opaque(cg, i); // or the product is made before its factor is known to be small
	v = LLVMBuildMul(cg->b, i, k64(cg, sizeof(struct row)), "at");
	store(cg, v, slot);
	block_goto(cg, out);
	block_enter(cg, out);
	v = load(cg, cg->i64, slot, "at");
	i = map_first_value(cg, table);
	return LLVMBuildGEP2(cg->b, cg->i8, i, &v, 1, "row");
}

static LLVMValueRef switch_shapes(struct cg *cg, const struct column *c, LLVMValueRef row)
{
	LLVMBasicBlockRef out = block_new(cg, "have"), bb = block_new(cg, "shape");
	LLVMValueRef number = load(cg, cg->i64, row, "number"), which, sw, v;
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "value");

	which = at(cg, row, 8, "shape");
	which = load(cg, cg->i64, which, "shape");
	sw = LLVMBuildSwitch(cg->b, which, bb, (unsigned)c->shapes.len);
	for (size_t i = 0; i < c->shapes.len; i++) {
		if (i) {
			bb = block_new(cg, "shape");
			LLVMAddCase(sw, k64(cg, i), bb);
		}
		block_enter(cg, bb);
		v = operand_value(cg, &c->shapes.data[i], number);
		store(cg, v, slot);
		block_goto(cg, out);
	}
	block_enter(cg, out);
	return load(cg, cg->i64, slot, "value");
}

static LLVMValueRef column_value(struct cg *cg, unsigned n)
{
	struct column c;
	LLVMValueRef row, number;

	column_read(cg, &c, n);
	if (!c.count)
		return k64(cg, 0);
	if (c.same_number && c.shapes.len == 1)
		return operand_value(cg, &c.shapes.data[0],
				     k64(cg, (uint64_t)c.operands[0].number));
	row = site_row(cg, column_table(cg, &c, n), c.count);
	if (c.shapes.len > 1)
		return switch_shapes(cg, &c, row);
	number = load(cg, cg->i64, row, "number");
	return operand_value(cg, &c.shapes.data[0], number);
}

LLVMValueRef usdt_argument(struct cg *cg, unsigned n)
{
	return n < USDT_ARGS_MAX ? column_value(cg, n) : k64(cg, 0);
}

LLVMValueRef usdt_func(struct cg *cg)
{
	return column_value(cg, COLUMN_FUNC);
}

// The cookie's upper half is the first target of the same probe.
LLVMValueRef usdt_probe(struct cg *cg)
{
	const struct unit *u = cg->unit;
	struct target **targets = cg->p->targets.data + u->first_target;
	bool one = true;
	LLVMValueRef v;

	for (uint32_t i = 1; i < u->target_count; i++)
		one = one && !strcmp(targets[i]->probe, targets[0]->probe);
	if (one)
		return k64(cg, u->target_count ? targets[0]->id : 0);
	v = attach_cookie(cg);
	return LLVMBuildLShr(cg->b, v, k64(cg, 32), "probe");
}
