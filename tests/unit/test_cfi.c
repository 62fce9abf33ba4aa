// .eh_frame and .debug_frame to rows: made by hand, of this program itself, and broken in every way
// that a byte or a length can be.
#include "sys/cfi.h"

#include <dwarf.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"

#define AT 0x1000u // of the section

struct maker {
	unsigned char bytes[1024];
	size_t len;
};

static void byte(struct maker *m, unsigned v)
{
	m->bytes[m->len++] = (unsigned char)v;
}

static void word(struct maker *m, uint32_t v)
{
	memcpy(m->bytes + m->len, &v, 4);
	m->len += 4;
}

static size_t begin(struct maker *m)
{
	word(m, 0);
	return m->len;
}

static void end(struct maker *m, size_t from)
{
	uint32_t size;

	while (m->len % 4)
		byte(m, DW_CFA_nop);
	size = (uint32_t)(m->len - from);
	memcpy(m->bytes + from - 4, &size, 4);
}

// As compilers write it: sp + 8, the return address at CFA - 8.
static size_t cie(struct maker *m, const char *letters)
{
	size_t from = begin(m);

	word(m, 0);
	byte(m, 1);
	memcpy(m->bytes + m->len, letters, strlen(letters) + 1);
	m->len += strlen(letters) + 1;
	byte(m, 1);
	byte(m, 0x78); // -8
	byte(m, 16);
	byte(m, 1);
	byte(m, DW_EH_PE_pcrel | DW_EH_PE_sdata4);
	byte(m, DW_CFA_def_cfa);
	byte(m, 7);
	byte(m, 8);
	byte(m, DW_CFA_offset | 16);
	byte(m, 1);
	end(m, from);
	return from;
}

static size_t fde(struct maker *m, size_t of, uint32_t pc, uint32_t size)
{
	size_t from = begin(m);

	word(m, (uint32_t)(from - of + 4));
	word(m, pc - (uint32_t)(AT + m->len));
	word(m, size);
	byte(m, 0);
	return from;
}

static void add(struct maker *m, const unsigned char *code, size_t n)
{
	memcpy(m->bytes + m->len, code, n);
	m->len += n;
}
#define CODE(m, ...)                                                                               \
	add(m, (const unsigned char[]){__VA_ARGS__}, sizeof((const unsigned char[]){__VA_ARGS__}))

static struct cfi_table parse(const struct maker *m)
{
	struct cfi_table t = {0};
	void *exact = malloc(m->len); // nothing behind it: what reads on is seen

	memcpy(exact, m->bytes, m->len);
	CHECK_INT(cfi_parse(&(struct cfi_section){exact, m->len, AT, false}, 1, 1000, &t), 0);
	free(exact);
	return t;
}

static void check_row(const struct cfi_table *t, size_t i, uint32_t pc, enum cfi_rule rule, int cfa,
		      int bp)
{
	if (!CHECK(i < t->count))
		return;
	CHECK_INT(t->rows[i].pc, pc);
	CHECK_INT(t->rows[i].rule, rule);
	CHECK_INT(t->rows[i].cfa, cfa);
	CHECK_INT(t->rows[i].bp, bp);
}

// push rbp; mov rsp,rbp; ...; leave; ret; more
static void test_frame_pointer(void)
{
	struct maker m = {0};
	size_t f = fde(&m, cie(&m, "zR"), 0x2000, 0x40);
	struct cfi_table t;

	CODE(&m, DW_CFA_advance_loc | 1, DW_CFA_def_cfa_offset, 16, DW_CFA_offset | 6, 2);
	CODE(&m, DW_CFA_advance_loc | 3, DW_CFA_def_cfa_register, 6);
	CODE(&m, DW_CFA_advance_loc1, 0x20, DW_CFA_remember_state, DW_CFA_def_cfa, 7, 8);
	CODE(&m, DW_CFA_restore | 6, DW_CFA_advance_loc | 1, DW_CFA_restore_state);
	end(&m, f);
	word(&m, 0);
	t = parse(&m);
	CHECK_INT(t.count, 6);
	check_row(&t, 0, 0x2000, CFI_SP, 8, CFI_BP_SAME);
	check_row(&t, 1, 0x2001, CFI_SP, 16, -16);
	check_row(&t, 2, 0x2004, CFI_BP, 16, -16);
	check_row(&t, 3, 0x2024, CFI_SP, 8, CFI_BP_SAME);
	check_row(&t, 4, 0x2025, CFI_BP, 16, -16);
	check_row(&t, 5, 0x2040, CFI_NONE, 0, 0);
	cfi_release(&t);
}

