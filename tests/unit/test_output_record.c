// Records: what each kind of event does, and what a record does that is not what it should be.
// Expected texts are bpftrace 0.27.1's where it has the event.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

#include "base/source.h"
#include "output_fixture.h"

static struct fixture fx;

static const char *run_event(enum output_format format, struct event_def *e)
{
	(void)e;
	fixture_open(&fx, format);
	fx.out->unsafe = true;
	output_record(fx.out, fx.record, fx.size);
	return fixture_text(&fx);
}

// stderr, while it is caught.
static int saved_stderr;
static FILE *caught;

static void catch_stderr(void)
{
	fflush(stderr);
	caught = tmpfile();
	saved_stderr = dup(2);
	dup2(fileno(caught), 2);
}

static const char *caught_stderr(void)
{
	static char text[2048];
	ssize_t n;

	fflush(stderr);
	dup2(saved_stderr, 2);
	close(saved_stderr);
	n = pread(fileno(caught), text, sizeof(text) - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	fclose(caught);
	return text;
}

// ---- kinds -----------------------------------------------------------------------------------

static void check_printf_json(const char *format, const char *want)
{
	fixture_init(&fx);
	fixture_format(fixture_event(&fx, EVENT_PRINTF, 0, NULL), format);
	CHECK_STR(run_event(OUTPUT_JSON, NULL), want);
	fixture_release(&fx);
}

static void test_printf_json(void)
{
	check_printf_json("a\n", "{\"type\": \"printf\", \"data\": \"a\\n\"}\n");
	check_printf_json("\x1b[31m\n", "{\"type\": \"printf\", \"data\": \"\\u001b[31m\\n\"}\n");
	check_printf_json("", "{\"type\": \"printf\", \"data\": \"\"}\n");
}

// printf("a\0b\n")
static void test_printf_nul(void)
{
	struct format_piece piece = {.text = "a\0b", .text_len = 3, .arg = -1};
	struct event_def *e;

	fixture_init(&fx);
	e = fixture_event(&fx, EVENT_PRINTF, 0, NULL);
	arena_push(&test_arena, &e->format.pieces, piece);
	CHECK_STR(run_event(OUTPUT_JSON, e), "{\"type\": \"printf\", \"data\": \"a\\u0000b\"}\n");
	fixture_release(&fx);
}

// An event at bytes [begin, end) of a script, run as text or as JSON.
static const char *run_at(enum output_format as, struct event_def *e, const char *script,
			  struct span at)
{
	static struct sources sources;

	sources = (struct sources){.arena = &test_arena};
	sources_add(&sources, "a.mt", script, strlen(script));
	fx.program.sources = &sources;
	e->span = at;
	catch_stderr();
	return run_event(as, e);
}

// errorf("boo %d\n", 3); warnf("w %s", "x");
static void test_messages(void)
{
	static const struct {
		enum event_kind kind;
		const char *format;
		struct span at;
		const char *text, *json;
	} cases[] = {
	    {EVENT_ERRORF, "boo 3\n", {2, 10}, "a.mt:1:3-11: ERROR: boo 3\n",
	     "{\"type\": \"errorf\", \"msg\": \"boo 3\\n\", \"filename\": \"a.mt\", "
	     "\"line\": 1, \"col\": 3}\n"},
	    {EVENT_WARNF, "w x", {14, 17}, "a.mt:2:3-6: WARNING: w x\n",
	     "{\"type\": \"warnf\", \"msg\": \"w x\", \"filename\": \"a.mt\", \"line\": 2, "
	     "\"col\": 3}\n"},
	    {EVENT_WARNF, "w", {2, 16}, "a.mt:1-2: WARNING: w\n",
	     "{\"type\": \"warnf\", \"msg\": \"w\", \"filename\": \"a.mt\", \"line\": 1, "
	     "\"col\": 3}\n"},
	    {EVENT_ERRORF, "e", {UINT32_MAX, UINT32_MAX}, "ERROR: e\n",
	     "{\"type\": \"errorf\", \"msg\": \"e\"}\n"},
	};

	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		struct event_def *e;

		fixture_init(&fx);
		e = fixture_event(&fx, cases[i / 2].kind, 0, NULL);
		fixture_format(e, cases[i / 2].format);
		CHECK_STR(run_at(i % 2 ? OUTPUT_JSON : OUTPUT_TEXT, e, "begin { 123\n  456 }",
				 cases[i / 2].at),
			  i % 2 ? cases[i / 2].json : "");
		CHECK_STR(caught_stderr(), i % 2 ? "" : cases[i / 2].text);
		fixture_release(&fx);
	}
}

