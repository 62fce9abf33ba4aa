// btf_types: the kernel's types, read from raw BTF (vmlinux and modules) by our own checked
// reader: mapped or read once, indexed lazily, never converted as a whole. Ids count through
// vmlinux first; a module's ids follow (split BTF).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct btf_file;

// module NULL: vmlinux. root: "/" but for tests; BPFTRACE_BTF names another vmlinux file.
// base: the vmlinux file of a module. NULL with *err = -errno.
struct btf_file *btf_file_open(const char *root, const char *module, struct btf_file *base, int *err);
void btf_file_close(struct btf_file *f);

enum btf_tag { // enum of the UAPI, by the same numbers
	BTF_TAG_VOID, BTF_TAG_INT, BTF_TAG_PTR, BTF_TAG_ARRAY, BTF_TAG_STRUCT, BTF_TAG_UNION,
	BTF_TAG_ENUM, BTF_TAG_FWD, BTF_TAG_TYPEDEF, BTF_TAG_VOLATILE, BTF_TAG_CONST,
	BTF_TAG_RESTRICT, BTF_TAG_FUNC, BTF_TAG_FUNC_PROTO, BTF_TAG_VAR, BTF_TAG_DATASEC,
	BTF_TAG_FLOAT, BTF_TAG_DECL_TAG, BTF_TAG_TYPE_TAG, BTF_TAG_ENUM64,
};

// One type, decoded. Names are borrowed from the file ("" when anonymous).
struct btf_info {
	uint32_t id;
	enum btf_tag tag;
	const char *name;
	uint32_t size;	  // INT, STRUCT, UNION, ENUM, ENUM64, FLOAT
	uint32_t target;  // PTR, TYPEDEF, CONST, ..., FUNC -> its FUNC_PROTO, FUNC_PROTO -> return type
	uint32_t count;	  // members, enumerators, parameters
	bool is_signed, is_bool, is_char; // INT; ENUM: is_signed
	uint32_t bits;	  // INT
	uint32_t elem, index_type, length; // ARRAY
	bool bitfields;	  // private: member offsets carry bit sizes; FWD: of a union
	const void *rest; // private: members
};
struct btf_member_info {
	const char *name;
	uint32_t type;
	uint32_t bit_offset, bit_size; // bit_size 0: not a bitfield
};
struct btf_param_info {
	const char *name; // "" for an unnamed one
	uint32_t type;	  // 0 with an empty name at the end: variadic
};

bool btf_get(const struct btf_file *f, uint32_t id, struct btf_info *out); // false: bad id
bool btf_member(const struct btf_file *f, const struct btf_info *t, uint32_t i,
		struct btf_member_info *out);
bool btf_param(const struct btf_file *f, const struct btf_info *t, uint32_t i,
	       struct btf_param_info *out);
bool btf_enumerator(const struct btf_file *f, const struct btf_info *t, uint32_t i,
		    const char **name, int64_t *value);
uint32_t btf_strip(const struct btf_file *f, uint32_t id); // typedefs, const, volatile, ... off
uint32_t btf_count(const struct btf_file *f);		   // ids are 1 .. count
// By name: tag STRUCT, UNION, ENUM (also ENUM64), TYPEDEF, FUNC, INT. 0: none. The first look-up
// of a tag builds its index (FUNC: about 60,000 names, a few ms).
uint32_t btf_find(struct btf_file *f, enum btf_tag tag, const char *name);
// For many look-ups to come: builds the index of a tag now.
void btf_index(struct btf_file *f, enum btf_tag tag);
// A named constant of any enum. False: none.
bool btf_find_enumerator(struct btf_file *f, const char *name, int64_t *value, uint32_t *enum_id);
// Calls back for each FUNC, in id order, until it returns false.
void btf_each_func(struct btf_file *f, bool (*visit)(void *ctx, const struct btf_info *func),
		   void *ctx);
// "struct sock *", "const char *", "int (*)(void *)": as C spells it, into a buffer.
struct buf;
void btf_type_name(const struct btf_file *f, uint32_t id, struct buf *out);

// KERNEL.md 4.3/4.5: can fentry/fexit/fsession (.multi) attach to a function of this prototype
// (argument count, sizes, struct by value, variadic, return type)? NULL, or why not.
const char *btf_proto_refused(const struct btf_file *f, uint32_t func_id, bool returns);
// A kernel function for BPF programs with an argument that the kernel adds itself (7.1+): the
// verifier wants BTF of NAME_impl for a trampoline on it, and refuses where there is none.
bool btf_hides_argument(struct btf_file *f, uint32_t func_id);
// BTF object id of a loaded module (BPF_BTF_GET_NEXT_ID ...): 0 and *fd, or -errno.
int btf_module_fd(const char *module, int *fd);
