// worker: what init becomes in the guest once all is mounted (so it is process 1). Works through
// /cases and reports on file 3 (the second serial line), one record per case, byte counts first
// so that output may hold anything:
//
//	@boot RELEASE
//	@start ID
//	@case ID STATUS TIMED_OUT MILLISECONDS OUT_BYTES ERR_BYTES KMSG_BYTES [KEPT_BYTES...]
//	<stdout><stderr><kernel messages><files of the case's EXPECT_FILE>...
//	@done
//
// A program, not a script: under emulation, each process that a script starts for this costs
// what a small case costs.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define CASES "/cases"
#define CASE_DIR "/run/case" // where the case runs: empty, but for a link to the programs
#define LOG_DIR "/run/log"
// "none voluntary (full)"; cases may change it.
#define PREEMPT "/sys/kernel/debug/sched/preempt"

enum {
	REPORT_FD = 3,
	LIMIT = 200000, // bytes of each stream that are reported
	KEPT_MAX = 16,	// EXPECT_FILEs of a case
	TERM_MS = 5000, // from SIGTERM to SIGKILL, and for what was killed to go
	READ_CLEAR = 4, // klogctl: read all messages, and forget them
};

struct text {
	char *data; // LIMIT bytes
	size_t len;
};

struct outcome {
	int status; // as sh has it: 128 + signal
	bool timed_out;
	int64_t ms;
};

static struct text out, err, kmsg, kept[KEPT_MAX];
static char preempt[64]; // the mode at boot

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

// ---- files -------------------------------------------------------------------------------------

static void read_file(const char *path, struct text *t)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n;

	t->len = 0;
	while (fd >= 0 && t->len < LIMIT && (n = read(fd, t->data + t->len, LIMIT - t->len)) > 0)
		t->len += (size_t)n;
	if (fd < 0)
		t->len = (size_t)snprintf(t->data, LIMIT, "%s: %s\n", path, strerror(errno));
	else
		close(fd);
}

// The first line, without its end.
static bool read_line(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, line, size - 1) : -1;

	if (fd >= 0)
		close(fd);
	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return n > 0;
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0) // a kernel without that file's feature
		text = NULL;
	close(fd);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	remove(path);
	return 0;
}

static void remove_tree(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

// ---- the report --------------------------------------------------------------------------------

static void send(const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(REPORT_FD, data, len);
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
}

static void send_line(const char *line)
{
	send(line, strlen(line));
	send("\n", 1);
}

static void report(const char *id, const struct outcome *o, size_t kept_count)
{
	char line[1024];
	int n = snprintf(line, sizeof(line), "@case %s %d %d %lld %zu %zu %zu", id, o->status,
			 o->timed_out, (long long)o->ms, out.len, err.len, kmsg.len);

	for (size_t i = 0; i < kept_count; i++)
		n += snprintf(line + n, sizeof(line) - (size_t)n, " %zu", kept[i].len);
	send_line(line);
	send(out.data, out.len);
	send(err.data, err.len);
	send(kmsg.data, kmsg.len);
	for (size_t i = 0; i < kept_count; i++)
		send(kept[i].data, kept[i].len);
}

// ---- processes ---------------------------------------------------------------------------------

// In the child: a session of its own, streams into files.
static void become_case(const char *script)
{
	sigset_t none;
	int in = open("/dev/null", O_RDONLY);
	int to_out = open(LOG_DIR "/out", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0644);
	int to_err = open(LOG_DIR "/err", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0644);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	close(REPORT_FD);
	if (chdir(CASE_DIR) || dup2(in, 0) < 0 || dup2(to_out, 1) < 0 || dup2(to_err, 2) < 0)
		_exit(127);
	if (in > 2)
		close(in);
	close(to_out);
	close(to_err);
	execl("/bin/sh", "sh", script, NULL);
	_exit(127);
}

// Process 1 inherits every orphan. Returns true when `pid` has ended, *status its.
static bool reap(pid_t pid, int *status)
{
	bool ended = false;
	pid_t one;
	int st;

	while ((one = waitpid(-1, &st, WNOHANG)) > 0)
		if (one == pid) {
			*status = WIFSIGNALED(st) ? 128 + WTERMSIG(st) : WEXITSTATUS(st);
			ended = true;
		}
	return ended;
}

// Until `deadline` (ms). SIGCHLD is blocked all the time, so none is missed.
static bool wait_for(pid_t pid, int64_t deadline, int *status)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while (!reap(pid, status)) {
		int64_t left = deadline - now_ms();
		struct timespec t = {left / 1000, left % 1000 * 1000000};
		if (left <= 0)
			return false;
		sigtimedwait(&child, NULL, &t);
	}
	return true;
}

