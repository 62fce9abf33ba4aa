// Traceable kernel functions, symbols and the cache, over small trees that stand for kernels
// with and without the _addrs file, with IBT, with hidden addresses.
#include <fcntl.h>

#include "base/buf.h"
#include "base/str.h"
#include "sys/kernel_cache.h"
#include "sys/kernel_funcs.h"
#include "sys/ksyms.h"
#include "test.h"
#include "root_fixture.h"

#define TRACEFS "sys/kernel/tracing/"
#define ADDRS TRACEFS "available_filter_functions_addrs"
#define NAMES TRACEFS "available_filter_functions"

static const char kallsyms_text[] = "0000000000000000 A fixed_percpu_data\n"
				    "0000000000001000 D per_cpu_twin\n"
				    "ffffffff81000000 T _stext\n"
				    "ffffffff810000f0 t __pfx_alpha\n"
				    "ffffffff81000100 T alpha\n"
				    "ffffffff81000100 T alpha_alias\n"
				    "ffffffff810001f0 t __pfx_twin\n"
				    "ffffffff81000200 t twin\n"
				    "ffffffff81000300 t twin\n"
				    "ffffffff81000400 t hidden_twin\n"
				    "ffffffff81000500 t hidden_twin\n"
				    "ffffffff81000600 t beta.isra.0\n"
				    "ffffffff81000700 t gamma.part.0.constprop.0\n"
				    "ffffffff81000800 W shared\n"
				    "ffffffff81000900 T per_cpu_twin\n"
				    "ffffffff81000a00 D data_name\n"
				    "ffffffff81000b00 T data_name\n"
				    "ffffffffc0200300 t late\t[mod_b]\n"
				    "ffffffffc0200100 t early\t[mod_b]\n"
				    "ffffffffc0100100 t shared\t[mod_a]\n"
				    "ffffffffc0300000 t alpha\t[bpf]\n"
				    "ffffffffc0300100 t twin\t[__builtin__ftrace]\n";

static const char addrs_text[] = "ffffffff81000104 alpha\n"
				 "ffffffff81000150 __ftrace_invalid_address___336\n"
				 "ffffffff81000204 twin\n"
				 "ffffffff81000304 twin\n"
				 "ffffffff81000504 hidden_twin\n"
				 "ffffffff81000604 beta.isra.0\n"
				 "ffffffff81000704 gamma.part.0.constprop.0\n"
				 "ffffffff81000804 shared\n"
				 "ffffffff81000904 per_cpu_twin\n"
				 "ffffffff81000b04 data_name\n"
				 "ffffffff8100f004 too_far_from_any_symbol\n"
				 "ffffffffc0100104 shared [mod_a]\n"
				 "ffffffffc0200304 late [mod_b]\n"
				 "ffffffffc0200104 early [mod_b]\n";

static const char names_text[] = "alpha\n"
				 "__ftrace_invalid_address___336\n"
				 "twin\n"
				 "twin\n"
				 "hidden_twin\n"
				 "beta.isra.0\n"
				 "shared\n"
				 "not_in_kallsyms\n"
				 "shared [mod_a]\n"
				 "late [mod_b]\n";

struct loaded {
	struct root_fixture root;
	struct arena arena;
	struct kernel_funcs list;
	const char *reason;
	int err;
};

static void load(struct loaded *l, const char *file, const char *list, const char *symbols)
{
	*l = (struct loaded){0};
	CHECK(root_make(&l->root));
	if (list)
		CHECK(root_put(&l->root, file, list));
	if (symbols)
		CHECK(root_put(&l->root, "proc/kallsyms", symbols));
	l->err = kernel_funcs_load(&l->arena, l->root.path, NULL, &l->list, &l->reason);
}

static void unload(struct loaded *l)
{
	root_remove(&l->root);
	arena_release(&l->arena);
}

// One line per function: "module:name address unique first".
static const char *listing(struct loaded *l)
{
	const char *out = "";

	for (size_t i = 0; i < l->list.funcs.len; i++) {
		const struct kernel_func *f = &l->list.funcs.data[i];
		out = arena_printf(&l->arena, "%s%s:%s %llx%s%s\n", out,
				   f->module ? f->module : "", f->name,
				   (unsigned long long)f->address, f->unique ? " unique" : "",
				   f->first ? " first" : "");
	}
	return out;
}

