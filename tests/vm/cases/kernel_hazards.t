# What tracing kernel functions can break or get wrong (KERNEL.md section 0), one case each. A
# complaint of the kernel (WARNING, Oops) fails a case by itself.

NAME hazard H1: two BTF ids of one address never share a link
REQUIRES kernel>=7.2
PROG
	session:__do_sys_getegid16,session:__x64_sys_getegid16,session:__ia32_sys_getegid16,session:__x64_sys_getuid16 { return { @ = count(); } }
	kfunc:*sys_getuid16*,kfunc:*sys_sgetmask*,kfunc:__do_sys_getuid16,kfunc:__ia32_sys_getuid16 { @k = count(); }
RUN -c true --explain
EXPECT_RE aliases \(traced once\)
EXPECT_RE same address as

NAME hazard H1: and the link can be removed and made again
REQUIRES kernel>=7.2
SHELL
	for i in 1 2 3; do
		$MTRACE -c true -e 'session:__do_sys_getegid16,session:__x64_sys_getegid16,session:__ia32_sys_getegid16,session:vfs_read /pid == cpid/ { return { @ = count(); } }' >/dev/null || exit 1
		$MTRACE -c true -e 'kfunc:*sys_getuid16*,kfunc:__do_sys_getuid16,kfunc:__ia32_sys_getuid16,kfunc:vfs_read /pid == cpid/ { @ = count(); }' >/dev/null || exit 1
	done
	dmesg | grep -c 'WARNING.*trampoline'
	exit 0
EXPECT
	0

NAME hazard H2: a session's program that suppresses its return half loads everywhere
PROG
	session:vfs_write /pid == cpid && arg2 == 1000/ { return { @never = count(); } }
	session:vfs_write /pid == cpid/ { entry { skip; } return { @never = count(); } }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
EXPECT_NOT never

NAME hazard H3: no kprobe_multi: every function has its own
REQUIRES kernel<6.6
PROG
	session:vfs_read,session:vfs_write { return { @ = count(); } }
RUN --explain
EXPECT_RE mechanism: perf kprobe pair
EXPECT_RE kprobe_multi: not built into this kernel

NAME hazard H6: a carried variable that entry does not set is 0
PROG
	session:vfs_write,session:vfs_read /pid == cpid/ {
		entry { let $n = 0; if (arg2 == 12345) { $n = 77; } }
		return { @[$n] = count(); }
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=30 status=none"
FEATURES -; fsession; fsession,kprobe_session
EXPECT_RE @\[0\]: [6-9]\d
EXPECT_NOT @\[[1-9]

NAME hazard H7: each function has its own cookie
PROG
	kprobe:vfs_read,kprobe:vfs_write,kprobe:ksys_* /pid == cpid/ { @[func, probe] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
FEATURES -; kprobe_multi
EXPECT_RE @\[vfs_write, kprobe:vfs_write\]: 3
EXPECT_RE @\[ksys_write, kprobe:ksys_write\]: 3

NAME hazard H8: a function that several globs match is traced once
PROG
	kprobe:vfs_write,kprobe:vfs_w*,kprobe:vfs_writ* /pid == cpid/ { @k[func] = count(); }
	kfunc:vfs_write,kfunc:vfs_writ* /pid == cpid/ { @f[func] = count(); }
	session:vfs_write,session:vfs_writ* /pid == cpid/ { return { @s[func] = count(); } }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
EXPECT_RE @k\[vfs_write\]: 3
EXPECT_RE @f\[vfs_write\]: 3
EXPECT_RE @s\[vfs_write\]: 3

NAME hazard H10: misses are in the statistics
PROG
	kprobe:vfs_write /pid == cpid/ { @ = count(); }
RUN -f json -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
EXPECT_RE "recursion_misses": \d+
EXPECT_RE "missed": \d+

NAME hazard H11: nothing is lost between programs that interrupt each other
PROG
	kfunc:vfs_* /pid == cpid && func == "vfs_write"/ { @a = sum(1); @n++; }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=2000 status=none"
EXPECT_RE @a: 2000
EXPECT_RE @n: 2000
TIMEOUT 60

NAME hazard: functions that never return are left alone
PROG
	session:do_exi*,session:vfs_read /pid == cpid/ { return { @[func] = count(); } }
RUN -c true --explain
EXPECT_RE session:do_exit: it never returns

NAME hazard: and refused by name
PROG
	kretfunc:do_exit { @ = count(); }
RUN -c true
STATUS 2
EXPECT_ERR 'do_exit' never returns
