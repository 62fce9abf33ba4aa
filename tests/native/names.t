# Functions that name things, addresses of variables, find. Equal to bpftrace's.

NAME socket_cookie() of a raw tracepoint's argument
TAGS novm
REQUIRES cmd:bash
PROG
	rawtracepoint:inet_sock_set_state /pid == cpid/ { @[socket_cookie(args.sk) > 0] = count(); }
RUN -c "bash -c 'echo >/dev/tcp/127.0.0.1/9'"
EXPECT
	
	
	@[true]: 2

NAME network addresses, padded
TAGS oracle
PROG
	BEGIN { printf("%s|%-20s|%20s|\n", ntop(0x0100007f), ntop(0x0100007f), ntop(2, 0x0100007f)); exit(); }
EXPECT
	127.0.0.1|127.0.0.1           |           127.0.0.1|
	
	

NAME network addresses in maps and tuples
TAGS oracle
PROG
	BEGIN { @a = ntop(0x0100007f); @b[ntop(0x0200007f)] = 1; print((1, ntop(5))); print(ntop(10, pton("::1"))); print(ntop(pton("127.0.0.1"))); exit(); }
EXPECT
	(1, 5.0.0.0)
	::1
	127.0.0.1
	
	
	@a: 127.0.0.1
	@b[127.0.0.2]: 1

NAME network addresses from text
TAGS oracle
PROG
	BEGIN { $x = pton("1.2.3.4"); print($x); print($x[0]); print(sizeof($x)); print(pton("ff02::1")); exit(); }
EXPECT
	[1,2,3,4]
	1
	4
	[255,2,0,0,0,0,0,0,0,0,0,0,0,0,0,1]
	
	

NAME link-layer addresses
TAGS oracle
PROG
	BEGIN { $b = pton("102:304:506::"); print(macaddr($b)); @m[macaddr($b)] = 1; @n = macaddr($b); printf("%s|%20s|\n", macaddr($b), macaddr($b)); exit(); }
EXPECT
	01:02:03:04:05:06
	01:02:03:04:05:06|   01:02:03:04:05:06|
	
	
	@m[01:02:03:04:05:06]: 1
	@n: 01:02:03:04:05:06

NAME names of kernel addresses
TAGS oracle
PROG
	BEGIN { print(kaddr("vfs_read") != 0); print(ksym(kaddr("vfs_read"))); print(ksym(kaddr("vfs_read")+5)); print(ksym(0)); print(ksym(123)); @a = ksym(kaddr("vfs_read")); @b[ksym(kaddr("vfs_read"))] = 1; printf("%s %20s|\n", ksym(kaddr("vfs_read")), ksym(kaddr("vfs_read"))); exit(); }
EXPECT
	true
	vfs_read
	vfs_read
	0
	0x7b
	vfs_read             vfs_read|
	
	
	@a: vfs_read
	@b[vfs_read]: 1

NAME names of user addresses that are nowhere
TAGS oracle
PROG
	BEGIN { print(usym(0)); print(usym(1234)); @a = usym(1234); exit(); }
EXPECT
	0
	0x4d2
	
	
	@a: 0x4d2

NAME comparing bytes
TAGS oracle
PROG
	BEGIN { print(memcmp("a", "c", 1)); print(memcmp("c", "a", 1)); print(memcmp(5, 5, 1)); print(memcmp("a","z",1)); exit(); }
EXPECT
	-2
	2
	0
	-25
	
	

NAME comparing a variable number of bytes
TAGS oracle
PROG
	BEGIN { $n = 2; print(memcmp("abc", "abd", $n)); $n = 3; print(memcmp("abc", "abd", $n)); exit(); }
EXPECT
	0
	-1
	
	

NAME joining strings
TAGS oracle
PROG
	BEGIN { print(str_concat("abc", "def")); $x = str_concat("abc", "def"); print(sizeof($x)); print($x); print(strlen($x)); exit(); }
EXPECT
	abcdef
	1024
	abcdef
	6
	
	

