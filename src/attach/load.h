// load: maps and programs in the kernel. Private to attach; the only part that sees libbpf.
#pragma once

#include "attach/provider.h"

struct loaded {
	struct bpf_object *object; // owns the program descriptors
	int *map_fds;		   // by map_def.id; owned
	size_t map_count;
	struct attached *units; // by unit.id
	size_t unit_count;
};

// 0, or -1 after reporting; *struck when a feature was struck meanwhile.
int load_all(struct loaded *l, struct program *p, const struct object *o,
	     const struct tracer_options *opts, struct features *f, bool *struck,
	     struct progress *progress);
void loaded_release(struct loaded *l);
