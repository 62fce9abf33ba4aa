// tracepoint: members of trace events' records, and system calls by one raw tracepoint.
//
// A perf tracepoint's context is the record: members are loads at constant offsets. The raw
// tracepoint of all system calls has the registers, of which the kernel knows the type, so that
// they are loads, too:
//
//	sys_enter:  ctx[0] = struct pt_regs *, ctx[1] = number	   argument n: a register
//	sys_exit:   ctx[0] = struct pt_regs *, ctx[1] = result	   the number: a register
//
// Its program begins with the filter: the system calls that the script wants are those with a
// target in a table by number.
#include "codegen/cg.h"

#include <stddef.h>

#include <linux/bpf.h>

#include "base/cleanup.h"
#include "bpf/abi.h"
#include "codegen/calls.h"
#include "event_format.h"

enum { SYSCALL_TABLE = 1024, FIRST_ARG = 16 /* offset in the record */ };

#if defined(__x86_64__)
static const unsigned short syscall_args[] = {112, 104, 96, 56, 72, 64}; // di si dx r10 r8 r9
enum { NUMBER_OFFSET = 120, NUMBER_SIZE = 8, CS_OFFSET = 136, CS_32BIT = 0x23 }; // orig_ax
#else
static const unsigned short syscall_args[] = {272, 8, 16, 24, 32, 40}; // orig_x0, x1 ...
enum { NUMBER_OFFSET = 280, NUMBER_SIZE = 4 };			       // syscallno
#endif

// ---- system calls ----------------------------------------------------------------------------

static LLVMValueRef raw_arg(struct cg *cg, unsigned n, LLVMTypeRef type, const char *name)
{
	LLVMValueRef p = at(cg, cg->fn->ctx, 8ull * n, name);

	return load(cg, type, p, name);
}

static LLVMValueRef saved_register(struct cg *cg, uint64_t offset, LLVMTypeRef type,
				   const char *name)
{
	LLVMValueRef regs = raw_arg(cg, 0, cg->ptr, "regs"), p;

	p = at(cg, regs, offset, name);
	return load(cg, type, p, name);
}

static LLVMValueRef syscall_nr(struct cg *cg)
{
	LLVMValueRef v;

	if (cg->unit->syscalls == SYSCALL_ENTER)
		return raw_arg(cg, 1, cg->i64, "syscall");
	v = saved_register(cg, NUMBER_OFFSET, int_type(cg, NUMBER_SIZE), "syscall");
	return arith_resize(cg, v, 8, false);
}

// if (nr >= TABLE || !(id = table[nr])) return;
static LLVMValueRef table_entry(struct cg *cg, LLVMBasicBlockRef out)
{
	LLVMBasicBlockRef inside = block_new(cg, "inside");
	LLVMValueRef nr = syscall_nr(cg), v, p;

	nr = opaque(cg, nr);
	v = LLVMBuildICmp(cg->b, LLVMIntULT, nr, k64(cg, SYSCALL_TABLE), "inside");
	block_branch(cg, v, inside, out);
	block_enter(cg, inside);
	p = map_first_value(cg, cg->unit->syscall_map);
	v = LLVMBuildMul(cg->b, nr, k64(cg, 4), "offset");
	p = LLVMBuildInBoundsGEP2(cg->b, cg->i8, p, &v, 1, "entry");
	v = load(cg, cg->i32, p, "entry");
	return arith_resize(cg, v, 8, false);
}

static void make_table(struct cg *cg)
{
	uint32_t *table = arena_array(&cg->c->arena, uint32_t, SYSCALL_TABLE);
	struct unit *u = cg->unit;
	struct map_def *m;

	for (uint32_t i = 0; i < u->target_count; i++) {
		const struct target *t = cg->p->targets.data[u->first_target + i];
		if (t->syscall >= 0 && t->syscall < SYSCALL_TABLE)
			table[t->syscall] = t->id + 1;
	}
	m = program_add_map(cg->p, MAP_SYSCALLS, "mt_syscalls");
	m->bpf_kind = BPF_MAP_KIND_ARRAY;
	m->key_size = 4;
	m->value_size = SYSCALL_TABLE * sizeof(*table);
	m->max_entries = 1;
	m->initial = table;
	u->syscall_map = m;
}

// Calls of 32-bit programs have other numbers; the events leave them out.
static void filter_32bit(struct cg *cg)
{
#if defined(__x86_64__)
	LLVMBasicBlockRef ours = block_new(cg, "native");
	LLVMValueRef v = saved_register(cg, CS_OFFSET, cg->i16, "cs");

	v = LLVMBuildICmp(cg->b, LLVMIntNE, v, LLVMConstInt(cg->i16, CS_32BIT, false), "native");
	block_branch(cg, v, ours, cg->fn->out);
	block_enter(cg, ours);
#endif
}

