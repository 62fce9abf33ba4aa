// program: makes the parts of struct program and names its enumerations.
#include "program.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

void config_init(struct config *c)
{
	*c = (struct config){
	    .max_map_keys = 4096,
	    .output_delay_ms = 10,
	    .max_strlen = 1024,
	    .max_cat_bytes = 10240,
	    .log_size = 1000000,
	    .on_stack_limit = 32,
	    .missing_probes = MISSING_ERROR,
	    .stack_mode = STACK_MODE_BPFTRACE,
	    .cache_user_symbols = USER_SYMBOLS_PER_PROGRAM,
	    .cpp_demangle = true,
	    .lazy_symbolication = true,
	    .print_maps_on_exit = true,
	    .str_trunc_trailer = "..",
	    .license = "GPL",
	    .unstable_tseries = UNSTABLE_WARN,
	    .unstable_dw_ustack = UNSTABLE_WARN,
	    .unstable_typeinfo = UNSTABLE_ERROR,
	    .unstable_import = UNSTABLE_ERROR,
	    .unstable_map_decl = UNSTABLE_ENABLE,
	    .unstable_addr = UNSTABLE_ERROR,
	};
}

static const char *const probe_type_names[] = {
    [PROBE_BEGIN] = "begin",
    [PROBE_END] = "end",
    [PROBE_SELF] = "self",
    [PROBE_TEST] = "test",
    [PROBE_BENCH] = "bench",
    [PROBE_KPROBE] = "kprobe",
    [PROBE_KRETPROBE] = "kretprobe",
    [PROBE_FENTRY] = "fentry",
    [PROBE_FEXIT] = "fexit",
    [PROBE_KSESSION] = "session",
    [PROBE_RAWTRACEPOINT] = "rawtracepoint",
    [PROBE_TRACEPOINT] = "tracepoint",
    [PROBE_UPROBE] = "uprobe",
    [PROBE_URETPROBE] = "uretprobe",
    [PROBE_USESSION] = "session",
    [PROBE_USDT] = "usdt",
    [PROBE_PROFILE] = "profile",
    [PROBE_INTERVAL] = "interval",
    [PROBE_SOFTWARE] = "software",
    [PROBE_HARDWARE] = "hardware",
    [PROBE_WATCHPOINT] = "watchpoint",
    [PROBE_ITER] = "iter",
};
_Static_assert(ARRAY_SIZE(probe_type_names) == PROBE_TYPE_COUNT, "a name per probe type");

const char *probe_type_name(enum probe_type t)
{
	return probe_type_names[t];
}

const char *probe_shown_module(enum probe_type t, bool given, const char *module)
{
	if (t == PROBE_KPROBE || t == PROBE_KRETPROBE)
		return !given ? NULL : module ? module : "vmlinux";
	return module || (t != PROBE_FENTRY && t != PROBE_FEXIT) ? module : "vmlinux";
}

static const char *const mechanism_names[] = {
    [MECH_NONE] = "none",
    [MECH_TEST_RUN] = "test run",
    [MECH_UPROBE_SESSION] = "uprobe_multi session",
    [MECH_UPROBE_MULTI] = "uprobe_multi",
    [MECH_UPROBE_MULTI_PAIR] = "uprobe_multi pair",
    [MECH_UPROBE_PERF] = "perf uprobe",
    [MECH_UPROBE_PERF_PAIR] = "perf uprobe pair",
    [MECH_PERF_TIMER] = "perf timer",
    [MECH_TRACING_MULTI] = "tracing_multi",
    [MECH_FSESSION_MULTI] = "tracing_multi session",
    [MECH_TRAMPOLINE] = "trampoline",
    [MECH_FSESSION] = "trampoline session",
    [MECH_TRAMPOLINE_EACH] = "trampoline per function",
    [MECH_KPROBE_SESSION] = "kprobe_multi session",
    [MECH_KPROBE_MULTI] = "kprobe_multi",
    [MECH_KPROBE_MULTI_PAIR] = "kprobe_multi pair",
    [MECH_KPROBE_PERF] = "perf kprobe",
    [MECH_KPROBE_PERF_PAIR] = "perf kprobe pair",
    [MECH_SYSCALL_TP] = "raw tracepoint for all system calls",
    [MECH_TRACEPOINT_PERF] = "perf tracepoint",
    [MECH_RAW_TP] = "raw tracepoint",
    [MECH_RAW_TP_BTF] = "typed raw tracepoint",
    [MECH_PERF_COUNTER] = "perf counter",
    [MECH_ITER] = "iterator",
    [MECH_PERF_WATCHPOINT] = "perf watchpoint",
};
_Static_assert(ARRAY_SIZE(mechanism_names) == MECH_COUNT, "a name per mechanism");

