# The scripts of tools/, each with a workload that it is for (progs/chores.c says what that does).
# Those on functions of the kernel are in tests/vm/cases/tools.t.

NAME tools: execs
RUN progs/tools/execs.mt -c "./progs/chores exec" -- --comm=chores
EXPECT_RE \ATIME +PID +PPID +CALLER +ARGUMENTS\n
EXPECT_RE ^\d\d:\d\d:\d\d \d+ +\d+ +chores +/bin/sh -c exit 0 chore$

NAME tools: exits
RUN progs/tools/exits.mt -c "./progs/chores exec fail kill"
EXPECT_RE ^\d\d:\d\d:\d\d \d+ +\d+ +chores +\d+  3$
EXPECT_RE ^\d\d:\d\d:\d\d \d+ +\d+ +chores +\d\d+  Terminated$
EXPECT_RE ^\d\d:\d\d:\d\d \d+ +\d+ +sh +\d+  0$

NAME tools: exits, the failed ones
RUN progs/tools/exits.mt -c "./progs/chores exec fail kill" -- --failed
EXPECT_RE chores +\d+  3$
EXPECT_NOT ^\S+ \S+ +\S+ +sh +\d+  0$

NAME tools: slowsys
RUN progs/tools/slowsys.mt -c "./progs/chores lock" -- --ms=40 --comm=chores
EXPECT_RE ^\d\d:\d\d:\d\d \d+ +chores +futex +\d\d+\.\d{3} 0$
EXPECT_NOT nanosleep

NAME tools: slowsys, waiting calls, too
RUN progs/tools/slowsys.mt -c "./progs/chores lock" -- --ms=40 --comm=chores --all
EXPECT_RE chores +clock_nanosleep +\d\d+\.\d{3} 0$

NAME tools: syscount
RUN progs/tools/syscount.mt -c "./progs/chores missing" -- --top=10000
EXPECT_RE ^microseconds a call:$
EXPECT_RE ^@us\[chores, openat\]: \{ \.count = \d+, \.average = \d+, \.total = \d+ \}$
EXPECT_RE ^@failed\[chores, openat, No such file or directory\]: \d+$

NAME tools: opens
RUN progs/tools/opens.mt -c "./progs/chores missing file"
EXPECT_RE ^\d+ +chores +-1 +\d+ /no/such/chore: No such file or directory$
EXPECT_RE ^\d+ +chores +\d +\d+ chore\.file$

NAME tools: opens, the failed ones
RUN progs/tools/opens.mt -c "./progs/chores missing file" -- --failed
EXPECT_RE /no/such/chore: No such file
EXPECT_NOT chore\.file

NAME tools: offcpu
RUN progs/tools/offcpu.mt -c "./progs/chores lock" -- --top=10000
EXPECT_RE (?s)@us\[chores, *\n.*futex.*\]: \d{5}

NAME tools: runqlat
RUN progs/tools/runqlat.mt -c "./progs/chores lock"
EXPECT_RE (?m)^@us:\n.*\|@*

NAME tools: runqlat by program
RUN progs/tools/runqlat.mt -c "./progs/chores lock" -- --by-comm
EXPECT_RE (?m)^@by_comm\[chores\]:$

NAME tools: funclat
RUN progs/tools/funclat.mt ./progs/calls "work*" -c "./progs/calls 7"
EXPECT_RE ^@us\[work\]:\n
EXPECT_RE ^@us\[work_more\]:\n

NAME tools: funccount
RUN progs/tools/funccount.mt ./progs/calls "*" -c "./progs/calls 7"
EXPECT_RE ^@calls\[work\]: 7$
EXPECT_RE ^@calls\[main\]: 1$

NAME tools: funccount every second
RUN progs/tools/funccount.mt ./progs/ticker tick -c "./progs/ticker 130 10" -- --every=1
EXPECT_RE ^\d\d:\d\d:\d\d\n@calls\[tick\]: \d+\n
EXPECT_NOT @seconds

NAME tools: functrace
RUN progs/tools/functrace.mt ./progs/recursion "*" -c "./progs/recursion"
EXPECT_RE ^\d+ +0 > main\(
EXPECT_RE ^\d+ +2 > \w+\(0x
EXPECT_RE ^\d+ +2 < \w+ = 0x[0-9a-f]+  \[\d+ us\]$
EXPECT_RE ^\d+ +0 < main = 0x0

NAME tools: mallocs
# A copy of the C library, so that no other program is touched.
TAGS novm
SHELL
	cp -L "$(ldd ./progs/chores | awk '/libc\.so\.6/ { print $3 }')" libc.so.6
	$MTRACE -q progs/tools/mallocs.mt ./libc.so.6 -c "env LD_LIBRARY_PATH=. ./progs/chores leak"
EXPECT_RE (?s)bytes not given back.*@left\[[^\]]*\]: 10000\nbytes taken
EXPECT_RE (?s)bytes taken in all.*\]: 20000\n

