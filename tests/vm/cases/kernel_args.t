# Arguments and results of kernel functions by name: the same on every mechanism.

NAME kargs: fentry, a number and a walk
PROG
	fentry:vfs_read /pid == cpid && args.count == 7/ {
		@[str(args.file.f_path.dentry.d_name.name)] = sum(args.count);
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT
	
	
	@[zero]: 35

NAME kargs: two functions, one slot
PROG
	kfunc:vfs_read,kfunc:vfs_write /pid == cpid && args.count == 7/ {
		@[func, str(args.file.f_path.dentry.d_name.name)] = count();
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT
	
	
	@[vfs_write, null]: 5
	@[vfs_read, zero]: 5
TIMEOUT 60

NAME kargs: two functions, different slots
PROG
	kfunc:vfs_read,kfunc:rw_verify_area /pid == cpid && args.count == 7/ {
		@[func, str(args.file.f_path.dentry.d_name.name)] = count();
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT
	
	
	@[rw_verify_area, null]: 5
	@[rw_verify_area, zero]: 5
	@[vfs_read, zero]: 5
TIMEOUT 60

NAME kargs: a glob keeps those that have it
PROG
	kfunc:vfs_* /pid == cpid && args.count == 7/ { @[func] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT
	
	
	@[vfs_read]: 5
	@[vfs_write]: 5
TIMEOUT 60

NAME kargs: in both halves of a session
PROG
	session:vfs_read /pid == cpid && args.count == 7/ {
		return { @[args.count, retval, args.file.f_pos >= 0] = count(); }
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT
	
	
	@[7, 7, true]: 5

NAME kargs: different slots in a session's return half
PROG
	session:vfs_read,session:rw_verify_area {
		entry { if (pid != cpid || args.count != 7) { skip; } }
		return { @[func, args.count, retval] = count(); }
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT
	
	
	@[vfs_read, 7, 7]: 5
	@[rw_verify_area, 7, 0]: 10
TIMEOUT 60

NAME kargs: fexit reads what the entry had
PROG
	fexit:vfs_read,fexit:vfs_write /pid == cpid && args.count == 7/ {
		@[func, args.count, retval] = count();
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT
	
	
	@[vfs_read, 7, 7]: 5
	@[vfs_write, 7, 7]: 5
TIMEOUT 60

NAME kargs: results below zero
PROG
	fexit:vfs_read /pid == cpid && retval < 0/ { @[retval] = count(); }
RUN -c "cat /"
EXPECT
	
	
	@[-21]: 1

NAME kargs: results of several types
PROG
	kretfunc:vfs_read,kretfunc:rw_verify_area /pid == cpid && retval < 0/ { @[func, retval] = count(); }
RUN -c "cat /"
EXPECT
	
	
	@[vfs_read, -21]: 1
TIMEOUT 60

NAME kargs: as a whole
PROG
	fentry:vfs_read /pid == cpid && args.count == 7/ { printf("%s\n", args); }
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=1 status=none"
EXPECT_RE ^{ .file = 0xffff[0-9a-f]+, .buf = 0x[0-9a-f]+, .count = 7, .pos = 0x[0-9a-f]+ }$

NAME kargs: by type
PROG
	kfunc:vfs_read,kfunc:rw_verify_area /pid == cpid && arg2 + arg3 >= 7/ {
		@[func, str(argtype("struct file *").f_path.dentry.d_name.name)] = count();
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT_RE @\[vfs_read, zero\]: 5
EXPECT_RE @\[rw_verify_area, null\]: 5
TIMEOUT 60

NAME kargs: a struct by value
PROG
	fentry:from_kuid_munged /pid == cpid/ { @[args.kuid.val, args.kuid] = 1; }
RUN -c id
EXPECT_RE @\[0, { .val = 0 }\]: 1

NAME kargs: curtask, walks, bitfields, arrays
PROG
	kprobe:vfs_read /pid == cpid && curtask.real_parent.pid == ppid/ {
		@[curtask.comm, curtask.tgid == pid, curtask.cpus_mask.bits[0] > 0] = count();
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT_RE @\[(dd|busybox), true, true\]: [5-9]

NAME kargs: functions by the types of their arguments
PROG
	kfunc:vfs_*(struct file *, char *, size_t) /pid == cpid && args.count == 7/ { @[func] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT
	
	
	@[vfs_read]: 5
	@[vfs_write]: 5
TIMEOUT 60

NAME kargs: a type at different places
PROG
	kfunc:vfs_read(struct file *),kfunc:rw_verify_area(*, struct file *) /pid == cpid/ {
		if (str(argtype("struct file *").f_path.dentry.d_name.name) == "zero") {
			@[func, argtype("size_t")] = count();
		}
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT
	
	
	@[rw_verify_area, 7]: 5
	@[vfs_read, 7]: 5
TIMEOUT 60

NAME kargs: strings of a program, as kernel functions get them
PROG
	kfunc:do_sys_openat2 /pid == cpid/ { @k[str(args.filename)] = count(); }
	kprobe:do_sys_openat2 /pid == cpid/ { @p[str(arg1)] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=1 status=none"
EXPECT_RE @k\[/dev/zero\]: 1
EXPECT_RE @p\[/dev/zero\]: 1

NAME kargs: registers that only a kprobe of its own has
PROG
	kprobe:vfs_read /pid == cpid/ { @ = count(); @ip[reg("ip") != 0, reg("bx") != 1 || reg("r15") != 1] = 1; }
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT_RE @ip\[true, true\]: 1

# (On 6.1 it is a trampoline per function, which takes a minute to detach.)
NAME kargs: a walk under a wildcard
REQUIRES kernel>=6.10
PROG
	kfunc:tcp_* { @[func, args.sk.__sk_common.skc_family] = count(); }
	interval:ms:300 { printf("up\n"); exit(); }
RUN
EXPECT_RE up
TIMEOUT 90

NAME kargs: what a wildcard leaves out, and why
PROG
	kfunc:vfs_* { @[args.count] = count(); }
RUN --explain -v
EXPECT_RE it has no argument 'count'
EXPECT_RE kfunc:vfs_\*
TIMEOUT 90

NAME kargs: every function with a socket
PROG
	kfunc:*(struct sock *) { @[func, argtype("struct sock *").__sk_common.skc_family] = count(); }
RUN --explain
EXPECT_RE kfunc:
TIMEOUT 90
