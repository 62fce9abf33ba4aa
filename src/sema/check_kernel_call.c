// check_kernel_call: what hands the kernel's own objects to the kernel: path(), socket_cookie(),
// skboutput(), comm(pid), per-CPU variables, and which kernel functions a probe may call.
//
// What the verifier must know the type of has to be an argument of the traced function, read
// from a trampoline's context as it is (struct cg.trusted): nothing that a helper copied.
#include <string.h>

#include "bpf/abi.h"
#include "sema/check.h"
#include "sema/kernel_btf.h"
#include "sema/kernel_names.h"
#include "sema/lazy_type.h"
#include "sys/features.h"

// ---- kernel functions --------------------------------------------------------------------

enum {
	TYPE_OF_KPROBE = 2,
	TYPE_OF_TRACEPOINT = 5,
	TYPE_OF_XDP = 6,
	TYPE_OF_PERF_EVENT = 7,
	TYPE_OF_RAW_TRACEPOINT = 17,
	TYPE_OF_TRACING = 26
}; // enum bpf_prog_type
enum {
	AT_RAW_TP = 23,
	AT_FENTRY = 24,
	AT_FEXIT = 25,
	AT_ITER = 28,
	AT_KPROBE_MULTI = 42,
	AT_UPROBE_MULTI = 48,
	AT_KPROBE_SESSION = 56,
	AT_UPROBE_SESSION = 57,
	AT_FSESSION = 58,
	AT_FENTRY_MULTI = 59,
	AT_FEXIT_MULTI = 60,
	AT_FSESSION_MULTI = 61
}; // bpf_attach_type

static uint32_t vmlinux_id(struct checker *k, enum btf_tag tag, const char *name)
{
	struct btf_file *btf = kernel_btf_get(k->c, NULL, NULL);

	return btf ? btf_find(btf, tag, name) : 0;
}

// As what a program of each mechanism is loaded; the others are plain kprobes.
static const struct {
	uint8_t type, at, at_exit; // at_exit 0: as at the entry
	enum { TO_NOTHING, TO_FUNCTION, TO_RAW_TP, TO_ITERATOR } attached;
} roles[MECH_COUNT] = {
    [MECH_TEST_RUN] = {TYPE_OF_RAW_TRACEPOINT, 0, 0, TO_NOTHING},
    [MECH_PERF_TIMER] = {TYPE_OF_PERF_EVENT, 0, 0, TO_NOTHING},
    [MECH_PERF_COUNTER] = {TYPE_OF_PERF_EVENT, 0, 0, TO_NOTHING},
    [MECH_TRACEPOINT_PERF] = {TYPE_OF_TRACEPOINT, 0, 0, TO_NOTHING},
    [MECH_SYSCALL_TP] = {TYPE_OF_TRACING, AT_RAW_TP, 0, TO_RAW_TP},
    [MECH_RAW_TP_BTF] = {TYPE_OF_TRACING, AT_RAW_TP, 0, TO_RAW_TP},
    [MECH_ITER] = {TYPE_OF_TRACING, AT_ITER, 0, TO_ITERATOR},
    [MECH_TRACING_MULTI] = {TYPE_OF_TRACING, AT_FENTRY_MULTI, AT_FEXIT_MULTI, TO_NOTHING},
    [MECH_FSESSION_MULTI] = {TYPE_OF_TRACING, AT_FSESSION_MULTI, 0, TO_NOTHING},
    [MECH_TRAMPOLINE] = {TYPE_OF_TRACING, AT_FENTRY, AT_FEXIT, TO_FUNCTION},
    [MECH_TRAMPOLINE_EACH] = {TYPE_OF_TRACING, AT_FENTRY, AT_FEXIT, TO_FUNCTION},
    [MECH_FSESSION] = {TYPE_OF_TRACING, AT_FSESSION, 0, TO_FUNCTION},
    [MECH_KPROBE_SESSION] = {TYPE_OF_KPROBE, AT_KPROBE_SESSION, 0, TO_NOTHING},
    [MECH_UPROBE_SESSION] = {TYPE_OF_KPROBE, AT_UPROBE_SESSION, 0, TO_NOTHING},
    [MECH_KPROBE_MULTI] = {TYPE_OF_KPROBE, AT_KPROBE_MULTI, 0, TO_NOTHING},
    [MECH_KPROBE_MULTI_PAIR] = {TYPE_OF_KPROBE, AT_KPROBE_MULTI, 0, TO_NOTHING},
    [MECH_UPROBE_MULTI] = {TYPE_OF_KPROBE, AT_UPROBE_MULTI, 0, TO_NOTHING},
    [MECH_UPROBE_MULTI_PAIR] = {TYPE_OF_KPROBE, AT_UPROBE_MULTI, 0, TO_NOTHING},
};

