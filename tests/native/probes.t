# Probe types, targets and rungs.

NAME uprobe with arguments
TAGS oracle
PROG
	uprobe:./progs/calls:add { printf("%d %d\n", arg0, arg1) }
RUN -c ./progs/calls
EXPECT
	1 10
	2 10
	3 10
	
	

NAME uprobe on each rung
PROG
	uprobe:./progs/calls:work { printf("%s %d\n", func, arg0) }
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	work 1
	work 2
	work 3
	
	

NAME uretprobe on each rung
PROG
	uretprobe:./progs/calls:work,uretprobe:./progs/calls:work_more { printf("%s %d\n", func, (int32)retval) }
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	work 2
	work_more -1
	work 4
	work_more -2
	work 6
	work_more -3
	
	

NAME a glob over functions is one block, func and probe tell which
PROG
	uprobe:./progs/calls:work* { printf("%s %s %d\n", func, probe, arg0) }
RUN -c "./progs/calls 1"
FEATURES rungs
EXPECT
	work uprobe:./progs/calls:work 1
	work_more uprobe:./progs/calls:work_more 1
	
	

NAME three thousand functions in one link
REQUIRES kernel-uprobe-multi
PROG
	uprobe:./progs/many:fn_* { @n = count(); @who[func] = count() }
	END { printf("%d\n", len(@who)); clear(@who) }
RUN -c ./progs/many
EXPECT_RE ^3000$
EXPECT_RE ^@n: 3000$
TIMEOUT 60

NAME the plan of three thousand functions is one program and one link
REQUIRES kernel-uprobe-multi
PROG
	uprobe:./progs/many:fn_* { @n = count() }
RUN --explain
EXPECT_RE 1 program, 1 link, 2 fds, 3000 targets
EXPECT_RE ^total: 1 program, 1 link, 3000 targets, 0 set aside$

NAME the perf rung needs an event per function
PROG
	uprobe:./progs/calls:work* { @n = count() }
RUN --explain --no-feature uprobe_multi,uprobe_session
EXPECT_RE because: .*--no-feature
EXPECT_RE 2 targets

NAME several attach points, several types in one block
TAGS oracle
PROG
	uprobe:./progs/calls:work, uretprobe:./progs/calls:work { @[probe] = count() }
RUN -c ./progs/calls
EXPECT_SORTED
	
	
	@[uprobe:./progs/calls:work]: 3
	@[uretprobe:./progs/calls:work]: 3

NAME several files in one specification
PROG
	uprobe:./progs/calls*:work { @[probe] = count() }
	END { print(@); clear(@) }
RUN -c "./progs/calls-nopie"
EXPECT_RE ^@\[uprobe:./progs/calls-nopie:work\]: 3$

NAME a program that is not position-independent
TAGS oracle
PROG
	uprobe:./progs/calls-nopie:work { printf("%d\n", arg0) }
RUN -c ./progs/calls-nopie
EXPECT
	1
	2
	3
	
	

NAME a static program
TAGS oracle
PROG
	uprobe:./progs/calls-static:work { printf("%d\n", arg0) }
RUN -c ./progs/calls-static
EXPECT
	1
	2
	3
	
	

NAME a stripped program has its dynamic symbols
TAGS oracle
PROG
	uprobe:./progs/calls-stripped:work { printf("%d\n", arg0) }
RUN -c ./progs/calls-stripped
EXPECT
	1
	2
	3
	
	

NAME a stripped shared library
PROG
	uprobe:./progs/libfar.so:far_* { printf("%s %d\n", func, arg0) }
RUN -c ./progs/uselib
EXPECT
	far_work 1
	far_more 2
	far_work 2
	
	

NAME symbol plus offset
TAGS oracle
PROG
	uprobe:./progs/calls:work+0 { printf("%d\n", arg0) }
	uprobe:./progs/calls:work+4 { @inside = count() }
RUN -c ./progs/calls
EXPECT
	1
	2
	3
	
	
	@inside: 3

NAME an alias at the same address is traced once
PROG
	uprobe:./progs/dup:same_* { @n = count(); printf("%d\n", arg0) }
RUN -c ./progs/dup
EXPECT
	3
	4
	
	
	@n: 2

NAME two static functions of one name are both traced
PROG
	uprobe:./progs/dup:helper { printf("%s %d\n", func, arg0) }
RUN -c ./progs/dup
EXPECT
	helper 1
	helper 2
	
	

NAME -p traces one process only
BEFORE ./progs/ticker 0 5
PROG
	uprobe:./progs/ticker:tick { @[pid == %PID%] = count(); if (++@n == 5) { exit() } }
	END { clear(@n) }
