# What is refused, and how it is said: message and exit status.

NAME no privileges
TAGS nopriv
AS nobody
PROG
	BEGIN { printf("no\n") }
STATUS 2
EXPECT
EXPECT_ERR (?i)permitted
EXPECT_ERR root|CAP_BPF

NAME no privileges for a uprobe
TAGS nopriv
AS nobody
PROG
	uprobe:/bin/true:main { printf("no\n") }
STATUS 2
EXPECT

NAME no script
TAGS nopriv
RUN -v
STATUS 1
EXPECT_ERR no script

NAME no such script file
TAGS nopriv
RUN no-such-script.mt
STATUS 1
EXPECT_ERR no-such-script\.mt.*No such file

NAME a directory as script
TAGS nopriv
RUN .
STATUS 1
EXPECT_ERR directory

NAME values of options that are none
TAGS nopriv
SHELL
	for o in "-p x" "-p 12x" "-p 99999999999" "-B foo" "-f xml" "-c /no/such"; do
		"$MTRACE" $o -e 'BEGIN { exit() }' 2>&1 >/dev/null | head -1
	done
	"$MTRACE" /no/such.bt 2>&1
EXPECT
	ERROR: Failed to parse pid: invalid integer: x
	ERROR: Failed to parse pid: invalid trailing bytes: 12x
	ERROR: Pid out of range: 99999999999
	ERROR: USAGE: -B must be either 'line', 'full', or 'none'.
	ERROR: Invalid output format "xml"
	ERROR: Failed to fork child: Path '/no/such' does not exist or is not executable
	ERROR: failed to open file '/no/such.bt': No such file or directory
STATUS 1

NAME unknown option
TAGS nopriv
RUN --no-feture x
STATUS 1
EXPECT_ERR ^ERROR: unknown option --no-feture$
EXPECT_ERR ^HINT: did you mean --no-feature\?$
EXPECT_ERR ^USAGE:\n  mtrace \[OPTIONS\] FILE 

NAME --fmt of a script that does not parse
TAGS nopriv
RUN --fmt -e 'BEGIN { print(1) '
STATUS 1
EXPECT_ERR ^stdin:1:.*ERROR: syntax

NAME a process that does not exist
PROG
	uprobe:./progs/calls:work { @ = count() }
RUN -p 4194304
STATUS 2
EXPECT_ERR 4194304

# Who has CAP_SYS_RESOURCE raises the limit.
NAME what cannot be attached is shown at its own attach point
TAGS novm
SHELL
	ulimit -n 60
	setpriv --bounding-set -sys_resource $MTRACE --no-feature uprobe_multi,uprobe_session -c true \
		-e 'uprobe:./progs/calls:work, uprobe:./progs/many:fn_* { @ = count() }' 2>err
	echo "status $?"
	cat err >&2
EXPECT
	status 2
EXPECT_ERR ^stdin:1:28-52: ERROR: cannot attach to .*/many: too many open files .*\n.*\n {27}~{24}$

NAME a process that ends while it is attached to
REQUIRES file:/sys/kernel/tracing/events
SHELL
	for ticks in 1 3 6 10 20; do
		for s in uprobe:./progs/ticker:tick usdt:./progs/usdt:app:guarded software:faults:1 \
			t:sched:sched_switch profile:hz:49 w:0x1000:8:w session:./progs/ticker:tick; do
			./progs/ticker $ticks 5 &
			timeout 60 $MTRACE -q -p $! -e "$s { @ = count() }" >out 2>err; st=$?
			wait $!
			case $st in
			0) grep -q . err && cat err ;;
			2) grep -qE '(no such process|there is no process [0-9]+)( \[cannot-attach\])?$' err || cat err ;;
			*) echo "status $st"; cat err ;;
			esac
		done
	done
	echo done
EXPECT
	done
TIMEOUT 120

NAME a process that has ended, but is not gone
REQUIRES cmd:python3
SHELL
	cat > zombie.py <<'END'
	import os, subprocess
	pid = os.fork()
	if pid == 0:
	    os._exit(0)
	os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
	for script in ["uprobe:./progs/calls:work { @ = count() }", "software:faults:1 { @ = count() }",
	               "usdt:./progs/usdt:app:guarded { @ = count() }", "usdt:*:guarded { @ = count() }",
	               "rt:sched_switch { @ = count() }", "w:0x1000:8:w { @ = count() }"]:
	    p = subprocess.run([os.environ["MTRACE"], "-p", str(pid), "-e", script], capture_output=True,
	                       text=True, timeout=15)
	    print(p.returncode, p.stderr.split("\n")[0].replace(str(pid), "PID"))
	END
	python3 zombie.py
