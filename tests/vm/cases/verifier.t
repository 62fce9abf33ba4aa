# What the verifiers of old kernels are pickier about: loops, variable lengths, large keys,
# long programs. Each script's result is checked; that it loads at all is the point.

NAME nested loops with break and continue
PROG
	BEGIN {
		$n = 0;
		for $i : 0..10 { for $j : 0..10 { if ($j > $i) { break } if ($j % 2) { continue } $n++ } }
		printf("%d\n", $n);
		exit()
	}
EXPECT_RE ^30$

NAME a loop whose bounds are not constant
PROG
	uprobe:./progs/calls:add { $s = (uint64)0; for $i : arg0..arg1 { $s += (uint64)$i } printf("%d\n", $s) }
RUN -c ./progs/calls
EXPECT_RE ^45\n44\n42$

NAME while with many rounds
PROG
	BEGIN { $i = 0; $s = 0; while ($i < 1000) { $i++; $s += $i } printf("%d\n", $s); exit() }
EXPECT_RE ^500500$

NAME unroll in a probe with maps
PROG
	uprobe:./progs/calls:work { unroll (20) { @m[arg0] += 1 } }
RUN -c ./progs/calls
EXPECT_SORTED
	
	
	@m[1]: 20
	@m[2]: 20
	@m[3]: 20

NAME loop over a map with tuple keys and aggregated values
PROG
	uprobe:./progs/names:keyed { @m[arg0 % 3, "k"] = count(); @s[arg0 % 2] = arg0 }
	END {
		for ($kv : @s) { printf("s %d %d\n", $kv.0, $kv.1) }
		for ($kv : @m) { printf("m %d %s %d\n", $kv.0.0, $kv.0.1, (int64)$kv.1) }
		clear(@m); clear(@s);
	}
RUN -c ./progs/names
EXPECT_SORTED
	
	
	m 0 k 4
	m 1 k 3
	m 2 k 3
	s 0 8
	s 1 9

NAME loop over a map that changes variables outside
PROG
	BEGIN {
		@m[1] = 10; @m[2] = 20; @m[3] = 30; $sum = 0; $seen = 0;
		for ($kv : @m) { if ($kv.0 == 2) { continue } $sum += $kv.1; $seen++; }
		printf("%d %d\n", $sum, $seen); clear(@m); exit()
	}
EXPECT_RE ^40 2$

NAME strings of a length known at run time
PROG
	uprobe:./progs/args:take_string { $p = arg0; for $i : 1..6 { printf("%s|", str($p, $i)) } printf("%s\n", str(arg0, arg1)) }
RUN -c ./progs/args
EXPECT
	|a|a |a s|a st|a st
	
	

NAME buffers of a length known at run time
PROG
	uprobe:./progs/args:take_bytes { printf("%r\n", buf(arg0, arg1)); @b[buf(arg0, 4)] = count(); }
RUN -c ./progs/args
EXPECT_RE ^\\x00\\x01ab\\xff
EXPECT_RE ^@b\[.*\]: 1$

NAME long strings as keys and values
PROG
	config = { max_strlen = 200 }
	uprobe:./progs/names:named { @v[str(arg0)] = str(arg0); @t[str(arg0), comm] = count(); }
RUN -c "./progs/names 2"
EXPECT_SORTED
	
	
	@t[key-0, names]: 1
	@t[key-1, names]: 1
	@v[key-0]: key-0
	@v[key-1]: key-1

NAME a default string with 1024 bytes
PROG
	uprobe:./progs/names:named { $a = str(arg0); $b = str(arg0); printf("%s %s %d\n", $a, $b, $a == $b); @[$a] = 1 }
RUN -c "./progs/names 2"
EXPECT_SORTED
	
	
	@[key-0]: 1
	@[key-1]: 1
	key-0 key-0 1
	key-1 key-1 1

NAME string functions
PROG
	uprobe:./progs/names:named {
		$s = str(arg0, 16);
		printf("%d %d %d %d\n", strlen($s), strcontains($s, "-1"), strncmp($s, "key", 3), $s == "key-1");
	}
RUN -c "./progs/names 2"
EXPECT
	5 0 0 0
	5 1 0 1
	
	

NAME every aggregation, keyed by a string and a number
PROG
	uprobe:./progs/names:keyed {
		@c[comm, arg0 % 2] = count(); @s[comm, arg0 % 2] = sum(arg1); @mi[comm, arg0 % 2] = min(arg1);
		@ma[comm, arg0 % 2] = max(arg1); @a[comm, arg0 % 2] = avg(arg1); @st[comm] = stats(arg1);
	}
RUN -c ./progs/names
EXPECT_SORTED
	
	
	@a[names, 0]: 24
	@a[names, 1]: 33
	@c[names, 0]: 5
	@c[names, 1]: 5
	@ma[names, 0]: 64
	@ma[names, 1]: 81
	@mi[names, 0]: 0
	@mi[names, 1]: 1
	@s[names, 0]: 120
	@s[names, 1]: 165
	@st[names]: { .count = 10, .average = 28, .total = 285 }

NAME histograms in one probe
PROG
	uprobe:./progs/names:keyed {
		@h = hist(arg1); @hk[arg0 % 2, comm] = hist(arg1, 3); @l = lhist(arg0, 0, 10, 2); @lk[comm] = lhist(arg1, 0, 100, 10);
	}
	END { printf("%d %d\n", len(@hk), len(@lk)); clear(@hk); clear(@lk); }
RUN -c ./progs/names
EXPECT_RE ^\[8, 10\)\s+2 \|
EXPECT_RE ^\[64, 128\)\s+2 \|

