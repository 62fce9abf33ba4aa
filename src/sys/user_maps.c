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

struct user_maps {
	struct arena arena;
	const char *root;
	struct map_history *history; // NULL: nothing is watched
	struct intern paths;	     // read again, the same ones come again
	struct pid_index processes;  // of struct user_process
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

static void add(struct user_maps *m, struct user_process *p, struct file_mapping f)
{
	uint32_t id = intern_id(&m->paths, f.path);

	f.path = m->paths.names[id];
	arena_push(&m->arena, &p->maps, f);
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

// False: the process is not there, or has ended meanwhile: some of its mappings may be missing.
static bool read_proc(struct user_maps *m, struct user_process *p, uint32_t pid)
{
	_cleanup_free_ char *line = NULL;
	_cleanup_fclose_ FILE *f = NULL;
	char path[4096];
	size_t cap = 0, before = p->maps.len;
	struct file_mapping mapping;

	snprintf(path, sizeof(path), "%s/proc/%u/maps", m->root, pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	p->maps.len = 0;
	while (getline(&line, &cap, f) > 0)
		if (parse(line, &mapping))
			add(m, p, mapping);
	if (!p->maps.len)
		p->maps.len = before; // a zombie's maps are empty: what was known still helps
	rewind(f);
	return getline(&line, &cap, f) > 0;
}

// What was heard since it was forked, then what it has of a parent that did nothing else since.
static void read_history(struct user_maps *m, struct user_process *p, const struct old_process *old)
{
	struct user_process parent = {0};

	if (!old->maps.len && !old->parent)
		return;
	p->maps.len = 0;
	for (size_t i = old->maps.len; i-- > 0;) // the later one counts, and is found first
		add(m, p, old->maps.data[i]);
	if (old->parent && read_proc(m, &parent, old->parent))
		for (size_t i = 0; i < parent.maps.len; i++)
			arena_push(&m->arena, &p->maps, parent.maps.data[i]);
}

static const struct old_process *heard_of(struct user_maps *m, uint32_t pid)
{
	if (!m->history)
		return NULL;
	map_history_update(m->history);
	return map_history_of(m->history, pid);
}

static void read_mappings(struct user_maps *m, struct user_process *p)
{
	const struct old_process *old = heard_of(m, p->pid);

	p->read_at = user_maps_now();
	p->changes = old ? old->changes : p->changes;
	if (!read_proc(m, p, p->pid) && old)
		read_history(m, p, old);
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
	const struct old_process *old = heard_of(m, p->pid);

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
