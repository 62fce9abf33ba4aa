// usym: this process's own functions by their addresses.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "sys/elf.h"
#include "sys/mmap_log.h"
#include "sys/pid_index.h"
#include "sys/usym.h"
#include "sys/vdso.h"
#include "tests/unit/test.h"

int usym_test_target(int x);

__attribute__((noinline)) int usym_test_target(int x)
{
	__asm__ volatile("");
	return x + 1;
}

static void test_own_function(void)
{
	struct usyms *s = usyms_new("/", NULL);
	uint64_t address = (uint64_t)(uintptr_t)usym_test_target;
	struct usym found = {0};

	CHECK(usyms_lookup(s, (uint32_t)getpid(), address, &found));
	CHECK_STR(found.name, "usym_test_target");
	CHECK_INT(found.offset, 0);
	CHECK(usyms_lookup(s, (uint32_t)getpid(), address + 2, &found));
	CHECK_STR(found.name, "usym_test_target");
	CHECK_INT(found.offset, 2);
	CHECK(found.file && found.file[0] == '/');
	usyms_free(s);
}

static void test_addresses_of_no_function(void)
{
	struct usyms *s = usyms_new("/", NULL);
	void *jit = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct usym found;

	CHECK(!usyms_lookup(s, (uint32_t)getpid(), 0, &found));
	CHECK(!usyms_lookup(s, (uint32_t)getpid(), (uint64_t)(uintptr_t)jit, &found));
	CHECK(!usyms_lookup(s, (uint32_t)getpid(), (uint64_t)(uintptr_t)&found, &found));
	munmap(jit, 4096);
	usyms_free(s);
}

static void test_no_such_process(void)
{
	struct usyms *s = usyms_new("/", NULL);
	struct usym found;

	usyms_remember(s, 0x7ffffff0);
	CHECK(!usyms_lookup(s, 0x7ffffff0, 0x1000, &found));
	usyms_free(s);
	usyms_free(NULL);
}

// Of this process's [vdso]. False: it has none.
static bool find_vdso(uint64_t *start, uint64_t *size)
{
	FILE *f = fopen("/proc/self/maps", "re");
	unsigned long from, to;
	char line[300];
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f))
		found = strstr(line, "[vdso]") && sscanf(line, "%lx-%lx", &from, &to) == 2;
	if (f)
		fclose(f);
	if (found) {
		*start = from;
		*size = to - from;
	}
	return found;
}

// The kernel's library, which is in no file.
static void test_vdso(void)
{
	struct usyms *s = usyms_new("/", NULL);
	uint64_t start, size, pc = 0;
	struct arena a = {0};
	struct elf_file elf = {0};
	char path[VDSO_PATH_MAX];
	struct usym found = {0};
	const char *reason;

	CHECK_INT(vdso_open(1ull << 40, path), -1);
	if (find_vdso(&start, &size)) {
		int fd = vdso_open(size, path);

		CHECK(fd >= 0);
		CHECK_INT(elf_open_funcs(&a, path, NULL, &elf, &reason), 0);
		for (size_t i = 0; i < elf.funcs.len; i++)
			if (strstr(elf.funcs.data[i].name, "gettime"))
				pc = start + elf.funcs.data[i].offset;
		CHECK(pc && usyms_lookup(s, (uint32_t)getpid(), pc + 1, &found));
		CHECK(found.name && strstr(found.name, "gettime") && found.offset == 1);
		CHECK_STR(found.file, "[vdso]");
		close(fd);
	}
	arena_release(&a);
	usyms_free(s);
}

