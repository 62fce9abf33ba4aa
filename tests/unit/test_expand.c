// test_expand: attach points -> units and targets, against small ELF files made here.
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "elf_maker.h"
#include "parser/parser.h"
#include "sema/kernel_btf.h"
#include "sema/sema.h"
#include "test.h"

#define DIR TEST_BINARY_DIR "/test_expand.tmp"
#define A DIR "/a"
#define B DIR "/b"

static const struct made_symbol symbols_a[] = {
    {"alpha_one", 0x1010, 16, STT_FUNC, STB_GLOBAL, false},
    {"alpha_one", 0x1010, 16, STT_FUNC, STB_GLOBAL, true},
    {"aalias_two", 0x1020, 16, STT_FUNC, STB_WEAK, false},
    {"alpha_two", 0x1020, 16, STT_FUNC, STB_GLOBAL, false},
    {"alpha_local", 0x1030, 16, STT_FUNC, STB_LOCAL, false},
    {"beta", 0x1040, 16, STT_FUNC, STB_GLOBAL, false},
    {"twice", 0x1050, 8, STT_FUNC, STB_LOCAL, false},
    {"twice", 0x1060, 8, STT_FUNC, STB_LOCAL, false},
    {"chooser", 0x1070, 8, STT_GNU_IFUNC, STB_GLOBAL, false},
    {"outside", 0x2000, 8, STT_FUNC, STB_GLOBAL, false},
};
static const struct made_symbol symbols_b[] = {
    {"alpha_b", 0x1010, 16, STT_FUNC, STB_GLOBAL, true},
};

static void test_make_files(void)
{
	unsigned char data[MADE_MAX];

	CHECK(!mkdir(DIR, 0755) || !access(DIR, X_OK));
	CHECK(write_file(A, data, make_elf64(data, symbols_a, ARRAY_SIZE(symbols_a))));
	CHECK(write_file(B, data, make_elf64(data, symbols_b, ARRAY_SIZE(symbols_b))));
	make_elf64(data, symbols_b, ARRAY_SIZE(symbols_b));
	data[0x1011] = 0xe8; // call rel32: five bytes
	CHECK(write_file(DIR "-calls", data, MADE_MAX));
	CHECK(write_file(DIR "/broken", data, 100));
	CHECK(write_file(DIR "/text", "hello\n", 6));
}

// ---- one compilation ----------------------------------------------------------------------

struct fixture {
	struct compile_options options;
	struct compiler c;
	bool ok;
	struct buf out; // the diagnostics
};

static void expand_with(struct fixture *f, const char *script, struct compile_options options)
{
	memset(f, 0, sizeof(*f));
	f->options = options;
	f->c.options = &f->options;
	f->c.sources.arena = f->c.diag.arena = &f->c.arena;
	f->c.diag.sources = &f->c.sources;
	program_init(&f->c.program, &f->c.arena);
	const struct source *src = sources_add(&f->c.sources, "stdin", script, strlen(script));
	f->ok = CHECK(parse_source(&f->c.arena, src, &f->c.diag, &f->c.ast)) &&
		sema_config(&f->c) && sema_expand(&f->c);
}

static void expand(struct fixture *f, const char *script)
{
	expand_with(f, script, (struct compile_options){.root = "/"});
}

static void release(struct fixture *f)
{
	kernel_btf_release(&f->c);
	program_release(&f->c.program);
	arena_release(&f->c.arena);
	buf_release(&f->out);
}

// All targets' full names, one a line.
static const char *names(struct fixture *f)
{
	buf_clear(&f->out);
	for (size_t i = 0; i < f->c.program.targets.len; i++)
		buf_printf(&f->out, "%s\n", f->c.program.targets.data[i]->probe);
	return buf_str(&f->out);
}

static const char *set_asides(struct fixture *f)
{
	buf_clear(&f->out);
	for (size_t i = 0; i < f->c.program.set_asides.len; i++)
		buf_printf(&f->out, "%s: %s\n", f->c.program.set_asides.data[i].what,
			   f->c.program.set_asides.data[i].reason);
	return buf_str(&f->out);
}

