# Functions that name things, addresses of variables, find. Equal to bpftrace's.

NAME network addresses, padded
TAGS oracle
PROG
	BEGIN { printf("%s|%-20s|%20s|\n", ntop(0x0100007f), ntop(0x0100007f), ntop(2, 0x0100007f)); exit(); }
EXPECT
	127.0.0.1|127.0.0.1           |           127.0.0.1|
	
	

NAME network addresses in maps and tuples
TAGS oracle
PROG
	BEGIN { @a = ntop(0x0100007f); @b[ntop(0x0200007f)] = 1; print((1, ntop(5))); print(ntop(10, pton("::1"))); print(ntop(pton("127.0.0.1"))); exit(); }
EXPECT
	(1, 5.0.0.0)
	::1
	127.0.0.1
	
	
	@a: 127.0.0.1
	@b[127.0.0.2]: 1

NAME network addresses from text
TAGS oracle
PROG
	BEGIN { $x = pton("1.2.3.4"); print($x); print($x[0]); print(sizeof($x)); print(pton("ff02::1")); exit(); }
EXPECT
	[1,2,3,4]
	1
	4
	[255,2,0,0,0,0,0,0,0,0,0,0,0,0,0,1]
	
	

NAME network addresses sort by family
TAGS oracle
PROG
	BEGIN { @x[ntop(pton("::1"))] = 1; @x[ntop(5)] = 2; exit(); }
EXPECT
	
	
	@x[::1]: 1
	@x[5.0.0.0]: 2

NAME link-layer addresses
TAGS oracle
PROG
	BEGIN { $b = pton("102:304:506::"); print(macaddr($b)); @m[macaddr($b)] = 1; @n = macaddr($b); printf("%s|%20s|\n", macaddr($b), macaddr($b)); exit(); }
EXPECT
	01:02:03:04:05:06
	01:02:03:04:05:06|   01:02:03:04:05:06|
	
	
	@m[01:02:03:04:05:06]: 1
	@n: 01:02:03:04:05:06

NAME names of kernel addresses
TAGS oracle
PROG
	BEGIN { print(kaddr("vfs_read") != 0); print(ksym(kaddr("vfs_read"))); print(ksym(kaddr("vfs_read")+5)); print(ksym(0)); print(ksym(123)); @a = ksym(kaddr("vfs_read")); @b[ksym(kaddr("vfs_read"))] = 1; printf("%s %20s|\n", ksym(kaddr("vfs_read")), ksym(kaddr("vfs_read"))); exit(); }
EXPECT
	true
	vfs_read
	vfs_read
	0
	0x7b
	vfs_read             vfs_read|
	
	
	@a: vfs_read
	@b[vfs_read]: 1

NAME names of user addresses that are nowhere
TAGS oracle
PROG
	BEGIN { print(usym(0)); print(usym(1234)); @a = usym(1234); exit(); }
EXPECT
	0
	0x4d2
	
	
	@a: 0x4d2

NAME comparing bytes
TAGS oracle
PROG
	BEGIN { print(memcmp("a", "c", 1)); print(memcmp("c", "a", 1)); print(memcmp(5, 5, 1)); print(memcmp("a","z",1)); exit(); }
EXPECT
	-2
	2
	0
	-25
	
	

NAME comparing a variable number of bytes
TAGS oracle
PROG
	BEGIN { $n = 2; print(memcmp("abc", "abd", $n)); $n = 3; print(memcmp("abc", "abd", $n)); exit(); }
EXPECT
	0
	-1
	
	

NAME joining strings
TAGS oracle
PROG
	BEGIN { print(str_concat("abc", "def")); $x = str_concat("abc", "def"); print(sizeof($x)); print($x); print(strlen($x)); exit(); }
EXPECT
	abcdef
	1024
	abcdef
	6
	
	

NAME joined strings as keys and values
TAGS oracle
PROG
	BEGIN { print(str_concat(str_concat("a","b"),"c")); $x = str_concat("abcdefg", "xyz"); @a = $x; @b[$x] = 1; exit(); }
EXPECT
	abc
	
	
	@a: abcdefgxyz
	@b[abcdefgxyz]: 1

NAME find
TAGS oracle
PROG
	BEGIN { @m[1] = 10; let $v = 0; if (find(@m, 1, $v)) { print($v); } print(find(@m, 2, $v)); print($v); exit(); }
EXPECT
	10
	false
	10
	
	
	@m[1]: 10

NAME find in a map of counts
TAGS oracle
PROG
	BEGIN { @m[1] = count(); let $v = 0; if (find(@m, 1, $v)) { print($v); } exit(); }
EXPECT
	1
	
	
	@m[1]: 1

NAME find in a map of strings
TAGS oracle
PROG
	BEGIN { @m["abc"] = "def"; let $v; if (find(@m, "abc", $v)) { print($v); } exit(); }
EXPECT
	def
	
	
	@m[abc]: def

NAME the address of a variable
TAGS oracle
PROG
	BEGIN { $x = 5; $p = &$x; $q = &$p; print(**$q); print($p[0]); print($p == &$x); exit(); }
EXPECT
	5
	5
	true
	
	

NAME the address of a tuple
TAGS oracle
PROG
	BEGIN { $x = (1,2); $p = &$x; print(*$p); exit(); }
EXPECT
	(1, 2)
	
	

NAME the address of a variable in a loop
TAGS oracle
PROG
	BEGIN { $x = 10; $p = &$x; for ($i : 0..2) { $x++; print(*$p); } exit(); }
EXPECT
	11
	12
	
	

NAME lengths of kernel stacks
TAGS oracle
PROG
	BEGIN { print(len(kstack) > 0); print(len(kstack(1))); @[kstack(0)] = count(); exit(); }
EXPECT
	true
	1
	
	
	@[
	]: 1

NAME a condition at compile time
TAGS oracle
PROG
	BEGIN { if comptime (0) { fail("x"); } print(1); exit(); }
EXPECT
	1
	
	

NAME the configuration
TAGS oracle
PROG
	BEGIN { print(config.stack_mode); print(config.license); print(config.str_trunc_trailer); print(config.print_maps_on_exit); exit(); }
EXPECT
	bpftrace
	GPL
	..
	true
	
	

NAME sizes of handles
TAGS oracle
PROG
	BEGIN { print(sizeof(ntop(0))); print(sizeof(ntop(pton("::1")))); print(sizeof(ksym(0))); print(sizeof(usym(0))); print(sizeof(kstack)); print(sizeof(cgroup_path(1))); print(sizeof(kaddr("vfs_read"))); print(sizeof(kstack(3))); print(sizeof(ustack)); exit(); }
EXPECT
	24
	24
	8
	16
	1024
	16
	8
	32
	1032
	
	
