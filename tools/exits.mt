#!/usr/bin/env mtrace
// exits: every process that ends, after how long, and how.
//
//     exits.mt [-- --failed]         only those with a status or killed by a signal
//
// Threads other than a process's first are not listed.
//
// exits.mt prints, in part:
//
//     TIME     PID     PPID    COMM                AGE ms  END
//     18:05:52 7155    7150    sleep                   71  0
//     18:05:52 7157    7150    cat                     27  1
//     18:05:52 7161    7150    bashcopy                 5  Terminated
//     18:05:52 7162    7150    sh                      19  3
BEGIN
{
	printf("%-8s %-7s %-7s %-15s %10s  %s\n", "TIME", "PID", "PPID", "COMM", "AGE ms", "END");
}

tracepoint:sched:sched_process_exit / pid == tid /
{
	$code = curtask.exit_code;
	$status = ($code >> 8) & 0xff;
	$signal = $code & 0x7f;
	if (!getopt("failed", false, "only with a status or a signal") || $code != 0) {
		printf("%-8s %-7d %-7d %-15s %10d  ", strftime("%H:%M:%S", nsecs), pid, ppid, comm,
		       (uint64)((int64)nsecs - (int64)curtask.start_boottime) / 1000000);
		if ($signal) {
			printf("%s%s\n", signal_name($signal), $code & 0x80 ? " (core dumped)" : "");
		} else {
			printf("%d\n", $status);
		}
	}
}
