// usdt_host: opens a library only once it is told to: when the file "go" exists.
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	for (int i = 0; i < 30000 && access("go", F_OK); i++)
		usleep(10000);
	void *lib = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
	void (*call)(long) = lib ? (void (*)(long))dlsym(lib, "lib_call") : NULL;
	if (!call)
		return 1;
	for (long i = 1; i <= 3; i++)
		call(i * 11);
	return 0;
}
