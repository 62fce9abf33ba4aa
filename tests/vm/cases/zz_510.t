NAME zz510 begin
PROG
	BEGIN { printf("hi %s\n", comm); @a[1] = count(); exit() }
TIMEOUT 60
EXPECT_RE hi

NAME zz510 tracepoint
SHELL
	/bin/mtrace -e 't:syscalls:sys_enter_getppid { @[comm, probe] = count(); printf("%s\n", str(kstack(3))); exit() }' -c '/bin/sh -c "sleep 1; true"' -v; echo rc $?
	/bin/mtrace -e 't:syscalls:sys_enter_* { @[probe] = count(); } interval:s:1 { exit() }'; echo rc $?
	/bin/mtrace -e 'interval:ms:100 { printf("%d\n", elapsed); exit() } profile:hz:99 { @[kstack] = count() }'; echo rc $?
	/bin/mtrace -e 'kprobe:vfs_read { @[comm, func] = count(); } interval:s:1 { exit() }'; echo rc $?
	/bin/mtrace -e 'kprobe:vfs_* { @[comm, func] = count(); } interval:s:1 { exit() }'; echo rc $?
	/bin/mtrace -e 'kfunc:vfs_read { @[comm, args.count] = count(); } interval:s:1 { exit() }'; echo rc $?
	/bin/mtrace -e 'kfunc:vfs_* { @[comm, func] = count(); } interval:s:1 { exit() }'; echo rc $?
	/bin/mtrace -e 'session:vfs_* { return { @us[func] = hist(elapsed / 1000); } } interval:s:1 { exit() }'; echo rc $?
	/bin/mtrace -e 'uprobe:/bin/busybox:* { @[func] = count(); } interval:s:1 { exit() }'; echo rc $?
	/bin/mtrace -e 'BEGIN { for $i : 0..5 { print($i) } $i = 0; while ($i < 4) { $i++ } print($i); @x[1,2]=hist(3); for ($kv : @x) { print($kv.0) } exit() }'; echo rc $?
	/bin/mtrace -e 'iter:task { printf("%s\n", ctx.task.comm) }' | head -3; echo rc $?
TIMEOUT 200
EXPECT zz
