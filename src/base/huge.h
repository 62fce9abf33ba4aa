// huge: memory for large tables. Where the kernel has pages of 2 MB (transparent huge pages,
// "always" or "madvise"), it is made of those: a table of the kernel's functions or types is
// touched as a whole, and each page that is touched for the first time costs up to 20 us in a
// virtual machine. Small requests are plain malloc().
#pragma once

#include <stddef.h>

// Freed by free(). NULL: out of memory. huge_calloc zeroes it.
void *huge_malloc(size_t size);
void *huge_calloc(size_t size);
