# What mtrace may still do once everything is attached.

NAME capabilities are given up after attaching, and END, maps and names still work
SHELL
	$MTRACE -q -e 'interval:ms:50 { @n = count(); @k[1] = 1; clear(@k); printf("tick\n") } END { printf("end\n") }' > out &
	pid=$!
	until grep -q tick out; do sleep 0.05; done
	for i in $(seq 200); do grep -q CapEff:.0000008400080026 /proc/$pid/status && break; sleep 0.05; done
	grep CapEff /proc/$pid/status
	kill -INT $pid; wait $pid; echo "status $?"
	grep -c -e '^end$' -e '^@n: [1-9]' out
EXPECT
	CapEff:	0000008400080026
	status 0
	2

NAME for CPUs that may come, the one that attaching there takes is kept
SHELL
	$MTRACE -q -e 'profile:hz:10 { printf("sample\n"); } tracepoint:sched:sched_switch { @s = count() }' > out &
	pid=$!
	until grep -q sample out; do sleep 0.05; done
	for i in $(seq 200); do grep -q CapEff:.000000c400080026 /proc/$pid/status && break; sleep 0.05; done
	grep CapEff /proc/$pid/status
	kill -INT $pid; wait $pid
REQUIRES file:/sys/kernel/tracing/events
EXPECT
	CapEff:	000000c400080026

NAME --unsafe keeps them: system() is the script's own business
SHELL
	$MTRACE -q --unsafe -e 'interval:ms:50 { system("grep CapEff /proc/self/status"); exit() }' > out
	before=$(grep CapEff /proc/self/status)
	[ "$(head -n 1 out)" = "$before" ] && echo same
EXPECT
	same
