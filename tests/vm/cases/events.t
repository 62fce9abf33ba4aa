# Trace events that only a kernel with kprobes has, and CPUs that come and go.

NAME events: one that a kprobe makes is not taken for the tracepoint of its name
SHELL
	echo 'p:mtrace_test/sched_switch vfs_read' >>/sys/kernel/tracing/kprobe_events
	$MTRACE --explain -e 't:mtrace_test:sched_switch { @ = count() }'
	$MTRACE --explain -e 't:*:sched_switch { @ = count() }'
	echo '-:mtrace_test/sched_switch' >>/sys/kernel/tracing/kprobe_events
EXPECT_RE mechanism: perf tracepoint\n  because: no tracepoint of the event's name
EXPECT_RE ^total: 2 programs, 2 links, 2 targets

NAME events: a CPU that comes while tracing is sampled, too
SHELL
	cpu1=/sys/devices/system/cpu/cpu1/online
	[ -e $cpu1 ] || { echo 'one CPU only'; exit; }
	echo 0 >$cpu1
	mkfifo ready
	$MTRACE -q --ready-fd 3 -e '
		profile:hz:49 { @p[cpu] = count() }
		software:cpu-clock:10000000 { @s[cpu] = count() }
		interval:ms:100 { @i = count() }
		interval:ms:500 { if (len(@p) == 2 && len(@s) == 2) { exit() } }' 3>ready >out 2>err &
	read -r line <ready
	echo 1 >$cpu1
	wait $!
	grep -c '^@p\[[01]\]' out; grep -c '^@s\[[01]\]' out; cat err
EXPECT
	2
	2
TIMEOUT 120

NAME events: a CPU that goes and comes back is sampled again
SHELL
	cpu1=/sys/devices/system/cpu/cpu1/online
	[ -e $cpu1 ] || { echo 'one CPU only'; exit; }
	mkfifo ready
	$MTRACE -q --ready-fd 3 -e '
		profile:hz:49 { @p[cpu] = count() }
		software:cpu-clock:10000000 { @s[cpu] = count() }
		interval:ms:100 { @i = count() }
		self:signal:SIGUSR1 { clear(@p); clear(@s); clear(@i); print("cleared"); @cleared = 1; }
		END { clear(@cleared); }
		interval:ms:500 { if (@cleared && len(@p) == 2 && len(@s) == 2 && @i > 0) { exit() } }' 3>ready >out 2>err &
	read -r line <ready
	echo 0 >$cpu1; sleep 1; echo 1 >$cpu1; sleep 1
	kill -USR1 $!; wait $!
	grep -c '^@p\[[01]\]' out; grep -c '^@s\[[01]\]' out; grep -c '^@i: [1-9]' out; grep cleared out; cat err
EXPECT
	2
	2
	1
	cleared
TIMEOUT 120
