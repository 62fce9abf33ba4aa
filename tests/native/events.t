# Trace events, raw tracepoints, counters, timers.

NAME a system call's entry on each rung
TAGS oracle
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:syscalls:sys_enter_getpriority /comm == "python3" && args.who == 12345/ {
		printf("%s %d %d\n", probe, args.which, args.who); exit() }
RUN -c "python3 -c 'import os; os.getpriority(0, 12345)'"
FEATURES -; raw_tp_syscalls
EXPECT
	tracepoint:syscalls:sys_enter_getpriority 0 12345
	
	

NAME entries and exits of a glob, told apart by name
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:syscalls:sys_e*_mkdir* /pid == cpid/ { @[probe] = count() }
RUN -c "mkdir mkdir-probe"
FEATURES -; raw_tp_syscalls
EXPECT
	
	
	@[tracepoint:syscalls:sys_enter_mkdir]: 1
	@[tracepoint:syscalls:sys_exit_mkdir]: 1

NAME strings of user memory, and results
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:syscalls:sys_enter_rmdir /pid == cpid/ { printf("%s\n", str(args.pathname)); }
	t:syscalls:sys_exit_rmdir /pid == cpid/ { printf("%d\n", args.ret); print(args); }
RUN -c "rmdir /no/such/directory"
FEATURES -; raw_tp_syscalls
EXPECT
	/no/such/directory
	-2
	{ .__syscall_nr = 84, .ret = -2 }
	
	

NAME one program and one link for all system calls
REQUIRES file:/sys/kernel/tracing/events
RUN --explain -e 't:syscalls:sys_enter_* { @[probe] = count() }'
EXPECT_RE mechanism: raw tracepoint for all system calls
EXPECT_RE 1 program, 1 link, 2 fds, 3\d\d targets
EXPECT_NOT perf

NAME few system calls cost the others nothing
REQUIRES file:/sys/kernel/tracing/events
RUN --explain -e 't:syscalls:sys_enter_mkdir* { @[probe] = count() }'
EXPECT_RE mechanism: perf tracepoint
EXPECT_RE because: few system calls

NAME a large glob gives members and names, on each rung
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:syscalls:sys_enter_* /pid == cpid && args.__syscall_nr == 84/ { @[probe] = count() }
RUN -c "rmdir /no/such/directory"
FEATURES -; raw_tp_syscalls
EXPECT
	
	
	@[tracepoint:syscalls:sys_enter_rmdir]: 1

NAME user memory from the raw tracepoint
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:syscalls:sys_enter_* /pid == cpid && probe == "tracepoint:syscalls:sys_enter_rmdir"/ {
		printf("%s\n", str(args.pathname)); }
RUN -c "rmdir /no/such/directory"
FEATURES -; raw_tp_syscalls
EXPECT
	/no/such/directory
	
	

NAME events without a member that the body reads are set aside
REQUIRES file:/sys/kernel/tracing/events
RUN --explain -e 't:sched:sched_wak* { @[args.pid] = count() }'
EXPECT_RE 1 program, 3 links, 4 fds, 3 targets
EXPECT_RE sched_wake_idle_without_ipi: its record has no 'pid'

NAME the record's own strings
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:sched:sched_process_exec /pid == cpid/ { printf("%s %d\n", str(args.filename), args.pid == pid); }
RUN -c ./progs/calls
EXPECT
	./progs/calls 1
	
	

NAME arrays of characters are strings, also in keys
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:sched:sched_process_exit /args.comm == "calls" && tid == cpid/ { @[args.comm] = count(); print(sizeof(args.comm)); }
RUN -c ./progs/calls
EXPECT
	16
	
	
	@[calls]: 1

NAME members of all records cannot be read
REQUIRES file:/sys/kernel/tracing/events
RUN -e 't:sched:sched_switch { print(args.common_pid); }'
EXPECT_ERR BPF does not support accessing common tracepoint fields
STATUS 1

NAME an unknown member
REQUIRES file:/sys/kernel/tracing/events
RUN -e 't:sched:sched_switch { print(args.prev_pids); }'
EXPECT_ERR Struct/union of type 'struct tracepoint:sched:sched_switch_args' does not contain a field named 'prev_pids'
EXPECT_ERR did you mean 'prev_pid'
STATUS 1

NAME an unknown trace event
REQUIRES file:/sys/kernel/tracing/events
RUN -e 't:sched:sched_swich { }'
EXPECT_ERR No matches for tracepoint sched:sched_swich.
EXPECT_ERR did you mean 'sched:sched_switch'
STATUS 2

