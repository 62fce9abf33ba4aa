// check_call: calls and builtins in general: how many arguments, allowed here or not, then the
// check_<id> function of the row in builtins.h. A READY row without one does not link.
#include <string.h>

#include "sema/check.h"
#include "usdt_spec.h"

#define DISPATCH_READY(id) check_##id
#define DISPATCH_LATER(id) NULL
static const check_call_fn dispatch[FUNC_ID_END] = {
#define DISPATCH(id, name, min, max, flags, since, doc) [FUNC_##id] = DISPATCH_##since(id),
    FUNC_TABLE(DISPATCH)
#undef DISPATCH
};

// ---- arguments -----------------------------------------------------------------------

static const char *count_text(struct checker *k, int n)
{
	if (n == 0)
		return "no arguments";
	return n == 1 ? "one argument" : arena_printf(k->arena, "%d arguments", n);
}

static bool check_arg_count(struct checker *k, struct expr *e, const struct func_info *f)
{
	int n = (int)e->u.call.args.len;

	if (n >= f->min_args && n <= f->max_args)
		return true;
	if (f->min_args == f->max_args)
		check_error(k, e->span, "argument-count", "%s() requires %s (%d provided)", f->name,
			    count_text(k, f->min_args), n);
	else if (n < f->min_args)
		check_error(k, e->span, "argument-count", "%s() requires at least %s (%d provided)",
			    f->name, count_text(k, f->min_args), n);
	else
		check_error(k, e->span, "argument-count", "%s() takes up to %s (%d provided)",
			    f->name, count_text(k, f->max_args), n);
	return false;
}

struct type *call_arg(struct checker *k, struct expr *call, size_t i)
{
	return check_value(k, &call->u.call.args.data[i]);
}

bool require_int(struct checker *k, struct expr *call, size_t i)
{
	const struct type *t = call->u.call.args.data[i]->type;

	if (!type_known(t))
		return false;
	if (type_is_int(t))
		return true;
	check_error(k, call->span, "bad-argument", "%s() only supports int arguments (%s provided)",
		    call->u.call.name, type_kind_name(t));
	return false;
}

bool require_string_literal(struct checker *k, struct expr *call, size_t i)
{
	const struct expr *arg = call->u.call.args.data[i];

	if (arg->kind == EXPR_STRING)
		return true;
	check_value(k, &call->u.call.args.data[i]);
	check_error(k, call->span, "bad-argument", "%s() expects a string literal (%s provided)",
		    call->u.call.name, type_kind_name(call->u.call.args.data[i]->type));
	return false;
}

// ---- calls -----------------------------------------------------------------------------

struct type *check_call(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	const struct func_info *f;

	if (e->u.call.func == NAME_UNDECIDED)
		report_unknown_name(k, e);
	if (e->u.call.func < 0)
		return &type_none; // reported by resolve
	f = &func_infos[e->u.call.func];
	if ((f->flags & F_AGG) && k->agg_call != e) {
		check_error(k, e->span, "aggregation-misuse",
			    "%s() must be assigned directly to a map", f->name);
		return &type_none;
	}
	if (!check_arg_count(k, e, f))
		return f->flags & F_VOID ? &type_void : &type_none;
	if ((f->flags & F_UNSAFE) && !k->c->options->unsafe &&
	    check_error(k, e->span, "unsafe", "%s() is an unsafe function being used in safe mode",
			f->name))
		diag_hint(&k->c->diag, "allow it with --unsafe");
	return dispatch[e->u.call.func](k, slot);
}

// ---- builtins --------------------------------------------------------------------------

bool unit_in_return(const struct checker *k)
{
	switch (k->unit->type) {
	case PROBE_URETPROBE:
	case PROBE_KRETPROBE:
	case PROBE_FEXIT:
	case PROBE_TYPE_COUNT:
		return true;
	case PROBE_USESSION:
	case PROBE_KSESSION:
		return k->half != HALF_ENTRY;
	default:
		return false;
	}
}

static bool unit_has_function(const struct checker *k)
{
	switch (k->unit->type) {
	case PROBE_BEGIN:
	case PROBE_END:
	case PROBE_SELF:
	case PROBE_INTERVAL:
	case PROBE_PROFILE:
	case PROBE_SOFTWARE:
	case PROBE_HARDWARE:
	case PROBE_WATCHPOINT:
	case PROBE_TEST:
	case PROBE_BENCH:
	case PROBE_ITER:
	case PROBE_TRACEPOINT:
	case PROBE_RAWTRACEPOINT:
		return false;
	default:
		return true;
	}
}

#define REGISTER_ARGS 6 // x86-64: arguments passed in registers

static const char *unreadable_arg(const void *ctx, const struct target *t)
{
	const unsigned *n = ctx;

	if (!t->usdt || *n >= t->usdt->args.len || !t->usdt->args.data[*n].unreadable)
		return NULL;
	return t->usdt->args.data[*n].unreadable;
}

// A site whose argument cannot be read would show a value that it never had.
static struct type *check_usdt_arg(struct checker *k, struct expr *e)
{
	struct program *p = &k->c->program;
	struct unit *u = k->unit;
	unsigned n = e->u.ident.arg;

	program_drop_targets(p, u, unreadable_arg, &n);
	if (u->target_count || u->first_target >= p->targets.len)
		return &type_int64;
	const struct target *t = p->targets.data[u->first_target];
	if (t->unit == u->id && unreadable_arg(&n, t))
		check_error(k, e->span, "unreadable-argument", "arg%u of %s cannot be read: %s", n,
			    t->probe, unreadable_arg(&n, t));
	return &type_int64;
}

