// module: the LLVM module of a compilation: context, target, small builders, passes.
#include "codegen/cg.h"

#include <string.h>

#include <llvm-c/Analysis.h>
#include <llvm-c/Error.h>
#include <llvm-c/Support.h>
#include <llvm-c/Target.h>
#include <llvm-c/Transforms/PassBuilder.h>

#include "base/cleanup.h"

#define TRIPLE "bpfel"
// The oldest kernels that we run on know instruction set v3.
#define CPU "v3"

// What LLVM takes by no other way, once per process. Its own choice of a scheduler for this target
// is quadratic in the length of a block: 8,000 assignments in a row took it 20 s.
static void set_options(void)
{
	static const char *const options[] = {"mtrace", "-pre-RA-sched=source"};
	static bool done;

	if (!done)
		LLVMParseCommandLineOptions(ARRAY_SIZE(options), options, "");
	done = true;
}

static LLVMTargetMachineRef machine_new(void)
{
	LLVMTargetRef target;
	char *err = NULL;

	set_options();
	LLVMInitializeBPFTargetInfo();
	LLVMInitializeBPFTarget();
	LLVMInitializeBPFTargetMC();
	LLVMInitializeBPFAsmPrinter();
	if (LLVMGetTargetFromTriple(TRIPLE, &target, &err))
		bug("LLVM has no BPF target: %s", err);
	return LLVMCreateTargetMachine(target, TRIPLE, CPU, "", LLVMCodeGenLevelDefault,
				       LLVMRelocDefault, LLVMCodeModelDefault);
}

static void types_init(struct cg *cg)
{
	cg->i1 = LLVMInt1TypeInContext(cg->ctx);
	cg->i8 = LLVMInt8TypeInContext(cg->ctx);
	cg->i16 = LLVMInt16TypeInContext(cg->ctx);
	cg->i32 = LLVMInt32TypeInContext(cg->ctx);
	cg->i64 = LLVMInt64TypeInContext(cg->ctx);
	cg->ptr = LLVMPointerTypeInContext(cg->ctx, 0);
	cg->void_ = LLVMVoidTypeInContext(cg->ctx);
}

void module_init(struct cg *cg)
{
	LLVMTargetDataRef layout;

	cg->ctx = LLVMContextCreate();
	cg->mod = LLVMModuleCreateWithNameInContext("mtrace", cg->ctx);
	cg->b = LLVMCreateBuilderInContext(cg->ctx);
	cg->tm = machine_new();
	LLVMSetTarget(cg->mod, TRIPLE);
	layout = LLVMCreateTargetDataLayout(cg->tm);
	LLVMSetModuleDataLayout(cg->mod, layout);
	LLVMDisposeTargetData(layout);
	types_init(cg);
}

void module_release(struct cg *cg)
{
	LLVMDisposeBuilder(cg->b);
	LLVMDisposeModule(cg->mod);
	LLVMDisposeTargetMachine(cg->tm);
	LLVMContextDispose(cg->ctx);
}

void module_verify(struct cg *cg)
{
	char *msg = NULL;

	if (LLVMVerifyModule(cg->mod, LLVMReturnStatusAction, &msg))
		bug("invalid LLVM module: %s", msg);
	LLVMDisposeMessage(msg);
}

// Enough to bring values into registers and to drop what is not used. Nothing that copies
// code (unrolling, vectorising, jump threading): each instruction is the verifier's work.
#define COMBINE "instcombine<no-verify-fixpoint>"
static const char *const passes =
    "function(sroa,early-cse," COMBINE ",simplifycfg,gvn,dse,adce," COMBINE ",simplifycfg)";

// LLVM 20 to 22 choose the instruction without fetch for a relaxed atomic operation, wanted or
// not what it returns (llvm-project issue 210280); for an acquiring one they don't.
static void fetch_wanted_results(LLVMModuleRef mod)
{
	for (LLVMValueRef f = LLVMGetFirstFunction(mod); f; f = LLVMGetNextFunction(f))
		for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b;
		     b = LLVMGetNextBasicBlock(b))
			for (LLVMValueRef i = LLVMGetFirstInstruction(b); i;
			     i = LLVMGetNextInstruction(i))
				if (LLVMGetInstructionOpcode(i) == LLVMAtomicRMW &&
				    LLVMGetFirstUse(i))
					LLVMSetOrdering(i, LLVMAtomicOrderingAcquire);
}

void module_optimize(struct cg *cg)
{
	LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
	LLVMErrorRef err = LLVMRunPasses(cg->mod, passes, cg->tm, options);

	if (err)
		bug("LLVM passes: %s", LLVMGetErrorMessage(err));
	LLVMDisposePassBuilderOptions(options);
	fetch_wanted_results(cg->mod);
}

LLVMValueRef k64(struct cg *cg, uint64_t v)
{
	return LLVMConstInt(cg->i64, v, false);
}