static void test_with_sites(void)
{
	struct loaded l;

	load(&l, ADDRS, addrs_text, kallsyms_text);
	CHECK_INT(l.err, 0);
	CHECK(l.list.addresses && !l.list.from_cache);
	CHECK(str_ends_with(l.list.source, "/available_filter_functions_addrs"));
	CHECK_STR(listing(&l), ":alpha ffffffff81000100 unique first\n"
			       ":beta.isra.0 ffffffff81000600 unique first\n"
			       ":data_name ffffffff81000b00 unique\n"
			       ":gamma.part.0.constprop.0 ffffffff81000700 unique first\n"
			       ":hidden_twin ffffffff81000500\n"
			       ":per_cpu_twin ffffffff81000900 unique\n"
			       ":shared ffffffff81000800 first\n"
			       ":too_far_from_any_symbol 0 unique first\n"
			       ":twin ffffffff81000200 first\n"
			       ":twin ffffffff81000300\n"
			       "mod_a:shared ffffffffc0100100 first\n"
			       "mod_b:early ffffffffc0200100 unique first\n"
			       "mod_b:late ffffffffc0200300 unique first\n");
	unload(&l);
}

static void test_without_sites(void)
{
	struct loaded l;

	load(&l, NAMES, names_text, kallsyms_text);
	CHECK_INT(l.err, 0);
	CHECK(l.list.addresses);
	// hidden_twin: two symbols, one is attachable, nobody says which.
	CHECK_STR(listing(&l), ":alpha ffffffff81000100 unique first\n"
			       ":beta.isra.0 ffffffff81000600 unique first\n"
			       ":hidden_twin 0\n"
			       ":not_in_kallsyms 0 unique first\n"
			       ":shared ffffffff81000800 first\n"
			       ":twin ffffffff81000200 first\n"
			       ":twin ffffffff81000300\n"
			       "mod_a:shared ffffffffc0100100 first\n"
			       "mod_b:late ffffffffc0200300 unique first\n");
	unload(&l);
}

static void test_hidden_addresses(void)
{
	struct loaded l;

	load(&l, ADDRS, "ffffffff81000104 alpha\nffffffff81000204 twin\n",
	     "0000000000000000 T alpha\n0000000000000000 t twin\n0000000000000000 t twin\n");
	CHECK_INT(l.err, 0);
	CHECK(!l.list.addresses);
	CHECK_STR(listing(&l), ":alpha 0 unique first\n:twin 0\n");
	unload(&l);
}

static void test_missing_files(void)
{
	struct loaded l;

	load(&l, ADDRS, NULL, kallsyms_text);
	CHECK_INT(l.err, -ENOENT);
	CHECK(l.reason && strstr(l.reason, "tracefs"));
	unload(&l);
	load(&l, ADDRS, "ffffffff81000104 alpha\n", NULL);
	CHECK_INT(l.err, 0);
	CHECK(!l.list.addresses);
	CHECK_STR(listing(&l), ":alpha 0 unique first\n");
	unload(&l);
	load(&l, "sys/kernel/debug/tracing/available_filter_functions", "alpha\n", kallsyms_text);
	CHECK_INT(l.err, 0);
	CHECK_INT(l.list.funcs.len, 1);
	unload(&l);
}

static void test_garbage(void)
{
	struct loaded l;

	load(&l, ADDRS,
	     "\n \nzz alpha\nffffffff81000104\nffffffff81000104 \n"
	     "ffffffff81000104 alpha [unclosed\n12345678901234567 beta\nffffffff81000204 twin",
	     "\nffffffff81000100\nffffffff81000100 T\nffffffff81000100 T \n[x]\n"
	     "ffffffff81000100 T alpha trailing words\nffffffff81000200 T twin");
	CHECK_INT(l.err, 0);
	CHECK_STR(listing(&l), ":alpha ffffffff81000100 unique first\n"
			       ":twin ffffffff81000200 unique first\n");
	unload(&l);
	load(&l, ADDRS, "", "");
	CHECK_INT(l.err, 0);
	CHECK_INT(l.list.funcs.len, 0);
	unload(&l);
}

// The symbols are read through a window: lines lie across its edges, one is longer than it.
static void test_many_symbols(void)
{
	enum { COUNT = 9000, LONG = 100000 };
	struct buf list = {0}, symbols = {0};
	struct loaded l;

	for (int i = 0; i < COUNT; i++) {
		uint64_t at = 0xffffffff81000000 + (uint64_t)i * 64;
		if (i == COUNT / 2) {
			buf_printf(&symbols, "%llx t ", (unsigned long long)at - 32);
			for (int k = 0; k < LONG; k++)
				buf_putc(&symbols, 'x');
			buf_putc(&symbols, '\n');
		}
		buf_printf(&symbols, "%llx t __pfx_f%d\n%llx T f%d\n", (unsigned long long)at - 16, i,
			   (unsigned long long)at, i);
		buf_printf(&list, "%llx f%d\n", (unsigned long long)at + 4, i);
	}
	load(&l, ADDRS, buf_str(&list), buf_str(&symbols));
	CHECK_INT(l.err, 0);
	CHECK_INT(l.list.funcs.len, COUNT);
	for (size_t i = 0; i < l.list.funcs.len; i++) {
		const struct kernel_func *f = &l.list.funcs.data[i];
		uint64_t at = 0xffffffff81000000 + strtoull(f->name + 1, NULL, 10) * 64;
		if (!CHECK_INT(f->address, at) || !CHECK(f->unique) || !CHECK(f->first))
			break;
	}
	unload(&l);
	buf_release(&list);
	buf_release(&symbols);
}