// In a macro that "one(2)" calls: its second range of offsets begins behind the script's.
static void test_message_of_a_macro(void)
{
	struct sources sources = {.arena = &test_arena};
	const struct source *script = sources_add(&sources, "a.mt", "one(2)\nwarnf()", 14);
	const struct source *expansion = sources_expand(&sources, script, (struct span){0, 6});
	struct event_def *e;

	fixture_init(&fx);
	fx.program.sources = &sources;
	e = fixture_event(&fx, EVENT_WARNF, 0, NULL);
	e->span = (struct span){expansion->base + 7, expansion->base + 14};
	fixture_format(e, "w\n\n");
	catch_stderr();
	CHECK_STR(run_event(OUTPUT_TEXT, e), "");
	CHECK_STR(caught_stderr(), "a.mt:2:1-8: WARNING: w\n\n"
				   "a.mt:1:1-7: WARNING: expanded from\none(2)\n~~~~~~\n");
	fixture_release(&fx);
}

// --no-warnings: what errorf says is still said.
static void test_no_warnings(void)
{
	for (int i = 0; i < 4; i++) {
		enum output_format format = i / 2 ? OUTPUT_JSON : OUTPUT_TEXT;
		struct event_def *e;
		const char *out;

		fixture_init(&fx);
		fx.no_warnings = true;
		e = fixture_event(&fx, i % 2 ? EVENT_WARNF : EVENT_ERRORF, 0, NULL);
		fixture_format(e, "m");
		out = run_at(format, e, "errorf()", (struct span){0, 8});
		CHECK((*out != '\0') == (format == OUTPUT_JSON && e->kind == EVENT_ERRORF));
		CHECK_STR(caught_stderr(), i ? "" : "a.mt:1:1-9: ERROR: m\n");
		fixture_release(&fx);
	}
}

// The line of a failed assertion is shown.
static void test_assert(void)
{
	struct event_def *e;

	fixture_init(&fx);
	e = fixture_event(&fx, EVENT_ASSERT, 0, NULL);
	e->text = "bad thing";
	CHECK_STR(run_at(OUTPUT_TEXT, e, "assert(1 == 2, \"bad thing\");", (struct span){0, 27}),
		  "");
	CHECK_STR(caught_stderr(), "a.mt:1:1-28: ERROR: assert failed: bad thing\n"
				   "assert(1 == 2, \"bad thing\");\n"
				   "~~~~~~~~~~~~~~~~~~~~~~~~~~~\n");
	CHECK(output_state(fx.out)->assert_failed && output_state(fx.out)->exit_requested);
	fixture_release(&fx);
}

// A failure of the program's at bytes 2 to 7 of a script; the kernel's error is 32 bits wide.
static void check_failure(enum event_kind kind, const char *helper, uint32_t err, const char *text,
			  const char *json)
{
	for (int i = 0; i < 2; i++) {
		struct event_def *e;

		fixture_init(&fx);
		e = fixture_event(&fx, kind, 0, NULL);
		e->text = helper;
		memcpy(fx.record + sizeof(struct rec_hdr), &err, sizeof(err));
		fx.size = sizeof(struct rec_failure);
		CHECK_STR(run_at(i ? OUTPUT_JSON : OUTPUT_TEXT, e, "$x = 5 / $y",
				 (struct span){5, 11}),
			  i ? json : "");
		CHECK_STR(caught_stderr(), i ? "" : text);
		CHECK_INT(output_state(fx.out)->events, 0);
		fixture_release(&fx);
	}
}

