// session: one body at a function's entry and its return.
//
// With a session mechanism of the kernel one program runs at both and asks which it is; at
// entry it returns 0 to have the return half run, 1 not to. What the return half reads
// travels in the call's 8-byte cookie, or in MAP_SPILL.
//
// Emulated, there are two programs, and the entry in MAP_SPILL is itself the sign that the
// return half shall run. An entry that decides against it deletes what a call that never
// returned (longjmp) may have left under the same key.
#include "codegen/cg.h"

#include <stddef.h>
#include <string.h>

#include <linux/bpf.h>

#include "bpf/abi.h"

static bool spills(const struct unit *u)
{
	return u->session.emulated || u->session.storage == SESSION_STORE_SPILL;
}

// fexit: the predicate may ask for the return value.
static bool predicate_at_return(const struct unit *u)
{
	return !probe_type_is_session(u->type);
}

// ---- captures -----------------------------------------------------------------------------------

int capture_find(const struct unit *u, enum capture_kind kind, const struct variable *v,
		 unsigned arg)
{
	for (size_t i = 0; i < u->session.captures.len; i++) {
		const struct capture *c = &u->session.captures.data[i];

		if (c->kind == kind && (kind != CAPTURE_VARIABLE || c->var == v) &&
		    (kind != CAPTURE_ARG || c->arg == arg))
			return (int)i;
	}
	bug("the session captures no such value (kind %d, argument %u)", kind, arg);
}

static LLVMValueRef capture_address(struct cg *cg, size_t i)
{
	const struct capture *c = &cg->unit->session.captures.data[i];

	if (c->kind == CAPTURE_VARIABLE)
		return var_home(cg, c->var);
	return home_address(cg, capture_home(cg, i), c->type, "captured");
}

LLVMValueRef capture_place(struct cg *cg, int capture)
{
	return capture_address(cg, (size_t)capture);
}

LLVMValueRef capture_load(struct cg *cg, int capture, LLVMTypeRef type)
{
	LLVMValueRef p = capture_address(cg, (size_t)capture);

	return load(cg, type, p, "captured");
}

static void zero_capture(struct cg *cg, const struct type *t, LLVMValueRef p)
{
	if (type_is_scalar(t))
		store(cg, zero_of(cg, t), p);
	else
		mem_zero(cg, p, t->size);
}

// At the start of the entry: carried variables are 0 until assigned, arguments are as given.
static void captures_start(struct cg *cg)
{
	const struct session *s = &cg->unit->session;
	LLVMValueRef p, v;

	for (size_t i = 0; i < s->captures.len; i++) {
		const struct capture *c = &s->captures.data[i];

		p = capture_address(cg, i);
		if (c->kind != CAPTURE_ARG) {
			zero_capture(cg, c->type, p);
			continue;
		}
		if (c->arg >= CAPTURED_BINDING) {
			arg_into(cg, c->arg - CAPTURED_BINDING, p);
			continue;
		}
		v = arch_argument(cg, c->arg);
		v = arith_resize(cg, v, c->type->size, c->type->is_signed);
		store(cg, v, p);
	}
}

// At its end, as late as can be: the time.
static void captures_end(struct cg *cg)
{
	const struct session *s = &cg->unit->session;
	LLVMValueRef p, v;

	for (size_t i = 0; i < s->captures.len; i++) {
		if (s->captures.data[i].kind != CAPTURE_START_TIME)
			continue;
		p = capture_address(cg, i);
		v = boot_ns(cg);
		store(cg, v, p);
	}
}

// ---- the cookie ---------------------------------------------------------------------------------

// Kernels before 7.0 have these without parameters and ignore the context (KERNEL.md 2.2).
static LLVMValueRef session_kfunc(struct cg *cg, enum kfunc_id id, const char *name)
{
	LLVMValueRef args[] = {cg->fn->ctx};

	return kfunc_call(cg, id, args, 1, name);
}

static LLVMValueRef cookie_address(struct cg *cg)
{
	LLVMValueRef v = session_kfunc(cg, KFUNC_SESSION_COOKIE, "cookie");

	return LLVMBuildIntToPtr(cg->b, v, cg->ptr, "cookie");
}

static void capture_move(struct cg *cg, const struct type *t, LLVMValueRef dst, LLVMValueRef src)
{
	LLVMValueRef v;

	if (type_is_scalar(t)) {
		v = load(cg, scalar_type(cg, t), src, "captured");
		store(cg, v, dst);
	} else {
		type_copy(cg, dst, t, src, false);
	}
}

