// dwarf_open.c: the file that holds a program's debug information.
//
// Enters: the path of a program or library. Leaves: an open Dwarf. Refuses: what is not an ELF
// file, a separate file whose build id or checksum is another's, and compressed sections that
// claim to be impossibly large.
//
// Files are read, not mapped: one that is truncated while it is read must not be a SIGBUS.
#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/dwarf_file.h"
#include "sys/slurp.h"

enum {
	BUILD_ID_MAX = 64,
	DEFLATE_MAX_RATIO = 1040, // zlib's limit is 1032
	ZSTD_MAX_RATIO = 1 << 16,
};

// How a separate file is known to be the right one.
struct identity {
	unsigned char build_id[BUILD_ID_MAX];
	size_t build_id_len;
	const char *link; // .gnu_debuglink, or NULL
	uint32_t crc;
};

struct search {
	struct debug_file *f;
	const char *root, *path, *dirs;
	struct identity id;
};

static void close_elf(struct debug_file *f)
{
	if (f->dwarf)
		dwarf_end(f->dwarf);
	if (f->elf)
		elf_end(f->elf);
	if (f->fd >= 0)
		close(f->fd);
	f->dwarf = NULL;
	f->elf = NULL;
	f->fd = -1;
}

static int open_elf(struct debug_file *f, const char *path, const char **reason)
{
	struct stat st;

	*reason = "cannot be opened";
	f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (f->fd < 0)
		return -errno;
	*reason = "not an ELF file";
	if (fstat(f->fd, &st) || !S_ISREG(st.st_mode))
		return -ENOEXEC;
	elf_version(EV_CURRENT);
	f->elf = elf_begin(f->fd, ELF_C_READ, NULL);
	return f->elf && elf_kind(f->elf) == ELF_K_ELF ? 0 : -ENOEXEC;
}

// A few bytes that claim to unpack to gigabytes are a trap.
static bool section_is_sane(Elf_Scn *scn, const GElf_Shdr *sh)
{
	GElf_Chdr ch;

	if (!(sh->sh_flags & SHF_COMPRESSED))
		return true;
	if (!gelf_getchdr(scn, &ch))
		return false;
	uint64_t ratio = ch.ch_type == ELFCOMPRESS_ZLIB ? DEFLATE_MAX_RATIO : ZSTD_MAX_RATIO;
	return ch.ch_size / ratio <= sh->sh_size;
}

// Does the file have a .debug_info, of how many bytes?
static bool find_info(Elf *elf, uint64_t *size, bool *sane)
{
	size_t strings;
	bool found = false;
	Elf_Scn *scn = NULL;

	*size = 0;
	*sane = true;
	if (elf_getshdrstrndx(elf, &strings))
		return false;
	while ((scn = elf_nextscn(elf, scn))) {
		GElf_Shdr sh;
		if (!gelf_getshdr(scn, &sh))
			continue;
		const char *name = elf_strptr(elf, strings, sh.sh_name);
		if (!name || strncmp(name, ".debug_", 7))
			continue;
		if (!section_is_sane(scn, &sh))
			*sane = false;
		if (strcmp(name, ".debug_info") && strcmp(name, ".debug_types"))
			continue;
		found = found || (sh.sh_type != SHT_NOBITS && sh.sh_size);
		*size += sh.sh_size;
	}
	return found;
}

static int open_dwarf(struct debug_file *f, const char **reason)
{
	uint64_t size;
	bool sane;

	*reason = "has no debug information";
	if (!find_info(f->elf, &size, &sane))
		return -ENODATA;
	*reason = "has broken debug information";
	if (!sane)
		return -EBADMSG;
	f->dwarf = dwarf_begin_elf(f->elf, DWARF_C_READ, NULL);
	if (!f->dwarf)
		return -EBADMSG;
	// Compressed, a byte is several entries; twice for those that are seen through others.
	f->budget = 64 * size + (1 << 16);
	return 0;
}

// ---- separate files ----------------------------------------------------------------------

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

static void crc32_fill(uint32_t table[256])
{
	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320u : 0);
	}
}

static bool checksum_matches(int fd, uint32_t want)
{
	enum { CHUNK = 1 << 16 };
	_cleanup_free_ unsigned char *chunk = malloc(CHUNK);
	uint32_t crc = ~0u, table[256];
	off_t at = 0;
	ssize_t n = -1;

	crc32_fill(table);
	while (chunk && (n = pread(fd, chunk, CHUNK, at)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			crc = crc >> 8 ^ table[(crc ^ chunk[i]) & 0xff];
		at += n;
	}
	return n == 0 && ~crc == want;
}

static bool is_the_one(const struct debug_file *f, const struct identity *id)
{
	const void *bits;
	ssize_t n = dwelf_elf_gnu_build_id(f->elf, &bits);

	if (n > 0 && id->build_id_len)
		return (size_t)n == id->build_id_len && !memcmp(bits, id->build_id, (size_t)n);
	return id->link && checksum_matches(f->fd, id->crc);
}

static bool try_file(struct search *s, const char *path)
{
	struct debug_file *f = s->f;
	const char *reason;

	if (!open_elf(f, path, &reason) && is_the_one(f, &s->id) && !open_dwarf(f, &reason)) {
		free(f->path);
		f->path = strdup(path);
		return true;
	}
	close_elf(f);
	return false;
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

static bool try_directories(struct search *s)
{
	char dir[PATH_MAX];

	for (const char *at = s->dirs; at && *at;) {
		size_t n = strcspn(at, ":");
		snprintf(dir, sizeof(dir), "%.*s", (int)n, at);
		if (n && try_directory(s, dir))
			return true;
		at += n + (at[n] == ':');
	}
	snprintf(dir, sizeof(dir), "%s/usr/lib/debug", root_prefix(s->root));
	return (s->id.link && try_beside(s)) || try_directory(s, dir);
}

static int open_separate(struct search *s)
{
	struct debug_file *f = s->f;
	_cleanup_free_ char *link = NULL;

	read_identity(f->elf, &s->id);
	if (s->id.link)
		s->id.link = link = strdup(s->id.link);
	close_elf(f);
	return try_directories(s) ? 0 : -ENODATA;
}

int debug_file_open(const char *root, const char *path, const char *dirs, struct debug_file **out,
		    const char **reason)
{
	struct debug_file *f = calloc(1, sizeof(*f));
	struct search s = {.f = f, .root = root ? root : "/", .path = path, .dirs = dirs};

	if (!f)
		return -ENOMEM;
	f->fd = -1;
	f->path = strdup(path);
	int err = open_elf(f, path, reason);
	if (!err)
		err = open_dwarf(f, reason);
	if (err == -ENODATA)
		err = open_separate(&s);
	if (err) {
		debug_file_close(f);
		return err;
	}
	*out = f;
	return 0;
}

void debug_file_close(struct debug_file *f)
{
	if (!f)
		return;
	debug_units_release(f);
	close_elf(f);
	free(f->dies);
	free(f->slots);
	for (size_t i = 0; i < f->name_count; i++)
		free((char *)f->names[i].name);
	free(f->names);
	free(f->path);
	free(f);
}

const char *debug_file_path(const struct debug_file *f)
{
	return f->path;
}
