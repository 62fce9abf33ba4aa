// debug: where every instruction stands in the script, so that the verifier's log quotes the
// user's own lines. LLVM copies a source file's lines into .BTF by opening the name that the
// debug info gives; so every source's text goes to a memfd named /proc/self/fd/N.
#include "codegen/cg.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"

// LLVM keeps every line as a string, and looks each one up by comparing it with all others.
#define LINES_QUOTED 4096 // of a longer script the log has none

// LLVM-C names only three of DICompileUnit's kinds of emission. With DebugDirectivesOnly there is
// BTF, but none of the DWARF that nobody reads.
#define EMIT_NO_DWARF ((LLVMDWARFEmissionKind)3)

// Without memory for it the log only lacks the quoted lines.
static int source_memfd(const struct source *src)
{
	int fd;

	if (src->line_count > LINES_QUOTED)
		return -1;
	fd = memfd_create("mtrace-script", MFD_CLOEXEC);

	if (fd >= 0 && !fd_write_all(fd, src->text, src->len)) {
		close(fd);
		return -1;
	}
	return fd;
}

static void file_init(struct cg *cg, struct scope_file *f, const struct source *src)
{
	char name[64] = "script";

	f->source = src;
	f->memfd = source_memfd(src);
	if (f->memfd >= 0)
		snprintf(name, sizeof(name), "/proc/self/fd/%d", f->memfd);
	f->file = LLVMDIBuilderCreateFile(cg->di, name, strlen(name), "", 0);
}

static void types_init(struct cg *cg)
{
	LLVMMetadataRef prog[2], callback[3], file = cg->files[0].file;

	cg->di_int = LLVMDIBuilderCreateBasicType(cg->di, "long", 4, 64, 0x05, LLVMDIFlagZero);
	cg->di_u64 =
	    LLVMDIBuilderCreateBasicType(cg->di, "unsigned long", 13, 64, 0x07, LLVMDIFlagZero);
	cg->di_ptr = LLVMDIBuilderCreatePointerType(cg->di, NULL, 64, 64, 0, "", 0);
	prog[0] = cg->di_int;
	prog[1] = cg->di_ptr;
	callback[0] = cg->di_int;
	callback[1] = cg->di_u64;
	callback[2] = cg->di_ptr;
	cg->di_prog_type = LLVMDIBuilderCreateSubroutineType(cg->di, file, prog, 2, LLVMDIFlagZero);
	cg->di_callback_type =
	    LLVMDIBuilderCreateSubroutineType(cg->di, file, callback, 3, LLVMDIFlagZero);
}

static void module_flag(struct cg *cg, const char *name, uint32_t value)
{
	LLVMValueRef v = k32(cg, value);

	LLVMAddModuleFlag(cg->mod, LLVMModuleFlagBehaviorWarning, name, strlen(name),
			  LLVMValueAsMetadata(v));
}

void debug_init(struct cg *cg)
{
	const struct sources *s = &cg->c->sources;

	cg->di = LLVMCreateDIBuilder(cg->mod);
	cg->file_count = s->files.len;
	cg->files = calloc(cg->file_count + 1, sizeof(*cg->files));
	for (size_t i = 0; i < cg->file_count; i++)
		file_init(cg, &cg->files[i], s->files.data[i]);
	if (!cg->file_count)
		bug("no source");
	LLVMDIBuilderCreateCompileUnit(cg->di, LLVMDWARFSourceLanguageC, cg->files[0].file,
				       "mtrace", 6, true, "", 0, 0, "", 0, EMIT_NO_DWARF, 0,
				       false, false, "", 0, "", 0);
	module_flag(cg, "Debug Info Version", LLVMDebugMetadataVersion());
	module_flag(cg, "Dwarf Version", 4);
	types_init(cg);
}

void debug_finish(struct cg *cg)
{
	LLVMDIBuilderFinalize(cg->di);
}

void debug_release(struct cg *cg)
{
	LLVMDisposeDIBuilder(cg->di);
	for (size_t i = 0; i < cg->file_count; i++)
		if (cg->files[i].memfd >= 0)
			close(cg->files[i].memfd);
	free(cg->files);
}

static struct scope_file *file_of(struct cg *cg, const struct source *src)
{
	for (size_t i = 0; i < cg->file_count; i++)
		if (cg->files[i].source == src)
			return &cg->files[i];
	return &cg->files[0];
}

// BTF insists that a parameter has a name.
static void parameter(struct cg *cg, struct fn *fn, unsigned n, const char *name,
		      struct scope_file *f, unsigned line, LLVMMetadataRef type)
{
	LLVMDIBuilderCreateParameterVariable(cg->di, fn->scope, name, strlen(name), n, f->file,
					     line, type, true, LLVMDIFlagZero);
}

void debug_function(struct cg *cg, struct fn *fn, const char *name, struct span where,
		    bool callback)
{
	struct source_pos pos = sources_pos(&cg->c->sources, where.begin);
	struct scope_file *f = file_of(cg, pos.source);
	LLVMMetadataRef type = callback ? cg->di_callback_type : cg->di_prog_type;

	fn->scope = LLVMDIBuilderCreateFunction(cg->di, f->file, name, strlen(name), "", 0, f->file,
						pos.line, type, callback, true, pos.line,
						LLVMDIFlagZero, true);
	LLVMSetSubprogram(fn->llvm, fn->scope);
	if (callback)
		parameter(cg, fn, 1, "first", f, pos.line, cg->di_u64);
	parameter(cg, fn, callback ? 2 : 1, callback ? "second" : "ctx", f, pos.line, cg->di_ptr);
	debug_at(cg, where);
}

void debug_at(struct cg *cg, struct span where)
{
	struct source_pos pos = sources_pos(&cg->c->sources, where.begin);
	struct scope_file *f = file_of(cg, pos.source);
	LLVMMetadataRef scope = cg->fn->scope;
	LLVMMetadataRef loc;

	if (f != &cg->files[0])
		scope = LLVMDIBuilderCreateLexicalBlockFile(cg->di, scope, f->file, 0);
	loc = LLVMDIBuilderCreateDebugLocation(cg->ctx, pos.line, pos.column, scope, NULL);
	LLVMSetCurrentDebugLocation2(cg->b, loc);
}
