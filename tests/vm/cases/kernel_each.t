# A probe per function: what Linux 6.1 has instead of one link for all. It is slow in the kernel, so
# programs are loaded and attached side by side, it can be interrupted, and removing is bounded.

NAME keach: a trampoline per function
REQUIRES kernel<6.6
PROG
	kfunc:vfs_*,kfunc:tcp_v4_* /pid == cpid && func == "vfs_write"/ { @[func, probe] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
EXPECT_RE @\[vfs_write, fentry:vmlinux:vfs_write\]: 3
EXPECT_ERR attached \d\d+ functions in \d\d+ links \(vmlinux \d\d+\), \d+ set aside
TIMEOUT 60

NAME keach: a kprobe per function
REQUIRES kernel<6.6
PROG
	session:vfs_*,session:tcp_v4_* /pid == cpid && func == "vfs_write"/ { entry { $n = arg2; } return { @[func, $n, retval] = count(); } }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
EXPECT_RE @\[vfs_write, 3, 3\]: 3
EXPECT_ERR attached \d\d+ functions in \d\d+ links
TIMEOUT 60

NAME keach: many functions, two kprobes each, put on and taken off
REQUIRES kernel<6.6
PROG
	session:tcp_*,session:vfs_* /pid == cpid/ {
		entry { $n = arg2; }
		return { @[func, $n] = count(); }
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
EXPECT_RE ^@\[vfs_write, 3\]: 3$
EXPECT_ERR attached [2-9]\d\d functions in \d\d\d+ links
TIMEOUT 120

NAME keach: progress on a terminal
REQUIRES kernel<6.6
SHELL
	./progs/onpty $MTRACE -c true -e 'kfunc:vfs_*,kfunc:tcp_v4_* { @ = count(); }' >out
	tr '\r' '\n' <out | grep -o 'attaching: [0-9]* of [0-9]* targets' | sed 's/[0-9][0-9]*/N/g' | sort -u
EXPECT
	attaching: N of N targets
TIMEOUT 60

NAME keach: interrupted while attaching
REQUIRES kernel<6.6
SHELL
	$MTRACE -e 'kfunc:tcp_*,kfunc:ip_*,kfunc:vfs_* { @ = count(); }' >out 2>err &
	until [ "$(ls /proc/$!/fd | wc -l)" -gt 100 ]; do sleep 0.1; done
	kill -INT $!
	began=$(cut -d. -f1 /proc/uptime)
	wait $!
	echo "status $?"
	[ $(($(cut -d. -f1 /proc/uptime) - began)) -lt 300 ] && echo "soon"
	grep -c Attached out err
	cat err >&2
EXPECT
	status 130
	soon
	out:0
	err:0
EXPECT_ERR (?m)^interrupted while (loading|attaching): nothing was traced$
TIMEOUT 60
