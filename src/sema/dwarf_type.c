// dwarf_type.c: an entry of a program's debug information becomes a struct type.
//
// Enters: entries and names. Leaves: types that live in the compilation's arena, by the same
// conventions as the kernel's (btf_type.c): typedefs and qualifiers are looked through, but a
// struct without a tag takes its typedef's name; anonymous members and the members of base
// classes are flattened into the struct around them; arrays of plain char are strings; pointers
// get their address space from where they are read. References are pointers. Refuses nothing:
// what cannot be a value (functions, void) is void, floats are bytes.
#include "sema/dwarf_type.h"

#include <string.h>

#include "base/str.h"

enum {
	FLATTEN_MAX = 16, // levels of anonymous members and base classes
	NESTING_MAX = 64, // pointers to arrays of pointers ...
	SIZE_MAX_BYTES = 1 << 30,
};

static struct type *type_at(struct dwarf_source *s, debug_id id, unsigned depth);

// ---- the cache ---------------------------------------------------------------------------

static struct type **slot_of(struct dwarf_source *s, debug_id id)
{
	if (id >= s->type_cap)
		s->types = arena_grow(s->arena, s->types, s->type_cap, &s->type_cap, (size_t)id + 1,
				      sizeof(struct type *));
	return &s->types[id];
}

// ---- one type ----------------------------------------------------------------------------

static struct type *bytes_type(struct dwarf_source *s, uint64_t size)
{
	if (!size || size > SIZE_MAX_BYTES)
		return &type_void;
	return type_array(s->arena, &type_uint8, (uint32_t)size);
}

static struct type *int_type(struct dwarf_source *s, const struct debug_type *d)
{
	if (d->size == 16)
		return d->is_signed ? &type_int128 : &type_uint128;
	if (d->size != 1 && d->size != 2 && d->size != 4 && d->size != 8)
		return bytes_type(s, d->size);
	return type_int((uint32_t)d->size, d->is_signed);
}

// Text is an array of char; int8_t and uint8_t, typedefs of characters, are numbers.
static bool is_char(struct dwarf_source *s, debug_id id)
{
	struct debug_type d;

	for (int i = 0; i < NESTING_MAX && debug_type_get(s->file, id, &d); i++) {
		if (d.kind == DEBUG_CHAR)
			return true;
		if (d.kind < DEBUG_CONST || d.kind > DEBUG_ATOMIC)
			return false;
		id = d.target;
	}
	return false;
}

static struct type *array_type(struct dwarf_source *s, const struct debug_type *d, unsigned depth)
{
	unsigned n = d->dimensions;
	struct type *t;

	if (is_char(s, d->target) && d->lengths[n - 1] && d->lengths[n - 1] < SIZE_MAX_BYTES) {
		t = type_string(s->arena, (uint32_t)d->lengths[--n]);
		t->elem = &type_int8;
	} else {
		t = type_at(s, d->target, depth + 1);
	}
	while (n-- > 0) {
		uint64_t length = d->lengths[n];
		if (length > SIZE_MAX_BYTES || t->size * length > SIZE_MAX_BYTES)
			return &type_void;
		t = type_array(s->arena, t, (uint32_t)length);
	}
	return t;
}

// alias: the typedef that led here, or NULL.
static const char *name_of(struct dwarf_source *s, const struct debug_type *d, const char *alias)
{
	const char *word = d->kind == DEBUG_ENUM    ? "enum"
			   : d->kind == DEBUG_UNION ? "union"
						    : "struct";

	if (*d->name)
		return arena_printf(s->arena, "%s %s", word, d->name);
	return alias ? alias : arena_printf(s->arena, "%s <anonymous>", word);
}

static struct type *named_type(struct dwarf_source *s, const struct debug_type *d,
			       const char *alias)
{
	bool is_enum = d->kind == DEBUG_ENUM;
	uint32_t size = d->size <= SIZE_MAX_BYTES ? (uint32_t)d->size : 0;

	if (is_enum && size != 1 && size != 2 && size != 4 && size != 8)
		size = 4;
	struct type *t = type_make(s->arena, is_enum ? TYPE_ENUM : TYPE_STRUCT, size,
				   is_enum	      ? size
				   : size && size < 8 ? 1
						      : 8);
	t->is_union = d->kind == DEBUG_UNION;
	t->is_signed = d->is_signed;
	t->name = name_of(s, d, alias);
	t->source = &s->pub;
	t->source_id = d->id;
	t->incomplete = true;
	return t;
}