static void one(struct maker *m, const char *letters, const unsigned char *code, size_t n)
{
	size_t f;

	memset(m, 0, sizeof(*m));
	f = fde(m, cie(m, letters), 0x2000, 0x10);
	add(m, code, n);
	end(m, f);
}

static void check_first(const char *letters, const unsigned char *code, size_t n,
			enum cfi_rule rule, int cfa, int bp)
{
	struct maker m;
	struct cfi_table t;

	one(&m, letters, code, n);
	t = parse(&m);
	check_row(&t, 0, 0x2000, rule, cfa, bp);
	cfi_release(&t);
}
#define FIRST(rule, cfa, bp, ...)                                                                  \
	check_first("zR", (const unsigned char[]){__VA_ARGS__},                                    \
		    sizeof((const unsigned char[]){__VA_ARGS__}), rule, cfa, bp)

static void test_rules(void)
{
	FIRST(CFI_END, 0, 0, DW_CFA_undefined, 16);
	FIRST(CFI_NONE, 0, 0, DW_CFA_def_cfa, 10, 0);			 // another register
	FIRST(CFI_NONE, 0, 0, DW_CFA_offset | 16, 3);			 // return address elsewhere
	FIRST(CFI_NONE, 0, 0, DW_CFA_register, 6, 3);			 // bp in another register
	FIRST(CFI_NONE, 0, 0, 0x3f);					 // no such instruction
	FIRST(CFI_NONE, 0, 0, DW_CFA_restore_state);			 // nothing remembered
	FIRST(CFI_SP, 0x48, 0, DW_CFA_def_cfa_offset, 0xc8, 0);		 // not a shortest LEB128
	FIRST(CFI_SP, 16, 0, DW_CFA_def_cfa_offset_sf, 0x7e);		 // -2 * -8
	FIRST(CFI_SP, 8, 0, DW_CFA_offset | 3, 2, DW_CFA_GNU_args_size, 16); // of no matter
	FIRST(CFI_BP_DEREF, -8, 0, DW_CFA_def_cfa_expression, 3, DW_OP_breg6, 0x78, DW_OP_deref);
	FIRST(CFI_BP_DEREF, -8, CFI_BP_AT_BP, DW_CFA_expression, 6, 2, DW_OP_breg6, 0,
	      DW_CFA_def_cfa_expression, 3, DW_OP_breg6, 0x78, DW_OP_deref);
	FIRST(CFI_PLT, 0, 0, DW_CFA_def_cfa_expression, 11, DW_OP_breg7, 8, DW_OP_breg16, 0,
	      DW_OP_lit15, DW_OP_and, DW_OP_lit11, DW_OP_ge, DW_OP_lit3, DW_OP_shl, DW_OP_plus);
	FIRST(CFI_NONE, 0, 0, DW_CFA_def_cfa_expression, 2, DW_OP_breg7, 8);
	FIRST(CFI_NONE, 0, 0, DW_CFA_def_cfa_expression, 100, DW_OP_breg6, 0); // beyond the end
	check_first("zRS", (const unsigned char[]){DW_CFA_nop}, 1, CFI_SIGNAL, 0, 0);
}

// Letters: what is not understood makes the function unknown, not its neighbours.
static void test_augmentation(void)
{
	struct maker m = {0};
	size_t bad = cie(&m, "eh"), good, f;
	struct cfi_table t;

	f = fde(&m, bad, 0x2000, 0x10);
	end(&m, f);
	good = cie(&m, "zR");
	f = fde(&m, good, 0x3000, 0x10);
	end(&m, f);
	f = fde(&m, 4000, 0x4000, 0x10); // its CIE is before the section
	end(&m, f);
	t = parse(&m);
	CHECK_INT(t.count, 2);
	check_row(&t, 0, 0x3000, CFI_SP, 8, 0);
	check_row(&t, 1, 0x3010, CFI_NONE, 0, 0);
	cfi_release(&t);
}

// Functions in any order, next to each other, and one inside of another.
static void test_order(void)
{
	struct maker m = {0};
	size_t c = cie(&m, "zR"), f;
	struct cfi_table t;

	f = fde(&m, c, 0x2010, 0x10);
	CODE(&m, DW_CFA_def_cfa_offset, 32);
	end(&m, f);
	f = fde(&m, c, 0x2000, 0x10);
	end(&m, f);
	f = fde(&m, c, 0x2018, 0x4);
	end(&m, f);
	t = parse(&m);
	for (size_t i = 1; i < t.count; i++)
		CHECK(t.rows[i].pc > t.rows[i - 1].pc);
	check_row(&t, 0, 0x2000, CFI_SP, 8, 0);
	check_row(&t, 1, 0x2010, CFI_SP, 32, 0);
	cfi_release(&t);
}

