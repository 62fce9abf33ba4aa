// dwarf_args.c: where the arguments of a user-space function are when it is entered.
//
// Enters: a target. Leaves: name, type and slot of each parameter. Refuses, one by one with the
// reason: what travels in floating-point registers, and what an optimiser has moved or removed.
//
// The ABI says where things are; debug information describes unoptimised code only behind the
// prologue. But where it names a register for the entry itself, that is the truth: compilers
// change the calling convention of local functions.
//
// x86-64: integers and pointers in six registers, structs of up to 16 bytes in one or two of
// them (both or none), larger ones on the stack; arm64: eight registers, larger structs by
// address. Results that do not fit come through a hidden first argument on x86-64.
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sema/dwarf_type.h"
#include "sema/target_args.h"
#include "sys/elf.h"

#if defined(__aarch64__)
enum { REGISTERS = 8, HIDDEN_RESULT = 0 };
static const int dwarf_registers[REGISTERS] = {0, 1, 2, 3, 4, 5, 6, 7};
#else
enum { REGISTERS = 6, HIDDEN_RESULT = 1 };
static const int dwarf_registers[REGISTERS] = {5, 4, 1, 2, 8, 9}; // di si dx cx r8 r9
#endif

enum { NESTING_MAX = 16, COPY_MAX = 1024 };

// How a value travels.
enum passing {
	PASS_INTEGER, // registers, in slots
	PASS_FLOAT,   // in floating-point registers, also partly
	PASS_STACK,   // by value on the stack
	PASS_ADDRESS, // what is passed is its address
	PASS_EMPTY,   // not at all
};

struct placing {
	struct dwarf_source *source;
	struct compiler *c;
	struct target_args *out;
	const struct debug_func *func;
	uint32_t registers, stack; // slots used so far
	bool is_inside;		   // not at the function's entry
};

// ---- how a value travels -----------------------------------------------------------------

struct classes {
	struct dwarf_source *source;
	bool integer[2], floating[2]; // of each eightbyte
	bool unaligned;
	unsigned depth;
	uint64_t base; // bytes
};

static void classify(struct classes *c, debug_id id, uint64_t offset);

static void mark(bool halves[2], uint64_t offset)
{
	halves[offset >= 8] = true;
}

static bool classify_member(void *ctx, const struct debug_member *m)
{
	struct classes *c = ctx;
	uint64_t base = c->base;

	classify(c, m->type, base + m->bit_offset / 8);
	c->base = base;
	return true;
}

static void classify_array(struct classes *c, const struct debug_type *t, uint64_t offset)
{
	struct debug_type elem;
	uint64_t n = 1;

	if (!debug_type_strip(c->source->file, t->target, &elem) || !elem.size)
		return;
	for (unsigned i = 0; i < t->dimensions; i++)
		n *= t->lengths[i] < 17 ? t->lengths[i] : 17;
	for (uint64_t i = 0; i < n && offset + i * elem.size < 16; i++)
		classify(c, elem.id, offset + i * elem.size);
}

static void classify(struct classes *c, debug_id id, uint64_t offset)
{
	struct debug_type t;

	if (c->depth > NESTING_MAX || offset >= 16 || !debug_type_strip(c->source->file, id, &t))
		return;
	c->depth++;
	switch (t.kind) {
	case DEBUG_FLOAT:
		mark(c->floating, offset);
		break;
	case DEBUG_STRUCT:
	case DEBUG_UNION:
		c->base = offset;
		debug_each_member(c->source->file, t.id, classify_member, c);
		break;
	case DEBUG_ARRAY:
		classify_array(c, &t, offset);
		break;
	default:
		if (t.size && t.size <= 8 && offset % t.size)
			c->unaligned = true;
		mark(c->integer, offset);
		if (t.size > 8)
			mark(c->integer, offset + 8);
	}
	c->depth--;
}

