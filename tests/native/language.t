# The language, as text output. Most need nothing but BEGIN and are equal to bpftrace's.

NAME hello
TAGS oracle
PROG
	BEGIN { printf("hello\n"); exit() }
EXPECT
	hello
	
	

NAME several BEGIN and END, in order
TAGS oracle
PROG
	BEGIN { printf("b1\n") }
	BEGIN { printf("b2\n"); exit() }
	END { printf("e1\n") }
	END { printf("e2\n") }
EXPECT
	b1
	b2
	e1
	e2
	
	

NAME a script of only BEGIN and END ends by itself
TAGS oracle
PROG
	BEGIN { printf("begin\n") } END { printf("end\n") }
EXPECT
	begin
	end
	
	

NAME integer conversions of printf
TAGS oracle
PROG
	BEGIN {
		printf("%d %i %u %x %X %o %c|\n", -5, 42, 42, 255, 255, 8, 65);
		printf("[%5d] [%-5d] [%05d] [%+d] [% d] [%#x]\n", 42, 42, 42, 42, 42, 255);
		printf("%hhd %hd %ld %lld %lu %llx\n", 300, 70000, -1, -1, 5, 5);
		printf("%zu %jd %td\n", 5, -6, 7);
		printf("%p %%\n", 0xdeadbeef);
		printf("%d %u\n", -1, -1);
		printf("%x\n", -1);
		exit()
	}
EXPECT
	-5 42 42 ff FF 10 A|
	[   42] [42   ] [00042] [+42] [42] [0xff]
	44 4464 -1 -1 5 5
	5 -6 7
	0xdeadbeef %
	-1 4294967295
	ffffffff
	
	

NAME string conversions of printf
TAGS oracle
PROG
	BEGIN {
		printf("[%s] [%10s] [%-10s]\n", "abc", "abc", "abc");
		printf("tab\tquote\"backslash\\octal\101hex\x41\n");
		exit()
	}
EXPECT
	[abc] [       abc] [abc       ]
	tab	quote"backslash\octalAhexA
	
	

NAME precision is accepted and, as in bpftrace, changes nothing
TAGS oracle
PROG
	BEGIN { printf("[%.2s] [%10.2s] [%-5.1s] [%.3d] [%6.4x]\n", "abc", "abc", "abc", 7, 255); exit() }
EXPECT
	[abc] [       abc] [abc  ] [7] [    ff]
	
	

NAME buffers in printf
TAGS oracle
PROG
	uprobe:./progs/args:take_bytes { printf("%r|%rx|%rh\n", buf(arg0, arg1), buf(arg0, 4), buf(arg0, 4)); exit() }
RUN -c ./progs/args
EXPECT
	\x00\x01ab\xff\"\x7f|\x00\x01\x61\x62|00 01 61 62
	
	

NAME arithmetic
TAGS oracle
PROG
	BEGIN {
		$a = 7; $b = 3;
		printf("%d %d %d %d %d\n", $a + $b, $a - $b, $a * $b, $a / $b, $a % $b);
		printf("%d %d %d %d %d\n", $a & $b, $a | $b, $a ^ $b, $a << $b, $a >> 1);
		printf("%d\n", !$a);
		printf("%d %d %d %d %d %d\n", $a == $b, $a != $b, $a < $b, $a > $b, $a <= $b, $a >= $b);
		printf("%d %d\n", $a && 0, $a || 0);
		printf("%d\n", 1 + 2 * 3 - 4 / 2);
		printf("%d %d %d\n", 0x10, 010, 1e3);
		printf("%d %d\n", 1_000, 5ms);
		exit()
	}
EXPECT
	10 4 21 2 1
	3 7 4 56 3
	0
	0 1 0 1 0 1
	0 1
	5
	16 8 1000
	1000 5000000
	
	

NAME assignment operators, increments
TAGS oracle
PROG
	BEGIN {
		$x = 10;
		$x += 5; printf("%d ", $x); $x -= 3; printf("%d ", $x); $x *= 2; printf("%d ", $x);
		$x /= 4; printf("%d ", $x); $x %= 4; printf("%d ", $x); $x |= 8; printf("%d ", $x);
		$x &= 9; printf("%d ", $x); $x ^= 1; printf("%d ", $x); $x <<= 2; printf("%d ", $x);
		$x >>= 1; printf("%d\n", $x);
		printf("%d %d %d %d\n", $x++, $x, ++$x, $x--);
		@m = 5; @m++; ++@m; @m += 10; printf("%d\n", @m);
		@k["a"] += 3; @k["a"]--; printf("%d\n", @k["a"]);
		clear(@m); clear(@k);
		exit()
	}
