// command: system() and cat(). The formatted text in o->scratch is a command or a path; its
// output leaves through the sink. Reads no more than it is allowed to, waits for the shell.
#include "output/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"

#define MAX_COMMAND_OUTPUT (16u << 20)

extern char **environ;

// Up to `limit` bytes; what follows is read and thrown away when `drain` is set.
static int read_all(int fd, struct buf *out, size_t limit, bool drain)
{
	char room[4096];

	for (;;) {
		ssize_t n = read(fd, room, sizeof(room));
		size_t keep = n > 0 ? (size_t)n : 0;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		if (keep > limit - out->len)
			keep = limit - out->len;
		buf_append(out, room, keep);
		if (out->len == limit && !drain)
			return 0;
	}
}

// A shell whose standard output is `fd`, with signals as if it had been started by hand.
static int start_shell(const char *command, int fd, pid_t *pid)
{
	char *argv[] = {"sh", "-c", (char *)command, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int err;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	err = posix_spawn(pid, "/bin/sh", &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return -err;
}

static void report_status(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status))
		log_error("command exited with code %d", WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		log_error("command was ended by signal %d", WTERMSIG(status));
}

static int capture_shell(const char *command, struct buf *out, int *status)
{
	int ends[2], err;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	err = start_shell(command, ends[1], &pid);
	close(ends[1]);
	if (!err) {
		read_all(ends[0], out, MAX_COMMAND_OUTPUT, true);
		while (waitpid(pid, status, 0) < 0 && errno == EINTR)
			;
	}
	close(ends[0]);
	return err;
}

void command_run(struct output *o)
{
	struct buf out = {0};
	int status = 0, err;

	output_flush(o); // what was printed before comes first, also on a shared terminal
	err = capture_shell(buf_str(&o->scratch), &out, &status);
	if (err)
		log_error("cannot run '%s': %s", buf_str(&o->scratch), strerror(-err));
	else
		report_status(status);
	// bpftrace drops what a failing command printed; that is when it is needed most.
	if (!err && (out.len || !status))
		o->sink->text(o, TEXT_SYSTEM, buf_str(&out), out.len);
	buf_release(&out);
}

void command_cat(struct output *o)
{
	const char *path = buf_str(&o->scratch);
	// NONBLOCK: a FIFO without a writer must not stop us.
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct buf out = {0};
	int err = fd < 0 ? -errno : 0;

	if (err)
		log_error("failed to open file '%s' (%s)", path, strerror(-err));
	err = err ?: read_all(fd, &out, o->program->config.max_cat_bytes, false);
	if (err && fd >= 0)
		log_error("failed to read file '%s' (%s)", path, strerror(-err));
	if (out.len || (!err && fd >= 0))
		o->sink->text(o, TEXT_CAT, buf_str(&out), out.len);
	buf_release(&out);
}
