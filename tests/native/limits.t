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
	for f in a b c d; do timeout 50 $MTRACE --check $f.mt 2> err; echo $? $(grep -c ERROR err); done
EXPECT_RE ^1 [1-9]\d*\n1 [1-9]\d*\n1 [1-9]\d*\n1 [1-9]\d*$
TIMEOUT 200

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
	timeout 50 $MTRACE --check a.mt
STATUS 1
EXPECT_ERR the C of this script is too large \[too-large\]
TIMEOUT 60

NAME a thousand macros in a circle
TAGS nopriv
SHELL
	(for i in $(seq 0 999); do echo "macro m$i(x) { m$(((i + 1) % 1000))(x) }"; done
	echo 'begin { m0(1); }') > a.mt
	$MTRACE --check a.mt
STATUS 1
EXPECT_ERR Recursive macro call detected
TIMEOUT 60
