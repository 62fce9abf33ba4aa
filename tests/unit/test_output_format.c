// printf's conversions. Every expected text is what bpftrace 0.27.1 printed for the same format
// and values, as `BEGIN { printf("FORMAT\n", VALUES); exit(); }`; I8(-1) stands for (int8)-1.
#include "output_fixture.h"

#define FMT(want, format, ...) CHECK_STR(print_format(format, VALS(__VA_ARGS__)), want)

static void test_signed(void)
{
	FMT("[-1     2 3    | 00004 +5]", "[%d %5d %-5d| %05d %+d]", I64(-1), I64(2), I64(3),
	    I64(4), I64(5));
	FMT("[6][6][5][       5]", "[% d][%#d][%.3d][%8.3d]", I8(6), I8(6), I8(5), I8(5));
	FMT("[50000000]", "[%-08d]", I8(5));
	FMT("[000-4][000+4][-4   ]", "[%05d][%+05d][%-5d]", I8(-4), I8(4), I8(-4));
	FMT("[+5   ]", "[%-+5d]", I8(5));
	FMT("[+5]", "[%+d]", U64(5));
	FMT("   42|42   |00042|  +42|+42  ", "%5d|%-5d|%05d|%+5d|%-+5d", I8(42), I8(42), I8(42),
	    I8(42), I8(42));
	FMT("-5 -7", "%i %li", I8(-5), I64(-7));
	FMT("-1 -1", "%d %i", U64(-1), U64(-1));
	FMT("-1 -1", "%ld %li", U64(-1), U64(-1));
	FMT("705032704", "%d", I64(5000000000));
	FMT("5000000000", "%ld", I64(5000000000));
	FMT("[5]", "[%*d]", I8(5));
}

static void test_signed_widths(void)
{
	FMT("[-2][4294967294][fffffffe][-2][18446744073709551614][fffffffffffffffe][-2][-2]",
	    "[%d][%u][%x][%ld][%lu][%lx][%hd][%hhd]", I16(-2), I16(-2), I16(-2), I16(-2), I16(-2),
	    I16(-2), I16(-2), I16(-2));
	FMT("[65534][65534][fffe][65534][65534][fffe][-2][-2]",
	    "[%d][%u][%x][%ld][%lu][%lx][%hd][%hhd]", U16(65534), U16(65534), U16(65534),
	    U16(65534), U16(65534), U16(65534), U16(65534), U16(65534));
	FMT("[-2][4294967294][fffffffe][4294967294][4294967294][fffffffe][-2][-2]",
	    "[%d][%u][%x][%ld][%lu][%lx][%hd][%hhd]", U32(-2), U32(-2), U32(-2), U32(-2), U32(-2),
	    U32(-2), U32(-2), U32(-2));
	FMT("255 65535 -1 -32768", "%d %d %d %d", U8(255), U16(65535), U32(4294967295),
	    I16(-32768));
	FMT("255 4294967295 ffffffff", "%d %u %x", U8(255), I8(-1), I8(-1));
	FMT("-1 4294967295 ffffffff ffffffffffffffff", "%d %u %x %lx", I32(-1), I32(-1), I32(-1),
	    I32(-1));
	FMT("44 4464 5 -6 7 8 9 ffffffffffffffff", "%hhd %hd %ld %lld %jd %zd %td %llx", I16(300),
	    I32(70000), I8(5), I8(-6), I8(7), I8(8), I8(9), I8(-1));
	FMT("-1 -1 -1 -1 -1 -1 -1", "%hd %hhd %ld %lld %jd %zd %td", I32(65535), I16(255), I8(-1),
	    I8(-1), I8(-1), I8(-1), I8(-1));
	FMT("4294967295 -1", "%ld %ld", U32(4294967295), U64(-1));
	FMT("-7 -7 -7", "%i %li %hi", I8(-7), I8(-7), I8(-7));
	FMT("4294967295 4294967295 18446744073709551615", "%u %u %lu", I32(-1), I64(-1), I8(-1));
}

