// written_type: types as scripts write them, in `let`, casts, sizeof() and the like. In: a
// type_expr; out: the type, or NULL after an error.
#include "base/cleanup.h"
#include "sema/check.h"

#include <string.h>

#define INET_BYTES 24

static const struct {
	const char *name;
	struct type *type;
} named_types[] = {
    {"void", &type_void},
    {"bool", &type_bool},
    {"int8", &type_int8},
    {"int16", &type_int16},
    {"int32", &type_int32},
    {"int64", &type_int64},
    {"uint8", &type_uint8},
    {"uint16", &type_uint16},
    {"uint32", &type_uint32},
    {"uint64", &type_uint64},
    {"char", &type_int8},
    {"signed char", &type_int8},
    {"unsigned char", &type_uint8},
    {"short", &type_int16},
    {"unsigned short", &type_uint16},
    {"int", &type_int32},
    {"signed", &type_int32},
    {"unsigned", &type_uint32},
    {"unsigned int", &type_uint32},
    {"long", &type_int64},
    {"unsigned long", &type_uint64},
    {"long long", &type_int64},
    {"unsigned long long", &type_uint64},
    {"size_t", &type_uint64},
    {"ssize_t", &type_int64},
    {"uintptr_t", &type_uint64},
    {"intptr_t", &type_int64},
    {"off_t", &type_int64},
    {"pid_t", &type_int32},
    {"int8_t", &type_int8},
    {"int16_t", &type_int16},
    {"int32_t", &type_int32},
    {"int64_t", &type_int64},
    {"uint8_t", &type_uint8},
    {"uint16_t", &type_uint16},
    {"uint32_t", &type_uint32},
    {"uint64_t", &type_uint64},
    {"s8", &type_int8},
    {"s16", &type_int16},
    {"s32", &type_int32},
    {"s64", &type_int64},
    {"u8", &type_uint8},
    {"u16", &type_uint16},
    {"u32", &type_uint32},
    {"u64", &type_uint64},
    {"__s8", &type_int8},
    {"__s16", &type_int16},
    {"__s32", &type_int32},
    {"__s64", &type_int64},
    {"__u8", &type_uint8},
    {"__u16", &type_uint16},
    {"__u32", &type_uint32},
    {"__u64", &type_uint64},
};

// What functions of the language give, by the names that bpftrace has for it.
static const struct type value_types[] = {
    {.kind = TYPE_TIMESTAMP, .size = 16, .align = 8, .name = "timestamp"},
    {.kind = TYPE_CGROUP_PATH, .size = 16, .align = 8, .name = "cgroup_path_t"},
    {.kind = TYPE_MAC, .size = 6, .align = 1, .name = "macaddr_t"},
    {.kind = TYPE_INET, .size = INET_BYTES, .align = 8, .name = "inet"},
};

static struct type *value_type(struct checker *k, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(value_types); i++) {
		const struct type *t = &value_types[i];

		if (strcmp(t->name, name) == 0)
			return type_make(k->arena, t->kind, t->size, t->align);
	}
	return NULL;
}

// The integers of the language and of C, by every name; NULL: it is none.
struct type *check_named_type(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(named_types); i++)
		if (strcmp(named_types[i].name, name) == 0)
			return named_types[i].type;
	return NULL;
}

bool type_expr_is_type(struct checker *k, const struct type_expr *te)
{
	unsigned arg;

	if (te->kind != TYPE_EXPR_NAME)
		return true;
	if (check_named_type(te->name) || value_type(k, te->name) ||
	    strcmp(te->name, "string") == 0)
		return true;
	return builtin_find(te->name, &arg) < 0 && check_bare_type(k, te->name);
}

static struct type *resolve_name(struct checker *k, struct type_expr *te)
{
	struct type *t = check_named_type(te->name);

	if (t)
		return t;
	if (strcmp(te->name, "string") == 0) // without a size: as large as what it is given
		return type_string(k->arena, 0);
	t = value_type(k, te->name);
	return t ? t : check_kernel_type(k, te);
}

// -1 after an error.
static int64_t resolve_length(struct checker *k, struct type_expr *te)
{
	if (!te->expr) {
		check_error(k, te->span, "bad-type", "An array type needs a length here");
		return -1;
	}
	check_expr(k, &te->expr);
	if (te->expr->kind != EXPR_INT || te->expr->u.integer.is_negative ||
	    te->expr->u.integer.value > 1u << 20) {
		check_error(k, te->span, "bad-type",
			    "The length of an array type must be a constant from 0 to 1048576");
		return -1;
	}
	return (int64_t)te->expr->u.integer.value;
}

static struct type *resolve_array(struct checker *k, struct type_expr *te)
{
	int64_t n = resolve_length(k, te);
	struct type *elem;

	if (n < 0)
		return NULL;
	if (te->elem->kind == TYPE_EXPR_NAME && strcmp(te->elem->name, "string") == 0)
		return type_string(k->arena, (uint32_t)n);
	if (te->elem->kind == TYPE_EXPR_NAME && strcmp(te->elem->name, "buffer") == 0)
		return type_buffer(k->arena, (uint32_t)n);
	elem = resolve_type(k, te->elem);
	if (!elem)
		return NULL;
	if (elem->kind == TYPE_INET)
		return type_make(k->arena, TYPE_INET, (uint32_t)n, 8);
	if (!elem->size) {
		check_error(k, te->span, "bad-type", "Elements of type '%s' have no size",
			    check_type_name(k, elem));
		return NULL;
	}
	return type_array(k->arena, elem, (uint32_t)n);
}

static struct type *resolve_tuple(struct checker *k, struct type_expr *te)
{
	struct type **members = arena_array(k->arena, struct type *, te->members.len + 1);

	for (size_t i = 0; i < te->members.len; i++) {
		members[i] = resolve_type(k, te->members.data[i]);
		if (!members[i])
			return NULL;
	}
	return type_tuple(k->arena, members, NULL, te->members.len);
}

struct type *resolve_type(struct checker *k, struct type_expr *te)
{
	struct type *t;

	switch (te->kind) {
	case TYPE_EXPR_NAME:
		return resolve_name(k, te);
	case TYPE_EXPR_ARRAY:
		return resolve_array(k, te);
	case TYPE_EXPR_TUPLE:
		return resolve_tuple(k, te);
	case TYPE_EXPR_POINTER:
		t = resolve_type(k, te->elem);
		return t ? type_pointer(k->arena, t, SPACE_NONE) : NULL;
	case TYPE_EXPR_TYPEOF:
		if (te->elem)
			return resolve_type(k, te->elem);
		t = check_type_only(k, &te->expr);
		return type_known(t) ? type_settle(k, t) : NULL;
	default:
		return check_kernel_type(k, te);
	}
}
