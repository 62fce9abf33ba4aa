// load.c: create maps, load programs.
//
// Enters: struct program (maps, units) and the object's bytes. Leaves: descriptors. Refuses:
// what the kernel refuses, in words: missing privileges, the verifier's reason with the
// script's own line, or a kind of program that this kernel does not know (struck).
//
// libbpf parses the object, appends subprograms and BTF. Maps are ours: the object only names
// them by id, and kernel functions by KFUNC_CALL_BASE + id (end of program.h); both become
// real in the last callback before a program is handed to the kernel.
#include "attach/load.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "attach/load_copies.h"
#include "attach/load_patch.h"
#include "attach/verifier.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "sys/btf.h"

#define PRIVILEGES                                                                                 \
	"mtrace needs root, or the capabilities CAP_BPF and CAP_PERFMON (CAP_SYS_ADMIN before "    \
	"Linux 5.8)"

enum {
	LOG_SIZE_MIN = 64 << 10,
	LOG_SIZE_WHOLE = (16 << 20) - 1, // for logs that are shown: what all kernels take
};

struct loading {
	struct loaded *loaded;
	struct program *program;
	const struct tracer_options *opts;
	struct features *features;
	bool *struck;
	struct progress *progress;
	struct patches patches;
	struct bpf_program *current; // the one that the kernel is looking at
	int error;		     // of our own callback
	char *log;
	size_t log_size;
};

// Some shared builds of libbpf 1.1 declare it and forgot to export it.
#pragma weak libbpf_set_memlock_rlim

// ---- limits ----------------------------------------------------------------------------

// Locked memory was charged for maps before 5.11; descriptors are needed per target on the
// perf events rung. Failing to raise them shows later as the error it causes, if any.
static void raise_limits(const struct program *p)
{
	struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY}, files;
	rlim_t need = 1024 + 2 * (rlim_t)p->targets.len + p->maps.len + 2 * p->units.len;

	if (libbpf_set_memlock_rlim)
		libbpf_set_memlock_rlim(0); // ours, without libbpf's feature probe
	setrlimit(RLIMIT_MEMLOCK, &all);
	if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur >= need)
		return;
	files.rlim_cur = need;
	if (files.rlim_max < need)
		files.rlim_max = need;
	if (!setrlimit(RLIMIT_NOFILE, &files) || getrlimit(RLIMIT_NOFILE, &files))
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

// ---- maps ------------------------------------------------------------------------------

