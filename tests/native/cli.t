# The command line: every option, exit statuses, signals, the child of -c, output files.

NAME --version
TAGS nopriv
RUN --version
EXPECT_RE ^mtrace \d+\.\d+\.\d+$

NAME --help names the exit statuses and the options
TAGS nopriv
RUN --help
EXPECT_RE ^Exit status$
EXPECT_RE --ready-fd FD
EXPECT_RE --no-feature NAME

NAME a script file
FILE hello.mt
	#!/usr/bin/env mtrace
	BEGIN { printf("from a file %d\n", $1); exit() }
RUN hello.mt 7
EXPECT
	from a file 7
	
	

NAME a script on standard input
STDIN
	BEGIN { printf("from stdin\n"); exit() }
RUN -
EXPECT
	from stdin
	
	

NAME a script by its first line
SHELL
	ln -s $MTRACE mtrace
	echo "#!$PWD/mtrace" > x.mt
	printf '%s\n' 'BEGIN { printf("shebang %s\n", str($1)); exit() }' >> x.mt
	chmod +x x.mt && ./x.mt word
EXPECT
	shebang word
	
	

NAME exit with a code
PROG
	BEGIN { exit(7) }
STATUS 7

NAME exit with a code in a probe, with -c
PROG
	uprobe:./progs/calls:work /arg0 == 2/ { exit(9) }
RUN -c ./progs/calls
STATUS 9

NAME exit() ends the script's output at once, however fast a probe fires
TAGS oracle
PROG
	uprobe:./progs/calls:work { printf("once\n"); exit(3); }
	END { printf("end\n"); exit(4); }
	END { printf("never\n"); }
RUN -c "./progs/calls 100000"
STATUS 4
EXPECT
	once
	end
	
	

NAME a BEGIN that exits ends the BEGINs after it
TAGS oracle
PROG
	BEGIN { printf("a\n"); exit(); }
	BEGIN { printf("b\n"); @x = 1; }
	END { printf("end\n"); }
EXPECT
	a
	end
	
	
	@x: 1

NAME the status of the child is said, not taken over
PROG
	uprobe:./progs/status:leaving { printf("%d\n", arg0) }
RUN -c "./progs/status 3"
EXPECT
	3
	
	
EXPECT_ERR exited with status 3

NAME a child killed by a signal
PROG
	uprobe:./progs/status:leaving { @ = count() }
RUN -c "./progs/status -9"
EXPECT_ERR killed by signal 9 \(Killed\)

NAME nothing of the child is missed: it starts after the probes are attached
PROG
	uprobe:./progs/calls:main { printf("main\n") }
	uprobe:./progs/calls:work { @n = count() }
RUN -c "./progs/calls 100"
EXPECT
	main
	
	
	@n: 100

NAME the child is killed at the end
PROG
	uprobe:./progs/ticker:tick { printf("%d\n", pid); exit() }
RUN -v -c "./progs/ticker 0 1"
EXPECT_RE ^\d+$
EXPECT_ERR ticker 0 1' was still running and was ended

NAME no child is left behind
SHELL
	$MTRACE -q -e 'uprobe:./progs/ticker:tick { printf("%d\n", pid); exit() }' -c './progs/ticker 0 1' > out
	read pid < out
	kill -0 $pid 2>/dev/null && echo alive || echo gone
EXPECT
	gone

NAME quotes in -c
PROG
	uprobe:./progs/calls:work { @n = count() }
RUN -c "'./progs/calls' \"2\""
EXPECT
	
	
	@n: 2

NAME the child of -c is looked up in PATH
PROG
	BEGIN { printf("%d\n", cpid > 0) }
RUN -c "true"
EXPECT
	1
	
	

NAME -c of a program that does not exist
PROG
	BEGIN { printf("no\n") }
RUN -c ./no-such-program
STATUS 1
EXPECT_ERR no-such-program
EXPECT

NAME Ctrl-C detaches, runs END and prints maps
BEFORE ./progs/ticker 0 1
PROG
	BEGIN { @n = count() }
	uprobe:./progs/ticker:tick { @n = count() }
	END { printf("end\n") }
SIGNAL INT
EXPECT_RE ^end\n\n?\n?@n: \d+$
STATUS 0

