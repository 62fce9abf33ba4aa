# The kernel's types: structs, unions and enums of BTF, and walks from the current task.

NAME types: the current task
TAGS oracle
REQUIRES root
PROG
	BEGIN {
		print(curtask.pid == tid); print(curtask->tgid == pid); print(curtask.comm == comm);
		print(ppid > 0); print(curtask.group_leader.pid == leader_tid);
		print(pcomm == curtask.real_parent.comm); print(leader_comm == curtask.group_leader.comm);
		print(ppid(curtask.real_parent) == curtask.real_parent.real_parent.tgid);
		exit()
	}
EXPECT
	true
	true
	true
	true
	true
	true
	true
	true
	
	

NAME types: structs, arrays and bitfields as values
TAGS oracle
REQUIRES root
PROG
	BEGIN {
		print(curtask.se.load.weight == curtask.se.load.weight);
		print(curtask.sched_reset_on_fork); print(curtask.signal.rlim[3].rlim_cur > 0);
		$i = 3; print(curtask.signal.rlim[$i].rlim_cur == curtask.signal.rlim[3].rlim_cur);
		print(curtask.signal.shared_pending.signal);
		@s = curtask.signal.shared_pending.signal; print(@s.sig[0]);
		$x = *curtask; print($x.pid == tid); print(($x.signal.shared_pending.signal, 1));
		print(curtask.cpus_mask.bits[0] > 0); print(curtask.comm[0] == 0);
		exit()
	}
EXPECT
	true
	0
	true
	true
	{ .sig = [0] }
	0
	true
	({ .sig = [0] }, 1)
	true
	false
	
	
	@s: { .sig = [0] }

NAME types: enums
TAGS oracle
REQUIRES root
PROG
	BEGIN {
		$x = PIDTYPE_TGID; printf("%d %s\n", $x, $x); print(PIDTYPE_TGID); print($x + 1);
		print((enum pid_type)2); printf("%s %d\n", (enum pid_type)0, PIDTYPE_SID);
		@e = PIDTYPE_PID; @k[PIDTYPE_SID] = 1; print(PIDTYPE_SID == 3); exit()
	}
EXPECT
	1 PIDTYPE_TGID
	PIDTYPE_TGID
	2
	PIDTYPE_PGID
	PIDTYPE_PID 3
	true
	
	
	@e: PIDTYPE_PID
	@k[PIDTYPE_SID]: 1

NAME types: sizes and offsets
TAGS oracle
PROG
	BEGIN {
		print(sizeof(struct list_head)); print(offsetof(struct list_head, prev));
		print(sizeof(union sigval)); print(sizeof(struct hlist_node *));
		print(offsetof(struct task_struct, se.load.weight) == offsetof(struct task_struct, se) +
			offsetof(struct sched_entity, load.weight));
		print(sizeof(curtask.comm)); print(sizeof(pid_t)); print(sizeof(atomic_t));
		exit()
	}
EXPECT
	16
	8
	8
	8
	true
	16
	4
	4
	
	

NAME types: pointers
TAGS oracle
REQUIRES root
PROG
	BEGIN {
		$t = (struct task_struct *)(uint64)curtask; print($t == curtask); print($t.pid == tid);
		print($t + 1 > $t); print((uint64)($t + 1) - (uint64)$t == sizeof(struct task_struct));
		print(((struct list_head *)0).next); print(*(uint64 *)curtask == *(uint64 *)$t);
		print(is_err((void *)0)); exit()
	}
EXPECT
	true
	true
	true
	true
	0x0
	true
	false
	
	

NAME types: integers and arrays of them
TAGS oracle
PROG
	BEGIN {
		$x = (int8[8])12345; print($x); $y = (int32[2])12345; print($y[0]);
		print((uint64)$x); print((int8[4])(int32)258); exit()
	}
EXPECT
	[57,48,0,0,0,0,0,0]
	12345
	12345
	[2,1,0,0]
	
	

NAME types: an array larger than the number has zeros after it
PROG
	BEGIN {
		$n = (int16)-2; print((uint8[4])$n); $p = (uint8[8])pid;
		print(($p[0] == (pid & 255), $p[7])); print((uint32[2])(int32)258);
	}
EXPECT
	[254,255,0,0]
	(true, 0)
	[258,0]
	
	