NAME joined strings as keys and values
TAGS oracle
PROG
	BEGIN { print(str_concat(str_concat("a","b"),"c")); $x = str_concat("abcdefg", "xyz"); @a = $x; @b[$x] = 1; exit(); }
EXPECT
	abc
	
	
	@a: abcdefgxyz
	@b[abcdefgxyz]: 1

NAME find
TAGS oracle
PROG
	BEGIN { @m[1] = 10; let $v = 0; if (find(@m, 1, $v)) { print($v); } print(find(@m, 2, $v)); print($v); exit(); }
EXPECT
	10
	false
	10
	
	
	@m[1]: 10

NAME find in a map of counts
TAGS oracle
PROG
	BEGIN { @m[1] = count(); let $v = 0; if (find(@m, 1, $v)) { print($v); } exit(); }
EXPECT
	1
	
	
	@m[1]: 1

NAME find in a map of strings
TAGS oracle
PROG
	BEGIN { @m["abc"] = "def"; let $v; if (find(@m, "abc", $v)) { print($v); } exit(); }
EXPECT
	def
	
	
	@m[abc]: def

NAME the address of a variable
TAGS oracle
PROG
	BEGIN { $x = 5; $p = &$x; $q = &$p; print(**$q); print($p[0]); print($p == &$x); exit(); }
EXPECT
	5
	5
	true
	
	

NAME the address of a tuple
TAGS oracle
PROG
	BEGIN { $x = (1,2); $p = &$x; print(*$p); exit(); }
EXPECT
	(1, 2)
	
	

NAME the address of a variable in a loop
TAGS oracle
PROG
	BEGIN { $x = 10; $p = &$x; for ($i : 0..2) { $x++; print(*$p); } exit(); }
EXPECT
	11
	12
	
	

NAME lengths of kernel stacks
TAGS oracle
PROG
	BEGIN { print(len(kstack) > 0); print(len(kstack(1))); @[kstack(0)] = count(); exit(); }
EXPECT
	true
	1
	
	
	@[
	]: 1

NAME a condition at compile time
TAGS oracle
PROG
	BEGIN { if comptime (0) { fail("x"); } print(1); exit(); }
EXPECT
	1
	
	

NAME the configuration
TAGS oracle
PROG
	BEGIN { print(config.stack_mode); print(config.license); print(config.str_trunc_trailer); print(config.print_maps_on_exit); exit(); }
EXPECT
	bpftrace
	GPL
	..
	true
	
	

NAME sizes of handles
TAGS oracle
PROG
	BEGIN { print(sizeof(ntop(0))); print(sizeof(ntop(pton("::1")))); print(sizeof(ksym(0))); print(sizeof(usym(0))); print(sizeof(kstack)); print(sizeof(cgroup_path(1))); print(sizeof(kaddr("vfs_read"))); print(sizeof(kstack(3))); print(sizeof(ustack)); exit(); }
EXPECT
	24
	24
	8
	16
	1024
	16
	8
	32
	1032
	
	

NAME type information
TAGS oracle
PROG
	config = { unstable_typeinfo=enable } BEGIN { print(typeinfo(1)); print(typeinfo("abc")); print(typeinfo(uint8)); $x = typeinfo((1,2)); print($x); exit(); }
EXPECT
	{ .btf_id = 0, .base_type = int, .full_type = int8 }
	{ .btf_id = 0, .base_type = string, .full_type = string[4] }
	{ .btf_id = 0, .base_type = int, .full_type = uint8 }
	{ .btf_id = 0, .base_type = tuple, .full_type = (int8,int8) }
	
	

NAME members of type information
TAGS oracle
PROG
	config = { unstable_typeinfo=enable } BEGIN { print(typeinfo(1).full_type); print(typeinfo(1).base_type); print(typeinfo("x").btf_id); exit(); }
EXPECT
	int8
	int
	0
	
	