NAME an unknown category
REQUIRES file:/sys/kernel/tracing/events
RUN -e 't:scheed:sched_switch { }'
EXPECT_ERR did you mean 'sched:sched_switch'
STATUS 2

NAME every event of a subsystem: one program, equal on each rung
FEATURES -; raw_tp_cookie; raw_tp,raw_tp_syscalls
REQUIRES file:/sys/kernel/tracing/events
PROG
	t:sched:sched_process_e*, t:task:* /pid == cpid/ { @[probe] = count() }
	t:sched:sched_process_ex*, t:sched:sched_process_hang /args.pid == cpid/ { @pid[probe] = count() }
RUN -q -c /bin/true
EXPECT_RE ^@\[tracepoint:sched:sched_process_exec\]: 1$
EXPECT_RE ^@\[tracepoint:sched:sched_process_exit\]: 1$
EXPECT_RE ^@pid\[tracepoint:sched:sched_process_exec\]: 1$
EXPECT_RE ^@pid\[tracepoint:sched:sched_process_exit\]: 1$

NAME --explain shows how few programs serve a subsystem
REQUIRES file:/sys/kernel/tracing/events/sched
SHELL
	all=$(ls -d /sys/kernel/tracing/events/sched/*/ | wc -l)
	$MTRACE --explain -e 't:sched:* { @[probe] = count() }' | sed -n "s/ $all\b/ all/g; s/^total: //p"
	$MTRACE --explain --no-feature raw_tp -e 't:sched:* { @[probe] = count() }' | sed -n "s/ $all\b/ all/g; s/^total: //p"
	# of those that have it, the record has the pid at few different places
	$MTRACE --explain -e 't:sched:* { @[args.pid] = count() }' |
		sed -n 's/^total: \([0-9]*\) programs, \([0-9]*\) links.*/\1 \2/p' | awk '{print ($1 * 2 < $2) ? "fewer" : $0}'
EXPECT
	1 program, all links, all targets, 0 set aside
	1 program, all links, all targets, 0 set aside
	fewer

NAME -p leaves other processes' events out
REQUIRES file:/sys/kernel/tracing/events
BEFORE sh -c "while :; do sleep 0.01; done"
PROG
	t:syscalls:sys_enter_* { @[pid == %PID%] = count() }
	rt:sys_enter { @r[pid == %PID%] = count() }
	interval:ms:300 { if (len(@) > 0 && len(@r) > 0) { exit() } }
RUN -p %PID%
EXPECT_RE ^@\[(true|1)\]: [1-9]
EXPECT_RE ^@r\[(true|1)\]: [1-9]
EXPECT_NOT (false|\[0\])

NAME a raw tracepoint's arguments have types and names
REQUIRES file:/sys/kernel/btf/vmlinux
PROG
	rt:sched_process_exit /args.p.comm == "calls" && tid == cpid/ { printf("%s %d\n", probe, args.p.tgid == pid); }
RUN -c ./progs/calls
EXPECT
	rawtracepoint:vmlinux:sched_process_exit 1
	
	

NAME raw tracepoints by glob, beside another kind of probe
REQUIRES file:/sys/kernel/btf/vmlinux
PROG
	rt:sched_wakeup* { @[args.p.pid > 0] = count() }
	interval:ms:100 { if (len(@) > 0) { exit() } }
EXPECT_RE ^@\[(true|1)\]: [1-9]
EXPECT_NOT (false|\[0\])

NAME an unknown raw tracepoint
REQUIRES file:/sys/kernel/btf/vmlinux
RUN -e 'rt:sched_swich { }'
EXPECT_ERR did you mean 'sched_switch'
STATUS 2

NAME software counters, by name and alias
TAGS oracle
PROG
	software:page-faults:1 { printf("%s %s\n", probe, probetype); exit() }
RUN -c true
EXPECT_RE ^software:page-faults:1 software$

NAME counters of one process
BEFORE ./progs/vforks
PROG
	s:faults:1 { @[pid == %PID%] = count() } interval:ms:300 { if (len(@) > 0) { exit() } }
RUN -p %PID%
EXPECT_RE ^@\[true\]: [1-9]
EXPECT_NOT (false|\[0\])

NAME counters of every thread of a process, also of those that it starts later
TAGS novm
REQUIRES cmd:python3
SHELL
	cat > spin.py <<-'EOF'
		import sys, threading
		def spin():
		    while True: pass
		def threads(n):
		    for _ in range(n): threading.Thread(target=spin, daemon=True).start()
		threads(2); print("ready", flush=True); input(); threads(1); sys.stdin.read()
	EOF
	mkfifo in out ready
	python3 spin.py <in >out & pid=$!
	exec 3>in 4<out
	read -r line <&4
	$MTRACE -q -p $pid --ready-fd 5 -e '
		software:cpu-clock:1000000 { @[tid == pid, pid == '$pid'] = count(); @tids[tid] = count(); if (len(@tids) >= 3) { exit() } }
		END { clear(@tids) }' 5>ready & tracer=$!
	read -r line <ready
	echo >&3
	wait $tracer
	exec 3>&-
	wait $pid
EXPECT_RE ^@\[false, true\]: \d+$
EXPECT_NOT , false

NAME hardware counters, or that the machine has none
SHELL
	for probe in hardware:cpu-cycles:10000000 h:instructions:10000000; do
		$MTRACE -e $probe' { @ = count() } interval:ms:10 { exit() }' >out 2>err
		status=$?
		if ls /sys/bus/event_source/devices/ | grep -q '^cpu\|^armv8'; then
			echo "$status $(grep -c '^Attached 2 probes' err)"
		else
			echo "$status $(grep -c ": ERROR: cannot attach $probe: this machine has no performance monitoring unit (PMU) that counts it: there is none" err)"
		fi
	done
EXPECT_RE ^([02]) 1\n\1 1$

NAME interval and profile in every unit
PROG
	interval:hz:100 { @i["hz"] = count() }
	interval:s:1 { @i["s"] = count() }
	interval:ms:10 { @i["ms"] = count() }
	interval:us:10000 { @i["us"] = count() }
	i:20ms { @i["20ms"] = count() }
	i:20000000 { @i["ns"] = count() }
	profile:hz:99 { @p["hz"] = count() }
	profile:s:1 { @p["s"] = count() }
	profile:ms:10 { @p["ms"] = count() }
	profile:us:10000 { @p["us"] = count() }
	p:1s { @p["1s"] = count() }
	interval:ms:5 { if (len(@i) == 6 && len(@p) == 5) { print(("all", len(@i), len(@p))); exit() } }
	END { clear(@i); clear(@p) }
RUN -q
EXPECT
	(all, 6, 5)
	
	

NAME an unknown counter
RUN -e 'hardware:cycels { }'
EXPECT_ERR cycels is not a hardware probe
EXPECT_ERR did you mean 'cycles'
STATUS 1

NAME a count that is none
RUN -e 'software:cpu-clock:x { }'
EXPECT_ERR Invalid count for software probe: invalid integer: x
STATUS 1

NAME listing counters
TAGS oracle nopriv
RUN -l 'software:c*'
EXPECT
	software:context-switches:
	software:cpu-clock:
	software:cpu-migrations:
	software:cpu:
	software:cs:

NAME listing the members of an event
REQUIRES file:/sys/kernel/tracing/events
TAGS oracle
RUN -lv 't:sched:sched_process_exec'
EXPECT
	tracepoint:sched:sched_process_exec
	    __data_loc char[] filename
	    pid_t pid
	    pid_t old_pid

# ---- events of which nothing is read -------------------------------------------------------

NAME an event of which nothing is read goes to its raw tracepoint
REQUIRES file:/sys/kernel/btf/vmlinux file:/sys/kernel/tracing/events
RUN --explain -e 't:sched:sched_switch /comm != "x"/ { @[pid] = count() }'
EXPECT_RE mechanism: raw tracepoint$
EXPECT_RE 1 program, 1 link, 2 fds, 1 target$

NAME and to perf where its record is read
REQUIRES file:/sys/kernel/tracing/events
RUN --explain -e 't:sched:sched_switch { @[args.prev_pid] = count() }'
EXPECT_RE mechanism: perf tracepoint
EXPECT_RE because: the body reads the event's record

NAME and where the kernel stack is asked for, which a raw tracepoint shows deeper
REQUIRES file:/sys/kernel/tracing/events
RUN --explain -e 't:sched:sched_switch { @[kstack(3)] = count() }'
EXPECT_RE mechanism: perf tracepoint
EXPECT_RE because: the body reads the event's own registers

NAME and where the feature is turned off
REQUIRES file:/sys/kernel/btf/vmlinux file:/sys/kernel/tracing/events
RUN --no-feature raw_tp --explain -e 't:sched:sched_switch { @ = count() }'
EXPECT_RE mechanism: perf tracepoint
EXPECT_RE because: .*raw_tp.*turned off

NAME several such events share one program, told apart by name, on each rung
REQUIRES file:/sys/kernel/btf/vmlinux file:/sys/kernel/tracing/events
PROG
	t:sched:sched_process_* /pid == cpid/ { @[probe] = count() }
RUN -c ./progs/calls
FEATURES -; raw_tp; raw_tp_cookie
EXPECT_RE ^@\[tracepoint:sched:sched_process_exec\]: 1$
EXPECT_RE ^@\[tracepoint:sched:sched_process_exit\]: 1$

NAME one program and a link for each
REQUIRES file:/sys/kernel/btf/vmlinux file:/sys/kernel/tracing/events
RUN --explain -e 't:sched:sched_process_e* { @ = count() }'
EXPECT_RE 1 program, 2 links, 3 fds, 2 targets$

NAME raw tracepoints whose arguments are not read share one program
REQUIRES file:/sys/kernel/btf/vmlinux
PROG
	rt:sched_process_e* /pid == cpid/ { @ = count() }
RUN -c ./progs/calls
EXPECT
	
	
	@: 2

NAME and one each where they are
REQUIRES file:/sys/kernel/btf/vmlinux
RUN --explain -e 'rt:sched_process_e* { @[arg0] = count() }'
EXPECT_RE ^total: 2 programs, 2 links, 2 targets

# ---- whose events --------------------------------------------------------------------------

NAME -p: children that share memory or inherit counters are not the process
BEFORE ./progs/vforks
FEATURES -; uprobe_session; uprobe_session,uprobe_multi; raw_tp,raw_tp_syscalls
REQUIRES file:/sys/kernel/tracing/events
PROG
	uprobe:./progs/vforks:tick { @["uprobe", pid == %PID%] = count() }
	uretprobe:./progs/vforks:tick { @["uretprobe", pid == %PID%] = count() }
	session:./progs/vforks:tick { return { @["session", pid == %PID%] = count() } }
	usdt:./progs/vforks:vforks:ticked { @["usdt", pid == %PID%] = count() }
	t:syscalls:sys_enter_getppid, t:syscalls:sys_enter_vfork { @["tracepoint", pid == %PID%] = count() }
	t:syscalls:sys_exit_* { @["syscalls", pid == %PID%] = count() }
	t:sched:sched_process_exec, t:sched:sched_process_fork { @["raw", pid == %PID%] = count() }
	rt:sys_enter { @["rawtracepoint", pid == %PID%] = count() }
	s:page-faults:1 { @["software", pid == %PID%] = count() }
	p:hz:4999 { @["profile", pid == %PID%] = count() }
	i:s:2 { if (has_key(@, ("uprobe", true)) && has_key(@, ("uretprobe", true)) && has_key(@, ("session", true)) &&
		has_key(@, ("usdt", true)) && has_key(@, ("tracepoint", true)) && has_key(@, ("syscalls", true)) &&
		has_key(@, ("raw", true)) && has_key(@, ("rawtracepoint", true)) && has_key(@, ("software", true))) { exit() } }
RUN -q -p %PID%
EXPECT_RE \[uprobe, (1|true)\]
EXPECT_RE \[uretprobe, (1|true)\]
EXPECT_RE \[session, (1|true)\]
EXPECT_RE \[usdt, (1|true)\]
EXPECT_RE \[tracepoint, (1|true)\]
EXPECT_RE \[syscalls, (1|true)\]
EXPECT_RE \[raw, (1|true)\]
EXPECT_RE \[rawtracepoint, (1|true)\]
EXPECT_RE \[software, (1|true)\]
EXPECT_NOT false|, 0\]
TIMEOUT 60

