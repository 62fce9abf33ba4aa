// recursion [N]: fact(N), then fib(N), then even(N)/odd(N-1)/...; N is 5 when not given.
#include <stdlib.h>

long fact(long n);
long fib(long n);
int even(int n);
int odd(int n);

long fact(long n)
{
	return n <= 1 ? 1 : n * fact(n - 1);
}

long fib(long n)
{
	return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int even(int n)
{
	return n == 0 ? 1 : odd(n - 1);
}

int odd(int n)
{
	return n == 0 ? 0 : even(n - 1);
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 5;

	fact(n);
	fib(n);
	even(n);
	return 0;
}
