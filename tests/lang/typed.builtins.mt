//--- of the task
begin { print((pid, tid, uid, gid, comm, cpu, nsecs, elapsed, rand, ncpus, username)); }
//--- with modes
begin { $a = nsecs(monotonic); $b = pid(init); $c = ustack(perf, 3); $d = ustack(5); $e = pid(); $f = ustack; }
//--- of a function
uprobe:./target.elf:main { print((arg0, arg5, func, probe, probetype)); $r = reg("ip"); }
//--- names compare by number
uprobe:./target.elf:main { if (func == "main") { } if (func != "nope") { } if (probe != "x") { } }
//--- probe compares by number
begin, end { if (probe == "end") { } }
//--- names of numbers
begin { print((strerror(2), signal_name(9), syscall_name(1))); $t = strftime("%H", nsecs(tai)); }
//--- pointers
uprobe:./target.elf:main { $p = (int32 *)arg0; $a = *$p; $b = $p[2]; $c = $p + 1; $d = uptr($p); $p++; if ($p) { } $e = $p == 0; }
//--- bswap
begin { $a = bswap((uint16)1); $b = bswap(pid); $c = bswap(5); }
//--- sizeof
begin { $a = 1; $a = 300; $s = sizeof($a); $t = sizeof(uint64); $u = sizeof(comm); }
//--- positional parameters
begin { print($1); print(str($1)); print($#); $x = $2 + 1; }
//--- options
begin { $a = getopt("a"); $b = getopt("b", 5); $c = getopt("c", "x"); $d = getopt("d", true); }