NAME --cgroup: every kind of probe sees only the group's processes
REQUIRES cgroup2 file:/sys/kernel/tracing/events
SHELL
	root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
	group=$root/mtrace-test-$$
	mkdir -p $group/below || exit 1
	sh -c "echo \$\$ > $group/below/cgroup.procs; exec ./progs/ticker 0 2" & inside=$!
	./progs/ticker 0 2 & outside=$!
	$MTRACE -q --cgroup $group -e "
		u:./progs/ticker:tick { @[probetype, pid == $inside] = count() }
		session:./progs/ticker:tick { return { @[probetype, pid == $inside] = count() } }
		t:syscalls:sys_enter_clock_nanosleep { @[probetype, pid == $inside] = count() }
		t:syscalls:sys_exit_* { @a[probetype, pid == $inside] = count() }
		t:sched:sched_switch { @[probetype, pid == $inside] = count() }
		rt:sched_switch { @[probetype, pid == $inside] = count() }
		p:hz:999 { @p[probetype, pid == $inside] = count() }
		s:cpu-clock:100000 { @p[probetype, pid == $inside] = count() }
		i:ms:400 { if (len(@) >= 4) { exit() } }" > out
	kill $inside $outside; wait
	rmdir $group/below $group
	grep -c false out; grep '^@\[.*true' out | sed 's/:.*//' | sort
