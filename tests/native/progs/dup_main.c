// dup: helper() exists twice, as a static function of each of two files; same_a and same_b
// share one address.
int dup_a(int n);
int dup_b(int n);
int same_a(int n);
int same_b(int n) __attribute__((alias("same_a")));

int same_a(int n)
{
	return n + 1;
}

int main(void)
{
	dup_a(1);
	dup_b(2);
	same_a(3);
	same_b(4);
	return 0;
}