RUN -p %PID%
EXPECT_RE ^@\[true\]: \d+$
EXPECT_NOT ^@\[false\]

NAME -p leaves other processes alone
BEFORE ./progs/ticker 0 5
PROG
	uprobe:./progs/ticker:tick { @n = count() }
RUN -p 1 --for 300ms
EXPECT_NOT @n

NAME tracing ends with the process of -p
BEFORE ./progs/ticker 200 10
PROG
	uprobe:./progs/ticker:tick { @ = 1 }
	END { printf("end\n") }
RUN -p %PID%
EXPECT_RE ^end$
TIMEOUT 15

NAME interval in several units
TAGS oracle
PROG
	interval:ms:20 { @n++; if (@n == 3) { printf("three\n"); exit() } }
	END { clear(@n) }
EXPECT
	three
	
	

NAME interval spelt with a unit
PROG
	interval:20ms { printf("tick\n"); exit() }
EXPECT
	tick
	
	

NAME interval and uprobe together
BEFORE ./progs/ticker 0 1
PROG
	uprobe:./progs/ticker:tick { @n = count() }
	interval:ms:100 { if ((int64)@n > 10) { printf("1\n"); exit() } }
	END { clear(@n) }
EXPECT
	1
	
	

NAME strings, also at bad addresses
PROG
	uprobe:./progs/args:take_string { printf("[%s] [%s] %d\n", str(arg0), str(arg0, 9), arg1) }
	uprobe:./progs/args:take_null { printf("[%s]\n", str(arg0)) }
	uprobe:./progs/args:take_bad { printf("[%s]\n", str(arg0)) }
RUN -c ./progs/args
EXPECT_RE ^\[a string with a tab\tand an escape .*31m\] \[a string\] 5$
EXPECT_RE ^\[\]$

NAME arguments of every width
TAGS oracle
PROG
	uprobe:./progs/args:take_i8 { printf("%d %d %d %d\n", (int8)arg0, (int16)arg1, (int32)arg2, (int64)arg3) }
	uprobe:./progs/args:take_u8 { printf("%u %u %u %lu\n", (uint8)arg0, (uint16)arg1, (uint32)arg2, arg3) }
	uprobe:./progs/args:take_eight { printf("%d %d %d %d %d %d\n", arg0, arg1, arg2, arg3, arg4, arg5) }
	uretprobe:./progs/args:give_i8 { printf("%d\n", (int8)retval) }
	uretprobe:./progs/args:give_u64 { printf("%lx\n", retval) }
	uretprobe:./progs/args:give_negative { printf("%ld\n", retval) }
	uretprobe:./progs/args:give_string { printf("%s\n", str(retval)) }
RUN -c ./progs/args
EXPECT
	-1 -2 -3 -4
	255 65535 4294967295 18446744073709551615
	1 2 3 4 5 6
	-7
	fedcba9876543210
	-1234567890123
	given
	
	

NAME ustack has addresses
PROG
	uprobe:./progs/recursion:fact /arg0 == 1/ { printf("%s\n", ustack(raw)); exit() }
RUN -c ./progs/recursion
EXPECT_RE ^\s*[0-9a-f]{6,}\n\s*[0-9a-f]{6,}\n\s*[0-9a-f]{6,}

NAME file descriptors do not grow with the matches
REQUIRES cmd:sh kernel-uprobe-multi
PROG
	uprobe:./progs/many:fn_* { @n = count() } END { clear(@n) }
THEN ls /proc/$MTRACE_PID/fd | wc -l > fds; kill -INT $MTRACE_PID
EXPECT_RE ^$
STATUS 0

NAME no more than twenty descriptors for three thousand functions
REQUIRES kernel-uprobe-multi
SHELL
	$MTRACE -q -e 'uprobe:./progs/many:fn_* { @n = count() } END { clear(@n) }' --ready-fd 3 3>ready >out &
	pid=$!
	while [ ! -s ready ]; do sleep 0.05; done
	n=$(ls /proc/$pid/fd | wc -l)
	kill -INT $pid; wait $pid
	[ "$n" -le 20 ] && echo few || echo "$n"
EXPECT
	few

NAME missing_probes = ignore goes on without
TAGS oracle
PROG
	config = { missing_probes = "ignore" }
	uprobe:./progs/calls:no_such_function { printf("no\n") }
	uprobe:./progs/calls:work { @n = count() }
RUN -c ./progs/calls
EXPECT
	
	
	@n: 3

NAME a glob for the type of a probe
RUN -e 't*point:sched:sched_process_exit { printf("%s\n", probe); exit(); }' -c /bin/true
EXPECT
	tracepoint:sched:sched_process_exit
	
	
