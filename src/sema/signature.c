// signature.c: see the header. No memory is taken per function: a glob over the whole kernel
// looks at 100,000 arguments.
#include "sema/signature.h"

#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/str.h"

// ---- what is wanted ----------------------------------------------------------------------

// What compilers call these in BTF.
static const char *const spellings[][2] = {
    {"unsigned", "unsigned int"},
    {"unsigned long", "long unsigned int"},
    {"long", "long int"},
    {"unsigned short", "short unsigned int"},
    {"short", "short int"},
    {"long long", "long long int"},
    {"unsigned long long", "long long unsigned int"},
    {"bool", "_Bool"},
};

static const char *btf_spelling(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(spellings); i++)
		if (strcmp(spellings[i][0], name) == 0)
			return spellings[i][1];
	return name;
}

static bool is_qualifier(const char *word, size_t n)
{
	return (n == 5 && !strncmp(word, "const", n)) ||
	       (n == 8 && !strncmp(word, "volatile", n)) ||
	       (n == 6 && !strncmp(word, "__user", n)) || (n == 5 && !strncmp(word, "__rcu", n));
}

// The words, one blank between them, qualifiers left out; stars are counted.
struct wanted_type wanted_type_read(struct arena *a, const char *text)
{
	struct wanted_type w = {0};
	char *base = arena_alloc(a, strlen(text) + 2), *to = base;

	while (*text) {
		size_t n = 0;

		if (*text == '*')
			w.stars++;
		if (*text == '*' || isspace((unsigned char)*text)) {
			text++;
			continue;
		}
		while (text[n] && text[n] != '*' && !isspace((unsigned char)text[n]))
			n++;
		if (!is_qualifier(text, n)) {
			if (to > base)
				*to++ = ' ';
			memcpy(to, text, n);
			to += n;
		}
		text += n;
	}
	w.base = *base ? btf_spelling(base) : "*";
	return w;
}

bool same_spelling(struct arena *a, const char *text, const struct wanted_type *want)
{
	struct wanted_type w = wanted_type_read(a, text);

	return w.stars == want->stars && strcmp(w.base, want->base) == 0;
}

void signature_read(struct arena *a, const char *text, struct signature *out)
{
	char *copy = arena_strdup(a, text), *item = copy, *end;
	size_t n = strlen(copy);

	*out = (struct signature){0};
	if (n && copy[0] == '(' && copy[n - 1] == ')') {
		copy[n - 1] = '\0';
		item++;
	}
	if (!item[strspn(item, " \t\n")])
		return;
	for (; item; item = end ? end + 1 : NULL) {
		end = strchr(item, ',');
		if (end)
			*end = '\0';
		arena_push(a, &out->types, wanted_type_read(a, item));
	}
}

// ---- what there is -----------------------------------------------------------------------

static bool named(const char *want, const char *prefix, const char *name)
{
	size_t n = strlen(prefix);

	return *name && strncmp(want, prefix, n) == 0 && strcmp(want + n, name) == 0;
}

static bool base_is(const struct btf_info *t, const char *want)
{
	switch (t->tag) {
	case BTF_TAG_STRUCT:
		return named(want, "struct ", t->name);
	case BTF_TAG_UNION:
		return named(want, "union ", t->name);
	case BTF_TAG_FWD:
		return named(want, t->bitfields ? "union " : "struct ", t->name);
	case BTF_TAG_ENUM:
	case BTF_TAG_ENUM64:
		return named(want, "enum ", t->name);
	case BTF_TAG_INT:
	case BTF_TAG_FLOAT:
	case BTF_TAG_TYPEDEF:
		return named(want, "", t->name);
	case BTF_TAG_VOID:
		return strcmp(want, "void") == 0;
	default:
		return false;
	}
}

bool wanted_type_is(const struct btf_file *f, uint32_t id, const struct wanted_type *want)
{
	unsigned stars = 0;
	struct btf_info t;

	if (want->base[0] == '*')
		return true;
	for (int i = 0; i < 64 && btf_get(f, id, &t); i++) {
		if (stars == want->stars && base_is(&t, want->base))
			return true;
		if (t.tag == BTF_TAG_PTR && ++stars > want->stars)
			return false;
		if (t.tag != BTF_TAG_PTR && t.tag != BTF_TAG_TYPEDEF && t.tag != BTF_TAG_CONST &&
		    t.tag != BTF_TAG_VOLATILE && t.tag != BTF_TAG_RESTRICT &&
		    t.tag != BTF_TAG_TYPE_TAG)
			return false;
		id = t.target;
	}
	return false;
}

bool signature_matches(const struct btf_file *f, uint32_t func_id, const struct signature *s)
{
	struct btf_info func, proto;
	struct btf_param_info p;
	size_t met = 0;

	if (!btf_get(f, func_id, &func) || func.tag != BTF_TAG_FUNC ||
	    !btf_get(f, func.target, &proto) || proto.tag != BTF_TAG_FUNC_PROTO)
		return false;
	if (!s->types.len)
		return proto.count == 0;
	for (uint32_t i = 0; met < s->types.len && btf_param(f, &proto, i, &p); i++)
		if (p.type && wanted_type_is(f, p.type, &s->types.data[met]))
			met++;
	return met == s->types.len;
}
