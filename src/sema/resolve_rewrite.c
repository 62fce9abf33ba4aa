// resolve_rewrite: what is short for something else, written out before names are resolved:
// find(@m, k, $v), container_of(p, T, member), `config` and its members, blocks that end with an
// aggregation.
#include <string.h>

#include "sema/check.h"
#include "sema/config_value.h"

// ---- find --------------------------------------------------------------------------------

static struct expr *make_var(struct checker *k, struct span at, const char *name)
{
	struct expr *e = expr_new(k->arena, EXPR_VAR, at);

	e->u.var.name = name;
	return e;
}

static struct expr *make_map(struct checker *k, const struct expr *map, struct expr *key)
{
	struct expr *e = expr_new(k->arena, EXPR_MAP, map->span);

	e->u.map.name = map->u.map.name;
	e->u.map.key = key;
	return e;
}

static struct expr *make_block(struct checker *k, struct span at, struct stmt *s, struct expr *value)
{
	struct expr *e = expr_new(k->arena, EXPR_BLOCK, at);

	e->u.block.block = arena_new(k->arena, struct block);
	e->u.block.block->span = at;
	if (s)
		arena_push(k->arena, &e->u.block.block->stmts, s);
	e->u.block.value = value;
	return e;
}

static struct expr *make_bool(struct checker *k, struct span at, bool value)
{
	struct expr *e = expr_new(k->arena, EXPR_BOOL, at);

	e->u.boolean = value;
	return e;
}

static struct expr *make_has_key(struct checker *k, const struct expr *find, struct expr *key)
{
	struct expr *e = expr_new(k->arena, EXPR_CALL, find->span);

	e->u.call.name = "has_key";
	e->u.call.name_span = find->u.call.name_span;
	arena_push(k->arena, &e->u.call.args, make_map(k, find->u.call.args.data[0], NULL));
	arena_push(k->arena, &e->u.call.args, key);
	return e;
}

static bool find_is_sound(struct checker *k, const struct expr *e)
{
	struct expr *const *args = e->u.call.args.data;

	if (e->u.call.args.len != 3)
		return false; // check_call reports it
	if (args[0]->kind == EXPR_MAP && !args[0]->u.map.key && args[2]->kind == EXPR_VAR)
		return true;
	check_error(k, e->span, "bad-argument",
		    "find() expects a map, a key and a variable: find(@m, key, $v)");
	return false;
}

// find(@m, key, $v) is { let $key = key; if has_key(@m, $key) { $v = @m[$key]; true } else
// { false } }, where no script can spell $key.
bool rewrite_find(struct checker *k, struct expr *e)
{
	const char *name = arena_printf(k->arena, "find#%u", e->span.begin);
	struct stmt *let, *assign;
	struct expr *branch, *var;

	if (!find_is_sound(k, e))
		return false;
	var = e->u.call.args.data[2];
	resolve_var_use(k, var); // must be there: `$v = ...` below would declare it inside
	let = stmt_new(k->arena, STMT_LET, e->span);
	let->u.let.name = name;
	let->u.let.value = e->u.call.args.data[1];
	assign = stmt_new(k->arena, STMT_ASSIGN, e->span);
	assign->u.assign.target = make_var(k, var->span, var->u.var.name);
	assign->u.assign.value =
	    make_map(k, e->u.call.args.data[0], make_var(k, e->span, name));
	branch = expr_new(k->arena, EXPR_IF, e->span);
	branch->u.branch.cond = make_has_key(k, e, make_var(k, e->span, name));
	branch->u.branch.yes = make_block(k, e->span, assign, make_bool(k, e->span, true));
	branch->u.branch.no = make_block(k, e->span, NULL, make_bool(k, e->span, false));
	*e = *make_block(k, e->span, let, branch);
	return true;
}

// ---- aggregations at the end of a block ----------------------------------------------------------

static bool is_aggregation(const struct expr *e)
{
	int func = e && e->kind == EXPR_CALL ? func_find(e->u.call.name) : -1;

	return func >= 0 && func_infos[func].flags & F_AGG;
}

// @m[k] = { ...; sum(x) } becomes { ...; @m[k] = sum(x); }: macros end so.
bool rewrite_block_aggregation(struct checker *k, struct stmt *s)
{
	struct expr *block = s->u.assign.value, *value = block;
	struct stmt *assign;

	while (value && value->kind == EXPR_BLOCK)
		value = value->u.block.value;
	if (s->u.assign.target->kind != EXPR_MAP || value == block || !is_aggregation(value))
		return false;
	value = block->u.block.value; // blocks within it: by the same way
	assign = stmt_new(k->arena, STMT_ASSIGN, s->span);
	assign->u.assign = s->u.assign;
	assign->u.assign.value = value;
	s->kind = STMT_BLOCK;
	s->u.block = block->u.block.block;
	arena_push(k->arena, &s->u.block->stmts, assign);
	return true;
}

