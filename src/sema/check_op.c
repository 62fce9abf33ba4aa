// check_op: operators. Arithmetic happens in 64 bits, unsigned when both sides are (literals
// take the other side's sign), subtraction always signed; comparisons at the width that holds
// both sides. Names (func, probe, errors ...) compare with string literals through their ids.
#include <string.h>

#include "sema/check.h"
#include "sys/syscalls.h"

enum { ERRNO_MAX = 133, SIGNAL_MAX = 64 };

static bool is_relation(enum binary_op op)
{
	return op >= BIN_EQ && op <= BIN_GE;
}

static bool is_equality(enum binary_op op)
{
	return op == BIN_EQ || op == BIN_NE;
}

// ---- unary -----------------------------------------------------------------------------

static struct type *bad_unary(struct checker *k, struct expr *e, const struct type *t)
{
	check_error(k, e->span, "type-mismatch",
		    "The %s operator can not be used on expressions of type '%s'",
		    unary_op_text(e->u.unary.op), check_type_name(k, t));
	return &type_none;
}

// A bare number is the address of eight bytes in the kernel: *kaddr("avenrun").
static struct type *check_deref(struct checker *k, struct expr *e, struct type *t)
{
	if (t->kind == TYPE_INT) {
		t = type_pointer(k->arena, &type_uint64, SPACE_KERNEL);
		convert_quietly(k, &e->u.unary.operand, &type_uint64);
		convert_quietly(k, &e->u.unary.operand, t);
	}
	if (t->kind != TYPE_POINTER)
		return bad_unary(k, e, t);
	if (t->elem->size)
		return check_place_type(k, e, t->elem);
	check_error(k, e->span, "type-mismatch", "Can not read a value of type '%s'",
		    check_type_name(k, t->elem));
	return &type_none;
}

struct type *check_unary(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t, *result;

	if (e->u.unary.op == UNARY_ADDROF)
		return check_address_of(k, e);
	t = check_expr(k, &e->u.unary.operand);
	if (!type_known(t))
		return e->u.unary.op == UNARY_NOT ? &type_bool : &type_none;
	if (type_is_aggregation(t))
		return bad_unary(k, e, t);
	if (e->u.unary.op == UNARY_DEREF)
		return check_deref(k, e, t);
	if (e->u.unary.op == UNARY_NOT) {
		if (!type_is_int(t))
			return bad_unary(k, e, t);
		convert_to_bool(k, &e->u.unary.operand);
		return &type_bool;
	}
	if (t->kind != TYPE_INT && t->kind != TYPE_ENUM)
		return bad_unary(k, e, t);
	result = type_int(8, t->is_signed);
	convert_quietly(k, &e->u.unary.operand, result);
	return result;
}

// ---- ++ and -- ---------------------------------------------------------------------------

// What x++ makes of x: a 64-bit number that keeps its sign, or the pointer itself.
static struct type *incremented(struct checker *k, struct type *t)
{
	struct expr one = {.kind = EXPR_INT, .u.integer.value = INT64_MAX};

	if (t->kind == TYPE_POINTER)
		return t;
	return type_join(k, t, type_of_literal(&one));
}

// As the assignment that it is short for.
static void report_incdec(struct checker *k, struct expr *e, const struct type *t)
{
	const struct expr *target = e->u.incdec.target;
	bool sign = t->kind >= TYPE_SUM && t->kind <= TYPE_STATS;
	bool var = target->kind == EXPR_VAR;

	check_error(k, e->span, "type-mismatch",
		    "Type mismatch for %s%s: trying to assign value of type '%s' when %s already "
		    "has a type '%s'",
		    var ? "$" : "@", var ? target->u.var.name : target->u.map.name,
		    sign ? "int64" : "uint64", var ? "variable" : "map", check_type_name(k, t));
}

struct type *check_incdec(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot, *target = e->u.incdec.target;
	struct type *t = check_expr(k, &e->u.incdec.target), *grown;

	if (target->kind == EXPR_VAR && (!target->u.var.var || !type_known(t)))
		return &type_none; // `let $a; $a++`: nothing says what it is
	grown = incremented(k, t);
	if (!grown) {
		report_incdec(k, e, t);
		return &type_none;
	}
	if (target->kind == EXPR_VAR)
		join_variable(k, target->u.var.var, grown);
	else if (target->kind == EXPR_MAP)
		join_map_value(k, map_find(k, target->u.map.name), grown);
	return grown;
}