static struct type *make_type(struct dwarf_source *s, const struct debug_type *d, const char *alias,
			      unsigned depth)
{
	struct type *t;

	switch (d->kind) {
	case DEBUG_BOOL: // a number, as bpftrace has it
	case DEBUG_INT:
	case DEBUG_CHAR:
		return int_type(s, d);
	case DEBUG_FLOAT:
		return d->size && d->size <= 16 ? type_float(s->arena, (uint32_t)d->size)
						: &type_void;
	case DEBUG_OTHER:
		return bytes_type(s, d->size);
	case DEBUG_POINTER:
	case DEBUG_REFERENCE: // remembered before its target: types form rings
		t = *slot_of(s, d->id) = type_pointer(s->arena, &type_void, SPACE_NONE);
		t->elem = type_at(s, d->target, depth + 1);
		return t;
	case DEBUG_ARRAY:
		return array_type(s, d, depth);
	case DEBUG_STRUCT:
	case DEBUG_UNION:
	case DEBUG_ENUM:
		return named_type(s, d, alias);
	default:
		return &type_void;
	}
}

// The typedef nearest to what id stands for; NULL: none.
static const char *alias_of(struct dwarf_source *s, debug_id id)
{
	const char *name = NULL;
	struct debug_type d;

	for (int i = 0; i < NESTING_MAX && debug_type_get(s->file, id, &d); i++) {
		if (d.kind == DEBUG_TYPEDEF)
			name = d.name;
		else if (d.kind < DEBUG_CONST || d.kind > DEBUG_ATOMIC)
			break;
		id = d.target;
	}
	return name;
}

static struct type *type_at(struct dwarf_source *s, debug_id id, unsigned depth)
{
	struct debug_type d;
	struct type *t;

	if (depth > NESTING_MAX || !debug_type_strip(s->file, id, &d) || !d.id)
		return &type_void;
	t = *slot_of(s, d.id);
	if (t)
		return t;
	t = make_type(s, &d, alias_of(s, id), depth);
	return *slot_of(s, d.id) = t;
}

struct type *dwarf_type_of(struct dwarf_source *s, debug_id id)
{
	return s->file ? type_at(s, id, 0) : &type_void;
}

// ---- members -----------------------------------------------------------------------------

struct members {
	struct dwarf_source *source;
	ARENA_VEC(struct type_field) fields;
	uint64_t base_bits; // of the struct that is being flattened
	uint32_t align, limit;
	int level;
};

static uint32_t align_of(const struct type *t)
{
	return t->align ? t->align : 1;
}

// Its storage unit where it fits into one, so that the number is found where C has it.
static void set_bits(struct type_field *f, uint64_t bits, uint32_t bit_size)
{
	uint64_t unit = f->type->size ? f->type->size : 1;
	uint64_t offset = bits / 8 / unit * unit;

	if (bits - offset * 8 + bit_size > unit * 8)
		offset = bits / 8;
	f->offset = (uint32_t)offset;
	f->bit_offset = (uint16_t)(bits - offset * 8);
	f->bit_size = (uint16_t)bit_size;
}

static bool add_member(void *ctx, const struct debug_member *m);

static void flatten(struct members *all, const struct debug_member *m, uint64_t bits)
{
	struct dwarf_source *s = all->source;
	uint64_t before = all->base_bits;
	struct debug_type d;

	if (all->level >= FLATTEN_MAX || !debug_type_strip(s->file, m->type, &d) ||
	    (d.kind != DEBUG_STRUCT && d.kind != DEBUG_UNION))
		return;
	all->level++;
	all->base_bits = bits;
	debug_each_member(s->file, d.id, add_member, all);
	all->base_bits = before;
	all->level--;
}

static bool add_member(void *ctx, const struct debug_member *m)
{
	struct members *all = ctx;
	struct dwarf_source *s = all->source;
	uint64_t bits = all->base_bits + m->bit_offset;

	if (!*m->name || m->is_base) { // an anonymous bitfield is padding
		flatten(all, m, bits);
		return true;
	}
	struct type_field f = {.name = m->name, .type = type_low_half(type_at(s, m->type, 0))};
	if (bits / 8 + (m->bit_size ? 1 : f.type->size) > all->limit)
		return true; // outside of the struct: nonsense
	f.offset = (uint32_t)(bits / 8);
	if (m->bit_size && (!type_is_int(f.type) || m->bit_size > 8 * f.type->size))
		return true;
	if (m->bit_size)
		set_bits(&f, bits, m->bit_size);
	if (f.type->kind != TYPE_STRUCT && align_of(f.type) > all->align)
		all->align = align_of(f.type);
	arena_push(s->arena, &all->fields, f);
	return true;
}