static void check_find(struct loaded *l, const char *module, const char *name, int err,
		       uint64_t address, bool unique)
{
	struct kernel_func f;

	CHECK_INT(kernel_func_find(&l->arena, l->root.path, module, name, &f), err);
	if (err)
		return;
	CHECK_STR(f.name, name);
	CHECK_INT(f.address, address);
	CHECK(f.unique == unique);
}

static void test_find(void)
{
	struct loaded l;

	load(&l, ADDRS, addrs_text, kallsyms_text);
	check_find(&l, NULL, "alpha", 0, 0xffffffff81000100, true);
	check_find(&l, NULL, "twin", 0, 0xffffffff81000200, false);
	check_find(&l, NULL, "shared", 0, 0xffffffff81000800, false);
	check_find(&l, "mod_a", "shared", 0, 0xffffffffc0100100, false);
	check_find(&l, NULL, "early", 0, 0xffffffffc0200100, true);
	check_find(&l, "mod_a", "early", -ENOENT, 0, false);
	check_find(&l, NULL, "alph", -ENOENT, 0, false);
	check_find(&l, NULL, "fixed_percpu_data", -ENOENT, 0, false);
	check_find(&l, NULL, "", -ENOENT, 0, false);
	unload(&l);
}

static void test_symbols(void)
{
	struct loaded l;
	const char *module;
	uint64_t offset, address;

	load(&l, ADDRS, addrs_text, kallsyms_text);
	struct kallsyms *k = kallsyms_new(l.root.path);
	CHECK_STR(kallsyms_lookup(k, 0xffffffff81000105, &offset, &module), "alpha");
	CHECK_INT(offset, 5);
	CHECK_STR(module, NULL);
	CHECK_STR(kallsyms_lookup(k, 0xffffffffc0200100, &offset, &module), "early");
	CHECK_STR(module, "mod_b");
	CHECK_STR(kallsyms_lookup(k, 0x1008, NULL, NULL), NULL);
	CHECK_STR(kallsyms_lookup(k, 0xffffffff80ffffff, NULL, NULL), NULL);
	CHECK_STR(kallsyms_lookup(k, 0xffffffffffffffff, NULL, NULL), NULL);
	CHECK(kallsyms_address(k, "twin", &address));
	CHECK_INT(address, 0xffffffff81000200);
	CHECK(!kallsyms_address(k, "nothing", &address));
	kallsyms_free(k);
	unload(&l);
	k = kallsyms_new("/nonexistent");
	CHECK_STR(kallsyms_lookup(k, 0xffffffff81000105, NULL, NULL), NULL);
	CHECK(!kallsyms_address(k, "alpha", &address));
	kallsyms_free(k);
	kallsyms_free(NULL);
}

// ---- the cache ---------------------------------------------------------------------------

#define BOOT_ID "proc/sys/kernel/random/boot_id"
#define MODULES "proc/modules"
#define CACHE "run/mtrace/kernel_funcs"

static bool is_cached(struct loaded *l)
{
	struct kernel_funcs list;
	const char *reason;

	CHECK_INT(kernel_funcs_load(&l->arena, l->root.path, NULL, &list, &reason), 0);
	CHECK_INT(list.funcs.len, l->list.funcs.len);
	return list.from_cache;
}

// A tree with a list in its cache.
static void load_cached(struct loaded *l)
{
	struct kernel_cache_key key;

	load(l, ADDRS, addrs_text, kallsyms_text);
	CHECK(root_put(&l->root, BOOT_ID, "0e2a0d5c-8b0f-4a52-9a0e-3d0c5a1b2c3d\n"));
	CHECK(root_put(&l->root, MODULES, "mod_a 16384 1 - Live 0xffffffffc0100000\n"
					  "mod_b 16384 0 - Live 0xffffffffc0200000\n"));
	CHECK(!is_cached(l)); // reading was fast: nothing is kept
	CHECK(root_put(&l->root, "run/keep", ""));
	CHECK(kernel_cache_key(l->root.path, &key));
	CHECK(kernel_cache_save(l->root.path, &key, &l->list));
}

