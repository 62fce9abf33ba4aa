//--- kernel and user sessions
session:vfs_read { } session:ext4:ext4_* { } session:/bin/x:f* { } session:libc:malloc { }
//--- clauses
session:vfs_read,session:vfs_write /comm == "dd"/ {
	entry  { $bytes = args.count; }
	return { @us[func] = hist(elapsed / 1000); @sum[func] = sum($bytes); }
}
//--- return clause alone
session:f { return { @[func] = count(); } }
//--- clauses and statements
session:f { @calls++; entry { $t = nsecs; } return { @ = nsecs - $t; } }
//--- a body without clauses
session:f { if (is_return) { print(retval); } else { print(arg0); } }
//--- skip
session:f { entry { if (arg0 == 0) { skip; } } } session:g { skip } session:h { entry { skip } }
//--- skip as a name elsewhere
session:f { $x = skip; skip(); skip + 1; }
//--- entry as a name elsewhere
session:f { $x = entry; entry(); @entry = 1; } BEGIN { entry; }
//--- return with a value in a session
session:f { return; } session:g { return 1; } session:h { entry { return { 1 }; } }
//--- return of a block outside of sessions
BEGIN { return { 1 }; }
//--- angle body
session:x86_pmu_* < return { @[func] = count(); } >
//--- angle body without blanks
session:f <entry{$x=1;}return{print($x);}>
//--- angle body with statements
BEGIN < print(1); print(2) >
//--- angle body, comparison in parentheses
BEGIN < if (1 > 0) { print(1); } @x = (nsecs > 5); >
//--- angle body, comparison inside braces
session:f < return { if retval > 0 { print(retval > 1); } } >
//--- angle body, shifts and arrows are no end
BEGIN < @x = 16 >> 2; @y = 1 >= 0; @z = curtask->pid >
//--- angle body with skip at the end
session:f < skip >
//--- angle body after a predicate
session:f /pid == 1/ < print(1) > END { }
//--- angle body, less-than is a comparison
BEGIN < @x = 1 < 2; >
//--- any case, with a name
x=Session:f { return { print(1); } }
//--- mixed with other providers
kprobe:f, session:g { return { print(1); } }