NAME types: in another context
REQUIRES root
PROG
	interval:ms:10 { printf("%d %s\n", curtask.pid == tid, str(curtask.comm) == comm ? "same" : "no"); exit() }
EXPECT
	1 same
	
	

NAME types: a member that is not there
PROG
	BEGIN { print(((struct list_head *)0).nex); }
RUN --check
STATUS 1
EXPECT_ERR Struct/union of type 'struct list_head' does not contain a field named 'nex' \[unknown-field\]
EXPECT_ERR HINT: did you mean 'next'\?

NAME types: a type that is not there
PROG
	BEGIN { print((struct no_such_thing *)0); print((enum no_such)0); print((no_such_t)0); }
RUN --check
STATUS 1
EXPECT_ERR Cannot resolve unknown type "struct no_such_thing" \[unknown-type\]
EXPECT_ERR Cannot resolve unknown type "enum no_such"
EXPECT_ERR Cannot resolve unknown type "no_such_t"

NAME types: offsets of what is not there
PROG
	BEGIN { print(offsetof(struct list_head, a)); print(offsetof(struct list_head, next.b)); }
RUN --check
STATUS 1
EXPECT_ERR 'struct list_head' has no field named 'a'
EXPECT_ERR 'struct list_head \*' is not a struct

NAME strings as arrays and as places
RUN -e 'begin { print((int8[6])"hello"); $y = (int8[])"hi"; print($y[1]); print((int16[3])"hello"); $p = (int8*)"abc"; print(*$p); print($p[2]); @s = "xyz"; print(str((uint8*)@s + 1)); clear(@s); exit(); }'
EXPECT
	[104,101,108,108,111,0]
	105
	[25960,27756,111]
	97
	99
	yz
	
	

NAME sizes as bpftrace tells them
TAGS oracle
PROG
	struct pair { int a; char name[5]; };
	struct two { struct pair p[2]; };
	BEGIN {
		$p = (struct pair *)0;
		$t = (struct two *)0;
		print((sizeof(struct pair), sizeof($p->name), sizeof((1, *$p)), sizeof((1, $t->p))));
		print((sizeof((1, buf("abc", 3))), sizeof((1, ntop(1))), sizeof((1, usym(1), (int32)2))));
		print((sizeof((1, kstack)), sizeof((1, ustack(5), 1)), sizeof(((1, (int64)2), true))));
		@s = stats(1); @h = hist(1); @l = lhist(1, 0, 10, 1);
		print((sizeof(@s), sizeof(@h), sizeof(@l)));
		clear(@s); clear(@h); clear(@l)
	}
EXPECT
	(12, 6, 24, 32)
	(8, 25, 24)
	(1032, 72, 24)
	(8, 8, 8)
	
	

NAME variables of what functions make
TAGS oracle
PROG
	BEGIN {
		let $when: timestamp = strftime("%Y", 0);
		print(sizeof($when));
		let $where: inet[24];
		$where = ntop(0x0100007f);
		print($where);
		print((sizeof(timestamp), sizeof(inet[24])))
	}
EXPECT
	16
	127.0.0.1
	(16, 24)
	
	

NAME types compared at compile time
TAGS oracle
PROG
	config = { unstable_typeinfo = enable }
	BEGIN {
		$x = 1;
		$y = "abc";
		if comptime (typeinfo($x) == typeinfo("abc")) { print("a string") } else { print("a number") }
		if comptime (typeinfo($y) == typeinfo("abc")) { print("a string") } else { print("a number") }
		print((int8[])1);
	}
EXPECT
	a number
	a string
	[1]
	
	

NAME true and a pointer
PROG
	BEGIN { $p = (int32 *)100; print((uint64)($p + true)); print((uint64)(true + $p)) }
EXPECT
	104
	104
	
	

NAME a number that was the address of user memory, in a probe of the kernel
PROG
	tracepoint:syscalls:sys_enter_write /pid == cpid/ {
		@at[tid] = (uint64)args.buf;
		$n = @at[tid] + 1;
		printf("%s %s %r\n", str(@at[tid], 6), str($n, 5), buf($n, 4));
		clear(@at);
		exit();
	}
RUN -c "/bin/echo hello"
EXPECT_RE ^hello ello ello$
EXPECT_ERR_NOT reads of memory