NAME tools: usdtlat
RUN progs/tools/usdtlat.mt ./progs/usdt app narrow wide -c ./progs/usdt -- --ms=0
EXPECT_RE ^\d\d:\d\d:\d\d \d+ +usdt +\d+\.\d{3} ms
EXPECT_RE ^@us:\n

NAME tools: profile
RUN progs/tools/profile.mt -c "./progs/chores burn" -- --top=100000
EXPECT_RE (?s)@both\[chores, *\n.*clock.*\]: \d+

NAME tools: profile of user stacks
RUN progs/tools/profile.mt -c "./progs/chores burn" -- --user --top=100000
EXPECT_RE (?s)@\[chores, *\n.*burn_cpu\+\d+.*\]: \d+

NAME tools: signals
RUN progs/tools/signals.mt -c "./progs/chores kill" -- --signal=15
EXPECT_RE ^\d\d:\d\d:\d\d chores +\d+ +Terminated chores +\d+ +delivered$
EXPECT_NOT Child exited

NAME tools: biolat
REQUIRES file:/sys/block/vda/dev
TAGS novm
RUN progs/tools/biolat.mt -c "./progs/chores sync" -- --ms=0
EXPECT_RE ^@us\[\d+, \d+, [A-Z]+\]:\n
EXPECT_RE ^\d\d:\d\d:\d\d \d+:\d+ +[A-Z]+ +\d+ sectors at \d+ +\d+\.\d{3} ms$

NAME tools: syncs
RUN progs/tools/syncs.mt -c "./progs/chores sync"
EXPECT_RE \ATIME +PID +COMM +ms +FILE\n
EXPECT_RE ^\d\d:\d\d:\d\d \d+ +chores +\d+\.\d{3} chore\.sync$
EXPECT_RE ^@us\[chores\]:\n

NAME tools: tcplife
RUN progs/tools/tcplife.mt -c "sh -c 'exec ./progs/chores tcp >/dev/null'"
EXPECT_RE ^\d\d:\d\d:\d\d \d+ +chores +127\.0\.0\.1:(\d+) +127\.0\.0\.1:(\d+) +97 +0 +\d+\.\d{3}$
EXPECT_RE ^\d\d:\d\d:\d\d \d+ +chores +127\.0\.0\.1:(\d+) +127\.0\.0\.1:(\d+) +0 +97 +\d+\.\d{3}$

NAME tools: tcplife of a port without traffic
RUN progs/tools/tcplife.mt -c "./progs/chores tcp" -- --port=1
EXPECT_NOT 127\.0\.0\.1

NAME tools: tcpretrans
RUN progs/tools/tcpretrans.mt --for 50ms
EXPECT_RE \ATIME +LOCAL +REMOTE +STATE\n

NAME tools: futexes
RUN progs/tools/futexes.mt -c "./progs/chores lock" -- --top=100000
EXPECT_RE ^@wait_us\[chores, \d+, \d+\]: \{ \.count = 1, \.average = \d{5,}, \.total = \d{5,} \}$
EXPECT_RE (?s)@where\[chores, *\n.*\]: \d{5}

NAME tools: lockwait
RUN progs/tools/lockwait.mt --for 50ms
EXPECT_RE (?s)microseconds a wait:.*by lock.*microseconds in all

NAME tools: softirqs
RUN progs/tools/softirqs.mt -c "./progs/chores burn"
EXPECT_RE (?m)^@us\[(timer|sched|rcu)\]:$
EXPECT_RE ^@cpu_us\[\w+, \d+\]: \d+$

NAME tools: faults
RUN progs/tools/faults.mt -c "./progs/chores touch" -- --top=100000
EXPECT_RE (?s)@\[chores, *\n.*touch.*\]: \d+
EXPECT_RE (?s)@\[chores, *\n.*\]: \d+

NAME tools: resolves
TAGS novm
REQUIRES cmd:getent
SHELL
	cp -L "$(ldd ./progs/chores | awk '/libc\.so\.6/ { print $3 }')" libc.so.6
	$MTRACE -q progs/tools/resolves.mt ./libc.so.6 -c "env LD_LIBRARY_PATH=. getent ahosts localhost"
EXPECT_RE ^\d\d:\d\d:\d\d \d+ +getent +\d+\.\d{3} +0 localhost$
