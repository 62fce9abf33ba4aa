// lazy_type: a struct, union or enum whose members are read when something first asks for
// them. Types come from the kernel's BTF (btf_type.c) and from a binary's DWARF
// (dwarf_type.c); the checker sees only this.
#pragma once

#include "type.h"

struct type_source {
	// Fills size, align, fields (or enumerators) and clears `incomplete`. A type that is only
	// declared ends up complete, with size 0 and without fields.
	void (*complete)(struct type_source *s, struct type *t);
	// "struct X", "union X", "enum X" or a typedef's name. NULL: there is none. May be NULL.
	struct type *(*find)(struct type_source *s, const char *name);
	const char *where; // for messages: "the kernel's BTF", "the debug information of /bin/x"
};

// Before the first look at fields, enumerators or size.
static inline void type_complete(struct type *t)
{
	if (t && t->incomplete && t->source)
		t->source->complete(t->source, t);
}
