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
	
	

NAME korder: kretfunc over globs that reads arguments
PROG
	kretfunc:vfs_w* /pid == cpid && func == "vfs_write" && args.count == 3/ { printf("1 "); }
	kretfunc:vfs_wri* /pid == cpid && func == "vfs_write" && args.count == 3/ { printf("2 "); }
	kretfunc:vfs_writ* /pid == cpid && func == "vfs_write" && args.count == 3/ { printf("3\n"); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=2 status=none"
FEATURES -; tracing_multi; tracing_multi,kprobe_session; tracing_multi,kprobe_session,kprobe_multi
EXPECT
	1 2 3
	1 2 3
	
	

NAME korder: sessions, each with what it carries
PROG
	session:vfs_write /pid == cpid/ { entry { printf("e1 "); $a = 1; $b = arg2; } return { printf("r%d ", $a); @[$a, $b] = count(); } }
	session:vfs_writ* /pid == cpid && func == "vfs_write"/ { entry { printf("e2 "); $a = 2; $b = arg2; } return { printf("r%d ", $a); @[$a, $b] = count(); } }
	session:vfs_write /pid == cpid/ { entry { printf("e3 "); $a = 3; $b = arg2; } return { printf("r%d\n", $a); @[$a, $b] = count(); } }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=2 status=none"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
EXPECT
	e1 e2 e3 r1 r2 r3
	e1 e2 e3 r1 r2 r3
	
	
	@[1, 3]: 2
	@[2, 3]: 2
	@[3, 3]: 2

NAME korder: functions of a program
PROG
	uprobe:./progs/calls:wor* /func == "work"/ { printf("1 "); }
	uprobe:./progs/calls:work { printf("2 "); }
	session:./progs/calls:wor* /func == "work"/ { entry { printf("e1 "); } return { printf("s1 "); } }
	session:./progs/calls:work { entry { printf("e2 "); } return { printf("s2 "); } }
	uretprobe:./progs/calls:work { printf("r1 "); }
	uretprobe:./progs/calls:wor* /func == "work"/ { printf("r2\n"); }
RUN -c "./progs/calls 2"
FEATURES rungs
EXPECT
	1 2 e1 e2 s1 s2 r1 r2
	1 2 e1 e2 s1 s2 r1 r2
	
	
