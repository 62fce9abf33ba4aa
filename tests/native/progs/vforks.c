// vforks: calls tick() over and over, and lets children that share its memory (vfork) call it, too.
// They, and those of fork(), touch pages and make system calls.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sdt.h"

long tick(long i);
volatile long touched;

__attribute__((noinline)) long tick(long i)
{
	__asm__ volatile(SDT_SITE("0", "vforks", "ticked", ""));
	touched = i;
	return i + 1;
}

static void touch_pages(void)
{
	char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; p != MAP_FAILED && i < 1 << 20; i += 4096)
		p[i] = 1;
	if (p != MAP_FAILED)
		munmap(p, 1 << 20);
}

int main(void)
{
	for (;;) {
		pid_t child;

		tick(1);
		touch_pages();
		child = vfork();
		if (!child) {
			tick(2);
			_exit(0);
		}
		waitpid(child, NULL, 0);
		child = fork();
		if (!child) {
			touch_pages();
			getppid();
			_exit(0);
		}
		waitpid(child, NULL, 0);
		usleep(5000);
	}
}
