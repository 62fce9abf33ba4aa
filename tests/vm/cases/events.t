# Trace events that only a kernel with kprobes has, and CPUs that come and go.

NAME events: one that a kprobe makes is not taken for the tracepoint of its name
SHELL
	cd /sys/kernel/tracing
	echo 'p:mtrace_test/sched_switch vfs_read' >kprobe_events
	cd - >/dev/null
	$MTRACE --explain -e 't:mtrace_test:sched_switch { @ = count() }'
	$MTRACE -q -e 't:mtrace_test:sched_switch /pid == cpid/ { @[comm] = count() }' -c 'cat /proc/uptime'
	echo '-:mtrace_test/sched_switch' >/sys/kernel/tracing/kprobe_events
EXPECT_RE mechanism: perf tracepoint
EXPECT_RE because: no tracepoint of the event's name
EXPECT_RE ^@\[cat\]: [1-9]