// A struct that is only declared in one unit is defined in another one, or nowhere.
static debug_id definition_of(struct dwarf_source *s, const struct debug_type *d)
{
	debug_id other = 0;

	if (!d->is_declaration)
		return d->id;
	if (*d->name)
		other = debug_find_type(s->file, d->kind, d->name);
	return other ? other : d->id;
}

static void complete_struct(struct dwarf_source *s, struct type *t, debug_id id)
{
	struct members all = {.source = s, .align = 1};
	struct debug_type d;

	if (!debug_type_get(s->file, id, &d) || d.size > SIZE_MAX_BYTES)
		return;
	t->size = all.limit = (uint32_t)d.size;
	debug_each_member(s->file, d.id, add_member, &all);
	t->fields = all.fields.data;
	t->field_count = all.fields.len;
	t->align = t->size % 8 ? all.align : 8;
}

struct enumerators {
	struct arena *arena;
	ARENA_VEC(struct type_enumerator) all;
};

static bool add_enumerator(void *ctx, const char *name, int64_t value)
{
	struct enumerators *e = ctx;
	struct type_enumerator one = {.name = name, .value = value};

	arena_push(e->arena, &e->all, one);
	return true;
}

static void complete(struct type_source *source, struct type *t)
{
	struct dwarf_source *s = (struct dwarf_source *)source;
	struct enumerators e = {.arena = s->arena};
	struct debug_type d;

	t->incomplete = false;
	if (!debug_type_get(s->file, (debug_id)t->source_id, &d))
		return;
	debug_id id = definition_of(s, &d);
	if (t->kind == TYPE_STRUCT) {
		complete_struct(s, t, id);
		return;
	}
	debug_each_enumerator(s->file, id, add_enumerator, &e);
	t->enumerators = e.all.data;
	t->enumerator_count = e.all.len;
}

// ---- comparing ---------------------------------------------------------------------------

static bool same_fields(const struct type *a, const struct type *b)
{
	if (a->size != b->size || a->field_count != b->field_count)
		return false;
	for (size_t i = 0; i < a->field_count; i++) {
		const struct type_field *f = &a->fields[i], *g = &b->fields[i];
		if (f->offset != g->offset || f->bit_offset != g->bit_offset ||
		    f->bit_size != g->bit_size || strcmp(f->name, g->name) != 0 ||
		    !type_equal(f->type, g->type))
			return false;
	}
	return true;
}

bool dwarf_types_agree(struct type *a, struct type *b)
{
	for (int i = 0; i < NESTING_MAX && a && b && a != b && a->kind == b->kind; i++) {
		if (a->kind == TYPE_STRUCT && a->source && a->source->complete == complete) {
			type_complete(a);
			type_complete(b);
			return same_fields(a, b);
		}
		if (a->kind != TYPE_POINTER && a->kind != TYPE_ARRAY)
			return true;
		a = a->elem;
		b = b->elem;
	}
	return true;
}

// ---- by name -----------------------------------------------------------------------------

static struct type *find(struct type_source *source, const char *name)
{
	struct dwarf_source *s = (struct dwarf_source *)source;
	debug_id id;

	if (!s->file)
		return NULL;
	if (str_starts_with(name, "struct "))
		id = debug_find_type(s->file, DEBUG_STRUCT, name + strlen("struct "));
	else if (str_starts_with(name, "union "))
		id = debug_find_type(s->file, DEBUG_UNION, name + strlen("union "));
	else if (str_starts_with(name, "enum "))
		id = debug_find_type(s->file, DEBUG_ENUM, name + strlen("enum "));
	else
		id = debug_find_type(s->file, DEBUG_TYPEDEF, name);
	return id ? type_at(s, id, 0) : NULL;
}

// ---- sources -----------------------------------------------------------------------------

struct dwarf_source *dwarf_source_get(struct compiler *c, const char *path)
{
	struct dwarf_source *s = c->dwarf_sources;

	while (s && strcmp(s->path, path) != 0)
		s = s->next;
	if (s)
		return s;
	s = arena_new(&c->arena, struct dwarf_source);
	s->pub.complete = complete;
	s->pub.find = find;
	s->pub.where = arena_printf(&c->arena, "the debug information of %s", path);
	s->arena = &c->arena;
	s->path = arena_strdup(&c->arena, path);
	if (debug_file_open(c->options->root, path, c->options->debug_dirs, &s->file, &s->reason))
		s->file = NULL;
	s->next = c->dwarf_sources;
	c->dwarf_sources = s;
	return s;
}

void dwarf_sources_release(struct compiler *c)
{
	for (struct dwarf_source *s = c->dwarf_sources; s; s = s->next)
		debug_file_close(s->file);
	c->dwarf_sources = NULL;
}
