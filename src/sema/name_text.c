// name_text: names that travel as numbers (of a probe, an error, a signal, a system call) where
// a script wants a string. In: an expression of such a type; out: a string expression, and in
// struct program the table from which the kernel takes the text. Names that are only printed
// or compared with a literal stay numbers.
#include <string.h>

#include "sema/check.h"
#include "sys/syscalls.h"

#define ERRNO_COUNT (KERNEL_ERRNO_MAX + 1)
#define SIGNAL_COUNT 65
#define SYSCALL_COUNT 512

static const char *known_syscall(unsigned number)
{
	const char *name = syscall_name(number);

	return name ? name : "Unknown syscall";
}

static const char *known_errno(unsigned err)
{
	return errno_text((int)err);
}

static const char *known_signal(unsigned sig)
{
	return signal_text((int)sig);
}

static void fill(struct checker *k, struct name_table *t, uint32_t count,
		 const char *(*text)(unsigned))
{
	char *rows;

	if (t->rows)
		return;
	t->count = count;
	for (unsigned i = 0; i <= count; i++) {
		uint32_t n = (uint32_t)strlen(text(i)) + 1;

		t->width = n > t->width ? n : t->width;
	}
	rows = arena_alloc(k->arena, (size_t)(count + 1) * t->width);
	memset(rows, 0, (size_t)(count + 1) * t->width);
	for (unsigned i = 0; i <= count; i++)
		strcpy(rows + (size_t)i * t->width, text(i));
	t->rows = rows;
}

static uint32_t probe_width(const struct program *p)
{
	size_t longest = 0;

	for (size_t i = 0; i < p->targets.len; i++) {
		size_t n = strlen(p->targets.data[i]->probe);

		longest = n > longest ? n : longest;
	}
	return (uint32_t)longest + 1;
}

struct type *name_string_type(struct checker *k, const struct type *name)
{
	struct program *p = k->program;

	switch (name->kind) {
	case TYPE_PROBE:
		return type_string(k->arena, probe_width(p));
	case TYPE_STRERROR:
		fill(k, &p->errnos, ERRNO_COUNT, known_errno);
		return type_string(k->arena, p->errnos.width);
	case TYPE_SIGNAL:
		fill(k, &p->signals, SIGNAL_COUNT, known_signal);
		return type_string(k->arena, p->signals.width);
	case TYPE_SYSCALL:
		fill(k, &p->syscalls, SYSCALL_COUNT, known_syscall);
		return type_string(k->arena, p->syscalls.width);
	default:
		return NULL;
	}
}

// `probe` in a unit of one target is a literal; elsewhere the kernel looks the name up.
struct type *name_to_string(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t = name_string_type(k, e->type);

	if (!t)
		return e->type;
	if (k->final && e->type->kind == TYPE_PROBE && e->kind == EXPR_IDENT &&
	    k->unit->target_count == 1) {
		const char *text = k->program->targets.data[k->unit->first_target]->probe;

		expr_set_string(k, e, text, strlen(text));
		return e->type;
	}
	convert_quietly(k, slot, t);
	return t;
}
