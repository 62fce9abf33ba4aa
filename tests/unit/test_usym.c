// usym: this process's own functions by their addresses.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/mmap_log.h"
#include "sys/usym.h"
#include "tests/unit/test.h"

int usym_test_target(int x);

__attribute__((noinline)) int usym_test_target(int x)
{
	__asm__ volatile("");
	return x + 1;
}

static void test_own_function(void)
{
	struct usyms *s = usyms_new("/");
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
	struct usyms *s = usyms_new("/");
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
	struct usyms *s = usyms_new("/");
	struct usym found;

	usyms_remember(s, 0x7ffffff0);
	CHECK(!usyms_lookup(s, 0x7ffffff0, 0x1000, &found));
	usyms_free(s);
	usyms_free(NULL);
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
	s = usyms_new(root);
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

// ---- a process that has ended ---------------------------------------------------------------

static uint64_t true_start, true_offset;

static void find_true(void *ctx, uint64_t start, uint64_t size, uint64_t offset, const char *path)
{
	(*(int *)ctx)++;
	if (strlen(path) < 5 || strcmp(path + strlen(path) - 5, "/true") || true_start)
		return;
	CHECK(size >= 4096);
	true_start = start;
	true_offset = offset;
}

// Waits to be told, then is /bin/true.
static pid_t start_held(int *go)
{
	int ends[2];
	char byte;
	pid_t pid;

	CHECK_INT(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		close(ends[1]);
		if (read(ends[0], &byte, 1) == 1)
			execl("/bin/true", "true", NULL);
		_exit(1);
	}
	close(ends[0]);
	*go = ends[1];
	return pid;
}

static void test_watched_process(void)
{
	int go, status, records = 0;
	pid_t pid = start_held(&go);
	struct mmap_log *log = mmap_log_open((uint32_t)pid);
	struct usyms *watching = usyms_new("/"), *late = usyms_new("/");
	uint64_t offset = 0;

	usyms_watch(watching, (uint32_t)pid);
	CHECK_INT(write(go, "g", 1), 1);
	close(go);
	CHECK_INT(waitpid(pid, &status, 0), pid);
	if (log) {
		mmap_log_read(log, find_true, &records);
		CHECK(true_start && records >= 2); // the loader, too
		CHECK(usyms_build_id(watching, (uint32_t)pid, true_start, &offset));
		CHECK_INT(offset, true_offset);
		CHECK(!usyms_build_id(late, (uint32_t)pid, true_start, &offset));
		records = 0;
		mmap_log_read(log, find_true, &records);
		CHECK_INT(records, 0);
	}
	usyms_free(watching);
	usyms_free(late);
	mmap_log_close(log);
	mmap_log_close(NULL);
	if (!log)
		SKIP("cannot open perf events");
}

TEST_MAIN(test_watched_process, test_jit, test_own_function, test_addresses_of_no_function,
	  test_no_such_process)
