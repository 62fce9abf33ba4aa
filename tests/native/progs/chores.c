// chores [CHORE...]: what tools watch, done once each, in the order given: missing file exec
// fail kill tcp sync lock leak touch burn. What it did is known: see each function.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void pause_ms(long ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

static void missing(void)
{
	close(open("/no/such/chore", O_RDONLY));
}

static void file(void)
{
	close(open("chore.file", O_CREAT | O_WRONLY, 0600));
}

static void run_child(char *const *words, int status)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (words)
			execv(words[0], words);
		_exit(status);
	}
	waitpid(pid, NULL, 0);
}

// The words lie on the stack: pages that the child has not touched yet can't be read by a tracer.
static void exec(void)
{
	char shell[] = "/bin/sh", option[] = "-c", script[] = "exit 0", name[] = "chore";
	char *words[] = {shell, option, script, name, NULL};

	run_child(words, 127);
}

static void fail(void)
{
	run_child(NULL, 3);
}

static void kill_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		for (;;)
			pause();
	}
	pause_ms(20);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

// 100,000 bytes from client to server over a port of the kernel's choice, closed by both.
static void tcp(void)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(addr);
	int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), peer;
	static char data[100000];
	ssize_t n = 0, part = 1;

	if (bind(server, (struct sockaddr *)&addr, len) || listen(server, 1) ||
	    getsockname(server, (struct sockaddr *)&addr, &len) ||
	    connect(client, (struct sockaddr *)&addr, len)) {
		perror("tcp");
		exit(1);
	}
	peer = accept(server, NULL, NULL);
	if (fork() == 0) {
		close(peer);
		_exit(write(client, data, sizeof(data)) != sizeof(data));
	}
	close(client);
	while (part > 0) {
		part = read(peer, data, sizeof(data));
		n += part > 0 ? part : 0;
	}
	wait(NULL);
	close(peer);
	close(server);
	printf("tcp %zd\n", n);
}

static void sync_file(void)
{
	int fd = open("chore.sync", O_CREAT | O_WRONLY, 0600);

	if (write(fd, "x", 1) != 1 || fsync(fd))
		perror("sync");
	close(fd);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pid_t waiter; // the thread that wants it

static void *want_lock(void *arg)
{
	__atomic_store_n(&waiter, gettid(), __ATOMIC_RELEASE);
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	return arg;
}

static int waits(pid_t thread)
{
	char path[64], text[512] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", (int)thread);
	f = fopen(path, "re");
	if (f) {
		text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
		fclose(f);
	}
	return strstr(text, ") S ") != NULL;
}

// One thread waits for a mutex, at least 50 ms.
static void lock(void)
{
	pthread_t t;

	pthread_mutex_lock(&mutex);
	pthread_create(&t, NULL, want_lock, NULL);
	while (!__atomic_load_n(&waiter, __ATOMIC_ACQUIRE) || !waits(waiter))
		sched_yield();
	pause_ms(50);
	pthread_mutex_unlock(&mutex);
	pthread_join(t, NULL);
}

// Ten times 1000 bytes that nobody frees, and as many that are freed.
void *leak_1000(void);

void *leak_1000(void)
{
	return malloc(1000);
}

extern void *volatile leaked[10];
void *volatile leaked[10];

static void leak(void)
{
	for (int i = 0; i < 10; i++) {
		leaked[i] = leak_1000();
		free(malloc(2000));
	}
}

// 2000 pages for the first time.
static void touch(void)
{
	size_t size = 2000 * 4096;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(p, size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < size; i += 4096)
		p[i] = 1;
	munmap(p, size);
}

// Half a second of computing, most of it in here, some in the kernel.
void burn_cpu(void);

void burn_cpu(void)
{
	clock_t end = clock() + CLOCKS_PER_SEC / 2;

	while (clock() < end)
		for (volatile int i = 0; i < 300; i++)
			;
}

static const struct chore {
	const char *name;
	void (*run)(void);
} chores[] = {
    {"missing", missing}, {"file", file},    {"exec", exec}, {"fail", fail},
    {"kill", kill_child}, {"tcp", tcp},	     {"lock", lock}, {"sync", sync_file},
    {"leak", leak},	  {"touch", touch},  {"burn", burn_cpu},
};

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		for (size_t c = 0; c < sizeof(chores) / sizeof(chores[0]); c++)
			if (strcmp(argv[i], chores[c].name) == 0)
				chores[c].run();
	return 0;
}
