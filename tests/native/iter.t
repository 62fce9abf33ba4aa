# iter: probes.

NAME iter: every task, once
BEFORE sleep 100
PROG
	iter:task { if (ctx.task.tgid == %PID%) { printf("%s %d %u %x|%-8s|%4d|100%%\n", ctx.task.comm, ctx.task.pid == %PID%, 7, 255, "left", 3); } }
EXPECT
	sleep 1 7 ff|left    |   3|100%
	
	

NAME iter: -p, and maps, which are printed at the end
BEFORE sleep 100
PROG
	iter:task { @[ctx.task.comm] = count(); printf("%s\n", ctx.task.comm); }
RUN -p %PID%
REQUIRES kernel>=6.1
EXPECT
	sleep
	
	
	@[sleep]: 1

NAME iter: the files of a process
REQUIRES kernel>=6.1
SHELL
	sleep 100 4< /dev/null 7< /dev/null & p=$!
	until grep -qx sleep /proc/$p/comm; do :; done
	$MTRACE -q -p $p -e 'iter:task_file { printf("%d %d\n", ctx.fd, ctx.file != 0); }' | grep -E '^(4|7) '
	kill $p
EXPECT
	4 1
	7 1

NAME iter: the paths of a process's files, also through a variable
REQUIRES kernel>=6.1
SHELL
	: >some.file
	sleep 100 4< some.file 7< some.file & p=$!
	until grep -qx sleep /proc/$p/comm; do :; done
	$MTRACE -q -p $p -e 'iter:task_file { printf("%d %s\n", ctx.fd, path(ctx->file->f_path)); }' | grep -E '^(4|7) ' | sed "s|$PWD/||"
	$MTRACE -q -p $p -e 'iter:task_file { $f = ctx.file; printf("%d %s\n", ctx.fd, path($f.f_path, 1024)); }' | grep -c "^[47] $PWD/some.file$"
	kill $p
EXPECT
	4 some.file
	7 some.file
	2

NAME iter: the path of a mapping, and none of one without a file
REQUIRES kernel>=6.1
SHELL
	sleep 100 & p=$!
	until grep -q '(sleep) S' /proc/$p/stat; do :; done # all is mapped
	$MTRACE -q -p $p -e 'iter:task_vma { printf("%lx-%lx %s\n", ctx.vma.vm_start, ctx.vma.vm_end, path(ctx.vma.vm_file.f_path)); }' | grep . > got
	awk '$1 !~ /^ffff/ { print $1, $6 ~ /^\// ? $6 : "" }' /proc/$p/maps | sed 's/^0*//; s/-0*/-/' > want
	kill $p
	diff want got && echo same
EXPECT
	same

NAME iter: the task that runs the walk is another than that walked over
PROG
	iter:task { if (ctx.task.tgid == %PID%) { printf("%d %s %d\n", curtask.tgid == pid, ctx.task.comm, curtask != ctx.task); } }
BEFORE sleep 100
EXPECT_RE ^1 sleep 1$

NAME iter: the mappings of a process
REQUIRES kernel>=6.1
SHELL
	sleep 100 & p=$!
	until grep -q '(sleep) S' /proc/$p/stat; do :; done # all is mapped
	$MTRACE -q -p $p -e 'iter:task_vma { printf("%lx-%lx\n", ctx.vma.vm_start, ctx.vma.vm_end); }' | grep . > got
	cut -d' ' -f1 /proc/$p/maps | sed 's/^0*//; s/-0*/-/' | grep -v ^ffff > want
	kill $p
	diff want got && echo same
EXPECT
	same

NAME iter: json
BEFORE sleep 100
RUN -f json -e 'iter:task { if (ctx.task.pid == %PID%) { printf("%s\n%d\n", ctx.task.comm, 1); } }'
EXPECT
	{"type": "attached_probes", "count": 1, "data": {"probes": 1}}
	{"type": "printf", "data": "sleep\n"}
	{"type": "printf", "data": "1\n"}

NAME iter: more text than one read gives, without a line's end
SHELL
	$MTRACE -q -e 'iter:task { if (ctx.task.pid == 2) { unroll(90) { printf("%s", "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"); } } }' | tr -d '\n' | wc -c
EXPECT
	9000

NAME iter: pinned, it prints each time that it is read
REQUIRES root
SHELL
	mkdir bpffs && mount -t bpf bpf bpffs || exit 1
	sleep 100 & p=$!
	until grep -qx sleep /proc/$p/comm; do :; done
	$MTRACE -e "iter:task:$PWD/bpffs/tasks { if (ctx.task.pid == $p) { printf(\"%s %d\n\", ctx.task.comm, 1); } }" | sed "s|$PWD/||"
	cat bpffs/tasks; cat bpffs/tasks
	kill $p; wait $p 2> /dev/null
	cat bpffs/tasks
	rm bpffs/tasks; umount bpffs
