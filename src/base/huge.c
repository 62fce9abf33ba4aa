// huge.c: see huge.h. Enters: a size. Leaves: memory that free() takes back. Refuses nothing: what
// the kernel does not grant as large pages is of small ones.
#include "base/huge.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 2 << 20, WORTH_IT = PAGE / 4 };

void *huge_malloc(size_t size)
{
	void *p;

	if (size < WORTH_IT || size > SIZE_MAX - PAGE)
		return malloc(size);
	size = (size + PAGE - 1) & ~(size_t)(PAGE - 1);
	if (posix_memalign(&p, PAGE, size))
		return NULL;
	madvise(p, size, MADV_HUGEPAGE);
	return p;
}

void *huge_calloc(size_t size)
{
	if (size < WORTH_IT)
		return calloc(1, size);
	void *p = huge_malloc(size);
	if (p)
		memset(p, 0, size);
	return p;
}
