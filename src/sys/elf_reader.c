// elf_reader.c: headers and segments of ELF programs and libraries.
//
// Enters: a path. Leaves: a reader whose tables are known to lie inside the file. Refuses: what is
// not an executable or a shared library of this machine's byte order, and every table that reaches
// outside the file, with the table's name in the reason.
//
// The file belongs to whoever is traced. It is read with pread, never mapped: one that is
// truncated while being read must not be a SIGBUS. Both classes are converted to the 64-bit
// structures at the border, so that everything behind it exists once.
#include "sys/elf_reader.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"

enum { SEGMENTS_MAX = 256 };

// The reason is set by whoever knows it first.
int elf_refuse(struct elf_reader *r, const char *why)
{
	*r->reason = why;
	return -ENOEXEC;
}

bool elf_in_file(const struct elf_reader *r, uint64_t offset, uint64_t len)
{
	return offset <= r->size && len <= r->size - offset;
}

int elf_read_at(struct elf_reader *r, uint64_t offset, void *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(r->fd, (char *)data + done, len - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return elf_refuse(r, n ? strerror(errno) : "the file ends too early");
		done += (size_t)n;
	}
	return 0;
}

// ---- 32 bit to 64 bit -------------------------------------------------------------------

static void widen_ehdr(const Elf32_Ehdr *s, Elf64_Ehdr *d)
{
	memcpy(d->e_ident, s->e_ident, EI_NIDENT);
	d->e_type = s->e_type;
	d->e_machine = s->e_machine;
	d->e_entry = s->e_entry;
	d->e_phoff = s->e_phoff;
	d->e_shoff = s->e_shoff;
	d->e_phentsize = s->e_phentsize;
	d->e_phnum = s->e_phnum;
	d->e_shentsize = s->e_shentsize;
	d->e_shnum = s->e_shnum;
	d->e_shstrndx = s->e_shstrndx;
}

static void widen_phdr(const Elf32_Phdr *s, Elf64_Phdr *d)
{
	*d = (Elf64_Phdr){.p_type = s->p_type,
			  .p_flags = s->p_flags,
			  .p_offset = s->p_offset,
			  .p_vaddr = s->p_vaddr,
			  .p_filesz = s->p_filesz,
			  .p_memsz = s->p_memsz};
}

static void widen_shdr(const Elf32_Shdr *s, Elf64_Shdr *d)
{
	*d = (Elf64_Shdr){.sh_name = s->sh_name,
			  .sh_type = s->sh_type,
			  .sh_flags = s->sh_flags,
			  .sh_offset = s->sh_offset,
			  .sh_size = s->sh_size,
			  .sh_link = s->sh_link,
			  .sh_info = s->sh_info,
			  .sh_entsize = s->sh_entsize};
}

static void widen_sym(const Elf32_Sym *s, Elf64_Sym *d)
{
	*d = (Elf64_Sym){.st_name = s->st_name,
			 .st_info = s->st_info,
			 .st_other = s->st_other,
			 .st_shndx = s->st_shndx,
			 .st_value = s->st_value,
			 .st_size = s->st_size};
}

// ---- headers ---------------------------------------------------------------------------

int elf_read_phdr(struct elf_reader *r, uint64_t i, Elf64_Phdr *out)
{
	Elf32_Phdr narrow;

	if (r->is64)
		return elf_read_at(r, r->eh.e_phoff + i * sizeof(*out), out, sizeof(*out));
	int err = elf_read_at(r, r->eh.e_phoff + i * sizeof(narrow), &narrow, sizeof(narrow));
	if (!err)
		widen_phdr(&narrow, out);
	return err;
}

int elf_read_shdr(struct elf_reader *r, uint64_t i, Elf64_Shdr *out)
{
	Elf32_Shdr narrow;

	if (r->is64)
		return elf_read_at(r, r->eh.e_shoff + i * sizeof(*out), out, sizeof(*out));
	int err = elf_read_at(r, r->eh.e_shoff + i * sizeof(narrow), &narrow, sizeof(narrow));
	if (!err)
		widen_shdr(&narrow, out);
	return err;
}

static int read_ehdr(struct elf_reader *r)
{
	unsigned char ident[EI_NIDENT];
	Elf32_Ehdr narrow;

	if (r->size < EI_NIDENT)
		return elf_refuse(r, "not an ELF file");
	int err = elf_read_at(r, 0, ident, sizeof(ident));
	if (err)
		return err;
	if (memcmp(ident, ELFMAG, SELFMAG))
		return elf_refuse(r, "not an ELF file");
	if (ident[EI_CLASS] != ELFCLASS64 && ident[EI_CLASS] != ELFCLASS32)
		return elf_refuse(r, "unknown ELF class");
	if (ident[EI_DATA] != (__BYTE_ORDER == __LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB))
		return elf_refuse(r, "an ELF file of another byte order");
	r->is64 = ident[EI_CLASS] == ELFCLASS64;
	if (r->size < (r->is64 ? sizeof(r->eh) : sizeof(narrow)))
		return elf_refuse(r, "the ELF header is cut short");
	if (r->is64)
		return elf_read_at(r, 0, &r->eh, sizeof(r->eh));
	err = elf_read_at(r, 0, &narrow, sizeof(narrow));
	if (!err)
		widen_ehdr(&narrow, &r->eh);
	return err;
}

