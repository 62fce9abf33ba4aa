// calls [ROUNDS]: a few functions with known arguments and results, called in a known order.
// Per round i from 1: work(i), work_more(i), add(i, 10), greet("world"), none().
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int work(int n);
int work_more(int n);
long add(long a, long b);
const char *greet(const char *name);
void none(void);

int work(int n)
{
	return n * 2;
}

int work_more(int n)
{
	return -n;
}

long add(long a, long b)
{
	return a + b;
}

const char *greet(const char *name)
{
	static char text[64];

	snprintf(text, sizeof(text), "hello %s", name);
	return text;
}

void none(void)
{
}

int main(int argc, char **argv)
{
	const volatile char *name = "world";
	int rounds = argc > 1 ? atoi(argv[1]) : 3;
	char touched = name[0]; // a page that is not there yet cannot be read by a probe

	for (int i = 1; i <= rounds; i++) {
		work(i);
		work_more(i);
		add(i, 10);
		greet((const char *)name);
		none();
	}
	return argc > 2 ? atoi(argv[2]) : touched == 0;
}
