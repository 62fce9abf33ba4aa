// test_tracefs: format files, names, and what a script's tracepoints come to, from fixtures.
#include <stdbool.h>
#include <string.h>

#include "base/str.h"
#include "root_fixture.h"
#include "sys/counters.h"
#include "sys/syscalls.h"
#include "sys/tracefs.h"
#include "test.h"

#define COMMON                                                                                     \
	"format:\n"                                                                                \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"                     \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

static const char exec_format[] =
    "name: sched_process_exec\nID: 365\n" COMMON
    "\tfield:__data_loc char[] filename;\toffset:8;\tsize:4;\tsigned:0;\n"
    "\tfield:pid_t pid;\toffset:12;\tsize:4;\tsigned:1;\n"
    "\tfield:char comm[16];\toffset:16;\tsize:16;\tsigned:0;\n"
    "\tfield:u32 words[WORDS];\toffset:32;\tsize:12;\tsigned:0;\n"
    "\tfield:const char *const * argv;\toffset:48;\tsize:8;\tsigned:0;\n"
    "\tfield:__rel_loc u8[] rest;\toffset:56;\tsize:4;\tsigned:0;\n"
    "\nprint fmt: \"field:int no;\\toffset:1;\\tsize:1;\\tsigned:0;\"\n";

static void test_parse(void)
{
	struct arena a = {0};
	struct event_format f = {0};

	if (!CHECK(tracefs_parse(&a, exec_format, &f)))
		return;
	CHECK_INT(f.id, 365);
	CHECK_INT(f.fields.len, 8);
	const struct event_field *filename = event_find_field(&f, "filename");
	const struct event_field *comm = event_find_field(&f, "comm");
	const struct event_field *words = event_find_field(&f, "words");
	const struct event_field *argv = event_find_field(&f, "argv");
	const struct event_field *rest = event_find_field(&f, "rest");
	if (CHECK(filename && comm && words && argv && rest)) {
		CHECK_INT(filename->data, EVENT_DATA_LOC);
		CHECK_INT(filename->count, 0);
		CHECK_STR(filename->decl, "__data_loc char[] filename");
		CHECK_STR(comm->type, "char");
		CHECK_INT(comm->count, 16);
		CHECK_INT(words->count, 3); // by the size: the length is a name
		CHECK(argv->is_pointer);
		CHECK_STR(argv->type, "const char *const *");
		CHECK_INT(rest->data, EVENT_DATA_REL_LOC);
	}
	CHECK(event_find_field(&f, "common_pid")->is_common);
	CHECK(event_find_field(&f, "pid")->is_signed);
	CHECK(!event_find_field(&f, "no"));
	arena_release(&a);
}

static void test_refused(void)
{
	static const char *const bad[] = {
	    "",
	    "ID: 5\n",
	    "name: x\nformat:\n",
	    "ID: 1\n\tfield:int x;\toffset:q;\tsize:4;\n",
	    "ID: 1\n\tfield:;\toffset:0;\tsize:4;\tsigned:0;\n",
	    "ID: 1\n\tfield:int x[999999999];\toffset:0;\tsize:4;\tsigned:0;\n",
	    "field:"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct arena a = {0};
		struct event_format f = {0};
		if (!CHECK(!tracefs_parse(&a, bad[i], &f)))
			printf("  format %zu\n", i);
		arena_release(&a);
	}
}

#define EVENTS "sys/kernel/tracing/events/"

static void test_directories(void)
{
	struct root_fixture r;
	struct arena a = {0};
	struct name_list names;
	struct event_format f;
	uint32_t id = 0;

	if (!CHECK(root_make(&r)))
		return;
	CHECK(!tracefs_events(&a, r.path));
	root_put(&r, EVENTS "sched/sched_process_exec/format", exec_format);
	root_put(&r, EVENTS "sched/sched_process_exec/id", "365\n");
	root_put(&r, EVENTS "sched/enable", "0\n");
	root_put(&r, EVENTS "sched/broken/format", "nothing\n");
	root_put(&r, EVENTS "net/netif_rx/id", "x\n");
	const char *events = tracefs_events(&a, r.path);
	if (CHECK(events)) {
		CHECK_INT(tracefs_categories(&a, events, &names), 0);
		if (CHECK_INT(names.len, 2))
			CHECK_STR(names.data[0], "net");
		CHECK_INT(tracefs_list(&a, events, "sched", &names), 0);
		CHECK_INT(names.len, 2); // `enable` is no event
		CHECK(tracefs_has(events, "sched", "sched_process_exec"));
		CHECK(!tracefs_has(events, "sched", "../net"));
		CHECK(!tracefs_has(events, "", "sched"));
		CHECK_INT(tracefs_id(events, "sched", "sched_process_exec", &id), 0);
		CHECK_INT(id, 365);
		CHECK(tracefs_id(events, "net", "netif_rx", &id) < 0);
		CHECK_INT(tracefs_format(&a, events, "sched", "sched_process_exec", &f), 0);
		CHECK(tracefs_format(&a, events, "sched", "broken", &f) < 0);
		CHECK(tracefs_format(&a, events, "sched", "none", &f) < 0);
	}
	root_remove(&r);
	arena_release(&a);
}

static void test_counters(void)
{
	CHECK(counter_find(false, "cs") == counter_find(false, "context-switches"));
	CHECK(counter_find(false, "cs") != NULL);
	CHECK(!counter_find(true, "cs"));
	CHECK(counter_find(true, "cycles") == counter_find(true, "cpu-cycles"));
	CHECK_INT(counter_find(true, "branches")->count, 100000);
	CHECK(!counter_find(false, ""));
}

static void test_numbers(void)
{
	CHECK_STR(syscall_name((unsigned)syscall_number("openat")), "openat");
	CHECK_INT(syscall_number("no_such_call"), -1);
}

TEST_MAIN(test_parse, test_refused, test_directories, test_counters, test_numbers)
