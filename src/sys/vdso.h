// vdso: the kernel's own library, which is mapped into every process and is in no file.
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { VDSO_PATH_MAX = 40 };

// Is this the name of such a mapping in /proc/PID/maps?
bool vdso_is_named(const char *mapping);
// A copy of this process's own, the same as in all processes of 64 bits: an fd, to be closed, and a
// path that is good until then. size: of the mapping, in bytes. -1: there is none.
int vdso_open(uint64_t size, char path[VDSO_PATH_MAX]);
