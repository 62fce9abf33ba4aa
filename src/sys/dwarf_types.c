// dwarf_types.c: what an entry says of a type, its members, and types by name.
//
// Enters: ids. Leaves: types one by one; who asks puts them together. Refuses: rings of
// typedefs, members beyond MEMBERS_MAX.
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sys/dwarf_file.h"

enum {
	CHAIN_MAX = 64, // of typedefs and qualifiers
	MEMBERS_MAX = 1 << 16,
	NESTING_MAX = 32,
};

static enum debug_kind kind_of_tag(int tag)
{
	static const struct {
		int tag;
		enum debug_kind kind;
	} kinds[] = {
	    {DW_TAG_pointer_type, DEBUG_POINTER},
	    {DW_TAG_reference_type, DEBUG_REFERENCE},
	    {DW_TAG_rvalue_reference_type, DEBUG_REFERENCE},
	    {DW_TAG_array_type, DEBUG_ARRAY},
	    {DW_TAG_structure_type, DEBUG_STRUCT},
	    {DW_TAG_class_type, DEBUG_STRUCT},
	    {DW_TAG_union_type, DEBUG_UNION},
	    {DW_TAG_enumeration_type, DEBUG_ENUM},
	    {DW_TAG_typedef, DEBUG_TYPEDEF},
	    {DW_TAG_const_type, DEBUG_CONST},
	    {DW_TAG_volatile_type, DEBUG_VOLATILE},
	    {DW_TAG_restrict_type, DEBUG_RESTRICT},
	    {DW_TAG_atomic_type, DEBUG_ATOMIC},
	    {DW_TAG_subroutine_type, DEBUG_FUNCTION},
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].tag == tag)
			return kinds[i].kind;
	return DEBUG_OTHER;
}

static bool get_number(Dwarf_Die *die, unsigned name, uint64_t *out)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if (!dwarf_attr_integrate(die, name, &attr) || dwarf_formudata(&attr, &value))
		return false;
	*out = value;
	return true;
}

// ---- one type ------------------------------------------------------------------------------

static void decode_base(Dwarf_Die *die, struct debug_type *t)
{
	uint64_t encoding = 0;

	get_number(die, DW_AT_encoding, &encoding);
	switch (encoding) {
	case DW_ATE_boolean:
		t->kind = DEBUG_BOOL;
		break;
	case DW_ATE_signed:
	case DW_ATE_signed_char:
		t->is_signed = true;
		// fall through
	case DW_ATE_unsigned:
	case DW_ATE_unsigned_char:
	case DW_ATE_UTF:
	case DW_ATE_address:
		t->kind = DEBUG_INT;
		break;
	case DW_ATE_float:
		t->kind = DEBUG_FLOAT;
		break;
	default:
		t->kind = DEBUG_OTHER;
	}
	if (t->kind == DEBUG_INT && t->size == 1 &&
	    (encoding == DW_ATE_signed_char || encoding == DW_ATE_unsigned_char))
		t->kind = DEBUG_CHAR;
}

static uint64_t subrange_length(Dwarf_Die *die)
{
	uint64_t n, lower = 0, upper;

	if (get_number(die, DW_AT_count, &n))
		return n;
	if (!get_number(die, DW_AT_upper_bound, &upper))
		return 0;
	get_number(die, DW_AT_lower_bound, &lower);
	// -1, in some producers' width, is an array without a length.
	if (upper == UINT64_MAX || upper == UINT32_MAX || upper < lower)
		return 0;
	return upper - lower + 1;
}

static void decode_array(struct debug_file *f, Dwarf_Die *die, struct debug_type *t)
{
	Dwarf_Die sub;
	Dwarf_Word size;

	debug_walk_begin(f);
	if (debug_walk_child(f, die, &sub)) {
		do {
			if (dwarf_tag(&sub) == DW_TAG_subrange_type &&
			    t->dimensions < DEBUG_DIMENSIONS_MAX)
				t->lengths[t->dimensions++] = subrange_length(&sub);
		} while (debug_walk_next(f, &sub));
	}
	if (!t->dimensions)
		t->dimensions = 1;
	if (!t->size && t->lengths[0] && !dwarf_aggregate_size(die, &size))
		t->size = size;
}

// A class in a unit of its own: here is only its signature.
static void follow_signature(Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Die whole;

	if (dwarf_attr(die, DW_AT_signature, &attr) && dwarf_formref_die(&attr, &whole))
		*die = whole;
}

static bool enum_is_signed(struct debug_file *f, Dwarf_Die *die, struct debug_type *t)
{
	struct debug_type integer;
	Dwarf_Die e;

	if (t->target && debug_type_strip(f, t->target, &integer))
		return integer.is_signed;
	debug_walk_begin(f);
	if (!debug_walk_child(f, die, &e))
		return false;
	do {
		Dwarf_Attribute attr;
		Dwarf_Sword v;
		if (dwarf_attr(&e, DW_AT_const_value, &attr) &&
		    dwarf_whatform(&attr) == DW_FORM_sdata && !dwarf_formsdata(&attr, &v) && v < 0)
			return true;
	} while (debug_walk_next(f, &e));
	return false;
}

