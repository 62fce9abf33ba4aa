# dw_ustack: stacks of programs without frame pointers, by .eh_frame.

NAME a stack that has no frame pointers
PROG
	config = { unstable_dw_ustack=enable }
	uprobe:%PROGS%/nofp:leaf_plain { print(dw_ustack); exit(); }
RUN -c "%PROGS%/nofp"
EXPECT_RE \A\n {8}leaf_plain\+0\n {8}inner\+\d+\n {8}outer\+\d+\n {8}main\+\d+\n( .*\n)* {8}_start\+\d+\n
EXPECT_ERR_NOT WARNING

NAME there ustack has less
PROG
	uprobe:%PROGS%/nofp:leaf_plain { print(ustack); exit(); }
RUN -c "%PROGS%/nofp"
EXPECT_RE \A\n {8}leaf_plain\+0\n
EXPECT_NOT outer

NAME through libc and back
PROG
	config = { unstable_dw_ustack=enable }
	uprobe:%PROGS%/nofp:leaf_sort { print(dw_ustack); exit(); }
RUN -c "%PROGS%/nofp"
EXPECT_RE \A\n {8}leaf_sort\+0\n {8}compare\+\d+\n( .*\n){1,4} {8}sort\+\d+\n {8}main\+\d+\n( .*\n)* {8}_start\+\d+\n

NAME out of a signal's handler
PROG
	config = { unstable_dw_ustack=enable }
	uprobe:%PROGS%/nofp:leaf_signal { print(dw_ustack); exit(); }
RUN -c "%PROGS%/nofp"
EXPECT_RE \A\n {8}leaf_signal\+0\n {8}handler\+\d+\n( .*\n){1,6} {8}interrupted\+\d+\n {8}main\+\d+\n

NAME functions with return probes: what they have put on the stack is seen through
PROG
	config = { unstable_dw_ustack=enable }
	uretprobe:%PROGS%/nofp:inner { print(dw_ustack(1)); exit(); }
	uretprobe:%PROGS%/nofp:outer { @ = 1; }
	uprobe:%PROGS%/nofp:leaf_plain { print(dw_ustack); }
RUN -c "%PROGS%/nofp"
EXPECT_RE \A\n {8}leaf_plain\+0\n {8}inner\+\d+\n {8}outer\+\d+\n {8}main\+\d+\n( .*\n)* {8}_start\+\d+\n\n\n {8}outer\+\d+\n

NAME one function, entered again and again, with a return probe
PROG
	config = { unstable_dw_ustack=enable }
	uretprobe:%PROGS%/recursion:fact { @r = count(); }
	uprobe:%PROGS%/recursion:fact { @deepest = max(len(dw_ustack)); if (arg0 <= 1) { print(dw_ustack); exit(); } }
RUN -c "%PROGS%/recursion"
EXPECT_RE ^( {8}fact\+\d+\n){3,} {8}main\+\d+\n( .*\n)* {8}_start\+\d+\n

NAME a stripped program
PROG
	config = { unstable_dw_ustack=enable }
	uprobe:%PROGS%/nofp-stripped:leaf_plain { print(dw_ustack); exit(); }
RUN -c "%PROGS%/nofp-stripped"
EXPECT_RE \A\n {8}leaf_plain\+0\n {8}inner\+\d+\n {8}outer\+\d+\n {8}main\+\d+\n

NAME a program that is described by .debug_frame, and by .eh_frame in part
PROG
	config = { unstable_dw_ustack=enable }
	uprobe:%PROGS%/nofp-debug:leaf_plain { print(dw_ustack); exit(); }
RUN -c "%PROGS%/nofp-debug"
EXPECT_RE \A\n {8}leaf_plain\+0\n {8}inner\+\d+\n {8}outer\+\d+\n {8}main\+\d+\n( .*\n)* {8}_start\+\d+\n

