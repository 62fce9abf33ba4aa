// ksyms.c: parse /proc/kallsyms.
//
// Enters: up to some 250,000 lines "ffffffff81000000 T _stext" or "... t name\t[module]".
// Leaves: a table over the text itself: names are cut out in place, nothing is copied.
// Refuses: nothing; a line that looks different is left out.
#include "sys/ksyms.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/slurp.h"

enum { SIZE_MAX_TEXT = 256 << 20, BYTES_PER_LINE = 40 };

bool ksym_parse_hex(const char **p, uint64_t *out)
{
	const char *s = *p;
	uint64_t v = 0;

	for (;; s++) {
		unsigned c = (unsigned char)*s, digit = c - '0';
		if (digit > 9) {
			digit = (c | 0x20) - 'a';
			if (digit > 5)
				break;
			digit += 10;
		}
		v = v << 4 | digit;
	}
	bool ok = s > *p && s - *p <= 16;
	*out = v;
	*p = s;
	return ok;
}

// Nothing in a name is below '!' or is '['.
bool ksym_parse_name(char **p, char **name, char **module)
{
	char *s = *p, *end;

	*name = s;
	*module = NULL;
	while ((unsigned char)*s > ' ')
		s++;
	end = s;
	while (*s == ' ' || *s == '\t')
		s++;
	if (*s == '[') {
		*module = ++s;
		while ((unsigned char)*s > ' ' && *s != ']')
			s++;
		if (*s == ']')
			*s++ = '\0';
		else
			*module = NULL;
	}
	if (*s && *s != '\n')
		s = s + strcspn(s, "\n");
	bool more = *s == '\n';
	bool ok = end > *name;
	*end = '\0';
	*p = s + more;
	return ok;
}

static uint32_t module_id(struct ksyms *k, const char *module)
{
	if (!module)
		return 0;
	// Symbols of one module follow each other.
	if (k->len) {
		uint32_t last = k->syms[k->len - 1].module;
		if (last && strcmp(k->modules.names[last - 1], module) == 0)
			return last;
	}
	return intern_id(&k->modules, module) + 1;
}

static bool parse_line(struct ksyms *k, char **p, struct ksym *out)
{
	const char *s = *p;
	char *name, *module, *at;

	bool ok = ksym_parse_hex(&s, &out->address) && s[0] == ' ' && s[1] > ' ' && s[2] == ' ';
	if (!ok) {
		at = strchr(*p, '\n');
		*p = at ? at + 1 : *p + strlen(*p);
		return false;
	}
	out->type = s[1];
	*p += s + 3 - *p;
	if (!ksym_parse_name(p, &name, &module))
		return false;
	out->name = name;
	out->module = module_id(k, module);
	return true;
}

static int parse_text(struct ksyms *k, size_t len)
{
	char *p = k->text, *end = k->text + len;

	k->cap = len / BYTES_PER_LINE + 64;
	k->syms = malloc(k->cap * sizeof(*k->syms));
	while (k->syms && p < end) {
		if (k->len == k->cap) {
			struct ksym *more = realloc(k->syms, k->cap * 2 * sizeof(*more));
			if (!more)
				return -ENOMEM;
			k->syms = more;
			k->cap *= 2;
		}
		char *before = p;
		if (parse_line(k, &p, &k->syms[k->len]))
			k->addresses |= k->syms[k->len++].address != 0;
		else if (p == before)
			p++; // a NUL byte
	}
	return k->syms ? 0 : -ENOMEM;
}

int ksyms_read(const char *root, struct ksyms *out)
{
	char path[PATH_MAX];
	size_t len = 0;

	*out = (struct ksyms){0};
	snprintf(path, sizeof(path), "%s/proc/kallsyms", root_prefix(root));
	int err = slurp(path, SIZE_MAX_TEXT, &out->text, &len);
	if (!err)
		err = parse_text(out, len);
	if (err)
		ksyms_release(out);
	return err;
}

void ksyms_release(struct ksyms *k)
{
	intern_release(&k->modules);
	free(k->syms);
	free(k->text);
	*k = (struct ksyms){0};
}

const char *ksyms_module(const struct ksyms *k, const struct ksym *s)
{
	return s->module ? k->modules.names[s->module - 1] : NULL;
}

bool ksym_is_padding(const struct ksym *s)
{
	return s->name[0] == '_' && s->name[1] == '_' &&
	       (strncmp(s->name, "__pfx_", 6) == 0 || strncmp(s->name, "__cfi_", 6) == 0);
}
