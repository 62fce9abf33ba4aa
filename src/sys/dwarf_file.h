// dwarf_file: an open debug file. Private to sys/dwarf*.c.
#pragma once

#include <elfutils/libdw.h>

#include "sys/debug_search.h"
#include "sys/dwarf.h"

// Compressed, a byte is several entries; twice for those that are seen through others.
enum { DEBUG_STEPS_PER_BYTE = 64 };

// A function with code, by its entry.
struct debug_entry {
	uint64_t address;
	Dwarf_Die die;
};

// A compilation unit.
struct debug_unit {
	Dwarf_Die die;
	bool indexed;
	struct debug_entry *entries; // by address; filled when an address in the unit is asked for
	size_t count, cap;
};

struct debug_range {
	uint64_t from, to;
	uint32_t unit;
};

struct debug_name { // of a type definition
	const char *name; // qualified; owned
	enum debug_kind kind;
	debug_id id;
};

struct debug_file {
	struct elf_handle file;
	Dwarf *dwarf;
	char *path;
	uint64_t budget; // steps that one walk may take
	uint64_t fuel;	 // what is left of it

	struct debug_unit *units;
	size_t unit_count, unit_cap;
	struct debug_range *ranges; // by `from`; units that do not say where they are: 0 .. ~0
	size_t range_count, range_cap;
	bool ranges_known;

	// Entries that have an id: dies[id - 1]; found by address through an open hash table.
	Dwarf_Die *dies;
	size_t die_count, die_cap;
	uint32_t *slots; // id; 0: free
	size_t slot_count;

	struct debug_name *names; // by kind and name
	size_t name_count, name_cap;
	bool names_known;
};

// Does the file have a .debug_info, of how many bytes? sane: no section claims to unpack to more
// than it can.
bool debug_find_info(Elf *elf, uint64_t *size, bool *sane);
// Room for one more of `size` bytes; the array may move. Never fails (as in base/arena.h).
void *debug_grow(void *array, size_t count, size_t *cap, size_t size);
debug_id debug_id_of(struct debug_file *f, const Dwarf_Die *die);
bool debug_die(struct debug_file *f, debug_id id, Dwarf_Die *out);

// Walks: `begin` fills the tank, every step takes from it. False: no more, or enough.
void debug_walk_begin(struct debug_file *f);
bool debug_walk_child(struct debug_file *f, const Dwarf_Die *parent, Dwarf_Die *out);
bool debug_walk_next(struct debug_file *f, Dwarf_Die *die);

// The type that an entry's DW_AT_type names; 0: none.
debug_id debug_type_of(struct debug_file *f, Dwarf_Die *die);
const char *debug_name_of(Dwarf_Die *die); // "" when it has none or an endless one
bool debug_flag_of(Dwarf_Die *die, unsigned attribute);
bool debug_units_load(struct debug_file *f);
// Entry points of the units, once.
void debug_units_release(struct debug_file *f);
