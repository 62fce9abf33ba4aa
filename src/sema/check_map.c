// check_map: every map of the script: how it is used (scalar or keyed), the types of its keys
// and values, and from these its definition for the kernel.
#include <string.h>

#include "base/str.h"
#include "sema/check.h"

#define NO_PREALLOC 1u	   // BPF_F_NO_PREALLOC
#define LARGE_VALUE 256u   // bytes; from here on entries are allocated when needed
#define PERCPU_VALUE_MAX 32760u // bytes: what the kernel takes for one CPU, less a slot's flag
#define SCALAR_KEY_BYTES 8 // key of a scalar that is too large for a slot

struct check_map *map_find(struct checker *k, const char *name)
{
	for (size_t i = 0; i < k->maps.len; i++)
		if (strcmp(k->maps.data[i]->name, name) == 0)
			return k->maps.data[i];
	return NULL;
}

struct check_map *map_get(struct checker *k, const char *name, struct span at)
{
	struct check_map *m = map_find(k, name);

	if (m)
		return m;
	m = arena_new(k->arena, struct check_map);
	m->name = name;
	m->first_use = at;
	m->key = &type_none;
	m->value = &type_none;
	arena_push(k->arena, &k->maps, m);
	return m;
}

static void report_kind(struct checker *k, struct check_map *m, struct span at, bool keyed)
{
	m->kind_conflict = true;
	if (check_error(k, at, "map-kind",
			keyed ? "@%s used as a map with an explicit key (non-scalar map), "
				"previously used without an explicit key (scalar map)"
			      : "@%s used as a map without an explicit key (scalar map), "
				"previously used with an explicit key (non-scalar map)",
			m->name))
		diag_note(&k->c->diag, m->first_kind_use, "previous use");
}

static void note_kind(struct checker *k, struct check_map *m, const struct expr *e)
{
	bool keyed = e->u.map.key != NULL;

	if ((keyed && m->is_scalar) || (!keyed && m->is_keyed)) {
		report_kind(k, m, e->span, keyed);
		return;
	}
	if (!m->is_scalar && !m->is_keyed)
		m->first_kind_use = e->span;
	m->is_keyed = keyed;
	m->is_scalar = !keyed;
}

// [resolve] Notes how an EXPR_MAP uses its map. In a comptime branch that types decide of, that
// waits until it is taken.
struct check_map *map_use(struct checker *k, struct expr *e)
{
	struct check_map *m = map_get(k, e->u.map.name, e->span);

	if (e->u.map.whole)
		m->is_used_whole = true;
	else if (!k->undecided)
		note_kind(k, m, e);
	return m;
}

static void report_undefined(struct checker *k, struct expr *e, const struct check_map *m)
{
	struct nearest n;

	if (m->is_guessed && !e->u.map.whole)
		check_warn(k, e->span, "undefined-map",
			   "@%s is never assigned to: it is always 0", e->u.map.name);
	else if (!check_error(k, e->span, "undefined-map", "Undefined map: @%s", e->u.map.name))
		return;
	nearest_init(&n, e->u.map.name);
	for (size_t i = 0; i < k->maps.len; i++)
		if (k->maps.data[i]->is_assigned)
			nearest_offer(&n, k->maps.data[i]->name);
	if (nearest_get(&n))
		diag_hint(&k->c->diag, "did you mean '@%s'?", nearest_get(&n));
}

static bool holds_stats(const struct type *t)
{
	for (size_t i = 0; t->kind == TYPE_TUPLE && i < t->field_count; i++)
		if (t->fields[i].type->kind == TYPE_STATS || holds_stats(t->fields[i].type))
			return true;
	return false;
}

static bool check_is_key(struct checker *k, const struct type *t, struct span at)
{
	if (t->kind == TYPE_VOID || type_is_aggregation(t))
		check_error(k, at, "type-mismatch", "Value '%s' cannot be used as a map key.",
			    check_type_name(k, t));
	else if (holds_stats(t))
		check_error(k, at, "type-mismatch", "stats_t cannot be part of a map key");
	else
		return true;
	return false;
}

struct type *check_map_key(struct checker *k, struct check_map *m, struct expr **key,
			   struct span at)
{
	struct type *t = check_value(k, key), *joined;

