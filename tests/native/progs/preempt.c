// preempt [SLEEPERS [SECONDS]]: threads that come on top of each other on one CPU.
//
// One thread updates a BPF hash map and calls shout() all the time; SLEEPERS threads of a higher
// priority sleep for very short times and call shout() in between. Where the kernel can be
// preempted anywhere, a sleeper comes in the middle of a map update, when the kernel runs no
// kprobe program on that CPU: entries and returns of its calls are missed at random. And it comes
// in the middle of the other thread's shout(), on top of a program that traces it.
//
// It goes on until SECONDS are over and each thread has called shout() twenty times.
// shout(a, b): two copies of a text that no other thread has; they are also the arguments of its
// USDT probe preempt:shouted. Prints how many calls there were.
#define _GNU_SOURCE
#include <linux/bpf.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "sdt.h"

enum { TEXT_SIZE = 180, THREADS_MAX = 32, CALLS_MIN = 20 };

static volatile int over;
static long calls[THREADS_MAX + 1];

int shout(const char *a, const char *b);

int shout(const char *a, const char *b)
{
	asm volatile(SDT_SITE("0", "preempt", "shouted", "8@%0 8@%1")::"r"(a), "r"(b));
	return a[0] == b[0];
}

static void fill(char a[TEXT_SIZE], char b[TEXT_SIZE], int id)
{
	memset(a, 'a' + id, TEXT_SIZE - 1);
	a[TEXT_SIZE - 1] = '\0';
	memcpy(b, a, TEXT_SIZE);
}

static void *sleeper(void *arg)
{
	int id = (int)(intptr_t)arg;
	char a[TEXT_SIZE], b[TEXT_SIZE];
	struct sched_param priority = {.sched_priority = 10};

	fill(a, b, id);
	pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority);
	while (!over) {
		struct timespec t = {0, 20000 + 7000 * id};

		nanosleep(&t, NULL);
		shout(a, b);
		calls[id]++;
	}
	return NULL;
}

static long bpf_call(int cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static int all_called(int threads)
{
	for (int i = 0; i <= threads; i++)
		if (__atomic_load_n(&calls[i], __ATOMIC_RELAXED) < CALLS_MIN)
			return 0;
	return 1;
}

static void update_for(int seconds, int threads)
{
	union bpf_attr make = {
	    .map_type = BPF_MAP_TYPE_HASH, .key_size = 4, .value_size = 8, .max_entries = 4};
	char a[TEXT_SIZE], b[TEXT_SIZE];
	uint32_t key = 0;
	uint64_t value = 0;
	int fd = (int)bpf_call(BPF_MAP_CREATE, &make);
	time_t end = time(NULL) + seconds;

	fill(a, b, 0);
	while (fd >= 0 && (time(NULL) < end || !all_called(threads))) {
		union bpf_attr update = {.map_fd = (uint32_t)fd,
					 .key = (uint64_t)(uintptr_t)&key,
					 .value = (uint64_t)(uintptr_t)&value};
		bpf_call(BPF_MAP_UPDATE_ELEM, &update);
		shout(a, b);
		calls[0]++;
	}
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 6;
	pthread_t threads[THREADS_MAX];
	cpu_set_t first;
	long sum = 0;

	if (count < 1 || count > THREADS_MAX)
		return 1;
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (sched_setaffinity(0, sizeof(first), &first))
		return 1;
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, sleeper, (void *)(intptr_t)(i + 1));
	update_for(argc > 2 ? atoi(argv[2]) : 3, count);
	over = 1;
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i <= count; i++)
		sum += calls[i];
	printf("%ld calls\n", sum);
	return 0;
}
