// test_list: -l, as bpftrace prints it.
#include <stdlib.h>
#include <unistd.h>

#include "attach/list.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "elf_maker.h"
#include "root_fixture.h"
#include "test.h"

#define FILE_NAME TEST_BINARY_DIR "/test_list.tmp"

static const struct made_symbol symbols[] = {
    {"zeta", 0x1010, 16, STT_FUNC, STB_GLOBAL, false},
    {"alpha", 0x1020, 16, STT_FUNC, STB_GLOBAL, false},
    {"alpha", 0x1020, 16, STT_FUNC, STB_GLOBAL, true},
    {"alias", 0x1020, 16, STT_FUNC, STB_WEAK, false},
};

static void check_list_of(const char *root, const char *pattern, int status, const char *expected)
{
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	CHECK_INT(list_probes(pattern, &(struct list_options){.root = root}, out), status);
	fclose(out);
	CHECK_STR(text, expected);
}

static void check_list(const char *pattern, int status, const char *expected)
{
	check_list_of(NULL, pattern, status, expected);
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

// Functions of the kernel come module by module; lines are in the order of their texts.
static void test_kernel_order(void)
{
	struct root_fixture r;

	CHECK(root_make(&r));
	CHECK(root_put(&r, "sys/kernel/tracing/available_filter_functions",
		       "vfs_read\nicy_road\nbeta\ntwin\ntwin\nbeta.isra.0\nicy_start [icy]\n"
		       "alpha [icy]\ntwin [icy]\nzero [aloe]\nbeta [aloe]\n"));
	check_list_of(r.path, "kprobe:*", 0,
		      "kprobe:alpha\nkprobe:beta\nkprobe:beta.isra.0\nkprobe:icy_road\n"
		      "kprobe:icy_start\nkprobe:twin\nkprobe:vfs_read\nkprobe:zero\n");
	check_list_of(r.path, "kprobe:*:*e*", 0,
		      "kprobe:aloe:beta\nkprobe:aloe:zero\nkprobe:vmlinux:beta\n"
		      "kprobe:vmlinux:vfs_read\n");
	check_list_of(r.path, "session:*", 0,
		      "session:aloe:beta\nsession:aloe:zero\nsession:beta\n"
		      "session:beta.isra.0\nsession:icy:alpha\nsession:icy:icy_start\n"
		      "session:icy:twin\nsession:icy_road\nsession:twin\nsession:vfs_read\n");
	check_list_of(r.path, "kretprobe:icy:*", 0,
		      "kretprobe:icy:alpha\nkretprobe:icy:icy_start\nkretprobe:icy:twin\n");
	check_list_of(r.path, "kprobe:none*", 0, "");
	root_remove(&r);
}

TEST_MAIN(test_kernel_order, test_functions, test_timers, test_no_program)
