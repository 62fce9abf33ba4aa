// check_mode: functions whose argument is a word: nsecs(boot), pid(init), ustack(perf, 3). In:
// calls as written; out: the word as a number, and what stacks need of the program.
#include <string.h>

#include "base/cleanup.h"
#include "sema/check.h"
#include "sema/lazy_type.h"
#include "sys/features.h"

struct mode_word {
	const char *text;
	int value;
};

// args[0] is a word of the set (or a number already, on a later visit). -1 after an error.
static int mode_arg(struct checker *k, struct expr *e, const struct mode_word *words, size_t n)
{
	struct expr *arg = e->u.call.args.data[0];

	if (arg->kind == EXPR_INT && arg->type == &type_uint32)
		return (int)arg->u.integer.value;
	if (arg->kind != EXPR_IDENT)
		return -2;
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i].text, arg->u.ident.name) == 0) {
			if (k->final) {
				expr_set_int(arg, words[i].value);
				arg->type = &type_uint32;
			}
			return words[i].value;
		}
	return -1;
}

static const struct mode_word clock_words[] = {{"boot", CLOCK_MODE_BOOT},
					       {"monotonic", CLOCK_MODE_MONOTONIC},
					       {"tai", CLOCK_MODE_TAI},
					       {"sw_tai", CLOCK_MODE_SW_TAI}};
static const struct mode_word pid_words[] = {{"curr_ns", 0}, {"init", 1}};
static const struct mode_word stack_words[] = {{"bpftrace", STACK_MODE_BPFTRACE},
					       {"perf", STACK_MODE_PERF},
					       {"raw", STACK_MODE_RAW},
					       {"build_id", STACK_MODE_BUILD_ID}};

struct type *check_CALL_NSECS(struct checker *k, struct expr **slot)
{
	struct expr *e = *slot;
	int mode = mode_arg(k, e, clock_words, ARRAY_SIZE(clock_words));

	if (mode == -1)
		check_error(k, e->u.call.args.data[0]->span, "bad-argument",
			    "Invalid timestamp mode: %s", e->u.call.args.data[0]->u.ident.name);
	else if (mode < 0)
		check_error(k, e->span, "bad-argument",
			    "nsecs() only supports timestamp_mode arguments (%s provided)",
			    type_kind_name(call_arg(k, e, 0)));
	return &type_uint64;
}

static struct type *check_namespace(struct checker *k, struct expr *e)
{
	int mode = mode_arg(k, e, pid_words, ARRAY_SIZE(pid_words));
	const struct expr *arg = e->u.call.args.data[0];

	if (mode < 0)
		check_error(k, arg->span, "bad-argument",
			    "Invalid PID namespace mode%s%s (expects: curr_ns or init)",
			    mode == -1 ? ": " : "", mode == -1 ? arg->u.ident.name : "");
	return &type_uint32;
}

struct type *check_CALL_PID(struct checker *k, struct expr **slot)
{
	return check_namespace(k, *slot);
}

struct type *check_CALL_TID(struct checker *k, struct expr **slot)
{
	return check_namespace(k, *slot);
}

// ---- stacks --------------------------------------------------------------------------------

#define MAX_FRAMES 1024

static bool frames_arg(struct checker *k, struct expr *e, size_t i, uint32_t *frames)
{
	const struct expr *arg;

	call_arg(k, e, i);
	arg = e->u.call.args.data[i];
	if (arg->kind != EXPR_INT || arg->u.integer.is_negative) {
		check_error(k, e->span, "bad-argument", "%s: invalid limit value", e->u.call.name);
		return false;
	}
	if (arg->u.integer.value > MAX_FRAMES) {
		check_error(k, e->span, "bad-argument", "%s: limit must be at most %d",
			    e->u.call.name, MAX_FRAMES);
		return false;
	}
	*frames = (uint32_t)arg->u.integer.value;
	return true;
}

static int stack_mode_arg(struct checker *k, struct expr *e, const struct expr *first,
			  enum type_kind kind)
{
	int mode = mode_arg(k, e, stack_words, ARRAY_SIZE(stack_words));

