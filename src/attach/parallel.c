// parallel.c: threads that take the next of many things.
//
// Enters: a count and a call. Leaves: the calls made, the threads gone. Refuses nothing: without
// threads the caller does it all.
#include "attach/parallel.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS_MAX = 64 };

struct crowd {
	bool (*fn)(void *ctx, size_t i, bool caller);
	void *ctx;
	size_t count;
	atomic_size_t next;
	atomic_bool over;
};

static void work(struct crowd *c, bool caller)
{
	for (size_t i; !atomic_load(&c->over) && (i = atomic_fetch_add(&c->next, 1)) < c->count;)
		if (!c->fn(c->ctx, i, caller))
			atomic_store(&c->over, true);
}

static void *worker(void *ctx)
{
	work(ctx, false);
	return NULL;
}

void parallel_each(size_t count, unsigned threads, bool (*fn)(void *ctx, size_t i, bool caller),
		   void *ctx)
{
	struct crowd c = {.fn = fn, .ctx = ctx, .count = count};
	pthread_t ids[THREADS_MAX];
	unsigned started = 0;

	while (started + 1 < threads && started < THREADS_MAX && started + 1 < count &&
	       !pthread_create(&ids[started], NULL, worker, &c))
		started++;
	work(&c, true);
	while (started)
		pthread_join(ids[--started], NULL);
}
