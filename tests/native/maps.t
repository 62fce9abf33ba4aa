# Maps and aggregations, as text and JSON. Programs: see progs/names.c, progs/calls.c.

NAME scalar maps
TAGS oracle
PROG
	BEGIN { @a = 5; @b = "text"; @c = (uint8)300; @d = -1; exit() }
EXPECT_SORTED
	
	
	@a: 5
	@b: text
	@c: 44
	@d: -1

NAME keyed maps, sorted by value
TAGS oracle
PROG
	uprobe:./progs/names:keyed { @square[arg0] = arg1 }
RUN -c ./progs/names
EXPECT
	
	
	@square[0]: 0
	@square[1]: 1
	@square[2]: 4
	@square[3]: 9
	@square[4]: 16
	@square[5]: 25
	@square[6]: 36
	@square[7]: 49
	@square[8]: 64
	@square[9]: 81

NAME print and clear lose no update
SHELL
	cp progs/hot hot
	$MTRACE -q -e 'uprobe:./hot:hot {
			@n = count(); @k[arg0 % 64] = count(); @i[cpu]++; @s[1] = stats(1);
		}
		interval:ms:10 { print(@n); print(@k); clear(@n); clear(@k); }
		interval:ms:50 { print(@i); zero(@i); print(@s); clear(@s); }' \
		-c './hot 100000 2' -o out >x || exit 1
	awk '/^@n: /{n += $2; times += $2 > 0} /^@k/{k += $2} /^@i/{i += $2}
		/^@s/{s += $5}
		END {print n, k, i, s, (times > 1) ? "often" : times}' out
EXPECT
	200000 200000 200000 200000 often
TIMEOUT 120

NAME what was printed and zeroed keeps its keys
SHELL
	mkfifo ready; cp progs/hot hot
	$MTRACE -q --ready-fd 3 -e 'uprobe:./hot:hot { @n = count(); @k[arg0] = count(); @m = max(arg0) }
		self:signal:SIGUSR1 { print(@k); zero(@k); print(@n); zero(@n); print(@m); clear(@m); printf("taken\n") }' \
		3>ready >out &
	read -r x <ready
	./hot 4 >x; kill -USR1 $!
	until grep -q taken out; do sleep 0.05; done
	./hot 2 >x; kill -INT $!; wait $!
	cat out
EXPECT
	@k[0]: 1
	@k[1]: 1
	@k[2]: 1
	@k[3]: 1
	@n: 4
	@m: 3
	taken
	
	
	@k[2]: 0
	@k[3]: 0
	@k[0]: 1
	@k[1]: 1
	@m: 1
	@n: 2
TIMEOUT 60

NAME a map with two copies is read, looped over and deleted from as any other
SHELL
	mkfifo ready; cp progs/hot hot
	$MTRACE -q --ready-fd 3 -e 'uprobe:./hot:hot { @k[arg0] = count(); @l = arg0; @x[arg0] = arg0 }
		self:signal:SIGUSR1 { for ($kv : @k) { if ($kv.1 > 0) { @seen[$kv.0] = 1 } }
			printf("%d %d %d %d\n", len(@x), has_key(@x, 3), delete(@x, 3), has_key(@x, 3));
			printf("%d\n", @l);
			print(@k, 1); clear(@k); print(@l); clear(@l); print(@x, 1); clear(@x) }' \
		3>ready >out &
	read -r x <ready
	./hot 4 >x; kill -USR1 $!
	until grep -q '^@x.2.: 2$' out; do sleep 0.05; done
	./hot 2 >x; kill -USR1 $!
	until grep -q '^@x.1.: 1$' out; do sleep 0.05; done
	kill -INT $!; wait $!
	cat out
EXPECT_RE \A4 1 1 0\n3\n@k\[3\]: 1\n@l: 3\n@x\[2\]: 2\n2 0 0 0\n1\n@k\[1\]: 1\n@l: 1\n@x\[1\]: 1\n
EXPECT_RE @seen\[3\]: 1
TIMEOUT 60

