// btf_ahead: vmlinux BTF with its functions by name, made by another thread meanwhile: who asks
// for the types of many functions also reads the list of them, which takes as long.
#pragma once

#include "base/thread.h"
#include "sys/btf_types.h"

struct btf_ahead {
	const char *root; // "/" but for tests
	pthread_t thread;
	bool started;
	struct btf_file *file;
	int err;
};

void btf_ahead_start(struct btf_ahead *a, const char *root);
// The file, which belongs to the caller, or NULL with a->err = -errno. Without a thread it is
// opened now.
struct btf_file *btf_ahead_finish(struct btf_ahead *a);
