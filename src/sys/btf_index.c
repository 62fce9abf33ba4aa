// btf_index.c: types of a BTF file by name.
//
// The first look-ups of a tag walk all types, which is a millisecond for a kernel and needs no
// memory; whoever asks more often pays a few milliseconds once, for an index.
#include "sys/btf_types.h"

#include <stdlib.h>
#include <string.h>

#include "sys/btf_file.h"

enum { WALKS = 3 }; // look-ups before an index pays

// ENUM stands for ENUM64, too.
static bool tag_matches(enum btf_tag have, enum btf_tag want)
{
	return have == want || (want == BTF_TAG_ENUM && have == BTF_TAG_ENUM64);
}

static const struct btf_raw *own_type(const struct btf_file *f, uint32_t i)
{
	return (const struct btf_raw *)(const void *)(f->types + f->offsets[i]);
}

static uint32_t walk_for(const struct btf_file *f, enum btf_tag tag, const char *name)
{
	for (uint32_t i = 0; i < f->own; i++) {
		const struct btf_raw *t = own_type(f, i);
		if (tag_matches(btf_raw_tag(t), tag) && t->name_off &&
		    strcmp(btf_file_name(f, t->name_off), name) == 0)
			return f->first + i;
	}
	return 0;
}

static bool build_names(struct btf_file *f, enum btf_tag tag, struct name_index *index)
{
	size_t n = 0;

	for (uint32_t i = 0; i < f->own; i++)
		n += tag_matches(btf_raw_tag(own_type(f, i)), tag);
	if (!name_index_init(index, n))
		return false;
	for (uint32_t i = 0; i < f->own; i++) {
		const struct btf_raw *t = own_type(f, i);
		const char *name = btf_file_name(f, t->name_off);
		if (tag_matches(btf_raw_tag(t), tag) && *name)
			name_index_add(index, name, f->first + i);
	}
	return true;
}

static uint32_t find_own(struct btf_file *f, enum btf_tag tag, const char *name)
{
	struct btf_names *names = &f->names[tag];
	uint32_t id = 0;

	if (!names->index.mask && (++names->walks <= WALKS || !build_names(f, tag, &names->index)))
		return walk_for(f, tag, name);
	name_index_find(&names->index, name, &id);
	return id;
}

void btf_index(struct btf_file *f, enum btf_tag tag)
{
	if (!f->names[tag].index.mask)
		build_names(f, tag, &f->names[tag].index);
}

uint32_t btf_find(struct btf_file *f, enum btf_tag tag, const char *name)
{
	if (tag > BTF_TAG_ENUM64 || !*name)
		return 0;
	uint32_t id = find_own(f, tag, name);
	// The base is shared, but only we build its indexes.
	if (!id && f->base && tag != BTF_TAG_FUNC)
		id = btf_find((struct btf_file *)f->base, tag, name);
	return id;
}

// ---- enumerators -------------------------------------------------------------------------

static size_t count_enumerators(const struct btf_file *f)
{
	size_t n = 0;

	for (uint32_t i = 0; i < f->own; i++)
		if (tag_matches(btf_raw_tag(own_type(f, i)), BTF_TAG_ENUM))
			n += btf_raw_vlen(own_type(f, i));
	return n;
}

static void add_enumerators(struct btf_file *f, uint32_t id, uint32_t *next)
{
	struct btf_info t;
	const char *name;
	int64_t value;

	btf_get(f, id, &t);
	for (uint32_t i = 0; btf_enumerator(f, &t, i, &name, &value); i++) {
		if (*name && name_index_add(&f->enumerators.index, name, *next))
			f->constants[(*next)++] = (struct btf_constant){id, i};
	}
}

static bool build_enumerators(struct btf_file *f)
{
	size_t n = count_enumerators(f);
	uint32_t next = 0;

	f->constants = malloc((n + 1) * sizeof(*f->constants));
	if (!f->constants || !name_index_init(&f->enumerators.index, n))
		return false;
	for (uint32_t i = 0; i < f->own; i++)
		if (tag_matches(btf_raw_tag(own_type(f, i)), BTF_TAG_ENUM))
			add_enumerators(f, f->first + i, &next);
	return true;
}

bool btf_find_enumerator(struct btf_file *f, const char *name, int64_t *value, uint32_t *enum_id)
{
	const char *again;
	struct btf_info t;
	uint32_t at;

	if (!*name || (!f->constants && !build_enumerators(f)))
		return false;
	if (name_index_find(&f->enumerators.index, name, &at)) {
		*enum_id = f->constants[at].enum_id;
		return btf_get(f, *enum_id, &t) &&
		       btf_enumerator(f, &t, f->constants[at].which, &again, value);
	}
	return f->base && btf_find_enumerator((struct btf_file *)f->base, name, value, enum_id);
}

// ---- functions ---------------------------------------------------------------------------

void btf_each_func(struct btf_file *f, bool (*visit)(void *ctx, const struct btf_info *func),
		   void *ctx)
{
	struct btf_info t;

	for (uint32_t i = 0; i < f->own; i++) {
		if (btf_raw_tag(own_type(f, i)) != BTF_TAG_FUNC)
			continue;
		if (btf_get(f, f->first + i, &t) && !visit(ctx, &t))
			return;
	}
}
