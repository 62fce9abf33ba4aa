// dup_b: one of the two files with a static helper().
int dup_b(int n);

static int helper(int n)
{
	return n * 20;
}

int dup_b(int n)
{
	return helper(n);
}
