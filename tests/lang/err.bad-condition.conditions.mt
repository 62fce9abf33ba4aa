//--- a string
begin { if (comm) { } }
//--- a string before a question mark
begin { $x = comm ? 1 : 2; }
//--- a stack as predicate
begin /ustack/ { }
//--- a map of strings as predicate
begin /@x/ { @x = "a"; }
//--- a tuple
begin { $x = (1, 2); while ($x) { break; } }
