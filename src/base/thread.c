// thread.c: see the header. A thread starts with the signal mask of its maker.
#include "base/thread.h"

#include <signal.h>

bool thread_start(pthread_t *t, void *(*run)(void *), void *arg)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	bool started = !pthread_create(t, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}
