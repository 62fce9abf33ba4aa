// elf.c: functions and executable segments of ELF programs and libraries.
//
// Enters: a path. Leaves: functions with file offsets. Refuses: what is not an executable or
// a shared library of this machine's byte order, and every table that reaches outside the
// file, with the table's name in the reason.
//
// The file belongs to whoever is traced. It is read with pread, never mapped: one that is
// truncated while being read must not be a SIGBUS. Both classes are converted to the 64-bit
// structures at the border, so that everything behind it exists once.
#include "sys/elf.h"

#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"

// Bounds on what a hostile file can make us do; far above what compilers produce.
enum {
	TABLE_MAX = 512 << 20, // bytes of one symbol or string table
	NAME_MAX_BYTES = 8192, // longer symbol names are left out
	SEGMENTS_MAX = 256,    // executable ones
};

struct reader {
	int fd;
	uint64_t size; // of the file
	bool is64;
	Elf64_Ehdr eh;
	uint64_t phnum, shnum; // after the escapes for large counts
	const char **reason;
};

// The reason is set by whoever knows it first.
static int refuse(struct reader *r, const char *why)
{
	*r->reason = why;
	return -ENOEXEC;
}

static bool in_file(const struct reader *r, uint64_t offset, uint64_t len)
{
	return offset <= r->size && len <= r->size - offset;
}

static int read_at(struct reader *r, uint64_t offset, void *data, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pread(r->fd, (char *)data + done, len - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return refuse(r, n ? strerror(errno) : "the file ends too early");
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

static int read_phdr(struct reader *r, uint64_t i, Elf64_Phdr *out)
{
	Elf32_Phdr narrow;

	if (r->is64)
		return read_at(r, r->eh.e_phoff + i * sizeof(*out), out, sizeof(*out));
	int err = read_at(r, r->eh.e_phoff + i * sizeof(narrow), &narrow, sizeof(narrow));
	if (!err)
		widen_phdr(&narrow, out);
	return err;
}

static int read_shdr(struct reader *r, uint64_t i, Elf64_Shdr *out)
{
	Elf32_Shdr narrow;

	if (r->is64)
		return read_at(r, r->eh.e_shoff + i * sizeof(*out), out, sizeof(*out));
	int err = read_at(r, r->eh.e_shoff + i * sizeof(narrow), &narrow, sizeof(narrow));
	if (!err)
		widen_shdr(&narrow, out);
	return err;
}

static int read_ehdr(struct reader *r)
{
	unsigned char ident[EI_NIDENT];
	Elf32_Ehdr narrow;

	if (r->size < EI_NIDENT)
		return refuse(r, "not an ELF file");
	int err = read_at(r, 0, ident, sizeof(ident));
	if (err)
		return err;
	if (memcmp(ident, ELFMAG, SELFMAG))
		return refuse(r, "not an ELF file");
	if (ident[EI_CLASS] != ELFCLASS64 && ident[EI_CLASS] != ELFCLASS32)
		return refuse(r, "unknown ELF class");
	if (ident[EI_DATA] != (__BYTE_ORDER == __LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB))
		return refuse(r, "an ELF file of another byte order");
	r->is64 = ident[EI_CLASS] == ELFCLASS64;
	if (r->size < (r->is64 ? sizeof(r->eh) : sizeof(narrow)))
		return refuse(r, "the ELF header is cut short");
	if (r->is64)
		return read_at(r, 0, &r->eh, sizeof(r->eh));
	err = read_at(r, 0, &narrow, sizeof(narrow));
	if (!err)
		widen_ehdr(&narrow, &r->eh);
	return err;
}

// Counts that do not fit 16 bits are kept in section 0.
static int read_counts(struct reader *r)
{
	Elf64_Shdr first = {0};
	size_t shdr = r->is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	size_t phdr = r->is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);

	r->shnum = r->eh.e_shoff ? r->eh.e_shnum : 0;
	r->phnum = r->eh.e_phnum;
	if (r->eh.e_shoff) {
		if (r->eh.e_shentsize != shdr)
			return refuse(r, "section headers of a wrong size");
		if (!in_file(r, r->eh.e_shoff, shdr))
			return refuse(r, "the section header table is beyond the end of the file");
		int err = read_shdr(r, 0, &first);
		if (err)
			return err;
		if (!r->shnum)
			r->shnum = first.sh_size;
		if (r->phnum == PN_XNUM)
			r->phnum = first.sh_info;
	}
	if (r->shnum > r->size / shdr || !in_file(r, r->eh.e_shoff, r->shnum * shdr))
		return refuse(r, "the section header table is beyond the end of the file");
	if (r->phnum && r->eh.e_phentsize != phdr)
		return refuse(r, "program headers of a wrong size");
	if (r->phnum > r->size / phdr || !in_file(r, r->eh.e_phoff, r->phnum * phdr))
		return refuse(r, "the program header table is beyond the end of the file");
	return 0;
}

static int reader_open(struct reader *r, const char *path, const char **reason)
{
	struct stat st;

	*reason = NULL;
	*r = (struct reader){.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), .reason = reason};
	if (r->fd < 0 || fstat(r->fd, &st)) {
		int err = -errno;
		*reason = strerror(-err);
		return err;
	}
	if (!S_ISREG(st.st_mode))
		return refuse(r, "not a regular file");
	r->size = (uint64_t)st.st_size;
	int err = read_ehdr(r);
	if (err)
		return err;
	if (r->eh.e_type != ET_EXEC && r->eh.e_type != ET_DYN)
		return refuse(r, "neither an executable nor a shared library");
	return read_counts(r);
}

