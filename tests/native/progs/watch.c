// watch [TIMES [MS]]: writes `watched` so many times, one to three in turn, MS milliseconds apart.
// Without times it says where that is, with 0 where the function is that writes it: always the same
// place, for it is not position independent.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

volatile long watched;
void set(long value);

__attribute__((noinline)) void set(long value)
{
	watched = value;
}

int main(int argc, char **argv)
{
	long times = argc > 1 ? atol(argv[1]) : 0;
	long ms = argc > 2 ? atol(argv[2]) : 1;
	struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	if (!times)
		printf("%p\n", argc > 1 ? (void *)set : (void *)&watched);
	for (long i = 0; i < times; i++) {
		set(i % 3 + 1);
		nanosleep(&pause, NULL);
	}
	return 0;
}
