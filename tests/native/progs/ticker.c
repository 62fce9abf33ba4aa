// ticker [TICKS [MS]]: calls tick(i) every MS milliseconds, TICKS times (0: for ever). Ends
// at once with status 0 on SIGTERM, so that tests see who killed it and how.
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

long tick(long i);

long tick(long i)
{
	return i + 1;
}

static void on_term(int sig)
{
	_exit(0);
}

int main(int argc, char **argv)
{
	long ticks = argc > 1 ? atol(argv[1]) : 0;
	long ms = argc > 2 ? atol(argv[2]) : 10;
	struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	if (argc > 3)
		signal(SIGTERM, on_term);
	for (long i = 0; ticks == 0 || i < ticks; i++) {
		tick(i);
		nanosleep(&pause, NULL);
	}
	return 0;
}
