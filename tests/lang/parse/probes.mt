//--- begin and end, old spelling
BEGIN { } END { }
//--- begin and end, new spelling
begin { } end { }
//--- provider in any case
Begin { } KPROBE:f { } Uprobe:/bin/true:main { }
//--- aliases
k:f { } kr:f { } u:b:f { } ur:b:f { } t:a:b { } rt:a { } f:a { } fr:a { } p:hz:99 { } i:s:1 { } s:faults:1 { } h:cycles:1000 { } w:0x1000:8:rw { } it:task { } U:b:p { }
//--- kprobe with offset
kprobe:vfs_read+0x10 { }
//--- kprobe with module
kprobe:ext4:ext4_sync_file { }
//--- kprobe at an address
kprobe:0xffffffff81000000 { }
//--- fentry on a bpf program
fentry:bpf:123:prog { } f:bpf:prog { }
//--- uprobe offset forms
uprobe:/bin/sh:main+4 { } uprobe:/bin/sh:0x1234 { }
//--- uprobe source line
u:/bin/x@foo.c:12 { } u:/bin/x@foo.c:12:3 { }
//--- quoted parts
uprobe:"/a b/c":"_Z3foov" { }
//--- C++ name with colons
uprobe:/bin/x:cpp:"A::f" { } u:x:cpp:"A::f(int, char)" { }
//--- quotes in the middle of a part
uprobe:/bin/"my prog"/x:f { }
//--- escaped quote
uprobe:"/a\"b":f { }
//--- a path inside an archive
u:"x.apk!/lib.so":fn { }
//--- path with a glob that looks like a comment
uprobe:/usr/*/lib//x:f { }
//--- glob target and function
u:*:malloc { } uprobe:/lib/*:*alloc* { }
//--- missing path, with -p
uprobe:malloc { } usdt:probe { }
//--- usdt with and without provider
usdt:/bin/x:probe { } usdt:/bin/x:ns:probe { } U:*:ns:* { }
//--- tracepoints
tracepoint:syscalls:sys_enter_* { } rawtracepoint:sched_switch { }
//--- timers
interval:s:1 { } interval:ms:100 { } interval:5s { } profile:hz:99 { } profile:1000000 { } profile:us:100 { }
//--- perf events
software:page-faults:100 { } hardware:cache-misses:1e6 { } software:cpu-clock { }
//--- watchpoint
watchpoint:0x10000000:8:rw { }
//--- iterators
iter:task { } iter:task_file:/sys/fs/bpf/pin { }
//--- signals and tests
self:signal:SIGUSR1 { } test:name { } bench:name { }
//--- several attach points
kprobe:a,kprobe:b,
kprobe:c
{ }
//--- trailing comma
kprobe:a, kprobe:b, { } uprobe:/bin/x:f, /pid == 1/ { }
//--- comments between attach points
kprobe:a, // first
/* second */ kprobe:b /* and */ // the body
{ }
//--- negated globs
kfunc:tcp_*,!tcp_v6_* { }
//--- negated user glob keeps the path
uprobe:/bin/x:foo*,!foo_bar*,!*baz { }
//--- negated with its own provider
kprobe:tcp_*,!kprobe:tcp_v6_* { }
//--- named probe
x=kprobe:f { } my_probe=BEGIN { }
//--- positional parameters
kprobe:$1 { } uprobe:/$1/bash:$2 { } uprobe:aa$1aa:$2func$4 { } interval:s:$1 { }
//--- a quoted dollar is no parameter
uprobe:"$1":$2 { } uprobe:"zz"$2"zz":"aa"$1 { }
//--- signature filter
fentry:*(struct sk_buff *, *) { } fentry:vmlinux:tcp_*(struct sock *, ...) { }
//--- signature filter with a function pointer
fentry:*(int (*)(void), long) { }
//--- predicate, blanks or none
kprobe:f/pid==1/{ } kprobe:f /pid == 1/ { } kprobe:f
/pid == 1/
{ }
//--- predicate on begin without blanks
BEGIN/pid==1/{ }
//--- predicate with divisions
kprobe:f /arg0 / 2 == 4 / { } kprobe:f / arg0/2/2 / { }
//--- predicate with a comment before the brace
kprobe:f /pid/ // only some
{ } kprobe:f /pid/ /* c */ { }
//--- predicate with a comment inside
kprobe:f / pid /* the process */ == 1 / { }
//--- predicate with a cast, a string and a call
kprobe:f /(int32)arg0 < 0 && comm == "a/{b" && strncmp(comm, "x", 1) == 0/ { }
//--- predicate with a ternary and a map
kprobe:f /@m[tid] ? 1 : 0/ { } kprobe:f /@/ { }
//--- keywords as target names
kprobe:if { } kprobe:config { } config_probe=BEGIN { } uprobe:let:fn { }
//--- names of items as probe names
importer=BEGIN { } macros=BEGIN { } struct_x=BEGIN { } lets=BEGIN { } fnord=BEGIN { }