NAME SIGTERM does the same
BEFORE ./progs/ticker 0 1
PROG
	BEGIN { @n = count() }
	uprobe:./progs/ticker:tick { @n = count() }
	END { printf("end\n") }
SIGNAL TERM
EXPECT_RE ^end\n
EXPECT_RE ^@n: \d+$
STATUS 0

NAME Ctrl-C with nothing but an interval
PROG
	interval:s:100 { printf("never\n") }
	END { printf("end\n") }
SIGNAL INT
EXPECT_RE ^end\n
EXPECT_NOT never

NAME --for ends tracing
BEFORE ./progs/ticker 0 1
PROG
	BEGIN { @n = count() }
	uprobe:./progs/ticker:tick { @n = count() }
RUN --for 200ms
EXPECT_RE ^@n: \d+$

NAME --for ends a script that sends nothing
PROG
	interval:s:100 { printf("never\n") }
RUN --for 100ms
EXPECT_NOT never

NAME --max-events ends after so many records
PROG
	uprobe:./progs/calls:work { printf("%d\n", arg0) }
RUN --max-events 2 -c "./progs/calls 1000"
EXPECT_RE \A1\n2\n\n?\n?\Z

NAME --ready-fd writes one line once everything is attached
# A copy: cases that run beside this one start ./progs/calls, too.
SHELL
	cp ./progs/calls mine
	$MTRACE -q -e 'uprobe:./mine:work { @n = count() }' --ready-fd 3 3>ready >out &
	pid=$!
	until [ -s ready ]; do sleep 0.05; done
	cat ready
	./mine 5
	kill -INT $pid
	wait $pid; echo "status $?"
	grep @n out
EXPECT
	ready
	status 0
	@n: 5

NAME bpftrace's environment variable asks for the line on standard output
# Before what the script prints, in between of nothing that is JSON.
SHELL
	export __BPFTRACE_NOTIFY_PROBES_ATTACHED=1
	$MTRACE -q -e 'BEGIN { printf("first\n") }' -o out.txt
	grep -c . out.txt
	$MTRACE -f json -e 'BEGIN { print(7); exit() }' | head -3
EXPECT
	__BPFTRACE_NOTIFY_PROBES_ATTACHED
	1
	{"type": "attached_probes", "count": 1, "data": {"probes": 1}}
	__BPFTRACE_NOTIFY_PROBES_ATTACHED
	{"type": "value", "data": 7}

NAME -o writes results to a file
PROG
	BEGIN { printf("in the file\n"); @a = 1; exit() }
RUN -o out.txt
EXPECT
EXPECT_FILE out.txt
	in the file
	
	
	@a: 1

NAME -o to a full disk is said and fails
PROG
	BEGIN { printf("lost\n"); exit() }
RUN -o /dev/full
STATUS 2
EXPECT_ERR No space left on device

NAME standard output on a full disk
SHELL
	$MTRACE -e 'BEGIN { printf("lost\n"); exit() }' > /dev/full; echo "status $?" >&2
EXPECT_ERR No space left on device
EXPECT_ERR ^status 2$

NAME standard output that is closed is no map's number
SHELL
	$MTRACE -q -e 'BEGIN { @a[1] = 2; printf("lost\n"); exit() }' >&-; echo "status $?" >&2
EXPECT_ERR cannot write the output: Bad file descriptor
EXPECT_ERR ^status 2$

NAME standard input and errors that are closed
SHELL
	$MTRACE -q -e 'BEGIN { @a[1] = 2; exit() }' <&- 2>&-; echo "status $?"
EXPECT
	
	
	@a[1]: 2
	status 0

NAME -o to a directory that does not exist
PROG
	BEGIN { printf("lost\n"); exit() }
RUN -o no/such/file
STATUS 2
EXPECT_ERR no/such/file.*No such file

NAME a reader that went away ends mtrace quietly
SHELL
	$MTRACE -q -e 'uprobe:./progs/ticker:tick { printf("%d\n", arg0) }' -B line -c './progs/ticker 0 1' | head -n 2 | wc -l
EXPECT
	2

NAME -q says nothing but results
PROG
	uprobe:./progs/calls:work { @n = count() }
RUN -q -c ./progs/calls
EXPECT
	
	
	@n: 3
EXPECT_ERR \A\Z

NAME what was attached is said on standard error
PROG
	uprobe:./progs/calls:work* { @n = count() }
