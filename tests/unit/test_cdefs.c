// test_cdefs: C in scripts. Layouts are compared with those of the compiler that builds this
// test: every definition below is compiled here and read by the script's reader.
#include <stddef.h>
#include <stdint.h>

#include "check_fixture.h"
#include "sema/cdefs.h"
#include "type.h"


#define AS_TEXT(...) #__VA_ARGS__
#define C(name, ...)                                                                               \
	__VA_ARGS__;                                                                               \
	static const char text_##name[] = AS_TEXT(__VA_ARGS__) ";\nbegin { }"

C(base, struct base {
	char c;
	unsigned long int ul;
	short int s;
	long long unsigned llu;
	signed char sc;
	double d;
	float f;
	int unsigned iu;
	_Bool b;
	long l;
});
C(bits, struct bits {
	unsigned a : 3, b : 30;
	unsigned char c : 4;
	unsigned : 0;
	long d : 33;
	short e : 9;
	char f;
	unsigned g : 1;
	int : 5;
	int h : 20;
});
C(nested, struct nested {
	char tag;
	struct {
		int x;
		union {
			long y;
			char w[12];
		};
	};
	union {
		short s;
		struct {
			char p, q;
		} in;
	} u;
	struct nested *next;
	enum { NESTED_A, NESTED_B = 5 } kind;
	int (*call)(int, struct nested *);
	int m[2][3 + NESTED_B];
	void *(*table[4])(void);
	char end[];
});
C(packed, struct packed {
	char a;
	int b;
	short c : 7;
	long d;
} __attribute__((packed)));
C(front, struct __attribute__((packed, aligned(4))) front {
	char a;
	long b;
	char c;
});
C(aligned, struct aligned {
	char a;
	int b __attribute__((aligned(32)));
	char c[sizeof(int) * 2 + 1];
} __attribute__((unused)));
C(both, union both {
	char c[9];
	long l;
	short s;
});

static struct fixture f;

static const struct type *read_type(const char *script, const char *name)
{
	struct type *t;

	fixture_release(&f);
	if (!fixture_accepts(&f, script))
		return NULL;
	t = cdefs_find_type(&f.c, name);
	CHECK(t != NULL);
	return t;
}