static void test_failures(void)
{
	check_failure(EVENT_DIVIDED_BY_ZERO, NULL, 0,
		      "a.mt:1:6-12: WARNING: Divide or modulo by 0 detected. This can lead to "
		      "unexpected results. 1 is being used as the result.\n"
		      "$x = 5 / $y\n     ~~~~~~\n",
		      "{\"type\": \"runtime_error\", \"msg\": \"Divide or modulo by 0 detected. This "
		      "can lead to unexpected results. 1 is being used as the result.\", "
		      "\"filename\": \"a.mt\", \"line\": 1, \"col\": 6}\n");
	check_failure(EVENT_HELPER_FAILED, "probe_read_user", (uint32_t)-14,
		      "a.mt:1:6-12: WARNING: Bad address\n"
		      "Additional Info - helper: probe_read_user, retcode: -14\n"
		      "$x = 5 / $y\n     ~~~~~~\n",
		      "{\"type\": \"helper_error\", \"msg\": \"Bad address\", \"helper\": "
		      "\"probe_read_user\", \"retcode\": -14, \"filename\": \"a.mt\", \"line\": 1, "
		      "\"col\": 6}\n");
}

static void check_join(const char *strings, size_t size, const char *sep, const char *text,
		       const char *json)
{
	for (int i = 0; i < 2; i++) {
		struct val list = ARR(STRN("", 9), STRN("", 9));
		struct event_def *e;

		fixture_init(&fx);
		e = fixture_event(&fx, EVENT_JOIN, 1, &list);
		fixture_vary(&fx, e, 0, strings, (uint32_t)size);
		e->text = sep;
		CHECK_STR(run_event(i ? OUTPUT_JSON : OUTPUT_TEXT, e), i ? json : text);
		fixture_release(&fx);
	}
}

// join(argv); join(argv, ","), also with an empty string in the middle and at the start
static void test_join(void)
{
	check_join("abc\0abcd\0", 10, NULL, "abc abcd\n",
		   "{\"type\": \"join\", \"data\": \"abc abcd\"}\n");
	check_join("abc\0abcd", 9, ",", "abc,abcd\n",
		   "{\"type\": \"join\", \"data\": \"abc,abcd\"}\n");
	check_join("", 0, ",", "\n", "{\"type\": \"join\", \"data\": \"\"}\n");
	check_join("abc\0\0abcde", 11, " ", "abc\n", "{\"type\": \"join\", \"data\": \"abc\"}\n");
	check_join("\0x", 3, " ", "\n", "{\"type\": \"join\", \"data\": \"\"}\n");
	check_join("12345678\00012345678", 18, "", "1234567812345678\n",
		   "{\"type\": \"join\", \"data\": \"1234567812345678\"}\n");
}

// time("x"); time("%Y\n"); time("%f"): strftime's conversions only
static void test_time(void)
{
	char year[64];
	time_t now = time(NULL);
	struct event_def *e;

	strftime(year, sizeof(year), "%Y|%%|", localtime(&now));
	strcat(year, "%f\n");
	fixture_init(&fx);
	e = fixture_event(&fx, EVENT_TIME, 0, NULL);
	e->text = "%Y|%%|%f\n";
	CHECK_STR(run_event(OUTPUT_TEXT, e), year);
	fixture_release(&fx);
	fixture_init(&fx);
	e = fixture_event(&fx, EVENT_TIME, 0, NULL);
	e->text = "x";
	CHECK_STR(run_event(OUTPUT_JSON, e), "{\"type\": \"time\", \"data\": \"x\"}\n");
	fixture_release(&fx);
	fixture_init(&fx);
	e = fixture_event(&fx, EVENT_TIME, 0, NULL);
	CHECK_INT(strlen(run_event(OUTPUT_TEXT, e)), 9); // "%H:%M:%S\n"
	fixture_release(&fx);
}

// ---- system and cat
// ------------------------------------------------------------------------------

static const char *system_text(enum output_format format, const char *command)
{
	fixture_init(&fx);
	fixture_format(fixture_event(&fx, EVENT_SYSTEM, 0, NULL), command);
	return run_event(format, NULL);
}

// system("printf abc"); system("echo hi"); system("true"), with --unsafe
static void test_system(void)
{
	CHECK_STR(system_text(OUTPUT_TEXT, "printf abc"), "abc\n");
	fixture_release(&fx);
	CHECK_STR(system_text(OUTPUT_TEXT, "echo hi"), "hi\n\n");
	fixture_release(&fx);
	CHECK_STR(system_text(OUTPUT_TEXT, "true"), "\n");
	fixture_release(&fx);
	CHECK_STR(system_text(OUTPUT_JSON, "printf abc"),
		  "{\"type\": \"syscall\", \"data\": \"abc\"}\n");
	fixture_release(&fx);
}