NAME declared map types
PROG
	let @h = hash(5);
	let @l = lruhash(5);
	let @p = percpuhash(5);
	let @q = percpulruhash(5);
	uprobe:./progs/names:keyed /arg0 < 3/ { @h[arg0] = arg1; @l[arg0] = arg1; @p[arg0] = count(); @q[arg0] = sum(arg1) }
RUN -c ./progs/names
EXPECT_SORTED
	
	
	@h[0]: 0
	@h[1]: 1
	@h[2]: 4
	@l[0]: 0
	@l[1]: 1
	@l[2]: 4
	@p[0]: 1
	@p[1]: 1
	@p[2]: 1
	@q[0]: 0
	@q[1]: 1
	@q[2]: 4

NAME many maps and many printf in one probe
PROG
	uprobe:./progs/calls:work /arg0 == 1/ {
		@a = 1; @b = 2; @c = 3; @d = 4; @e = 5; @f = 6; @g = 7; @i = 8; @j = 9; @k = 10;
		printf("%d %d %d %d %d %d %d %d %d %d\n", @a, @b, @c, @d, @e, @f, @g, @i, @j, @k);
		printf("%s %s %s %d %c\n", comm, str($1), "literal", tid == pid, 65);
		printf("%d\n", @a + @b + @c); printf("%d\n", @d + @e); printf("%d\n", @f * @g); printf("%d\n", @k / @b);
		clear(@a); clear(@b); clear(@c); clear(@d); clear(@e); clear(@f); clear(@g); clear(@i); clear(@j); clear(@k);
	}
RUN -c ./progs/calls word
EXPECT_RE ^1 2 3 4 5 6 7 8 9 10$
EXPECT_RE ^calls word literal 1 A$
EXPECT_RE ^6\n9\n42\n5$

NAME a long chain of conditions
PROG
	uprobe:./progs/names:keyed {
		$x = arg0; $r = 0;
		if ($x == 0) { $r = 10 } else if ($x == 1) { $r = 11 } else if ($x == 2) { $r = 12 } else if ($x == 3) { $r = 13 }
		else if ($x == 4) { $r = 14 } else if ($x == 5) { $r = 15 } else if ($x == 6) { $r = 16 } else { $r = 99 }
		$t = $x > 5 ? ($x > 7 ? "high" : "middle") : "low";
		@[$t, $r] = count();
	}
RUN -c ./progs/names
EXPECT_SORTED
	
	
	@[high, 99]: 2
	@[low, 10]: 1
	@[low, 11]: 1
	@[low, 12]: 1
	@[low, 13]: 1
	@[low, 14]: 1
	@[low, 15]: 1
	@[middle, 16]: 1
	@[middle, 99]: 1

# (bpftrace 0.27 divides signed numbers as if they had no sign: -1 / 2 is 0 here.)
NAME division, modulo and shifts by values of unknown sign and size
PROG
	uprobe:./progs/names:keyed /arg0 > 0 && arg0 < 4/ {
		$n = (int64)arg0 - 2;
		printf("%d %d %d %d %d\n", 100 / (arg0 + 1), 100 % arg0, 1 << arg0, 1024 >> arg0, $n / 2);
	}
RUN -c ./progs/names
EXPECT
	50 0 2 512 0
	33 0 4 256 0
	25 1 8 128 0
	
	

NAME tuples with strings, in and out of maps
PROG
	uprobe:./progs/names:named { @t[pid == tid] = (str(arg0, 8), 7, (1, comm)); $v = @t[true]; print($v.0); print($v.2) }
	END { clear(@t) }
RUN -c "./progs/names 2"
EXPECT
	key-0
	(1, names)
	key-1
	(1, names)
	
	

NAME delete, has_key and post-increment in a condition
PROG
	uprobe:./progs/names:keyed {
		if (@n++ > 2 && has_key(@seen, arg0 - 1)) { delete(@seen, arg0 - 1) }
		@seen[arg0] = 1;
	}
	END { printf("%d %d\n", @n, len(@seen)); clear(@n); clear(@seen) }
RUN -c ./progs/names
EXPECT_RE ^10 3$

NAME a session that carries strings and a tuple
PROG
	session:./progs/calls:greet {
		entry { $name = str(arg0); $when = nsecs; $t = (1, comm); }
		return { printf("%s -> %s %d %s %d\n", $name, str(retval), $t.0, $t.1, nsecs >= $when); }
	}
RUN -c "./progs/calls 1"
FEATURES rungs
EXPECT
	world -> hello world 1 calls 1
	
	

NAME ustack as a key
PROG
	uprobe:./progs/recursion:fact /arg0 < 3/ { @[ustack(raw, 3)] = count() }
RUN -c ./progs/recursion
EXPECT_RE ^\s*[0-9a-f]{6,}$

NAME a tick and a clock
PROG
	interval:ms:50 { @n++; if (@n == 3) { printf("%d %d\n", @n, elapsed > 100000000); clear(@n); exit() } }
EXPECT_RE ^3 1$

NAME ten probes in one script
PROG
	uprobe:./progs/calls:work { @a = count() }      uretprobe:./progs/calls:work { @b = sum(retval) }
	uprobe:./progs/calls:work_more { @c = count() } uretprobe:./progs/calls:work_more { @d = min((int32)retval) }
	uprobe:./progs/calls:add { @e = max(arg0) }     session:./progs/calls:add { return { @f = sum(retval) } }
	uprobe:./progs/calls:greet { @g[str(arg0)] = count() } uprobe:./progs/calls:none { @h = count() }
	BEGIN { printf("begin\n") } END { printf("end\n") }
RUN -c ./progs/calls
EXPECT_SORTED
	
	
	@a: 3
	@b: 12
	@c: 3
	@d: -3
	@e: 3
	@f: 36
	@g[world]: 3
	@h: 3
	begin
	end
