// kernel_btf: the kernel's types, opened when something first asks for them and shared by
// everything in a compilation. Read-only but for the reader's own indexes.
#pragma once

#include "compiler.h"
#include "sys/btf_ahead.h"
#include "sys/btf_types.h"

// module NULL: vmlinux. NULL: there is none; *err (may be NULL) says why, as -errno. Borrowed
// from the compiler.
struct btf_file *kernel_btf_get(struct compiler *c, const char *module, int *err);
void kernel_btf_release(struct compiler *c);

// vmlinux, made by another thread meanwhile. Does nothing if it is open already. Between the two
// calls nothing may ask for kernel types.
struct kernel_btf_ahead {
	bool started;
	struct btf_ahead file;
};
void kernel_btf_start(struct compiler *c, struct kernel_btf_ahead *a);
void kernel_btf_finish(struct compiler *c, struct kernel_btf_ahead *a);