static void test_system_fails(void)
{
	catch_stderr();
	CHECK_STR(system_text(OUTPUT_TEXT, "echo why; exit 3"), "why\n\n");
	fixture_release(&fx);
	CHECK_STR(system_text(OUTPUT_TEXT, "exit 4"), "");
	fixture_release(&fx);
	CHECK_STR(caught_stderr(), "ERROR: command exited with code 3\n"
				   "ERROR: command exited with code 4\n");
}

static void test_system_refused(void)
{
	fixture_init(&fx);
	fixture_format(fixture_event(&fx, EVENT_SYSTEM, 0, NULL), "echo hi");
	fixture_open(&fx, OUTPUT_TEXT); // without --unsafe
	output_record(fx.out, fx.record, fx.size);
	CHECK_STR(fixture_text(&fx), "");
	fixture_release(&fx);
}

static void test_cat(void)
{
	char path[] = "/tmp/mtrace-cat-XXXXXX";
	int fd = mkstemp(path);
	struct val name = STR(path);

	CHECK_INT(write(fd, "0123456789\n", 11), 11);
	close(fd);
	for (int i = 0; i < 3; i++) {
		fixture_init(&fx);
		fx.program.config.max_cat_bytes = i == 2 ? 4 : 10240;
		fixture_format(fixture_event(&fx, EVENT_CAT, 1, &name), "%s");
		CHECK_STR(run_event(i == 1 ? OUTPUT_JSON : OUTPUT_TEXT, NULL),
			  i == 0   ? "0123456789\n"
			  : i == 1 ? "{\"type\": \"cat\", \"data\": \"0123456789\\n\"}\n"
				   : "0123");
		fixture_release(&fx);
	}
	unlink(path);
	mkfifo(path, 0600); // nobody writes: must not wait
	fixture_init(&fx);
	fixture_format(fixture_event(&fx, EVENT_CAT, 1, &name), "%s");
	CHECK_STR(run_event(OUTPUT_TEXT, NULL), "");
	fixture_release(&fx);
	unlink(path);
}

// cat("/nonexist")
static void test_cat_missing(void)
{
	fixture_init(&fx);
	fixture_format(fixture_event(&fx, EVENT_CAT, 0, NULL), "/nonexist");
	catch_stderr();
	CHECK_STR(run_event(OUTPUT_JSON, NULL), "");
	CHECK_STR(caught_stderr(),
		  "ERROR: failed to open file '/nonexist' (No such file or directory)\n");
	fixture_release(&fx);
}

// ---- ends
// ----------------------------------------------------------------------------------------

static void test_exit(void)
{
	struct rec_exit rec = {.code = 5};

	fixture_init(&fx);
	program_add_unit(&fx.program, PROBE_END, (struct span){0, 0});
	program_add_unit(&fx.program, PROBE_UPROBE, (struct span){0, 0});
	fixture_event(&fx, EVENT_EXIT, 0, NULL);
	fixture_open(&fx, OUTPUT_TEXT);
	output_record(fx.out, &rec, sizeof(rec));
	rec.code = 6;
	output_record(fx.out, &rec, sizeof(rec));
	CHECK_INT(output_state(fx.out)->exit_code, 5); // the first one counts
	CHECK(output_state(fx.out)->exit_requested);
	output_before_end(fx.out);
	rec.hdr.unit = 1;
	output_record(fx.out, &rec, sizeof(rec));
	CHECK_INT(output_state(fx.out)->exit_code, 5); // a probe that was being detached
	rec.hdr.unit = 0;
	output_record(fx.out, &rec, sizeof(rec));
	CHECK_INT(output_state(fx.out)->exit_code, 6); // END has the last word
	fixture_release(&fx);
}

