// test_list: -l, as bpftrace prints it.
#include <stdlib.h>
#include <unistd.h>

#include "attach/list.h"
#include "base/cleanup.h"
#include "elf_maker.h"
#include "test.h"

#define FILE_NAME TEST_BINARY_DIR "/test_list.tmp"

static const struct made_symbol symbols[] = {
    {"zeta", 0x1010, 16, STT_FUNC, STB_GLOBAL, false},
    {"alpha", 0x1020, 16, STT_FUNC, STB_GLOBAL, false},
    {"alpha", 0x1020, 16, STT_FUNC, STB_GLOBAL, true},
    {"alias", 0x1020, 16, STT_FUNC, STB_WEAK, false},
};

static void check_list(const char *pattern, int status, const char *expected)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	CHECK_INT(list_probes(pattern, &(struct list_options){0}, out), status);
	fclose(out);
	CHECK_STR(text, expected);
}

static void test_functions(void)
{
	unsigned char data[MADE_MAX];

	CHECK(write_file(FILE_NAME, data, make_elf64(data, symbols, ARRAY_SIZE(symbols))));
	check_list("uprobe:" FILE_NAME ":a*", 0,
		   "uprobe:" FILE_NAME ":alias\nuprobe:" FILE_NAME ":alpha\n");
	check_list("ur:" FILE_NAME ":zeta", 0, "uretprobe:" FILE_NAME ":zeta\n");
	check_list("session:" FILE_NAME ":z*", 0, "session:" FILE_NAME ":zeta\n");
	check_list("u*:" FILE_NAME ":zeta", 0, "uprobe:" FILE_NAME ":zeta\n");
	check_list("u:" FILE_NAME ":zeta,u:" FILE_NAME ":alpha", 0,
		   "uprobe:" FILE_NAME ":zeta\nuprobe:" FILE_NAME ":alpha\n");
	check_list(FILE_NAME, 0,
		   "uprobe:" FILE_NAME ":alias\nuprobe:" FILE_NAME ":alpha\nuprobe:" FILE_NAME
		   ":zeta\n");
	check_list("uprobe:" FILE_NAME ":nothing*", 0, "");
	check_list("uprobe:/no/such:*", 0, "");
	unlink(FILE_NAME);
}

static void test_timers(void)
{
	check_list("interval:*", 0, "interval:hz:\ninterval:ms:\ninterval:s:\ninterval:us:\n");
	check_list("p:s", 0, "profile:s:\n");
	check_list("nosuch:*", 0, "");
}

static void test_no_program(void)
{
	check_list("/no/such", 1, "");
}

TEST_MAIN(test_functions, test_timers, test_no_program)