NAME a process that runs already; limits and modes
PROG
	config = { unstable_dw_ustack=enable }
	uprobe:%PROGS%/nofp:leaf_plain { print(dw_ustack(2)); print(dw_ustack(perf, 3)); print(dw_ustack(raw, 1)); print(len(dw_ustack(1))); exit(); }
BEFORE progs/nofp forever
RUN -p %PID%
EXPECT_RE \A\n {8}leaf_plain\+0\n {8}inner\+\d+\n\n\n\t[0-9a-f]+ leaf_plain\+0 \(.*/nofp\)\n\t[0-9a-f]+ inner\+\d+ \(.*/nofp\)\n\t[0-9a-f]+ outer\+\d+ \(.*/nofp\)\n\n\n[0-9a-f]{6,}\n\n1$

NAME from a system call; by --dwarf-pid; as a key
PROG
	config = { unstable_dw_ustack=enable }
	tracepoint:syscalls:sys_enter_clock_nanosleep /pid == $1/ { @[dw_ustack] = count(); @n++; if (@n == 2) { exit(); } }
BEFORE progs/nofp forever
RUN --dwarf-pid %PID% -- %PID%
EXPECT_RE ^@\[\n( .*\n)* {8}clock_nanosleep\+\d+\n( .*\n)* {8}main\+\d+\n( .*\n)* {8}_start\+\d+\n\]: 2$

NAME a library that is loaded later
PROG
	config = { unstable_dw_ustack=enable }
	uprobe:%PROGS%/libfar.so:far_work {
		@frames = len(dw_ustack);
		if (@frames > 2) { print(dw_ustack); exit(); }
	}
RUN -c "%PROGS%/loads %PROGS%/libfar.so"
EXPECT_RE \A\n {8}far_work\+0\n {8}main\+\d+\n( .*\n)* {8}_start\+\d+\n

NAME a program that another one became
PROG
	config = { unstable_dw_ustack=enable }
	uprobe:%PROGS%/nofp:leaf_plain {
		@frames = len(dw_ustack);
		if (@frames > 2) { print(dw_ustack); exit(); }
	}
RUN -c "sh -c 'exec %PROGS%/nofp forever'"
EXPECT_RE \A\n {8}leaf_plain\+0\n {8}inner\+\d+\n {8}outer\+\d+\n {8}main\+\d+\n

NAME at any point of the program
PROG
	config = { unstable_dw_ustack=enable }
	profile:hz:499 /pid == cpid/ { $s = dw_ustack; if (len($s) > 2) { print($s); @n++; if (@n == 20) { exit(); } } }
RUN -c "%PROGS%/hot 1000000000"
EXPECT_RE ^ {8}run\+\d+\n

NAME another process: a warning and an empty stack
BEFORE progs/nofp forever
SHELL
	$MTRACE --dwarf-pid $$ -e 'config = { unstable_dw_ustack=enable } uprobe:progs/nofp:leaf_plain { printf("[%s]\n", dw_ustack()); exit(); }'
EXPECT
	[
	]
	
	
EXPECT_ERR WARNING: No DWARF unwind data available for this process. Use -p or --dwarf-pid to specify target PIDs.

NAME a process that is not there
PROG
	config = { unstable_dw_ustack=enable }
	uprobe:%PROGS%/nofp:leaf_plain { print(dw_ustack); }
RUN --dwarf-pid 4194304
STATUS 2
EXPECT_ERR cannot look at process 4194304: No such process

NAME no process at all
TAGS nopriv
PROG
	BEGIN { print(dw_ustack); }
STATUS 1
EXPECT_ERR dw_ustack requires a target process. Use -p, -c, or --dwarf-pid to specify one.
EXPECT_ERR WARNING: Script is using an unstable feature: dw_ustack \(DWARF stack unwinding\). To prevent this warning you must explicitly enable it in the config e.g. unstable_dw_ustack=enable

NAME what is no process id
TAGS nopriv
PROG
	BEGIN { exit(); }
RUN --dwarf-pid abc
STATUS 1
EXPECT_ERR Failed to parse pid: invalid integer: abc
