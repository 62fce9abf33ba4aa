// emit: the finished module as the bytes of an ELF object, or as assembly text.
#include "codegen/cg.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

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
