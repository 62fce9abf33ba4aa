// tracefs: the kernel's trace events: which there are, and what their records look like.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "event_format.h"

// <root>/sys/kernel/tracing/events, or the old place; NULL: tracefs is not mounted or readable.
const char *tracefs_events(struct arena *a, const char *root);
// Sorted names of all categories, or of a category's events. 0 or -errno.
struct name_list {
	const char **data;
	size_t len, cap;
};
int tracefs_categories(struct arena *a, const char *events, struct name_list *out);
int tracefs_list(struct arena *a, const char *events, const char *category, struct name_list *out);
bool tracefs_has(const char *events, const char *category, const char *event);
int tracefs_format(struct arena *a, const char *events, const char *category, const char *event,
		   struct event_format *out); // 0 or -errno; -EBADMSG: not understood
// Only its number: much less to read.
int tracefs_id(const char *events, const char *category, const char *event, uint32_t *id);
const struct event_field *event_find_field(const struct event_format *f, const char *name);
// The text of a format file. False when it is not one.
bool tracefs_parse(struct arena *a, const char *text, struct event_format *out);
