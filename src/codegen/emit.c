// emit: the finished module as the bytes of an ELF object, or as assembly text.
#include "codegen/cg.h"

#include <stdlib.h>
#include <string.h>

static LLVMMemoryBufferRef emit(struct cg *cg, LLVMCodeGenFileType what)
{
	LLVMMemoryBufferRef out = NULL;
	char *err = NULL;

	if (LLVMTargetMachineEmitToMemoryBuffer(cg->tm, cg->mod, what, &err, &out))
		bug("LLVM emits nothing: %s", err);
	return out;
}

// False when LLVM complained (the stack is too deep); the reason is in the diagnostics.
bool emit_object(struct cg *cg, struct object *out)
{
	LLVMMemoryBufferRef b = emit(cg, LLVMObjectFile);
	bool ok = !diag_failed(&cg->c->diag);

	if (ok) {
		out->size = LLVMGetBufferSize(b);
		out->data = malloc(out->size);
		if (!out->data)
			bug("out of memory");
		memcpy(out->data, LLVMGetBufferStart(b), out->size);
	}
	LLVMDisposeMemoryBuffer(b);
	return ok;
}

void emit_asm(struct cg *cg, struct buf *text)
{
	LLVMMemoryBufferRef b = emit(cg, LLVMAssemblyFile);

	buf_append(text, LLVMGetBufferStart(b), LLVMGetBufferSize(b));
	LLVMDisposeMemoryBuffer(b);
}
