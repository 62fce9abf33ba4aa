# Trace events that only a kernel with kprobes has, and CPUs that come and go.

NAME events: one that a kprobe makes is not taken for the tracepoint of its name
SHELL
	echo 'p:mtrace_test/sched_switch vfs_read' >>/sys/kernel/tracing/kprobe_events
	$MTRACE --explain -e 't:mtrace_test:sched_switch { @ = count() }'
	$MTRACE --explain -e 't:*:sched_switch { @ = count() }'
	echo '-:mtrace_test/sched_switch' >>/sys/kernel/tracing/kprobe_events
EXPECT_RE mechanism: perf tracepoint\n  because: no tracepoint of the event's name
EXPECT_RE ^total: 2 programs, 2 links, 2 targets
