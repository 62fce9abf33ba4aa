// dwarf_open.c: the file that holds a program's debug information.
//
// Enters: the path of a program or library. Leaves: an open Dwarf. Refuses: what is not an ELF
// file, and what debug_section.c refuses.
//
// Files are read, not mapped: one that is truncated while it is read must not be a SIGBUS.
#include <errno.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "sys/debug_search.h"
#include "sys/debug_section.h"
#include "sys/dwarf_file.h"

static void close_all(struct debug_file *f)
{
	if (f->dwarf)
		dwarf_end(f->dwarf);
	f->dwarf = NULL;
	elf_handle_close(&f->file);
}

static bool is_info(const char *part)
{
	return !strcmp(part, "info") || !strcmp(part, "types") || !strcmp(part, "info.dwo");
}

bool debug_find_info(Elf *elf, uint64_t *size, bool *sane)
{
	size_t strings;
	bool found = false;
	Elf_Scn *scn = NULL;

	*size = 0;
	*sane = true;
	if (elf_getshdrstrndx(elf, &strings))
		return false;
	while ((scn = elf_nextscn(elf, scn))) {
		GElf_Shdr sh;
		if (!gelf_getshdr(scn, &sh))
			continue;
		const char *name = elf_strptr(elf, strings, sh.sh_name);
		const char *part = name ? debug_section_part(name) : NULL;
		if (!part)
			continue;
		if (!debug_section_is_sane(scn, &sh, name))
			*sane = false;
		if (!is_info(part))
			continue;
		found = found || (sh.sh_type != SHT_NOBITS && sh.sh_size);
		*size += sh.sh_size;
	}
	return found;
}

// Elfutils before 0.189 does not know this packing.
static bool is_packed_with_zstd(Elf *elf)
{
	enum { ZSTD = 2 }; // ELFCOMPRESS_ZSTD, which their header lacks as well
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	GElf_Chdr ch;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_flags & SHF_COMPRESSED &&
		    gelf_getchdr(scn, &ch) && ch.ch_type == ZSTD)
			return true;
	return false;
}

static int open_dwarf(struct debug_file *f, const char **reason)
{
	uint64_t size;
	bool sane;

	*reason = "has no debug information";
	if (!debug_find_info(f->file.elf, &size, &sane))
		return -ENODATA;
	*reason = "has broken debug information";
	if (!sane)
		return -EBADMSG;
	f->dwarf = dwarf_begin_elf(f->file.elf, DWARF_C_READ, NULL);
	if (!f->dwarf) {
		if (is_packed_with_zstd(f->file.elf))
			*reason = "has debug information packed with zstd, which elfutils before "
				  "0.189 cannot unpack (objcopy --decompress-debug-sections can)";
		return -EBADMSG;
	}
	f->budget = DEBUG_STEPS_PER_BYTE * size + (1 << 16);
	return 0;
}

// ---- separate files ----------------------------------------------------------------------

static bool take_separate(void *ctx, const char *path, struct elf_handle *h)
{
	struct debug_file *f = ctx;
	const char *reason;

	f->file = *h;
	*h = (struct elf_handle){.fd = -1};
	if (open_dwarf(f, &reason)) {
		close_all(f);
		return false;
	}
	free(f->path);
	f->path = strdup(path);
	return true;
}

int debug_file_open(const char *root, const char *path, const char *dirs, struct debug_file **out,
		    const char **reason)
{
	struct debug_file *f = calloc(1, sizeof(*f));
	struct elf_handle program = {.fd = -1};

	if (!f)
		return -ENOMEM;
	f->path = strdup(path);
	f->file.fd = -1;
	int err = elf_handle_open(&f->file, path, reason);
	if (!err)
		err = open_dwarf(f, reason);
	if (err == -ENODATA) {
		program = f->file;
		f->file = (struct elf_handle){.fd = -1};
		if (debug_search(root ? root : "/", path, program.elf, dirs, take_separate, f))
			err = 0;
		elf_handle_close(&program);
	}
	if (err) {
		debug_file_close(f);
		return err;
	}
	*out = f;
	return 0;
}

void debug_file_close(struct debug_file *f)
{
	if (!f)
		return;
	debug_units_release(f);
	close_all(f);
	free(f->dies);
	free(f->slots);
	for (size_t i = 0; i < f->name_count; i++)
		free((char *)f->names[i].name);
	free(f->names);
	free(f->path);
	free(f);
}

const char *debug_file_path(const struct debug_file *f)
{
	return f->path;
}
