// c_struct: struct, union and enum with their members. The keyword is at the cursor; the type
// leaves, and its tag and constants are in cdefs. A tag that is only mentioned is completed from
// the kernel's BTF when something needs its members. Refuses redefinitions, members of types
// that are not complete, and bitfields wider than their type.
#include <string.h>

#include "sema/btf_type.h"
#include "sema/c_parse.h"

// ---- tags --------------------------------------------------------------------------------

static struct type *new_tagged(struct cdefs *d, const char *name, const char *keyword)
{
	bool is_enum = strcmp(keyword, "enum") == 0;
	struct type *t = type_make(d->arena, is_enum ? TYPE_ENUM : TYPE_STRUCT, is_enum ? 4 : 0,
				   is_enum ? 4 : 1);

	t->name = name ? name : arena_printf(d->arena, "%s <anonymous>", keyword);
	t->is_union = strcmp(keyword, "union") == 0;
	if (name) { // may become the kernel's
		t->incomplete = true;
		t->source = &d->pub;
	} else {
		t->source_id = ++d->anonymous;
	}
	return t;
}

static struct c_tag *tag_of(struct c_parser *p, const struct c_token *keyword,
			    const struct c_token *name)
{
	struct cdefs *d = p->d;
	const char *kind = c_token_name(d->arena, keyword), *full;
	struct c_tag *tag;

	if (name->kind != C_NAME) {
		tag = arena_new(d->arena, struct c_tag);
		tag->type = new_tagged(d, NULL, kind);
		tag->span = keyword->span;
		return tag;
	}
	full = arena_printf(d->arena, "%s %.*s", kind, (int)name->len, name->text);
	tag = c_table_get(&d->tags, full);
	if (!tag) {
		tag = arena_new(d->arena, struct c_tag);
		tag->type = new_tagged(d, full, kind);
		tag->span = name->span;
		tag->quiet = name->quiet;
		c_table_set(d->arena, &d->tags, full, tag);
	}
	return tag;
}

bool c_complete(struct c_parser *p, struct type *t, const struct c_token *at)
{
	type_complete(t);
	if (t->kind == TYPE_VOID || (t->kind == TYPE_STRUCT && t->incomplete)) {
		c_error(p->d, at, "incomplete-type", "'%s' has no size here: it is not defined",
			type_name(p->d->arena, t));
		return false;
	}
	return true;
}

bool c_deepen(struct c_parser *p, const struct c_token *at, const char *what)
{
	if (++p->depth <= C_MAX_DEPTH)
		return true;
	p->d->limited = true;
	return c_error(p->d, at, "too-deep", "this %s is nested too deep", what);
}

// ---- enum --------------------------------------------------------------------------------

static void redefined(struct cdefs *d, const struct c_token *t, struct span old)
{
	if (c_error(d, t, "redefinition", "redefinition of '%s'", c_token_name(d->arena, t)))
		diag_note(&d->c->diag, old, "the previous definition is here");
}

static void add_constant(struct c_parser *p, const struct c_token *name, struct type *t,
			 int64_t value)
{
	struct c_constant *k = c_table_find(&p->d->constants, name->text, name->len);

	if (k) {
		redefined(p->d, name, k->span);
		return;
	}
	k = arena_new(p->d->arena, struct c_constant);
	*k = (struct c_constant){t, value, name->span};
	c_table_set(p->d->arena, &p->d->constants, c_token_name(p->d->arena, name), k);
}

static bool enumerator(struct c_parser *p, struct type *t, int64_t *value,
		       struct type_enumerator *out)
{
	const struct c_token *name = p->at;
	struct c_cursor c = {.d = p->d, .parser = p};

	if (name->kind != C_NAME || c_is_keyword(name)) {
		c_error(p->d, name, "c-syntax", "expected the name of a constant");
		return false;
	}
	p->at++;
	if (c_accept(p, "=")) {
		c.at = p->at;
		*value = c_evaluate(&c);
		p->at = c.at;
		if (c.failed)
			return false;
	}
	*out = (struct type_enumerator){c_token_name(p->d->arena, name), *value};
	add_constant(p, name, t, *value);
	return true;
}

static void enum_body(struct c_parser *p, struct type *t)
{
	ARENA_VEC(struct type_enumerator) all = {0};
	struct type_enumerator e;
	int64_t value = 0;
	bool wide = false;

	while (p->at->kind != C_END && !c_is(p->at, "}")) {
		if (!enumerator(p, t, &value, &e))
			break;
		arena_push(p->d->arena, &all, e);
		t->is_signed = t->is_signed || value < 0;
		wide = wide || value > UINT32_MAX || value < INT32_MIN;
		value = (int64_t)((uint64_t)value + 1);
		if (!c_accept(p, ","))
			break;
	}
	t->size = t->align = wide ? 8 : 4;
	t->enumerators = all.data;
	t->enumerator_count = all.len;
}

// ---- struct and union --------------------------------------------------------------------

static bool bit_width(struct c_parser *p, const struct type *t, bool named, int *width)
{
	const struct c_token *at = p->at;
	struct c_cursor c = {.d = p->d, .at = p->at, .parser = p};
	int64_t n = c_evaluate(&c);

	p->at = c.at;
	if (c.failed)
		return false;
	if (!type_is_int(t) || n < 0 || n > (t->size * 8) ||
	    (!n && named)) {
		c_error(p->d, at, "c-syntax", "a bitfield of type '%s' cannot have this width",
			type_name(p->d->arena, t));
		return false;
	}
	*width = (int)n;
	return true;
}

