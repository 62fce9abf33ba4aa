// cgroup: control groups: the id of a path, the paths of an id.
#pragma once

#include <stdint.h>

#include "base/buf.h"

// 0, or -errno.
int cgroup_id(const char *path, uint64_t *id);
// A descriptor of the group's directory, or -errno; -EMEDIUMTYPE: it is no group of cgroup2.
int cgroup_open(const char *path);
// The id of an open group, and how many are above it. 0, or -errno.
int cgroup_place(int fd, uint64_t *id, unsigned *level);

struct cgroups;
struct cgroups *cgroups_new(void);    // NULL only without memory; nothing is read yet
void cgroups_free(struct cgroups *c); // NULL is fine
// "unified:/a,cpu:/b": the group's path in every hierarchy whose name the pattern (`*` globs)
// matches; nothing when there is none. An empty pattern matches all.
void cgroup_paths(struct cgroups *c, struct buf *out, uint64_t id, const char *pattern);
