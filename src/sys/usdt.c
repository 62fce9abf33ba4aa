// usdt.c: the notes in which a program lists its USDT sites.
//
// Enters: a path. Leaves: sites with file offsets, each text of arguments read once. Refuses: ELF
// files that sys/elf_reader refuses, and a .note.stapsdt whose notes are cut short. A site that is
// in no executable segment, has no nop, or whose semaphore is in no writable one, is kept with
// that problem: a note is only a claim, and a breakpoint in the middle of an instruction would
// corrupt the program.
//
// A note holds the site's address, the address that .stapsdt.base had when it was linked (prelink
// moves the section, not the notes), and the address of the semaphore or 0.
#include "sys/usdt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/elf_reader.h"

enum {
	NOTES_MAX = 256 << 20, // bytes of one section
	NOTE_TYPE = 3,
	CODE_MAX = 16,
};

struct notes {
	struct arena *arena;
	struct elf_reader reader;
	struct usdt_file *out;
	struct elf_segments code, data;
	uint64_t base;	     // of .stapsdt.base in this file; 0: no such section
	struct intern texts; // -> index into out->specs
};

static void notes_release(struct notes *n)
{
	elf_reader_close(&n->reader);
	elf_segments_release(&n->code);
	elf_segments_release(&n->data);
	intern_release(&n->texts);
}

// ---- one note ---------------------------------------------------------------------------------

// What a site's instruction has to be: any nop. Sites are written as a plain one.
static bool is_nop(int machine, const uint8_t *code, size_t len)
{
	static const uint8_t arm64_nop[] = {0x1f, 0x20, 0x03, 0xd5};
	size_t at = 0;

	if (machine == EM_AARCH64)
		return len >= 4 && !memcmp(code, arm64_nop, 4);
	while (at < len && at < 4 && (code[at] == 0x66 || code[at] == 0x2e))
		at++;
	if (at < len && code[at] == 0x90)
		return true;
	return at + 1 < len && code[at] == 0x0f && code[at + 1] == 0x1f;
}

// nop; cs nopw disp32(%rax,%rax)
static bool is_nop10(int machine, const uint8_t *code, size_t len)
{
	static const uint8_t pair[] = {0x90, 0x66, 0x2e, 0x0f, 0x1f, 0x84};

	return machine == EM_X86_64 && len >= 11 && !memcmp(code, pair, sizeof(pair));
}

static void check_code(struct notes *n, struct usdt_site *s)
{
	uint8_t code[CODE_MAX];
	uint64_t left = n->reader.size - s->offset;
	size_t len = left < CODE_MAX ? (size_t)left : CODE_MAX;

	if (elf_read_at(&n->reader, s->offset, code, len))
		len = 0;
	if (!is_nop(n->out->machine, code, len))
		s->problem = "there is no nop where the note says";
	s->has_nop10 = is_nop10(n->out->machine, code, len);
}

static const struct usdt_spec *spec_of(struct notes *n, const char *text)
{
	uint32_t id = intern_id(&n->texts, text);

	if (id == n->out->specs.len) {
		struct usdt_spec *spec = usdt_spec_parse(n->arena, n->out->machine, text);
		arena_push(n->arena, &n->out->specs, spec);
	}
	return n->out->specs.data[id];
}

// The string at *at; NULL when it has no end.
static const char *next_string(const char **at, const char *end)
{
	const char *s = *at, *nul = memchr(s, '\0', (size_t)(end - s));

	if (!nul)
		return NULL;
	*at = nul + 1;
	return s;
}

// Names are printed and matched: no control characters, no separators.
static bool is_name(const char *s)
{
	if (!*s)
		return false;
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || *s == ':' || *s == 0x7f)
			return false;
	return true;
}

static void place(struct notes *n, struct usdt_site *s, const uint64_t address[3])
{
	uint64_t moved = n->base && address[1] ? n->base - address[1] : 0;

	s->address = address[0] + moved;
	if (!elf_segments_offset(&n->code, s->address, &s->offset)) {
		s->problem = "not inside an executable segment";
		return;
	}
	check_code(n, s);
	if (!address[2] || s->problem)
		return;
	if (!elf_segments_offset(&n->data, address[2] + moved, &s->semaphore) || !s->semaphore)
		s->problem = "its semaphore is outside the file's writable data";
	else if (s->semaphore % 2)
		s->problem = "its semaphore is not aligned";
}

