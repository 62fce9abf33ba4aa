//--- printf of a number
begin { printf(1); }
//--- printf of a variable
begin { $a = "x"; printf($a); }
//--- exit of a string
begin { exit("a"); }
//--- hist of a string
begin { @h = hist("a"); }
//--- bits of a hist
begin { @h = hist(1, 6); }
//--- bits that are not constant
begin { $n = 3; @h = hist(1, $n); }
//--- lhist upside down
begin { @h = lhist(1, 10, 5, 1); }
//--- too many buckets
begin { @h = lhist(1, 0, 100000, 1); }
//--- a step of zero
begin { @h = lhist(1, 0, 100, 0); }
//--- a negative minimum
begin { @h = lhist(1, -5, 100, 1); }
//--- a step beyond the range
begin { @h = lhist(1, 0, 10, 20); }
//--- clear of a key
begin { @m[1] = 1; clear(@m[1]); }
//--- clear of a number
begin { clear(1); }
//--- top that is not constant
begin { @x = 1; print(@x, pid); }
//--- a negative length
begin { $x = str(0, -1); }
//--- a length that is a string
begin { $x = str(0, "a"); }
//--- str of a bool
begin { $x = str(pid == 1); }
//--- buf without a length
begin { $x = buf("abc"); }
//--- strncmp of a number
begin { $x = strncmp("a", 5, 1); }
//--- strncmp with a length that varies
begin { $x = strncmp("a", "b", pid); }
//--- strlen of a number
begin { $x = strlen(5); }
//--- strcontains of a number
begin { $x = strcontains("a", 5); }
//--- bswap of a string
begin { $x = bswap("a"); }
//--- strftime of a number
begin { $x = strftime(5, 5); }
//--- strftime of a string as time
begin { $x = strftime("%H", "a"); }
//--- strftime of a monotonic clock
begin { $x = strftime("%H", nsecs(monotonic)); }
//--- time of a number
begin { time(5); }
//--- an unknown clock
begin { $x = nsecs(foo); }
//--- a number for a clock
begin { $x = nsecs(1); }
//--- an unknown namespace
begin { $x = pid(foo); }
//--- an unknown stack mode
begin { $x = ustack(foo); }
//--- a limit that is no number
begin { $x = ustack(perf, "a"); }
//--- mode and limit exchanged
begin { $x = ustack(3, perf); }
//--- an unknown register
uprobe:./target.elf:main { $x = reg("foo"); }
//--- join of a string
begin { join("a"); }
//--- a separator that is a number
begin { join(0, 5); }
//--- strerror of a string
begin { print(strerror("a")); }
//--- len of a number
begin { $y = len(5); }
//--- a map without room
let @m = hash(0);
begin { @m[1] = 1; }
//--- getopt of a variable
begin { $x = getopt("a", pid); }
//--- tseries: intervals and their number are constants
begin { @a = tseries(1, nsecs, 3); @b = tseries(1, 1s, -3); }
//--- tseries: no empty intervals
begin { @a = tseries(1, 0, 3); @b = tseries(1, 1s, 0); @c = tseries(1, 1s, 1000001); }
//--- tseries: an aggregation that there is none of
begin { @a = tseries(1, 1s, 3, "median"); }
//--- tseries: a number
begin { @a = tseries("a", 1s, 3); }
//--- tseries: one geometry per map
begin { @a[1] = tseries(1, 1s, 3); @a[2] = tseries(1, 1s, 3, "max"); }
//--- container_of: a type and a member
begin { print(container_of(curtask, 1, se)); print(container_of(curtask, typeof(int8), 5)); }
//--- percpu_kaddr: a name, and a CPU
begin { print(percpu_kaddr(1)); print(percpu_kaddr("runqueues", "a")); }
//--- kfunc_allowed: a name
begin { print(kfunc_allowed(1)); }
//--- typeof() is no value
begin { $x = typeof(int8); print(typeof($x)); }
//--- is_scalar of what is no map
begin { print(is_scalar(5)); }
