// cfi: the bytes of .eh_frame and .debug_frame to rows. Two kinds of entries: a CIE is what several
// functions have in common; an FDE is one function: a CIE, a range of addresses, and instructions
// that say how the rules change on the way through it. They are run once here, so that the program
// in the kernel has nothing to do but look up.
#include "sys/cfi.h"

#include <dwarf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "sys/cfi_bytes.h"

enum {
	REG_BP = 6, REG_SP = 7, REG_RA = 16, // DWARF's numbers
	SAVED_STATES = 16,		     // DW_CFA_remember_state, nested
	ADDRESS_SIZES = 8,	     // in a CIE of version 4: of addresses; of segments: none
	COMMON_BYTES_MAX = 256, // of instructions in a CIE: they are run again for each of its FDEs
};

// ---- entries -------------------------------------------------------------------------------

struct cie {
	const struct cfi_section *from;
	size_t at; // its offset; what follows is of this one
	bool known, broken;
	uint8_t encoding; // of addresses in FDEs
	bool is_signal, has_data;
	uint64_t code_align;
	int64_t data_align;
	struct bytes code; // instructions
};

struct fde {
	const struct cfi_section *from;
	uint64_t pc;
	size_t at, end; // of its bytes, which begin with where its CIE is
};

struct parser {
	const struct cfi_section *from; // what is read is of this one
	struct cie cie;			// the last one that was asked for
	struct fde *fdes;
	size_t count, room, limit;
	struct cfi_table *out;
};

static struct bytes bytes_of(const struct cfi_section *s)
{
	return (struct bytes){.base = s->data, .end = s->size};
}

// Moves over the length of an entry: its bytes. False at the end, or where nothing makes sense.
static bool next_entry(struct bytes *all, struct bytes *entry)
{
	uint64_t size = bytes_uint(all, 4);

	if (size == UINT32_MAX)
		size = bytes_uint(all, 8);
	if (all->failed || !size || size > bytes_left(all))
		return false;
	*entry = (struct bytes){.base = all->base, .at = all->at, .end = all->at + size};
	all->at += size;
	return true;
}

// Letters in their order: z (there is data), R, P, L, S. Of an unknown one the data cannot be
// read further, but it can be stepped over.
static void read_augmentation(struct bytes *b, const char *letters, struct cie *c, uint64_t address)
{
	struct bytes data;
	uint64_t size;

	if (*letters != 'z') {
		c->broken |= *letters;
		return;
	}
	c->has_data = true;
	size = bytes_uleb(b);
	if (b->failed || size > bytes_left(b)) {
		c->broken = true;
		return;
	}
	data = (struct bytes){.base = b->base, .at = b->at, .end = b->at + size};
	b->at += size;
	for (letters++; *letters && !data.failed; letters++) {
		if (*letters == 'R')
			c->encoding = (uint8_t)bytes_uint(&data, 1);
		else if (*letters == 'L')
			bytes_uint(&data, 1);
		else if (*letters == 'P')
			bytes_address(&data, (uint8_t)bytes_uint(&data, 1), address);
		else if (*letters == 'S')
			c->is_signal = true;
		else
			return;
	}
}

// What a CIE has where an FDE says which CIE is its own.
static uint32_t cie_mark(const struct cfi_section *s)
{
	return s->is_debug ? UINT32_MAX : 0;
}

static void read_cie(struct parser *p, size_t at)
{
	struct bytes from = bytes_of(p->from), b;
	struct cie *c = &p->cie;
	const char *letters;
	uint64_t version;

	*c = (struct cie){.from = p->from, .at = at, .known = true, .broken = true};
	from.at = at;
	if (!next_entry(&from, &b) || bytes_uint(&b, 4) != cie_mark(p->from))
		return; // no CIE
	version = bytes_uint(&b, 1);
	letters = bytes_string(&b);
	if (version == 4 && p->from->is_debug && bytes_uint(&b, 2) == ADDRESS_SIZES)
		version = 3;
	if (b.failed || (version != 1 && version != 3))
		return;
	c->code_align = bytes_uleb(&b);
	c->data_align = bytes_sleb(&b);
	uint64_t ra = version == 1 ? bytes_uint(&b, 1) : bytes_uleb(&b);
	c->broken = ra != REG_RA || c->code_align > 255;
	read_augmentation(&b, letters, c, p->from->address);
	c->broken |= b.failed || bytes_left(&b) > COMMON_BYTES_MAX;
	c->code = b;
}

