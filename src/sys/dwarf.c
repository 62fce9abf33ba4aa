// dwarf.c: entries by id, walks, compilation units and the functions in them.
//
// Enters: an open file, addresses. Leaves: functions with their parameters. Refuses: walks that
// take more steps than the file has entries (a tree that leads back into itself), and nesting
// deeper than NESTING_MAX.
//
// Nothing is read ahead: the first look-up notes where each unit's code is, and only a unit
// that an address lies in is searched for functions.
#include "sys/dwarf.h"

#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/dwarf_file.h"

enum {
	NESTING_MAX = 32, // of namespaces and classes
	UNITS_MAX = 1 << 20,
	RANGES_MAX = 1 << 22,
	IDS_MAX = 1 << 24,
	TEXT_MAX = 4096, // bytes of a name; longer ones are somebody's joke
	PARAMS_MAX = 255,
	ORIGINS_MAX = 8, // specifications of origins of ...
};

void *debug_grow(void *array, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return array;
	*cap = *cap ? *cap * 2 : 16;
	array = reallocarray(array, *cap, size);
	if (!array) {
		fputs("mtrace: out of memory\n", stderr);
		abort();
	}
	return array;
}

// ---- entries by id -------------------------------------------------------------------------

static size_t slot_of(const struct debug_file *f, const void *addr)
{
	uint64_t h = (uint64_t)(uintptr_t)addr * 0x9e3779b97f4a7c15u;

	return (size_t)(h >> 20) & (f->slot_count - 1);
}

static void put_slot(struct debug_file *f, debug_id id)
{
	size_t i = slot_of(f, f->dies[id - 1].addr);

	while (f->slots[i])
		i = (i + 1) & (f->slot_count - 1);
	f->slots[i] = id;
}

static void grow_slots(struct debug_file *f)
{
	free(f->slots);
	f->slot_count = f->slot_count ? f->slot_count * 2 : 256;
	f->slots = calloc(f->slot_count, sizeof(*f->slots));
	if (!f->slots)
		abort();
	for (size_t i = 0; i < f->die_count; i++)
		put_slot(f, (debug_id)i + 1);
}

debug_id debug_id_of(struct debug_file *f, const Dwarf_Die *die)
{
	if (f->slot_count < 2 * (f->die_count + 1))
		grow_slots(f);
	for (size_t i = slot_of(f, die->addr); f->slots[i]; i = (i + 1) & (f->slot_count - 1))
		if (f->dies[f->slots[i] - 1].addr == die->addr)
			return f->slots[i];
	if (f->die_count >= IDS_MAX)
		return 0;
	f->dies = debug_grow(f->dies, f->die_count, &f->die_cap, sizeof(*f->dies));
	f->dies[f->die_count++] = *die;
	put_slot(f, (debug_id)f->die_count);
	return (debug_id)f->die_count;
}

bool debug_die(struct debug_file *f, debug_id id, Dwarf_Die *out)
{
	if (!id || id > f->die_count)
		return false;
	*out = f->dies[id - 1];
	return true;
}

// ---- walking ---------------------------------------------------------------------------------

void debug_walk_begin(struct debug_file *f)
{
	f->fuel = f->budget;
}

static bool burn(struct debug_file *f)
{
	if (!f->fuel)
		return false;
	f->fuel--;
	return true;
}

bool debug_walk_child(struct debug_file *f, const Dwarf_Die *parent, Dwarf_Die *out)
{
	Dwarf_Die p = *parent;

	return burn(f) && dwarf_child(&p, out) == 0;
}

bool debug_walk_next(struct debug_file *f, Dwarf_Die *die)
{
	Dwarf_Die next;

	if (!burn(f) || dwarf_siblingof(die, &next) != 0 || next.addr <= die->addr)
		return false;
	*die = next;
	return true;
}

const char *debug_name_of(Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	const char *name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attr));

	return name && strnlen(name, TEXT_MAX) < TEXT_MAX ? name : "";
}

