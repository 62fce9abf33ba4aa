#!/usr/bin/env mtrace
// slowsys: system calls that took long, one line each.
//
//     slowsys.mt [-p PID] [-- --ms=10] [-- --comm=NAME]
//
// What a process waits for and why it does not answer: a futex, a disk, a peer. Calls that are
// meant to wait (poll, epoll_wait, nanosleep, select, wait4; by their x86-64
// numbers) are left out unless --all is given.
// The threshold is compared in the kernel; nothing but the slow ones is sent.
//
// slowsys.mt -- --ms=40 prints, in part:
//
//     TIME     TID     COMM            CALL                       ms RESULT
//     18:05:55 7233    head            read                   61.357 182
//     18:05:55 7116    ld              futex                  60.999 0
//     18:05:55 19306   node            futex                  50.115 -110 (Connection timed out)
config = { print_maps_on_exit = 0 }

BEGIN
{
	printf("%-8s %-7s %-15s %-18s %10s %s\n", "TIME", "TID", "COMM", "CALL", "ms", "RESULT");
}

tracepoint:raw_syscalls:sys_enter
{
	@start[tid] = (int64)nsecs;
}

tracepoint:raw_syscalls:sys_exit / @start[tid] /
{
	$ns = (uint64)((int64)nsecs - @start[tid]);
	_ = delete(@start, tid);
	$id = args.id;
	$waits = $id == 7 || $id == 23 || $id == 35 || $id == 61 || $id == 230 || $id == 232 ||
	         $id == 270 || $id == 271 || $id == 281 || $id == 441;
	$name = getopt("comm", "", "only this program");
	if ($ns >= getopt("ms", 10, "at least so long") * 1000000 &&
	    ($name == "" || comm == $name) && (!$waits || getopt("all", false, "waiting calls, too"))) {
		printf("%-8s %-7d %-15s %-18s %6d.%03d %ld", strftime("%H:%M:%S", nsecs), tid, comm,
		       syscall_name($id), $ns / 1000000, ($ns / 1000) % 1000, args.ret);
		if (args.ret < 0 && args.ret > -4096) {
			printf(" (%s)", strerror(-args.ret));
		}
		printf("\n");
	}
}
