// signature: types of functions' arguments as a script writes them, matched against BTF.
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "sys/btf_types.h"

// A type as C spells it, without const: "struct sk_buff *", "u32", "unsigned long".
struct wanted_type {
	const char *base; // "struct sk_buff"; "*": any type
	unsigned stars;
};
struct wanted_type wanted_type_read(struct arena *a, const char *text);
// Does C's text name the same type?
bool same_spelling(struct arena *a, const char *text, const struct wanted_type *want);
bool wanted_type_is(const struct btf_file *f, uint32_t id, const struct wanted_type *want);

// `(struct sk_buff *)`, `(*, struct msghdr *)`: these types occur in this order among the
// arguments, at any place; a `*` alone is one argument of any type. `()`: no arguments.
struct signature {
	ARENA_VEC(struct wanted_type) types;
};
void signature_read(struct arena *a, const char *text, struct signature *out);
bool signature_matches(const struct btf_file *f, uint32_t func_id, const struct signature *s);