static void test_cache(void)
{
	struct loaded l;

	load_cached(&l);
	const char *before = listing(&l), *source = l.list.source;
	CHECK_INT(kernel_funcs_load(&l.arena, l.root.path, NULL, &l.list, &l.reason), 0);
	CHECK(l.list.from_cache && l.list.addresses);
	CHECK_STR(listing(&l), before);
	CHECK_STR(l.list.source, source);
	// Who uses a module does not matter; which are loaded does.
	CHECK(root_put(&l.root, MODULES, "mod_a 16384 7 x,y, Live 0xffffffffc0100000\n"
					 "mod_b 16384 0 - Live 0xffffffffc0200000\n"));
	CHECK(is_cached(&l));
	CHECK(root_put(&l.root, MODULES, "mod_a 16384 1 - Live 0xffffffffc0100000\n"));
	CHECK(!is_cached(&l));
	unload(&l);
	load_cached(&l);
	CHECK(root_put(&l.root, BOOT_ID, "1e2a0d5c-8b0f-4a52-9a0e-3d0c5a1b2c3d\n"));
	CHECK(!is_cached(&l));
	CHECK(root_drop(&l.root, BOOT_ID));
	CHECK(!is_cached(&l));
	unload(&l);
}

static void test_cache_not_trusted(void)
{
	struct loaded l;
	char path[PATH_MAX], dir[PATH_MAX];

	load_cached(&l);
	snprintf(path, sizeof(path), "%s/%s", l.root.path, CACHE);
	snprintf(dir, sizeof(dir), "%s/run/mtrace", l.root.path);
	CHECK(is_cached(&l));
	CHECK(!chmod(path, 0644));
	CHECK(!is_cached(&l));
	CHECK(!chmod(path, 0600));
	CHECK(!chmod(dir, 0777));
	CHECK(!is_cached(&l));
	CHECK(!chmod(dir, 0700));
	CHECK(is_cached(&l));
	// A link, to whatever.
	char other[PATH_MAX + 8];
	snprintf(other, sizeof(other), "%s.other", path);
	CHECK(!rename(path, other));
	CHECK(!symlink(other, path));
	CHECK(!is_cached(&l));
	CHECK(!rename(other, path));
	CHECK(is_cached(&l));
	if (geteuid() == 0) {
		CHECK(!chown(path, 65534, 65534));
		CHECK(!is_cached(&l));
	}
	unload(&l);
}

// Written anew each time: on a slow machine, a load that refuses the file makes another.
static void put_file(const char *path, const char *data, size_t n)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	CHECK_INT(write(fd, data, n), (ssize_t)n);
	close(fd);
}

// Every byte changed, every length: never taken for the real one, never read out of bounds.
static void test_cache_damaged(void)
{
	struct loaded l;
	char path[PATH_MAX], data[8192];

	load_cached(&l);
	snprintf(path, sizeof(path), "%s/%s", l.root.path, CACHE);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, data, sizeof(data));
	close(fd);
	CHECK(n > 200 && n < (ssize_t)sizeof(data));
	for (ssize_t i = 0; i < n; i++) {
		data[i] ^= 0x41;
		put_file(path, data, (size_t)n);
		if (is_cached(&l))
			CHECK_INT(i, -1);
		data[i] ^= 0x41;
	}
	put_file(path, data, (size_t)n);
	CHECK(is_cached(&l));
	for (ssize_t i = n - 1; i >= 0; i -= 7) {
		put_file(path, data, (size_t)i);
		CHECK(!is_cached(&l));
	}
	unload(&l);
}

static void test_care(void)
{
	CHECK(kernel_func_danger("__rcu_read_lock") != NULL);
	CHECK(kernel_func_danger("migrate_enable") != NULL);
	CHECK(kernel_func_danger("rcu_read_unlock_strict") != NULL);
	CHECK(kernel_func_danger("___migrate_enable") != NULL);
	CHECK_STR(kernel_func_danger("rcu_gp_kthread"), NULL);
	CHECK_STR(kernel_func_danger("vfs_read"), NULL);
	CHECK_STR(kernel_func_danger(""), NULL);
	CHECK(kernel_func_denied("preempt_count_sub") && kernel_func_denied("___migrate_enable"));
	CHECK(kernel_func_denied("rcu_read_unlock_strict") && !kernel_func_denied("arch_cpu_idle"));
	CHECK(kernel_func_noreturn("do_exit") && kernel_func_noreturn("__arm64_sys_exit"));
	CHECK(kernel_func_noreturn("xen_start_kernel") && kernel_func_noreturn("panic"));
	CHECK(!kernel_func_noreturn("vfs_read") && !kernel_func_noreturn(""));
}

TEST_MAIN(test_with_sites, test_without_sites, test_hidden_addresses, test_missing_files,
	  test_garbage, test_many_symbols, test_find, test_symbols, test_cache, test_cache_not_trusted,
	  test_cache_damaged, test_care)
