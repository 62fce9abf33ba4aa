// symbols: data that uaddr() finds. The string is on the stack: what is only in the file may
// not be in memory yet.
#include <stdio.h>
#include <string.h>

int counter = 42;
long big = 1234567890123;
char small = 'x';
const char *greeting;

__attribute__((noinline)) int work(int n)
{
	counter += n;
	return counter;
}

int main(void)
{
	char text[16];

	snprintf(text, sizeof(text), "hello there");
	greeting = text;
	return work(1) == 0;
}
