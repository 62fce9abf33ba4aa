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
RUN -c "cat /proc/version"
EXPECT_RE ^worker$
EXPECT_RE ^N/A$
EXPECT_RE ^true$