static void check_names(const char *script, const char *expected)
{
	struct fixture f;

	expand(&f, script);
	if (!CHECK(f.ok))
		diag_flush(&f.c.diag, stdout, false);
	if (!CHECK_STR(names(&f), expected))
		printf("  script: %s\n", script);
	release(&f);
}

// The first diagnostic: "[tag] text", with " / hint" when there is one.
static void check_diag(const char *script, const char *expected)
{
	struct fixture f;

	expand(&f, script);
	if (CHECK(f.c.diag.entries.len)) {
		const struct diag_entry *e = &f.c.diag.entries.data[0];
		buf_printf(&f.out, "[%s] %s%s%s", e->tag, e->text, e->hint ? " / " : "",
			   e->hint ? e->hint : "");
		CHECK_STR(buf_str(&f.out), expected);
		CHECK_INT(f.ok, e->level == DIAG_WARNING);
	} else {
		printf("  script: %s\n", script);
	}
	release(&f);
}

// ---- names ---------------------------------------------------------------------------------

static void test_special(void)
{
	check_names("BEGIN { }", "begin\n");
	check_names("begin, END { }", "begin\nend\n");
	check_names("self:signal:SIGUSR1 { }", "self:signal:SIGUSR1\n");
	check_diag("self:signal:SIGUSR2 { }", "[bad-self-probe] SIGUSR2 is not a supported signal");
	check_diag("self:nosuch:SIGUSR1 { }", "[bad-self-probe] nosuch is not a supported trigger / "
					      "write self:signal:SIGUSR1");
	check_diag("begin:x { }",
		   "[attach-point-parts] begin probe type requires 0 arguments, found 1");
}

static void test_timers(void)
{
	check_names("interval:s:1 { }", "interval:s:1\n");
	check_names("i:ms:100 { }", "interval:ms:100\n");
	check_names("interval:us:0x10 { }", "interval:us:16\n");
	check_names("i:hz:1e2 { }", "interval:hz:100\n");
	check_names("profile:hz:99 { }", "profile:hz:99\n");
	check_names("interval:1s { }", "interval:us:1000000\n");
	check_names("interval:1500ms { }", "interval:us:1500000\n");
	check_names("interval:1000000 { }", "interval:us:1000\n");
	check_names("interval:s:1, interval:ms:5 { }", "interval:s:1\ninterval:ms:5\n");
	check_diag("interval:s:0 { }",
		   "[bad-rate] interval frequency should be a positive integer");
	check_diag("interval:foo:1 { }",
		   "[bad-time-unit] foo is not an accepted unit of time / use s, ms, us or hz");
	check_diag("interval:s:x { }", "[bad-rate] Invalid rate of interval probe: invalid integer: x");
	check_diag("interval:5x { }",
		   "[bad-rate] Invalid rate of interval probe: invalid trailing bytes: 5x / "
		   "write interval:1s, interval:ms:100 or interval:hz:99");
	check_diag("profile:97 { }", "[bad-rate] Invalid rate of profile probe. Minimum is 1000 or "
				     "1us. Found: 97 nanoseconds");
	check_diag("interval:s:99999999999999 { }",
		   "[bad-rate] 99999999999999 s is too long a period");
}

static void test_timer_units(void)
{
	struct fixture f;

	expand(&f, "interval:s:2, interval:hz:50 { }");
	if (CHECK_INT(f.c.program.units.len, 2)) {
		CHECK_INT(f.c.program.units.data[0]->period_ns, 2000000000);
		CHECK_INT(f.c.program.units.data[0]->frequency_hz, 0);
		CHECK_INT(f.c.program.units.data[1]->period_ns, 0);
		CHECK_INT(f.c.program.units.data[1]->frequency_hz, 50);
		CHECK(f.c.program.units.data[0]->body != f.c.program.units.data[1]->body);
	}
	release(&f);
}

