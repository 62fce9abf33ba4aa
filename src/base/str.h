// str: small string helpers that several rooms need.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Only '*' is special; it matches any run of characters, also none.
bool glob_matches(const char *glob, const char *s);
bool glob_has_wildcard(const char *s);

// Nearest of the candidates to a misspelt word, for "did you mean"; NULL if none is
// near enough (Damerau-Levenshtein distance at most a third of its length, at least 1).
struct nearest {
	const char *word;
	const char *best;
	unsigned best_distance;
};
void nearest_init(struct nearest *n, const char *word);
void nearest_offer(struct nearest *n, const char *candidate);
const char *nearest_get(const struct nearest *n);

bool str_starts_with(const char *s, const char *prefix);
bool str_ends_with(const char *s, const char *suffix);
// The whole string as a number in base 0 (0x, 0); false if it is not one or too large.
bool str_to_u64(const char *s, uint64_t *out);
// Nanoseconds of a unit of time (ns us ms s m h d); 0 if it is none.
uint64_t str_time_unit(const char *unit);
uint64_t str_hash(const char *s, size_t n); // FNV-1a
// Faster, for the 200,000 names of a kernel; not the same on machines of the other byte order.
uint64_t str_hash_name(const char *s);

// Intern table: string -> dense id from 0, in order of first use.
struct intern {
	char **names;	  // owned
	uint32_t *hashes; // of each
	size_t len, cap;
	uint32_t *slots; // open addressing, id+1
	size_t slot_count;
};
void intern_release(struct intern *t);
uint32_t intern_id(struct intern *t, const char *name);
bool intern_find(const struct intern *t, const char *name, uint32_t *id);
