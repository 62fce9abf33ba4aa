// expand_user.c: uprobe, uretprobe and session:PATH:... -> files and functions.
//
// Enters: PATH:FUNCTION, PATH:GLOB, PATH:FUNCTION+OFFSET, PATH:ADDRESS, PATH:cpp:NAME,
// PATH@SOURCE:LINE[:COLUMN]; with -p the path may be left out. Leaves: one target per place in a
// file. Refuses: files that are missing, no ELF files or broken; places outside executable
// segments.
//
// Matches are first collected, then sorted by place: what lies at one place is one target,
// named by its most official symbol; the others are recorded as its aliases.
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "sema/expand_user.h"
#include "sys/demangle.h"
#include "sys/insn.h"

// ---- reading the parts -------------------------------------------------------------------

void user_fail(struct user_expansion *ux, struct point *p, const char *tag, const char *text)
{
	diag_error(&ux->x->c->diag, p->ap->span, tag, "%s", text);
	p->failed = true;
}

// A miss is not an error yet: see settle_missing in expand.c.
static void miss(struct user_expansion *ux, const struct request *r, const char *path,
		 const char *function, const char *nearest)
{
	struct point *p = r->point;

	if (r->path)
		path = path_shown(ux->x->arena, r->path, path);
	p->missing = arena_printf(ux->x->arena, "No matches for %s %s:%s.",
				  probe_type_name(p->type), path, function);
	if (p->hint)
		return; // why it was set aside
	if (nearest && !strcmp(nearest, function))
		p->hint = "a negated glob of the same block takes it away";
	else if (nearest)
		p->hint = arena_printf(ux->x->arena, "did you mean '%s'?", nearest);
}

// "name+0x10": cuts the name, reads the offset.
static bool read_offset(struct user_expansion *ux, struct request *r)
{
	const char *plus = strrchr(r->function, '+');
	struct point *p = r->point;

	if (!plus || r->language) // C++ names have operators
		return true;
	if (!expand_number(plus + 1, &r->func_offset)) {
		user_fail(ux, p, "bad-offset",
			  arena_printf(ux->x->arena, "Invalid offset: %s", plus + 1));
		return false;
	}
	r->function = arena_strndup(ux->x->arena, r->function, (size_t)(plus - r->function));
	r->is_glob = glob_has_wildcard(r->function);
	if (r->func_offset && p->type != PROBE_UPROBE) {
		user_fail(ux, p, "bad-offset", "Offset not allowed");
		diag_hint(&ux->x->c->diag, "%s probes start at a function's entry",
			  probe_type_name(p->type));
		return false;
	}
	return true;
}

static bool read_function(struct user_expansion *ux, struct request *r, const char *text)
{
	if (!*text) {
		user_fail(ux, r->point, "no-function",
			  arena_printf(ux->x->arena,
				       "%s should be attached to a function or an address",
				       probe_type_name(r->point->type)));
		return false;
	}
	if (isdigit((unsigned char)*text) && expand_number(text, &r->address))
		return true;
	r->function = text;
	// C++ names are looked for in all that there are.
	r->is_glob = glob_has_wildcard(text) || r->language;
	return read_offset(ux, r);
}

static bool read_language(struct user_expansion *ux, struct request *r, const char *text)
{
	r->language = text;
	if (!strcmp(text, "cpp"))
		return true;
	user_fail(ux, r->point, "bad-language",
		  arena_printf(ux->x->arena, "unsupported language type: %s", text));
	return false;
}

static struct request *read_request(struct user_expansion *ux, struct point *p)
{
	struct request *r = arena_new(ux->x->arena, struct request);
	size_t n = p->part_count;