static void test_max_events(void)
{
	struct output_options opts = {.max_events = 2};
	struct rec_hdr at_end = {.unit = 0};

	fixture_init(&fx);
	program_add_unit(&fx.program, PROBE_END, (struct span){0, 0});
	program_add_unit(&fx.program, PROBE_UPROBE, (struct span){0, 0});
	fixture_format(fixture_event(&fx, EVENT_PRINTF, 0, NULL), "x\n");
	((struct rec_hdr *)fx.record)->unit = 1;
	fx.out = output_create(&fx.program, &opts, fx.file);
	output_record(fx.out, fx.record, fx.size);
	CHECK(!output_state(fx.out)->exit_requested);
	for (int i = 0; i < 3; i++)
		output_record(fx.out, fx.record, fx.size);
	CHECK(output_state(fx.out)->exit_requested);
	CHECK_INT(output_state(fx.out)->events, 2);
	output_before_end(fx.out);
	output_record(fx.out, &at_end, sizeof(at_end)); // END still speaks
	CHECK_STR(fixture_text(&fx), "x\nx\nx\n");
	fixture_release(&fx);
}

static void test_attached(void)
{
	fixture_init(&fx);
	fixture_open(&fx, OUTPUT_JSON);
	output_attached(fx.out, 1);
	CHECK_STR(fixture_text(&fx),
		  "{\"type\": \"attached_probes\", \"count\": 1, \"data\": {\"probes\": 1}}\n");
	fixture_release(&fx);
	fixture_init(&fx);
	fixture_open(&fx, OUTPUT_TEXT);
	catch_stderr();
	output_attached(fx.out, 1);
	output_attached(fx.out, 4777);
	CHECK_STR(caught_stderr(), "Attached 1 probe\nAttached 4777 probes\n");
	CHECK_STR(fixture_text(&fx), "");
	fixture_release(&fx);
}

// ---- terminals
// -------------------------------------------------------------------------------------

// On a terminal, control characters of traced strings are shown; the script's own pass.
static void check_terminal(const char *traced, const char *want)
{
	struct val v = STR(traced);

	fixture_init(&fx);
	fixture_format(fixture_event(&fx, EVENT_PRINTF, 1, &v), "\033[1m%s\033[0m|%6s");
	fx.program.events.data[0]->format.pieces.data[3].arg = 0;
	fixture_open(&fx, OUTPUT_TEXT);
	fx.out->printer.escape = true;
	output_record(fx.out, fx.record, fx.size);
	CHECK_STR(fixture_text(&fx), want);
	fixture_release(&fx);
}

static void test_terminal(void)
{
	check_terminal("a", "\033[1ma\033[0m|     a");
	check_terminal("\033]0;x\a", "\033[1m\\x1b]0;x\\x07\033[0m|\\x1b]0;x\\x07");
	check_terminal("\r", "\033[1m\\x0d\033[0m|  \\x0d");
	check_terminal("a\tb\n", "\033[1ma\tb\n\033[0m|  a\tb\n");
	check_terminal("\x7f", "\033[1m\\x7f\033[0m|  \\x7f");
	check_terminal("\xc2\x9b"
		       "2J",
		       "\033[1m\xc2\\x9b2J\033[0m|\xc2\\x9b2J");
	check_terminal("\x9b"
		       "2J",
		       "\033[1m\\x9b2J\033[0m|\\x9b2J");
	check_terminal("\xc3\xa9\xe2\x82\xac",
		       "\033[1m\xc3\xa9\xe2\x82\xac\033[0m| \xc3\xa9\xe2\x82\xac");
}

// ---- hostile records
// ---------------------------------------------------------------------------------

// Copies of the record of every shorter length, each in its own block, so that ASan sees a read
// beyond the end.
static void feed_prefixes(void)
{
	for (size_t n = 0; n < fx.size; n++) {
		void *copy = malloc(n ? n : 1);

		memcpy(copy, fx.record, n);
		output_record(fx.out, copy, n);
		free(copy);
	}
}

static void test_short_records(void)
{
	fixture_init(&fx);
	fixture_format(fixture_event(&fx, EVENT_PRINTF, 2, (struct val[]){STR("abc"), I64(5)}),
		       "%s %d\n");
	fixture_open(&fx, OUTPUT_TEXT);
	feed_prefixes();
	CHECK_STR(fixture_text(&fx), "");
	CHECK_INT(fx.out->bad_records, fx.size);
	CHECK_INT(output_state(fx.out)->events, 0);
	output_record(fx.out, fx.record, fx.size + 8); // longer is what alignment may give
	CHECK_STR(fixture_text(&fx), "abc 5\n");
	CHECK_INT(output_stats(fx.out, NULL, false), fx.size);
	fixture_release(&fx);
}

