// map: reading and changing maps. A scalar map is a slot: a struct scalar_slot in an array,
// whose address a plain array gives without any lookup; per-CPU ones (aggregations) need the
// (inlined) lookup of an index. Keyed maps are hashes. A map with two copies is looked up itself,
// once per operation, so that one operation does not see both (the kernel's RCU keeps the copy that
// was found alive; user space waits for that before it reads the other).
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>

#include "bpf/abi.h"

static bool per_cpu(const struct map_def *m)
{
	return m->bpf_kind == BPF_MAP_KIND_PERCPU_ARRAY ||
	       m->bpf_kind == BPF_MAP_KIND_PERCPU_HASH ||
	       m->bpf_kind == BPF_MAP_KIND_LRU_PERCPU_HASH;
}

static bool is_array(const struct map_def *m)
{
	return m->bpf_kind == BPF_MAP_KIND_ARRAY || m->bpf_kind == BPF_MAP_KIND_PERCPU_ARRAY;
}

// The key in memory, all its bytes defined. A scalar that is no slot has a key of zeros.
LLVMValueRef map_key(struct cg *cg, const struct map_def *m, struct expr *key)
{
	LLVMValueRef p = frame_temp(cg, m->key_size, "key");

	if (!key) {
		mem_zero(cg, p, m->key_size);
		return p;
	}
	if (type_is_scalar(key->type) && key->type->size < m->key_size)
		mem_zero(cg, p, m->key_size);
	expr_into(cg, key, p, true);
	return p;
}

static LLVMValueRef lookup_in(struct cg *cg, LLVMValueRef map, LLVMValueRef key)
{
	LLVMValueRef args[2], v;

	args[0] = map;
	args[1] = key;
	v = helper_call(cg, BPF_FUNC_map_lookup_elem, args, 2, "found");
	return LLVMBuildIntToPtr(cg->b, v, cg->ptr, "found");
}

// Index 0 of an array exists, but the verifier wants to see it checked.
static LLVMValueRef array_first(struct cg *cg, LLVMValueRef map)
{
	LLVMValueRef key = frame_alloca(cg, cg->i32, "index"), p, v;
	LLVMBasicBlockRef have = block_new(cg, "slot");

	store(cg, k32(cg, 0), key);
	p = lookup_in(cg, map, key);
	v = is_null(cg, p);
	block_branch(cg, v, cg->fn->on_abort, have);
	block_enter(cg, have);
	return p;
}

LLVMValueRef map_in_use(struct cg *cg, const struct map_def *m)
{
	LLVMValueRef map = map_address(cg, m->in_use ? m->in_use : m);

	return m->in_use ? array_first(cg, map) : map;
}

// Address of the value, or NULL.
LLVMValueRef map_lookup(struct cg *cg, const struct map_def *m, LLVMValueRef key)
{
	LLVMValueRef map = map_in_use(cg, m);

	return lookup_in(cg, map, key);
}

LLVMValueRef map_slot(struct cg *cg, const struct map_def *m)
{
	LLVMValueRef map;

	if (m->bpf_kind == BPF_MAP_KIND_ARRAY && !m->in_use)
		return map_first_value(cg, m);
	map = map_in_use(cg, m);
	return array_first(cg, map);
}

// A slot's value, about to be changed.
static LLVMValueRef slot_for_write(struct cg *cg, const struct map_def *m)
{
	LLVMValueRef slot = map_slot(cg, m);

	store(cg, k64(cg, 1), slot); // present
	return at(cg, slot, map_value_offset(m), "value");
}

// Before 6.4 the kernel's functions behind update and delete return 32 bits.
static LLVMValueRef map_error(struct cg *cg, LLVMValueRef v)
{
	v = LLVMBuildTrunc(cg->b, v, cg->i32, "err");
	return LLVMBuildSExt(cg->b, v, cg->i64, "err");
}

static LLVMValueRef update_in(struct cg *cg, LLVMValueRef map, LLVMValueRef key, LLVMValueRef value,
			      uint64_t flags, const char *name)
{
	LLVMValueRef args[4], v;

	args[0] = map;
	args[1] = key;
	args[2] = value;
	args[3] = k64(cg, flags);
	v = helper_call(cg, BPF_FUNC_map_update_elem, args, 4, name);
	return map_error(cg, v);
}

