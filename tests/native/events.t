# Trace events, raw tracepoints, counters, timers.

NAME a system call's entry on each rung
TAGS oracle
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:syscalls:sys_enter_getpriority /comm == "python3" && args.who == 12345/ {
		printf("%s %d %d\n", probe, args.which, args.who); exit() }
RUN -c "python3 -c 'import os; os.getpriority(0, 12345)'"
FEATURES -; raw_tp_syscalls
EXPECT
	tracepoint:syscalls:sys_enter_getpriority 0 12345
	
	

NAME entries and exits of a glob, told apart by name
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:syscalls:sys_e*_mkdir* /pid == cpid/ { @[probe] = count() }
RUN -c "mkdir mkdir-probe"
FEATURES -; raw_tp_syscalls
EXPECT
	
	
	@[tracepoint:syscalls:sys_enter_mkdir]: 1
	@[tracepoint:syscalls:sys_exit_mkdir]: 1

NAME strings of user memory, and results
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:syscalls:sys_enter_rmdir /pid == cpid/ { printf("%s\n", str(args.pathname)); }
	t:syscalls:sys_exit_rmdir /pid == cpid/ { printf("%d\n", args.ret); print(args); }
RUN -c "rmdir /no/such/directory"
FEATURES -; raw_tp_syscalls
EXPECT
	/no/such/directory
	-2
	{ .__syscall_nr = 84, .ret = -2 }
	
	

NAME one program and one link for all system calls
REQUIRES file:/sys/kernel/tracing/events
RUN --explain -e 't:syscalls:sys_enter_* { @[probe] = count() }'
EXPECT_RE mechanism: raw tracepoint for all system calls
EXPECT_RE 1 program, 1 link, 2 fds, 3\d\d targets
EXPECT_NOT perf

NAME few system calls cost the others nothing
REQUIRES file:/sys/kernel/tracing/events
RUN --explain -e 't:syscalls:sys_enter_mkdir* { @[probe] = count() }'
EXPECT_RE mechanism: perf tracepoint
EXPECT_RE because: few system calls

NAME a large glob gives members and names, on each rung
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:syscalls:sys_enter_* /pid == cpid && args.__syscall_nr == 84/ { @[probe] = count() }
RUN -c "rmdir /no/such/directory"
FEATURES -; raw_tp_syscalls
EXPECT
	
	
	@[tracepoint:syscalls:sys_enter_rmdir]: 1

NAME user memory from the raw tracepoint
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:syscalls:sys_enter_* /pid == cpid && probe == "tracepoint:syscalls:sys_enter_rmdir"/ {
		printf("%s\n", str(args.pathname)); }
RUN -c "rmdir /no/such/directory"
FEATURES -; raw_tp_syscalls
EXPECT
	/no/such/directory
	
	

NAME events without a member that the body reads are set aside
REQUIRES file:/sys/kernel/tracing/events
RUN --explain -e 't:sched:sched_wak* { @[args.pid] = count() }'
EXPECT_RE 1 program, 3 links, 4 fds, 3 targets
EXPECT_RE sched_wake_idle_without_ipi: its record has no 'pid'

NAME the record's own strings
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:sched:sched_process_exec /pid == cpid/ { printf("%s %d\n", str(args.filename), args.pid == pid); }
RUN -c ./progs/calls
EXPECT
	./progs/calls 1
	
	

NAME arrays of characters are strings, also in keys
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:sched:sched_process_exit /args.comm == "calls" && tid == cpid/ { @[args.comm] = count(); print(sizeof(args.comm)); }
RUN -c ./progs/calls
EXPECT
	16
	
	
	@[calls]: 1

NAME members of all records cannot be read
REQUIRES file:/sys/kernel/tracing/events
RUN -e 't:sched:sched_switch { print(args.common_pid); }'
EXPECT_ERR BPF does not support accessing common tracepoint fields
STATUS 1

NAME an unknown member
REQUIRES file:/sys/kernel/tracing/events
RUN -e 't:sched:sched_switch { print(args.prev_pids); }'
EXPECT_ERR Struct/union of type 'struct tracepoint:sched:sched_switch_args' does not contain a field named 'prev_pids'
EXPECT_ERR did you mean 'prev_pid'
STATUS 1

NAME an unknown trace event
REQUIRES file:/sys/kernel/tracing/events
RUN -e 't:sched:sched_swich { }'
EXPECT_ERR No matches for tracepoint sched:sched_swich.
EXPECT_ERR did you mean 'sched:sched_switch'
STATUS 2

NAME an unknown category
REQUIRES file:/sys/kernel/tracing/events
RUN -e 't:scheed:sched_switch { }'
EXPECT_ERR did you mean 'sched:sched_switch'
STATUS 2

NAME -p leaves other processes' events out
REQUIRES file:/sys/kernel/tracing/events
BEFORE sh -c "while :; do sleep 0.01; done"
PROG
	t:syscalls:sys_enter_* { @[pid == %PID%] = count() }
	rt:sys_enter { @r[pid == %PID%] = count() }
	interval:ms:300 { exit() }
RUN -p %PID%
EXPECT_RE ^@\[(true|1)\]: [1-9]
EXPECT_RE ^@r\[(true|1)\]: [1-9]
EXPECT_NOT (false|\[0\])

NAME a raw tracepoint's arguments have types and names
REQUIRES file:/sys/kernel/btf/vmlinux
PROG
	rt:sched_process_exit /args.p.comm == "calls" && tid == cpid/ { printf("%s %d\n", probe, args.p.tgid == pid); }
RUN -c ./progs/calls
EXPECT
	rawtracepoint:vmlinux:sched_process_exit 1
	
	

NAME raw tracepoints by glob, beside another kind of probe
REQUIRES file:/sys/kernel/btf/vmlinux
PROG
	rt:sched_wakeup* { @[args.p.pid > 0] = count() }
	interval:ms:100 { exit() }
EXPECT_RE ^@\[(true|1)\]: [1-9]
EXPECT_NOT (false|\[0\])

NAME an unknown raw tracepoint
REQUIRES file:/sys/kernel/btf/vmlinux
RUN -e 'rt:sched_swich { }'
EXPECT_ERR did you mean 'sched_switch'
STATUS 2

NAME software counters, by name and alias
TAGS oracle
PROG
	software:page-faults:1 { printf("%s %s\n", probe, probetype); exit() }
RUN -c true
EXPECT_RE ^software:page-faults:1 software$

NAME counters of one process
BEFORE sh -c "while :; do sleep 0.01; done"
PROG
	s:faults:1 { @[pid == %PID%] = count() } interval:ms:300 { exit() }
RUN -p %PID%
EXPECT_NOT (false|\[0\])

NAME an unknown counter
RUN -e 'hardware:cycels { }'
EXPECT_ERR cycels is not a hardware probe
EXPECT_ERR did you mean 'cycles'
STATUS 1

NAME a count that is none
RUN -e 'software:cpu-clock:x { }'
EXPECT_ERR Invalid count for software probe: invalid integer: x
STATUS 1

NAME listing counters
TAGS oracle nopriv
RUN -l 'software:c*'
EXPECT
	software:context-switches:
	software:cpu-clock:
	software:cpu-migrations:
	software:cpu:
	software:cs:

NAME listing the members of an event
REQUIRES file:/sys/kernel/tracing/events
TAGS oracle
RUN -lv 't:sched:sched_process_exec'
EXPECT
	tracepoint:sched:sched_process_exec
	    __data_loc char[] filename
	    pid_t pid
	    pid_t old_pid