// Which function or raw tracepoint it is does not change what may be called.
static uint32_t attached_id(struct checker *k)
{
	switch (roles[k->unit->mech].attached) {
	case TO_FUNCTION:
		return vmlinux_id(k, BTF_TAG_FUNC, "vfs_read");
	case TO_RAW_TP:
		return vmlinux_id(k, BTF_TAG_TYPEDEF, "btf_trace_sched_switch");
	case TO_ITERATOR:
		return k->unit->attach_btf_id;
	default:
		return 0;
	}
}

static struct prog_role role_of(struct checker *k)
{
	const struct unit *u = k->unit;
	bool exit = u->type == PROBE_FEXIT && roles[u->mech].at_exit;

	if (u->type == PROBE_TEST || u->type == PROBE_BENCH)
		return (struct prog_role){.type = TYPE_OF_XDP};
	return (struct prog_role){
	    .type = roles[u->mech].type ? roles[u->mech].type : (uint32_t)TYPE_OF_KPROBE,
	    .attach_type = exit ? roles[u->mech].at_exit : roles[u->mech].at,
	    .attach_btf_id = attached_id(k),
	};
}

static uint32_t kfunc_id(struct checker *k, const char *name)
{
	return vmlinux_id(k, BTF_TAG_FUNC, name);
}

// Asks the verifier, which alone knows. Without privileges: whether it exists.
static bool kfunc_allowed(struct checker *k, const char *name)
{
	uint32_t id = kfunc_id(k, name);

	if (!id || k->c->options->check_only)
		return id != 0;
	struct prog_role role = role_of(k);
	return kernel_func_allowed(&role, id);
}

struct type *check_KFUNC_EXIST(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;

	if (require_string_literal(k, e, 0))
		expr_set_bool(e, kfunc_id(k, e->u.call.args.data[0]->u.string.data) != 0);
	return e->type = &type_bool;
}

struct type *check_KFUNC_ALLOWED(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;

	if (require_string_literal(k, e, 0))
		expr_set_bool(e, kfunc_allowed(k, e->u.call.args.data[0]->u.string.data));
	return e->type = &type_bool;
}

// ---- another task's name -------------------------------------------------------------------

#define TASK_NAME_SIZE 64 // bpftrace's
#define NO_PROCESS "No such process (pid=%d)"

static const char *context_name(const struct unit *u)
{
	return u->mech == MECH_TEST_RUN ? "special" : probe_type_name(u->type);
}

static bool visit_effect(void *ctx, struct expr *e)
{
	bool *found = ctx;

	*found |= e->kind == EXPR_INCDEC || e->kind == EXPR_CALL || e->kind == EXPR_BLOCK;
	return !*found;
}

// What is said when there is no such task. The number is computed once more for it, so a number
// that takes effect when it is computed goes without.
static struct expr *no_process(struct checker *k, struct expr *e)
{
	struct expr *pid = e->u.call.args.data[0], *text, *call;
	struct ast_visitor v = {.expr = visit_effect};
	bool takes_effect = false;

	v.ctx = &takes_effect;
	expr_walk(pid, &v);
	if (takes_effect)
		return NULL;
	text = expr_new(k->arena, EXPR_STRING, e->span);
	expr_set_string(k, text, NO_PROCESS, sizeof(NO_PROCESS) - 1);
	call = expr_new(k->arena, EXPR_CALL, e->span);
	call->u.call.name = "warnf";
	call->u.call.name_span = e->span;
	call->u.call.func = FUNC_WARNF;
	arena_push(k->arena, &call->u.call.args, text);
	arena_push(k->arena, &call->u.call.args, pid);
	call->type = check_WARNF(k, &call);
	return call;
}

