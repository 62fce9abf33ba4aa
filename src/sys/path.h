// path: which file a script means by "bash", "libc", "./a.out" or "/usr/lib/*/libc.so*".
#pragma once

#include "base/arena.h"

typedef ARENA_VEC(const char *) path_vec;

// Programs are looked up in $PATH, libraries ("libc", "libc.so.6") in the loader's cache and
// default directories, globs by glob(3). With pid > 0 relative to that process's root
// (/proc/PID/root) and, for libraries, among its mapped files. Absolute, symlinks kept;
// empty when nothing is found. Each path once per file (device and inode).
int path_resolve(struct arena *a, const char *spec, int pid, path_vec *out);
// The same with /proc and /etc/ld.so.cache of another tree.
int path_resolve_at(struct arena *a, const char *root, const char *spec, int pid, path_vec *out);
// The program that a process runs, or NULL.
const char *path_of_pid(struct arena *a, const char *root, int pid);

// How to name a resolved path to somebody who wrote `spec`: as written; what a relative glob
// found, relative again.
const char *path_shown(struct arena *a, const char *spec, const char *path);
