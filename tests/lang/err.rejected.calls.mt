//--- printf without a format
begin { printf(); }
//--- printf with a number for a format
begin { printf(1); }
//--- printf with a format that varies
begin { printf(comm); }
//--- printf with too few
begin { printf("%d %d", 1); }
//--- printf with too many
begin { printf("%d", 1, 2); }
//--- printf of a string as a number
begin { printf("%d", "a"); }
//--- printf with an unknown conversion
begin { printf("%y", 1); }
//--- a result that there is none of
begin { $x = printf("a"); }
//--- the time by a number
begin { time(1); }
//--- strftime without a time
begin { print(strftime("%H")); }
//--- strftime with a format that varies
begin { print(strftime(comm, nsecs)); }
//--- str with a negative length
begin { print(str(1, -1)); }
//--- str without anything
begin { print(str()); }
//--- buf of nothing
begin { print(buf()); }
//--- ntop of a string
begin { print(ntop("a")); }
//--- pton of what is no address
begin { print(pton("1.2.3")); }
//--- pton of an address that varies
begin { print(pton(comm)); }
//--- kaddr of a number
begin { print(kaddr(1)); }
//--- kaddr of a name that varies
begin { print(kaddr(comm)); }
//--- ksym of a string
begin { print(ksym("a")); }
//--- reg without a name
uprobe:./target.elf:main { print(reg()); }
//--- reg of an unknown register
uprobe:./target.elf:main { print(reg("nosuch")); }
//--- exit with a string
begin { exit("a"); }
//--- exit twice
begin { exit(1, 2); }
//--- strncmp without a length
begin { print(strncmp("a", "b")); }
//--- strncmp with a length that varies
begin { print(strncmp("a", "b", pid)); }
//--- strcontains of a number
begin { print(strcontains("a", 1)); }
//--- strlen of a number
begin { print(strlen(1)); }
//--- bswap of a string
begin { print(bswap("a")); }
//--- join of a string
begin { join("a"); }
//--- cat without a name
begin { cat(); }
//--- system without leave
begin { system("true"); }
//--- signal without leave
begin { signal(9); }
//--- a stack that is too deep
begin { print(kstack(100000)); }
//--- a stack in an unknown style
begin { print(kstack(nosuch)); }
//--- sizeof of an unknown type
begin { print(sizeof(struct nosuch_thing)); }
//--- offsetof of an unknown member
struct own { int a; };
begin { print(offsetof(struct own, b)); }
//--- a cast to an unknown type
begin { print((nosuch_t)1); }
//--- a cast of a string to a number
begin { print((uint64)"a"); }
//--- retval at an entry
uprobe:./target.elf:main { print(retval); }
//--- an argument of a timer
interval:s:1 { print(arg0); }
//--- args of a timer
interval:s:1 { print(args.x); }
//--- func at the beginning
begin { print(func); }
//--- a macro with too few arguments
macro two($a, b) { b }
begin { $x = 1; print(two($x)); }
//--- a macro that calls itself
macro me(x) { me(x) }
begin { print(me(1)); }
//--- macros that call each other
macro ping(x) { pong(x) }
macro pong(x) { ping(x) }
begin { print(ping(1)); }
//--- assert without a text
begin { assert(1); }
//--- a map of no size
let @m = hash(0);
begin { @m[1] = 1; }
//--- a map of an unknown kind
let @m = nosuch(1);
begin { @m[1] = 1; }
//--- a positional parameter that was not given, as a name
begin { print($1.x); }
//--- no probe at all
macro alone() { 1 }
