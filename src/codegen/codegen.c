// codegen: the checked program as a BPF object. Units become programs (probe.c, session.c),
// the module is verified, optimized and emitted (module.c, emit.c), and LLVM is torn down.
// Refuses what only LLVM can tell: a program whose stack is too deep.
#include "codegen/codegen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <llvm-c/Core.h>
#include <llvm/Config/llvm-config.h>

#include "codegen/cg.h"

#include "base/timing.h"

#define PID_NS_INITIAL 0xEFFFFFFCu // the kernel's PROC_PID_INIT_INO

// ---- what LLVM has to say -----------------------------------------------------------------------

// "/proc/self/fd/4:3:11: in function f i64 (ptr): Looks like the BPF stack limit ..."
static struct span span_of(struct cg *cg, const char *text)
{
	struct span s = cg->p->units.len ? cg->p->units.data[0]->span : (struct span){0, 0};
	const struct source *src = cg->c->sources.files.data[0];
	unsigned line = 0, column = 0;
	const char *colon = strchr(text, ':');

	if (colon && sscanf(colon, ":%u:%u:", &line, &column) == 2 && line &&
	    line <= src->line_count) {
		s.begin = src->base + src->lines[line - 1] + (column ? column - 1 : 0);
		s.end = s.begin + 1;
	}
	return s;
}

static void on_diagnostic(LLVMDiagnosticInfoRef info, void *ctx)
{
	struct cg *cg = ctx;
	char *text = LLVMGetDiagInfoDescription(info);
	LLVMDiagnosticSeverity severity = LLVMGetDiagInfoSeverity(info);

	if (strstr(text, "stack limit") || strstr(text, "stack size")) {
		if (!cg->too_deep)
			diag_error(&cg->c->diag, span_of(cg, text), "stack-too-deep",
				   "this needs more than the 512 bytes of a BPF program's stack");
		if (!cg->too_deep)
			diag_hint(&cg->c->diag, "use fewer or smaller variables, or lower "
						"on_stack_limit in the config block");
		cg->too_deep = true;
	} else if (severity == LLVMDSError) {
		bug("LLVM: %s", text);
	}
	LLVMDisposeMessage(text);
}

// ---- facts about the machine -------------------------------------------------------------------

static void pid_namespace(struct cg *cg)
{
	struct stat st;

	if (stat("/proc/self/ns/pid", &st) || st.st_ino == PID_NS_INITIAL)
		return;
	cg->pid_ns_dev = (uint64_t)major(st.st_dev) << 20 | minor(st.st_dev); // the kernel's dev_t
	cg->pid_ns_ino = st.st_ino;
}

// ---- the whole
// -----------------------------------------------------------------------------------

// The kernel lets only programs of some licenses use the helpers that tracing needs.
static void license(struct cg *cg)
{
	const char *text = cg->p->config.license ? cg->p->config.license : "GPL";
	LLVMValueRef s = LLVMConstStringInContext2(cg->ctx, text, strlen(text), false);
	LLVMValueRef g = LLVMAddGlobal(cg->mod, LLVMTypeOf(s), "_license");

	LLVMSetInitializer(g, s);
	LLVMSetSection(g, "license");
	LLVMSetAlignment(g, 1);
}

static void build(struct cg *cg)
{
	debug_init(cg);
	license(cg);
	for (size_t i = 0; i < cg->p->units.len; i++)
		if (cg->p->units.data[i]->mech != MECH_NONE)
			unit_build(cg, cg->p->units.data[i]);
	debug_finish(cg);
}

// Sizes that are known only now.
static void finish_maps(struct cg *cg)
{
	struct map_def *scratch = program_find_map(cg->p, MAP_SCRATCH);
	struct map_def *zero = program_find_map(cg->p, MAP_CONST);

	cg->p->uses_scratch = scratch != NULL;
	cg->p->scratch_size = cg->scratch_max;
	if (scratch)
		scratch->value_size = cg->scratch_max ? cg->scratch_max : 8;
	if (zero)
		zero->value_size = cg->zero_size ? cg->zero_size : 8;
}

static void dump_ir(struct cg *cg, struct buf *text)
{
	char *ir = LLVMPrintModuleToString(cg->mod);

	buf_puts(text, ir);
	LLVMDisposeMessage(ir);
}

static int finish(struct cg *cg, enum codegen_dump dump, struct buf *text, struct object *out)
{
	if (dump == CODEGEN_DUMP_IR)
		dump_ir(cg, text);
	module_verify(cg);
	timing_mark("codegen");
	module_optimize(cg);
	timing_mark("optimise");
	if (dump == CODEGEN_DUMP_IR_OPT)
		dump_ir(cg, text);
	if (dump == CODEGEN_DUMP_ASM)
		emit_asm(cg, text);
	return emit_object(cg, out) ? 0 : -1;
}

int codegen(struct compiler *c, enum codegen_dump dump, struct buf *text, struct object *out)
{
	struct cg cg = {.c = c, .p = &c->program};
	int err;

	cg.ncpus = possible_cpus();
	pid_namespace(&cg);
	module_init(&cg);
	LLVMContextSetDiagnosticHandler(cg.ctx, on_diagnostic, &cg);
	build(&cg);
	finish_maps(&cg);
	err = finish(&cg, dump, text, out);
	debug_release(&cg);
	module_release(&cg);
	timing_mark("emit");
	return err;
}

const char *codegen_llvm_version(void)
{
	return LLVM_VERSION_STRING;
}
