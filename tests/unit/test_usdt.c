// test_usdt: argument specifications of both machines, notes of this very program, and broken ones.
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../native/progs/sdt.h"
#include "base/buf.h"
#include "sys/usdt.h"
#include "test.h"

#define FILE_NAME TEST_BINARY_DIR "/test_usdt.tmp"

SDT_SEMAPHORE unit_guard_semaphore;

// Never called: only its notes are read.
void unit_sites(long x);
void unit_sites(long x)
{
	asm volatile(SDT_SITE("0", "unit", "plain", "8@%0 -4@$7")::"r"(x));
	asm volatile(SDT_SITE("unit_guard_semaphore", "unit", "guard", ""));
	asm volatile(SDT_SITE("0", "unit", "plain", "8@%0 -4@$7")::"r"(x));
#if defined(__x86_64__)
	asm volatile("990: nop\n.byte 0x66,0x2e,0x0f,0x1f,0x84,0,0,0,0,0\n" SDT_NOTE(
	    "990b", "0", "unit", "nop10", ""));
	asm volatile(
	    "990: nop\n.byte 0x0f,0x1f,0x44,0,0\n" SDT_NOTE("990b", "0", "unit", "nop5", ""));
	asm volatile("990: xorl %%eax, %%eax\n" SDT_NOTE("990b", "0", "unit", "no_nop", "")::
			 : "rax");
#endif
}

// ---- specifications ---------------------------------------------------------------------------

static void put_register(struct buf *b, const char *what, uint16_t reg)
{
	if (reg != USDT_NO_REG)
		buf_printf(b, " %s%u", what, reg);
}

// "-4 mem base112 index88*4 -8", or "8 ! reason"
static void put_arg(struct buf *b, const struct usdt_arg *a)
{
	buf_printf(b, "%s%u%s", a->is_signed ? "-" : "", a->size, a->is_float ? "f" : "");
	if (a->unreadable) {
		buf_printf(b, " ! %s", a->unreadable);
		return;
	}
	buf_puts(b, a->deref ? " mem" : "");
	put_register(b, "base", a->base);
	put_register(b, "index", a->index);
	if (a->index != USDT_NO_REG)
		buf_printf(b, "*%u%s", 1u << a->index_shift,
			   a->index_bytes == 8 ? ""
			   : a->index_signed   ? "s"
					       : "u");
	if (a->shift)
		buf_printf(b, " >>%u", a->shift);
	if (a->offset || (a->base == USDT_NO_REG && a->index == USDT_NO_REG))
		buf_printf(b, " %+lld", (long long)a->offset);
	if (a->symbol)
		buf_printf(b, " %s", a->symbol);
}

static void check_spec(int machine, const char *text, const char *expected)
{
	struct arena a = {0};
	struct buf b = {0};
	const struct usdt_spec *s = usdt_spec_parse(&a, machine, text);

	CHECK_STR(s->text, text);
	for (size_t i = 0; i < s->args.len; i++) {
		buf_puts(&b, i ? " | " : "");
		put_arg(&b, &s->args.data[i]);
	}
	CHECK_STR(buf_str(&b), expected);
	buf_release(&b);
	arena_release(&a);
}

#define NOT_UNDERSTOOD "! its description is not understood"
#define FLOATING "! it is in a floating-point register"

static void test_x86_registers(void)
{
	check_spec(EM_X86_64, "8@%rax -4@%edi 2@%dx -1@%sil",
		   "8 base80 | -4 base112 | 2 base96 | -1 base104");
	check_spec(EM_X86_64, "1@%ah 1@%bh", "1 base80 >>8 | 1 base40 >>8");
	check_spec(EM_X86_64, "8@%r8 4@%r9d 2@%r10w 1@%r15b",
		   "8 base72 | 4 base64 | 2 base56 | 1 base0");
	check_spec(EM_X86_64, "8@%rsp 8@%rbp", "8 base152 | 8 base32");
	check_spec(EM_X86_64, "%rax", "8 base80");   // a very old note
	check_spec(EM_X86_64, "8@%eax", "4 base80"); // no more than there is
	check_spec(EM_386, "4@%eax 4@8(%esp)", "4 base80 | 4 mem base152 +8");
	check_spec(EM_X86_64, "8f@%xmm0 4@%st", "8f " FLOATING " | 4 " FLOATING);
	check_spec(EM_X86_64, "8@%r16 8@%r8x 8@%foo 8@%",
		   "8 " NOT_UNDERSTOOD " | 8 " NOT_UNDERSTOOD " | 8 " NOT_UNDERSTOOD
		   " | 8 " NOT_UNDERSTOOD);
}