static struct type *check_argn(struct checker *k, struct expr *e)
{
	enum probe_type t = k->unit->type;

	if (t == PROBE_USDT)
		return check_usdt_arg(k, e);
	bool has_args = t == PROBE_UPROBE || t == PROBE_USESSION || t == PROBE_KPROBE ||
			t == PROBE_KSESSION || t == PROBE_FENTRY || t == PROBE_FEXIT ||
			t == PROBE_USDT || t == PROBE_RAWTRACEPOINT || t == PROBE_TYPE_COUNT;

	if (!has_args) {
		if (check_error(k, e->span, "bad-context",
				"The %s builtin can only be used with 'kprobes', 'uprobes' and "
				"'usdt' probes",
				e->u.ident.name))
			check_hint_session(k);
	} else if (e->u.ident.arg >= REGISTER_ARGS && t != PROBE_RAWTRACEPOINT) {
		check_error(k, e->span, "bad-context", "x86_64 doesn't support %s",
			    e->u.ident.name);
	}
	return &type_uint64;
}

static struct type *check_retval(struct checker *k, struct expr *e)
{
	if (!unit_in_return(k) &&
	    check_error(k, e->span, "bad-context",
			"The retval builtin can only be used with 'kretprobe' and 'uretprobe' "
			"and 'fentry' probes, and in the return half of a session"))
		check_hint_session(k);
	return check_typed_retval(k, e);
}

static struct type *check_func(struct checker *k, struct expr *e)
{
	if (!unit_has_function(k))
		check_error(k, e->span, "bad-context",
			    "The func builtin can not be used with '%s' probes",
			    probe_type_name(k->unit->type));
	return type_make(k->arena, TYPE_FUNC, 8, 8);
}

static struct type *check_is_return(struct checker *k, struct expr *e)
{
	if (!probe_type_is_session(k->unit->type) && k->unit->type != PROBE_TYPE_COUNT) {
		check_error(k, e->span, "bad-context",
			    "The is_return builtin can only be used in sessions");
		return &type_bool;
	}
	if (k->final && k->half != HALF_WHOLE)
		expr_set_bool(e, k->half == HALF_RETURN);
	return &type_bool;
}

static struct type *check_elapsed(struct checker *k, struct expr *e)
{
	e->u.ident.session_elapsed = probe_type_is_session(k->unit->type) && k->half != HALF_ENTRY;
	return &type_uint64;
}

static const char *probetype_text(enum probe_type t)
{
	if (t == PROBE_TYPE_COUNT)
		return "";
	return t <= PROBE_SELF ? "special" : probe_type_name(t);
}

static struct type *check_constant(struct checker *k, struct expr *e)
{
	const char *name;

	if (e->u.ident.builtin == BUILTIN_HAS_CPID) {
		expr_set_bool(e, k->c->options->child_pid != 0);
	} else if (e->u.ident.builtin == BUILTIN_CPID) {
		if (k->final && !k->c->options->child_pid)
			check_warn(k, e->span, "no-child", "No child command (`-c`); cpid is zero");
		if (!k->final)
			return &type_uint64;
		expr_set_int(e, k->c->options->child_pid);
		e->type = &type_uint64;
	} else {
		name = probetype_text(k->unit->type);
		expr_set_string(k, e, name, strlen(name));
	}
	return e->type;
}

static struct type *check_default_stack(struct checker *k, enum type_kind kind)
{
	return check_stack_type(k, kind, (int)k->program->config.stack_mode, 127);
}

struct type *check_ident(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;

	switch (e->u.ident.builtin) {
	case BUILTIN_PID:
	case BUILTIN_TID:
		return &type_uint32;
	case BUILTIN_UID:
	case BUILTIN_GID:
	case BUILTIN_NSECS:
	case BUILTIN_CPU:
	case BUILTIN_NCPUS:
	case BUILTIN_RAND:
	case BUILTIN_NUMAID:
	case BUILTIN_JIFFIES:
		return &type_uint64;
	case BUILTIN_ELAPSED:
		return check_elapsed(k, e);
	case BUILTIN_COMM:
		return type_string(k->arena, 16);
	case BUILTIN_USERNAME:
		return type_make(k->arena, TYPE_USERNAME, 4, 4);
	case BUILTIN_PROBE:
		return type_make(k->arena, TYPE_PROBE, 8, 8);
	case BUILTIN_FUNC:
		return check_func(k, e);
	case BUILTIN_ARGN:
		return check_argn(k, e);
	case BUILTIN_ARGS:
		return k->unit->type == PROBE_TRACEPOINT ? check_event_args(k, slot)
							 : check_args(k, slot);
	case BUILTIN_CURTASK:
		return check_curtask(k, e);
	case BUILTIN_CTX:
		return check_ctx(k, e);
	case BUILTIN_RETVAL:
		return check_retval(k, e);
	case BUILTIN_IS_RETURN:
		return check_is_return(k, e);
	case BUILTIN_CGROUP:
		return &type_uint64;
	case BUILTIN_USTACK:
		return check_default_stack(k, TYPE_USTACK);
	case BUILTIN_DW_USTACK:
		check_unwind(k, e);
		return check_default_stack(k, TYPE_USTACK);
	case BUILTIN_KSTACK:
		return check_default_stack(k, TYPE_KSTACK);
	case BUILTIN_USERMODE:
		return check_usermode(k, e);
	case BUILTIN_PROBETYPE:
	case BUILTIN_CPID:
	case BUILTIN_HAS_CPID:
		return check_constant(k, e);
	case NAME_UNDECIDED:
		report_unknown_name(k, e);
		return &type_none;
	default:
		return &type_none; // reported by resolve
	}
}