EXPECT
	Program pinned to bpffs/tasks
	
	
	sleep 1
	sleep 1

NAME iter: where it cannot be pinned
RUN -e 'iter:task:%DIR%/here { printf("x"); }'
STATUS 2
EXPECT_ERR cannot pin iter:task:.*/here to '.*/here'
EXPECT_ERR HINT: it must be in a BPF file system

NAME iter: errors as bpftrace's
SHELL
	for s in 'iter:nope { }' 'iter:taks { }' 'iter:task* { }' 'iter:task,iter:task_file { }'; do
		$MTRACE -e "$s" 2>&1 | sed -n 's/.*ERROR: \(.*\) \[.*/\1/p; /^HINT/p'
	done
EXPECT
	iter nope not available for your kernel version.
	iter taks not available for your kernel version.
	HINT: did you mean 'task'?
	iter probe type does not support wildcards
	iter probe only supports one attach point.

NAME iter: alone
RUN -e 'iter:task { } BEGIN { }'
STATUS 1
EXPECT_ERR an iter probe must be the only probe of a script

NAME iter: what the kernel cannot print
SHELL
	for s in 'printf("%s", kstack)' 'printf("%.3s", comm)' 'printf("%o", pid)' 'printf("é")' 'printf("%r", buf(0, 2))' 'printf("%d %d %d %d %d %d %d %d %d %d %d %d %d", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)'; do
		$MTRACE -e "iter:task { $s }" 2>&1 | sed -n 's/.*ERROR: \(.*\) \[.*/\1/p'
	done
EXPECT
	the kernel, which prints for iter probes, has no '%s' for type 'kstack_bpftrace_127'
	the kernel, which prints for iter probes, has no '%.s' for type 'string[16]'
	the kernel, which prints for iter probes, has no '%o' for type 'uint32'
	the kernel prints only ASCII text for iter probes
	the kernel, which prints for iter probes, has no '%r' for type 'buffer[6]'
	the kernel prints at most 12 values at a time for iter probes

NAME iter: ctx elsewhere
TAGS nopriv
SHELL
	for s in 'BEGIN { print(ctx) }' 't:sched:sched_switch { print(ctx) }'; do
		$MTRACE --check -e "$s" 2>&1 | sed -n 's/.*ERROR: \(.*\) \[.*/\1/p'
	done
EXPECT
	The ctx builtin can not be used with 'begin' probes
	Use args instead of ctx in tracepoint

NAME iter: ctx of a uprobe is its registers
PROG
	uprobe:./progs/calls:main { print(ctx.ip == reg("ip")); exit() }
RUN -c ./progs/calls
EXPECT
	true
	
	

NAME iter: listing
RUN -lv 'iter:task*'
EXPECT_RE ^iter:task\n    struct bpf_iter_meta \* meta\n    struct task_struct \* task\niter:task_file\n
EXPECT_RE ^iter:task_vma\n

NAME iter: the plan
RUN --explain -e 'it:task { }'
EXPECT_RE mechanism: iterator
EXPECT_RE 1 program, 1 link, 2 fds, 1 target

NAME iter: --cgroup chooses by the task that is walked over
REQUIRES cgroup2 kernel>=6.1
SHELL
	root=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
	group=$root/mtrace-iter-$$
	mkdir -p $group/below || exit 1
	sh -c "echo \$\$ > $group/below/cgroup.procs; exec sleep 100" & inside=$!
	sleep 101 & outside=$!
	until grep -qx sleep /proc/$inside/comm; do :; done # it is in the group
	$MTRACE -q --cgroup $group -e 'iter:task { printf("%d\n", ctx.task.tgid); }' | sed "s/^$inside$/inside/" | grep .
	$MTRACE -q --cgroup $group/below -e 'iter:task_vma /ctx.task.tgid != 1/ { @[ctx.task.tgid] = count(); }' | sed "s/$inside/inside/; s/: .*//" | grep .
	echo root: $($MTRACE -q --cgroup $root -e 'iter:task { printf("%d\n", ctx.task.tgid); }' | grep -c "^$inside$\|^$outside$")
	kill $inside $outside; wait
	rmdir $group/below $group
EXPECT
	inside
	@[inside]
	root: 2
TIMEOUT 60
