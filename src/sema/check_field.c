// check_field: what has members: structs and unions of the kernel (or of a program's debug
// information), records, arrays in them. Looks types up by name, finds members, folds offsetof.
//
// An object that is a pointer is followed. A pointer read from a member lies in the memory that
// the member lies in, unless its own type says otherwise. Members are read from their types
// only when something asks (lazy_type.h); whole values are completed at the end of check, so that
// output can print them.
#include <string.h>

#include "base/str.h"
#include "sema/btf_type.h"
#include "sema/cdefs.h"
#include "sema/check.h"
#include "sema/dwarf_type.h"

// ---- types by name -----------------------------------------------------------------------

static struct type *find_kernel_type(struct checker *k, const char *name)
{
	struct btf_source *s = btf_source_get(k->c, NULL, NULL);

	return s ? s->pub.find(&s->pub, name) : NULL;
}

// In a probe of user-space functions: of the programs that they are in.
static struct type *find_program_type(struct checker *k, const char *name)
{
	const struct unit *u = k->unit;
	const char *last = NULL;

	if (!u ||
	    (u->type != PROBE_UPROBE && u->type != PROBE_URETPROBE && u->type != PROBE_USESSION))
		return NULL;
	for (uint32_t i = 0; i < u->target_count; i++) {
		const char *path = k->program->targets.data[u->first_target + i]->path;
		if (!path || (last && !strcmp(last, path)))
			continue;
		last = path;
		struct dwarf_source *s = dwarf_source_get(k->c, path);
		struct type *t = s->file ? s->pub.find(&s->pub, name) : NULL;
		if (t)
			return t;
	}
	return NULL;
}

// What the script defines itself comes first.
struct type *check_find_type(struct checker *k, const char *name)
{
	struct type *t = cdefs_find_type(k->c, name);

	if (!t)
		t = find_program_type(k, name);
	return t ? t : find_kernel_type(k, name);
}

static const char *written_name(struct checker *k, const struct type_expr *te)
{
	switch (te->kind) {
	case TYPE_EXPR_STRUCT:
		return arena_printf(k->arena, "struct %s", te->name);
	case TYPE_EXPR_UNION:
		return arena_printf(k->arena, "union %s", te->name);
	case TYPE_EXPR_ENUM:
		return arena_printf(k->arena, "enum %s", te->name);
	default:
		return te->name;
	}
}

// struct X, union X, enum X, or a typedef of the kernel's. NULL after an error.
// A name without `struct` is a typedef's, or else the struct's.
struct type *check_bare_type(struct checker *k, const char *name)
{
	struct type *t = check_find_type(k, name);

	return t ? t : check_find_type(k, arena_printf(k->arena, "struct %s", name));
}

struct type *check_kernel_type(struct checker *k, struct type_expr *te)
{
	const char *name = written_name(k, te);
	struct type *t = te->kind == TYPE_EXPR_NAME ? check_bare_type(k, name)
						    : check_find_type(k, name);
	int err = 0;

	if (!t && cdefs_deepen(k->c))
		t = cdefs_find_type(k->c, name);
	if (t) {
		type_complete(t);
		return t;
	}
	if (!check_error(k, te->span, "unknown-type", "Cannot resolve unknown type \"%s\"", name))
		return NULL;
	cdefs_hint_missing(k->c);
	if (!btf_source_get(k->c, NULL, &err))
		diag_hint(&k->c->diag, "the kernel's types (BTF) cannot be read: %s",
			  strerror(-err));
	return NULL;
}

// `PIDTYPE_TGID`: a constant of an enum of the kernel. False: there is none.
bool check_constant_name(struct checker *k, struct expr *e, const char *name)
{
	int64_t value;
	struct type *t = cdefs_constant(k->c, name, &value);

	if (!t)
		t = btf_constant(k->c, name, &value);
	if (!t)
		return false;
	type_complete(t);
	expr_set_int(e, t->is_signed || value >= 0 ? (__int128)value : (__int128)(uint64_t)value);
	e->type = t;
	return true;
}

// ---- whole values ------------------------------------------------------------------------

#define NESTING_MAX 64

