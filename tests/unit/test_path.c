// test_path: which file a script means. A fixture tree stands for "/".
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/ldcache.h"
#include "sys/path.h"
#include "test.h"

#define ROOT TEST_BINARY_DIR "/test_path.tmp"

static void make_dir(const char *path)
{
	CHECK(!mkdir(path, 0755) || !access(path, X_OK));
}

static void make_file(const char *path, const char *text)
{
	_cleanup_fclose_ FILE *f = fopen(path, "w");

	if (CHECK(f))
		fputs(text, f);
}

static void put_u32(FILE *f, uint32_t v)
{
	fwrite(&v, sizeof(v), 1, f);
}

// Two libraries of this machine and one of another.
static void make_cache(const char *path)
{
	static const char strings[] =
	    "libfoo.so.1\0/lib/libfoo.so.1\0libbar.so.2\0/lib/libbar.so.2";
	enum { FOO = 0, FOO_PATH = 12, BAR = 29, BAR_PATH = 41 };
#ifdef __aarch64__
	uint32_t ours = 0xa03, other = 0x303;
#else
	uint32_t ours = 0x303, other = 0x803;
#endif
	struct {
		uint32_t flags, key, value;
	} entries[] = {{other, FOO, BAR_PATH}, {ours, FOO, FOO_PATH}, {ours, BAR, BAR_PATH}};
	uint32_t base = 48 + 24 * (uint32_t)ARRAY_SIZE(entries);
	_cleanup_fclose_ FILE *f = fopen(path, "w");

	if (!CHECK(f))
		return;
	fwrite("glibc-ld.so.cache1.1", 1, 20, f);
	put_u32(f, ARRAY_SIZE(entries));
	put_u32(f, sizeof(strings));
	for (int i = 0; i < 5; i++)
		put_u32(f, 0);
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		put_u32(f, entries[i].flags);
		put_u32(f, base + entries[i].key);
		put_u32(f, base + entries[i].value);
		for (int k = 0; k < 3; k++)
			put_u32(f, 0);
	}
	fwrite(strings, 1, sizeof(strings), f);
}

static void test_make_fixture(void)
{
	make_dir(ROOT);
	make_dir(ROOT "/etc");
	make_dir(ROOT "/lib");
	make_dir(ROOT "/bin");
	make_dir(ROOT "/proc");
	make_dir(ROOT "/proc/42");
	make_dir(ROOT "/proc/42/root");
	make_dir(ROOT "/proc/42/root/opt");
	make_file(ROOT "/lib/libfoo.so.1", "");
	make_file(ROOT "/lib/libbar.so.2", "");
	make_file(ROOT "/bin/prog", "");
	make_file(ROOT "/bin/pr[o]g", "");
	make_file(ROOT "/proc/42/root/opt/tool", "");
	make_file(ROOT "/proc/42/root/opt/libbaz.so.3", "");
	make_file(ROOT "/proc/42/maps", "00400000-00401000 r--p 00000000 08:01 1 /opt/tool\n"
					"00401000-00402000 r-xp 00001000 08:01 1 /opt/tool\n"
					"00500000-00501000 r-xp 00000000 08:01 2 /opt/libbaz.so.3\n"
					"00600000-00601000 rw-p 00000000 00:00 0 [heap]\n"
					"00700000-00701000 r-xp 00000000 00:00 0 [vdso]\n"
					"garbage\n");
	make_cache(ROOT "/etc/ld.so.cache");
	unlink(ROOT "/proc/42/exe");
	CHECK_INT(symlink("/opt/tool", ROOT "/proc/42/exe"), 0);
	unlink(ROOT "/bin/link");
	CHECK_INT(symlink("prog", ROOT "/bin/link"), 0);
}

// The only result, or NULL; `count` counts them.
static const char *resolve(struct arena *a, const char *spec, int pid, size_t *count)
{
	path_vec out = {0};

	CHECK_INT(path_resolve_at(a, ROOT, spec, pid, &out), 0);
	*count = out.len;
	return out.len ? out.data[0] : NULL;
}

