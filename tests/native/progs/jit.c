// jit: as a run-time compiler does it: code that is in no file, named in /tmp/perf-PID.map. It calls
// back() every 10 ms until standard input ends; the map goes with it.
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int back(void);

int back(void)
{
	return 1;
}

// int compiled(int (*fn)(void)) { return fn(); } with a frame pointer.
#ifdef __aarch64__
static const uint32_t code[] = {0xa9bf7bfd, 0x910003fd, 0xd63f0000, 0xa8c17bfd, 0xd65f03c0};
#else
static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xff, 0xd7, 0x5d, 0xc3};
#endif

int main(void)
{
	struct pollfd in = {.fd = 0, .events = POLLIN};
	int (*compiled)(int (*)(void));
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char path[64];
	FILE *map;

	if (page == MAP_FAILED)
		return 1;
	memcpy(page + 64, code, sizeof(code));
	__builtin___clear_cache(page, page + 4096);
	memcpy(&compiled, &(char *){page + 64}, sizeof(compiled));
	snprintf(path, sizeof(path), "/tmp/perf-%d.map", getpid());
	map = fopen(path, "w");
	if (!map)
		return 1;
	fprintf(map, "%lx %zx Compiled::method(int)\n", (unsigned long)(page + 64), sizeof(code));
	fclose(map);
	puts("ready");
	fflush(stdout);
	while (poll(&in, 1, 10) == 0)
		compiled(back);
	return unlink(path) != 0;
}
