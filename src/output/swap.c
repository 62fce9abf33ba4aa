// swap: the other copies of maps are put where programs look for theirs. From each the kernel returns
// when no program is left that uses the copy before (none is sleepable): after 0.1 ms or after 30, by
// how it is built and what the machine does. Once that was long, the rest are waited for at the
// same time, each in a thread.
#include "output/internal.h"

#include <errno.h>
#include <time.h>

#include "base/thread.h"

#define LONG_NS 2000000u // a thread costs 0.1 to 0.3 ms

static void *swap_one(void *arg)
{
	struct map_swap *s = arg;

	if (!s->err && kernel_map_put(s->outer, 0, &s->next))
		s->err = -errno;
	return NULL;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void swap_at_once(struct map_swap *swaps, size_t count)
{
	bool started[TAKES_AT_ONCE] = {false};
	pthread_t threads[TAKES_AT_ONCE];

	for (size_t i = 1; i < count; i++)
		started[i] = thread_start(&threads[i], swap_one, &swaps[i]);
	for (size_t i = 0; i < count; i++)
		if (!started[i])
			swap_one(&swaps[i]);
	for (size_t i = 1; i < count; i++)
		if (started[i])
			pthread_join(threads[i], NULL);
}

void swap_maps(struct map_swap *swaps, size_t count)
{
	uint64_t start, wait = 0;
	size_t i;

	for (i = 0; i < count && wait < LONG_NS; i++) {
		start = now_ns();
		swap_one(&swaps[i]);
		wait = now_ns() - start;
	}
	swap_at_once(swaps + i, count - i);
}
