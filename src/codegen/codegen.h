// codegen: checked program in, BPF object out. The only room that sees LLVM.
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "compiler.h"

enum codegen_dump { CODEGEN_DUMP_NONE, CODEGEN_DUMP_IR, CODEGEN_DUMP_IR_OPT, CODEGEN_DUMP_ASM };

// Compile every unit of c->program into one object; fills unit->prog and unit->ret_prog and
// adds internal maps (ring buffer, statistics, scratch, spill) to the program. With a dump,
// its text goes to *text. Returns 0, or -1 after reporting (script errors to c->diag: stack
// too deep; our own mistakes abort).
int codegen(struct compiler *c, enum codegen_dump dump, struct buf *text, struct object *out);
const char *codegen_llvm_version(void);