static void complete_all(struct type *t, int level)
{
	if (!t || level > NESTING_MAX)
		return;
	if (t->incomplete)
		type_complete(t);
	if (t->kind == TYPE_ARRAY)
		complete_all(t->elem, level + 1);
	if (t->kind != TYPE_STRUCT && t->kind != TYPE_TUPLE && t->kind != TYPE_RECORD)
		return;
	for (size_t i = 0; i < t->field_count; i++)
		complete_all(t->fields[i].type, level + 1);
}

// Output prints values by their types: everything below them must be there.
void types_complete(struct checker *k)
{
	struct program *p = k->program;

	for (size_t i = 0; i < p->events.len; i++)
		for (size_t j = 0; j < p->events.data[i]->args.len; j++)
			complete_all(p->events.data[i]->args.data[j].type, 0);
	for (size_t i = 0; i < p->maps.len; i++) {
		complete_all(p->maps.data[i]->key, 0);
		complete_all(p->maps.data[i]->value, 0);
	}
}

// ---- members -----------------------------------------------------------------------------

// Whose memory an expression names; NONE: ours, or what the kind of probe says.
static enum addr_space space_of(const struct expr *e)
{
	const struct expr *object;

	switch (e->kind) {
	case EXPR_FIELD:
		object = e->u.field.object;
		break;
	case EXPR_INDEX:
		object = e->u.index.object;
		break;
	case EXPR_UNARY:
		return e->u.unary.op == UNARY_DEREF ? e->u.unary.operand->type->space : SPACE_NONE;
	default:
		return SPACE_NONE;
	}
	if (check_is_args(object)) // an argument is a value of ours
		return SPACE_NONE;
	return object->type->kind == TYPE_POINTER ? object->type->space : space_of(object);
}

// The type of what e reads: pointers get e's address space, structs their members.
struct type *check_place_type(struct checker *k, const struct expr *e, struct type *t)
{
	enum addr_space space;

	type_complete(t);
	if (t->kind != TYPE_POINTER || t->space != SPACE_NONE)
		return t;
	space = space_of(e);
	return space == SPACE_NONE ? t : type_pointer(k->arena, t->elem, space);
}

static void report_member(struct checker *k, const struct expr *e, const struct type *t)
{
	struct nearest n;

	if (!check_error(k, e->span, "unknown-field",
			 "Struct/union of type '%s' does not contain a field named '%s'",
			 check_type_name(k, t), e->u.field.name))
		return;
	nearest_init(&n, e->u.field.name);
	for (size_t i = 0; i < t->field_count; i++)
		nearest_offer(&n, t->fields[i].name);
	if (nearest_get(&n))
		diag_hint(&k->c->diag, "did you mean '%s'?", nearest_get(&n));
	else if (!t->field_count)
		diag_hint(&k->c->diag, "its members are not known: it is only declared");
}

static struct type *member_type(struct checker *k, struct expr *e, struct type *t)
{
	const struct type_field *f;

	type_complete(t);
	f = type_find_field(t, e->u.field.name);
	if (f)
		return check_place_type(k, e, f->type);
	report_member(k, e, t);
	return &type_none;
}

static struct type *record_member(struct checker *k, struct expr *e, const struct type *t)
{
	const struct type_field *f = type_find_field(t, e->u.field.name);

	if (f)
		return f->type;
	check_error(k, e->span, "unknown-field", "Record does not contain a field named '%s'",
		    e->u.field.name);
	return &type_none;
}

struct type *check_field(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t = check_event_field(k, slot);

	if (t)
		return t;
	if (check_is_args(e->u.field.object))
		return check_arg_field(k, e);
	t = check_value(k, &e->u.field.object);
	if (!type_known(t))
		return &type_none;
	if (t->kind == TYPE_RECORD)
		return record_member(k, e, t);
	if (t->kind == TYPE_POINTER && t->elem->kind == TYPE_STRUCT)
		return member_type(k, e, t->elem);
	if (t->kind == TYPE_STRUCT)
		return member_type(k, e, t);
	check_error(k, e->span, "type-mismatch",
		    "Can not access field '%s' on expression of type '%s'", e->u.field.name,
		    check_type_name(k, t));
	return &type_none;
}