static bool in_cookie(const struct session *s)
{
	return s->storage == SESSION_STORE_COOKIE && s->captures.len;
}

static void cookie_move(struct cg *cg, bool save)
{
	const struct session *s = &cg->unit->session;
	LLVMValueRef cookie, home;

	if (!in_cookie(s))
		return;
	home = capture_address(cg, 0);
	cookie = cookie_address(cg);
	if (save)
		capture_move(cg, s->captures.data[0].type, cookie, home);
	else
		capture_move(cg, s->captures.data[0].type, home, cookie);
}

// The mark: what the entry that wants the return half leaves in the cookie, the value disguised
// in it, where the kernel cannot be told or trusted to leave the return half out.
//
// An fsession's program must return 0, so its entry cannot keep the return half from running.
// But the cookie is 0 before the entry runs: disguised, a value differs from 0, and 0 also stands
// for an entry that was missed (KERNEL.md 4.5).
//
// Before 6.14, the return half of a kprobe session runs also when the entry was missed, with what
// another call left in the cookie. So the return half leaves 0 there, and the disguise is the
// call's own: under another's, the bits above a value of less than 8 bytes are not 0.
#define DISGUISE 0xd1b54a32d192ed03ull
#define FRAME_FACTOR 0x9e3779b97f4a7c15ull
// Bits of nanoseconds since boot: two years.
#define TIME_BITS 56

static bool is_marked(const struct unit *u)
{
	return mechanism_is_fsession(u->mech) || (u->session.stale_cookie && !spills(u));
}

static LLVMValueRef captured_bits(struct cg *cg)
{
	const struct session *s = &cg->unit->session;
	LLVMValueRef word, home;

	if (!in_cookie(s))
		return k64(cg, 0);
	home = capture_address(cg, 0);
	word = frame_alloca(cg, cg->i64, "word");
	store(cg, k64(cg, 0), word);
	capture_move(cg, s->captures.data[0].type, word, home);
	return load(cg, cg->i64, word, "word");
}

static LLVMValueRef disguise(struct cg *cg)
{
	LLVMValueRef v;

	if (!cg->unit->session.stale_cookie)
		return k64(cg, DISGUISE);
	v = arch_entry_sp(cg, cg->half == HALF_RETURN);
	v = LLVMBuildMul(cg->b, v, k64(cg, FRAME_FACTOR), "frame");
	return LLVMBuildXor(cg->b, v, k64(cg, DISGUISE), "disguise");
}

static void mark(struct cg *cg)
{
	LLVMValueRef cookie, v = captured_bits(cg), d = disguise(cg);

	v = LLVMBuildXor(cg->b, v, d, "disguised");
	cookie = cookie_address(cg);
	store(cg, v, cookie);
}

// The bits that are 0 in every value that an entry keeps.
static uint64_t spare_bits(const struct session *s)
{
	const struct capture *c = s->captures.data;

	if (!in_cookie(s))
		return UINT64_MAX;
	if (c->kind == CAPTURE_START_TIME)
		return UINT64_MAX << TIME_BITS;
	return c->type->size < 8 ? UINT64_MAX << (8 * c->type->size) : 0;
}

static void leave_unless(struct cg *cg, LLVMValueRef condition, const char *name)
{
	LLVMBasicBlockRef on = block_new(cg, name);

	block_branch(cg, condition, on, cg->fn->out);
	block_enter(cg, on);
}

// Leaves at once when this call's entry did not want the return half, or was missed. The value,
// without its disguise.
static LLVMValueRef marked(struct cg *cg)
{
	const struct session *s = &cg->unit->session;
	LLVMValueRef cookie = cookie_address(cg), word, v;

	word = load(cg, cg->i64, cookie, "word");
	v = non_zero(cg, word);
	leave_unless(cg, v, "wanted");
	v = disguise(cg);
	word = LLVMBuildXor(cg->b, word, v, "plain");
	if (!s->stale_cookie)
		return word;
	store(cg, k64(cg, 0), cookie);
	if (spare_bits(s)) {
		v = LLVMBuildAnd(cg->b, word, k64(cg, spare_bits(s)), "spare");
		v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, k64(cg, 0), "own");
		leave_unless(cg, v, "own");
	}
	return word;
}

static void restore(struct cg *cg, LLVMValueRef plain)
{
	const struct session *s = &cg->unit->session;
	LLVMValueRef word, home;

	if (!in_cookie(s))
		return;
	word = frame_alloca(cg, cg->i64, "word");
	store(cg, plain, word);
	home = capture_address(cg, 0);
	capture_move(cg, s->captures.data[0].type, home, word);
}

