// c_types: specifiers and declarators: `unsigned long int *x[4]`, `void (*f)(int)`. Tokens come
// in, types leave. Functions are void, floating-point numbers are bytes, arrays of char are
// strings, as everywhere in the language. Refuses unknown type names and nesting beyond
// C_MAX_DEPTH.
#include <string.h>

#include "base/str.h"
#include "sema/btf_type.h"
#include "sema/c_parse.h"
#include "sema/check.h"

struct type c_char = {.kind = TYPE_INT, .size = 1, .align = 1, .is_signed = true};

bool c_accept(struct c_parser *p, const char *text)
{
	if (!c_is(p->at, text))
		return false;
	p->at++;
	return true;
}

// Behind the bracket that closes the one at the cursor, or to the end.
void c_skip_balanced(struct c_parser *p)
{
	int depth = 0;

	for (; p->at->kind != C_END; p->at++) {
		depth += c_is(p->at, "(") || c_is(p->at, "[") || c_is(p->at, "{");
		depth -= c_is(p->at, ")") || c_is(p->at, "]") || c_is(p->at, "}");
		if (depth <= 0) {
			p->at++;
			return;
		}
	}
}

// ---- attributes --------------------------------------------------------------------------

static uint32_t alignment(struct c_parser *p)
{
	struct c_cursor c = {.d = p->d, .at = p->at, .parser = p};
	int64_t n;

	c.at++;
	n = c_evaluate(&c);
	if (c.failed)
		return 0;
	if (n > 0 && n <= 1 << 20 && !(n & (n - 1)))
		return (uint32_t)n;
	c_error(p->d, p->at, "c-syntax", "an alignment must be a power of two");
	return 0;
}

static void one_attribute(struct c_parser *p, struct c_attributes *a)
{
	const struct c_token *name = p->at++;

	if (c_is(name, "packed") || c_is(name, "__packed__"))
		a->packed = true;
	if (c_is(name, "aligned") || c_is(name, "__aligned__")) {
		uint32_t align = c_is(p->at, "(") ? alignment(p) : 16;

		if (align > a->align)
			a->align = align;
	}
	if (c_is(p->at, "("))
		c_skip_balanced(p);
}

void c_skip_attributes(struct c_parser *p, struct c_attributes *a)
{
	for (;;) {
		if (c_is(p->at, "_Alignas")) {
			p->at++;
			a->align = c_is(p->at, "(") ? alignment(p) : 0;
			if (c_is(p->at, "("))
				c_skip_balanced(p);
			continue;
		}
		if (!c_accept(p, "__attribute__") && !c_accept(p, "__attribute"))
			return;
		if (!c_accept(p, "(") || !c_accept(p, "("))
			return;
		while (p->at->kind != C_END && !c_is(p->at, ")"))
			one_attribute(p, a);
		c_accept(p, ")");
		c_accept(p, ")");
	}
}

// ---- specifiers --------------------------------------------------------------------------

// Words that are counted: `long unsigned int long`.
enum { W_SIGNED, W_UNSIGNED, W_SHORT, W_LONG, W_INT, W_CHAR, W_VOID, W_BOOL, W_FLOAT, W_DOUBLE,
       W_INT128, W_COUNT };

static const struct {
	const char *text;
	int word;
} base_words[] = {
    {"signed", W_SIGNED},   {"__signed__", W_SIGNED}, {"__signed", W_SIGNED},
    {"unsigned", W_UNSIGNED}, {"short", W_SHORT},     {"long", W_LONG},
    {"int", W_INT},	    {"char", W_CHAR},	      {"void", W_VOID},
    {"_Bool", W_BOOL},	    {"bool", W_BOOL},	      {"float", W_FLOAT},
    {"double", W_DOUBLE},   {"__int128", W_INT128},
};

static const char *const ignored_words[] = {
    "const",	  "volatile",	"restrict", "static",	    "extern",	   "inline",
    "register",	  "__const",	"__restrict", "__inline",   "__inline__",  "__volatile__",
    "_Noreturn",  "__extension__", "__restrict__", "_Thread_local", "auto", "_Atomic",
};

static bool is_ignored(const struct c_token *t)
{
	for (size_t i = 0; i < sizeof(ignored_words) / sizeof(*ignored_words); i++)
		if (c_is(t, ignored_words[i]))
			return true;
	return false;
}

