// btf.c: find functions in raw BTF (/sys/kernel/btf/vmlinux) without building an index.
//
// Enters: a path and names. Leaves: type ids and parameter counts. Refuses: anything that is
// not BTF of our byte order or whose sections or types reach outside the file.
//
// The string section of the kernel's BTF holds every string once. So a name is first found
// among the strings; then the types are walked comparing 32-bit offsets, which costs about a
// millisecond for the 150,000 types of a distribution kernel.
#include "sys/btf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "sys/features.h"

enum { BTF_MAGIC = 0xeb9f, BTF_SIZE_MAX = 256 << 20 };

// Kinds of the BTF format, as far as their trailing data has to be skipped.
enum {
	KIND_INT = 1,
	KIND_ARRAY = 3,
	KIND_STRUCT = 4,
	KIND_UNION = 5,
	KIND_ENUM = 6,
	KIND_FUNC = 12,
	KIND_FUNC_PROTO = 13,
	KIND_VAR = 14,
	KIND_DATASEC = 15,
	KIND_DECL_TAG = 17,
	KIND_ENUM64 = 19,
	KIND_MAX = 19,
};

struct btf_head {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t hdr_len, type_off, type_len, str_off, str_len;
};

struct btf_entry {
	uint32_t name_off;
	uint32_t info; // bits 0-15 vlen, 24-28 kind
	uint32_t type; // or size
};

struct btf_view {
	const char *types, *types_end;
	const char *strings;
	size_t strings_len;
};

static int read_whole(int fd, char **data, size_t *len)
{
	struct stat st;
	if (fstat(fd, &st))
		return -errno;
	if (st.st_size <= 0 || st.st_size > BTF_SIZE_MAX)
		return -EINVAL;
	char *buf = malloc((size_t)st.st_size);
	if (!buf)
		return -ENOMEM;
	size_t done = 0;
	while (done < (size_t)st.st_size) {
		ssize_t n = read(fd, buf + done, (size_t)st.st_size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	*data = buf;
	*len = done;
	return 0;
}

static int view_init(struct btf_view *v, const char *data, size_t len)
{
	struct btf_head h;

	if (len < sizeof(h))
		return -EINVAL;
	memcpy(&h, data, sizeof(h));
	if (h.magic != BTF_MAGIC || h.version != 1 || h.hdr_len < sizeof(h) || h.hdr_len > len)
		return -EINVAL;
	size_t body = len - h.hdr_len;
	if (h.type_off > body || h.type_len > body - h.type_off || h.str_off > body ||
	    h.str_len > body - h.str_off || h.str_len == 0)
		return -EINVAL;
	v->types = data + h.hdr_len + h.type_off;
	v->types_end = v->types + h.type_len;
	v->strings = data + h.hdr_len + h.str_off;
	v->strings_len = h.str_len;
	return 0;
}

// Offset of the string that is exactly `name`; 0 (the empty string) when there is none.
static uint32_t find_string(const struct btf_view *v, const char *name)
{
	size_t n = strlen(name) + 1;
	const char *at = v->strings, *end = v->strings + v->strings_len;

	while ((at = memmem(at, (size_t)(end - at), name, n))) {
		if (at > v->strings && at[-1] == '\0')
			return (uint32_t)(at - v->strings);
		at++;
	}
	return 0;
}

// Bytes of one type with its members; 0 when the kind is unknown.
static size_t entry_size(uint32_t kind, uint32_t vlen)
{
	size_t base = sizeof(struct btf_entry);

	switch (kind) {
	case KIND_INT:
	case KIND_VAR:
	case KIND_DECL_TAG:
		return base + 4;
	case KIND_ARRAY:
		return base + 12;
	case KIND_STRUCT:
	case KIND_UNION:
	case KIND_DATASEC:
	case KIND_ENUM64:
		return base + 12 * (size_t)vlen;
	case KIND_ENUM:
	case KIND_FUNC_PROTO:
		return base + 8 * (size_t)vlen;
	default:
		return kind && kind <= KIND_MAX ? base : 0;
	}
}

// Calls nothing back: the two passes differ only in what they look for. Pass 1 (protos NULL)
// finds the functions and notes their prototype's id in param_count; pass 2 replaces that by
// the number of parameters.
static int walk_types(const struct btf_view *v, const uint32_t *name_offs, size_t count,
		      struct btf_func *out, bool protos)
{
	uint32_t id = 1;

	for (const char *p = v->types; p < v->types_end; id++) {
		struct btf_entry e;
		if ((size_t)(v->types_end - p) < sizeof(e))
			return -EINVAL;
		memcpy(&e, p, sizeof(e));
		uint32_t kind = (e.info >> 24) & 0x1f;
		size_t size = entry_size(kind, e.info & 0xffff);
		if (!size || size > (size_t)(v->types_end - p))
			return -EINVAL;
		p += size;
		if (kind != (protos ? KIND_FUNC_PROTO : KIND_FUNC))
			continue;
		for (size_t i = 0; i < count; i++) {
			if (protos && out[i].id && out[i].param_count == id)
				out[i].param_count = 0x80000000u | (e.info & 0xffff);
			else if (!protos && name_offs[i] && name_offs[i] == e.name_off)
				out[i] = (struct btf_func){.id = id, .param_count = e.type};
		}
	}
	return 0;
}

int btf_find_funcs(const char *path, const char *const *names, size_t count, struct btf_func *out)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	_cleanup_free_ char *data = NULL;
	_cleanup_free_ uint32_t *offs = calloc(count + 1, sizeof(*offs));
	size_t len = 0;
	struct btf_view v;

	if (fd < 0)
		return -errno;
	if (!offs)
		return -ENOMEM;
	int err = read_whole(fd, &data, &len);
	if (!err)
		err = view_init(&v, data, len);
	if (err)
		return err;
	memset(out, 0, count * sizeof(*out));
	for (size_t i = 0; i < count; i++)
		offs[i] = find_string(&v, names[i]);
	err = walk_types(&v, offs, count, out, false);
	if (!err)
		err = walk_types(&v, offs, count, out, true);
	for (size_t i = 0; i < count; i++)
		out[i].param_count &= 0x7fffffffu;
	return err;
}

int kernel_btf_func(const char *name, uint32_t *id, uint32_t *param_count)
{
	struct btf_func f;
	int err = btf_find_funcs(BTF_VMLINUX, &name, 1, &f);

	if (err)
		return err;
	if (!f.id)
		return -ENOENT;
	*id = f.id;
	*param_count = f.param_count;
	return 0;
}