// Whatever a case left behind goes before the next one starts.
static void kill_rest(void)
{
	int64_t deadline = now_ms() + TERM_MS;
	int status;

	kill(-1, SIGKILL);
	while (now_ms() < deadline) {
		reap(0, &status);
		if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
			return;
		wait_for(0, now_ms() + 2, &status);
	}
}

static void run(const char *script, long seconds, struct outcome *o)
{
	int64_t start = now_ms();
	pid_t pid = fork();

	if (!pid)
		become_case(script);
	o->status = 255;
	o->timed_out = !wait_for(pid, start + seconds * 1000, &o->status);
	if (o->timed_out) {
		kill(-pid, SIGTERM);
		if (!wait_for(pid, now_ms() + TERM_MS, &o->status))
			kill(-pid, SIGKILL);
	}
	o->ms = now_ms() - start;
	kill_rest();
}

// ---- cases -------------------------------------------------------------------------------------

// Other than at boot: patching the kernel back is slow, so only then.
static void restore_preempt(void)
{
	char now[64];

	if (read_line(PREEMPT, now, sizeof(now)) && strcmp(now, preempt) != 0) {
		char mode[64];
		const char *open = strchr(preempt, '(');
		snprintf(mode, sizeof(mode), "%.*s", (int)strcspn(open ? open + 1 : "", ")"),
			 open ? open + 1 : "");
		write_file(PREEMPT, mode);
	}
}

// The files named in `keep`, a line each, into kept[].
static size_t read_kept(const char *keep)
{
	char name[NAME_MAX + 1], path[PATH_MAX];
	size_t n = 0;
	FILE *f = fopen(keep, "re");

	while (f && n < KEPT_MAX && fgets(name, sizeof(name), f)) {
		name[strcspn(name, "\n")] = '\0';
		snprintf(path, sizeof(path), CASE_DIR "/%s", name);
		if (!kept[n].data)
			kept[n].data = malloc(LIMIT);
		read_file(path, &kept[n++]);
	}
	if (f)
		fclose(f);
	return n;
}

static void run_case(const char *id)
{
	char path[PATH_MAX], line[1024], name[256], seconds[32];
	struct outcome o;

	snprintf(line, sizeof(line), "@start %s", id);
	send_line(line);
	snprintf(path, sizeof(path), CASES "/%s/name", id);
	read_line(path, name, sizeof(name));
	snprintf(line, sizeof(line), "case %s: %s\n", id, name);
	write_file("/dev/kmsg", line);
	snprintf(path, sizeof(path), CASES "/%s/timeout", id);
	read_line(path, seconds, sizeof(seconds));
	mkdir(LOG_DIR, 0755);
	if (mkdir(CASE_DIR, 0755) || symlink("/progs", CASE_DIR "/progs"))
		fprintf(stderr, "worker: %s: %s\n", CASE_DIR, strerror(errno));
	snprintf(path, sizeof(path), CASES "/%s/run", id);
	run(path, atol(seconds), &o);
	read_file(LOG_DIR "/out", &out);
	read_file(LOG_DIR "/err", &err);
	int n = klogctl(READ_CLEAR, kmsg.data, LIMIT);
	kmsg.len = n > 0 ? (size_t)n : 0;
	restore_preempt();
	snprintf(path, sizeof(path), CASES "/%s/keep", id);
	report(id, &o, read_kept(path));
	remove_tree(CASE_DIR);
	remove_tree(LOG_DIR);
}

static int is_case(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

int main(void)
{
	struct dirent **cases;
	struct utsname system;
	sigset_t child;
	char line[128];

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	fcntl(REPORT_FD, F_SETFD, FD_CLOEXEC);
	out.data = malloc(LIMIT);
	err.data = malloc(LIMIT);
	kmsg.data = malloc(LIMIT);
	read_line(PREEMPT, preempt, sizeof(preempt));
	uname(&system);
	snprintf(line, sizeof(line), "@boot %s", system.release);
	send_line(line);
	klogctl(READ_CLEAR, kmsg.data, LIMIT);
	int n = scandir(CASES, &cases, is_case, alphasort);
	for (int i = 0; i < n; i++)
		run_case(cases[i]->d_name);
	send_line("@done");
	tcdrain(REPORT_FD);
	reboot(RB_POWER_OFF);
	return 1;
}
