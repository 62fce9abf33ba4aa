# Sessions: one program at entry and return. Each case on each rung: the same script means the
# same with a kernel session, with a pair of multi links, and with perf events.

NAME clauses, a carried variable, retval
PROG
	session:./progs/calls:work { entry { $n = arg0; } return { printf("%d -> %d\n", $n, retval); } }
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	1 -> 2
	2 -> 4
	3 -> 6
	
	

NAME only a return clause, between < and >
PROG
	session:./progs/calls:work < return { printf("%s %d\n", func, retval); } >
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	work 2
	work 4
	work 6
	
	

NAME only an entry clause
PROG
	session:./progs/calls:work { entry { printf("%d\n", arg0); } }
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	1
	2
	3
	
	

NAME a body without clauses runs at both ends
PROG
	session:./progs/calls:work { if (is_return) { printf("out %d\n", retval); } else { printf("in %d\n", arg0); } }
RUN -c "./progs/calls 2"
FEATURES rungs
EXPECT
	in 1
	out 2
	in 2
	out 4
	
	

NAME entry arguments in the return half
PROG
	session:./progs/calls:add { return { printf("%d + %d = %d\n", arg0, arg1, retval); } }
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	1 + 10 = 11
	2 + 10 = 12
	3 + 10 = 13
	
	

NAME one entry argument in the return half fits the cookie
PROG
	session:./progs/calls:work { return { printf("%d %d\n", arg0, retval); } }
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	1 2
	2 4
	3 6
	
	

NAME many carried variables, also strings
PROG
	session:./progs/names:named {
		entry { $s = str(arg0, 32); $a = 1; $b = (uint8)200; $c = -3; }
		return { printf("%s %d %d %d %c\n", $s, $a, $b, $c, retval); }
	}
RUN -c "./progs/names 3"
FEATURES rungs
EXPECT
	key-0 1 200 -3 k
	key-1 1 200 -3 k
	key-2 1 200 -3 k
	
	

NAME a variable that entry declared and did not assign
PROG
	session:./progs/calls:work { entry { let $x = 0; if (arg0 == 2) { $x = 7; } } return { printf("%d %d\n", $x, retval); } }
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	0 2
	7 4
	0 6
	
	

NAME the predicate is evaluated at entry
PROG
	session:./progs/calls:work /arg0 != 2/ { entry { $n = arg0; } return { printf("%d -> %d\n", $n, retval); } }
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	1 -> 2
	3 -> 6
	
	

NAME a predicate with a body at both ends
PROG
	session:./progs/calls:work /arg0 == 2/ { @[is_return] = count(); }
RUN -c ./progs/calls
FEATURES rungs
EXPECT_SORTED
	
	
	@[false]: 1
	@[true]: 1

NAME skip drops the return half
PROG
	session:./progs/calls:work { entry { if (arg0 == 2) { skip; } $n = arg0; } return { printf("%d -> %d\n", $n, retval); } }
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	1 -> 2
	3 -> 6
	
	

NAME skip in a body that both halves run: its rest, and at the entry the return half
PROG
	session:./progs/calls:work { printf("%d %d\n", arg0, is_return); if (arg0 == 2) { skip } print("rest"); }
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	1 0
	rest
	1 1
	rest
	2 0
	3 0
	rest
	3 1
	rest
	
	

NAME recursion keeps each call's own value
PROG
	session:./progs/recursion:fact { entry { $n = arg0; } return { printf("%d! = %d\n", $n, retval); } }
RUN -c ./progs/recursion
FEATURES rungs
EXPECT
	1! = 1
	2! = 2
	3! = 6
	4! = 24
	5! = 120
	
	

NAME recursion with several carried values
PROG
	session:./progs/recursion:fib { entry { $n = arg0; $d = arg0 * 10; } return { @[$n, $d, retval] = count(); } }
RUN -c ./progs/recursion
FEATURES rungs
EXPECT_SORTED
	
	
	@[0, 0, 0]: 3
	@[1, 10, 1]: 5
	@[2, 20, 1]: 3
	@[3, 30, 2]: 2
	@[4, 40, 3]: 1
	@[5, 50, 5]: 1

NAME mutual recursion, two functions in one session
PROG
	session:./progs/recursion:even,session:./progs/recursion:odd { entry { $n = arg0; } return { printf("%s %d\n", func, $n); } }
RUN -c ./progs/recursion
FEATURES rungs
EXPECT
	odd 0
	even 1
	odd 2
	even 3
	odd 4
	even 5
	
	

NAME calls that never return do not disturb the others
PROG
	session:./progs/longjmp:leave, session:./progs/longjmp:outer, session:./progs/longjmp:stay {
		entry { $n = arg0; $m = arg0 + 1; }
		return { printf("%s %d %d %d\n", func, $n, $m, retval); }
	}
RUN -c "./progs/longjmp 4"
FEATURES rungs
EXPECT
	stay 1 2 100
	stay 2 3 200
	stay 3 4 300
	stay 4 5 400
	
	

NAME the entry point of a program has no return, and is set aside
PROG
	session:./progs/longjmp:*sta* { return { printf("%s %d\n", func, retval); } }
RUN -c "./progs/longjmp 4"
FEATURES rungs
EXPECT
	stay 100
	stay 200
	stay 300
	stay 400
	
	

