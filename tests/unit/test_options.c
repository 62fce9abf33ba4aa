// Command lines in, struct options out; every refusal has status 1. Messages go to stderr and
// are tested end to end (tests/native/options.t).
#include "options.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/features.h"
#include "test.h"

#define PARSE(o, ...)                                                                              \
	({                                                                                         \
		char *argv_[] = {"mtrace", __VA_ARGS__, NULL};                                     \
		options_parse(o, (int)ARRAY_SIZE(argv_) - 1, argv_);                               \
	})

static int silenced_stderr(void)
{
	int saved = dup(2), null = open("/dev/null", O_WRONLY);

	dup2(null, 2);
	close(null);
	return saved;
}

static int parse_quietly(int argc, char **argv)
{
	struct options o;
	int saved = silenced_stderr();
	int status = options_parse(&o, argc, argv);

	dup2(saved, 2);
	close(saved);
	options_release(&o);
	return status;
}

#define REFUSED(...)                                                                               \
	do {                                                                                       \
		char *argv_[] = {"mtrace", __VA_ARGS__, NULL};                                     \
		CHECK_INT(parse_quietly((int)ARRAY_SIZE(argv_) - 1, argv_), STATUS_USAGE);         \
	} while (0)

static void test_script(void)
{
	struct options o;

	CHECK_INT(PARSE(&o, "-e", "BEGIN {}", "5", "foo"), -1);
	CHECK_STR(o.script, "BEGIN {}");
	CHECK_STR(o.file, NULL);
	CHECK_INT(o.param_count, 2);
	CHECK_STR(o.params[1], "foo");
	CHECK_INT(o.ready_fd, -1);
	options_release(&o);

	CHECK_INT(PARSE(&o, "5", "-eX"), -1);
	CHECK_STR(o.script, "X");
	CHECK_INT(o.param_count, 1);
	options_release(&o);

	CHECK_INT(PARSE(&o, "-", "1"), -1);
	CHECK_STR(o.file, "-");
	CHECK_INT(o.param_count, 1);
	options_release(&o);
}

// As bpftrace: `x.bt 8 -- 9 --name=v` has parameters 8 and 9.
static void test_parameters(void)
{
	struct options o;

	CHECK_INT(PARSE(&o, "x.mt", "8", "-v", "--", "9", "--name=v", "--flag", "-"), -1);
	CHECK_STR(o.file, "x.mt");
	CHECK(o.verbose);
	CHECK_INT(o.param_count, 3);
	CHECK_STR(o.params[0], "8");
	CHECK_STR(o.params[1], "9");
	CHECK_STR(o.params[2], "-");
	CHECK_INT(o.named_count, 2);
	CHECK_STR(o.named[0], "name=v");
	CHECK_STR(o.named[1], "flag");
	options_release(&o);
}

static void test_values(void)
{
	struct options o;

	CHECK_INT(PARSE(&o, "-qfjson", "-Bline", "-p12", "-o", "out", "--for=2m", "--max-events",
			"7", "--strict", "--unsafe", "-I", "a", "-Ib", "--no-feature",
			"uprobe_session,uprobe_multi", "-e", ""),
		  -1);
	CHECK(o.quiet && o.strict && o.unsafe);
	CHECK_INT(o.format, FORMAT_JSON);
	CHECK_INT(o.buffering, BUFFERING_LINE);
	CHECK_INT(o.pid, 12);
	CHECK_STR(o.output_path, "out");
	CHECK_INT(o.for_ns, 120 * 1000000000ll);
	CHECK_INT(o.max_events, 7);
	CHECK_INT(o.include_dir_count, 2);
	CHECK_STR(o.include_dirs[1], "b");
	CHECK_INT(o.disabled_features, 1 << FEATURE_UPROBE_SESSION | 1 << FEATURE_UPROBE_MULTI);
	options_release(&o);

	CHECK_INT(PARSE(&o, "--ready-fd", "1", "--pid=0x10", "x"), -1);
	CHECK_INT(o.ready_fd, 1);
	CHECK_INT(o.pid, 16);
	options_release(&o);
}

static void test_modes(void)
{
	struct options o;

	CHECK_INT(PARSE(&o, "-lv", "uprobe:*"), -1);
	CHECK_INT(o.mode, MODE_LIST);
	CHECK(o.verbose);
	CHECK_STR(o.list_pattern, "uprobe:*");
	options_release(&o);

	CHECK_INT(PARSE(&o, "-l"), -1);
	CHECK_STR(o.list_pattern, NULL);
	options_release(&o);

	CHECK_INT(PARSE(&o, "-d", "types", "x"), -1);
	CHECK_INT(o.mode, MODE_DUMP);
	CHECK_INT(o.dump, DUMP_TYPED);
	options_release(&o);

	CHECK_INT(PARSE(&o, "-d", "verifier", "x"), -1);
	CHECK_INT(o.mode, MODE_DRY_RUN);
	CHECK(o.verifier_log && !o.libbpf_log && !o.timing);
	options_release(&o);

	CHECK_INT(PARSE(&o, "--check", "x"), -1);
	CHECK_INT(o.mode, MODE_CHECK);
	options_release(&o);
}