// ---- spilling
// -------------------------------------------------------------------------------------

// Which unit and function it is: the cookie, or what kprobe_multi need not search for, the
// function's address (whose upper half says nothing).
static LLVMValueRef place(struct cg *cg)
{
	const struct unit *u = cg->unit;
	LLVMValueRef v;

	if (!probe_type_is_kernel(u->type) || u->mech == MECH_KPROBE_PERF_PAIR)
		return attach_cookie(cg);
	v = function_address(cg);
	v = LLVMBuildAnd(cg->b, v, k64(cg, UINT32_MAX), "address");
	return LLVMBuildOr(cg->b, v, k64(cg, (uint64_t)u->id << 32), "place");
}

static LLVMValueRef spill_key(struct cg *cg)
{
	LLVMValueRef key =
	    frame_alloca(cg, LLVMArrayType2(cg->i64, sizeof(struct spill_key) / 8), "spill_key");
	LLVMValueRef v, p;

	v = pid_tgid(cg);
	store(cg, v, key);
	v = arch_entry_sp(cg, cg->half == HALF_RETURN);
	p = at(cg, key, offsetof(struct spill_key, sp), "sp");
	store(cg, v, p);
	v = place(cg);
	p = at(cg, key, offsetof(struct spill_key, cookie), "cookie");
	store(cg, v, p);
	return key;
}

// Goes to `lost` when there is no room.
static void spill_save(struct cg *cg, LLVMBasicBlockRef lost)
{
	const struct session *s = &cg->unit->session;
	struct map_def *m = map_internal(cg, MAP_SPILL);
	LLVMBasicBlockRef failed = block_new(cg, "not_kept"), kept = block_new(cg, "kept");
	LLVMValueRef value = frame_temp(cg, m->value_size, "spill"), key, v, p;

	mem_zero(cg, value, m->value_size);
	for (size_t i = 0; i < s->captures.len; i++) {
		p = at(cg, value, s->captures.data[i].offset, "captured");
		v = capture_address(cg, i);
		capture_move(cg, s->captures.data[i].type, p, v);
	}
	key = spill_key(cg);
	v = map_update(cg, m, key, value, BPF_ANY, "err");
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, k64(cg, 0), "kept");
	block_branch(cg, v, kept, failed);
	block_enter(cg, failed);
	count_loss(cg, offsetof(struct unit_stats, session_lost));
	block_goto(cg, lost);
	block_enter(cg, kept);
}

static void spill_delete(struct cg *cg, LLVMValueRef key)
{
	LLVMValueRef args[2];

	args[0] = map_address(cg, map_internal(cg, MAP_SPILL));
	args[1] = key;
	helper_call(cg, BPF_FUNC_map_delete_elem, args, 2, "");
}

static bool skip_visit(void *ctx, struct stmt *s)
{
	bool *found = ctx;

	if (s->kind == STMT_SKIP)
		*found = true;
	return !*found;
}

// Is a return without a remembered entry a loss? Not where the entry may have said no.
static bool missing_is_loss(const struct unit *u)
{
	bool skips = false;
	struct ast_visitor v = {.stmt = skip_visit, .ctx = &skips};

	if (!u->session.emulated || predicate_at_return(u))
		return true;
	if (u->session.entry)
		block_walk(u->session.entry, &v);
	return !u->predicate && !skips;
}

static void spill_load(struct cg *cg, LLVMBasicBlockRef otherwise)
{
	const struct session *s = &cg->unit->session;
	struct map_def *m = map_internal(cg, MAP_SPILL);
	LLVMBasicBlockRef missing = block_new(cg, "orphan"), have = block_new(cg, "entered");
	LLVMValueRef key = spill_key(cg), value = map_lookup(cg, m, key), p, v;

	v = is_null(cg, value);
	block_branch(cg, v, missing, have);
	block_enter(cg, missing);
	if (missing_is_loss(cg->unit))
		count_loss(cg, offsetof(struct unit_stats, session_orphans));
	block_goto(cg, otherwise);
	block_enter(cg, have);
	for (size_t i = 0; i < s->captures.len; i++) {
		p = at(cg, value, s->captures.data[i].offset, "captured");
		v = capture_address(cg, i);
		capture_move(cg, s->captures.data[i].type, v, p);
	}
	spill_delete(cg, key);
}

// ---- the halves
// -------------------------------------------------------------------------------------

enum { RUN_RETURN = 0, SUPPRESS_RETURN = 1 };

