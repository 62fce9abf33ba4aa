// insn: where instructions begin. A breakpoint in the middle of one corrupts the program.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Length in bytes of the instruction at code, or 0 when it is unknown or cut short.
unsigned insn_length(int machine, const uint8_t *code, size_t len);
// Does an instruction begin at `offset`, counting from the start of a function?
enum insn_boundary { INSN_BOUNDARY, INSN_MIDDLE, INSN_UNKNOWN };
enum insn_boundary insn_boundary(int machine, const uint8_t *code, size_t len, size_t offset);