bool debug_flag_of(Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute attr;
	bool on = false;

	return dwarf_attr(die, attribute, &attr) && !dwarf_formflag(&attr, &on) && on;
}

debug_id debug_type_of(struct debug_file *f, Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	Dwarf_Die type;

	if (!dwarf_attr_integrate(die, DW_AT_type, &attr) || !dwarf_formref_die(&attr, &type))
		return 0;
	return debug_id_of(f, &type);
}

// ---- units -----------------------------------------------------------------------------------

static void add_range(struct debug_file *f, uint64_t from, uint64_t to)
{
	if (f->range_count >= RANGES_MAX)
		return;
	f->ranges = debug_grow(f->ranges, f->range_count, &f->range_cap, sizeof(*f->ranges));
	f->ranges[f->range_count++] =
	    (struct debug_range){.from = from, .to = to, .unit = (uint32_t)f->unit_count - 1};
}

// `place` says where the code is: of a unit that is kept in a .dwo file, its skeleton does.
static void add_unit(struct debug_file *f, Dwarf_Die *die, Dwarf_Die *place)
{
	size_t before = f->range_count;
	Dwarf_Addr base, from, to;
	ptrdiff_t at = 0;

	if (dwarf_tag(die) != DW_TAG_compile_unit || f->unit_count >= UNITS_MAX)
		return;
	f->units = debug_grow(f->units, f->unit_count, &f->unit_cap, sizeof(*f->units));
	f->units[f->unit_count++] = (struct debug_unit){.die = *die};
	while (burn(f) && (at = dwarf_ranges(place, at, &base, &from, &to)) > 0)
		add_range(f, from, to);
	if (f->range_count == before)
		add_range(f, 0, UINT64_MAX);
}

// A .dwo file, opened by libdw: its entries are walked as well.
static void add_budget(struct debug_file *f, Dwarf_Die *split)
{
	uint64_t size;
	bool sane;

	if (debug_find_info(dwarf_getelf(dwarf_cu_getdwarf(split->cu)), &size, &sane)) {
		f->budget += DEBUG_STEPS_PER_BYTE * size;
		f->fuel += DEBUG_STEPS_PER_BYTE * size;
	}
}

bool debug_units_load(struct debug_file *f)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die die, split;
	uint8_t type;

	if (f->ranges_known)
		return true;
	f->ranges_known = true;
	debug_walk_begin(f);
	while (burn(f) && dwarf_get_units(f->dwarf, cu, &cu, NULL, &type, &die, &split) == 0) {
		if (type == DW_UT_skeleton && split.addr) {
			add_budget(f, &split);
			add_unit(f, &split, &die);
		} else if (type == DW_UT_compile || type == DW_UT_partial) {
			add_unit(f, &die, &die);
		}
	}
	return true;
}

void debug_units_release(struct debug_file *f)
{
	for (size_t i = 0; i < f->unit_count; i++)
		free(f->units[i].entries);
	free(f->units);
	free(f->ranges);
}

// ---- functions of a unit -----------------------------------------------------------------------

// Where its code begins. Clang says only the ranges when addresses are dear (in a .dwo file).
static bool entry_of(Dwarf_Die *func, Dwarf_Addr *address)
{
	Dwarf_Addr base, to;

	if (!dwarf_entrypc(func, address))
		return true;
	return dwarf_ranges(func, 0, &base, address, &to) > 0;
}

static void add_entry(struct debug_unit *u, Dwarf_Die *die)
{
	Dwarf_Addr address;

	if (!entry_of(die, &address) || !address)
		return;
	u->entries = debug_grow(u->entries, u->count, &u->cap, sizeof(*u->entries));
	u->entries[u->count++] = (struct debug_entry){.address = address, .die = *die};
}

