// check_session: the two halves of a session. Before names are resolved the clauses are told
// apart; after types are final it is settled what the entry half leaves for the return half, and
// where.
#include "sema/check.h"

static bool is_clause(const struct stmt *s)
{
	return s->kind == STMT_ENTRY_CLAUSE || s->kind == STMT_RETURN_CLAUSE;
}

static bool has_clauses(const struct block *b)
{
	for (size_t i = 0; i < b->stmts.len; i++)
		if (is_clause(b->stmts.data[i]))
			return true;
	return false;
}

static void take_clause(struct checker *k, struct session *s, struct stmt *clause)
{
	bool entry = clause->kind == STMT_ENTRY_CLAUSE;
	bool *seen = entry ? &s->has_entry : &s->has_return;

	if (*seen) {
		check_error(k, clause->span, "duplicate-clause", "A session has only one '%s { }'",
			    entry ? "entry" : "return");
		return;
	}
	*seen = true;
	if (entry)
		s->entry = clause->u.block;
	else
		s->ret = clause->u.block;
}

void session_split(struct checker *k, struct unit *u)
{
	struct session *s = &u->session;

	s->has_clauses = s->has_entry = s->has_return = false;
	s->captures.len = 0;
	if (unit_has_halves(u) && !probe_type_is_session(u->type)) {
		s->has_return = true; // fexit: the entry half only keeps the arguments
		s->entry = NULL;
		s->ret = u->body;
		return;
	}
	if (!probe_type_is_session(u->type) &&
	    !(u->type == PROBE_TYPE_COUNT && has_clauses(u->body)))
		return; // clauses are reported where they stand
	if (!has_clauses(u->body)) {
		s->has_entry = s->has_return = true;
		s->entry = s->ret = u->body;
		return;
	}
	s->has_clauses = true;
	for (size_t i = 0; i < u->body->stmts.len; i++) {
		struct stmt *stmt = u->body->stmts.data[i];

		if (is_clause(stmt))
			take_clause(k, s, stmt);
		else if (check_error(k, stmt->span, "mixed-clauses",
				     "A session body with 'entry { }' or 'return { }' has no other "
				     "statements"))
			diag_hint(&k->c->diag, "move it into one of the clauses");
	}
}

// ---- what the return half reads -----------------------------------------------------------

struct collector {
	struct checker *k;
	struct session *session;
	const struct unit *unit;
	bool names; // func or probe were seen
};

static bool is_captured(const struct session *s, const struct capture *c)
{
	for (size_t i = 0; i < s->captures.len; i++) {
		const struct capture *o = &s->captures.data[i];

		if (o->kind == c->kind && o->var == c->var && o->arg == c->arg)
			return true;
	}
	return false;
}

static void capture(struct collector *c, struct capture what)
{
	if (!is_captured(c->session, &what))
		arena_push(c->k->arena, &c->session->captures, what);
}

static bool collect_expr(void *ctx, struct expr *e)
{
	struct collector *c = ctx;

	if (e->kind == EXPR_VAR && e->u.var.var && e->u.var.var->carried)
		capture(c, (struct capture){.kind = CAPTURE_VARIABLE,
					    .var = e->u.var.var,
					    .type = type_settle(c->k, e->u.var.var->type)});
	if (e->kind != EXPR_IDENT)
		return true;
	if (mechanism_is_trampoline(c->unit->mech) && e->u.ident.builtin != BUILTIN_ELAPSED)
		return true; // arguments can still be read
	if (e->u.ident.builtin == BUILTIN_ARGS && e->u.ident.bound)
		capture(c, (struct capture){.kind = CAPTURE_ARG,
					    .arg = CAPTURED_BINDING + e->u.ident.arg,
					    .type = e->type});
	else if (e->u.ident.builtin == BUILTIN_ARGN)
		capture(c, (struct capture){
			       .kind = CAPTURE_ARG, .arg = e->u.ident.arg, .type = &type_uint64});
	else if (e->u.ident.builtin == BUILTIN_ELAPSED && e->u.ident.session_elapsed)
		capture(c, (struct capture){.kind = CAPTURE_START_TIME, .type = &type_uint64});
	return true;
}

static bool collect_names(void *ctx, struct expr *e)
{
	struct collector *c = ctx;

	if (e->kind == EXPR_IDENT &&
	    (e->u.ident.builtin == BUILTIN_FUNC || e->u.ident.builtin == BUILTIN_PROBE))
		c->names = true;
	return true;
}

static void lay_out(struct session *s)
{
	uint32_t offset = 0;

	for (size_t i = 0; i < s->captures.len; i++) {
		struct capture *c = &s->captures.data[i];
		uint32_t align = c->type->align ? c->type->align : 1;

		offset = (offset + align - 1) / align * align;
		c->offset = offset;
		offset += c->type->size;
	}
	s->spill_size = (offset + 7) & ~7u;
}

static void choose_storage(struct session *s)
{
	if (s->native_cookie && s->captures.len == 1 && s->captures.data[0].type->size <= 8)
		s->storage = SESSION_STORE_COOKIE;
	else if (s->captures.len || (s->emulated && s->has_return))
		s->storage = SESSION_STORE_SPILL;
	else
		s->storage = SESSION_STORE_NONE;
	if (s->storage == SESSION_STORE_SPILL)
		lay_out(s);
}

void session_finish(struct checker *k, struct unit *u)
{
	struct collector c = {.k = k, .session = &u->session, .unit = u};
	struct ast_visitor captures = {.expr = collect_expr, .ctx = &c};
	struct ast_visitor names = {.expr = collect_names, .ctx = &c};
	bool session = unit_has_halves(u);

	block_walk(u->body, &names);
	if (u->predicate)
		expr_walk(u->predicate, &names);
	if (session && u->session.has_return)
		block_walk(u->session.ret, &captures);
	if (session && u->predicate && !probe_type_is_session(u->type))
		expr_walk(u->predicate, &captures);
	if (session)
		choose_storage(&u->session);
	for (size_t i = 0; i < u->arg_bindings.len; i++)
		c.names |= !u->arg_bindings.data[i].uniform;
	u->uses_cookie = (c.names && u->target_count > 1) || u->session.emulated ||
			 u->session.storage == SESSION_STORE_SPILL;
}

const char *session_storage_name(enum session_storage s)
{
	switch (s) {
	case SESSION_STORE_COOKIE:
		return "cookie";
	case SESSION_STORE_SPILL:
		return "spill";
	default:
		return "none";
	}
}
