// syscalls: names of system calls, errnos and signals, for printing.
#pragma once

enum { KERNEL_ERRNO_MAX = 133 }; // EHWPOISON: the last that a kernel of Linux knows

const char *syscall_name(unsigned number); // NULL: no such system call here
int syscall_number(const char *name);	     // -1: no such system call here
const char *errno_text(int err);	   // "Unknown error" when it is none; -2 means 2
const char *signal_text(int sig);	   // "Killed"; "N/A" beyond the last signal
