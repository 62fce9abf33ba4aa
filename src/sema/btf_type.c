// btf_type.c: a BTF type id becomes a struct type.
//
// Enters: ids and names. Leaves: types that live in the compilation's arena. Typedefs and
// qualifiers are looked through, but a struct without a tag takes its typedef's name. Anonymous
// members are flattened into the struct around them, as C's look-up sees them. Arrays of char
// are strings (elem: NULL), arrays of other bytes, too (elem: uint8). Refuses nothing: what
// cannot be a value (functions, void, floats) is void or bytes. Pointers have no address space of
// their own: they get it from where they are read.
#include "sema/btf_type.h"

#include <string.h>

#include "base/str.h"
#include "sema/kernel_btf.h"

#define FLATTEN_MAX 16 // levels of anonymous members

struct btf_slot {
	uint32_t id; // 0: free
	struct type *type;
};

// ---- the cache ---------------------------------------------------------------------------

static struct btf_slot *find_slot(struct btf_source *s, uint32_t id)
{
	size_t i = (id * 2654435761u) & (s->slot_count - 1);

	while (s->slots[i].id && s->slots[i].id != id)
		i = (i + 1) & (s->slot_count - 1);
	return &s->slots[i];
}

static void grow(struct btf_source *s)
{
	struct btf_slot *old = s->slots;
	size_t count = s->slot_count;

	s->slot_count = count ? count * 2 : 256;
	s->slots = arena_array(s->arena, struct btf_slot, s->slot_count);
	for (size_t i = 0; i < count; i++)
		if (old[i].id)
			*find_slot(s, old[i].id) = old[i];
}

static struct type *remember(struct btf_source *s, uint32_t id, struct type *t)
{
	struct btf_slot *slot;

	if (2 * (s->used + 1) > s->slot_count)
		grow(s);
	slot = find_slot(s, id);
	if (!slot->id)
		s->used++;
	*slot = (struct btf_slot){id, t};
	return t;
}

// ---- one type ----------------------------------------------------------------------------

static struct type *bytes_type(struct btf_source *s, uint32_t size)
{
	return size ? type_array(s->arena, &type_uint8, size) : &type_void;
}

static struct type *int_type(struct btf_source *s, const struct btf_info *b)
{
	if (b->is_bool)
		return &type_bool;
	if (b->size == 16)
		return b->is_signed ? &type_int128 : &type_uint128;
	if (b->size != 1 && b->size != 2 && b->size != 4 && b->size != 8)
		return bytes_type(s, b->size);
	return type_int(b->size, b->is_signed);
}

// As in bpftrace, also arrays of unsigned char are strings; those may hold any bytes.
static bool is_byte(const struct btf_source *s, uint32_t id, bool *binary)
{
	struct btf_info b;

	if (!btf_get(s->file, btf_strip(s->file, id), &b) || b.tag != BTF_TAG_INT ||
	    b.size != 1 || b.is_bool)
		return false;
	*binary = !b.is_char;
	return true;
}

static struct type *array_type(struct btf_source *s, const struct btf_info *b)
{
	struct type *elem, *t;
	bool binary;

	if (b->length > 1u << 28)
		return &type_void;
	if (b->length && is_byte(s, b->elem, &binary)) {
		t = type_string(s->arena, b->length);
		t->elem = binary ? &type_uint8 : NULL;
		return t;
	}
	elem = btf_type_of(s, b->elem);
	if ((uint64_t)elem->size * b->length > 1u << 30)
		return &type_void;
	return type_array(s->arena, elem, b->length);
}

static const char *tag_word(enum btf_tag tag, bool is_union)
{
	if (tag == BTF_TAG_ENUM || tag == BTF_TAG_ENUM64)
		return "enum";
	return tag == BTF_TAG_UNION || is_union ? "union" : "struct";
}

// alias: the typedef that led here, or NULL.
static struct type *named_type(struct btf_source *s, const struct btf_info *b, const char *alias)
{
	bool is_enum = b->tag == BTF_TAG_ENUM || b->tag == BTF_TAG_ENUM64;
	struct type *t = type_make(s->arena, is_enum ? TYPE_ENUM : TYPE_STRUCT, b->size,
				   b->size && b->size < 8 ? 1 : 8);

