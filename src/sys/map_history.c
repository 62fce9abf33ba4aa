// map_history: in go the events of a mmap_log, out comes what each process had mapped when it was
// last heard of. A forked process begins with its parent's mappings, an exec with none.
// Memory is bounded: what is heard goes to the young generation; when that is large, it becomes the
// old one, and the one before is forgotten.
#include "sys/map_history.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/str.h"
#include "sys/pid_index.h"

enum { GENERATION_BYTES = 4 << 20 }; // some 5,000 programs with 5 libraries each

struct generation {
	struct arena arena;
	struct intern paths;
	struct pid_index processes; // of struct old_process
};

struct map_history {
	struct mmap_log *log;
	uint64_t changes;
	struct generation young, old;
};

struct map_history *map_history_new(int pid)
{
	struct mmap_log *log = mmap_log_open(pid);
	struct map_history *h = log ? calloc(1, sizeof(*h)) : NULL;

	if (log && !h)
		bug("out of memory");
	if (h)
		h->log = log;
	return h;
}

static void forget(struct generation *g)
{
	intern_release(&g->paths);
	arena_release(&g->arena);
	*g = (struct generation){0};
}

void map_history_free(struct map_history *h)
{
	if (!h)
		return;
	mmap_log_close(h->log);
	forget(&h->young);
	forget(&h->old);
	free(h);
}

int map_history_fd(const struct map_history *h)
{
	return mmap_log_fd(h->log);
}

static struct old_process *begin(struct map_history *h, uint32_t pid)
{
	struct old_process *p = arena_new(&h->young.arena, struct old_process);

	p->pid = pid;
	pid_index_set(&h->young.arena, &h->young.processes, pid, p);
	return p;
}

static void add_mapping(struct map_history *h, struct old_process *p, struct file_mapping m)
{
	uint32_t id = intern_id(&h->young.paths, m.path);

	m.path = h->young.paths.names[id];
	arena_push(&h->young.arena, &p->maps, m);
}

static void copy_mappings(struct map_history *h, struct old_process *to,
			  const struct old_process *from)
{
	for (size_t i = 0; i < from->maps.len; i++)
		add_mapping(h, to, from->maps.data[i]);
}

// Of the young generation: what was not heard of for long comes back to it. NULL: not known.
static struct old_process *find(struct map_history *h, uint32_t pid)
{
	struct old_process *p = pid_index_find(&h->young.processes, pid);
	const struct old_process *old = p ? NULL : pid_index_find(&h->old.processes, pid);

	if (!old)
		return p;
	p = begin(h, pid);
	p->parent = old->parent;
	copy_mappings(h, p, old);
	return p;
}

static void add_fork(struct map_history *h, const struct mmap_event *e)
{
	const struct old_process *parent = find(h, e->parent);
	struct old_process *child = begin(h, e->pid);

	child->changes = ++h->changes;
	if (!parent) {
		child->parent = e->parent;
		return;
	}
	child->parent = parent->parent;
	copy_mappings(h, child, parent);
}

static void add_event(void *ctx, const struct mmap_event *e)
{
	struct map_history *h = ctx;
	struct old_process *p;

	if (e->kind == MMAP_FORKED) {
		add_fork(h, e);
		return;
	}
	p = find(h, e->pid); // one that ends is young again, too
	if (e->kind == MMAP_ENDED)
		return;
	p = p ?: begin(h, e->pid);
	p->changes = ++h->changes;
	if (e->kind == MMAP_EXECED) {
		p->maps.len = 0;
		p->parent = 0;
		return;
	}
	add_mapping(h, p,
		    (struct file_mapping){.start = e->start,
					  .end = e->start + e->size,
					  .offset = e->offset,
					  .file = e->file,
					  .path = e->path});
}

void map_history_update(struct map_history *h)
{
	mmap_log_read(h->log, add_event, h);
	if (h->young.arena.total < GENERATION_BYTES)
		return;
	forget(&h->old);
	h->old = h->young;
	h->young = (struct generation){0};
}

const struct old_process *map_history_of(const struct map_history *h, uint32_t pid)
{
	return pid_index_find(&h->young.processes, pid) ?: pid_index_find(&h->old.processes, pid);
}