// ---- offsetof ----------------------------------------------------------------------------

// -1 after an error.
int64_t check_offset_of(struct checker *k, struct expr *e, struct type *t)
{
	const struct type_field *f;
	int64_t offset = 0;

	for (size_t i = 0; i < e->u.type_query.path.len; i++) {
		const char *name = e->u.type_query.path.data[i];

		type_complete(t);
		if (t->kind != TYPE_STRUCT && t->kind != TYPE_RECORD) {
			check_error(k, e->span, "type-mismatch", "'%s' is not a struct",
				    check_type_name(k, t));
			return -1;
		}
		f = type_find_field(t, name);
		if (!f) {
			check_error(k, e->span, "unknown-field", "'%s' has no field named '%s'",
				    check_type_name(k, t), name);
			return -1;
		}
		offset += f->offset + f->bit_offset / 8;
		t = f->type;
	}
	return offset;
}

// ---- the current task --------------------------------------------------------------------

struct type *check_curtask(struct checker *k, struct expr *e)
{
	static const char name[] = "struct task_struct";
	struct type *task = cdefs_find_type(k->c, name);

	if (!task)
		task = find_kernel_type(k, name);
	if (task)
		return type_pointer(k->arena, task, SPACE_KERNEL);
	check_error(k, e->span, "unknown-type",
		    "The type of %s (struct task_struct) is in the kernel's BTF, which cannot be "
		    "read",
		    e->u.ident.name);
	return &type_none;
}

static struct expr *member_of(struct checker *k, struct expr *object, const char *name)
{
	struct expr *e = expr_new(k->arena, EXPR_FIELD, object->span);

	e->u.field.object = object;
	e->u.field.name = name;
	e->u.field.name_span = object->span;
	return e;
}

static struct expr *current_task(struct checker *k, struct span at)
{
	struct expr *e = expr_new(k->arena, EXPR_IDENT, at);

	e->u.ident.name = "curtask";
	e->u.ident.builtin = BUILTIN_CURTASK;
	return e;
}

// Names for walks from a task (the current one where task is NULL). False: not such a name.
bool check_task_name(struct checker *k, struct expr **slot, const char *name, struct expr *task)
{
	static const struct {
		const char *name, *via, *member;
	} walks[] = {
	    {"ppid", "real_parent", "tgid"},
	    {"pcomm", "real_parent", "comm"},
	    {"leader_tid", "group_leader", "pid"},
	    {"leader_comm", "group_leader", "comm"},
	};

	for (size_t i = 0; i < sizeof(walks) / sizeof(*walks); i++) {
		if (strcmp(walks[i].name, name) != 0)
			continue;
		task = task ? task : current_task(k, (*slot)->span);
		*slot = member_of(k, member_of(k, task, walks[i].via), walks[i].member);
		return true;
	}
	return false;
}

// Lowered by resolve when they are well-formed.
#define TASK_CALL(id)                                                                              \
	struct type *check_##id(struct checker *k, struct expr **slot)                             \
	{                                                                                          \
		return &type_none;                                                                 \
	}
TASK_CALL(CALL_PPID)
TASK_CALL(CALL_PCOMM)
TASK_CALL(CALL_LEADER_TID)
TASK_CALL(CALL_LEADER_COMM)

// is_err(p): the last 4095 addresses are error numbers.
struct type *check_IS_ERR(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot, *p, *least;
	struct type *t = call_arg(k, e, 0);

	if (!type_known(t))
		return &type_bool;
	if (t->kind != TYPE_POINTER && t->kind != TYPE_INT) {
		check_error(k, e->span, "bad-argument",
			    "is_err() only supports int or pointer arguments (%s provided)",
			    type_kind_name(t));
		return &type_bool;
	}
	if (!k->final)
		return &type_bool;
	p = e->u.call.args.data[0];
	convert_quietly(k, &p, &type_uint64);
	least = expr_int(k->arena, e->span, (uint64_t)-4095);
	least->type = &type_uint64;
	e->kind = EXPR_BINARY;
	e->u.binary.op = BIN_GE;
	e->u.binary.op_span = e->span;
	e->u.binary.left = p;
	e->u.binary.right = least;
	return &type_bool;
}
