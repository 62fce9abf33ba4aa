// batch: targets that are attached together, whatever they are: places of a file, kernel
// functions by address or name, functions of one BTF object. Private to attach.
//
// A link over many targets fails as a whole when the kernel refuses one of them, and does not
// say which. So a refused batch is halved until the culprits are found; they are set aside with
// the kernel's reason, and the rest is attached in one link after all.
#pragma once

#include "attach/provider.h"

struct batch;

struct batch_ops {
	// A link over [from, from + count): a descriptor, or -errno. Also called by threads.
	int (*link)(const struct batch *b, size_t from, size_t count, bool ret);
	// Would the kernel take them? 0, or -errno like `refusal`, which the whole batch got.
	// NULL: a link is made, and closed again.
	int (*try_link)(const struct batch *b, size_t from, size_t count, bool ret, int refusal);
	// Can one target be the cause of this -errno? Others concern the kernel or the process.
	bool (*blames_target)(int err);
	const char *(*reason)(int err); // in words
};

struct batch {
	struct attach_job *job;
	const struct batch_ops *ops;
	const void *ctx; // the provider's own
	const struct target **targets;
	uint64_t *places, *cookies; // parallel; the provider fills places
	size_t count;
	int *errors; // per target: 0, or the errno that it alone fails with
};

// Targets [from, to) of the job's unit, but those that the kernel refused already. 0, or -ENOMEM.
int batch_init(struct batch *b, struct attach_job *job, const struct batch_ops *ops,
	       const void *ctx, uint32_t from, uint32_t to);
void batch_release(struct batch *b);

// One link over the batch. 0 or -errno; with job->struck set when the kernel turned out not to
// know the mechanism at all (`needs` is struck from the features).
int batch_link(struct batch *b, bool ret, enum feature needs);
// A link per target, for a pair two (the return's first), by so many threads.
int batch_link_each(struct batch *b, bool pair, bool ret, unsigned threads);
// The entries of pairs, a link per target; their return halves are the links in job->to, one per
// target of the batch, in its order. Where the entry is refused the return half goes, too.
int batch_link_entries(struct batch *b);

static inline struct target *unit_target(const struct program *p, const struct unit *u, uint32_t i)
{
	return p->targets.data[u->first_target + i];
}
