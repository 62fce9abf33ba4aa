// user_maps: in go /proc/PID/maps and what the kernel has told of mappings (map_history); out comes
// the mapping at an address. Other memory than files and the [vdso] is nobody's.
#include "sys/user_maps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "sys/pid_index.h"
#include "sys/vdso.h"

// JIT code is in no file: looking at the mappings again is worth it only so often.
#define REREAD_SECONDS 1

typedef ARENA_VEC(struct file_mapping) mapping_vec;

struct user_maps {
	struct arena arena;
	const char *root;
	struct map_history *history; // NULL: nothing is watched
	struct intern paths;	     // read again, the same ones come again
	struct pid_index processes;  // of struct user_process
	mapping_vec read, joined;    // while one is looked at
};

struct user_maps *user_maps_new(const char *root)
{
	struct user_maps *m = calloc(1, sizeof(*m));

	if (!m)
		bug("out of memory");
	m->root = root;
	return m;
}

void user_maps_free(struct user_maps *m)
{
	if (!m)
		return;
	map_history_free(m->history);
	intern_release(&m->paths);
	arena_release(&m->arena);
	free(m);
}

time_t user_maps_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

void user_maps_watch(struct user_maps *m, uint32_t pid)
{
	if (m->history)
		return;
	m->history = map_history_new(MMAP_LOG_ALL);
	if (!m->history && pid)
		m->history = map_history_new((int)pid);
}

int user_maps_watch_fd(const struct user_maps *m)
{
	return m->history ? map_history_fd(m->history) : -1;
}

void user_maps_watched(struct user_maps *m)
{
	if (m->history)
		map_history_update(m->history);
}

// ---- reading -----------------------------------------------------------------------------

static void add(struct user_maps *m, mapping_vec *to, struct file_mapping f)
{
	uint32_t id = intern_id(&m->paths, f.path);

	f.path = m->paths.names[id];
	arena_push(&m->arena, to, f);
}

// "55d6-55d7 r-xp 00001000 fe:00 1234    /usr/bin/x": only executable mappings of files.
static bool parse(char *line, struct file_mapping *f)
{
	char perms[5];
	int path_at = 0;

	if (sscanf(line,
		   "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %" SCNx32 ":%" SCNx32 " %" SCNu64 " %n",
		   &f->start, &f->end, perms, &f->offset, &f->file.major, &f->file.minor,
		   &f->file.inode, &path_at) < 7)
		return false;
	line[strcspn(line, "\n")] = '\0';
	f->path = line + path_at;
	return perms[2] == 'x' && path_at && (f->path[0] == '/' || vdso_is_named(f->path));
}

// To m->read. False: the process is not there, or has ended meanwhile: some may be missing.
static bool read_proc(struct user_maps *m, uint32_t pid)
{
	_cleanup_free_ char *line = NULL;
	_cleanup_fclose_ FILE *f = NULL;
	char path[4096];
	size_t cap = 0;
	struct file_mapping mapping;

	m->read.len = 0;
	snprintf(path, sizeof(path), "%s/proc/%u/maps", m->root, pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	while (getline(&line, &cap, f) > 0)
		if (parse(line, &mapping))
			add(m, &m->read, mapping);
	rewind(f);
	return m->read.len && getline(&line, &cap, f) > 0; // a zombie's are empty
}

static void replace(struct user_maps *m, struct user_process *p, const mapping_vec *by)
{
	p->maps.len = 0;
	for (size_t i = 0; i < by->len; i++)
		arena_push(&m->arena, &p->maps, by->data[i]);
}

// Is the process with this pid still what forked that one?
static bool is_parent(const struct user_maps *m, const struct old_process *child)
{
	const struct old_process *p = map_history_of(m->history, child->parent);

	return !p || p->parent || p->began < child->began;
}

// What was heard, the youngest first, then what its parent had that was there before, then what was
// read of it while it was there.
static void read_history(struct user_maps *m, struct user_process *p, const struct old_process *old)
{
	bool whole = !old->parent;

	m->joined.len = 0;
	for (size_t i = old->maps.len; i-- > 0;)
		add(m, &m->joined, old->maps.data[i]);
	if (!whole && is_parent(m, old) && read_proc(m, old->parent))
		for (size_t i = 0; i < m->read.len; i++)
			arena_push(&m->arena, &m->joined, m->read.data[i]);
	for (size_t i = 0; !whole && i < p->maps.len; i++)
		arena_push(&m->arena, &m->joined, p->maps.data[i]);
	if (m->joined.len)
		replace(m, p, &m->joined);
}

// In steps of the kernel's tick: some ms.
static uint64_t now_roughly(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

// Brought up to date once a tick for each process: it may have many addresses that are nowhere.
static const struct old_process *heard_of(struct user_maps *m, struct user_process *p)
{
	uint64_t now = now_roughly();

	if (!m->history)
		return NULL;
	if (now != p->heard_ns)
		map_history_update(m->history);
	p->heard_ns = now;
	return map_history_of(m->history, p->pid);
}

static void read_mappings(struct user_maps *m, struct user_process *p)
{
	const struct old_process *old = heard_of(m, p);
	bool whole = read_proc(m, p->pid);

	p->read_at = user_maps_now();
	if (whole || !p->maps.len)
		replace(m, p, &m->read);
	if (!whole && old && old->changes != p->changes)
		read_history(m, p, old);
	if (old)
		p->changes = old->changes;
}

struct user_process *user_maps_of(struct user_maps *m, uint32_t pid)
{
	struct user_process *p = pid_index_find(&m->processes, pid);

	if (p)
		return p;
	p = arena_new(&m->arena, struct user_process);
	p->pid = pid;
	read_mappings(m, p);
	pid_index_set(&m->arena, &m->processes, pid, p);
	return p;
}

// Mapped since: dlopen, exec.
static void read_again(struct user_maps *m, struct user_process *p)
{
	const struct old_process *old = heard_of(m, p);

	if ((old && old->changes != p->changes) || user_maps_now() - p->read_at >= REREAD_SECONDS)
		read_mappings(m, p);
}

void user_maps_remember(struct user_maps *m, uint32_t pid)
{
	read_again(m, user_maps_of(m, pid));
}

static const struct file_mapping *find(const struct user_process *p, uint64_t address)
{
	for (size_t i = 0; i < p->maps.len; i++)
		if (address >= p->maps.data[i].start && address < p->maps.data[i].end)
			return &p->maps.data[i];
	return NULL;
}

const struct file_mapping *user_maps_find(struct user_maps *m, struct user_process *p,
					  uint64_t address)
{
	const struct file_mapping *f = find(p, address);

	if (f)
		return f;
	read_again(m, p);
	return find(p, address);
}