static void test_refusals(void)
{
	REFUSED("--bogus");
	REFUSED("--pd", "1", "-e", "");
	REFUSED("-Z", "-e", "");
	REFUSED("-e");
	REFUSED("-v"); // no script
	REFUSED("-p", "foo", "-e", "");
	REFUSED("-p", "0", "-e", "");
	REFUSED("-p", "-1", "-e", "");
	REFUSED("-p", "99999999999999999999", "-e", "");
	REFUSED("-p", "1", "-c", "ls", "-e", "");
	REFUSED("-p", "1", "-p", "2", "-e", "");
	REFUSED("-e", "a", "-e", "b");
	REFUSED("-q", "-v", "-e", "");
	REFUSED("-f", "xml", "-e", "");
	REFUSED("-B", "page", "-e", "");
	REFUSED("-d", "foo", "-e", "");
	REFUSED("--for", "abc", "-e", "");
	REFUSED("--for", "0", "-e", "");
	REFUSED("--max-events", "0", "-e", "");
	REFUSED("--no-feature", "foo", "-e", "");
	REFUSED("--ready-fd", "999", "-e", "");
	REFUSED("--check=yes", "-e", "");
	REFUSED("--check", "-l");
	REFUSED("-d", "ast", "--explain", "-e", "");
	REFUSED("--test", "--bench", "-e", "");
	REFUSED("--mode", "compiler-bench", "-e", "");
}

static void test_pids(void)
{
	struct options o;

	CHECK_INT(PARSE(&o, "-e", "x", "--dwarf-pid", "7", "--dwarf-pid=8"), -1);
	CHECK_INT(o.dwarf_pid_count, 2);
	CHECK_INT(o.dwarf_pids[0], 7);
	CHECK_INT(o.dwarf_pids[1], 8);
	CHECK_INT(o.pid, 0);
	options_release(&o);
	REFUSED("--dwarf-pid", "x", "-e", "");
	REFUSED("--dwarf-pid", "0", "-e", "");
	REFUSED("--dwarf-pid", "99999999", "-e", "");
}

static void test_later(void)
{
	REFUSED("--aot", "x", "-e", "");
}

static void check_duration(const char *text, int64_t want)
{
	uint64_t ns = 0;

	if (!CHECK(duration_parse(text, &ns)))
		printf("  text: %s\n", text);
	CHECK_INT(ns, want);
}

static void test_duration(void)
{
	static const char *const wrong[] = {"",
					    "s",
					    "-1",
					    "1x",
					    "1.",
					    ".5",
					    "1 s",
					    "1e3",
					    "1.5.5s",
					    "99999999999999999999",
					    "999999999999h"};
	uint64_t ns;

	check_duration("10", 10000000000);
	check_duration("10s", 10000000000);
	check_duration("500ms", 500000000);
	check_duration("2m", 120000000000);
	check_duration("1h", 3600000000000);
	check_duration("1.5s", 1500000000);
	check_duration("0.25ms", 250000);
	check_duration("7us", 7000);
	check_duration("7ns", 7);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		CHECK(!duration_parse(wrong[i], &ns));
}

// The table itself: no name or letter twice, no empty help.
static void test_table(void)
{
	size_t n;
	const struct option_info *t = options_table(&n);

	CHECK(n > 20);
	for (size_t i = 0; i < n; i++) {
		CHECK(t[i].name || t[i].letter);
		CHECK(t[i].help && t[i].help[0]);
		for (size_t j = 0; j < i; j++) {
			CHECK(!t[i].letter || t[i].letter != t[j].letter);
			CHECK(!t[i].name || !t[j].name || strcmp(t[i].name, t[j].name));
		}
	}
}

static char *read_text(const char *name)
{
	char path[512];
	FILE *f;
	char *text = NULL;
	size_t size = 0;

	snprintf(path, sizeof(path), "%s/%s", TEST_SOURCE_DIR, name);
	f = fopen(path, "r");
	if (!f)
		return NULL;
	if (getdelim(&text, &size, 0, f) < 0) {
		free(text);
		text = NULL;
	}
	fclose(f);
	return text;
}

// Is `--name` (the man page writes \-\-no\-feature) in the text, not as the head of a longer one?
static bool mentions(const char *text, const char *word, bool escaped)
{
	char wanted[80];
	size_t n = 0;
	const char *p;

	for (; *word && n < sizeof(wanted) - 3; word++) {
		if (escaped && *word == '-')
			wanted[n++] = '\\';
		wanted[n++] = *word;
	}
	wanted[n] = 0;
	for (p = strstr(text, wanted); p; p = strstr(p + 1, wanted)) {
		char next = p[n];

		if (!(next >= 'a' && next <= 'z') && next != '-' &&
		    !(escaped && next == '\\' && p[n + 1] == '-'))
			return true;
	}
	return false;
}

static void check_mentions(const char *file, bool escaped)
{
	_cleanup_free_ char *text = read_text(file);
	size_t n;
	const struct option_info *t = options_table(&n);

	if (!CHECK(text))
		return;
	for (size_t i = 0; i < n; i++) {
		char word[48];

		if (t[i].name)
			snprintf(word, sizeof(word), "--%s", t[i].name);
		else
			snprintf(word, sizeof(word), "-%c", t[i].letter);
		if (!CHECK(mentions(text, word, escaped)))
			printf("  %s does not mention %s\n", file, word);
	}
}

static void test_documented(void)
{
	check_mentions("man/mtrace.1", true);
	check_mentions("completions/mtrace.bash", false);
	check_mentions("completions/_mtrace", false);
}

TEST_MAIN(test_script, test_parameters, test_values, test_modes, test_refusals, test_pids, test_later,
	  test_duration, test_table, test_documented)
