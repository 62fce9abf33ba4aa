// fuzz_btf: any bytes as BTF, whole and split: the first half of the input is the base of the
// second, where its first byte asks for that; it also says whether a right head is put over
// them, so that the fuzzer gets at the types without a seed.
// clang -fsanitize=fuzzer,address,undefined.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sys/btf_file.h"
#include "sys/btf_types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TYPES_MAX = 300 }; // of those that are looked at: one input must not take long

enum { FLAG_SPLIT = 1, FLAG_HEAD = 2, HEAD_LEN = 24 };

// The last quarter are the strings.
static void put_head(char *file, uint32_t body)
{
	uint32_t types = body / 4 * 3 & ~3u;
	uint32_t head[] = {0x0001eb9f, HEAD_LEN, 0, types, types, body - types};

	memcpy(file, head, sizeof(head));
	if (body)
		file[HEAD_LEN + body - 1] = '\0';
}

static struct btf_file *parse(const uint8_t *data, size_t size, bool with_head,
			      const struct btf_file *base)
{
	struct btf_file *f = NULL;
	size_t skip = with_head ? HEAD_LEN : 0;
	char *copy = malloc(skip + size + 1);

	if (!copy)
		return NULL;
	memcpy(copy + skip, data, size);
	if (with_head)
		put_head(copy, (uint32_t)size);
	return btf_file_parse(copy, skip + size, base, &f) ? NULL : f;
}

static void read_type(const struct btf_file *f, uint32_t id)
{
	struct buf b = {0};
	struct btf_info t;
	struct btf_member_info m;
	struct btf_param_info p;
	const char *name;
	int64_t value;
	size_t n = 0;

	btf_type_name(f, id, &b);
	btf_proto_refused(f, id, id & 1);
	btf_strip(f, id);
	if (btf_get(f, id, &t)) {
		n += strlen(t.name);
		for (uint32_t i = 0; btf_member(f, &t, i, &m); i++)
			n += strlen(m.name);
		for (uint32_t i = 0; btf_param(f, &t, i, &p); i++)
			n += strlen(p.name);
		for (uint32_t i = 0; btf_enumerator(f, &t, i, &name, &value); i++)
			n += strlen(name);
	}
	buf_printf(&b, "%zu", n);
	buf_release(&b);
}

static void read_file(struct btf_file *f)
{
	int64_t value;
	uint32_t id;

	for (uint32_t i = 0; i <= btf_count(f) && i < TYPES_MAX; i++)
		read_type(f, i);
	read_type(f, btf_count(f) + 1);
	for (int i = 0; i < 5; i++) // walks first, then the index
		btf_find(f, BTF_TAG_STRUCT, "sock");
	btf_find(f, BTF_TAG_FUNC, "send");
	btf_find_enumerator(f, "STATE_BAD", &value, &id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t half = 0;

	if (!size)
		return 0;
	bool head = *data & FLAG_HEAD;
	if (*data & FLAG_SPLIT)
		half = (size - 1) / 2;
	struct btf_file *base = half ? parse(data + 1, half, head, NULL) : NULL;
	struct btf_file *f = parse(data + 1 + half, size - 1 - half, head, base);
	if (base)
		read_file(base);
	if (f)
		read_file(f);
	btf_file_close(f);
	btf_file_close(base);
	return 0;
}