static const struct cie *cie_at(struct parser *p, size_t at)
{
	if (!p->cie.known || p->cie.from != p->from || p->cie.at != at)
		read_cie(p, at);
	return p->cie.broken ? NULL : &p->cie;
}

// An FDE begins with where its CIE is: in .debug_frame its offset, in .eh_frame how far before that
// field. `b` stands behind it afterwards.
static const struct cie *cie_of(struct parser *p, struct bytes *b)
{
	size_t field = b->at;
	uint64_t back = bytes_uint(b, 4);

	if (p->from->is_debug)
		return b->failed || back >= p->from->size ? NULL : cie_at(p, back);
	return b->failed || !back || back > field ? NULL : cie_at(p, field - back);
}

static void add_fde(struct parser *p, struct bytes entry)
{
	struct fde f = {.from = p->from, .at = entry.at, .end = entry.end};
	const struct cie *c = cie_of(p, &entry);

	f.pc = c ? bytes_address(&entry, c->encoding, p->from->address) : 0;
	if (!c || entry.failed || f.pc > UINT32_MAX)
		return;
	if (p->count == p->room) {
		p->room = p->room ? 2 * p->room : 256;
		p->fdes = realloc(p->fdes, p->room * sizeof(*p->fdes));
		if (!p->fdes)
			bug("out of memory");
	}
	p->fdes[p->count++] = f;
}

// ---- rules ---------------------------------------------------------------------------------

struct state {
	enum cfi_rule rule;
	bool by_offset; // rule is SP or BP
	bool odd;	// something a row cannot say
	int64_t cfa, bp;
	bool ra_moved, ra_undefined; // not at CFA - 8; nowhere
};

struct machine {
	struct parser *parser;
	const struct cie *cie;
	uint64_t pc, end;
	struct state now, initial, saved[SAVED_STATES];
	unsigned depth;
	bool lost; // an instruction that is not known: nothing after it is
};

static struct cfi_row row_of(const struct machine *m)
{
	const struct state *s = &m->now;
	struct cfi_row r = {.pc = (uint32_t)m->pc, .rule = (uint8_t)s->rule};

	if (m->cie->is_signal) {
		r.rule = CFI_SIGNAL;
	} else if (m->lost || s->odd || (s->ra_moved && !s->ra_undefined)) {
		r.rule = CFI_NONE;
	} else if (s->ra_undefined) {
		r.rule = CFI_END;
	} else if (s->rule != CFI_NONE) {
		r.cfa = (int32_t)s->cfa;
		r.bp = (int16_t)s->bp;
		if (r.cfa != s->cfa || r.bp != s->bp)
			r.rule = CFI_NONE;
	}
	return r;
}

static bool same_rule(const struct cfi_row *a, const struct cfi_row *b)
{
	return a->rule == b->rule && a->cfa == b->cfa && a->bp == b->bp;
}

static void push_row(struct parser *p, struct cfi_row r)
{
	struct cfi_table *t = p->out;
	struct cfi_row *last = t->count ? &t->rows[t->count - 1] : NULL;

	if (last && last->pc > r.pc)
		return; // functions that overlap: the first has said it
	if (last && last->pc == r.pc) {
		*last = r;
		return;
	}
	if ((last && same_rule(last, &r)) || t->count > p->limit)
		return;
	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 1024;
		t->rows = realloc(t->rows, t->room * sizeof(*t->rows));
		if (!t->rows)
			bug("out of memory");
	}
	t->rows[t->count++] = r;
}

static void advance(struct machine *m, uint64_t by)
{
	if (!by)
		return;
	if (m->pc < m->end)
		push_row(m->parser, row_of(m));
	m->pc = by < m->end - m->pc ? m->pc + by : m->end;
}

static void define_cfa(struct state *s, uint64_t reg, int64_t offset)
{
	s->by_offset = true;
	s->rule = reg == REG_SP ? CFI_SP : reg == REG_BP ? CFI_BP : CFI_NONE;
	s->cfa = offset;
}

static void redefine_register(struct state *s, uint64_t reg)
{
	define_cfa(s, reg, s->by_offset ? s->cfa : 0);
}

static void redefine_offset(struct state *s, int64_t offset)
{
	s->cfa = offset;
}

static void saved_at(struct state *s, uint64_t reg, int64_t offset)
{
	if (reg == REG_BP)
		s->bp = offset;
	else if (reg == REG_RA)
		s->ra_moved = offset != -8;
}

