// tracefs.c: categories, events and format files.
//
// Enters: a directory of events. Leaves: names, ids, fields. Refuses format files that do not
// say where their fields are; a line that is not understood is no field.
#include "sys/tracefs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "sys/slurp.h"

enum { FORMAT_MAX = 1 << 20, COUNT_MAX = 1 << 16 };

static const char *const places[] = {"/sys/kernel/tracing/events",
				     "/sys/kernel/debug/tracing/events"};

const char *tracefs_events(struct arena *a, const char *root)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const char *path = arena_printf(a, "%s%s", root_prefix(root), places[i]);
		if (!access(path, R_OK | X_OK))
			return path;
	}
	return NULL;
}

// ---- names -----------------------------------------------------------------------------

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// The directories of a directory.
static int list_directories(struct arena *a, const char *path, struct name_list *out)
{
	DIR *dir = opendir(path);

	*out = (struct name_list){0};
	if (!dir)
		return -errno;
	for (const struct dirent *d; (d = readdir(dir));)
		if (d->d_type == DT_DIR && d->d_name[0] != '.')
			arena_push(a, out, arena_strdup(a, d->d_name));
	closedir(dir);
	if (out->len)
		qsort(out->data, out->len, sizeof(*out->data), compare_names);
	return 0;
}

int tracefs_categories(struct arena *a, const char *events, struct name_list *out)
{
	return list_directories(a, events, out);
}

int tracefs_list(struct arena *a, const char *events, const char *category, struct name_list *out)
{
	return list_directories(a, arena_printf(a, "%s/%s", events, category), out);
}

// Names come from scripts: nothing but a name may become part of a path.
static bool is_name(const char *s)
{
	return *s && *s != '.' && !strchr(s, '/');
}

static bool event_path(const char *events, const char *category, const char *event,
		       const char *file, char path[4096])
{
	return is_name(category) && is_name(event) &&
	       snprintf(path, 4096, "%s/%s/%s/%s", events, category, event, file) < 4096;
}

bool tracefs_has(const char *events, const char *category, const char *event)
{
	char path[4096];

	return event_path(events, category, event, "", path) && !access(path, F_OK);
}

int tracefs_id(const char *events, const char *category, const char *event, uint32_t *id)
{
	char path[4096];

	if (!event_path(events, category, event, "id", path))
		return -ENOENT;
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	if (!f)
		return -errno;
	return fscanf(f, "%u", id) == 1 ? 0 : -EBADMSG;
}

// ---- format files ----------------------------------------------------------------------

static bool skip_prefix(const char **s, const char *prefix)
{
	if (!str_starts_with(*s, prefix))
		return false;
	*s += strlen(prefix);
	return true;
}

// "name[16]" or "name[]" at the end of a declaration; the length of one without is 0.
static bool split_array(struct event_field *f, char *decl)
{
	char *open = strchr(decl, '[');

	// A length that stands behind the type is the type's: "__data_loc char[] name".
	if (!open || !strchr(open, ']') || strchr(open, ']')[1])
		return true;
	*open = '\0';
	unsigned long n = strtoul(open + 1, NULL, 10); // or the name of a constant
	if (n > COUNT_MAX)
		return false;
	f->count = n ? (uint32_t)n : UINT32_MAX; // see finish_array
	return true;
}