// /tmp/perf-PID.map under the process's root, by the pid that it has in its own namespace.
static void test_jit(void)
{
	char root[] = "/tmp/mtrace-test-usym-XXXXXX", path[200], command[300];
	struct usym found = {0};
	struct usyms *s;

	CHECK(mkdtemp(root));
	snprintf(command, sizeof(command),
		 "mkdir -p %s/proc/50/root/tmp && cd %s/proc/50 && "
		 "printf 'NSpid:\\t50\\t7\\n' >status && : >maps && printf "
		 "'2000 10 one two\\nnonsense\\n1000 8 first\\n3000 ffffffffffffffff x\\n4000\\n' "
		 ">root/tmp/perf-7.map",
		 root, root);
	CHECK_INT(system(command), 0);
	s = usyms_new(root, NULL);
	CHECK(usyms_lookup(s, 50, 0x1007, &found));
	CHECK_STR(found.name, "first");
	CHECK_INT(found.offset, 7);
	CHECK_STR(found.file, "/tmp/perf-7.map");
	CHECK(!usyms_lookup(s, 50, 0x1008, &found));
	CHECK(!usyms_lookup(s, 50, 0xfff, &found));
	CHECK(usyms_lookup(s, 50, 0x200f, &found));
	CHECK_STR(found.name, "one two");
	usyms_free(s);
	snprintf(path, sizeof(path), "rm -rf %s", root);
	CHECK_INT(system(path), 0);
}

// ---- which file a path means ------------------------------------------------------------------

enum { MAPPED_AT = 0x100000 };

// Where in the file the function is, as an address of the processes below.
static uint64_t address_in(const char *path, const char *function)
{
	struct arena a = {0};
	struct elf_file elf;
	const char *reason;
	uint64_t address = 0;

	if (CHECK_INT(elf_open_funcs(&a, path, NULL, &elf, &reason), 0))
		for (size_t i = 0; i < elf.funcs.len; i++)
			if (!strcmp(elf.funcs.data[i].name, function))
				address = MAPPED_AT + elf.funcs.data[i].offset;
	arena_release(&a);
	return address;
}

static void check_name(struct usyms *s, uint32_t pid, uint64_t address, const char *want)
{
	struct usym found = {0};

	if (CHECK(address && usyms_lookup(s, pid, address, &found)))
		CHECK_STR(found.name, want);
}

// Process 50 and 51 each have their own /lib/x.so; 52 runs a program that was deleted.
static void test_same_path_other_file(void)
{
	char root[] = "/tmp/mtrace-test-usym-XXXXXX", command[900], one[200], two[200];
	struct usyms *s;

	CHECK(mkdtemp(root));
	snprintf(command, sizeof(command),
		 "cd %s && mkdir -p proc/50/root/lib proc/51/root/lib proc/52 && "
		 "echo 'int pad(void) { return 1; } int one(void) { return 2; }' >1.c && "
		 "echo 'int two(void) { return 1; }' >2.c && "
		 "cc -shared -fPIC -o proc/50/root/lib/x.so 1.c && "
		 "cc -shared -fPIC -o proc/51/root/lib/x.so 2.c && "
		 "echo '100000-200000 r-xp 00000000 08:01 7 /lib/x.so' >proc/50/maps && "
		 "echo '100000-200000 r-xp 00000000 08:01 8 /lib/x.so' >proc/51/maps && "
		 "ln -s ../51/root/lib/x.so proc/52/exe && "
		 "echo \"100000-200000 r-xp 00000000 08:01 $(stat -L -c %%i proc/52/exe) "
		 "/lib/x.so (deleted)\" >proc/52/maps",
		 root);
	CHECK_INT(system(command), 0);
	snprintf(one, sizeof(one), "%s/proc/50/root/lib/x.so", root);
	snprintf(two, sizeof(two), "%s/proc/51/root/lib/x.so", root);
	s = usyms_new(root, NULL);
	check_name(s, 50, address_in(one, "one"), "one");
	check_name(s, 51, address_in(two, "two"), "two");
	check_name(s, 52, address_in(two, "two"), "two");
	usyms_free(s);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	CHECK_INT(system(command), 0);
}

// ---- a process that has ended ---------------------------------------------------------------

