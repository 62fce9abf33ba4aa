// btf_maker: raw BTF, type by type, in memory. Ids count from 1, or from `next_id` for the BTF
// of a module.
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

struct btf_maker {
	struct buf types, strings;
	uint32_t next_id;
	uint32_t base_strings; // of a module: length of the base's strings
};

static inline void btf_maker_init(struct btf_maker *m, uint32_t first_id, uint32_t base_strings)
{
	*m = (struct btf_maker){.next_id = first_id, .base_strings = base_strings};
	if (!base_strings)
		buf_append(&m->strings, "", 1);
}

static inline uint32_t btf_string(struct btf_maker *m, const char *s)
{
	uint32_t at = m->base_strings + (uint32_t)m->strings.len;

	if (!*s)
		return 0;
	buf_append(&m->strings, s, strlen(s) + 1);
	return at;
}

static inline void btf_word(struct btf_maker *m, uint32_t word)
{
	buf_append(&m->types, &word, sizeof(word));
}

// The head of a type; the caller adds what follows. flag: bit 31.
static inline uint32_t btf_type(struct btf_maker *m, const char *name, uint32_t tag, uint32_t vlen,
				uint32_t flag, uint32_t size_or_type)
{
	btf_word(m, btf_string(m, name));
	btf_word(m, flag << 31 | tag << 24 | vlen);
	btf_word(m, size_or_type);
	return m->next_id++;
}

// Three words of a member, two of a parameter or an enumerator.
static inline void btf_words(struct btf_maker *m, const char *name, uint32_t a)
{
	btf_word(m, btf_string(m, name));
	btf_word(m, a);
}

static inline uint32_t btf_int(struct btf_maker *m, const char *name, uint32_t size,
			       uint32_t encoding)
{
	uint32_t id = btf_type(m, name, 1, 0, 0, size);

	btf_word(m, encoding << 24 | size * 8);
	return id;
}

// The file, malloc'ed; releases the maker.
static inline char *btf_finish(struct btf_maker *m, size_t *len)
{
	struct {
		uint16_t magic;
		uint8_t version, flags;
		uint32_t hdr_len, type_off, type_len, str_off, str_len;
	} h = {0xeb9f, 1, 0, 24, 0, (uint32_t)m->types.len, (uint32_t)m->types.len,
	       (uint32_t)m->strings.len};

	*len = sizeof(h) + m->types.len + m->strings.len;
	char *data = malloc(*len);
	memcpy(data, &h, sizeof(h));
	if (m->types.len)
		memcpy(data + sizeof(h), m->types.data, m->types.len);
	if (m->strings.len)
		memcpy(data + sizeof(h) + m->types.len, m->strings.data, m->strings.len);
	buf_release(&m->types);
	buf_release(&m->strings);
	return data;
}
