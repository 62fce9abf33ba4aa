// elf.c: functions and executable segments of ELF programs and libraries.
//
// Enters: a path. Leaves: functions with file offsets; those of a stripped program are looked
// for where they were put. Refuses: what is not an executable or a shared library of this
// machine's byte order, and every table that reaches outside the file, with the table's name
// in the reason.
//
// The file belongs to whoever is traced. It is read with pread, never mapped: one that is
// truncated while being read must not be a SIGBUS. Both classes are converted to the 64-bit
// structures at the border, so that everything behind it exists once.
#include "sys/elf.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "sys/debug_search.h"
#include "sys/elf_reader.h"
#include "sys/mini_debug.h"

// Bounds on what a hostile file can make us do; far above what compilers produce.
enum {
	NAME_MAX_BYTES = 8192, // longer symbol names are left out
};

// ---- symbols ---------------------------------------------------------------------------

struct symbols {
	struct arena *arena;
	struct elf_file *out;
	const struct elf_segments *segments;
	uint64_t entry;
	char *names; // string table, in the arena, NUL-terminated
	uint64_t names_len;
};

static void add_symbol(void *ctx, const Elf64_Sym *sym)
{
	struct symbols *s = ctx;
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
	f.is_outside = !elf_segments_offset(s->segments, f.address, &f.offset);
	f.is_entry = s->entry && f.address == s->entry;
	arena_push(s->arena, &s->out->funcs, f);
}

static int read_names(struct elf_reader *r, struct symbols *s, uint32_t section)
{
	Elf64_Shdr h;

	if (section >= r->shnum)
		return elf_refuse(r, "a symbol table without a string table");
	int err = elf_read_shdr(r, section, &h);
	if (err)
		return err;
	if (h.sh_type != SHT_STRTAB || !elf_in_file(r, h.sh_offset, h.sh_size))
		return elf_refuse(r, "a string table is beyond the end of the file");
	if (h.sh_size > ELF_TABLE_MAX)
		return elf_refuse(r, "a string table is too large");
	s->names = arena_alloc(s->arena, h.sh_size + 1);
	s->names_len = h.sh_size;
	return elf_read_at(r, h.sh_offset, s->names, h.sh_size);
}

static int read_symbols(struct elf_reader *r, struct symbols *s, const Elf64_Shdr *h)
{
	int err = read_names(r, s, h->sh_link);

	return err ? err : elf_each_symbol(r, h, add_symbol, s);
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

// The first table of that type; false: there is none.
static bool find_table(struct elf_reader *r, uint32_t type, Elf64_Shdr *out, int *err)
{
	for (uint64_t i = 1; !*err && i < r->shnum; i++) {
		*err = elf_read_shdr(r, i, out);
		if (!*err && out->sh_type == type)
			return true;
	}
	return false;
}

static int read_table(struct elf_reader *r, struct symbols *s, uint32_t type, bool *found)
{
	Elf64_Shdr h;
	int err = 0;

	*found = find_table(r, type, &h, &err);
	return *found ? read_symbols(r, s, &h) : err;
}

// ---- what was stripped -------------------------------------------------------------------

// The addresses are the program's, and so are the segments. A broken file adds what it has.
static bool add_stripped(struct symbols *s, int fd)
{
	_cleanup_(elf_reader_close) struct elf_reader r = {.fd = -1};
	const char *reason;
	bool found = false;

	return !elf_reader_of_fd(&r, fd, &reason) && !read_table(&r, s, SHT_SYMTAB, &found) &&
	       found;
}

static bool take_symbols(void *ctx, const char *path, struct elf_handle *h)
{
	(void)path;
	int fd = dup(h->fd);

	return fd >= 0 && add_stripped(ctx, fd);
}

// A file with debug information, else the table that is packed in the program.
static bool read_stripped(struct symbols *s, struct elf_reader *r, const char *path,
			  const char *dirs)
{
	struct elf_handle program;
	const char *reason;
	bool found = !elf_handle_open(&program, path, &reason) &&
		     debug_search("/", path, program.elf, dirs, take_symbols, s);

	elf_handle_close(&program);
	if (found)
		return true;
	int fd = mini_debug_open(r);
	return fd >= 0 && add_stripped(s, fd);
}

int elf_open_own_funcs(struct arena *a, const char *path, struct elf_file *out, const char **reason)
{
	_cleanup_(elf_reader_close) struct elf_reader r = {.fd = -1};
	_cleanup_(elf_segments_release) struct elf_segments segments = {0};
	struct symbols s = {.arena = a, .out = out, .segments = &segments};
	bool has_symtab = false, has_dynsym;

	int err = elf_reader_open(&r, path, reason);
	if (!err)
		err = elf_read_segments(&r, PF_X, &segments);
	if (err)
		return err;
	s.entry = r.eh.e_entry;
	*out = (struct elf_file){.path = arena_strdup(a, path),
				 .machine = r.eh.e_machine,
				 .is_pie = r.eh.e_type == ET_DYN};
	err = read_table(&r, &s, SHT_SYMTAB, &has_symtab);
	if (!err)
		err = read_table(&r, &s, SHT_DYNSYM, &has_dynsym);
	if (err)
		return err;
	out->stripped = !has_symtab;
	sort_and_merge(out);
	return 0;
}

bool elf_add_stripped(struct arena *a, struct elf_file *f, const char *dirs)
{
	_cleanup_(elf_reader_close) struct elf_reader r = {.fd = -1};
	_cleanup_(elf_segments_release) struct elf_segments segments = {0};
	struct elf_file all = *f;
	struct symbols s = {.arena = a, .out = &all, .segments = &segments};
	const char *reason;

	if (!f->stripped || elf_reader_open(&r, f->path, &reason) ||
	    elf_read_segments(&r, PF_X, &segments))
		return false;
	s.entry = r.eh.e_entry;
	all.funcs.data = NULL;
	all.funcs.len = all.funcs.cap = 0;
	for (size_t i = 0; i < f->funcs.len; i++)
		arena_push(a, &all.funcs, f->funcs.data[i]);
	if (!read_stripped(&s, &r, f->path, dirs))
		return false;
	all.stripped = false;
	sort_and_merge(&all);
	*f = all;
	return true;
}

int elf_open_funcs(struct arena *a, const char *path, const char *dirs, struct elf_file *out,
		   const char **reason)
{
	int err = elf_open_own_funcs(a, path, out, reason);

	if (!err)
		elf_add_stripped(a, out, dirs);
	return err;
}

static bool open_segments(const char *path, struct elf_segments *out, const char **reason)
{
	_cleanup_(elf_reader_close) struct elf_reader r = {.fd = -1};

	return !elf_reader_open(&r, path, reason) && !elf_read_segments(&r, PF_X, out);
}

bool elf_offset_of(const char *path, uint64_t address, uint64_t *offset, const char **reason)
{
	_cleanup_(elf_segments_release) struct elf_segments s = {0};

	if (!open_segments(path, &s, reason))
		return false;
	if (elf_segments_offset(&s, address, offset))
		return true;
	*reason = "not inside an executable segment";
	return false;
}

bool elf_offset_is_executable(const char *path, uint64_t offset)
{
	_cleanup_(elf_segments_release) struct elf_segments s = {0};
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
	_cleanup_(elf_reader_close) struct elf_reader r = {.fd = -1};

	if (elf_reader_open(&r, path, &reason) || offset >= r.size)
		return 0;
	if (len > r.size - offset)
		len = r.size - offset;
	return elf_read_at(&r, offset, data, len) ? 0 : len;
}
