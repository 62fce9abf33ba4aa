# The way of records from a program to the output: lengths, full ring buffers, order, wake-ups.
# Programs: see progs/names.c, progs/hot.c.

NAME strings and buffers of a record have their own length
PROG
	BEGIN {
		$s = str("twelve bytes", 200); $t = "x";
		printf("%s|%s|%r|%d|%s\n", $s, str($t, 100), buf($s, 13), 7, str($s, 3));
		printf("%-14s|%14s|\n", str($s, 100), str($s, 100));
		print($s); print(($s, 1)); exit()
	}
EXPECT_RE ^twelve bytes\|x\|twelve bytes\\x00\|7\|tw$
EXPECT_RE ^twelve bytes  \|  twelve bytes\|$
EXPECT_RE ^twelve bytes\n\(twelve bytes, 1\)$

NAME arguments are evaluated in their order, also when lengths vary
TAGS oracle
PROG
	BEGIN { $i = 1; printf("%d %s %d %s %d\n", $i++, str("a"), $i++, str("b"), $i++); exit() }
EXPECT
	1 a 2 b 3
	
	

NAME a string that is cut says so
PROG
	config = { max_strlen = 70 }
	tracepoint:syscalls:sys_enter_execve /pid == cpid/ { printf("<%s>\n", str(args.argv[1])); }
RUN -c '/bin/true 0123456789012345678901234567890123456789012345678901234567890123456789----'
EXPECT_RE ^<(0123456789){7}\.\.>$

# Without a loop: what a loop sends is moved out of the way while it runs, as far as possible.
NAME exit, print and clear are never lost when the ring buffer is full
PROG
	config = { perf_rb_pages = 1; output_delay_ms = 1000 }
	BEGIN {
		@a = 1;
		unroll(100) { printf("%d %d %d %d %d %d %d %d\n", nsecs, nsecs, nsecs, nsecs, nsecs, nsecs, nsecs, nsecs); }
		@a = 2; print(@a); clear(@a); print(@a);
		unroll(100) { printf("%d %d %d %d %d %d %d %d\n", nsecs, nsecs, nsecs, nsecs, nsecs, nsecs, nsecs, nsecs); }
		exit(3)
	}
EXPECT_RE (?s)\A([-0-9 ]+\n)+@a: 2\n@a: 0\n
EXPECT_ERR records lost: the ring buffer was full
STATUS 3

NAME control records that waited come after what was sent before
PROG
	config = { perf_rb_pages = 1 }
	BEGIN {
		unroll(100) { printf("before %d %d %d %d %d %d %d %d\n", nsecs, nsecs, nsecs, nsecs, nsecs, nsecs, nsecs, nsecs); }
		@a = 1; print(@a);
		exit()
	}
EXPECT_RE (?s)\A(before [-0-9 ]+\n)+@a: 1\n\n\n@a: 1\n*\Z
EXPECT_NOT (?s)@a: 1.*before
EXPECT_ERR records lost

NAME a failed assertion is not lost either
PROG
	config = { perf_rb_pages = 1 }
	BEGIN { unroll(100) { printf("%d %d %d %d %d %d %d %d\n", nsecs, nsecs, nsecs, nsecs, nsecs, nsecs, nsecs, nsecs); } assert(0, "told"); }
EXPECT_ERR assert failed: told
STATUS 3

NAME losses are counted for the probe that had them
RUN -f json -e 'config = { perf_rb_pages = 1 } BEGIN { printf("few\n"); } BEGIN { unroll(100) { printf("%d %d %d %d %d %d %d %d\n", nsecs, nsecs, nsecs, nsecs, nsecs, nsecs, nsecs, nsecs); } exit() }'
EXPECT_RE "probe": "BEGIN".*"lost_records": 0, .*"probe": "BEGIN".*"lost_records": [1-9]\d*, 
EXPECT_RE "type": "lost_events"

NAME losses are told while tracing goes on, by probe and CPU
SHELL
	mkfifo ready; cp progs/hot hot
	$MTRACE --ready-fd 3 -e 'config = { perf_rb_pages = 1 } uprobe:./hot:hot { printf("%d %d\n", pid, arg0); }' \
		3>ready >out 2>err &
	read -r x <ready
	told() { sed -n 's/.*Lost \([0-9]*\) events.*/\1/p' err | awk '{s += $1} END {print s + 0}'; }
	./hot 100000 2 >x; sleep 0.5; ./hot 1000 2 >x
	until [ $(($(grep -c . out) + $(told))) = 202000 ]; do sleep 0.1; done
	grep -o 'Lost [0-9]* events (uprobe:./hot:hot on CPU [0-9]*: [0-9]*' err | sed 's/[0-9][0-9]*/N/g' | head -1
	kill -INT $!; wait $!
	lost=$(sed -n 's/^WARNING: \([0-9]*\) records lost: .*/\1/p' err)
	printed=$(grep -c . out)
	[ $((printed + lost)) = 202000 ] && echo all accounted for
	[ "$(told)" = "$lost" ] && echo and told
EXPECT
	Lost N events (uprobe:./hot:hot on CPU N: N
	all accounted for
	and told
TIMEOUT 60

NAME losses as JSON add up
SHELL
	mkfifo ready; cp progs/hot hot
	$MTRACE -f json --ready-fd 3 -e 'config = { perf_rb_pages = 1 } uprobe:./hot:hot { printf("%d %d\n", pid, arg0); }' \
		3>ready >out 2>err &
	read -r x <ready
	./hot 100000 2 >x
	until grep -q '"lost_events"' out; do sleep 0.05; done
	./hot 20000 2 >x; kill -INT $!; wait $!
	printed=$(grep -c '"printf"' out)
	lost=$(sed -n 's/.*"lost_events", "count": \([0-9]*\),.*/\1/p' out | awk '{s += $1} END {print s, (NR > 1) ? "lines" : "line"}')
	echo $((printed + ${lost% *})) ${lost#* }
EXPECT
	240000 lines
TIMEOUT 60

NAME the last records before the end are printed
PROG
	config = { output_delay_ms = 10000 }
	uprobe:./progs/names:keyed { printf("%d\n", arg0); }
	END { printf("end\n"); }
RUN -c ./progs/names
EXPECT_RE (?s)\A0\n1\n.*9\nend\n

NAME the first record after a silence is printed at once
SHELL
	$MTRACE -q -e 'config = { output_delay_ms = 10000 }
		interval:ms:100 { printf("tick\n"); }' >out & pid=$!
	until grep -q tick out; do sleep 0.02; done
	wc -l <out # those that came since then wait for ten seconds
	kill -INT $pid
	wait $pid
	grep -c tick out | awk '{ print ($1 >= 1) }'
EXPECT
	1
	1

NAME join sends its strings as long as they are
PROG
	tracepoint:syscalls:sys_enter_execve /pid == cpid/ { join(args.argv); join(args.argv, ","); }
RUN -c '/bin/echo one two three'
EXPECT_RE (?s)/bin/echo one two three\n/bin/echo,one,two,three\n
