// c_layout: members come in one by one, a struct or union laid out as the C ABI of x86-64 and
// arm64 does leaves. Members of anonymous structs and unions become members of the one around
// them. Refuses types of more than C_MAX_TYPE_SIZE bytes.
#include "sema/cdefs_private.h"

static uint64_t round_up(uint64_t n, uint64_t to)
{
	return to < 2 ? n : (n + to - 1) / to * to;
}

static uint32_t member_align(const struct c_layout *l, const struct type *t,
			     const struct c_attributes *a)
{
	uint32_t align = t->align ? t->align : 1;

	if (l->packed || a->packed)
		align = 1;
	return a->align > align ? a->align : align;
}

// Its storage unit where it fits into one, so that the number is found where C has it.
static void set_bits(struct type_field *f, uint64_t bits, int width)
{
	uint32_t unit = f->type->size ? f->type->size : 1;
	uint64_t offset = bits / 8 / unit * unit;

	if (bits - offset * 8 + (uint64_t)width > unit * 8)
		offset = bits / 8;
	f->offset = (uint32_t)offset;
	f->bit_offset = (uint16_t)(bits - offset * 8);
	f->bit_size = (uint16_t)width;
}

static void place_bits(struct c_layout *l, const char *name, struct type *t, int width,
		       const struct c_attributes *a)
{
	uint64_t unit = (uint64_t)t->size * 8, align = member_align(l, t, a);
	struct type_field f = {.name = name, .type = t};
	bool packed = l->packed || a->packed;

	if (!width) { // the next member begins a new unit
		l->bits = round_up(l->bits, (t->align ? t->align : 1) * 8);
		return;
	}
	if (!packed && unit && l->bits % unit + (uint64_t)width > unit)
		l->bits = round_up(l->bits, align * 8);
	if (name) {
		set_bits(&f, l->bits, width);
		arena_push(l->arena, &l->fields, f);
		if (align > l->align)
			l->align = (uint32_t)align;
	}
	l->bits += (uint64_t)width;
}

static void flatten(struct c_layout *l, const struct type *inner, uint32_t base)
{
	for (size_t i = 0; i < inner->field_count; i++) {
		struct type_field f = inner->fields[i];

		f.offset += base;
		arena_push(l->arena, &l->fields, f);
	}
}

static void place_member(struct c_layout *l, const char *name, struct type *t,
			 const struct c_attributes *a)
{
	uint32_t align = member_align(l, t, a);
	struct type_field f = {.name = name, .type = type_low_half(t)};

	l->bits = round_up(l->bits, (uint64_t)align * 8);
	f.offset = (uint32_t)(l->bits / 8);
	if (align > l->align)
		l->align = align;
	if (name)
		arena_push(l->arena, &l->fields, f);
	else
		flatten(l, t, f.offset);
	l->bits += (uint64_t)t->size * 8;
}

void c_layout_member(struct c_layout *l, const char *name, struct type *t, int width,
		     const struct c_attributes *attributes)
{
	if (l->max_bits > (uint64_t)C_MAX_TYPE_SIZE * 8)
		return;
	if (width >= 0)
		place_bits(l, name, t, width, attributes);
	else
		place_member(l, name, t, attributes);
	if (l->bits > l->max_bits)
		l->max_bits = l->bits;
	if (l->type->is_union)
		l->bits = 0;
}

bool c_layout_finish(struct c_layout *l, const struct c_attributes *attributes)
{
	uint64_t size;

	if (!l->align)
		l->align = 1;
	if (attributes->align > l->align)
		l->align = attributes->align;
	size = round_up((l->max_bits + 7) / 8, l->align);
	if (size > C_MAX_TYPE_SIZE)
		return false;
	l->type->size = (uint32_t)size;
	l->type->align = l->align;
	l->type->fields = l->fields.data;
	l->type->field_count = l->fields.len;
	return true;
}