NAME comparing types at compile time
TAGS oracle
PROG
	config = { unstable_typeinfo=enable } BEGIN { if comptime (typeinfo(1).base_type == typeinfo("x").base_type) { print("same") } else { print("other") } if comptime (typeinfo(1).base_type == typeinfo(pid).base_type) { print("same") } exit(); }
EXPECT
	other
	same
	
	

NAME the address of a symbol
TAGS oracle
PROG
	uprobe:./progs/symbols:work { print(*uaddr("counter")); print(*uaddr("big")); print(*uaddr("small")); print(str(*uaddr("greeting"))); exit(); }
RUN -c ./progs/symbols
EXPECT
	42
	1234567890123
	120
	hello there
	
	

NAME the address of a function, where the program is
PROG
	uprobe:./progs/symbols:work { print(reg("ip") == (uint64)uaddr("work")); exit(); }
RUN -c ./progs/symbols
EXPECT
	true
	
	

NAME kernel stacks
PROG
	BEGIN { @[kstack(2)] = count(); @len = len(kstack) > 2; @raw = kstack(raw, 1); exit(); }
EXPECT_RE ^        __bpf_prog_test_run_raw_tp\+[0-9]+$
EXPECT_RE ^@len: true
EXPECT_RE ^@raw: \n[0-9a-f]{16}$

NAME imports
FILE lib.bt
	import "more.bt";
	macro twice(x) { x * 2 }
	BEGIN { printf("imported\n"); }
FILE more.bt
	import "lib.bt";
	macro four() { twice(2) }
FILE main.bt
	import "lib.bt";
	BEGIN { print((four(), twice(4))); exit(); }
RUN main.bt
EXPECT
	imported
	(4, 8)
	
	

NAME func and the address of a symbol share a map
PROG
	uprobe:./progs/calls:add {
		@u[0] = usym(0); @u[1] = func; @k[0] = ksym(0); @k[1] = func;
		@both[func] = 1; @both[ksym(0)] = 2; $x = usym(0); $x = func; print($x); print((func, @k[1]));
		exit();
	}
RUN -c ./progs/calls
EXPECT
	add
	(add, add)
	
	
	@both[add]: 1
	@both[0]: 2
	@k[0]: 0
	@k[1]: add
	@u[0]: 0
	@u[1]: add

NAME a probe's name is a string where one is wanted
TAGS oracle
PROG
	uprobe:./progs/calls:work* {
		if (strcontains(probe, "work_m")) { print(probe); }
		print((strlen(probe), strncmp(probe, "uprobe:./progs/calls:work_", 26), strstr(probe, "calls")));
		$text = probe; $text = "none"; @kept = probe;
		print(str_concat(probe, "!"));
		print((probe == str($1), probe != $text, strlen(@kept)));
	}
	uprobe:./progs/calls:add { print((strlen(probe), strcontains(probe, "add"))); @kept = ""; exit(); }
RUN -c './progs/calls 1' uprobe:./progs/calls:work
EXPECT
	(25, 1, 15)
	uprobe:./progs/calls:work!
	(true, true, 25)
	uprobe:./progs/calls:work_more
	(30, 0, 15)
	uprobe:./progs/calls:work_more!
	(false, true, 30)
	(24, true)
	
	
	@kept: 

NAME a stack is one key however often it is seen, and two depths are two stacks
PROG
	uprobe:./progs/ticker:tick { @a[ustack] = count(); @b[ustack(1)] = count(); @c[ustack(raw, 1)] = count(); @len[len(ustack(2))] = count(); $s = ustack(1); printf("<%s>\n", $s); }
RUN -c './progs/ticker 4 200'
EXPECT_RE ^@a\[\n        tick\+0\n        .*\n(        .*\n)*\]: 4$
EXPECT_RE ^@b\[\n        tick\+0\n\]: 4$
EXPECT_RE ^@c\[\n[0-9a-f]+\n\]: 4$
EXPECT_RE ^@len\[2\]: 4$
EXPECT_RE ^<\n        tick\+0\n>$

