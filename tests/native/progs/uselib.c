// uselib: calls far_work(1), far_more(2) of libfar.so.
int far_work(int n);
int far_more(int n);

int main(void)
{
	return far_work(1) + far_more(2) == 0;
}
