// btf_type: the kernel's types as types of the language. Made when something asks for them,
// each once per compilation; members of structs, unions and enums are read when something looks
// at them (lazy_type.h).
#pragma once

#include "compiler.h"
#include "sema/lazy_type.h"
#include "sys/btf_types.h"

struct btf_source {
	struct type_source pub; // first: cast from struct type_source
	struct btf_source *next;
	struct arena *arena;
	struct btf_file *file; // borrowed
	const char *module;    // NULL: vmlinux
	struct btf_slot *slots;
	size_t slot_count, used;
};

// module NULL: vmlinux. NULL: it has no BTF; *err (may be NULL) says why, as -errno.
struct btf_source *btf_source_get(struct compiler *c, const char *module, int *err);
// Never NULL. void, functions and what the language has no values for: TYPE_VOID.
struct type *btf_type_of(struct btf_source *s, uint32_t id);
// A constant of any enum of vmlinux: its type, or NULL.
struct type *btf_constant(struct compiler *c, const char *name, int64_t *value);
