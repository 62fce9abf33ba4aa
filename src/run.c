// run: waits on the ring buffer, on signals, on the traced process and on the clock; drains
// records as they come. Returns when any of them says that it is over.
//
// The first record after a silence is printed at once. Then the ring buffer is left alone for a
// while (config output_delay_ms), during which programs wake nobody up: what comes in a stream is
// printed in lumps, each at most that late.
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "attach/tracer.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "output/output.h"

enum { LOSSES_MS = 1000 }; // until losses are looked for, where there may be some

struct run_signals run_signals = {.wake_fd = -1};

static void wake(void)
{
	uint64_t one = 1;
	int saved = errno;

	if (write(run_signals.wake_fd, &one, sizeof(one)) < 0)
		errno = saved; // the counter is full: it is readable anyway
	errno = saved;
}

static void on_signal(int sig)
{
	if (sig == SIGUSR1) {
		run_signals.usr1++;
	} else {
		if (run_signals.stop && sig == SIGINT)
			_exit(128 + SIGINT);
		if (!run_signals.stop)
			run_signals.stop_signal = sig;
		run_signals.stop = true;
	}
	wake();
}

int run_catch_signals(void)
{
	static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1};
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	run_signals.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (run_signals.wake_fd < 0) {
		log_error("cannot make an eventfd: %s", strerror(errno));
		return -1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(caught); i++) {
		struct sigaction old;

		sigaction(caught[i], NULL, &old);
		if (old.sa_handler == SIG_IGN && caught[i] == SIGHUP)
			continue; // nohup
		sigaction(caught[i], &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN); // noticed as EPIPE by output
	return 0;
}

// What woke us: the value of an epoll event.
enum waker { WAKE_RING, WAKE_OTHERS, WAKE_SIGNAL, WAKE_CHILD, WAKE_PID, WAKE_TIMER, WAKE_CPUS };

static int watch(int ep, int fd, enum waker who)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.u32 = who};

	return fd < 0 ? 0 : epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev);
}

static int timer_after(uint64_t ns)
{
	struct itimerspec when = {.it_value = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)}};
	int fd;

	if (!ns)
		return -1;
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (fd >= 0)
		timerfd_settime(fd, 0, &when, NULL);
	return fd;
}

static int pidfd_of(pid_t pid)
{
	return pid ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
}

static void handle_signals(struct tracer *t)
{
	uint64_t count;

	if (read(run_signals.wake_fd, &count, sizeof(count)) < 0)
		return;
	while (run_signals.usr1) {
		run_signals.usr1--;
		tracer_run_self(t, SIGUSR1);
	}
}

// Also when nobody can be told anything any more: the reader has gone, the disk is full.
static bool is_over(const struct output_state *s)
{
	return s->exit_requested || s->write_errors || s->pipe_closed;
}

// Two sets: all, and all but the ring buffer, which is inside the first.
struct waiting {
	int all, others;
	bool resting;
};

// One wait. Returns true when tracing is over.
static bool wait_once(struct waiting *w, struct tracer *t, struct output *o,
		      const struct run_options *opts)
{
	struct epoll_event events[8];
	bool over = false;
	int timeout = w->resting	      ? (int)opts->delay_ms
		      : output_may_have_lost(o) ? LOSSES_MS
						: -1;
	int n = epoll_wait(w->resting ? w->others : w->all, events, ARRAY_SIZE(events), timeout);

	if (n == 1 && events[0].data.u32 == WAKE_OTHERS)
		n = epoll_wait(w->others, events, ARRAY_SIZE(events), 0);
	for (int i = 0; i < n; i++) {
		switch ((enum waker)events[i].data.u32) {
		case WAKE_RING:
		case WAKE_OTHERS:
			break; // drained below in any case
		case WAKE_SIGNAL:
			handle_signals(t);
			break;
		case WAKE_CHILD:
			over |= child_poll(opts->child);
			break;
		case WAKE_CPUS:
			tracer_cpus_changed(t);
			break;
		case WAKE_PID:
		case WAKE_TIMER:
			over = true;
			break;
		}
	}
	w->resting = output_drain(o) && opts->delay_ms && output_may_rest(o);
	output_tell_losses(o);
	return over || run_signals.stop || is_over(output_state(o));
}

static int watch_all(struct waiting *w, struct output *o, const struct run_options *opts, int pidfd,
		     int timer)
{
	int err = w->all < 0 || w->others < 0 ? -1 : 0;

	err = err ?: watch(w->all, output_ring_fd(o), WAKE_RING);
	err = err ?: watch(w->all, output_packets_fd(o), WAKE_RING);
	err = err ?: watch(w->others, output_watch_fd(o), WAKE_RING);
	err = err ?: watch(w->all, w->others, WAKE_OTHERS);
	err = err ?: watch(w->others, run_signals.wake_fd, WAKE_SIGNAL);
	err = err ?: watch(w->others, opts->child ? opts->child->pidfd : -1, WAKE_CHILD);
	err = err ?: watch(w->others, pidfd, WAKE_PID);
	return err ?: watch(w->others, timer, WAKE_TIMER);
}

int run_loop(struct tracer *t, struct output *o, const struct run_options *opts)
{
	_cleanup_close_ int all = epoll_create1(EPOLL_CLOEXEC);
	_cleanup_close_ int others = epoll_create1(EPOLL_CLOEXEC);
	_cleanup_close_ int timer = timer_after(opts->for_ns);
	_cleanup_close_ int pidfd = pidfd_of(opts->pid);
	struct waiting w = {.all = all, .others = others};

	if (opts->pid && pidfd < 0 && errno == ESRCH)
		return 0; // gone already
	if (watch_all(&w, o, opts, pidfd, timer) || watch(others, tracer_cpu_fd(t), WAKE_CPUS)) {
		log_error("cannot wait for events: %s", strerror(errno));
		return -1;
	}
	while (!wait_once(&w, t, o, opts))
		;
	return 0;
}
