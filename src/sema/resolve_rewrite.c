// resolve_rewrite: what is short for something else, written out before names are resolved:
// find(@m, k, $v), `config` and its members.
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
