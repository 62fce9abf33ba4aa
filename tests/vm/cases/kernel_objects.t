# The kernel's own objects, given back to it: what needs pointers whose types the verifier knows.

NAME path() of an argument: printed, compared, a key
REQUIRES kernel>=6.12
PROG
	fentry:security_file_open /comm == "cat"/ {
		$p = path(args.file->f_path);
		if ($p == "/tmp/some.file") { printf("%s %s\n", $p, path(args.file->f_path, 64)); @[$p] = 1; }
	}
RUN -c "sh shell"
FILE shell
	echo x >/tmp/some.file
	cat /tmp/some.file >/dev/null
EXPECT
	/tmp/some.file /tmp/some.file
	
	
	@[/tmp/some.file]: 1

NAME path() that is longer than its text: the end of it
REQUIRES kernel>=6.12
SHELL
	touch /tmp/some.longer.file
	$MTRACE -q -e 'fentry:security_file_open /pid == cpid/ {
		$p = path(args.file->f_path, 11);
		if ($p == "onger.file") { printf("%s %d\n", $p, sizeof($p)); exit(); }
	}' -c 'cat /tmp/some.longer.file'
EXPECT
	onger.file 11
	
	

NAME path() of what variables kept on the way
PROG
	fentry:security_file_open /pid == cpid/ {
		let $other : struct file *;
		$file = args.file;
		if ($file != 0) { $other = $file; }
		if (path($file.f_path) == "/tmp/kept.file") {
			printf("%s %d\n", path($other.f_path), $other.f_flags & 3);
			$task = curtask; $program = $task.mm.exe_file;
			for $i : 0..2 { @[path($program.f_path), $i] = count(); }
		}
	}
RUN -c "sh -c ': >/tmp/kept.file'"
EXPECT_RE ^/tmp/kept.file 1$
EXPECT_RE ^@\[/bin/busybox, 0\]: 1\n@\[/bin/busybox, 1\]: 1$

NAME path() in an iterator, of a file that may be none
PROG
	iter:task_vma {
		$file = ctx.vma.vm_file;
		$vma = ctx.vma;
		if (ctx.task.pid == pid && path($file.f_path) != "") {
			$same = $vma.vm_file;
			printf("%s %d\n", path($same.f_path), path($same.f_path) == path(ctx.vma.vm_file.f_path));
		}
	}
RUN
EXPECT_RE /mtrace 1$

NAME path() in a predicate of several functions
REQUIRES kernel>=6.12
PROG
	fentry:security_file_o*,fentry:security_file_permission /path(args.file.f_path) == "/tmp/kept.file"/ { @[func] = count(); }
RUN -c "sh -c 'echo x >/tmp/kept.file'"
EXPECT_RE ^@\[security_file_open\]: 1$
EXPECT_RE ^@\[security_file_permission\]: 1$

NAME socket_cookie() is the same for one socket
REQUIRES kernel>=6.12
PROG
	fentry:tcp_v4_connect,fentry:tcp_v4_destroy_sock { @[socket_cookie(args.sk) != 0] = 1; @cookie[socket_cookie(args.sk)] = count(); }
	end { print(len(@cookie)); clear(@cookie); }
RUN -c "sh shell"
FILE shell
	nc -w 1 127.0.0.1 9 2>/dev/null
	true
EXPECT
	1
	
	
	@[true]: 1

NAME socket_cookie() of a raw tracepoint's argument
PROG
	rawtracepoint:inet_sock_set_state /pid == cpid/ { @[socket_cookie(args.sk) > 0] = count(); }
RUN -c "nc -w 1 127.0.0.1 9"
EXPECT_RE ^@\[true\]: 2$

NAME percpu_kaddr(): of any CPU, and none beyond the last
PROG
	begin {
		$r = (struct rq *)percpu_kaddr("runqueues", 0);
		print($r != 0); print($r.cpu);
		print(percpu_kaddr("runqueues", 4096) == 0);
		$here = (struct rq *)percpu_kaddr("runqueues");
		print($here.curr == curtask);
	}