// What says where an object lives; a member lives in its struct.
static bool is_storage_class(const struct c_token *t)
{
	return c_is(t, "static") || c_is(t, "extern") || c_is(t, "register") || c_is(t, "auto") ||
	       c_is(t, "_Thread_local");
}

// Steps over words that change nothing about a type. False: there is none.
static bool skip_ignored(struct c_parser *p, struct c_specifiers *s)
{
	if (!is_ignored(p->at))
		return false;
	if (is_storage_class(p->at))
		s->storage = p->at;
	p->at++;
	return true;
}

static int base_word(const struct c_token *t)
{
	for (size_t i = 0; i < sizeof(base_words) / sizeof(*base_words); i++)
		if (c_is(t, base_words[i].text))
			return base_words[i].word;
	return -1;
}

static bool is_tagged(const struct c_token *t)
{
	return c_is(t, "struct") || c_is(t, "union") || c_is(t, "enum");
}

static struct type *base_type(struct c_parser *p, const unsigned char *n)
{
	bool is_signed = !n[W_UNSIGNED];

	if (n[W_VOID])
		return &type_void;
	if (n[W_BOOL])
		return &type_uint8; // a number: prints as 0 and 1
	if (n[W_CHAR])
		return n[W_UNSIGNED] ? &type_uint8 : n[W_SIGNED] ? &type_int8 : &c_char;
	if (n[W_FLOAT])
		return type_float(p->d->arena, 4);
	if (n[W_DOUBLE]) {
		struct type *t = type_float(p->d->arena, n[W_LONG] ? 16 : 8);

		t->align = t->size;
		return t;
	}
	if (n[W_INT128])
		return is_signed ? &type_int128 : &type_uint128;
	return type_int(n[W_SHORT] ? 2 : n[W_LONG] ? 8 : 4, is_signed);
}

// A name as a type: the script's typedefs, the language's integers, the kernel's typedefs.
static struct type *typedef_type(struct c_parser *p, const struct c_token *t)
{
	const char *name;
	struct c_tag *tag;
	struct type *type;
	struct btf_source *s;

	if (t->kind != C_NAME)
		return NULL;
	tag = c_table_find(&p->d->typedefs, t->text, t->len);
	if (tag)
		return tag->type;
	name = c_token_name(p->d->arena, t);
	type = check_named_type(name);
	if (type || t->quiet)
		return type;
	s = btf_source_get(p->d->c, NULL, NULL);
	return s ? s->pub.find(&s->pub, name) : NULL;
}

bool c_starts_type(struct c_parser *p, const struct c_token *t)
{
	return is_tagged(t) || base_word(t) >= 0 || is_ignored(t) || typedef_type(p, t);
}

static void unknown_type(struct c_parser *p)
{
	if (p->at->kind != C_NAME) {
		c_error(p->d, p->at, "c-syntax", "expected a type");
		return;
	}
	if (c_error(p->d, p->at, "unknown-type", "unknown type name '%s'",
		    c_token_name(p->d->arena, p->at)) &&
	    !c_has_btf(p->d))
		diag_hint(&p->d->c->diag, "the kernel's types (BTF) cannot be read");
}

bool c_parse_specifiers(struct c_parser *p, struct c_specifiers *s)
{
	unsigned char words[W_COUNT] = {0};
	bool counted = false;
	struct type *t;
	int word;

	*s = (struct c_specifiers){0};
	for (;;) {
		c_skip_attributes(p, &s->attributes);
		if (skip_ignored(p, s))
			continue;
		word = base_word(p->at);
		if (c_is(p->at, "typedef"))
			s->is_typedef = true;
		else if (word >= 0 && !s->type)
			words[word] = counted = true;
		else
			break;
		p->at++;
	}
	if (!counted && is_tagged(p->at)) {
		s->type = c_parse_tagged(p, &s->had_body);
	} else if (!counted && (t = typedef_type(p, p->at))) {
		s->type = t;
		p->at++;
	} else if (counted) {
		s->type = base_type(p, words);
	} else {
		unknown_type(p);
	}
	while (skip_ignored(p, s) || c_is(p->at, "typedef"))
		if (c_accept(p, "typedef"))
			s->is_typedef = true;
	return s->type != NULL;
}

