//--- the larger size holds
begin { $a = "abc"; $a = "abcdefg"; @b = "x"; @b = comm; }
//--- comparing
begin { $a = comm == "dd"; $b = "dd" != comm; }
//--- str and its length
uprobe:./target.elf:main { $a = str(arg0); $b = str(arg0, 10); $c = str(arg0, arg1); $d = str("abc"); }
//--- buf and its length
uprobe:./target.elf:main { $a = buf(arg0, 10); $b = buf(arg0, arg1); $b = buf("abc", 2); }
//--- functions
begin { $a = strlen(comm); $b = strlen("abc"); $c = strncmp(comm, "dd", 2); $d = strcontains(comm, "d"); $e = strstr(comm, "d"); $f = strcap("abc"); }
//--- max_strlen
config = { max_strlen = 64 }
uprobe:./target.elf:main { $a = str(arg0); $b = str(arg0, 100); }
//--- the order of literals is known
begin { print(("a" < "b", "b" < "a", "a" <= "a", "ab" >= "b")); }