// comm(pid). Left in the tree: the number, where the name is in struct task_struct, and the
// warning when there is no such task.
struct type *check_CALL_COMM(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t = call_arg(k, e, 0), *task = check_bare_type(k, "task_struct");
	const struct type_field *f;
	struct expr *warning;

	if (type_known(t) && !type_is_int(t))
		check_error(k, e->span, "bad-argument", "Only integer supported for comm()'s pid");
	if (!k->final)
		return type_string(k->arena, TASK_NAME_SIZE);
	if (task)
		type_complete(task);
	f = task ? type_find_field(task, "comm") : NULL;
	if (!f || !kfunc_allowed(k, "bpf_task_from_pid")) {
		check_error(k, e->span, "bad-context",
			    "Syntax comm(PID) is not supported in this probe type yet. Type: %s",
			    context_name(k->unit));
		diag_hint(&k->c->diag, "%s",
			  kfunc_id(k, "bpf_task_from_pid")
			      ? "this kernel looks for a task by its pid only in other probes: "
				"fentry, fexit"
			      : "this kernel does not look for a task by its pid: Linux 6.2 does");
		return type_string(k->arena, TASK_NAME_SIZE);
	}
	k->unit->calls_kernel = true;
	convert_quietly(k, &e->u.call.args.data[0], &type_int32);
	arena_push(k->arena, &e->u.call.args, expr_int(k->arena, e->span, f->offset));
	e->u.call.args.data[1]->type = &type_uint64;
	warning = no_process(k, e);
	if (warning)
		arena_push(k->arena, &e->u.call.args, warning);
	return type_string(k->arena, TASK_NAME_SIZE);
}

// ---- arguments as the kernel gave them -------------------------------------------------------

static bool has_trusted_arguments(const struct unit *u)
{
	return u->mech == MECH_TRAMPOLINE || u->mech == MECH_TRAMPOLINE_EACH ||
	       u->mech == MECH_RAW_TP_BTF || u->mech == MECH_ITER || u->type == PROBE_TYPE_COUNT;
}

static const struct type *pointed_struct(const struct type *t)
{
	return t->kind == TYPE_POINTER ? t->elem : t;
}

static bool is_struct(const struct type *t, const char *name)
{
	const struct type *s = pointed_struct(t);

	return s->kind == TYPE_STRUCT && s->name && !strcmp(s->name, name);
}

// `of`: the object. It must not have been kept in a map: the verifier forgets its type there.
static void check_trusted(struct checker *k, const struct expr *e, size_t of)
{
	struct expr *object = e->u.call.args.data[of];

	if (expr_root(object)->kind == EXPR_MAP) {
		check_error(k, object->span, "bad-argument",
			    "%s() takes what the kernel gave to the probe: in a map it is only a number",
			    e->u.call.name);
		diag_hint(&k->c->diag, "keep it in a variable ($x) instead");
	}
	if (k->final && !has_trusted_arguments(k->unit))
		check_error(k, e->span, "bad-context",
			    "%s() needs a BPF trampoline, which this kernel does not give here: %s",
			    e->u.call.name, mechanism_name(k->unit->mech));
}

struct type *check_PATH(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t = call_arg(k, e, 0);
	uint64_t size = k->program->config.max_strlen;
	enum probe_type in = k->unit->type;
	const struct expr *n;

	if (in != PROBE_FENTRY && in != PROBE_FEXIT && in != PROBE_ITER && in != PROBE_TYPE_COUNT) {
		check_error(k, e->span, "bad-context",
			    "The path function can only be used with 'fentry', 'fexit', 'iter' "
			    "probes");
		return type_string(k->arena, (uint32_t)size);
	}
	check_trusted(k, e, 0);
	if (type_known(t) && !is_struct(t, "struct path"))
		check_error(k, e->span, "bad-argument",
			    "path() only supports 'struct path' and pointers to it (%s provided)",
			    check_type_name(k, t));
	if (e->u.call.args.len > 1) {
		call_arg(k, e, 1);
		n = e->u.call.args.data[1];
		if (n->kind != EXPR_INT || n->u.integer.is_negative || !n->u.integer.value)
			check_error(k, e->span, "bad-argument",
				    "path: invalid size value, need non-negative literal");
		else if (n->u.integer.value < size)
			size = n->u.integer.value;
	}
	return type_string(k->arena, (uint32_t)size);
}

