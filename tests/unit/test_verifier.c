// test_verifier: what is read out of the kernel verifier's log.
#include "attach/verifier.h"
#include "base/arena.h"
#include "base/source.h"
#include "test.h"

static const char log_new[] =
    "func#0 @0\n"
    "0: R1=ctx() R10=fp0\n"
    "; BEGIN { @x = 1; } @ stdin:1\n"
    "0: (b7) r2 = 1\n"
    "; \t@y = arg0; @ stdin:3\n"
    "1: (79) r1 = *(u64 *)(r1 +800)\n"
    "invalid bpf_context access off=800 size=8\n"
    "processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 "
    "peak_states 0 mark_read 0\n";
static const char script[] = "BEGIN { @x = 1; }\nuprobe:/x:y {\n\t@y = arg0;\n}\n";

static void test_reasons(void)
{
	struct verifier_report r;

	verifier_read(log_new, &r);
	CHECK_STR(r.message, "invalid bpf_context access off=800 size=8");
	CHECK_STR(r.line, "@y = arg0;");
	CHECK_STR(r.file, "stdin");
	CHECK_INT(r.line_no, 3);
	verifier_read("; a @ b\n0: (95) exit\nR0 !read_ok\n", &r); // before 6.10: no place
	CHECK_STR(r.message, "R0 !read_ok");
	CHECK_STR(r.line, "a @ b");
	CHECK_INT(r.line_no, 0);
	verifier_read("3: R1_w=0\nR1=ctx() R10=fp0\nR0_rw=1\nR1 type=scalar expected=ptr_\n"
		      "processed 3 insns\n",
		      &r);
	CHECK_STR(r.message, "R1 type=scalar expected=ptr_");
	verifier_read("", &r);
	CHECK_STR(r.message, "");
	CHECK_STR(r.line, "");
	verifier_read("BPF program is too large. Processed 1000001 insn", &r);
	CHECK_STR(r.message, "BPF program is too large. Processed 1000001 insn");
	CHECK(verifier_hint(r.message));
	CHECK(!verifier_hint("R0 !read_ok"));
	CHECK(verifier_hint("invalid func unknown#174")); // what older kernels say
}

static void check_span(const struct verifier_report *r, const struct sources *s, unsigned begin,
		       unsigned end)
{
	struct span at = verifier_span(r, s, (struct span){7, 8});

	CHECK_INT(at.begin, begin);
	CHECK_INT(at.end, end);
}

static void test_spans(void)
{
	struct arena a = {0};
	struct sources s = {.arena = &a};
	struct verifier_report r;

	const struct source *src = sources_add(&s, "stdin", script, sizeof(script) - 1);
	verifier_read(log_new, &r);
	check_span(&r, &s, src->base + 33, src->base + 43); // by the line's number
	r.line_no = 0;
	check_span(&r, &s, src->base + 33, src->base + 43); // by its text
	r.line_no = 99;
	check_span(&r, &s, src->base + 33, src->base + 43);
	strcpy(r.line, "not in the script");
	check_span(&r, &s, 7, 8);
	r.line[0] = '\0';
	check_span(&r, &s, 7, 8);
	arena_release(&a);
}

TEST_MAIN(test_reasons, test_spans)