LLVMValueRef map_update(struct cg *cg, const struct map_def *m, LLVMValueRef key,
			LLVMValueRef value, uint64_t flags, const char *name)
{
	LLVMValueRef map = map_in_use(cg, m);

	return update_in(cg, map, key, value, flags, name);
}

// The miss: insert zeros unless another CPU was faster, and look up again.
static LLVMValueRef insert_zeros(struct cg *cg, LLVMValueRef map, uint32_t size, LLVMValueRef key,
				 LLVMBasicBlockRef none)
{
	LLVMBasicBlockRef again = block_new(cg, "again"), refused = block_new(cg, "refused");
	LLVMBasicBlockRef failed = block_new(cg, "no_room");
	LLVMValueRef value = zeros(cg, size), err, v;

	err = update_in(cg, map, key, value, BPF_NOEXIST, "err");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, err, k64(cg, 0), "inserted");
	block_branch(cg, v, again, refused);
	block_enter(cg, refused);
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, err, k64(cg, (uint64_t)-17), "exists");
	block_branch(cg, v, again, failed);
	block_enter(cg, failed);
	failure_update(cg, err);
	block_goto(cg, none);
	block_enter(cg, again);
	return lookup_in(cg, map, key);
}

// value = lookup(key);
// if (!value) {
//	with -k, when the old value is read: tell
//	err = update(key, zeros, BPF_NOEXIST);
//	if (err && err != -EEXIST) { count; goto none; }
//	value = lookup(key);
//	if (!value) goto none;
// }
static LLVMValueRef lookup_or_zero(struct cg *cg, const struct map_def *m, LLVMValueRef key,
				   LLVMBasicBlockRef none, bool is_read)
{
	LLVMValueRef slot = frame_alloca(cg, cg->ptr, "value"), map = map_in_use(cg, m), p, v;
	LLVMBasicBlockRef missing = block_new(cg, "insert"), second = block_new(cg, "second");
	LLVMBasicBlockRef have = block_new(cg, "have");

	p = lookup_in(cg, map, key);
	LLVMBuildStore(cg->b, p, slot);
	v = is_null(cg, p);
	block_branch(cg, v, missing, have);
	block_enter(cg, missing);
	if (is_read)
		failure_lookup(cg, BPF_FUNC_map_lookup_elem);
	p = insert_zeros(cg, map, m->value_size, key, none);
	v = is_null(cg, p);
	block_branch(cg, v, none, second);
	block_enter(cg, second);
	LLVMBuildStore(cg->b, p, slot);
	block_goto(cg, have);
	block_enter(cg, have);
	return LLVMBuildLoad2(cg->b, cg->ptr, slot, "value");
}

LLVMValueRef map_lookup_or_zero(struct cg *cg, const struct map_def *m, LLVMValueRef key,
				LLVMBasicBlockRef none)
{
	return lookup_or_zero(cg, m, key, none, false);
}

// ---- reading ------------------------------------------------------------------------------------

static struct value read_at(struct cg *cg, struct type *t, LLVMValueRef p)
{
	struct value v = {t, p};

	if (type_is_scalar(t))
		v.v = load(cg, scalar_type(cg, t), p, "value");
	return v;
}

// A missing entry reads as zeros: of an internal map, where the value is no scalar.
static struct value read_keyed(struct cg *cg, const struct map_def *m, LLVMValueRef key)
{
	LLVMBasicBlockRef have = block_new(cg, "found"), done = block_new(cg, "read");
	LLVMBasicBlockRef missing = block_new(cg, "missing");
	bool scalar = type_is_scalar(m->value);
	LLVMTypeRef type = scalar ? scalar_type(cg, m->value) : cg->ptr;
	LLVMValueRef slot = frame_alloca(cg, type, "value"), p, v;
	struct value out = {m->value, NULL};

	v = scalar ? zero_of(cg, m->value) : zeros(cg, m->value->size);
	LLVMBuildStore(cg->b, v, slot);
	p = map_lookup(cg, m, key);
	v = is_null(cg, p);
	block_branch(cg, v, missing, have);
	block_enter(cg, missing);
	failure_lookup(cg, BPF_FUNC_map_lookup_elem);
	block_goto(cg, done);
	block_enter(cg, have);
	v = scalar ? load(cg, type, p, "value") : p;
	LLVMBuildStore(cg->b, v, slot);
	block_goto(cg, done);
	block_enter(cg, done);
	out.v = LLVMBuildLoad2(cg->b, type, slot, "value");
	return out;
}