NAME maps taken one after another, with something in between
SHELL
	mkfifo ready; cp progs/hot hot
	$MTRACE -q --ready-fd 3 -e 'uprobe:./hot:hot { @a = count(); @b[arg0] = count(); @c = max(arg0); @d[1] = sum(arg0) }
		self:signal:SIGUSR1 {
			print(@a); clear(@a); printf("one\n"); print(@b, 1); clear(@b); print(@b); printf("two\n");
			print(@c); clear(@c); print(@a); print(@a); clear(@a); print(@d); zero(@d); print(@d); zero(@d);
			printf("taken\n") }' 3>ready >out &
	read -r x <ready
	./hot 4 >x; kill -USR1 $!
	until grep -q taken out; do sleep 0.05; done
	./hot 3 >x; kill -USR1 $!
	until [ $(grep -c taken out) = 2 ]; do sleep 0.05; done
	./hot 2 >x; kill -INT $!; wait $!
	grep . out
EXPECT
	@a: 4
	one
	@b[3]: 1
	two
	@c: 3
	@a: 0
	@a: 0
	@d[1]: 6
	@d[1]: 0
	taken
	@a: 3
	one
	@b[2]: 1
	two
	@c: 2
	@a: 0
	@a: 0
	@d[1]: 3
	@d[1]: 0
	taken
	@a: 2
	@b[0]: 1
	@b[1]: 1
	@c: 1
	@d[1]: 1
TIMEOUT 60

NAME string keys
TAGS oracle
PROG
	uprobe:./progs/names:named { $n = str(arg0); @n[$n] = strlen($n) + @i; @i++ }
RUN -c ./progs/names
EXPECT_SORTED
	
	
	@i: 10
	@n[key-0]: 5
	@n[key-1]: 6
	@n[key-2]: 7
	@n[key-3]: 8
	@n[key-4]: 9
	@n[key-5]: 10
	@n[key-6]: 11
	@n[key-7]: 12
	@n[key-8]: 13
	@n[key-9]: 14

NAME several keys
TAGS oracle
PROG
	uprobe:./progs/names:keyed { @m[arg0, "k", arg1 > 5] = arg0 * 3 + 1 }
RUN -c ./progs/names
EXPECT
	
	
	@m[0, k, false]: 1
	@m[1, k, false]: 4
	@m[2, k, false]: 7
	@m[3, k, true]: 10
	@m[4, k, true]: 13
	@m[5, k, true]: 16
	@m[6, k, true]: 19
	@m[7, k, true]: 22
	@m[8, k, true]: 25
	@m[9, k, true]: 28

NAME count
TAGS oracle
PROG
	uprobe:./progs/names:keyed { @ = count(); @by[arg0 / 5 + arg0 / 8] = count() }
RUN -c ./progs/names
EXPECT_SORTED
	
	
	@: 10
	@by[0]: 5
	@by[1]: 3
	@by[2]: 2

NAME stats as parts of tuples and records
PROG
	begin {
		@n = stats(-5); @n = stats(9);
		@k["a"] = stats(3);
		$pair = (1, @n);
		print($pair);
		print((all=@n, some=@k["a"], none=@k["b"]));
		printf("%s, %s\n", (@k["a"], 7), $pair.1);
		print({ $pair; @n });
		@kept = (@n, "x");
	}
EXPECT
	(1, { .count = 2, .average = 2, .total = 4 })
	{ .all = { .count = 2, .average = 2, .total = 4 }, .some = { .count = 1, .average = 3, .total = 3 }, .none = { .count = 0, .average = 0, .total = 0 } }
	({ .count = 1, .average = 3, .total = 3 }, 7), { .count = 2, .average = 2, .total = 4 }
	{ .count = 2, .average = 2, .total = 4 }
	
	
	@k[a]: { .count = 1, .average = 3, .total = 3 }
	@kept: ({ .count = 2, .average = 2, .total = 4 }, x)
	@n: { .count = 2, .average = 2, .total = 4 }