	r->point = p;
	if (user_is_source(p))
		return user_read_source(ux, r) ? r : NULL;
	if (n == 1 && ux->x->c->options->pid <= 0) {
		user_fail(ux, p, "attach-point-parts",
			  arena_printf(ux->x->arena,
				       "%s probe type requires 2 or 3 arguments, found %zu",
				       probe_type_name(p->type), n));
		diag_hint(&ux->x->c->diag, "with -p PID the file may be left out");
		return NULL;
	}
	if (n > 1)
		r->path = p->parts[0];
	if (n == 3 && !read_language(ux, r, p->parts[1]))
		return NULL;
	return read_function(ux, r, p->parts[n - 1]) ? r : NULL;
}

// ---- names of targets --------------------------------------------------------------------

static const char *probe_text(struct user_expansion *ux, const struct request *r, const char *path,
			      const char *function)
{
	struct arena *a = ux->x->arena;
	const char *type = probe_type_name(ux->unit->type);

	if (r->path)
		path = path_shown(a, r->path, path);
	if (!r->function)
		return arena_printf(a, "%s:%s:%llu", type, path, (unsigned long long)r->address);
	const char *name = arena_printf(a, "%s:%s:%s%s%s", type, path, r->language ? "cpp" : "",
					r->language ? ":" : "", function);
	if (!r->func_offset)
		return name;
	return arena_printf(a, "%s+%llu", name, (unsigned long long)r->func_offset);
}

// ---- collecting matches --------------------------------------------------------------------

static bool name_matches(const struct request *r, const char *function)
{
	return r->language ? demangled_matches(r->function, function)
			   : glob_matches(r->function, function);
}

static bool is_negated(const struct user_expansion *ux, const struct request *r, const char *path,
		       const char *function)
{
	for (size_t i = 0; i < ux->negated.len; i++) {
		const struct request *n = ux->negated.data[i];
		bool same_path = !n->path || !r->path || !strcmp(n->path, r->path) ||
				 glob_matches(n->path, path);
		if (same_path && n->function && name_matches(n, function))
			return true;
	}
	return false;
}

static void add_candidate(struct user_expansion *ux, struct user_file *f,
			  const struct elf_func *func, uint64_t offset, const struct request *r)
{
	struct candidate c = {.file = f,
			      .file_order = intern_id(&ux->order, f->path),
			      .func = func,
			      .offset = offset,
			      .request = r,
			      .seq = (uint32_t)ux->found.len};

	arena_push(ux->x->arena, &ux->found, c);
	r->point->matches++;
}

static void set_aside(struct user_expansion *ux, const struct request *r, const char *path,
		      const char *function, const char *reason, bool duplicate)
{
	struct program *p = &ux->x->c->program;
	struct set_aside s = {.unit = ux->unit->id,
			      .what = probe_text(ux, r, path, function),
			      .reason = reason,
			      .duplicate = duplicate};

	arena_push(ux->x->arena, &p->set_asides, s);
	if (!duplicate)
		ux->unit->set_aside_count++;
}

// A breakpoint inside an instruction corrupts the program. NULL when `inside` bytes into the
// function one begins, or when --unsafe takes the risk.
static const char *middle_of_instruction(struct user_expansion *ux, const struct user_file *f,
					 const struct elf_func *fn, uint64_t inside)
{
	enum { FAR = 1 << 20, INSN_MAX = 16 };
	struct arena *a = ux->x->arena;

	if (!inside || ux->x->c->options->unsafe)
		return NULL;
	enum insn_boundary b = INSN_UNKNOWN;
	if (inside < FAR) {
		uint8_t *code = arena_alloc(a, inside + INSN_MAX);
		size_t len = elf_read_code(f->path, fn->offset, code, inside + INSN_MAX);
		b = insn_boundary(f->elf.machine, code, len, inside);
	}
	if (b == INSN_BOUNDARY)
		return NULL;
	return arena_printf(
	    a,
	    b == INSN_MIDDLE ? "Could not add %s into middle of instruction: %s:%s+%llu"
			     : "Could not determine instruction boundary for %s: %s:%s+%llu",
	    probe_type_name(ux->unit->type), f->path, fn->name, (unsigned long long)inside);
}

