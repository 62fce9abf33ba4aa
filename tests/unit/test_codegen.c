// Codegen: every script of tests/codegen compiles, for each way of attaching; as root the
// kernel's verifier accepts what comes out. Fragments of the code show that hot paths stay
// short. Whole modules are not compared: LLVM versions differ.
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "attach/tracer.h"
#include "base/cleanup.h"
#include "codegen/codegen.h"
#include "compile.h"
#include "test.h"

struct built {
	struct compile_options options;
	struct features features;
	struct compiler c;
	struct object object;
	struct buf text;
	bool ok;
};

static void built_release(struct built *b)
{
	object_release(&b->object);
	buf_release(&b->text);
	compiler_release(&b->c);
}

#define ALL_FEATURES ((1u << FEATURE_COUNT) - 1)

static void build(struct built *b, const char *name, const char *script, enum codegen_dump dump,
		  uint32_t without)
{
	_cleanup_(buf_release) struct buf text = {0};

	memset(b, 0, sizeof(*b));
	b->options.check_only = true;
	b->options.unsafe = true;
	b->options.root = "/";
	b->features.fake = true;
	b->features.assumed = ALL_FEATURES & ~without;
	b->c.options = &b->options;
	b->c.features = &b->features;
	buf_puts(&text, script);
	b->ok = compile_front(&b->c, name, &text, COMPILE_OBJECT) &&
		codegen(&b->c, dump, &b->text, &b->object) == 0;
	diag_flush(&b->c.diag, stdout, false);
}

// ---- the corpus ----------------------------------------------------------------------------

static char *slurp(const char *path)
{
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	_cleanup_(buf_release) struct buf text = {0};
	char part[4096];
	size_t n;

	while (f && (n = fread(part, 1, sizeof(part), f)) > 0)
		buf_append(&text, part, n);
	buf_append(&text, "", 0);
	return buf_take(&text);
}

static void load(struct built *b, const char *name)
{
	struct tracer_options options = {.verbose = getenv("MTRACE_TEST_VERBOSE") != NULL,
					 .diag = &b->c.diag};
	struct tracer *t;
	bool struck = false;

	t = tracer_load(&b->c.program, &b->object, &options, &b->features, &struck);
	diag_flush(&b->c.diag, stdout, false);
	if (!CHECK(t != NULL))
		printf("the kernel refuses %s\n", name);
	tracer_free(t);
}

static void corpus_file(const char *name, uint32_t without, bool kernel)
{
	_cleanup_(built_release) struct built b = {0};
	char path[512];
	char *script;

	if (getenv("MTRACE_TEST_ONLY") && !strstr(name, getenv("MTRACE_TEST_ONLY")))
		return;
	snprintf(path, sizeof(path), TEST_SOURCE_DIR "/tests/codegen/%s", name);
	script = slurp(path);
	build(&b, name, script, CODEGEN_DUMP_NONE, without);
	free(script);
	if (!CHECK(b.ok && b.object.size > 0))
		printf("%s does not compile\n", name);
	else if (kernel)
		load(&b, name);
}

static void corpus(uint32_t without, bool kernel)
{
	DIR *dir = opendir(TEST_SOURCE_DIR "/tests/codegen");
	struct dirent *e;
	int files = 0;

	if (!CHECK(dir != NULL))
		return;
	while ((e = readdir(dir))) {
		size_t len = strlen(e->d_name);

		if (len < 4 || strcmp(e->d_name + len - 3, ".mt") != 0)
			continue;
		corpus_file(e->d_name, without, kernel);
		files++;
	}
	closedir(dir);
	CHECK(files >= 10);
}

static void test_corpus_compiles(void)
{
	corpus(0, false);
}

static void test_corpus_compiles_pairs(void)
{
	corpus(1u << FEATURE_UPROBE_SESSION, false);
}

static void need_root(uint32_t without)
{
	if (geteuid())
		SKIP("needs root");
	corpus(without, true);
}

static void test_corpus_loads(void)
{
	need_root(0);
}

static void test_corpus_loads_pairs(void)
{
	need_root(1u << FEATURE_UPROBE_SESSION);
}

static void test_corpus_loads_perf(void)
{
	need_root(1u << FEATURE_UPROBE_SESSION | 1u << FEATURE_UPROBE_MULTI);
}

// ---- hot paths ------------------------------------------------------------------------------

static int occurrences(const char *text, const char *what)
{
	int n = 0;

	for (text = strstr(text, what); text; text = strstr(text + 1, what))
		n++;
	return n;
}

static void fragments(struct built *b, const char *script)
{
	build(b, "fragment", script, CODEGEN_DUMP_IR_OPT, 0);
	CHECK(b->ok);
}

// Helper n is called through a constant.
static int helper_calls(const struct built *b)
{
	return occurrences(buf_str(&b->text), "call i64 inttoptr");
}

static void test_scalar_is_one_atomic_add(void)
{
	_cleanup_(built_release) struct built b = {0};

	fragments(&b, "BEGIN { @++; }");
	CHECK_INT(occurrences(buf_str(&b.text), "atomicrmw add"), 1);
	CHECK_INT(helper_calls(&b), 0);
}

static void test_count_is_one_lookup(void)
{
	_cleanup_(built_release) struct built b = {0};

	fragments(&b, "BEGIN { @ = count(); }");
	CHECK_INT(occurrences(buf_str(&b.text), "atomicrmw add"), 1);
	CHECK_INT(helper_calls(&b), 1);
}

static void test_no_scratch_unless_needed(void)
{
	_cleanup_(built_release) struct built b = {0};

	fragments(&b, "BEGIN { @[comm] = count(); }");
	CHECK(program_find_map(&b.c.program, MAP_SCRATCH) == NULL);
}

static void test_large_key_takes_scratch(void)
{
	_cleanup_(built_release) struct built b = {0};

	fragments(&b, "uprobe:/bin/true:main { @[str(arg0)] = count(); }");
	CHECK(program_find_map(&b.c.program, MAP_SCRATCH) != NULL);
	CHECK(b.c.program.scratch_size >= 1024);
}

static void test_pid_is_asked_once(void)
{
	_cleanup_(built_release) struct built b = {0};

	fragments(&b, "BEGIN { @a = pid; @b = tid; @c = pid + tid; }");
	CHECK_INT(helper_calls(&b), 1);
}

// ---- debug information ------------------------------------------------------------------------

static bool contains(const struct object *o, const char *text)
{
	return memmem(o->data, o->size, text, strlen(text)) != NULL;
}

static void test_object_quotes_the_script(void)
{
	_cleanup_(built_release) struct built b = {0};

	build(&b, "quoted", "BEGIN {\n\t@quoted_line = 1;\n}\n", CODEGEN_DUMP_NONE, 0);
	CHECK(b.ok);
	CHECK(contains(&b.object, "@quoted_line = 1;"));
	CHECK(contains(&b.object, "mtrace/"));
}

TEST_MAIN(test_corpus_compiles, test_corpus_compiles_pairs, test_corpus_loads,
	  test_corpus_loads_pairs, test_corpus_loads_perf, test_scalar_is_one_atomic_add,
	  test_count_is_one_lookup, test_no_scratch_unless_needed, test_large_key_takes_scratch,
	  test_pid_is_asked_once, test_object_quotes_the_script)