static int read_note(struct notes *n, const char *at, size_t len)
{
	size_t word = n->reader.is64 ? 8 : 4;
	const char *end = at + len;
	uint64_t address[3] = {0};
	struct usdt_site s = {0};

	if (len < 3 * word)
		return elf_refuse(&n->reader, "a note in .note.stapsdt is cut short");
	for (size_t i = 0; i < 3; i++, at += word)
		memcpy(&address[i], at, word); // little-endian
	const char *provider = next_string(&at, end);
	const char *name = provider ? next_string(&at, end) : NULL;
	const char *args = name ? next_string(&at, end) : NULL;
	if (!name)
		return elf_refuse(&n->reader, "a name in .note.stapsdt has no end");
	if (!is_name(provider) || !is_name(name))
		return elf_refuse(&n->reader, "a name in .note.stapsdt is none");
	s.provider = provider;
	s.name = name;
	s.spec = spec_of(n, args ? args : "");
	place(n, &s, address);
	arena_push(n->arena, &n->out->sites, s);
	return 0;
}

// ---- sections ---------------------------------------------------------------------------------

static size_t round_up(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static int read_notes(struct notes *n, const Elf64_Shdr *h)
{
	static const char owner[] = "stapsdt";
	struct elf_reader *r = &n->reader;

	if (h->sh_type == SHT_NOBITS || !elf_in_file(r, h->sh_offset, h->sh_size))
		return elf_refuse(r, ".note.stapsdt is beyond the end of the file");
	if (h->sh_size > NOTES_MAX)
		return elf_refuse(r, ".note.stapsdt is too large");
	char *data = arena_alloc(n->arena, h->sh_size + 1); // names stay there
	int err = elf_read_at(r, h->sh_offset, data, h->sh_size);
	for (size_t at = 0, size = h->sh_size; !err && at < size;) {
		uint32_t head[3]; // length of the owner's name, of the content, type
		if (size - at < sizeof(head))
			return elf_refuse(r, "a note in .note.stapsdt is cut short");
		memcpy(head, data + at, sizeof(head));
		at += sizeof(head);
		if (round_up(head[0]) > size - at || head[1] > size - at - round_up(head[0]))
			return elf_refuse(r, "a note in .note.stapsdt is cut short");
		const char *name = data + at;
		at += round_up(head[0]);
		if (head[0] == sizeof(owner) && !memcmp(name, owner, sizeof(owner)) &&
		    head[2] == NOTE_TYPE)
			err = read_note(n, data + at, head[1]);
		at += round_up(head[1]) < size - at ? round_up(head[1]) : size - at;
	}
	return err;
}

static bool section_is(struct elf_reader *r, const Elf64_Shdr *names, const Elf64_Shdr *h,
		       const char *name)
{
	char text[32];
	size_t n = strlen(name) + 1;

	if (h->sh_name >= names->sh_size || n > names->sh_size - h->sh_name)
		return false;
	return !elf_read_at(r, names->sh_offset + h->sh_name, text, n) && !memcmp(text, name, n);
}

static int find_sections(struct elf_reader *r, Elf64_Shdr *notes, Elf64_Shdr *base)
{
	Elf64_Shdr names, h;
	uint64_t index = r->eh.e_shstrndx;

	if (r->shnum < 2)
		return 0;
	if (index == SHN_XINDEX) {
		int err = elf_read_shdr(r, 0, &h);
		if (err)
			return err;
		index = h.sh_link;
	}
	if (index >= r->shnum)
		return elf_refuse(r, "there is no table of section names");
	int err = elf_read_shdr(r, index, &names);
	if (!err &&
	    (names.sh_type == SHT_NOBITS || !elf_in_file(r, names.sh_offset, names.sh_size)))
		return elf_refuse(r, "the section names are beyond the end of the file");
	for (uint64_t i = 1; !err && i < r->shnum; i++) {
		err = elf_read_shdr(r, i, &h);
		if (!err && h.sh_type == SHT_NOTE && section_is(r, &names, &h, ".note.stapsdt"))
			*notes = h;
		else if (!err && h.sh_type == SHT_PROGBITS &&
			 section_is(r, &names, &h, ".stapsdt.base"))
			*base = h;
	}
	return err;
}

// ---- symbols in arguments -----------------------------------------------------------------------

struct wanted {
	struct intern names;
	struct found {
		uint64_t address;
		bool known, global, ambiguous;
	} * found; // by id
	const char *table; // of names, of the symbols that are being read
	uint64_t table_len;
};

static void wanted_release(struct wanted *w)
{
	intern_release(&w->names);
	free(w->found);
}

static void offer_symbol(void *ctx, const Elf64_Sym *sym)
{
	struct wanted *w = ctx;
	bool global = ELF64_ST_BIND(sym->st_info) != STB_LOCAL;
	unsigned type = ELF64_ST_TYPE(sym->st_info);
	uint32_t id;

	if (sym->st_shndx == SHN_UNDEF || type == STT_TLS || type == STT_SECTION ||
	    type == STT_FILE || sym->st_name >= w->table_len ||
	    !intern_find(&w->names, w->table + sym->st_name, &id))
		return;
	struct found *f = &w->found[id];
	if (f->known && f->address == sym->st_value)
		return;
	if (f->known && f->global && !global)
		return;
	f->ambiguous = f->known && f->global == global;
	f->known = true;
	f->global = global;
	f->address = sym->st_value;
}

static int read_symbols(struct elf_reader *r, const Elf64_Shdr *h, struct wanted *w)
{
	Elf64_Shdr strings;

	if (h->sh_link >= r->shnum)
		return elf_refuse(r, "a symbol table without a string table");
	int err = elf_read_shdr(r, h->sh_link, &strings);
	if (err)
		return err;
	if (strings.sh_type != SHT_STRTAB || strings.sh_size > ELF_TABLE_MAX ||
	    !elf_in_file(r, strings.sh_offset, strings.sh_size))
		return elf_refuse(r, "a symbol table is beyond the end of the file");
	_cleanup_free_ char *names = malloc(strings.sh_size + 1);
	if (!names)
		return elf_refuse(r, "out of memory");
	names[strings.sh_size] = '\0';
	w->table = names;
	w->table_len = strings.sh_size;
	err = elf_read_at(r, strings.sh_offset, names, strings.sh_size);
	if (!err)
		err = elf_each_symbol(r, h, offer_symbol, w);
	w->table = NULL;
	return err;
}

static void settle_symbol(struct notes *n, struct wanted *w, struct usdt_arg *arg)
{
	uint32_t id;

	if (!arg->symbol || !intern_find(&w->names, arg->symbol, &id))
		return;
	const struct found *f = &w->found[id];
	if (!f->known || f->ambiguous) {
		arg->unreadable = arena_printf(n->arena,
					       f->known ? "several symbols are called '%s'"
							: "the file has no symbol '%s'",
					       arg->symbol);
		return;
	}
	arg->offset = (int64_t)((uint64_t)arg->offset + f->address);
	arg->symbol = NULL;
}

static int resolve_symbols(struct notes *n)
{
	_cleanup_(wanted_release) struct wanted w = {0};
	struct elf_reader *r = &n->reader;
	int err = 0;

	for (size_t i = 0; i < n->out->specs.len; i++)
		for (size_t k = 0; k < n->out->specs.data[i]->args.len; k++)
			if (n->out->specs.data[i]->args.data[k].symbol)
				intern_id(&w.names, n->out->specs.data[i]->args.data[k].symbol);
	if (!w.names.len)
		return 0;
	w.found = calloc(w.names.len, sizeof(*w.found));
	if (!w.found)
		return elf_refuse(r, "out of memory");
	bool seen[2] = {false, false}; // a file has one of each
	for (uint64_t i = 1; !err && i < r->shnum; i++) {
		Elf64_Shdr h;
		err = elf_read_shdr(r, i, &h);
		if (err || (h.sh_type != SHT_SYMTAB && h.sh_type != SHT_DYNSYM) ||
		    seen[h.sh_type == SHT_DYNSYM])
			continue;
		seen[h.sh_type == SHT_DYNSYM] = true;
		err = read_symbols(r, &h, &w);
	}
	for (size_t i = 0; !err && i < n->out->specs.len; i++)
		for (size_t k = 0; k < n->out->specs.data[i]->args.len; k++)
			settle_symbol(n, &w, &n->out->specs.data[i]->args.data[k]);
	return err;
}

// ---- the file ----------------------------------------------------------------------------------

static int compare_sites(const void *pa, const void *pb)
{
	const struct usdt_site *a = pa, *b = pb;
	int order = strcmp(a->provider, b->provider);

	if (!order)
		order = strcmp(a->name, b->name);
	if (order)
		return order;
	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	return strcmp(a->spec->text, b->spec->text);
}

static void sort_sites(struct usdt_file *f)
{
	size_t kept = 0;

	if (f->sites.len)
		qsort(f->sites.data, f->sites.len, sizeof(*f->sites.data), compare_sites);
	for (size_t i = 0; i < f->sites.len; i++)
		if (!kept || compare_sites(&f->sites.data[kept - 1], &f->sites.data[i]))
			f->sites.data[kept++] = f->sites.data[i];
	f->sites.len = kept;
}

int usdt_open(struct arena *a, const char *path, struct usdt_file *out, const char **reason)
{
	_cleanup_(notes_release) struct notes n = {.arena = a, .out = out, .reader.fd = -1};
	Elf64_Shdr notes = {0}, base = {0};

	*out = (struct usdt_file){.path = arena_strdup(a, path)};
	int err = elf_reader_open(&n.reader, path, reason);
	if (!err)
		err = find_sections(&n.reader, &notes, &base);
	if (err || notes.sh_type != SHT_NOTE)
		return err;
	out->machine = n.reader.eh.e_machine;
	n.base = base.sh_addr;
	err = elf_read_segments(&n.reader, PF_X, &n.code);
	if (!err)
		err = elf_read_segments(&n.reader, PF_W, &n.data);
	if (!err)
		err = read_notes(&n, &notes);
	if (!err)
		err = resolve_symbols(&n);
	sort_sites(out);
	return err;
}
