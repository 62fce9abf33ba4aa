#!/usr/bin/env mtrace
// syncs: fsync and fdatasync: who waits for the disk, for which file, how long.
//
//     syncs.mt [-p PID]
//
// A database's commits are its syncs; this shows each one, with its file, and a histogram of all of a
// program at the end.
BEGIN
{
	printf("%-8s %-7s %-15s %10s %s\n", "TIME", "PID", "COMM", "ms", "FILE");
}

tracepoint:syscalls:sys_enter_fsync, tracepoint:syscalls:sys_enter_fdatasync
{
	$file = *(curtask.files.fdt.fd + args.fd);
	@file[tid] = $file.f_path.dentry;
	@start[tid] = (int64)nsecs;
}

tracepoint:syscalls:sys_exit_fsync, tracepoint:syscalls:sys_exit_fdatasync / @start[tid] /
{
	$ns = (uint64)((int64)nsecs - @start[tid]);
	$dentry = @file[tid];
	printf("%-8s %-7d %-15s %6d.%03d %s\n", strftime("%H:%M:%S", nsecs), pid, comm, $ns / 1000000,
	       ($ns / 1000) % 1000, str($dentry.d_name.name, 64));
	@us[comm] = hist($ns / 1000);
	_ = delete(@start, tid);
	_ = delete(@file, tid);
}

END
{
	clear(@start);
	clear(@file);
}
