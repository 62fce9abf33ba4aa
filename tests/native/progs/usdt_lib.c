// usdt_lib: a library with a guarded site.
#include "sdt.h"

SDT_SEMAPHORE lib_called_semaphore;
void lib_call(long x);

#if defined(__x86_64__)
#define ARG "-8@%0"
#else
#define ARG "-8@%x0"
#endif

void lib_call(long x)
{
	if (lib_called_semaphore)
		asm volatile(SDT_SITE("lib_called_semaphore", "lib", "called", ARG)::"r"(x));
}
