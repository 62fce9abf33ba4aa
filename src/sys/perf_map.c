// perf_map: a text file to a sorted table. See perf_map.h for the format.
#include "sys/perf_map.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"

#define SIZE_MAX_FILE (256 << 20)

// The pid in the innermost pid namespace, where the process lives.
static uint32_t own_pid(const char *root, uint32_t pid)
{
	_cleanup_free_ char *line = NULL;
	_cleanup_fclose_ FILE *f = NULL;
	char path[4096];
	size_t cap = 0;

	snprintf(path, sizeof(path), "%s/proc/%u/status", root, pid);
	f = fopen(path, "re");
	while (f && getline(&line, &cap, f) > 0) {
		const char *last = strncmp(line, "NSpid:", 6) ? NULL : strrchr(line, '\t');

		if (last)
			return (uint32_t)strtoul(last + 1, NULL, 10);
	}
	return pid; // gone, or a kernel without it
}

static bool parse_line(struct arena *a, char *line, struct jit_func *out)
{
	int name_at = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%" SCNx64 " %" SCNx64 " %n", &out->start, &out->size, &name_at) < 2)
		return false;
	if (!name_at || !line[name_at])
		return false;
	out->name = arena_printf(a, "%s", line + name_at);
	return true;
}

static int compare_starts(const void *a, const void *b)
{
	const struct jit_func *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static void read_file(struct arena *a, FILE *f, struct perf_map *m)
{
	_cleanup_free_ char *line = NULL;
	struct jit_func func;
	size_t cap = 0;

	m->funcs.len = 0;
	while (getline(&line, &cap, f) > 0)
		if (parse_line(a, line, &func))
			arena_push(a, &m->funcs, func);
	if (m->funcs.len > 1)
		qsort(m->funcs.data, m->funcs.len, sizeof(func), compare_starts);
}

void perf_map_read(struct arena *a, const char *root, uint32_t pid, struct perf_map *m)
{
	_cleanup_fclose_ FILE *f = NULL;
	struct stat st;
	char path[4096];

	if (!m->path)
		m->path = arena_printf(a, "/tmp/perf-%u.map", own_pid(root, pid));
	snprintf(path, sizeof(path), "%s/proc/%u/root%s", root, pid, m->path);
	f = fopen(path, "re");
	if (!f) { // the process is gone, its file may not be
		snprintf(path, sizeof(path), "%s%s", root, m->path);
		f = fopen(path, "re");
	}
	if (!f || fstat(fileno(f), &st) || !S_ISREG(st.st_mode) || st.st_size > SIZE_MAX_FILE)
		return;
	if (st.st_size == m->size)
		return; // nothing was added
	m->size = st.st_size;
	read_file(a, f, m);
}

const struct jit_func *perf_map_find(const struct perf_map *m, uint64_t address)
{
	size_t low = 0, high = m->funcs.len;
	const struct jit_func *f;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->funcs.data[mid].start <= address)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return NULL;
	f = &m->funcs.data[low - 1];
	return address - f->start < f->size ? f : NULL;
}
