// map_history: in go the events of a mmap_log, out comes what each process had mapped when it was
// last heard of. A forked process begins with its parent's mappings, an exec with none. Nothing is
// forgotten: a process takes some hundred bytes, and its stacks may be printed at the very end.
#include "sys/map_history.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/str.h"

struct map_history {
	struct mmap_log *log;
	struct arena arena;
	struct intern paths;
	ARENA_VEC(struct old_process) processes; // by their begin
};

struct map_history *map_history_new(uint32_t pid)
{
	struct mmap_log *log = mmap_log_open(pid);
	struct map_history *h = log ? calloc(1, sizeof(*h)) : NULL;

	if (log && !h)
		bug("out of memory");
	if (h)
		h->log = log;
	return h;
}

void map_history_free(struct map_history *h)
{
	if (!h)
		return;
	mmap_log_close(h->log);
	intern_release(&h->paths);
	arena_release(&h->arena);
	free(h);
}

int map_history_fd(const struct map_history *h)
{
	return mmap_log_fd(h->log);
}

// From the end: those that are asked for are mostly young.
static struct old_process *find(const struct map_history *h, uint32_t pid)
{
	for (size_t i = h->processes.len; i-- > 0;)
		if (h->processes.data[i].pid == pid)
			return &h->processes.data[i];
	return NULL;
}

static struct old_process *begin(struct map_history *h, uint32_t pid)
{
	struct old_process p = {.pid = pid};

	arena_push(&h->arena, &h->processes, p);
	return &h->processes.data[h->processes.len - 1];
}

static void add_mapping(struct map_history *h, const struct mmap_event *e)
{
	struct old_process *p = find(h, e->pid);
	uint32_t id = intern_id(&h->paths, e->path);
	struct old_mapping m = {.start = e->start,
				.end = e->start + e->size,
				.offset = e->offset,
				.file = e->file,
				.path = h->paths.names[id]};

	if (!p)
		p = begin(h, e->pid);
	arena_push(&h->arena, &p->maps, m);
}

static void add_fork(struct map_history *h, const struct mmap_event *e)
{
	struct old_process *child = begin(h, e->pid);
	const struct old_process *parent = find(h, e->parent);

	for (size_t i = 0; parent && i < parent->maps.len; i++)
		arena_push(&h->arena, &child->maps, parent->maps.data[i]);
}

static void add_event(void *ctx, const struct mmap_event *e)
{
	struct map_history *h = ctx;
	struct old_process *p;

	switch (e->kind) {
	case MMAP_MAPPED:
		add_mapping(h, e);
		break;
	case MMAP_FORKED:
		add_fork(h, e);
		break;
	case MMAP_EXECED:
		p = find(h, e->pid);
		if (p)
			p->maps.len = 0;
		break;
	}
}

void map_history_update(struct map_history *h)
{
	mmap_log_read(h->log, add_event, h);
}

const struct old_process *map_history_of(const struct map_history *h, uint32_t pid)
{
	return find(h, pid);
}
