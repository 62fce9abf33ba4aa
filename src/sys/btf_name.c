// btf_name.c: types as C spells them: "const char *", "int (*)(void *)", "u8[16]".
//
// A C type is written from the inside out: what stands around the name (stars, brackets,
// parameters) is collected on the way to the type that is at the bottom. Rings and very large
// types of a broken file end in "...": depth, steps and length are bounded.
#include "sys/btf_types.h"

#include <string.h>

#include "base/buf.h"

enum { DEPTH_MAX = 24, STEPS_MAX = 512, LENGTH_MAX = 1024 };

struct speller {
	const struct btf_file *f;
	struct buf *out;
	size_t limit; // of out->len
	int depth;
	int *steps; // left, of this type as a whole
};

static void spell(struct speller *s, uint32_t id, const char *inner);

static void put_named(struct speller *s, const char *keyword, const char *name, const char *inner)
{
	buf_printf(s->out, "%s%s", keyword, *name ? name : "(anon)");
	if (*inner)
		buf_printf(s->out, *inner == '[' ? "%s" : " %s", inner);
}

static bool wants_parens(const struct btf_file *f, uint32_t id)
{
	struct btf_info t;

	// Typedefs have names: look through qualifiers only.
	for (int i = 0; i < DEPTH_MAX && btf_get(f, id, &t); i++) {
		if (t.tag != BTF_TAG_CONST && t.tag != BTF_TAG_VOLATILE &&
		    t.tag != BTF_TAG_RESTRICT && t.tag != BTF_TAG_TYPE_TAG)
			return t.tag == BTF_TAG_ARRAY || t.tag == BTF_TAG_FUNC_PROTO;
		id = t.target;
	}
	return false;
}

static void spell_pointer(struct speller *s, const struct btf_info *t, const char *inner)
{
	struct buf b = {0};

	if (wants_parens(s->f, t->target))
		buf_printf(&b, "(*%s)", inner);
	else
		buf_printf(&b, "*%s", inner);
	spell(s, t->target, buf_str(&b));
	buf_release(&b);
}

// Qualifies what comes next: a pointer after its star, everything else in front.
static void spell_qualified(struct speller *s, const struct btf_info *t, const char *word,
			    const char *inner)
{
	struct btf_info next;

	if (!btf_get(s->f, t->target, &next) || next.tag != BTF_TAG_PTR) {
		buf_printf(s->out, "%s ", word);
		spell(s, t->target, inner);
		return;
	}
	struct buf b = {0};
	buf_printf(&b, "%s%s%s", word, *inner && *inner != ')' ? " " : "", inner);
	spell(s, t->target, buf_str(&b));
	buf_release(&b);
}

static void spell_params(struct speller *s, const struct btf_info *proto)
{
	struct btf_param_info p;

	buf_putc(s->out, '(');
	if (!proto->count)
		buf_puts(s->out, "void");
	for (uint32_t i = 0;
	     *s->steps >= 0 && s->out->len < s->limit && btf_param(s->f, proto, i, &p); i++) {
		if (i)
			buf_puts(s->out, ", ");
		if (!p.type && i + 1 == proto->count)
			buf_puts(s->out, "...");
		else
			spell(s, p.type, "");
	}
	buf_putc(s->out, ')');
}

// The parameters are spelled into a buffer of their own: they stand behind what is inside.
static void spell_function(struct speller *s, const struct btf_info *t, const char *inner)
{
	struct buf b = {0};
	struct speller params = *s;

	buf_puts(&b, inner);
	params.out = &b;
	params.limit = b.len + (s->limit > s->out->len ? s->limit - s->out->len : 0);
	spell_params(&params, t);
	spell(s, t->target, buf_str(&b));
	buf_release(&b);
}

static void spell_array(struct speller *s, const struct btf_info *t, const char *inner)
{
	struct buf b = {0};

	buf_printf(&b, "%s[%u]", inner, t->length);
	spell(s, t->elem, buf_str(&b));
	buf_release(&b);
}

static void spell_type(struct speller *s, const struct btf_info *t, const char *inner)
{
	switch (t->tag) {
	case BTF_TAG_VOID:
		put_named(s, "", "void", inner);
		break;
	case BTF_TAG_PTR:
		spell_pointer(s, t, inner);
		break;
	case BTF_TAG_ARRAY:
		spell_array(s, t, inner);
		break;
	case BTF_TAG_STRUCT:
		put_named(s, "struct ", t->name, inner);
		break;
	case BTF_TAG_UNION:
		put_named(s, "union ", t->name, inner);
		break;
	case BTF_TAG_ENUM:
	case BTF_TAG_ENUM64:
		put_named(s, "enum ", t->name, inner);
		break;
	case BTF_TAG_FWD:
		put_named(s, t->bitfields ? "union " : "struct ", t->name, inner);
		break;
	case BTF_TAG_CONST:
		spell_qualified(s, t, "const", inner);
		break;
	case BTF_TAG_VOLATILE:
		spell_qualified(s, t, "volatile", inner);
		break;
	case BTF_TAG_RESTRICT:
		spell_qualified(s, t, "restrict", inner);
		break;
	case BTF_TAG_TYPE_TAG: // __user, __rcu: not part of the type that C compares
		spell(s, t->target, inner);
		break;
	case BTF_TAG_FUNC:
		spell(s, t->target, *inner ? inner : t->name);
		break;
	case BTF_TAG_FUNC_PROTO:
		spell_function(s, t, inner);
		break;
	default: // INT, TYPEDEF, FLOAT
		put_named(s, "", t->name, inner);
	}
}

static void spell(struct speller *s, uint32_t id, const char *inner)
{
	struct btf_info t;

	if (s->depth >= DEPTH_MAX || --*s->steps < 0 || s->out->len >= s->limit ||
	    strlen(inner) > LENGTH_MAX || !btf_get(s->f, id, &t)) {
		buf_puts(s->out, "...");
		return;
	}
	s->depth++;
	spell_type(s, &t, inner);
	s->depth--;
}

void btf_type_name(const struct btf_file *f, uint32_t id, struct buf *out)
{
	int steps = STEPS_MAX;
	struct speller s = {.f = f, .out = out, .limit = out->len + LENGTH_MAX, .steps = &steps};

	spell(&s, id, "");
}
