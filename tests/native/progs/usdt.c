// usdt: arguments in every place, probes with several sites, a guarded one.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sdt.h"

SDT_SEMAPHORE app_guarded_semaphore;
volatile int32_t exported = -777;
static char text[] = "hello";

#if defined(__x86_64__)
#define IN(n) "%" #n
#define BYTE(n) "%b" #n
#define HALF(n) "%w" #n
#define WORD(n) "%k" #n
#define CONST(n) "$" #n
#else
#define IN(n) "%x" #n
#define BYTE(n) "%w" #n
#define HALF(n) "%w" #n
#define WORD(n) "%w" #n
#define CONST(n) #n
#endif

static void __attribute__((noinline)) narrow(int8_t a, uint8_t b, int16_t c, uint16_t d)
{
	asm volatile(SDT_SITE("0", "app", "narrow",
			      "-1@" BYTE(0) " 1@" BYTE(1) " -2@" HALF(2) " 2@" HALF(3))::"r"(a),
		     "r"(b), "r"(c), "r"(d));
}

static void __attribute__((noinline)) wide(int32_t a, uint32_t b, int64_t c, uint64_t d)
{
	asm volatile(SDT_SITE("0", "app", "wide",
			      "-4@" WORD(0) " 4@" WORD(1) " -8@" IN(2) " 8@" IN(3))::"r"(a),
		     "r"(b), "r"(c), "r"(d));
}

static void __attribute__((noinline)) consts(void)
{
	asm volatile(SDT_SITE("0", "app", "consts",
			      "-4@" CONST(-5) " 4@" CONST(7) " -8@" CONST(-1) " 1@" CONST(200)));
}

static void __attribute__((noinline)) memory(int32_t *p, long i, const char *s)
{
#if defined(__x86_64__)
	asm volatile(SDT_SITE("0", "app", "memory", "-4@(%0) -4@4(%0) 8@%1 8@%2")::"r"(p), "r"(i),
		     "r"(s));
	asm volatile(SDT_SITE("0", "app", "indexed",
			      "-4@(%0,%1,4) -4@-4(%0,%1,4) -4@4+4(%0) 2@8(%0)")::"r"(p),
		     "r"(i));
	asm volatile(
	    SDT_SITE("0", "app", "symbol", "-4@exported(%rip) 8@$exported -4@exported+0(%rip)"));
	asm volatile("xorl %%ecx, %%ecx\nmovb $0x5a, %%ch\n" SDT_SITE("0", "app", "high",
								      "1@%%ch 1@%%cl 8@%%xmm0")::
			 : "rcx");
#else
	asm volatile(SDT_SITE("0", "app", "memory", "-4@[%x0] -4@[%x0, 4] 8@%x1 8@%x2")::"r"(p),
		     "r"(i), "r"(s));
#endif
}

static void __attribute__((noinline)) several(long x)
{
	asm volatile(SDT_SITE("0", "app", "several", "-8@" IN(0))::"r"(x));
	asm volatile(SDT_SITE("0", "app", "several", "-4@" CONST(42)));
	asm volatile(SDT_SITE("0", "app", "several", "-8@" IN(0) " 4@" CONST(1))::"r"(x + 1));
	asm volatile(SDT_SITE("0", "other", "several", "8@" IN(0))::"r"(x));
}

static void __attribute__((noinline)) fast(long x)
{
#if defined(__x86_64__)
	asm volatile("990: nop\n.byte 0x66,0x2e,0x0f,0x1f,0x84,0,0,0,0,0\n" SDT_NOTE(
	    "990b", "0", "quick", "nop10", "8@%0")::"r"(x));
	asm volatile("990: nop\n.byte 0x0f,0x1f,0x44,0,0\n" SDT_NOTE("990b", "0", "quick", "nop5",
								     "8@%0")::"r"(x));
#endif
	asm volatile(SDT_SITE("0", "quick", "nop", "8@" IN(0))::"r"(x));
}

static void __attribute__((noinline)) guarded(long x)
{
	if (app_guarded_semaphore)
		asm volatile(
		    SDT_SITE("app_guarded_semaphore", "app", "guarded", "-8@" IN(0))::"r"(x));
}

static void round_of(int n)
{
	int32_t numbers[4] = {10, -20, 30, -40};

	narrow(-1, 255, -2, 65535);
	wide(-3, 4000000000u, -5, ~0ull);
	consts();
	memory(numbers, 2, text);
	several(100 * n);
	fast(n);
	guarded(n);
}

// usdt [ROUNDS [fork]]; `usdt semaphore` prints it every 10 ms until it was up and is down again.
static int watch(void)
{
	unsigned last = 0;

	for (int i = 0; i < 30000; i++) {
		unsigned now = app_guarded_semaphore;
		if (now != last) {
			printf("semaphore %u\n", now);
			fflush(stdout);
		}
		if (last && !now)
			return 0;
		last = now;
		usleep(10000);
	}
	return 1;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 1;

	if (argc > 1 && argv[1][0] == 's')
		return watch();
	if (argc > 2 && fork() > 0)
		return wait(NULL) < 0;
	for (int n = 1; n <= rounds; n++)
		round_of(n);
	return 0;
}
