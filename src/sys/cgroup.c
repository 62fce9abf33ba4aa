// cgroup: the mounted hierarchies of control groups. A group's id is the inode number of its
// directory, in cgroup2 as in the old hierarchies; ids of different hierarchies are unrelated,
// which is why cgroup_path() names the hierarchy. Mounts are read when first asked; a group that
// was found is remembered, so that printing it again costs nothing.
#include "sys/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/magic.h>
#include <mntent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MAX_DEPTH 64

struct hierarchy {
	char *name, *path; // owned
	bool unified;
};

struct found {
	uint64_t id;
	char *pattern, *text; // owned
};

struct cgroups {
	bool read;
	struct hierarchy *list; // owned; cgroup2 first, then by name
	size_t len;
	struct found *found; // owned
	size_t found_len;
};

int cgroup_id(const char *path, uint64_t *id)
{
	union {
		struct file_handle h;
		char room[sizeof(struct file_handle) + sizeof(uint64_t)];
	} u = {.h.handle_bytes = sizeof(uint64_t)};
	int mount;

	if (name_to_handle_at(AT_FDCWD, path, &u.h, &mount, 0))
		return -errno;
	memcpy(id, u.h.f_handle, sizeof(*id));
	return 0;
}

int cgroup_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0)
		return -errno;
	if (!fstatfs(fd, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC)
		return fd;
	close(fd);
	return -EMEDIUMTYPE;
}

static bool is_group(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC;
}

// Up to the root of the file system, whose ".." is another one, or, where it is not mounted at all
// (chroot), itself.
int cgroup_place(int fd, uint64_t *id, unsigned *level)
{
	struct stat here, above;
	int at = dup(fd), up;

	*level = 0;
	while (at >= 0 && !fstat(at, &here)) {
		if (!*level)
			*id = here.st_ino; // of kernfs, the group's id
		up = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		close(at);
		at = -1;
		if (up < 0)
			return -errno;
		if (!is_group(up) || fstat(up, &above) || above.st_ino == here.st_ino) {
			close(up);
			return 0;
		}
		++*level;
		at = up;
	}
	return -errno;
}

// ---- mounts ------------------------------------------------------------------------------

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void add_hierarchy(struct cgroups *c, const char *path, bool unified)
{
	struct hierarchy *list = realloc(c->list, (c->len + 1) * sizeof(*list));
	char *name = strdup(unified ? "unified" : last_part(path));
	char *copy = strdup(path);

	if (list)
		c->list = list;
	if (!list || !name || !copy) {
		free(name);
		free(copy);
		return;
	}
	c->list[c->len++] = (struct hierarchy){name, copy, unified};
}

static int compare_hierarchies(const void *left, const void *right)
{
	const struct hierarchy *a = left, *b = right;

	if (a->unified != b->unified)
		return a->unified ? -1 : 1;
	return strcmp(a->name, b->name);
}

static bool is_known(const struct cgroups *c, const char *name, bool unified)
{
	for (size_t i = 0; i < c->len; i++)
		if (c->list[i].unified == unified && (unified || !strcmp(c->list[i].name, name)))
			return true;
	return false;
}

// The first mount of each: others are the same groups seen from elsewhere.
static void read_mounts(struct cgroups *c)
{
	FILE *f = setmntent("/proc/self/mounts", "re");
	struct mntent m;
	char room[4096];

	c->read = true;
	if (!f)
		return;
	while (getmntent_r(f, &m, room, sizeof(room))) {
		bool unified = !strcmp(m.mnt_type, "cgroup2");

		if ((unified || !strcmp(m.mnt_type, "cgroup")) &&
		    !is_known(c, last_part(m.mnt_dir), unified))
			add_hierarchy(c, m.mnt_dir, unified);
	}
	endmntent(f);
	if (c->len)
		qsort(c->list, c->len, sizeof(*c->list), compare_hierarchies);
}

struct cgroups *cgroups_new(void)
{
	return calloc(1, sizeof(struct cgroups));
}

void cgroups_free(struct cgroups *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->len; i++) {
		free(c->list[i].name);
		free(c->list[i].path);
	}
	for (size_t i = 0; i < c->found_len; i++) {
		free(c->found[i].pattern);
		free(c->found[i].text);
	}
	free(c->list);
	free(c->found);
	free(c);
}

// ---- a group's path ---------------------------------------------------------------------------

// Appends "/name" parts to *path while it goes down. Takes the fd.
static bool find_below(int fd, uint64_t id, struct buf *path, unsigned depth)
{
	DIR *d = fdopendir(fd);
	struct dirent *e;
	size_t len = path->len;

	if (!d)
		return false;
	while (depth < MAX_DEPTH && (e = readdir(d))) {
		int below;

		if (e->d_type != DT_DIR || e->d_name[0] == '.')
			continue;
		buf_printf(path, "/%s", e->d_name);
		if (e->d_ino == id)
			break;
		below = openat(fd, e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (below >= 0 && find_below(below, id, path, depth + 1))
			break;
		path->len = len;
	}
	closedir(d);
	return path->len > len;
}

static bool find_group(const struct hierarchy *h, uint64_t id, struct buf *path)
{
	int fd = open(h->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return false;
	if (!fstat(fd, &st) && st.st_ino == id) {
		close(fd);
		buf_putc(path, '/');
		return true;
	}
	return find_below(fd, id, path, 0);
}

static const struct found *find_known(const struct cgroups *c, uint64_t id, const char *pattern)
{
	for (size_t i = 0; i < c->found_len; i++)
		if (c->found[i].id == id && !strcmp(c->found[i].pattern, pattern))
			return &c->found[i];
	return NULL;
}

static void remember(struct cgroups *c, uint64_t id, const char *pattern, const char *text)
{
	struct found *list = realloc(c->found, (c->found_len + 1) * sizeof(*list));
	struct found f = {id, strdup(pattern), strdup(text)};

	if (list)
		c->found = list;
	if (list && f.pattern && f.text) {
		c->found[c->found_len++] = f;
		return;
	}
	free(f.pattern);
	free(f.text);
}

void cgroup_paths(struct cgroups *c, struct buf *out, uint64_t id, const char *pattern)
{
	const struct found *known = find_known(c, id, pattern);
	struct buf text = {0}, path = {0};

	if (known) {
		buf_puts(out, known->text);
		return;
	}
	if (!c->read)
		read_mounts(c);
	for (size_t i = 0; i < c->len; i++) {
		const struct hierarchy *h = &c->list[i];

		buf_clear(&path);
		if ((*pattern && fnmatch(pattern, h->name, 0)) || !find_group(h, id, &path))
			continue;
		buf_printf(&text, "%s%s:%s", text.len ? "," : "", h->name, buf_str(&path));
	}
	if (text.len)
		remember(c, id, pattern, buf_str(&text));
	buf_append(out, buf_str(&text), text.len);
	buf_release(&text);
	buf_release(&path);
}
