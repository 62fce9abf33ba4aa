// test_format: printf formats taken apart.
#include "sema/format.h"
#include "test.h"

static struct arena arena;

static int parse(const char *text, struct format *f, const char **bad)
{
	*f = (struct format){0};
	*bad = NULL;
	return format_parse(&arena, text, strlen(text), f, bad);
}

static void test_text_only(void)
{
	struct format f;
	const char *bad;

	CHECK_INT(parse("hello\n", &f, &bad), 0);
	CHECK_INT(f.pieces.len, 1);
	CHECK_STR(f.pieces.data[0].text, "hello\n");
	CHECK_INT(f.pieces.data[0].arg, -1);
	CHECK_INT(parse("", &f, &bad), 0);
	CHECK_INT(f.pieces.len, 0);
}

static void test_percent_signs(void)
{
	struct format f;
	const char *bad;

	CHECK_INT(parse("100%% of %d%%", &f, &bad), 1);
	CHECK_INT(f.pieces.len, 4);
	CHECK_STR(f.pieces.data[0].text, "100%");
	CHECK_STR(f.pieces.data[1].text, " of ");
	CHECK_STR(f.pieces.data[2].conv, "d");
	CHECK_STR(f.pieces.data[3].text, "%");
	// With modifiers too, which do nothing.
	CHECK_INT(parse("%5%%-.3l%|5% %", &f, &bad), 0);
	CHECK_INT(f.pieces.len, 3);
	CHECK_STR(f.pieces.data[1].text, "%");
	CHECK_STR(f.pieces.data[2].text, "|5%");
	CHECK_INT(parse("50% off, %5", &f, &bad), 1);
}

static void test_flags_width_precision(void)
{
	struct format f;
	const char *bad;

	CHECK_INT(parse("%-+ 0#12.34llx", &f, &bad), 1);
	CHECK_STR(f.pieces.data[0].flags, "-+ 0#");
	CHECK_INT(f.pieces.data[0].width, 12);
	CHECK_INT(f.pieces.data[0].precision, 34);
	CHECK_STR(f.pieces.data[0].length, "ll");
	CHECK_STR(f.pieces.data[0].conv, "x");
	CHECK_INT(parse("%.s", &f, &bad), 1);
	CHECK_INT(f.pieces.data[0].precision, 0);
	CHECK_INT(parse("%*d", &f, &bad), 1);
	CHECK_INT(f.pieces.data[0].width, -1);
}

static void test_every_conversion(void)
{
	static const char *const convs[] = {"d", "i", "u", "o",	 "x",  "X", "c",
					    "s", "p", "r", "rx", "rh", "gr"};
	static const char *const lengths[] = {"", "h", "hh", "l", "ll", "j", "z", "t"};

	for (size_t i = 0; i < sizeof(convs) / sizeof(convs[0]); i++)
		for (size_t j = 0; j < sizeof(lengths) / sizeof(lengths[0]); j++) {
			char text[16];
			struct format f;
			const char *bad;

			snprintf(text, sizeof(text), "%%%s%s.", lengths[j], convs[i]);
			CHECK_INT(parse(text, &f, &bad), 1);
			CHECK_STR(f.pieces.data[0].conv, convs[i]);
			CHECK_STR(f.pieces.data[0].length, lengths[j]);
			CHECK_STR(f.pieces.data[1].text, ".");
		}
}

static void test_arguments_are_counted(void)
{
	struct format f;
	const char *bad;

	CHECK_INT(parse("%s=%d %c", &f, &bad), 3);
	CHECK_INT(f.pieces.data[0].arg, 0);
	CHECK_INT(f.pieces.data[2].arg, 1);
	CHECK_INT(f.pieces.data[4].arg, 2);
}

static void test_what_is_no_conversion(void)
{
	struct format f;
	const char *bad;

	CHECK_INT(parse("%q %", &f, &bad), 0);
	CHECK_INT(f.pieces.len, 1);
	CHECK_STR(f.pieces.data[0].text, "%q %");
	CHECK_INT(parse("%5", &f, &bad), 0);
	CHECK_INT(parse("%l", &f, &bad), 0);
	CHECK_INT(parse("%99999999999999999999d", &f, &bad), 1);
}

static void test_floats_are_refused(void)
{
	struct format f;
	const char *bad;

	CHECK_INT(parse("%5.2f", &f, &bad), -1);
	CHECK_STR(bad, "f");
	CHECK_INT(parse("%g", &f, &bad), -1);
}

// Text may hold NUL bytes; the length counts.
static void test_nul_bytes(void)
{
	struct format f = {0};
	const char *bad = NULL;

	CHECK_INT(format_parse(&arena, "a\0%d", 4, &f, &bad), 1);
	CHECK_INT(f.pieces.data[0].text_len, 2);
	CHECK_INT(f.pieces.data[1].arg, 0);
	f = (struct format){0};
	CHECK_INT(format_parse(&arena, "%\0d", 3, &f, &bad), 0);
}

TEST_MAIN(test_text_only, test_percent_signs, test_flags_width_precision, test_every_conversion,
	  test_arguments_are_counted, test_what_is_no_conversion, test_floats_are_refused,
	  test_nul_bytes)
