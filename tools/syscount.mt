#!/usr/bin/env mtrace
// syscount: who calls which system calls, how often, with how many failures and how much time.
//
//     syscount.mt [--for 10] [-p PID] [-- --top=20]
//
// One raw tracepoint at either end of all calls. Ctrl-C ends, and prints.
//
// syscount.mt --for 1 -- --top=3 prints, in part:
//
//     microseconds a call:
//     @us[sleep, clock_nanosleep]: { .count = 1, .average = 53248, .total = 53248 }
//     @us[head, read]: { .count = 2, .average = 112443, .total = 224886 }
//     @us[mtrace, epoll_wait]: { .count = 1, .average = 292886, .total = 292886 }
//
//     failures:
//     @failed[rm, openat, No such file or directory]: 26
//     @failed[cat, openat, No such file or directory]: 43
config = { print_maps_on_exit = 0; max_map_keys = 16384 }

let @start = hash(65536); // threads in a system call: the kernel sets this many aside at once

tracepoint:raw_syscalls:sys_enter
{
	@start[tid] = (int64)nsecs;
}

tracepoint:raw_syscalls:sys_exit / @start[tid] /
{
	@us[comm, syscall_name(args.id)] = stats((uint64)((int64)nsecs - @start[tid]) / 1000);
	_ = delete(@start, tid);
	if (args.ret < 0 && args.ret > -4096) {
		@failed[comm, syscall_name(args.id), strerror(-args.ret)] = count();
	}
}

END
{
	printf("\nmicroseconds a call:\n");
	print(@us, getopt("top", 20, "how many lines"));
	printf("\nfailures:\n");
	print(@failed, getopt("top", 20, "how many lines"));
}
