// check_expr: the type of every expression, bottom-up. Operators are in check_op.c, casts and
// compile-time queries in check_cast.c, calls in check_call.c.
#include "sema/check.h"

const char *type_kind_name(const struct type *t)
{
	switch (t->kind) {
	case TYPE_INT:
	case TYPE_ENUM:
		return "int";
	case TYPE_STRING:
		return "string";
	case TYPE_BOOL:
		return "bool";
	case TYPE_POINTER:
		return "pointer";
	case TYPE_ARRAY:
		return "array";
	case TYPE_BUFFER:
		return "buffer";
	case TYPE_TUPLE:
		return "tuple";
	case TYPE_RECORD:
		return "record";
	case TYPE_STRUCT:
		return "struct";
	case TYPE_USTACK:
		return "ustack";
	case TYPE_KSTACK:
		return "kstack";
	case TYPE_VOID:
		return "void";
	case TYPE_TIMESTAMP:
		return "timestamp";
	default:
		return type_is_aggregation(t) ? "aggregation" : "handle";
	}
}

static struct type *check_variable(struct checker *k, struct expr *e)
{
	struct type *t = e->u.var.var ? e->u.var.var->type : &type_none;

	if (k->final && !type_known(t) && !diag_failed(&k->c->diag))
		check_error(k, e->span, "unknown-type",
			    "Could not resolve the type of this variable");
	return t;
}

static struct type *check_items(struct checker *k, struct expr *e, struct expr **items[],
				const char **names, size_t n)
{
	struct type **types = arena_array(k->arena, struct type *, n + 1);
	bool known = true;

	for (size_t i = 0; i < n; i++) {
		types[i] = check_value(k, items[i]);
		known = known && type_known(types[i]);
		if (types[i]->kind == TYPE_VOID)
			check_error(k, (*items[i])->span, "type-mismatch",
				    "'void' has no value, it cannot exist inside a tuple.");
		else if (type_is_aggregation(types[i]) && types[i]->kind != TYPE_STATS)
			check_error(k, (*items[i])->span, "type-mismatch",
				    "Map type %s cannot exist inside a %s.",
				    check_type_name(k, types[i]), names ? "record" : "tuple");
		else
			continue;
		known = false;
	}
	if (!n)
		check_error(k, e->span, "type-mismatch", "An empty tuple has no value");
	return known && n ? type_tuple(k->arena, types, names, n) : &type_none;
}

static struct type *check_tuple(struct checker *k, struct expr *e)
{
	size_t n = e->u.tuple.items.len;
	struct expr ***items = arena_array(k->arena, struct expr **, n + 1);

	for (size_t i = 0; i < n; i++)
		items[i] = &e->u.tuple.items.data[i];
	return check_items(k, e, items, NULL, n);
}

static struct type *check_record(struct checker *k, struct expr *e)
{
	size_t n = e->u.record.items.len;
	struct expr ***items = arena_array(k->arena, struct expr **, n + 1);
	const char **names = arena_array(k->arena, const char *, n + 1);

	for (size_t i = 0; i < n; i++) {
		items[i] = &e->u.record.items.data[i].value;
		names[i] = e->u.record.items.data[i].name;
	}
	return check_items(k, e, items, names, n);
}

static struct type *check_tuple_get(struct checker *k, struct expr *e)
{
	struct type *t = check_value(k, &e->u.tuple_get.object);
	unsigned i = e->u.tuple_get.index;

	if (!type_known(t))
		return &type_none;
	if (t->kind != TYPE_TUPLE)
		check_error(k, e->span, "type-mismatch",
			    "Can not access index '%u' on expression of type '%s'", i,
			    check_type_name(k, t));
	else if (i >= t->field_count)
		check_error(k, e->span, "bad-index",
			    "Invalid tuple index: %u. Found %zu elements in tuple.", i,
			    t->field_count);
	else
		return t->fields[i].type;
	return &type_none;
}

static struct type *indexed_type(const struct type *object)
{
	switch (object->kind) {
	case TYPE_POINTER:
	case TYPE_ARRAY:
		return object->elem;
	case TYPE_STRING:
		return &type_int8;
	default:
		return NULL;
	}
}

static void check_bounds(struct checker *k, struct expr *e, const struct type *object)
{
	const struct expr *i = e->u.index.index;
	uint32_t count = object->kind == TYPE_ARRAY ? object->count : object->size;

	if (object->kind == TYPE_POINTER || i->kind != EXPR_INT)
		return;
	if (object->kind == TYPE_ARRAY && !object->count)
		return; // `x[]` at the end of a struct
	if (i->u.integer.is_negative)
		check_error(k, e->span, "bad-index",
			    "The array index operator [] only accepts non-negative integer "
			    "indices. Got: %s",
			    check_type_name(k, i->type));
	else if (i->u.integer.value >= count)
		check_error(k, e->span, "bad-index",
			    "the index %lld is out of bounds for array of size %u",
			    (long long)i->u.integer.value, count);
}