	t->is_union = b->tag == BTF_TAG_UNION;
	t->is_signed = b->is_signed;
	t->btf_id = b->id;
	t->source = &s->pub;
	t->source_id = b->id;
	t->incomplete = b->tag != BTF_TAG_FWD;
	if (is_enum)
		t->align = b->size;
	if (*b->name)
		t->name =
		    arena_printf(s->arena, "%s %s",
				 tag_word(b->tag, b->tag == BTF_TAG_FWD && b->bitfields), b->name);
	else if (alias)
		t->name = alias;
	else
		t->name = arena_printf(s->arena, "%s <anonymous>", tag_word(b->tag, false));
	return t;
}

static bool is_wrapper(enum btf_tag tag)
{
	return tag == BTF_TAG_TYPEDEF || tag == BTF_TAG_CONST || tag == BTF_TAG_VOLATILE ||
	       tag == BTF_TAG_RESTRICT || tag == BTF_TAG_TYPE_TAG;
}

// The typedef nearest to what id stands for; NULL: none.
static const char *alias_of(struct btf_source *s, uint32_t id)
{
	const char *name = NULL;
	struct btf_info b;

	for (int i = 0; i < 64 && btf_get(s->file, id, &b) && is_wrapper(b.tag); i++) {
		if (b.tag == BTF_TAG_TYPEDEF)
			name = b.name;
		id = b.target;
	}
	return name;
}

// `__user`, where the kernel's compiler left it in BTF.
static enum addr_space pointed_space(struct btf_source *s, uint32_t target)
{
	struct btf_info b;

	for (int i = 0; i < 16 && btf_get(s->file, target, &b) && b.tag == BTF_TAG_TYPE_TAG; i++) {
		if (strcmp(b.name, "user") == 0)
			return SPACE_USER;
		target = b.target;
	}
	return SPACE_NONE;
}

static struct type *make_type(struct btf_source *s, const struct btf_info *b, const char *alias)
{
	struct type *t;

	switch (b->tag) {
	case BTF_TAG_INT:
		return int_type(s, b);
	case BTF_TAG_FLOAT:
		return type_float(s->arena, b->size);
	case BTF_TAG_PTR: // remembered before its target: types form rings
		t = remember(s, b->id, type_pointer(s->arena, &type_void, SPACE_NONE));
		t->space = pointed_space(s, b->target);
		t->elem = btf_type_of(s, b->target);
		return t;
	case BTF_TAG_ARRAY:
		return array_type(s, b);
	case BTF_TAG_STRUCT:
	case BTF_TAG_UNION:
	case BTF_TAG_ENUM:
	case BTF_TAG_ENUM64:
	case BTF_TAG_FWD:
		return named_type(s, b, alias);
	default:
		return &type_void;
	}
}

struct type *btf_type_of(struct btf_source *s, uint32_t id)
{
	uint32_t bare = btf_strip(s->file, id);
	struct btf_slot *slot;
	struct btf_info b;

	if (!bare)
		return &type_void;
	slot = s->slot_count ? find_slot(s, bare) : NULL;
	if (slot && slot->id)
		return slot->type;
	if (!btf_get(s->file, bare, &b))
		return &type_void;
	return remember(s, bare, make_type(s, &b, alias_of(s, id)));
}

// ---- members -----------------------------------------------------------------------------

struct members {
	struct btf_source *source;
	ARENA_VEC(struct type_field) fields;
	uint32_t align;
};

static uint32_t align_of(struct type *t)
{
	type_complete(t);
	return t->align ? t->align : 1;
}

// Its storage unit where it fits into one, so that the number is found where C has it.
static void set_bits(struct type_field *f, const struct btf_member_info *m, uint32_t bits)
{
	uint32_t unit = f->type->size ? f->type->size : 1;
	uint32_t offset = bits / 8 / unit * unit;

	if (bits - offset * 8 + m->bit_size > unit * 8)
		offset = bits / 8;
	f->offset = offset;
	f->bit_offset = (uint16_t)(bits - offset * 8);
	f->bit_size = (uint16_t)m->bit_size;
}

