// detach.c: closing links in bounded time.
//
// Enters: descriptors that are the last ones of their links. Leaves: nothing attached, or, for
// many perf events, a helper process that goes on removing them. Refuses nothing.
//
// Closing a link waits for grace periods. For multi links the waits of several threads overlap.
// Perf event probes are removed under one kernel-wide mutex with about 50 ms each, also when
// the process just exits: 2,000 of them would hold up the results for minutes. Single
// trampolines take as long on kernels before 6.6. So they are handed to a child process that
// holds nothing but the links.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attach/parallel.h"
#include "attach/provider.h"
#include "base/log.h"

enum { CLOSERS_MAX = 64, SLOW_MANY = 16, PATIENCE_MS = 2000, POLL_MS = 5 };

// ---- side by side ----------------------------------------------------------------------

static bool close_next(void *fds, size_t i, bool caller)
{
	close(((const int *)fds)[i]);
	return true;
}

// ---- by a child ------------------------------------------------------------------------

static int compare_fds(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

// Everything but the links: nobody must wait for the child through a pipe that it holds.
static void keep_only(const int *sorted, size_t count)
{
	unsigned from = 0;

	for (size_t i = 0; i < count; i++) {
		if ((unsigned)sorted[i] > from)
			close_range(from, (unsigned)sorted[i] - 1, 0);
		from = (unsigned)sorted[i] + 1;
	}
	close_range(from, ~0u, 0);
}

static pid_t fork_closer(int *fds, size_t count)
{
	qsort(fds, count, sizeof(*fds), compare_fds);
	pid_t pid = fork();
	if (pid)
		return pid;
	setsid();
	keep_only(fds, count);
	parallel_each(count, CLOSERS_MAX, close_next, fds);
	_exit(0);
}

// True when it ended in time.
static bool wait_for(pid_t pid)
{
	const struct timespec pause = {0, POLL_MS * 1000000l};

	for (int waited = 0; waited < PATIENCE_MS; waited += POLL_MS) {
		pid_t got = waitpid(pid, NULL, WNOHANG);
		if (got == pid || (got < 0 && errno != EINTR))
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

void links_close(int *fds, size_t count, bool slow)
{
	pid_t pid = slow && count > SLOW_MANY ? fork_closer(fds, count) : -1;

	if (pid < 0) {
		parallel_each(count, CLOSERS_MAX, close_next, fds);
		return;
	}
	for (size_t i = 0; i < count; i++)
		close(fds[i]); // never the last: the child has it
	if (!wait_for(pid))
		log_note("the kernel is still removing %zu probes (process %d)", count,
			 (int)pid);
}
