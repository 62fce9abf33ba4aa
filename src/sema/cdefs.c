// cdefs: what the script's C means to the rest of sema. See cdefs.h. A macro's text is parsed as
// an expression of the script where it is used, as bpftrace does: `#define TASK curtask->pid` is
// one, `#define P __attribute__((packed))` is refused, but only when the script uses it.
#include "sema/cdefs.h"

#include <stdarg.h>
#include <string.h>

#include "base/str.h"
#include "parser/parser.h"
#include "sema/btf_type.h"
#include "sema/c_clang.h"
#include "sema/cdefs_private.h"
#include "sema/kernel_btf.h"
#include "sema/sema.h"

// ---- tables ------------------------------------------------------------------------------

static struct c_entry *slot_of(const struct c_table *t, const char *name, size_t len)
{
	size_t i = str_hash(name, len) & (t->count - 1);

	while (t->slots[i].name &&
	       (strlen(t->slots[i].name) != len || memcmp(t->slots[i].name, name, len) != 0))
		i = (i + 1) & (t->count - 1);
	return &t->slots[i];
}

void *c_table_find(const struct c_table *t, const char *name, size_t len)
{
	return t->count ? slot_of(t, name, len)->value : NULL;
}

void *c_table_get(const struct c_table *t, const char *name)
{
	return c_table_find(t, name, strlen(name));
}

static void table_grow(struct arena *a, struct c_table *t)
{
	struct c_table old = *t;

	t->count = old.count ? old.count * 2 : 64;
	t->slots = arena_array(a, struct c_entry, t->count);
	for (size_t i = 0; i < old.count; i++)
		if (old.slots[i].name)
			*slot_of(t, old.slots[i].name, strlen(old.slots[i].name)) = old.slots[i];
}

void c_table_set(struct arena *a, struct c_table *t, const char *name, void *value)
{
	struct c_entry *e;

	if (2 * (t->used + 1) > t->count)
		table_grow(a, t);
	e = slot_of(t, name, strlen(name));
	t->used += !e->name;
	*e = (struct c_entry){name, value};
}

// ---- reporting ---------------------------------------------------------------------------

bool c_error(struct cdefs *d, const struct c_token *t, const char *tag, const char *fmt, ...)
{
	size_t before = d->c->diag.entries.len;
	va_list ap;
	const char *text;

	if (t->quiet)
		return false;
	va_start(ap, fmt);
	text = arena_vprintf(d->arena, fmt, ap);
	va_end(ap);
	diag_error(&d->c->diag, t->span, tag, "%s", text);
	return d->c->diag.entries.len > before;
}

bool c_has_btf(struct cdefs *d)
{
	return kernel_btf_get(d->c, NULL, NULL) != NULL;
}

// ---- types of the kernel, under names that the script mentions -------------------------------

static struct type *kernel_type(struct cdefs *d, const char *name)
{
	struct btf_source *s = btf_source_get(d->c, NULL, NULL);

	return s ? s->pub.find(&s->pub, name) : NULL;
}

// A tag that the script mentions and does not define.
static void complete(struct type_source *source, struct type *t)
{
	struct cdefs *d = (struct cdefs *)source;
	struct type *k = kernel_type(d, t->name);

	if (!k || k->kind != t->kind)
		return;
	type_complete(k);
	*t = *k;
}

static const struct type_field *find_like(const struct type *k, const struct type_field *f)
{
	const struct type_field *other = type_find_field(k, f->name);

	return other && other->offset + other->bit_offset / 8 == f->offset + f->bit_offset / 8
		   ? other
		   : NULL;
}

// The script's definition is the one that counts; where it lies differently, that is said.
static void compare_with_kernel(struct cdefs *d, const struct c_tag *tag)
{
	struct type *k = kernel_type(d, tag->type->name);

	if (!k || k->kind != TYPE_STRUCT)
		return;
	type_complete(k);
	for (size_t i = 0; i < tag->type->field_count; i++) {
		const struct type_field *f = &tag->type->fields[i];

		if (find_like(k, f))
			continue;
		diag_warn(&d->c->diag, tag->span, "kernel-type",
			  "'%s' is also a type of the kernel, where it has %s '%s' at byte %u; the "
			  "script's definition is used",
			  tag->type->name, type_find_field(k, f->name) ? "no" : "no member",
			  f->name, f->offset);
		diag_hint(&d->c->diag, "without the definition, the kernel's own is used");
		return;
	}
}

// ---- look-up -----------------------------------------------------------------------------

struct type *cdefs_find_type(struct compiler *c, const char *name)
{
	struct cdefs *d = c->cdefs;
	struct c_tag *tag;

	if (!d)
		return NULL;
	tag = c_table_get(&d->tags, name);
	if (!tag)
		tag = c_table_get(&d->typedefs, name);
	if (tag)
		return tag->defined ? tag->type : NULL;
	return d->clang ? c_clang_type(d->clang, name) : NULL;
}

struct type *cdefs_constant(struct compiler *c, const char *name, int64_t *value)
{
	struct c_constant *k = c->cdefs ? c_table_get(&c->cdefs->constants, name) : NULL;

	if (!k && c->cdefs && c->cdefs->clang)
		return c_clang_constant(c->cdefs->clang, name, value);
	if (!k)
		return NULL;
	*value = k->value;
	return k->type;
}

// Macros of headers are taken over when the script names them.
static struct c_macro *clang_macro(struct cdefs *d, const char *name)
{
	const char *text = d->clang ? c_clang_macro(d->clang, name) : NULL;

	if (text)
		c_define_text(d, text);
	return text ? c_table_get(&d->macros, name) : NULL;
}