// Functions are in namespaces, in classes, and in functions that have local classes.
static bool holds_functions(int tag)
{
	return tag == DW_TAG_namespace || tag == DW_TAG_structure_type ||
	       tag == DW_TAG_class_type || tag == DW_TAG_union_type || tag == DW_TAG_module ||
	       tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block;
}

static void index_below(struct debug_file *f, struct debug_unit *u, const Dwarf_Die *parent,
			unsigned depth)
{
	Dwarf_Die die;

	if (depth > NESTING_MAX || !debug_walk_child(f, parent, &die))
		return;
	do {
		int tag = dwarf_tag(&die);
		if (tag == DW_TAG_subprogram)
			add_entry(u, &die);
		if (holds_functions(tag) && dwarf_haschildren(&die) == 1)
			index_below(f, u, &die, depth + 1);
	} while (debug_walk_next(f, &die));
}

static int compare_entries(const void *pa, const void *pb)
{
	const struct debug_entry *a = pa, *b = pb;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	return a->die.addr < b->die.addr ? -1 : a->die.addr > b->die.addr;
}

static void index_unit(struct debug_file *f, struct debug_unit *u)
{
	if (u->indexed)
		return;
	u->indexed = true;
	debug_walk_begin(f);
	index_below(f, u, &u->die, 0);
	if (u->count > 1)
		qsort(u->entries, u->count, sizeof(*u->entries), compare_entries);
}

// ---- look-up -----------------------------------------------------------------------------------

static const char *linkage_name(Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	const char *name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_linkage_name, &attr));

	return name ? name : "";
}

// "name", or "name.isra.0" of "name".
static bool is_named(Dwarf_Die *die, const char *symbol)
{
	const char *name = debug_name_of(die);
	size_t n = strlen(name);

	if (!strcmp(linkage_name(die), symbol))
		return true;
	return n && !strncmp(name, symbol, n) && (!symbol[n] || symbol[n] == '.');
}

static const struct debug_entry *first_entry(const struct debug_unit *u, uint64_t address)
{
	size_t low = 0, high = u->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (u->entries[mid].address < address)
			low = mid + 1;
		else
			high = mid;
	}
	return low < u->count && u->entries[low].address == address ? &u->entries[low] : NULL;
}

struct function_search {
	uint64_t address;
	const char *name;
	Dwarf_Die found;
	enum { FOUND_NONE, FOUND_OTHER, FOUND_NAMED } state;
};

static void search_unit(struct debug_file *f, struct debug_unit *u, struct function_search *s)
{
	index_unit(f, u);
	const struct debug_entry *e = first_entry(u, s->address);
	for (; e && e < u->entries + u->count && e->address == s->address; e++) {
		Dwarf_Die die = e->die;
		bool named = !s->name || is_named(&die, s->name);
		if (s->state == FOUND_NAMED || (s->state == FOUND_OTHER && !named))
			continue;
		s->found = die;
		s->state = named ? FOUND_NAMED : FOUND_OTHER;
	}
}

static bool has_unspecified(struct debug_file *f, const Dwarf_Die *func)
{
	Dwarf_Die die;

	if (!debug_walk_child(f, func, &die))
		return false;
	do {
		if (dwarf_tag(&die) == DW_TAG_unspecified_parameters)
			return true;
	} while (debug_walk_next(f, &die));
	return false;
}

bool debug_func_at(struct debug_file *f, uint64_t address, const char *name, struct debug_func *out)
{
	struct function_search s = {.address = address, .name = name};

	debug_units_load(f);
	for (size_t i = 0; i < f->range_count && s.state != FOUND_NAMED; i++)
		if (f->ranges[i].from <= address && address < f->ranges[i].to)
			search_unit(f, &f->units[f->ranges[i].unit], &s);
	if (s.state == FOUND_NONE)
		return false;
	debug_walk_begin(f);
	*out = (struct debug_func){
	    .id = debug_id_of(f, &s.found),
	    .is_clone = name && strchr(name, '.'),
	    .name = debug_name_of(&s.found),
	    .result = debug_type_of(f, &s.found),
	    .is_variadic = has_unspecified(f, &s.found),
	};
	return out->id;
}

