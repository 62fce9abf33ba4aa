// aside: BEGIN and END, which the kernel runs in one call: nobody drains the ring buffer meanwhile,
// and what a loop sends may be more than it holds. So another thread makes the call, and this one
// moves records to memory. They are printed after it: before "Attached" nothing is, and a map is
// printed as END leaves it.
#include "aside.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "attach/tracer.h"
#include "base/cleanup.h"
#include "base/thread.h"
#include "output/output.h"

struct call {
	struct tracer *tracer;
	int (*run)(struct tracer *t);
	int returned; // eventfd
	int result;
};

static void *make_call(void *arg)
{
	struct call *c = arg;

	c->result = c->run(c->tracer);
	eventfd_write(c->returned, 1);
	return NULL;
}

// Asleep while there is nothing to move: a BEGIN that only computes needs no second CPU. What comes
// first after that wakes us up. When memory has enough, what comes more is lost.
static void move_records(const struct call *c, struct output *o)
{
	struct pollfd fds[] = {{.fd = c->returned, .events = POLLIN},
			       {.fd = output_ring_fd(o), .events = POLLIN}};

	while (poll(fds, ARRAY_SIZE(fds), -1) < 0 || !fds[0].revents)
		if (!output_set_aside(o))
			fds[1].fd = -1;
}

int run_aside(const struct program *p, struct tracer *t, struct output *o,
	      int (*run)(struct tracer *t))
{
	_cleanup_close_ int returned = p->has_loops ? eventfd(0, EFD_CLOEXEC) : -1;
	struct call c = {.tracer = t, .run = run, .returned = returned};
	pthread_t thread;

	if (returned < 0 || !thread_start(&thread, make_call, &c))
		return run(t);
	move_records(&c, o);
	pthread_join(thread, NULL);
	return c.result;
}
