// test_elf: reading functions from good files, and surviving bad ones.
#include <errno.h>
#include <stdlib.h>

#include "elf_maker.h"
#include "sys/elf.h"
#include "test.h"

#define FILE_NAME TEST_BINARY_DIR "/test_elf.tmp"

static const struct made_symbol symbols[] = {
    {"zeta", 0x1010, 16, STT_FUNC, STB_GLOBAL, false},
    {"alpha", 0x1020, 16, STT_FUNC, STB_GLOBAL, false},
    {"alpha", 0x1020, 16, STT_FUNC, STB_GLOBAL, true}, // in both tables
    {"hidden", 0x1030, 0, STT_FUNC, STB_LOCAL, false},
    {"feeble", 0x1020, 16, STT_FUNC, STB_WEAK, false}, // alias of alpha
    {"object", 0x1040, 8, STT_OBJECT, STB_GLOBAL, false},
    {"imported", 0, 0, STT_FUNC, STB_GLOBAL, true},
    {"chooser", 0x1050, 4, STT_GNU_IFUNC, STB_GLOBAL, true},
    {"outside", 0x2010, 4, STT_FUNC, STB_GLOBAL, false}, // in the data segment
    {"versioned@@V_2.0", 0x1060, 4, STT_FUNC, STB_GLOBAL, false},
    {"", 0x1070, 4, STT_FUNC, STB_GLOBAL, false},
};
enum { SYMBOLS = sizeof(symbols) / sizeof(symbols[0]) };

static const struct elf_func *find(const struct elf_file *f, const char *name)
{
	const struct elf_func *found = NULL;

	for (size_t i = 0; i < f->funcs.len; i++)
		if (!strcmp(f->funcs.data[i].name, name)) {
			CHECK(!found);
			found = &f->funcs.data[i];
		}
	return found;
}

static void check_good(const unsigned char *data, size_t len, int machine)
{
	struct arena a = {0};
	struct elf_file f;
	const char *reason = NULL;

	CHECK(write_file(FILE_NAME, data, len));
	if (!CHECK_INT(elf_open_funcs(&a, FILE_NAME, NULL, &f, &reason), 0))
		printf("%s\n", reason);
	CHECK_INT(f.machine, machine);
	CHECK(!f.is_pie);
	CHECK(!f.stripped);
	CHECK_INT(f.funcs.len, 7);
	const struct elf_func *fn = find(&f, "alpha");
	if (CHECK(fn)) {
		CHECK_INT(fn->offset, 0x1020);
		CHECK_INT(fn->address, MADE_BASE + 0x1020);
		CHECK_INT(fn->size, 16);
		CHECK(!fn->is_local && !fn->is_weak && !fn->is_ifunc && !fn->is_outside);
	}
	CHECK((fn = find(&f, "hidden")) && fn->is_local);
	CHECK((fn = find(&f, "feeble")) && fn->is_weak);
	CHECK((fn = find(&f, "chooser")) && fn->is_ifunc);
	CHECK((fn = find(&f, "outside")) && fn->is_outside);
	CHECK(find(&f, "versioned"));
	CHECK(!find(&f, "imported"));
	CHECK(!find(&f, "object"));
	for (size_t i = 1; i < f.funcs.len; i++)
		CHECK(f.funcs.data[i - 1].offset <= f.funcs.data[i].offset);
	arena_release(&a);
}

static void test_good_files(void)
{
	unsigned char data[MADE_MAX];

	check_good(data, make_elf64(data, symbols, SYMBOLS), EM_X86_64);
	check_good(data, make_elf32(data, symbols, SYMBOLS), EM_386);
}

static void test_offsets(void)
{
	unsigned char data[MADE_MAX];
	uint64_t offset = 0;
	const char *reason = NULL;

	CHECK(write_file(FILE_NAME, data, make_elf64(data, symbols, SYMBOLS)));
	CHECK(elf_offset_of(FILE_NAME, MADE_BASE + 0x1ff0, &offset, &reason));
	CHECK_INT(offset, 0x1ff0);
	CHECK(!elf_offset_of(FILE_NAME, MADE_BASE + 0x2000, &offset, &reason));
	CHECK_STR(reason, "not inside an executable segment");
	CHECK(!elf_offset_of(FILE_NAME, 0, &offset, &reason));
	CHECK(elf_offset_is_executable(FILE_NAME, 0x1000));
	CHECK(elf_offset_is_executable(FILE_NAME, 0x1fff));
	CHECK(!elf_offset_is_executable(FILE_NAME, 0));
	CHECK(!elf_offset_is_executable(FILE_NAME, 0x2000));
	CHECK(!elf_offset_is_executable("/nonexistent", 0x1000));
}

