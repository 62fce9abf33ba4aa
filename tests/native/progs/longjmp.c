// longjmp [ROUNDS]: each round calls leave(i), which never returns (it jumps out through
// outer(i), which does not return either), then stay(i), which does.
#include <setjmp.h>
#include <stdlib.h>

static jmp_buf out;

int leave(int n);
int outer(int n);
int stay(int n);

int leave(int n)
{
	longjmp(out, n);
	return -1;
}

int outer(int n)
{
	return leave(n) + 1;
}

int stay(int n)
{
	return n * 100;
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 3;

	for (volatile int i = 1; i <= rounds; i++) {
		if (setjmp(out) == 0)
			outer(i);
		stay(i);
	}
	return 0;
}
