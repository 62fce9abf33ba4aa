// usym: this process's own functions by their addresses.
#include <sys/mman.h>
#include <unistd.h>

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

TEST_MAIN(test_own_function, test_addresses_of_no_function, test_no_such_process)
