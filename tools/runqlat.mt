#!/usr/bin/env mtrace
// runqlat: how long threads that could run had to wait for a CPU.
//
//     runqlat.mt [--for 10] [-- --by-comm]
//
// A histogram in microseconds. Long waits with idle CPUs are a scheduler's or a cgroup's fault
// (throttling); long waits with busy ones are a machine's that is too small.
//
// runqlat.mt --for 1 prints, in part:
//
//     @us:
//     [0]                  291 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
//     [1]                   42 |@@@@@@@                                             |
//     [2, 4)                94 |@@@@@@@@@@@@@@@@                                    |
//     [4, 8)               266 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@     |
//     [8, 16)               93 |@@@@@@@@@@@@@@@@                                    |
//     [16, 32)              71 |@@@@@@@@@@@@                                        |
config = { max_map_keys = 65536; print_maps_on_exit = 0 }

rawtracepoint:sched_wakeup, rawtracepoint:sched_wakeup_new
{
	$p = (struct task_struct *)arg0; // before 6.6, types do not name it
	@ready[$p.pid] = (int64)nsecs;
}

rawtracepoint:sched_switch
{
	$prev = args.prev;
	$next = args.next;
	if (args.preempt && $prev.pid) {
		@ready[$prev.pid] = (int64)nsecs;
	}
	$from = @ready[$next.pid];
	if ($from) {
		_ = delete(@ready, $next.pid);
		$us = (uint64)((int64)nsecs - $from) / 1000;
		if (getopt("by-comm", false, "a histogram for each program")) {
			@by_comm[$next.comm] = hist($us);
		} else {
			@us = hist($us);
		}
	}
}

END
{
	if (getopt("by-comm", false, "a histogram for each program")) {
		print(@by_comm);
	} else {
		print(@us);
	}
}
