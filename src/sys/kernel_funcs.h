// kernel_funcs: the functions of the running kernel that can be traced, with their symbol
// addresses. One pass over available_filter_functions_addrs (6.5+; or available_filter_functions
// and kallsyms), joined with /proc/kallsyms (KERNEL.md 1.4). Cached by boot id and module set
// where reading is slow (the file takes the kernel 100 ms and more to make).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct kernel_func {
	const char *name;   // with its .isra.0/.constprop.0/.part.0 suffix, if any
	const char *module; // NULL: vmlinux
	uint64_t address;   // of the symbol (not the ftrace site, KERNEL.md H7); 0: not known
	bool unique;	    // the only text symbol of its name in kallsyms (data symbols apart)
	bool first;	    // what the kernel finds by this name and module (KERNEL.md 4.8, step 3)
};

struct kernel_funcs {
	ARENA_VEC(struct kernel_func) funcs; // sorted by (module, name, address); vmlinux first
	bool addresses;	 // symbol addresses are known (kptr_restrict, CAP_SYSLOG)
	bool from_cache;
	const char *source; // the file it was read from, for messages
};

// 0, or -errno with *reason in words ("tracefs is not mounted", ...). root: "/" but for tests.
// list: a file to read instead of the kernel's list, in the format of available_filter_functions,
// or NULL.
int kernel_funcs_load(struct arena *a, const char *root, const char *list,
		      struct kernel_funcs *out, const char **reason);
// A single exact name without reading the whole list: kallsyms only, stops early where it can.
int kernel_func_find(struct arena *a, const char *root, const char *module, const char *name,
		     struct kernel_func *out);

// Functions that a glob does not match although they could be attached (KERNEL.md 1.5 and the
// sections it names): NULL, or why. Exact names and --unsafe lift it.
const char *kernel_func_danger(const char *name);
// The kernel refuses programs that attach to it by BTF id (fentry, fexit, fsession, multi).
bool kernel_func_denied(const char *name);
// It never returns: nothing for fexit, kretprobe and sessions (KERNEL.md 4.3; the kernel
// refuses some of them, the others would hold the trampoline for ever).
bool kernel_func_noreturn(const char *name);

// Names for kernel addresses, read once, when first asked.
struct kallsyms;
struct kallsyms *kallsyms_new(const char *root); // NULL only without memory; empty if unreadable
void kallsyms_free(struct kallsyms *k);
// The symbol that the address is in; *offset from its start. NULL: none.
const char *kallsyms_lookup(struct kallsyms *k, uint64_t address, uint64_t *offset,
			    const char **module);
bool kallsyms_address(struct kallsyms *k, const char *name, uint64_t *address);
