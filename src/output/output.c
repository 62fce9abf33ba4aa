// output: the file that results are written to, its buffering and its errors. Lines of a sink
// enter (o->line), bytes leave. A write that fails is reported once; a closed pipe ends
// tracing without a word, as it ends other tools.
#include "output/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "bpf/abi.h"
#include "output/internal.h"
#include "sys/cgroup.h"
#include "sys/kernel_funcs.h"
#include "sys/usym.h"

#define FILE_BUFFER (64u << 10)
#define GATHERED (64u << 10) // bytes of a drain's lines that are written at once

// ---- writing -----------------------------------------------------------------------------

void output_write_error(struct output *o, int err)
{
	if (!o->state.write_errors && err != EPIPE)
		log_error("cannot write the output: %s", strerror(err));
	o->state.write_errors++;
	o->state.pipe_closed |= err == EPIPE;
	o->state.exit_requested = true;
	clearerr(o->file);
}

void output_write_line(struct output *o)
{
	if (!o->line.len || (o->gathers && o->line.len < GATHERED))
		return;
	if (o->capture) {
		buf_append(o->capture, o->line.data, o->line.len);
		buf_clear(&o->line);
		return;
	}
	errno = 0;
	// Line-buffered, fwrite may say that all went well and only mark the stream.
	if (fwrite_unlocked(o->line.data, 1, o->line.len, o->file) != o->line.len ||
	    ferror_unlocked(o->file))
		output_write_error(o, errno ? errno : EIO);
	buf_clear(&o->line);
}

// Lines of one drain leave together, unless each is to be seen by itself.
void output_gather(struct output *o, bool on)
{
	o->gathers = on && !o->line_by_line && !o->capture;
	output_write_line(o);
}

void output_flush(struct output *o)
{
	bool gathers = o->gathers;

	o->gathers = false;
	output_write_line(o);
	o->gathers = gathers;
	errno = 0;
	if (fflush(o->file))
		output_write_error(o, errno ? errno : EIO);
}

static void set_buffering(struct output *o, enum output_buffering b)
{
	int mode = o->tty ? _IOLBF : _IOFBF;

	if (b == BUFFER_LINE)
		mode = _IOLBF;
	else if (b == BUFFER_FULL)
		mode = _IOFBF;
	else if (b == BUFFER_NONE)
		mode = _IONBF;
	o->line_by_line = mode != _IOFBF;
	setvbuf(o->file, NULL, mode, mode == _IONBF ? 0 : FILE_BUFFER);
}

// ---- life --------------------------------------------------------------------------------

static bool events_are_sound(const struct program *p)
{
	for (size_t i = 0; i < p->events.len; i++) {
		if (!event_is_sound(p->events.data[i]))
			return false;
	}
	return true;
}

static size_t stack_addresses(void *ctx, uint64_t id, uint64_t *addresses, size_t n)
{
	struct output *o = ctx;
	const struct map_def *m = program_find_map(o->program, MAP_STACKS);
	size_t head = sizeof(struct stack_trace), room;

	if (!m || !o->maps.lookup || m->value_size < head)
		return 0;
	buf_clear(&o->trace);
	buf_reserve(&o->trace, m->value_size);
	if (o->maps.lookup(o->maps.ctx, m, &id, o->trace.data))
		return 0;
	room = (m->value_size - head) / sizeof(*addresses);
	if (n > room)
		n = room;
	memcpy(addresses, o->trace.data + head, n * sizeof(*addresses));
	return n;
}

struct output *output_create(const struct program *p, const struct output_options *opts, FILE *file)
{
	struct output *o = calloc(1, sizeof(*o));

	if (!o)
		return NULL;
	if (!events_are_sound(p))
		bug("an event's arguments lie outside its record");
	o->program = p;
	o->file = file;
	o->sink = opts->format == OUTPUT_JSON ? &json_sink : &text_sink;
	o->tty = isatty(fileno(file));
	o->flush_drained = opts->buffering != BUFFER_FULL;
	o->unsafe = opts->unsafe;
	o->quiet = opts->quiet;
	o->no_warnings = opts->no_warnings;
	o->colour = opts->colour;
	o->max_events = opts->max_events;
	o->printer = (struct printer){
	    .program = p,
	    .clocks = &o->clocks,
	    .usyms = usyms_new("/", opts->debug_dirs),
	    .kallsyms = kallsyms_new("/"),
	    .cgroups = cgroups_new(),
	    .funcs = p->func_is_address ? func_names_new(p) : NULL,
	    .stack = stack_addresses,
	    .stack_ctx = o,
	    .escape = o->tty && opts->format == OUTPUT_TEXT,
	};
	set_buffering(o, opts->buffering);
	return o;
}

struct output *output_new(const struct program *p, const struct output_options *opts,
			  map_fd_fn map_fd, void *ctx)
{
	FILE *file = opts->path ? fopen(opts->path, "we") : stdout;
	struct output *o = file ? output_create(p, opts, file) : NULL;

	if (!o) {
		log_error("Failed to open output file: \"%s\": %s",
			  opts->path ? opts->path : "stdout", strerror(errno));
		return NULL;
	}
	o->owns_file = opts->path;
	o->kernel_maps.fd = map_fd;
	o->kernel_maps.fd_ctx = ctx;
	o->maps = kernel_map_reader(&o->kernel_maps);
	o->ring_fd = -1;
	if (drain_open(o))
		return o;
	output_free(o);
	return NULL;
}

void output_free(struct output *o)
{
	if (!o)
		return;
	output_flush(o);
	if (o->owns_file && fclose(o->file))
		output_write_error(o, errno);
	usyms_free(o->printer.usyms);
	kallsyms_free(o->printer.kallsyms);
	func_names_free(o->printer.funcs);
	cgroups_free(o->printer.cgroups);
	drain_close(o);
	entries_release(&o->entries);
	kernel_maps_release(&o->kernel_maps);
	buf_release(&o->clocks.format);
	buf_release(&o->line);
	buf_release(&o->scratch);
	buf_release(&o->trace);
	buf_release(&o->lost.told);
	free(o);
}

const struct output_state *output_state(const struct output *o)
{
	return &o->state;
}

void output_text(struct output *o, const char *s, size_t n)
{
	if (o->ended)
		return;
	o->sink->text(o, TEXT_PRINTF, s, n);
	output_write_line(o);
}

void output_attached(struct output *o, unsigned probes)
{
	o->sink->attached(o, probes);
	output_flush(o);
}
