// user_files.c: the ELF files that a script names, each read once, and names in them.
//
// Enters: paths. Leaves: functions by name and by place. What is wrong with a file is kept
// with it, for every attach point that names it.
#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "sema/expand.h"

enum { LOOKUPS_BEFORE_INDEX = 4 };

typedef ARENA_VEC(const struct elf_func *) func_vec;

struct user_file *user_file_get(struct expansion *x, const char *path)
{
	uint32_t id = intern_id(&x->file_ids, path);

	if (id < x->files.len)
		return x->files.data[id];
	struct user_file *f = arena_new(x->arena, struct user_file);
	f->path = arena_strdup(x->arena, path);
	f->error = elf_open_own_funcs(x->arena, path, &f->elf, &f->reason);
	if (f->error && !f->reason)
		f->reason = strerror(-f->error);
	arena_push(x->arena, &x->files, f);
	return f;
}

void user_file_complete(struct expansion *x, struct user_file *f)
{
	if (f->complete)
		return;
	f->complete = true;
	if (!f->error && elf_add_stripped(x->arena, &f->elf, x->c->options->debug_dirs)) {
		f->buckets = NULL; // of the array before
		f->lookups = 0;
	}
}

static size_t bucket_of(const struct user_file *f, const char *name)
{
	return str_hash(name, strlen(name)) & (f->bucket_count - 1);
}

static void build_index(struct expansion *x, struct user_file *f)
{
	size_t n = f->elf.funcs.len;

	for (f->bucket_count = 16; f->bucket_count < n; f->bucket_count *= 2)
		;
	f->buckets = arena_array(x->arena, uint32_t, f->bucket_count);
	f->next = arena_array(x->arena, uint32_t, n);
	for (size_t i = n; i-- > 0;) { // chains end up in order of offset
		size_t b = bucket_of(f, f->elf.funcs.data[i].name);
		f->next[i] = f->buckets[b];
		f->buckets[b] = (uint32_t)i + 1;
	}
}

static void find_by_name(struct expansion *x, struct user_file *f, const char *name,
			 func_vec *found)
{
	const struct elf_func *funcs = f->elf.funcs.data;

	if (f->lookups++ == LOOKUPS_BEFORE_INDEX)
		build_index(x, f);
	if (f->buckets) {
		for (uint32_t i = f->buckets[bucket_of(f, name)]; i; i = f->next[i - 1])
			if (!strcmp(funcs[i - 1].name, name))
				arena_push(x->arena, found, &funcs[i - 1]);
	} else {
		for (size_t i = 0; i < f->elf.funcs.len; i++)
			if (!strcmp(funcs[i].name, name))
				arena_push(x->arena, found, &funcs[i]);
	}
}

size_t user_file_find(struct expansion *x, struct user_file *f, const char *name,
		      const struct elf_func *const **out)
{
	func_vec found = {0};

	find_by_name(x, f, name, &found);
	if (!found.len && f->elf.stripped && !f->complete) {
		user_file_complete(x, f);
		find_by_name(x, f, name, &found);
	}
	*out = found.data;
	return found.len;
}

const struct elf_func *user_file_at(struct expansion *x, struct user_file *f, uint64_t offset)
{
	user_file_complete(x, f);
	size_t lo = 0, hi = f->elf.funcs.len;

	while (lo < hi) { // the first function that starts after the offset
		size_t mid = lo + (hi - lo) / 2;
		if (f->elf.funcs.data[mid].offset <= offset)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo)
		return NULL;
	const struct elf_func *fn = &f->elf.funcs.data[lo - 1];
	uint64_t inside = offset - fn->offset;
	return !fn->is_outside && (inside < fn->size || !inside) ? fn : NULL;
}

const char *user_file_nearest(const struct user_file *f, const char *name)
{
	struct nearest n;

	nearest_init(&n, name);
	for (size_t i = 0; i < f->elf.funcs.len; i++)
		nearest_offer(&n, f->elf.funcs.data[i].name);
	return nearest_get(&n);
}