// At the entry point the stack holds argc and no return address: replacing that breaks the
// program.
static const char *no_return_reason(const struct user_expansion *ux, const struct elf_func *fn)
{
	enum probe_type t = ux->unit->type;

	if (!fn->is_entry || (t != PROBE_URETPROBE && t != PROBE_USESSION))
		return NULL;
	return "the program's entry point: nothing returns from it";
}

static void match_glob(struct user_expansion *ux, struct user_file *f, const struct request *r)
{
	user_file_complete(ux->x, f);
	for (size_t i = 0; i < f->elf.funcs.len; i++) {
		const struct elf_func *fn = &f->elf.funcs.data[i];
		if (!name_matches(r, fn->name) || is_negated(ux, r, f->path, fn->name))
			continue;
		if (fn->is_outside)
			set_aside(ux, r, f->path, fn->name, "not inside an executable segment",
				  false);
		else if (fn->is_ifunc)
			set_aside(ux, r, f->path, fn->name,
				  "an indirect function: the symbol is its resolver", false);
		else if (no_return_reason(ux, fn))
			set_aside(ux, r, f->path, fn->name, no_return_reason(ux, fn), false);
		else if (r->func_offset && (fn->size <= r->func_offset ||
					    middle_of_instruction(ux, f, fn, r->func_offset)))
			set_aside(ux, r, f->path, fn->name, "no instruction begins there", false);
		else
			add_candidate(ux, f, fn, fn->offset + r->func_offset, r);
	}
}

static bool check_boundary(struct user_expansion *ux, const struct user_file *f,
			   const struct elf_func *fn, const struct request *r, uint64_t inside)
{
	const char *problem = middle_of_instruction(ux, f, fn, inside);

	if (!problem)
		return true;
	user_fail(ux, r->point, "not-attachable", problem);
	diag_hint(&ux->x->c->diag, "--unsafe attaches there nevertheless, and may corrupt the "
				   "traced program");
	return false;
}

// The place of an exact name, or an error.
static bool check_place(struct user_expansion *ux, const struct user_file *f,
			const struct elf_func *fn, const struct request *r)
{
	struct arena *a = ux->x->arena;

	if (fn->is_outside) {
		user_fail(ux, r->point, "not-attachable",
			  arena_printf(a, "'%s' in %s is not inside an executable segment",
				       fn->name, f->path));
		return false;
	}
	if (r->func_offset && fn->size && r->func_offset >= fn->size) {
		user_fail(ux, r->point, "bad-offset",
			  arena_printf(a, "Offset outside the function bounds ('%s' size is %llu)",
				       fn->name, (unsigned long long)fn->size));
		return false;
	}
	return check_boundary(ux, f, fn, r, r->func_offset);
}

static void match_exact(struct user_expansion *ux, struct user_file *f, const struct request *r)
{
	const struct elf_func *const *found;
	size_t n = user_file_find(ux->x, f, r->function, &found);

	for (size_t i = 0; i < n && !r->point->failed; i++) {
		const struct elf_func *fn = found[i];
		const char *reason = no_return_reason(ux, fn);
		if (is_negated(ux, r, f->path, fn->name))
			continue;
		if (reason) {
			set_aside(ux, r, f->path, fn->name, reason, false);
			r->point->hint = reason;
		} else if (check_place(ux, f, fn, r)) {
			add_candidate(ux, f, fn, fn->offset + r->func_offset, r);
		}
	}
}

void user_match_address(struct user_expansion *ux, struct user_file *f, const struct request *r)
{
	uint64_t offset;
	const char *reason;

	if (!elf_offset_of(f->path, r->address, &offset, &reason)) {
		user_fail(
		    ux, r->point, "not-attachable",
		    arena_printf(ux->x->arena, "Could not resolve address: %s:0x%llx",
				 r->path ? path_shown(ux->x->arena, r->path, f->path) : f->path,
				 (unsigned long long)r->address));
		diag_hint(&ux->x->c->diag, "%s", reason);
		return;
	}
	const struct elf_func *fn = user_file_at(ux->x, f, offset);
	// A return probe takes what is on the stack at its address for the return address.
	if (fn && offset != fn->offset && r->point->type != PROBE_UPROBE) {
		user_fail(ux, r->point, "not-attachable",
			  arena_printf(ux->x->arena,
				       "address 0x%llx of %s is inside '%s', not at its entry",
				       (unsigned long long)r->address, f->path, fn->name));
		return;
	}
	if (!fn || check_boundary(ux, f, fn, r, offset - fn->offset))
		add_candidate(ux, f, fn, offset, r);
}