static void check_refused(const void *data, size_t len, const char *expected)
{
	struct arena a = {0};
	struct elf_file f;
	const char *reason = NULL;

	CHECK(write_file(FILE_NAME, data, len));
	CHECK_INT(elf_open_funcs(&a, FILE_NAME, NULL, &f, &reason), -ENOEXEC);
	CHECK_STR(reason, expected);
	arena_release(&a);
}

static void test_refusals(void)
{
	unsigned char data[MADE_MAX];
	size_t len = make_elf64(data, symbols, SYMBOLS);
	Elf64_Ehdr *eh = (Elf64_Ehdr *)data;
	Elf64_Phdr *ph = (Elf64_Phdr *)(data + sizeof(*eh));
	Elf64_Shdr *sh = (Elf64_Shdr *)(data + 0x7000);
	struct arena a = {0};
	struct elf_file f;
	const char *reason;

	check_refused("", 0, "not an ELF file");
	check_refused("#!/bin/sh\necho hello\n", 22, "not an ELF file");
	check_refused(data, 40, "the ELF header is cut short");
	check_refused(data, 0x7001, "the section header table is beyond the end of the file");
	eh->e_type = ET_REL;
	check_refused(data, len, "neither an executable nor a shared library");
	len = make_elf64(data, symbols, SYMBOLS);
	eh->e_ident[EI_CLASS] = 7;
	check_refused(data, len, "unknown ELF class");
	len = make_elf64(data, symbols, SYMBOLS);
	eh->e_ident[EI_DATA] = ELFDATA2MSB;
	check_refused(data, len, "an ELF file of another byte order");
	len = make_elf64(data, symbols, SYMBOLS);
	eh->e_phnum = 0xfff0;
	check_refused(data, len, "the program header table is beyond the end of the file");
	len = make_elf64(data, symbols, SYMBOLS);
	ph[0].p_filesz = ~0ull - 5;
	check_refused(data, len, "an executable segment is beyond the end of the file");
	len = make_elf64(data, symbols, SYMBOLS);
	sh[1].sh_offset = ~0ull - 100;
	check_refused(data, len, "a symbol table is beyond the end of the file");
	len = make_elf64(data, symbols, SYMBOLS);
	sh[1].sh_link = 77;
	check_refused(data, len, "a symbol table without a string table");
	len = make_elf64(data, symbols, SYMBOLS);
	sh[3].sh_size = 1ull << 40;
	check_refused(data, len, "a string table is beyond the end of the file");
	CHECK_INT(elf_open_funcs(&a, "/nonexistent", NULL, &f, &reason), -ENOENT);
	CHECK_INT(elf_open_funcs(&a, "/", NULL, &f, &reason), -ENOEXEC);
	CHECK_STR(reason, "not a regular file");
	arena_release(&a);
}

// Whatever the headers say, the answer is a list or a reason. Sanitizers watch.
static void open_anything(const unsigned char *data, size_t len)
{
	struct arena a = {0};
	struct elf_file f;
	const char *reason = NULL;

	CHECK(write_file(FILE_NAME, data, len));
	int err = elf_open_funcs(&a, FILE_NAME, NULL, &f, &reason);
	CHECK(!err || reason);
	for (size_t i = 0; !err && i < f.funcs.len; i++)
		CHECK(strlen(f.funcs.data[i].name) > 0);
	arena_release(&a);
}

static void corrupt_range(const unsigned char *good, size_t len, size_t from, size_t n)
{
	static const unsigned char values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
	unsigned char data[MADE_MAX];

	for (size_t at = from; at < from + n; at++)
		for (size_t v = 0; v < sizeof(values); v++) {
			memcpy(data, good, len);
			data[at] = values[v];
			open_anything(data, len);
		}
}

static void test_every_header_byte_corrupted(void)
{
	unsigned char good[MADE_MAX];
	size_t len = make_elf64(good, symbols, SYMBOLS);

	corrupt_range(good, len, 0, sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr));
	corrupt_range(good, len, 0x7000, 4 * sizeof(Elf64_Shdr));
	corrupt_range(good, len, 0x2000, 3 * sizeof(Elf64_Sym));
	len = make_elf32(good, symbols, SYMBOLS);
	corrupt_range(good, len, 0, sizeof(Elf32_Ehdr) + 2 * sizeof(Elf32_Phdr));
	corrupt_range(good, len, 0x7000, 4 * sizeof(Elf32_Shdr));
}

static void test_every_truncation(void)
{
	unsigned char good[MADE_MAX];
	size_t len = make_elf64(good, symbols, SYMBOLS);

	for (size_t n = 0; n < len; n += n < 0x200 || n > 0x7000 ? 1 : 61)
		open_anything(good, n);
}

static void test_clean_up(void)
{
	CHECK_INT(unlink(FILE_NAME), 0);
}

TEST_MAIN(test_good_files, test_offsets, test_refusals, test_every_header_byte_corrupted,
	  test_every_truncation, test_clean_up)
