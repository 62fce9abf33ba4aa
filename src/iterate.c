// iterate: an attached iterator enters; its text leaves, line by line. Reading the file is what
// makes the kernel run the program. One that is pinned is left for others to read.
#include "iterate.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "attach/tracer.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "output/output.h"

static const struct unit *find_iterator(const struct program *p)
{
	for (size_t i = 0; i < p->units.len; i++)
		if (p->units.data[i]->mech == MECH_ITER)
			return p->units.data[i];
	return NULL;
}

bool has_iterator(const struct program *p)
{
	return find_iterator(p);
}

// All whole lines, or at the end what is left.
static void print_lines(struct output *o, struct buf *text, bool end)
{
	size_t from = 0;
	const char *nl;

	while ((nl = memchr(text->data + from, '\n', text->len - from))) {
		size_t n = (size_t)(nl - (text->data + from)) + 1;
		output_text(o, text->data + from, n);
		from += n;
	}
	if (end && from < text->len) {
		output_text(o, text->data + from, text->len - from);
		from = text->len;
	}
	memmove(text->data, text->data + from, text->len - from);
	text->len -= from;
}

static int read_all(int fd, struct output *o, volatile const bool *stop)
{
	_cleanup_(buf_release) struct buf text = {0};
	char room[16384];
	ssize_t n = 1;

	while (n > 0 && !*stop && !output_state(o)->exit_requested) {
		n = read(fd, room, sizeof(room));
		if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
			n = 1;
			continue;
		}
		if (n < 0)
			return -errno;
		buf_append(&text, room, (size_t)n);
		print_lines(o, &text, !n);
		output_drain(o);
	}
	return 0;
}

int iterate(const struct program *p, struct tracer *t, struct output *o, volatile const bool *stop)
{
	const struct unit *u = find_iterator(p);
	_cleanup_(buf_release) struct buf where = {0};

	if (u->pin) {
		buf_printf(&where, "Program pinned to %s\n", u->pin);
		output_text(o, where.data, where.len);
		return 0;
	}
	_cleanup_close_ int fd = tracer_iter_fd(t, u);
	int err = fd < 0 ? fd : read_all(fd, o, stop);
	if (err)
		log_error("cannot read %s: %s", u->spec, strerror(-err));
	return err ? -1 : 0;
}