const char *mechanism_name(enum mechanism m)
{
	return mechanism_names[m];
}

bool multi_link_saves(const char *reg, bool at_return)
{
	static const char *const saved[] = {"ax", "dx", "bp", "sp", "ip",
					    "pc", // also at the return
					    "cx", "si", "di", "r8", "r9"};

	for (size_t i = 0; i < (at_return ? 6 : ARRAY_SIZE(saved)); i++)
		if (strcmp(saved[i], reg) == 0)
			return true;
	return false;
}

void program_init(struct program *p, struct arena *a)
{
	*p = (struct program){.arena = a};
	config_init(&p->config);
}

void program_release(struct program *p)
{
	intern_release(&p->funcs);
	intern_release(&p->strings);
}

struct map_def *program_add_map(struct program *p, enum map_role role, const char *name)
{
	struct map_def *m = arena_new(p->arena, struct map_def);

	m->id = (uint32_t)p->maps.len;
	m->role = role;
	m->name = arena_strdup(p->arena, name);
	arena_push(p->arena, &p->maps, m);
	return m;
}

struct map_def *program_find_map(const struct program *p, enum map_role role)
{
	for (size_t i = 0; i < p->maps.len; i++)
		if (p->maps.data[i]->role == role)
			return p->maps.data[i];
	return NULL;
}

struct event_def *program_add_event(struct program *p, enum event_kind kind, struct span span)
{
	struct event_def *e = arena_new(p->arena, struct event_def);

	e->id = (uint32_t)p->events.len;
	e->kind = kind;
	e->span = span;
	arena_push(p->arena, &p->events, e);
	return e;
}

struct unit *program_add_unit(struct program *p, enum probe_type type, struct span span)
{
	struct unit *u = arena_new(p->arena, struct unit);

	u->id = (uint32_t)p->units.len;
	u->type = type;
	u->span = span;
	u->first_target = (uint32_t)p->targets.len;
	arena_push(p->arena, &p->units, u);
	return u;
}

struct target *program_add_target(struct program *p, struct unit *u, const char *func,
				  const char *probe)
{
	struct target *t = arena_new(p->arena, struct target);

	t->id = (uint32_t)p->targets.len;
	t->unit = u->id;
	t->span = u->span;
	t->func = func;
	t->probe = probe;
	t->func_id = intern_id(&p->funcs, func);
	if (!u->target_count)
		u->first_target = t->id;
	u->target_count++;
	arena_push(p->arena, &p->targets, t);
	return t;
}

void program_set_aside(struct program *p, struct unit *u, const char *what, const char *reason)
{
	struct set_aside s = {.unit = u->id, .what = what, .reason = reason};

	arena_push(p->arena, &p->set_asides, s);
	u->set_aside_count++;
}

unsigned program_drop_targets(struct program *p, struct unit *u,
			      const char *(*why)(const void *ctx, const struct target *t),
			      const void *ctx)
{
	struct target **all = u->target_count ? p->targets.data + u->first_target : NULL;
	uint32_t kept = 0, count = u->target_count;

	for (uint32_t i = 0; i < count; i++) {
		struct target *t = all[i];
		const char *reason = why(ctx, t);
		if (reason) {
			program_set_aside(p, u, t->probe, reason);
			continue;
		}
		all[i] = all[kept];
		all[kept++] = t;
	}
	for (uint32_t i = 0; i < count; i++)
		all[i]->id = u->first_target + i;
	u->target_count = kept;
	return count - kept;
}

void object_release(struct object *o)
{
	free(o->data);
	*o = (struct object){0};
}

const char *kfunc_name(enum kfunc_id id)
{
	static const char *const names[] = {
	    [KFUNC_SESSION_IS_RETURN] = "bpf_session_is_return",
	    [KFUNC_SESSION_COOKIE] = "bpf_session_cookie",
	    [KFUNC_TASK_FROM_PID] = "bpf_task_from_pid",
	    [KFUNC_TASK_RELEASE] = "bpf_task_release",
	    [KFUNC_PREEMPT_DISABLE] = "bpf_preempt_disable",
	    [KFUNC_PREEMPT_ENABLE] = "bpf_preempt_enable",
	};
	_Static_assert(ARRAY_SIZE(names) == KFUNC_COUNT, "a name per kernel function");

	return names[id];
}