RUN -c ./progs/calls
EXPECT_ERR (?i)attached

NAME -v prints statistics at the end
PROG
	uprobe:./progs/calls:work { @n = count() }
RUN -v -c ./progs/calls
EXPECT_ERR \b3\b.*hit|hit.*\b3\b

NAME JSON ends with statistics
PROG
	uprobe:./progs/calls:work { printf("%d\n", arg0) }
RUN -f json -c "./progs/calls 1"
EXPECT_JSON {"type": "attached_probes", "count": 1, "data": {"probes": 1}}
EXPECT_JSON {"type": "printf", "data": "1\n"}
EXPECT_RE ^\{"type": "run_stats", .*"hits": 1

NAME every line of JSON is one object
REQUIRES cmd:python3
SHELL
	$MTRACE -q -f json -e 'uprobe:./progs/names:* { @[func] = count(); @h = hist(arg0); printf("%s\n", func) } END { print((1, "a\"b")) }' -c ./progs/names > out
	python3 -c 'import json; n = len([json.loads(l) for l in open("out")]); print("ok" if n > 10 else n)'
EXPECT
	ok

NAME -q in JSON leaves results alone
TAGS oracle
PROG
	BEGIN { print(1); @ = 2 }
RUN -q -f json
EXPECT
	{"type": "value", "data": 1}
	{"type": "map", "data": {"@": 2}}
EXPECT_NOT run_stats

NAME --dry-run attaches and ends; nothing of the script runs
PROG
	BEGIN { printf("no\n"); @ = 1 }
	uprobe:./progs/calls:work { printf("no\n") }
RUN --dry-run
EXPECT_NOT no

NAME --check needs no privileges and no target
TAGS nopriv
AS nobody
PROG
	uprobe:/no/such/file:fn { printf("%d\n", arg0) } session:/no/file:* { entry { $a = arg0 } return { @ = $a } }
RUN --check
EXPECT

NAME --check finds errors
TAGS nopriv
AS nobody
PROG
	BEGIN { prinft("x") }
RUN --check
STATUS 1
EXPECT_ERR did you mean.*printf

NAME --fmt lays a script out
TAGS nopriv
RUN --fmt -
STDIN
	#!/usr/bin/env mtrace
	/* What it
	 * is for. */
	#define LIMIT 5
	struct pair { int a; int b; };
	config={max_map_keys=10;stack_mode=perf} // of maps

	let @m=hash(100);
	macro twice(x){x*2}
	fn half($a:int64):int64{return $a/2;}

	BEGIN,END { printf("%d\n",1+2*3); // behind
	 if(pid==1&&tid==2||!uid){exit()}else if(uid){print(1);}
	 else { }

	 // alone
	 for($i:1..10){@m[$i,comm]+=(uint8)$i;}
	 while($x->y>0){$x++} unroll(3){@n=count()} { let $z:uint64[4]; }
	 print(1 /* within */, 2);
	 $y=if(pid){1}else{2}; $s={let $q=pid;$q+1}; $t=(1,"a\tb"); $r=(a=1,b=(2,));
	}
	kprobe:vfs_*,
	kprobe:tcp_*/pid==$1/{@=1}
	session:libc:malloc{entry{$a=arg0}return{print($a)}}
	kprobe:f { printf("a format that is really long enough to be broken %s %d %d\n", comm, cpu, elapsed); }
EXPECT
	#!/usr/bin/env mtrace
	// What it
	// is for.
	#define LIMIT 5
	struct pair { int a; int b; };
	config = {
	  max_map_keys = 10;
	  stack_mode = perf;
	} // of maps

	let @m = hash(100);
	macro twice(x)
	{
	  x * 2
	}
	fn half($a : int64) : int64
	{
	  return $a / 2;
	}

	BEGIN,
	END
	{
	  printf("%d\n", 1 + (2 * 3)); // behind
	  if ((pid == 1 && tid == 2) || (!uid)) {
	    exit()
	  } else if uid {
	    print(1);
	  } else {}

	  // alone
	  for $i : 1..10 {
	    @m[$i, comm] += (uint8)$i;
	  }
	  while ($x.y > 0) {
	    $x++;
	  }
	  unroll (3) {
	    @n = count();
	  }
	  {
	    let $z : uint64[4];
	  }
	  // within
	  print(1, 2);
	  $y = if pid { 1 } else { 2 };
	  $s = {
	    let $q = pid;
	    $q + 1
	  };
	  $t = (1, "a\tb");
	  $r = (a=1, b=(2,));
	}
	kprobe:vfs_*,
	kprobe:tcp_*
	/pid == $1/
	{
	  @ = 1;
	}
	session:libc:malloc
	{
	  entry {
	    $a = arg0;
	  }
	  return {
	    print($a);
	  }
	}
	kprobe:f
	{
	  printf("a format that is really long enough to be broken %s %d %d\n", comm, cpu,
	         elapsed);
	}

NAME -d ast needs no privileges
TAGS nopriv
AS nobody
PROG
	BEGIN { printf("x") }
RUN -d ast
EXPECT_RE printf

NAME -d typed
PROG
	uprobe:./progs/calls:work { @ = arg0 + 1 }
RUN -d typed
EXPECT_RE uint64

NAME -d plan
PROG
	uprobe:./progs/calls:work { @ = arg0 + 1 }
RUN -d plan
EXPECT_RE 1 program, 1 link

NAME -d ir and -d ir-opt
PROG
	uprobe:./progs/calls:work { @ = arg0 + 1 }
RUN -d ir
EXPECT_RE ^define .*\(

NAME -d asm
PROG
	uprobe:./progs/calls:work { @ = arg0 + 1 }
RUN -d asm
EXPECT_RE \bexit\b

NAME -d all: every stage under its name
RUN -d all -e 'begin { @ = 1 }'
EXPECT_RE (?s)^ast:\n.*^typed:\nunit 0.*^plan:\n.*^ir:\n.*^ir-opt:\n.*^asm:\n

NAME -d verifier: what the kernel says of a program
RUN -d verifier -e 'begin { @ = 1 }'
EXPECT_ERR ^begin_1:$

NAME -d libbpf: what libbpf says
RUN -d libbpf -e 'begin { @ = 1 }'
EXPECT_ERR libbpf: .*begin_1

NAME -d timing
RUN -d timing -e 'BEGIN { @[pid] = count(); }'
EXPECT_RE ^read  +[0-9.]+ ms\nparse  +[0-9.]+ ms\nexpand .*\nplan .*\ncheck .*\ncodegen .*\noptimise .*\nemit .*\nload .*\nattach .*\ntotal +[0-9.]+ ms$

NAME --emit-elf writes an ELF object for BPF
PROG
	BEGIN { exit() }
RUN --emit-elf x.o
EXPECT

NAME --emit-llvm writes two files
SHELL
	$MTRACE -e 'BEGIN { exit() }' --emit-llvm x && grep -c ^define x.original.ll x.optimized.ll | sed 's/:[1-9].*/:some/'
EXPECT
	x.original.ll:some
	x.optimized.ll:some

NAME --info
RUN --info
EXPECT_RE ^LLVM: \d+
EXPECT_RE uprobe_session: (yes|no)

NAME --explain attaches nothing and runs nothing
PROG
	BEGIN { printf("no\n") } uprobe:./progs/calls:work { printf("no\n") }
RUN --explain
EXPECT_NOT ^no$
EXPECT_RE mechanism:

NAME -l lists functions of a file
TAGS oracle
RUN -l "uprobe:./progs/calls:work*"
EXPECT_SORTED
	uprobe:./progs/calls:work
	uprobe:./progs/calls:work_more

NAME -l of a session
RUN -l "session:./progs/calls:work*"
EXPECT
	session:./progs/calls:work
	session:./progs/calls:work_more

NAME -l with nothing that matches
RUN -l "uprobe:./progs/calls:no_such*"
EXPECT

NAME -l of what looks like a file, and is none
TAGS nopriv
SHELL
	for word in none.mt ./none 'uprobe:./none.so:*' '*.none'; do
		"$MTRACE" -l "$word" 2>&1 | grep filename
	done
	"$MTRACE" --no-warnings -l none.mt 2>&1 | grep filename
	true
EXPECT
	WARNING: It appears that 'none.mt' is a filename but the file does not exist. Treating 'none.mt' as a search pattern.
	WARNING: It appears that './none' is a filename but the file does not exist. Treating './none' as a search pattern.

NAME -l of a script
PROG
	uprobe:./progs/calls:work* { @ = count() } BEGIN { exit() }
RUN -l
EXPECT_RE uprobe:./progs/calls:work
EXPECT_RE uprobe:./progs/calls:work_more

NAME an assertion that fails is status 3
PROG
	uprobe:./progs/calls:work { assert(arg0 < 3, "too many") }
RUN -c ./progs/calls
STATUS 3
EXPECT_ERR too many

NAME an assertion that holds
PROG
	uprobe:./progs/calls:work { assert(arg0 < 30, "too many") }
RUN -c ./progs/calls
STATUS 0
EXPECT_ERR_NOT too many

NAME output by line is there before the end
SHELL
	$MTRACE -q -B line -e 'uprobe:./progs/ticker:tick { printf("%d\n", arg0) }' -c './progs/ticker 0 5' > out &
	pid=$!
	until [ -s out ]; do sleep 0.05; done
	head -n 1 out
	kill -INT $pid; wait $pid
EXPECT
	0

NAME Ctrl-C while probes are attached: nothing was traced
TAGS novm
SHELL
	$MTRACE --no-feature raw_tp_syscalls -e 'BEGIN { printf("begin\n"); } tracepoint:syscalls:sys_* { @ = count(); } END { printf("end\n"); }' >out 2>err &
	pid=$!
	until [ "$(ls /proc/$pid/fd | wc -l)" -gt 60 ]; do sleep 0.02; done
	kill -INT $pid; wait $pid; echo "status $?"
	cat out; cat err >&2
EXPECT
	status 130
EXPECT_ERR (?m)^interrupted while attaching: nothing was traced$
EXPECT_ERR_NOT ERROR
TIMEOUT 60

NAME what the kernel will not attach is shown in the script
PROG
	profile:hz:99999999 { @ = count(); }
STATUS 2
EXPECT_ERR ^stdin:1:1-20: ERROR: cannot attach profile:hz:99999999: Invalid argument \[cannot-attach\]\nprofile:hz:99999999 { @ = count\(\); }\n~~~~~~~~~~~~~~~~~~~\nHINT: the kernel allows at most

NAME a second Ctrl-C ends at once, though nobody reads the output
SHELL
	mkfifo pipe
	sleep 1000 < pipe & reader=$!
	$MTRACE -q -e 'uprobe:./progs/ticker:tick { printf("%0200d\n", arg0) }' -o pipe -c './progs/ticker 0 0' &
	pid=$!
	until grep -q pipe_write /proc/$pid/task/*/wchan; do sleep 0.05; done # it is full
	kill -INT $pid; sleep 0.5; kill -INT $pid
	wait $pid; echo "status $?"
	kill $reader
EXPECT
	status 130

NAME repeated runs leave nothing attached
REQUIRES kernel-uprobe-multi
SHELL
	for i in 1 2 3 4 5; do $MTRACE -q -e 'uprobe:./progs/many:fn_* { @n = count() } END { clear(@n) }' -c ./progs/many > /dev/null || echo failed; done
	echo done
EXPECT
	done
TIMEOUT 60

NAME cmake --install: program, man page, completions
TAGS nopriv
REQUIRES cmd:cmake
SHELL
	cmake --install "$(dirname $MTRACE)" --prefix "$PWD/inst" > log || cat log
	cd inst && find . -type f ! -name '*.mt' | LC_ALL=C sort && ls share/mtrace/tools | grep -c 'mt$'
	bin/mtrace --version | cut -d' ' -f1
EXPECT
	./bin/mtrace
	./share/bash-completion/completions/mtrace
	./share/man/man1/mtrace.1
	./share/zsh/site-functions/_mtrace
	26
	mtrace

NAME -l without a pattern lists every kind of probe that the machine has a list of
SHELL
	$MTRACE -l >all
	grep -xE 'hardware:cache-misses:|software:cpu-clock:|(rawtracepoint:vmlinux|tracepoint:sched):sched_switch' all
	grep -cE '^(interval|profile|uprobe|self)' all
	true
EXPECT_SORTED
	0
	hardware:cache-misses:
	rawtracepoint:vmlinux:sched_switch
	software:cpu-clock:
	tracepoint:sched:sched_switch

NAME -l of a name alone looks for it among all
RUN -l sched_switch
EXPECT
	rawtracepoint:vmlinux:sched_switch
	tracepoint:sched:sched_switch

NAME -l with a process lists what all its files hold
BEFORE ./progs/ticker 0 5
SHELL
	$MTRACE -l -p %PID% >all
	grep -q '^uprobe:.*/progs/ticker:main$' all && echo program
	grep -q '^uprobe:.*/libc.so.6:fopen$' all && echo library
	grep -x 'tracepoint:sched:sched_switch' all
EXPECT
	program
	library
	tracepoint:sched:sched_switch

NAME -l: a glob of the type stands for the kinds that are listed without one
RUN -l '*:./progs/calls:work*'
EXPECT
	uprobe:./progs/calls:work
	uprobe:./progs/calls:work_more

NAME -l shows files as they were asked for
RUN -l 'uprobe:./progs/cal*s:work'
EXPECT
	uprobe:./progs/calls:work

NAME -l self
RUN -l 'self:*'
EXPECT
	self:signal:SIGUSR1

NAME -l of a script's file
FILE some.mt
	BEGIN { @started = 1; }
	tracepoint:syscalls:sys_*er_nanosleep, uprobe:./progs/calls:work { @[probe] = count(); }
	END { clear(@started); }
RUN -l some.mt
EXPECT
	tracepoint:syscalls:sys_enter_nanosleep
	uprobe:./progs/calls:work

NAME -l of a script's clocks and counters
TAGS oracle
RUN -l -e 'i:s:1, i:1s { } profile:hz:99 { } software:faults:100, software:cpu { } hardware:cache-misses:10 { exit() }'
EXPECT
	interval:s:
	interval:us:
	profile:hz:
	software:faults:
	software:cpu:
	hardware:cache-misses:

NAME -lv of a script shows the arguments of each
RUN -lv -e 'rawtracepoint:sched_switch, tracepoint:sched:sched_switch { exit() }'
EXPECT_RE ^rawtracepoint:vmlinux:sched_switch\n    bool preempt\n    struct task_struct \* prev\n
EXPECT_RE ^tracepoint:sched:sched_switch\n    char prev_comm\[16\]\n

NAME -l of types
TAGS nopriv
RUN -l 'struct list_hea*'
EXPECT
	struct list_head

NAME -lv of a struct of the kernel
TAGS nopriv
RUN -lv 'struct list_head'
EXPECT
	vmlinux: struct list_head {
		struct list_head *next;
		struct list_head *prev;
	};
	

NAME -lv: nested, bit fields, arrays, functions
TAGS nopriv
RUN -lv 'struct tcphdr'
EXPECT_RE ^	__u16 doff: 4;$

NAME -lv of an enum of the kernel
TAGS nopriv
RUN -lv 'enum pid_type'
EXPECT_RE ^vmlinux: enum pid_type \{\n	PIDTYPE_PID = 0,\n	PIDTYPE_TGID = 1,

NAME -l of tests and benchmarks
TAGS nopriv
SHELL
	$MTRACE -l 'test:*'; $MTRACE -l bench; $MTRACE -l 'benchmark:*'
EXPECT
	test::
	benchmark::
	benchmark::

NAME the completions know every feature
TAGS nopriv
SHELL
	for f in $($MTRACE --info | sed -n '/^Kernel features/,/^$/s/^  \([a-z_0-9]*\): .*/\1/p'); do
		for c in %SRC%/completions/*; do
			grep -qw "$f" $c && n=$((n + 1)) || echo "$c lacks $f"
		done
	done
	[ $n -ge 20 ] && echo all
EXPECT
	all

NAME --probe-filter
RUN --probe-filter 'ms:2|s:3' -e 'i:ms:10,i:ms:20 { @[probe] = count(); } i:us:30000 { @[probe] = count(); } BEGIN { @began = 1; } i:ms:200 { exit(); }'
EXPECT_ERR Attached 4 probes
EXPECT_RE ^@began: 1$
EXPECT_RE ^@\[interval:ms:20\]: \d+$
EXPECT_RE ^@\[interval:us:30000\]: \d+$
EXPECT_NOT ms:10

NAME --probe-filter that matches nothing
RUN --probe-filter nothing -e 'i:ms:10 { exit(); }'
STATUS 2
EXPECT_ERR No probes to attach

NAME --probe-filter: no regular expression
TAGS nopriv
RUN --probe-filter '[' --check -e 'i:ms:10 { exit(); }'
STATUS 1
EXPECT_ERR Invalid --probe-filter regex '\['

NAME --usdt-file-activation
RUN --usdt-file-activation -e 'usdt:./progs/usdt:app:guarded { @ = count(); }' -c ./progs/usdt
EXPECT_RE ^@: \d+$

NAME --traceable-functions
FILE functions
	vfs_read
	nf_hook_slow [nf_tables_of_mine]
SHELL
	$MTRACE --traceable-functions functions -l 'kprobe:*'
	$MTRACE --traceable-functions functions -l 'vfs_re*' | grep kprobe
	$MTRACE --traceable-functions functions -l -e 'kprobe:vfs_*,kprobe:vfs_write* { }'
	$MTRACE --traceable-functions nowhere -l 'kprobe:*' 2>&1
EXPECT
	kprobe:nf_hook_slow
	kprobe:vfs_read
	kprobe:vfs_read
	kprobe:vfs_read
	WARNING: cannot list functions of the kernel: nowhere: No such file or directory

NAME named parameters that the script has
TAGS nopriv
SHELL
	cat > a.mt <<-'S'
	begin { print((getopt("count", 5, "how many"), getopt("name", "bob", "whose"), getopt("quick"))); exit(); }
	S
	for args in --help --nope '--nope=1 --count=2 --more' --count=x --count --quick=maybe --name --count=99999999999999999999; do
		$MTRACE --check a.mt -- $args; echo "status $?"
	done 2>&1
EXPECT
	HINT: expected program options:
	--quick
	--name: whose
	--count: how many
	status 1
	ERROR: unexpected program command line options: --nope [bad-parameter]
	HINT: expected program options: --quick: --name: --count
	status 1
	ERROR: unexpected program command line options: --nope, --more [bad-parameter]
	HINT: expected program options: --quick: --name: --count
	status 1
	ERROR: program command line option --count invalid integer (value: x) [bad-parameter]
	status 1
	ERROR: program command line option --count expects an integer (value: true) [bad-parameter]
	status 1
	ERROR: program command line option --quick expects a boolean (e.g. 'true') (value: maybe) [bad-parameter]
	status 1
	ERROR: program command line option --name expects a string (value: true) [bad-parameter]
	status 1
	ERROR: program command line option --count value is out of range (value: 99999999999999999999) [bad-parameter]
	status 1

NAME named parameters of a script that has none
TAGS nopriv
SHELL
	$MTRACE --check -e 'begin { }' -- --help; echo "status $?"
	$MTRACE --check -e 'begin { }' -- --foo=3 --bar; echo "status $?"
	$MTRACE --check -e 'begin { print(getopt("a", 1)); print(getopt("a", 2)); }' -- --help; echo "status $?"
EXPECT
	status 1
	status 1
	status 1
EXPECT_ERR ^HINT: no custom program options defined\.\nERROR: unexpected program command line options: --foo, --bar \[bad-parameter\]\nHINT: no custom program options defined\.\nstdin:1:38-52: ERROR: Command line option 'a' needs to have the same default value in all places it is used\. Previous default value: 1

NAME a block with begin twice runs twice
RUN -e '$1,$1 { print(1); } end,end { print(2); }' begin
EXPECT
	1
	1
	2
	2
	
	
EXPECT_ERR Attached 4 probes

NAME what bpftrace imports as its library is there
RUN -e 'import "stdlib"; import "stdlib/strings"; import "stdlib/task/task.bpf.c"; begin { print(strlen("abc")); exit(); }'
EXPECT
	3
	
	

NAME a map that nothing assigns to
RUN -e 'begin { if (@never == 0) { @x = @never; @y = @y; } exit(); }'
EXPECT
	
	
	@x: 0
	@y: 0
EXPECT_ERR stdin:1:13-19: WARNING: @never is never assigned to: it is always 0 \[undefined-map\]

NAME --aot is refused, with the reason
TAGS nopriv
PROG
	BEGIN { exit(); }
RUN --aot x
STATUS 1
EXPECT_ERR not supported: --aot
EXPECT_ERR compiled in milliseconds where they run
