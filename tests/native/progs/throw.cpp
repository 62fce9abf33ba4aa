// throw [TIMES]: throws and catches the numbers from 1 on. The C++ library has USDT probes there.
#include <cstdlib>

int main(int argc, char **argv)
{
	int times = argc > 1 ? std::atoi(argv[1]) : 3, caught = 0;

	for (int i = 1; i <= times; i++) {
		try {
			throw i;
		} catch (int n) {
			caught += n;
		}
	}
	return caught == times * (times + 1) / 2 ? 0 : 1;
}