EXPECT
	0 Attached 1 probe
	2 stdin:1:1-18: ERROR: cannot attach software:faults:1: no such process [cannot-attach]
	0 Attached 1 probe
	2 stdin:1:1-15: ERROR: cannot see the program of process PID: No such file or directory [no-such-process]
	0 Attached 1 probe
	2 stdin:1:1-13: ERROR: cannot attach w:0x1000:8:w: no such process [cannot-attach]

NAME no such binary
PROG
	uprobe:./no/such/binary:main { @ = count() }
STATUS 2
EXPECT_ERR ./no/such/binary
EXPECT_ERR ~~~

NAME no such library
PROG
	uprobe:no-such-library:malloc { @ = count() }
STATUS 2
EXPECT_ERR no-such-library

NAME no such function, with a suggestion
PROG
	uprobe:./progs/calls:wrok { @ = count() }
STATUS 2
EXPECT_ERR wrok
EXPECT_ERR did you mean.*work

NAME a glob that matches nothing
PROG
	uprobe:./progs/calls:nothing_like_it_* { @ = count() }
STATUS 2
EXPECT_ERR nothing_like_it_\*

NAME a path glob that matches nothing
PROG
	uprobe:./progs/zzz*:main { @ = count() }
STATUS 2
EXPECT_ERR zzz\*

NAME a program without symbols
PROG
	uprobe:./progs/calls-nosyms:work { @ = count() }
STATUS 2
EXPECT_ERR calls-nosyms

NAME not an ELF file
FILE text.txt
	this is not a program
PROG
	uprobe:./text.txt:main { @ = count() }
STATUS 2
EXPECT_ERR text\.txt.*ELF

NAME an empty file
FILE empty
PROG
	uprobe:./empty:main { @ = count() }
STATUS 2
EXPECT_ERR empty

NAME a directory
PROG
	uprobe:./progs/:main { @ = count() }
STATUS 2
EXPECT_ERR progs

NAME truncated ELF files of every length
SHELL
	size=$(stat -L -c %s progs/calls)
	for n in 1 4 15 16 40 63 64 65 100 500 1000 4000 8000 12000 $((size / 2)) $((size - 1000)) $((size - 65)) $((size - 1)); do
		head -c $n progs/calls > cut
		$MTRACE -e 'uprobe:./cut:work { @ = count() }' -c true > out 2> err
		s=$?
		[ $s = 2 ] || [ $s = 0 ] || { echo "length $n: status $s"; cat err; }
		[ $s = 0 ] || grep -q cut err || { echo "length $n: no message"; cat err; }
	done
	echo done
EXPECT
	done
TIMEOUT 60

NAME corrupt ELF files
REQUIRES cmd:python3
SHELL
	cat > corrupt.py <<'END'
	import random, subprocess, os
	data = open("progs/calls", "rb").read()
	random.seed(1)
	for i in range(40):
	    b = bytearray(data)
	    for _ in range(random.choice([1, 4, 64])):
	        where = random.choice([random.randrange(64), random.randrange(len(b)), len(b) - 1 - random.randrange(2000)])
	        b[where] = random.choice([0, 1, 255, random.randrange(256)])
	    open("bad", "wb").write(b)
	    p = subprocess.run([os.environ["MTRACE"], "--explain", "-e", "uprobe:./bad:w* { @ = count() }"], capture_output=True)
	    if p.returncode not in (0, 2) or b"anitizer" in p.stderr:
	        print(i, p.returncode, p.stderr.decode(errors="replace"))
	print("done")
	END
	python3 corrupt.py
EXPECT
	done
TIMEOUT 60

