// usym: in go a pid and an address; out comes a function's name. A mapping tells the offset in
// the file, and functions are kept sorted by just that, so no load bias is ever computed.
// Code that a runtime has generated is in the file that it writes for perf, if it does. Refuses
// other memory (the [vdso] excepted), and a process that was never looked at while it was there.
#include "sys/usym.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "sys/build_id.h"
#include "sys/elf.h"
#include "sys/map_history.h"
#include "sys/perf_map.h"
#include "sys/vdso.h"

// JIT code is in no file: looking at the mappings again is worth it only so often.
#define REREAD_SECONDS 1

struct mapping {
	uint64_t start, end, offset;
	struct file_id file;
	const char *path;
};

struct process {
	uint32_t pid;
	time_t read_at;
	ARENA_VEC(struct mapping) maps; // as /proc lists them: by start
	struct perf_map jit;
};

// The functions of one file. A path alone does not say which: programs are replaced, and each mount
// namespace has its own.
struct image {
	const char *path;
	struct file_id file;
	struct elf_file elf;
	char build_id[BUILD_ID_TEXT]; // "": not read yet, or none
};

struct usyms {
	struct arena arena;
	const char *root;
	const char *debug_dirs;
	struct map_history *history; // of the process watched; NULL: none
	struct intern paths; // of mappings: read again, the same ones come again
	ARENA_VEC(struct process *) processes;
	ARENA_VEC(struct image *) images;
};

struct usyms *usyms_new(const char *root, const char *debug_dirs)
{
	struct usyms *s = calloc(1, sizeof(*s));

	if (!s)
		bug("out of memory");
	s->root = strcmp(root, "/") == 0 ? "" : root;
	s->debug_dirs = debug_dirs;
	return s;
}

void usyms_free(struct usyms *s)
{
	if (!s)
		return;
	map_history_free(s->history);
	intern_release(&s->paths);
	arena_release(&s->arena);
	free(s);
}

// A process of 32 bits has another one, which is not ours.
static bool is_our_vdso(const struct mapping *m)
{
	return vdso_is_named(m->path) && (m->end > UINT32_MAX || sizeof(void *) == 4);
}

// "55d6-55d7 r-xp 00001000 fe:00 1234    /usr/bin/x": only executable mappings of files.
static bool parse_mapping(struct usyms *s, char *line, struct mapping *m)
{
	char perms[5];
	int path_at = 0;
	uint32_t id;

	if (sscanf(line,
		   "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %" SCNx32 ":%" SCNx32 " %" SCNu64 " %n",
		   &m->start, &m->end, perms, &m->offset, &m->file.major, &m->file.minor,
		   &m->file.inode, &path_at) < 7)
		return false;
	line[strcspn(line, "\n")] = '\0';
	if (perms[2] != 'x' || !path_at || (line[path_at] != '/' && !vdso_is_named(line + path_at)))
		return false;
	id = intern_id(&s->paths, line + path_at);
	m->path = s->paths.names[id];
	return true;
}

static time_t now_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

// It has ended: what the kernel told while it was there.
static void read_history(struct usyms *s, struct process *p)
{
	const struct old_process *old;

	if (!s->history)
		return;
	map_history_update(s->history);
	old = map_history_of(s->history, p->pid);
	if (!old || !old->maps.len)
		return;
	p->maps.len = 0;
	for (size_t i = old->maps.len; i-- > 0;) { // the later one counts, and is found first
		const struct old_mapping *o = &old->maps.data[i];
		struct mapping m = {o->start, o->end, o->offset, o->file, o->path};

		arena_push(&s->arena, &p->maps, m);
	}
}

void usyms_watch(struct usyms *s, uint32_t pid)
{
	if (!s->history)
		s->history = map_history_new(pid);
}

int usyms_watch_fd(const struct usyms *s)
{
	return s->history ? map_history_fd(s->history) : -1;
}

void usyms_watched(struct usyms *s)
{
	if (s->history)
		map_history_update(s->history);
}

static void read_mappings(struct usyms *s, struct process *p)
{
	_cleanup_free_ char *line = NULL;
	_cleanup_fclose_ FILE *f = NULL;
	char path[4096];
	size_t cap = 0, before = p->maps.len;

	snprintf(path, sizeof(path), "%s/proc/%u/maps", s->root, p->pid);
	f = fopen(path, "re");
	p->read_at = now_seconds();
	if (!f) {
		read_history(s, p);
		return;
	}
	p->maps.len = 0;
	while (getline(&line, &cap, f) > 0) {
		struct mapping m = {0};

		if (parse_mapping(s, line, &m))
			arena_push(&s->arena, &p->maps, m);
	}
	if (!p->maps.len) {
		p->maps.len = before; // a zombie's maps are empty: what was known still helps
		read_history(s, p);
	}
}

static struct process *process_of(struct usyms *s, uint32_t pid)
{
	struct process *p;

	for (size_t i = 0; i < s->processes.len; i++)
		if (s->processes.data[i]->pid == pid)
			return s->processes.data[i];
	p = arena_new(&s->arena, struct process);
	p->pid = pid;
	read_mappings(s, p);
	arena_push(&s->arena, &s->processes, p);
	return p;
}

void usyms_remember(struct usyms *s, uint32_t pid)
{
	struct process *p = process_of(s, pid);

	if (now_seconds() - p->read_at >= REREAD_SECONDS) // mapped since: dlopen, exec
		read_mappings(s, p);
}

