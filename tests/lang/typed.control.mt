//--- conditions become bool
begin { if (pid) { } while (pid - 5) { break; } $x = pid ? 1 : 2; }
//--- else if
begin { if (pid == 1) { @a = 1; } else if (pid == 2) { @a = 2; } else { @a = 3; } }
//--- elvis
begin { $g = pid ?: 5; }
//--- if and blocks as values
begin { $h = if (pid) { 1 } else { 2000 }; $i = { let $j = 5; $j + 1 }; }
//--- ranges
begin { for $i : 0..5 { @s += $i; } for $j : (uint8)0..pid { print($j); } }
//--- unroll
begin { unroll(3) { @n++; } }
//--- blocks have their own variables
begin { if (pid) { $x = 1; } else { $x = "a"; } }
//--- let
begin { let $x; $x = 5; let $y: uint8 = 200; let $z: string[10] = "a"; let $u: uint32 = (uint8)1; }
//--- predicates
begin /pid == 1 && comm == "a"/ { print(1); }
//--- comptime
begin { $x = "a"; if comptime is_str($x) { @s = "yes"; } else { fail("no"); } }
//--- names that nothing knows, where types do not lead
begin { if comptime (sizeof(uint64) == 8) { print(1); } else { print(no_such); no_such_call(2); } }