static void check_sorted(const struct cfi_table *t)
{
	for (size_t i = 1; i < t->count; i++)
		if (!CHECK(t->rows[i].pc > t->rows[i - 1].pc))
			return;
}

static void parse_exactly(const unsigned char *bytes, size_t n)
{
	unsigned char *exact = malloc(n);

	memcpy(exact, bytes, n);
	for (int debug = 0; debug < 2; debug++) {
		struct cfi_table t = {0};

		cfi_parse(&(struct cfi_section){exact, n, AT, debug}, 1, 100000, &t);
		check_sorted(&t);
		cfi_release(&t);
	}
	free(exact);
}

// ---- .debug_frame ----------------------------------------------------------------------------

static void address(struct maker *m, uint64_t v)
{
	memcpy(m->bytes + m->len, &v, 8);
	m->len += 8;
}

static uint32_t debug_cie(struct maker *m, unsigned version)
{
	size_t from = begin(m);

	word(m, UINT32_MAX);
	byte(m, version);
	byte(m, 0); // no letters
	if (version == 4)
		CODE(m, 8, 0); // sizes of addresses and segments
	CODE(m, 1, 0x78, 16, DW_CFA_def_cfa, 7, 8, DW_CFA_offset | 16, 1);
	end(m, from);
	return (uint32_t)from - 4;
}

static void debug_fde(struct maker *m, uint32_t of, uint64_t pc, uint64_t size)
{
	size_t f = begin(m);

	word(m, of);
	address(m, pc);
	address(m, size);
	CODE(m, DW_CFA_advance_loc | 4, DW_CFA_def_cfa_offset, 32);
	end(m, f);
}

static void test_debug_frame(void)
{
	static const unsigned versions[] = {1, 3, 4};

	for (size_t i = 0; i < 3; i++) {
		struct maker m = {0};
		struct cfi_table t = {0};

		debug_fde(&m, debug_cie(&m, versions[i]), 0x2000, 0x40);
		CHECK_INT(cfi_parse(&(struct cfi_section){m.bytes, m.len, 0, true}, 1, 10, &t), 0);
		CHECK_INT(t.count, 3);
		check_row(&t, 0, 0x2000, CFI_SP, 8, CFI_BP_SAME);
		check_row(&t, 1, 0x2004, CFI_SP, 32, CFI_BP_SAME);
		check_row(&t, 2, 0x2040, CFI_NONE, 0, 0);
		cfi_release(&t);
		parse_exactly(m.bytes, m.len);
		for (size_t n = 0; n < m.len; n++)
			parse_exactly(m.bytes, n);
	}
}

// Addresses of another size, or with segments.
static void test_debug_frame_of_others(void)
{
	struct maker m = {0};
	struct cfi_table t = {0};
	uint32_t c = debug_cie(&m, 4);

	m.bytes[c + 10] = 4;
	debug_fde(&m, c, 0x2000, 0x40);
	debug_fde(&m, UINT32_MAX - 1, 0x2000, 0x40); // a CIE beyond the end
	CHECK_INT(cfi_parse(&(struct cfi_section){m.bytes, m.len, 0, true}, 1, 10, &t), 0);
	CHECK_INT(t.count, 0);
	cfi_release(&t);
}

// Each has functions of its own, and one is in both.
static void test_both(void)
{
	struct maker eh = {0}, debug = {0};
	struct cfi_table t = {0};
	uint32_t of = debug_cie(&debug, 3);
	size_t c = cie(&eh, "zR");

	end(&eh, fde(&eh, c, 0x3000, 0x10));
	end(&eh, fde(&eh, c, 0x5000, 0x10));
	debug_fde(&debug, of, 0x4000, 0x10);
	debug_fde(&debug, of, 0x3000, 0x10);
	struct cfi_section both[] = {{eh.bytes, eh.len, AT, false},
				     {debug.bytes, debug.len, 0, true}};
	CHECK_INT(cfi_parse(both, 2, 100, &t), 0);
	CHECK_INT(t.count, 7);
	check_row(&t, 0, 0x3000, CFI_SP, 8, CFI_BP_SAME);
	check_row(&t, 1, 0x3010, CFI_NONE, 0, 0);
	check_row(&t, 2, 0x4000, CFI_SP, 8, CFI_BP_SAME);
	check_row(&t, 3, 0x4004, CFI_SP, 32, CFI_BP_SAME);
	check_row(&t, 5, 0x5000, CFI_SP, 8, CFI_BP_SAME);
	cfi_release(&t);
}

