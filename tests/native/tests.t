# test: and bench: probes. Durations are the machine's: what they are is left out.

NAME test probes and their results
FILE t.mt
	BEGIN { print("begin") }
	test:one { print(1) }
	test:two { print(2); assert(1 == 2, "no") }
	test:three { return 1 }
	test:four { exit(3) }
	test:five { exit() }
	test:six { errorf("bad"); }
	test:seven { @x = 1; for $i : 0..3 { @x += $i } if (@x == 4) { return 0 } return 2 }
	interval:us:1000 { print("not with --test") }
	bench:b { print("nor this") }
	END { print("end"); }
SHELL
	$MTRACE --test t.mt > out; echo $?; sed 's/([0-9]* μs)/(N μs)/' out
	$MTRACE --mode test -f json t.mt | sed 's/"duration": [0-9]*/"duration": N/'
EXPECT
	1
	[==========] Running 7 tests.
	[ RUN      ] one
	[       OK ] one (N μs)
	[ RUN      ] two
	2
	t.mt:3:22-42: ERROR: assert failed: no
	test:two { print(2); assert(1 == 2, "no") }
	                     ~~~~~~~~~~~~~~~~~~~~
	[  FAILED  ] two (N μs)
	[ RUN      ] three
	[  FAILED  ] three (N μs)
	[ RUN      ] four
	[  FAILED  ] four (N μs)
	[ RUN      ] five
	[       OK ] five (N μs)
	[ RUN      ] six
	t.mt:7:12-25: ERROR: bad
	[  FAILED  ] six (N μs)
	[ RUN      ] seven
	[       OK ] seven (N μs)
	[==========] 7 tests ran.
	[  PASSED  ] 3 tests.
	[  FAILED  ] 4 tests, listed below:
	[  FAILED  ] two
	[  FAILED  ] three
	[  FAILED  ] four
	[  FAILED  ] six
	end
	
	
	{"type": "test_result", "data": {"one": {"duration": N, "passed": true, "output": "begin\n1\n"}}}
	{"type": "test_result", "data": {"two": {"duration": N, "passed": false, "output": "2\nt.mt:3:22-42: ERROR: assert failed: no\ntest:two { print(2); assert(1 == 2, \"no\") }\n                     ~~~~~~~~~~~~~~~~~~~~\n"}}}
	{"type": "test_result", "data": {"three": {"duration": N, "passed": false, "output": ""}}}
	{"type": "test_result", "data": {"four": {"duration": N, "passed": false, "output": ""}}}
	{"type": "test_result", "data": {"five": {"duration": N, "passed": true, "output": ""}}}
	{"type": "test_result", "data": {"six": {"duration": N, "passed": false, "output": "t.mt:7:12-25: ERROR: bad\n"}}}
	{"type": "test_result", "data": {"seven": {"duration": N, "passed": true, "output": ""}}}
	{"type": "value", "data": "end"}

NAME tests that pass
RUN --test -e 'test:a { } test:b { }'
EXPECT_RE ^\[==========\] 2 tests ran.$
EXPECT_RE ^\[  PASSED  \] 2 tests.$
EXPECT_NOT FAILED

NAME colours when they are asked for
SHELL
	BPFTRACE_COLOR=always $MTRACE --test -e 'test:a { return 1 }' | sed -n '1p; $d; s/ .[0-9].*//; /FAILED.*a/p' | od -An -c | tr -d ' \n' | head -c 60
EXPECT_RE ^033\[32m\[==========\]033\[0m

NAME bench probes and their results
SHELL
	$MTRACE --bench -e 'bench:fast, bench:same { @ = count() } bench:text { printf("%s", "text") } END { print("end") }' > out; echo $?
	sed 's/[0-9][0-9]*  *[0-9][0-9]*$/N/' out
	$MTRACE --bench -f json -e 'bench:fast { @ = count() }' | sed 's/: [0-9][0-9]*/: N/g'
REQUIRES kernel>=6.12
EXPECT
	0
	Benchmark                                Time(ns)       Iterations
	------------------------------------------------------------------
	fast                                     N
	same                                     N
	text                                     N
	end
	
	
	{"type": "benchmark_result", "data": {"fast": {"average": N, "iters": N}}}

NAME a long name widens the table
RUN --bench -e 'bench:a_very_long_name_that_is_more_than_forty_columns { @ = count() }'
EXPECT_RE ^Benchmark {40}Time\(ns\)       Iterations$
EXPECT_RE ^-{74}$

NAME a benchmark that fails
RUN --bench -e 'bench:a { @ = count() } bench:b { errorf("bad"); }'
STATUS 1
EXPECT_ERR ^ERROR: Benchmark 'b' failed.$
EXPECT_NOT Time

NAME tests are not run unasked
RUN -e 'test:a { print(1) }'
STATUS 2
EXPECT_ERR ^ERROR: No probes attached; use --test to run test probes.$

NAME nor are benchmarks
RUN -e 'bench:a { print(1) }'
STATUS 2
EXPECT_ERR ^ERROR: No probes attached; use --bench to run benchmark probes.$

NAME others are, beside them
TAGS oracle
RUN -e 'test:a { print(1) } BEGIN { print(5) }'
EXPECT
	5
	
	
EXPECT_ERR ^Attached 1 probe$

NAME both at once
TAGS nopriv
RUN --test --bench -e 'test:a { }'
STATUS 1
EXPECT_ERR --bench cannot be combined with another mode

NAME two tests of one name
TAGS nopriv
RUN --test -e 'test:a { } bench:a { } test:a { }'
STATUS 1
EXPECT_ERR "a" was used as the name for more than one TEST probe
EXPECT_ERR stdin:1:1-7: ERROR: this is the other instance

NAME a test without a name
TAGS nopriv
RUN --test -e 'test: { }'
STATUS 1
EXPECT_ERR test probes must have a name
