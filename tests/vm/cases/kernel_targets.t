# Which functions an attach point means: modules, names that occur twice, pieces of functions,
# what is left alone, places inside of functions, BPF programs.

NAME ktargets: all functions of a module
REQUIRES module:nf_conntrack kernel>=6.10
SHELL
	while read -r m; do insmod /modules/$m.ko; done </modules/nf_conntrack.order
	$MTRACE --explain -e 'kfunc:nf_conntrack:* { @[probe] = count(); }' | grep -o 'kfunc:nf_conntrack:\*'
	$MTRACE -e 'kfunc:nf_conntrack:nf_ct_* { @[func] = count(); } interval:ms:100 { printf("up\n"); exit(); }' | grep up
	$MTRACE -l 'fentry:nf_conntrack:nf_ct_delete'
EXPECT
	kfunc:nf_conntrack:*
	up
	fentry:nf_conntrack:nf_ct_delete
TIMEOUT 60

NAME ktargets: sessions over vmlinux and a module
REQUIRES module:nf_conntrack kernel>=6.10
SHELL
	while read -r m; do insmod /modules/$m.ko; done </modules/nf_conntrack.order
	$MTRACE --explain -v -e 'session:*:nf_ct_*,session:vfs_read { return { @[func] = count(); } }' >plan
	grep -o 'session:nf_conntrack:nf_ct_delete' plan | sort -u
	grep -o 'session:vfs_read' plan | sort -u
	$MTRACE -e 'session:*:nf_ct_del* { return { @[func] = count(); } } interval:ms:100 { printf("up\n"); exit(); }' | grep up
EXPECT
	session:nf_conntrack:nf_ct_delete
	session:vfs_read
	up
TIMEOUT 60

NAME ktargets: a kprobe of a module shows it if it was written
REQUIRES module:nf_conntrack
SHELL
	while read -r m; do insmod /modules/$m.ko; done </modules/nf_conntrack.order
	$MTRACE -l 'kprobe:nf_ct_delete'
	$MTRACE -l 'kprobe:nf_conntrack:nf_ct_delete'
	$MTRACE -l 'kprobe:vmlinux:vfs_read'
	$MTRACE -lv 'kprobe:nf_ct_delete' | head -n 2
	$MTRACE -l 'fentry:*:nf_ct_delete,kprobe:vfs_readl*'
EXPECT
	kprobe:nf_ct_delete
	kprobe:nf_conntrack:nf_ct_delete
	kprobe:vmlinux:vfs_read
	kprobe:nf_ct_delete
	    struct nf_conn * arg0
	fentry:nf_conntrack:nf_ct_delete
	kprobe:vfs_readlink

NAME ktargets: functions of one name are all traced, and told apart
# m_next: of lists of mounts, of mappings, of swap files and more.
REQUIRES kernel>=6.5
SHELL
	$MTRACE --explain -v -e 'kprobe:m_next { @[func] = count(); }' >plan
	test $(grep -o 'm_next@ffff[0-9a-f]*' plan | sort -u | wc -l) -gt 1 && echo several
	$MTRACE -q -e 'kprobe:m_next /pid == cpid/ { @[func] = count(); }' \
		-c 'cat /proc/self/mounts' | grep -o '@\[m_next@ffff' | sort -u
