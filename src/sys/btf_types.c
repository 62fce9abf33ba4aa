// btf_types.c: open a raw BTF file, check it, and decode its types one by one.
//
// Enters: /sys/kernel/btf/* or the file that BPFTRACE_BTF names. Leaves: types by id. Refuses:
// another byte order or version, sections or types that reach outside of the file, strings
// without an end. A name or a type id that points nowhere reads as "" and as void.
//
// One walk at the start notes where each type is. sysfs files are mapped where the kernel can
// do that (6.16+); others are read, because a file that somebody truncates under a mapping
// would kill us.
#include "sys/btf_types.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/cleanup.h"
#include "sys/btf_file.h"
#include "sys/slurp.h"

enum { BTF_MAGIC = 0xeb9f, BTF_SIZE_MAX = 256 << 20 };

struct btf_head {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t hdr_len, type_off, type_len, str_off, str_len;
};

// ---- checking ----------------------------------------------------------------------------

static int find_sections(struct btf_file *f)
{
	struct btf_head h;

	if (f->len < sizeof(h) || f->len > BTF_SIZE_MAX)
		return -EINVAL;
	memcpy(&h, f->data, sizeof(h));
	if (h.magic != BTF_MAGIC || h.version != 1 || h.hdr_len < sizeof(h) || h.hdr_len > f->len)
		return -EINVAL;
	size_t body = f->len - h.hdr_len;
	if (h.type_off > body || h.type_len > body - h.type_off || h.str_off > body ||
	    h.str_len > body - h.str_off || (h.hdr_len | h.type_off) % 4)
		return -EINVAL;
	f->types = f->data + h.hdr_len + h.type_off;
	f->types_len = h.type_len;
	f->strings = f->data + h.hdr_len + h.str_off;
	f->strings_len = h.str_len;
	if (!h.str_len) // a module may have no name of its own
		return f->base ? 0 : -EINVAL;
	return f->strings[h.str_len - 1] ? -EINVAL : 0;
}

// Bytes of one type with what follows; 0 when the tag is unknown.
static size_t type_size(const struct btf_raw *t)
{
	static const struct {
		uint8_t fixed, each; // words
	} sizes[] = {
	    [BTF_TAG_INT] = {4, 0},	   [BTF_TAG_PTR] = {3, 0},	[BTF_TAG_ARRAY] = {6, 0},
	    [BTF_TAG_STRUCT] = {3, 3},	   [BTF_TAG_UNION] = {3, 3},	[BTF_TAG_ENUM] = {3, 2},
	    [BTF_TAG_FWD] = {3, 0},	   [BTF_TAG_TYPEDEF] = {3, 0},	[BTF_TAG_VOLATILE] = {3, 0},
	    [BTF_TAG_CONST] = {3, 0},	   [BTF_TAG_RESTRICT] = {3, 0}, [BTF_TAG_FUNC] = {3, 0},
	    [BTF_TAG_FUNC_PROTO] = {3, 2}, [BTF_TAG_VAR] = {4, 0},	[BTF_TAG_DATASEC] = {3, 3},
	    [BTF_TAG_FLOAT] = {3, 0},	   [BTF_TAG_DECL_TAG] = {4, 0}, [BTF_TAG_TYPE_TAG] = {3, 0},
	    [BTF_TAG_ENUM64] = {3, 3},
	};
	uint32_t tag = btf_raw_tag(t);

	if (tag >= ARRAY_SIZE(sizes))
		return 0;
	// FUNC keeps its linkage in vlen: nothing follows.
	return 4 * (sizes[tag].fixed + (size_t)sizes[tag].each * btf_raw_vlen(t));
}

static int note_offset(struct btf_file *f, size_t *cap, uint32_t at)
{
	if (f->own == *cap) {
		*cap = *cap ? *cap * 2 : f->types_len / 20 + 64;
		uint32_t *more = realloc(f->offsets, *cap * sizeof(*more));
		if (!more)
			return -ENOMEM;
		f->offsets = more;
	}
	f->offsets[f->own++] = at;
	return 0;
}

