// str: globs, near misses, numbers, interned names. Words come in, answers leave;
// nothing here knows what the words mean.
#include "base/str.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Backtracks only to the last star, so the time is at most |glob| * |s|.
bool glob_matches(const char *glob, const char *s)
{
	const char *star = NULL, *retry = NULL;

	while (*s) {
		if (*glob == '*') {
			star = ++glob;
			if (!*glob) // the rest may be anything
				return true;
			retry = s;
		} else if (*glob == *s) {
			glob++;
			s++;
		} else if (star) {
			glob = star;
			s = ++retry;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return !*glob;
}

bool glob_has_wildcard(const char *s)
{
	return strchr(s, '*') != NULL;
}

// ---- nearest ---------------------------------------------------------------------

#define NEAREST_MAX 64 // longer words are not misspelt, they are something else

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

// Optimal string alignment: insert, delete, replace, swap neighbours; each costs 1.
static unsigned edit_distance(const char *a, size_t la, const char *b, size_t lb)
{
	unsigned rows[3][NEAREST_MAX + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2], *spare;

	for (size_t j = 0; j <= lb; j++)
		above[j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned cost = a[i - 1] != b[j - 1];

			row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		spare = before;
		before = above;
		above = row;
		row = spare;
	}
	return above[lb];
}

void nearest_init(struct nearest *n, const char *word)
{
	n->word = word;
	n->best = NULL;
	n->best_distance = 0;
}

void nearest_offer(struct nearest *n, const char *candidate)
{
	size_t la = strlen(n->word), lb = strlen(candidate);
	unsigned limit = la / 3 ? (unsigned)(la / 3) : 1;
	unsigned d;

	if (!la || !lb || la > NEAREST_MAX || lb > NEAREST_MAX)
		return;
	if ((la > lb ? la - lb : lb - la) > limit)
		return;
	d = edit_distance(n->word, la, candidate, lb);
	// One letter replaced is another one-letter word, not a misspelling.
	if (d > limit || d >= la || (n->best && d >= n->best_distance))
		return;
	n->best = candidate;
	n->best_distance = d;
}

const char *nearest_get(const struct nearest *n)
{
	return n->best;
}

// ---- small ones --------------------------------------------------------------------

bool str_starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends_with(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

bool str_to_u64(const char *s, uint64_t *out)
{
	char *end;
	unsigned long long v;

	// strtoull would take blanks and signs.
	if (!isdigit((unsigned char)*s))
		return false;
	errno = 0;
	v = strtoull(s, &end, 0);
	if (errno || *end)
		return false;
	*out = v;
	return true;
}

uint64_t str_time_unit(const char *unit)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
	    {"ns", 1},
	    {"us", 1000},
	    {"ms", 1000000},
	    {"s", 1000000000},
	    {"m", 60 * 1000000000ull},
	    {"h", 3600 * 1000000000ull},
	    {"d", 86400 * 1000000000ull},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i].name, unit) == 0)
			return units[i].ns;
	return 0;
}

uint64_t str_hash(const char *s, size_t n)
{
	uint64_t h = 0xcbf29ce484222325ull;

	for (size_t i = 0; i < n; i++) {
		h ^= (unsigned char)s[i];
		h *= 0x100000001b3ull;
	}
	return h;
}

// Eight bytes a step.
uint64_t str_hash_name(const char *s)
{
	size_t len = strlen(s);
	uint64_t h = len, word;

	for (; len >= 8; s += 8, len -= 8) {
		memcpy(&word, s, 8);
		h = (h ^ word) * 0x9e3779b97f4a7c15u;
		h ^= h >> 32;
	}
	word = 0;
	memcpy(&word, s, len);
	h = (h ^ word) * 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 32) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 32;
}

// ---- intern ------------------------------------------------------------------------

_Noreturn static void die_no_memory(void)
{
	fputs("ERROR: out of memory\n", stderr);
	exit(1);
}

void intern_release(struct intern *t)
{
	for (size_t i = 0; i < t->len; i++)
		free(t->names[i]);
	free(t->names);
	free(t->hashes);
	free(t->slots);
	*t = (struct intern){0};
}

static bool intern_is(const struct intern *t, uint32_t id, uint32_t hash, const char *name)
{
	return t->hashes[id] == hash && strcmp(t->names[id], name) == 0;
}

// The slot that holds name, or the empty one where it belongs.
static size_t intern_slot(const struct intern *t, uint32_t hash, const char *name)
{
	size_t mask = t->slot_count - 1, i = hash & mask;

	while (t->slots[i] && !intern_is(t, t->slots[i] - 1, hash, name))
		i = (i + 1) & mask;
	return i;
}

static void intern_rehash(struct intern *t)
{
	size_t count = t->slot_count ? t->slot_count * 2 : 64;

	free(t->slots);
	t->slots = calloc(count, sizeof(*t->slots));
	if (!t->slots)
		die_no_memory();
	t->slot_count = count;
	for (size_t id = 0; id < t->len; id++) {
		size_t i = t->hashes[id] & (count - 1);
		while (t->slots[i])
			i = (i + 1) & (count - 1);
		t->slots[i] = (uint32_t)id + 1;
	}
}

static void intern_add(struct intern *t, size_t slot, uint32_t hash, const char *name)
{
	char *copy = strdup(name);

	if (t->len == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 32;
		t->names = reallocarray(t->names, t->cap, sizeof(*t->names));
		t->hashes = reallocarray(t->hashes, t->cap, sizeof(*t->hashes));
	}
	if (!copy || !t->names || !t->hashes)
		die_no_memory();
	t->hashes[t->len] = hash;
	t->names[t->len++] = copy;
	t->slots[slot] = (uint32_t)t->len;
}

uint32_t intern_id(struct intern *t, const char *name)
{
	uint32_t hash = (uint32_t)str_hash_name(name);

	if ((t->len + 1) * 4 > t->slot_count * 3)
		intern_rehash(t);
	size_t slot = intern_slot(t, hash, name);
	if (!t->slots[slot])
		intern_add(t, slot, hash, name);
	return t->slots[slot] - 1;
}

bool intern_find(const struct intern *t, const char *name, uint32_t *id)
{
	size_t slot;

	if (!t->slot_count)
		return false;
	slot = intern_slot(t, (uint32_t)str_hash_name(name), name);
	if (!t->slots[slot])
		return false;
	*id = t->slots[slot] - 1;
	return true;
}