// The first thing that the program does; others leave at once.
void tracepoint_filter(struct cg *cg)
{
	LLVMBasicBlockRef wanted;
	struct unit *u = cg->unit;
	LLVMValueRef v;

	if (u->mech != MECH_SYSCALL_TP)
		return;
	wanted = block_new(cg, "wanted");
	if (u->target_count == 1) {
		v = syscall_nr(cg);
		v = LLVMBuildICmp(cg->b, LLVMIntEQ, v,
				  k64(cg, (uint64_t)cg->p->targets.data[u->first_target]->syscall),
				  "wanted");
	} else {
		make_table(cg);
		v = table_entry(cg, cg->fn->out);
		v = non_zero(cg, v);
	}
	block_branch(cg, v, wanted, cg->fn->out);
	block_enter(cg, wanted);
	filter_32bit(cg);
}

// What a link's cookie is elsewhere. (The filter has been passed: there is an entry.)
LLVMValueRef syscall_cookie(struct cg *cg)
{
	LLVMBasicBlockRef none = block_new(cg, "none"), done = block_new(cg, "cookie");
	LLVMValueRef slot = frame_alloca(cg, cg->i64, "target"), v;

	store(cg, k64(cg, 0), slot);
	v = table_entry(cg, none);
	v = LLVMBuildSub(cg->b, v, k64(cg, 1), "target");
	store(cg, v, slot);
	block_goto(cg, none);
	block_enter(cg, none);
	block_goto(cg, done);
	block_enter(cg, done);
	return load(cg, cg->i64, slot, "target");
}

static LLVMValueRef syscall_member(struct cg *cg, const struct event_field *f)
{
	unsigned n = (f->offset - FIRST_ARG) / 8;

	if (f->offset < FIRST_ARG)
		return syscall_nr(cg);
	if (cg->unit->syscalls == SYSCALL_EXIT)
		return raw_arg(cg, 1, cg->i64, f->name);
	if (n >= ARRAY_SIZE(syscall_args))
		bug("argument %u of a system call", n);
	return saved_register(cg, syscall_args[n], cg->i64, f->name);
}

// ---- records -----------------------------------------------------------------------------------

// { u16 offset; u16 length }: the data lies in the record, too. Its address.
static LLVMValueRef data_address(struct cg *cg, const struct event_field *f)
{
	LLVMValueRef p = at(cg, cg->fn->ctx, f->offset, f->name), v, base;
	uint64_t from = f->data == EVENT_DATA_REL_LOC ? f->offset + 4 : 0;

	v = load(cg, cg->i32, p, f->name);
	v = arith_resize(cg, v, 8, false);
	v = LLVMBuildAnd(cg->b, v, k64(cg, 0xffff), "data");
	v = LLVMBuildAdd(cg->b, v, k64(cg, from), "data");
	base = LLVMBuildPtrToInt(cg->b, cg->fn->ctx, cg->i64, "record");
	return LLVMBuildAdd(cg->b, base, v, f->name);
}

// A string ends at its NUL: what follows in the record may be anything.
static void string_member(struct cg *cg, const struct event_field *f, const struct type *t,
			  LLVMValueRef dst)
{
	LLVMValueRef args[3], base;

	mem_zero(cg, dst, t->size);
	args[0] = dst;
	args[1] = k32(cg, t->size);
	base = LLVMBuildPtrToInt(cg->b, cg->fn->ctx, cg->i64, "record");
	args[2] = LLVMBuildAdd(cg->b, base, k64(cg, f->offset), f->name);
	helper_call(cg, BPF_FUNC_probe_read_kernel_str, args, 3, "");
}

static void copy_member(struct cg *cg, const struct event_field *f, const struct type *t,
			LLVMValueRef dst)
{
	LLVMValueRef base = LLVMBuildPtrToInt(cg->b, cg->fn->ctx, cg->i64, "record");

	base = LLVMBuildAdd(cg->b, base, k64(cg, f->offset), f->name);
	mem_read(cg, dst, t->size, base, false);
}

// A scalar's value; others are built at dst.
LLVMValueRef tracepoint_member(struct cg *cg, struct expr *e, LLVMValueRef dst)
{
	const struct event_field *f = &cg->unit->event->fields.data[e->u.ident.arg - 1];
	LLVMValueRef p;

	if (cg->unit->mech == MECH_SYSCALL_TP)
		return syscall_member(cg, f);
	if (f->data != EVENT_DATA_FIXED)
		return data_address(cg, f);
	if (e->type->kind == TYPE_STRING) {
		string_member(cg, f, e->type, dst);
		return NULL;
	}
	if (!type_is_scalar(e->type)) {
		copy_member(cg, f, e->type, dst);
		return NULL;
	}
	p = at(cg, cg->fn->ctx, f->offset, f->name);
	return load(cg, int_type(cg, f->size), p, f->name);
}
