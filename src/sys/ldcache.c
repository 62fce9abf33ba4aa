// ldcache.c: read /etc/ld.so.cache (glibc's format 1.1, alone or behind the libc5 one).
//
// Enters: the file. Leaves: (soname, path) pairs. Refuses: files whose tables or strings
// reach outside them.
#include "sys/ldcache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"

#define OLD_MAGIC "ld.so-1.7.0"
#define NEW_MAGIC "glibc-ld.so.cache1.1"

enum { CACHE_MAX = 64 << 20, OLD_HEADER = 16, OLD_ENTRY = 12, FLAG_ELF_LIBC6 = 3 };

struct cache_header {
	char magic[20]; // NEW_MAGIC, not terminated
	uint32_t count, strings_len;
	uint8_t flags, pad[3];
	uint32_t extension_offset, unused[3];
};
struct cache_entry {
	int32_t flags;
	uint32_t key, value; // offsets of strings from the header
	uint32_t osversion;
	uint64_t hwcap;
};

// The upper byte of the flags names the ABI; 0 where the machine has only one.
#if defined(__x86_64__)
enum { FLAG_ABI = 0x0300 };
#elif defined(__aarch64__)
enum { FLAG_ABI = 0x0a00 };
#else
enum { FLAG_ABI = -1 };
#endif

static bool of_this_machine(int32_t flags)
{
	if ((flags & 0xff) != FLAG_ELF_LIBC6)
		return false;
	return FLAG_ABI == -1 || (flags & 0xff00) == FLAG_ABI;
}

// A NUL-terminated string inside the data, or NULL.
static const char *string_at(const char *data, size_t len, uint32_t offset)
{
	if (offset >= len || !memchr(data + offset, '\0', len - offset))
		return NULL;
	return data + offset;
}

static int walk(const char *data, size_t len,
		bool (*fn)(void *ctx, const char *soname, const char *path), void *ctx)
{
	struct cache_header h;

	if (len < sizeof(h))
		return -EINVAL;
	memcpy(&h, data, sizeof(h));
	if (memcmp(h.magic, NEW_MAGIC, sizeof(h.magic)) ||
	    h.count > (len - sizeof(h)) / sizeof(struct cache_entry))
		return -EINVAL;
	for (uint32_t i = 0; i < h.count; i++) {
		struct cache_entry e;
		memcpy(&e, data + sizeof(h) + i * sizeof(e), sizeof(e));
		const char *soname = string_at(data, len, e.key);
		const char *path = string_at(data, len, e.value);
		if (!soname || !path)
			return -EINVAL;
		if (of_this_machine(e.flags) && !fn(ctx, soname, path))
			break;
	}
	return 0;
}

// The old format's table comes first in files that serve both.
static size_t new_part(const char *data, size_t len)
{
	uint32_t count;

	if (len < OLD_HEADER || memcmp(data, OLD_MAGIC, sizeof(OLD_MAGIC) - 1))
		return 0;
	memcpy(&count, data + 12, sizeof(count));
	if (count > (len - OLD_HEADER) / OLD_ENTRY)
		return len;
	return (OLD_HEADER + (size_t)count * OLD_ENTRY + 7) & ~(size_t)7;
}

int ldcache_each(const char *file, bool (*fn)(void *ctx, const char *soname, const char *path),
		 void *ctx)
{
	_cleanup_close_ int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (st.st_size <= 0 || st.st_size > CACHE_MAX)
		return -EINVAL;
	_cleanup_free_ char *data = malloc((size_t)st.st_size);
	if (!data)
		return -ENOMEM;
	ssize_t n = pread(fd, data, (size_t)st.st_size, 0);
	if (n < 0)
		return -errno;
	size_t skip = new_part(data, (size_t)n);
	if (skip > (size_t)n)
		return -EINVAL;
	return walk(data + skip, (size_t)n - skip, fn, ctx);
}