NAME stacks as part of a key, as a value, compared
PROG
	uprobe:./progs/ticker:tick { @m[comm, ustack(1), 3] = count(); @v = ustack(1); if (@v == ustack(1)) { @same = count(); } }
RUN -c './progs/ticker 4 200'
EXPECT_RE ^@m\[ticker, \n        tick\+0\n, 3\]: 4$
EXPECT_RE ^@v: \n        tick\+0\n$
EXPECT_RE ^@same: 4$

NAME the stack of a process that has exited has names
PROG
	uprobe:./progs/ticker:tick { @[ustack(1)] = count(); }
RUN -c './progs/ticker 3 300'
EXPECT_RE ^@\[\n        tick\+0\n\]: 3$

NAME the addresses of a child that ends at once have names
SHELL
	for i in 1 2 3 4 5; do
		$MTRACE -q -e 'config = { output_delay_ms = 500 } uprobe:./progs/hot:hot { @[ustack(1), usym(reg("ip"))] = count(); }' -c './progs/hot 3' | grep -v '^[0-9.]*$'
	done
	$MTRACE -q -e 'uprobe:./progs/hot:hot { printf("%s", ustack(1)); }' -c './progs/hot 1' | grep hot
EXPECT_RE \A(@\[\n        hot\+0\n, hot\]: 3\n){5}        hot\+0\n\Z
TIMEOUT 60

NAME the addresses of processes that a child has forked have names when they have ended
SHELL
	cp ./progs/hot forked-hot
	$MTRACE -q -e 'config = { output_delay_ms = 500 } tracepoint:syscalls:sys_enter_exit_group /comm == "forked-hot"/ { @[ustack(1)] = count(); }' -c "sh -c './forked-hot 3; (./forked-hot 2; ./forked-hot 1); true'" > out
	grep -c '^        _*exit' out
	grep -c '^        0x' out || true
EXPECT
	3
	0

NAME the addresses of processes that others start have names when they have ended
PROG
	config = { output_delay_ms = 500 }
	uprobe:%PROGS%/hot:hot { @[ustack(1), usym(reg("ip"))] = count(); }
RUN
THEN for i in 1 2 3 4 5; do %PROGS%/hot 3; done; kill -INT $MTRACE_PID
EXPECT_RE \A\s*(@\[\n        hot\+0\n, hot\]: 3\n){5}\Z

NAME the stacks of what a process forks that was there before, but the one that began before tracing
TAGS novm
BEFORE sh -c 'cp "$(readlink -f /bin/sh)" old-shell; exec ./old-shell -c "while :; do (exit 3); done"'
PROG
	config = { output_delay_ms = 500 }
	tracepoint:syscalls:sys_enter_exit_group /comm == "old-shell" && args.error_code == 3/ {
		@n = count(); @[ustack(1)] = count(); if ((uint64)@n >= 20) { clear(@n); exit() }
	}
EXPECT_RE ^@\[\n        _*exit\+\d+\n\]: 1$
EXPECT_NOT ^        0x(.*\n)+?        0x

NAME code that a run-time compiler has made is named by its perf map
SHELL
	mkfifo in out
	./progs/jit <in >out & pid=$!
	exec 3>in 4<out
	read -r line <&4
	$MTRACE -q -p $pid -e 'uprobe:./progs/jit:back { printf("%s\n", ustack(2)); @ = usym(*(uint64 *)reg("sp")); exit() }'
	exec 3>&-
	wait $pid && [ ! -e /tmp/perf-$pid.map ] && echo gone
REQUIRES cmd:x86_64
EXPECT_RE ^\s*back\+0\n\s*Compiled::method\(int\)\+6\n
EXPECT_RE ^@: Compiled::method\(int\)(\+6)?$
EXPECT_RE ^gone$

NAME functions of C++ are named as in their source
PROG
	uprobe:./progs/typed-cpp:_ZN4shop4Item3addEi { printf("%s%s\n", ustack(1), usym(reg("ip"))); exit() }
