//--- kaddr wants a literal
begin { $x = "vfs_read"; print(kaddr($x)); }
//--- a symbol is looked up by its address
begin { print(ksym("x")); }
//--- pton wants an address
begin { print(pton("x")); }
//--- pton wants a literal
begin { print(pton(comm)); }
//--- ntop of a pointer
begin { print(ntop((uint8 *)5)); }
//--- ntop of five bytes
begin { print(ntop("abcd")); }
//--- ntop's family is a number
begin { print(ntop("a", 5)); }
//--- macaddr of a literal
begin { print(macaddr("abcdef")); }
//--- macaddr of four bytes
begin { print(macaddr(pton("1.2.3.4"))); }
//--- cgroupid wants a literal
begin { print(cgroupid(comm)); }
//--- cgroup_path of a text
begin { $x = cgroup_path("x"); }
//--- str_concat of a number
begin { print(str_concat("a", 5)); }
//--- find wants a variable
begin { @m[1] = 2; print(find(@m, 1, 5)); }
//--- a kernel stack has no build ids
begin { print(kstack(build_id)); }
//--- stacks have a limit
begin { print(kstack(1025)); }
//--- fail wants literals
begin { $x = 3; fail("abc %d", $x); }