// ---- files -------------------------------------------------------------------------------

static void report_no_file(struct user_expansion *ux, const struct request *r)
{
	struct expansion *x = ux->x;

	user_fail(ux, r->point, "no-such-file",
		  arena_printf(x->arena, "%s target file '%s' does not exist or is not executable",
			       probe_type_name(r->point->type), r->path));
	if (!strchr(r->path, '/') && !access(r->path, F_OK))
		diag_hint(&x->c->diag, "did you mean './%s'?", r->path);
	else if (!strchr(r->path, '/'))
		diag_hint(&x->c->diag, "'%s' is neither in $PATH nor a library of this system",
			  r->path);
}

static void report_bad_file(struct user_expansion *ux, const struct user_file *f,
			    const struct request *r)
{
	const char *text = arena_printf(ux->x->arena, "cannot read %s: %s", f->path, f->reason);

	user_fail(ux, r->point, f->error == -ENOEXEC ? "bad-elf" : "no-such-file", text);
}

static bool requested_paths(struct user_expansion *ux, const struct request *r, path_vec *paths)
{
	struct expansion *x = ux->x;
	int pid = x->c->options->pid;

	if (r->path) {
		path_resolve_at(x->arena, x->root, r->path, pid, paths);
	} else {
		const char *exe = path_of_pid(x->arena, x->root, pid);
		if (!exe) {
			user_fail(ux, r->point, "no-such-process",
				  arena_printf(x->arena, "cannot see the program of process %d: %s",
					       pid, strerror(errno)));
			return false;
		}
		arena_push(x->arena, paths, exe);
	}
	if (!paths->len)
		report_no_file(ux, r);
	return paths->len > 0;
}

// Files that a glob happens to match and that are no programs are not worth a word; broken
// ones are.
static bool usable(struct user_expansion *ux, const struct user_file *f, const struct request *r)
{
	if (!f->error)
		return true;
	if (!r->path || !glob_has_wildcard(r->path))
		report_bad_file(ux, f, r);
	else if (f->error == -ENOEXEC && strcmp(f->reason, "not an ELF file"))
		set_aside(ux, r, f->path, r->function ? r->function : "", f->reason, false);
	return false;
}

static void match_file(struct user_expansion *ux, struct user_file *f, const struct request *r)
{
	if (r->source)
		user_match_line(ux, f, r);
	else if (!r->function)
		user_match_address(ux, f, r);
	else if (r->is_glob)
		match_glob(ux, f, r);
	else
		match_exact(ux, f, r);
}

static void run_request(struct user_expansion *ux, const struct request *r)
{
	path_vec paths = {0};
	const struct user_file *last = NULL;

	if (!requested_paths(ux, r, &paths))
		return;
	for (size_t i = 0; i < paths.len; i++) {
		struct user_file *f = user_file_get(ux->x, paths.data[i]);
		if (!usable(ux, f, r))
			continue;
		last = f;
		match_file(ux, f, r);
	}
	struct point *p = r->point;
	if (p->matches || p->failed)
		return;
	bool exact = r->function && !r->is_glob && last && paths.len == 1;
	miss(ux, r, paths.len == 1 ? paths.data[0] : r->path, r->function ? r->function : "",
	     exact ? user_file_nearest(last, r->function) : NULL);
	if (exact && last->elf.stripped && !p->hint)
		p->hint = "the file is stripped: only its dynamic symbols have names";
}