static void add_members(struct members *all, const struct btf_info *b, uint32_t base_bits,
			int level)
{
	struct btf_source *s = all->source;
	struct btf_member_info m;
	struct btf_info inner;

	for (uint32_t i = 0; btf_member(s->file, b, i, &m); i++) {
		uint32_t bits = base_bits + m.bit_offset, id = btf_strip(s->file, m.type);

		if (!*m.name) { // an anonymous bitfield is padding
			if (level < FLATTEN_MAX && btf_get(s->file, id, &inner) &&
			    (inner.tag == BTF_TAG_STRUCT || inner.tag == BTF_TAG_UNION))
				add_members(all, &inner, bits, level + 1);
			continue;
		}
		struct type_field f = {.name = m.name, .type = type_low_half(btf_type_of(s, m.type))};
		f.offset = bits / 8;
		if (m.bit_size)
			set_bits(&f, &m, bits);
		if (f.type->kind != TYPE_STRUCT && align_of(f.type) > all->align)
			all->align = align_of(f.type);
		arena_push(s->arena, &all->fields, f);
	}
}

static void complete_struct(struct btf_source *s, struct type *t, const struct btf_info *b)
{
	struct members all = {.source = s, .align = 1};

	add_members(&all, b, 0, 0);
	t->fields = all.fields.data;
	t->field_count = all.fields.len;
	t->align = t->size % 8 ? all.align : 8;
}

static void complete_enum(struct btf_source *s, struct type *t, const struct btf_info *b)
{
	struct type_enumerator *all = arena_array(s->arena, struct type_enumerator, b->count + 1);
	size_t n = 0;

	while (n < b->count && btf_enumerator(s->file, b, (uint32_t)n, &all[n].name, &all[n].value))
		n++;
	t->enumerators = all;
	t->enumerator_count = n;
}

static void complete(struct type_source *source, struct type *t)
{
	struct btf_source *s = (struct btf_source *)source;
	struct btf_info b;

	t->incomplete = false;
	if (!btf_get(s->file, (uint32_t)t->source_id, &b))
		return;
	if (t->kind == TYPE_ENUM)
		complete_enum(s, t, &b);
	else
		complete_struct(s, t, &b);
}

// ---- by name -----------------------------------------------------------------------------

static uint32_t find_id(struct btf_source *s, const char *name)
{
	uint32_t id;

	if (str_starts_with(name, "struct "))
		return btf_find(s->file, BTF_TAG_STRUCT, name + strlen("struct "));
	if (str_starts_with(name, "union "))
		return btf_find(s->file, BTF_TAG_UNION, name + strlen("union "));
	if (str_starts_with(name, "enum "))
		return btf_find(s->file, BTF_TAG_ENUM, name + strlen("enum "));
	id = btf_find(s->file, BTF_TAG_TYPEDEF, name);
	return id ? id : btf_find(s->file, BTF_TAG_INT, name);
}

static struct type *find(struct type_source *source, const char *name)
{
	struct btf_source *s = (struct btf_source *)source;
	uint32_t id = find_id(s, name);

	return id ? btf_type_of(s, id) : NULL;
}

struct type *btf_constant(struct compiler *c, const char *name, int64_t *value)
{
	struct btf_source *s = btf_source_get(c, NULL, NULL);
	uint32_t id;

	if (!s || !btf_find_enumerator(s->file, name, value, &id))
		return NULL;
	return btf_type_of(s, id);
}

// ---- sources -----------------------------------------------------------------------------

static bool same_module(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

struct btf_source *btf_source_get(struct compiler *c, const char *module, int *err)
{
	struct btf_source *s = c->btf_sources;
	struct btf_file *f;

	while (s && !same_module(s->module, module))
		s = s->next;
	if (s)
		return s;
	f = kernel_btf_get(c, module, err);
	if (!f)
		return NULL;
	s = arena_new(&c->arena, struct btf_source);
	s->pub.complete = complete;
	s->pub.find = find;
	s->pub.where = "the kernel's BTF";
	s->arena = &c->arena;
	s->file = f;
	s->module = module ? arena_strdup(&c->arena, module) : NULL;
	s->next = c->btf_sources;
	c->btf_sources = s;
	return s;
}
