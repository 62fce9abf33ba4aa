# Probes of kernel functions on every rung of their ladder.

NAME krung: kfunc over a glob
PROG
	kfunc:vfs_w* /pid == cpid && func == "vfs_write"/ { @[func, probe] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
FEATURES -; tracing_multi; tracing_multi,kprobe_multi
EXPECT
	
	
	@[vfs_write, fentry:vmlinux:vfs_write]: 3

NAME krung: kretfunc over a glob
PROG
	kretfunc:vfs_w* /pid == cpid && func == "vfs_write" && retval == 3/ { @[func, probe, retval] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
FEATURES -; tracing_multi; tracing_multi,kprobe_multi
EXPECT
	
	
	@[vfs_write, fexit:vmlinux:vfs_write, 3]: 3

NAME krung: kprobe and kretprobe over a glob
PROG
	kprobe:vfs_w* /pid == cpid && func == "vfs_write"/ { @[probe, arg2] = count(); }
	kretprobe:vfs_w* /pid == cpid && func == "vfs_write"/ { @r[probe, retval] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
FEATURES -; kprobe_multi
EXPECT
	
	
	@[kprobe:vfs_write, 3]: 3
	@r[kretprobe:vfs_write, 3]: 3

NAME krung: tracing_multi takes one program and one link
REQUIRES kernel>=7.2
PROG
	kfunc:vfs_* { @[func] = count(); }
RUN --explain
EXPECT_RE mechanism: tracing_multi
EXPECT_RE 1 program, 1 link, 2 fds, \d\d targets

NAME krung: kprobe_multi takes one program and one link
REQUIRES kernel>=6.12 kernel<7.2
PROG
	kfunc:vfs_* { @[func] = count(); }
RUN --explain
EXPECT_RE mechanism: kprobe_multi
EXPECT_RE 1 program, 1 link, 2 fds, \d\d targets

NAME krung: kprobe session
REQUIRES kernel>=6.12 kernel<7.2
PROG
	session:vfs_* { return { @[func] = count(); } }
RUN --explain
EXPECT_RE mechanism: kprobe_multi session
EXPECT_RE 1 program, 1 link

NAME krung: tracing_multi session
REQUIRES kernel>=7.2
PROG
	session:vfs_r* { return { @[func] = count(); } }
RUN --explain
EXPECT_RE mechanism: tracing_multi session
EXPECT_RE 1 program, 1 link

NAME krung: one exact function is a trampoline
PROG
	kfunc:vfs_read { @ = count(); }
RUN --explain
EXPECT_RE mechanism: trampoline
EXPECT_RE 1 program, 1 link

NAME krung: an offset takes a kprobe of its own, the others stay together
PROG
	kprobe:vfs_write,kprobe:vfs_writev,kprobe:vfs_write+0,kprobe:ksys_write+4 { @ = count(); }
RUN --explain
EXPECT_RE mechanism: perf kprobe

NAME krung: -p sees one process only
BEFORE sh -c "while true; do read x < /proc/uptime; usleep 20000; done"
RUN -p %PID% -e 'kprobe:vfs_read { @[pid] = count(); } session:vfs_read { return { @s[pid] = count(); } } interval:ms:1500 { if (len(@) > 0 && len(@s) > 0) { exit(); } }'
EXPECT_RE @\[\d+\]: \d+
EXPECT_NOT @\[\d+\]: \d+\n@\[
EXPECT_NOT @s\[\d+\]: \d+\n@s\[

NAME krung: a module's functions, its own link
REQUIRES module:nf_conntrack
SHELL
	for name in $(cat /modules/nf_conntrack.order); do grep -q "^$(echo $name | tr - _) " /proc/modules || insmod /modules/$name.ko || exit 1; done
	$MTRACE --explain -e 'kfunc:nf_conntrack:nf_ct_* { @[func] = count(); }'
	$MTRACE --explain -e 'session:*:nf_conntrack_* { return { @[func] = count(); } }'
	$MTRACE -c true -e 'kfunc:nf_ct_*,kfunc:vfs_read /pid == cpid/ { @[func] = count(); } session:*:nf_ct_* { return { @s[func] = count(); } }'
EXPECT_RE fentry:nf_conntrack:nf_ct_
EXPECT_RE session:nf_conntrack:nf_conntrack_
EXPECT_ERR attached \d+ functions in \d+ links? \(vmlinux \d+, nf_conntrack \d+

NAME krung: a name that does not exist
PROG
	kprobe:vfs_reab { @ = count(); }
RUN -c true
STATUS 2
EXPECT_ERR No matches for kprobe vfs_reab
EXPECT_ERR did you mean 'vfs_read'

NAME krung: negated globs
PROG
	kprobe:vfs_*,!vfs_w*,!vfs_r* { @ = count(); }
RUN --explain -v
EXPECT_RE kprobe:vfs_open
EXPECT_NOT kprobe:vfs_write
EXPECT_NOT kprobe:vfs_read

NAME krung: missing_probes
PROG
	config = { missing_probes = warn }
	kprobe:no_such_thing_* { @ = count(); }
	kprobe:vfs_write /pid == cpid/ { @w = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
EXPECT_RE @w: 3
EXPECT_ERR WARNING: Probe has no valid attach points\. It is being removed

NAME krung: what the kernel refuses is found and set aside, the rest is attached in one link
REQUIRES kernel>=7.2
SHELL
	mkfifo ready
	$MTRACE --ready-fd 9 -e 'fentry:__x64_sys_getegid16 { @ = count(); }' 9>ready >/dev/null &
	read -r line <ready
	$MTRACE -f json -v -c true -e 'kfunc:__do_sys_geteg*,kfunc:vfs_* /pid == cpid/ { @[func] = count(); }'
	kill -INT $!
	wait
EXPECT_RE "mechanism": "tracing_multi", "targets": \d\d+, "set_aside": [12],
EXPECT_RE "skipped": \[.*\{"probe": "fentry:vmlinux:__do_sys_getegid16", "reason": "the kernel refuses to trace it \(EINVAL\)"\}
EXPECT_ERR attached \d+ functions in 1 link \(vmlinux \d+\), [12] set aside \(--explain\)
EXPECT_ERR __do_sys_getegid16: the kernel refuses to trace it

NAME krung: and by address: what ftrace cannot hook is found, the others are attached in one link
# A list that names a function which the kernel does not trace.
SHELL
	printf 'entry_SYSCALL_64\nvfs_open\nvfs_read\nvfs_write\n' >list
	try() {
		$MTRACE --traceable-functions list -f json -v -c 'dd if=/dev/zero of=/dev/null bs=3 count=3 status=none' "$@" >out 2>err
		echo "status $?"
		grep -o '"targets": 3, "set_aside": 1' out
		grep -o '"skipped": \[{"probe": "[a-z]*:entry_SYSCALL_64", "reason": "the kernel [a-z]*' out
		grep -o '"vfs_write": 3' out
		grep -o 'attached 3 functions in [0-9]* link' err | sed 's/in 3 link/in 1 link/' # perf events
		grep -c 'entry_SYSCALL_64: the kernel' err
		cat err >&2
	}
	try -e 'kprobe:vfs_*,kprobe:entry_SYSCALL_6* /pid == cpid/ { @[func] = count(); }'
	try --no-feature fsession -e 'session:vfs_*,session:entry_SYSCALL_6* /pid == cpid/ { entry { @[func] = count(); } }'
EXPECT_RE ^(status 0\n"targets": 3, "set_aside": 1\n"skipped": .*"reason": "the kernel (finds|refuses)\n"vfs_write": 3\nattached 3 functions in 1 link\n1\n){2}$
TIMEOUT 60

NAME krung: nothing left of a glob is an error, or what missing_probes says
REQUIRES kernel>=7.2
SHELL
	mkfifo ready
	$MTRACE --ready-fd 9 -e 'fentry:__x64_sys_getegid16 { @ = count(); }' 9>ready >/dev/null &
	read -r line <ready
	for policy in error warn ignore; do
		echo "$policy" >&2
		$MTRACE -c true -e "config = { missing_probes = $policy } session:__do_sys_getegid1* { entry { } return { @ = count(); } } END { printf(\"end\\n\"); }" >out
		echo "$policy $? $(grep -c end out)"
	done
	kill -INT $!
	wait
EXPECT
	error 2 0
	warn 0 1
	ignore 0 1
EXPECT_ERR (?s)error\n.*cannot attach .*: the kernel refused every target.*warn\n.*WARNING: .*: the kernel refused every target.*ignore\n
