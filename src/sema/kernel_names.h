// kernel_names: addresses of kernel symbols, for constants of the script, and names of addresses.
#pragma once

#include "compiler.h"

// False: no such symbol, or addresses are hidden from us.
bool kernel_address(struct compiler *c, const char *name, uint64_t *address);
// The symbol that the address is in, in the compiler's arena; NULL: none, or they are hidden.
const char *kernel_symbol(struct compiler *c, uint64_t address);
void kernel_names_release(struct compiler *c);