static int walk_types(struct btf_file *f)
{
	size_t cap = 0;

	for (uint32_t at = 0; at < f->types_len;) {
		const struct btf_raw *t = (const struct btf_raw *)(const void *)(f->types + at);
		if (f->types_len - at < sizeof(*t))
			return -EINVAL;
		size_t size = type_size(t);
		if (!size || size > f->types_len - at)
			return -EINVAL;
		int err = note_offset(f, &cap, at);
		if (err)
			return err;
		at += (uint32_t)size;
	}
	return 0;
}

static int check_file(struct btf_file *f)
{
	int err = find_sections(f);

	if (err)
		return err;
	f->first = f->base ? btf_count(f->base) + 1 : 1;
	f->base_strings = f->base ? f->base->strings_len + f->base->base_strings : 0;
	if (f->strings_len > UINT32_MAX - f->base_strings)
		return -EINVAL;
	return walk_types(f);
}

// ---- opening -----------------------------------------------------------------------------

int btf_file_parse(char *data, size_t len, const struct btf_file *base, struct btf_file **out)
{
	struct btf_file *f = calloc(1, sizeof(*f));

	if (!f) {
		free(data);
		return -ENOMEM;
	}
	*f = (struct btf_file){.base = base, .data = data, .len = len};
	int err = check_file(f);
	if (err) {
		btf_file_close(f);
		return err;
	}
	*out = f;
	return 0;
}

// Files of sysfs stay as they are for as long as they are open.
static bool map_file(int fd, char **data, size_t *len)
{
	struct statfs fs;
	struct stat st;

	if (fstatfs(fd, &fs) || fs.f_type != SYSFS_MAGIC || fstat(fd, &st) || st.st_size <= 0 ||
	    st.st_size > BTF_SIZE_MAX)
		return false;
	void *at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return false;
	*data = at;
	*len = (size_t)st.st_size;
	return true;
}

int btf_file_open_path(const char *path, const struct btf_file *base, struct btf_file **out)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct btf_file *f = calloc(1, sizeof(*f));
	int err = 0;

	if (fd < 0 || !f)
		err = fd < 0 ? -errno : -ENOMEM;
	if (!err) {
		f->base = base;
		f->mapped = map_file(fd, &f->data, &f->len);
		if (!f->mapped)
			err = slurp_fd(fd, BTF_SIZE_MAX, &f->data, &f->len);
	}
	if (!err)
		err = check_file(f);
	if (err)
		btf_file_close(f);
	else
		*out = f;
	return err;
}

static bool is_plain_name(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/');
}

struct btf_file *btf_file_open(const char *root, const char *module, struct btf_file *base,
			       int *err)
{
	const char *given = getenv("BPFTRACE_BTF");
	struct btf_file *f = NULL;
	char path[PATH_MAX];

	*err = -EINVAL;
	if (module && (!base || !is_plain_name(module)))
		return NULL;
	if (!module && given && *given)
		snprintf(path, sizeof(path), "%s", given);
	else
		snprintf(path, sizeof(path), "%s/sys/kernel/btf/%s", root_prefix(root),
			 module ? module : "vmlinux");
	*err = btf_file_open_path(path, module ? base : NULL, &f);
	return f;
}

void btf_file_close(struct btf_file *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(f->names); i++)
		name_index_release(&f->names[i].index);
	name_index_release(&f->enumerators.index);
	free(f->constants);
	free(f->offsets);
	if (f->mapped)
		munmap(f->data, f->len);
	else
		free(f->data);
	free(f);
}

// ---- decoding ----------------------------------------------------------------------------

uint32_t btf_count(const struct btf_file *f)
{
	return f->first - 1 + f->own;
}

const struct btf_raw *btf_file_type(const struct btf_file *f, uint32_t id)
{
	while (f && id < f->first)
		f = f->base;
	if (!f || id - f->first >= f->own)
		return NULL;
	return (const struct btf_raw *)(const void *)(f->types + f->offsets[id - f->first]);
}

const char *btf_file_name(const struct btf_file *f, uint32_t offset)
{
	while (f && offset < f->base_strings)
		f = f->base;
	if (!f || offset - f->base_strings >= f->strings_len)
		return "";
	return f->strings + (offset - f->base_strings);
}

