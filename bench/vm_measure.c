// vm_measure: run a tracer until its first line of output, then end it, in a guest.
//
//	vm_measure NAME TRACER ARGS...
//
// Enters: a command whose script prints a line once it runs (an `interval` that prints).
// Leaves: one line on stdout, fields separated by tabs:
//	NAME  seconds to the first line  seconds from SIGINT to the end  peak memory in MB
//	      BPF programs, BPF links, perf events, file descriptors while it ran
//	      microseconds of one read() of /dev/zero while it ran  exit status
// A command that ends before it printed anything has "-" for what was not measured; the end of
// its standard error follows, indented. Refuses nothing.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ERRORS "/tmp/vm_measure.err"

enum { LIMIT_SECONDS = 1500, ERROR_LINES = 3, READS = 2000, ROUNDS = 5 };

struct counts {
	int programs, links, events, fds;
};
struct measured {
	double up, end; // seconds; below 0: not reached
	double peak_mb;
	struct counts had;
	double read_us;
	int status; // of wait
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int count_ids(int command)
{
	union bpf_attr attr = {0};
	int n = 0;

	while (!syscall(SYS_bpf, command, &attr, sizeof(attr))) {
		attr.start_id = attr.next_id;
		n++;
	}
	return n;
}

// What the process holds; programs and links, which need not be held by an fd, of all the guest.
static struct counts count(pid_t pid)
{
	struct counts c = {.programs = count_ids(BPF_PROG_GET_NEXT_ID),
			   .links = count_ids(BPF_LINK_GET_NEXT_ID)};
	char path[64], target[128];
	struct dirent *e;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	DIR *dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		ssize_t n = readlinkat(dirfd(dir), e->d_name, target, sizeof(target) - 1);
		if (n < 0)
			continue;
		target[n] = '\0';
		c.fds++;
		c.events += strstr(target, "perf_event") != NULL;
	}
	if (dir)
		closedir(dir);
	return c;
}

// What one system call takes now: a dozen functions of the kernel. Best of some rounds.
static double read_us(void)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	double best = -1;
	char byte;

	for (int round = 0; round < ROUNDS; round++) {
		double begin = now(), took;
		for (int i = 0; i < READS; i++)
			if (read(fd, &byte, 1) != 1)
				return -1;
		took = (now() - begin) * 1e6 / READS;
		if (best < 0 || took < best)
			best = took;
	}
	close(fd);
	return best;
}

static double peak_mb(pid_t pid)
{
	char path[64], line[256];
	long kb = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "VmHWM: %ld", &kb) == 1)
			break;
	if (f)
		fclose(f);
	return (double)kb / 1024;
}

// The descriptor that the child's standard output comes from.
static int start(char **argv, pid_t *pid)
{
	int out[2];

	if (pipe2(out, O_CLOEXEC))
		exit(1);
	*pid = fork();
	if (*pid == 0) {
		int err = open(ERRORS, O_CREAT | O_TRUNC | O_WRONLY, 0600);
		dup2(out[1], 1);
		dup2(err, 2);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(out[1]);
	return out[0];
}

static int wait_line(int fd, double until)
{
	char buf[4096];
	struct pollfd p = {.fd = fd, .events = POLLIN};

	while (now() < until) {
		if (poll(&p, 1, 1000) <= 0)
			continue;
		ssize_t n = read(fd, buf, sizeof(buf));
		if (n <= 0)
			return 0;
		if (memchr(buf, '\n', (size_t)n) && memmem(buf, (size_t)n, "up", 2))
			return 1;
	}
	return 0;
}

static void drain(int fd)
{
	char buf[4096];

	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

static struct measured run(char **argv)
{
	struct measured m = {.up = -1, .end = -1};
	struct counts before = count(getpid());
	double begin = now();
	pid_t pid;
	int fd = start(argv, &pid);

	if (wait_line(fd, begin + LIMIT_SECONDS)) {
		m.up = now() - begin;
		m.had = count(pid);
		m.had.programs -= before.programs;
		m.had.links -= before.links;
		m.read_us = read_us();
	}
	m.peak_mb = peak_mb(pid);
	begin = now();
	kill(pid, SIGINT);
	drain(fd);
	waitpid(pid, &m.status, 0);
	m.end = m.up < 0 ? -1 : now() - begin;
	close(fd);
	return m;
}

static void print_errors(void)
{
	char line[300];
	FILE *f = fopen(ERRORS, "r");

	for (int i = 0; f && i < ERROR_LINES && fgets(line, sizeof(line), f); i++)
		printf("    %s%s", line, strchr(line, '\n') ? "" : "\n");
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 1;
	struct measured m = run(argv + 2);
	int status = WIFEXITED(m.status) ? WEXITSTATUS(m.status) : 128 + WTERMSIG(m.status);
	if (m.up < 0) {
		printf("%s\t-\t-\t-\t-\t-\t-\t-\t-\t%d\n", argv[1], status);
		print_errors();
	} else {
		printf("%s\t%.2f\t%.2f\t%.0f\t%d\t%d\t%d\t%d\t%.1f\t%d\n", argv[1], m.up, m.end, m.peak_mb,
		       m.had.programs, m.had.links, m.had.events, m.had.fds, m.read_us, status);
	}
	return 0;
}
