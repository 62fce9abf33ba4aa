// load_copies.c: one program for several functions or BTF objects.
//
// Enters: instructions that are ready to load, with their function and line information.
// Leaves: descriptors, or per copy the errno of its refusal. Refuses the whole only when the
// first target's BTF object is not there.
#include "attach/load_copies.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/kernel.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "sys/btf_types.h"

// What a target's function is in: a module's BTF, or a BPF program. Looked up once per run of
// targets of one of them.
struct holder {
	const char *module;
	uint32_t prog; // 0: none
	int fd;	       // -1: vmlinux
};

static int holder_open(struct holder *h, const struct target *t)
{
	if (h->module == t->module && h->prog == t->bpf_prog)
		return 0;
	if (h->fd >= 0)
		close(h->fd);
	*h = (struct holder){t->module, t->bpf_prog, -1};
	if (t->bpf_prog) {
		h->fd = bpf_prog_get_fd_by_id(t->bpf_prog);
		return h->fd < 0 ? -errno : 0;
	}
	return t->module ? btf_module_fd(t->module, &h->fd) : 0;
}

static int bind_program(struct bpf_prog_load_opts *opts, const struct unit *u,
			const struct target *t, struct holder *h)
{
	bool multi = u->mech == MECH_TRACING_MULTI || u->mech == MECH_FSESSION_MULTI;
	int err = holder_open(h, t);
	uint32_t fd = h->fd >= 0 ? (uint32_t)h->fd : 0;

	opts->attach_btf_id = multi ? 0 : t->btf_id;
	opts->attach_btf_obj_fd = h->prog ? 0 : fd;
	opts->attach_prog_fd = h->prog ? fd : 0;
	return err;
}

static int load_one(const struct copies *c, struct bpf_prog_load_opts *opts)
{
	int fd = bpf_prog_load(bpf_program__type(c->prog), bpf_program__name(c->prog), c->license,
			       c->insns, c->count, opts);

	return fd < 0 ? -errno : fd;
}

static uint32_t next_target(const struct program *p, const struct unit *u, uint32_t from)
{
	return u->mech == MECH_TRAMPOLINE_EACH ? from + 1 : kernel_object_end(p, u, from);
}

int load_copies(const struct program *p, const struct unit *u, struct copies *c,
		struct attached *to)
{
	struct bpf_prog_load_opts opts = *c->opts;
	struct holder h = {.fd = -1};
	uint32_t i = next_target(p, u, 0);

	to->more_progs = calloc(u->target_count + 1, sizeof(*to->more_progs));
	if (!to->more_progs)
		return -ENOMEM;
	opts.log_level = 0;
	opts.log_buf = NULL;
	opts.log_size = 0;
	for (; i < u->target_count; i = next_target(p, u, i)) {
		int err = bind_program(&opts, u, unit_target(p, u, i), &h);
		int fd = err ? err : load_one(c, &opts);
		if (fd < 0)
			log_verbose("%s: a copy of the program for %s: %s", u->spec,
				    unit_target(p, u, i)->probe, strerror(-fd));
		to->more_progs[to->more_count++] = fd;
		if (fd == -EACCES || fd == -EPERM) // all will; the first one says why
			break;
	}
	// The one that libbpf loads: what its function is in stays open until then.
	if (h.fd >= 0)
		close(h.fd);
	h = (struct holder){.fd = -1};
	int err = bind_program(c->opts, u, unit_target(p, u, 0), &h);
	to->btf_fd = h.fd;
	return err;
}
