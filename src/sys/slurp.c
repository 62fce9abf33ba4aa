// slurp.c: read a file to its end.
//
// Enters: a path or descriptor. Leaves: its bytes. Refuses: more than the limit, so that a
// file that somebody else provides cannot eat the memory.
//
// Files of procfs and tracefs give a page per read(2) whatever is asked for and say that
// their size is 0; the buffer doubles, starting from what stat(2) says.
#include "sys/slurp.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/huge.h"

enum { FIRST_SIZE = 256 << 10 };

static int grow(char **data, size_t *cap, size_t limit)
{
	if (*cap > limit)
		return -EFBIG;
	size_t want = *cap * 2 > limit ? limit + 1 : *cap * 2;
	char *bigger = huge_malloc(want + 1);
	if (!bigger)
		return -ENOMEM;
	memcpy(bigger, *data, *cap);
	free(*data);
	*data = bigger;
	*cap = want;
	return 0;
}

int slurp_fd(int fd, size_t limit, char **data, size_t *len)
{
	struct stat st;
	size_t cap = FIRST_SIZE, n = 0;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (st.st_size > 0 && (size_t)st.st_size > limit)
		return -EFBIG;
	if (st.st_size > 0)
		cap = (size_t)st.st_size + 1;
	_cleanup_free_ char *buf = huge_malloc(cap + 1);
	if (!buf)
		return -ENOMEM;
	for (;;) {
		int err = n == cap ? grow(&buf, &cap, limit) : 0;
		if (err)
			return err;
		ssize_t got = read(fd, buf + n, cap - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	if (n > limit)
		return -EFBIG;
	buf[n] = '\0';
	*data = TAKE_PTR(buf);
	*len = n;
	return 0;
}

int slurp(const char *path, size_t limit, char **data, size_t *len)
{
	// O_NONBLOCK: a FIFO that was put there must not stop us.
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	return slurp_fd(fd, limit, data, len);
}