// $t[1 + 1] is $t.2
static struct type *index_tuple(struct checker *k, struct expr *e)
{
	struct expr *object = e->u.index.object;
	uint64_t i = e->u.index.index->u.integer.value;

	e->kind = EXPR_TUPLE_GET;
	e->u.tuple_get.object = object;
	e->u.tuple_get.index = i < UINT32_MAX ? (unsigned)i : UINT32_MAX;
	return check_tuple_get(k, e);
}

static struct type *check_index(struct checker *k, struct expr *e)
{
	struct type *object = check_value(k, &e->u.index.object);
	struct type *index = check_value(k, &e->u.index.index);
	struct type *elem;

	if (!type_known(object) || !type_known(index))
		return &type_none;
	if (object->kind == TYPE_TUPLE && e->u.index.index->kind == EXPR_INT)
		return index_tuple(k, e);
	elem = indexed_type(object);
	if (!elem) {
		check_error(k, e->span, "type-mismatch",
			    "The array index operator [] can only be used on arrays, pointers, "
			    "and tuples, found %s.",
			    check_type_name(k, object));
		return &type_none;
	}
	if (index->kind != TYPE_INT) {
		check_error(k, e->span, "type-mismatch",
			    "The array index operator [] only accepts non-negative integer "
			    "indices. Got: %s",
			    check_type_name(k, index));
		return &type_none;
	}
	if (!elem->size) {
		check_error(k, e->span, "type-mismatch",
			    "The array index operator [] cannot be used on a pointer to an unsized "
			    "type (%s).",
			    check_type_name(k, object));
		return &type_none;
	}
	check_bounds(k, e, object);
	convert_quietly(k, &e->u.index.index, &type_int64);
	return check_place_type(k, e, elem);
}

// ---- choices ---------------------------------------------------------------------------

void check_condition(struct checker *k, struct expr **slot, struct span whole)
{
	struct type *t = check_expr(k, slot);

	if (!type_known(t))
		return;
	if (type_is_aggregation(t)) {
		check_error(k, whole, "bad-condition", "Invalid condition: %s",
			    check_type_name(k, t));
		return;
	}
	if ((*slot)->kind == EXPR_STRING && k->final) {
		expr_set_bool(*slot, (*slot)->u.string.len != 0);
		return;
	}
	if (type_is_int(t) || t->kind == TYPE_POINTER)
		convert_to_bool(k, slot);
	else if (t->kind != TYPE_STRING || (*slot)->kind != EXPR_STRING)
		check_error(k, whole, "bad-condition", "Invalid condition: %s", type_kind_name(t));
}

// Both sides become one type; void with void is void.
static struct type *join_branches(struct checker *k, struct expr *e, struct expr **yes,
				  struct expr **no)
{
	struct type *a = check_value(k, yes), *b = check_value(k, no);
	struct type *t;

	if (!type_known(a) || !type_known(b))
		return type_known(a) ? a : b;
	t = type_join(k, a, b);
	if (!t && type_is_int(a) && a->kind == b->kind)
		t = &type_int64; // a literal beyond int64 beside a signed value
	if (!t) {
		check_error(k, e->span, "type-mismatch",
			    "Branches must return the same type or compatible types: have '%s' "
			    "and '%s'",
			    check_type_name(k, a), check_type_name(k, b));
		return &type_none;
	}
	if (t->kind != TYPE_VOID) {
		convert(k, yes, t);
		convert(k, no, t);
	}
	return t;
}

static struct type *check_ternary(struct checker *k, struct expr *e)
{
	struct type *t;

	if (e->u.ternary.yes) {
		check_condition(k, &e->u.ternary.cond, e->span);
		return join_branches(k, e, &e->u.ternary.yes, &e->u.ternary.no);
	}
	t = join_branches(k, e, &e->u.ternary.cond, &e->u.ternary.no);
	if (type_known(t) && !type_is_int(t) && t->kind != TYPE_POINTER) {
		check_error(k, e->span, "bad-condition", "Invalid condition: %s",
			    type_kind_name(t));
		return &type_none;
	}
	return t;
}