static void test_x86_memory(void)
{
	check_spec(EM_X86_64, "-4@(%rdi) -4@-8(%rbp)", "-4 mem base112 | -4 mem base32 -8");
	check_spec(EM_X86_64, "8@16(%rdi,%rcx,4)", "8 mem base112 index88*4 +16");
	check_spec(EM_X86_64, "8@(%rdi,%rcx)", "8 mem base112 index88*1");
	check_spec(EM_X86_64, "8@(,%rcx,8)", "8 mem index88*8");
	check_spec(EM_X86_64, "8@4+8-2(%rsp)", "8 mem base152 +10");
	check_spec(EM_X86_64, "4f@8(%rsp)", "4f mem base152 +8");
	check_spec(EM_X86_64, "8@counter(%rip) 4@counter+4(%rip) 4@4+x.1(%rip)",
		   "8 mem base128 counter | 4 mem base128 +4 counter | 4 mem base128 +4 x.1");
	check_spec(EM_X86_64, "8@counter 8@$counter", "8 mem base128 counter | 8 base128 counter");
	check_spec(EM_X86_64, "8@0x1000", "8 mem +4096");
	check_spec(EM_X86_64, "8@%fs:16", "8 ! it is in a segment (thread-local memory)");
	check_spec(EM_X86_64, "8@4(%rip)", "8 " NOT_UNDERSTOOD);
	check_spec(EM_X86_64, "8@(%rdi,%rcx,3)", "8 " NOT_UNDERSTOOD);
	check_spec(EM_X86_64, "8@(%rdi", "8 " NOT_UNDERSTOOD);
	check_spec(EM_X86_64, "8@(%rdi)x", "8 " NOT_UNDERSTOOD);
	check_spec(EM_X86_64, "8@(%xmm0)", "8 " NOT_UNDERSTOOD);
	check_spec(EM_X86_64, "8@a+b(%rip)", "8 " NOT_UNDERSTOOD);
	check_spec(EM_X86_64, "8@a-b(%rip)", "8 " NOT_UNDERSTOOD);
	check_spec(EM_X86_64, "8@table(%rax)", "8 " NOT_UNDERSTOOD);
}

static void test_x86_constants(void)
{
	check_spec(EM_X86_64, "-4@$-5 4@$7 8@$0x10", "-4 -5 | 4 +7 | 8 +16");
	check_spec(EM_X86_64, "8@$18446744073709551615", "8 -1");
	check_spec(EM_X86_64, "-8@$-9223372036854775808", "-8 -9223372036854775808");
	check_spec(EM_X86_64, "8@$18446744073709551616", "8 " NOT_UNDERSTOOD);
	check_spec(EM_X86_64, "8@$ 8@$1x", "8 " NOT_UNDERSTOOD " | 8 " NOT_UNDERSTOOD);
}

static void test_arm64(void)
{
	check_spec(EM_AARCH64, "8@x0 -4@w19 8@x30 8@sp 8@xzr",
		   "8 base0 | -4 base152 | 8 base240 | 8 base248 | 8 +0");
	check_spec(EM_AARCH64, "-4@[sp, 16] 8@[x29] 1@[x1, #-3]",
		   "-4 mem base248 +16 | 8 mem base232 | 1 mem base8 -3");
	check_spec(EM_AARCH64, "8@[x0, x1] 8@[x0, x1, lsl 3] 4@[x0, w2, sxtw #2] 4@[x0,w2,uxtw]",
		   "8 mem base0 index8*1 | 8 mem base0 index8*8 | 4 mem base0 index16*4s | "
		   "4 mem base0 index16*1u");
	check_spec(EM_AARCH64, "-4@5 8@-1 4@#7", "-4 +5 | 8 -1 | 4 +7");
	check_spec(EM_AARCH64, "8f@d0 4@s1", "8f " FLOATING " | 4 " FLOATING);
	check_spec(EM_AARCH64, "8@x31 8@[x0],8 8@[x0, x1, lsl 5]",
		   "8 " NOT_UNDERSTOOD " | 8 " NOT_UNDERSTOOD " | 8 " NOT_UNDERSTOOD);
	check_spec(EM_AARCH64, "8@[w0] 8@[x0, d1] 8@[",
		   "8 " NOT_UNDERSTOOD " | 8 " NOT_UNDERSTOOD " | 8 " NOT_UNDERSTOOD);
}