// ---- binary: types -----------------------------------------------------------------------

// Bools count as unsigned numbers.
static struct type *as_number(struct type *t)
{
	return t->kind == TYPE_BOOL ? &type_uint8 : t;
}

static struct type *arithmetic_type(enum binary_op op, struct type *l, struct type *r)
{
	bool l_unsigned, r_unsigned;

	l = as_number(l);
	r = as_number(r);
	l_unsigned = !l->is_signed || (l->is_literal && !r->is_signed);
	r_unsigned = !r->is_signed || (r->is_literal && !l->is_signed);
	if (l->is_literal && !l->is_signed && r->is_signed && !r->is_literal)
		l_unsigned = false;
	return type_int(8, op == BIN_SUB || !l_unsigned || !r_unsigned);
}

static struct type *pointer_type(enum binary_op op, struct type *l, struct type *r)
{
	l = as_number(l);
	r = as_number(r);
	if (l->kind == TYPE_POINTER && r->kind == TYPE_INT && (op == BIN_ADD || op == BIN_SUB))
		return l;
	if (r->kind == TYPE_POINTER && l->kind == TYPE_INT && op == BIN_ADD)
		return r;
	return NULL;
}

struct type *binary_type(struct checker *k, enum binary_op op, struct type *l, struct type *r)
{
	if (is_relation(op) || op == BIN_LAND || op == BIN_LOR)
		return &type_bool;
	if (!type_known(l) || !type_known(r))
		return &type_none;
	if (type_is_int(l) && type_is_int(r))
		return arithmetic_type(op, l, r);
	return pointer_type(op, l, r);
}

static void report_arrays(struct checker *k, struct expr *e, const struct type *l,
			  const struct type *r)
{
	if (!is_equality(e->u.binary.op))
		check_error(k, e->span, "type-mismatch",
			    "The %s operator cannot be used on arrays.",
			    binary_op_text(e->u.binary.op));
	else if (l->count != r->count)
		check_error(k, e->span, "type-mismatch",
			    "Only arrays of same size support comparison operators.");
	else
		check_error(k, e->span, "type-mismatch",
			    "Only arrays of same sized integer support comparison operators.");
}

static void report_operands(struct checker *k, struct expr *e, struct type *l, struct type *r)
{
	const char *op = binary_op_text(e->u.binary.op);
	bool alike = l->kind == r->kind || l->kind == TYPE_POINTER || r->kind == TYPE_POINTER;

	if (l->kind == TYPE_ARRAY && r->kind == TYPE_ARRAY) {
		report_arrays(k, e, l, r);
		return;
	}
	if (alike &&
	    !((l->kind == TYPE_TUPLE || l->kind == TYPE_RECORD) && is_equality(e->u.binary.op))) {
		check_error(k, e->span, "type-mismatch",
			    "The %s operator can not be used on expressions of types %s, %s", op,
			    check_type_name(k, l), check_type_name(k, r));
		return;
	}
	if (check_error(k, e->span, "type-mismatch", "Type mismatch for '%s': comparing %s with %s",
			op, check_type_name(k, l), check_type_name(k, r)))
		diag_note(&k->c->diag, e->u.binary.right->span, "right (%s)",
			  check_type_name(k, r));
}

// ---- binary: names -----------------------------------------------------------------------

static bool is_name(const struct type *t)
{
	return t->kind == TYPE_FUNC || t->kind == TYPE_PROBE || t->kind == TYPE_STRERROR ||
	       t->kind == TYPE_SIGNAL || t->kind == TYPE_SYSCALL;
}

// A name beside a string that only the run will know.
static bool is_unknown_text(const struct type *name, const struct expr *other)
{
	return is_name(name) && name->kind != TYPE_FUNC && other->type->kind == TYPE_STRING &&
	       other->kind != EXPR_STRING;
}

static struct expr *id_compare(struct checker *k, struct expr *e, struct expr *name, uint64_t id)
{
	struct expr *cmp = expr_new(k->arena, EXPR_BINARY, e->span);
	struct expr *number = expr_int(k->arena, e->span, id);

	number->type = name->type;
	cmp->type = &type_bool;
	cmp->u.binary.op = e->u.binary.op;
	cmp->u.binary.op_span = e->u.binary.op_span;
	cmp->u.binary.left = name;
	cmp->u.binary.right = number;
	return cmp;
}