EXPECT
	several
	@[m_next@ffff
TIMEOUT 60

NAME ktargets: pieces that the compiler cut off, on request
SHELL
	$MTRACE -l 'kprobe:*' >all
	grep -q '\.isra\.' all && echo listed
	$MTRACE --explain -v -e 'kprobe:z* { @ = count(); }' | grep -c 'kprobe:z[^ ]*\.'
	$MTRACE --explain -v -e 'kprobe:*.isra.0 { @ = count(); }' | grep -q 'kprobe:z*.*\.isra\.0' && echo requested
EXPECT
	listed
	0
	requested
TIMEOUT 60

NAME ktargets: negated globs
SHELL
	$MTRACE --explain -v -e 'kfunc:vfs_*,!vfs_r*,!*write* { @ = count(); }' >plan
	grep -c 'vfs_read\|vfs_write\|vfs_iter_write' plan
	grep -q vfs_open plan && echo others
EXPECT
	0
	others
TIMEOUT 60

NAME ktargets: functions that never return
PROG
	kretfunc:do_exit { }
RUN
STATUS 2
EXPECT_ERR 'do_exit' never returns: there is nothing for a fexit probe

NAME ktargets: a glob leaves them alone where the return is wanted
PROG
	session:do_exi* { }
RUN
STATUS 2
EXPECT_ERR do_exit: it never returns

NAME ktargets: dangerous functions need an exact name or --unsafe
SHELL
	$MTRACE --explain -v -e 'kprobe:migrate_d* { @ = count(); }' 2>&1 | grep -o 'migrate_disable: every probe.*'
	$MTRACE --explain -v --unsafe -e 'kprobe:migrate_d* { @ = count(); }' | grep -o 'kprobe:migrate_disable' | sort -u
	$MTRACE --explain -v -e 'kprobe:rcu_* { @ = count(); }' | grep -o '[0-9]* targets' | head -n 1 >n
	test "$(cut -d' ' -f1 n)" -gt 50 && echo "rcu_* is traced"
EXPECT_RE ^migrate_disable: every probe calls it on its own way in or out
EXPECT_RE ^kprobe:migrate_disable$
EXPECT_RE ^rcu_\* is traced$
TIMEOUT 60

NAME ktargets: a place inside of a function
PROG
	kprobe:vfs_read+4 /pid == cpid/ { @[probe] = count(); }
RUN -c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
REQUIRES kernel>=6.2
EXPECT_RE ^@\[kprobe:vfs_read\+4\]: [5-9]$

NAME ktargets: by address
SHELL
	a=$(awk '$3 == "vfs_read" { print $1; exit }' /proc/kallsyms)
	$MTRACE -e "kprobe:0x$a { }"; echo "status $?"
	$MTRACE --unsafe -q -e "kprobe:0x$a /pid == cpid/ { @ = count(); exit(); }" \
		-c "dd if=/dev/zero of=/dev/null bs=7 count=5 status=none"
EXPECT_ERR without --unsafe
EXPECT_RE ^status 1$
EXPECT_RE ^@: [1-9]

NAME ktargets: by address, the function has a name and a return probe
SHELL
	a=0x$(awk '$3 == "version_proc_show" { print $1; exit }' /proc/kallsyms)
	$MTRACE --unsafe -q -e "kprobe:$a /pid == cpid/ { @in[func] = count(); @probe[probe] = count(); }
		kretprobe:$a /pid == cpid && func == \"version_proc_show\"/ { @out[func, retval] = count(); }" \
		-c "cat /proc/version" | sed "s/$a/ADDRESS/"
	$MTRACE --unsafe -q -e "kretprobe:$(printf 0x%x $((a + 1))) { }"
EXPECT_RE ^@in\[version_proc_show\]: 1$
EXPECT_RE ^@out\[version_proc_show, 0\]: 1$
EXPECT_RE ^@probe\[kprobe:ADDRESS\]: 1$
EXPECT_ERR cannot attach kretprobe:0x
STATUS 2

NAME ktargets: registers that a link for many does not save
PROG
	kprobe:tcp_* { @[reg("r12")] = count(); }
RUN
REQUIRES kernel>=6.10
STATUS 1
EXPECT_ERR r12

NAME ktargets: functions of BPF programs
SHELL
	mkfifo up go
	$MTRACE --ready-fd 9 -e 'tracepoint:syscalls:sys_enter_getuid { @traced = count(); }' 9>up >first.out 2>&1 &
	read -r line <up; echo "$line"
	$MTRACE -l 'fentry:bpf:*' >list
	cat list >&2
	grep -q '^fentry:bpf:[0-9]*:' list && echo listed
	id=$(sed -n 's/fentry:bpf:\([0-9]*\):.*/\1/p' list | tail -n 1)
	name=$(sed -n "s/fentry:bpf:$id://p" list | head -n 1)
	$MTRACE -e "fentry:bpf:$name { @e[probe] = count(); } fexit:bpf:$id:* { @x[retval] = count(); }" \
		-c 'id -u' >second.out 2>second.err
	cat second.err >&2
	sed "s/:$id:$name/:ID:NAME/" second.out | grep -o '@e\[fentry:bpf:ID:NAME\]'
	grep -o '@x\[0\]' second.out
EXPECT
	ready
	listed
	@e[fentry:bpf:ID:NAME]
	@x[0]
TIMEOUT 60

NAME ktargets: no BPF program of that name
PROG
	fentry:bpf:no_such_function { }
RUN
STATUS 2
EXPECT_ERR No matches for fentry fentry:bpf:no_such_function

NAME ktargets: arguments of BPF programs cannot be read
PROG
	fentry:bpf:any { $x = args.ctx; }
RUN --check
STATUS 1
EXPECT_ERR The args builtin cannot be used for 'fentry/fexit:bpf' probes

NAME ktargets: nothing is read that the script does not need
# What is opened is seen by the kernel, by the tracer itself.
SHELL
	watch() {
		$MTRACE -q -e 'tracepoint:syscalls:sys_enter_openat /comm == "mtrace" && pid == cpid/ { printf("%s\n", str(args.filename)); }' \
			-c "$MTRACE -q -e '$1'" | grep -E 'kallsyms|available_filter|btf/' | sort -u
	}
	echo begin; watch 'BEGIN { exit(); }'
	echo exact; watch 'BEGIN { exit(); } fentry:vfs_read { }' | grep -v btf/
	rm -rf /run/mtrace # the list that a slow reading of it leaves behind
	echo glob; watch 'BEGIN { exit(); } kprobe:vfs_rea* { }' | grep -c available_filter
	test -s /run/mtrace/kernel_funcs && echo kept
	watch 'BEGIN { exit(); } kprobe:vfs_wri* { }' | grep -c -E 'available_filter|kallsyms' || :
EXPECT
	begin
	exact
	glob
	1
	kept
	0
REQUIRES kernel>=6.5
TIMEOUT 60

NAME kcount: a kprobe and the only kretprobe of a function count once where the kernel has sessions
REQUIRES kernel>=6.12
SHELL
	n() { $MTRACE --dry-run "$@" 2>&1 | grep Attached; }
	n -e 'kprobe:vfs_read { @a = count(); } kretprobe:vfs_read { @b = count(); }'
	n -e 'kretprobe:vfs_write { @b = count(); } kprobe:vfs_write { @a = count(); } kprobe:vfs_write { @c = count(); }'
	n -e 'kprobe:vfs_read { @a[probe] = count(); } kretprobe:vfs_read { @b = count(); }'
	n -e 'kprobe:vmlinux:vfs_read { @a = count(); } kretprobe:vmlinux:vfs_read { @b = count(); }'
	n -e 'kprobe:vfs_read { @a = count(); } kretprobe:vfs_read { @b = count(); } kretprobe:vfs_read { @c = count(); }'
	n --no-feature kprobe_session -e 'kprobe:vfs_read { @a = count(); } kretprobe:vfs_read { @b = count(); }'
EXPECT
	Attached 1 probe
	Attached 2 probes
	Attached 2 probes
	Attached 2 probes
	Attached 3 probes
	Attached 2 probes

NAME kcount: both count where it has none
REQUIRES kernel<6.9
SHELL
	$MTRACE --dry-run -e 'kprobe:vfs_read { @a = count(); } kretprobe:vfs_read { @b = count(); }' 2>&1 | grep Attached
EXPECT
	Attached 2 probes

NAME ktargets: a module that is removed while its functions are traced
REQUIRES module:dummy
SHELL
	insmod /modules/dummy.ko
	cat >s.mt <<-'END'
		begin { printf("up\n"); }
		kprobe:dummy:dummy_* { @[probe] = count(); }
		kprobe:version_proc_show { printf("goes on\n"); exit(); }
	END
	$MTRACE -q s.mt >out & tracer=$!
	until grep -q up out; do sleep 0.1; done
	ip link set dummy0 up; ip link set dummy0 down
	# it is busy where the link holds it, and gone where each probe is an event of its own
	rmmod dummy 2>/dev/null
	cat /proc/version >/dev/null
	wait $tracer; echo "status $?"; cat out
	rmmod dummy 2>/dev/null; grep '^dummy ' /proc/modules || echo removed
EXPECT_RE ^status 0$
EXPECT_RE ^goes on$
EXPECT_RE ^@\[kprobe:dummy:dummy_validate\]: 1$|^@\[kprobe:dummy:dummy_xmit\]: [1-9]
EXPECT_RE ^removed$

NAME ktargets: a module keeps to its tracers while its functions have trampolines
REQUIRES module:dummy
SHELL
	insmod /modules/dummy.ko
	$MTRACE -q -e 'begin { printf("up\n"); } fentry:dummy:dummy_dev_init { @[func] = count(); }
		fentry:version_proc_show { printf("goes on\n"); exit(); }' >out & tracer=$!
	until grep -q up out; do sleep 0.1; done
	rmmod dummy 2>/dev/null; echo "rmmod $?"
	ip link add dm1 type dummy; ip link del dm1
	cat /proc/version >/dev/null
	wait $tracer; echo "status $?"; cat out
	rmmod dummy; echo "then $?"
EXPECT
	rmmod 1
	status 0
	up
	goes on
	
	
	@[dummy_dev_init]: 1
	then 0