NAME sum, min, max, avg, stats
TAGS oracle
PROG
	uprobe:./progs/names:keyed {
		@sum = sum(arg1); @min = min(arg1); @max = max(arg1); @avg = avg(arg1); @stats = stats(arg1);
		@ksum[arg0 > 5] = sum(arg0); @kavg[arg0 > 5] = avg(arg1); @kstats[arg0 > 5] = stats(arg1);
		@kmin[arg0 > 5] = min(arg1 + 1); @kmax[arg0 > 5] = max(arg1);
	}
RUN -c ./progs/names
EXPECT_SORTED
	
	
	@avg: 28
	@kavg[false]: 9
	@kavg[true]: 57
	@kmax[false]: 25
	@kmax[true]: 81
	@kmin[false]: 1
	@kmin[true]: 37
	@kstats[false]: { .count = 6, .average = 9, .total = 55 }
	@kstats[true]: { .count = 4, .average = 57, .total = 230 }
	@ksum[false]: 15
	@ksum[true]: 30
	@max: 81
	@min: 0
	@stats: { .count = 10, .average = 28, .total = 285 }
	@sum: 285

NAME signed aggregations
TAGS oracle
PROG
	BEGIN { @s = sum(-5); @s = sum(2); @mi = min(-5); @mi = min(3); @ma = max(-5); @ma = max(-7); @a = avg(-4); @a = avg(-8); @st = stats(-3); exit() }
EXPECT_SORTED
	
	
	@a: -6
	@ma: -5
	@mi: -5
	@s: -3
	@st: { .count = 1, .average = -3, .total = -3 }

NAME hist
TAGS oracle
PROG
	uprobe:./progs/names:keyed { @h = hist(arg1) }
RUN -c "./progs/names 40"
EXPECT
	
	
	@h:
	[0]                    1 |@@@@@                                               |
	[1]                    1 |@@@@@                                               |
	[2, 4)                 0 |                                                    |
	[4, 8)                 1 |@@@@@                                               |
	[8, 16)                1 |@@@@@                                               |
	[16, 32)               2 |@@@@@@@@@@@                                         |
	[32, 64)               2 |@@@@@@@@@@@                                         |
	[64, 128)              4 |@@@@@@@@@@@@@@@@@@@@@@@                             |
	[128, 256)             4 |@@@@@@@@@@@@@@@@@@@@@@@                             |
	[256, 512)             7 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@            |
	[512, 1K)              9 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	[1K, 2K)               8 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@      |
	

NAME hist of zero, negative and large values
TAGS oracle
PROG
	BEGIN { @h = hist(0); @h = hist(1); @h = hist(-1); @h = hist(1024); @h = hist(1500000); @h = hist(5000000000); exit() }
EXPECT
	
	
	@h:
	(..., 0)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	[0]                    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	[1]                    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	[2, 4)                 0 |                                                    |
	[4, 8)                 0 |                                                    |
	[8, 16)                0 |                                                    |
	[16, 32)               0 |                                                    |
	[32, 64)               0 |                                                    |
	[64, 128)              0 |                                                    |
	[128, 256)             0 |                                                    |
	[256, 512)             0 |                                                    |
	[512, 1K)              0 |                                                    |
	[1K, 2K)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	[2K, 4K)               0 |                                                    |
	[4K, 8K)               0 |                                                    |
	[8K, 16K)              0 |                                                    |
	[16K, 32K)             0 |                                                    |
	[32K, 64K)             0 |                                                    |
	[64K, 128K)            0 |                                                    |
	[128K, 256K)           0 |                                                    |
	[256K, 512K)           0 |                                                    |
	[512K, 1M)             0 |                                                    |
	[1M, 2M)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	[2M, 4M)               0 |                                                    |
	[4M, 8M)               0 |                                                    |
	[8M, 16M)              0 |                                                    |
	[16M, 32M)             0 |                                                    |
	[32M, 64M)             0 |                                                    |
	[64M, 128M)            0 |                                                    |
	[128M, 256M)           0 |                                                    |
	[256M, 512M)           0 |                                                    |
	[512M, 1G)             0 |                                                    |
	[1G, 2G)               0 |                                                    |
	[2G, 4G)               0 |                                                    |
	[4G, 8G)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	

