// kernel_cache.c: keep the list of traceable functions in /run/mtrace.
//
// Enters: a list and what it is good for. Leaves: a file that only its owner can read, and the
// list again. Refuses: a directory or a file that belongs to somebody else or that others may
// write, a list of another boot or set of modules, offsets that lead out of the file.
#include "sys/kernel_cache.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/str.h"
#include "sys/slurp.h"

enum { CACHE_MAX = 64 << 20, VERSION = 1, NO_MODULE = UINT32_MAX };
enum { FLAG_UNIQUE = 1, FLAG_FIRST = 2 };

#define CACHE_NAME "kernel_funcs"
#define CACHE_MAGIC 0x6366746d // "mtfc"

struct cache_head {
	uint32_t magic, version;
	struct kernel_cache_key key;
	uint64_t check;		     // of everything behind the head
	uint32_t count, strings_len; // the first string is the source
};
struct cache_func {
	uint64_t address;
	uint32_t name, module, flags, pad;
};

// ---- the key -----------------------------------------------------------------------------

// "nf_conntrack 204800 3 nf_nat,xt_conntrack, Live 0xffffffffc0a00000": all but who uses it.
static uint64_t hash_module(uint64_t h, char *line)
{
	char *save, *field = strtok_r(line, " ", &save);

	for (int i = 0; field; i++, field = strtok_r(NULL, " ", &save))
		if (i != 2 && i != 3)
			h = (h ^ str_hash(field, strlen(field))) * 0x9e3779b97f4a7c15u;
	return h;
}

bool kernel_cache_key(const char *root, struct kernel_cache_key *out)
{
	_cleanup_free_ char *id = NULL, *modules = NULL;
	char path[PATH_MAX], *save;
	size_t len;

	*out = (struct kernel_cache_key){.modules = 1};
	snprintf(path, sizeof(path), "%s/proc/sys/kernel/random/boot_id", root_prefix(root));
	if (slurp(path, 4096, &id, &len))
		return false;
	id[strcspn(id, "\n")] = '\0';
	if (strlen(id) < 32 || strlen(id) >= sizeof(out->boot_id))
		return false;
	memcpy(out->boot_id, id, strlen(id));
	snprintf(path, sizeof(path), "%s/proc/modules", root_prefix(root));
	if (slurp(path, CACHE_MAX, &modules, &len)) // a kernel without modules
		return true;
	for (char *line = strtok_r(modules, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		out->modules = hash_module(out->modules, line);
	return true;
}

// ---- the place ---------------------------------------------------------------------------

static bool is_ours(int fd, mode_t type)
{
	struct stat st;

	return !fstat(fd, &st) && (st.st_mode & S_IFMT) == type && st.st_uid == geteuid() &&
	       !(st.st_mode & (type == S_IFDIR ? 022 : 077));
}

// -1: none that can be trusted.
static int open_dir(const char *root, bool create)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/run/mtrace", root_prefix(root));
	if (create)
		mkdir(path, 0700);
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && !is_ours(fd, S_IFDIR)) {
		close(fd);
		return -1;
	}
	return fd;
}

// ---- reading -----------------------------------------------------------------------------

