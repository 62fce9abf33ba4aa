// arena: memory that lives as long as one compilation and is released at once.
//
// Everything that describes the script (text, AST, types, struct program) is
// allocated here; nothing is freed singly. Allocation never fails: out of memory
// ends the process with a message. Memory is zeroed and aligned to 16 bytes.
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena_block;

struct arena {
	struct arena_block *head;
	size_t total; // bytes handed out so far, for limits and -d timing
};

void arena_release(struct arena *a);

void *arena_alloc(struct arena *a, size_t size);
// Grow an array of `*cap` elements of `size` bytes to hold at least `need`.
void *arena_grow(struct arena *a, void *old, size_t len, size_t *cap, size_t need, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_concat(struct arena *a, const char *const *parts, size_t count);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (size_t)(n)))

// A vector in the arena:   struct thing_vec ARENA_VEC(struct thing *);
//	ARENA_VEC(struct stmt *) body;   arena_push(a, &body, stmt);
#define ARENA_VEC(type)                                                                            \
	struct {                                                                                   \
		type *data;                                                                        \
		size_t len, cap;                                                                   \
	}
#define arena_push(a, v, item)                                                                     \
	do {                                                                                       \
		if ((v)->len == (v)->cap)                                                          \
			(v)->data = arena_grow((a), (v)->data, (v)->len, &(v)->cap, (v)->len + 1,  \
					       sizeof(*(v)->data));                                \
		(v)->data[(v)->len++] = (item);                                                    \
	} while (0)