NAME keyed hist
TAGS oracle
PROG
	uprobe:./progs/names:keyed { @h[arg0 > 5] = hist(arg1) }
RUN -c ./progs/names
EXPECT
	
	
	@h[true]:
	[32, 64)               2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	[64, 128)              2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	
	@h[false]:
	[0]                    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[1]                    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[2, 4)                 0 |                                                    |
	[4, 8)                 1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[8, 16)                1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[16, 32)               2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	

NAME hist with more bits
TAGS oracle
PROG
	uprobe:./progs/names:keyed { @h = hist(arg1, 2) }
RUN -c "./progs/names 20"
EXPECT
	
	
	@h:
	[0]                    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[1]                    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[2]                    0 |                                                    |
	[3]                    0 |                                                    |
	[4]                    1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[5]                    0 |                                                    |
	[6]                    0 |                                                    |
	[7]                    0 |                                                    |
	[8, 10)                1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[10, 12)               0 |                                                    |
	[12, 14)               0 |                                                    |
	[14, 16)               0 |                                                    |
	[16, 20)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[20, 24)               0 |                                                    |
	[24, 28)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[28, 32)               0 |                                                    |
	[32, 40)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[40, 48)               0 |                                                    |
	[48, 56)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[56, 64)               0 |                                                    |
	[64, 80)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[80, 96)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[96, 112)              1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[112, 128)             1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[128, 160)             1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[160, 192)             1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[192, 224)             1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[224, 256)             1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[256, 320)             2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	[320, 384)             2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	

NAME lhist
TAGS oracle
PROG
	uprobe:./progs/names:keyed { @l = lhist(arg0, 5, 30, 5) }
RUN -c "./progs/names 40"
EXPECT
	
	
	@l:
	(..., 5)               5 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[5, 10)                5 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[10, 15)               5 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[15, 20)               5 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[20, 25)               5 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[25, 30)               5 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[30, ...)             10 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	

NAME keyed lhist
TAGS oracle
PROG
	uprobe:./progs/names:keyed { @l[arg0 % 2] = lhist((int64)arg0 - 5, 0, 4, 2) }
RUN -c ./progs/names
EXPECT
	
	
	@l[0]:
	(..., 0)               3 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	[0, 2)                 1 |@@@@@@@@@@@@@@@@@                                   |
	[2, 4)                 1 |@@@@@@@@@@@@@@@@@                                   |
	
	@l[1]:
	(..., 0)               2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	[0, 2)                 1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[2, 4)                 1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[4, ...)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	

NAME delete, has_key, len
TAGS oracle
PROG
	BEGIN {
		@m[1] = 10; @m[2] = 20; @m[3] = 30;
		printf("%d %d\n", has_key(@m, 2), has_key(@m, 9));
		printf("%d\n", len(@m));
		delete(@m, 2); delete(@m[3]);
		printf("%d %d\n", has_key(@m, 2), len(@m));
		if (delete(@m, 77)) { printf("was there\n") } else { printf("was not\n") }
		exit()
	}
EXPECT
	1 0
	3
	0 1
	was not
	
	
	@m[1]: 10

NAME clear and zero
TAGS oracle
PROG
	BEGIN { @a[1] = 5; @b[1] = 5; @c = count(); clear(@a); zero(@b); zero(@c); exit() }
EXPECT_SORTED
	
	
	@b[1]: 0
	@c: 0

NAME print of maps
TAGS oracle
PROG
	uprobe:./progs/names:keyed { @m[arg0] = arg1 * 2 }
	END { print(@m, 3); print(@m, 2, 10); print(@m[3]); clear(@m) }
RUN -c ./progs/names
EXPECT
	@m[7]: 98
	@m[8]: 128
	@m[9]: 162
	@m[8]: 12
	@m[9]: 16
	18
	
	

NAME print of aggregations
TAGS oracle
PROG
	uprobe:./progs/names:keyed { @c = count(); @h = hist(arg0); @k[arg0] = sum(arg1) }
	END { print(@c); print(@h); print(@k, 2); clear(@c); clear(@h); clear(@k) }
