// source: script texts come in, lines and columns of byte offsets leave. Every source
// takes len + 1 offsets of the shared address space, so that "end of file" of one is not
// the first byte of the next; each expansion of a macro takes as many again, so that a span
// tells for which call it is. Refuses more than 1 GiB altogether.
#include "base/source.h"

#include <string.h>

#define SOURCES_LIMIT (1u << 30)

static void find_lines(struct arena *a, struct source *src)
{
	size_t n = 1;

	for (size_t i = 0; i < src->len; i++)
		n += src->text[i] == '\n';
	src->lines = arena_array(a, uint32_t, n);
	src->line_count = 1;
	for (size_t i = 0; i < src->len; i++) {
		if (src->text[i] == '\n')
			src->lines[src->line_count++] = (uint32_t)i + 1;
	}
}

const struct source *sources_add(struct sources *s, const char *name, const char *text, size_t len)
{
	struct source *src;

	if (len >= SOURCES_LIMIT - s->next_base)
		return NULL;
	src = arena_new(s->arena, struct source);
	src->name = arena_strdup(s->arena, name);
	src->text = arena_strndup(s->arena, text, len);
	src->len = len;
	src->base = s->next_base;
	find_lines(s->arena, src);
	s->next_base += (uint32_t)len + 1;
	arena_push(s->arena, &s->files, src);
	return src;
}

const struct source *sources_expand(struct sources *s, const struct source *src, struct span call)
{
	struct source *copy;

	if (src->len >= SOURCES_LIMIT - s->next_base)
		return NULL;
	copy = arena_new(s->arena, struct source);
	*copy = *src; // the text and its lines are shared
	copy->base = s->next_base;
	copy->is_expansion = true;
	copy->call = call;
	s->next_base += (uint32_t)src->len + 1;
	arena_push(s->arena, &s->files, copy);
	return copy;
}

const struct source *sources_find(const struct sources *s, uint32_t offset)
{
	size_t low = 0, high = s->files.len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct source *src = s->files.data[mid];

		if (offset < src->base)
			high = mid;
		else if (offset - src->base > src->len)
			low = mid + 1;
		else
			return src;
	}
	return NULL;
}

struct source_pos sources_pos(const struct sources *s, uint32_t offset)
{
	struct source_pos pos = {.source = sources_find(s, offset), .line = 1, .column = 1};
	const struct source *src = pos.source;
	size_t low = 0, high;

	if (!src)
		return pos;
	offset -= src->base;
	high = src->line_count; // lines[low] <= offset < lines[high]
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (src->lines[mid] <= offset)
			low = mid;
		else
			high = mid;
	}
	pos.line = (unsigned)low + 1;
	pos.column = offset - src->lines[low] + 1;
	return pos;
}

const char *source_line(const struct source *src, unsigned line, size_t *len)
{
	size_t begin, end;

	if (line < 1 || line > src->line_count) {
		*len = 0;
		return "";
	}
	begin = src->lines[line - 1];
	end = line < src->line_count ? src->lines[line] - 1 : src->len;
	if (end > begin && src->text[end - 1] == '\r')
		end--;
	*len = end - begin;
	return src->text + begin;
}
