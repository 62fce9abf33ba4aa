// unwind: from /proc/PID/maps and .eh_frame to the maps of dw_ustack. Rows and mappings wait here
// until they are stored, then their memory is given back: what is kept is which files are known,
// and where their rows are.
#include "attach/unwind.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "bpf/abi.h"
#include "sys/cfi.h"
#include "sys/slurp.h"
#include "sys/vdso.h"

enum {
	ROWS_MAX = 16 << 20,	  // of all files: 128 MiB in the kernel
	MAPPINGS_MAX = 1 << 16,	  // of one process: what is searched
	SPARE_MAPPINGS = 4096,
	MAPS_BYTES_MAX = 64 << 20, // of /proc/PID/maps
	STORED_AT_ONCE = 1 << 14, // elements
};

struct file {
	uint64_t inode;
	char device[16];
	uint32_t first_row, row_count; // of what is in the map, or will be
	struct cfi_segment *segments;  // owned
	size_t segment_count;
};

struct waiting { // elements that are to be stored, behind `stored` ones
	void *data;
	uint32_t count, room, stored;
	size_t size; // of one
};

struct unwinder {
	struct program *program; // borrowed
	struct file *files;
	size_t file_count;
	struct waiting rows, mappings;
	struct process {
		uint32_t pid;
		uint64_t mapped; // a hash of what it had mapped
		bool changed;	 // since it was stored
		struct unwind_process where;
	} *processes;
	size_t process_count;
	uint32_t row_limit, mapping_limit;
	bool full; // told
};

// One line of /proc/PID/maps.
struct line {
	uint64_t start, end, offset, inode;
	char device[16];
	const char *name;
};

static void *grown(void *old, size_t count, size_t size)
{
	void *p = realloc(old, count * size);

	if (!p)
		bug("out of memory");
	return p;
}

static void wait_for(struct waiting *w, const void *element)
{
	if (w->count == w->room) {
		w->room = w->room ? 2 * w->room : 1024;
		w->data = grown(w->data, w->room, w->size);
	}
	memcpy((char *)w->data + w->count++ * w->size, element, w->size);
}

static uint32_t known(const struct waiting *w)
{
	return w->stored + w->count;
}

struct unwinder *unwinder_new(struct program *p)
{
	struct unwinder *u;

	if (!program_find_map(p, MAP_UNWIND_ROWS))
		return NULL;
	u = calloc(1, sizeof(*u));
	if (!u)
		bug("out of memory");
	u->program = p;
	u->rows.size = sizeof(struct unwind_row);
	u->mappings.size = sizeof(struct unwind_mapping);
	u->row_limit = ROWS_MAX;
	u->mapping_limit = UINT32_MAX;
	return u;
}

void unwinder_free(struct unwinder *u)
{
	if (!u)
		return;
	for (size_t i = 0; i < u->file_count; i++)
		free(u->files[i].segments);
	free(u->files);
	free(u->rows.data);
	free(u->mappings.data);
	free(u->processes);
	free(u);
}

// ---- files ---------------------------------------------------------------------------------

static const uint8_t rules[] = {[CFI_NONE] = UNWIND_STOP,
				[CFI_SP] = UNWIND_SP,
				[CFI_BP] = UNWIND_BP,
				[CFI_BP_DEREF] = UNWIND_BP_DEREF,
				[CFI_PLT] = UNWIND_PLT,
				[CFI_SIGNAL] = UNWIND_SIGNAL,
				[CFI_END] = UNWIND_STOP};

// In units of 8 bytes, which is how stacks are used. What does not fit ends stacks.
static struct unwind_row packed(const struct cfi_row *r)
{
	struct unwind_row out = {.pc = r->pc, .rule = rules[r->rule]};
	bool at_bp = r->bp == CFI_BP_AT_BP;

	out.cfa = (short)(r->cfa / 8);
	out.bp = at_bp ? UNWIND_BP_AT_BP : (signed char)(r->bp / 8);
	if (out.cfa * 8 != r->cfa || (!at_bp && (out.bp * 8 != r->bp || out.bp == UNWIND_BP_AT_BP)))
		return (struct unwind_row){.pc = r->pc, .rule = UNWIND_STOP};
	return out;
}

