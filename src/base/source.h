// source: the immutable texts of a compilation, and where a span is in them.
// Texts live in the arena. The first file added is the script itself.
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"

struct source {
	const char *name; // as the user spelled it; "-e" and "-" scripts are named "stdin"
	const char *text; // NUL-terminated; may hold NUL bytes before len, too
	size_t len;
	uint32_t base;	 // offset of its first byte in the shared address space
	uint32_t *lines; // offset (in this file) of the start of every line
	size_t line_count;
	// A second range of offsets for a text that is there already: what a macro in it became
	// for the call at `call`.
	bool is_expansion;
	struct span call;
};

struct sources {
	struct arena *arena; // borrowed
	ARENA_VEC(struct source *) files;
	uint32_t next_base;
};

struct source_pos {
	const struct source *source;
	unsigned line, column; // from 1; column counts bytes
};

// Copies text. Fails (NULL) only when all sources together exceed 1 GiB.
const struct source *sources_add(struct sources *s, const char *name, const char *text, size_t len);
// Offsets of their own for src's text, as a macro in it is expanded for `call`. NULL: no room.
const struct source *sources_expand(struct sources *s, const struct source *src, struct span call);
const struct source *sources_find(const struct sources *s, uint32_t offset); // NULL if none
struct source_pos sources_pos(const struct sources *s, uint32_t offset);
// The text of a line without its newline, and its length.
const char *source_line(const struct source *src, unsigned line, size_t *len);