static void test_user_names(void)
{
	check_names("uprobe:" A ":beta { }", "uprobe:" A ":beta\n");
	check_names("u:" A ":beta { }", "uprobe:" A ":beta\n");
	check_names("UPROBE:" A ":beta { }", "uprobe:" A ":beta\n");
	check_names("uretprobe:" A ":beta { }", "uretprobe:" A ":beta\n");
	check_names("session:" A ":beta { }", "session:" A ":beta\n");
	check_names("uprobe:\"" A "\":\"beta\" { }", "uprobe:" A ":beta\n");
	check_names("uprobe:" A ":cpp:beta { }", "uprobe:" A ":cpp:beta\n");
	check_names("uprobe:" A ":beta+4 { }", "uprobe:" A ":beta+4\n");
	check_names("uprobe:" A ":beta+0 { }", "uprobe:" A ":beta\n");
	check_names("uprobe:" A ":0x401040 { }", "uprobe:" A ":4198464\n");
	check_names("uprobe:" A ":beta, uprobe:" A ":beta { }", "uprobe:" A ":beta\n");
	check_names("u:" A ":beta, ur:" A ":beta { }", "uprobe:" A ":beta\nuretprobe:" A ":beta\n");
	check_names("u:" A ":twice { }", "uprobe:" A ":twice\nuprobe:" A ":twice\n");
	check_names("u:" A ":chooser { }", "uprobe:" A ":chooser\n"); // exact: as asked
}

static void test_user_globs(void)
{
	check_names("u:" A ":alpha_* { }",
		    "uprobe:" A ":alpha_one\nuprobe:" A ":alpha_two\nuprobe:" A ":alpha_local\n");
	check_names("u:" A ":*a* { }", "uprobe:" A ":alpha_one\nuprobe:" A ":alpha_two\nuprobe:" A
				       ":alpha_local\nuprobe:" A ":beta\n");
	check_names("u:" DIR "/*:alpha_*o*, u:" DIR "/*:alpha_b { }",
		    "uprobe:" A ":alpha_one\nuprobe:" A ":alpha_two\nuprobe:" A
		    ":alpha_local\nuprobe:" B ":alpha_b\n");
	check_names("u:" A ":alpha_*, !*local { }",
		    "uprobe:" A ":alpha_one\nuprobe:" A ":alpha_two\n");
	check_diag("u:" A ":beta, !b* { }",
		   "[no-match] No matches for uprobe " A ":beta. / a negated glob of the same "
		   "block takes it away");
}

static void test_set_asides(void)
{
	struct fixture f;

	expand(&f, "u:" A ":* { }");
	CHECK(f.ok);
	CHECK_STR(set_asides(&f),
		  "uprobe:" A ":outside: not inside an executable segment\n"
		  "uprobe:" A ":chooser: an indirect function: the symbol is its resolver\n"
		  "uprobe:" A ":aalias_two: same address as 'alpha_two'\n");
	CHECK_INT(f.c.program.units.data[0]->set_aside_count, 2);
	CHECK_INT(f.c.program.set_asides.data[2].duplicate, true);
	release(&f);
}

static void test_target_fields(void)
{
	struct fixture f;

	expand(&f, "u:" A ":beta+4, u:" A ":alpha_one, u:" B ":alpha_b { }");
	CHECK(f.ok);
	CHECK_INT(f.c.program.units.len, 1);
	const struct unit *u = f.c.program.units.data[0];
	CHECK_INT(u->target_count, 3);
	CHECK_STR(u->spec, "u:" A ":beta+4,u:" A ":alpha_one,u:" B ":alpha_b");
	for (uint32_t i = 0; i < u->target_count; i++) {
		const struct target *t = f.c.program.targets.data[u->first_target + i];
		CHECK_INT(t->id, u->first_target + i);
		if (!strcmp(t->func, "beta")) {
			CHECK_INT(t->offset, 0x1044);
			CHECK_INT(t->func_offset, 4);
			CHECK_INT(t->address, MADE_BASE + 0x1044);
			CHECK_INT(t->size, 16);
			CHECK_STR(t->path, A);
		}
	}
	release(&f);
}

