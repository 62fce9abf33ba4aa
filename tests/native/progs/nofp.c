// Frames without frame pointers (it is built so): through functions of its own, through libc and
// back (qsort), and out of a signal's handler. Each ends in its leaf_*().
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define APART __attribute__((noinline, noclone))

volatile int sink;

APART int leaf_plain(int n)
{
	sink += n;
	return sink;
}

APART int inner(int n)
{
	char room[200];

	memset(room, n, sizeof(room));
	sink = leaf_plain(room[n]);
	return sink + room[1];
}

APART int outer(int n)
{
	sink = inner(n + 1);
	return sink + 1;
}

APART int leaf_sort(const int *a, const int *b)
{
	sink++;
	return *a - *b;
}

static int compare(const void *a, const void *b)
{
	int order = leaf_sort(a, b);

	sink++;
	return order;
}

APART int sort(void)
{
	int two[2] = {2, 1};

	qsort(two, 2, sizeof(two[0]), compare);
	return two[sink & 1];
}

APART void leaf_signal(int sig)
{
	sink += sig;
}

static void handler(int sig)
{
	leaf_signal(sig);
	sink++;
}

APART int interrupted(void)
{
	raise(SIGUSR1);
	return sink++;
}

int main(int argc, char **argv)
{
	signal(SIGUSR1, handler);
	do {
		outer(3);
		sort();
		interrupted();
		usleep(10000);
	} while (argc > 1);
	return 0;
}
