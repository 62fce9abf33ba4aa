// btf: kernel functions by name in a raw BTF file. Only what a kfunc call needs: the id and
// the number of parameters; btf_types.h is the reader for everything else.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define BTF_VMLINUX "/sys/kernel/btf/vmlinux"

struct btf_func {
	uint32_t id;	      // 0: no such function
	uint32_t param_count; // of its prototype
};

// Opens the file, finds all names, closes it (1.5 ms). 0, or -errno when the file cannot be read or is not
// BTF; a name that is missing leaves id 0.
int btf_find_funcs(const char *path, const char *const *names, size_t count, struct btf_func *out);