static void test_positional(void)
{
	const char *params[] = {A, "alpha"};
	struct compile_options o = {.root = "/", .params = params, .param_count = 2};
	struct fixture f;

	expand_with(&f, "u:$1:$2_one { }", o);
	CHECK_STR(names(&f), "uprobe:" A ":alpha_one\n");
	release(&f);
	expand_with(&f, "u:$1:$3 { }", o);
	CHECK(!f.ok);
	release(&f);
}

static void test_clones(void)
{
	struct fixture f;

	expand(&f, "BEGIN, u:" A ":beta, ur:" A ":beta /1/ { @ = 1; }");
	CHECK_INT(f.c.program.units.len, 3);
	CHECK_INT(f.c.ast.probes.data[0]->units.len, 3);
	for (size_t i = 1; i < f.c.program.units.len; i++) {
		const struct unit *u = f.c.program.units.data[i];
		CHECK(u->body != f.c.program.units.data[i - 1]->body);
		CHECK(u->predicate && u->predicate != f.c.program.units.data[i - 1]->predicate);
		CHECK_INT(u->body->stmts.len, 1);
	}
	release(&f);
}

// ---- refusals ------------------------------------------------------------------------------

static void test_types(void)
{
	check_diag("uprob:x:y { }",
		   "[unknown-probe-type] Invalid probe type: uprob / did you mean 'uprobe'?");
	check_diag("zzz:x { }", "[unknown-probe-type] Invalid probe type: zzz");
	check_names("watchpoint:0x1000:8:wr, w:1:1:x { }",
		    "watchpoint:4096:8:rw\nwatchpoint:1:1:x\n");
	check_names("test:a, bench:a, test:b { }", "test:a\nbench:a\ntest:b\n");
	check_diag("uprobe:" A " { }",
		   "[attach-point-parts] uprobe probe type requires 2 or 3 arguments, found 1 / "
		   "with -p PID the file may be left out");
}

#define NO_POINTS                                                                                  \
	"Probe has no valid attach points. If this is expected, set the 'missing_probes' config "  \
	"variable to 'warn'."

static void test_missing(void)
{
	check_diag("u:" A ":alpha_on { }",
		   "[no-match] No matches for uprobe " A ":alpha_on. / did you mean 'alpha_one'?");
	check_diag("u:" A ":zz* { }", "[no-match] " NO_POINTS);
	check_diag("u:" A ":cpp:zz { }", "[no-match] " NO_POINTS);
	check_diag("u:" A ":zzzzzzzzzz, ur:" A ":beta { }",
		   "[no-match] No matches for uprobe " A
		   ":zzzzzzzzzz. / if this is expected, set the "
		   "config variable missing_probes to warn");
	check_diag("u:" DIR "/none:f { }", "[no-such-file] uprobe target file '" DIR
					   "/none' does not exist or is not executable");
	check_diag("u:" DIR "/none*:f { }", "[no-such-file] uprobe target file '" DIR
					    "/none*' does not exist or is not executable");
	check_diag("u:" DIR "/text:f { }", "[bad-elf] cannot read " DIR "/text: not an ELF file");
	check_diag("u:" DIR "/broken:f { }",
		   "[bad-elf] cannot read " DIR
		   "/broken: the section header table is beyond the end of the file");
}