RUN -c ./progs/names
EXPECT
	@c: 10
	@h:
	[0]                    1 |@@@@@@@@@@@@@                                       |
	[1]                    1 |@@@@@@@@@@@@@                                       |
	[2, 4)                 2 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	[4, 8)                 4 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|
	[8, 16)                2 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |
	
	@k[8]: 64
	@k[9]: 81
	
	

NAME an untouched or emptied map is not printed
TAGS oracle
PROG
	BEGIN { if (0) { @never = 1 } @gone = 1; delete(@gone); @cleared[1] = 1; clear(@cleared); exit() }
EXPECT
	
	

NAME aggregations that blocks and macros end with
TAGS oracle
PROG
	macro one(x) { count() }
	macro total(x) { let $double = x * 2; sum($double) }
	begin {
		@block = { let $a = 100; avg($a) };
		@nested[1] = { let $k = 2; { print($k); max($k) } };
		@one = one(1);
		@total = total(3);
		@total = total(4);
	}
EXPECT
	2
	
	
	@block: 100
	@nested[1]: 2
	@one: 1
	@total: 14

NAME aggregations as numbers
TAGS oracle
PROG
	BEGIN { @c = count(); @c = count(); @s = sum(40); if ((int64)@c == 2) { printf("two %d\n", (int64)@s) } clear(@c); clear(@s); exit() }
EXPECT
	two 40
	
	

NAME maps are shared between probes
TAGS oracle
PROG
	uprobe:./progs/calls:work { @start[tid] = arg0 }
	uretprobe:./progs/calls:work /@start[tid]/ { printf("%d -> %d\n", @start[tid], retval); delete(@start[tid]) }
RUN -c ./progs/calls
EXPECT
	1 -> 2
	2 -> 4
	3 -> 6
	
	

NAME tuple values and tuple keys
TAGS oracle
PROG
	uprobe:./progs/names:keyed { @t[arg0] = (arg0, arg1); @u[(arg0, 1)] = arg0 }
RUN -c "./progs/names 3"
EXPECT_SORTED
	
	
	@t[0]: (0, 0)
	@t[1]: (1, 1)
	@t[2]: (2, 4)
	@u[0, 1]: 0
	@u[1, 1]: 1
	@u[2, 1]: 2

NAME map as JSON
TAGS oracle
PROG
	BEGIN { @a = 5; @s["x"] = "y"; @k[1, "b"] = 7; exit() }
RUN -f json
EXPECT_SORTED
	{"type": "attached_probes", "count": 1, "data": {"probes": 1}}
	{"type": "map", "data": {"@a": 5}}
	{"type": "map", "data": {"@k": {"1,b": 7}}}
	{"type": "map", "data": {"@s": {"x": "y"}}}

NAME aggregations as JSON
PROG
	uprobe:./progs/names:keyed {
		@c = count(); @sum = sum(arg1); @min = min(arg1); @max = max(arg1); @avg = avg(arg1);
		@stats = stats(arg1); @h = hist(arg1); @l = lhist(arg0, 0, 10, 5); @kh[arg0 > 5] = hist(arg0);
		@ks[arg0 > 5] = stats(arg0)
	}
