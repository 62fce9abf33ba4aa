// ldcache: the dynamic loader's list of libraries, /etc/ld.so.cache.
#pragma once

#include <stdbool.h>

// Calls fn for every library of this machine's word size, in the loader's order of
// preference, until it returns false. 0, or -errno when the file is missing or not a cache.
int ldcache_each(const char *file, bool (*fn)(void *ctx, const char *soname, const char *path),
		 void *ctx);
