// batch.c: attach many targets at once, find the culprits when the kernel refuses.
//
// Enters: a range of a unit's targets and the provider's way to make a link. Leaves: links in
// job->to, culprits in the program's set-asides. Refuses: errors that are nobody's fault in
// particular (privileges, descriptors, a vanished process) are handed on.
#include "attach/batch.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/link.h"
#include "attach/parallel.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "bpf/abi.h"

void batch_release(struct batch *b)
{
	free(b->targets);
	free(b->places);
	free(b->cookies);
	free(b->errors);
}

int batch_init(struct batch *b, struct attach_job *job, const struct batch_ops *ops,
	       const void *ctx, uint32_t from, uint32_t to)
{
	size_t n = to - from;

	*b = (struct batch){.job = job, .ops = ops, .ctx = ctx};
	b->targets = calloc(n + 1, sizeof(*b->targets));
	b->places = calloc(n + 1, sizeof(*b->places));
	b->cookies = calloc(n + 1, sizeof(*b->cookies));
	b->errors = calloc(n + 1, sizeof(*b->errors));
	if (!b->targets || !b->places || !b->cookies || !b->errors)
		return -ENOMEM;
	for (uint32_t i = from; i < to; i++) {
		const struct target *t = unit_target(job->program, job->unit, i);
		if (t->left_out) // its return half was refused
			continue;
		b->targets[b->count] = t;
		b->cookies[b->count++] = COOKIE(t->func_id, t->id);
	}
	return 0;
}

// ---- one link --------------------------------------------------------------------------

static int try_link(const struct batch *b, size_t from, size_t count, bool ret, int refusal)
{
	if (b->ops->try_link)
		return b->ops->try_link(b, from, count, ret, refusal);
	int fd = b->ops->link(b, from, count, ret);
	if (fd < 0)
		return fd;
	close(fd); // the final one covers all the rest
	return 0;
}

// Find what makes a link over [from, from+count) fail, by halves. Returns the number of
// culprits, or -errno of an error that is nobody's fault in particular.
static int bisect(struct batch *b, size_t from, size_t count, bool ret, int refusal)
{
	if (job_interrupted(b->job))
		return -EINTR;
	int err = try_link(b, from, count, ret, refusal);
	if (!err)
		return 0;
	if (!b->ops->blames_target(err))
		return err;
	if (count == 1) {
		b->errors[from] = -err;
		return 1;
	}
	int left = bisect(b, from, count / 2, ret, refusal);
	if (left < 0)
		return left;
	int right = bisect(b, from + count / 2, count - count / 2, ret, refusal);
	return right < 0 ? right : left + right;
}

// Take the culprits out of the batch and record why.
static void drop_culprits(struct batch *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->count; i++) {
		if (b->errors[i]) {
			job_set_aside(b->job, b->targets[i], b->ops->reason(b->errors[i]));
			continue;
		}
		b->targets[kept] = b->targets[i];
		b->places[kept] = b->places[i];
		b->cookies[kept] = b->cookies[i];
		b->errors[kept++] = 0;
	}
	b->count = kept;
}

static bool all_failed_alike(const struct batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		if (b->errors[i] != EINVAL && b->errors[i] != EOPNOTSUPP)
			return false;
	return true;
}

// The kernel does not do this at all: strike it, and let the driver plan again.
static int strike(struct attach_job *job, enum feature which, int err)
{
	if (which == FEATURE_COUNT)
		return err;
	log_verbose("%s refused when attaching: %s", feature_name(which), link_strerror(err));
	features_strike(job->features, which);
	*job->struck = true;
	return err;
}

int batch_link(struct batch *b, bool ret, enum feature needs)
{
	int fd = b->ops->link(b, 0, b->count, ret);

	// A second round: what hid behind the first reason.
	for (int round = 0; fd < 0 && b->count && b->ops->blames_target(fd) && round < 3; round++) {
		int culprits = bisect(b, 0, b->count, ret, fd);
		if (culprits < 0)
			return culprits;
		if (!culprits)
			break;
		if ((size_t)culprits == b->count && all_failed_alike(b))
			return strike(b->job, needs, fd);
		drop_culprits(b);
		if (b->count)
			fd = b->ops->link(b, 0, b->count, ret);
	}
	if (!b->count)
		return 0;
	if (fd == -EOPNOTSUPP)
		return strike(b->job, needs, fd);
	if (fd < 0)
		return fd;
	attached_add_link(b->job->to, fd);
	return 0;
}

// ---- a link per target -----------------------------------------------------------------

struct each {
	struct batch *b;
	bool pair, ret;
	int *links, *ret_links; // -1: none
	atomic_size_t done;
	atomic_int failed; // -errno that stops everything
	const struct target *culprit; // the one that failed with it
};

static int attach_one(struct each *e, size_t i)
{
	const struct batch_ops *ops = e->b->ops;

	if (e->pair) {
		e->ret_links[i] = ops->link(e->b, i, 1, true);
		if (e->ret_links[i] < 0)
			return e->ret_links[i];
	}
	e->links[i] = ops->link(e->b, i, 1, e->ret);
	if (e->links[i] >= 0)
		return 0;
	if (e->ret_links[i] >= 0)
		close(e->ret_links[i]);
	e->ret_links[i] = -1;
	return e->links[i];
}

static bool attach_next(void *ctx, size_t i, bool caller)
{
	struct each *e = ctx;
	struct batch *b = e->b;
	int err = job_interrupted(b->job) ? -EINTR : attach_one(e, i), none = 0;
	size_t done = atomic_fetch_add(&e->done, 1) + 1;

	if (caller)
		job_progress(b->job, b->job->to->target_count + (unsigned)done);
	b->errors[i] = -err;
	if (!err || (err != -EINTR && b->ops->blames_target(err)))
		return true;
	if (atomic_compare_exchange_strong(&e->failed, &none, err))
		e->culprit = b->targets[i];
	return false;
}

static void collect(struct each *e)
{
	for (size_t i = 0; i < e->b->count; i++) {
		if (e->ret_links[i] >= 0)
			attached_add_link(e->b->job->to, e->ret_links[i]);
		if (e->links[i] >= 0)
			attached_add_link(e->b->job->to, e->links[i]);
	}
}

static int each_init(struct each *e)
{
	size_t size = e->b->count * sizeof(*e->links);

	e->links = malloc(size + 1);
	e->ret_links = malloc(size + 1);
	if (!e->links || !e->ret_links)
		return -ENOMEM;
	memset(e->links, 0xff, size);
	memset(e->ret_links, 0xff, size);
	return 0;
}

static void each_release(struct each *e)
{
	free(e->links);
	free(e->ret_links);
}

static int link_each(struct each *e, unsigned threads)
{
	struct batch *b = e->b;

	parallel_each(b->count, threads, attach_next, e);
	collect(e);
	int err = atomic_load(&e->failed);
	if (err)
		b->job->culprit = e->culprit;
	else
		drop_culprits(b);
	return err;
}

int batch_link_each(struct batch *b, bool pair, bool ret, unsigned threads)
{
	_cleanup_(each_release) struct each e = {.b = b, .pair = pair, .ret = ret};
	int err = each_init(&e);

	return err ? err : link_each(&e, threads);
}

int batch_link_entries(struct batch *b)
{
	_cleanup_(each_release) struct each e = {.b = b};
	struct attached *to = b->job->to;
	int err = each_init(&e);

	if (err)
		return err;
	if (to->link_count == b->count) { // else the pair has no return halves
		memcpy(e.ret_links, to->links, b->count * sizeof(*e.ret_links));
		to->link_count = 0;
	}
	return link_each(&e, 1);
}