static void test_short_fixed_records(void)
{
	static const enum event_kind kinds[] = {EVENT_EXIT, EVENT_PRINT_MAP,
						EVENT_DIVIDED_BY_ZERO, EVENT_HELPER_FAILED};
	static const size_t sizes[] = {sizeof(struct rec_exit), sizeof(struct rec_map),
				       sizeof(struct rec_failure), sizeof(struct rec_failure)};

	for (size_t i = 0; i < 4; i++) {
		struct event_def *e;

		fixture_init(&fx);
		e = fixture_event(&fx, kinds[i], 0, NULL);
		e->map = program_add_map(&fx.program, MAP_USER, "m");
		e->text = "map_update_elem";
		fixture_open(&fx, OUTPUT_TEXT);
		fx.size = sizes[i];
		feed_prefixes();
		CHECK_INT(fx.out->bad_records, fx.size);
		CHECK(!output_state(fx.out)->exit_requested);
		fixture_release(&fx);
	}
}

// Strings and buffers behind the fixed part, as long as they are.
static void test_parts(void)
{
	struct val vals[] = {STRN("", 100), I64(5), BUF("xxxxxxxxxx", 10), STRN("", 100)};
	const unsigned char bytes[] = {3, 0, 0, 0, 'a', 'b', 1};
	struct event_def *e;

	fixture_init(&fx);
	e = fixture_event(&fx, EVENT_PRINTF, 4, vals);
	fixture_format(e, "%s %d %r <%s>\n");
	fixture_vary(&fx, e, 0, "abc", 4);
	fixture_vary(&fx, e, 2, bytes, sizeof(bytes));
	fixture_vary(&fx, e, 3, "", 0);
	CHECK_STR(run_event(OUTPUT_TEXT, e), "abc 5 ab\\x01 <>\n");
	fixture_release(&fx);
}

// Parts that lie outside the record, are larger than their type, or do not end as they should.
static void test_bad_parts(void)
{
	static const struct {
		bool buffer;
		struct rec_part part;
		const char *bytes;
	} bad[] = {
	    {false, {24, 0xffffffff}, "abc"}, {false, {0xfffffff0, 0x20}, "abc"},
	    {false, {16, 5}, "abcd"},	      {false, {16, 4}, "abcd"},
	    {false, {20, 1}, "abc"},	      {true, {16, 3}, "\0\0\0"},
	    {true, {16, 5}, "\2\0\0\0a"},     {true, {16, 5}, "\377\377\377\377a"},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct val v = bad[i].buffer ? BUF("ab", 2) : STRN("", 4);
		struct event_def *e;

		fixture_init(&fx);
		e = fixture_event(&fx, EVENT_PRINTF, 1, &v);
		fixture_format(e, "%s\n");
		e->size = 16;
		fx.size = 16;
		fixture_vary(&fx, e, 0, bad[i].bytes, 4);
		memcpy(fx.record + e->args.data[0].offset, &bad[i].part, sizeof(bad[i].part));
		CHECK_STR(run_event(OUTPUT_TEXT, e), "");
		CHECK_INT(fx.out->bad_records, 1);
		fixture_release(&fx);
	}
}

static void test_unknown_event(void)
{
	struct rec_hdr hdr = {.event = 1};

	fixture_init(&fx);
	fixture_event(&fx, EVENT_PRINTF, 0, NULL);
	fixture_open(&fx, OUTPUT_TEXT);
	output_record(fx.out, &hdr, sizeof(hdr));
	hdr.event = UINT32_MAX;
	output_record(fx.out, &hdr, sizeof(hdr));
	CHECK_INT(fx.out->bad_records, 2);
	fixture_release(&fx);
}

// A unit that does not exist changes nothing but the count for END.
static int asked_pid, asked_times;

static void asked(void *ctx, int pid)
{
	CHECK(ctx == &fx);
	asked_pid = pid;
	asked_times++;
}