// `if comptime ...` is the branch that is taken; the other one is not checked at all.
static struct type *check_comptime_if(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot, **taken;
	struct type *t;
	int truth;

	check_value(k, &e->u.branch.cond);
	truth = const_truth(k, e->u.branch.cond);
	if (truth < 0) {
		check_error(k, e->u.branch.cond->span, "not-constant",
			    "Unable to resolve comptime expression");
		return &type_none;
	}
	taken = truth ? &e->u.branch.yes : &e->u.branch.no;
	t = *taken ? check_value(k, taken) : &type_void;
	if (k->final && *taken)
		*slot = *taken;
	return t;
}

static struct type *check_if(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;

	if (e->u.branch.comptime)
		return check_comptime_if(k, slot);
	check_condition(k, &e->u.branch.cond, e->span);
	if (e->u.branch.no)
		return join_branches(k, e, &e->u.branch.yes, &e->u.branch.no);
	check_expr(k, &e->u.branch.yes);
	return &type_void;
}

static struct type *check_block_expr(struct checker *k, struct expr *e)
{
	if (e->u.block.block)
		check_block(k, e->u.block.block);
	return e->u.block.value ? check_value(k, &e->u.block.value) : &type_void;
}

static struct type *check_comptime(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t = check_value(k, &e->u.comptime.operand);
	int truth;

	if (!k->final)
		return t;
	truth = t->kind == TYPE_BOOL ? const_truth(k, e->u.comptime.operand) : -1;
	if (truth >= 0)
		expr_set_bool(e->u.comptime.operand, truth);
	else if (!expr_is_literal(e->u.comptime.operand))
		check_error(k, e->span, "not-constant", "Unable to resolve comptime expression");
	*slot = e->u.comptime.operand;
	return t;
}

// ---- entry points ----------------------------------------------------------------------

// As in bpftrace. A printf format is no value: it never comes here.
static void check_literal_size(struct checker *k, const struct expr *e)
{
	uint64_t most = k->program->config.max_strlen;
	size_t shown = e->u.string.len < 80 ? e->u.string.len : 80;

	if (e->u.string.len < most)
		return;
	if (check_error(k, e->span, "string-too-long",
			"String is too long (over %llu bytes): %.*s%s", (unsigned long long)most,
			(int)shown, e->u.string.data, shown < e->u.string.len ? "..." : ""))
		diag_hint(&k->c->diag, "config = { max_strlen = ... } allows longer ones");
}

static struct type *check_literal(struct checker *k, struct expr *e)
{
	if (e->kind == EXPR_STRING)
		check_literal_size(k, e);
	if (e->type)
		return e->type;
	switch (e->kind) {
	case EXPR_INT:
		return type_of_literal(e);
	case EXPR_BOOL:
		return &type_bool;
	default:
		return type_string(k->arena, (uint32_t)e->u.string.len + 1);
	}
}

static struct type *type_of(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;

	switch (e->kind) {
	case EXPR_INT:
	case EXPR_STRING:
	case EXPR_BOOL:
		return check_literal(k, e);
	case EXPR_IDENT:
		return check_ident(k, slot);
	case EXPR_VAR:
		return check_variable(k, e);
	case EXPR_MAP:
		return check_map_access(k, e);
	case EXPR_CALL:
		return check_call(k, slot);
	case EXPR_UNARY:
		return check_unary(k, slot);
	case EXPR_INCDEC:
		return check_incdec(k, slot);
	case EXPR_BINARY:
		return check_binary(k, slot);
	case EXPR_TERNARY:
		return check_ternary(k, e);
	case EXPR_CAST:
		return check_cast(k, slot);
	case EXPR_FIELD:
		return check_field(k, slot);
	case EXPR_TUPLE_GET:
		return check_tuple_get(k, e);
	case EXPR_INDEX:
		return check_index(k, e);
	case EXPR_TUPLE:
		return check_tuple(k, e);
	case EXPR_RECORD:
		return check_record(k, e);
	case EXPR_SIZEOF:
	case EXPR_OFFSETOF:
	case EXPR_TYPEINFO:
		return check_type_query(k, slot);
	case EXPR_BLOCK:
		return check_block_expr(k, e);
	case EXPR_IF:
		return check_if(k, slot);
	case EXPR_COMPTIME:
		return check_comptime(k, slot);
	default:
		return &type_none;
	}
}

struct type *check_expr(struct checker *k, struct expr **slot)
{
	struct type *t = type_of(k, slot);

	(*slot)->type = t;
	return t;
}

struct type *check_value(struct checker *k, struct expr **slot)
{
	struct type *t = check_expr(k, slot), *number;

	if (!type_is_castable_aggregation(t) || (*slot)->kind == EXPR_CALL)
		return t;
	number = aggregation_value_type(t);
	convert_quietly(k, slot, number);
	return number;
}
