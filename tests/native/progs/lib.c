// libfar.so: exported functions; stripped, it has only .dynsym.
int far_work(int n);
int far_more(int n);

int far_work(int n)
{
	return n + 1000;
}

int far_more(int n)
{
	return far_work(n) * 2;
}
