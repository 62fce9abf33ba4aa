// unwind_return: a return probe puts an address of its own in the place of a return address. What was
// there is in the kernel's list of such calls (struct return_instance), innermost first, of the
// task. Each says where on the stack that was, so that nothing else is taken for one.
#include <stddef.h>

#include <linux/bpf.h>

#include "codegen/unwind.h"

// Calls that were left without a return (longjmp), and one function entered twice at one place:
// passed over, at most so many per frame.
enum { PASSED_MAX = 8 };

static LLVMValueRef read_kernel(struct cg *cg, LLVMValueRef walk, LLVMValueRef base, uint32_t offset,
				uint32_t size)
{
	LLVMValueRef to = at(cg, walk, offsetof(struct walk, word), "word"), args[3];

	store(cg, k64(cg, 0), to);
	args[0] = to;
	args[1] = k32(cg, size);
	args[2] = LLVMBuildAdd(cg->b, base, k64(cg, offset), "from");
	helper_call(cg, BPF_FUNC_probe_read_kernel, args, 3, "");
	return load(cg, cg->i64, to, "word");
}

// walk->instance = instance; walk->instance_at = instance ? instance->stack : 0;
static void set_instance(struct cg *cg, LLVMValueRef walk, LLVMValueRef instance)
{
	LLVMBasicBlockRef some = block_new(cg, "instance"), done = block_new(cg, "have_instance");
	LLVMValueRef v;

	walk_set(cg, walk, offsetof(struct walk, instance), instance);
	walk_set(cg, walk, offsetof(struct walk, instance_at), k64(cg, 0));
	v = LLVMBuildICmp(cg->b, LLVMIntNE, instance, k64(cg, 0), "some");
	block_branch(cg, v, some, done);
	block_enter(cg, some);
	v = read_kernel(cg, walk, instance, cg->p->return_instance.stack, 8);
	walk_set(cg, walk, offsetof(struct walk, instance_at), v);
	block_goto(cg, done);
	block_enter(cg, done);
}

// utask = task->utask; instance = utask ? utask->return_instances : NULL;
void returns_begin(struct cg *cg, LLVMValueRef walk, LLVMValueRef task)
{
	const struct return_instance_layout *l = &cg->p->return_instance;
	LLVMBasicBlockRef some = block_new(cg, "probed"), done = block_new(cg, "returns");
	LLVMValueRef utask, v;

	walk_set(cg, walk, offsetof(struct walk, instance), k64(cg, 0));
	walk_set(cg, walk, offsetof(struct walk, instance_at), k64(cg, 0));
	if (!l->known)
		return;
	utask = read_kernel(cg, walk, task, l->utask, 8);
	v = LLVMBuildICmp(cg->b, LLVMIntNE, utask, k64(cg, 0), "probed");
	block_branch(cg, v, some, done);
	block_enter(cg, some);
	v = read_kernel(cg, walk, utask, l->list, 8);
	set_instance(cg, walk, v);
	block_goto(cg, done);
	block_enter(cg, done);
}

static void next_instance(struct cg *cg, LLVMValueRef walk)
{
	LLVMValueRef v = walk_field(cg, walk, offsetof(struct walk, instance));

	v = read_kernel(cg, walk, v, cg->p->return_instance.next, 8);
	set_instance(cg, walk, v);
}

// On to `found` with the instance of this place, or to `none`:
// at < want, or of a function that was entered here once more: the next one.
static void find_instance(struct cg *cg, LLVMValueRef walk, LLVMValueRef want,
			  LLVMBasicBlockRef found, LLVMBasicBlockRef none)
{
	LLVMBasicBlockRef body = block_new(cg, "instances"), some = block_new(cg, "below");
	LLVMBasicBlockRef here = block_new(cg, "here"), pass = block_new(cg, "pass");
	LLVMValueRef counter = frame_alloca(cg, cg->i64, "passed"), at, v;

	store(cg, k64(cg, 0), counter);
	block_goto(cg, body);
	block_enter(cg, body);
	at = walk_field(cg, walk, offsetof(struct walk, instance_at));
	v = LLVMBuildSub(cg->b, at, k64(cg, 1), "none_is_far");
	v = LLVMBuildICmp(cg->b, LLVMIntULT, v, want, "not_above");
	block_branch(cg, v, some, none);
	block_enter(cg, some);
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, at, want, "here");
	block_branch(cg, v, here, pass);
	block_enter(cg, here);
	v = walk_field(cg, walk, offsetof(struct walk, instance));
	v = read_kernel(cg, walk, v, cg->p->return_instance.chained, 1);
	v = LLVMBuildICmp(cg->b, LLVMIntEQ, v, k64(cg, 0), "last_of_chain");
	block_branch(cg, v, found, pass);
	block_enter(cg, pass);
	next_instance(cg, walk);
	v = load(cg, cg->i64, counter, "passed");
	v = LLVMBuildAdd(cg->b, v, k64(cg, 1), "passed");
	store(cg, v, counter);
	v = LLVMBuildICmp(cg->b, LLVMIntULT, v, k64(cg, PASSED_MAX), "more");
	block_branch(cg, v, body, none);
}

void returns_replace(struct cg *cg, LLVMValueRef walk, LLVMValueRef cfa, LLVMValueRef slot)
{
	LLVMBasicBlockRef found = block_new(cg, "replaced"), done = block_new(cg, "real_return");
	LLVMValueRef want, v;

	if (!cg->p->return_instance.known)
		return;
	want = LLVMBuildSub(cg->b, cfa, k64(cg, 8), "want");
	find_instance(cg, walk, want, found, done);
	block_enter(cg, found);
	v = walk_field(cg, walk, offsetof(struct walk, instance));
	v = read_kernel(cg, walk, v, cg->p->return_instance.address, 8);
	store(cg, v, slot);
	next_instance(cg, walk);
	block_goto(cg, done);
	block_enter(cg, done);
}