static void reader_close(struct reader *r)
{
	cleanup_close(&r->fd);
}

// ---- executable segments ---------------------------------------------------------------

struct segment {
	uint64_t address, offset, size;
};

struct segments {
	struct segment *data;
	size_t count;
};

static void segments_release(struct segments *s)
{
	free(s->data);
}

static int read_segments(struct reader *r, struct segments *out)
{
	out->data = calloc(SEGMENTS_MAX, sizeof(*out->data));
	if (!out->data)
		return refuse(r, "out of memory");
	for (uint64_t i = 0; i < r->phnum; i++) {
		Elf64_Phdr p;
		int err = read_phdr(r, i, &p);
		if (err)
			return err;
		if (p.p_type != PT_LOAD || !(p.p_flags & PF_X))
			continue;
		if (!in_file(r, p.p_offset, p.p_filesz) || p.p_vaddr + p.p_filesz < p.p_vaddr)
			return refuse(r, "an executable segment is beyond the end of the file");
		if (out->count == SEGMENTS_MAX)
			return refuse(r, "too many executable segments");
		out->data[out->count++] = (struct segment){p.p_vaddr, p.p_offset, p.p_filesz};
	}
	return 0;
}

static bool segments_offset(const struct segments *s, uint64_t address, uint64_t *offset)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct segment *g = &s->data[i];
		if (address < g->address || address - g->address >= g->size)
			continue;
		*offset = address - g->address + g->offset;
		return true;
	}
	return false;
}

// ---- symbols ---------------------------------------------------------------------------

struct symbols {
	struct arena *arena;
	struct elf_file *out;
	const struct segments *segments;
	uint64_t entry;
	char *names; // string table, in the arena, NUL-terminated
	uint64_t names_len;
};

static void add_symbol(struct symbols *s, const Elf64_Sym *sym)
{
	unsigned type = ELF64_ST_TYPE(sym->st_info), bind = ELF64_ST_BIND(sym->st_info);

	if ((type != STT_FUNC && type != STT_GNU_IFUNC) || sym->st_shndx == SHN_UNDEF ||
	    !sym->st_value || sym->st_name >= s->names_len)
		return;
	char *name = s->names + sym->st_name;
	size_t len = strnlen(name, NAME_MAX_BYTES);
	if (!len || len == NAME_MAX_BYTES)
		return;
	// A version ("@@GLIBC_2.2") is not part of the name. Strings may share tails, but a
	// tail of a name that is cut here holds the same '@'.
	char *version = memchr(name, '@', len);
	if (version == name)
		return;
	if (version)
		*version = '\0';
	struct elf_func f = {.name = name,
			     .address = sym->st_value,
			     .size = sym->st_size,
			     .is_local = bind == STB_LOCAL,
			     .is_weak = bind == STB_WEAK,
			     .is_ifunc = type == STT_GNU_IFUNC};
	f.is_outside = !segments_offset(s->segments, f.address, &f.offset);
	f.is_entry = s->entry && f.address == s->entry;
	arena_push(s->arena, &s->out->funcs, f);
}

static int read_names(struct reader *r, struct symbols *s, uint32_t section)
{
	Elf64_Shdr h;

	if (section >= r->shnum)
		return refuse(r, "a symbol table without a string table");
	int err = read_shdr(r, section, &h);
	if (err)
		return err;
	if (h.sh_type != SHT_STRTAB || !in_file(r, h.sh_offset, h.sh_size))
		return refuse(r, "a string table is beyond the end of the file");
	if (h.sh_size > TABLE_MAX)
		return refuse(r, "a string table is too large");
	s->names = arena_alloc(s->arena, h.sh_size + 1);
	s->names_len = h.sh_size;
	return read_at(r, h.sh_offset, s->names, h.sh_size);
}