static void check_one(const char *spec, int pid, const char *expected)
{
	struct arena a = {0};
	size_t n;
	const char *path = resolve(&a, spec, pid, &n);

	CHECK_INT(n, expected ? 1 : 0);
	CHECK_STR(path, expected);
	arena_release(&a);
}

static void test_absolute(void)
{
	check_one("/bin/prog", 0, ROOT "/bin/prog");
	check_one("/bin/link", 0, ROOT "/bin/link"); // symlinks are kept
	check_one("/bin/none", 0, NULL);
	check_one("/bin", 0, NULL);
}

static void test_globs(void)
{
	struct arena a = {0};
	size_t n;

	check_one("/lib/libf*", 0, ROOT "/lib/libfoo.so.1");
	check_one("/lib/zzz*", 0, NULL);
	resolve(&a, "/lib/lib*", 0, &n);
	CHECK_INT(n, 2);
	// '*' only: brackets stand for themselves. A link and its file are one file.
	check_one("/bin/pr[o]*", 0, ROOT "/bin/pr[o]g");
	resolve(&a, "/bin/*", 0, &n);
	CHECK_INT(n, 2);
	arena_release(&a);
}

static void test_programs(void)
{
	const char *path = getenv("PATH");
	char *old = path ? strdup(path) : NULL;

	setenv("PATH", "/nowhere:/bin", 1);
	check_one("prog", 0, ROOT "/bin/prog");
	check_one("nothing", 0, NULL);
	check_one("", 0, NULL);
	if (old)
		setenv("PATH", old, 1);
	free(old);
}

static void test_libraries(void)
{
	check_one("libfoo", 0, ROOT "/lib/libfoo.so.1");
	check_one("libfoo.so", 0, ROOT "/lib/libfoo.so.1");
	check_one("libfoo.so.1", 0, ROOT "/lib/libfoo.so.1");
	check_one("libfoo.so.2", 0, NULL);
	check_one("libfo", 0, NULL);
	check_one("libbar", 0, ROOT "/lib/libbar.so.2");
}

static void test_process(void)
{
	struct arena a = {0};
	size_t n;

	check_one("libbaz", 42, ROOT "/proc/42/root/opt/libbaz.so.3");
	check_one("tool", 42, ROOT "/proc/42/root/opt/tool");
	check_one("/opt/tool", 42, ROOT "/proc/42/root/opt/tool");
	check_one("lib*", 42, ROOT "/proc/42/root/opt/libbaz.so.3");
	resolve(&a, "*", 42, &n);
	CHECK_INT(n, 2);
	CHECK_STR(path_of_pid(&a, ROOT, 43), NULL);
	arena_release(&a);
}

static void test_this_process(void)
{
	struct arena a = {0};
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	exe[n > 0 ? n : 0] = '\0';
	CHECK_STR(path_of_pid(&a, "/", getpid()), exe);
	arena_release(&a);
}

static bool count_entry(void *ctx, const char *soname, const char *path)
{
	++*(int *)ctx;
	return true;
}

// Every byte of the cache set to every of a few values: a list or an error, never more.
static void test_corrupt_cache(void)
{
	char good[512], data[512];
	FILE *f = fopen(ROOT "/etc/ld.so.cache", "r");
	size_t len = f ? fread(good, 1, sizeof(good), f) : 0;
	int entries = 0;

	if (f)
		fclose(f);
	CHECK(len > 48);
	CHECK_INT(ldcache_each(ROOT "/etc/ld.so.cache", count_entry, &entries), 0);
	CHECK_INT(entries, 2);
	for (size_t at = 0; at < len; at++)
		for (int v = 0; v < 256; v += 85) {
			memcpy(data, good, len);
			data[at] = (char)v;
			FILE *out = fopen(ROOT "/corrupt", "w");
			fwrite(data, 1, v == 85 ? at : len, out);
			fclose(out);
			ldcache_each(ROOT "/corrupt", count_entry, &entries);
		}
	CHECK(ldcache_each(ROOT "/none", count_entry, &entries) < 0);
}

TEST_MAIN(test_make_fixture, test_absolute, test_globs, test_programs, test_libraries, test_process,
	  test_this_process, test_corrupt_cache)