// Counts that do not fit 16 bits are kept in section 0.
static int read_counts(struct elf_reader *r)
{
	Elf64_Shdr first = {0};
	size_t shdr = r->is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	size_t phdr = r->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);

	r->shnum = r->eh.e_shoff ? r->eh.e_shnum : 0;
	r->phnum = r->eh.e_phnum;
	if (r->eh.e_shoff) {
		if (r->eh.e_shentsize != shdr)
			return elf_refuse(r, "section headers of a wrong size");
		if (!elf_in_file(r, r->eh.e_shoff, shdr))
			return elf_refuse(r,
					  "the section header table is beyond the end of the file");
		int err = elf_read_shdr(r, 0, &first);
		if (err)
			return err;
		if (!r->shnum)
			r->shnum = first.sh_size;
		if (r->phnum == PN_XNUM)
			r->phnum = first.sh_info;
	}
	if (r->shnum > r->size / shdr || !elf_in_file(r, r->eh.e_shoff, r->shnum * shdr))
		return elf_refuse(r, "the section header table is beyond the end of the file");
	if (r->phnum && r->eh.e_phentsize != phdr)
		return elf_refuse(r, "program headers of a wrong size");
	if (r->phnum > r->size / phdr || !elf_in_file(r, r->eh.e_phoff, r->phnum * phdr))
		return elf_refuse(r, "the program header table is beyond the end of the file");
	return 0;
}

int elf_reader_open(struct elf_reader *r, const char *path, const char **reason)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		int err = -errno;
		*r = (struct elf_reader){.fd = -1};
		*reason = strerror(-err);
		return err;
	}
	return elf_reader_of_fd(r, fd, reason);
}

int elf_reader_of_fd(struct elf_reader *r, int fd, const char **reason)
{
	struct stat st;

	*reason = NULL;
	*r = (struct elf_reader){.fd = fd, .reason = reason};
	if (fstat(fd, &st)) {
		int err = -errno;
		*reason = strerror(-err);
		return err;
	}
	if (!S_ISREG(st.st_mode))
		return elf_refuse(r, "not a regular file");
	r->size = (uint64_t)st.st_size;
	int err = read_ehdr(r);
	if (err)
		return err;
	if (r->eh.e_type != ET_EXEC && r->eh.e_type != ET_DYN)
		return elf_refuse(r, "neither an executable nor a shared library");
	return read_counts(r);
}

void elf_reader_close(struct elf_reader *r)
{
	cleanup_close(&r->fd);
}

// ---- executable segments ---------------------------------------------------------------

void elf_segments_release(struct elf_segments *s)
{
	free(s->data);
}

int elf_read_segments(struct elf_reader *r, uint32_t flags, struct elf_segments *out)
{
	out->data = calloc(SEGMENTS_MAX, sizeof(*out->data));
	if (!out->data)
		return elf_refuse(r, "out of memory");
	for (uint64_t i = 0; i < r->phnum; i++) {
		Elf64_Phdr p;
		int err = elf_read_phdr(r, i, &p);
		if (err)
			return err;
		if (p.p_type != PT_LOAD || (p.p_flags & flags) != flags)
			continue;
		if (!elf_in_file(r, p.p_offset, p.p_filesz) || p.p_vaddr + p.p_filesz < p.p_vaddr)
			return elf_refuse(r, flags & PF_X
						 ? "an executable segment is beyond "
						   "the end of the file"
						 : "a segment is beyond the end of the file");
		if (out->count == SEGMENTS_MAX)
			return elf_refuse(r, "too many segments");
		out->data[out->count++] = (struct elf_segment){p.p_vaddr, p.p_offset, p.p_filesz};
	}
	return 0;
}

bool elf_segments_offset(const struct elf_segments *s, uint64_t address, uint64_t *offset)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct elf_segment *g = &s->data[i];
		if (address < g->address || address - g->address >= g->size)
			continue;
		*offset = address - g->address + g->offset;
		return true;
	}
	return false;
}

// ---- symbols ---------------------------------------------------------------------------

int elf_each_symbol(struct elf_reader *r, const Elf64_Shdr *h, elf_symbol_fn fn, void *ctx)
{
	size_t entry = r->is64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);

	if (h->sh_entsize != entry || !elf_in_file(r, h->sh_offset, h->sh_size))
		return elf_refuse(r, "a symbol table is beyond the end of the file");
	if (h->sh_size > ELF_TABLE_MAX)
		return elf_refuse(r, "a symbol table is too large");
	_cleanup_free_ char *data = malloc(h->sh_size + 1);
	if (!data)
		return elf_refuse(r, "out of memory");
	int err = elf_read_at(r, h->sh_offset, data, h->sh_size);
	for (uint64_t at = 0; !err && entry <= h->sh_size - at; at += entry) {
		Elf64_Sym sym;
		Elf32_Sym narrow;

		if (r->is64) {
			memcpy(&sym, data + at, sizeof(sym));
		} else {
			memcpy(&narrow, data + at, sizeof(narrow));
			widen_sym(&narrow, &sym);
		}
		fn(ctx, &sym);
	}
	return err;
}