RUN -c './progs/typed-cpp stay'
EXPECT_RE ^        shop::Item::add\(int\)\+0\nshop::Item::add\(int\)$

NAME or by their symbols
PROG
	config = { cpp_demangle = false }
	uprobe:./progs/typed-cpp:_ZN4shop4Item3addEi { printf("%s", ustack(1)); exit() }
RUN -c './progs/typed-cpp stay'
EXPECT_RE ^        _ZN4shop4Item3addEi\+0$

NAME two stacks are compared: the program stays small
PROG
	uprobe:./progs/ticker:tick { $a = ustack; print($a == ustack); print($a == ustack(127)); exit() }
	BEGIN { print(kstack == kstack ? "one" : "two places"); }
RUN -c './progs/ticker 3 300'
EXPECT_RE ^(one|two places)\ntrue\ntrue$

NAME build ids and places in the file
PROG
	uprobe:./progs/ticker:tick { printf("%s", ustack(build_id, 1)); exit() }
RUN -c './progs/ticker 3 300'
EXPECT_RE ^[0-9a-f]{40} 0x[0-9a-f]+$

NAME names of numbers are strings where a string is wanted
TAGS oracle
PROG
	BEGIN {
		$call = syscall_name(1);
		$text = "write";
		print($call == $text);
		print(strlen(strerror(1)));
		print((strcontains($call, "it"), strstr($call, "it"), strncmp(signal_name(9), "Kin", 2)));
		print(str_concat(signal_name(9), "!"));
		print(str(syscall_name(0)));
		$text = signal_name(15);
		print($text);
		print(pid == 0 ? "none" : strerror(2));
		@mixed["abc"] = (int64)1;
		@mixed[syscall_name(2)] = 2;
		@mixed[signal_name(2)] = 3;
		@value = "short";
		@value = strerror(13)
	}
EXPECT
	true
	23
	(true, 2, 0)
	Killed!
	read
	Terminated
	No such file or directory
	
	
	@mixed[abc]: 1
	@mixed[open]: 2
	@mixed[Interrupt]: 3
	@value: Permission denied

NAME numbers without a name, as strings
PROG
	BEGIN {
		$n = (int64)100000;
		$text = "a";
		$text = syscall_name($n);
		print($text);
		$text = strerror($n);
		print($text);
		$text = strerror(-$n);
		print($text);
		$text = signal_name($n);
		print($text);
		$text = strerror(-2);
		print($text)
	}
EXPECT
	Unknown syscall
	Unknown error
	Unknown error
	N/A
	No such file or directory
	
	

NAME the name of a task that is not there
REQUIRES kernel>=6.12
PROG
	tracepoint:sched:sched_switch { $none = 999999999; print(comm($none)); exit() }
EXPECT
	N/A
	
	
EXPECT_ERR stdin:1:58-69: WARNING: No such process \(pid=999999999\)

NAME the name of a task that is not there, as JSON
REQUIRES kernel>=6.12
RUN -q -f json -e 'interval:ms:1 { print(comm(999999999)); exit() }'
EXPECT_JSON {"type": "warnf", "msg": "No such process (pid=999999999)", "filename": "stdin", "line": 1, "col": 23}
EXPECT_JSON {"type": "value", "data": "N/A"}

NAME a number that takes effect is computed once
REQUIRES kernel>=6.12
PROG
	interval:ms:1 { $n = 999999999; print(comm($n++)); print($n); exit() }
EXPECT
	N/A
	1000000000
	
	
EXPECT_ERR_NOT No such process

NAME the name of a task in a test
REQUIRES kernel>=6.12
RUN --test -e 'test:named { if (comm(999999999) != "N/A") { return 1 } } test:plain { return 0 } test:fails { return comm(999999999) == "N/A" ? 1 : 0 }'
EXPECT_RE OK \] named
EXPECT_RE OK \] plain
EXPECT_RE FAILED  \] fails
STATUS 1
