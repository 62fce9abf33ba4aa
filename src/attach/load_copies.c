// load_copies.c: one program for several functions or BTF objects.
//
// Enters: instructions that are ready to load, with their function and line information.
// Leaves: descriptors, or per copy the errno of its refusal. Refuses the whole only when the
// first target's BTF object is not there.
#include "attach/load_copies.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/kernel.h"
#include "attach/parallel.h"
#include "base/log.h"
#include "sys/btf_types.h"

enum { LOAD_THREADS = 8 };

static bool is_multi(const struct unit *u)
{
	return u->mech == MECH_TRACING_MULTI || u->mech == MECH_FSESSION_MULTI;
}

// A copy of the program: for one function, or for those of one BTF object.
struct copy {
	const struct target *target; // the first
	uint32_t btf_id;	     // 0: tracing_multi
	int holder_fd; // what the function is in: a module's BTF, or a BPF program; -1: vmlinux
	int err;       // it cannot be opened: -errno
	bool owns_fd;  // the others of the same holder borrow it
};

static bool same_holder(const struct target *a, const struct target *b)
{
	return a->module == b->module && a->bpf_prog == b->bpf_prog;
}

static int holder_open(const struct target *t, int *fd)
{
	if (!t->bpf_prog)
		return btf_module_fd(t->module, fd);
	*fd = bpf_prog_get_fd_by_id(t->bpf_prog);
	return *fd < 0 ? -errno : 0;
}

// before: NULL, or the copy before this one.
static void copy_init(struct copy *y, const struct unit *u, const struct target *t,
		      const struct copy *before)
{
	*y = (struct copy){.target = t, .btf_id = is_multi(u) ? 0 : t->btf_id, .holder_fd = -1};
	if (!t->module && !t->bpf_prog)
		return;
	if (before && same_holder(before->target, t)) {
		y->holder_fd = before->holder_fd;
		y->err = before->err;
		return;
	}
	y->err = holder_open(t, &y->holder_fd);
	y->owns_fd = !y->err;
}

static void bind_program(struct bpf_prog_load_opts *opts, const struct copy *y)
{
	uint32_t fd = y->holder_fd >= 0 ? (uint32_t)y->holder_fd : 0;

	opts->attach_btf_id = y->btf_id;
	opts->attach_btf_obj_fd = y->target->bpf_prog ? 0 : fd;
	opts->attach_prog_fd = y->target->bpf_prog ? fd : 0;
}

struct copying {
	const struct copies *c;
	const struct unit *unit;
	struct copy *copies;
	size_t count;
	int *fds; // the results: of copy 1, 2 ...
	atomic_size_t done;
	atomic_int failed; // -errno that stops everything
};

static int load_one(const struct copies *c, const struct copy *y)
{
	struct bpf_prog_load_opts opts = *c->opts;

	opts.log_level = 0;
	opts.log_buf = NULL;
	opts.log_size = 0;
	if (y->err)
		return y->err;
	bind_program(&opts, y);
	int fd = bpf_prog_load(bpf_program__type(c->prog), bpf_program__name(c->prog), c->license,
			       c->insns, c->count, &opts);
	return fd < 0 ? -errno : fd;
}

static bool load_next(void *ctx, size_t i, bool caller)
{
	struct copying *k = ctx;
	const struct copy *y = &k->copies[i + 1];
	int fd = k->c->interrupted && *k->c->interrupted ? -EINTR : load_one(k->c, y);

	k->fds[i] = fd;
	if (fd < 0)
		log_verbose("%s: a copy of the program for %s: %s", k->unit->spec, y->target->probe,
			    strerror(-fd));
	size_t done = atomic_fetch_add(&k->done, 1) + 1;
	if (caller)
		progress_show(k->c->progress, "loading", done, k->count);
	if (fd == -EINTR)
		atomic_store(&k->failed, fd);
	// Without the right to load one, none can be: the first program says why.
	return fd != -EACCES && fd != -EPERM && fd != -EINTR;
}

static void list_copies(const struct program *p, struct copying *k)
{
	const struct unit *u = k->unit;
	bool each = u->mech == MECH_TRAMPOLINE_EACH;

	for (uint32_t i = 0; i < u->target_count; i = each ? i + 1 : kernel_object_end(p, u, i)) {
		copy_init(&k->copies[k->count], u, unit_target(p, u, i),
			  k->count ? &k->copies[k->count - 1] : NULL);
		k->count++;
	}
}

// The first program is libbpf's to load: what its function is in stays open until then.
static int bind_first(struct copying *k, struct attached *to)
{
	struct copy *first = k->copies;

	if (first->err)
		return first->err;
	bind_program(k->c->opts, first);
	to->btf_fd = first->holder_fd;
	first->owns_fd = false;
	return 0;
}

int load_copies(const struct program *p, const struct unit *u, struct copies *c,
		struct attached *to)
{
	struct copying k = {.c = c, .unit = u};
	int err = u->target_count ? -ENOMEM : 0;

	k.copies = calloc(u->target_count + 1, sizeof(*k.copies));
	k.fds = to->more_progs = calloc(u->target_count + 1, sizeof(*k.fds));
	if (k.copies && k.fds && u->target_count) {
		list_copies(p, &k);
		to->more_count = k.count - 1;
		for (size_t i = 0; i < to->more_count; i++)
			k.fds[i] = -ECANCELED;
		parallel_each(to->more_count, LOAD_THREADS, load_next, &k);
		err = atomic_load(&k.failed) ?: bind_first(&k, to);
	}
	for (size_t i = 0; i < k.count; i++)
		if (k.copies[i].owns_fd)
			close(k.copies[i].holder_fd);
	free(k.copies);
	return err;
}
