// read_script: reads all of it, refuses directories, unreadable files and absurd sizes.
#include "read_script.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "options.h"

static int read_all(int fd, const char *name, struct buf *text)
{
	for (;;) {
		ssize_t n;

		buf_reserve(text, 64 << 10);
		n = read(fd, text->data + text->len, text->cap - text->len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			log_error("cannot read %s: %s", name, strerror(errno));
			return -1;
		}
		text->len += (size_t)n;
		text->data[text->len] = '\0';
		if (n == 0)
			return 0;
		if (text->len > SCRIPT_MAX_BYTES) {
			log_error("%s is larger than %u MB: not a script", name,
				  SCRIPT_MAX_BYTES >> 20);
			return -1;
		}
	}
}

int read_script(const struct options *o, struct buf *text, const char **name)
{
	_cleanup_close_ int fd = -1;

	*name = "stdin";
	if (o->script) {
		buf_puts(text, o->script);
		return 0;
	}
	if (strcmp(o->file, "-") == 0)
		return read_all(STDIN_FILENO, "standard input", text);
	*name = o->file;
	fd = open(o->file, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		log_error("failed to open file '%s': %s", o->file, strerror(errno));
		return -1;
	}
	return read_all(fd, o->file, text);
}
