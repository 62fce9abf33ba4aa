// name_index: a hash table from names to numbers, sized once for the names to come. Names are
// borrowed and must outlive it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct name_slot {
	const char *name; // NULL: free
	uint32_t hash;
	uint32_t value;
};
struct name_index {
	struct name_slot *slots; // owned
	size_t mask;		 // number of slots less one; 0: not built
};

bool name_index_init(struct name_index *t, size_t names); // false: no memory
void name_index_release(struct name_index *t);
// The slot of the name; with slot->name NULL when it is not there. Filling such a slot in
// adds the name (hash is filled in already).
struct name_slot *name_index_at(const struct name_index *t, const char *name);
// Adds unless it is there: the first of a name stays. True: added.
bool name_index_add(struct name_index *t, const char *name, uint32_t value);
bool name_index_find(const struct name_index *t, const char *name, uint32_t *value);