static bool known_member(const struct c_layout *l, const struct c_token *name)
{
	for (size_t i = 0; i < l->fields.len; i++)
		if (c_is(name, l->fields.data[i].name))
			return true;
	return false;
}

static bool one_member(struct c_parser *p, struct c_layout *l, const struct c_specifiers *s)
{
	struct c_declarator decl = {.name.kind = C_END};
	struct c_attributes attributes = s->attributes;
	const struct c_token *at = p->at;
	bool named;
	int width = -1;

	if (!c_parse_declarator(p, s->type, &decl))
		return false;
	named = decl.name.kind == C_NAME;
	if (c_is_keyword(&decl.name)) {
		c_error(p->d, &decl.name, "c-syntax",
			"expected the name of a member: '%s' is a word of C",
			c_token_name(p->d->arena, &decl.name));
		return false;
	}
	if (!c_complete(p, decl.type, named ? &decl.name : at))
		return false;
	if (c_accept(p, ":") && !bit_width(p, decl.type, named, &width))
		return false;
	c_skip_attributes(p, &attributes);
	if (!named && width < 0 && decl.type->kind != TYPE_STRUCT) {
		c_error(p->d, at, "c-syntax", "expected the name of a member");
		return false;
	}
	if (named && known_member(l, &decl.name))
		c_error(p->d, &decl.name, "redefinition", "duplicate member '%s'",
			c_token_name(p->d->arena, &decl.name));
	c_layout_member(l, named ? c_token_name(p->d->arena, &decl.name) : NULL, decl.type, width,
			&attributes);
	return true;
}

// To the next member.
static void skip_member(struct c_parser *p)
{
	while (p->at->kind != C_END && !c_is(p->at, ";") && !c_is(p->at, "}")) {
		if (c_is(p->at, "{") || c_is(p->at, "(") || c_is(p->at, "["))
			c_skip_balanced(p);
		else
			p->at++;
	}
	c_accept(p, ";");
}

static void member_declaration(struct c_parser *p, struct c_layout *l)
{
	struct c_specifiers s;

	if (c_accept(p, ";"))
		return;
	if (!c_parse_specifiers(p, &s)) {
		skip_member(p);
		return;
	}
	if (s.storage)
		c_error(p->d, s.storage, "c-syntax",
			"type name does not allow storage class to be specified");
	if (c_is(p->at, ";") && s.type->kind != TYPE_STRUCT) {
		p->at++; // `enum { A, B };`: constants alone
		return;
	}
	do {
		if (!one_member(p, l, &s)) {
			skip_member(p);
			return;
		}
	} while (c_accept(p, ","));
	if (c_accept(p, ";") || c_is(p->at, "}")) // the last semicolon may be missing
		return;
	c_error(p->d, p->at, "c-syntax", "expected ';' after a member");
	skip_member(p);
}

static void struct_body(struct c_parser *p, struct type *t, struct c_attributes *a)
{
	struct c_layout l = {.arena = p->d->arena, .type = t};
	const struct c_token *open = p->at - 1;
	struct c_parser behind = {.d = p->d, .at = open};

	// Attributes behind the body lay it out, too.
	c_skip_balanced(&behind);
	c_skip_attributes(&behind, a);
	l.packed = a->packed;
	while (p->at->kind != C_END && !c_is(p->at, "}"))
		member_declaration(p, &l);
	if (!c_layout_finish(&l, a))
		c_error(p->d, open, "too-large", "'%s' is too large", type_name(p->d->arena, t));
}

// ---- both --------------------------------------------------------------------------------

static void body(struct c_parser *p, struct c_tag *tag, const struct c_token *name,
		 struct c_attributes *a)
{
	struct type *t = tag->type;

	if (tag->defined) { // read all the same, for its errors
		redefined(p->d, name, tag->span);
		t = new_tagged(p->d, NULL, t->kind == TYPE_ENUM ? "enum" : "struct");
	}
	t->incomplete = t->kind == TYPE_STRUCT; // no member may be of it
	t->source = NULL;
	tag->defined = true;
	tag->span = name->span;
	tag->quiet = name->quiet;
	if (t->kind == TYPE_ENUM)
		enum_body(p, t);
	else
		struct_body(p, t, a);
	t->incomplete = false;
	if (!c_accept(p, "}")) {
		c_error(p->d, p->at, "c-syntax", "expected '}'");
		while (p->at->kind != C_END && !c_is(p->at, "}"))
			skip_member(p);
		c_accept(p, "}");
	}
	if (t->kind == TYPE_STRUCT && name->kind == C_NAME && !name->quiet)
		arena_push(p->d->arena, &p->d->defined, tag);
	c_skip_attributes(p, a);
}

struct type *c_parse_tagged(struct c_parser *p, bool *had_body)
{
	const struct c_token *keyword = p->at++, *name;
	struct c_attributes attributes = {0};
	struct c_tag *tag;

	c_skip_attributes(p, &attributes);
	name = p->at;
	if (name->kind == C_NAME && !c_is_keyword(name))
		p->at++;
	else if (!c_is(name, "{")) {
		c_error(p->d, name, "c-syntax", "expected a name or '{'");
		return NULL;
	}
	tag = tag_of(p, keyword, name);
	c_skip_attributes(p, &attributes);
	if (c_is(keyword, "enum") && c_accept(p, ":") && p->at->kind != C_END)
		while (p->at->kind == C_NAME)
			p->at++;
	if (!c_is(p->at, "{"))
		return tag->type;
	if (!c_deepen(p, p->at, "definition"))
		return NULL;
	p->at++;
	*had_body = true;
	body(p, tag, name, &attributes);
	p->depth--;
	return tag->type;
}