static void read_file(struct unwinder *u, struct file *f, const char *path, const char *name)
{
	struct cfi_table t = {0};
	const char *reason = NULL;
	int err = cfi_read(path, u->row_limit - known(&u->rows), &t, &reason);

	f->first_row = known(&u->rows);
	if (err == -EFBIG)
		log_warn("dw_ustack: no room for the tables of %s: stacks end there", name);
	else if (err)
		log_verbose("dw_ustack: stacks end in %s: %s", name, reason);
	for (size_t i = 0; !err && i < t.count; i++) {
		struct unwind_row r = packed(&t.rows[i]);

		wait_for(&u->rows, &r);
	}
	f->row_count = known(&u->rows) - f->first_row;
	f->segments = err ? NULL : TAKE_PTR(t.segments);
	f->segment_count = err ? 0 : t.segment_count;
	cfi_release(&t);
}

static void read_vdso(struct unwinder *u, struct file *f, uint64_t size)
{
	char path[VDSO_PATH_MAX];
	_cleanup_close_ int fd = vdso_open(size, path);

	if (fd >= 0)
		read_file(u, f, path, "[vdso]");
}

// map_files has it whatever has become of its name since.
static void open_file(struct unwinder *u, struct file *f, int pid, const struct line *l)
{
	char mapped[80];
	struct buf named = {0};

	snprintf(mapped, sizeof(mapped), "/proc/%d/map_files/%" PRIx64 "-%" PRIx64, pid, l->start,
		 l->end);
	buf_printf(&named, "/proc/%d/root%s", pid, l->name);
	if (vdso_is_named(l->name))
		read_vdso(u, f, l->end - l->start);
	else
		read_file(u, f, access(mapped, R_OK) ? buf_str(&named) : mapped, l->name);
	buf_release(&named);
}

static const struct file *file_of(struct unwinder *u, int pid, const struct line *l)
{
	struct file *f;

	for (size_t i = 0; i < u->file_count; i++)
		if (u->files[i].inode == l->inode && !strcmp(u->files[i].device, l->device))
			return &u->files[i];
	u->files = grown(u->files, u->file_count + 1, sizeof(*u->files));
	f = &u->files[u->file_count++];
	*f = (struct file){.inode = l->inode};
	memcpy(f->device, l->device, sizeof(f->device));
	open_file(u, f, pid, l);
	return f;
}

// ---- mappings ------------------------------------------------------------------------------

// Executable ones, of files.
static bool parse_line(char *text, struct line *l)
{
	char perms[5];
	int name = 0;

	if (sscanf(text, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %15s %" SCNu64 " %n", &l->start,
		   &l->end, perms, &l->offset, l->device, &l->inode, &name) < 6 || !name)
		return false;
	l->name = text + name;
	return perms[2] == 'x' && l->end > l->start &&
	       (l->name[0] == '/' || vdso_is_named(l->name));
}

// What turns an address of the mapping into one of the file.
static bool bias_of(const struct file *f, const struct line *l, uint64_t *bias)
{
	for (size_t i = 0; i < f->segment_count; i++) {
		const struct cfi_segment *s = &f->segments[i];
		uint64_t page = s->offset & ~(uint64_t)4095;

		if (l->offset < page || l->offset >= s->offset + s->size)
			continue;
		*bias = l->start - (s->address + (l->offset - s->offset));
		return true;
	}
	return false;
}

static void add_mapping(struct unwinder *u, int pid, const struct line *l,
			struct unwind_process *where)
{
	const struct file *f = file_of(u, pid, l);
	struct unwind_mapping m = {.start = l->start,
				   .end = l->end,
				   .first_row = f->first_row,
				   .row_count = f->row_count};

	if (!f->row_count || !bias_of(f, l, &m.bias) || where->mapping_count == MAPPINGS_MAX - 1)
		return;
	wait_for(&u->mappings, &m);
	where->mapping_count++;
}

static struct process *process_of(struct unwinder *u, int pid)
{
	for (size_t i = 0; i < u->process_count; i++)
		if (u->processes[i].pid == (uint32_t)pid)
			return &u->processes[i];
	u->processes = grown(u->processes, u->process_count + 1, sizeof(*u->processes));
	u->processes[u->process_count] = (struct process){.pid = (uint32_t)pid};
	return &u->processes[u->process_count++];
}

static uint64_t hash_line(uint64_t hash, const struct line *l)
{
	const uint64_t parts[] = {l->start, l->end, l->offset, l->inode};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		hash = (hash ^ parts[i]) * 0x9e3779b97f4a7c15ull;
	return hash;
}

