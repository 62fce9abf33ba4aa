// debug_section: sections of debug information, packed or not. Private to this room.
#pragma once

#include <gelf.h>
#include <stdbool.h>

// What follows ".debug_" or ".zdebug_"; NULL: another section.
const char *debug_section_part(const char *name);
// False: a few bytes that claim to unpack to gigabytes, or no header of packed ones.
bool debug_section_is_sane(Elf_Scn *scn, const GElf_Shdr *sh, const char *name);
// Of ".debug_PART", unpacked; valid as long as elf. NULL: there is none, or it is broken.
const Elf_Data *debug_section_data(Elf *elf, const char *part);
