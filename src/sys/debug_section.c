// debug_section.c: finds a section of debug information and unpacks it.
//
// Enters: an open ELF file. Leaves: bytes, valid as long as the file is open. Refuses: packed
// sections that claim to be impossibly large.
#include "sys/debug_section.h"

#include <endian.h>
#include <string.h>

#include "base/str.h"

enum {
	DEFLATE_MAX_RATIO = 1040, // zlib's limit is 1032
	ZSTD_MAX_RATIO = 1 << 16,
};

// ".zdebug_info", as old compilers pack: "ZLIB", then the size, most significant byte first.
static bool old_section_is_sane(Elf_Scn *scn)
{
	enum { HEADER = 12 };
	const Elf_Data *data = elf_rawdata(scn, NULL);
	uint64_t size;

	if (!data || data->d_size < HEADER || memcmp(data->d_buf, "ZLIB", 4))
		return false;
	memcpy(&size, (const char *)data->d_buf + 4, sizeof(size));
	return be64toh(size) / DEFLATE_MAX_RATIO <= data->d_size;
}

bool debug_section_is_sane(Elf_Scn *scn, const GElf_Shdr *sh, const char *name)
{
	GElf_Chdr ch;

	if (name[1] == 'z')
		return old_section_is_sane(scn);
	if (!(sh->sh_flags & SHF_COMPRESSED))
		return true;
	if (!gelf_getchdr(scn, &ch))
		return false;
	uint64_t ratio = ch.ch_type == ELFCOMPRESS_ZLIB ? DEFLATE_MAX_RATIO : ZSTD_MAX_RATIO;
	return ch.ch_size / ratio <= sh->sh_size;
}

const char *debug_section_part(const char *name)
{
	if (str_starts_with(name, ".debug_"))
		return name + strlen(".debug_");
	return str_starts_with(name, ".zdebug_") ? name + strlen(".zdebug_") : NULL;
}

// The file in memory is changed, as libdw does too.
static const Elf_Data *unpacked(Elf_Scn *scn, const GElf_Shdr *sh, const char *name)
{
	bool old = name[1] == 'z';

	if (!debug_section_is_sane(scn, sh, name) || sh->sh_type == SHT_NOBITS)
		return NULL;
	if (old && elf_compress_gnu(scn, 0, 0) < 0)
		return NULL;
	if (!old && sh->sh_flags & SHF_COMPRESSED && elf_compress(scn, 0, 0) < 0)
		return NULL;
	return elf_rawdata(scn, NULL);
}

const Elf_Data *debug_section_data(Elf *elf, const char *part)
{
	Elf_Scn *scn = NULL;
	size_t strings;
	GElf_Shdr sh;

	if (elf_getshdrstrndx(elf, &strings))
		return NULL;
	while ((scn = elf_nextscn(elf, scn))) {
		const char *name = gelf_getshdr(scn, &sh) ? elf_strptr(elf, strings, sh.sh_name) : NULL;
		const char *found = name ? debug_section_part(name) : NULL;

		if (found && !strcmp(found, part))
			return unpacked(scn, &sh, name);
	}
	return NULL;
}