static struct {
	uint64_t start, offset; // of the last /bin/true
	uint32_t pid;
	int mapped, forked, execed;
} seen;

static void note(void *ctx, const struct mmap_event *e)
{
	CHECK(!ctx);
	seen.mapped += e->kind == MMAP_MAPPED;
	seen.forked += e->kind == MMAP_FORKED;
	seen.execed += e->kind == MMAP_EXECED;
	if (e->kind != MMAP_MAPPED || strlen(e->path) < 5 ||
	    strcmp(e->path + strlen(e->path) - 5, "/true") != 0)
		return;
	CHECK(e->size >= 4096 && e->file.inode);
	seen.start = e->start;
	seen.offset = e->offset;
	seen.pid = e->pid;
}

// Waits to be told, then is /bin/true, or has a child that is.
static pid_t start_held(int *go, bool by_child)
{
	int ends[2];
	char byte;
	pid_t pid;

	CHECK_INT(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		close(ends[1]);
		if (read(ends[0], &byte, 1) != 1)
			_exit(1);
		if (!by_child || !fork())
			execl("/bin/true", "true", NULL);
		wait(NULL);
		_exit(1);
	}
	close(ends[0]);
	*go = ends[1];
	return pid;
}

static void check_watched(bool by_child)
{
	int go, status;
	pid_t pid = start_held(&go, by_child);
	struct mmap_log *log = mmap_log_open((uint32_t)pid);
	struct usyms *watching = usyms_new("/", NULL), *late = usyms_new("/", NULL);
	uint64_t offset = 0;

	memset(&seen, 0, sizeof(seen));
	usyms_watch(watching, (uint32_t)pid);
	CHECK_INT(write(go, "g", 1), 1);
	close(go);
	CHECK_INT(waitpid(pid, &status, 0), pid);
	if (log) {
		mmap_log_read(log, note, NULL);
		CHECK(seen.start && seen.mapped >= 2); // the loader, too
		CHECK_INT(seen.execed, 1);
		CHECK_INT(seen.forked, by_child);
		CHECK((seen.pid == (uint32_t)pid) == !by_child);
		CHECK(usyms_watch_fd(watching) >= 0 && usyms_watch_fd(late) == -1);
		CHECK(usyms_build_id(watching, seen.pid, seen.start, &offset));
		CHECK_INT(offset, seen.offset);
		CHECK(!usyms_build_id(late, seen.pid, seen.start, &offset));
		seen.mapped = 0;
		mmap_log_read(log, note, NULL);
		CHECK_INT(seen.mapped, 0);
	}
	usyms_free(watching);
	usyms_free(late);
	mmap_log_close(log);
	mmap_log_close(NULL);
	if (!log)
		SKIP("cannot open perf events");
}

static void test_pid_index(void)
{
	enum { PIDS = 1000 };
	struct arena a = {0};
	struct pid_index x = {0};
	static int values[PIDS + 1];

	CHECK(!pid_index_find(&x, 1));
	for (uint32_t i = 0; i < PIDS; i++)
		pid_index_set(&a, &x, i * 4096, &values[i]);
	pid_index_set(&a, &x, 4096, &values[PIDS]);
	CHECK_INT(x.len, PIDS);
	CHECK(pid_index_find(&x, 4096) == &values[PIDS]);
	CHECK(!pid_index_find(&x, 1));
	for (uint32_t i = 2; i < PIDS; i++)
		if (!CHECK(pid_index_find(&x, i * 4096) == &values[i]))
			break;
	arena_release(&a);
}

static void test_watched_process(void)
{
	check_watched(false);
}

static void test_watched_child(void)
{
	check_watched(true);
}

TEST_MAIN(test_pid_index, test_watched_process, test_watched_child, test_vdso, test_jit,
	  test_same_path_other_file, test_own_function, test_addresses_of_no_function,
	  test_no_such_process)
