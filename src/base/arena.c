// arena: sizes come in, zeroed memory leaves. Blocks are chained from the newest to the
// oldest; a request that does not fit the newest block opens a new one, large requests
// get a block of their own. An arena that is large already grows by large pages. Refuses nothing:
// out of memory ends the process.
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/huge.h"

#define ARENA_ALIGN 16
#define ARENA_BLOCK (64 * 1024)
#define ARENA_LARGE (1024 * 1024) // handed out: from then on, blocks of LARGE_BLOCK
#define ARENA_LARGE_BLOCK (2 * 1024 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t used, size; // of data
	_Alignas(ARENA_ALIGN) unsigned char data[];
};

_Noreturn static void die_no_memory(void)
{
	fputs("ERROR: out of memory\n", stderr);
	exit(1);
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *b = huge_calloc(sizeof(*b) + size);

	if (!b)
		die_no_memory();
	b->size = size;
	return b;
}

void arena_release(struct arena *a)
{
	struct arena_block *next;

	for (struct arena_block *b = a->head; b; b = next) {
		next = b->next;
		free(b);
	}
	a->head = NULL;
	a->total = 0;
}

// A large request goes behind the current block, so that what is left of that one is
// still used.
static void *alloc_large(struct arena *a, size_t size)
{
	struct arena_block *b = block_new(size);

	b->used = size;
	if (a->head) {
		b->next = a->head->next;
		a->head->next = b;
	} else {
		a->head = b;
	}
	return b->data;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b = a->head;
	void *p;

	if (size > SIZE_MAX / 2)
		die_no_memory();
	size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	if (!size)
		size = ARENA_ALIGN;
	a->total += size;
	if (!b || b->size - b->used < size) {
		if (size > ARENA_BLOCK / 4)
			return alloc_large(a, size);
		b = block_new(a->total < ARENA_LARGE ? ARENA_BLOCK
						     : ARENA_LARGE_BLOCK - sizeof(*b));
		b->next = a->head;
		a->head = b;
	}
	p = b->data + b->used;
	b->used += size;
	return p;
}

void *arena_grow(struct arena *a, void *old, size_t len, size_t *cap, size_t need, size_t size)
{
	size_t new_cap = *cap ? *cap : 4;
	void *p;

	if (need <= *cap)
		return old;
	while (new_cap < need) {
		if (new_cap > SIZE_MAX / 4)
			die_no_memory();
		new_cap *= 2;
	}
	if (new_cap > SIZE_MAX / 2 / size)
		die_no_memory();
	p = arena_alloc(a, new_cap * size);
	if (len)
		memcpy(p, old, len * size);
	*cap = new_cap;
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p;

	if (n > SIZE_MAX / 2)
		die_no_memory();
	p = arena_alloc(a, n + 1);
	if (n)
		memcpy(p, s, n);
	return p;
}

char *arena_concat(struct arena *a, const char *const *parts, size_t count)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += strlen(parts[i]);
	char *text = arena_alloc(a, len + 1), *p = text;
	for (size_t i = 0; i < count; i++)
		p = stpcpy(p, parts[i]);
	return text;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;

	va_start(ap, fmt);
	p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	char first[256]; // most texts are short: formatted once
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(first, sizeof(first), fmt, again);
	va_end(again);
	if (n < 0)
		return arena_strdup(a, "");
	if ((size_t)n < sizeof(first))
		return arena_strndup(a, first, (size_t)n);
	char *p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return p;
}
