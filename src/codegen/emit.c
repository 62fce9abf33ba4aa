// emit: the finished module as the bytes of an ELF object, or as assembly text. What LLVM gives
// up over ends mtrace, with an error in the script: LLVM does not go on after that.
#include "codegen/cg.h"

#include <stdlib.h>
#include <string.h>

#include <llvm-c/ErrorHandling.h>

#include "base/cleanup.h"

static struct cg *emitting;

static uint64_t instruction_count(LLVMValueRef fn)
{
	uint64_t n = 0;

	for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(fn); b; b = LLVMGetNextBasicBlock(b))
		for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i))
			n++;
	return n;
}

// Where the largest program comes from.
static struct span largest(struct cg *cg)
{
	struct span where = {0, 0};
	uint64_t most = 0, n;

	for (size_t i = 0; i < cg->p->units.len; i++) {
		struct unit *u = cg->p->units.data[i];
		const char *name;
		LLVMValueRef fn;

		program_name(cg, u, "", &name);
		fn = LLVMGetNamedFunction(cg->mod, name);
		n = fn ? instruction_count(fn) : 0;
		if (n >= most) {
			most = n;
			where = u->span;
		}
	}
	return where;
}

static void on_fatal(const char *reason)
{
	struct diag *d = &emitting->c->diag;

	if (!strstr(reason, "out of insn range"))
		bug("LLVM: %s", reason);
	diag_error(d, largest(emitting), "too-large",
		   "the code of this probe is too large: one of its jumps is longer than 32767 "
		   "instructions");
	diag_flush(d, stderr, false);
	exit(EXIT_FAILURE);
}

static LLVMMemoryBufferRef emit(struct cg *cg, LLVMCodeGenFileType what)
{
	LLVMMemoryBufferRef out = NULL;
	char *err = NULL;

	emitting = cg;
	LLVMInstallFatalErrorHandler(on_fatal);
	if (LLVMTargetMachineEmitToMemoryBuffer(cg->tm, cg->mod, what, &err, &out))
		bug("LLVM emits nothing: %s", err);
	LLVMResetFatalErrorHandler();
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

// Instructions, labels that are jumped to, function names: not directives and debug labels.
static bool asm_line_matters(const char *line, size_t len)
{
	static const char *const noise[] = {"\t.", ".L", "\t#", "#", "_license"};

	if (!len)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(noise); i++)
		if (len >= strlen(noise[i]) && memcmp(line, noise[i], strlen(noise[i])) == 0)
			return false;
	return true;
}

// The functions come first; the sections of debug information after them are left out.
static void asm_filter(const char *data, size_t size, struct buf *text)
{
	const char *end = data + size;

	while (data < end) {
		const char *newline = memchr(data, '\n', (size_t)(end - data));
		size_t len = newline ? (size_t)(newline - data) : (size_t)(end - data);

		if (len > 12 && memcmp(data, "\t.section\t.", 11) == 0 && data[11] == '.')
			break;
		if (asm_line_matters(data, len)) {
			buf_append(text, data, len);
			buf_putc(text, '\n');
		}
		data += len + 1;
	}
}

void emit_asm(struct cg *cg, struct buf *text)
{
	LLVMMemoryBufferRef b = emit(cg, LLVMAssemblyFile);

	asm_filter(LLVMGetBufferStart(b), LLVMGetBufferSize(b), text);
	LLVMDisposeMemoryBuffer(b);
}