NAME a thousand lost returns leak nothing
PROG
	session:./progs/longjmp:leave,session:./progs/longjmp:outer,session:./progs/longjmp:stay {
		entry { $n = arg0; $m = arg0 * 100; @in[func] = count(); }
		return { if ($m == retval) { @right = count(); } else { @wrong = count(); } }
	}
RUN -c "./progs/longjmp 10000"
FEATURES rungs
EXPECT_SORTED
	
	
	@in[leave]: 10000
	@in[outer]: 10000
	@in[stay]: 10000
	@right: 10000
TIMEOUT 60

NAME threads in the same function at the same time
PROG
	session:./progs/threads:hold {
		entry { $id = arg0; $round = arg1; }
		return { if (retval == $id * 1000 + $round) { @right = count(); } else { @wrong = count(); } }
	}
RUN -c "./progs/threads 8 50"
FEATURES rungs
EXPECT
	
	
	@right: 400

NAME threads with one value in the cookie
PROG
	session:./progs/threads:hold {
		entry { $id = arg0; }
		return { if (retval / 1000 == $id) { @right = count(); } else { @wrong = count(); } }
	}
RUN -c "./progs/threads 8 50"
FEATURES rungs
EXPECT
	
	
	@right: 400

NAME elapsed is the duration of the call
PROG
	session:./progs/calls:work { return { if (elapsed > 0 && elapsed < 100000000000) { @right = count(); } else { @wrong = count(); } } }
RUN -c ./progs/calls
FEATURES rungs
EXPECT
	
	
	@right: 3

NAME a histogram of elapsed with a carried value
PROG
	session:./progs/calls:work,session:./progs/calls:add {
		entry { $first = arg0; }
		return { @us[func] = lhist(elapsed / 100000000000, 0, 1, 1); @first[func] = sum($first); }
	}
RUN -c ./progs/calls
FEATURES rungs
EXPECT_RE ^@first\[work\]: 6$
EXPECT_RE ^@first\[add\]: 6$
EXPECT_RE ^\[0\]\s+3 \|

NAME two sessions on one function keep their own state
PROG
	session:./progs/calls:work { entry { $a = arg0; } return { @a = sum($a); } }
	session:./progs/calls:work { entry { $a = arg0 * 100; $b = 1; } return { @b = sum($a + $b); } }
RUN -c ./progs/calls
FEATURES rungs
EXPECT_SORTED
	
	
	@a: 6
	@b: 603

NAME a session beside uprobe and uretprobe
PROG
	uprobe:./progs/calls:work { @in = count(); }
	session:./progs/calls:work { entry { $n = arg0; } return { @s = sum($n + retval); } }
	uretprobe:./progs/calls:work { @out = count(); }
RUN -c ./progs/calls
FEATURES rungs
EXPECT_SORTED
	
	
	@in: 3
	@out: 3
	@s: 18

NAME a wildcard session over three thousand functions
REQUIRES kernel-uprobe-multi
PROG
	session:./progs/many:fn_* { entry { $x = arg0; } return { @n = count(); @sum = sum(retval - $x); } }
RUN -c "./progs/many 2"
EXPECT_SORTED
	
	
	@n: 6000
	@sum: 8997000
TIMEOUT 60

NAME a wildcard session as a pair
REQUIRES kernel-uprobe-multi
PROG
	session:./progs/many:fn_* { entry { $x = arg0; } return { @n = count(); @sum = sum(retval - $x); } }
RUN -c "./progs/many 2" --no-feature uprobe_session
EXPECT_SORTED
	
	
	@n: 6000
	@sum: 8997000
TIMEOUT 60

NAME a session is one program and one link
REQUIRES kernel>=6.13
PROG
	session:./progs/many:fn_* { entry { $x = arg0; } return { @ = sum($x); } }
RUN --explain
EXPECT_RE 1 program, 1 link, 2 fds, 3000 targets
EXPECT_RE carried to the return: one value in the session cookie

NAME several values are kept in spill storage
PROG
	session:./progs/calls:add { return { @ = sum(arg0 + arg1); } }
RUN --explain
EXPECT_RE carried to the return: a struct in spill storage

NAME nothing carried costs nothing
REQUIRES kernel>=6.13
PROG
	session:./progs/calls:add { return { @ = sum(retval); } }
RUN --explain
EXPECT_RE carried to the return: nothing

NAME the pair is used when the kernel has no session
PROG
	session:./progs/calls:add { return { @ = sum(retval); } }
RUN --explain --no-feature uprobe_session
EXPECT_RE 2 programs, 2 links
EXPECT_RE because: .*--no-feature

NAME a session in a shared library
PROG
	session:./progs/libfar.so:far_* { entry { $n = arg0; } return { printf("%s %d %d\n", func, $n, retval); } }
RUN -c ./progs/uselib
FEATURES rungs
EXPECT
	far_work 1 1001
	far_work 2 1002
	far_more 2 2004
	
	

NAME the session of a function that is running when tracing starts
BEFORE ./progs/ticker 0 2
PROG
	session:./progs/ticker:tick { entry { $i = arg0; } return { if (retval == $i + 1) { @right++; } else { @wrong++; } if (@right == 20) { exit(); } } }
	END { printf("%d\n", @right >= 20); clear(@right); }
FEATURES rungs
EXPECT
	1
	
	
