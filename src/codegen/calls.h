// calls: what builtin.c and call.c share.
#pragma once

#include "codegen/cg.h"

struct expr *cg_arg(struct expr *call, size_t n);
LLVMValueRef cg_arg_u64(struct cg *cg, struct expr *call, size_t n); // extended by its sign
LLVMValueRef pid_tgid_here(struct cg *cg); // as seen from the pid namespace of mtrace
// At most `max`, so that the verifier sees the bound.
LLVMValueRef bounded(struct cg *cg, LLVMValueRef n, uint32_t max);
// args: destination, size, source of bpf_probe_read_*_str(). The bytes with the NUL, 1 where
// memory was not there (counted; the string is empty then).
LLVMValueRef string_read(struct cg *cg, LLVMValueRef args[3], bool user);
// The string of an expression at dst; how many bytes it has with its NUL. The rest is undefined.
LLVMValueRef string_sized_into(struct cg *cg, struct expr *e, LLVMValueRef dst);
LLVMValueRef clock_ns(struct cg *cg, enum clock_mode mode);

// stack.c
LLVMValueRef cg_USTACK(struct cg *cg, struct expr *e, LLVMValueRef dst);
LLVMValueRef cg_KSTACK(struct cg *cg, struct expr *e, LLVMValueRef dst);

LLVMValueRef cg_DW_USTACK(struct cg *cg, struct expr *e, LLVMValueRef dst);
// REC_PROCESS (its stack is new: user space looks at its mappings while it is there), REC_UNMAPPED.
void tell_process(struct cg *cg, uint32_t what, LLVMValueRef pid);
// stack_memo.c. Does it serve here, for stacks of up to `limit` frames?
struct memo {
	uint32_t site;
	LLVMValueRef ctx, depth, index, ask; // allocas
};
bool memo_serves(const struct cg *cg, uint32_t limit);
// If the stack is a known one, its id and how many frames it has, and on at `hit`. scratch: 8 bytes
// in a map.
void memo_recall(struct cg *cg, struct memo *m, LLVMValueRef scratch, LLVMValueRef id,
		 LLVMValueRef frames_to, LLVMBasicBlockRef hit);
// After the walk, where MAP_STACKS has the stack: may ask for a memo of it.
void memo_ask(struct cg *cg, struct memo *m, LLVMValueRef id, LLVMValueRef frames, uint32_t limit);
// unwind.c: up to `limit` addresses of the user's stack; how many bytes they have.
LLVMValueRef unwind_stack(struct cg *cg, LLVMValueRef addresses, uint32_t limit);

// names.c, read.c
#define CG_CALL(id)                                                                                \
	LLVMValueRef cg_##id(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean);
CG_CALL(KSYM)
CG_CALL(USYM)
CG_CALL(CGROUP_PATH)
CG_CALL(NTOP)
CG_CALL(PTON)
CG_CALL(MACADDR)
CG_CALL(DEBUGF)
CG_CALL(UADDR)
CG_CALL(WRITE_USER)
CG_CALL(OVERRIDE)
CG_CALL(MEMCMP)
CG_CALL(STR_CONCAT)
CG_CALL(STR)
CG_CALL(BUF)

// kernel_call.c
CG_CALL(PATH)
CG_CALL(SOCKET_COOKIE)
CG_CALL(SKBOUTPUT)
CG_CALL(CALL_COMM)
CG_CALL(PERCPU_KADDR)
#undef CG_CALL
LLVMValueRef cg_context(struct cg *cg);