static void test_sizes(void)
{
	check_spec(EM_X86_64, "", "");
	check_spec(EM_X86_64, "   8@%rax   ", "8 base80");
	check_spec(EM_X86_64, "3@%rax -16@%rax 0@$1",
		   "8 ! its size is none of 1, 2, 4 and 8 bytes | -8 ! its size is none of 1, 2, 4 "
		   "and 8 bytes | 8 ! its size is none of 1, 2, 4 and 8 bytes");
	check_spec(EM_S390, "8@%r2", "8 ! mtrace does not know this machine's registers");
}

static void test_many_args(void)
{
	struct arena a = {0};
	struct buf b = {0};

	for (int i = 0; i < 1000; i++)
		buf_puts(&b, "8@%rax ");
	CHECK_INT(usdt_spec_parse(&a, EM_X86_64, buf_str(&b))->args.len, USDT_ARGS_MAX);
	buf_release(&b);
	arena_release(&a);
}

// ---- notes --------------------------------------------------------------------------------------

static const struct usdt_site *find_site(const struct usdt_file *f, const char *name, size_t nth)
{
	for (size_t i = 0; i < f->sites.len; i++)
		if (!strcmp(f->sites.data[i].name, name) && !nth--)
			return &f->sites.data[i];
	return NULL;
}

static void test_own_notes(void)
{
	struct arena a = {0};
	struct usdt_file f;
	const char *reason = NULL;

	CHECK_INT(usdt_open(&a, "/proc/self/exe", &f, &reason), 0);
	const struct usdt_site *first = find_site(&f, "plain", 0),
			       *second = find_site(&f, "plain", 1);
	const struct usdt_site *guard = find_site(&f, "guard", 0);
	CHECK(first && second && guard && !find_site(&f, "plain", 2));
	if (!first || !second || !guard)
		return;
	CHECK_STR(first->provider, "unit");
	CHECK(first->spec == second->spec || strcmp(first->spec->text, second->spec->text));
	CHECK(first->offset < second->offset);
	CHECK(!first->semaphore && !first->problem);
	CHECK(guard->semaphore && guard->semaphore % 2 == 0 && !guard->problem);
	CHECK_INT(guard->spec->args.len, 0);
	CHECK(first->has_nop10 == false);
#if defined(__x86_64__)
	CHECK(find_site(&f, "nop10", 0)->has_nop10 && !find_site(&f, "nop10", 0)->problem);
	CHECK(!find_site(&f, "nop5", 0)->has_nop10 && !find_site(&f, "nop5", 0)->problem);
	CHECK_STR(find_site(&f, "no_nop", 0)->problem, "there is no nop where the note says");
#endif
	arena_release(&a);
}

// A copy of this program to spoil.
struct copy {
	char *data;
	size_t size;
	Elf64_Ehdr *eh;
	Elf64_Shdr *sections;
};

static struct copy copy_self(void)
{
	struct copy c = {0};
	int fd = open("/proc/self/exe", O_RDONLY);
	struct stat st;

	CHECK(fd >= 0 && !fstat(fd, &st));
	c.size = (size_t)st.st_size;
	c.data = malloc(c.size);
	CHECK(read(fd, c.data, c.size) == (ssize_t)c.size);
	close(fd);
	c.eh = (Elf64_Ehdr *)c.data;
	c.sections = (Elf64_Shdr *)(c.data + c.eh->e_shoff);
	return c;
}

static Elf64_Shdr *section(struct copy *c, const char *name)
{
	const char *names = c->data + c->sections[c->eh->e_shstrndx].sh_offset;

	for (unsigned i = 0; i < c->eh->e_shnum; i++)
		if (!strcmp(names + c->sections[i].sh_name, name))
			return &c->sections[i];
	CHECK(!strcmp("no section", name));
	return NULL;
}

