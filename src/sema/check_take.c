// check_take: print(@m) followed by clear(@m) or zero(@m) loses no update.
//
// Enters: checked bodies. Leaves: such a print as one that takes (event_def.takes), its clear as
// done, and maps with a second copy. User space prints and clears a while after the program asked
// for it, in two steps, and what programs add in between would be gone; taken, what is printed
// and what is removed is the same.
//
// Both stand in one list of statements, with nothing in between that ends the run. BEGIN and END
// run while nobody else does: their maps stay as they are.
#include "sema/check.h"

static struct event_def *event_of(const struct stmt *s)
{
	return s->kind == STMT_EXPR && s->u.expr->kind == EXPR_CALL ? s->u.expr->u.call.event : NULL;
}

static bool ends_run(const struct stmt *s)
{
	const struct event_def *ev = event_of(s);

	return !ev || ev->kind == EVENT_EXIT || ev->kind == EVENT_ASSERT;
}

// The clear or zero that belongs to the print at `from`, or NULL.
static struct event_def *clear_of(const struct block *b, size_t from)
{
	const struct map_def *m = event_of(b->stmts.data[from])->map;

	for (size_t i = from + 1; i < b->stmts.len && !ends_run(b->stmts.data[i]); i++) {
		struct event_def *ev = event_of(b->stmts.data[i]);

		if (ev->kind == EVENT_PRINT_MAP && ev->map == m)
			return NULL; // that one takes
		if ((ev->kind == EVENT_CLEAR || ev->kind == EVENT_ZERO) && ev->map == m)
			return ev;
	}
	return NULL;
}

static void give_twin(struct program *p, struct map_def *m)
{
	struct map_def *twin, *in_use;
	uint32_t id;

	if (m->twin)
		return;
	twin = program_add_map(p, MAP_TWIN, m->name);
	id = twin->id;
	*twin = *m;
	twin->id = id;
	twin->role = MAP_TWIN;
	in_use = program_add_map(p, MAP_IN_USE, m->name);
	in_use->bpf_kind = BPF_MAP_KIND_ARRAY_OF_MAPS;
	in_use->key_size = in_use->value_size = sizeof(uint32_t);
	in_use->max_entries = 1;
	in_use->inner = m;
	m->twin = twin;
	m->in_use = in_use;
}

static void take_in(void *ctx, struct block *b)
{
	struct program *p = ctx;

	for (size_t i = 0; i < b->stmts.len; i++) {
		struct event_def *print = event_of(b->stmts.data[i]), *clear;

		if (!print || print->kind != EVENT_PRINT_MAP)
			continue;
		clear = clear_of(b, i);
		if (!clear)
			continue;
		print->takes = clear->kind == EVENT_CLEAR ? TAKES_CLEAR : TAKES_ZERO;
		clear->done = true;
		give_twin(p, print->map);
	}
}

void take_settle(struct checker *k, struct unit *u)
{
	struct ast_visitor v = {.block = take_in, .ctx = k->program};

	if (u->type == PROBE_BEGIN || u->type == PROBE_END || u->mech == MECH_NONE)
		return;
	block_walk(u->body, &v);
}
