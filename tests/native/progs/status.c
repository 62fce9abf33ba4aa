// status N: ends with status N; `status -N` kills itself with signal N. Calls leaving(N) before.
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int leaving(int n);

int leaving(int n)
{
	return n;
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 0;

	leaving(n);
	if (n < 0) {
		signal(-n, SIG_DFL);
		kill(getpid(), -n);
	}
	return n;
}