EXPECT
	15 12 24 6 2 10 8 9 36 18
	18 19 20 20
	17
	2
	
	

NAME integer casts
TAGS oracle
PROG
	BEGIN {
		$x = (uint64)0xfedcba9876543210;
		printf("%d %d %d %d\n", (int8)$x, (int16)$x, (int32)$x, (int64)$x);
		printf("%u %u %u %u\n", (uint8)$x, (uint16)$x, (uint32)$x, (uint64)$x);
		printf("%d\n", (int64)(int8)-1);
		exit()
	}
EXPECT
	16 12816 1985229328 1985229328
	16 12816 1985229328 1985229328
	-1
	
	

NAME if, else, ternary, nesting
TAGS oracle
PROG
	BEGIN {
		$n = 5;
		if ($n > 3) { printf("big\n") } else { printf("small\n") }
		if ($n > 10) { printf("huge\n") } else if ($n == 5) { printf("five\n") } else { printf("other\n") }
		printf("%s %d\n", $n > 3 ? "yes" : "no", $n ?: 9);
		printf("%d\n", $n == 1 ? 10 : $n == 5 ? 50 : 99);
		exit()
	}
EXPECT
	big
	five
	yes 5
	50
	
	

NAME while, break, continue, unroll
TAGS oracle
PROG
	BEGIN {
		$i = 0;
		while ($i < 10) { $i++; if ($i == 3) { continue } if ($i == 6) { break } printf("%d ", $i); }
		printf("\n");
		$u = 0;
		unroll (4) { printf("%d ", $u); $u += 2 }
		printf("\n");
		exit()
	}
EXPECT
	1 2 4 5 
	0 2 4 6 
	
	

NAME for over ranges
TAGS oracle
PROG
	BEGIN {
		for $i : 0..5 { printf("%d ", $i) }
		printf("\n");
		$n = 3; $sum = 0;
		for ($j : 1..$n) { $sum += $j }
		printf("%d\n", $sum);
		for $i : 0..10 { if ($i == 2) { continue } if ($i == 4) { break } printf("%d ", $i) }
		printf("\n");
		exit()
	}
EXPECT
	0 1 2 3 4 
	3
	0 1 3 
	
	

NAME for over maps
TAGS oracle
PROG
	BEGIN { @m["a"] = 1; @m["b"] = 2; for ($kv : @m) { printf("%s=%d\n", $kv.0, $kv.1) } clear(@m); exit() }
EXPECT_SORTED
	
	
	a=1
	b=2

NAME variables and scopes
TAGS oracle
PROG
	BEGIN {
		let $a = 1;
		let $b: uint8 = 255;
		let $c;
		if ($a == 1) { let $d = 5; $c = $d + 1; }
		printf("%d %d %d\n", $a, $b, $c);
		exit()
	}
EXPECT
	1 255 6
	
	

NAME tuples
TAGS oracle
PROG
	BEGIN {
		$t = (1, "two", (3, 4));
		printf("%d %s %d\n", $t.0, $t.1, $t.2.1);
		print($t);
		print((1, "x"));
		@t[1, "a"] = (1, 2); print(@t); clear(@t);
		exit()
	}
EXPECT
	1 two 4
	(1, two, (3, 4))
	(1, x)
	@t[1, a]: (1, 2)
	
	

NAME strings compared
TAGS oracle
PROG
	BEGIN {
		$s = "abc";
		printf("%d %d %d\n", $s == "abc", $s != "abc", $s == "abd");
		printf("%d %d\n", strncmp("abcx", "abcy", 3), strncmp("abcx", "abcy", 4) != 0);
		printf("%d %d\n", strlen("hello"), strcontains("haystack", "stack"));
		exit()
	}
EXPECT
	1 0 0
	0 1
	5 1
	
	

