# Several blocks at one function run in the order of the script, on every rung: the kernel has an
# order of its own for each way of attaching.

NAME korder: kprobe
PROG
	kprobe:vfs_write /pid == cpid/ { printf("1 "); }
	kprobe:vfs_writ* /pid == cpid && func == "vfs_write"/ { printf("2 "); }
	kprobe:vfs_write /pid == cpid/ { printf("3\n"); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=2 status=none"
FEATURES -; kprobe_multi
EXPECT
	1 2 3
	1 2 3
	
	

NAME korder: kretprobe
PROG
	kretprobe:vfs_write /pid == cpid/ { printf("1 "); }
	kretprobe:vfs_writ* /pid == cpid && func == "vfs_write"/ { printf("2 "); }
	kretprobe:vfs_write /pid == cpid/ { printf("3\n"); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=2 status=none"
FEATURES -; kprobe_multi
EXPECT
	1 2 3
	1 2 3
	
	

NAME korder: kfunc
PROG
	kfunc:vfs_write /pid == cpid/ { printf("1 "); }
	kfunc:vfs_write /pid == cpid/ { printf("2 "); }
	kfunc:vfs_write /pid == cpid/ { printf("3\n"); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=2 status=none"
EXPECT
	1 2 3
	1 2 3
	
	

NAME korder: kfunc over globs
PROG
	kfunc:vfs_w* /pid == cpid && func == "vfs_write"/ { printf("1 "); }
	kfunc:vfs_wri* /pid == cpid && func == "vfs_write"/ { printf("2 "); }
	kfunc:vfs_writ* /pid == cpid && func == "vfs_write"/ { printf("3\n"); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=2 status=none"
FEATURES -; tracing_multi; tracing_multi,kprobe_multi
EXPECT
	1 2 3
	1 2 3
	
	

NAME korder: kretfunc
PROG
	kretfunc:vfs_write /pid == cpid/ { printf("1 "); }
	kretfunc:vfs_write /pid == cpid/ { printf("2 "); }
	kretfunc:vfs_write /pid == cpid/ { printf("3\n"); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=2 status=none"
EXPECT
	1 2 3
	1 2 3
	
	

NAME korder: kretfunc over globs
PROG
	kretfunc:vfs_w* /pid == cpid && func == "vfs_write"/ { printf("1 "); }
	kretfunc:vfs_wri* /pid == cpid && func == "vfs_write"/ { printf("2 "); }
	kretfunc:vfs_writ* /pid == cpid && func == "vfs_write"/ { printf("3\n"); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=2 status=none"
FEATURES -; tracing_multi; tracing_multi,kprobe_multi
EXPECT
	1 2 3
	1 2 3
	
	

NAME korder: sessions
REQUIRES kernel>=6.14
PROG
	session:vfs_write /pid == cpid/ { entry { printf("e1 "); } return { printf("r1 "); } }
	session:vfs_write /pid == cpid/ { entry { printf("e2 "); } return { printf("r2\n"); } }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=2 status=none"
FEATURES -; fsession; fsession,kprobe_session
EXPECT
	e1 e2 r1 r2
	e1 e2 r1 r2
	
	

# Before 6.14, and by perf events, the kernel lets the returns run the other way round.
NAME korder: sessions, each to its own return
PROG
	session:vfs_write /pid == cpid/ { entry { printf("e1 "); $a = 1; $b = arg2; } return { @[$a, $b] = count(); } }
	session:vfs_write /pid == cpid/ { entry { printf("e2\n"); $a = 2; $b = arg2; } return { @[$a, $b] = count(); } }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=2 status=none"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
EXPECT_RE ^e1 e2\ne1 e2\n
EXPECT_RE ^@\[1, 3\]: 2$
EXPECT_RE ^@\[2, 3\]: 2$

NAME korder: functions of a program
PROG
	uprobe:./progs/calls:wor* /func == "work"/ { printf("1 "); }
	uprobe:./progs/calls:work { printf("2 "); }
	uretprobe:./progs/calls:work { printf("r1 "); }
	uretprobe:./progs/calls:wor* /func == "work"/ { printf("r2\n"); }
RUN -c "./progs/calls 2"
FEATURES rungs
EXPECT
	1 2 r1 r2
	1 2 r1 r2
	
	