static int read_symbols(struct reader *r, struct symbols *s, const Elf64_Shdr *h)
{
	size_t entry = r->is64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);

	if (h->sh_entsize != entry || !in_file(r, h->sh_offset, h->sh_size))
		return refuse(r, "a symbol table is beyond the end of the file");
	if (h->sh_size > TABLE_MAX)
		return refuse(r, "a symbol table is too large");
	int err = read_names(r, s, h->sh_link);
	if (err)
		return err;
	_cleanup_free_ char *data = malloc(h->sh_size + 1);
	if (!data)
		return refuse(r, "out of memory");
	err = read_at(r, h->sh_offset, data, h->sh_size);
	for (uint64_t at = 0; !err && entry <= h->sh_size - at; at += entry) {
		Elf64_Sym sym;
		Elf32_Sym narrow;
		if (r->is64) {
			memcpy(&sym, data + at, sizeof(sym));
		} else {
			memcpy(&narrow, data + at, sizeof(narrow));
			widen_sym(&narrow, &sym);
		}
		add_symbol(s, &sym);
	}
	return err;
}

static int compare_funcs(const void *pa, const void *pb)
{
	const struct elf_func *a = pa, *b = pb;

	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return a->name == b->name ? 0 : strcmp(a->name, b->name);
}

// Of two entries for one name at one place (.symtab and .dynsym) the global one stays.
static void sort_and_merge(struct elf_file *f)
{
	size_t kept = 0;

	if (f->funcs.len)
		qsort(f->funcs.data, f->funcs.len, sizeof(*f->funcs.data), compare_funcs);
	for (size_t i = 0; i < f->funcs.len; i++) {
		struct elf_func *prev = kept ? &f->funcs.data[kept - 1] : NULL;
		const struct elf_func *it = &f->funcs.data[i];
		if (!prev || compare_funcs(prev, it)) {
			f->funcs.data[kept++] = *it;
			continue;
		}
		prev->is_local &= it->is_local;
		prev->is_weak &= it->is_weak;
		prev->size = prev->size ? prev->size : it->size;
	}
	f->funcs.len = kept;
}

int elf_open_funcs(struct arena *a, const char *path, struct elf_file *out, const char **reason)
{
	_cleanup_(reader_close) struct reader r = {.fd = -1};
	_cleanup_(segments_release) struct segments segments = {0};
	struct symbols s = {.arena = a, .out = out, .segments = &segments};

	int err = reader_open(&r, path, reason);
	if (!err)
		err = read_segments(&r, &segments);
	if (err)
		return err;
	s.entry = r.eh.e_entry;
	*out = (struct elf_file){.path = arena_strdup(a, path),
				 .machine = r.eh.e_machine,
				 .is_pie = r.eh.e_type == ET_DYN};
	bool seen_symtab = false, seen_dynsym = false; // a file has one of each
	for (uint64_t i = 1; !err && i < r.shnum; i++) {
		Elf64_Shdr h;
		err = read_shdr(&r, i, &h);
		if (err)
			break;
		bool *seen = h.sh_type == SHT_SYMTAB   ? &seen_symtab
			     : h.sh_type == SHT_DYNSYM ? &seen_dynsym
						       : NULL;
		if (!seen || *seen)
			continue;
		*seen = true;
		err = read_symbols(&r, &s, &h);
	}
	if (err)
		return err;
	out->stripped = !seen_symtab;
	sort_and_merge(out);
	return 0;
}

static bool open_segments(const char *path, struct segments *out, const char **reason)
{
	_cleanup_(reader_close) struct reader r = {.fd = -1};

	return !reader_open(&r, path, reason) && !read_segments(&r, out);
}

bool elf_offset_of(const char *path, uint64_t address, uint64_t *offset, const char **reason)
{
	_cleanup_(segments_release) struct segments s = {0};

	if (!open_segments(path, &s, reason))
		return false;
	if (segments_offset(&s, address, offset))
		return true;
	*reason = "not inside an executable segment";
	return false;
}

bool elf_offset_is_executable(const char *path, uint64_t offset)
{
	_cleanup_(segments_release) struct segments s = {0};
	const char *reason;

	if (!open_segments(path, &s, &reason))
		return false;
	for (size_t i = 0; i < s.count; i++)
		if (offset >= s.data[i].offset && offset - s.data[i].offset < s.data[i].size)
			return true;
	return false;
}

size_t elf_read_code(const char *path, uint64_t offset, void *data, size_t len)
{
	const char *reason;
	_cleanup_(reader_close) struct reader r = {.fd = -1};

	if (reader_open(&r, path, &reason) || offset >= r.size)
		return 0;
	if (len > r.size - offset)
		len = r.size - offset;
	return read_at(&r, offset, data, len) ? 0 : len;
}