static void chain(struct checker *k, struct expr **all, struct expr *cmp)
{
	struct expr *both;

	if (!*all) {
		*all = cmp;
		return;
	}
	both = expr_new(k->arena, EXPR_BINARY, cmp->span);
	both->type = &type_bool;
	both->u.binary.op = cmp->u.binary.op == BIN_EQ ? BIN_LOR : BIN_LAND;
	both->u.binary.left = *all;
	both->u.binary.right = cmp;
	*all = both;
}

static struct expr *lower_probe(struct checker *k, struct expr *e, struct expr *name,
				const char *text)
{
	struct expr *all = NULL;

	for (size_t i = 0; i < k->program->targets.len; i++) {
		const struct target *t = k->program->targets.data[i];

		if (name->kind == EXPR_IDENT && t->unit != k->unit->id)
			continue;
		if (strcmp(t->probe, text) == 0)
			chain(k, &all, id_compare(k, e, name, t->id));
	}
	return all;
}

// Helpers return errors as negative numbers: those have the same text.
static struct expr *lower_errno(struct checker *k, struct expr *e, struct expr *name,
				const char *text)
{
	struct expr *all = NULL;

	for (int i = 0; i <= ERRNO_MAX; i++) {
		if (strcmp(errno_text(i), text) != 0)
			continue;
		chain(k, &all, id_compare(k, e, name, (uint32_t)i));
		if (i)
			chain(k, &all, id_compare(k, e, name, (uint32_t)-i));
	}
	return all;
}

static struct expr *lower_signal(struct checker *k, struct expr *e, struct expr *name,
				 const char *text)
{
	struct expr *all = NULL;

	for (int i = 0; i <= SIGNAL_MAX; i++)
		if (strcmp(signal_text(i), text) == 0)
			chain(k, &all, id_compare(k, e, name, (uint32_t)i));
	return all;
}

static bool seen_before(const struct program *p, size_t i)
{
	const struct target *t = p->targets.data[i];

	while (i-- > 0)
		if (p->targets.data[i]->address == t->address)
			return true;
	return false;
}

// Each function of that name once: those of this block; or of all, for a func that was kept.
static struct expr *lower_address(struct checker *k, struct expr *e, struct expr *name, uint32_t id)
{
	const struct program *p = k->program;
	bool own = name->kind == EXPR_IDENT;
	struct expr *all = NULL;

	for (size_t i = 0; i < p->targets.len; i++) {
		const struct target *t = p->targets.data[i];

		if (t->func_id != id || !t->address)
			continue;
		if (own ? t->unit == k->unit->id : !seen_before(p, i))
			chain(k, &all, id_compare(k, e, name, t->address));
	}
	return all;
}

// func == "vfs_read" becomes func == 17: one id, since function names are interned; so do errors,
// signals and system calls. Several targets may have one name: then the comparisons are chained.
static void lower_name(struct checker *k, struct expr **slot, struct expr *name, const char *text)
{
	struct expr *e = *slot, *all = NULL;
	uint32_t id;

	if (name->type->kind == TYPE_FUNC && intern_find(&k->program->funcs, text, &id))
		all = k->program->func_is_address ? lower_address(k, e, name, id)
						  : id_compare(k, e, name, id);
	else if (name->type->kind == TYPE_PROBE)
		all = lower_probe(k, e, name, text);
	else if (name->type->kind == TYPE_STRERROR)
		all = lower_errno(k, e, name, text);
	else if (name->type->kind == TYPE_SIGNAL)
		all = lower_signal(k, e, name, text);
	else if (name->type->kind == TYPE_SYSCALL && syscall_number(text) >= 0)
		all = id_compare(k, e, name, (uint32_t)syscall_number(text));
	if (all)
		*slot = all;
	else
		expr_set_bool(e, e->u.binary.op == BIN_NE);
}

static struct type *check_names(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot, *l = e->u.binary.left, *r = e->u.binary.right;
	struct expr *name = is_name(l->type) ? l : r, *other = name == l ? r : l;

	if (!is_equality(e->u.binary.op) ||
	    (other->type->kind != TYPE_STRING && other->type->kind != name->type->kind)) {
		report_operands(k, e, l->type, r->type);
	} else if (other->type->kind == TYPE_STRING && other->kind != EXPR_STRING) {
		check_error(k, e->span, "not-constant",
			    "The name of a function can only be compared with a string literal");
	} else if (other->kind == EXPR_STRING && k->final) {
		lower_name(k, slot, name, other->u.string.data);
	}
	return &type_bool;
}

// ---- binary: check -----------------------------------------------------------------------

