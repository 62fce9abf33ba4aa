// kernel_join: which symbol a function of the attachable list is. Inside of sys: the second
// half of kernel_funcs_load.
#pragma once

#include "sys/kernel_funcs.h"
#include "sys/ksyms.h"

// Sets address, unique and first of each function. sites: of each function the address where
// ftrace hooks in, or NULL when the list has none. syms may be empty. 0, or -ENOMEM.
int kernel_funcs_join(struct kernel_funcs *list, const uint64_t *sites, struct ksym_marks *syms);