// integers: general registers that PASS_FLOAT takes, too.
static enum passing passing_of_struct(struct dwarf_source *s, const struct debug_type *t,
				      uint32_t *integers)
{
	struct classes c = {.source = s};

	*integers = 0;
	if (t->by_reference)
		return PASS_ADDRESS;
	if (!t->size)
		return PASS_EMPTY;
	if (t->size > 16)
		return HIDDEN_RESULT ? PASS_STACK : PASS_ADDRESS;
	classify(&c, t->id, 0);
	if (c.unaligned)
		return PASS_STACK;
	*integers = c.integer[0] + c.integer[1];
	for (unsigned half = 0; half < 2; half++)
		if (c.floating[half] && !c.integer[half])
			return PASS_FLOAT;
	return c.integer[0] ? PASS_INTEGER : PASS_EMPTY;
}

static enum passing passing_of(struct dwarf_source *s, const struct debug_type *t,
			       uint32_t *integers)
{
	*integers = 0;
	switch (t->kind) {
	case DEBUG_FLOAT:
		// long double is on the stack of x86-64.
		return t->size > 8 && HIDDEN_RESULT ? PASS_STACK : PASS_FLOAT;
	case DEBUG_OTHER:
		return t->size > 8 ? PASS_INTEGER : PASS_FLOAT;
	case DEBUG_STRUCT:
	case DEBUG_UNION:
		return passing_of_struct(s, t, integers);
	default:
		return PASS_INTEGER;
	}
}

// ---- one parameter -------------------------------------------------------------------------

static int slot_of_register(int reg)
{
	for (int i = 0; i < REGISTERS; i++)
		if (dwarf_registers[i] == reg)
			return i;
	return -1;
}

static uint32_t take_stack(struct placing *p, uint32_t slots)
{
	uint32_t slot = REGISTERS + p->stack;

	p->stack += slots;
	return slot;
}

static uint32_t take_slots(struct placing *p, uint32_t slots)
{
	uint32_t slot = p->registers;

	if (p->registers + slots > REGISTERS)
		return take_stack(p, slots);
	p->registers += slots;
	return slot;
}

// The compiler's own copies keep to no ABI.
static void place_in_clone(struct target_arg *a, const struct debug_param *param)
{
	int slot = param->reg < 0 ? -1 : slot_of_register(param->reg);

	if (slot < 0)
		a->problem = "removed by the compiler";
	else
		a->slot = (uint32_t)slot;
}

static void place(struct placing *p, struct target_arg *a, const struct debug_param *param,
		  const struct debug_type *t)
{
	uint32_t integers;
	enum passing how = passing_of(p->source, t, &integers);
	uint32_t slots = t->size ? (uint32_t)((t->size + 7) / 8) : 1;

	switch (how) {
	case PASS_INTEGER:
		a->slot = take_slots(p, slots);
		break;
	case PASS_STACK:
		a->slot = take_stack(p, slots);
		break;
	case PASS_ADDRESS:
		a->slot = take_slots(p, 1);
		a->type = type_pointer(&p->c->arena, a->type, SPACE_USER);
		break;
	case PASS_FLOAT:
		take_slots(p, integers);
		a->problem = "passed in floating-point registers, which eBPF cannot read";
		break;
	case PASS_EMPTY:
		a->problem = "has no size, so it is not passed";
		break;
	}
	if (how == PASS_INTEGER && slots == 1 && param->reg >= 0) {
		int slot = slot_of_register(param->reg);
		if (slot >= 0)
			a->slot = (uint32_t)slot;
		else
			a->problem = "moved by the compiler";
	}
}

static struct type *in_user_space(struct compiler *c, struct type *t)
{
	return t->kind == TYPE_POINTER ? type_pointer(&c->arena, t->elem, SPACE_USER) : t;
}

static const char *why_no_value(const struct placing *p, const struct target_arg *a,
				const struct debug_type *t)
{
	if (a->problem)
		return a->problem;
	if (p->is_inside && a->slot >= REGISTERS)
		return "on the stack, and where there is only known where a function begins";
	if (a->type->size > COPY_MAX)
		return "too large to copy";
	if (a->type->kind == TYPE_VOID || t->kind == DEBUG_OTHER)
		return "of a type that scripts have no values for";
	return NULL;
}