static void decode_int(struct btf_info *out, const uint32_t *rest)
{
	uint32_t encoding = *rest >> 24 & 0xf;

	out->bits = *rest & 0xff;
	out->is_signed = encoding & 1;
	out->is_char = encoding & 2 || strcmp(out->name, "char") == 0;
	out->is_bool = encoding & 4;
}

static void decode_rest(struct btf_info *out, const struct btf_raw *t)
{
	const uint32_t *rest = (const uint32_t *)(t + 1);

	out->rest = rest;
	switch (out->tag) {
	case BTF_TAG_INT:
		out->size = t->type;
		decode_int(out, rest);
		break;
	case BTF_TAG_ARRAY:
		out->elem = rest[0];
		out->index_type = rest[1];
		out->length = rest[2];
		break;
	case BTF_TAG_ENUM:
	case BTF_TAG_ENUM64:
		out->is_signed = btf_raw_flag(t);
		// fall through
	case BTF_TAG_STRUCT:
	case BTF_TAG_UNION:
	case BTF_TAG_DATASEC:
		out->count = btf_raw_vlen(t);
		// fall through
	case BTF_TAG_FLOAT:
		out->size = t->type;
		break;
	case BTF_TAG_FUNC_PROTO:
		out->count = btf_raw_vlen(t);
		// fall through
	default:
		out->target = t->type;
	}
}

bool btf_get(const struct btf_file *f, uint32_t id, struct btf_info *out)
{
	const struct btf_raw *t = btf_file_type(f, id);

	*out = (struct btf_info){.id = id, .tag = BTF_TAG_VOID, .name = ""};
	if (!t)
		return id == 0;
	out->tag = btf_raw_tag(t);
	out->name = btf_file_name(f, t->name_off);
	out->bitfields = btf_raw_flag(t);
	decode_rest(out, t);
	return true;
}

bool btf_member(const struct btf_file *f, const struct btf_info *t, uint32_t i,
		struct btf_member_info *out)
{
	if ((t->tag != BTF_TAG_STRUCT && t->tag != BTF_TAG_UNION) || i >= t->count)
		return false;
	const uint32_t *m = (const uint32_t *)t->rest + 3 * (size_t)i;
	out->name = btf_file_name(f, m[0]);
	out->type = m[1];
	out->bit_offset = t->bitfields ? m[2] & 0xffffff : m[2];
	out->bit_size = t->bitfields ? m[2] >> 24 : 0;
	return true;
}

bool btf_param(const struct btf_file *f, const struct btf_info *t, uint32_t i,
	       struct btf_param_info *out)
{
	if (t->tag != BTF_TAG_FUNC_PROTO || i >= t->count)
		return false;
	const uint32_t *p = (const uint32_t *)t->rest + 2 * (size_t)i;
	out->name = btf_file_name(f, p[0]);
	out->type = p[1];
	return true;
}

bool btf_enumerator(const struct btf_file *f, const struct btf_info *t, uint32_t i,
		    const char **name, int64_t *value)
{
	const uint32_t *e = t->rest;

	if (i >= t->count || (t->tag != BTF_TAG_ENUM && t->tag != BTF_TAG_ENUM64))
		return false;
	if (t->tag == BTF_TAG_ENUM) {
		e += 2 * (size_t)i;
		*value = t->is_signed ? (int64_t)(int32_t)e[1] : (int64_t)e[1];
	} else {
		e += 3 * (size_t)i;
		*value = (int64_t)((uint64_t)e[2] << 32 | e[1]);
	}
	*name = btf_file_name(f, e[0]);
	return true;
}

static bool is_wrapper(enum btf_tag tag)
{
	return tag == BTF_TAG_TYPEDEF || tag == BTF_TAG_VOLATILE || tag == BTF_TAG_CONST ||
	       tag == BTF_TAG_RESTRICT || tag == BTF_TAG_TYPE_TAG;
}

uint32_t btf_strip(const struct btf_file *f, uint32_t id)
{
	// A chain longer than any compiler makes is a ring.
	for (int i = 0; i < 64; i++) {
		const struct btf_raw *t = btf_file_type(f, id);
		if (!t || !is_wrapper(btf_raw_tag(t)))
			return id;
		id = t->type;
	}
	return 0;
}