// Of no event: code of a process that dw_ustack does not know. One that nobody cares about, and
// one that is cut short, do nothing.
static void test_unmapped(void)
{
	struct rec_process rec = {.hdr.event = REC_UNMAPPED, .pid = 77};

	fixture_init(&fx);
	fixture_event(&fx, EVENT_PRINTF, 0, NULL);
	fixture_open(&fx, OUTPUT_TEXT);
	output_record(fx.out, &rec, sizeof(rec));
	CHECK_INT(asked_times, 0);
	output_on_unmapped(fx.out, asked, &fx);
	output_record(fx.out, &rec, sizeof(rec));
	CHECK_INT(asked_pid, 77);
	output_record(fx.out, &rec, sizeof(rec.hdr));
	CHECK_INT(asked_times, 1);
	CHECK_INT(fx.out->bad_records, 1);
	fixture_release(&fx);
}

static void test_unknown_unit(void)
{
	struct rec_hdr hdr = {.unit = UINT32_MAX};

	fixture_init(&fx);
	fixture_format(fixture_event(&fx, EVENT_PRINTF, 0, NULL), "x");
	fixture_open(&fx, OUTPUT_TEXT);
	output_record(fx.out, &hdr, sizeof(hdr));
	CHECK_STR(fixture_text(&fx), "x");
	fixture_release(&fx);
}

static void test_unsound_event(void)
{
	struct event_def *e;

	fixture_init(&fx);
	e = fixture_event(&fx, EVENT_PRINT_VALUE, 1, (struct val[]){I64(1)});
	CHECK(event_is_sound(e));
	e->args.data[0].offset = 9;
	CHECK(!event_is_sound(e));
	e->args.data[0].offset = UINT32_MAX;
	CHECK(!event_is_sound(e));
	e->args.len = 0;
	CHECK(!event_is_sound(e));
	e->kind = EVENT_CLEAR;
	CHECK(!event_is_sound(e)); // no map
	e->kind = EVENT_PRINTF;
	fixture_open(&fx, OUTPUT_TEXT);
	fixture_release(&fx);
}

// ---- write errors
// -------------------------------------------------------------------------------------

static void write_to(FILE *file)
{
	struct output_options opts = {0};

	fixture_init(&fx);
	fixture_format(fixture_event(&fx, EVENT_PRINTF, 0, NULL), "hello\n");
	fx.out = output_create(&fx.program, &opts, file);
	output_record(fx.out, fx.record, fx.size);
	output_flush(fx.out);
	output_record(fx.out, fx.record, fx.size);
	output_flush(fx.out);
}

static void test_disk_full(void)
{
	FILE *full = fopen("/dev/full", "w");

	catch_stderr();
	write_to(full);
	CHECK_STR(caught_stderr(), "ERROR: cannot write the output: No space left on device\n");
	CHECK(output_state(fx.out)->write_errors > 0 && output_state(fx.out)->exit_requested);
	fixture_release(&fx);
	fclose(full);
}

static void test_closed_pipe(void)
{
	int ends[2];
	FILE *out;

	signal(SIGPIPE, SIG_IGN);
	CHECK_INT(pipe(ends), 0);
	close(ends[0]);
	out = fdopen(ends[1], "w");
	catch_stderr();
	write_to(out);
	CHECK_STR(caught_stderr(), ""); // quietly
	CHECK(output_state(fx.out)->exit_requested && output_state(fx.out)->pipe_closed);
	fixture_release(&fx);
	fclose(out);
}

// ---- losses
// -----------------------------------------------------------------------------------------

static void fill_stats_map(struct fake_map *fake)
{
	struct unit_stats cpu0 = {.hits = 3, .lost_records = 1, .session_orphans = 4};
	struct unit_stats cpu1 = {.hits = 2, .lost_records = 1, .map_full = 7, .read_failed = 9};
	struct map_def *m = program_add_map(&fx.program, MAP_STATS, "stats");

	memset(fake, 0, sizeof(*fake));
	m->key_size = 4;
	m->value_size = sizeof(struct unit_stats);
	m->bpf_kind = BPF_MAP_KIND_PERCPU_ARRAY;
	fake->def = m;
	fake->cpus = 2;
	fake->count = 1;
	memcpy(fake->values[0][0], &cpu0, sizeof(cpu0));
	memcpy(fake->values[0][1], &cpu1, sizeof(cpu1));
}

