# Scripts that nobody means: a clear error, in bounded time and memory.

NAME nesting
TAGS nopriv
SHELL
	rep() { head -c "$2" /dev/zero | sed "s/\x00/$1/g"; }
	(printf 'begin { $x = '; rep '(' 100000; printf 1; rep ')' 100000; printf '; }') > a.mt
	(printf 'begin { $x = '; rep '!' 100000; printf '1; }') > b.mt
	(printf 'begin { '; rep 'if (1) {' 100000; rep '}' 100000; printf '}') > c.mt
	(printf 'begin { $x = (int8'; rep '*' 100000; printf ')1; }') > d.mt
	for f in a b c d; do $MTRACE --check $f.mt 2>&1 | grep -o 'too-deep' | head -1; done
EXPECT
	too-deep
	too-deep
	too-deep
	too-deep
TIMEOUT 60

NAME a number of a million digits
TAGS nopriv
SHELL
	(printf 'begin { $x = '; head -c 1000000 /dev/zero | tr '\0' 9; printf '; }') > a.mt
	$MTRACE --check a.mt
STATUS 1
EXPECT_ERR ERROR: syntax: integer literal is too long \[integer\]
TIMEOUT 60

NAME 10 MB that are no script
TAGS nopriv
SHELL
	head -c 10485760 /dev/zero > a.mt
	head -c 10485760 /dev/zero | tr '\0' A > b.mt
	head -c 10485760 /dev/zero | tr '\0' '{' > c.mt
	(printf '/*'; head -c 10485760 /dev/zero | tr '\0' '*') > d.mt
	for f in a b c d; do timeout 100 $MTRACE --check $f.mt 2> err; echo $? $(grep -c ERROR err); done
EXPECT_RE ^1 [1-9]\d*\n1 [1-9]\d*\n1 [1-9]\d*\n1 [1-9]\d*$
TIMEOUT 200

NAME 10 MB of empty lines, in less than 400 MB
TAGS nopriv
SHELL
	(head -c 10485760 /dev/zero | tr '\0' '\n'; echo 'begin { }') > a.mt
	python3 -c 'import os, resource, subprocess
	print(subprocess.call([os.environ["MTRACE"], "--check", "a.mt"]))
	print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 409600)'
EXPECT
	0
	0
TIMEOUT 60

NAME as many statements as there may be
TAGS nopriv
SHELL
	(echo 'begin {'; seq -f '@a = %.0f;' 16384; echo '}') > a.mt
	timeout 100 $MTRACE --check a.mt; echo $?
EXPECT
	0
TIMEOUT 60

NAME bytes that are no text
TAGS nopriv
SHELL
	printf 'begin { print(1); \000 print(2); }' > a.mt
	printf 'begin { $\377\376 = 1; }' > b.mt
	for f in a b; do $MTRACE --check $f.mt 2>&1 | grep -c 'ERROR: syntax'; done
EXPECT
	1
	1

NAME macros of C that double each time
TAGS nopriv
SHELL
	(echo '#define A0 1'; for i in $(seq 1 60); do echo "#define A$i (A$((i - 1)) + A$((i - 1)))"; done
	echo 'struct x { int a[A60]; };'; echo 'begin { print(1); }') > a.mt
	timeout 100 $MTRACE --check a.mt
STATUS 1
EXPECT_ERR the C of this script is too large \[too-large\]
TIMEOUT 60

NAME hundreds of macros in a circle; a thousand are too deep before they meet
TAGS nopriv
SHELL
	for n in 300 1000; do
		(for i in $(seq 0 $((n - 1))); do echo "macro m$i(x) { m$(((i + 1) % n))(x) }"; done
		echo 'begin { m0(1); }') > a.mt
		$MTRACE --check a.mt 2>&1 | grep ERROR: | head -n 1 | sed 's/ > m3 > .*//'
	done
