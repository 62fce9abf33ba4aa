// unwind: what unwind.c and unwind_return.c share.
#pragma once

#include "bpf/abi.h"
#include "codegen/cg.h"

// The walk, on the stack of who asks for it. The first four are what lies so in struct pt_regs.
struct walk {
	abi_u64 ip, cs, flags, sp;
	abi_u64 bp;
	abi_u64 mappings; // of the process: first, count << 32
	abi_u64 exact;	  // 1: ip is where it stopped; 0: where a call returns to, one behind it
	abi_u64 frames;
	abi_u64 addresses; // pointer
	abi_u64 instance; // the innermost return probe of a frame not passed yet; 0: none
	abi_u64 instance_at; // where on the stack its return address was
	abi_u64 word;	   // what a helper reads to, or from
	abi_u64 unmapped;  // 1: it ended at code that is in no mapping
};

// A field of the walk, or of another struct of 64-bit fields.
LLVMValueRef walk_field(struct cg *cg, LLVMValueRef walk, size_t offset);
void walk_set(struct cg *cg, LLVMValueRef walk, size_t offset, LLVMValueRef v);

// Leaves for `yes`, or goes on in a block of its own.
void go_if(struct cg *cg, LLVMValueRef cond, LLVMBasicBlockRef yes, const char *otherwise);

// unwind_search.c: the last element of a part of a sorted array whose key is not above `key` (its
// address); or on to `stop`: there is none.
enum unwind_table { UNWIND_MAPPINGS, UNWIND_ROWS };
LLVMValueRef unwind_search(struct cg *cg, enum unwind_table table, LLVMValueRef first,
			   LLVMValueRef count, LLVMValueRef key, LLVMBasicBlockRef stop);

// unwind_return.c: return addresses that a return probe has replaced. `slot`: an alloca with what
// is on the stack at cfa - 8; it becomes where the function really returns to.
void returns_begin(struct cg *cg, LLVMValueRef walk, LLVMValueRef task);
void returns_replace(struct cg *cg, LLVMValueRef walk, LLVMValueRef cfa, LLVMValueRef slot);