RUN -f json -c ./progs/names
EXPECT_JSON {"type": "map", "data": {"@c": 10}}
EXPECT_JSON {"type": "map", "data": {"@sum": 285}}
EXPECT_JSON {"type": "map", "data": {"@min": 0}}
EXPECT_JSON {"type": "map", "data": {"@max": 81}}
EXPECT_JSON {"type": "stats", "data": {"@avg": 28}}
EXPECT_JSON {"type": "stats", "data": {"@stats": {"count": 10, "average": 28, "total": 285}}}
EXPECT_JSON {"type": "hist", "data": {"@h": [{"min": 0, "max": 0, "count": 1},{"min": 1, "max": 1, "count": 1},{"min": 2, "max": 3, "count": 0},{"min": 4, "max": 7, "count": 1},{"min": 8, "max": 15, "count": 1},{"min": 16, "max": 31, "count": 2},{"min": 32, "max": 63, "count": 2},{"min": 64, "max": 127, "count": 2}]}}
EXPECT_JSON {"type": "hist", "data": {"@kh": {"true": [{"min": 4, "max": 7, "count": 2},{"min": 8, "max": 15, "count": 2}], "false": [{"min": 0, "max": 0, "count": 1},{"min": 1, "max": 1, "count": 1},{"min": 2, "max": 3, "count": 2},{"min": 4, "max": 7, "count": 2}]}}}
EXPECT_JSON {"type": "stats", "data": {"@ks": {"false": {"count": 6, "average": 2, "total": 15}, "true": {"count": 4, "average": 7, "total": 30}}}}
EXPECT_JSON {"type": "hist", "data": {"@l": [{"min": 0, "max": 4, "count": 5},{"min": 5, "max": 9, "count": 5}]}}

NAME printf and print as JSON
TAGS oracle
PROG
	BEGIN { printf("a \"quoted\"\ttab\n"); print(5); print("text"); print((1, "x")); time("x\n"); exit() }
RUN -f json
EXPECT
	{"type": "attached_probes", "count": 1, "data": {"probes": 1}}
	{"type": "printf", "data": "a \"quoted\"\ttab\n"}
	{"type": "value", "data": 5}
	{"type": "value", "data": "text"}
	{"type": "value", "data": [1,"x"]}
	{"type": "time", "data": "x\n"}

NAME many keys, more than one read of the map
PROG
	config = { max_map_keys = 10000 }
	uprobe:./progs/names:keyed { @m[arg0] = arg0 }
	END { printf("%d\n", len(@m)); clear(@m) }
RUN -c "./progs/names 9000"
EXPECT_RE ^9000$
TIMEOUT 60

NAME a full map is counted and reported
PROG
	config = { max_map_keys = 4 }
	uprobe:./progs/names:keyed { @m[arg0] = 1 }
	END { printf("%d\n", len(@m)); clear(@m) }
RUN -c ./progs/names
EXPECT_RE ^4$
EXPECT_ERR (?i)\b6\b.*(full|max_map_keys)|max_map_keys.*\b6\b

NAME a full map is status 4 under --strict
PROG
	config = { max_map_keys = 4; print_maps_on_exit = 0 }
	uprobe:./progs/names:keyed { @m[arg0] = 1 }
RUN --strict -c ./progs/names
STATUS 4

NAME time series: one bucket per interval, as JSON
PROG
	config = { unstable_tseries = enable }
	begin {
		@last = tseries(1, 1h, 3); @last = tseries(5, 1h, 3);
		@sum[1, "x"] = tseries(4, 1h, 3, "sum"); @sum[1, "x"] = tseries(-6, 1h, 3, "sum");
		@avg = tseries(1, 1h, 3, "avg"); @avg = tseries(4, 1h, 3, "avg");
		@long = tseries(7, 1h, 5000, "max");
		@mean[1] = tseries(1, 1h, 3, "avg"); @mean[1] = tseries(4, 1h, 3, "avg");
		delete(@last); @last = tseries(6, 1h, 3);
		clear(@avg);
	}
RUN -f json
EXPECT_RE ^\{"type": "tseries", "data": \{"@last": \[\{"interval_start":"[-0-9]+ [0-9:]+:00\.000000000","value":6\}\]\}\}$
EXPECT_RE ^\{"type": "tseries", "data": \{"@long": \[\{"interval_start":"[-0-9: .]+","value":7\}\]\}\}$
EXPECT_RE ^\{"type": "tseries", "data": \{"@mean": \{"1": \[\{"interval_start":"[-0-9: .]+","value":2\}\]\}\}\}$
EXPECT_RE ^\{"type": "tseries", "data": \{"@sum": \{"1,x": \[\{"interval_start":"[-0-9: .]+","value":-2\}\]\}\}\}$
EXPECT_NOT @avg
