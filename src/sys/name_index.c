// name_index.c: open addressing with the hash kept beside the name, so that a look-up touches
// the text of one name only. At most half of the slots are in use.
#include "sys/name_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/huge.h"
#include "base/str.h"

bool name_index_init(struct name_index *t, size_t names)
{
	size_t slots = 16;

	while (slots < names * 2)
		slots *= 2;
	t->slots = huge_calloc(slots * sizeof(*t->slots));
	t->mask = t->slots ? slots - 1 : 0;
	return t->slots;
}

void name_index_release(struct name_index *t)
{
	free(t->slots);
	*t = (struct name_index){0};
}

struct name_slot *name_index_at(const struct name_index *t, const char *name)
{
	uint32_t hash = (uint32_t)str_hash_name(name);

	for (size_t i = hash & t->mask;; i = (i + 1) & t->mask) {
		struct name_slot *s = &t->slots[i];
		if (!s->name)
			s->hash = hash;
		if (!s->name || (s->hash == hash && strcmp(s->name, name) == 0))
			return s;
	}
}

bool name_index_add(struct name_index *t, const char *name, uint32_t value)
{
	struct name_slot *s = name_index_at(t, name);

	if (s->name)
		return false;
	s->name = name;
	s->value = value;
	return true;
}

bool name_index_find(const struct name_index *t, const char *name, uint32_t *value)
{
	if (!t->mask)
		return false;
	const struct name_slot *s = name_index_at(t, name);
	if (s->name)
		*value = s->value;
	return s->name;
}
