// threads [THREADS [ROUNDS]]: all threads are inside hold(id, round) at the same time, in
// every round; hold returns id * 1000 + round.
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

static pthread_barrier_t barrier;
static int rounds = 10;

long hold(long id, long round);

long hold(long id, long round)
{
	pthread_barrier_wait(&barrier);
	return id * 1000 + round;
}

static void *run(void *arg)
{
	for (int i = 0; i < rounds; i++)
		hold((long)(intptr_t)arg, i);
	return NULL;
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 4;
	pthread_t threads[64];

	if (count < 1 || count > 64)
		return 1;
	if (argc > 2)
		rounds = atoi(argv[2]);
	pthread_barrier_init(&barrier, NULL, (unsigned)count);
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, run, (void *)(intptr_t)(i + 1));
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