	if (!type_known(t))
		return m->key;
	if (!check_is_key(k, t, at))
		return m->key;
	joined = type_join(k, m->key, t);
	if (!k->final) {
		if (joined && joined != m->key) {
			m->key = joined;
			k->changed = true;
		}
		return m->key;
	}
	if (!joined || !type_equal(joined, m->key))
		check_error(k, at, "key-mismatch",
			    "Argument mismatch for @%s: trying to access with arguments: '%s' "
			    "when map expects arguments: '%s'",
			    m->name, check_type_name(k, t), check_type_name(k, m->key));
	else
		convert(k, key, m->key);
	return m->key;
}

struct type *check_map_access(struct checker *k, struct expr *e)
{
	struct check_map *m = map_find(k, e->u.map.name);
	struct type *t = e->u.map.whole && m->is_keyed ? m->key : m->value; // whole: typeof(@m)

	if (!e->u.map.whole)
		note_kind(k, m, e);
	if (e->u.map.key)
		check_map_key(k, m, &e->u.map.key, e->span);
	if (!k->final)
		return t;
	e->u.map.map = m->def;
	if (!m->is_assigned)
		report_undefined(k, e, m);
	return t;
}

// args[i] must be a map without a key; NULL after an error (or before types are known).
struct check_map *whole_map_arg(struct checker *k, struct expr *call, size_t i)
{
	struct expr *arg = call->u.call.args.data[i];
	struct check_map *m;

	if (arg->kind != EXPR_MAP || arg->u.map.key) {
		check_error(k, arg->span, "bad-argument", "%s() expects a map argument",
			    call->u.call.name);
		return NULL;
	}
	m = map_find(k, arg->u.map.name);
	arg->type = m->value;
	if (!k->final)
		return m;
	arg->u.map.map = m->def;
	if (!m->is_assigned) {
		report_undefined(k, arg, m);
		return NULL;
	}
	return m;
}

void join_map_value(struct checker *k, struct check_map *m, struct type *t)
{
	struct type *joined;

	if (k->final)
		return;
	joined = type_join(k, m->value, t);
	if (joined && joined != m->value) {
		m->value = joined;
		k->changed = true;
	}
}

// ---- declarations ----------------------------------------------------------------------

static const struct {
	const char *name;
	enum bpf_map_kind kind;
	bool per_cpu;
} declared_kinds[] = {
    {"hash", BPF_MAP_KIND_HASH, false},
    {"lruhash", BPF_MAP_KIND_LRU_HASH, false},
    {"percpuhash", BPF_MAP_KIND_PERCPU_HASH, true},
    {"percpulruhash", BPF_MAP_KIND_LRU_PERCPU_HASH, true},
};

static int find_kind(const char *name)
{
	for (int i = 0; i < 4; i++)
		if (strcmp(declared_kinds[i].name, name) == 0)
			return i;
	return -1;
}

static void apply_decl(struct checker *k, struct map_decl *d)
{
	struct check_map *m = map_get(k, d->name, d->span);

	if (m->decl) {
		check_warn(k, d->span, "shadowing",
			   "@%s was already declared: this declaration has no effect", d->name);
		return;
	}
	m->decl = d;
	if (find_kind(d->kind) < 0) {
		if (check_error(k, d->kind_span, "unknown-map-kind", "Invalid bpf map type: %s",
				d->kind))
			diag_hint(&k->c->diag,
				  "Valid map types: percpulruhash, percpuhash, lruhash, hash");
		return;
	}
	if (d->max_entries)
		resolve_expr(k, &d->max_entries);
	if (!d->max_entries || d->max_entries->kind != EXPR_INT ||
	    d->max_entries->u.integer.is_negative || !d->max_entries->u.integer.value ||
	    d->max_entries->u.integer.value > UINT32_MAX)
		check_error(k, d->span, "bad-argument",
			    "The number of entries of a map must be a constant from 1 to "
			    "4294967295");
}

void maps_apply_decls(struct checker *k)
{
	for (size_t i = 0; i < k->c->ast.map_decls.len; i++)
		apply_decl(k, &k->c->ast.map_decls.data[i]);
}

// A long time series is too large for one copy per CPU; programs then share it.
static bool is_per_cpu(const struct type *t)
{
	return type_is_aggregation(t) && t->size <= PERCPU_VALUE_MAX;
}

