// child: the program of -c. Started before probes attach but held before its execve, so that
// its pid is known and nothing of it is missed; released when every probe is attached.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct child {
	pid_t pid;   // 0: none
	int pidfd;   // readable when it has ended; -1: none
	int go_fd;   // our end of the pipe that holds it; -1 once released
	int exec_fd; // tells whether execve worked
	bool ended;
	int status; // wait status, when ended
};

#define CHILD_NONE {.pidfd = -1, .go_fd = -1, .exec_fd = -1}

// Split `command` as a shell would (quotes and backslashes, nothing else), look the program up in
// $PATH, fork. 0, or -1 after log_error.
int child_start(struct child *c, const char *command);
// Let it run. 0, or -1 after log_error when execve failed. With at_entry, that is called where its
// program begins, libraries mapped, nothing run; if it can be held there.
typedef void (*child_fn)(void *ctx, pid_t pid);
int child_release(struct child *c, child_fn at_entry, void *ctx);
bool child_poll(struct child *c); // has it ended? Reaps it.
// Ended or not: SIGTERM, then SIGKILL after a second; says how it ended when that was not plainly 0.
void child_finish(struct child *c, const char *command);