// A scalar that was never assigned to reads as 0.
static void check_present(struct cg *cg, LLVMValueRef slot)
{
	LLVMBasicBlockRef missing, done;
	LLVMValueRef v;

	if (!cg->p->tell_failures)
		return;
	missing = block_new(cg, "missing");
	done = block_new(cg, "present");
	v = load(cg, cg->i64, slot, "present");
	v = non_zero(cg, v);
	block_branch(cg, v, done, missing);
	block_enter(cg, missing);
	failure_lookup(cg, BPF_FUNC_map_lookup_elem);
	block_goto(cg, done);
	block_enter(cg, done);
}

// stats: the totals over all CPUs are the value.
static struct value stats_read(struct cg *cg, struct expr *e)
{
	const struct map_def *m = e->u.map.map;
	LLVMValueRef key = m->slot ? NULL : map_key(cg, m, e->u.map.key);
	struct value out = {m->value, frame_temp(cg, m->value->size, "stats")};

	aggregate_stats_into(cg, m, key, out.v);
	return out;
}

struct value map_read(struct cg *cg, struct expr *e)
{
	const struct map_def *m = e->u.map.map;
	LLVMValueRef p;

	if (m->value->kind == TYPE_STATS)
		return stats_read(cg, e);
	if (m->slot) {
		p = map_slot(cg, m);
		check_present(cg, p);
		p = at(cg, p, map_value_offset(m), "value");
		return read_at(cg, m->value, p);
	}
	p = map_key(cg, m, e->u.map.key);
	return read_keyed(cg, m, p);
}

// ---- writing ------------------------------------------------------------------------------------

static void update_checked(struct cg *cg, const struct map_def *m, LLVMValueRef key,
			   LLVMValueRef value)
{
	LLVMValueRef err = map_update(cg, m, key, value, BPF_ANY, "err"), v;
	LLVMBasicBlockRef failed = block_new(cg, "refused"), done = block_new(cg, "updated");

	v = LLVMBuildICmp(cg->b, LLVMIntEQ, err, k64(cg, 0), "ok");
	block_branch(cg, v, done, failed);
	block_enter(cg, failed);
	failure_update(cg, err);
	block_goto(cg, done);
	block_enter(cg, done);
}

void map_assign(struct cg *cg, struct expr *target, struct expr *value)
{
	const struct map_def *m = target->u.map.map;
	LLVMValueRef p, key, v;

	if (value->kind == EXPR_CALL && type_is_aggregation(value->type)) {
		aggregate(cg, target, value);
		return;
	}
	if (m->slot && type_is_scalar(m->value)) {
		v = expr_scalar(cg, value);
		p = slot_for_write(cg, m);
		store(cg, v, p);
		return;
	}
	p = frame_temp(cg, m->value_size, "value");
	if (m->slot) { // built aside: its own value may be part of it
		expr_into(cg, value, p, false);
		v = slot_for_write(cg, m);
		type_copy(cg, v, m->value, p, false);
		return;
	}
	if (m->value->size < m->value_size || type_has_holes(m->value))
		mem_zero(cg, p, m->value_size);
	expr_into(cg, value, p, false);
	key = map_key(cg, m, target->u.map.key);
	update_checked(cg, m, key, p);
}

// ---- op= and ++ -------------------------------------------------------------------------------

// Old value + operand, atomically; LLVM drops the fetch when nobody wants the old value.
static LLVMValueRef atomic_fetch_add(struct cg *cg, LLVMValueRef p, LLVMValueRef v)
{
	return LLVMBuildAtomicRMW(cg->b, LLVMAtomicRMWBinOpAdd, p, v, LLVMAtomicOrderingMonotonic,
				  false);
}

static bool can_be_atomic(enum binary_op op, const struct type *t)
{
	return (op == BIN_ADD || op == BIN_SUB) && t->size >= 4;
}