static void test_unsigned(void)
{
	FMT("ff FF 0xff 10 010 4294967295", "%x %X %#x %o %#o %u", I16(255), I16(255), I16(255),
	    I8(8), I8(8), I8(-1));
	FMT("[6]", "[%+u]", I8(6));
	FMT("[5]", "[%+x]", I8(5));
	FMT("[0XFF][0][0]", "[%#X][%#o][%#x]", I16(255), I8(0), I8(0));
	FMT("[000xff]", "[%#06x]", I16(255));
	FMT("[4294967295][37777777777][ffffffff][FFFFFFFF]", "[%u][%o][%x][%X]", U64(-1), U64(-1),
	    U64(-1), U64(-1));
	FMT("[18446744073709551615][1777777777777777777777][ffffffffffffffff][FFFFFFFFFFFFFFFF]",
	    "[%lu][%lo][%lx][%lX]", U64(-1), U64(-1), U64(-1), U64(-1));
	FMT("[705032704][5201371000][2a05f200][2A05F200]", "[%u][%o][%x][%X]", I64(5000000000),
	    I64(5000000000), I64(5000000000), I64(5000000000));
	FMT("[ffffffff][ffffffffffffffff][ffffffffffffffff]", "[%x][%lx][%llx]", I8(-1), I8(-1),
	    I64(-1));
	FMT("37777777777", "%o", I8(-1));
	FMT("                  ff|ff                  |000000000000000000FF", "%20x|%-20x|%020X",
	    I16(255), I16(255), I16(255));
	FMT("   2a|2a   |0002a| 0x2a|0x2a |00x2a", "%5x|%-5x|%05x|%#5x|%-#5x|%#05x", I8(42), I8(42),
	    I8(42), I8(42), I8(42), I8(42));
	FMT("   52|52   |00052|052", "%5o|%-5o|%05o|%#o", I8(42), I8(42), I8(42), I8(42));
	FMT("ffff ff ffffffffffffffff ffffffffffffffff ffffffffffffffff ffffffffffffffff "
	    "ffffffffffffffff",
	    "%hx %hhx %lx %llx %jx %zx %tx", I8(-1), I8(-1), I8(-1), I8(-1), I8(-1), I8(-1),
	    I8(-1));
	FMT("65535 255 18446744073709551615 18446744073709551615", "%hu %hhu %lu %llu", I8(-1),
	    I8(-1), I8(-1), I8(-1));
	FMT("177777 377 FFFFFFFF FFFFFFFFFFFFFFFF", "%ho %hho %X %lX", I8(-1), I8(-1), I8(-1),
	    I8(-1));
}

static void test_char_pointer(void)
{
	FMT("AB", "%c%c", I8(65), I8(66));
	FMT("    A|B    |", "%5c|%-5c|", I8(65), I8(66));
	FMT("[A][B]", "[%lc][%hhc]", I8(65), I8(66));
	FMT("[A]", "[%c]", U64(65));
	FMT("0 0x1000", "%p %p", I8(0), I16(4096));
	FMT("       0x1|", "%10p|", I8(1));
	FMT("  0x1|0x1     |00000000000000000xff", "%5p|%-8p|%020p", I8(1), I8(1), I16(255));
	FMT("0xffffffffffffffff 0xffffffffffffffff", "%p %p", I8(-1), U64(-1));
	FMT("              0x1000|0x1000              |", "%20p|%-20p|", I16(4096), I16(4096));
	FMT("0xff 255 ff 0xff", "%s %d %x %p", PTR(255), PTR(255), PTR(255), PTR(255));
}

static void test_string(void)
{
	FMT("abc    de|fg   |hello|", "%s %5s|%-5s|%.2s|", STR("abc"), STR("de"), STR("fg"),
	    STR("hello"));
	FMT("[000ab][c]", "[%05s][%+s]", STR("ab"), STR("c"));
	FMT("1 -1", "%s %s", I8(1), I8(-1));
	FMT("[00007][ true]", "[%05s][%5s]", I8(7), BOOL(1));
	FMT("[+5][6]", "[%+s][%#s]", I8(5), I8(6));
	FMT("1 false", "%d %s", BOOL(1), BOOL(0));
	FMT("[1][1][1][1][1][1][true]", "[%d][%u][%x][%ld][%lu][%lx][%s]", BOOL(1), BOOL(1),
	    BOOL(1), BOOL(1), BOOL(1), BOOL(1), BOOL(1));
	FMT("true -1 255", "%s %s %s", BOOL(1), I8(-1), U8(255));
	FMT("50% x%", "%d%% %s%%", I8(50), STR("x"));
	FMT("abc", "%s%s%s", STR("a"), STR("b"), STR("c"));
}

static void test_composites(void)
{
	static const char *xy[] = {"x", "y"};
	struct val rec = val_members(xy, VALS(I8(1), STR("ab")));
	struct val ints = val_members(xy, VALS(I8(1), I8(2)));

	FMT("(1, 2)", "%s", TUP(I8(1), I8(2)));
	FMT("[(     1, 2)|]", "[%-6s|]", TUP(I8(1), I8(2)));
	FMT("[         (1, ab)][(         1, ab)][        { .x = 1, .y = 2 }]",
	    "[%10s][%-10s][%10s]", TUP(I8(1), STR("ab")), TUP(I8(1), STR("ab")), ints);
	FMT("{ .x = 1, .y = ab }", "%s", rec);
	FMT("[1,2,3,4]", "%s", ARR(U8(1), U8(2), U8(3), U8(4)));
}