// ---- parameters
// ----------------------------------------------------------------------------------

// A copy of a function refers to the function as written, whose parameters are all there and in
// order.
static bool origin_of(Dwarf_Die *die, Dwarf_Die *out)
{
	Dwarf_Attribute attr;

	if (!dwarf_attr(die, DW_AT_abstract_origin, &attr) &&
	    !dwarf_attr(die, DW_AT_specification, &attr))
		return false;
	return dwarf_formref_die(&attr, out) != NULL;
}

static bool is_param_of(Dwarf_Die *param, const Dwarf_Die *written)
{
	Dwarf_Die at = *param, origin;

	for (int i = 0; i < ORIGINS_MAX; i++) {
		if (at.addr == written->addr)
			return true;
		if (!origin_of(&at, &origin))
			return false;
		at = origin;
	}
	return false;
}

static int register_of_op(const Dwarf_Op *op)
{
	if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg31)
		return op->atom - DW_OP_reg0;
	return op->atom == DW_OP_regx && op->number < 256 ? (int)op->number : -1;
}

// The register that a parameter is in when the function is entered.
static int param_register(Dwarf_Die *param, uint64_t entry)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t count;

	if (!dwarf_attr(param, DW_AT_location, &attr) ||
	    dwarf_getlocation_addr(&attr, entry, &ops, &count, 1) != 1 || count != 1)
		return -1;
	return register_of_op(ops);
}

struct param_walk {
	struct debug_file *f;
	Dwarf_Die func; // the code
	uint64_t entry;
};

static int find_register(struct param_walk *w, const Dwarf_Die *written)
{
	Dwarf_Die die;

	if (!debug_walk_child(w->f, &w->func, &die))
		return -1;
	do {
		if (dwarf_tag(&die) == DW_TAG_formal_parameter && is_param_of(&die, written))
			return param_register(&die, w->entry);
	} while (debug_walk_next(w->f, &die));
	return -1;
}

static bool has_params(struct debug_file *f, const Dwarf_Die *func, Dwarf_Die *first)
{
	if (!debug_walk_child(f, func, first))
		return false;
	while (dwarf_tag(first) != DW_TAG_formal_parameter)
		if (!debug_walk_next(f, first))
			return false;
	return true;
}

// Where the parameters are listed. Usually with the code; but a clone that the compiler made for
// its own ends (f.isra.0, f.constprop.1) lists what is left of them, in no order: there the
// function as written is asked, as it is by code that lists none.
static bool first_param(struct debug_file *f, const Dwarf_Die *func, bool is_clone,
			Dwarf_Die *first)
{
	Dwarf_Die at = *func, origin, param;
	bool found = has_params(f, func, first);

	for (int i = 0; i < ORIGINS_MAX && (is_clone || !found) && origin_of(&at, &origin); i++) {
		at = origin;
		if (has_params(f, &at, &param)) {
			*first = param;
			found = true;
		}
	}
	return found;
}

bool debug_each_param(struct debug_file *f, const struct debug_func *func,
		      bool (*visit)(void *ctx, const struct debug_param *p), void *ctx)
{
	struct param_walk w = {.f = f};
	Dwarf_Die die;
	unsigned count = 0;

	debug_walk_begin(f);
	if (!debug_die(f, func->id, &w.func))
		return false;
	if (!entry_of(&w.func, &w.entry) || !first_param(f, &w.func, func->is_clone, &die))
		return true;
	do {
		if (dwarf_tag(&die) != DW_TAG_formal_parameter)
			continue;
		if (++count > PARAMS_MAX)
			return false;
		struct debug_param p = {.name = debug_name_of(&die),
					.type = debug_type_of(f, &die),
					.reg = find_register(&w, &die)};
		if (!visit(ctx, &p))
			break;
	} while (debug_walk_next(f, &die));
	return true;
}