// Emulated: what an earlier call left here must not be taken for ours.
static void forget(struct cg *cg)
{
	LLVMValueRef key;

	if (cg->unit->session.emulated && cg->unit->session.has_return) {
		key = spill_key(cg);
		spill_delete(cg, key);
	}
}

// The end of the entry: keep what the return half reads.
static void entry_keep(struct cg *cg, LLVMBasicBlockRef lost)
{
	struct unit *u = cg->unit;

	if (!u->session.has_return)
		return;
	captures_end(cg);
	if (spills(u))
		spill_save(cg, lost);
	if (is_marked(u))
		mark(cg);
	else if (!spills(u))
		cookie_move(cg, true);
	program_result(cg, RUN_RETURN);
}

// What the entry kept is there, and gone from MAP_SPILL, when the predicate is asked.
static void return_predicate(struct cg *cg, struct run *r)
{
	LLVMBasicBlockRef not_run = r->not_run;

	r->not_run = r->release;
	run_predicate(cg, r);
	r->not_run = not_run;
}

static void entry_half(struct cg *cg)
{
	struct unit *u = cg->unit;
	LLVMBasicBlockRef keep, suppress;
	struct run r;

	cg->half = HALF_ENTRY;
	program_result(cg, mechanism_is_fsession(u->mech) ? 0 : SUPPRESS_RETURN);
	run_filter(cg);
	run_begin(cg, &r);
	keep = block_new(cg, "keep");
	suppress = block_new(cg, "suppress");
	if (!predicate_at_return(u))
		run_predicate(cg, &r);
	run_body(cg, &r);
	captures_start(cg);
	cg->fn->on_return = keep;
	cg->fn->on_skip = suppress;
	if (u->session.entry)
		block_scope(cg, u->session.entry);
	block_goto(cg, keep);
	block_enter(cg, r.not_run);
	forget(cg);
	r.not_run_end = LLVMGetInsertBlock(cg->b);
	block_enter(cg, suppress);
	forget(cg);
	block_goto(cg, r.release);
	block_enter(cg, keep);
	entry_keep(cg, r.release);
	cg->fn->on_skip = NULL;
	run_end(cg, &r);
}

static void return_half(struct cg *cg)
{
	struct unit *u = cg->unit;
	LLVMValueRef word = NULL;
	struct run r;

	cg->half = HALF_RETURN;
	program_result(cg, 0);
	if (is_marked(u))
		word = marked(cg);
	run_begin(cg, &r);
	run_body(cg, &r);
	if (spills(u))
		spill_load(cg, r.release);
	else if (word)
		restore(cg, word);
	else
		cookie_move(cg, false);
	if (predicate_at_return(u))
		return_predicate(cg, &r);
	block_scope(cg, u->session.ret);
	run_end(cg, &r);
}

// ---- programs
// ---------------------------------------------------------------------------------------

static void native_session(struct cg *cg, struct unit *u)
{
	LLVMBasicBlockRef entry, ret;
	struct fn fn;
	LLVMValueRef v;

	program_begin(cg, &fn, u->prog);
	entry = block_new(cg, "entry_half");
	// These run at the return, wanted or not.
	if (u->session.has_return || mechanism_is_fsession(u->mech) || u->session.stale_cookie) {
		ret = u->session.has_return ? block_new(cg, "return_half") : fn.out;
		v = session_kfunc(cg, KFUNC_SESSION_IS_RETURN, "is_return");
		v = LLVMBuildAnd(cg->b, v, k64(cg, 0xff), "is_return"); // a bool
		v = non_zero(cg, v);
		program_result(cg, 0);
		block_branch(cg, v, ret, entry);
		if (u->session.has_return) {
			block_enter(cg, ret);
			return_half(cg);
		}
	} else {
		block_goto(cg, entry);
	}
	block_enter(cg, entry);
	entry_half(cg);
	program_end(cg, &fn);
}

static void emulated_session(struct cg *cg, struct unit *u)
{
	struct fn fn;

	program_begin(cg, &fn, u->prog);
	entry_half(cg);
	program_end(cg, &fn);
	if (!u->session.has_return)
		return;
	program_name(cg, u, "_ret", &u->ret_prog);
	program_begin(cg, &fn, u->ret_prog);
	return_half(cg);
	program_end(cg, &fn);
}

void session_build(struct cg *cg, struct unit *u)
{
	program_name(cg, u, "", &u->prog);
	if (u->session.emulated)
		emulated_session(cg, u);
	else
		native_session(cg, u);
}
