// mini_debug: the symbol table that some distributions leave in stripped programs, packed with
// xz (.gnu_debugdata). Private to this room.
#pragma once

#include "sys/elf_reader.h"

// Unpacks it into a nameless file of its own: an ELF whose .symtab has what .dynsym lacks. The
// file, or -1: there is none, it is broken, it is larger than it may be, or this build has no xz.
int mini_debug_open(struct elf_reader *program);