static void test_buffers(void)
{
	FMT("[              a\\x01b][abc                 ][abc][\\x00\\xff\"\\\\x0a]",
	    "[%20s][%-20s][%.1s][%s]", BUF("a\001b", 3), BUF("abc", 3), BUF("abc", 3),
	    BUF("\0\xff\"\\\n", 5));
	FMT("[a\\x01b][              a\\x01b]", "[%r][%20r]", BUF("a\001b", 3), BUF("a\001b", 3));
	FMT("[\\x61\\x01\\x62][61 01 62]", "[%rx][%rh]", BUF("a\001b", 3), BUF("a\001b", 3));
	FMT("[            61 01 62][\\x61\\x01\\x62        ]", "[%20rh][%-20rx]", BUF("a\001b", 3),
	    BUF("a\001b", 3));
}

static void test_gfp(void)
{
	FMT("GFP_DMA|GFP_DMA32", "%gr", I8(5));
	FMT("0|GFP_KERNEL|GFP_ATOMIC|", "%gr|%gr|%gr|", I8(0), I16(0xcc0), I16(0x820));
	FMT("             GFP_DMA|GFP_DMA             |", "%20gr|%-20gr|", I8(1), I8(1));
	FMT("GFP_KERNEL_ACCOUNT", "%gr", I32(0x400cc0));
	FMT("GFP_KERNEL|__GFP_ZERO|__GFP_NOWARN", "%gr", I16(0x2dc0));
	FMT("GFP_HIGHUSER|0x8", "%gr", U64(0x100cca));
	FMT("GFP_DMA32|__GFP_NOWARN|0x208", "%gr", U64(0x220c));
	FMT("__GFP_HIGHMEM|__GFP_HIGH", "%gr", U64(0x22));
	FMT("GFP_TRANSHUGE|GFP_ATOMIC|GFP_DMA|GFP_DMA32|__GFP_ZERO|__GFP_WRITE|__GFP_RETRY_MAYFAIL|"
	    "__GFP_NOFAIL|__GFP_NORETRY|__GFP_MEMALLOC|__GFP_THISNODE|__GFP_ACCOUNT|__GFP_ZEROTAGS|"
	    "__GFP_SKIP_ZERO|__GFP_NO_OBJ_EXT|0xfffffffff8000210",
	    "%gr", I64(-1));
}

static void test_literal_text(void)
{
	CHECK_STR(print_format("%%\n", 0, NULL), "%\n");
	CHECK_STR(print_format("no args\n", 0, NULL), "no args\n");
	CHECK_STR(print_format("", 0, NULL), "");
}

// The argument's own text, known at compile time, is not in the record.
static void test_const_arg(void)
{
	struct fixture f;
	struct event_arg arg = {
	    .type = type_string(&test_arena, 3), .is_const = true, .data = "hi"};
	struct event_def *e;

	fixture_init(&f);
	e = fixture_event(&f, EVENT_PRINTF, 0, NULL);
	arena_push(&test_arena, &e->args, arg);
	fixture_format(e, "[%s]");
	fixture_open(&f, OUTPUT_TEXT);
	f.out->printer.escape = true;
	output_record(f.out, f.record, f.size);
	CHECK_STR(fixture_text(&f), "[hi]");
	fixture_release(&f);
}

// A string that fills what str() may read gets the trailer, inside the width:
// config={max_strlen=4} printf("[%10s][%-10s][%.2s]\n", str("abcdef" in memory))
static void test_cut_string(void)
{
	static char result[256];
	struct fixture f;
	struct val v = STRN("abcd", 5);

	fixture_init(&f);
	f.program.config.max_strlen = 4;
	fixture_format(fixture_event(&f, EVENT_PRINTF, 3, (struct val[]){v, v, v}),
		       "[%10s][%-10s][%.2s]");
	fixture_open(&f, OUTPUT_TEXT);
	output_record(f.out, f.record, f.size);
	snprintf(result, sizeof(result), "%s", fixture_text(&f));
	CHECK_STR(result, "[    abcd..][abcd..    ][abcd..]");
	fixture_release(&f);
	// A member of a struct without a NUL.
	FMT("abcd..", "%s", STRN("abcd", 4));
}

TEST_MAIN(test_signed, test_signed_widths, test_unsigned, test_char_pointer, test_string,
	  test_composites, test_buffers, test_gfp, test_literal_text, test_const_arg,
	  test_cut_string)
