// nested [ROUNDS]: a pipe, watched by an epoll, watched by an epoll, watched by an epoll. Each
// write to the pipe enters the kernel's ep_poll_callback three times, one inside the other.
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { DEPTH = 3 };

static int watch(int fd)
{
	struct epoll_event e = {.events = EPOLLIN};
	int outer = epoll_create1(0);

	return outer < 0 || epoll_ctl(outer, EPOLL_CTL_ADD, fd, &e) ? -1 : outer;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 5, ends[2], fd;
	struct epoll_event e;
	char c = 0;

	if (pipe(ends))
		return 1;
	fd = ends[0];
	for (int i = 0; i < DEPTH; i++)
		if ((fd = watch(fd)) < 0)
			return 1;
	for (int i = 0; i < rounds; i++)
		if (write(ends[1], &c, 1) != 1 || epoll_wait(fd, &e, 1, 1000) != 1 ||
		    read(ends[0], &c, 1) != 1)
			return 1;
	return 0;
}
