//--- arg0 in begin
begin { $x = arg0; }
//--- arg0 in an interval
interval:s:1 { $x = arg0; }
//--- arg0 in a uretprobe
uretprobe:./target.elf:main { print(arg0); }
//--- arg6
uprobe:./target.elf:main { print(arg6); }
//--- retval in begin
begin { $x = retval; }
//--- retval in a uprobe
uprobe:./target.elf:main { print(retval); }
//--- retval at the entry of a session
session:./target.elf:main { entry { print(retval); } }
//--- retval in a session's predicate
session:./target.elf:main /retval == 0/ { return { print(1); } }
//--- func in begin
begin { $x = func; }
//--- func in an interval
interval:s:1 { $x = func; }
//--- reg in begin
begin { $x = reg("ip"); }
//--- is_return outside a session
uprobe:./target.elf:main { if (is_return) { } }
//--- uaddr needs a user-space probe
begin { print(uaddr("main")); }
//--- override needs a kprobe
// args: --unsafe
begin { override(5); }
//--- arguments of a BPF program
fentry:bpf:any { $x = args.foo; }
//--- the context of what has none to look into
begin { print(ctx); }
//--- a tracepoint has args
tracepoint:sched:sched_switch { print(ctx); }
//--- path() and socket_cookie() are for arguments of kernel functions
begin { print(path(1)); print(socket_cookie(1)); }
//--- skboutput() is for packets of kernel functions
begin { $r = skboutput("a.pcap", 0, 1, 0); }
//--- names of other tasks need a kernel function
kprobe:vfs_read { print(comm("a")); }
