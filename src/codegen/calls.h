// calls: what builtin.c and call.c share.
#pragma once

#include "codegen/cg.h"

LLVMValueRef pid_tgid_here(struct cg *cg); // as seen from the pid namespace of mtrace
// At most `max`, so that the verifier sees the bound.
LLVMValueRef bounded(struct cg *cg, LLVMValueRef n, uint32_t max);
LLVMValueRef clock_ns(struct cg *cg, enum clock_mode mode);

// names.c
#define CG_CALL(id) LLVMValueRef cg_##id(struct cg *cg, struct expr *e, LLVMValueRef dst, bool clean);
CG_CALL(KSYM)
CG_CALL(USYM)
CG_CALL(CGROUP_PATH)
CG_CALL(NTOP)
CG_CALL(PTON)
CG_CALL(MACADDR)
CG_CALL(DEBUGF)
CG_CALL(MEMCMP)
CG_CALL(STR_CONCAT)
#undef CG_CALL
