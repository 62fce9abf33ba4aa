// hot [CALLS [THREADS]]: calls hot(i) CALLS times (per thread) and prints the time of one call
// in ns. For measurements.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

long hot(long n);
static long calls = 1000000;

__attribute__((noinline)) long hot(long n)
{
	__asm__ volatile("" : "+r"(n));
	return n;
}

static void *run(void *arg)
{
	for (long i = 0; i < calls; i++)
		hot(i);
	return NULL;
}

int main(int argc, char **argv)
{
	int count = argc > 2 ? atoi(argv[2]) : 1;
	struct timespec a, b;
	pthread_t threads[64];

	if (argc > 1)
		calls = atol(argv[1]);
	if (count < 1 || count > 64 || calls < 1)
		return 1;
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%.1f\n", ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) /
			     (double)calls);
	return 0;
}
