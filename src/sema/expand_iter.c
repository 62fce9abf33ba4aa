// expand_iter.c: iter:KIND[:PIN], a walk over all tasks, files, mappings ... of the kernel.
//
// Enters: attach points. Leaves: one target, with the function that the kernel checks the
// program by, and where its link is pinned. Refuses kinds that this kernel's BTF does not name,
// globs, and company: what an iterator prints is read like a file, to its end.
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "parser/parser.h"
#include "sema/expand.h"
#include "sema/kernel_btf.h"
#include "sys/cgroup.h"

#define FUNC_PREFIX "bpf_iter_"
#define CONTEXT_PREFIX "bpf_iter__"
#define PIN_ROOT "/sys/fs/bpf"

static void refuse(struct expansion *x, struct point *p, const char *tag, const char *text)
{
	diag_error(&x->c->diag, p->ap->span, tag, "%s", text);
	p->failed = true;
}

static void suggest(struct expansion *x, struct btf_file *btf, const char *kind)
{
	struct nearest n;
	struct btf_info t;

	nearest_init(&n, kind);
	for (uint32_t id = 1; btf && btf_get(btf, id, &t); id++)
		if (t.tag == BTF_TAG_STRUCT && str_starts_with(t.name, CONTEXT_PREFIX))
			nearest_offer(&n, t.name + strlen(CONTEXT_PREFIX));
	if (nearest_get(&n))
		diag_hint(&x->c->diag, "did you mean '%s'?", nearest_get(&n));
	else if (!btf)
		diag_hint(&x->c->diag,
			  "iterators are found in the kernel's BTF, which cannot be read");
}

// 0 after an error.
static uint32_t find_function(struct expansion *x, struct point *p)
{
	const char *kind = p->parts[0];
	struct btf_file *btf = kernel_btf_get(x->c, NULL, NULL);
	uint32_t id = 0;

	if (btf && btf_find(btf, BTF_TAG_STRUCT, arena_printf(x->arena, CONTEXT_PREFIX "%s", kind)))
		id = btf_find(btf, BTF_TAG_FUNC, arena_printf(x->arena, FUNC_PREFIX "%s", kind));
	if (id)
		return id;
	refuse(x, p, "no-match",
	       arena_printf(x->arena, "iter %s not available for your kernel version.", kind));
	suggest(x, btf, kind);
	return 0;
}

static const char *pin_path(struct expansion *x, const struct point *p)
{
	if (p->part_count < 2 || !*p->parts[1])
		return NULL;
	return *p->parts[1] == '/' ? p->parts[1]
				   : arena_printf(x->arena, PIN_ROOT "/%s", p->parts[1]);
}

// --cgroup: a walk over tasks leaves out those of other groups, first of all.
static struct expr *group_condition(struct expansion *x)
{
	const struct compile_options *o = x->c->options;
	struct ast *ast = arena_new(x->arena, struct ast);
	const char *text;
	uint64_t id;
	unsigned level;

	if (cgroup_place(o->cgroup_fd, &id, &level))
		return NULL;
	text = arena_printf(x->arena,
			    "iter:task /ctx.task.cgroups.dfl_cgrp.level >= %u && "
			    "ctx.task.cgroups.dfl_cgrp.ancestors[%u].kn.id == %llu/ { }",
			    level, level, (unsigned long long)id);
	if (!parse_source(x->arena, sources_add(&x->c->sources, "--cgroup", text, strlen(text)),
			  &x->c->diag, ast))
		bug("the condition of --cgroup: %s", text);
	return ast->probes.data[0]->predicate;
}

static void filter_group(struct expansion *x, struct unit *u)
{
	struct expr *condition, *both;

	if (!x->c->options->has_cgroup || !str_starts_with(u->iterator, "task"))
		return;
	condition = group_condition(x);
	if (condition && u->predicate) {
		both = arena_new(x->arena, struct expr);
		both->kind = EXPR_BINARY;
		both->span = u->predicate->span;
		both->depth = 1 + (u->predicate->depth > condition->depth ? u->predicate->depth
									   : condition->depth);
		both->u.binary.op = BIN_LAND;
		both->u.binary.op_span = u->predicate->span;
		both->u.binary.left = condition;
		both->u.binary.right = u->predicate;
		condition = both;
	}
	u->predicate = condition ? condition : u->predicate;
}

static void expand_point(struct expansion *x, struct unit *u, struct point *p)
{
	bool blind = x->c->options->check_only && !kernel_btf_get(x->c, NULL, NULL);

	if (glob_has_wildcard(p->parts[0])) {
		refuse(x, p, "bad-iterator", "iter probe type does not support wildcards");
		return;
	}
	u->attach_btf_id = blind ? 0 : find_function(x, p);
	if (p->failed)
		return;
	u->iterator = p->parts[0];
	u->pin = pin_path(x, p);
	filter_group(x, u);
	program_add_target(&x->c->program, u, "", arena_printf(x->arena, "iter:%s", p->parts[0]));
	p->matches++;
}

void expand_iter(struct expansion *x, struct unit *u, struct point **points, size_t count)
{
	for (size_t i = 1; i < count; i++)
		refuse(x, points[i], "bad-iterator", "iter probe only supports one attach point.");
	if (points[0]->ap->negated)
		refuse(x, points[0], "negated", "this probe cannot be negated");
	else if (x->c->ast.probes.len > 1)
		refuse(x, points[0], "bad-iterator",
		       "an iter probe must be the only probe of a script");
	else if (count == 1)
		expand_point(x, u, points[0]);
}
