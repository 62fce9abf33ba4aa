// child_entry: a breakpoint at the entry point, by ptrace. In goes a process that waits before its
// execve; it comes to stand at its first instruction, or runs on where that is not to be had.
#include "child_entry.h"

#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>

#include "base/cleanup.h"
#include "base/log.h"

#if defined(__x86_64__)

#define INT3 0xccul

int child_entry_arm(pid_t pid)
{
	int err = ptrace(PTRACE_SEIZE, pid, NULL, (void *)(uintptr_t)PTRACE_O_TRACEEXEC) ? -1 : 0;

	if (err)
		log_verbose("-c: the program cannot be held at its entry point");
	return err;
}

// 0 when it has stopped with what `wanted` says; other signals are its own, and reach it.
static int wait_for(pid_t pid, int wanted, int *ended)
{
	int status, signal;

	for (;;) {
		if (waitpid(pid, &status, 0) != pid) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		if (!WIFSTOPPED(status)) {
			*ended = status;
			return -1;
		}
		if (status >> 8 == wanted)
			return 0;
		signal = status >> 16 ? 0 : WSTOPSIG(status); // an event of ptrace's is no signal
		ptrace(PTRACE_CONT, pid, NULL, (void *)(uintptr_t)signal);
	}
}

static uintptr_t entry_of(pid_t pid)
{
	_cleanup_fclose_ FILE *f = NULL;
	Elf64_auxv_t v;
	char path[40];

	snprintf(path, sizeof(path), "/proc/%d/auxv", pid);
	f = fopen(path, "re");
	while (f && fread(&v, sizeof(v), 1, f) == 1)
		if (v.a_type == AT_ENTRY)
			return v.a_un.a_val;
	return 0;
}

static bool poke(pid_t pid, uintptr_t where, unsigned long word)
{
	return !ptrace(PTRACE_POKETEXT, pid, (void *)where, (void *)word);
}

// Behind the breakpoint: back to before it.
static bool step_back(pid_t pid, uintptr_t entry, unsigned long word)
{
	return poke(pid, entry, word) &&
	       !ptrace(PTRACE_POKEUSER, pid, (void *)offsetof(struct user, regs.rip),
		       (void *)entry);
}

int child_entry_wait(pid_t pid, int *ended)
{
	unsigned long word;
	uintptr_t entry;

	if (wait_for(pid, SIGTRAP | PTRACE_EVENT_EXEC << 8, ended))
		return -1;
	entry = entry_of(pid);
	errno = 0;
	word = (unsigned long)ptrace(PTRACE_PEEKTEXT, pid, (void *)entry, NULL);
	// A breakpoint that is there already is a probe's: ours would not be told from it.
	if (errno || (word & 0xff) == INT3 || !poke(pid, entry, (word & ~0xfful) | INT3)) {
		child_entry_go(pid);
		return -1;
	}
	ptrace(PTRACE_CONT, pid, NULL, NULL);
	if (wait_for(pid, SIGTRAP, ended))
		return -1;
	if (step_back(pid, entry, word))
		return 0;
	child_entry_go(pid);
	return -1;
}

void child_entry_go(pid_t pid)
{
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
}

#else

int child_entry_arm(pid_t pid)
{
	return -1;
}

int child_entry_wait(pid_t pid, int *ended)
{
	return -1;
}

void child_entry_go(pid_t pid)
{
}

#endif