EXPECT
	0
	@[rawtracepoint, true]
	@[session, true]
	@[tracepoint, true]
	@[uprobe, true]

NAME cgroup == cgroupid(): the processes of a group
REQUIRES cgroup2
SHELL
	root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
	group=$root/mtrace-test-$$
	mkdir -p $group || exit 1
	sh -c "echo \$\$ > $group/cgroup.procs; exec ./progs/ticker 0 2" & inside=$!
	./progs/ticker 0 2 & outside=$!
	$MTRACE -q -e "
		u:./progs/ticker:tick /cgroup == cgroupid(\"$group\")/ { @[pid == $inside] = count(); if (++@n == 5) { exit() } }
		END { clear(@n) }" > out
	kill $inside $outside; wait
	rmdir $group
	grep -c false out; grep -c '^@\[true\]: ' out
EXPECT
	0
	1
TIMEOUT 60

NAME --cgroup: no such directory
TAGS nopriv
RUN --cgroup /no/such/group -e 'BEGIN { }'
STATUS 1
EXPECT_ERR --cgroup: cannot open '/no/such/group': No such file

NAME --cgroup: not a control group
TAGS nopriv
RUN --cgroup /tmp -e 'BEGIN { }'
STATUS 1
EXPECT_ERR --cgroup: '/tmp' is not a directory of the cgroup2 file system

# ---- watchpoints: whether the machine has debug registers, tests/vm says --------------------

NAME a watchpoint's name
RUN -l -e 'w:0x1000:8:wr { print(probe) }'
EXPECT
	watchpoint:4096:8:rw

NAME a watchpoint per CPU
RUN --explain -e 'watchpoint:0xffffffff81000000:8:w { @ = count() }'
EXPECT_RE mechanism: perf watchpoint

NAME watchpoint: errors as bpftrace's
TAGS nopriv
SHELL
	for w in 0x1000:8:q 0x1000:3:w 0x1000:8:r 0x1000:8:wrx 0x1000:8:ww abc:8:w 0:8:w f+arg0:8:w 0x1000:zz:w '*:8:w'; do
		$MTRACE --check -e "watchpoint:$w { }" 2>&1 | sed -n 's/.*ERROR: \(.*\) \[.*/\1/p; /^HINT/p'
	done
EXPECT
	watchpoint mode must be combination of (r,w,x)
	watchpoint length must be one of (1,2,4,8)
	invalid watchpoint mode: r
	HINT: supported modes: x,w,rw
	invalid watchpoint mode: rwx
	HINT: supported modes: x,w,rw
	watchpoint modes may not be duplicated
	Invalid function/address argument: invalid integer: abc
	watchpoint must be attached to a non-zero address
	Invalid function/address argument: invalid integer: f+arg0
	Invalid length argument: invalid integer: zz
	Invalid function/address argument: invalid integer: *

NAME watchpoint: an odd address
PROG
	w:0x1001:8:w { }
RUN -c true
STATUS 2
EXPECT_ERR the address is not a multiple of the length

NAME watchpoint: more than there are registers
REQUIRES file:/sys/kernel/btf/vmlinux
PROG
	w:0x1000:8:w, w:0x1008:8:w, w:0x1010:8:w, w:0x1018:8:w, w:0x1020:8:w { }
RUN -c true
STATUS 2
EXPECT_ERR all debug registers are taken

NAME watchpoint: what it has not
TAGS nopriv
RUN --check -e 'w:0x1000:8:w { print(func); print(arg0); }'
STATUS 1
EXPECT_ERR The func builtin can not be used with 'watchpoint' probes
EXPECT_ERR The arg0 builtin can only be used with

NAME blocks at one place run in the order of the script
FEATURES rungs
PROG
	uprobe:./progs/calls:work { printf("1 "); }
	uretprobe:./progs/calls:work { printf("4 "); }
	uprobe:./progs/calls:work { printf("2 "); }
	uprobe:./progs/calls:work* { printf("3 "); }
	uretprobe:./progs/calls:work { printf("5\n"); }
	uprobe:./progs/calls:work_more { exit(); }
RUN -c './progs/calls 1'
EXPECT
	1 2 3 4 5
	3 
	

NAME USDT blocks at one site run in the order of the script
PROG
	usdt:./progs/usdt:app:narrow { @order = 1; }
	usdt:./progs/usdt:app:narrow { @order *= 2; }
	usdt:./progs/usdt:app:narrow { @order += 3; }
RUN -c ./progs/usdt
EXPECT_RE ^@order: 5$

NAME a name that is not there is an error, also beside one that is
PROG
	tracepoint:syscalls:sys_enter_nanosleep, tracepoint:syscalls:sys_enter_nanosleeq { exit(); }
STATUS 2
EXPECT_ERR ERROR: No matches for tracepoint syscalls:sys_enter_nanosleeq\.

NAME missing_probes = warn skips it
PROG
	config = { missing_probes = warn }
	tracepoint:syscalls:sys_enter_nanosleeq { exit(); } BEGIN { exit(); }
EXPECT_RE .*
EXPECT_ERR WARNING: No matches for tracepoint syscalls:sys_enter_nanosleeq\. Skipping\.
EXPECT_ERR WARNING: Probe has no valid attach points\. It is being removed which may cause issues
EXPECT_ERR Attached 1 probe

NAME nothing is left to attach
PROG
	config = { missing_probes = ignore } tracepoint:syscalls:nothing { exit(); }
STATUS 2
EXPECT_ERR No probes to attach

NAME usdt: the provider may be left empty
PROG
	usdt:./progs/usdt::* { print(probe); exit(); }
RUN -c ./progs/usdt
EXPECT_RE ^usdt:./progs/usdt:\w+:\w+$

NAME a typed program does not make anyone read the whole of the kernel's BTF: less than 7 MB for it
TAGS novm
SHELL
	python3 -c 'import os, resource, subprocess
	def peak(script):
	    subprocess.check_call([os.environ["MTRACE"], "-q", "--dry-run", "-e", script])
	    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
	without = peak("interval:s:1 { @ = count() }")
	print((peak("rawtracepoint:sched_switch { @ = count() }") - without) // 7000)'
EXPECT
	0

NAME a kernel stack that is recognised is the one that the kernel walks
PROG
	tracepoint:syscalls:sys_enter_umount /pid == cpid/ { @known[kstack] = count(); @walked[kstack(63)] = count(); }
RUN -c './progs/refused 20000'
FEATURES -; stack_memo
EXPECT_RE ^@known\[\n((?:        .+\n)*)\]: (\d+)\n@walked\[\n\1\]: \2$
EXPECT_RE ^\]: [2-9]\d{4}$

NAME so are all that a busy system has
SHELL
	$MTRACE -q -e 'config = { max_map_keys = 60000; stack_mode = raw }
		rawtracepoint:sys_enter, rawtracepoint:sys_exit, rawtracepoint:sched_switch, rawtracepoint:sched_waking {
			@known[kstack] = count(); @walked[kstack(63)] = count();
		}' -c "sh -c 'i=0; while [ \$i -lt 40 ]; do cat /proc/self/maps | wc -l; i=\$((i + 1)); done'" > out
	# One line a stack, without the program's own frame. A few may have been lost on one side: the kernel
	# had no memory in an interrupt, or tracing ended between the two.
	sed -n 's/^ *//; /^@/ { s/\[$//; h; d }; /^\]/ { H; x; s/\n/ /g; p; d }; H' out |
		sed 's/^\(@[a-z]*\) [0-9a-f]* /\1 /' > stacks
	awk '{
		side = $1; n = $NF; $1 = ""; $NF = ""; seen[$0] = 1
		if (side == "@known") { known[$0] += n; total += n } else walked[$0] += n
	} END {
		for (stack in seen) if ((known[stack] - walked[stack]) * (known[stack] - walked[stack]) > 25) print known[stack] + 0, walked[stack] + 0, stack
		print (total > 1000) ? "compared" : "too few"
	}' stacks
EXPECT_RE \Acompared\n\Z
TIMEOUT 120