// ---- container_of --------------------------------------------------------------------------

// The names of a.b.c, outermost first. False: it is something else.
static bool member_path(struct checker *k, const struct expr *e, struct expr *query)
{
	if (e->kind == EXPR_IDENT) {
		arena_push(k->arena, &query->u.type_query.path, e->u.ident.name);
		return true;
	}
	if (e->kind != EXPR_FIELD || !member_path(k, e->u.field.object, query))
		return false;
	arena_push(k->arena, &query->u.type_query.path, e->u.field.name);
	return true;
}

// typeof(...), or a type's bare name.
static struct type_expr *type_argument(struct checker *k, const struct expr *e)
{
	struct type_expr *t = arena_new(k->arena, struct type_expr);

	t->span = e->span;
	if (e->kind == EXPR_TYPE) {
		t->kind = TYPE_EXPR_TYPEOF;
		t->elem = e->u.type_query.of_type;
		t->expr = e->u.type_query.of_expr;
		return t;
	}
	if (e->kind != EXPR_IDENT)
		return NULL;
	t->kind = TYPE_EXPR_NAME;
	t->name = e->u.ident.name;
	if (!type_expr_is_type(k, t))
		t->kind = TYPE_EXPR_STRUCT;
	return t;
}

static struct type_expr *pointer_to(struct checker *k, struct type_expr *elem, const char *name,
				    struct span at)
{
	struct type_expr *t = arena_new(k->arena, struct type_expr);

	if (!elem) {
		elem = arena_new(k->arena, struct type_expr);
		*elem = (struct type_expr){.kind = TYPE_EXPR_NAME, .span = at, .name = name};
	}
	*t = (struct type_expr){.kind = TYPE_EXPR_POINTER, .span = at, .elem = elem};
	return t;
}

static struct expr *make_cast(struct checker *k, struct span at, struct type_expr *to,
			      struct expr *operand)
{
	struct expr *e = expr_new(k->arena, EXPR_CAST, at);

	e->u.cast.to = to;
	e->u.cast.operand = operand;
	return e;
}

// container_of(p, T, m) is (T *)((void *)p - offsetof(T, m)).
bool rewrite_container_of(struct checker *k, struct expr *e)
{
	struct expr **args = e->u.call.args.data, *query, *address;
	struct type_expr *type;

	if (e->u.call.args.len != 3)
		return false; // check_call reports it
	query = expr_new(k->arena, EXPR_OFFSETOF, e->span);
	type = query->u.type_query.of_type = type_argument(k, args[1]);
	if (!type || !member_path(k, args[2], query)) {
		check_error(k, e->span, "bad-argument",
			    "container_of() expects a pointer, a type and the name of its member: "
			    "container_of(p, typeof(struct s), member)");
		*e = *make_bool(k, e->span, false);
		return true;
	}
	address = expr_new(k->arena, EXPR_BINARY, e->span);
	address->u.binary.op = BIN_SUB;
	address->u.binary.op_span = e->span;
	address->u.binary.left = make_cast(k, args[0]->span, pointer_to(k, NULL, "void", e->span),
					   args[0]);
	address->u.binary.right = query;
	*e = *make_cast(k, e->span, pointer_to(k, type, NULL, e->span), address);
	return true;
}

// ---- config -----------------------------------------------------------------------------------

static bool is_config(const struct expr *e)
{
	if (e->kind == EXPR_CALL)
		return !strcmp(e->u.call.name, "config") && !e->u.call.args.len;
	return e->kind == EXPR_IDENT && !strcmp(e->u.ident.name, "config");
}

// config.name
bool rewrite_config_field(struct checker *k, struct expr *e)
{
	if (!is_config(e->u.field.object))
		return false;
	if (config_literal(&k->program->config, e->u.field.name, e))
		return true;
	check_error(k, e->span, "unknown-field", "Record does not contain a field named '%s'",
		    e->u.field.name);
	expr_set_bool(e, false);
	return true;
}

// config, whole: a record of all of them.
void rewrite_config(struct checker *k, struct expr *e)
{
	struct expr *record = expr_new(k->arena, EXPR_RECORD, e->span);

	for (size_t i = 0; config_name(i); i++) {
		struct field_init f = {.name = config_name(i), .span = e->span};

		f.value = expr_new(k->arena, EXPR_BOOL, e->span);
		config_literal(&k->program->config, f.name, f.value);
		arena_push(k->arena, &record->u.record.items, f);
	}
	*e = *record;
}
