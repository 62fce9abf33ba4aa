// summary.c: one line about the kernel functions of a script, once they are attached.
//
// Enters: the program after attaching. Leaves: text, or none where "Attached N probes" already
// says it all: a few functions, none set aside.
#include "attach/summary.h"

#include <string.h>

#include "attach/batch.h"

enum { MANY = 10, OBJECTS_SHOWN = 6 };

struct object_count {
	const char *module; // NULL: vmlinux
	unsigned count;
};

struct counts {
	ARENA_VEC(struct object_count) objects;
	unsigned functions, set_aside;
};

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static void count_object(struct arena *a, struct counts *c, const char *module)
{
	size_t i = c->objects.len;

	// Targets of one module follow each other: mostly it is the last one.
	while (i > 0 && !same(c->objects.data[i - 1].module, module))
		i--;
	if (!i) {
		struct object_count o = {module, 0};
		arena_push(a, &c->objects, o);
		i = c->objects.len;
	}
	c->objects.data[i - 1].count++;
}

static void count_unit(const struct program *p, const struct unit *u, struct counts *c)
{
	for (uint32_t i = 0; i < u->target_count; i++) {
		const struct target *t = unit_target(p, u, i);
		if (t->left_out)
			continue;
		c->functions++;
		count_object(p->arena, c, t->module);
	}
	c->set_aside += u->set_aside_count;
}

static void print_objects(const struct counts *c, struct buf *out)
{
	unsigned rest = 0;

	for (size_t i = 0; i < c->objects.len; i++) {
		const struct object_count *o = &c->objects.data[i];
		if (i >= OBJECTS_SHOWN)
			rest += o->count;
		else
			buf_printf(out, "%s%s %u", i ? ", " : "", o->module ? o->module : "vmlinux",
				   o->count);
	}
	if (rest)
		buf_printf(out, ", %zu more modules %u", c->objects.len - OBJECTS_SHOWN, rest);
}

void summary_print(const struct program *p, unsigned links, struct buf *out)
{
	struct counts c = {0};

	for (size_t i = 0; i < p->units.len; i++) {
		const struct unit *u = p->units.data[i];
		if (probe_type_is_kernel(u->type))
			count_unit(p, u, &c);
	}
	if (c.functions < MANY && !c.set_aside)
		return;
	buf_printf(out, "attached %u functions in %u link%s", c.functions, links,
		   links == 1 ? "" : "s");
	if (c.objects.len) {
		buf_puts(out, " (");
		print_objects(&c, out);
		buf_puts(out, ")");
	}
	if (c.set_aside)
		buf_printf(out, ", %u set aside (--explain)", c.set_aside);
}