// Names that the kernel takes: 15 letters, digits, '_' and '.'.
static void kernel_map_name(const struct map_def *m, char out[16])
{
	const char *name = m->name && *m->name ? m->name : "anonymous";
	size_t i = 0;

	for (; name[i] && i < 15; i++) {
		char c = name[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '_' || c == '.';
		out[i] = fine ? c : '_';
	}
	out[i] = '\0';
}

static int create_map(const struct loaded *l, const struct map_def *m)
{
	LIBBPF_OPTS(bpf_map_create_opts, o, .map_flags = m->flags);
	const void *initial = m->inner ? &l->map_fds[m->inner->id] : m->initial;
	char name[16];
	bool ring = m->bpf_kind == BPF_MAP_KIND_RINGBUF;

	if (m->inner)
		o.inner_map_fd = (uint32_t)l->map_fds[m->inner->id];
	kernel_map_name(m, name);
	int fd = bpf_map_create((enum bpf_map_type)m->bpf_kind, name, ring ? 0 : m->key_size,
				ring ? 0 : m->value_size, m->max_entries, &o);
	uint32_t first = 0;

	if (fd >= 0 && initial && bpf_map_update_elem(fd, &first, initial, 0)) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

static void report_map(const struct map_def *m, int err)
{
	const char *at = m->role == MAP_USER ? "@" : "";

	if (err == -EPERM)
		log_error("not permitted to create BPF maps: " PRIVILEGES);
	else if (err == -ENOMEM || err == -E2BIG)
		log_error("cannot create map '%s%s' (%u entries, key %u bytes, value %u bytes): %s",
			  at, m->name, m->max_entries, m->key_size, m->value_size, strerror(-err));
	else
		log_error("cannot create map '%s%s': %s", at, m->name, strerror(-err));
	if (err == -ENOMEM)
		log_hint("lower max_map_keys or perf_rb_pages");
}

static int create_maps(struct loading *ld)
{
	const struct program *p = ld->program;
	struct loaded *l = ld->loaded;

	l->map_fds = calloc(p->maps.len + 1, sizeof(*l->map_fds));
	if (!l->map_fds)
		bug("out of memory");
	l->map_count = p->maps.len;
	memset(l->map_fds, 0xff, l->map_count * sizeof(*l->map_fds));
	for (size_t i = 0; i < p->maps.len; i++) {
		int fd = create_map(l, p->maps.data[i]);
		if (fd < 0) {
			report_map(p->maps.data[i], fd);
			return -1;
		}
		l->map_fds[i] = fd;
	}
	return 0;
}

// ---- programs, as the kernel is given them ------------------------------------------------

static const struct unit *current_unit(const struct loading *ld)
{
	const char *name = ld->current ? bpf_program__name(ld->current) : NULL;

	for (size_t i = 0; name && i < ld->program->units.len; i++) {
		const struct unit *u = ld->program->units.data[i];
		if ((u->prog && !strcmp(u->prog, name)) ||
		    (u->ret_prog && !strcmp(u->ret_prog, name)))
			return u;
	}
	return NULL;
}

// libbpf reads and copies the kernel's whole BTF (100 ms, 11 MB) when one of the object's programs is
// of this type, to look up what we have looked up ourselves. So it learns of the type late.
static enum bpf_prog_type type_for_opening(enum bpf_prog_type type)
{
	return type == BPF_PROG_TYPE_TRACING ? BPF_PROG_TYPE_RAW_TRACEPOINT : type;
}

static struct prog_kind kind_of(const struct unit *u, const char *prog_name)
{
	bool ret = u->ret_prog && strcmp(u->ret_prog, prog_name) == 0;

	return provider_of(u->type)->kind(u, ret);
}

// -d verifier: what the kernel says of the program that it has just taken.
static void tell_log(struct loading *ld)
{
	if (!ld->opts->verifier_log || !ld->current || !ld->log[0])
		return;
	fprintf(stderr, "%s:\n%s\n", bpf_program__name(ld->current), ld->log);
	ld->log[0] = '\0';
}

// libbpf calls this for every program, subprograms appended and calls relocated.
static int prepare_load(struct bpf_program *prog, struct bpf_prog_load_opts *opts, long cookie)
{
	struct loading *ld = (struct loading *)cookie;
	size_t count = bpf_program__insn_cnt(prog);
	_cleanup_free_ struct bpf_insn *insns = calloc(count + 1, sizeof(*insns));

	if (!insns)
		return -ENOMEM;
	tell_log(ld);
	ld->current = prog;
	memcpy(insns, bpf_program__insns(prog), count * sizeof(*insns));
	ld->patches.map_fds = ld->loaded->map_fds;
	ld->patches.map_count = ld->loaded->map_count;
	ld->error = patch_insns(&ld->patches, insns, count);
	if (ld->error)
		return ld->error;
	const struct unit *u = current_unit(ld);
	if (u)
		bpf_program__set_type(
		    prog, (enum bpf_prog_type)kind_of(u, bpf_program__name(prog)).type);
	if (u && mechanism_is_trampoline(u->mech)) {
		const char *license = ld->program->config.license;
		struct copies c = {.prog = prog,
				   .opts = opts,
				   .insns = insns,
				   .count = count,
				   .license = license ? license : "GPL",
				   .interrupted = ld->opts->interrupted,
				   .progress = ld->progress};
		ld->error = load_copies(ld->program, u, &c, &ld->loaded->units[u->id]);
		if (ld->error)
			return ld->error;
	}
	if (u && (u->mech == MECH_SYSCALL_TP || u->mech == MECH_RAW_TP_BTF || u->mech == MECH_ITER))
		opts->attach_btf_id = u->attach_btf_id;
	return bpf_program__set_insns(prog, insns, count);
}

// ---- programs --------------------------------------------------------------------------

static struct bpf_program *find_program(const struct loading *ld, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(ld->loaded->object, name);

	if (!prog)
		bug("the object has no program '%s'", name);
	return prog;
}

static void set_kind(const struct loading *ld, const struct unit *u, const char *name)
{
	struct prog_kind k = kind_of(u, name);
	struct bpf_program *prog = find_program(ld, name);

	bpf_program__set_type(prog, type_for_opening((enum bpf_prog_type)k.type));
	bpf_program__set_expected_attach_type(prog, (enum bpf_attach_type)k.expected_attach);
	if (u->sleepable)
		bpf_program__set_flags(prog, BPF_F_SLEEPABLE);
}

static void report_verifier(struct loading *ld, const struct unit *u, int err)
{
	struct verifier_report r;
	struct diag *d = ld->opts->diag;

	verifier_read(ld->log, &r);
	if (log_get_level() >= LOG_VERBOSE || ld->opts->verbose || ld->opts->verifier_log)
		fprintf(stderr, "%s\n", ld->log);
	const char *reason = r.message[0] ? r.message : strerror(-err);
	if (!d || !d->sources) {
		log_error("the kernel's verifier refused %s: %s", u->spec, reason);
		if (r.line[0])
			log_hint("at the line: %s", r.line);
		return;
	}
	const char *hint = verifier_hint(reason);
	diag_error(d, verifier_span(&r, d->sources, u->span), "verifier",
		   "the kernel's verifier refused %s: %s", u->spec, reason);
	if (hint)
		diag_hint(d, "%s", hint);
	else
		diag_hint(d, "the verifier's whole log is shown with -v");
}

// The kernel does not know this kind of program, although its probe said so.
static bool strike_kind(struct loading *ld, const struct unit *u, int err)
{
	enum feature which = provider_of(u->type)->kind(u, false).needs;

	if (which == FEATURE_COUNT || (err != -EINVAL && err != -ENOENT) || ld->log[0])
		return false;
	log_verbose("%s refused when loading: %s", feature_name(which), strerror(-err));
	features_strike(ld->features, which);
	*ld->struck = true;
	return true;
}

static void report_load(struct loading *ld, int err)
{
	const struct unit *u = current_unit(ld);

	if (err == -EINTR)
		return; // is known to whoever asked for it
	if (err == -EPERM && !ld->log[0])
		log_error("not permitted to load BPF programs: " PRIVILEGES);
	else if (!u)
		log_error("cannot load the BPF object: %s", strerror(-err));
	else if (strike_kind(ld, u, err))
		return;
	else if (ld->error)
		log_error("cannot load %s: the kernel's BTF (%s) does not have what it needs: %s",
			  u->spec, BTF_VMLINUX, strerror(-ld->error));
	else if (ld->log[0])
		report_verifier(ld, u, err);
	else
		log_error("cannot load %s: %s", u->spec, strerror(-err));
}

static int print_libbpf(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	char line[1024];

	if (log_get_level() < LOG_VERBOSE || level == LIBBPF_DEBUG)
		return 0;
	int n = vsnprintf(line, sizeof(line), fmt, ap);
	while (n > 0 && n < (int)sizeof(line) && line[n - 1] == '\n')
		line[--n] = '\0';
	log_verbose("%s", line);
	return n;
}

// -d libbpf
static int print_all_of_libbpf(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	(void)level;
	return vfprintf(stderr, fmt, ap);
}

static int open_object(struct loading *ld, const struct object *o)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "mtrace", .kernel_log_buf = ld->log,
		    .kernel_log_size = ld->log_size,
		    .kernel_log_level = ld->opts->verifier_log);
	LIBBPF_OPTS(libbpf_prog_handler_opts, handler, .cookie = (long)ld,
		    .prog_prepare_load_fn = prepare_load);
	// The handler for sections that libbpf does not know: ours are all "mtrace/...".
	int id = libbpf_register_prog_handler(NULL, BPF_PROG_TYPE_UNSPEC, (enum bpf_attach_type)0,
					      &handler);
	if (id < 0)
		return id;
	ld->loaded->object = bpf_object__open_mem(o->data, o->size, &opts);
	int err = ld->loaded->object ? 0 : -errno;
	if (!err) {
		for (size_t i = 0; i < ld->program->units.len; i++) {
			const struct unit *u = ld->program->units.data[i];
			if (u->prog)
				set_kind(ld, u, u->prog);
			if (u->ret_prog)
				set_kind(ld, u, u->ret_prog);
		}
		err = bpf_object__load(ld->loaded->object);
	}
	libbpf_unregister_prog_handler(id);
	return err;
}

