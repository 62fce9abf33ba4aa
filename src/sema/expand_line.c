// expand_line.c: uprobe:PATH@SOURCE:LINE[:COLUMN] -> addresses, by the line table.
//
// Enters: attach points with an @ in their path. Leaves: the first place of the line in each
// function that has code of it. Refuses: probes that are about returns, lines without code.
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "sema/dwarf_type.h"
#include "sema/expand_user.h"

// PATH@SOURCE:LINE, unless there is a file of that whole name.
bool user_is_source(const struct point *p)
{
	uint64_t line;

	return p->part_count > 1 && strchr(p->parts[0], '@') && expand_number(p->parts[1], &line) &&
	       access(p->parts[0], F_OK) != 0;
}

bool user_read_source(struct user_expansion *ux, struct request *r)
{
	struct point *p = r->point;
	const char *at = strrchr(p->parts[0], '@');

	r->path = arena_strndup(ux->x->arena, p->parts[0], (size_t)(at - p->parts[0]));
	r->source = at + 1;
	if (p->type != PROBE_UPROBE) {
		user_fail(ux, p, "bad-offset", "Source code location not allowed");
		diag_hint(&ux->x->c->diag, "%s probes start at a function's entry",
			  probe_type_name(p->type));
		return false;
	}
	if (*r->source && expand_number(p->parts[1], &r->line) && r->line <= INT_MAX &&
	    (p->part_count == 2 || expand_number(p->parts[2], &r->column)))
		return true;
	user_fail(ux, p, "bad-offset", "A source location is file:line or file:line:column");
	return false;
}

struct line_match {
	struct user_expansion *ux;
	struct user_file *file;
	const struct request *request;
	const struct elf_func *last; // one place in each function
};

static bool match_line_address(void *ctx, uint64_t address)
{
	struct line_match *m = ctx;
	struct request *r;
	const struct elf_func *fn;
	const char *reason;
	uint64_t offset;

	if (!elf_offset_of(m->file->path, address, &offset, &reason))
		return true;
	fn = user_file_at(m->ux->x, m->file, offset);
	if (fn && fn == m->last)
		return true;
	m->last = fn;
	r = arena_new(m->ux->x->arena, struct request);
	*r = *m->request;
	r->address = address;
	user_match_address(m->ux, m->file, r);
	return !r->point->failed;
}

void user_match_line(struct user_expansion *ux, struct user_file *f, const struct request *r)
{
	struct dwarf_source *s = dwarf_source_get(ux->x->c, f->path);
	struct line_match m = {.ux = ux, .file = f, .request = r};
	struct arena *a = ux->x->arena;
	unsigned nearest = 0;

	if (!s->file) {
		user_fail(ux, r->point, "no-match", arena_printf(a, "%s %s", f->path, s->reason));
		return;
	}
	if (debug_each_line(s->file, r->source, (unsigned)r->line, (unsigned)r->column, &nearest,
			    match_line_address, &m))
		return;
	user_fail(ux, r->point, "no-match",
		  arena_printf(a, "Unable to map '%s:%llu' to an address in %s", r->source,
			       (unsigned long long)r->line, f->path));
	if (nearest && nearest != r->line)
		diag_hint(&ux->x->c->diag, "the next line with code is %u", nearest);
	else if (!nearest)
		diag_hint(&ux->x->c->diag, "is '%s' the name of a source file of the program?",
			  r->source);
}
