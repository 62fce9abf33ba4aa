// debug_search.c: finds the separate file that belongs to a program.
//
// Enters: a program's path and its ELF. Leaves: each file that is known to be of that very build,
// to whoever asked. Refuses: a file whose build id or checksum is another's.
#include "sys/debug_search.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/cleanup.h"
#include "sys/slurp.h"

enum { BUILD_ID_MAX = 64 };

// How a separate file is known to be the right one.
struct identity {
	unsigned char build_id[BUILD_ID_MAX];
	size_t build_id_len;
	const char *link; // .gnu_debuglink, or NULL
	uint32_t crc;
};

struct search {
	const char *path; // of the program
	struct identity id;
	debug_take_fn take;
	void *ctx;
};

void elf_handle_close(struct elf_handle *h)
{
	if (h->elf)
		elf_end(h->elf);
	if (h->fd >= 0)
		close(h->fd);
	*h = (struct elf_handle){.fd = -1};
}

int elf_handle_open(struct elf_handle *h, const char *path, const char **reason)
{
	struct stat st;

	*reason = "cannot be opened";
	*h = (struct elf_handle){.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
	if (h->fd < 0)
		return -errno;
	*reason = "not an ELF file";
	if (fstat(h->fd, &st) || !S_ISREG(st.st_mode))
		return -ENOEXEC;
	elf_version(EV_CURRENT);
	h->elf = elf_begin(h->fd, ELF_C_READ, NULL);
	return h->elf && elf_kind(h->elf) == ELF_K_ELF ? 0 : -ENOEXEC;
}

static void read_identity(Elf *elf, struct identity *id)
{
	const void *bits;
	ssize_t n = dwelf_elf_gnu_build_id(elf, &bits);
	GElf_Word crc = 0;

	if (n > 0 && n <= BUILD_ID_MAX) {
		memcpy(id->build_id, bits, (size_t)n);
		id->build_id_len = (size_t)n;
	}
	const char *link = dwelf_elf_gnu_debuglink(elf, &crc);
	// A name only: it does not lead elsewhere.
	if (link && *link && !strchr(link, '/') && strlen(link) < NAME_MAX) {
		id->link = link;
		id->crc = crc;
	}
}

static bool checksum_matches(int fd, uint32_t want)
{
	enum { CHUNK = 1 << 16 };
	_cleanup_free_ unsigned char *chunk = malloc(CHUNK);
	uLong crc = crc32(0, NULL, 0);
	off_t at = 0;
	ssize_t n = -1;

	for (; chunk && (n = pread(fd, chunk, CHUNK, at)) > 0; at += n)
		crc = crc32(crc, chunk, (uInt)n);
	return n == 0 && crc == want;
}

static bool is_the_one(const struct elf_handle *h, const struct identity *id)
{
	const void *bits;
	ssize_t n = dwelf_elf_gnu_build_id(h->elf, &bits);

	if (n > 0 && id->build_id_len)
		return (size_t)n == id->build_id_len && !memcmp(bits, id->build_id, (size_t)n);
	return id->link && checksum_matches(h->fd, id->crc);
}

static bool try_file(struct search *s, const char *path)
{
	struct elf_handle h = {.fd = -1};
	const char *reason;
	bool taken = !elf_handle_open(&h, path, &reason) && is_the_one(&h, &s->id) &&
		     s->take(s->ctx, path, &h);

	elf_handle_close(&h);
	return taken;
}

static bool try_build_id(struct search *s, const char *dir)
{
	char path[PATH_MAX], hex[2 * BUILD_ID_MAX + 1];

	if (s->id.build_id_len < 2)
		return false;
	for (size_t i = 0; i < s->id.build_id_len; i++)
		snprintf(hex + 2 * i, 3, "%02x", s->id.build_id[i]);
	snprintf(path, sizeof(path), "%s/.build-id/%.2s/%s.debug", dir, hex, hex + 2);
	return try_file(s, path);
}

static bool try_link(struct search *s, const char *dir, const char *sub)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s%s/%s", dir, sub, s->id.link);

	return n < (int)sizeof(path) && try_file(s, path);
}

static bool try_beside(struct search *s)
{
	const char *slash = strrchr(s->path, '/');
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - s->path) : 1,
		 slash ? s->path : ".");
	return try_link(s, dir, "") || try_link(s, dir, "/.debug");
}

static bool try_directory(struct search *s, const char *dir)
{
	const char *slash = strrchr(s->path, '/');
	char below[PATH_MAX];

	if (try_build_id(s, dir))
		return true;
	if (!s->id.link)
		return false;
	snprintf(below, sizeof(below), "%s/%.*s", dir, slash ? (int)(slash - s->path) : 0, s->path);
	return try_link(s, below, "") || try_link(s, dir, "");
}

static bool try_directories(struct search *s, const char *dirs)
{
	char dir[PATH_MAX];

	for (const char *at = dirs; at && *at;) {
		size_t n = strcspn(at, ":");
		snprintf(dir, sizeof(dir), "%.*s", (int)n, at);
		if (n && try_directory(s, dir))
			return true;
		at += n + (at[n] == ':');
	}
	return false;
}

// "/proc/12/root/usr/bin/x": a process's own /usr/bin/x. The length of what is before it, or 0.
static size_t process_root_length(const char *path)
{
	int n = 0;

	if (sscanf(path, "/proc/%*[0-9]/root%n", &n) != 0 || path[n] != '/')
		return 0;
	return (size_t)n;
}

static bool try_process_root(struct search *s)
{
	size_t n = process_root_length(s->path);
	struct search own = *s;
	char dir[PATH_MAX];

	if (!n)
		return false;
	own.path = s->path + n;
	snprintf(dir, sizeof(dir), "%.*s/usr/lib/debug", (int)n, s->path);
	return try_directory(&own, dir);
}

bool debug_search(const char *root, const char *path, Elf *program, const char *dirs,
		  debug_take_fn take, void *ctx)
{
	struct search s = {.path = path, .take = take, .ctx = ctx};
	char dir[PATH_MAX];

	read_identity(program, &s.id);
	snprintf(dir, sizeof(dir), "%s/usr/lib/debug", root_prefix(root));
	return try_directories(&s, dirs) || (s.id.link && try_beside(&s)) || try_process_root(&s) ||
	       try_directory(&s, dir);
}
