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
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/str.h"
#include "sys/build_id.h"
#include "sys/elf.h"
#include "sys/user_maps.h"
#include "sys/vdso.h"

enum { JIT_REREAD_SECONDS = 1 };

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
	struct user_maps *maps;
	ARENA_VEC(struct image *) images;
	struct image none; // of files that cannot be opened
};

struct usyms *usyms_new(const char *root, const char *debug_dirs)
{
	struct usyms *s = calloc(1, sizeof(*s));

	if (!s)
		bug("out of memory");
	s->root = strcmp(root, "/") == 0 ? "" : root;
	s->debug_dirs = debug_dirs;
	s->maps = user_maps_new(s->root);
	return s;
}

void usyms_free(struct usyms *s)
{
	if (!s)
		return;
	user_maps_free(s->maps);
	arena_release(&s->arena);
	free(s);
}

// A process of 32 bits has another one, which is not ours.
static bool is_our_vdso(const struct file_mapping *m)
{
	return vdso_is_named(m->path) && (m->end > UINT32_MAX || sizeof(void *) == 4);
}

void usyms_watch(struct usyms *s, uint32_t pid)
{
	user_maps_watch(s->maps, pid);
}

int usyms_watch_fd(const struct usyms *s)
{
	return user_maps_watch_fd(s->maps);
}

void usyms_watched(struct usyms *s)
{
	user_maps_watched(s->maps);
}

void usyms_remember(struct usyms *s, uint32_t pid)
{
	user_maps_remember(s->maps, pid);
}

static bool same_file(const struct file_id *a, const struct file_id *b)
{
	return a->major == b->major && a->minor == b->minor && a->inode == b->inode;
}

// A file that has no path any more: the program itself can still be opened, and other files by who
// may (CAP_CHECKPOINT_RESTORE). NULL: it has a path.
static const char *path_of_deleted(struct usyms *s, const struct user_process *p,
				   const struct file_mapping *m)
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

static void open_vdso(struct usyms *s, const struct file_mapping *m, struct image *image)
{
	char path[VDSO_PATH_MAX];
	_cleanup_close_ int fd = is_our_vdso(m) ? vdso_open(m->end - m->start, path) : -1;
	const char *reason;

	if (fd >= 0 && elf_open_funcs(&s->arena, path, NULL, &image->elf, &reason))
		log_verbose("no symbols from %s: %s", m->path, reason);
	image->elf.path = NULL; // not to be opened any more
}

// How surely it is the mapping's file: 2 by device and inode, 1 by its inode alone (overlays and
// btrfs show another device in mappings), 0 not at all.
static int likeness(const char *path, const struct file_id *file)
{
	struct stat st;

	if (stat(path, &st) || st.st_ino != file->inode)
		return 0;
	return major(st.st_dev) == file->major && minor(st.st_dev) == file->minor ? 2 : 1;
}

// The file where we see it, if it is the same: the process may end at any time, and with it its
// root, through which containers show their own files.
static const char *path_of(struct usyms *s, const struct user_process *p,
			   const struct file_mapping *m)
{
	const char *own = arena_printf(&s->arena, "%s%s", s->root, m->path);
	const char *theirs = path_of_deleted(s, p, m);
	int like = theirs ? 0 : likeness(own, &m->file);

	if (!theirs)
		theirs = arena_printf(&s->arena, "%s/proc/%u/root%s", s->root, p->pid, m->path);
	if (like == 2 || (like && access(theirs, F_OK)))
		return own;
	return theirs;
}

static struct image *image_of(struct usyms *s, const struct user_process *p,
			      const struct file_mapping *m)
{
	bool vdso = vdso_is_named(m->path);
	const char *path, *reason;
	struct image *image;

	for (size_t i = 0; i < s->images.len; i++) {
		image = s->images.data[i];
		if (same_file(&image->file, &m->file) && strcmp(image->path, m->path) == 0)
			return image;
	}
	path = vdso ? NULL : path_of(s, p, m);
	if (path && access(path, R_OK))
		return &s->none; // another process may yet show it
	image = arena_new(&s->arena, struct image);
	image->path = m->path;
	image->file = m->file;
	if (vdso)
		open_vdso(s, m, image);
	else if (elf_open_funcs(&s->arena, path, s->debug_dirs, &image->elf, &reason))
		log_verbose("no symbols from %s: %s", m->path, reason);
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
static bool lookup_jit(struct usyms *s, struct user_process *p, uint64_t address, struct usym *out)
{
	const struct jit_func *f = perf_map_find(&p->jit, address);

	if (!f && user_maps_now() - p->jit.read_at >= JIT_REREAD_SECONDS) {
		p->jit.read_at = user_maps_now();
		perf_map_read(&s->arena, s->root, p->pid, &p->jit);
		f = perf_map_find(&p->jit, address);
	}
	if (!f)
		return false;
	*out = (struct usym){.name = f->name, .offset = address - f->start, .file = p->jit.path};
	return true;
}

bool usyms_lookup(struct usyms *s, uint32_t pid, uint64_t address, struct usym *out)
{
	struct user_process *p = user_maps_of(s->maps, pid);
	const struct file_mapping *m = user_maps_find(s->maps, p, address);
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
	struct user_process *p = user_maps_of(s->maps, pid);
	const struct file_mapping *m = user_maps_find(s->maps, p, address);
	struct image *image = m ? image_of(s, p, m) : NULL;

	if (!image)
		return NULL;
	if (!image->build_id[0] && image->elf.path)
		build_id_read(image->elf.path, image->build_id);
	*offset = address - m->start + m->offset;
	return image->build_id[0] ? image->build_id : NULL;
}
