// refused [CALLS]: makes a system call with a path that the kernel refuses before it looks at
// anything (umount2 with flags that do not exist), and prints the time of one call in ns. For
// measurements.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const char path[] = "/usr/lib/x86_64-linux-gnu/libc.so.6";

int main(int argc, char **argv)
{
	long calls = argc > 1 ? atol(argv[1]) : 1000000;
	struct timespec a, b;

	if (calls < 1)
		return 1;
	char touched = *(const volatile char *)path; // its page is there: no tracer may wait for it
	(void)touched;
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (long i = 0; i < calls; i++)
		syscall(SYS_umount2, path, 0x40000000);
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%.1f\n", ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) /
			     (double)calls);
	return 0;
}
