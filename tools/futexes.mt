#!/usr/bin/env mtrace
// futexes: locks of programs that threads wait for: how long, and where in the program.
//
//     futexes.mt [-p PID] [--for 10]
//
// FUTEX_WAIT and its variants are what mutexes, condition variables and semaphores of every runtime
// come down to. The address tells locks apart; the stack tells which code waits.
//
// futexes.mt -c "./chores lock" prints, in part:
//
//     microseconds a wait, by lock:
//     @wait_us[chores, 14809, 140237476989328]: { .count = 1, .average = 251, .total = 251 }
//     @wait_us[chores, 14809, 94220010643584]: { .count = 1, .average = 51945, .total = 51945 }
//
//     microseconds in all, by stack:
//     @where[chores,
//             0x7f8b9508a12b
//             0x7f8b9508d1f5
//     ]: 51945
config = { max_map_keys = 16384; print_maps_on_exit = 0 }

tracepoint:syscalls:sys_enter_futex
/ (args.op & 0x7f) == 0 || (args.op & 0x7f) == 9 || (args.op & 0x7f) == 6 || (args.op & 0x7f) == 13 /
{
	@start[tid] = (int64)nsecs;
	@lock[tid] = (uint64)args.uaddr;
}

tracepoint:syscalls:sys_exit_futex / @start[tid] /
{
	$us = (uint64)((int64)nsecs - @start[tid]) / 1000;
	@wait_us[comm, pid, @lock[tid]] = stats($us);
	@where[comm, ustack(8)] = sum($us);
	_ = delete(@start, tid);
	_ = delete(@lock, tid);
}

END
{
	printf("\nmicroseconds a wait, by lock:\n");
	print(@wait_us, getopt("top", 10, "how many"));
	printf("\nmicroseconds in all, by stack:\n");
	print(@where, getopt("top", 10, "how many"));
}
