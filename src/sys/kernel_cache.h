// kernel_cache: the list of traceable functions of the last run, for kernels that need long
// to make it. Inside of sys: kernel_funcs_load asks for it.
#pragma once

#include <stdbool.h>

#include "sys/kernel_funcs.h"

// What a list is good for: this boot, these modules.
struct kernel_cache_key {
	char boot_id[40];
	uint64_t modules; // hash of names, sizes, states and addresses
};
bool kernel_cache_key(const char *root, struct kernel_cache_key *out); // false: not known
// False: there is none, it is not ours, or it is of another boot or set of modules.
bool kernel_cache_load(struct arena *a, const char *root, const struct kernel_cache_key *key,
		       struct kernel_funcs *out);
// Replaces the file as a whole. False: could not be written (which is no error).
bool kernel_cache_save(const char *root, const struct kernel_cache_key *key,
		       const struct kernel_funcs *list);
