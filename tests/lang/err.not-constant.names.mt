//--- func with a variable
uprobe:./target.elf:main { $x = comm; if (func == $x) { } }
//--- a comptime condition that is not
begin { if comptime (pid == 1) { print(1); } }
//--- comptime of a builtin
begin { print(comptime pid); }
//--- static_assert of what is not
begin { static_assert(pid == 1, "no"); }
