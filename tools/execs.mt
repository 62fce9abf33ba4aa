#!/usr/bin/env mtrace
// execs: every program that is started, with its arguments.
//
//     execs.mt [-- --comm=sh]        only those started by a program of this name
//
// A line says when, the process, its parent, who called exec, and the command line. Short-lived
// programs that top and ps never show are what this is for: a service that forks a shell ten
// times a second, a build step that is run twice.
//
// execs.mt -c "./build.sh" prints, in part:
//
//     TIME     PID     PPID    CALLER          ARGUMENTS
//     18:05:52 7141    7130    bashcopy        sleep 0.05
//     18:06:24 8023    8022    chores          /bin/sh -c exit 0 chore
config = { print_maps_on_exit = 0 }

BEGIN
{
	printf("%-8s %-7s %-7s %-15s %s\n", "TIME", "PID", "PPID", "CALLER", "ARGUMENTS");
}

tracepoint:syscalls:sys_enter_execve, tracepoint:syscalls:sys_enter_execveat
/ getopt("comm", "", "only what this program starts") == "" ||
  comm == getopt("comm", "", "only what this program starts") /
{
	printf("%-8s %-7d %-7d %-15s ", strftime("%H:%M:%S", nsecs), pid, ppid, comm);
	join(args.argv);
}
