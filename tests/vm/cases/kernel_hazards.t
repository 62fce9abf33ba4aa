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
FEATURES -; tracing_multi,fsession
EXPECT_RE @k\[vfs_write\]: 3
EXPECT_RE @f\[vfs_write\]: 3
EXPECT_RE @s\[vfs_write\]: 3

NAME hazard H9: registers that a link for all does not save take probes of their own
PROG
	kprobe:vfs_write,kprobe:ksys_write /pid == cpid/ { @[func] = sum(reg("r15") == reg("r15")); }
RUN --explain
EXPECT_RE mechanism: perf kprobe
EXPECT_RE because: it reads registers that one link for all does not save|kprobe_multi: not built

NAME hazard H9: and over a wide glob, a refusal
REQUIRES kernel>=6.12
PROG
	kprobe:tcp_* { @[reg("bx")] = count(); }
RUN --explain
STATUS 1
EXPECT_ERR one link for \d+ functions does not save that register
EXPECT_ERR name fewer functions

NAME hazard H5: a USDT probe leaves the red zone of leaf functions alone
PROG
	usdt:./progs/redzone:leaf:* { @[arg0 > 0, probe] = count(); }
RUN -c "./progs/redzone 50"
FEATURES -; uprobe_multi
EXPECT
	0 changed
	
	
	@[true, usdt:./progs/redzone:leaf:nop10]: 50
	@[true, usdt:./progs/redzone:leaf:nop5]: 50
	@[true, usdt:./progs/redzone:leaf:plain]: 50

NAME hazard H10: calls inside the kernel's own map updates are missed, and counted
REQUIRES kernel>=6.12
PROG
	kprobe:htab_map_update_elem /pid == cpid/ { @never = count(); }
RUN -f json -v -c "./progs/preempt 1 1"
EXPECT_RE "recursion_misses": [1-9]
EXPECT_NOT never
EXPECT_ERR [1-9]\d* events? missed: the program was running already on that CPU
EXPECT_ERR recursion_misses=[1-9]

NAME hazard H10: and calls that the program makes itself
PROG
	kfunc:htab_map_update_elem /pid == cpid/ { @[nsecs] = 1; @n = count(); }
	END { clear(@); }
RUN -f json -c "./progs/preempt 1 1"
EXPECT_RE "recursion_misses": [1-9]
EXPECT_ERR [1-9]\d* events? missed: the program was running already on that CPU

NAME hazard H11: programs that come on top of each other lose nothing and mix nothing up
# Programs of several kinds update the same maps, and each is preempted by the others.
TAGS preempt
PROG
	uprobe:./progs/preempt:shout {
		$a = str(arg0, 200);
		$b = str(arg1, 200);
		@calls = count();
		@n++;
		@ones = sum(1);
		if ($a != $b) { @mixed = count(); }
		@by[$a] = count();
		@x = count(); @y++; @z = sum(1);
	}
	fentry:hrtimer_nanosleep /pid == cpid/ { @x = count(); @y++; @z = sum(1); }
	session:hrtimer_nanosleep /pid == cpid/ { @x = count(); @y++; @z = sum(1); }
RUN -c "./progs/preempt 6 3"
FEATURES -; uprobe_multi
EXPECT_RE (?s)^(\d+) calls$.*^@calls: \1$.*^@n: \1$.*^@ones: \1$
EXPECT_RE (?s)^@x: (\d+)$.*^@y: \1$.*^@z: \1$
EXPECT_NOT mixed
TIMEOUT 40

NAME hazard: a large frame is the program's own, in both halves of a session and at a USDT site
# From 6.13 on the stack of such a program is per CPU; nothing else keeps two tasks apart there.
TAGS preempt
PROG
	session:./progs/preempt:shout {
		entry { $a = str(arg0, 200); if ($a != str(arg1, 200)) { @mixed = count(); } @in[$a] = count(); }
		return { $b = str(arg0, 200); if ($b != str(arg1, 200)) { @mixed = count(); } @out[$b] = count(); @returns = count(); }
	}
	usdt:./progs/preempt:preempt:shouted {
		$a = str(arg0, 200);
		if ($a != str(arg1, 200)) { @mixed = count(); }
		@at[$a] = count();
		@sites = count();
	}
	end { printf("%d %d %d texts\n", len(@in), len(@out), len(@at)); clear(@in); clear(@out); clear(@at); }
RUN -c "./progs/preempt 6 3"
EXPECT_RE (?s)^(\d+) calls$.*^7 7 7 texts$.*^@returns: \1$.*^@sites: \1$
EXPECT_NOT mixed
TIMEOUT 40

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
