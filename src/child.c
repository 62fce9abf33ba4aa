// child: in goes the command line of -c; out comes a process held before its execve.
// Refuses commands that cannot be split or whose program does not exist.
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "child_entry.h"

struct words {
	char **data;
	size_t len;
};

static void words_release(struct words *w)
{
	for (size_t i = 0; i < w->len; i++)
		free(w->data[i]);
	free(w->data);
}

static void words_push(struct words *w, char *word)
{
	char **grown = realloc(w->data, (w->len + 2) * sizeof(*grown));

	if (!grown)
		abort();
	w->data = grown;
	w->data[w->len++] = word;
	w->data[w->len] = NULL;
}

// One word from *p on; advances *p. False when a quote is not closed.
static bool next_word(const char **p, struct buf *word)
{
	char quote = 0;

	for (; **p; (*p)++) {
		char c = **p;

		if (quote && c == quote) {
			quote = 0;
		} else if (!quote && (c == '\'' || c == '"')) {
			quote = c;
		} else if (c == '\\' && quote != '\'' && (*p)[1]) {
			(*p)++;
			buf_putc(word, **p);
		} else if (!quote && strchr(" \t\n", c)) {
			break;
		} else {
			buf_putc(word, c);
		}
	}
	return !quote;
}

static bool split_command(const char *command, struct words *out)
{
	const char *p = command;

	for (;;) {
		struct buf word = {0};

		p += strspn(p, " \t\n");
		if (!*p)
			return true;
		if (!next_word(&p, &word)) {
			buf_release(&word);
			return false;
		}
		buf_append(&word, "", 0);
		words_push(out, word.data ? buf_take(&word) : strdup(""));
	}
}

static bool is_executable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

// Where execvp would find it; malloc'ed, NULL if nowhere.
static char *find_program(const char *name)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/'))
		return is_executable(name) ? strdup(name) : NULL;
	for (const char *dir = path ? path : "/usr/bin:/bin"; dir; dir = strchr(dir, ':')) {
		size_t n;
		struct buf candidate = {0};

		dir += *dir == ':';
		n = strcspn(dir, ":");
		buf_printf(&candidate, "%.*s/%s", (int)n, n ? dir : ".", name);
		if (is_executable(candidate.data))
			return buf_take(&candidate);
		buf_release(&candidate);
	}
	return NULL;
}

// In the child: wait for the go-ahead, then become the program. Reports execve's errno.
_Noreturn static void run_held(const char *program, char **argv, int go_fd, int exec_fd)
{
	sigset_t none;
	char byte;
	int err;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (read(go_fd, &byte, 1) != 1)
		_exit(127);
	execv(program, argv);
	err = errno;
	if (write(exec_fd, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

static int fork_held(struct child *c, const char *program, char **argv)
{
	int go[2], exec[2];

	if (pipe2(go, O_CLOEXEC) || pipe2(exec, O_CLOEXEC)) {
		log_error("cannot make a pipe for -c: %s", strerror(errno));
		return -1;
	}
	c->pid = fork();
	if (c->pid < 0) {
		log_error("cannot fork for -c: %s", strerror(errno));
		c->pid = 0;
		return -1;
	}
	if (c->pid == 0) {
		close(go[1]);
		close(exec[0]);
		run_held(program, argv, go[0], exec[1]);
	}
	close(go[0]);
	close(exec[1]);
	c->go_fd = go[1];
	c->exec_fd = exec[0];
	c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0);
	return 0;
}

int child_start(struct child *c, const char *command)
{
	_cleanup_(words_release) struct words words = {0};
	_cleanup_free_ char *program = NULL;

	if (!split_command(command, &words)) {
		log_error("-c: a quote is not closed in: %s", command);
		return -1;
	}
	if (!words.len) {
		log_error("-c: no command given");
		return -1;
	}
	program = find_program(words.data[0]);
	if (!program) {
		log_error("Failed to fork child: Path '%s' does not exist or is not executable",
			  words.data[0]);
		return -1;
	}
	return fork_held(c, program, words.data);
}

static void hold_at_entry(struct child *c, child_fn at_entry, void *ctx)
{
	int status = -1;

	if (!child_entry_wait(c->pid, &status)) {
		at_entry(ctx, c->pid);
		child_entry_go(c->pid);
	} else if (status != -1) {
		c->ended = true;
		c->status = status;
	}
}

int child_release(struct child *c, child_fn at_entry, void *ctx)
{
	bool held = c->go_fd >= 0 && at_entry && !child_entry_arm(c->pid);
	int err = 0;

	if (c->go_fd < 0)
		return 0;
	if (write(c->go_fd, "g", 1) != 1)
		err = errno;
	close(TAKE_FD(c->go_fd));
	if (held && !err)
		hold_at_entry(c, at_entry, ctx);
	if (!err && read(c->exec_fd, &err, sizeof(err)) != sizeof(err))
		err = 0;
	close(TAKE_FD(c->exec_fd));
	if (err)
		log_error("-c: cannot run the program: %s", strerror(err));
	return err ? -1 : 0;
}

bool child_poll(struct child *c)
{
	if (c->pid && !c->ended && waitpid(c->pid, &c->status, WNOHANG) == c->pid)
		c->ended = true;
	return c->pid && c->ended;
}

static void end_child(struct child *c)
{
	struct pollfd p = {.fd = c->pidfd, .events = POLLIN};

	kill(c->pid, SIGTERM);
	if (c->pidfd >= 0)
		poll(&p, 1, 1000);
	if (!child_poll(c)) {
		kill(c->pid, SIGKILL);
		waitpid(c->pid, &c->status, 0);
		c->ended = true;
	}
}

void child_finish(struct child *c, const char *command)
{
	bool ended_itself = child_poll(c);

	if (!c->pid)
		return;
	if (c->go_fd >= 0)
		close(TAKE_FD(c->go_fd));
	if (c->exec_fd >= 0)
		close(TAKE_FD(c->exec_fd));
	if (!ended_itself)
		end_child(c);
	if (c->pidfd >= 0)
		close(TAKE_FD(c->pidfd));
	if (!ended_itself)
		log_verbose("child '%s' was still running and was ended", command);
	else if (WIFSIGNALED(c->status))
		log_note("child '%s' was killed by signal %d (%s)", command, WTERMSIG(c->status),
			 strsignal(WTERMSIG(c->status)));
	else if (WEXITSTATUS(c->status))
		log_note("child '%s' exited with status %d", command, WEXITSTATUS(c->status));
	else
		log_verbose("child '%s' exited with status 0", command);
	c->pid = 0;
}
