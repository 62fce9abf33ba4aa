// cast: conversions. The checker made every one explicit (EXPR_CAST).
#include "codegen/cg.h"

#include <stddef.h>
#include <string.h>

#include "bpf/abi.h"

static bool is_number(const struct type *t)
{
	return type_is_scalar(t) && !type_is_aggregation(t);
}

// (int64)@count: what the aggregation stands for, over all CPUs.
static LLVMValueRef aggregation(struct cg *cg, struct expr *e)
{
	LLVMValueRef key = NULL;

	if (e->kind != EXPR_MAP)
		bug("aggregation in expression kind %d", e->kind);
	if (e->u.map.key)
		key = map_key(cg, e->u.map.map, e->u.map.key);
	return aggregate_read(cg, e->u.map.map, key);
}

static LLVMValueRef resized(struct cg *cg, LLVMValueRef v, const struct type *from,
			    const struct type *to)
{
	if (to->kind == TYPE_BOOL) {
		v = non_zero(cg, v);
		return bool_of(cg, v);
	}
	if (from->kind == TYPE_FUNC && to->kind == TYPE_KSYM)
		return LLVMBuildOr(cg->b, v, k64(cg, SYM_IS_FUNC_ID), "symbol");
	return arith_resize(cg, v, to->size, from->is_signed);
}

// An array of small integers read as one integer, of the same size at least.
static LLVMValueRef bytes_as_int(struct cg *cg, struct value v, const struct type *to)
{
	LLVMValueRef slot = frame_alloca(cg, scalar_type(cg, to), "bytes");

	store(cg, zero_of(cg, to), slot);
	mem_copy(cg, slot, v.v, v.type->size < to->size ? v.type->size : to->size);
	return load(cg, scalar_type(cg, to), slot, "bytes");
}

struct value cast_scalar(struct cg *cg, struct expr *e)
{
	struct expr *from = e->u.cast.operand;
	struct value v;

	if (type_is_aggregation(from->type)) {
		LLVMValueRef n = aggregation(cg, from);

		return value_scalar(e->type, resized(cg, n, &type_int64, e->type));
	}
	v = expr(cg, from);
	if (is_number(v.type))
		return value_scalar(e->type, resized(cg, v.v, v.type, e->type));
	if (v.type->kind == TYPE_STRING && e->type->kind == TYPE_POINTER)
		return value_scalar(e->type, LLVMBuildPtrToInt(cg->b, v.v, cg->i64, "text"));
	if (v.type->kind == TYPE_ARRAY || v.type->kind == TYPE_STRING ||
	    v.type->kind == TYPE_BUFFER)
		return value_scalar(e->type, bytes_as_int(cg, v, e->type));
	bug("cast from type kind %d to %d", v.type->kind, e->type->kind);
}

// ---- into memory --------------------------------------------------------------------------------

static void convert(struct cg *cg, struct value v, const struct type *to, LLVMValueRef dst,
		    bool clean);

static struct value member_of(struct cg *cg, struct value v, const struct type_field *f)
{
	struct value m = {f->type, at(cg, v.v, f->offset, "member")};

	if (type_is_scalar(f->type))
		m.v = load(cg, scalar_type(cg, f->type), m.v, "member");
	return m;
}

static void convert_tuple(struct cg *cg, struct value v, const struct type *to, LLVMValueRef dst)
{
	if (v.type->field_count != to->field_count)
		bug("cast of %zu members to %zu", v.type->field_count, to->field_count);
	if (type_has_holes(to))
		mem_zero(cg, dst, to->size);
	for (size_t i = 0; i < to->field_count; i++) {
		const struct type_field *f = type_find_member(v.type, to->fields[i].name, i);
		struct value m = member_of(cg, v, f);
		LLVMValueRef p = at(cg, dst, to->fields[i].offset, "member");

		convert(cg, m, to->fields[i].type, p, true);
	}
}

static void convert_buffer(struct cg *cg, struct value v, const struct type *to, LLVMValueRef dst)
{
	if (v.type->size < to->size)
		mem_zero(cg, dst, to->size);
	mem_copy(cg, dst, v.v, v.type->size < to->size ? v.type->size : to->size);
}

static void int_to_array(struct cg *cg, struct value v, const struct type *to, LLVMValueRef dst)
{
	LLVMValueRef slot = frame_alloca(cg, LLVMTypeOf(v.v), "int");

	store(cg, v.v, slot);
	mem_zero(cg, dst, to->size);
	mem_copy(cg, dst, slot, v.type->size < to->size ? v.type->size : to->size);
}

static void func_to_usym(struct cg *cg, LLVMValueRef id, const struct type *to, LLVMValueRef dst)
{
	mem_zero(cg, dst, to->size);
	id = LLVMBuildOr(cg->b, id, k64(cg, SYM_IS_FUNC_ID), "symbol");
	store(cg, id, at(cg, dst, offsetof(struct usym_val, addr), "addr"));
}

static void convert(struct cg *cg, struct value v, const struct type *to, LLVMValueRef dst,
		    bool clean)
{
	if (is_number(to) && is_number(v.type))
		store(cg, resized(cg, v.v, v.type, to), dst);
	else if (to->kind == TYPE_STRING && v.type->kind == TYPE_STRING)
		string_copy(cg, dst, to->size, v.v, v.type->size, clean);
	else if (to->kind == TYPE_BUFFER && v.type->kind == TYPE_BUFFER)
		convert_buffer(cg, v, to, dst);
	else if (to->field_count && v.type->field_count)
		convert_tuple(cg, v, to, dst);
	else if (to->kind == TYPE_ARRAY && is_number(v.type))
		int_to_array(cg, v, to, dst);
	else if (to->kind == TYPE_STRING && is_number(v.type))
		name_text_into(cg, v, dst, to->size, clean);
	else if (to->kind == TYPE_USYM && v.type->kind == TYPE_FUNC)
		func_to_usym(cg, v.v, to, dst);
	else if (to->size == v.type->size)
		mem_copy(cg, dst, v.v, to->size);
	else
		bug("cast from type kind %d to %d", v.type->kind, to->kind);
}

// (1, "a") as a wider tuple: each item where it belongs.
static bool literal_tuple(struct cg *cg, struct expr *from, const struct type *to, LLVMValueRef dst)
{
	if (from->kind != EXPR_TUPLE || from->u.tuple.items.len != to->field_count)
		return false;
	if (type_has_holes(to))
		mem_zero(cg, dst, to->size);
	for (size_t i = 0; i < to->field_count; i++) {
		struct expr item = {.kind = EXPR_CAST, .type = to->fields[i].type};
		struct expr *operand = from->u.tuple.items.data[i];
		LLVMValueRef p = at(cg, dst, to->fields[i].offset, "member");

		item.span = operand->span;
		item.u.cast.operand = operand;
		item.u.cast.implicit = true;
		expr_into(cg, &item, p, true);
	}
	return true;
}

void cast_into(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean)
{
	struct expr *from = e->u.cast.operand;
	struct value v;

	if (type_equal(from->type, e->type)) {
		expr_into(cg, from, dst, clean);
		return;
	}
	if (from->kind == EXPR_STRING && e->type->kind == TYPE_STRING) {
		string_literal(cg, from->u.string.data, from->u.string.len, dst, e->type->size,
			       clean);
		return;
	}
	if (from->type->kind == TYPE_STRING && e->type->kind == TYPE_ARRAY) {
		expr_into(cg, from, dst, true);
		return;
	}
	if (literal_tuple(cg, from, e->type, dst))
		return;
	v = expr(cg, from);
	convert(cg, v, e->type, dst, clean);
}