#define CHECK_SIZE(tag, keyword)                                                                   \
	const struct type *t = read_type(text_##tag, #keyword " " #tag);                           \
	typedef keyword tag whole;                                                                 \
	if (!t)                                                                                    \
		return;                                                                            \
	CHECK_INT(t->size, sizeof(whole));                                                         \
	CHECK_INT(t->align, _Alignof(whole))
#define CHECK_AT(member) CHECK_INT(type_find_field(t, #member)->offset, offsetof(whole, member))

static void test_base_types(void)
{
	CHECK_SIZE(base, struct);
	CHECK_AT(c);
	CHECK_AT(ul);
	CHECK_AT(s);
	CHECK_AT(llu);
	CHECK_AT(sc);
	CHECK_AT(d);
	CHECK_AT(f);
	CHECK_AT(iu);
	CHECK_AT(b);
	CHECK_AT(l);
	CHECK(!type_find_field(t, "llu")->type->is_signed);
	CHECK(type_find_field(t, "sc")->type->is_signed);
}

// The number that the script would read from memory where the compiler wrote it.
static uint64_t read_bits(const struct type *t, const char *name, const void *data)
{
	const struct type_field *m = type_find_field(t, name);
	uint64_t word = 0;

	memcpy(&word, (const char *)data + m->offset, m->type->size);
	return word >> m->bit_offset & ((1ull << m->bit_size) - 1);
}

static void test_bitfields(void)
{
	struct bits b;

	CHECK_SIZE(bits, struct);
	CHECK_AT(f);
	memset(&b, 0, sizeof(b));
	b.a = 5;
	b.b = 0x2badcafe;
	b.c = 9;
	b.d = 0x91234567;
	b.e = 0x77;
	b.g = 1;
	b.h = 0x54321;
	CHECK_INT(read_bits(t, "a", &b), 5);
	CHECK_INT(read_bits(t, "b", &b), 0x2badcafe);
	CHECK_INT(read_bits(t, "c", &b), 9);
	CHECK_INT(read_bits(t, "d", &b), 0x91234567);
	CHECK_INT(read_bits(t, "e", &b), 0x77);
	CHECK_INT(read_bits(t, "g", &b), 1);
	CHECK_INT(read_bits(t, "h", &b), 0x54321);
}

static void test_nested(void)
{
	int64_t value = 0;

	CHECK_SIZE(nested, struct);
	CHECK_AT(x);
	CHECK_AT(y);
	CHECK_AT(w);
	CHECK_AT(u);
	CHECK_AT(next);
	CHECK_AT(kind);
	CHECK_AT(call);
	CHECK_AT(m);
	CHECK_AT(table);
	CHECK_AT(end);
	CHECK(type_find_field(t, "next")->type->elem == t);
	CHECK_INT(type_find_field(t, "m")->type->elem->count, 3 + NESTED_B);
	CHECK(cdefs_constant(&f.c, "NESTED_B", &value) == type_find_field(t, "kind")->type);
	CHECK_INT(value, NESTED_B);
}

static void test_packed(void)
{
	CHECK_SIZE(packed, struct);
	CHECK_AT(b);
	CHECK_AT(d);
}

static void test_attributes_in_front(void)
{
	CHECK_SIZE(front, struct);
	CHECK_AT(b);
	CHECK_AT(c);
}

static void test_aligned(void)
{
	CHECK_SIZE(aligned, struct);
	CHECK_AT(b);
	CHECK_AT(c);
}

static void test_union(void)
{
	CHECK_SIZE(both, union);
	CHECK_AT(l);
	CHECK(t->is_union);
}

// ---- the preprocessor --------------------------------------------------------------------

static int64_t constant_of(const char *definitions)
{
	struct buf b = {0};
	int64_t value = -1000;

	fixture_release(&f);
	buf_printf(&b, "%s\nenum { RESULT = R };\nbegin { }", definitions);
	if (fixture_accepts(&f, buf_str(&b)))
		CHECK(cdefs_constant(&f.c, "RESULT", &value) != NULL);
	buf_release(&b);
	return value;
}

static void test_conditions(void)
{
	CHECK_INT(constant_of("#if 1\n#define R 1\n#else\n#define R 2\n#endif"), 1);
	CHECK_INT(constant_of("#if 0\n#define R 1\n#elif 1\n#define R 2\n#else\n#define R 3\n#endif"),
		  2);
	CHECK_INT(constant_of("#if 0\n#if 1\n#define R 1\n#else\n#endif\n#else\n#define R 4\n#endif"),
		  4);
	CHECK_INT(constant_of("#define A\n#if defined(A) && !defined B\n#define R 5\n#endif"), 5);
	CHECK_INT(constant_of("#define A 2\n#undef A\n#ifdef A\n#define R 1\n#else\n#define R 6\n"
			      "#endif"),
		  6);
	CHECK_INT(constant_of("#if 1\n#define R 7\n#elif 1 / 0\n#endif"), 7);
	CHECK_INT(constant_of("#if NEVER_DEFINED\n#else\n#define R 8\n#endif"), 8);
}

static void test_expressions(void)
{
	CHECK_INT(constant_of("#define R 1 + 2 * 3"), 7);
	CHECK_INT(constant_of("#define R (1 << 4 | 0x0f) & ~3"), 28);
	CHECK_INT(constant_of("#define R 10 - 4 - 3"), 3);
	CHECK_INT(constant_of("#define R 1 ? 2 : 0 ? 3 : 4"), 2);
	CHECK_INT(constant_of("#define R -7 / 2 + -7 % 2"), -4);
	CHECK_INT(constant_of("#define R 'a' + '\\n' + '\\x10'"), 'a' + '\n' + 16);
	CHECK_INT(constant_of("#define R 0x10UL + 010 + 0b11"), 27);
	CHECK_INT(constant_of("#define R sizeof(struct { char c; long l; }) + (int)1"), 17);
	CHECK_INT(constant_of("#define A B\n#define B \\\n 40 /* and */ + // more\n#define R A 2"),
		  42);
	CHECK_INT(constant_of("#define R 3 && 0 || 2 > 1"), 1);
	CHECK_INT(constant_of("#define R (-9223372036854775807 - 1) / -1 != 0"), 1);
}

// A chain of macros that doubles at every step must not take long, and must say so.
static void test_macro_bomb(void)
{
	struct buf b = {0};

	for (int i = 0; i < 60; i++)
		buf_printf(&b, "#define A%d A%d A%d\n", i, i + 1, i + 1);
	buf_puts(&b, "#define A60\nstruct foo { int x; A0 };\nbegin { }");
	fixture_release(&f);
	fixture_check(&f, buf_str(&b));
	CHECK(!f.ok);
	CHECK_STR(fixture_first(&f)->tag, "too-large");
	buf_release(&b);
}

static void test_expression_bomb(void)
{
	struct buf b = {0};

	for (int i = 0; i < 40; i++)
		buf_printf(&b, "#define A%d (A%d+A%d)\n", i, i + 1, i + 1);
	buf_puts(&b, "#define A40 1\nbegin { print(A0); }");
	fixture_release(&f);
	fixture_check(&f, buf_str(&b));
	CHECK(!f.ok);
	CHECK_STR(fixture_first(&f)->tag, "bad-macro");
	buf_release(&b);
}

static void test_deep_nesting(void)
{
	struct buf b = {0};

	for (int i = 0; i < 5000; i++)
		buf_puts(&b, "struct {");
	for (int i = 0; i < 5000; i++)
		buf_puts(&b, "}");
	buf_puts(&b, ";\nbegin { }");
	fixture_release(&f);
	fixture_check(&f, buf_str(&b));
	CHECK(!f.ok);
	buf_release(&b);
}

static void test_release(void)
{
	fixture_release(&f);
}

TEST_MAIN(test_base_types, test_bitfields, test_nested, test_packed, test_attributes_in_front,
	  test_aligned, test_union, test_conditions, test_expressions, test_macro_bomb,
	  test_expression_bomb, test_deep_nesting, test_release)
