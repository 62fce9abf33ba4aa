// calls: what builtin.c and call.c share.
#pragma once

#include "codegen/cg.h"

LLVMValueRef pid_tgid_here(struct cg *cg); // as seen from the pid namespace of mtrace
LLVMValueRef clock_ns(struct cg *cg, enum clock_mode mode);