LLVMValueRef k32(struct cg *cg, uint32_t v)
{
	return LLVMConstInt(cg->i32, v, false);
}

LLVMTypeRef int_type(struct cg *cg, uint32_t bytes)
{
	switch (bytes) {
	case 1:
		return cg->i8;
	case 2:
		return cg->i16;
	case 4:
		return cg->i32;
	case 8:
		return cg->i64;
	}
	bug("no integer of %u bytes", bytes);
}

LLVMTypeRef scalar_type(struct cg *cg, const struct type *t)
{
	return int_type(cg, t->size);
}

LLVMValueRef zero_of(struct cg *cg, const struct type *t)
{
	return LLVMConstInt(scalar_type(cg, t), 0, false);
}

LLVMBasicBlockRef block_new(struct cg *cg, const char *name)
{
	return LLVMAppendBasicBlockInContext(cg->ctx, cg->fn->llvm, name);
}

void block_enter(struct cg *cg, LLVMBasicBlockRef bb)
{
	LLVMPositionBuilderAtEnd(cg->b, bb);
}

void block_goto(struct cg *cg, LLVMBasicBlockRef bb)
{
	LLVMBuildBr(cg->b, bb);
}

void block_branch(struct cg *cg, LLVMValueRef cond, LLVMBasicBlockRef yes, LLVMBasicBlockRef no)
{
	LLVMBuildCondBr(cg->b, cond, yes, no);
}

void block_leave(struct cg *cg, LLVMBasicBlockRef to)
{
	block_goto(cg, to);
	block_enter(cg, block_new(cg, "unreached"));
}

LLVMValueRef at(struct cg *cg, LLVMValueRef ptr, uint64_t offset, const char *name)
{
	LLVMValueRef index = k64(cg, offset);

	if (!offset)
		return ptr;
	return LLVMBuildInBoundsGEP2(cg->b, cg->i8, ptr, &index, 1, name);
}

static unsigned natural_align(struct cg *cg, LLVMTypeRef type)
{
	if (type == cg->i8)
		return 1;
	if (type == cg->i16)
		return 2;
	return type == cg->i32 ? 4 : 8;
}

LLVMValueRef load(struct cg *cg, LLVMTypeRef type, LLVMValueRef ptr, const char *name)
{
	LLVMValueRef v = LLVMBuildLoad2(cg->b, type, ptr, name);

	LLVMSetAlignment(v, natural_align(cg, type));
	return v;
}

void store(struct cg *cg, LLVMValueRef v, LLVMValueRef ptr)
{
	LLVMTypeRef type = LLVMTypeOf(v);
	LLVMValueRef s = LLVMBuildStore(cg->b, v, ptr);

	LLVMSetAlignment(s, natural_align(cg, type));
}

LLVMValueRef is_null(struct cg *cg, LLVMValueRef ptr)
{
	return LLVMBuildICmp(cg->b, LLVMIntEQ, ptr, LLVMConstNull(LLVMTypeOf(ptr)), "missing");
}

LLVMValueRef non_zero(struct cg *cg, LLVMValueRef v)
{
	return LLVMBuildICmp(cg->b, LLVMIntNE, v, LLVMConstNull(LLVMTypeOf(v)), "cond");
}

LLVMValueRef bool_of(struct cg *cg, LLVMValueRef i1)
{
	return LLVMBuildZExt(cg->b, i1, cg->i8, "bool");
}

LLVMValueRef opaque(struct cg *cg, LLVMValueRef v)
{
	LLVMTypeRef type = LLVMTypeOf(v);
	LLVMTypeRef fn = LLVMFunctionType(type, &type, 1, false);
	LLVMValueRef nop =
	    LLVMGetInlineAsm(fn, "", 0, "=r,0", 4, false, false, LLVMInlineAsmDialectATT, false);

	return LLVMBuildCall2(cg->b, fn, nop, &v, 1, "opaque");
}

// LLVM may compute 0 or 1 in ways that the verifier cannot follow, where it insists on them.
void return_bit(struct cg *cg, LLVMValueRef v)
{
	v = opaque(cg, v);
	v = LLVMBuildAnd(cg->b, v, k64(cg, 1), "bit");
	LLVMBuildRet(cg->b, v);
}

LLVMValueRef to_u64(struct cg *cg, struct value v)
{
	if (!type_is_scalar(v.type))
		bug("not a scalar: type kind %d", v.type->kind);
	return arith_resize(cg, v.v, 8, v.type->is_signed);
}

void atomic_add(struct cg *cg, LLVMValueRef ptr, LLVMValueRef v)
{
	LLVMBuildAtomicRMW(cg->b, LLVMAtomicRMWBinOpAdd, ptr, v, LLVMAtomicOrderingMonotonic,
			   false);
}