static int program_fd(const struct loading *ld, const char *name)
{
	return name ? bpf_program__fd(find_program(ld, name)) : -1;
}

static int load_programs(struct loading *ld, const struct object *o)
{
	const struct program *p = ld->program;
	struct loaded *l = ld->loaded;

	l->units = calloc(p->units.len + 1, sizeof(*l->units));
	ld->log_size = ld->opts->verifier_log		    ? LOG_SIZE_WHOLE
		       : p->config.log_size > LOG_SIZE_MIN ? p->config.log_size
							   : LOG_SIZE_MIN;
	ld->log = malloc(ld->log_size); // touched only by a refusal
	if (!l->units || !ld->log)
		bug("out of memory");
	l->unit_count = p->units.len;
	for (size_t i = 0; i < l->unit_count; i++)
		l->units[i] = (struct attached){.prog_fd = -1, .ret_prog_fd = -1, .btf_fd = -1};
	ld->log[0] = '\0';
	int err = open_object(ld, o);
	if (err) {
		report_load(ld, err);
		return -1;
	}
	tell_log(ld);
	for (size_t i = 0; i < l->unit_count; i++) {
		l->units[i].prog_fd = program_fd(ld, p->units.data[i]->prog);
		l->units[i].ret_prog_fd = program_fd(ld, p->units.data[i]->ret_prog);
	}
	return 0;
}

