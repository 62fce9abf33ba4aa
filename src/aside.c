// aside: BEGIN and END, which the kernel runs in one call: nobody drains the ring buffer meanwhile,
// and what a loop sends may be more than it holds. So another thread makes the call, and this one
// moves records to memory. They are printed after it: before "Attached" nothing is, and a map is
// printed as END leaves it.
#include "aside.h"

#include <stdatomic.h>

#include "attach/tracer.h"
#include "base/thread.h"
#include "output/output.h"

struct call {
	struct tracer *tracer;
	int (*run)(struct tracer *t);
	atomic_bool done;
	int result;
};

static void *make_call(void *arg)
{
	struct call *c = arg;
	c->result = c->run(c->tracer);
	atomic_store(&c->done, true);
	return NULL;
}

int run_aside(const struct program *p, struct tracer *t, struct output *o,
	      int (*run)(struct tracer *t))
{
	struct call c = {.tracer = t, .run = run};
	pthread_t thread;

	if (!p->has_loops || !thread_start(&thread, make_call, &c))
		return run(t);
	while (!atomic_load(&c.done)) // not asleep: 8 MB are full in 10 ms
		output_set_aside(o);
	pthread_join(thread, NULL);
	return c.result;
}