// The name is the last word.
static bool split_name(struct arena *a, struct event_field *f, char *decl)
{
	char *end = decl + strlen(decl);

	while (end > decl && (isalnum((unsigned char)end[-1]) || end[-1] == '_'))
		end--;
	if (!*end || end == decl)
		return false;
	f->name = arena_strdup(a, end);
	while (end > decl && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	f->type = decl;
	f->is_pointer = strchr(decl, '*') != NULL;
	return true;
}

// Sizes of elements that a type's name tells; the rest divides evenly, or is bytes.
static uint32_t element_size(const struct event_field *f)
{
	static const struct {
		const char *name;
		uint32_t size;
	} known[] = {
	    {"char", 1},
	    {"u8", 1},
	    {"__u8", 1},
	    {"unsigned char", 1},
	    {"u16", 2},
	    {"__u16", 2},
	    {"unsigned short", 2},
	    {"short", 2},
	    {"__be16", 2},
	    {"u32", 4},
	    {"__u32", 4},
	    {"int", 4},
	    {"__be32", 4},
	    {"unsigned", 4},
	    {"unsigned int", 4},
	    {"s32", 4},
	    {"u64", 8},
	    {"__u64", 8},
	    {"unsigned long", 8},
	    {"long", 8},
	    {"uint8_t", 1},
	    {"uint16_t", 2},
	    {"uint32_t", 4},
	    {"uint64_t", 8},
	    {"__s32", 4},
	    {"__s64", 8},
	    {"s64", 8},
	    {"unsigned long long", 8},
	    {"s8", 1},
	    {"signed char", 1},
	    {"bool", 1},
	    {"int32_t", 4},
	};
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(known[i].name, f->type))
			return known[i].size;
	return f->is_pointer ? 8 : 0;
}

// A length may be the name of a constant: the size knows better.
static void finish_array(struct event_field *f)
{
	uint32_t each = element_size(f);

	if (!f->count)
		return;
	if (each && f->size % each == 0)
		f->count = f->size / each;
	else if (f->count == UINT32_MAX || !f->size || f->size % f->count)
		f->count = f->size;
}

static bool parse_numbers(const char *s, struct event_field *f)
{
	unsigned offset, size, is_signed;

	if (sscanf(s, "; offset:%u; size:%u; signed:%u", &offset, &size, &is_signed) != 3)
		return false;
	f->offset = offset;
	f->size = size;
	f->is_signed = is_signed;
	return true;
}

// `s` stands behind "field:"
static bool parse_field(struct arena *a, const char *s, struct event_field *f)
{
	size_t n = strcspn(s, ";\n");

	*f = (struct event_field){0};
	if (s[n] != ';' || !parse_numbers(s + n, f))
		return false;
	f->decl = arena_strndup(a, s, n);
	char *decl = arena_strndup(a, s, n);
	if (str_starts_with(decl, "__data_loc "))
		f->data = EVENT_DATA_LOC;
	else if (str_starts_with(decl, "__rel_loc "))
		f->data = EVENT_DATA_REL_LOC;
	if (!split_array(f, decl) || !split_name(a, f, decl))
		return false;
	f->is_common = str_starts_with(f->name, "common_");
	finish_array(f);
	return true;
}

bool tracefs_parse(struct arena *a, const char *text, struct event_format *out)
{
	bool has_id = false;
	struct event_field f;

	for (const char *p = text; p && *p; p = strchr(p, '\n'), p = p ? p + 1 : NULL) {
		while (*p == '\t' || *p == ' ')
			p++;
		if (skip_prefix(&p, "ID: ")) {
			out->id = (uint32_t)strtoul(p, NULL, 10);
			has_id = true;
		} else if (skip_prefix(&p, "field:") && parse_field(a, p, &f)) {
			arena_push(a, &out->fields, f);
		} else if (str_starts_with(p, "print fmt:")) {
			break;
		}
	}
	return has_id && out->fields.len;
}

int tracefs_format(struct arena *a, const char *events, const char *category, const char *event,
		   struct event_format *out)
{
	_cleanup_free_ char *text = NULL;
	char path[4096];
	size_t len;

	*out = (struct event_format){.category = category, .name = event};
	if (!event_path(events, category, event, "format", path))
		return -ENOENT;
	int err = slurp(path, FORMAT_MAX, &text, &len);
	if (err)
		return err;
	return tracefs_parse(a, text, out) ? 0 : -EBADMSG;
}

const struct event_field *event_find_field(const struct event_format *f, const char *name)
{
	for (size_t i = 0; i < f->fields.len; i++)
		if (!strcmp(f->fields.data[i].name, name))
			return &f->fields.data[i];
	return NULL;
}
