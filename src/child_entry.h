// child_entry: holds a process where its program begins: everything that it was linked against is
// mapped then, and nothing of it has run.
#pragma once

#include <sys/types.h>

// Before its execve: the process will be held after it. 0, or -1: it cannot be.
int child_entry_arm(pid_t pid);
// Waits until it stands at its entry point. 0 when it does: let it go then. Else it runs, or has
// ended with the wait status *ended.
int child_entry_wait(pid_t pid, int *ended);
void child_entry_go(pid_t pid);