NAME positional parameters
TAGS oracle
PROG
	BEGIN { printf("%d %s %d %s|\n", $1, str($2), $#, str($3)); exit() }
RUN 42 hello
EXPECT
	42 hello 2 |
	
	

NAME parameters in attach points
TAGS oracle
PROG
	BEG$1 { printf("one\n") }
	$2 { printf("two\n"); exit() }
RUN IN interval:ms:10
EXPECT
	one
	two
	
	

NAME text of parameters and literals
TAGS oracle
PROG
	BEGIN {
		print(str($1 + 1)); print(str($1 + $2)); print(str($1 + 9)); print(str($1, 2));
		print(str("literal", 3)); print(str("ab", 9)); exit()
	}
RUN hello 3
EXPECT
	ello
	lo
	
	he
	lit
	ab
	
	

NAME members of records go by their names
TAGS oracle
PROG
	BEGIN {
		$r = (x=1, y="s"); $r = (y="longer", x={ printf("two\n"); 70000 }); print($r);
		@m[(x=1, y=2)] = 1; @m[(y=2, x=1)] = 2;
		print((x=1, y=2) == (y=2, x=1)); print((x=1, y=2) == (y=1, x=2));
		exit()
	}
EXPECT
	two
	{ .x = 70000, .y = longer }
	true
	false
	
	
	@m[{ .x = 1, .y = 2 }]: 2

NAME a declared pointer takes the memory of its first value
TAGS oracle
PROG
	BEGIN {
		let $t: struct task_struct *; $t = curtask; print($t.pid == tid);
		$t = curtask.real_parent; print($t.tgid > 0);
		print(__builtin_cpu == cpu); print(__builtin_elapsed > 0); exit()
	}
EXPECT
	true
	true
	true
	true
	
	

NAME division by zero gives 1
TAGS oracle
PROG
	BEGIN { @one = 1; @zero = 0; print((uint64)10 % (uint64)@one); print((uint64)10 % (uint64)@zero);
		print((uint64)10 / (uint64)@zero); $x = 7; $x /= @zero; print($x); clear(@one); clear(@zero) }
EXPECT
	0
	1
	1
	1
	
	

NAME sums of text literals
TAGS oracle
PROG
	BEGIN {
		print("hello" + 2); print(2 + "hello"); print("a" + "b" + "c"); print("hello" + 0);
		@["a" + "b"] = 1; print("ab" == "a" + "b"); printf("a" + "b\n"); print("ab" + 5); exit()
	}
EXPECT
	llo
	llo
	abc
	hello
	true
	ab
	
	
	
	@[ab]: 1
EXPECT_ERR WARNING: literal string will always be empty

NAME names of errors, signals and system calls compare with their texts
PROG
	BEGIN {
		$e = strerror(22); print($e == "Invalid argument"); print($e != "Invalid argument");
		print(strerror(-22) == "Invalid argument"); print(strerror(1) == "no such text");
		print(signal_name(9) == "Killed"); print(syscall_name(0) == "read"); exit()
	}
EXPECT
	true
	false
	true
	false
	true
	true
	
	

NAME an item of a tuple by a constant
TAGS oracle
PROG
	BEGIN { $t = (1, "two", 3); print($t[1 + 1]); print($t[1]); exit() }
EXPECT
	3
	two
	
	

NAME a loop that is going out of use is warned of once
PROG
	BEGIN { $i = 0; while ($i < 3) { $i++; while ($i < 1) { $i++; } } print($i); exit() }
EXPECT
	3
	
	
EXPECT_ERR \Astdin:1:17-66: WARNING: While loops are deprecated and may be removed in the future\.[^\n]*\n.*\n.*\nHINT
EXPECT_ERR_NOT (?s)While.*While

NAME casts to the type that a value has already are warned of
PROG
	BEGIN { $a = (uint8)5; $b = (uint8)$a; @c = count(); print((uint64)@c); print($b); exit() }
EXPECT
	1
	5
	
	
	@c: 1
EXPECT_ERR stdin:1:29-36: WARNING: Unnecessary cast: expression is already of type uint8
EXPECT_ERR_NOT (?s)Unnecessary.*Unnecessary

NAME a ternary of casts stands alone
TAGS oracle
PROG
	BEGIN { $p = pid; $p ? (int32)1 : (uint32)2; print((int8[])1); @n = 1; @c = sum(7); @n = @c; @k[1] = 2; print(is_scalar(@n)); print(is_scalar(@k)) }
EXPECT
	[1]
	true
	false
	
	
	@c: 7
	@k[1]: 2
	@n: 7

NAME pointers to different types compare, with a warning
PROG
	BEGIN { $a = (int8 *)1; $b = (int16 *)1; print($a == $b); print(curtask == curtask) }
EXPECT
	true
	true
	
	
EXPECT_ERR stdin:1:\d+-\d+: WARNING: comparison of distinct pointer types: int8, int16
EXPECT_ERR_NOT distinct pointer types: struct

NAME a cast constant is warned of where it loses bits, a bare one is not
PROG
	BEGIN { let $a: int8 = 1; $a = (int32)300; print($a); print(nsecs > 5); @x[(uint64)1] = 1; print(@x[-1]) }
EXPECT
	44
	true
	0
	
	
	@x[1]: 1
EXPECT_ERR (?s)Expression of type: int32 being cast to type: int8.*Expression of type: uint64 being cast to type: int64
EXPECT_ERR_NOT (?s)being cast.*being cast.*being cast

NAME named parameters
TAGS oracle
PROG
	BEGIN { printf("%s %d %d\n", getopt("name", "none"), getopt("n", 7), getopt("flag")); exit() }
RUN -- --name=bob --flag
EXPECT
	bob 7 1
	
	

NAME the config block
TAGS oracle
PROG
	config = { max_strlen = 8; print_maps_on_exit = 0 }
	uprobe:./progs/args:take_string { printf("%s\n", str(arg0)); @a = 1; exit() }
RUN -c ./progs/args
EXPECT
	a string..
	
	

NAME comments of both kinds
TAGS oracle
PROG
	// one
	BEGIN /* two */ { printf("ok\n"); /* three
	four */ exit() } // five
EXPECT
	ok
	
	

NAME predicates
TAGS oracle
PROG
	uprobe:./progs/calls:work /arg0 == 2/ { printf("two\n") }
	uprobe:./progs/calls:work /arg0 > 1 && arg0 < 4/ { printf("in %d\n", arg0) }
RUN -c ./progs/calls
EXPECT_SORTED
	
	
	in 2
	in 3
	two

NAME builtins of the task
PROG
	uprobe:./progs/calls:work /arg0 == 1/ {
		printf("%s %d %d %d %d\n", comm, pid == tid, uid, gid, cpu < 1024);
		printf("%d %d %d\n", nsecs > 0, elapsed > 0, pid == cpid);
		@r = count();
		if (rand != rand) { printf("random\n") }
	}
RUN -c ./progs/calls
EXPECT
	calls 1 0 0 1
	1 1 1
	random
	
	
	@r: 1

NAME func and probe
PROG
	uprobe:./progs/calls:work /arg0 == 1/ { printf("%s %s\n", func, probe) }
	BEGIN { printf("%s\n", probe) }
RUN -c ./progs/calls
EXPECT
	begin
	work uprobe:./progs/calls:work
	
	

NAME time and strftime
PROG
	BEGIN { time("%Y\n"); time(); printf("%s\n", strftime("%Y-%m-%d", nsecs)); exit() }
EXPECT_RE ^20\d\d\n\d\d:\d\d:\d\d\n20\d\d-\d\d-\d\d$

NAME a shell command with --unsafe
TAGS oracle
PROG
	BEGIN { system("echo from the shell %d", 7); exit() }
RUN --unsafe
EXPECT
	from the shell 7
	
	
	

NAME cat
TAGS oracle
PROG
	BEGIN { cat("%s", "/proc/sys/kernel/ostype"); exit() }
EXPECT
	Linux
	
	

NAME bswap, sizeof
TAGS oracle
PROG
	BEGIN { printf("%x %d %d\n", bswap((uint32)0x12345678), sizeof(uint64), sizeof(int8)); exit() }
EXPECT
	78563412 8 1
	
	

NAME strerror and signal_name
TAGS oracle
PROG
	BEGIN { printf("%s|%s\n", strerror(2), signal_name(9)); exit() }
EXPECT
	No such file or directory|Killed
	
	

NAME strerror has the kernel's words where the C library has others
TAGS oracle
PROG
	BEGIN {
		printf("%s|%s|%s\n", strerror(9), strerror(-11), strerror(38));
		@e[strerror(12)] = 1; print(strerror(5) == "I/O error");
		print(strerror((int32)512)); exit()
	}
EXPECT
	Bad file number|Try again (operation would block)|Invalid system call number
	true
	Unknown error
	
	
	@e[Out of memory]: 1

NAME macros
TAGS oracle
PROG
	macro add_one($x) { $x + 1 }
	macro twice(x) { x * 2 }
	BEGIN { $a = 4; printf("%d %d\n", add_one($a), twice(21)); exit() }
EXPECT
	5 42
	
	

NAME blocks and if as values
TAGS oracle
PROG
	BEGIN { $x = { let $y = 3; $y * 2 }; printf("%d\n", $x); $z = if ($x > 5) { 1 } else { 2 }; printf("%d\n", $z); exit() }
EXPECT
	6
	1
	
	

NAME print of values
TAGS oracle
PROG
	BEGIN { print(5); print(-5); print("text"); print((uint8)200); print(true); print(1 == 2); exit() }
EXPECT
	5
	-5
	text
	200
	true
	false
	
	

NAME signed arithmetic is C's (bpftrace 0.27 prints -4 1, 1431655732)
PROG
	BEGIN {
		$a = 7; $c = (int64)-7; $d = -100; $z = (int64)0;
		printf("%d %d\n", -$a, ~$a);
		printf("%d %d %d %d\n", $c / 2, $c % 2, $d / 3, $d % 3);
		printf("%d %d\n", $c >> 1, $c < 3);
		printf("%d %d\n", 5 / $z, 5 % $z);
		exit()
	}
EXPECT
	-7 -8
	-3 -1 -33 -1
	-4 1
	1 1
	
	

NAME container_of: from a member to its struct
PROG
	macro owner(p) { container_of(p, typeof(struct task_struct), se) }
	begin {
		$p = (uint8 *)curtask + offsetof(struct task_struct, se);
		$t = container_of($p, typeof(struct task_struct), se);
		print($t == curtask); print($t.pid == tid);
		print(container_of($p, task_struct, se) == curtask); print(owner($p).tgid == pid);
	}
EXPECT
	true
	true
	true
	true
	
	

NAME messages of the script tell where they stand
TAGS oracle
PROG
	macro complain(x) { errorf("%d is odd\n", x); }
	begin {
		complain(3);
		warnf("%s",
			"over two lines");
		warnf("two newlines\n\n");
	}
EXPECT
	
	
EXPECT_ERR ^stdin:1:21-45: ERROR: 3 is odd\nstdin:3:2-13: ERROR: expanded from\n\s+complain\(3\);\n\s+~{11}\nstdin:4-5: WARNING: over two lines\nstdin:6:2-27: WARNING: two newlines\n\n

NAME messages of the script without warnings
RUN --no-warnings -f json -q -e 'begin { warnf("w"); errorf("e"); }'
EXPECT
	{"type": "errorf", "msg": "e", "filename": "stdin", "line": 1, "col": 21}

NAME macros take types and members
PROG
	macro as(value, to) { let $x : to = (to)value; (sizeof(to), $x) }
	macro place(type, member) { offsetof(type, member) }
	begin {
		$n = (uint16)300;
		print(as($n, typeof(uint8))); print(as(5, typeof($n)));
		print(place(typeof(struct task_struct), se) == offsetof(struct task_struct, se));
	}
EXPECT
	(1, 44)
	(2, 5)
	true
	
	

NAME the context of a perf event: its registers
PROG
	interval:ms:10 { print(ctx != 0); print(((struct pt_regs *)ctx)->cs == reg("cs")); exit(); }
EXPECT
	true
	true
	
	

# From 7.0 on, programs like that of begin may call it, too.
NAME kfunc_allowed asks for the probe's own program type
REQUIRES kernel>=6.12 kernel<7.0
PROG
	begin { print(kfunc_allowed("bpf_task_from_pid")); print(kfunc_allowed("no_such_kfunc")); }
	interval:ms:10 { print(kfunc_allowed("bpf_task_from_pid")); exit(); }
EXPECT
	false
	false
	true
	
	

NAME kfunc_allowed asks for the way in which the probe is attached
REQUIRES kernel>=6.13
PROG
	session:./progs/calls:work { entry { @session = kfunc_allowed("bpf_session_cookie"); } }
	uprobe:./progs/calls:work { @uprobe = kfunc_allowed("bpf_session_cookie"); }
	begin { @begin = kfunc_allowed("bpf_session_cookie"); }
RUN -c "./progs/calls 1"
EXPECT_SORTED
	
	
	@begin: false
	@session: true
	@uprobe: false

NAME comptime: sizes and offsets are known
PROG
	macro wide(t) { if comptime (sizeof(t) > 4) { "wide" } else { "narrow" } }
	begin {
		if comptime (sizeof(pid) == 4 && offsetof(struct task_struct, se) != 0) { $x = 1; print($x); }
		print(wide(typeof(uint64))); print(wide(typeof(int8)));
	}
EXPECT
	1
	wide
	narrow
	
	

NAME a script whose other probes matched nothing ends by itself
PROG
	config = { missing_probes = "ignore" }
	begin { print(1); }
	uprobe:./progs/calls:there_is_no_such_function { print(2); }
EXPECT
	1
	
	