static void test_missing_probes(void)
{
	struct fixture f;

	expand(&f, "config = { missing_probes = \"warn\" } u:" A ":zz* { } BEGIN { }");
	CHECK(f.ok);
	CHECK_INT(f.c.diag.entries.len, 1);
	CHECK_INT(f.c.program.units.data[0]->target_count, 0);
	release(&f);
	expand(&f, "config = { missing_probes = \"ignore\" } u:" A ":zz* { } BEGIN { }");
	CHECK(f.ok);
	CHECK_INT(f.c.diag.entries.len, 0);
	release(&f);
	// A name that is not there, beside one that is; a glob without matches is silent there.
	expand(&f, "config = { missing_probes = \"warn\" } u:" A ":zzzzzzzzzz,u:" A ":beta { }");
	CHECK(f.ok);
	CHECK_INT(f.c.diag.entries.len, 1);
	CHECK_STR(f.c.diag.entries.data[0].text,
		  "No matches for uprobe " A ":zzzzzzzzzz. Skipping.");
	release(&f);
	expand(&f, "u:" A ":zz*,u:" A ":beta { }");
	CHECK(f.ok);
	CHECK_INT(f.c.diag.entries.len, 0);
	release(&f);
}

static void test_places(void)
{
	check_diag("u:" A ":beta+16 { }",
		   "[bad-offset] Offset outside the function bounds ('beta' size is 16)");
	check_diag(
	    "ur:" A ":beta+4 { }",
	    "[bad-offset] Offset not allowed / uretprobe probes start at a function's entry");
	check_diag("u:" A ":beta+x { }", "[bad-offset] Invalid offset: x");
	check_diag("u:" A ":outside { }",
		   "[not-attachable] 'outside' in " A " is not inside an executable segment");
	check_diag("u:" A ":0x10 { }",
		   "[not-attachable] Could not resolve address: " A
		   ":0x10 / not inside an executable segment");
	check_diag("ur:" A ":0x401044 { }",
		   "[not-attachable] address 0x401044 of " A " is inside 'beta', not at its entry");
	check_diag("u:" A ":rust:beta { }", "[bad-language] unsupported language type: rust");
}

static void test_instruction_boundaries(void)
{
	struct compile_options o = {.root = "/", .unsafe = true};
	struct fixture f;

	check_names("u:" DIR "-calls:alpha_b+1 { }", "uprobe:" DIR "-calls:alpha_b+1\n");
	check_names("u:" DIR "-calls:alpha_b+6 { }", "uprobe:" DIR "-calls:alpha_b+6\n");
	check_diag("u:" DIR "-calls:alpha_b+3 { }",
		   "[not-attachable] Could not add uprobe into middle of instruction: " DIR
		   "-calls:alpha_b+3 / --unsafe attaches there nevertheless, and may corrupt the "
		   "traced program");
	check_diag("u:" DIR "-calls:0x401013 { }",
		   "[not-attachable] Could not add uprobe into middle of instruction: " DIR
		   "-calls:alpha_b+3 / --unsafe attaches there nevertheless, and may corrupt the "
		   "traced program");
	expand_with(&f, "u:" DIR "-calls:alpha_b+3 { }", o);
	CHECK(f.ok);
	release(&f);
}

static void test_check_only(void)
{
	struct fixture f;

	expand_with(&f, "u:/no/such/file:f*, session:/no/such:g { }",
		    (struct compile_options){.root = "/", .check_only = true});
	CHECK(f.ok);
	CHECK_STR(names(&f), "uprobe:/no/such/file:f*\nsession:/no/such:g\n");
	release(&f);
}

static void test_pid(void)
{
	struct compile_options o = {.root = "/", .pid = getpid()};
	struct fixture f;

	expand_with(&f, "u:main { }", o);
	CHECK(f.ok);
	CHECK_INT(f.c.program.targets.len, 1);
	release(&f);
	o.pid = 0x3ffffe;
	expand_with(&f, "u:main { }", o);
	CHECK(!f.ok);
	if (CHECK(f.c.diag.entries.len))
		CHECK_STR(f.c.diag.entries.data[0].tag, "no-such-process");
	release(&f);
}

TEST_MAIN(test_make_files, test_special, test_timers, test_timer_units, test_user_names,
	  test_user_globs, test_set_asides, test_target_fields, test_positional, test_clones,
	  test_types, test_missing, test_missing_probes, test_places, test_instruction_boundaries,
	  test_check_only, test_pid)