EXPECT
	true
	0
	true
	true
	
	

NAME comm() of another task
REQUIRES kernel>=6.12
PROG
	fentry:security_file_open /pid == cpid/ { print(comm(1)); print(comm(99999999)); print(comm(pid) == comm); exit(); }
RUN -c "sh -c ': </proc/version'"
EXPECT_RE ^worker$
EXPECT_RE ^N/A$
EXPECT_RE ^true$

NAME skboutput(): packets of lo in a file
SHELL
	$MTRACE -c 'ping -c 2 -s 3000 127.0.0.1' -e 'fentry:ip_rcv /args.skb.len == 3028/ {
		$r = skboutput("all.pcap", args.skb, args.skb.len, 0);
		$s = skboutput("some.pcap", args.skb, 40, 20);
		$t = skboutput("none.pcap", args.skb, 9000, 0);
		@[(int32)$r, (int32)$s, (int32)$t] = count();
	}'
	echo magic, version, snapshot, link type
	od -A n -t x4 -N 24 all.pcap
	echo lengths
	od -A n -t u4 -j 32 -N 8 all.pcap
	echo version, length, protocol, addresses
	od -A n -t x1 -j 40 -N 4 all.pcap
	od -A n -t x1 -j 49 -N 1 all.pcap
	od -A n -t x1 -j 52 -N 8 all.pcap
	echo requests and answers
	for n in 0 1 2 3; do od -A n -t x1 -j $((40 + n * 3044 + 20)) -N 1 all.pcap; done
	echo of the 40 bytes those from 20 on
	od -A n -t u4 -j 32 -N 8 some.pcap
	od -A n -t x1 -j 40 -N 1 some.pcap
	wc -c <all.pcap; wc -c <some.pcap; wc -c <none.pcap
	now=$(date +%s) then=$(od -A n -t u4 -j 24 -N 4 all.pcap)
	[ $((now - then)) -ge 0 ] && [ $((now - then)) -lt 3600 ] && echo in time
EXPECT_RE ^@\[0, 0, -14\]: 4$
EXPECT_RE ^ a1b2c3d4 00040002 00000000 00000000\n 0000ffff 00000065\nlengths\n +3028 +3028$
EXPECT_RE ^ 45 00 0b d4\n 01\n 7f 00 00 01 7f 00 00 01$
EXPECT_RE ^requests and answers\n 08\n 00\n 08\n 00\n
EXPECT_RE from 20 on\n +20 +20\n 08\n12200\n168\n24\nin time$

NAME dw_ustack: from functions of the kernel
REQUIRES kernel>=6.12
PROG
	config = { unstable_dw_ustack=enable }
	kprobe:hrtimer_nanosleep /pid == cpid/ { @k[dw_ustack] = count(); }
	fentry:hrtimer_nanosleep /pid == cpid/ { @f[dw_ustack] = count(); @n++; if (@n == 3) { exit(); } }
RUN -c "%PROGS%/nofp forever"
EXPECT_RE ^@f\[\n {8}clock_nanosleep\+\d+\n( .*\n)* {8}main\+\d+\n( .*\n)* {8}_start\+\d+\n\]: \d+$
EXPECT_RE ^@k\[\n {8}clock_nanosleep\+\d+\n( .*\n)* {8}main\+\d+\n( .*\n)* {8}_start\+\d+\n\]: \d+$

NAME comm() of another task, where the kernel does not look for it
REQUIRES kernel<6.12
PROG
	interval:ms:1 { print(comm(1)); exit(); }
STATUS 1
EXPECT_ERR Syntax comm\(PID\) is not supported in this probe type yet
EXPECT_ERR HINT: this kernel (looks for a task by its pid only in other probes|does not look for a task by its pid)
