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
//             futex_do_wait+70
//             __futex_wait+138
//             futex_wait+154
//             do_futex+253
//             __x64_sys_futex+301
//             do_syscall_64+113
//             entry_SYSCALL_64_after_hwframe+118
//     ,
//             0x7f99d4a1f12b
//             0x7f99d4a221f5
//     ]: 50317
config = { max_map_keys = 16384; print_maps_on_exit = 0 }

rawtracepoint:sched_switch
{
	$prev = args.prev;
	$next = args.next;
	$only = getopt("comm", "", "only this program");
	if (!args.preempt && $prev.pid && ($only == "" || comm == $only)) {
		@start[$prev.pid] = (int64)nsecs;
		@kernel[$prev.pid] = kstack(12);
		@user[$prev.pid] = ustack(12);
	}
	$from = @start[$next.pid];
	if ($from) {
		$us = (uint64)((int64)nsecs - $from) / 1000;
		if ($us >= getopt("us", 100, "waits of at least this long")) {
			@us[$next.comm, @kernel[$next.pid], @user[$next.pid]] = sum($us);
		}
		_ = delete(@start, $next.pid);
		_ = delete(@kernel, $next.pid);
		_ = delete(@user, $next.pid);
	}
}

END
{
	print(@us, getopt("top", 10, "how many stacks"));
}
