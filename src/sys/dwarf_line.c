// dwarf_line.c: where the code of a source line begins.
//
// Enters: a file name, whole or its last parts, and a line. Leaves: addresses, each once. Refuses
// tables of more than ROWS_MAX rows.
#include <stdlib.h>
#include <string.h>

#include "sys/dwarf_file.h"

enum { ROWS_MAX = 1 << 24 };

struct line_search {
	const char *file;
	size_t file_len;
	unsigned line, column;
	const char *last_name; // the last name seen, and whether it matched
	bool last_matched;
	unsigned nearest;
	uint64_t *found;
	size_t count, cap;
};

// "src/a.c" is "/home/x/src/a.c".
static bool is_file(struct line_search *s, const char *name)
{
	if (name == s->last_name)
		return s->last_matched;
	size_t n = strlen(name);
	s->last_name = name;
	s->last_matched = n >= s->file_len && !strcmp(name + n - s->file_len, s->file) &&
			  (n == s->file_len || name[n - s->file_len - 1] == '/');
	return s->last_matched;
}

static void see_row(struct line_search *s, Dwarf_Line *row)
{
	bool begins, ends;
	int line, column = 0;
	Dwarf_Addr address;
	const char *name = dwarf_linesrc(row, NULL, NULL);

	if (!name || !is_file(s, name) || dwarf_linebeginstatement(row, &begins) || !begins ||
	    dwarf_lineendsequence(row, &ends) || ends || dwarf_lineno(row, &line) ||
	    dwarf_lineaddr(row, &address))
		return;
	if (line > (int)s->line && (!s->nearest || (unsigned)line < s->nearest))
		s->nearest = (unsigned)line;
	if (line != (int)s->line ||
	    (s->column && (dwarf_linecol(row, &column) || column != (int)s->column)))
		return;
	s->found = debug_grow(s->found, s->count, &s->cap, sizeof(*s->found));
	s->found[s->count++] = address;
}

static void search_lines(struct debug_unit *u, struct line_search *s)
{
	Dwarf_Lines *rows;
	size_t count;

	if (dwarf_getsrclines(&u->die, &rows, &count) || count > ROWS_MAX)
		return;
	for (size_t i = 0; i < count; i++)
		see_row(s, dwarf_onesrcline(rows, i));
}

static int compare_addresses(const void *pa, const void *pb)
{
	const uint64_t *a = pa, *b = pb;

	return *a < *b ? -1 : *a > *b;
}

bool debug_each_line(struct debug_file *f, const char *file, unsigned line, unsigned column,
		     unsigned *nearest, bool (*visit)(void *ctx, uint64_t address), void *ctx)
{
	struct line_search s = {
	    .file = file, .file_len = strlen(file), .line = line, .column = column};

	debug_units_load(f);
	for (size_t i = 0; i < f->unit_count; i++)
		search_lines(&f->units[i], &s);
	*nearest = s.nearest;
	if (s.count > 1)
		qsort(s.found, s.count, sizeof(*s.found), compare_addresses);
	for (size_t i = 0; i < s.count; i++)
		if ((!i || s.found[i] != s.found[i - 1]) && !visit(ctx, s.found[i]))
			break;
	bool any = s.count;
	free(s.found);
	return any;
}
