# Sessions of kernel functions mean the same on every rung of the ladder, on every kernel.

NAME ksession: values carried from entry to return
PROG
	session:vfs_write /pid == cpid/ {
		entry { $n = arg2; $twice = arg2 * 2; }
		return { printf("%s %d %d %d\n", func, $n, $twice, retval); }
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
EXPECT
	vfs_write 3 6 3
	vfs_write 3 6 3
	vfs_write 3 6 3
	
	

NAME ksession: one value, in the cookie where there is one
PROG
	session:vfs_* /pid == cpid && func == "vfs_write"/ {
		entry { $n = arg2; }
		return { @[func, $n, retval] = count(); }
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
EXPECT
	
	
	@[vfs_write, 3, 3]: 3
TIMEOUT 60

NAME ksession: the return half does not run after skip
PROG
	session:vfs_write /pid == cpid/ {
		entry { @entries = count(); if (arg2 == 3) { skip; } }
		return { @returns = count(); @bytes = sum(retval); }
	}
RUN -c "sh -c 'dd if=/dev/zero of=/dev/null bs=3 count=3 status=none; exec dd if=/dev/zero of=/dev/null bs=5 count=2 status=none'"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
EXPECT
	
	
	@bytes: 10
	@entries: 2
	@returns: 2

NAME ksession: a predicate that does not hold
PROG
	session:vfs_write /pid == cpid && arg2 == 3/ { @[is_return] = count(); }
	session:vfs_write /pid == cpid && arg2 == 4/ { @never = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
EXPECT_SORTED
	
	
	@[false]: 3
	@[true]: 3

NAME ksession: functions that sleep
PROG
	session:hrtimer_nanosleep /comm == "sleep"/ {
		entry { $id = tid; $a = 1; }
		return { @[$id == tid && elapsed >= 100000000 && elapsed < 600000000000] = count(); }
	}
RUN -c "sh -c 'sleep 0.2 & sleep 0.2 & sleep 0.2 & sleep 0.2 & wait'"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
EXPECT
	
	
	@[true]: 4

NAME ksession: a call that never returns leaves nothing behind
PROG
	session:hrtimer_nanosleep /comm == "sleep"/ {
		entry { @entries = count(); $a = 1; $b = 2; }
		return { @returns = count(); @sum = sum($a + $b); }
	}
RUN -c "sh -c 'sleep 100 & A=$!; until grep -q \"(sleep) S\" /proc/$A/stat; do :; done; kill -9 $A; wait; sleep 0.1; exec sleep 0.1'"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
EXPECT_RE @entries: 3

NAME ksession: which kernel functions its program may call
REQUIRES kernel>=6.12
SHELL
	script='session:vfs_write { entry { print(kfunc_allowed("bpf_session_cookie")); exit(); } } interval:ms:1 { $x = 1; }'
	for off in raw_tp_syscalls fsession fsession,kprobe_session; do
		$MTRACE -q --no-feature $off -e "$script" -c 'dd if=/dev/zero of=/dev/null bs=3 count=1 status=none' | head -n 1
	done
EXPECT
	true
	true
	false

NAME ksession: nested calls of several functions
PROG
	session:vfs_read,session:ksys_read /pid == cpid/ {
		entry { $n = arg2; $f = arg0; }
		return { @[func, $n == 7, retval] = count(); }
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
EXPECT_RE @\[ksys_read, true, 7\]: 5
EXPECT_RE @\[vfs_read, true, 7\]: 5

NAME ksession: a function that is entered again before it returns
PROG
	session:ep_poll_callback /pid == cpid/ {
		entry { $n = @depth + 1; @depth = $n; $t = nsecs; }
		return { @ok[$n, $n == @depth && $t <= nsecs] = count(); @depth--; }
	}
	END { clear(@depth); }
RUN -c "./progs/nested 5"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
# at the end, removing the outer ones wakes up some of them once more
EXPECT_RE @ok\[3, true\]: [5-7]$
EXPECT_RE @ok\[2, true\]: [5-7]$
EXPECT_RE @ok\[1, true\]: [5-7]$
EXPECT_NOT false

NAME ksession: a function that is entered again, from a softirq on top of it
PROG
	session:__ip_queue_xmit {
		entry { $k = tid == 0 ? cpu : tid + 1000; $d = @depth[$k] + 1; @depth[$k] = $d; $t = nsecs; }
		return {
			@ok[$d == @depth[$k] && $t <= nsecs] = count(); @deepest = max($d); @depth[$k]--;
			if ($d > 1) { @seen = 1; } else if (@seen) { exit(); }
		}
	}
	END { clear(@depth); clear(@seen); }
# The receiver's acknowledgement is sent from the sender's own call, unless the receiver is just then
# holding its socket: both on one CPU, it cannot; or ksoftirqd has taken over: connections until
# that was seen.
RUN -c "taskset 1 sh -c 'ifconfig lo up; i=9000; while i=$((i + 1)); do nc -l -p $i </dev/null >/dev/null & until echo hello | nc 127.0.0.1 $i; do usleep 20000; done; done'"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
EXPECT_RE @deepest: [2-9]
EXPECT_RE @ok\[true\]: \d+
EXPECT_NOT false

NAME ksession: only the entry
PROG
	session:vfs_write /pid == cpid/ { entry { @n = count(); } }
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
EXPECT
	
	
	@n: 3

NAME ksession: a thousand functions
PROG
	session:tcp_*,session:ext4_*,session:vfs_*,session:dev_*,session:sock_*,session:inet_*,session:pci_*,session:security_* /pid == cpid/ {
		entry { $n = arg2; }
		return { @[func, $n] = count(); }
	}
RUN -c "dd if=/dev/zero of=/dev/null bs=3 count=3 status=none"
FEATURES -; fsession; fsession,kprobe_session
REQUIRES kernel>=6.12
EXPECT_RE @\[vfs_write, 3\]: 3
TIMEOUT 120

NAME ksession: returns that are lost, since the task ends inside of the call
# A task that is killed dies within get_signal(); one that is stopped goes on, and comes back from it.
PROG
	session:get_signal /comm == "sleep"/ {
		entry { @in++; $a = pid; $b = tid * 3; }
		return { @out++; if ($a != pid || $b != tid * 3) { @mixed = count(); } }
	}
	END { printf("lost %d, returned %d\n", @in > @out ? 1 : 0, @out > 0 ? 1 : 0); clear(@in); clear(@out); }
RUN -c "sh -c 'is() { until grep -q \"(sleep) $1\" /proc/$A/stat; do :; done; }; for i in 1 2 3 4 5 6; do sleep 100 & A=$!; is S; kill -STOP $A; is T; kill -CONT $A; is S; kill -9 $A; wait; done 2>/dev/null'"
FEATURES -; fsession; fsession,kprobe_session; fsession,kprobe_session,kprobe_multi
EXPECT_RE ^lost 1, returned 1$
EXPECT_NOT mixed
