// redzone [ROUNDS]: leaf functions that keep values below their stack pointer, with a USDT site in
// the middle. Prints how many calls found their values changed.
#include <stdio.h>
#include <stdlib.h>

#include "sdt.h"

#define LEAF(name, nop)                                                                            \
	long name(long x);                                                                         \
	long __attribute__((naked, noinline)) name(long x)                                         \
	{                                                                                          \
		asm volatile("mov %%rdi, -8(%%rsp)\n"                                              \
			     "mov %%rdi, -16(%%rsp)\n"                                             \
			     "990: nop\n" nop SDT_NOTE("990b", "0", "leaf", #name, "8@%%rdi")      \
			     "mov -8(%%rsp), %%rax\n"                                              \
			     "and -16(%%rsp), %%rax\n"                                             \
			     "ret\n" ::);                                                          \
	}

#if defined(__x86_64__)
LEAF(plain, "")
LEAF(nop5, ".byte 0x0f,0x1f,0x44,0,0\n")
LEAF(nop10, ".byte 0x66,0x2e,0x0f,0x1f,0x84,0,0,0,0,0\n")
#else
static long plain(long x)
{
	asm volatile(SDT_SITE("0", "leaf", "plain", "8@%x0")::"r"(x));
	return x;
}
#define nop5 plain
#define nop10 plain
#endif

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 50, changed = 0;

	for (long i = 1; i <= rounds; i++)
		changed += (plain(i) != i) + (nop5(i) != i) + (nop10(i) != i);
	printf("%d changed\n", changed);
	return 0;
}
