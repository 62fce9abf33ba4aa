# Typed arguments of kernel functions: what can be read of them, and how it is printed.

NAME ktypes: an enum by name, an element of an array
PROG
	fentry:hrtimer_start_range_ns /args.mode == HRTIMER_MODE_ABS_PINNED_HARD/ {
		print(args.mode);
		printf("%d %s, base %d\n", args.mode, args.mode, args.timer.base.cpu_base.clock_base[1].index);
		exit();
	}
RUN
EXPECT_RE ^HRTIMER_MODE_ABS_PINNED_HARD$
EXPECT_RE ^10 HRTIMER_MODE_ABS_PINNED_HARD, base 1$

NAME ktypes: bitfields, of one bit, of half a byte, through pointers
PROG
	fentry:security_bprm_check /pid == cpid/ { printf("exec %d\n", curtask.in_execve); }
	fentry:security_file_open /comm == "cat"/ { printf("open %d\n", curtask.in_execve); }
	fentry:ip_rcv {
		$ip = (struct iphdr *)(args.skb.head + args.skb.network_header);
		printf("ip %d %d %d\n", $ip.version, $ip.ihl, args.skb.pkt_type);
	}
RUN -c "sh -c 'ifconfig lo up; ping -c 1 127.0.0.1; cat /proc/version'"
EXPECT_RE ^exec 1$
EXPECT_RE ^open 0$
EXPECT_RE ^ip 4 5 0$
EXPECT_NOT exec 0

NAME ktypes: anonymous members and unions
PROG
	fentry:vfs_read /pid == cpid && args.count == 7/ {
		$d = args.file.f_path.dentry;
		// len is in a struct without a name, in a union without a name
		printf("%d %d %s\n", $d.d_name.len, $d.d_name.hash_len >> 32, str($d.d_name.name));
		exit();
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=1 status=none"
EXPECT_RE ^4 4 zero$

NAME ktypes: arrays of bytes are strings, others print as arrays
PROG
	fentry:vfs_read /pid == cpid && args.count == 7/ {
		print(curtask.comm);
		print(args.file.f_path.mnt.mnt_sb.s_id);
		$u = args.file.f_path.mnt.mnt_sb.s_uuid;
		printf("%d\n", sizeof($u.b));
		print(curtask.cpus_mask.bits);
		exit();
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=1 status=none"
EXPECT_RE ^(dd|busybox)\ndev(tmpfs|)\n16\n\[[1-9]\d*(,\d+)*\]$

NAME ktypes: a struct as a whole, through a pointer
PROG
	fentry:do_sys_openat2 /pid == cpid && args.how.flags == 0x8000/ {
		print(*args.how);
		@[args.how.flags] = *args.how;
		exit();
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=1 status=none"
EXPECT
	{ .flags = 32768, .mode = 0, .resolve = 0 }
	
	
	@[32768]: { .flags = 32768, .mode = 0, .resolve = 0 }

NAME ktypes: arguments as a whole, in print, printf, a map and a variable
PROG
	fentry:vfs_read /pid == cpid && args.count == 7/ {
		print(args);
		$all = args;
		printf("%d\n", $all.count);
		@a = args;
		exit();
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=1 status=none"
EXPECT_RE ^{ .file = 0xffff[0-9a-f]+, .buf = 0x[0-9a-f]+, .count = 7, .pos = 0x[0-9a-f]+ }$
EXPECT_RE ^7$
EXPECT_RE ^@a: { .file = 0xffff[0-9a-f]+, .buf = 0x[0-9a-f]+, .count = 7, .pos = 0x[0-9a-f]+ }$

NAME ktypes: arguments as a whole under a wildcard, and at the return
PROG
	kfunc:vfs_read,kfunc:vfs_write /pid == cpid && args.count == 7/ { printf("%s %s\n", func, args); }
	session:vfs_read,session:vfs_write /pid == cpid && args.count == 7/ { return { printf("returns %s\n", args); } }
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=1 status=none"
FEATURES -; tracing_multi,fsession
EXPECT_RE ^vfs_read { .file = 0xffff[0-9a-f]+, .buf = 0x[0-9a-f]+, .count = 7, .pos = 0x[0-9a-f]+ }$
EXPECT_RE ^vfs_write { .file = 0xffff[0-9a-f]+, .buf = 0x[0-9a-f]+, .count = 7, .pos = 0x[0-9a-f]+ }$
EXPECT_RE ^returns { .file = 0xffff[0-9a-f]+, .buf = 0x[0-9a-f]+, .count = 7, .pos = 0x[0-9a-f]+ }$
TIMEOUT 60

NAME ktypes: arguments as a whole in JSON
PROG
	fentry:vfs_read /pid == cpid && args.count == 7/ { print(args); exit(); }
RUN -f json -c "dd if=/dev/zero of=/dev/null bs=7 count=1 status=none"
EXPECT_RE "type": "value", "data": {"file": "?[0-9]+"?, "buf": [0-9]+, "count": 7, "pos": "?[0-9]+"?}}

NAME ktypes: retval is a pointer with fields, or an enum, or a number below zero
PROG
	fexit:fget /pid == cpid && retval != 0/ { @f[str(retval.f_path.dentry.d_name.name)] = count(); }
	fexit:vfs_read /pid == cpid && retval == 7/ { @r = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT_RE ^@r: 5$

NAME ktypes: under a wildcard, those of another type are set aside with the reason
PROG
	kfunc:vfs_read,kfunc:vfs_fsync,kfunc:vfs_getattr { @[str(args.file.f_path.dentry.d_name.name)] = count(); }
RUN --explain -v
EXPECT_RE vfs_getattr.*it has no argument 'file'

NAME ktypes: no function has the argument
PROG
	kfunc:vfs_rea* { @ = args.fil; }
RUN
STATUS 1
EXPECT_ERR has no argument 'fil'
EXPECT_ERR did you mean 'file'\?

NAME ktypes: the second of two arguments by type, any before it
PROG
	kfunc:rw_verify_area(*, struct file *) /pid == cpid && argtype("size_t") == 7/ { @[func] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT
	
	
	@[rw_verify_area]: 10

NAME ktypes: tcp functions with a struct msghdr *
REQUIRES kernel>=6.10
PROG
	kfunc:tcp_*(*, struct msghdr *) { @[func, argtype("struct msghdr *").msg_namelen] = count(); }
RUN --explain
EXPECT_RE [0-9]+ targets

NAME ktypes: a signature that nothing has
PROG
	kfunc:vfs_*(struct msghdr *) { }
RUN
STATUS 2
EXPECT_ERR ERROR: Probe has no valid attach points
EXPECT_ERR HINT: no function that vfs_\* matches has arguments \(struct msghdr \*\)

NAME ktypes: a signature that a function does not have
PROG
	kfunc:vfs_read(struct msghdr *) { }
RUN
STATUS 2
EXPECT_ERR ERROR: vfs_read does not have arguments \(struct msghdr \*\)\.
