// test_expand_events: trace events of a tree that the test makes: records that cannot be read,
// and events that lie alike. CPUs that come and go, as the kernel says it.
#include "attach/hotplug.h"
#include "base/buf.h"
#include "base/str.h"
#include "parser/parser.h"
#include "root_fixture.h"
#include "sema/kernel_btf.h"
#include "sema/sema.h"
#include "test.h"

#define EVENTS "sys/kernel/tracing/events/"
#define FORMAT(id, fields)                                                                         \
	"name: x\nID: " id "\nformat:\n"                                                           \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" fields              \
	"\nprint fmt: \"\"\n"
#define PID_AT_8 "\tfield:pid_t pid;\toffset:8;\tsize:4;\tsigned:1;\n"
#define PID_AT_16 "\tfield:pid_t pid;\toffset:16;\tsize:4;\tsigned:1;\n"
#define OTHER "\tfield:int other;\toffset:8;\tsize:4;\tsigned:1;\n"

struct fixture {
	struct root_fixture root;
	struct compile_options options;
	struct compiler c;
	bool ok;
};

static bool make_events(struct root_fixture *r)
{
	return root_make(r) && root_put(r, EVENTS "a/one/format", FORMAT("1", PID_AT_8)) &&
	       root_put(r, EVENTS "a/two/format", FORMAT("2", PID_AT_8)) &&
	       root_put(r, EVENTS "a/three/format", FORMAT("3", PID_AT_16)) &&
	       root_put(r, EVENTS "a/none/format", FORMAT("4", OTHER)) &&
	       root_put(r, EVENTS "b/missing/id", "5\n") &&
	       root_put(r, EVENTS "b/broken/format", "nothing\n");
}

static bool expand(struct fixture *f, const char *script)
{
	const struct source *src;

	memset(f, 0, sizeof(*f));
	if (!CHECK(make_events(&f->root)))
		return false;
	f->options.root = f->root.path;
	f->c.options = &f->options;
	f->c.sources.arena = f->c.diag.arena = &f->c.arena;
	f->c.diag.sources = &f->c.sources;
	program_init(&f->c.program, &f->c.arena);
	src = sources_add(&f->c.sources, "stdin", script, strlen(script));
	f->ok = CHECK(parse_source(&f->c.arena, src, &f->c.diag, &f->c.ast)) &&
		sema_config(&f->c) && sema_expand(&f->c);
	return true;
}

static void release(struct fixture *f)
{
	kernel_btf_release(&f->c);
	program_release(&f->c.program);
	arena_release(&f->c.arena);
	root_remove(&f->root);
}

static void check_refused(const char *script, const char *tag, const char *text)
{
	struct fixture f;

	if (!expand(&f, script))
		return;
	CHECK(!f.ok);
	if (CHECK(f.c.diag.entries.len)) {
		CHECK_STR(f.c.diag.entries.data[0].tag, tag);
		CHECK_STR(f.c.diag.entries.data[0].text, text);
	}
	release(&f);
}

static void test_records(void)
{
	check_refused("t:b:missing { print(args.pid) }", "no-format",
		      "cannot read the format of tracepoint:b:missing: No such file or directory");
	check_refused("t:b:broken { print(args.pid) }", "no-format",
		      "cannot read the format of tracepoint:b:broken: its file is not understood");
	check_refused("t:a:tow { }", "no-match", "No matches for tracepoint a:tow.");
}

// Without its record an event needs no format.
static void test_no_record_no_format(void)
{
	struct fixture f;

	if (!expand(&f, "t:b:* { @ = count() }"))
		return;
	CHECK(f.ok);
	CHECK_INT(f.c.program.units.len, 1);
	CHECK_INT(f.c.program.targets.len, 2);
	release(&f);
}

// One unit for `one` and `two`, another for `three`, whose member lies elsewhere; `none` goes.
static void test_alike(void)
{
	struct fixture f;

	if (!expand(&f, "t:a:* { @ = sum(args.pid) }"))
		return;
	CHECK(f.ok);
	if (CHECK_INT(f.c.program.units.len, 2)) {
		CHECK_INT(f.c.program.units.data[0]->target_count +
			      f.c.program.units.data[1]->target_count,
			  3);
		CHECK_STR(f.c.program.units.data[0]->not_raw, "the body reads the event's record");
	}
	if (CHECK_INT(f.c.program.set_asides.len, 1))
		CHECK_STR(f.c.program.set_asides.data[0].reason, "its record has no 'pid'");
	release(&f);
}

static void test_hotplug(void)
{
	struct hotplug_event e;

	if (CHECK(hotplug_parse("online@/devices/system/cpu/cpu12", &e)))
		CHECK(e.online && e.cpu == 12);
	if (CHECK(hotplug_parse("offline@/devices/system/cpu/cpu0", &e)))
		CHECK(!e.online && e.cpu == 0);
	CHECK(!hotplug_parse("online@/devices/system/cpu/cpu", &e));
	CHECK(!hotplug_parse("online@/devices/system/cpu/cpu1/cache", &e));
	CHECK(!hotplug_parse("online@/devices/system/memory/memory1", &e));
	CHECK(!hotplug_parse("change@/devices/system/cpu/cpu1", &e));
	CHECK(!hotplug_parse("", &e));
}

TEST_MAIN(test_records, test_no_record_no_format, test_alike, test_hotplug)