NAME a syntax error
TAGS nopriv
PROG
	BEGIN { printf("x" }
RUN --check
STATUS 1
EXPECT_ERR ^\s+~

NAME several errors in one run
TAGS nopriv
PROG
	BEGIN { prinft("x"); exit() }
	END { clera(@x); $y = nosuch; }
RUN --check
STATUS 1
EXPECT_ERR prinft
EXPECT_ERR clera
EXPECT_ERR nosuch

NAME unknown function, with a suggestion
TAGS nopriv
PROG
	BEGIN { prinft("x") }
RUN --check
STATUS 1
EXPECT_ERR did you mean.*printf

NAME unknown builtin, with a suggestion
TAGS nopriv
PROG
	BEGIN { printf("%d", pdi) }
RUN --check
STATUS 1
EXPECT_ERR did you mean.*pid

NAME unknown variable
TAGS nopriv
PROG
	BEGIN { $count = 1; printf("%d", $cuont) }
RUN --check
STATUS 1
EXPECT_ERR cuont

NAME unknown probe type, with a suggestion
TAGS nopriv
PROG
	uporbe:/bin/true:main { @ = count() }
RUN --check
STATUS 1
EXPECT_ERR did you mean.*uprobe

NAME a string where a number is needed
TAGS nopriv
PROG
	BEGIN { $x = 1; $x = "text" }
RUN --check
STATUS 1
EXPECT_ERR \$x

NAME a string added to a number
TAGS nopriv
PROG
	BEGIN { printf("%d", "a" + 1) }
RUN --check
STATUS 1

NAME a map used as two types
TAGS nopriv
PROG
	BEGIN { @x = 1; @x = count() }
RUN --check
STATUS 1
EXPECT_ERR @x

NAME a map with two kinds of keys
TAGS nopriv
PROG
	BEGIN { @x[1] = 1; @x["a"] = 1 }
RUN --check
STATUS 1
EXPECT_ERR @x

NAME too few arguments for printf
TAGS nopriv
PROG
	BEGIN { printf("%d %d", 1) }
RUN --check
STATUS 1
EXPECT_ERR printf

NAME retval in a uprobe
TAGS nopriv
PROG
	uprobe:/bin/true:main { printf("%d", retval) }
RUN --check
STATUS 1
EXPECT_ERR retval

NAME is_return outside a session
TAGS nopriv
PROG
	uprobe:/bin/true:main { printf("%d", is_return) }
RUN --check
STATUS 1
EXPECT_ERR is_return

NAME skip outside a session
TAGS nopriv
PROG
	uprobe:/bin/true:main { skip; }
RUN --check
STATUS 1
EXPECT_ERR skip

NAME system without --unsafe
TAGS nopriv
PROG
	BEGIN { system("true") }
RUN --check
STATUS 1
EXPECT_ERR --unsafe

NAME a function where its probe has no packet
TAGS nopriv
PROG
	kprobe:tcp_sendmsg { skboutput("x.pcap", arg0, 1, 0) }
RUN --check
STATUS 1
EXPECT_ERR skboutput can not be used with "kprobe" probes

NAME too deep a stack
TAGS nopriv
REQUIRES cmd:python3
SHELL
	python3 -c '
	v = range(120)
	sets = " ".join(f"$v{i} = nsecs;" for i in v)
	uses = " ".join("printf(\"" + "%d " * 30 + "\\n\", " + ", ".join(f"$v{i}" for i in v[k:k + 30]) + ");" for k in (0, 30, 60, 90))
	print(f"BEGIN {{ {sets} {uses} {uses} }}")' > deep.mt
	$MTRACE -d asm deep.mt > out 2> err; echo "status $?"
	grep -qi 'stack' err && echo told
EXPECT
	status 1
	told

NAME what the verifier refuses is said with the line of the script
PROG
	uprobe:./progs/args:take_bytes {
		unroll(100) { unroll(100) {
			@y[rand] = 1;
		} }
	}
RUN -c ./progs/args
STATUS 2
EXPECT_ERR verifier refused uprobe:./progs/args:take_bytes:
EXPECT_ERR ^\s+@y\[rand\] = 1;
EXPECT_ERR HINT:

NAME a file that is not text
TAGS nopriv
SHELL
	head -c 3000 progs/calls > x.mt; $MTRACE --check x.mt > out 2> err; echo $?; test -s err && echo told
EXPECT
	1
	told

NAME a list of functions that may not be read is not called lockdown where there is none
SHELL
	list=/sys/kernel/tracing/available_filter_functions
	if cat $list 2>&1 >/dev/null | grep -q 'not permitted' && ! grep -qs '\[confid' /sys/kernel/security/lockdown; then
		$MTRACE -e 'kprobe:nope* { }' 2>&1 | grep -c 'HINT: the list of traceable functions cannot be read (EPERM)'
	else
		echo 1
	fi
EXPECT
	1

NAME a probe whose code is larger than BPF's jumps are long
SHELL
	awk 'BEGIN { printf "BEGIN { print(1) } END { "; for (i = 0; i < 1200; i++) printf "@m%d[pid] = 1; ", i; print "}" }' >large.mt
	$MTRACE --check large.mt
STATUS 1
EXPECT_ERR large\.mt:1:20-23: ERROR: the code of this probe is too large: .* \[too-large\]

NAME macros that call each other in a chain longer than a script may be deep
SHELL
	awk 'BEGIN { for (i = 0; i < 3000; i++) printf "macro m%d() { m%d() }\n", i, i + 1; print "macro m3000() { 1 }\nBEGIN { print(m2900()); print(m0()); }" }' >chain.mt
	$MTRACE --check chain.mt 2>&1 | grep -v 'expanded from' | grep -c 'ERROR: macros within macros: nested more than 1000 levels deep \[too-deep\]'
EXPECT
	1
