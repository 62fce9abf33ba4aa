// funcs: a `func` that is the function's address becomes the name under which it is traced: of
// several functions of one name each has its own. Enters: the program's targets. Leaves: names.
#include "output/internal.h"

#include <stdlib.h>

struct func_names {
	const struct program *program; // borrowed
	const struct target **sorted;  // by address; NULL until somebody asks
	size_t count;
};

struct func_names *func_names_new(const struct program *p)
{
	struct func_names *f = calloc(1, sizeof(*f));

	if (f)
		f->program = p;
	return f;
}

void func_names_free(struct func_names *f)
{
	if (f)
		free(f->sorted);
	free(f);
}

static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_address(const void *a, const void *b)
{
	return compare((*(const struct target *const *)a)->address,
		       (*(const struct target *const *)b)->address);
}

static int address_is(const void *address, const void *target)
{
	return compare(*(const uint64_t *)address,
		       (*(const struct target *const *)target)->address);
}

static void sort(struct func_names *f)
{
	const struct program *p = f->program;

	f->sorted = calloc(p->targets.len + 1, sizeof(*f->sorted));
	for (size_t i = 0; f->sorted && i < p->targets.len; i++)
		if (p->targets.data[i]->address)
			f->sorted[f->count++] = p->targets.data[i];
	if (f->count)
		qsort(f->sorted, f->count, sizeof(*f->sorted), by_address);
}

const char *func_names_lookup(struct func_names *f, uint64_t address)
{
	const struct target **found;

	if (!f->sorted)
		sort(f);
	if (!f->sorted)
		return NULL;
	found = bsearch(&address, f->sorted, f->count, sizeof(*f->sorted), address_is);
	return found ? (*found)->func : NULL;
}
