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
//--- an aggregation
begin { @ = count(); if (@) { print(1); } }
//--- an aggregation of a ternary
begin { @ = max(5); $x = @ ? 1 : 2; }
