// dup_a: one of the two files with a static helper().
int dup_a(int n);

static int helper(int n)
{
	return n * 10;
}

int dup_a(int n)
{
	return helper(n);
}