static struct c_macro *usable_macro(struct compiler *c, const char *name)
{
	struct c_macro *m = c->cdefs ? c_table_get(&c->cdefs->macros, name) : NULL;

	if (!m && c->cdefs)
		m = clang_macro(c->cdefs, name);
	return m && !m->busy && !m->is_function && m->body.len ? m : NULL;
}

bool cdefs_is_macro(struct compiler *c, const char *name)
{
	return usable_macro(c, name) != NULL;
}

// ---- macros as expressions ---------------------------------------------------------------

static const char prefix[] = "begin{_=(";

// The script around the macro's text, placed so that spans point into the definition: what
// stands before the text ("#define X ") is at least as long as the prefix.
static bool wrap(struct cdefs *d, const struct c_macro *m, struct source *out)
{
	const struct source *src = sources_find(&d->c->sources, m->text.begin);
	size_t begin = m->text.begin - src->base, len = m->text.end - m->text.begin;
	char *text, *p;

	if (m->text.begin < sizeof(prefix) - 1)
		return false;
	text = arena_printf(d->arena, "%s%.*s);}", prefix, (int)len, src->text + begin);
	for (p = text; *p; p++) // continued lines
		if (*p == '\\' && (p[1] == '\n' || (p[1] == '\r' && p[2] == '\n')))
			*p = ' ';
	*out = (struct source){.name = m->name, .text = text, .len = strlen(text),
			       .base = m->text.begin - (uint32_t)(sizeof(prefix) - 1)};
	return true;
}

static struct expr *parse_body(struct cdefs *d, const struct c_macro *m)
{
	struct diag scratch = {.arena = d->arena, .sources = &d->c->sources};
	struct ast ast = {0};
	struct source src;
	struct block *b;

	if (!wrap(d, m, &src) || !parse_source(d->arena, &src, &scratch, &ast))
		return NULL;
	if (ast.probes.len != 1 || ast.c_items.len || !ast.probes.data[0]->body)
		return NULL;
	b = ast.probes.data[0]->body;
	if (b->stmts.len != 1 || b->stmts.data[0]->kind != STMT_DISCARD)
		return NULL;
	return b->stmts.data[0]->u.expr;
}

// Macros in macros: bounded in depth and in number.
static bool within_limits(const struct cdefs *d, const struct expr *value)
{
	return d->open_depth + value->depth < AST_MAX_DEPTH && d->open < C_MAX_DEPTH &&
	       d->expansions < C_MAX_EXPANSIONS;
}

bool cdefs_macro(struct compiler *c, struct cdefs_use *use)
{
	struct c_macro *m = usable_macro(c, use->name);
	struct cdefs *d = c->cdefs;
	const struct source *src;
	struct expr *value;

	if (!m)
		return false;
	value = d->expansions < C_MAX_EXPANSIONS ? parse_body(d, m) : NULL;
	if (value && within_limits(d, value)) {
		use->value = value;
		use->depth = value->depth;
		m->busy = true;
		d->open_depth += value->depth;
		d->open++;
		d->expansions++;
		return true;
	}
	src = sources_find(&c->sources, m->text.begin);
	use->defined = m->span;
	use->text = arena_strndup(&c->arena, src->text + (m->text.begin - src->base),
				  m->text.end - m->text.begin);
	use->problem = value || d->expansions >= C_MAX_EXPANSIONS
			   ? "too many macros within macros"
			   : "unable to expand macro as an expression";
	return true;
}

void cdefs_macro_done(struct compiler *c, const struct cdefs_use *use)
{
	struct c_macro *m = c_table_get(&c->cdefs->macros, use->name);

	m->busy = false;
	c->cdefs->open--;
	c->cdefs->open_depth -= use->depth;
}

// ---- the pass ----------------------------------------------------------------------------

// The own reader refused: C that libclang takes is right, and is libclang's from here on.
static bool read_by_clang(struct cdefs *d, const struct diag *before)
{
	d->clang_tried = true;
	d->clang = d->limited ? NULL : c_clang_open(d);
	if (!d->clang)
		return false;
	d->c->diag = *before;
	d->tags = d->typedefs = d->constants = (struct c_table){0};
	d->defined.len = 0;
	return true;
}

bool cdefs_deepen(struct compiler *c)
{
	struct cdefs *d = c->cdefs;

	if (!d || d->clang_tried || !d->has_headers)
		return false;
	d->clang_tried = true;
	d->clang = c_clang_open(d);
	return d->clang;
}

void cdefs_hint_missing(struct compiler *c)
{
	if (c->cdefs && c->cdefs->has_headers && !clang_api_get())
		diag_hint(&c->diag, "an included header may define it in a way that only libclang can "
				    "read: install the package " CLANG_PACKAGE);
}

void cdefs_release(struct compiler *c)
{
	if (c->cdefs)
		c_clang_close(c->cdefs->clang);
}

bool sema_cdefs(struct compiler *c)
{
	const struct diag before = c->diag;
	struct cdefs *d;
	c_token_vec tokens;

	if (!c->ast.c_items.len && !c->ast.c_imports.len && !(c->options && c->options->include_count))
		return true;
	d = arena_new(&c->arena, struct cdefs);
	d->c = c;
	d->arena = &c->arena;
	d->pub.complete = complete;
	d->pub.where = "the kernel's BTF";
	c->cdefs = d;
	tokens = c_preprocess(d);
	c_parse(d, &tokens);
	if (c->diag.error_count != before.error_count && !read_by_clang(d, &before))
		return false;
	for (size_t i = 0; i < d->defined.len; i++)
		compare_with_kernel(d, d->defined.data[i]);
	return c->diag.error_count == before.error_count;
}
