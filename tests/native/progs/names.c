// names [ROUNDS]: calls named("key-0"), named("key-1"), ... and keyed(i, i * i).
#include <stdio.h>
#include <stdlib.h>

int named(const char *name);
int keyed(int a, int b);

int named(const char *name)
{
	return name[0];
}

int keyed(int a, int b)
{
	return a - b;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 10;

	for (int i = 0; i < rounds; i++) {
		char name[32];

		snprintf(name, sizeof(name), "key-%d", i);
		named(name);
		keyed(i, i * i);
	}
	return 0;
}