EXPECT
	a.mt:300:17-22: ERROR: Recursive macro call detected. Call chain: m0 > m1 > m2
	a.mt:333:17-24: ERROR: macros within macros: nested more than 1000 levels deep [too-deep]
TIMEOUT 60

NAME macros of the script that double each time
TAGS nopriv
SHELL
	(echo 'macro m0() { 1 }'; for i in $(seq 1 40); do echo "macro m$i() { m$((i - 1))(); m$((i - 1))() }"; done
	echo 'begin { print(m40()); }') > a.mt
	rep() { for i in $(seq 60); do printf "$1"; done; }
	(echo 'macro d(x) { x + x }'; printf 'begin { print('; rep 'd('; printf 1; rep ')'; echo '); }') > b.mt
	for f in a b; do timeout 100 $MTRACE --check $f.mt 2>&1 |
		grep -e ERROR -e HINT | sed 's/^[^ ]*: ERROR/ERROR/' | uniq -c | sed 's/^ *//'; done
EXPECT
	1 ERROR: the macros of this script expand to too much [too-large]
	8 ERROR: expanded from
	1 HINT: at most 50000 expansions and 32 MB: does a macro call another more than once?
	1 ERROR: the macros of this script expand to too much [too-large]
	1 HINT: at most 50000 expansions and 32 MB: does a macro call another more than once?
TIMEOUT 120

NAME files that import each other
FILE main.mt
	config = { unstable_import_statement = enable }
	import "a.mt"; begin { print(both()); exit(); }
FILE a.mt
	import "b.mt"; macro one() { 1 }
FILE b.mt
	import "a.mt"; macro both() { one() + 1 }
RUN -q main.mt
EXPECT
	2
	
	

NAME a string of a megabyte
TAGS nopriv
SHELL
	(printf 'begin { @x = "'; head -c 1000000 /dev/zero | tr '\0' A; printf '"; }') > a.mt
	timeout 100 $MTRACE --check a.mt 2>&1 | grep -e ERROR -e HINT | sed 's/: AA.*A\.\.\./: A.../'
EXPECT
	a.mt:1:14-1000016: ERROR: String is too long (over 1024 bytes): A... [string-too-long]
	HINT: config = { max_strlen = ... } allows longer ones
TIMEOUT 60

NAME too many of everything
TAGS nopriv
SHELL
	(printf 'begin { '; seq -f '@m%.0f = 1;' 100000; echo '}') > maps.mt
	(for i in $(seq 20000); do echo 'interval:s:1 { @ = 1; }'; done) > probes.mt
	(seq -f 'interval:ms:%.0f,' 100000; echo 'interval:s:1 { @ = 1; }') > points.mt
	(printf 'begin { $t = (0'; seq -f ',%.0f' 50000; echo '); }') > tuple.mt
	(printf 'begin { '; for i in $(seq 100000); do echo '@x = 1;'; done; echo '}') > statements.mt
	for f in maps probes points tuple statements; do timeout 100 $MTRACE --check $f.mt 2>&1 | grep -e ERROR -e HINT; done
EXPECT
	maps.mt:4097:1-7: ERROR: more than 4096 maps [too-many]
	HINT: one map holds many values by key: @name[key]
	maps.mt:16385:1-12: ERROR: more than 16384 statements [too-many]
	HINT: a loop repeats statements; several scripts can run beside each other
	probes.mt:4097:1-13: ERROR: more than 4096 attach points [too-many]
	HINT: a wildcard names many at once
	probes.mt:16385:16-21: ERROR: more than 16384 statements [too-many]
	HINT: a loop repeats statements; several scripts can run beside each other
	points.mt:4097:1-17: ERROR: more than 4096 attach points [too-many]
	HINT: a wildcard names many at once
	tuple.mt:1-50001: ERROR: more than 1024 elements in one list [too-many]
	HINT: keep them in a map, or in several tuples
	statements.mt:16385:1-7: ERROR: more than 16384 statements [too-many]
	HINT: a loop repeats statements; several scripts can run beside each other
TIMEOUT 120