static uint64_t hash_bytes(const char *data, size_t len)
{
	uint64_t h = len, word;

	for (; len >= 8; data += 8, len -= 8) {
		memcpy(&word, data, 8);
		h = (h ^ word) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	return h ^ str_hash(data, len);
}

static bool head_fits(const struct cache_head *h, const struct kernel_cache_key *key,
		      const char *data, size_t len)
{
	return h->magic == CACHE_MAGIC && h->version == VERSION &&
	       memcmp(&h->key, key, sizeof(*key)) == 0 &&
	       len - sizeof(*h) == h->count * sizeof(struct cache_func) + h->strings_len &&
	       h->strings_len && data[len - 1] == '\0' &&
	       h->check == hash_bytes(data + sizeof(*h), len - sizeof(*h));
}

static bool unpack(struct arena *a, const char *data, const struct cache_head *h,
		   struct kernel_funcs *out)
{
	const struct cache_func *rows = (const void *)(data + sizeof(*h));
	char *strings = arena_alloc(a, h->strings_len);

	memcpy(strings, rows + h->count, h->strings_len);
	out->funcs.data = arena_array(a, struct kernel_func, h->count + 1);
	out->funcs.cap = h->count + 1;
	for (uint32_t i = 0; i < h->count; i++) {
		const struct cache_func *r = &rows[i];
		if (r->name >= h->strings_len ||
		    (r->module != NO_MODULE && r->module >= h->strings_len))
			return false;
		out->funcs.data[out->funcs.len++] = (struct kernel_func){
		    .name = strings + r->name,
		    .module = r->module == NO_MODULE ? NULL : strings + r->module,
		    .address = r->address,
		    .unique = r->flags & FLAG_UNIQUE,
		    .first = r->flags & FLAG_FIRST,
		};
	}
	out->addresses = true;
	out->from_cache = true;
	out->source = strings;
	return true;
}

bool kernel_cache_load(struct arena *a, const char *root, const struct kernel_cache_key *key,
		       struct kernel_funcs *out)
{
	_cleanup_free_ char *data = NULL;
	struct cache_head h;
	size_t len;

	_cleanup_close_ int dir = open_dir(root, false);
	if (dir < 0)
		return false;
	_cleanup_close_ int fd =
	    openat(dir, CACHE_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || !is_ours(fd, S_IFREG) || slurp_fd(fd, CACHE_MAX, &data, &len) ||
	    len <= sizeof(h))
		return false;
	memcpy(&h, data, sizeof(h));
	if (head_fits(&h, key, data, len) && unpack(a, data, &h, out))
		return true;
	*out = (struct kernel_funcs){0};
	return false;
}

// ---- writing -----------------------------------------------------------------------------

static uint32_t put_string(struct buf *strings, const char *s)
{
	uint32_t at = (uint32_t)strings->len;

	buf_append(strings, s, strlen(s) + 1);
	return at;
}

static void pack(const struct kernel_funcs *list, struct buf *rows, struct buf *strings)
{
	const char *module = NULL;
	uint32_t module_at = NO_MODULE;

	for (size_t i = 0; i < list->funcs.len; i++) {
		const struct kernel_func *f = &list->funcs.data[i];
		// Sorted by module: each is stored once.
		if (f->module && (!module || strcmp(f->module, module) != 0))
			module_at = put_string(strings, f->module);
		module = f->module;
		struct cache_func row = {
		    .address = f->address,
		    .name = put_string(strings, f->name),
		    .module = f->module ? module_at : NO_MODULE,
		    .flags = (f->unique ? FLAG_UNIQUE : 0) | (f->first ? FLAG_FIRST : 0),
		};
		buf_append(rows, &row, sizeof(row));
	}
}

// A file of a name of our own takes the place of the old one when it is complete.
static bool replace_file(int dir, const char *data, size_t len)
{
	char name[64];

	snprintf(name, sizeof(name), CACHE_NAME ".%d", (int)getpid());
	unlinkat(dir, name, 0);
	_cleanup_close_ int fd =
	    openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	bool ok = fd_write_all(fd, data, len) && !renameat(dir, name, dir, CACHE_NAME);
	if (!ok)
		unlinkat(dir, name, 0);
	return ok;
}

bool kernel_cache_save(const char *root, const struct kernel_cache_key *key,
		       const struct kernel_funcs *list)
{
	struct buf all = {0}, rows = {0}, strings = {0};
	struct cache_head h = {.magic = CACHE_MAGIC, .version = VERSION, .key = *key};

	_cleanup_close_ int dir = open_dir(root, true);
	if (dir < 0)
		return false;
	put_string(&strings, list->source ? list->source : "");
	pack(list, &rows, &strings);
	buf_append(&rows, strings.data, strings.len);
	h.count = (uint32_t)list->funcs.len;
	h.strings_len = (uint32_t)strings.len;
	h.check = hash_bytes(rows.data, rows.len);
	buf_append(&all, &h, sizeof(h));
	buf_append(&all, rows.data, rows.len);
	bool ok = all.len <= CACHE_MAX && replace_file(dir, all.data, all.len);
	buf_release(&all);
	buf_release(&rows);
	buf_release(&strings);
	return ok;
}
