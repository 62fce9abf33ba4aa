// test_batch: links per target, with a kernel that refuses what the test says. A link is a
// descriptor of /dev/null.
#include "attach/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"

enum { TARGETS = 4, NOBODY = -1 };

struct fixture {
	struct arena arena;
	struct program program;
	struct progress progress;
	struct attached attached;
	struct attach_job job;
	int refused;	   // which target's link, or NOBODY
	bool refused_half; // ret of those links
	int error;	   // -errno of the refusal
};

static int link_null(const struct batch *b, size_t from, size_t count, bool ret)
{
	const struct fixture *f = b->ctx;
	const struct unit *u = b->job->unit;
	int which = (int)(b->targets[from]->id - u->first_target);

	if (which == f->refused && ret == f->refused_half)
		return f->error;
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static bool blames_target(int err)
{
	return err == -EINVAL;
}

static const char *reason(int err)
{
	return "refused";
}

static const struct batch_ops ops = {
    .link = link_null, .blames_target = blames_target, .reason = reason};

static void init(struct fixture *f)
{
	*f = (struct fixture){.refused = NOBODY, .error = -EINVAL};
	program_init(&f->program, &f->arena);
	struct unit *u = program_add_unit(&f->program, PROBE_KSESSION, (struct span){0, 1});
	u->spec = "spec";
	for (uint32_t i = 0; i < TARGETS; i++)
		program_add_target(&f->program, u, "f", "probe")->span =
		    (struct span){10 * i, 10 * i + 5};
	f->job = (struct attach_job){
	    .program = &f->program, .unit = u, .to = &f->attached, .progress = &f->progress};
}

static void release(struct fixture *f)
{
	for (size_t i = 0; i < f->attached.link_count; i++)
		close(f->attached.links[i]);
	free(f->attached.links);
	program_release(&f->program);
	arena_release(&f->arena);
}

// One pass, as a provider makes it. Returns how many targets are left.
static size_t attach_half(struct fixture *f, bool ret, int *err)
{
	struct batch b;
	size_t left;

	*err = batch_init(&b, &f->job, &ops, f, 0, TARGETS);
	if (!*err)
		*err = ret ? batch_link_each(&b, false, true, 1) : batch_link_entries(&b);
	left = b.count;
	batch_release(&b);
	return left;
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void test_refused_entry(void)
{
	int returns[TARGETS], err;
	struct fixture f;

	init(&f);
	CHECK_INT(attach_half(&f, true, &err), TARGETS);
	CHECK_INT(err, 0);
	if (!CHECK_INT(f.attached.link_count, TARGETS))
		return;
	for (int i = 0; i < TARGETS; i++)
		returns[i] = f.attached.links[i];
	f.refused = TARGETS - 1; // the last: its number is not used again
	CHECK_INT(attach_half(&f, false, &err), TARGETS - 1);
	CHECK_INT(err, 0);
	CHECK_INT(f.attached.link_count, 2 * (TARGETS - 1));
	for (int i = 0; i < TARGETS; i++)
		CHECK_INT(is_open(returns[i]), i != TARGETS - 1);
	CHECK(unit_target(&f.program, f.job.unit, TARGETS - 1)->left_out);
	release(&f);
}

static void test_refused_return(void)
{
	struct fixture f;
	int err;

	init(&f);
	f.refused = 0;
	f.refused_half = true;
	CHECK_INT(attach_half(&f, true, &err), TARGETS - 1);
	CHECK_INT(f.attached.link_count, TARGETS - 1);
	CHECK_INT(attach_half(&f, false, &err), TARGETS - 1); // no entry without its return
	CHECK_INT(f.attached.link_count, 2 * (TARGETS - 1));
	release(&f);
}

static void test_entries_alone(void)
{
	struct fixture f;
	int err;

	init(&f);
	f.refused = 1;
	CHECK_INT(attach_half(&f, false, &err), TARGETS - 1);
	CHECK_INT(err, 0);
	CHECK_INT(f.attached.link_count, TARGETS - 1);
	release(&f);
}

// What concerns all ends it; the one that met it is known, and all links can still be closed.
static void test_error_of_all(void)
{
	struct fixture f;
	int err;

	init(&f);
	attach_half(&f, true, &err);
	f.refused = 1;
	f.error = -EMFILE;
	attach_half(&f, false, &err);
	CHECK_INT(err, -EMFILE);
	CHECK_INT(f.attached.link_count, TARGETS); // three returns, one entry
	if (CHECK(f.job.culprit))
		CHECK_INT(f.job.culprit->span.begin, 10);
	release(&f);
}

TEST_MAIN(test_refused_entry, test_refused_return, test_entries_alone, test_error_of_all)
