// elf_symbol: looks through .symtab, then .dynsym. libelf checks every table against the file;
// the file is read, not mapped, so that one that shrinks meanwhile is an error.
#include "sys/elf_symbol.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>

#include "base/cleanup.h"

static bool search(Elf *elf, Elf_Scn *section, const GElf_Shdr *sh, const char *name, GElf_Sym *out)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t n = data && sh->sh_entsize ? data->d_size / sh->sh_entsize : 0;

	for (size_t i = 0; i < n && i < INT32_MAX; i++) {
		const char *text;

		if (!gelf_getsym(data, (int)i, out) || out->st_shndx == SHN_UNDEF)
			continue;
		text = elf_strptr(elf, sh->sh_link, out->st_name);
		if (text && !strcmp(text, name))
			return true;
	}
	return false;
}

static bool search_tables(Elf *elf, uint32_t type, const char *name, GElf_Sym *out)
{
	Elf_Scn *section = NULL;
	GElf_Shdr sh;

	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &sh) && sh.sh_type == type &&
		    search(elf, section, &sh, name, out))
			return true;
	return false;
}

int elf_symbol_find(const char *path, const char *name, struct elf_symbol *out)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	GElf_Ehdr eh;
	GElf_Sym sym;
	int err = -ENOEXEC;
	Elf *elf;

	if (fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && gelf_getehdr(elf, &eh)) {
		err = -ENOENT;
		if (search_tables(elf, SHT_SYMTAB, name, &sym) ||
		    search_tables(elf, SHT_DYNSYM, name, &sym)) {
			*out = (struct elf_symbol){sym.st_value, sym.st_size, eh.e_type == ET_DYN};
			err = 0;
		}
	}
	if (elf)
		elf_end(elf);
	return err;
}