static bool add_param(void *ctx, const struct debug_param *param)
{
	struct placing *p = ctx;
	struct target_arg a = {
	    .name = param->name,
	    .type = in_user_space(p->c, type_low_half(dwarf_type_of(p->source, param->type))),
	};
	_cleanup_(buf_release) struct buf spelling = {0};
	struct debug_type t;

	debug_type_name(p->source->file, param->type, &spelling);
	a.spelling = arena_strdup(&p->c->arena, buf_str(&spelling));
	if (!debug_type_strip(p->source->file, param->type, &t))
		t = (struct debug_type){.kind = DEBUG_OTHER, .size = 8};
	if (p->func->is_clone)
		place_in_clone(&a, param);
	else
		place(p, &a, param, &t);
	a.problem = why_no_value(p, &a, &t);
	arena_push(&p->c->arena, &p->out->all, a);
	return true;
}

// ---- one function ----------------------------------------------------------------------------

static bool result_is_hidden(struct dwarf_source *s, debug_id result)
{
	struct debug_type t;
	uint32_t integers;

	if (!HIDDEN_RESULT || !result || !debug_type_strip(s->file, result, &t) ||
	    (t.kind != DEBUG_STRUCT && t.kind != DEBUG_UNION))
		return false;
	enum passing how = passing_of_struct(s, &t, &integers);
	return how == PASS_STACK || how == PASS_ADDRESS;
}

// Of the function. With --check nothing was looked up yet.
static uint64_t entry_of(struct compiler *c, const struct target *t)
{
	struct elf_file elf;
	const char *reason;

	if (!c->options->check_only || t->address ||
	    elf_open_funcs(&c->arena, t->path, c->options->debug_dirs, &elf, &reason))
		return t->address - t->func_offset;
	for (size_t i = 0; i < elf.funcs.len; i++)
		if (!strcmp(elf.funcs.data[i].name, t->func))
			return elf.funcs.data[i].address;
	return 0;
}

static void find_args(struct compiler *c, struct dwarf_source *s, const struct target *t,
		      struct target_args *out)
{
	struct placing p = {.source = s, .c = c, .out = out, .is_inside = t->func_offset};
	struct debug_func func;

	if (!s->file) {
		out->reason = arena_printf(&c->arena, "%s %s", t->path, s->reason);
		return;
	}
	if (!debug_func_at(s->file, entry_of(c, t), t->symbol ? t->symbol : t->func, &func)) {
		out->reason = "the debug information does not describe it";
		return;
	}
	p.func = &func;
	if (result_is_hidden(s, func.result))
		p.registers = 1;
	out->result = in_user_space(c, dwarf_type_of(s, func.result));
	debug_each_param(s->file, &func, add_param, &p);
}

// ---- the cache -------------------------------------------------------------------------------

static struct dwarf_known *known_slot(struct dwarf_source *s, uint64_t address)
{
	size_t i = (size_t)(address * 0x9e3779b97f4a7c15u >> 32) & (s->known_count - 1);

	while (s->known[i].args && s->known[i].address != address)
		i = (i + 1) & (s->known_count - 1);
	return &s->known[i];
}

static void grow_known(struct dwarf_source *s)
{
	struct dwarf_known *old = s->known;
	size_t count = s->known_count;

	s->known_count = count ? count * 2 : 16;
	s->known = arena_array(s->arena, struct dwarf_known, s->known_count);
	for (size_t i = 0; i < count; i++)
		if (old[i].args)
			*known_slot(s, old[i].address) = old[i];
}

static const struct target_args *known_args(struct compiler *c, const struct target *t)
{
	struct dwarf_source *s = dwarf_source_get(c, t->path ? t->path : "");
	struct target_args *out;

	if (2 * (s->known_used + 1) > s->known_count)
		grow_known(s);
	struct dwarf_known *known = known_slot(s, t->address);
	if (known->args)
		return known->args;
	out = arena_new(&c->arena, struct target_args);
	*known = (struct dwarf_known){t->address, out};
	s->known_used++;
	out->result = &type_void;
	find_args(c, s, t, out);
	return out;
}

// Inside a function: what the registers hold there. A line is nobody's idea of a place where they
// still hold the arguments.
const struct target_args *dwarf_target_args(struct compiler *c, const struct target *t)
{
	static const struct target_args of_line = {
	    .reason = "arguments are only known where a function begins", .result = &type_void};

	return t->is_line && t->func_offset ? &of_line : known_args(c, t);
}