static void each_line(char *text, void (*fn)(void *ctx, const struct line *l), void *ctx)
{
	char *rest = NULL;

	for (char *at = strtok_r(text, "\n", &rest); at; at = strtok_r(NULL, "\n", &rest)) {
		struct line l = {0};

		if (parse_line(at, &l))
			fn(ctx, &l);
	}
}

struct adding {
	struct unwinder *unwinder;
	int pid;
	uint64_t hash;
	struct unwind_process where;
};

static void hash_mapping(void *ctx, const struct line *l)
{
	struct adding *a = ctx;

	a->hash = hash_line(a->hash, l);
}

static void add_mapping_of(void *ctx, const struct line *l)
{
	struct adding *a = ctx;

	add_mapping(a->unwinder, a->pid, l, &a->where);
}

int unwinder_add(struct unwinder *u, int pid)
{
	_cleanup_free_ char *text = NULL, *copy = NULL;
	struct adding a = {.unwinder = u, .pid = pid, .where.first_mapping = known(&u->mappings)};
	struct process *p;
	char path[40];
	size_t len;
	int err;

	if (u->full)
		return 0; // it has been told
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	err = slurp(path, MAPS_BYTES_MAX, &text, &len);
	if (err)
		return err;
	copy = strdup(text);
	if (!copy)
		bug("out of memory");
	each_line(copy, hash_mapping, &a);
	p = process_of(u, pid);
	if (p->mapped == a.hash)
		return 0;
	each_line(text, add_mapping_of, &a);
	p->mapped = a.hash;
	p->where = a.where;
	p->changed = true;
	return 0;
}

// ---- maps ----------------------------------------------------------------------------------

void unwinder_size(struct unwinder *u, uint32_t spare)
{
	struct map_def *rows = program_find_map(u->program, MAP_UNWIND_ROWS);
	struct map_def *mappings = program_find_map(u->program, MAP_UNWIND_MAPPINGS);
	uint32_t free_rows = ROWS_MAX - known(&u->rows);

	u->row_limit = known(&u->rows) + (spare < free_rows ? spare : free_rows);
	u->mapping_limit = known(&u->mappings) + SPARE_MAPPINGS;
	rows->max_entries = u->row_limit ? u->row_limit : 1;
	mappings->max_entries = u->mapping_limit;
}

static int store_waiting(struct waiting *w, int fd)
{
	_cleanup_free_ uint32_t *keys = calloc(STORED_AT_ONCE, sizeof(*keys));
	uint32_t done = 0;
	int err = keys ? 0 : -1;

	while (!err && done < w->count) {
		uint32_t n = w->count - done < STORED_AT_ONCE ? w->count - done : STORED_AT_ONCE;

		for (uint32_t i = 0; i < n; i++)
			keys[i] = w->stored + done + i;
		err = bpf_map_update_batch(fd, keys, (char *)w->data + done * w->size, &n, NULL);
		done += n;
	}
	w->stored += done;
	w->count = w->room = 0;
	free(w->data);
	w->data = NULL;
	return err;
}

static int store_processes(struct unwinder *u, int fd)
{
	int err = 0;

	for (size_t i = 0; !err && i < u->process_count; i++) {
		struct process *p = &u->processes[i];

		if (p->changed)
			err = bpf_map_update_elem(fd, &p->pid, &p->where, BPF_ANY);
		p->changed = false;
	}
	return err;
}

int unwinder_store(struct unwinder *u, unwind_fd_fn fd, void *ctx)
{
	int rows = fd(ctx, program_find_map(u->program, MAP_UNWIND_ROWS));
	int mappings = fd(ctx, program_find_map(u->program, MAP_UNWIND_MAPPINGS));
	int processes = fd(ctx, program_find_map(u->program, MAP_UNWIND_PROCESSES));
	int err;

	if (known(&u->mappings) > u->mapping_limit) {
		if (!u->full)
			log_warn("dw_ustack: no room for more mappings: stacks end where libraries "
				 "were loaded since");
		u->full = true;
		return 0;
	}
	err = store_waiting(&u->rows, rows);
	err = err ?: store_waiting(&u->mappings, mappings);
	err = err ?: store_processes(u, processes);
	if (err)
		log_error("cannot store the tables of dw_ustack: %s", strerror(errno));
	return err ? -1 : 0;
}