// ---- declarators -------------------------------------------------------------------------

static bool array_length(struct c_parser *p, int64_t *n)
{
	struct c_cursor c = {.d = p->d, .at = p->at, .parser = p};

	*n = 0;
	if (!c_is(p->at, "]"))
		*n = c_evaluate(&c);
	if (c.failed)
		return false;
	if (*n < 0 || *n > C_MAX_TYPE_SIZE) {
		c_error(p->d, p->at, "c-syntax", "this length of an array is out of range");
		return false;
	}
	p->at = c.at;
	if (c_accept(p, "]"))
		return true;
	c_error(p->d, p->at, "c-syntax", "expected ']'");
	return false;
}

static struct type *array_of(struct c_parser *p, struct type *elem, int64_t n)
{
	struct type *t;

	if (elem != &c_char || !n)
		return type_array(p->d->arena, elem, (uint32_t)n);
	t = type_string(p->d->arena, (uint32_t)n);
	t->may_fill = true;
	return t;
}

// `[2][3]` and `(args)` behind a name.
static struct type *suffix(struct c_parser *p, struct type *base, bool *is_function)
{
	const struct c_token *at = p->at;
	struct type *elem;
	int64_t n;

	if (c_is(p->at, "(")) {
		c_skip_balanced(p);
		*is_function = true;
		return &type_void;
	}
	if (!c_accept(p, "["))
		return base;
	if (!c_deepen(p, at, "declaration"))
		return NULL;
	if (!array_length(p, &n))
		return NULL;
	elem = suffix(p, base, is_function);
	p->depth--;
	if (!elem || !c_complete(p, elem, at))
		return NULL;
	if (n && elem->size > C_MAX_TYPE_SIZE / (uint64_t)n) {
		c_error(p->d, at, "c-syntax", "this array is too large");
		return NULL;
	}
	return array_of(p, elem, n);
}

// (*name), at the bracket; not the parameters of a function without a name.
static bool is_nested(struct c_parser *p)
{
	const struct c_token *next = p->at + 1;

	return c_is(p->at, "(") && !c_is(next, ")") && !c_starts_type(p, next);
}

static bool nested_declarator(struct c_parser *p, struct type *base, struct c_declarator *out)
{
	const struct c_token *inner = p->at + 1, *behind;

	if (!c_deepen(p, p->at, "declaration"))
		return false;
	c_skip_balanced(p);
	base = suffix(p, base, &out->is_function);
	behind = p->at;
	p->at = inner;
	if (!base || !c_parse_declarator(p, base, out))
		return false;
	if (!c_accept(p, ")")) {
		c_error(p->d, p->at, "c-syntax", "expected ')'");
		return false;
	}
	p->at = behind;
	p->depth--;
	return true;
}

bool c_parse_declarator(struct c_parser *p, struct type *base, struct c_declarator *out)
{
	struct c_attributes unused = {0};

	for (;;) {
		c_skip_attributes(p, &unused);
		if (c_accept(p, "*")) {
			base = type_pointer(p->d->arena, base == &c_char ? &type_int8 : base,
					    SPACE_NONE);
			out->is_function = false;
		} else if (is_ignored(p->at))
			p->at++;
		else
			break;
	}
	if (is_nested(p))
		return nested_declarator(p, base, out);
	if (p->at->kind == C_NAME)
		out->name = *p->at++;
	out->type = suffix(p, base, &out->is_function);
	return out->type != NULL;
}

// ---- type names in expressions -----------------------------------------------------------

struct type *c_parse_type_name(struct c_parser *p, struct c_cursor *cursor)
{
	struct c_declarator decl = {.name.kind = C_END};
	struct c_parser inner = {.d = p->d, .at = cursor->at + 1, .depth = p->depth + 1};
	struct c_specifiers s;

	if (inner.depth > C_MAX_DEPTH || !c_starts_type(&inner, inner.at))
		return NULL;
	if (!c_parse_specifiers(&inner, &s) || !c_parse_declarator(&inner, s.type, &decl) ||
	    !c_accept(&inner, ")") || !c_complete(p, decl.type, cursor->at))
		return NULL;
	cursor->at = inner.at;
	return decl.type;
}