int load_all(struct loaded *l, struct program *p, const struct object *o,
	     const struct tracer_options *opts, struct features *f, bool *struck,
	     struct progress *progress)
{
	struct loading ld = {.loaded = l,
			     .program = p,
			     .opts = opts,
			     .features = f,
			     .struck = struck,
			     .progress = progress};

	libbpf_set_print(opts->libbpf_log ? print_all_of_libbpf : print_libbpf);
	raise_limits(p);
	int err = create_maps(&ld);
	if (!err)
		err = load_programs(&ld, o);
	free(ld.log);
	return err;
}

void loaded_release(struct loaded *l)
{
	for (size_t i = 0; i < l->unit_count; i++) {
		for (size_t k = 0; k < l->units[i].link_count; k++)
			close(l->units[i].links[k]);
		free(l->units[i].links);
		for (size_t k = 0; k < l->units[i].more_count; k++)
			if (l->units[i].more_progs[k] >= 0)
				close(l->units[i].more_progs[k]);
		free(l->units[i].more_progs);
		if (l->units[i].btf_fd >= 0)
			close(l->units[i].btf_fd);
	}
	bpf_object__close(l->object);
	for (size_t i = 0; i < l->map_count; i++)
		if (l->map_fds[i] >= 0)
			close(l->map_fds[i]);
	free(l->units);
	free(l->map_fds);
	memset(l, 0, sizeof(*l));
}
