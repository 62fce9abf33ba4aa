# The ladder of a user-space session (DESIGN.md section 4): which rung each kernel stands on.
# What a session means is in tests/native/session.t, which every kernel runs too.

NAME uprobe session from 6.13 on
REQUIRES kernel>=6.13
PROG
	session:./progs/calls:work* { return { @ = hist(elapsed) } }
RUN --explain
EXPECT_RE mechanism: uprobe_multi session
EXPECT_RE 1 program, 1 link

NAME a pair of multi links from 6.6 on
REQUIRES kernel>=6.6 kernel<6.13
PROG
	session:./progs/calls:work* { return { @ = hist(elapsed) } }
RUN --explain
EXPECT_RE mechanism: uprobe.multi
EXPECT_RE 2 programs, 2 links

NAME perf events before
REQUIRES kernel<6.6
PROG
	session:./progs/calls:work* { return { @ = hist(elapsed) } }
RUN --explain
EXPECT_RE mechanism: perf

NAME every rung below, too
PROG
	session:./progs/calls:work* {
		entry { $n = arg0; $m = arg0 * 2; }
		return { printf("%s %d %d %d\n", func, $n, $m, (int32)retval); }
	}
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	work 1 2 2
	work_more 1 2 -1
	work 2 4 4
	work_more 2 4 -2
	work 3 6 6
	work_more 3 6 -3
	
	

NAME elapsed is the duration of that call
PROG
	session:./progs/threads:hold { return { @[elapsed > 0 && elapsed < 100000000000] = count() } }
RUN -c ./progs/threads
EXPECT
	
	
	@[true]: 40

NAME threads in the same function at once
PROG
	session:./progs/threads:hold {
		entry { $id = arg0; $round = arg1; $sum = arg0 * 1000 + arg1; }
		return { @[$sum == retval && $id * 1000 + $round == retval] = count(); }
	}
RUN -c "./progs/threads 8 25"
FEATURES rungs
EXPECT
	
	
	@[true]: 200

NAME recursion, several values
PROG
	session:./progs/recursion:fib { entry { $n = arg0; $d = arg0 * 10; } return { @[$n, $d, retval] = count(); } }
RUN -c "./progs/recursion 8"
FEATURES rungs
EXPECT_SORTED
	
	
	@[0, 0, 0]: 13
	@[1, 10, 1]: 21
	@[2, 20, 1]: 13
	@[3, 30, 2]: 8
	@[4, 40, 3]: 5
	@[5, 50, 5]: 3
	@[6, 60, 8]: 2
	@[7, 70, 13]: 1
	@[8, 80, 21]: 1

NAME many lost returns do not use up the spill storage
PROG
	session:./progs/longjmp:leave,session:./progs/longjmp:stay {
		entry { $n = arg0; $m = arg0 + 1; $k = arg0 + 2; }
		return { @[func, $m == $n + 1 && $k == $n + 2 && retval == $n * 100] = count(); }
	}
RUN -c "./progs/longjmp 3000"
FEATURES rungs
EXPECT
	
	
	@[stay, true]: 3000

NAME a predicate and skip
PROG
	session:./progs/names:keyed /arg0 % 2 == 0/ {
		entry { if (arg0 == 4) { skip; } $n = arg0; }
		return { @[$n] = sum((int32)retval); }
	}
RUN -c ./progs/names
FEATURES rungs
EXPECT_SORTED
	
	
	@[0]: 0
	@[2]: -2
	@[6]: -30
	@[8]: -56

NAME three hundred functions
PROG
	session:./progs/many:fn_00* { entry { $x = arg0 } return { @calls = count(); if (retval >= 0) { @who[func] = sum(1) } } }
	END { printf("%d\n", len(@who)); clear(@who) }
RUN -c ./progs/many
EXPECT_RE ^100$
EXPECT_RE ^@calls: 100$
