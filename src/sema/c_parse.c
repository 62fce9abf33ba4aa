// c_parse: the declarations of a script and of what it includes. Tokens come in; types and
// constants are entered in cdefs. Variables and functions of headers are skipped. After an error
// it goes on behind the next semicolon or body.
#include <string.h>

#include "sema/c_parse.h"

static void skip_declaration(struct c_parser *p)
{
	while (p->at->kind != C_END && !c_is(p->at, ";")) {
		if (c_is(p->at, "{")) {
			c_skip_balanced(p);
			if (!c_is(p->at, ";") && !c_is(p->at, "__attribute__"))
				return; // a function's body, or a definition without semicolon
		} else if (c_is(p->at, "(") || c_is(p->at, "[")) {
			c_skip_balanced(p);
		} else {
			p->at++;
		}
	}
	c_accept(p, ";");
}

static void add_typedef(struct c_parser *p, const struct c_declarator *decl)
{
	struct cdefs *d = p->d;
	const char *name = c_token_name(d->arena, &decl->name);
	struct c_tag *tag = c_table_get(&d->typedefs, name);

	if (tag && !type_equal(tag->type, decl->type)) {
		if (c_error(d, &decl->name, "redefinition", "redefinition of '%s'", name))
			diag_note(&d->c->diag, tag->span, "the previous definition is here");
		return;
	}
	tag = arena_new(d->arena, struct c_tag);
	*tag = (struct c_tag){decl->type, decl->name.span, true, decl->name.quiet};
	c_table_set(d->arena, &d->typedefs, name, tag);
	// A struct without a tag takes its typedef's name.
	if ((decl->type->kind == TYPE_STRUCT || decl->type->kind == TYPE_ENUM) &&
	    strchr(decl->type->name, '<'))
		decl->type->name = name;
}

static bool skip_initializer(struct c_parser *p)
{
	while (p->at->kind != C_END && !c_is(p->at, ",") && !c_is(p->at, ";")) {
		if (c_is(p->at, "{") || c_is(p->at, "(") || c_is(p->at, "["))
			c_skip_balanced(p);
		else
			p->at++;
	}
	return true;
}

// False: the declaration is over, whatever follows.
static bool one_declarator(struct c_parser *p, const struct c_specifiers *s)
{
	struct c_declarator decl = {.name.kind = C_END};
	struct c_attributes unused = {0};

	if (!c_parse_declarator(p, s->type, &decl)) {
		skip_declaration(p);
		return false;
	}
	if (s->is_typedef && decl.name.kind == C_NAME)
		add_typedef(p, &decl);
	if (c_accept(p, "__asm__") && c_is(p->at, "("))
		c_skip_balanced(p);
	c_skip_attributes(p, &unused);
	if (decl.is_function && c_is(p->at, "{")) {
		c_skip_balanced(p);
		return false;
	}
	if (c_is(p->at, "="))
		skip_initializer(p);
	return true;
}

static void declaration(struct c_parser *p)
{
	struct c_specifiers s;

	p->depth = 0;
	if (c_accept(p, ";"))
		return;
	if (c_is(p->at, "_Static_assert") || c_is(p->at, "static_assert") ||
	    !c_parse_specifiers(p, &s)) {
		skip_declaration(p);
		return;
	}
	// The semicolon behind a definition may be missing.
	if (c_accept(p, ";") || (s.had_body && !s.is_typedef &&
				 (p->at->line_start || p->at->kind == C_END)))
		return;
	do {
		if (!one_declarator(p, &s))
			return;
	} while (c_accept(p, ","));
	if (c_accept(p, ";"))
		return;
	c_error(p->d, p->at, "c-syntax", "expected ';'");
	skip_declaration(p);
}

void c_parse(struct cdefs *d, const c_token_vec *tokens)
{
	struct c_parser p = {.d = d, .at = tokens->data};

	while (p.at->kind != C_END) {
		const struct c_token *before = p.at;

		declaration(&p);
		if (p.at == before)
			p.at++; // a stray bracket
	}
}