static const struct mapping *find_mapping(const struct process *p, uint64_t address)
{
	for (size_t i = 0; i < p->maps.len; i++)
		if (address >= p->maps.data[i].start && address < p->maps.data[i].end)
			return &p->maps.data[i];
	return NULL;
}

static bool same_file(const struct file_id *a, const struct file_id *b)
{
	return a->major == b->major && a->minor == b->minor && a->inode == b->inode;
}

// A file that has no path any more: the program itself can still be opened, and other files by who
// may (CAP_CHECKPOINT_RESTORE). NULL: it has a path.
static const char *path_of_deleted(struct usyms *s, const struct process *p,
				   const struct mapping *m)
{
	const char *exe = arena_printf(&s->arena, "%s/proc/%u/exe", s->root, p->pid);
	struct stat st;

	if (!str_ends_with(m->path, " (deleted)"))
		return NULL;
	if (!stat(exe, &st) && st.st_ino == m->file.inode)
		return exe;
	return arena_printf(&s->arena, "%s/proc/%u/map_files/%" PRIx64 "-%" PRIx64, s->root, p->pid,
			    m->start, m->end);
}

static void open_vdso(struct usyms *s, const struct mapping *m, struct image *image)
{
	char path[VDSO_PATH_MAX];
	_cleanup_close_ int fd = is_our_vdso(m) ? vdso_open(m->end - m->start, path) : -1;
	const char *reason;

	if (fd >= 0 && elf_open_funcs(&s->arena, path, NULL, &image->elf, &reason))
		log_verbose("no symbols from %s: %s", m->path, reason);
	image->elf.path = NULL; // not to be opened any more
}

// Opened through the process's own root, so that containers show their own files.
static void open_image(struct usyms *s, const struct process *p, const struct mapping *m,
		       struct image *image)
{
	if (vdso_is_named(m->path)) {
		open_vdso(s, m, image);
		return;
	}
	const char *deleted = path_of_deleted(s, p, m);
	const char *full =
	    deleted ?: arena_printf(&s->arena, "%s/proc/%u/root%s", s->root, p->pid, m->path);
	const char *reason;

	if (elf_open_funcs(&s->arena, full, s->debug_dirs, &image->elf, &reason) &&
	    elf_open_funcs(&s->arena, m->path, s->debug_dirs, &image->elf, &reason))
		log_verbose("no symbols from %s: %s", m->path, reason);
}

static struct image *image_of(struct usyms *s, const struct process *p, const struct mapping *m)
{
	struct image *image;

	for (size_t i = 0; i < s->images.len; i++) {
		image = s->images.data[i];
		if (same_file(&image->file, &m->file) && strcmp(image->path, m->path) == 0)
			return image;
	}
	image = arena_new(&s->arena, struct image);
	image->path = m->path;
	image->file = m->file;
	open_image(s, p, m, image);
	arena_push(&s->arena, &s->images, image);
	return image;
}

// The last function that begins at or before the offset, if it reaches that far.
static const struct elf_func *find_func(const struct elf_file *elf, uint64_t offset)
{
	size_t low = 0, high = elf->funcs.len;
	const struct elf_func *f;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (elf->funcs.data[mid].offset <= offset)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return NULL;
	f = &elf->funcs.data[low - 1];
	return !f->size || offset - f->offset < f->size ? f : NULL;
}

// JIT code grows while the program runs.
static bool lookup_jit(struct usyms *s, struct process *p, uint64_t address, struct usym *out)
{
	const struct jit_func *f = perf_map_find(&p->jit, address);

	if (!f && now_seconds() - p->jit.read_at >= REREAD_SECONDS) {
		p->jit.read_at = now_seconds();
		perf_map_read(&s->arena, s->root, p->pid, &p->jit);
		f = perf_map_find(&p->jit, address);
	}
	if (!f)
		return false;
	*out = (struct usym){.name = f->name, .offset = address - f->start, .file = p->jit.path};
	return true;
}

static const struct mapping *mapping_of(struct usyms *s, struct process *p, uint64_t address)
{
	const struct mapping *m = find_mapping(p, address);

	if (m || now_seconds() - p->read_at < REREAD_SECONDS)
		return m;
	read_mappings(s, p); // mapped since: dlopen, exec
	return find_mapping(p, address);
}

bool usyms_lookup(struct usyms *s, uint32_t pid, uint64_t address, struct usym *out)
{
	struct process *p = process_of(s, pid);
	const struct mapping *m = mapping_of(s, p, address);
	const struct elf_func *f;
	uint64_t offset;

	if (!m)
		return lookup_jit(s, p, address, out);
	offset = address - m->start + m->offset;
	f = find_func(&image_of(s, p, m)->elf, offset);
	if (!f)
		return false;
	*out = (struct usym){.name = f->name, .offset = offset - f->offset, .file = m->path};
	return true;
}

const char *usyms_build_id(struct usyms *s, uint32_t pid, uint64_t address, uint64_t *offset)
{
	struct process *p = process_of(s, pid);
	const struct mapping *m = mapping_of(s, p, address);
	struct image *image = m ? image_of(s, p, m) : NULL;

	if (!image)
		return NULL;
	if (!image->build_id[0] && image->elf.path)
		build_id_read(image->elf.path, image->build_id);
	*offset = address - m->start + m->offset;
	return image->build_id[0] ? image->build_id : NULL;
}