// A register whose value in the caller is somewhere that a row has no word for.
static void saved_elsewhere(struct state *s, uint64_t reg)
{
	if (reg == REG_BP)
		s->odd = true;
	else if (reg == REG_RA)
		s->ra_moved = true;
}

static void restore(struct machine *m, uint64_t reg)
{
	if (reg == REG_BP)
		m->now.bp = m->initial.bp;
	else if (reg == REG_RA)
		m->now.ra_moved = m->now.ra_undefined = false;
}

// DW_OP_breg6 n; DW_OP_deref, and what linkers write for a PLT:
// breg7 8; breg16 0; lit15; and; lit11; ge; lit3; shl; plus
static void cfa_expression(struct state *s, struct bytes e)
{
	static const unsigned char plt[] = {DW_OP_breg7, 8, DW_OP_breg16, 0, DW_OP_lit15,
					    DW_OP_and, DW_OP_lit11, DW_OP_ge, DW_OP_lit3,
					    DW_OP_shl, DW_OP_plus};
	size_t size = bytes_left(&e);

	s->by_offset = false;
	s->rule = CFI_NONE;
	if (size == sizeof(plt) && !memcmp(e.base + e.at, plt, size)) {
		s->rule = CFI_PLT;
		s->cfa = 0;
	} else if (bytes_uint(&e, 1) == DW_OP_breg6) {
		s->cfa = bytes_sleb(&e);
		if (bytes_uint(&e, 1) == DW_OP_deref && !e.failed && !bytes_left(&e))
			s->rule = CFI_BP_DEREF;
	}
}

// DW_OP_breg6 0: where a function that aligns its stack has put bp.
static void register_expression(struct state *s, uint64_t reg, struct bytes e)
{
	bool at_bp = bytes_uint(&e, 1) == DW_OP_breg6 && !bytes_sleb(&e) && !e.failed &&
		     !bytes_left(&e);

	if (reg == REG_BP && at_bp)
		s->bp = CFI_BP_AT_BP;
	else
		saved_elsewhere(s, reg);
}

// ---- instructions --------------------------------------------------------------------------

static struct bytes block(struct bytes *b)
{
	uint64_t size = bytes_uleb(b);
	struct bytes inside = {.base = b->base, .at = b->at};

	if (b->failed || size > bytes_left(b)) {
		b->failed = true;
		size = 0;
	}
	inside.end = inside.at + size;
	b->at += size;
	return inside;
}

static void remember(struct machine *m)
{
	if (m->depth < SAVED_STATES)
		m->saved[m->depth++] = m->now;
	else
		m->lost = true;
}

static void recall(struct machine *m)
{
	if (m->depth)
		m->now = m->saved[--m->depth];
	else
		m->lost = true;
}

static void run_location(struct machine *m, unsigned op, struct bytes *b)
{
	uint64_t to;

	switch (op) {
	case DW_CFA_set_loc:
		to = bytes_address(b, m->cie->encoding, m->parser->from->address);
		advance(m, to > m->pc ? to - m->pc : 0);
		break;
	case DW_CFA_advance_loc1:
		advance(m, bytes_uint(b, 1) * m->cie->code_align);
		break;
	case DW_CFA_advance_loc2:
		advance(m, bytes_uint(b, 2) * m->cie->code_align);
		break;
	default:
		advance(m, bytes_uint(b, 4) * m->cie->code_align);
		break;
	}
}

// Of the CFA.
static bool run_cfa(struct machine *m, unsigned op, struct bytes *b)
{
	struct state *s = &m->now;
	uint64_t reg;

	switch (op) {
	case DW_CFA_def_cfa:
		reg = bytes_uleb(b);
		define_cfa(s, reg, (int64_t)bytes_uleb(b));
		break;
	case DW_CFA_def_cfa_sf:
		reg = bytes_uleb(b);
		define_cfa(s, reg, wrapped_product(bytes_sleb(b), m->cie->data_align));
		break;
	case DW_CFA_def_cfa_register:
		redefine_register(s, bytes_uleb(b));
		break;
	case DW_CFA_def_cfa_offset:
		redefine_offset(s, (int64_t)bytes_uleb(b));
		break;
	case DW_CFA_def_cfa_offset_sf:
		redefine_offset(s, wrapped_product(bytes_sleb(b), m->cie->data_align));
		break;
	case DW_CFA_def_cfa_expression:
		cfa_expression(s, block(b));
		break;
	default:
		return false;
	}
	return true;
}