static LLVMValueRef modify_at(struct cg *cg, const struct type *t, LLVMValueRef p,
			      enum binary_op op, LLVMValueRef operand, struct span division)
{
	struct span outer = cg->site;
	LLVMValueRef before, after;

	if (can_be_atomic(op, t)) {
		if (op == BIN_SUB)
			operand = LLVMBuildNeg(cg->b, operand, "minus");
		return atomic_fetch_add(cg, p, operand);
	}
	before = load(cg, scalar_type(cg, t), p, "before");
	cg->site = division;
	after = arith_binary(cg, op, t->is_signed, before, operand);
	cg->site = outer;
	store(cg, after, p);
	return before;
}

LLVMValueRef map_modify(struct cg *cg, struct expr *target, enum binary_op op,
			LLVMValueRef operand, struct span division)
{
	const struct map_def *m = target->u.map.map;
	LLVMTypeRef type = scalar_type(cg, m->value);
	LLVMBasicBlockRef done;
	LLVMValueRef old, p, v;

	operand = arith_resize(cg, operand, m->value->size, m->value->is_signed);
	if (m->slot) {
		p = slot_for_write(cg, m);
		return modify_at(cg, m->value, p, op, operand, division);
	}
	done = block_new(cg, "modified");
	old = frame_alloca(cg, type, "before");
	store(cg, zero_of(cg, m->value), old);
	p = map_key(cg, m, target->u.map.key);
	p = lookup_or_zero(cg, m, p, done, true);
	v = modify_at(cg, m->value, p, op, operand, division);
	store(cg, v, old);
	block_goto(cg, done);
	block_enter(cg, done);
	return load(cg, type, old, "before");
}

// ---- delete, has_key, len
// ------------------------------------------------------------------------

static const struct map_def *map_arg(struct expr *call)
{
	struct expr *m = call->u.call.args.data[0];

	if (m->kind != EXPR_MAP)
		bug("%s() of expression kind %d", call->u.call.name, m->kind);
	return m->u.map.map;
}

static struct expr *key_arg(struct expr *call)
{
	return call->u.call.args.len > 1 ? call->u.call.args.data[1] : NULL;
}

// A slot of every CPU (or the only one) becomes absent and zero.
static LLVMValueRef slot_delete(struct cg *cg, const struct map_def *m)
{
	LLVMValueRef slot = map_slot(cg, m), was;

	was = load(cg, cg->i64, slot, "present");
	if (per_cpu(m))
		slots_clear(cg, m);
	else
		mem_zero(cg, slot, m->value_size);
	return non_zero(cg, was);
}

struct value map_delete(struct cg *cg, struct expr *call)
{
	const struct map_def *m = map_arg(call);
	LLVMValueRef args[2], v;

	if (m->slot) {
		v = slot_delete(cg, m);
		return value_scalar(call->type, bool_of(cg, v));
	}
	args[1] = map_key(cg, m, key_arg(call));
	args[0] = map_in_use(cg, m);
	v = helper_call(cg, BPF_FUNC_map_delete_elem, args, 2, "err");
	v = map_error(cg, v);
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, k64(cg, 0), "deleted");
	return value_scalar(call->type, bool_of(cg, v));
}

struct value map_has_key(struct cg *cg, struct expr *call)
{
	const struct map_def *m = map_arg(call);
	LLVMValueRef v;

	if (m->slot) {
		v = map_slot(cg, m);
		v = load(cg, cg->i64, v, "present");
		v = non_zero(cg, v);
	} else {
		v = map_key(cg, m, key_arg(call));
		v = map_lookup(cg, m, v);
		v = non_zero(cg, v);
	}
	return value_scalar(call->type, bool_of(cg, v));
}

// bpf_for_each_map_elem() gives how many elements it visited.
struct value map_len(struct cg *cg, struct expr *call)
{
	const struct map_def *m = map_arg(call);
	LLVMValueRef v;

	if (m->slot) {
		v = map_slot(cg, m);
		v = load(cg, cg->i64, v, "present");
	} else if (is_array(m)) {
		v = k64(cg, m->max_entries);
	} else {
		v = call_for_each(cg, m, nothing_callback(cg), LLVMConstNull(cg->ptr));
	}
	return value_scalar(call->type, arith_resize(cg, v, call->type->size, true));
}