struct type *check_SOCKET_COOKIE(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *t = call_arg(k, e, 0);
	enum probe_type in = k->unit->type;

	if (in != PROBE_FENTRY && in != PROBE_FEXIT && in != PROBE_RAWTRACEPOINT &&
	    in != PROBE_TYPE_COUNT) {
		check_error(k, e->span, "bad-context",
			    "socket_cookie can not be used with \"%s\" probes",
			    probe_type_name(in));
		return &type_uint64;
	}
	check_trusted(k, e, 0);
	if (type_known(t) && (t->kind != TYPE_POINTER || !is_struct(t, "struct sock")))
		check_error(k, e->span, "bad-argument",
			    "socket_cookie() only supports 'struct sock *' as the argument "
			    "('%s' provided)",
			    check_type_name(k, t));
	return &type_uint64;
}

// skboutput(path, skb, length, offset): the first `length` bytes are sent, those from `offset` on
// are written.
struct type *check_SKBOUTPUT(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot, *offset;
	enum probe_type in = k->unit->type;
	struct event_def *ev;
	struct type *t;

	if (in != PROBE_FENTRY && in != PROBE_FEXIT && in != PROBE_TYPE_COUNT) {
		check_error(k, e->span, "bad-context",
			    "skboutput can not be used with \"%s\" probes", probe_type_name(in));
		return &type_uint32;
	}
	check_trusted(k, e, 1);
	t = call_arg(k, e, 1);
	call_arg(k, e, 2);
	call_arg(k, e, 3);
	if (!require_string_literal(k, e, 0) || !require_int(k, e, 2) || !require_int(k, e, 3))
		return &type_uint32;
	if (type_known(t) && t->kind != TYPE_POINTER)
		check_error(k, e->span, "bad-argument",
			    "skboutput() only supports pointer arguments (%s provided)",
			    type_kind_name(t));
	offset = e->u.call.args.data[3];
	if (type_known(offset->type) && (offset->kind != EXPR_INT || offset->u.integer.is_negative))
		check_error(k, offset->span, "bad-argument",
			    "skboutput() expects a literal offset, 0 or more");
	ev = event_begin(k, e, EVENT_PACKET);
	if (ev && offset->kind == EXPR_INT) {
		uint64_t skip = offset->u.integer.value;

		ev->text = e->u.call.args.data[0]->u.string.data;
		ev->skip = skip > PACKET_BYTES_MAX ? PACKET_BYTES_MAX : (uint32_t)skip;
		event_finish(ev, sizeof(struct rec_packet));
	}
	return &type_uint32;
}

// ---- per-CPU variables -----------------------------------------------------------------------

static struct expr *address_literal(struct checker *k, struct span at, uint64_t address)
{
	struct expr *e = expr_int(k->arena, at, address);

	e->type = &type_uint64;
	return e;
}

// Left in the tree: the variable's address for CPU-less use, the kernel's table of offsets, and
// the CPU (missing: the current one).
struct type *check_PERCPU_KADDR(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	struct type *result = type_pointer(k->arena, &type_uint64, SPACE_KERNEL);
	uint64_t address = 0, offsets = 0;
	struct expr *name = e->u.call.args.data[0], *cpu = NULL;

	if (!require_string_literal(k, e, 0))
		return result;
	if (e->u.call.args.len > 1) {
		call_arg(k, e, 1);
		if (!require_int(k, e, 1))
			return result;
		convert_quietly(k, &e->u.call.args.data[1], &type_uint64);
		cpu = e->u.call.args.data[1];
	}
	if (!k->final)
		return result;
	if ((!kernel_address(k->c, name->u.string.data, &address) ||
	     !kernel_address(k->c, "__per_cpu_offset", &offsets)) &&
	    !k->c->options->check_only) {
		check_error(k, e->span, "unknown-symbol",
			    "Could not resolve variable \"%s\" from BTF", name->u.string.data);
		return result;
	}
	e->u.call.args.len = 1;
	e->u.call.args.data[0] = address_literal(k, e->span, address);
	arena_push(k->arena, &e->u.call.args, address_literal(k, e->span, offsets));
	if (cpu)
		arena_push(k->arena, &e->u.call.args, cpu);
	return result;
}
