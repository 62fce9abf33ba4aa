//--- a bool variable takes no int
begin { $a = true; $a = 1; }
//--- a string variable takes no int
begin { $a = "a"; $a = 1; }
//--- an int variable takes no tuple
begin { $a = 1; $a = (1, 2); }
//--- in an inner block, the outer type holds
begin { $x = 1; if (pid) { $x = "a"; } }
//--- a pointer takes no int
begin { $p = (int8 *)1; $p = 5; }
//--- a literal must fit the declared type
begin { let $x: uint8 = 300; }
//--- also a later one
begin { let $x: uint8 = 3; $x = 300; }
//--- a negative literal for an unsigned type
begin { let $x: uint32 = -1; }
//--- a string longer than declared
begin { let $x: string[2] = "much longer"; }
//--- also a later one of strings
begin { let $x: string[10] = "a"; $x = "much longer string"; }
//--- a map of ints takes no string
begin { @x = 0; @x = "a"; }
//--- also across probes
begin { @x = 1; } end { @x = "abc"; }
//--- a literal beyond int64 beside a negative one
begin { $x = -1; $x = 10223372036854775807; }
//--- void is no value for a map
begin { @x = printf("a"); }
//--- nor for a variable
begin { $x = printf("a"); }
//--- ++ of a string
begin { $x = "a"; $x++; }
//--- ++ of a bool
begin { $p = pid == 1; $p++; }
//--- += to a string
begin { $x = "a"; $x -= 1; }
//--- += of a string
begin { @x += "a"; }
//--- a histogram is no variable
begin { @h = hist(1); $x = @h; }
//--- stats are no number without a cast
begin { @c = stats(5); $x = @c; }
//--- pointers to other types
begin { $x = curtask; $x = (void *)1; }
//--- a map of pointers to other types
begin { @x = (struct task_struct *)1; @x = (struct file *)1; }
