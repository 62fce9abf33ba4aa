// expand_bpf.c: fentry:bpf[:ID]:GLOB and fexit -> functions of loaded BPF programs.
//
// Enters: a name or glob, with a program's id or without. Leaves: targets, each known by the
// program's id and the function's BTF id there. Refuses: ids that are no number.
//
// The kernel takes one program per function here, and decides itself which programs can be
// traced (not those that are trampolines' own): what it refuses is set aside when attaching.
#include <string.h>

#include "base/str.h"
#include "sema/expand.h"
#include "sema/expand_kernel.h"
#include "sys/bpf_progs.h"

bool point_is_bpf_program(const struct point *p)
{
	return (p->type == PROBE_FENTRY || p->type == PROBE_FEXIT) && p->part_count > 1 &&
	       !strcmp(p->parts[0], "bpf");
}

static const char *name_of(const struct point *p)
{
	return p->parts[p->part_count - 1];
}

static bool read_id(struct expansion *x, struct point *p, uint64_t *id)
{
	*id = 0; // any
	if (p->part_count < 3 || !strcmp(p->parts[1], "*"))
		return true;
	if (p->part_count == 3 && expand_number(p->parts[1], id) && *id && *id <= UINT32_MAX)
		return true;
	diag_error(&x->c->diag, p->ap->span, "bad-program-id", "Invalid BPF program id: %s",
		   p->parts[1]);
	diag_hint(&x->c->diag, "%s:bpf:ID:FUNCTION; `mtrace -l '%s:bpf:*'` lists them",
		  probe_type_name(p->type), probe_type_name(p->type));
	p->failed = true;
	return false;
}

static bool is_negated(struct expansion *x, struct point **points, size_t count,
		       const struct bpf_prog_func *f)
{
	uint64_t id;

	for (size_t i = 0; i < count; i++)
		if (points[i]->ap->negated && read_id(x, points[i], &id) &&
		    (!id || id == f->prog) && glob_matches(name_of(points[i]), f->name))
			return true;
	return false;
}

static bool is_known(const struct program *p, const struct unit *u, const struct bpf_prog_func *f)
{
	for (uint32_t i = 0; i < u->target_count; i++) {
		const struct target *t = p->targets.data[u->first_target + i];
		if (t->bpf_prog == f->prog && t->btf_id == f->btf_id)
			return true;
	}
	return false;
}

static void add(struct expansion *x, struct unit *u, const struct point *p,
		const struct bpf_prog_func *f)
{
	const char *probe =
	    arena_printf(x->arena, "%s:bpf:%u:%s", probe_type_name(u->type), f->prog, f->name);
	struct target *t = program_add_target(&x->c->program, u, f->name, probe);

	t->span = p->ap->span;
	t->bpf_prog = f->prog;
	t->btf_id = f->btf_id;
}

static void expand_point(struct expansion *x, struct unit *u, struct point **points, size_t count,
			 struct point *p)
{
	bpf_prog_funcs all = {0};
	const char *reason;
	uint64_t id;

	if (!read_id(x, p, &id))
		return;
	if (bpf_progs_read(x->arena, &all, &reason))
		p->hint = reason;
	for (size_t i = 0; i < all.len; i++) {
		const struct bpf_prog_func *f = &all.data[i];
		if ((id && id != f->prog) || !glob_matches(name_of(p), f->name) ||
		    is_negated(x, points, count, f))
			continue;
		p->matches++;
		if (!is_known(&x->c->program, u, f))
			add(x, u, p, f);
	}
	if (!p->matches)
		p->missing = arena_printf(x->arena, "No matches for %s %s.",
					  probe_type_name(p->type), p->ap->text);
}

void expand_bpf(struct expansion *x, struct unit *u, struct point **points, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct point *p = points[i];
		if (p->ap->negated)
			continue;
		if (x->c->options->check_only) {
			struct bpf_prog_func any = {.prog = 1, .btf_id = 1, .name = name_of(p)};
			p->matches++;
			add(x, u, p, &any);
		} else {
			expand_point(x, u, points, count, p);
		}
	}
}