// Addresses compare as numbers, whatever they point to.
static struct type *compare_addresses(struct checker *k, struct expr *e, const struct type *l,
				      const struct type *r)
{
	if (l->kind == r->kind && !type_same_pointee(l, r))
		check_warn(k, e->span, "pointer-types",
			   "comparison of distinct pointer types: %s, %s",
			   check_type_name(k, l->elem), check_type_name(k, r->elem));
	convert_quietly(k, &e->u.binary.left, &type_uint64);
	convert_quietly(k, &e->u.binary.right, &type_uint64);
	return &type_bool;
}

static struct type *check_comparison(struct checker *k, struct expr *e, struct type *l,
				     struct type *r)
{
	bool ints = type_is_int(l) && type_is_int(r);
	struct type *t;

	if ((l->kind == TYPE_POINTER && (type_is_int(r) || r->kind == TYPE_POINTER)) ||
	    (r->kind == TYPE_POINTER && type_is_int(l)))
		return compare_addresses(k, e, l, r);
	if (ints && l->kind != r->kind) {
		l = as_number(l);
		r = as_number(r);
	}
	t = type_join(k, l, r);
	if (!t && ints) // a literal beyond int64 beside a signed value
		t = &type_int64;
	if (!t || l->kind == TYPE_VOID || type_is_aggregation(l) ||
	    (!is_equality(e->u.binary.op) && !ints)) {
		report_operands(k, e, l, r);
		return &type_bool;
	}
	if (l->kind == TYPE_STRING)
		return &type_bool; // compared up to the NUL, whatever their sizes
	convert(k, &e->u.binary.left, t);
	convert(k, &e->u.binary.right, t);
	return &type_bool;
}

static struct type *check_logic(struct checker *k, struct expr *e, struct type *l, struct type *r)
{
	bool l_ok = type_is_int(l) || l->kind == TYPE_POINTER;
	bool r_ok = type_is_int(r) || r->kind == TYPE_POINTER;

	if (l_ok && r_ok) {
		convert_to_bool(k, &e->u.binary.left);
		convert_to_bool(k, &e->u.binary.right);
	} else {
		report_operands(k, e, l, r);
	}
	return &type_bool;
}

// bpftrace divides signed numbers as if they had no sign, and says so where their types differ.
// Here the quotient is C's, but whoever takes the script elsewhere should know.
void warn_signed_division(struct checker *k, struct span at, enum binary_op op,
			  const struct type *result, const struct type *l, const struct type *r)
{
	if ((op != BIN_DIV && op != BIN_MOD) || result->kind != TYPE_INT || !result->is_signed ||
	    l->kind == TYPE_BOOL || r->kind == TYPE_BOOL ||
	    (l->size == r->size && l->is_signed == r->is_signed))
		return;
	check_warn(k, at, "signed-division",
		   "signed operands for '%s' can lead to undefined behavior (cast to unsigned to "
		   "silence warning)",
		   binary_op_text(op));
}

static struct type *check_arithmetic(struct checker *k, struct expr *e, struct type *l,
				     struct type *r)
{
	struct type *t = binary_type(k, e->u.binary.op, l, r);

	if (!t) {
		report_operands(k, e, l, r);
		return &type_none;
	}
	if (t->kind == TYPE_POINTER) {
		struct expr **n = l->kind == TYPE_POINTER ? &e->u.binary.right : &e->u.binary.left;

		convert_quietly(k, n, &type_int64);
		return t;
	}
	warn_signed_division(k, e->span, e->u.binary.op, t, l, r);
	convert(k, &e->u.binary.left, t);
	convert(k, &e->u.binary.right, t);
	return t;
}

struct type *check_binary(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *l = check_value(k, &e->u.binary.left);
	struct type *r = check_value(k, &e->u.binary.right);
	enum binary_op op = e->u.binary.op;

	if (!type_known(l) || !type_known(r))
		return binary_type(k, op, l, r);
	if (is_unknown_text(l, e->u.binary.right) || is_unknown_text(r, e->u.binary.left)) {
		l = name_to_string(k, &e->u.binary.left);
		r = name_to_string(k, &e->u.binary.right);
	}
	if (is_name(l) || is_name(r))
		return check_names(k, slot);
	if (is_relation(op))
		return check_comparison(k, e, l, r);
	if (op == BIN_LAND || op == BIN_LOR)
		return check_logic(k, e, l, r);
	return check_arithmetic(k, e, l, r);
}
