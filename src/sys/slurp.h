// slurp: a whole file into memory, also where its size is not known (procfs, tracefs, sysfs).
#pragma once

#include <stddef.h>
#include <string.h>

// malloc'ed and with a NUL after the last byte. 0, or -errno (-EFBIG beyond limit).
int slurp(const char *path, size_t limit, char **data, size_t *len);
int slurp_fd(int fd, size_t limit, char **data, size_t *len);

// What to put in front of "/proc/...": nothing for "/", so that messages show "/proc/...".
static inline const char *root_prefix(const char *root)
{
	return strcmp(root, "/") ? root : "";
}
