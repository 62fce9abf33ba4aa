#!/usr/bin/env mtrace
// softirqs: time in soft interrupts, by kind: is the network, the timer or RCU eating a CPU?
//
//     softirqs.mt [--for 10]
//
// softirqs.mt --for 1 prints, in part:
//
//     @us[rcu]:
//     [0]                   24 |@@@@@@@@@@@@@@@                                     |
//     [1]                   81 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
//     [2, 4)                69 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@        |
//
//     microseconds in all, by CPU:
//     @cpu_us[timer, 1]: 642
//     @cpu_us[rcu, 0]: 1653
//     @cpu_us[rcu, 1]: 1798
config = { print_maps_on_exit = 0 }

tracepoint:irq:softirq_entry
{
	@start[cpu, args.vec] = (int64)nsecs;
}

tracepoint:irq:softirq_exit / @start[cpu, args.vec] /
{
	$v = args.vec;
	$name = $v == 0 ? "hi" : $v == 1 ? "timer" : $v == 2 ? "net_tx" : $v == 3 ? "net_rx" :
	        $v == 4 ? "block" : $v == 5 ? "irq_poll" : $v == 6 ? "tasklet" : $v == 7 ? "sched" :
	        $v == 8 ? "hrtimer" : "rcu";
	@us[$name] = hist((uint64)((int64)nsecs - @start[cpu, $v]) / 1000);
	@cpu_us[$name, cpu] = sum((uint64)((int64)nsecs - @start[cpu, $v]) / 1000);
	_ = delete(@start, (cpu, $v));
}

END
{
	print(@us);
	printf("\nmicroseconds in all, by CPU:\n");
	print(@cpu_us);
}
