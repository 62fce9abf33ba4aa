#!/usr/bin/env mtrace
// offcpu: where threads wait. Time that they were off the CPU, by program and stacks.
//
//     offcpu.mt [--for 10] [-- --us=100] [-- --comm=NAME]
//
// Only waits of at least --us microseconds count. Stacks are those at the moment the thread gave the
// CPU away. Preempted threads, which were ready to run, are left out: runqlat.mt is about them.
//
// offcpu.mt -c "./chores lock" -- --comm=chores --top=1 prints, in part:
//
//     @us[chores,
//             __schedule+1576
//             schedule+35
//             do_nanosleep+94
//             hrtimer_nanosleep+181
//             common_nsleep+48
//             __x64_sys_clock_nanosleep+222
//             do_syscall_64+113
//             entry_SYSCALL_64_after_hwframe+118
//     ,
//             clock_nanosleep+101
//             lock+61
//             main+135
//             __libc_start_call_main+122
//     ]: 50128
config = { max_map_keys = 16384; print_maps_on_exit = 0 }

rawtracepoint:sched_switch
{
	$prev = args.prev;
	$next = args.next;
	$only = getopt("comm", "", "only this program");
	if (!args.preempt && $prev.pid && ($only == "" || comm == $only)) {
		@start[$prev.pid] = nsecs;
		@kernel[$prev.pid] = kstack(12);
		@user[$prev.pid] = ustack(12);
	}
	$from = @start[$next.pid];
	if ($from) {
		$us = (nsecs - $from) / 1000;
		if ($us >= getopt("us", 100, "waits of at least this long")) {
			@us[$next.comm, @kernel[$next.pid], @user[$next.pid]] = sum($us);
		}
		delete(@start, $next.pid);
		delete(@kernel, $next.pid);
		delete(@user, $next.pid);
	}
}

END
{
	print(@us, getopt("top", 10, "how many stacks"));
}