bool debug_type_get(struct debug_file *f, debug_id id, struct debug_type *out)
{
	Dwarf_Die die;
	uint64_t convention = 0;

	*out = (struct debug_type){.id = id, .kind = DEBUG_VOID, .name = ""};
	if (!debug_die(f, id, &die))
		return !id;
	follow_signature(&die);
	out->id = debug_id_of(f, &die);
	out->kind = kind_of_tag(dwarf_tag(&die));
	out->name = debug_name_of(&die);
	out->target = debug_type_of(f, &die);
	out->is_declaration = debug_flag_of(&die, DW_AT_declaration);
	get_number(&die, DW_AT_byte_size, &out->size);
	if (dwarf_tag(&die) == DW_TAG_base_type)
		decode_base(&die, out);
	else if (out->kind == DEBUG_POINTER || out->kind == DEBUG_REFERENCE)
		out->size = out->size ? out->size : 8;
	else if (out->kind == DEBUG_ARRAY)
		decode_array(f, &die, out);
	else if (out->kind == DEBUG_ENUM)
		out->is_signed = enum_is_signed(f, &die, out);
	out->is_scoped = debug_flag_of(&die, DW_AT_enum_class);
	out->by_reference = get_number(&die, DW_AT_calling_convention, &convention) &&
			    convention == DW_CC_pass_by_reference;
	return true;
}

static bool is_wrapper(enum debug_kind kind)
{
	return kind >= DEBUG_TYPEDEF && kind <= DEBUG_ATOMIC;
}

bool debug_type_strip(struct debug_file *f, debug_id id, struct debug_type *out)
{
	for (int i = 0; i < CHAIN_MAX; i++) {
		if (!debug_type_get(f, id, out))
			return false;
		if (!is_wrapper(out->kind))
			return true;
		id = out->target;
	}
	return false;
}

// ---- members -------------------------------------------------------------------------------

// A number, or (before DWARF 3) an expression that adds one. False: a place that only the running
// program knows (virtual bases).
static bool member_byte(Dwarf_Die *die, uint64_t *out)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;
	Dwarf_Op *ops;
	size_t count;

	*out = 0;
	if (!dwarf_attr(die, DW_AT_data_member_location, &attr))
		return true;
	if (!dwarf_formudata(&attr, &value))
		*out = value;
	else if (!dwarf_getlocation(&attr, &ops, &count) && count == 1 &&
		 ops[0].atom == DW_OP_plus_uconst)
		*out = ops[0].number;
	else
		return false;
	return *out < 1u << 30;
}

// Before DWARF 4: counted from the most significant bit of a storage unit.
static void place_old_bits(struct debug_file *f, Dwarf_Die *die, uint64_t at,
			   struct debug_member *m)
{
	struct debug_type type;
	uint64_t storage = 0;

	if (!get_number(die, DW_AT_byte_size, &storage) && debug_type_strip(f, m->type, &type))
		storage = type.size;
	if (storage <= 8 && at + m->bit_size <= storage * 8)
		m->bit_offset += storage * 8 - at - m->bit_size;
}

static bool place_member(struct debug_file *f, Dwarf_Die *die, struct debug_member *m)
{
	uint64_t bytes, bits = 0, at = 0;

	if (!member_byte(die, &bytes))
		return false;
	m->bit_offset = bytes * 8;
	get_number(die, DW_AT_bit_size, &bits);
	m->bit_size = bits <= 64 ? (uint32_t)bits : 0;
	if (get_number(die, DW_AT_data_bit_offset, &at))
		m->bit_offset = at;
	else if (m->bit_size && get_number(die, DW_AT_bit_offset, &at))
		place_old_bits(f, die, at, m);
	return m->bit_offset < 1ull << 33;
}

bool debug_each_member(struct debug_file *f, debug_id id,
		       bool (*visit)(void *ctx, const struct debug_member *m), void *ctx)
{
	Dwarf_Die parent, die;
	unsigned count = 0;

	if (!debug_die(f, id, &parent))
		return false;
	follow_signature(&parent);
	debug_walk_begin(f);
	uint64_t fuel = f->fuel;
	if (!debug_walk_child(f, &parent, &die))
		return true;
	do {
		int tag = dwarf_tag(&die);
		bool is_static =
		    debug_flag_of(&die, DW_AT_external) || debug_flag_of(&die, DW_AT_declaration);
		if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || is_static)
			continue;
		if (++count > MEMBERS_MAX)
			return false;
		struct debug_member m = {.name = debug_name_of(&die),
					 .type = debug_type_of(f, &die),
					 .is_base = tag == DW_TAG_inheritance};
		if (place_member(f, &die, &m) && !visit(ctx, &m))
			break;
		f->fuel = fuel ? --fuel : 0; // the visitor walks, too
	} while (debug_walk_next(f, &die));
	return true;
}