// Of a register.
static bool run_register(struct machine *m, unsigned op, struct bytes *b)
{
	uint64_t reg = bytes_uleb(b);

	switch (op) {
	case DW_CFA_offset_extended:
		saved_at(&m->now, reg,
			 wrapped_product((int64_t)bytes_uleb(b), m->cie->data_align));
		break;
	case DW_CFA_offset_extended_sf:
		saved_at(&m->now, reg, wrapped_product(bytes_sleb(b), m->cie->data_align));
		break;
	case DW_CFA_restore_extended:
		restore(m, reg);
		break;
	case DW_CFA_undefined:
		m->now.ra_undefined |= reg == REG_RA;
		break;
	case DW_CFA_same_value:
		if (reg == REG_BP)
			m->now.bp = CFI_BP_SAME;
		break;
	case DW_CFA_register:
	case DW_CFA_val_offset:
	case DW_CFA_val_offset_sf:
		bytes_uleb(b);
		saved_elsewhere(&m->now, reg);
		break;
	case DW_CFA_expression:
		register_expression(&m->now, reg, block(b));
		break;
	case DW_CFA_val_expression:
		block(b);
		saved_elsewhere(&m->now, reg);
		break;
	default:
		return false;
	}
	return true;
}

static void run_one(struct machine *m, struct bytes *b)
{
	unsigned op = (unsigned)bytes_uint(b, 1), low = op & 0x3f;

	switch (op & 0xc0) {
	case DW_CFA_advance_loc:
		advance(m, low * m->cie->code_align);
		return;
	case DW_CFA_offset:
		saved_at(&m->now, low,
			 wrapped_product((int64_t)bytes_uleb(b), m->cie->data_align));
		return;
	case DW_CFA_restore:
		restore(m, low);
		return;
	default:
		break;
	}
	if (op == DW_CFA_nop)
		return;
	if (op == DW_CFA_GNU_args_size)
		bytes_uleb(b);
	else if (op == DW_CFA_remember_state)
		remember(m);
	else if (op == DW_CFA_restore_state)
		recall(m);
	else if (op >= DW_CFA_set_loc && op <= DW_CFA_advance_loc4)
		run_location(m, op, b);
	else
		m->lost |= !run_cfa(m, op, b) && !run_register(m, op, b);
}

static void run(struct machine *m, struct bytes code)
{
	while (code.at < code.end && !m->lost && !code.failed)
		run_one(m, &code);
	m->lost |= code.failed;
}

static void run_fde(struct parser *p, const struct fde *f)
{
	struct bytes b = {.base = f->from->data, .at = f->at, .end = f->end};
	struct machine m = {.parser = p, .pc = f->pc};
	uint64_t size;

	p->from = f->from;
	m.cie = cie_of(p, &b);
	bytes_address(&b, m.cie->encoding, p->from->address);
	size = bytes_uint(&b, encoded_size(m.cie->encoding));
	if (m.cie->has_data)
		block(&b);
	if (b.failed || !size || size > UINT32_MAX - f->pc)
		return;
	m.end = f->pc + size;
	run(&m, m.cie->code);
	m.pc = f->pc; // a CIE has no locations
	m.initial = m.now;
	run(&m, b);
	if (m.pc < m.end)
		push_row(p, row_of(&m));
	push_row(p, (struct cfi_row){.pc = (uint32_t)m.end, .rule = CFI_NONE});
}

// ---- the whole -----------------------------------------------------------------------------

static int compare_fdes(const void *pa, const void *pb)
{
	const struct fde *a = pa, *b = pb;

	if (a->pc != b->pc)
		return a->pc < b->pc ? -1 : 1;
	return a->from < b->from ? -1 : a->from > b->from;
}

static void add_section(struct parser *p, const struct cfi_section *s)
{
	struct bytes all = bytes_of(s), entry;

	p->from = s;
	while (next_entry(&all, &entry))
		add_fde(p, entry);
}

int cfi_parse(const struct cfi_section *sections, size_t count, size_t limit, struct cfi_table *out)
{
	struct parser p = {.limit = limit, .out = out};

	for (size_t i = 0; i < count; i++)
		add_section(&p, &sections[i]);
	if (p.count)
		qsort(p.fdes, p.count, sizeof(*p.fdes), compare_fdes);
	for (size_t i = 0; i < p.count && out->count <= limit; i++)
		run_fde(&p, &p.fdes[i]);
	free(p.fdes);
	return out->count > limit ? -EFBIG : 0;
}

void cfi_release(struct cfi_table *t)
{
	free(t->rows);
	free(t->segments);
	*t = (struct cfi_table){0};
}