// ---- from matches to targets ----------------------------------------------------------------

// How official a name is: a global before a weak before a local one.
static int rank(const struct candidate *c)
{
	if (!c->func)
		return 3;
	return c->func->is_local ? 2 : c->func->is_weak ? 1 : 0;
}

static int compare_candidates(const void *pa, const void *pb)
{
	const struct candidate *a = pa, *b = pb;

	if (a->file_order != b->file_order)
		return a->file_order < b->file_order ? -1 : 1;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	return a->seq < b->seq ? -1 : 1;
}

static const char *candidate_name(const struct candidate *c)
{
	return c->func ? c->func->name : "";
}

// What `func` prints.
static const char *shown_name(struct user_expansion *ux, const char *symbol)
{
	char text[DEMANGLED_MAX];

	if (!ux->x->c->program.config.cpp_demangle || !demangle(symbol, text, sizeof(text)))
		return symbol;
	return arena_strdup(ux->x->arena, text);
}

static void add_target(struct user_expansion *ux, const struct candidate *c)
{
	const struct request *r = c->request;
	const char *probe = probe_text(ux, r, c->file->path, candidate_name(c));
	const char *name = candidate_name(c), *shown = shown_name(ux, name);
	struct target *t = program_add_target(&ux->x->c->program, ux->unit, shown, probe);

	t->span = r->point->ap->span;
	t->symbol = shown == name ? NULL : name;
	t->path = c->file->path;
	t->offset = c->offset;
	t->address = r->function ? c->func->address + r->func_offset : r->address;
	t->func_offset = c->func ? c->offset - c->func->offset : 0;
	t->is_line = r->source;
	t->size = c->func ? c->func->size : 0;
}

static void add_alias(struct user_expansion *ux, const struct candidate *c,
		      const struct candidate *kept)
{
	if (!strcmp(candidate_name(c), candidate_name(kept)))
		return; // the same name twice
	set_aside(ux, c->request, c->file->path, candidate_name(c),
		  arena_printf(ux->x->arena, "same address as '%s'", candidate_name(kept)), true);
}

static void settle(struct user_expansion *ux)
{
	const struct candidate *kept = NULL;

	if (ux->found.len > 1)
		qsort(ux->found.data, ux->found.len, sizeof(*ux->found.data), compare_candidates);
	for (size_t i = 0; i < ux->found.len; i++) {
		const struct candidate *c = &ux->found.data[i];
		if (kept && kept->file_order == c->file_order && kept->offset == c->offset) {
			add_alias(ux, c, kept);
			continue;
		}
		add_target(ux, c);
		kept = c;
	}
}

// --check: nothing is looked up; one target stands for what would match.
static void make_up_target(struct user_expansion *ux, const struct request *r)
{
	const char *function = r->function ? r->function : "";
	const char *path = r->path ? r->path : "";
	struct target *t = program_add_target(&ux->x->c->program, ux->unit, function,
					      probe_text(ux, r, path, function));

	t->path = path;
	t->address = r->address;
	t->func_offset = r->func_offset;
	r->point->matches++;
}

void expand_user(struct expansion *x, struct unit *u, struct point **points, size_t count)
{
	struct user_expansion ux = {.x = x, .unit = u};

	for (size_t i = 0; i < count; i++) {
		struct request *r = read_request(&ux, points[i]);
		if (!r)
			continue;
		if (points[i]->ap->negated)
			arena_push(x->arena, &ux.negated, r);
		else
			arena_push(x->arena, &ux.requests, r);
	}
	if (ux.negated.len && !ux.requests.len)
		user_fail(&ux, points[0], "only-negated",
			  "a negated glob takes matches away from others: there are none");
	for (size_t i = 0; i < ux.requests.len; i++) {
		if (x->c->options->check_only)
			make_up_target(&ux, ux.requests.data[i]);
		else
			run_request(&ux, ux.requests.data[i]);
	}
	settle(&ux);
	intern_release(&ux.order);
}