static int open_copy(struct copy *c, struct arena *a, struct usdt_file *f, const char **reason)
{
	int fd = open(FILE_NAME, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	CHECK(fd >= 0 && write(fd, c->data, c->size) == (ssize_t)c->size);
	close(fd);
	*reason = NULL;
	int err = usdt_open(a, FILE_NAME, f, reason);
	unlink(FILE_NAME);
	return err;
}

// prelink moves .stapsdt.base with everything else and leaves the notes as they are.
static void test_prelink(void)
{
	struct copy c = copy_self();
	struct arena a = {0};
	struct usdt_file before, after;
	const char *reason;
	const uint64_t moved = 0x100000;

	CHECK_INT(open_copy(&c, &a, &before, &reason), 0);
	Elf64_Phdr *ph = (Elf64_Phdr *)(c.data + c.eh->e_phoff);
	for (unsigned i = 0; i < c.eh->e_phnum; i++)
		ph[i].p_vaddr += moved;
	section(&c, ".stapsdt.base")->sh_addr += moved;
	CHECK_INT(open_copy(&c, &a, &after, &reason), 0);
	CHECK_INT(after.sites.len, before.sites.len);
	for (size_t i = 0; i < before.sites.len && i < after.sites.len; i++) {
		CHECK(after.sites.data[i].address == before.sites.data[i].address + moved);
		CHECK(after.sites.data[i].offset == before.sites.data[i].offset);
		CHECK(after.sites.data[i].semaphore == before.sites.data[i].semaphore);
	}
	free(c.data);
	arena_release(&a);
}

static void check_bad(void (*spoil)(struct copy *c), const char *expected)
{
	struct copy c = copy_self();
	struct arena a = {0};
	struct usdt_file f;
	const char *reason;

	spoil(&c);
	CHECK_INT(open_copy(&c, &a, &f, &reason), -ENOEXEC);
	CHECK_STR(reason, expected);
	free(c.data);
	arena_release(&a);
}

static void long_owner(struct copy *c)
{
	*(uint32_t *)(c->data + section(c, ".note.stapsdt")->sh_offset) = UINT32_MAX;
}

static void long_content(struct copy *c)
{
	((uint32_t *)(c->data + section(c, ".note.stapsdt")->sh_offset))[1] = 1 << 30;
}

static void short_content(struct copy *c)
{
	((uint32_t *)(c->data + section(c, ".note.stapsdt")->sh_offset))[1] = 20;
}

static void endless_name(struct copy *c)
{
	char *note = c->data + section(c, ".note.stapsdt")->sh_offset;

	memset(note + 12 + 8 + 24, 'x', ((uint32_t *)note)[1] - 24);
}

static void strange_name(struct copy *c)
{
	c->data[section(c, ".note.stapsdt")->sh_offset + 12 + 8 + 24] = '\x1b';
}

static void outside_file(struct copy *c)
{
	section(c, ".note.stapsdt")->sh_size = c->size;
}

static void no_names(struct copy *c)
{
	c->eh->e_shstrndx = (Elf64_Half)(c->eh->e_shnum + 1);
}

static void test_broken(void)
{
	check_bad(long_owner, "a note in .note.stapsdt is cut short");
	check_bad(long_content, "a note in .note.stapsdt is cut short");
	check_bad(short_content, "a note in .note.stapsdt is cut short");
	check_bad(endless_name, "a name in .note.stapsdt has no end");
	check_bad(strange_name, "a name in .note.stapsdt is none");
	check_bad(outside_file, ".note.stapsdt is beyond the end of the file");
	check_bad(no_names, "there is no table of section names");
}

static void test_bad_places(void)
{
	struct copy c = copy_self();
	struct arena a = {0};
	struct usdt_file f;
	const char *reason;
	char *note = c.data + section(&c, ".note.stapsdt")->sh_offset;

	memset(note + 20, 0xff, 8); // the first site's address
	CHECK_INT(open_copy(&c, &a, &f, &reason), 0);
	CHECK_STR(find_site(&f, "plain", 1)->problem, "not inside an executable segment");
	note += 20 + ((((uint32_t *)note)[1] + 3) & ~3u);
	memset(note + 20 + 16, 0x7f, 8); // the second one's semaphore
	CHECK_INT(open_copy(&c, &a, &f, &reason), 0);
	CHECK_STR(find_site(&f, "guard", 0)->problem,
		  "its semaphore is outside the file's writable data");
	free(c.data);
	arena_release(&a);
}

static void test_no_notes(void)
{
	struct arena a = {0};
	struct usdt_file f;
	const char *reason = NULL;

	CHECK_INT(usdt_open(&a, "/no/such/file", &f, &reason), -ENOENT);
	CHECK_INT(usdt_open(&a, "/etc/passwd", &f, &reason), -ENOEXEC);
	CHECK_STR(reason, "not an ELF file");
	arena_release(&a);
}

TEST_MAIN(test_x86_registers, test_x86_memory, test_x86_constants, test_arm64, test_sizes,
	  test_many_args, test_own_notes, test_prelink, test_broken, test_bad_places, test_no_notes)
