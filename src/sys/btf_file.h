// btf_file: inside of the BTF reader (btf_types.h). A file that btf_file_open accepted has been
// walked once: every type lies inside of the file, its members with it. Names and type ids in
// it are not to be trusted still: names are checked where they are read (btf_file_name), ids by
// whoever follows them (btf_file_type).
#pragma once

#include "sys/btf_types.h"
#include "sys/name_index.h"

// The first words of a type; what follows depends on its tag.
struct btf_raw {
	uint32_t name_off;
	uint32_t info; // bits 0-15 vlen, 24-28 tag, 31 kind_flag
	uint32_t type; // or size
};
static inline enum btf_tag btf_raw_tag(const struct btf_raw *t)
{
	return (enum btf_tag)(t->info >> 24 & 0x1f);
}
static inline uint32_t btf_raw_vlen(const struct btf_raw *t)
{
	return t->info & 0xffff;
}
static inline bool btf_raw_flag(const struct btf_raw *t)
{
	return t->info >> 31;
}

// Names of one tag. The first few look-ups walk the types; then the index is built.
struct btf_names {
	struct name_index index;
	unsigned walks;
};
struct btf_constant {
	uint32_t enum_id, which;
};

struct btf_file {
	const struct btf_file *base; // of a module: borrowed
	char *data;		     // owned; mapped or malloc'ed
	size_t len;
	bool mapped;
	const char *types, *strings;
	uint32_t types_len, strings_len;
	uint32_t base_strings; // offsets below are the base's
	uint32_t first;	       // id of the first type here
	uint32_t own;	       // types here
	uint32_t *offsets;     // of each type, from `types`; owned
	struct btf_names names[BTF_TAG_ENUM64 + 1];
	struct btf_names enumerators;	// value: an index of constants
	struct btf_constant *constants; // owned
};

// NULL: no such id (0 is void).
const struct btf_raw *btf_file_type(const struct btf_file *f, uint32_t id);
const char *btf_file_name(const struct btf_file *f, uint32_t offset); // "" when out of bounds
int btf_file_open_path(const char *path, const struct btf_file *base, struct btf_file **out);
// Takes the bytes over, malloc'ed. For tests and the fuzzer, too.
int btf_file_parse(char *data, size_t len, const struct btf_file *base, struct btf_file **out);