bool debug_each_enumerator(struct debug_file *f, debug_id id,
			   bool (*visit)(void *ctx, const char *name, int64_t value), void *ctx)
{
	Dwarf_Die parent, die;
	Dwarf_Attribute attr;
	struct debug_type type;
	unsigned count = 0;

	if (!debug_type_get(f, id, &type) || !debug_die(f, type.id, &parent))
		return false;
	debug_walk_begin(f);
	if (!debug_walk_child(f, &parent, &die))
		return true;
	do {
		Dwarf_Sword value = 0;
		Dwarf_Word unsigned_value = 0;
		if (dwarf_tag(&die) != DW_TAG_enumerator || ++count > MEMBERS_MAX ||
		    !dwarf_attr(&die, DW_AT_const_value, &attr))
			continue;
		if (type.is_signed)
			dwarf_formsdata(&attr, &value);
		else if (!dwarf_formudata(&attr, &unsigned_value))
			value = (Dwarf_Sword)unsigned_value;
		if (!visit(ctx, debug_name_of(&die), value))
			break;
	} while (debug_walk_next(f, &die));
	return true;
}

// ---- by name -------------------------------------------------------------------------------

static void add_name(struct debug_file *f, char *name, enum debug_kind kind, debug_id id)
{
	f->names = debug_grow(f->names, f->name_count, &f->name_cap, sizeof(*f->names));
	f->names[f->name_count++] = (struct debug_name){.name = name, .kind = kind, .id = id};
}

// ns::foo is found as foo, too: scripts have no word for namespaces.
static void add_type(struct debug_file *f, Dwarf_Die *die, enum debug_kind kind,
		     const struct buf *scope)
{
	const char *name = debug_name_of(die);
	struct buf whole = {0}, last = {0};

	if (!*name || debug_flag_of(die, DW_AT_declaration))
		return;
	debug_id id = debug_id_of(f, die);
	buf_puts(&last, name);
	add_name(f, buf_take(&last), kind, id);
	if (!scope->len)
		return;
	buf_printf(&whole, "%s::%s", buf_str(scope), name);
	add_name(f, buf_take(&whole), kind, id);
}

static void names_below(struct debug_file *f, const Dwarf_Die *parent, struct buf *scope,
			unsigned depth);

static void names_within(struct debug_file *f, Dwarf_Die *die, struct buf *scope, unsigned depth)
{
	size_t before = scope->len;
	const char *name = debug_name_of(die);

	if (*name)
		buf_printf(scope, "%s%s", before ? "::" : "", name);
	names_below(f, die, scope, depth + 1);
	scope->len = before;
	if (scope->data)
		scope->data[before] = '\0';
}

static void names_below(struct debug_file *f, const Dwarf_Die *parent, struct buf *scope,
			unsigned depth)
{
	Dwarf_Die die;

	if (depth > NESTING_MAX || !debug_walk_child(f, parent, &die))
		return;
	do {
		int tag = dwarf_tag(&die);
		enum debug_kind kind = kind_of_tag(tag);
		if (kind >= DEBUG_STRUCT && kind <= DEBUG_TYPEDEF)
			add_type(f, &die, kind, scope);
		if ((kind == DEBUG_STRUCT || tag == DW_TAG_namespace) &&
		    dwarf_haschildren(&die) == 1)
			names_within(f, &die, scope, depth);
	} while (debug_walk_next(f, &die));
}

static int compare_names(const void *pa, const void *pb)
{
	const struct debug_name *a = pa, *b = pb;

	if (a->kind != b->kind)
		return (int)a->kind - (int)b->kind;
	int order = strcmp(a->name, b->name);
	if (order)
		return order;
	return a->id < b->id ? -1 : a->id > b->id;
}

static void load_names(struct debug_file *f)
{
	_cleanup_(buf_release) struct buf scope = {0};
	Dwarf_CU *cu = NULL;
	Dwarf_Die die, split;
	uint8_t type;

	f->names_known = true;
	debug_walk_begin(f);
	while (f->fuel && dwarf_get_units(f->dwarf, cu, &cu, NULL, &type, &die, &split) == 0) {
		f->fuel--;
		names_below(f, type == DW_UT_skeleton && split.addr ? &split : &die, &scope, 0);
	}
	if (f->name_count > 1)
		qsort(f->names, f->name_count, sizeof(*f->names), compare_names);
}

debug_id debug_find_type(struct debug_file *f, enum debug_kind kind, const char *name)
{
	struct debug_name key = {.name = name, .kind = kind};
	size_t low = 0, high;

	if (!f->names_known)
		load_names(f);
	for (high = f->name_count; low < high;) {
		size_t mid = low + (high - low) / 2;
		if (compare_names(&f->names[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == f->name_count || f->names[low].kind != kind || strcmp(f->names[low].name, name))
		return 0;
	return f->names[low].id;
}
