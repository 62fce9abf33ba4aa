//--- too few arguments
begin { printf("%d"); }
//--- too many arguments
begin { printf("%d", 1, 2); }
//--- an argument without a conversion
begin { printf("%q", 1); }
//--- %d of a string
begin { printf("%d", "a"); }
//--- %d of a tuple
begin { printf("%d", (1, 2)); }
//--- %f
begin { printf("%f", 1); }
//--- %r of a string
begin { printf("%r", "a"); }
//--- %x of comm
begin { printf("%x", comm); }
//--- %c of a string
begin { printf("%c", "a"); }
//--- %p of a string
begin { printf("%p", "a"); }
//--- %d of a count
begin { @h = count(); printf("%d", @h); }
//--- %d of a ustack
begin { printf("%d", ustack); }
//--- %d of func
uprobe:./target.elf:main { printf("%d", func); }
//--- %s of nothing
begin { printf("%s", exit()); }
//--- cat counts, too
begin { cat("/proc/%d"); }
