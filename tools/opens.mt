#!/usr/bin/env mtrace
// opens: files as they are opened, and what came of it.
//
//     opens.mt [-p PID] [-- --failed]
//
// FD is the descriptor, or -1 with the error. With --failed only what could not be opened: which
// configuration file does it look for, and where?
//
// opens.mt -c "cat /nonexistent" prints, in part:
//
//     PID     COMM              FD       us PATH
//     7184    cat                3        8 /etc/ld.so.cache
//     7184    cat                3        2 /lib/x86_64-linux-gnu/libc.so.6
//     7184    cat               -1       17 /usr/lib/locale/locale-archive: No such file or directory
config = { print_maps_on_exit = 0 }

BEGIN
{
	printf("%-7s %-15s %4s %8s %s\n", "PID", "COMM", "FD", "us", "PATH");
}

tracepoint:syscalls:sys_enter_open, tracepoint:syscalls:sys_enter_openat,
tracepoint:syscalls:sys_enter_openat2
{
	@path[tid] = args.filename;
	@start[tid] = (int64)nsecs;
}

tracepoint:syscalls:sys_exit_open, tracepoint:syscalls:sys_exit_openat,
tracepoint:syscalls:sys_exit_openat2 / @path[tid] /
{
	$us = (uint64)((int64)nsecs - @start[tid]) / 1000;
	if (args.ret < 0) {
		printf("%-7d %-15s %4d %8d %s: %s\n", pid, comm, -1, $us, str(@path[tid]),
		       strerror(-args.ret));
	} else if (!getopt("failed", false, "only what could not be opened")) {
		printf("%-7d %-15s %4d %8d %s\n", pid, comm, args.ret, $us, str(@path[tid]));
	}
	_ = delete(@path, tid);
	_ = delete(@start, tid);
}
