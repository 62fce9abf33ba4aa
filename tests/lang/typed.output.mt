//--- printf
begin { printf("%d %s %5.2s|%%\n", pid, comm, "abc"); }
//--- %s of anything
begin { @c = count(); @s = stats(1); printf("%s %s %s %s\n", (1, "a"), @c, true, @s); }
//--- exit, time, cat, join
begin { time(); time("%H\n"); cat("/proc/%d/stat", pid); join(0, ","); exit(3); }
//--- print with top and div
begin { @x[1] = 5; print(@x, 5); print(@x, 5, 10); }
//--- assert
begin { assert(pid == 1, "not init"); }
