// loads LIB: loads it when it runs already, then calls its far_work() again and again.
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	void *lib = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
	int (*work)(int n) = lib ? (int (*)(int))dlsym(lib, "far_work") : NULL;

	if (!work) {
		fprintf(stderr, "%s\n", dlerror());
		return 1;
	}
	for (int i = 0; i < 1000; i++) {
		if (work(i) < 0)
			return 2;
		usleep(10000);
	}
	return 0;
}