static void open_stats(struct fake_map *fake, enum output_format format)
{
	struct set_aside aside = {.what = "uprobe:/bin/x:\"q\"", .reason = "no code"};
	struct set_aside alias = {.what = "alias", .reason = "same", .duplicate = true};
	struct unit *u;

	fixture_init(&fx);
	u = program_add_unit(&fx.program, PROBE_UPROBE, (struct span){0, 0});
	u->spec = "uprobe:/bin/x:*";
	u->mech = MECH_UPROBE_MULTI;
	u->target_count = 12;
	u->set_aside_count = 1;
	arena_push(&test_arena, &fx.program.set_asides, aside);
	arena_push(&test_arena, &fx.program.set_asides, alias);
	fill_stats_map(fake);
	fixture_open(&fx, format);
	fixture_maps(&fx, fake);
}

static void test_losses_text(void)
{
	struct unit_losses kernel = {.missed = 5, .recursion_misses = 6};
	struct fake_map fake;

	open_stats(&fake, OUTPUT_TEXT);
	catch_stderr();
	CHECK_INT(output_stats(fx.out, &kernel, false), 2 + 7 + 5 + 6);
	CHECK_STR(caught_stderr(),
		  "WARNING: 5 events missed: the kernel could not run the program\n"
		  "WARNING: 6 events missed: the program was running already on that CPU\n"
		  "WARNING: 2 records lost: the ring buffer was full; raise perf_rb_pages\n"
		  "WARNING: Map full; can't update element: 7 updates failed; raise max_map_keys or "
		  "the map's size (let @m = hash(5000))\n"
		  "WARNING: 9 reads of memory failed: the values are 0 or \"\"\n");
	CHECK_STR(fixture_text(&fx), "");
	fixture_release(&fx);
}

static void test_losses_json(void)
{
	struct unit_losses kernel = {.missed = 5};
	struct fake_map fake;

	open_stats(&fake, OUTPUT_JSON);
	catch_stderr();
	CHECK_INT(output_stats(fx.out, &kernel, false), 2 + 7 + 5);
	caught_stderr();
	CHECK_STR(fixture_text(&fx),
		  "{\"type\": \"lost_events\", \"count\": 2, \"data\": {\"events\": 2}}\n"
		  "{\"type\": \"run_stats\", \"events\": 0, \"bad_records\": 0, \"lost\": 14, "
		  "\"probes\": [{\"probe\": \"uprobe:/bin/x:*\", \"type\": \"uprobe\", "
		  "\"mechanism\": \"uprobe_multi\", \"targets\": 12, \"set_aside\": 1, "
		  "\"hits\": 5, \"missed\": 5, \"recursion_misses\": 0, \"lost_records\": 2, "
		  "\"map_full\": 7, \"map_failed\": 0, \"scratch_lost\": 0, \"session_lost\": 0, "
		  "\"session_orphans\": 4, \"read_failed\": 9, \"stacks_lost\": 0, "
		  "\"stack_collisions\": 0, \"divided_by_zero\": 0, \"not_unwound\": 0}], "
		  "\"skipped\": [{\"probe\": "
		  "\"uprobe:/bin/x:\\\"q\\\"\", \"reason\": \"no code\"}]}\n");
	fixture_release(&fx);
}

static void test_no_losses(void)
{
	fixture_init(&fx);
	fixture_open(&fx, OUTPUT_TEXT);
	catch_stderr();
	CHECK_INT(output_stats(fx.out, NULL, true), 0);
	CHECK_STR(caught_stderr(), "");
	fixture_release(&fx);
}

TEST_MAIN(test_printf_json, test_printf_nul, test_messages,
	  test_message_of_a_macro, test_no_warnings, test_assert, test_failures, test_join, test_time,
	  test_system, test_system_fails, test_system_refused, test_cat, test_cat_missing,
	  test_exit, test_max_events, test_attached, test_terminal, test_short_records,
	  test_short_fixed_records, test_parts, test_bad_parts, test_unknown_event, test_unmapped,
	  test_unknown_unit, test_unsound_event, test_disk_full, test_closed_pipe, test_losses_text,
	  test_losses_json, test_no_losses)