static void test_limit(void)
{
	struct maker m = {0};
	size_t f = fde(&m, cie(&m, "zR"), 0x2000, 0x80);
	struct cfi_table t = {0};

	for (unsigned i = 1; i < 50; i++)
		CODE(&m, DW_CFA_advance_loc | 1, DW_CFA_def_cfa_offset, (unsigned char)(8 * (i % 8)));
	end(&m, f);
	CHECK_INT(cfi_parse(&(struct cfi_section){m.bytes, m.len, AT, false}, 1, 10, &t), -EFBIG);
	CHECK(t.count <= 11);
	cfi_release(&t);
}

// Every length that it can be cut to, and every byte wrong in some ways. Under the sanitizers.
static void test_broken(void)
{
	static const unsigned char wrong[] = {0, 1, 0x7f, 0x80, 0xff};
	struct maker m = {0};
	size_t c = cie(&m, "zR"), f = fde(&m, c, 0x2000, 0x40);

	CODE(&m, DW_CFA_advance_loc | 1, DW_CFA_def_cfa_offset, 16, DW_CFA_offset | 6, 2);
	CODE(&m, DW_CFA_advance_loc2, 3, 0, DW_CFA_remember_state, DW_CFA_set_loc, 0, 0, 0, 0);
	CODE(&m, DW_CFA_advance_loc4, 3, 0, 0, 0, DW_CFA_val_expression, 6, 1, 0);
	CODE(&m, DW_CFA_def_cfa_expression, 3, DW_OP_breg6, 0x78, DW_OP_deref);
	end(&m, f);
	word(&m, UINT32_MAX); // a length of 64 bits
	word(&m, 8);
	word(&m, 0);
	word(&m, 0);
	word(&m, 0);
	for (size_t n = 0; n <= m.len; n++)
		parse_exactly(m.bytes, n);
	for (size_t i = 0; i < m.len; i++) {
		unsigned char was = m.bytes[i];

		for (size_t k = 0; k < sizeof(wrong); k++) {
			m.bytes[i] = wrong[k];
			parse_exactly(m.bytes, m.len);
		}
		m.bytes[i] = was;
	}
}

// ---- files -----------------------------------------------------------------------------------

static void test_this_program(void)
{
	struct cfi_table t = {0};
	const char *reason = NULL;
	size_t by_sp = 0;

	if (!CHECK_INT(cfi_read("/proc/self/exe", 1 << 24, &t, &reason), 0))
		return;
	check_sorted(&t);
	CHECK(t.segment_count >= 1);
	for (size_t i = 0; i < t.count; i++)
		by_sp += t.rows[i].rule == CFI_SP;
	CHECK(by_sp > 100);
	cfi_release(&t);
}

static void test_no_program(void)
{
	struct cfi_table t = {0};
	const char *reason = NULL;

	CHECK_INT(cfi_read("/nonexistent", 1000, &t, &reason), -ENOENT);
	CHECK_INT(cfi_read("/etc/passwd", 1000, &t, &reason), -ENOEXEC);
	CHECK_STR(reason, "not an ELF file");
	cfi_release(&t);
}

// This program, with some thousand bytes of it changed at random, again and again.
static void test_broken_files(void)
{
	static const char path[] = "/tmp/mtrace-test-cfi.elf";
	FILE *f = fopen("/lib64/ld-linux-x86-64.so.2", "re");
	unsigned char *good = malloc(1 << 20), *bad = malloc(1 << 20);
	size_t n = f ? fread(good, 1, 1 << 20, f) : 0;
	unsigned seed = 1;

	if (f)
		fclose(f);
	for (int i = 0; n && i < 40; i++) {
		struct cfi_table t = {0};
		const char *reason = NULL;

		memcpy(bad, good, n);
		for (int k = 0; k < 2000; k++)
			bad[64 + (size_t)rand_r(&seed) % (n - 64)] = (unsigned char)rand_r(&seed);
		if (i % 4 == 3)
			bad[(size_t)rand_r(&seed) % 1024] ^= 0xff; // headers, too
		f = fopen(path, "we");
		CHECK(f && fwrite(bad, 1, n - (i % 3 ? 0 : n / 3), f));
		if (f)
			fclose(f);
		cfi_read(path, 1 << 20, &t, &reason);
		check_sorted(&t);
		cfi_release(&t);
	}
	unlink(path);
	free(good);
	free(bad);
}

TEST_MAIN(test_frame_pointer, test_rules, test_augmentation, test_order, test_debug_frame,
	  test_debug_frame_of_others, test_both, test_limit, test_broken,
	  test_this_program, test_no_program, test_broken_files)