	if (mode < 0)
		check_error(k, first->span, "bad-argument",
			    "Error parsing stack mode: %s: Invalid value for "
			    "stack_mode: valid values are bpftrace, raw, perf, and "
			    "build_id.",
			    e->u.call.name);
	else if (mode == STACK_MODE_BUILD_ID && kind == TYPE_KSTACK)
		check_error(k, e->span, "bad-argument",
			    "'build_id' stack mode can only be used for ustack");
	else
		return mode;
	return -1;
}

struct type *check_stack_type(struct checker *k, enum type_kind kind, int mode, uint32_t frames)
{
	struct type *t = type_make(k->arena, kind, STACK_BYTES, 8);

	t->count = frames;
	t->stack_mode = (enum stack_mode)mode;
	if (frames > k->program->stack_frames)
		k->program->stack_frames = frames;
	if (kind == TYPE_KSTACK && unit_context_is_on_stack(k->unit) && k->c->features)
		k->program->stack_memo = features_have(k->c->features, FEATURE_STACK_MEMO);
	return t;
}

// ustack(mode), ustack(limit), ustack(mode, limit); kstack likewise
static struct type *check_stack(struct checker *k, struct expr *e, enum type_kind kind)
{
	struct expr *first = e->u.call.args.data[0];
	int mode = (int)k->program->config.stack_mode;
	uint32_t frames = 127;
	struct type *t;

	if (first->kind == EXPR_IDENT && first->u.ident.builtin < 0) {
		mode = stack_mode_arg(k, e, first, kind);
		if (mode < 0)
			return &type_none;
	} else if (e->u.call.args.len > 1) {
		check_error(k, e->span, "bad-argument", "Expected stack mode as first argument");
		return &type_none;
	} else if (!frames_arg(k, e, 0, &frames)) {
		return &type_none;
	}
	if (e->u.call.args.len > 1 && !frames_arg(k, e, 1, &frames))
		return &type_none;
	t = check_stack_type(k, kind, mode, frames);
	if (k->final)
		e->u.call.args.len = 0;
	return t;
}

struct type *check_CALL_USTACK(struct checker *k, struct expr **slot)
{
	return check_stack(k, *slot, TYPE_USTACK);
}

static bool member_at(struct checker *k, const char *type, const char *member, uint32_t *offset)
{
	struct type *t = check_bare_type(k, type);
	const struct type_field *f;

	if (!t)
		return false;
	type_complete(t);
	f = type_find_field(t, member);
	if (f)
		*offset = f->offset;
	return f;
}

// Where the kernel's BTF does not say it, stacks end at functions with a return probe.
static void find_return_instances(struct checker *k)
{
	struct return_instance_layout *l = &k->program->return_instance;

	l->known = member_at(k, "task_struct", "utask", &l->utask) &&
		   member_at(k, "uprobe_task", "return_instances", &l->list) &&
		   member_at(k, "return_instance", "stack", &l->stack) &&
		   member_at(k, "return_instance", "orig_ret_vaddr", &l->address) &&
		   member_at(k, "return_instance", "chained", &l->chained) &&
		   member_at(k, "return_instance", "next", &l->next);
}

// dw_ustack has tables of the processes that it was told of.
void check_unwind(struct checker *k, const struct expr *e)
{
	const struct compile_options *o = k->c->options;

	if (!check_unstable(k, e->span, k->program->config.unstable_dw_ustack,
			    "dw_ustack (DWARF stack unwinding)", "dw_ustack") ||
	    !k->final)
		return;
#ifndef __x86_64__
	check_error(k, e->span, "bad-context", "dw_ustack is only available on x86_64");
#endif
	if (!o->unwinds && !o->check_only)
		check_error(k, e->span, "bad-context",
			    "dw_ustack requires a target process. Use -p, -c, or --dwarf-pid to "
			    "specify one.");
	else if (!k->program->return_instance.known)
		find_return_instances(k);
}

struct type *check_CALL_DW_USTACK(struct checker *k, struct expr **slot)
{
	check_unwind(k, *slot);
	return check_stack(k, *slot, TYPE_USTACK);
}

struct type *check_CALL_KSTACK(struct checker *k, struct expr **slot)
{
	return check_stack(k, *slot, TYPE_KSTACK);
}
