// map_history: in go the events of a mmap_log, out comes what each process had mapped when it was
// last heard of. A forked process begins with its parent's mappings, an exec with none.
// Memory is bounded: what is heard goes to the young generation; when that is large, it becomes the
// old one, and the one before is forgotten.
#include "sys/map_history.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "sys/pid_index.h"

enum {
	GENERATION_BYTES = 4 << 20, // some 5,000 programs with 5 libraries each
	MAPPINGS_MAX = 4096,	    // of a process: unmapping is not heard of
};

struct generation {
	struct arena arena;
	struct intern paths;
	size_t path_count, path_bytes;
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
	p->began = ++h->changes;
	pid_index_set(&h->young.arena, &h->young.processes, pid, p);
	return p;
}

static const char *keep_path(struct generation *g, const char *path)
{
	uint32_t id = intern_id(&g->paths, path);

	if (id >= g->path_count) {
		g->path_count = id + 1;
		g->path_bytes += strlen(path) + sizeof(char *);
	}
	return g->paths.names[id];
}

// The younger half of them, in an array of its own.
static void drop_oldest(struct map_history *h, struct old_process *p)
{
	struct old_process kept = {0};

	for (size_t i = p->maps.len / 2; i < p->maps.len; i++)
		arena_push(&h->young.arena, &kept.maps, p->maps.data[i]);
	p->maps.data = kept.maps.data;
	p->maps.len = kept.maps.len;
	p->maps.cap = kept.maps.cap;
}

static void add_mapping(struct map_history *h, struct old_process *p, struct file_mapping m)
{
	if (p->maps.len >= MAPPINGS_MAX)
		drop_oldest(h, p);
	m.path = keep_path(&h->young, m.path);
	arena_push(&h->young.arena, &p->maps, m);
}

// Both use one array, until either has more: a full one is copied when it grows.
static void share_mappings(struct old_process *to, struct old_process *from)
{
	from->maps.cap = from->maps.len;
	to->maps.data = from->maps.data;
	to->maps.len = to->maps.cap = from->maps.len;
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
	p->began = old->began;
	p->changes = old->changes;
	for (size_t i = 0; i < old->maps.len; i++)
		add_mapping(h, p, old->maps.data[i]);
	return p;
}

static void add_fork(struct map_history *h, const struct mmap_event *e)
{
	struct old_process *parent = find(h, e->parent);
	struct old_process *child = begin(h, e->pid);

	child->changes = ++h->changes;
	if (!parent) {
		child->parent = e->parent;
		return;
	}
	child->parent = parent->parent;
	share_mappings(child, parent);
}

static void add_exec(struct map_history *h, struct old_process *p)
{
	p->maps.data = NULL; // may be another's, too
	p->maps.len = p->maps.cap = 0;
	p->parent = 0;
	p->began = h->changes;
}

static void grow_old(struct map_history *h)
{
	if (h->young.arena.total + h->young.path_bytes < GENERATION_BYTES)
		return;
	forget(&h->old);
	h->old = h->young;
	h->young = (struct generation){0};
}

static void add_event(void *ctx, const struct mmap_event *e)
{
	struct map_history *h = ctx;
	struct old_process *p;

	grow_old(h);
	if (e->kind == MMAP_FORKED) {
		add_fork(h, e);
		return;
	}
	p = find(h, e->pid); // one that ends is young again, too
	if (e->kind == MMAP_ENDED)
		return;
	if (!p) {
		p = begin(h, e->pid);
		p->parent = e->pid; // was there before: the rest is its own
	}
	p->changes = ++h->changes;
	if (e->kind == MMAP_EXECED)
		add_exec(h, p);
	else
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
}

const struct old_process *map_history_of(const struct map_history *h, uint32_t pid)
{
	return pid_index_find(&h->young.processes, pid) ?: pid_index_find(&h->old.processes, pid);
}
