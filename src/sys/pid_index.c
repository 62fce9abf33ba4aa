// pid_index: open addressing, never more than half full; entries are never removed.
#include "sys/pid_index.h"

static struct pid_slot *slot_of(const struct pid_index *x, uint32_t pid)
{
	size_t at = (size_t)(pid * 2654435769u) & (x->cap - 1); // 2^32 / golden ratio: spreads runs

	while (x->slots[at].value && x->slots[at].pid != pid)
		at = (at + 1) & (x->cap - 1);
	return &x->slots[at];
}

void *pid_index_find(const struct pid_index *x, uint32_t pid)
{
	return x->cap ? slot_of(x, pid)->value : NULL;
}

static void grow(struct arena *a, struct pid_index *x)
{
	struct pid_index old = *x;

	x->cap = old.cap ? old.cap * 2 : 16;
	x->slots = arena_array(a, struct pid_slot, x->cap);
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].value)
			*slot_of(x, old.slots[i].pid) = old.slots[i];
}

void pid_index_set(struct arena *a, struct pid_index *x, uint32_t pid, void *value)
{
	struct pid_slot *slot;

	if (x->len * 2 >= x->cap)
		grow(a, x);
	slot = slot_of(x, pid);
	x->len += !slot->value;
	*slot = (struct pid_slot){pid, value};
}