static void apply_declared_kind(struct checker *k, struct check_map *m, struct map_def *def)
{
	int i = find_kind(m->decl->kind);
	bool per_cpu = is_per_cpu(m->value);

	if (i < 0 || !m->decl->max_entries || m->decl->max_entries->kind != EXPR_INT)
		return; // reported
	if (declared_kinds[i].per_cpu != per_cpu) {
		check_error(k, m->first_kind_use, "map-kind",
			    "Incompatible map types. Type from declaration: %s. Type from "
			    "value/key type: %s",
			    m->decl->kind, per_cpu ? "percpuhash" : "hash");
		return;
	}
	def->bpf_kind = declared_kinds[i].kind;
	def->max_entries = (uint32_t)m->decl->max_entries->u.integer.value;
}

// ---- definitions -------------------------------------------------------------------------

static uint32_t round_up8(uint32_t n)
{
	return (n + 7) & ~7u;
}

static void define_scalar(struct check_map *m, struct map_def *def)
{
	bool per_cpu = is_per_cpu(def->value);

	def->scalar = true;
	def->max_entries = 1;
	if (!m->decl && (type_is_aggregation(def->value) || def->value->size <= 8)) {
		def->slot = true;
		def->bpf_kind = per_cpu ? BPF_MAP_KIND_PERCPU_ARRAY : BPF_MAP_KIND_ARRAY;
		def->key_size = 4;
		def->value_size = 8 + round_up8(def->value->size);
		return;
	}
	def->bpf_kind = per_cpu ? BPF_MAP_KIND_PERCPU_HASH : BPF_MAP_KIND_HASH;
	def->key_size = SCALAR_KEY_BYTES;
	def->value_size = def->value->size;
}

static void define_keyed(struct checker *k, struct check_map *m, struct map_def *def)
{
	bool per_cpu = is_per_cpu(def->value);

	def->bpf_kind = per_cpu ? BPF_MAP_KIND_PERCPU_HASH : BPF_MAP_KIND_HASH;
	def->key = type_settle(k, m->key);
	def->key_size = def->key->size;
	def->value_size = def->value->size;
	def->max_entries = (uint32_t)k->program->config.max_map_keys;
}

static bool is_lru(const struct map_def *def)
{
	return def->bpf_kind == BPF_MAP_KIND_LRU_HASH ||
	       def->bpf_kind == BPF_MAP_KIND_LRU_PERCPU_HASH;
}

static void define(struct checker *k, struct check_map *m)
{
	struct map_def *def = program_add_map(k->program, MAP_USER, m->name);

	m->def = def;
	def->span = m->first_use;
	def->value = type_settle(k, m->value);
	if (m->is_keyed)
		define_keyed(k, m, def);
	else
		define_scalar(m, def);
	if (m->decl)
		apply_declared_kind(k, m, def);
	if (def->value_size > LARGE_VALUE && !def->slot && !is_lru(def))
		def->flags |= NO_PREALLOC;
}

// A map of which nothing tells the type: it is only read, or assigned only from itself and the
// like of it. In bpftrace its value is a number.
bool maps_default(struct checker *k)
{
	bool any = false;

	for (size_t i = 0; i < k->maps.len; i++) {
		struct check_map *m = k->maps.data[i];

		if (type_known(m->value) || !(m->is_scalar || m->is_keyed))
			continue;
		m->value = m->is_counted ? &type_int64 : &type_int8;
		m->is_guessed = !m->is_assigned;
		m->is_untyped = true;
		any = true;
	}
	return any;
}

void maps_settle(struct checker *k)
{
	for (size_t i = 0; i < k->maps.len; i++) {
		struct check_map *m = k->maps.data[i];
		bool keyed = m->is_keyed && !type_known(m->key);

		if (type_known(m->value) && !keyed && !m->kind_conflict)
			define(k, m);
	}
}

void maps_check_decls(struct checker *k)
{
	for (size_t i = 0; i < k->maps.len; i++) {
		struct check_map *m = k->maps.data[i];

		if (m->decl && !m->is_scalar && !m->is_keyed && !m->is_used_whole)
			check_warn(k, m->decl->span, "unused-map", "Unused map: @%s", m->name);
	}
}
